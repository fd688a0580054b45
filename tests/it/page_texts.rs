//! Every page of the service on record, tag by tag and word by word: whoever moves a template sees what else moved.
//!
//! A change that is meant is taken over with `INSTA_UPDATE=always INSTA_FORCE_PASS=1 cargo test --test it page_texts` and read
//! in the diff of the commit.

use std::fmt::Write;
use std::time::Duration;

use reqwest::blocking::Client;
use reqwest::redirect::Policy;
use standout::domain::MessageState::{self, Bounced, Expired, Failed, Held, Queued, SelfReported, Sent, Withdrawn};
use standout::domain::{Clock, ReturnKind, Role};
use standout::store::inbound::{self, Returned};
use standout::web::{ConsoleRoute, Needs, console_routes};

use crate::support::app::{Page, START, TestApp};
use crate::support::journey::{CAMPAIGN, Typed};
use crate::support::login::PASSWORD;
use crate::support::page_form::lines;
use crate::support::recorder::Recorder;
use crate::support::smtp_script::{Action, At, Script};
use crate::support::smtp_server::SmtpServer;
use crate::support::tables::Tables;

const CONSOLE: &str = "/staff/campaigns/ma-287g";
const TEXT: &str = "/staff/campaigns/ma-287g/text";
const POSITIONS: &str = "/staff/roster/positions";
const UPPER: &str = "wren.harborlight@example.org";
const LOWER: &str = "ines.quillfeather@example.org";
const WEEK: Duration = Duration::from_hours(24 * 7);

/// Somebody at a browser of their own.
struct Browser<'a> {
    app: &'a TestApp,
    client: Client,
}

impl<'a> Browser<'a> {
    fn new(app: &'a TestApp) -> Self {
        Self { app, client: Client::builder().redirect(Policy::none()).cookie_store(true).build().unwrap() }
    }

    /// With a login of this role, made now.
    fn of(app: &'a TestApp, role: Role) -> Self {
        let browser = Self::new(app);
        let email = format!("{role}@example.org");
        app.with_login(&email, role);
        assert_eq!(browser.log_in(&email, PASSWORD).status, 303);
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

    fn csrf(&self) -> String {
        self.get("/staff/account").field("csrf").unwrap()
    }

    /// With the token that the session's forms carry.
    fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let csrf = self.csrf();
        let mut all = vec![("csrf", csrf.as_str())];
        all.extend(fields);
        self.send(path, &all)
    }

    /// What must go well.
    fn does(&self, path: &str, fields: &[(&str, &str)]) -> String {
        let page = self.post(path, fields);
        assert_eq!(page.status, 303, "{path}: {}", page.text());
        page.location.unwrap()
    }

    fn upload(&self, path: &str, name: &str, file: &str) -> Page {
        let csrf = self.csrf();
        let mut body = String::new();
        for (field, head, text) in [("csrf", "", csrf.as_str()), ("file", &*format!("; filename=\"{name}\""), file)] {
            write!(body, "--edge\r\nContent-Disposition: form-data; name=\"{field}\"{head}\r\n\r\n{text}\r\n").unwrap();
        }
        body.push_str("--edge--\r\n");
        let request = self.client.post(self.app.address(path)).header("Content-Type", "multipart/form-data; boundary=edge");
        Page::of(request.body(body).send().unwrap())
    }

    /// Presses the button under what an upload would change.
    fn approves(&self, path: &str) -> Page {
        let page = self.get(path);
        let fields = ["terms_end", "force", "shown"].map(|name| (name, page.field(name)));
        let fields: Vec<_> = fields.iter().filter_map(|(name, value)| Some((*name, value.as_deref()?))).collect();
        self.post(&format!("{}/approve", path.split('?').next().unwrap()), &fields)
    }
}

fn number(app: &TestApp, column: &str, rest: &str) -> i64 {
    Tables::open(app.store.path()).rows::<(i64,)>(column, rest)[0].0
}

fn office_of(app: &TestApp, mailbox: &str) -> i64 {
    number(app, "office_id", &format!("officials WHERE email = '{mailbox}'"))
}

/// The newest letter to that mailbox.
fn letter_to(app: &TestApp, mailbox: &str) -> i64 {
    number(
        app,
        "m.id",
        &format!("messages m JOIN officials o ON o.id = m.official_id WHERE o.email = '{mailbox}' ORDER BY m.id DESC LIMIT 1"),
    )
}

/// The newest letter in that state.
fn letter_in(app: &TestApp, state: MessageState) -> i64 {
    number(app, "id", &format!("messages WHERE kind = 'letter' AND state = '{state}' ORDER BY id DESC LIMIT 1"))
}

/// A letter comes back, as a mail system says it.
fn comes_back(app: &TestApp, letter: i64, digest: u8, kind: ReturnKind) {
    let now = app.clock.now();
    let back = Returned {
        digest: vec![digest],
        message: Some(letter),
        kind,
        status: Some("5.2.2".into()),
        cause: None,
        mailbox: None,
        words: "mailbox full".into(),
        answer: None,
    };
    app.store.write_blocking(move |tx| inbound::record(tx, &back, now)).unwrap();
}

/// Takes whatever mail came: here it is not what is looked at.
fn settled(app: &TestApp) {
    app.smtp.take_messages();
}

fn person(email: &str, name: &str) -> Typed {
    Typed::new(email).with("name", name)
}

