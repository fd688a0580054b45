//! A service's whole life: people sign up, confirm, change their minds; letters go, fail, come back; time passes; and staff open
//! every page and press what there is to press.

use std::time::Duration;

use reqwest::blocking::Client;
use standout::domain::MessageState::{Bounced, Failed, Held, Sent};
use standout::domain::{Role, UsState};
use standout::store::{queue, signup_life, streets, terms};

use super::support::app::{Page, TestApp};
use super::support::http_server::{HttpServer, Reply};
use super::support::journey::{CAMPAIGN, Typed, link_in};
use super::support::smtp_server::{Action, At, Script, StoredMessage};
use super::support::tables::Tables;

const SECRET: &str = "a secret of more than thirty-two characters";
const UPPER: &str = "wren.harborlight@example.org";
const LOWER: &str = "ines.quillfeather@example.org";
const CONSOLE: &str = "/staff/campaigns/ma-287g";
const LETTERS: &str = "/staff/campaigns/ma-287g/letters";

fn tables(app: &TestApp) -> Tables {
    Tables::open(app.store.path())
}

fn id(app: &TestApp, column: &str, rest: &str) -> i64 {
    tables(app).rows::<(i64,)>(column, &format!("{rest} LIMIT 1")).first().unwrap_or_else(|| panic!("no row: {rest}")).0
}

/// Signs up; gives the link of the confirmation.
fn signs_up(app: &TestApp, typed: &Typed, email: &str) -> String {
    app.smtp.take_messages();
    let before = app.smtp.messages().len();
    assert_eq!(app.sign_up(typed).status, 303);
    let came = |app: &TestApp| -> Option<String> {
        let mails = app.smtp.messages();
        let mail = mails[before..].iter().find(|mail| mail.to.iter().any(|to| to == email))?;
        Some(link_in(mail, "/confirm/"))
    };
    app.until("the confirmation came", || came(app).is_some());
    came(app).unwrap()
}

/// Signs up and confirms; gives the path of the private page.
fn confirms(app: &TestApp, typed: &Typed, email: &str) -> String {
    let link = signs_up(app, typed, email);
    assert_eq!(app.get(&link).status, 200);
    app.post(&link, &[]).location.unwrap()
}

fn press(app: &TestApp, path: &str, fields: &[(&str, &str)]) -> Page {
    let csrf = app.get("/staff/account").field("csrf").unwrap();
    let mut all = vec![("csrf", csrf.as_str())];
    all.extend_from_slice(fields);
    let page = app.post(path, &all);
    assert!(page.status < 500 && page.status != 403 && page.status != 404, "{path}: {} {}", page.status, page.text());
    page
}

fn hand_over(app: &TestApp, mail: &str) {
    let request = app.client.post(app.address("/bounces")).bearer_auth(SECRET).body(mail.to_owned());
    assert_eq!(request.send().unwrap().status().as_u16(), 202);
}

/// A report (RFC 3464) on a mail that was sent.
fn report(mail: &StoredMessage, status: &str) -> String {
    format!(
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@relay.example\r\nTo: <{}>\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nIt failed.\r\n\
         --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; relay.example\r\n\r\nFinal-Recipient: rfc822; {}\r\n\
         Action: failed\r\nStatus: {status}\r\nDiagnostic-Code: smtp; 550 {status} no\r\n\r\n--b--\r\n",
        mail.from, mail.to[0]
    )
}

fn automatic_answer(mail: &StoredMessage) -> String {
    format!(
        "Return-Path: <>\r\nFrom: {}\r\nTo: {}\r\nSubject: Automatic reply: x\r\nAuto-Submitted: auto-replied\r\n\r\nThank you for writing.\r\n",
        mail.to[0], mail.from
    )
}

fn mail_to(app: &TestApp, mailbox: &str) -> StoredMessage {
    app.smtp.messages().into_iter().rfind(|mail| mail.to[0] == mailbox).unwrap()
}

/// Everything once.
pub fn lived() {
    let mut app = TestApp::with(&[
        ("MAIL_BOUNCE_DOMAIN", "bounces.campaign.example"),
        ("BOUNCE_SECRET", SECRET),
        ("MAIL_PER_OFFICE_PER_HOUR", "1000"),
        ("MAIL_PER_DOMAIN_PER_HOUR", "1000"),
        ("MAIL_WARM_UP", "1000"),
        ("MAIL_RETRY_SECONDS", "60,60"),
    ]);
    app.logged_in(Role::Admin);
    let told = HttpServer::start(|target| Reply::Body(if target == "/no" { 500 } else { 204 }, String::new()));
    for path in ["/yes", "/no"] {
        let url = told.url(path).to_string();
        press(&app, "/staff/webhooks", &[("url", &url), ("letter_sent", "yes"), ("signup_confirmed", "yes")]);
    }
    press(&app, "/staff/webhooks/1/test", &[]);
    streets(&app);
    let tokens = app.get("/staff/tokens").field("csrf").unwrap();
    let made = app.post("/staff/tokens", &[("csrf", &tokens), ("name", "x"), ("scope", "letters"), ("days", "30")]).body;
    let token = made
        .split_once("data-copy-source")
        .and_then(|(_, rest)| rest.split_once(">\n"))
        .map(|(_, rest)| rest.split('<').next().unwrap().to_owned());

    let ana = people(&app);
    comes_back(&app);
    supporters_pages(&app, &ana);
    console(&app);
    buttons(&app);
    if let Some(token) = token {
        programs(&app, &token);
    }
    app.until("webhooks were told", || told.requests().len() > 4);
    late(&mut app);
    // What still waits stays where it is.
    app.smtp.stop();
    app.smtp.take_messages();
}

