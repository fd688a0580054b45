//! Connections that don't come, break, or hang; and whose turn it is on those that work.

use std::time::Duration;

use standout::domain::Clock;
use standout::domain::MessageState::{Queued, Sent};

use super::{FIRST_WAIT, LOWER, UPPER, attempts, confirm, ended, links, tables, to};
use crate::support::app::{START, TestApp};
use crate::support::copies::queue_copies;
use crate::support::journey::Typed;
use crate::support::service::within;
use crate::support::smtp_server::{Action, At, Script, SmtpServer};

#[test]
fn a_server_that_is_down_at_the_start_gets_its_mail_later() {
    let down = Script { refuse: true, ..Script::default() };
    let app = TestApp::over(SmtpServer::start(down), tempfile::tempdir().unwrap(), Clock::manual(START), &[]);
    assert_eq!(app.sign_up(&Typed::new("ana@example.org")).status, 303);
    app.until("it was tried", || tables(&app).count("attempts WHERE outcome = 'retry' AND step = 'connect'") == 1);
    app.smtp.set_script(Script::default());
    app.advance(FIRST_WAIT);
    assert_eq!(app.mails(1)[0].to, ["ana@example.org"]);
}

#[test]
fn an_answer_that_never_came_is_asked_for_again_with_the_same_message_id() {
    let app = TestApp::start();
    let link = app.signed_up(&Typed::new("ana@example.org"));
    app.smtp.set_script(Script::default().on(At::Dot, Action::StoreAndClose));
    assert_eq!(app.post(&link, &[]).status, 303);
    let first = app.mails(2);
    for mailbox in [UPPER, LOWER] {
        let row = &ended(&app, mailbox, 1)[0];
        assert_eq!((row.1.as_str(), row.3), ("retry", None));
        assert!(row.2.as_str() == "answer", "the row says how far it came: {row:?}");
        assert!(!row.5.is_empty(), "and why it is not known: {row:?}");
    }
    assert_eq!((app.letters(Queued), app.letters(Sent)), (2, 0));

    app.smtp.set_script(Script::default());
    app.advance(FIRST_WAIT);
    let second = app.mails(2);
    for mailbox in [UPPER, LOWER] {
        let (first, second) = (&to(&first, mailbox)[0], &to(&second, mailbox)[0]);
        assert_eq!(first.header("Message-ID"), second.header("Message-ID"));
        assert_eq!(first.data, second.data);
    }
    app.until("both are sent", || app.letters(Sent) == 2);
}

/// Two connections: one may hang, the other goes on, however many letters wait for the office that hangs.
#[test]
fn an_office_that_hangs_blocks_no_other() {
    let mut app = TestApp::with(&[("SMTP_CONNECTIONS", "2")]);
    let links = links(&app, "Saltwick", 4);
    let hangs = |to: &str, _| if to == UPPER { Action::Hang } else { Action::Accept };
    app.smtp.set_script(Script::default().on_recipient(hangs));
    confirm(&app, &links);
    let came = app.mails(4);
    assert_eq!(to(&came, LOWER).len(), 4);
    assert_eq!(attempts(&app, UPPER).len(), 1, "the others wait until it is known what became of the first");
    // The hanging connection is closed, or the stop would wait for it.
    app.smtp.stop();
    ended(&app, UPPER, 1);
}

#[test]
fn a_hang_after_the_dot_blocks_no_other() {
    let mut app = TestApp::with(&[("SMTP_CONNECTIONS", "2")]);
    let links = links(&app, "Saltwick", 3);
    app.smtp.set_script(Script::default().on_message(3, At::Dot, Action::StoreAndHang));
    confirm(&app, &links);
    // The office of the first letter waits with its other two; three go to the other office.
    assert!(app.mails(4).len() >= 4);
    app.until("three are sent", || app.letters(Sent) >= 3);
    app.smtp.stop();
    app.until("all attempts have ended", || tables(&app).count("attempts WHERE outcome = 'in_hand'") == 0);
}