/// Letters in every state that staff see, each by somebody with a reason to be there. Steps follow one another, so that every
/// number is the same each time.
fn world() -> TestApp {
    // Five minutes to midnight in Boston: there are two days to show, and too little time for receipts to be mailed.
    let clock = Clock::manual(START.plus(Duration::from_mins(13 * 60 + 55)));
    let mut app = TestApp::over(SmtpServer::start(Script::default()), tempfile::tempdir().unwrap(), clock, &[]);
    let quoted = person("ana@example.org", "Ana O'Example").with("story", "I teach here & <b>care</b>.").with("quote", "yes");
    app.confirmed(&quoted.with("contact", "yes"));
    app.mails(2);
    app.until("Ana's are sent", || app.letters(Sent) == 2);
    app.clock.advance(Duration::from_mins(3));
    let private = app.confirmed(&person("ben@example.org", "Ben Sample"));
    app.mails(2);
    app.until("Ben's are sent", || app.letters(Sent) == 4);
    let own = number(&app, "id", "messages WHERE state = 'self_send' ORDER BY id DESC LIMIT 1");
    assert_eq!(app.post(&format!("{private}/self-reported"), &[("message", &own.to_string())]).status, 303);
    assert_eq!(app.letters(SelfReported), 1);
    comes_back(&app, letter_to(&app, UPPER), 1, ReturnKind::Failed);
    assert_eq!(app.letters(Bounced), 1);
    let link = app.signed_up(&person("cleo@example.org", "Cleo Example"));
    app.smtp.set_script(Script::default().on_recipient(|to, _| match to {
        LOWER => Action::reply("550 5.1.1 User unknown"),
        _ => Action::Accept,
    }));
    assert_eq!(app.post(&link, &[]).status, 303);
    app.until("Cleo's mailbox is dead", || (app.letters(Failed), app.letters(Sent)) == (1, 4));
    app.mails(1);
    // What was counted of visits is written down at the end of the day that it belongs to.
    app.restart();
    app.clock.advance(Duration::from_mins(4));
    app.confirmed(&person("dan@example.org", "Dan Example"));
    app.mails(1);
    app.until("Dan's is held", || (app.letters(Held), app.letters(Sent)) == (1, 5));
    app.signed_up(&person("eve@example.org", "Eve Example").with("city", "Driftmere"));
    app
}

/// What staff did in that world; the campaign stays paused with letters waiting.
fn deeds(app: &TestApp, admin: &Browser<'_>) {
    admin.does(&format!("{CONSOLE}/steering/pause"), &[("reason", "the hearing is today")]);
    app.confirmed(&person("fay@example.org", "Fay Example").with("city", "Driftmere"));
    app.confirmed(&person("gus@example.org", "Gus Example").with("city", "Driftmere"));
    assert_eq!(app.letters(Queued), 4);
    let letter = letter_in(app, Queued);
    admin.does(&format!("{CONSOLE}/letters/{letter}/cancel"), &[("state", "queued"), ("reason", "the aide asked for it")]);
    assert_eq!(app.letters(Withdrawn), 1);
    let week = [("day_0", "yes"), ("day_1", "yes"), ("day_4", "yes"), ("from", "09:00"), ("until", "17:00")];
    admin.does(&format!("{CONSOLE}/steering/hours"), &week);
    admin.does(&format!("{CONSOLE}/steering/dates"), &[("opens", ""), ("closes", "2027-02-01T09:00")]);
    let office = format!("/staff/sending/offices/{}", office_of(app, LOWER));
    admin.does(&format!("{office}/pause"), &[("reason", "they asked")]);
    admin.does(&format!("{office}/pace"), &[("a_minute", "5"), ("an_hour", "60"), ("pace_reason", "a small mailbox")]);
    admin.does(&format!("{CONSOLE}/measures"), &[("ask_safe-communities", "pass")]);
    let page = admin.get(&format!("{TEXT}/edit/upper"));
    let from = page.field("began_from").unwrap();
    let saved =
        [("began_from", from.as_str()), ("subject", "From {{town}}"), ("body", "Only this, from {{town}}.\n"), ("do", "save")];
    admin.does(&format!("{TEXT}/edit/upper"), &saved);
    for (role, whom) in [("editor", "Robin & Co"), ("viewer", "")] {
        let once = admin.get("/staff/people").field("once").unwrap();
        let page = admin.post("/staff/people/invitations", &[("role", role), ("whom", whom), ("once", &once)]);
        assert_eq!(page.status, 200, "{}", page.text());
    }
    for (name, scope, days) in [("the map", "counts", ""), ("the archive", "letters", "30")] {
        assert_eq!(admin.post("/staff/tokens", &[("name", name), ("scope", scope), ("days", days)]).status, 200, "{name}");
    }
    let kinds = [("letter_sent", "yes"), ("signup_confirmed", "yes")];
    admin.does("/staff/webhooks", &[&[("url", "http://127.0.0.1:9/hook?a=1&b=2")][..], &kinds].concat());
}

