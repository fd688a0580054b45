//! Who has a login, what each role may do, and the log of what staff did.

use std::time::Duration;

use reqwest::blocking::Client;
use reqwest::redirect::Policy;
use standout::domain::Role;
use standout::web::{Needs, console_routes};

use crate::support::app::{PUBLIC_URL, Page, TestApp};
use crate::support::login::PASSWORD;
use crate::support::service::{Folder, finish};
use crate::support::tables::Tables;

/// A browser of its own.
struct Browser<'a> {
    app: &'a TestApp,
    client: Client,
}

impl<'a> Browser<'a> {
    fn new(app: &'a TestApp) -> Self {
        Self { app, client: Client::builder().redirect(Policy::none()).cookie_store(true).build().unwrap() }
    }

    fn of(app: &'a TestApp, email: &str) -> Self {
        let browser = Self::new(app);
        assert_eq!(browser.log_in(email, PASSWORD).status, 303);
        browser
    }

    fn log_in(&self, email: &str, password: &str) -> Page {
        let csrf = self.get("/staff/login").field("csrf").unwrap();
        self.send("/staff/login", &[("csrf", &csrf), ("email", email), ("password", password)])
    }

    fn get(&self, path: &str) -> Page {
        Page::of(self.client.get(self.app.address(path)).send().unwrap())
    }

    fn send(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        Page::of(self.client.post(self.app.address(path)).form(fields).send().unwrap())
    }

    /// With the token that the session's forms carry.
    fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let csrf = self.get("/staff/account").field("csrf").unwrap_or_default();
        let mut all = vec![("csrf", csrf.as_str())];
        all.extend(fields);
        self.send(path, &all)
    }

    /// Makes a one-time link; gives its path.
    fn invite(&self, role: &str, whom: &str) -> String {
        let page = self.get("/staff/people");
        let once = page.field("once").unwrap();
        let page = self.post("/staff/people/invitations", &[("role", role), ("whom", whom), ("once", &once)]);
        assert_eq!(page.status, 200, "{}", page.text());
        let link =
            page.body.split("data-copy-source").nth(1).unwrap().split("value=\"").nth(1).unwrap().split('"').next().unwrap();
        link.strip_prefix(PUBLIC_URL).unwrap().to_owned()
    }
}

/// The log as it stands in the table: who, act, subject, detail.
fn log(app: &TestApp) -> Vec<(String, String, String, String)> {
    Tables::open(app.store.path()).rows("who, act, subject, detail", "audit_log ORDER BY id")
}

fn id_of(app: &TestApp, email: &str) -> i64 {
    Tables::open(app.store.path()).rows::<(i64,)>("id", &format!("staff WHERE email = '{email}'"))[0].0
}

fn role_of(app: &TestApp, email: &str) -> String {
    Tables::open(app.store.path()).rows::<(String,)>("role", &format!("staff WHERE email = '{email}'"))[0].0.clone()
}

