//! The staff's side: the first login, roles, the numbers, and what keeps strangers out.

use std::io::{BufRead, BufReader};
use std::time::Duration;

use reqwest::blocking::Client;
use reqwest::redirect::Policy;
use standout::domain::{MessageState, Role};
use standout::store::counts;

use crate::support::app::{Page, TestApp};
use crate::support::journey::Typed;
use crate::support::login::PASSWORD;

const LADDER: &str = "/staff/campaigns/ma-287g";

fn logged_in(role: Role) -> TestApp {
    let app = TestApp::start();
    app.with_login("sam@example.org", role);
    assert_eq!(app.log_in("sam@example.org", PASSWORD).location.as_deref(), Some("/staff"));
    app
}

fn cookie(page: &Page, name: &str) -> String {
    let all = page.headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok());
    all.into_iter().find(|value| value.starts_with(name)).unwrap_or_default().to_owned()
}

#[test]
fn the_first_link_makes_one_login_once() {
    let app = TestApp::start();
    let link = app.first_login.clone().expect("nobody has a login yet");
    let page = app.get(&link);
    assert_eq!(page.status, 200);
    let csrf = page.field("csrf").unwrap();
    // Mistakes don't use it up; the password never comes back.
    let page = app.post(&link, &[("csrf", &csrf), ("email", "sam"), ("password", "short")]);
    page.assert_wrong(&["email", "password"]);
    assert_eq!(page.typed("email").as_deref(), Some("sam"));
    assert!(!page.body.contains("short\""));
    let page = app.post(&link, &[("csrf", &csrf), ("email", "sam@example.org"), ("password", PASSWORD)]);
    assert_eq!((page.status, page.location.as_deref()), (303, Some("/staff")));
    let page = app.get("/staff");
    assert!(page.text().contains("You are an admin."), "{}", page.text());
    assert_eq!(app.get(&link).status, 410);
    assert_eq!(app.post(&link, &[("csrf", &csrf), ("email", "eve@example.org"), ("password", PASSWORD)]).status, 410);
    assert_eq!(app.rows("staff"), 1);
}

#[test]
fn the_first_link_ends_with_a_login_made_on_the_server() {
    let mut app = TestApp::start();
    let link = app.first_login.clone().unwrap();
    let csrf = app.get(&link).field("csrf").unwrap();
    app.with_login("sam@example.org", Role::Viewer);
    assert_eq!(app.get(&link).status, 410);
    assert_eq!(app.post(&link, &[("csrf", &csrf), ("email", "eve@example.org"), ("password", PASSWORD)]).status, 410);
    assert_eq!((app.rows("staff"), app.rows("staff_sessions"), app.rows("staff_invites")), (1, 0, 0));
    app.restart();
    assert_eq!(app.first_login, None);
}

#[test]
fn the_first_link_lasts_a_day_and_is_not_made_again() {
    let mut app = TestApp::start();
    let link = app.first_login.clone().unwrap();
    app.advance(Duration::from_hours(24));
    assert_eq!(app.get(&link).status, 410);
    app.restart();
    assert!(app.first_login.is_some(), "still nobody has a login");
    app.with_login("sam@example.org", Role::Admin);
    app.restart();
    assert_eq!(app.first_login, None);
}

#[test]
fn whoever_is_not_logged_in_is_led_to_the_log_in() {
    let app = TestApp::start();
    for path in ["/staff", LADDER, &format!("{LADDER}/counts.csv"), &format!("{LADDER}/counts.json?by=town")] {
        let page = app.get(path);
        assert_eq!((page.status, page.location.as_deref()), (303, Some("/staff/login")), "{path}");
        assert!(page.body.is_empty());
    }
}

#[test]
fn every_role_sees_the_ladder() {
    for role in [Role::Viewer, Role::Editor, Role::Admin] {
        let app = logged_in(role);
        app.confirmed(&Typed::new("ana@example.org"));
        app.mails(2);
        app.until("the letters are on record as sent", || app.letters(MessageState::Sent) == 2);
        assert!(app.get("/staff").text().contains("End 287(g) in Massachusetts"));
        let page = app.get(LADDER);
        assert_eq!(page.status, 200);
        let text = page.text();
        assert!(
            text.contains(role.as_str())
                && text.contains("3 letters: 2 accepted by the office's mail server, 1 for the supporter to send."),
            "{text}"
        );
        for (path, row) in [("officials", "Wren Harborlight"), ("towns", "Saltwick"), ("days", "November 22, 2026")] {
            let text = app.get(&format!("{LADDER}/{path}")).text();
            assert!(text.contains(row) && text.contains("Whole campaign"), "no {row} in:\n{text}");
        }
        assert!(!page.body.contains("ana@example.org") && !page.body.contains("Ana Example"), "no supporter by name");
    }
}