/// The pages of the console in that world: a name, and the address.
fn console(app: &TestApp) -> Vec<(String, String)> {
    let office = office_of(app, LOWER);
    let piece = number(app, "min(id)", "positions");
    let mut pages: Vec<(String, String)> = [
        ("home", "/staff".to_owned()),
        ("sending", "/staff/sending".into()),
        ("answers", "/staff/answers".into()),
        ("overview", CONSOLE.into()),
        ("measures", format!("{CONSOLE}/measures")),
        ("coverage", format!("{CONSOLE}/coverage")),
        ("counts_csv", format!("{CONSOLE}/counts.csv?by=office")),
        ("counts_json", format!("{CONSOLE}/counts.json")),
        ("officials", format!("{CONSOLE}/officials")),
        ("officials_sorted", format!("{CONSOLE}/officials?sort=sent&dir=desc")),
        ("officials_none", format!("{CONSOLE}/officials?q=nobody")),
        ("towns", format!("{CONSOLE}/towns")),
        ("days", format!("{CONSOLE}/days")),
        ("office", format!("{CONSOLE}/offices/{office}")),
        ("office_upper", format!("{CONSOLE}/offices/{}", office_of(app, UPPER))),
        ("stands", format!("{CONSOLE}/stands")),
        ("map", format!("{CONSOLE}/map")),
        ("letters", format!("{CONSOLE}/letters")),
        ("problems", format!("{CONSOLE}/problems")),
        ("letters_sent", format!("{CONSOLE}/letters?state=sent&from=2026-11-22&until=2026-11-23&office={office}")),
        ("letters_none", format!("{CONSOLE}/letters?state=expired")),
        ("steering", format!("{CONSOLE}/steering")),
        ("office_sending", format!("/staff/sending/offices/{office}")),
        ("office_sending_plain", format!("/staff/sending/offices/{}", office_of(app, UPPER))),
        ("account", "/staff/account".into()),
        ("people", "/staff/people".into()),
        ("log", "/staff/log".into()),
        ("log_of_one", "/staff/log?who=admin%40example.org&deed=campaign.paused".into()),
        ("exports", format!("{CONSOLE}/exports")),
        ("positions", POSITIONS.into()),
        ("positions_of_one", format!("{POSITIONS}?official=Quillfeather")),
        ("positions_none", format!("{POSITIONS}?official=nobody&bill=x")),
        ("position", format!("{POSITIONS}/{piece}")),
        ("roster", "/staff/roster".into()),
        ("tokens", "/staff/tokens".into()),
        ("webhooks", "/staff/webhooks".into()),
        ("report", format!("{CONSOLE}/offices/{}/report", office_of(app, UPPER))),
        ("campaign_new", "/staff/campaigns/new".into()),
        ("texts", TEXT.into()),
        ("text_settings", format!("{TEXT}/edit/settings")),
        ("text_settings_file", format!("{TEXT}/edit/settings-file")),
        ("text_upper", format!("{TEXT}/edit/upper")),
        ("text_page", format!("{TEXT}/edit/page")),
        ("versions", format!("{TEXT}/versions")),
        ("versions_of_one", format!("{TEXT}/versions?text=upper")),
        ("compare", format!("{TEXT}/compare/upper?from=1&to=2")),
        ("compare_same", format!("{TEXT}/compare/page?from=1&to=2")),
    ]
    .map(|(name, path)| (name.to_owned(), path))
    .into();
    for state in MessageState::ALL {
        if app.letters(state) > 0 {
            pages.push((format!("letter_{state}"), format!("{CONSOLE}/letters/{}", letter_in(app, state))));
        }
    }
    pages
}

/// Whether the path of an address fits a route's pattern.
fn fits(pattern: &str, address: &str) -> bool {
    let (pattern, path) = (pattern.split('/'), address.split('?').next().unwrap().split('/'));
    pattern.clone().count() == path.clone().count()
        && pattern.zip(path).all(|(part, given)| part.starts_with('{') || part == given)
}

#[test]
fn the_console_as_each_role_sees_it() {
    let mut app = world();
    let admin = Browser::of(&app, Role::Admin);
    deeds(&app, &admin);
    let client = admin.client.clone();
    app.restart();
    let admin = Browser { app: &app, client };
    let others = [("editor", Browser::of(&app, Role::Editor)), ("viewer", Browser::of(&app, Role::Viewer))];
    let pages = console(&app);
    // The doors and uploads stand in tests of their own, and the stream of events is no page.
    let missing = console_routes().into_iter().filter(|ConsoleRoute { method, path, needs, .. }| {
        let asked = *method == "GET" && *needs != Needs::Nobody && !path.ends_with("/events") && !path.contains("/uploads/");
        asked && !pages.iter().any(|(_, address)| fits(path, address))
    });
    let missing: Vec<&str> = missing.map(|route| route.path).collect();
    assert!(missing.is_empty(), "pages of the console that are not on record: {missing:?}");
    let mut record = Recorder::of("console");
    for (name, address) in &pages {
        let page = admin.get(address);
        assert_eq!(page.status, 200, "{address}: {}", page.text());
        record.page(name, &page);
        for (role, browser) in &others {
            record.beside(&format!("{name}.{role}"), &page, &browser.get(address));
        }
    }
    record.end();
    settled(&app);
}

/// The words that a page's address may hold after something was done there.
fn notices(app: &TestApp) -> Vec<(String, Vec<&'static str>)> {
    let letter = format!("{CONSOLE}/letters/{}", letter_to(app, UPPER));
    vec![
        (format!("{CONSOLE}/steering?done="), vec!["paused", "resumed", "nothing", "hours", "dates", "x"]),
        (
            format!("/staff/sending/offices/{}?done=", office_of(app, UPPER)),
            vec!["office-paused", "office-resumed", "nothing", "pace", "x"],
        ),
        ("/staff/sending?done=".into(), vec!["all-paused", "all-resumed", "nothing", "no-reason", "x"]),
        (format!("{POSITIONS}?done="), vec!["added", "corrected", "deleted", "imported", "x"]),
        ("/staff/webhooks?done=".into(), vec!["webhook-added", "webhook-tested", "webhook-on", "webhook-removed", "x"]),
        ("/staff/people?done=".into(), vec!["role", "login-removed", "revoked", "x"]),
        ("/staff/account?done=".into(), vec!["password", "x"]),
        ("/staff/roster?done=".into(), vec!["roster-imported", "x"]),
        (format!("{letter}?done="), vec!["release", "resend", "cancel", "x"]),
        (format!("{CONSOLE}/problems?done="), vec!["letters-acted", "nothing"]),
        (format!("{CONSOLE}/measures?done="), vec!["asks", "x"]),
        (format!("{TEXT}?saved="), vec!["0", "2", "x"]),
        (format!("{TEXT}?late="), vec!["1"]),
        (format!("{TEXT}/edit/upper?saved="), vec!["0", "2"]),
        (format!("{TEXT}/edit/settings?saved="), vec!["0", "2"]),
    ]
}