/// Streets are imported, an older file of them is swept away, and a house is looked up.
fn streets(app: &TestApp) {
    let ma = UsState::parse("ma").unwrap();
    let import = move |tx: &mut standout::store::Tx<'_>| {
        for _ in 0..2 {
            let file = streets::begin(tx, ma, "a county")?;
            streets::complete(tx, file)?;
        }
        streets::sweep(tx, ma, "a county", 100)
    };
    app.store.write_blocking(import).unwrap();
    for zip in [Some("01099"), None] {
        app.store.read_blocking(|conn| streets::ranges(conn, ma, "harbor", 12, zip)).unwrap();
    }
}

/// People sign up: new, once more, over again; some of their letters fail, wait, or are held. Gives one's private page.
fn people(app: &TestApp) -> String {
    for path in ["/", CAMPAIGN, "/healthz", "/readyz", "/metrics", "/api/campaigns/ma-287g/counts"] {
        assert_eq!(app.get(path).status, 200, "{path}");
    }
    let ana = Typed::new("ana@example.org").with("story", "My own words.").with("contact", "yes").with("quote", "yes");
    app.preview(&ana);
    let private = confirms(app, &ana, "ana@example.org");
    app.until("hers are sent", || app.letters(Sent) == 2);
    // She has confirmed already, which she is told.
    assert_eq!(app.sign_up(&ana).status, 303);

    let dan = Typed::new("dan@example.org");
    signs_up(app, &dan, "dan@example.org");
    // Before he confirmed, his words are others.
    let link = signs_up(app, &dan.clone().with("story", "Other words."), "dan@example.org");
    app.smtp.set_script(Script::default().on_recipient(|to, nth| match (to, nth) {
        (UPPER, 1) => Action::reply("451 4.3.0 later"),
        (LOWER, 1) => Action::reply("552 5.3.4 too big"),
        (LOWER, 2) => Action::reply("550 5.1.1 nobody here"),
        _ => Action::Accept,
    }));
    assert_eq!(app.post(&link, &[]).status, 303);
    app.until("one failed", || app.letters(Failed) == 1);
    app.until("one waits", || tables(app).count("attempts WHERE outcome = 'retry'") == 1);
    app.advance(Duration::from_mins(2));
    app.until("it went", || app.letters(Sent) == 3);
    confirms(app, &Typed::new("eve@example.org"), "eve@example.org");
    app.until("a mailbox is dead", || tables(app).count("dead_mailboxes") == 1);
    confirms(app, &Typed::new("fay@example.org"), "fay@example.org");
    app.until("a letter is held", || app.letters(Held) >= 1);
    // A letter that is in hand for a while: its lease is renewed.
    let slow = Action::After(Duration::from_millis(2500), Box::new(Action::Accept));
    app.smtp.set_script(Script::default().on_message(app.smtp.messages().len() + 1, At::Dot, slow));
    let official = id(app, "official_id", "dead_mailboxes");
    press(app, &format!("/staff/mailboxes/{official}/release"), &[]);
    confirms(app, &Typed::new("gus@example.org"), "gus@example.org");
    app.until("all are sent", || {
        app.letters(Held) == 0 && tables(app).count("messages WHERE state IN ('queued', 'sending')") == 0
    });
    private
}

/// Letters and notices come back, and their writers are told.
fn comes_back(app: &TestApp) {
    hand_over(app, &report(&mail_to(app, UPPER), "5.7.1"));
    assert_eq!(app.letters(Bounced), 1);
    hand_over(app, &report(&mail_to(app, LOWER), "5.1.1"));
    hand_over(app, &report(&mail_to(app, "gus@example.org"), "5.1.1"));
    let to_upper = app.smtp.messages().into_iter().find(|mail| mail.to[0] == UPPER).unwrap();
    hand_over(app, &automatic_answer(&to_upper));
    hand_over(app, "From: x@example.org\r\nTo: nobody@bounces.campaign.example\r\n\r\nHello.\r\n");
    app.advance(Duration::from_mins(30));
    app.until("the answer is passed on", || tables(app).count("office_replies WHERE passed_on_at IS NOT NULL") == 1);
    app.until("receipts are written", || tables(app).count("messages WHERE kind = 'receipt'") >= 1);
    app.until("a writer is told", || tables(app).count("messages WHERE told_at IS NOT NULL") >= 1);
}