#[test]
fn every_route_answers_each_role_as_it_should() {
    let app = TestApp::start();
    // The first login stands for whatever `{id}` names; it may be changed or removed on the way.
    app.with_login("first@example.org", Role::Viewer);
    let staff = [(Role::Viewer, Needs::Viewer), (Role::Editor, Needs::Editor), (Role::Admin, Needs::Admin)];
    for (role, _) in staff {
        app.with_login(&format!("{role}@example.org"), role);
    }
    let stranger = Browser::new(&app);
    let mut browsers: Vec<_> = staff.iter().map(|(role, has)| (*has, format!("{role}@example.org"))).collect();
    let mut browsers: Vec<_> = browsers.drain(..).map(|(has, email)| (has, Browser::of(&app, &email), email)).collect();
    for route in console_routes() {
        let (method, pattern, needs) = (route.method, route.path, route.needs);
        let path: String = pattern
            .split('/')
            .map(|part| match part {
                "{slug}" => "ma-287g",
                part if part.starts_with('{') => "1",
                part => part,
            })
            .collect::<Vec<_>>()
            .join("/");
        // Streams don't end: the head is all that is read of an answer that is let through.
        let head = |browser: &Browser<'_>, csrf: &str| {
            let address = app.address(&path);
            let request =
                if method == "GET" { browser.client.get(address) } else { browser.client.post(address).form(&[("csrf", csrf)]) };
            request.send().unwrap()
        };
        // The doors have tests of their own: their forms carry the token of a browser that is not logged in.
        if needs == Needs::Nobody {
            continue;
        }
        let page = Page::of(head(&stranger, ""));
        if method == "GET" {
            assert_eq!((page.status, page.location.as_deref()), (303, Some("/staff/login")), "{path} for nobody");
        } else {
            // A form that was open while the session ended: its words can be gone back to.
            assert_eq!((page.status, page.location), (403, None), "{method} {path} for nobody");
        }
        for (has, browser, email) in &mut browsers {
            let mut page = browser.get("/staff/account");
            if page.status == 303 {
                *browser = Browser::of(&app, email);
                page = browser.get("/staff/account");
            }
            let answer = head(browser, &page.field("csrf").unwrap());
            let status = answer.status().as_u16();
            if *has < needs {
                let text = Page::of(answer).text();
                assert_eq!(status, 403, "{method} {path} for {email}: {text}");
                assert!(text.contains("Your login can't do this"), "{path}: {text}");
            } else {
                assert!(status != 403 && status != 405 && status < 500, "{method} {path} for {email}: {status}");
                let location = answer.headers().get("location").and_then(|value| value.to_str().ok()).unwrap_or_default();
                let ends = pattern.ends_with("/sign-out-everywhere");
                assert!(ends || location != "/staff/login", "{method} {path} for {email}");
            }
        }
    }
}

#[test]
fn an_invitation_makes_one_login_of_its_role() {
    let app = TestApp::start();
    app.with_login("ada@example.org", Role::Admin);
    let ada = Browser::of(&app, "ada@example.org");
    let link = ada.invite("editor", "Robin");
    let list = ada.get("/staff/people");
    assert!(list.text().contains("Robin, editor") && !list.body.contains(&link), "the link is shown once");

    let robin = Browser::new(&app);
    let csrf = robin.get(&link).field("csrf").unwrap();
    // An address with a login is no way to another password, and the link stays good.
    let page = robin.send(&link, &[("csrf", &csrf), ("email", "ADA@example.org"), ("password", PASSWORD)]);
    page.assert_wrong(&["email"]);
    let page = robin.send(&link, &[("csrf", &csrf), ("email", "robin@example.org"), ("password", PASSWORD)]);
    assert_eq!(page.location.as_deref(), Some("/staff"));
    assert!(robin.get("/staff").text().contains("You are an editor."));
    assert_eq!(Browser::new(&app).get(&link).status, 410);
    let acts: Vec<_> = log(&app).into_iter().map(|(who, act, _, detail)| (who, act, detail)).collect();
    for (who, act, detail) in [("ada@example.org", "invite.made", "editor"), ("robin@example.org", "invite.used", "editor")] {
        assert!(acts.contains(&(who.into(), act.into(), detail.into())), "{acts:?}");
    }
    assert!(log(&app).iter().all(|(.., subject, detail)| !subject.contains("Robin") && !detail.contains("Robin")));
}