#[test]
fn what_was_just_done() {
    let app = TestApp::start();
    app.confirmed(&Typed::new("ana@example.org").with("story", "I teach here.").with("quote", "yes"));
    app.mails(2);
    app.until("both are sent", || app.letters(Sent) == 2);
    let admin = Browser::of(&app, Role::Admin);
    let mut record = Recorder::of("notices");
    for (start, words) in notices(&app) {
        let plain = admin.get(start.split('?').next().unwrap());
        for word in words {
            let name = start.trim_start_matches("/staff").trim_matches(['/', '=']).replace(['/', '?'], "-");
            record.beside(&format!("{name}-{word}"), &plain, &admin.get(&format!("{start}{word}")));
        }
    }
    let link = admin.post(
        "/staff/people/invitations",
        &[("role", "editor"), ("whom", "Robin"), ("once", &admin.get("/staff/people").field("once").unwrap())],
    );
    record.page("invitation_made", &link);
    record.page("token_made", &admin.post("/staff/tokens", &[("name", "the map"), ("scope", "counts"), ("days", "30")]));
    let letter = format!("{CONSOLE}/letters/{}", letter_to(&app, UPPER));
    record.page("letter_opened", &admin.post(&format!("{letter}/open"), &[]));
    record.page("letters_found", &admin.post(&format!("{CONSOLE}/letters/find"), &[("who", "ana")]));
    record.page("letters_not_found", &admin.post(&format!("{CONSOLE}/letters/find"), &[("who", "nobody@example.org")]));
    let late = [("state", "queued"), ("reason", "too late")];
    record.page("letter_was_faster", &admin.post(&format!("{letter}/cancel"), &late));
    record.page("export_letters", &admin.post(&format!("{CONSOLE}/exports/letters.csv"), &[]));
    record.page("export_supporters", &admin.post(&format!("{CONSOLE}/exports/supporters.csv"), &[]));
    let report = format!("{CONSOLE}/offices/{}/report", office_of(&app, UPPER));
    record.page("quotes", &admin.post(&format!("{report}/quotes"), &[]));
    record.page("quoted", &admin.post(&report, &[("quote", "1")]));
    record.page("listing_beyond", &admin.get(&format!("{CONSOLE}/officials?sort=nothing&page=99")));
    admin.does("/staff/sending/pause", &[("reason", "a drill")]);
    for (name, path) in [("home", "/staff"), ("sending", "/staff/sending"), ("steering", "/staff/campaigns/ma-287g/steering")] {
        record.page(&format!("{name}_all_paused"), &admin.get(path));
    }
    record.end();
}

/// A form that is sent: the name of its record, where to, the fields.
type Form<'a> = (&'a str, String, Vec<(&'a str, &'a str)>);

/// Texts and settings of a campaign that can't be used, and those that are only looked at.
fn wrong_texts() -> Vec<Form<'static>> {
    vec![
        ("text_empty", format!("{TEXT}/edit/upper"), vec![("began_from", "1"), ("subject", " "), ("body", " "), ("do", "save")]),
        (
            "text_field",
            format!("{TEXT}/edit/upper"),
            vec![("began_from", "1"), ("subject", "{{twon}}"), ("body", "{{town"), ("do", "save")],
        ),
        ("text_page", format!("{TEXT}/edit/page"), vec![("began_from", "1"), ("body", " "), ("do", "save")]),
        (
            "settings",
            format!("{TEXT}/edit/settings"),
            vec![
                ("began_from", "1"),
                ("title", ""),
                ("contact", "nobody"),
                ("numbers_protect", "the act"),
                ("district_help_url", "http://x"),
            ],
        ),
        ("settings_file", format!("{TEXT}/edit/settings-file"), vec![("began_from", "1"), ("body", "state = "), ("do", "save")]),
        (
            "text_preview",
            format!("{TEXT}/edit/upper"),
            vec![("began_from", "1"), ("subject", "From {{town}}"), ("body", "I live in {{town}}.\n"), ("do", "preview")],
        ),
        (
            "text_preview_piece",
            format!("{TEXT}/edit/upper/preview"),
            vec![("began_from", "1"), ("subject", "From {{town}}"), ("body", "I live in {{town}}.\n")],
        ),
        (
            "text_preview_wrong",
            format!("{TEXT}/edit/upper/preview"),
            vec![("began_from", "1"), ("subject", "From {{twon}}"), ("body", "")],
        ),
        (
            "page_preview",
            format!("{TEXT}/edit/page"),
            vec![("began_from", "1"), ("body", "# A page\n\nWith *words*.\n"), ("do", "preview")],
        ),
    ]
}