#[test]
fn csv_json_and_command_say_what_the_store_counts() {
    let app = logged_in(Role::Viewer);
    app.confirmed(&Typed::new("ana@example.org"));
    app.mails(2);
    app.signed_up(&Typed::new("ben@example.org").with("city", "Driftmere"));
    app.until("the letters are on record as sent", || app.letters(MessageState::Sent) == 2);
    let ladder = app.store.read_blocking(|conn| counts::total(conn, 1)).unwrap();
    assert_eq!((ladder.signed_up, ladder.confirmed, ladder.letters.total()), (2, 1, 6));

    let json = app.get(&format!("{LADDER}/counts.json"));
    let value: serde_json::Value = serde_json::from_str(&json.body).unwrap();
    assert_eq!(
        (value["campaign"].as_str(), value["signed_up"].as_i64(), value["confirmed"].as_i64()),
        (Some("ma-287g"), Some(2), Some(1))
    );
    let csv = app.get(&format!("{LADDER}/counts.csv"));
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(csv.header("content-disposition"), "attachment; filename=\"ma-287g-counts.csv\"");
    let mut reader = csv::Reader::from_reader(csv.body.as_bytes());
    let row: std::collections::HashMap<String, String> = reader.deserialize().next().unwrap().unwrap();
    for state in MessageState::ALL {
        let n = ladder.letters.get(state);
        assert_eq!(
            (value["letters"][state.as_str()].as_i64(), row[state.as_str()].as_str()),
            (Some(n), n.to_string().as_str()),
            "{state}"
        );
    }
    assert_eq!((row["signed_up"].as_str(), row["confirmed"].as_str(), row["total"].as_str()), ("2", "1", "6"));
    let command: serde_json::Value = serde_json::from_str(&app.command(&["counts", "ma-287g", "--json"])).unwrap();
    assert_eq!(command, value);
}

#[test]
fn rows_by_office_town_and_day_add_up() {
    let app = TestApp::start();
    app.signed_up(&Typed::new("ana@example.org"));
    app.advance(Duration::from_hours(24));
    app.signed_up(&Typed::new("ben@example.org").with("city", "Driftmere"));
    app.with_login("sam@example.org", Role::Viewer);
    app.log_in("sam@example.org", PASSWORD);
    for (by, rows) in [("office", 5), ("town", 2), ("day", 2)] {
        let json = app.get(&format!("{LADDER}/counts.json?by={by}")).body;
        let value: Vec<serde_json::Value> = serde_json::from_str(&json).unwrap();
        assert_eq!(value.len(), rows, "{json}");
        assert_eq!(value.iter().filter_map(|row| row["letters"]["total"].as_i64()).sum::<i64>(), 6, "{by}");
        let csv = app.get(&format!("{LADDER}/counts.csv?by={by}")).body;
        assert_eq!(csv.lines().count(), rows + 1, "{csv}");
        let command: Vec<serde_json::Value> =
            serde_json::from_str(&app.command(&["counts", "ma-287g", "--json", "--by", by])).unwrap();
        assert_eq!(command, value, "{by}");
    }
    assert_eq!(app.get(&format!("{LADDER}/counts.json?by=person")).status, 422);
}

#[test]
fn a_form_without_its_token_does_nothing() {
    let app = TestApp::start();
    app.with_login("sam@example.org", Role::Viewer);
    app.get("/staff/login");
    for csrf in ["", "x", "AAAA"] {
        let page = app.post("/staff/login", &[("csrf", csrf), ("email", "sam@example.org"), ("password", PASSWORD)]);
        assert_eq!((page.status, page.location), (403, None));
    }
    assert_eq!(app.log_in("sam@example.org", PASSWORD).status, 303);
    assert_eq!(app.post("/staff/logout", &[("csrf", "x")]).status, 403);
    assert_eq!(app.get("/staff").status, 200, "still logged in");
    let page = app.get("/staff");
    let csrf = page.field("csrf").unwrap();
    assert_eq!(app.post("/staff/logout", &[("csrf", &csrf)]).status, 303);
    assert_eq!(app.get("/staff").status, 303);
    assert_eq!(app.rows("staff_sessions"), 0);
}

