//! What rests, for how long, and what that costs the letters: nothing.

use std::time::Duration;

use standout::domain::MessageState::{Failed, Held, Queued, Sent};
use standout::domain::{EmailAddress, UsState};
use standout::store::offices;

use super::{LOWER, UPPER, attempts, confirm, ended, links, tables, to};
use crate::support::app::TestApp;
use crate::support::journey::Typed;
use crate::support::smtp_server::{Action, At, Script};

const MINUTE: Duration = Duration::from_mins(1);

/// Long enough for the sender to have looked twice.
fn a_moment() {
    std::thread::sleep(Duration::from_millis(1100));
}

fn tries(app: &TestApp) -> usize {
    tables(app).count("attempts a JOIN messages m ON m.id = a.message_id WHERE m.kind = 'letter'")
}

#[test]
fn a_wrong_password_stops_all_and_a_mended_one_goes_on_by_itself() {
    let mut app = TestApp::with(&[("SMTP_CONNECTIONS", "2")]);
    let links = links(&app, "Saltwick", 5);
    let wrong = Action::reply("535 5.7.8 Error: authentication failed");
    app.smtp.set_script(Script::default().on(At::Mail, wrong.clone()));
    confirm(&app, &links);
    app.until("sending stopped", || tables(&app).count("pauses WHERE scope = 'all' AND kind = 'stop'") == 1);
    a_moment();
    assert!(tries(&app) <= 2, "what was in hand, and no more: {}", tries(&app));
    assert_eq!((app.letters(Failed), app.letters(Queued)), (0, 10));

    // A restart forgets nothing.
    app.restart();
    let before = tries(&app);
    a_moment();
    assert_eq!(tries(&app), before);

    // One letter at a time tries whether it works again, after growing waits.
    app.advance(MINUTE);
    app.until("it was tried", || tries(&app) == before + 1);
    a_moment();
    app.advance(MINUTE);
    a_moment();
    assert_eq!(tries(&app), before + 1, "the second wait is longer");
    app.smtp.set_script(Script::default());
    app.advance(MINUTE);
    app.mails(10);
    app.until("all are sent", || app.letters(Sent) == 10);
    assert_eq!(tables(&app).count("pauses"), 0);
    assert_eq!(tables(&app).count("messages WHERE failures > 0"), 0, "it used up no tries");
}

#[test]
fn a_busy_mailbox_rests_and_its_neighbours_do_not() {
    let app = TestApp::with(&[("SMTP_CONNECTIONS", "1")]);
    let links = links(&app, "Saltwick", 3);
    app.smtp.set_script(Script::default().on_recipient(|to, nth| match (to, nth) {
        (LOWER, 0) => Action::reply("450 4.2.1 The user you are trying to contact is receiving mail too quickly"),
        _ => Action::Accept,
    }));
    confirm(&app, &links);
    assert_eq!(to(&app.mails(3), UPPER).len(), 3);
    a_moment();
    assert_eq!((attempts(&app, LOWER).len(), app.letters(Queued)), (1, 3));
    app.advance(MINUTE);
    assert_eq!(to(&app.mails(3), LOWER).len(), 3);
    app.until("all are sent", || app.letters(Sent) == 6);
    assert_eq!(tables(&app).count("messages WHERE failures > 0"), 0);
}

#[test]
fn a_server_that_names_a_time_is_asked_again_then() {
    let app = TestApp::start();
    let link = app.signed_up(&Typed::new("ana@example.org"));
    app.smtp.set_script(Script::default().on_recipient(|_, nth| match nth {
        0 => Action::reply("451 4.7.1 Greylisted, please try again in 20 minutes"),
        _ => Action::Accept,
    }));
    assert_eq!(app.post(&link, &[]).status, 303);
    ended(&app, UPPER, 1);
    ended(&app, LOWER, 1);
    app.advance(19 * MINUTE);
    a_moment();
    assert_eq!(tries(&app), 2, "not earlier, though the schedule would");
    app.advance(6 * MINUTE);
    app.mails(2);
    app.until("both are sent", || app.letters(Sent) == 2);
}

#[test]
fn letters_to_a_dead_mailbox_are_held_until_the_roster_knows_another() {
    let app = TestApp::with(&[("SMTP_CONNECTIONS", "1")]);
    let links = links(&app, "Saltwick", 4);
    app.smtp.set_script(Script::default().on_recipient(|to, _| match to {
        LOWER => Action::reply("550 5.1.1 <ines@example.org>: User unknown in local recipient table"),
        _ => Action::Accept,
    }));
    confirm(&app, &links[..3]);
    app.mails(3);
    app.until("the others are held", || (app.letters(Failed), app.letters(Held), app.letters(Sent)) == (1, 2, 3));
    confirm(&app, &links[3..]);
    app.mails(1);
    app.until("a new one too", || (app.letters(Held), app.letters(Sent)) == (3, 4));
    assert_eq!(tables(&app).count("messages WHERE reason = 'the office''s mailbox does not take mail'"), 3);
    assert_eq!(attempts(&app, LOWER).len(), 1);

    let state = UsState::parse("ma").unwrap();
    let mut people = app.store.read_blocking(|conn| offices::roster(conn, state, true)).unwrap();
    let now = app.clock.now();
    let same = people.clone();
    app.store.write_blocking(move |tx| offices::replace_roster(tx, state, &same, true, now)).unwrap();
    assert_eq!(app.letters(Held), 3, "the same address is no news");
    for person in people.iter_mut().filter(|person| person.email.as_ref().is_some_and(|email| email.as_str() == LOWER)) {
        person.email = Some(EmailAddress::parse("ines.new@example.org").unwrap());
    }
    app.store.write_blocking(move |tx| offices::replace_roster(tx, state, &people, true, now)).unwrap();
    assert_eq!(to(&app.mails(3), "ines.new@example.org").len(), 3);
    app.until("all but one are sent", || (app.letters(Failed), app.letters(Sent)) == (1, 7));
}

#[test]
fn an_office_that_refuses_us_stops_itself_alone() {
    let app = TestApp::with(&[("SMTP_CONNECTIONS", "1")]);
    let links = links(&app, "Saltwick", 3);
    app.smtp.set_script(Script::default().on_recipient(|to, nth| match (to, nth) {
        (LOWER, 0) => Action::reply("550 5.7.1 <ines@example.org>: Recipient address rejected: Access denied"),
        _ => Action::Accept,
    }));
    confirm(&app, &links);
    assert_eq!(to(&app.mails(3), UPPER).len(), 3);
    a_moment();
    assert_eq!((attempts(&app, LOWER).len(), app.letters(Failed)), (1, 0));
    app.advance(MINUTE);
    // One tries it; the others follow; the one that was refused comes last.
    app.mails(2);
    app.advance(6 * MINUTE);
    app.mails(1);
    app.until("all are sent", || app.letters(Sent) == 6);
}
