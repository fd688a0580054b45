//! What staff pause, and when they let letters go: the running sender obeys, and loses nothing.

use std::time::Duration;

use standout::domain::MessageState::{Queued, Sent};
use standout::domain::{Actor, OfficePace, PauseKind, PauseScope, Reason, SendingHours, StaffPauseOf};
use standout::store::{pauses, steering};

use super::{LOWER, UPPER, confirm, links, tables, to};
use crate::support::app::TestApp;
use crate::support::journey::Typed;

/// Long enough for the sender to have looked twice.
fn a_moment() {
    std::thread::sleep(Duration::from_millis(1100));
}

fn pause(app: &TestApp, of: StaffPauseOf) {
    let (reason, now) = (Reason::parse("the committee is hearing the bill").unwrap(), app.clock.now());
    let pause = move |tx: &mut standout::store::Tx<'_>| steering::pause(tx, of, &Actor::CommandLine, &reason, now);
    assert!(app.store.write_blocking(pause).unwrap());
}

fn resume(app: &TestApp, of: StaffPauseOf) {
    assert!(app.store.write_blocking(move |tx| steering::resume(tx, of)).unwrap());
    app.advance(Duration::ZERO);
}

fn office_of(app: &TestApp, mailbox: &str) -> i64 {
    tables(app).rows::<(i64,)>("office_id", &format!("officials WHERE email = '{mailbox}'"))[0].0
}

#[test]
fn a_paused_campaign_keeps_its_letters_and_sends_its_notices() {
    let mut app = TestApp::start();
    let first = links(&app, "Saltwick", 2);
    pause(&app, StaffPauseOf::Campaign(1));
    confirm(&app, &first);
    // A confirmation still comes.
    let link = app.signed_up(&Typed::new("late@example.org"));
    assert_eq!(app.post(&link, &[]).status, 303);
    a_moment();
    assert_eq!((app.letters(Queued), app.letters(Sent)), (6, 0));
    app.restart();
    a_moment();
    assert_eq!((app.letters(Queued), app.letters(Sent)), (6, 0), "a restart forgets nothing");
    resume(&app, StaffPauseOf::Campaign(1));
    assert_eq!(app.mails(6).len(), 6);
    app.until("all are sent", || app.letters(Sent) == 6);
    assert_eq!(tables(&app).count("attempts WHERE outcome <> 'sent'"), 0, "a pause is no try");
}

#[test]
fn letters_go_in_their_hours_and_wait_for_them() {
    let app = TestApp::start();
    let links = links(&app, "Saltwick", 2);
    // It is Sunday, ten in the morning.
    let weekdays = SendingHours::new(0b001_1111, 9 * 60, 17 * 60).unwrap();
    app.store.write_blocking(move |tx| steering::set_hours(tx, 1, weekdays)).unwrap();
    confirm(&app, &links[..1]);
    app.advance(Duration::from_hours(22));
    a_moment();
    assert_eq!((app.letters(Queued), app.letters(Sent)), (2, 0), "Monday, eight");
    app.advance(Duration::from_hours(1));
    app.mails(2);
    app.until("they went at nine", || app.letters(Sent) == 2);
    app.advance(Duration::from_hours(8));
    confirm(&app, &links[1..]);
    a_moment();
    assert_eq!((app.letters(Queued), app.letters(Sent)), (2, 2), "Monday, five in the afternoon");
    app.store.write_blocking(|tx| steering::set_hours(tx, 1, SendingHours::ALWAYS)).unwrap();
    app.mails(2);
    app.until("they go without hours", || app.letters(Sent) == 4);
}

#[test]
fn a_pause_of_everything_stops_notices_too_and_no_machine_ends_it() {
    let app = TestApp::start();
    pause(&app, StaffPauseOf::Everything);
    assert_eq!(app.sign_up(&Typed::new("ana@example.org")).status, 303);
    let now = app.clock.now();
    let stop = move |tx: &mut standout::store::Tx<'_>| pauses::begin(tx, &PauseScope::All, PauseKind::Stop, "no", None, now);
    app.store.write_blocking(stop).unwrap();
    a_moment();
    // The machines' rests end; the pause by staff does not.
    assert_eq!(app.store.write_blocking(move |tx| pauses::resume(tx, now)).unwrap(), 1);
    app.advance(Duration::from_hours(2));
    a_moment();
    assert_eq!((tables(&app).count("attempts"), tables(&app).count("staff_pauses")), (0, 1));
    resume(&app, StaffPauseOf::Everything);
    app.mails(1);
}

#[test]
fn a_paused_office_waits_alone() {
    let app = TestApp::start();
    let links = links(&app, "Saltwick", 3);
    let office = office_of(&app, LOWER);
    pause(&app, StaffPauseOf::Office(office));
    confirm(&app, &links);
    assert_eq!(to(&app.mails(3), UPPER).len(), 3);
    a_moment();
    assert_eq!((app.letters(Queued), app.letters(Sent)), (3, 3));
    resume(&app, StaffPauseOf::Office(office));
    assert_eq!(to(&app.mails(3), LOWER).len(), 3);
    app.until("all are sent", || app.letters(Sent) == 6);
}

#[test]
fn an_office_keeps_its_own_pace_and_the_common_one_when_that_is_forgotten() {
    let app = TestApp::start();
    let links = links(&app, "Saltwick", 6);
    let (office, now) = (office_of(&app, LOWER), app.clock.now());
    let (pace, reason) = (OfficePace::new(2, 3).unwrap(), Reason::parse("the office asked for it").unwrap());
    app.store.write_blocking(move |tx| steering::set_pace(tx, office, pace, &Actor::CommandLine, &reason, now)).unwrap();
    app.advance(Duration::ZERO);
    a_moment();
    confirm(&app, &links);
    assert_eq!(to(&app.mails(6), UPPER).len(), 6);
    a_moment();
    assert_eq!(app.letters(Sent), 6, "a new pace begins without a burst");
    for _ in 0..20 {
        app.advance(Duration::from_secs(30));
        std::thread::sleep(Duration::from_millis(50));
    }
    app.until("three went in the hour", || app.letters(Sent) == 9);
    a_moment();
    assert_eq!((app.letters(Sent), app.letters(Queued)), (9, 3));
    assert!(app.store.write_blocking(move |tx| steering::forget_pace(tx, office)).unwrap());
    app.advance(Duration::from_secs(1));
    app.until("the rest follows at once", || app.letters(Sent) == 12);
    app.smtp.take_messages();
}