fn supporters_pages(app: &TestApp, ana: &str) {
    assert_eq!(app.get(ana).status, 200);
    let own = id(app, "id", "messages WHERE state = 'self_send' AND signup_id = 1");
    app.post(&format!("{ana}/self-reported"), &[("message", &own.to_string())]);
    for consent in ["contact", "quote"] {
        app.post(&format!("{ana}/consents"), &[("withdraw", consent)]);
    }
    let ben = confirms(
        app,
        &Typed::new("ben@example.org").with("quote", "yes").with("contact", "yes").with("story", "Quote me."),
        "ben@example.org",
    );
    app.post(&format!("{ben}/withdraw"), &[]);
    let cy = confirms(app, &Typed::new("cy@example.org"), "cy@example.org");
    app.until("theirs are out of hand", || tables(app).count("messages WHERE state IN ('queued', 'sending')") == 0);
    assert_eq!(app.post(&format!("{cy}/erase"), &[("sure", "yes")]).status, 200);
}

/// Every page of the console.
fn console(app: &TestApp) {
    let letter = id(app, "id", "messages WHERE kind = 'letter' AND state = 'sent'");
    let office = id(app, "office_id", &format!("messages WHERE id = {letter}"));
    let evidence = id(app, "id", "positions");
    for route in standout::web::console_routes() {
        let pattern = route.path;
        if route.method != "GET" || ["/uploads/", "/login", "/setup/", "/events"].iter().any(|part| pattern.contains(part)) {
            continue;
        }
        let id = if pattern.contains("/letters/") { letter } else { evidence };
        let path = pattern
            .replace("{slug}", "ma-287g")
            .replace("{text}", "upper")
            .replace("{office}", &office.to_string())
            .replace("{id:[0-9]+}", &evidence.to_string())
            .replace("{id}", &id.to_string());
        assert_eq!(app.get(&path).status, 200, "{path}");
    }
    let more = [
        "?state=sent",
        "?state=held",
        "?state=self_send",
        "?from=2026-11-22&until=2026-11-22",
        "?before=2",
        "?state=failed&before=1000",
        "?state=queued&from=2026-11-22",
    ];
    for query in more {
        assert_eq!(app.get(&format!("{LETTERS}{query}")).status, 200, "{query}");
        assert_eq!(app.get(&format!("{LETTERS}{query}&office={office}")).status, 200);
    }
    assert_eq!(app.get(&format!("{LETTERS}?office={office}")).status, 200);
    for query in ["?who=admin@example.org", "?deed=campaign.text", "?before=3"] {
        assert!(app.get(&format!("/staff/log{query}")).status < 500, "{query}");
    }
    for path in ["", "/versions", "/edit/upper", "/edit/settings", "/compare/upper"] {
        assert!(app.get(&format!("{CONSOLE}/text{path}")).status < 500, "{path}");
    }
    // An open overview gets its numbers until it is closed.
    let open = app.client.get(app.address(&format!("{CONSOLE}/events"))).send().unwrap();
    std::thread::sleep(Duration::from_millis(2500));
    drop(open);
}