#[test]
fn what_staff_typed_wrong() {
    let app = TestApp::start();
    let admin = Browser::of(&app, Role::Admin);
    let office = format!("/staff/sending/offices/{}", office_of(&app, LOWER));
    let piece = format!("{POSITIONS}/{}", number(&app, "min(id)", "positions"));
    let steering = format!("{CONSOLE}/steering");
    let long = "word ".repeat(100);
    app.confirmed(&Typed::new("ana@example.org"));
    app.mails(2);
    app.until("both are sent", || app.letters(Sent) == 2);
    let letter = format!("{CONSOLE}/letters/{}", letter_to(&app, UPPER));
    let mut record = Recorder::of("wrong");
    let forms: Vec<Form<'_>> = vec![
        ("pause_empty", format!("{steering}/pause"), vec![("reason", " ")]),
        ("pause_long", format!("{steering}/pause"), vec![("reason", &long)]),
        ("hours_backwards", format!("{steering}/hours"), vec![("day_0", "yes"), ("from", "17:00"), ("until", "09:00")]),
        ("hours_words", format!("{steering}/hours"), vec![("day_3", "yes"), ("from", "nine"), ("until", "five")]),
        ("hours_no_day", format!("{steering}/hours"), vec![("from", "09:00"), ("until", "17:00")]),
        ("dates_backwards", format!("{steering}/dates"), vec![("opens", "2026-12-02T09:00"), ("closes", "2026-12-01T09:00")]),
        ("dates_words", format!("{steering}/dates"), vec![("opens", "soon"), ("closes", "later")]),
        ("office_pause_empty", format!("{office}/pause"), vec![("reason", "")]),
        ("pace_hour", format!("{office}/pace"), vec![("a_minute", "30"), ("an_hour", "20"), ("pace_reason", "")]),
        ("pace_minute", format!("{office}/pace"), vec![("a_minute", "0"), ("an_hour", "20"), ("pace_reason", "x")]),
        ("letter_no_reason", format!("{letter}/resend"), vec![("state", "bounced"), ("reason", "")]),
        ("find_short", format!("{CONSOLE}/letters/find"), vec![("who", "a")]),
        ("find_address", format!("{CONSOLE}/letters/find"), vec![("who", "no@address@at@all")]),
        ("password_empty", "/staff/account/password".into(), vec![("current", ""), ("password", "short")]),
        ("password_wrong", "/staff/account/password".into(), vec![("current", "x"), ("password", "five words in a row")]),
        ("invitation_no_role", "/staff/people/invitations".into(), vec![("whom", &long)]),
        ("own_role", format!("/staff/people/{}/role", number(&app, "id", "staff")), vec![("role", "viewer")]),
        ("remove_self", format!("/staff/people/{}/remove", number(&app, "id", "staff")), vec![]),
        ("token", "/staff/tokens".into(), vec![("name", ""), ("scope", "counts"), ("days", "many")]),
        ("webhook", "/staff/webhooks".into(), vec![("url", "ftp://example.org/")]),
        ("position_empty", POSITIONS.into(), vec![]),
        (
            "position_words",
            POSITIONS.into(),
            vec![("who", "Nobody"), ("number", "H"), ("act", "signed"), ("on", "soon"), ("source", "x"), ("as_of", "2999-01-01")],
        ),
        ("position_correct", piece.clone(), vec![("who", "Nobody"), ("was", "x")]),
        (
            "campaign_new",
            "/staff/campaigns/new".into(),
            vec![("from", "ma-287g"), ("slug", "Upper Case"), ("title", " "), ("opens", "x")],
        ),
        (
            "campaign_taken",
            "/staff/campaigns/new".into(),
            vec![("from", "ma-287g"), ("slug", "ma-287g"), ("title", "A"), ("opens", "2026-12-01T09:00")],
        ),
        ("ask_that_is_none", format!("{CONSOLE}/measures"), vec![("ask_safe-communities", "oppose")]),
    ];
    for (name, path, fields) in forms.iter().chain(&wrong_texts()) {
        record.page(name, &admin.post(path, fields));
    }
    let saved = [("began_from", "1"), ("subject", "Theirs"), ("body", "Theirs, from {{town}}.\n"), ("do", "save")];
    admin.does(&format!("{TEXT}/edit/upper"), &saved);
    let mine = [("began_from", "1"), ("subject", "Mine"), ("body", "Mine, from {{town}}.\n"), ("do", "save")];
    record.page("text_conflict", &admin.post(&format!("{TEXT}/edit/upper"), &mine));
    admin.does(&format!("{TEXT}/edit/settings"), &[("began_from", "2"), ("summary", "Theirs.")]);
    let settings = [("began_from", "2"), ("summary", "Mine.")];
    record.page("settings_conflict", &admin.post(&format!("{TEXT}/edit/settings"), &settings));
    for (name, query) in [
        ("letters_office", "office=999999"),
        ("letters_state", "state=eaten"),
        ("letters_days", "from=2026-02-30&until=tomorrow"),
        ("letters_backwards", "from=2026-11-23&until=2026-11-22"),
    ] {
        record.page(name, &admin.get(&format!("{CONSOLE}/letters?{query}")));
    }
    for (name, path) in [
        ("no_campaign", "/staff/campaigns/nowhere"),
        ("no_letter", "/staff/campaigns/ma-287g/letters/999999"),
        ("no_upload", "/staff/roster/uploads/999"),
        ("no_version", "/staff/campaigns/ma-287g/text/compare/upper?from=1&to=99"),
        ("not_to_be_opened", "/staff/campaigns/ma-287g/letters/find"),
    ] {
        record.page(name, &admin.get(path));
    }
    record.page("forged", &admin.send(&format!("{steering}/pause"), &[("csrf", "forged"), ("reason", "x")]));
    record.page("not_a_viewers", &Browser::of(&app, Role::Viewer).post(&format!("{steering}/pause"), &[("reason", "x")]));
    record.page("not_an_editors", &Browser::of(&app, Role::Editor).post("/staff/tokens", &[("name", "x")]));
    record.end();
}