#[test]
fn several_links_are_open_and_each_is_taken_back_alone() {
    let app = TestApp::start();
    app.with_login("ada@example.org", Role::Admin);
    let ada = Browser::of(&app, "ada@example.org");
    let links = [ada.invite("viewer", ""), ada.invite("editor", "Kim"), ada.invite("admin", "Lee")];
    let stranger = Browser::new(&app);
    assert!(links.iter().all(|link| stranger.get(link).status == 200));
    let page = ada.get("/staff/people");
    let revoke = page.body.split("action=\"/staff/people/invitations/").nth(2).unwrap().split('"').next().unwrap();
    // The newest is listed first, so the second in the list is Kim's.
    let path = format!("/staff/people/invitations/{revoke}");
    assert_eq!(ada.post(&path, &[]).location.as_deref(), Some("/staff/people?done=revoked"));
    assert_eq!(links.clone().map(|link| stranger.get(&link).status), [200, 410, 200]);
    let again = ada.post(&path, &[]);
    assert!(again.status == 404 && again.text().contains("gone already"), "{}", again.text());

    // The same form sent twice makes one link.
    let once = ada.get("/staff/people").field("once").unwrap();
    let fields = [("role", "viewer"), ("whom", ""), ("once", once.as_str())];
    let twice = [ada.post("/staff/people/invitations", &fields), ada.post("/staff/people/invitations", &fields)];
    assert!(twice.iter().all(|page| page.status == 200 && page.body.contains(&once)));
    assert_eq!(app.rows("staff_invites"), 3);
    assert_eq!(log(&app).iter().filter(|(_, act, ..)| act == "invite.made").count(), 4);

    // A week later none is good.
    app.advance(Duration::from_hours(7 * 24));
    assert_eq!(links.map(|link| stranger.get(&link).status), [410, 410, 410]);
    let page = ada.log_in("ada@example.org", PASSWORD);
    assert_eq!(page.status, 303);
    let page = ada.post("/staff/people/invitations", &[("role", "boss"), ("whom", &"x".repeat(101)), ("once", &once)]);
    assert_eq!(page.status, 422);
    let wrong: Vec<_> = page.mistakes().into_iter().map(|(id, _)| id).collect();
    assert_eq!(wrong, ["role", "whom"]);
}

#[test]
fn links_go_with_who_made_them() {
    let app = TestApp::start();
    for email in ["ada@example.org", "ben@example.org", "cy@example.org"] {
        app.with_login(email, Role::Admin);
    }
    let ada = Browser::of(&app, "ada@example.org");
    let links =
        [Browser::of(&app, "ben@example.org").invite("admin", ""), Browser::of(&app, "cy@example.org").invite("admin", "")];
    let stranger = Browser::new(&app);
    assert!(links.iter().all(|link| stranger.get(link).status == 200));
    ada.post(&format!("/staff/people/{}/role", id_of(&app, "ben@example.org")), &[("role", "viewer")]);
    ada.post(&format!("/staff/people/{}/remove", id_of(&app, "cy@example.org")), &[]);
    assert_eq!(links.map(|link| stranger.get(&link).status), [410, 410]);
}

#[test]
fn the_last_admin_stays() {
    let app = TestApp::start();
    app.with_login("ada@example.org", Role::Admin);
    app.with_login("eve@example.org", Role::Editor);
    let ada = Browser::of(&app, "ada@example.org");
    let (own, other) = (id_of(&app, "ada@example.org"), id_of(&app, "eve@example.org"));
    for (act, fields) in [("role", [("role", "editor")].as_slice()), ("remove", &[])] {
        let page = ada.post(&format!("/staff/people/{own}/{act}"), fields);
        assert_eq!(page.status, 422);
        assert!(page.text().contains("This is the last admin."), "{}", page.text());
    }
    assert_eq!((role_of(&app, "ada@example.org").as_str(), app.rows("staff")), ("admin", 2));
    // With a second admin the first may go.
    assert_eq!(ada.post(&format!("/staff/people/{other}/role"), &[("role", "admin")]).status, 303);
    assert_eq!(ada.post(&format!("/staff/people/{own}/role"), &[("role", "viewer")]).location.as_deref(), Some("/staff"));
    assert_eq!(ada.get("/staff/people").status, 403, "the new role counts at once");
    let acts: Vec<_> = log(&app).into_iter().filter(|(_, act, ..)| act == "login.role").collect();
    let line = |subject: &str, detail: &str| ("ada@example.org".into(), "login.role".into(), subject.into(), detail.into());
    assert_eq!(acts, [line("login eve@example.org", "editor to admin"), line("login ada@example.org", "admin to viewer")]);
    assert_eq!(ada.post(&format!("/staff/people/{other}/role"), &[("role", "boss")]).status, 403);
}

