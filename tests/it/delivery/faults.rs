//! Every fault of a mail server at every step, with the whole service: after each the letters are in the right state, and when
//! the server is mended each has come, once unless the server itself had kept silent about it, and the counts are the rows.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use standout::domain::Clock;
use standout::domain::MessageState::{Failed, Queued, Sent};

use super::{LOWER, UPPER, tables, to};
use crate::support::app::{PATIENCE, START, TestApp};
use crate::support::journey::Typed;
use crate::support::smtp_server::{Action, At, Script, SmtpServer};

/// Where both letters of a supporter are after the fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum After {
    /// Waiting for another try; nothing was stored.
    Waiting,
    /// Waiting for another try, although the server has them: they come twice, as the same letter.
    WaitingThoughStored,
    /// Ended, and never stored.
    Failed,
    /// Stored once.
    Sent,
}

type Case = (&'static str, Script, After);

/// What a server of these tests does when it does nothing wrong: it asks for a log-in.
fn good() -> Script {
    Script { auth: Some(("robin".into(), "a password".into())), ..Script::default() }
}

fn on(at: At, action: Action) -> Script {
    good().on(at, action)
}

fn reply(at: At, text: &str) -> Script {
    on(at, Action::reply(text))
}

/// Runs the cases one after the other on one service, each with a supporter of its own.
fn run(cases: Vec<Case>) {
    let smtp = SmtpServer::start(good());
    let url = format!("smtp://robin:a%20password@{}?tls=opportunistic", smtp.addr);
    let settings = [("SMTP_URL", url.as_str()), ("SMTP_CONNECTIONS", "2"), ("MAIL_LEASE_SECONDS", "1")];
    let app = TestApp::over(smtp, tempfile::tempdir().unwrap(), Clock::manual(START), &settings);
    for (number, (name, script, after)) in cases.into_iter().enumerate() {
        case(&app, number, name, script, after);
        counts_are_the_rows(&app, name);
    }
    app.until("nothing waits any more", || {
        app.advance(Duration::from_mins(5));
        tables(&app).count("messages WHERE state IN ('queued', 'sending')") == 0
    });
    app.smtp.take_messages();
}

fn case(app: &TestApp, number: usize, name: &str, script: Script, after: After) {
    let typed =
        Typed::new(&format!("person{number}@example.org")).with("name", "Zoë Exämple").with("story", "Schöne Grüße, señor.");
    assert_eq!(app.sign_up(&typed).status, 303, "{name}");
    let link = link_to(app, &format!("person{number}@example.org"));
    let first: i64 = tables(app).rows::<(i64,)>("min(m.id)", "messages m WHERE state = 'unconfirmed'")[0].0;
    let ours = format!("messages m WHERE m.id >= {first} AND m.kind = 'letter' AND m.state <> 'self_send'");
    let before = app.smtp.messages().len();
    let was = (app.letters(Sent), app.letters(Failed));

    // What is open was opened to the good server: a new greeting is part of the game.
    app.smtp.set_script(script);
    app.smtp.hang_up();
    assert_eq!(app.post(&link, &[]).status, 303, "{name}");
    within(name, "both letters are where they belong", || {
        let states: Vec<String> = tables(app).rows::<(String,)>("m.state", &ours).into_iter().map(|(state,)| state).collect();
        let tried = tables(app).count(&format!(
            "attempts a JOIN {} ",
            ours.replacen("WHERE", "ON m.id = a.message_id WHERE a.outcome <> 'in_hand' AND", 1)
        ));
        let wanted = match after {
            After::Waiting | After::WaitingThoughStored => "queued",
            After::Failed => "failed",
            After::Sent => "sent",
        };
        tried > 0 && states.len() == 2 && states.iter().all(|state| state == wanted)
    });
    let now = (app.letters(Sent) - was.0, app.letters(Failed) - was.1);
    let wanted = match after {
        After::Waiting | After::WaitingThoughStored => (0, 0),
        After::Failed => (0, 2),
        After::Sent => (2, 0),
    };
    assert_eq!(now, wanted, "{name}: sent and failed");
    counts_are_the_rows(app, name);

    app.smtp.set_script(good());
    let done = |app: &TestApp| app.letters(Sent) + app.letters(Failed) == was.0 + was.1 + 2 && app.letters(Queued) == 0;
    within(name, "the letters are final once the server is mended", || {
        if !done(app) {
            app.advance(Duration::from_mins(5));
        }
        done(app)
    });
    let came = app.smtp.messages().split_off(before);
    for mailbox in [UPPER, LOWER] {
        let came = to(&came, mailbox);
        match after {
            After::Failed => assert!(came.is_empty(), "{name}: what failed was not stored"),
            After::Waiting | After::Sent => assert_eq!(came.len(), 1, "{name}: it came once to {mailbox}"),
            // The hand that was told "not now" while another letter was on its way had its letter stored only once.
            After::WaitingThoughStored => assert!((1..=2).contains(&came.len()), "{name}: {} came", came.len()),
        }
        let Some(one) = came.first() else { continue };
        assert!(came.iter().all(|mail| mail.data == one.data), "{name}: the same letter, byte by byte");
        assert!(one.data.is_ascii(), "{name}: it needs no 8BITMIME");
        let id = one.header("Message-ID").unwrap();
        let row = tables(app).count(&format!("{ours} AND m.state = 'sent' AND m.message_id = '{id}'"));
        assert_eq!(row, 1, "{name}: the letter that came is on record as sent");
    }
    if after == After::WaitingThoughStored {
        assert!(to(&came, UPPER).len() + to(&came, LOWER).len() > 2, "{name}: nothing was stored by the faulty server");
    }
}

/// The link of this person's confirmation, whatever else comes meanwhile (receipts of those before).
fn link_to(app: &TestApp, email: &str) -> String {
    let mut link = None;
    within(email, "the confirmation came", || {
        let mails = app.smtp.messages();
        link = mails.iter().find(|mail| mail.to == [email]).map(|mail| super::link_in(mail, "/confirm/"));
        link.is_some()
    });
    link.unwrap()
}

/// The kept counts of letters, and the rows counted anew.
fn counts_are_the_rows(app: &TestApp, name: &str) {
    let mut tables = tables(app);
    let rows: BTreeMap<String, i64> =
        tables.rows("state, count(*)", "messages WHERE kind = 'letter' GROUP BY state").into_iter().collect();
    let kept: BTreeMap<String, i64> = tables
        .rows("metric, sum(n)", "counts WHERE dimension = 'all' AND metric IN (SELECT DISTINCT state FROM messages) GROUP BY metric HAVING sum(n) <> 0")
        .into_iter()
        .collect();
    assert_eq!(kept, rows, "{name}");
}

fn within(name: &str, what: &str, mut done: impl FnMut() -> bool) {
    let start = Instant::now();
    while !done() {
        assert!(start.elapsed() < PATIENCE, "{name}: in {PATIENCE:?} it did not happen that {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn before_the_letter() {
    use After::Waiting;
    let megabyte = [b"220 ".to_vec(), vec![b'x'; 1 << 20]].concat();
    let starttls = || Script { starttls: true, ..good() };
    let mut cases = vec![
        ("refused connection", Script { refuse: true, ..good() }, Waiting),
        ("STARTTLS: TLS that fails", starttls(), Waiting),
        ("STARTTLS: 4xx", starttls().on(At::StartTls, Action::reply("454 4.7.0 Not now")), Waiting),
        ("STARTTLS: 5xx", starttls().on(At::StartTls, Action::reply("554 5.7.0 Never")), Waiting),
        (
            "STARTTLS: no handshake",
            starttls().on(At::StartTls, Action::raw("220 Go\r\nnot a handshake, not at all\r\n")),
            Waiting,
        ),
        ("STARTTLS: words behind it", starttls().on(At::StartTls, Action::raw("220 Go\r\n250 injected\r\n")), Waiting),
        ("STARTTLS: close", starttls().on(At::StartTls, Action::Close), Waiting),
        ("AUTH: 4xx", reply(At::Auth, "454 4.7.0 Later"), Waiting),
        ("AUTH: 5xx", reply(At::Auth, "535 5.7.8 No"), Waiting),
        ("AUTH: malformed", on(At::Auth, Action::raw("hello\r\n")), Waiting),
        ("AUTH: close", on(At::Auth, Action::Close), Waiting),
        ("AUTH: not offered", Script { auth: None, ..good() }, Waiting),
    ];
    for at in [At::Greeting, At::Ehlo] {
        cases.extend([
            ("opening: 4xx", reply(at, "451 4.3.0 Later"), Waiting),
            ("opening: 421", reply(at, "421 4.3.2 Closing"), Waiting),
            ("opening: 5xx", reply(at, "554 5.7.1 No"), Waiting),
            ("opening: malformed", on(at, Action::raw("hello\r\n")), Waiting),
            ("opening: another code", on(at, Action::raw("354 go on\r\n")), Waiting),
            ("opening: 1 MB", on(at, Action::Raw(megabyte.clone())), Waiting),
            ("opening: close", on(at, Action::Close), Waiting),
            ("opening: reset", on(at, Action::Reset), Waiting),
        ]);
    }
    run(cases);
}

#[test]
fn at_each_command_of_the_letter() {
    let megabyte = || [b"250 ".to_vec(), vec![b'x'; 1 << 20]].concat();
    let hang = || Action::After(Duration::from_millis(1500), Box::new(Action::Close));
    let mut cases = Vec::new();
    for pipelining in [true, false] {
        let with = |script: Script| Script { pipelining, ..script };
        for at in [At::Mail, At::Rcpt, At::Data, At::Dot] {
            // A refusal before a recipient is named is about us, and ends no letter.
            let ended = if at == At::Mail { After::Waiting } else { After::Failed };
            cases.extend([
                ("4xx", with(reply(at, "451 4.3.0 Later")), After::Waiting),
                ("5xx", with(reply(at, "554 5.6.0 No")), ended),
                ("421 and close", with(on(at, Action::RawAndClose(b"421 4.3.2 Closing\r\n".to_vec()))), After::Waiting),
                ("malformed", with(on(at, Action::raw("hello\r\n"))), After::Waiting),
                ("multi-line and broken", with(on(at, Action::raw("250-one\r\n251 two\r\n"))), After::Waiting),
                ("1 MB", with(on(at, Action::Raw(megabyte()))), After::Waiting),
                ("close", with(on(at, Action::Close)), After::Waiting),
                ("reset", with(on(at, Action::Reset)), After::Waiting),
            ]);
        }
        cases.push(("a hang longer than the lease", with(on(At::Rcpt, hang())), After::Waiting));
        cases.push(("close in the middle of the text", with(on(At::Body, Action::Close)), After::Waiting));
    }
    run(cases);
}

#[test]
fn after_the_dot_and_odd_but_lawful() {
    let multi = |code: &str| Action::raw(format!("{code}-one\r\n{code}-\r\n{code} three\r\n"));
    let slow = |time| Action::After(Duration::from_millis(time), Box::new(Action::Accept));
    run(vec![
        ("stored, and closed", on(At::Dot, Action::StoreAndClose), After::WaitingThoughStored),
        ("stored, and malformed", on(At::Dot, Action::StoreAndRaw(b"hello\r\n".to_vec())), After::WaitingThoughStored),
        (
            "stored, and 1 MB",
            on(At::Dot, Action::StoreAndRaw([b"250 ".to_vec(), vec![b'x'; 1 << 20]].concat())),
            After::WaitingThoughStored,
        ),
        ("stored, and 4xx", on(At::Dot, Action::StoreAndRaw(b"451 4.3.0 Later\r\n".to_vec())), After::WaitingThoughStored),
        ("slow final dot, longer than the lease", on(At::Dot, slow(1500)), After::Sent),
        ("single bytes", Script { byte_by_byte: true, ..good() }, After::Sent),
        ("several lines", good().on(At::Mail, multi("250")).on(At::Rcpt, multi("250")).on(At::Data, multi("354")), After::Sent),
        ("several lines after the dot", on(At::Dot, Action::StoreAndRaw(b"250-one\r\n250 two\r\n".to_vec())), After::Sent),
        ("no 8BITMIME", Script { eight_bit: false, ..good() }, After::Sent),
        ("no PIPELINING", Script { pipelining: false, ..good() }, After::Sent),
        ("neither, byte by byte", Script { eight_bit: false, pipelining: false, byte_by_byte: true, ..good() }, After::Sent),
        (
            "taken, and closed after the answer",
            on(At::Dot, Action::StoreAndRaw(b"250 Ok\r\n421 4.3.2 Closing\r\n".to_vec())),
            After::Sent,
        ),
    ]);
}