#[test]
fn the_doors_of_the_console() {
    let mut record = Recorder::of("doors");
    let app = TestApp::with(&[("LOGINS_PER_IP_PER_HOUR", "3")]);
    let link = app.first_login.clone().unwrap();
    let stranger = Browser::new(&app);
    record.page("first_link", &stranger.get(&link));
    let csrf = stranger.get(&link).field("csrf").unwrap();
    record.page("first_link_wrong", &stranger.send(&link, &[("csrf", &csrf), ("email", "sam"), ("password", "short")]));
    let admin = Browser::of(&app, Role::Admin);
    record.page("link_used", &stranger.get(&link));
    record.page("link_unknown", &stranger.get("/staff/setup/x"));
    record.page("login", &stranger.get("/staff/login"));
    record.page("login_forged", &stranger.send("/staff/login", &[("csrf", "x"), ("email", "sam@example.org")]));
    record.page("login_needed", &stranger.get("/staff"));
    record.page("login_wrong", &stranger.log_in("admin@example.org", "some other password"));
    record.page("logged_in", &admin.get("/staff/login"));
    for _ in 0..3 {
        stranger.log_in("eve@example.org", "some other password");
    }
    record.page("login_too_often", &stranger.log_in("eve@example.org", "some other password"));
    record.page(
        "password_too_often",
        &admin.post("/staff/account/password", &[("current", "x"), ("password", "five words in a row")]),
    );
    record.page("logged_out", &admin.post("/staff/logout", &[]));
    let app = TestApp::start();
    record.page("login_empty", &Browser::new(&app).log_in("", ""));
    record.end();
}

/// Made-up people for the demo's seats; `who` is what their names begin with.
fn roster(who: &str) -> String {
    const HOUSE: [&str; 7] =
        ["1st Harbor", "2nd Harbor", "3rd Harbor", "4th Harbor", "1st Orchard", "2nd Orchard", "3rd Orchard"];
    const SENATE: [&str; 3] = ["First Harbor", "Second Harbor", "Orchard"];
    let mut csv = "id,name,current_district,current_chamber,family_name,email,role,webform\n".to_owned();
    for (chamber, districts) in [("upper", SENATE.as_slice()), ("lower", &HOUSE)] {
        for (number, district) in districts.iter().enumerate() {
            let id = format!("{who}-{chamber}-{number}").to_lowercase();
            writeln!(csv, "test/{id},{who} Test-{chamber}-{number},{district},{chamber},Test,{id}@example.org,,").unwrap();
        }
    }
    csv + "test/gov,Quinn Testgov,,,Testgov,,governor,https://example.org/form\n"
}

#[test]
fn files_of_officials_and_evidence() {
    let app = TestApp::start();
    let editor = Browser::of(&app, Role::Editor);
    let mut record = Recorder::of("uploads");
    for (name, file) in
        [("empty", ""), ("columns", "a,b\n1,2\n"), ("rows", "id,name,current_district,current_chamber\nx,,9th Nowhere,lower\n")]
    {
        record.page(&format!("roster_{name}"), &editor.upload("/staff/roster", "people.csv", file));
        record.page(&format!("positions_{name}"), &editor.upload(&format!("{POSITIONS}/upload"), "stands.csv", file));
    }
    let uploaded = |path: &str, name: &str, file: &str| {
        let page = editor.upload(path, name, file);
        assert_eq!(page.status, 303, "{}", page.text());
        page.location.unwrap()
    };
    let plan = uploaded("/staff/roster", "people.csv", &roster("Robin"));
    record.page("roster_plan", &editor.get(&plan));
    record.page("roster_approved", &editor.approves(&plan));
    record.page("roster_again", &editor.get(&plan));
    record.page("roster", &editor.get("/staff/roster?done=roster-imported"));
    app.confirmed(&Typed::new("ana@example.org"));
    app.mails(2);
    app.until("both are sent", || app.letters(Sent) == 2);
    let half: String = roster("Sasha").lines().take(5).fold(String::new(), |text, line| text + line + "\n");
    let plan = uploaded("/staff/roster", "half.csv", &half);
    record.page("roster_looks_wrong", &editor.get(&plan));
    record.page("roster_forced", &editor.get(&format!("{plan}?force=1")));
    record.page("roster_last_day_wrong", &editor.get(&format!("{plan}?force=1&terms_end=soon")));
    record.page("roster_last_day", &editor.get(&format!("{plan}?force=1&terms_end=2027-01-06")));
    let piece = [
        ("who", "Robin Test-lower-0 (State House, 1st Harbor)"),
        ("number", "H.2580"),
        ("act", "signed"),
        ("on", "2026-03-02"),
        ("source", "https://example.org/h2580?a=1&b=2"),
        ("as_of", "2026-03-30"),
    ];
    editor.does(POSITIONS, &piece);
    record.page("piece_again", &editor.post(POSITIONS, &piece));
    record.page("positions", &editor.get(&format!("{POSITIONS}?done=added&state=ma")));
    let only = format!("{POSITIONS}/{}", number(&app, "id", "positions WHERE person_id LIKE 'test/%'"));
    record.page("piece", &editor.get(&only));
    record.page("piece_changed_by_others", &editor.post(&format!("{only}/delete"), &[("was", "x")]));
    let csv = "bill,openstates_person_id,name,date_added,signed,source,as_of\n\
               H.2580,test/robin-lower-0,Robin,,N,a scorecard,2026-06-30\nS.1681,test/robin-upper-0,Robin,2026-01-02,Y,a list,2026-06-30\n\
               H.2580,gone,Ana Gone,,Y,a list,2026-06-30\nH.2580,,Bo Gone,,Y,a list,2026-06-30\n";
    let plan = uploaded(&format!("{POSITIONS}/upload"), "stands.csv", csv);
    record.page("positions_plan", &editor.get(&plan));
    record.page("positions_approved", &editor.approves(&plan));
    record.page("positions_again", &editor.get(&plan));
    record.page("positions_after", &editor.get(&format!("{POSITIONS}?done=imported")));
    record.end();
}