#[test]
fn a_token_of_another_browser_is_worth_nothing() {
    let app = TestApp::start();
    app.with_login("sam@example.org", Role::Viewer);
    let theirs = app.get("/staff/login").field("csrf").unwrap();
    let other = Client::builder().redirect(Policy::none()).cookie_store(true).build().unwrap();
    other.get(app.address("/staff/login")).send().unwrap();
    let form = [("csrf", theirs.as_str()), ("email", "sam@example.org"), ("password", PASSWORD)];
    assert_eq!(other.post(app.address("/staff/login")).form(&form).send().unwrap().status(), 403);
}

#[test]
fn a_wrong_password_and_an_unknown_address_get_the_same_answer() {
    let app = TestApp::start();
    app.with_login("sam@example.org", Role::Viewer);
    let wrong = app.log_in("sam@example.org", "some other password");
    let unknown = app.log_in("eve@example.org", PASSWORD);
    for page in [&wrong, &unknown] {
        assert_eq!((page.status, page.location.as_deref()), (422, None));
        assert!(page.text().contains("don't belong together"), "{}", page.text());
    }
    assert_eq!(wrong.typed("email").as_deref(), Some("sam@example.org"), "the address is kept, the password is not");
    assert!(!wrong.body.contains("some other password"));
    assert_eq!(app.log_in("SAM@example.org", PASSWORD).status, 303);
}

#[test]
fn cookies_are_for_the_console_and_out_of_reach_of_scripts() {
    let app = TestApp::start();
    app.with_login("sam@example.org", Role::Viewer);
    let form = cookie(&app.get("/staff/login"), "standout_form=");
    let session = cookie(&app.log_in("sam@example.org", PASSWORD), "standout_session=");
    for cookie in [form, session] {
        for part in ["; HttpOnly", "; SameSite=Lax", "; Path=/staff"] {
            assert!(cookie.contains(part), "no {part} in {cookie}");
        }
    }
    assert_eq!(app.rows("staff_sessions WHERE length(hash) = 32"), 1, "its secret is kept as a hash");
}

#[test]
fn over_https_cookies_and_pages_stay_on_https() {
    let app = TestApp::with(&[("PUBLIC_URL", "https://standout.test"), ("SECRET_KEY", "0123456789abcdef0123456789abcdef")]);
    let page = app.get("/staff/login");
    let cookie = cookie(&page, "__Secure-standout_form=");
    assert!(cookie.contains("; Secure") && cookie.contains("; HttpOnly"), "{cookie}");
    assert!(page.header("strict-transport-security").starts_with("max-age="));
    assert_eq!(app.get("/dev/outbox").status, 404);
}

#[test]
fn a_session_ends_after_twelve_hours_and_with_a_new_password() {
    let app = logged_in(Role::Viewer);
    app.advance(Duration::from_secs(12 * 3600 - 1));
    assert_eq!(app.get("/staff").status, 200);
    app.advance(Duration::from_secs(1));
    assert_eq!(app.get("/staff").status, 303);
    app.log_in("sam@example.org", PASSWORD);
    assert_eq!(app.get("/staff").status, 200);
    app.with_login("sam@example.org", Role::Viewer);
    assert_eq!(app.get("/staff").status, 303);
}

#[test]
fn guessing_passwords_is_slowed_down() {
    let app = TestApp::with(&[("LOGINS_PER_IP_PER_HOUR", "4")]);
    app.with_login("sam@example.org", Role::Viewer);
    for _ in 0..3 {
        assert_eq!(app.log_in("sam@example.org", "a wrong password").status, 422);
    }
    let page = app.log_in("sam@example.org", PASSWORD);
    assert_eq!(page.status, 429);
    assert_eq!(page.typed("email").as_deref(), Some("sam@example.org"));
    let wait: u64 = page.header("retry-after").parse().unwrap();
    assert!((1..=1800).contains(&wait), "{wait}");
    app.advance(Duration::from_secs(wait));
    assert_eq!(app.log_in("sam@example.org", PASSWORD).status, 303);
}