#[test]
fn two_admins_who_remove_each_other_leave_one() {
    let app = TestApp::start();
    for round in 0..6 {
        let emails = [format!("a{round}@example.org"), format!("b{round}@example.org")];
        for email in &emails {
            app.with_login(email, Role::Admin);
        }
        let browsers = [Browser::of(&app, &emails[0]), Browser::of(&app, &emails[1])];
        let mut tables = Tables::open(app.store.path());
        let earlier: Vec<(i64, String)> = tables.rows("id, email", "staff WHERE role = 'admin'");
        for (id, email) in earlier.iter().filter(|(_, email)| !emails.contains(email)) {
            let page = browsers[0].post(&format!("/staff/people/{id}/remove"), &[]);
            assert_eq!(page.status, 303, "{email}");
        }
        let ids = [id_of(&app, &emails[0]), id_of(&app, &emails[1])];
        let csrf = browsers.each_ref().map(|browser| browser.get("/staff/account").field("csrf").unwrap());
        let fields = |at: usize| [("csrf", csrf[at].as_str()), ("role", "viewer")];
        let act = if round % 2 == 0 { "remove" } else { "role" };
        let statuses = std::thread::scope(|scope| {
            let send = |at: usize| {
                let (browser, path) = (&browsers[at], format!("/staff/people/{}/{act}", ids[1 - at]));
                let fields = fields(at);
                scope.spawn(move || browser.send(&path, &fields).status)
            };
            [send(0), send(1)].map(|thread| thread.join().unwrap())
        });
        assert_eq!(tables.count("staff WHERE role = 'admin'"), 1, "{act}: {statuses:?}");
        assert!(statuses.contains(&303), "{act}: one of them did it: {statuses:?}");
        assert!(statuses.iter().any(|status| [303, 403, 422].contains(status)), "{statuses:?}");
    }
}

#[test]
fn a_new_password_needs_the_old_one_and_ends_the_other_sessions() {
    let app = TestApp::start();
    app.with_login("vic@example.org", Role::Viewer);
    let (here, there) = (Browser::of(&app, "vic@example.org"), Browser::of(&app, "vic@example.org"));
    assert_eq!(here.get("/staff/account").text().matches("Since ").count(), 2);
    assert!(here.get("/staff/account").text().contains("(this one)"));
    let next = "another four words here";
    let change = |current: &str, new: &str| here.post("/staff/account/password", &[("current", current), ("password", new)]);
    change("", "short").assert_wrong(&["current", "password"]);
    let page = change("not the password", next);
    page.assert_wrong(&["current"]);
    assert!(!page.body.contains(next) && !page.body.contains("not the password"));
    assert_eq!(there.get("/staff").status, 200);
    assert_eq!(change(PASSWORD, next).location.as_deref(), Some("/staff/account?done=password"));
    assert_eq!((here.get("/staff").status, there.get("/staff").status), (200, 303));
    let third = Browser::new(&app);
    assert_eq!((third.log_in("vic@example.org", PASSWORD).status, third.log_in("vic@example.org", next).status), (422, 303));
    assert_eq!(here.post("/staff/account/sign-out-everywhere", &[]).location.as_deref(), Some("/staff/login?out=1"));
    assert_eq!((here.get("/staff").status, third.get("/staff").status, app.rows("staff_sessions")), (303, 303, 0));
    let acts: Vec<_> = log(&app).into_iter().map(|(who, act, ..)| format!("{who} {act}")).collect();
    for act in ["login.password", "login.out_everywhere"] {
        assert!(acts.contains(&format!("vic@example.org {act}")), "{acts:?}");
    }
}

#[test]
fn guessing_the_password_of_an_open_session_is_slowed_down() {
    let app = TestApp::with(&[("LOGINS_PER_IP_PER_HOUR", "5")]);
    app.with_login("vic@example.org", Role::Viewer);
    let vic = Browser::of(&app, "vic@example.org");
    let guess = || vic.post("/staff/account/password", &[("current", "a wrong guess"), ("password", "another four words here")]);
    let statuses: Vec<_> = (0..6).map(|_| guess().status).collect();
    assert!(statuses.starts_with(&[422]) && statuses.ends_with(&[429]), "{statuses:?}");
}