/// Ten thousand letters to one office that were there first; ten to another.
#[test]
fn ten_thousand_letters_to_one_office_delay_ten_to_another_by_a_turn_each() {
    let app = TestApp::with(&[("SMTP_CONNECTIONS", "2")]);
    let link = app.signed_up(&Typed::new("ana@example.org"));
    confirm(&app, &[link]);
    app.mails(2);
    app.until("both are sent", || app.letters(Sent) == 2);
    let down = Script::default().on(At::Dot, Action::After(Duration::from_millis(5), Box::new(Action::Accept)));
    app.smtp.set_script(down);
    queue_copies(app.store.path(), UPPER, 10_000);
    app.until("it has begun with the ten thousand", || app.letters(Sent) > 20);
    queue_copies(app.store.path(), LOWER, 10);
    app.advance(Duration::from_millis(1));
    app.until("the ten came", || app.smtp.messages().iter().filter(|mail| mail.to == [LOWER]).count() == 11);
    let came = app.smtp.messages();
    let at: Vec<usize> = came.iter().enumerate().filter(|(_, mail)| mail.to == [LOWER]).map(|(at, _)| at).collect();
    assert!(at[10] - at[1] < 40, "between the first and the last of ten there were {}", at[10] - at[1]);
    app.smtp.set_script(Script::default());
    within(Duration::from_mins(3), "all are sent", || app.letters(Sent) == 10_012);
    app.smtp.take_messages();
}

/// The clock jumps an hour ahead, and back: nothing is lost, nothing comes twice, and nobody waits an hour.
#[test]
fn a_clock_that_jumps_delays_and_doubles_nothing() {
    let app = TestApp::with(&[("SMTP_CONNECTIONS", "2")]);
    let links = links(&app, "Saltwick", 6);
    let slow = Action::After(Duration::from_millis(300), Box::new(Action::Accept));
    app.smtp.set_script(Script::default().on(At::Dot, slow));
    confirm(&app, &links[..3]);
    let Clock::Manual(millis) = &app.clock else { panic!("a test's clock is moved by hand") };
    for (jump, links) in [(3_600_000_i64, &links[3..5]), (-3_600_000, &links[5..])] {
        millis.fetch_add(jump, std::sync::atomic::Ordering::SeqCst);
        confirm(&app, links);
        // The sender looks at the clock twice a second.
        std::thread::sleep(Duration::from_millis(700));
    }
    app.until("all are sent", || app.letters(Sent) == 12);
    let mut ids: Vec<_> = app.smtp.take_messages().iter().map(|mail| mail.header("Message-ID").unwrap()).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 12, "each came once");
    assert_eq!(tables(&app).count("attempts WHERE outcome = 'interrupted'"), 0);
}

/// The clock jumps all the time, by more than a lease: what this process has in hand never looks like a dead sender's.
#[test]
fn a_clock_that_never_stops_jumping_doubles_nothing() {
    let app = TestApp::with(&[("SMTP_CONNECTIONS", "4"), ("MAIL_LEASE_SECONDS", "1")]);
    let link = app.signed_up(&Typed::new("ana@example.org"));
    confirm(&app, &[link]);
    app.until("both are sent", || app.letters(Sent) == 2);
    app.smtp.set_script(Script::default().on(At::Dot, Action::After(Duration::from_millis(8), Box::new(Action::Accept))));
    queue_copies(app.store.path(), UPPER, 300);
    queue_copies(app.store.path(), LOWER, 300);
    within(Duration::from_mins(1), "all are sent", || {
        app.advance(Duration::from_secs(3));
        app.letters(Sent) == 602
    });
    assert_eq!(tables(&app).count("attempts WHERE outcome = 'interrupted'"), 0);
    let mut ids: Vec<_> = app.smtp.take_messages().iter().map(|mail| mail.header("Message-ID").unwrap()).collect();
    let all = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), all, "each came once");
    app.until("the receipt is sent too", || tables(&app).count("messages WHERE state IN ('queued', 'sending')") == 0);
    app.smtp.take_messages();
}

/// One connection, a slow server, and an office with many letters that were there first.
#[test]
fn an_office_with_many_letters_delays_no_other() {
    let app = TestApp::with(&[("SMTP_CONNECTIONS", "1")]);
    let (many, one) = (links(&app, "Saltwick", 10), links(&app, "Quincewater", 1));
    app.smtp.set_script(Script::default().on(At::Dot, Action::After(Duration::from_millis(250), Box::new(Action::Accept))));
    let notices = app.smtp.messages().len();
    confirm(&app, &many);
    confirm(&app, &one);
    let before = app.smtp.messages().len();
    let to_others = |to: &str| ![UPPER, LOWER].contains(&to);
    app.until("the letters to Quincewater's offices came", || {
        app.smtp.messages()[notices..].iter().filter(|mail| to_others(&mail.to[0])).count() == 2
    });
    let position = app.smtp.messages().iter().rposition(|mail| to_others(&mail.to[0])).unwrap();
    assert!(position - before < 6, "{} letters went before the last of Quincewater's two", position - before);
    app.smtp.set_script(Script::default());
    app.until("all are sent", || app.letters(Sent) == 22);
    app.smtp.take_messages();
}
