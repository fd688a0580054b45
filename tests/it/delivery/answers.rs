//! What the server says, and what becomes of the letter.

use std::time::Duration;

use standout::domain::MessageState::{Failed, Queued, Sent};

use super::{FIRST_WAIT, LOWER, UPPER, attempts, ended, to};
use crate::support::app::TestApp;
use crate::support::journey::Typed;
use crate::support::smtp_server::{Action, At, Script};

#[test]
fn a_greylisted_letter_is_taken_at_the_second_try() {
    let app = TestApp::start();
    let link = app.signed_up(&Typed::new("ana@example.org"));
    app.smtp.set_script(Script::greylist());
    assert_eq!(app.post(&link, &[]).status, 303);
    ended(&app, UPPER, 1);
    ended(&app, LOWER, 1);
    assert_eq!((app.letters(Queued), app.letters(Sent)), (2, 0));

    app.advance(Duration::from_secs(200));
    std::thread::sleep(Duration::from_millis(700));
    assert_eq!(attempts(&app, UPPER).len(), 1, "not before its wait is over");

    app.advance(FIRST_WAIT);
    assert_eq!(app.mails(2).len(), 2);
    app.until("both are sent", || app.letters(Sent) == 2);
    let rows = attempts(&app, LOWER);
    let seen: Vec<_> = rows.iter().map(|row| (row.1.as_str(), row.2.as_str(), row.3, row.4.as_deref())).collect();
    assert_eq!(seen, [("retry", "rcpt_to", Some(451), Some("4.7.1")), ("sent", "body", Some(250), Some("2.0.0"))]);
}

#[test]
fn a_letter_is_the_same_at_every_try() {
    let app = TestApp::start();
    let link = app.signed_up(&Typed::new("ana@example.org"));
    app.smtp.set_script(Script::default().on(At::Dot, Action::StoreAndRaw(b"451 4.3.0 Try again\r\n".to_vec())));
    assert_eq!(app.post(&link, &[]).status, 303);
    let first = app.mails(2);
    ended(&app, UPPER, 1);
    ended(&app, LOWER, 1);
    assert_eq!(app.letters(Sent), 0, "what the server refused is not sent");

    app.smtp.set_script(Script::default());
    app.advance(FIRST_WAIT);
    let second = app.mails(2);
    for mailbox in [UPPER, LOWER] {
        let (first, second) = (to(&first, mailbox), to(&second, mailbox));
        assert_eq!(first[0].header("Message-ID"), second[0].header("Message-ID"));
        assert_eq!(first[0].data, second[0].data);
    }
    app.until("both are sent", || app.letters(Sent) == 2);
}

#[test]
fn a_refused_recipient_fails_at_once_and_is_never_sent() {
    let app = TestApp::start();
    let link = app.signed_up(&Typed::new("ana@example.org"));
    app.smtp.set_script(Script::default().on_recipient(|to, _| match to {
        LOWER => Action::reply("550-5.1.1 <Ana@Example.org> may not write\r\n550 5.1.1 to this mailbox, says ana@example.org"),
        _ => Action::Accept,
    }));
    assert_eq!(app.post(&link, &[]).status, 303);
    assert_eq!(to(&app.mails(1), UPPER).len(), 1);
    app.until("one failed, one is sent", || (app.letters(Failed), app.letters(Sent)) == (1, 1));
    let rows = attempts(&app, LOWER);
    let [row] = rows.as_slice() else { panic!("{rows:?}") };
    assert_eq!((row.1.as_str(), row.2.as_str(), row.3, row.4.as_deref()), ("failed", "rcpt_to", Some(550), Some("5.1.1")));
    assert!(row.5.contains("may not write") && row.5.contains("(the supporter)"), "{row:?}");
    assert!(!row.5.to_lowercase().contains("ana@example.org"), "{row:?}");

    app.advance(Duration::from_hours(48));
    std::thread::sleep(Duration::from_millis(700));
    assert_eq!((attempts(&app, LOWER).len(), app.letters(Failed)), (1, 1));
}

/// A server that has no use for us says nothing about the letter.
#[test]
fn a_5xx_before_the_letter_fails_nothing() {
    for (at, step) in [(At::Greeting, "connect"), (At::Ehlo, "connect")] {
        let mut app = TestApp::start();
        let link = app.signed_up(&Typed::new("ana@example.org"));
        app.smtp.set_script(Script::default().on(at, Action::reply("554 5.3.2 Not today")));
        // The open session was good; new ones are met by the new script.
        app.restart();
        assert_eq!(app.post(&link, &[]).status, 303);
        for mailbox in [UPPER, LOWER] {
            let row = &ended(&app, mailbox, 1)[0];
            assert_eq!((row.1.as_str(), row.2.as_str(), row.3), ("retry", step, Some(554)), "{at:?}");
        }
        assert_eq!((app.letters(Failed), app.letters(Queued)), (0, 2), "{at:?}");
        app.smtp.set_script(Script::default());
        app.advance(FIRST_WAIT);
        app.mails(2);
        app.until("both are sent", || app.letters(Sent) == 2);
    }
}

#[test]
fn a_server_that_refuses_our_address_fails_no_letter() {
    let app = TestApp::start();
    let link = app.signed_up(&Typed::new("ana@example.org"));
    app.smtp.set_script(Script::default().on(At::Mail, Action::reply("530 5.7.0 Authentication required")));
    assert_eq!(app.post(&link, &[]).status, 303);
    app.until("it was tried", || attempts(&app, UPPER).len() + attempts(&app, LOWER).len() >= 1);
    app.until("what was tried is back in the queue", || app.letters(Queued) == 2);
    assert_eq!(app.letters(Failed), 0);

    app.smtp.set_script(Script::default());
    app.advance(FIRST_WAIT);
    app.mails(2);
    app.until("both are sent", || app.letters(Sent) == 2);
}
