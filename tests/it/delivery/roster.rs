//! The roster changes between the confirmation and the sending.

use std::time::Duration;

use standout::domain::MessageState::{Held, Queued, Sent};
use standout::domain::{EmailAddress, Person, UsState};
use standout::store::offices;

use super::{FIRST_WAIT, LOWER, UPPER, attempts, ended};
use crate::support::app::TestApp;
use crate::support::journey::Typed;
use crate::support::smtp_server::{Action, At, Script};

/// Letters of one supporter that a busy server holds back; then the roster changes.
fn with_changed_roster(change: impl Fn(&mut Person)) -> TestApp {
    let app = TestApp::start();
    let link = app.signed_up(&Typed::new("ana@example.org"));
    app.smtp.set_script(Script::default().on(At::Rcpt, Action::reply("451 4.2.1 Busy")));
    assert_eq!(app.post(&link, &[]).status, 303);
    ended(&app, UPPER, 1);
    ended(&app, LOWER, 1);
    app.smtp.set_script(Script::default());
    let state = UsState::parse("ma").unwrap();
    let mut people = app.store.read_blocking(|conn| offices::roster(conn, state, true)).unwrap();
    people.iter_mut().for_each(change);
    let now = app.clock.now();
    app.store.write_blocking(move |tx| offices::replace_roster(tx, state, &people, true, now)).unwrap();
    app
}

fn is(person: &Person, mailbox: &str) -> bool {
    person.email.as_ref().is_some_and(|email| email.as_str() == mailbox)
}

#[test]
fn a_letter_to_someone_who_left_is_held_and_not_sent() {
    let app = with_changed_roster(|person| {
        if is(person, LOWER) {
            person.source_id = "test-person/successor".into();
            person.name = "Ada Successor".into();
            person.email = Some(EmailAddress::parse("ada.successor@example.org").unwrap());
        }
    });
    assert_eq!((app.letters(Held), app.letters(Queued)), (1, 1));
    app.advance(FIRST_WAIT);
    assert_eq!(app.mails(1)[0].to, [UPPER]);
    app.until("the other is sent", || app.letters(Sent) == 1);
    app.advance(Duration::from_hours(48));
    std::thread::sleep(Duration::from_millis(600));
    assert_eq!((app.letters(Held), attempts(&app, LOWER).len(), attempts(&app, "ada.successor@example.org").len()), (1, 1, 0));
}

#[test]
fn a_letter_goes_to_the_mailbox_that_the_official_has_now() {
    let app = with_changed_roster(|person| {
        if is(person, LOWER) {
            person.email = Some(EmailAddress::parse("new.mailbox@example.org").unwrap());
        }
    });
    app.advance(FIRST_WAIT);
    let mut to: Vec<_> = app.mails(2).into_iter().flat_map(|mail| mail.to).collect();
    to.sort();
    assert_eq!(to, ["new.mailbox@example.org", UPPER]);
    app.until("both are sent", || app.letters(Sent) == 2);
}

#[test]
fn a_letter_to_an_office_without_a_mailbox_is_held() {
    let app = with_changed_roster(|person| {
        if is(person, LOWER) {
            person.email = None;
        }
    });
    assert_eq!(app.letters(Held), 1);
    app.advance(FIRST_WAIT);
    assert_eq!(app.mails(1)[0].to, [UPPER]);
    app.until("the other is sent", || app.letters(Sent) == 1);
}

#[test]
fn held_letters_go_out_when_the_roster_knows_their_official_again() {
    // Left out by one roster, back in the next; and without a mailbox in one, with it in the next.
    for change in
        [|person: &mut Person| person.source_id = "test-person/someone-else".into(), |person: &mut Person| person.email = None]
    {
        let app = with_changed_roster(|person| {
            if is(person, LOWER) {
                change(person);
            }
        });
        assert_eq!(app.letters(Held), 1);
        let state = UsState::parse("ma").unwrap();
        let demo =
            standout::roster::read_people(include_bytes!("../../../demo/officials.csv").as_slice(), "demo").unwrap().people;
        let now = app.clock.now();
        app.store.write_blocking(move |tx| offices::replace_roster(tx, state, &demo, true, now)).unwrap();
        assert_eq!((app.letters(Held), app.letters(Queued)), (0, 2));
        app.advance(FIRST_WAIT);
        app.mails(2);
        app.until("both are sent", || app.letters(Sent) == 2);
    }
}