#[test]
fn what_a_supporter_sees_before_signing() {
    let app = TestApp::start();
    let typed = Typed::new("ana@example.org").with("story", "My neighbour & I, \"both\" of us.\n\nWe <b>care</b>.");
    let mut record = Recorder::of("supporter");
    record.page("home", &app.get("/"));
    record.page("campaign", &app.get(CAMPAIGN));
    record.page("check_email", &app.get("/campaigns/ma-287g/check-your-email"));
    record.page("officials", &app.preview(&typed));
    record.page("officials_with_consents", &app.preview(&typed.clone().with("contact", "yes").with("quote", "yes")));
    for city in ["Gullhaven", "Quincewater", "Foghollow", "Lanternport", "Driftmere", "Nowhere"] {
        record.page(&format!("officials_{city}"), &app.preview(&typed.clone().with("city", city)));
    }
    for field in ["name", "email", "street", "city", "zip"] {
        record.page(&format!("no_{field}"), &app.preview(&typed.clone().with(field, "")));
    }
    let mut nothing = typed.clone();
    for field in ["name", "email", "street", "city", "zip", "consent", "story"] {
        nothing = nothing.with(field, "");
    }
    record.page("nothing_typed", &app.preview(&nothing));
    record.page("email_wrong", &app.preview(&typed.clone().with("email", "ana@@example.org")));
    record.page("zip_wrong", &app.preview(&typed.clone().with("zip", "1")));
    record.page("story_long", &app.preview(&typed.clone().with("story", &"word ".repeat(2000))));
    record.page("no_consent", &app.sign_up(&typed.clone().with("consent", "")));
    record.page("signing_choice", &app.sign_up(&typed.clone().with("city", "Gullhaven")));
    record.page("signing_nothing", &app.sign_up(&nothing));
    let token = app.form_token();
    record.page("edit", &app.post(&format!("{CAMPAIGN}/edit"), &typed.pairs(&token)));
    record.page("form_forged", &app.post(&format!("{CAMPAIGN}/signups"), &typed.pairs("x")));
    record.page("signed", &app.sign_up(&typed));
    app.mails(1);
    record.page("not_found", &app.get("/nothing"));
    record.page("no_campaign", &app.get("/campaigns/nothing"));
    record.page("not_to_be_opened", &app.get(&format!("{CAMPAIGN}/signups")));
    record.page("too_large", &app.post(&format!("{CAMPAIGN}/signups"), &[("name", &"a".repeat(200_000))]));
    record.page("link_unknown", &app.get("/letters/x"));
    record.page("health", &app.get("/healthz"));
    record.page("counts", &app.get("/api/campaigns/ma-287g/counts"));
    app.change_campaign("closes = \"2026-11-22T12:00:00Z\"");
    record.page("closed", &app.get(CAMPAIGN));
    record.page("closed_home", &app.get("/"));
    record.page("closed_officials", &app.post(&format!("{CAMPAIGN}/officials"), &typed.pairs("x")));
    record.page("closed_signing", &app.post(&format!("{CAMPAIGN}/signups"), &typed.pairs("x")));
    record.end();
}

#[test]
fn what_limits_say() {
    let mut record = Recorder::of("limits");
    let app = TestApp::with(&[("SIGNUPS_PER_IP_PER_HOUR", "1"), ("FORM_MIN_SECONDS", "5")]);
    let typed = Typed::new("ana@example.org").with("story", "My own words.");
    record.page("officials_too_fast", &app.preview(&typed));
    record.page("signing_too_fast", &app.sign_up(&typed));
    let token = app.form_token();
    app.advance(Duration::from_secs(5));
    let send = |step: &str| app.post(&format!("{CAMPAIGN}/{step}"), &typed.pairs(&token));
    assert_eq!(send("signups").status, 303);
    app.mails(1);
    record.page("signing_too_often", &send("signups"));
    let last = std::iter::repeat_with(|| send("officials")).take(20).find(|page| page.status == 429).expect("a limit");
    record.page("officials_too_often", &last);
    app.advance(Duration::from_hours(25));
    record.page("form_too_old", &send("officials"));
    record.end();
}