#[test]
fn the_sending_page_says_what_waits_where() {
    let app = TestApp::with(&[("MAIL_PER_OFFICE_PER_MINUTE", "1"), ("MAIL_PER_OFFICE_PER_HOUR", "300")]);
    app.logged_in(Role::Viewer);
    let page = app.get("/staff/sending").text();
    assert!(
        page.contains("Nothing waits, and nothing was sent in the last hour.") && page.contains("Nothing came back so far."),
        "{page}"
    );
    let links: Vec<_> = (0..3).map(|n| app.signed_up(&Typed::new(&format!("person{n}@example.org")))).collect();
    for link in links {
        assert_eq!(app.post(&link, &[]).status, 303);
    }
    app.until("one of each office is sent", || app.letters(MessageState::Sent) == 2);
    let page = app.get("/staff/sending");
    assert_eq!(page.status, 200);
    let text = page.text();
    for words in [
        "State Senate, First Harbor",
        "State House, 1st Harbor",
        "1 of 300",
        "4 letters wait. The last goes at about",
        "1 letter to one office in a minute",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert!(!text.contains("person0") && !text.contains("Ana"), "no supporter stands in it");
    app.smtp.take_messages();
}

/// The next event of the stream: its name and its data.
fn event(stream: &mut impl BufRead) -> Option<(String, String)> {
    let (mut name, mut data) = (String::new(), String::new());
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).expect("the stream ends by itself, and is not cut off") == 0 {
            return None;
        }
        match line.trim_end().split_once(": ") {
            Some(("event", word)) => word.clone_into(&mut name),
            Some(("data", text)) => text.clone_into(&mut data),
            None if line == "\n" && !name.is_empty() => return Some((name, data)),
            _ => {}
        }
    }
}

#[test]
fn an_open_overview_hears_what_changes_until_its_session_or_the_service_ends() {
    let mut app = logged_in(Role::Viewer);
    let open = |app: &TestApp| {
        let answer = app.client.get(app.address(&format!("{LADDER}/events"))).timeout(Duration::from_mins(1)).send().unwrap();
        assert_eq!(answer.headers()["content-type"], "text/event-stream; charset=utf-8");
        BufReader::new(answer)
    };
    let signed_up = |data: &str| {
        let value: serde_json::Value = serde_json::from_str(data).unwrap();
        (value["texts"]["signed_up"].as_str().unwrap().to_owned(), value["bar"]["unconfirmed"][1].as_i64().unwrap() > 0)
    };
    let mut stream = open(&app);
    let (name, data) = event(&mut stream).unwrap();
    assert_eq!((name.as_str(), signed_up(&data)), ("numbers", ("0".into(), false)));
    assert!(!data.contains("example.org"));
    app.signed_up(&Typed::new("ana@example.org"));
    let heard = loop {
        let (_, data) = event(&mut stream).unwrap();
        if signed_up(&data).0 == "1" {
            break data;
        }
    };
    assert!(signed_up(&heard).1, "the bar has a part for the new letters");

    let csrf = app.get("/staff").field("csrf").unwrap();
    assert_eq!(app.post("/staff/logout", &[("csrf", &csrf)]).status, 303);
    let last = std::iter::from_fn(|| event(&mut stream)).last().unwrap();
    assert_eq!(last.0, "end");
    assert_eq!(app.get(&format!("{LADDER}/events")).status, 303, "nobody without a session");

    app.log_in("sam@example.org", PASSWORD);
    let mut stream = open(&app);
    event(&mut stream).unwrap();
    app.restart();
    while event(&mut stream).is_some() {}
}

#[test]
fn a_visit_counts_each_time_and_is_kept_over_a_stop() {
    let mut app = logged_in(Role::Viewer);
    let visited = |app: &TestApp| app.store.read_blocking(|conn| counts::total(conn, 1)).unwrap().visited;
    for _ in 0..3 {
        assert_eq!(app.get("/campaigns/ma-287g").status, 200);
    }
    app.get("/");
    app.client.head(app.address("/campaigns/ma-287g")).send().unwrap();
    app.client.get(app.address("/campaigns/ma-287g")).header("Sec-Purpose", "prefetch").send().unwrap();
    app.get("/campaigns/nowhere");
    app.restart();
    assert_eq!(visited(&app), 4, "three times the page, and once the start, which is the page of the only campaign");
    assert!(app.get(&format!("{LADDER}/days")).text().contains("Nobody has signed up yet"), "a look is no sign-up");
}