#[test]
fn the_log_is_filtered_and_paged_and_counts_failed_log_ins_without_addresses() {
    let app = TestApp::start();
    for (email, role) in [("ada@example.org", Role::Admin), ("eda@example.org", Role::Editor)] {
        app.with_login(email, role);
    }
    let stranger = Browser::new(&app);
    for email in ["ada@example.org", "mallory@example.net", "no address"] {
        assert_eq!(stranger.log_in(email, "a wrong guess").status, 422);
    }
    let ada = Browser::of(&app, "ada@example.org");
    let page = ada.get("/staff/log").text();
    assert!(page.contains("3 log-ins have failed lately"), "{page}");
    app.advance(Duration::from_hours(2));
    let eda = Browser::of(&app, "eda@example.org");
    let page = eda.get("/staff/log").text();
    assert!(page.contains("not logged in failed to log in") && page.contains("3 in the hour from"), "{page}");
    assert!(!page.contains("mallory") && !page.contains("have failed lately"), "{page}");

    let other = id_of(&app, "eda@example.org");
    for n in 0..60 {
        let role = if n % 2 == 0 { "viewer" } else { "editor" };
        assert_eq!(ada.post(&format!("/staff/people/{other}/role"), &[("role", role)]).status, 303);
    }
    // 60 changes: a page of 50, and the rest.
    let mut seen = Vec::new();
    let mut path = "/staff/log?who=ada%40example.org&deed=login.role".to_owned();
    loop {
        let page = ada.get(&path);
        assert_eq!(page.status, 200);
        let lines = page.body.split("<ol class=\"log\">").nth(1).unwrap().split("</ol>").next().unwrap();
        seen.extend(lines.split("<small>").skip(1).map(|rest| rest.split('<').next().unwrap().to_owned()));
        assert!(!lines.contains("logged in"));
        let Some(older) = page.body.split("href=\"").find(|link| link.contains(">Older</a>")) else { break };
        path = crate::support::app::unescape(older.split('"').next().unwrap());
        assert!(path.contains("before"));
    }
    let expected: Vec<_> =
        (0..60).rev().map(|n| if n % 2 == 0 { "editor to viewer" } else { "viewer to editor" }.to_owned()).collect();
    assert_eq!(seen, expected);
    let nothing = ada.get("/staff/log?who=nobody%40example.org");
    assert!(nothing.status == 200 && nothing.text().contains("No line fits."));
    for bad in ["/staff/log?before=x", "/staff/log?deed=letter.eaten"] {
        assert_eq!(ada.get(bad).status, 404, "{bad}");
    }
}

#[test]
fn what_is_done_on_the_server_is_in_the_log_too() {
    let folder = Folder::new(None, &[]);
    folder.serve().kill();
    let add = |role: &str| finish(folder.command(&["staff", "add", "Sam@example.org", "--role", role]), "four words in a row\n");
    assert_eq!(add("admin").code, Some(0));
    let ran = add("viewer");
    assert!(ran.code == Some(0) && ran.err.contains("Nobody is an admin now"), "{}{}", ran.out, ran.err);
    folder.file("names.csv", "place,municipality\nOld Saltwick,Saltwick\n");
    folder.done(&["places", "import", "names.csv"]);
    let lines: Vec<(String, String, String, String)> = folder.tables().rows("who, act, subject, detail", "audit_log ORDER BY id");
    let line = |act: &str, subject: &str, detail: &str| {
        ("command line".to_owned(), act.to_owned(), subject.to_owned(), detail.to_owned())
    };
    assert_eq!(
        lines,
        [
            line("login.saved", "login Sam@example.org", "new, admin"),
            line("login.saved", "login Sam@example.org", "known, viewer"),
            line("places.imported", "state ma", "1 other names of places"),
        ]
    );
}