#[test]
fn what_a_supporter_sees_of_their_letters() {
    let mut record = Recorder::of("private");
    let mut app = TestApp::start();
    let typed =
        Typed::new("ana@example.org").with("story", "I <b>care</b> & \"hope\".").with("quote", "yes").with("contact", "yes");
    let link = app.signed_up(&typed);
    record.page("confirm", &app.get(&link));
    record.page("confirm_erase_unsure", &app.post(&format!("{}/erase", link.replace("/confirm/", "/letters/")), &[]));
    app.store
        .write_blocking(|tx| {
            let reason = standout::domain::Reason::parse("a test").unwrap();
            let of = standout::domain::StaffPauseOf::Campaign(1);
            standout::store::steering::pause(tx, of, &standout::domain::Actor::CommandLine, &reason, START)
        })
        .unwrap();
    let private = app.post(&link, &[]).location.unwrap();
    record.page("queued", &app.get(&private));
    record.page("confirm_again", &app.get(&link));
    record.page("erase_unsure", &app.post(&format!("{private}/erase"), &[]));
    record.page("consent_that_is_none", &app.post(&format!("{private}/consents"), &[("withdraw", "x")]));
    record.page("contact_taken_back", &app.post(&format!("{private}/consents"), &[("withdraw", "contact")]));
    for done in ["contact", "quote", "withdrawn", "nothing", "reported", "x"] {
        record.beside(&format!("queued_done_{done}"), &app.get(&private), &app.get(&format!("{private}?done={done}")));
    }
    app.post(&format!("{private}/consents"), &[("withdraw", "quote")]);
    record.page("quote_taken_back", &app.get(&format!("{private}?done=quote")));
    let own = number(&app, "id", "messages WHERE state = 'self_send'").to_string();
    record.page("reporting", &app.post(&format!("{private}/self-reported"), &[("message", &own)]));
    record.page("reported", &app.get(&format!("{private}?done=reported")));
    record.page("withdrawing", &app.post(&format!("{private}/withdraw"), &[]));
    record.page("withdrawn", &app.get(&format!("{private}?done=withdrawn")));
    app.post(&format!("{private}/withdraw"), &[]);
    record.page("nothing_to_withdraw", &app.get(&format!("{private}?done=nothing")));
    record.page("erased", &app.post(&format!("{private}/erase"), &[("sure", "yes")]));
    record.page("gone", &app.get(&private));
    let late = app.signed_up(&Typed::new("ben@example.org"));
    app.advance(WEEK);
    record.page("too_old", &app.get(&late));
    app.restart();
    app.until("the sign-up is expired", || app.letters(Expired) == 3);
    record.page("expired", &app.get(&late));
    record.page("expired_letters", &app.get(&late.replace("/confirm/", "/letters/")));
    record.end();
}

#[test]
fn what_a_supporter_sees_of_letters_that_went() {
    let mut record = Recorder::of("sent");
    let app = TestApp::start();
    let private = app.confirmed(&Typed::new("ana@example.org"));
    app.mails(2);
    app.until("both are sent", || app.letters(Sent) == 2);
    record.page("sent", &app.get(&private));
    comes_back(&app, letter_to(&app, UPPER), 1, ReturnKind::Failed);
    record.page("bounced", &app.get(&private));
    record.page("erased", &app.post(&format!("{private}/erase"), &[("sure", "yes")]));
    let link = app.signed_up(&Typed::new("cleo@example.org"));
    app.smtp.set_script(Script::default().on_recipient(|to, _| match to {
        LOWER => Action::reply("550 5.1.1 User unknown"),
        _ => Action::Accept,
    }));
    let private = app.post(&link, &[]).location.unwrap();
    app.until("the mailbox is dead", || (app.letters(Failed), app.letters(Sent)) == (1, 2));
    app.mails(1);
    record.page("failed", &app.get(&private));
    let private = app.confirmed(&Typed::new("dan@example.org"));
    app.mails(1);
    app.until("the next is held", || (app.letters(Held), app.letters(Sent)) == (1, 3));
    record.page("held", &app.get(&private));
    let link = app.signed_up(&Typed::new("eve@example.org").with("city", "Driftmere"));
    app.smtp.set_script(Script::default().on(At::Dot, Action::StoreAndClose));
    let private = app.post(&link, &[]).location.unwrap();
    app.until("they may have arrived", || number(&app, "count(*)", "attempts WHERE step = 'answer'") == 2);
    record.page("may_have_arrived", &app.get(&private));
    settled(&app);
    record.end();
}

#[test]
fn the_outbox_of_development() {
    let mut record = Recorder::of("outbox");
    let app = TestApp::with(&[("SMTP_URL", "")]);
    record.page("empty", &app.get("/dev/outbox"));
    record.page("home", &app.get("/"));
    record.page("campaign", &app.get(CAMPAIGN));
    app.sign_up(&Typed::new("ana@example.org"));
    app.until("the mail is there", || app.get("/dev/outbox").body.contains("/dev/outbox/"));
    let list = app.get("/dev/outbox");
    let file = list.body.split("href=\"/dev/outbox/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let named = |page: Page| Page { body: page.body.replace(&file, "[file]"), ..page };
    record.page("list", &named(list));
    record.page("mail", &named(app.get(&format!("/dev/outbox/{file}"))));
    record.page("check_email", &app.get("/campaigns/ma-287g/check-your-email"));
    record.page("no_mail", &app.get("/dev/outbox/nothing.eml"));
    record.end();
}

#[test]
fn two_ways_to_write_a_page_have_one_form() {
    let one = "<p class=\"a  b\">It&#39;s <b>here</b>:\n  <a href='/x?a=1&amp;b'>x</a></p>\n<textarea id=t>\n a\n  b</textarea>";
    let other = "<p\n class=\"a b\">\nIt&#x27;s <b>here</b>: <a href=\"/x?a=1&#38;b\" >x</a>\n\n</p><textarea id=\"t\"> a\n  b</textarea>";
    assert_eq!(lines(one), lines(other));
    assert!(lines(one).contains("␣<a href") || lines(one).contains(":␣\n<a href"), "{}", lines(one));
    assert_ne!(lines("<p class=\"letter-text\">a\nb</p>"), lines("<p class=\"letter-text\">a b</p>"), "a line that ends is seen");
    assert_ne!(lines("<b>a</b> <b>c</b>"), lines("<b>a</b><b>c</b>"), "a space that is seen");
    assert_eq!(
        lines("<a href=\"/letters/abcdefghijklmnopqrstuvwxyz-0123456789_ABCDEF?v=1x\">"),
        "<a href=\"/letters/[secret]?v=[version]\">\n"
    );
}