fn buttons(app: &TestApp) {
    let letter = id(app, "id", "messages WHERE kind = 'letter' AND state = 'sent'");
    let office = id(app, "office_id", &format!("messages WHERE id = {letter}"));
    press(app, &format!("{LETTERS}/{letter}/open"), &[]);
    for who in ["ana@example.org", "Ana"] {
        press(app, &format!("{LETTERS}/find"), &[("who", who)]);
    }
    for (state, act) in [("failed", "resend"), ("bounced", "resend")] {
        let letter = id(app, "id", &format!("messages WHERE kind = 'letter' AND state = '{state}'"));
        press(app, &format!("{LETTERS}/{letter}/{act}"), &[("state", state), ("reason", "a test")]);
    }
    for file in ["letters.csv", "supporters.csv"] {
        press(app, &format!("{CONSOLE}/exports/{file}"), &[]);
    }
    let report = format!("{CONSOLE}/offices/{office}/report");
    press(app, &report, &[("quote", "1")]);
    press(app, &format!("{report}/quotes"), &[]);
    let sending = format!("/staff/sending/offices/{office}");
    press(app, &format!("{sending}/pace"), &[("a_minute", "5"), ("an_hour", "60"), ("pace_reason", "a test")]);
    press(app, &format!("{sending}/common-pace"), &[]);
    for (pause, end) in [
        (format!("{sending}/pause"), format!("{sending}/resume")),
        ("/staff/sending/pause".into(), "/staff/sending/end-pause".into()),
        (format!("{CONSOLE}/steering/pause"), format!("{CONSOLE}/steering/resume")),
    ] {
        press(app, &pause, &[("reason", "a test")]);
        app.get(&format!("{CONSOLE}/steering"));
        app.get("/staff/sending");
        app.get(&sending);
        press(app, &end, &[("reason", "a test")]);
    }
    press(app, "/staff/sending/resume", &[]);
    let week: Vec<String> = (0..7).map(|day| format!("day_{day}")).collect();
    let mut hours: Vec<(&str, &str)> = week.iter().map(|day| (day.as_str(), "yes")).collect();
    hours.extend([("from", "00:00"), ("until", "23:59")]);
    press(app, &format!("{CONSOLE}/steering/hours"), &hours);
    press(app, &format!("{CONSOLE}/steering/dates"), &[("opens", ""), ("closes", "2036-11-22T09:00")]);
    press(app, &format!("{CONSOLE}/steering/written-dates"), &[]);
    let edit = format!("{CONSOLE}/text/edit/upper");
    let page = app.get(&edit);
    let (csrf, began) = (page.field("csrf").unwrap(), page.field("began_from").unwrap());
    let words = [("csrf", csrf.as_str()), ("began_from", &began), ("subject", "A subject"), ("body", "I live in {{town}}.\n")];
    app.post(&edit, &[&words[..], &[("do", "test")]].concat());
    app.post(&edit, &words);
    let people = app.get("/staff/people");
    press(app, "/staff/people/invitations", &[("role", "viewer"), ("whom", "Robin"), ("once", &people.field("once").unwrap())]);
    app.get("/staff/people");
    // Somebody asks in vain, and for a page that is not there.
    let stranger = Client::builder().cookie_store(true).build().unwrap();
    let door = Page::of(stranger.get(app.address("/staff/login")).send().unwrap()).field("csrf").unwrap();
    let wrong = [("csrf", door.as_str()), ("email", "no@example.org"), ("password", "wrong")];
    stranger.post(app.address("/staff/login")).form(&wrong).send().unwrap();
    app.get("/confirm/nothing");
    app.until("what was sent anew is out", || tables(app).count("messages WHERE state = 'sending'") == 0);
}

/// Programs ask.
fn programs(app: &TestApp, token: &str) {
    let letter = id(app, "id", "messages WHERE kind = 'letter'");
    for path in ["openapi.json", "campaigns", "campaigns/ma-287g/counts", "campaigns/ma-287g/letters", "offices"] {
        app.client.get(app.address(&format!("/api/v1/{path}"))).bearer_auth(token).send().unwrap();
    }
    app.client.get(app.address(&format!("/api/v1/letters/{letter}"))).bearer_auth(token).send().unwrap();
}

/// Time passes: what was never confirmed ends, a term ends, a sender that died leaves letters in hand.
fn late(app: &mut TestApp) {
    signs_up(app, &Typed::new("zoe@example.org"), "zoe@example.org");
    app.advance(Duration::from_hours(9 * 24));
    let now = app.clock.now();
    let store = app.store.clone();
    assert_eq!(store.write_blocking(move |tx| signup_life::expire(tx, 100, now)).unwrap(), 1);
    // A letter waits, and its official leaves.
    let link = signs_up(app, &Typed::new("kim@example.org"), "kim@example.org");
    app.smtp.set_script(Script::default().on_recipient(|_, _| Action::reply("451 4.3.0 later")));
    assert_eq!(app.post(&link, &[]).status, 303);
    app.until("hers wait", || tables(app).count("messages WHERE kind = 'letter' AND state = 'queued' AND failures > 0") >= 1);
    // A sender that dies.
    app.clock.advance(Duration::from_hours(2));
    let now = app.clock.now();
    let destination = id(app, "destination_id", "messages WHERE kind = 'letter' AND state = 'queued'");
    let in_hand = store.write_blocking(move |tx| queue::claim(tx, "the dead", destination, 1, Duration::from_secs(10), now));
    drop(in_hand.unwrap());
    let later = now.plus(Duration::from_mins(1));
    store.write_blocking(move |tx| queue::recover(tx, later, None)).unwrap();
    store.write_blocking(move |tx| queue::clock_set_back(tx, later)).unwrap();
    Tables::change(app.store.path(), "UPDATE officials SET term_ends = 0, demo = 0 WHERE ended_at IS NULL AND email IS NOT NULL");
    store.write_blocking(move |tx| terms::end_terms(tx, 500, later)).unwrap();
    app.smtp.set_script(Script::default());
    app.restart();
    for path in ["/staff/roster", "/staff/sending", CONSOLE] {
        app.get(path);
    }
}
