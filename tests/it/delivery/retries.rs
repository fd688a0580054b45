//! When a letter is tried again, and when no more.

use std::time::Duration;

use standout::domain::MessageState::{Failed, Sent};

use super::{LOWER, attempts, tables, to};
use crate::support::app::TestApp;
use crate::support::journey::Typed;
use crate::support::smtp_server::{Action, Script};

/// The waits of the default schedule, in minutes; the last one repeats.
const WAITS: [i64; 8] = [5, 15, 60, 120, 240, 480, 960, 1440];

#[test]
fn waits_grow_and_end_after_five_days() {
    let app = TestApp::start();
    let link = app.signed_up(&Typed::new("ana@example.org"));
    app.smtp.set_script(Script::default().on_recipient(|to, _| match to {
        LOWER => Action::reply("451 4.2.1 The mailbox is busy"),
        _ => Action::Accept,
    }));
    let began = app.clock.now();
    assert_eq!(app.post(&link, &[]).status, 303);
    assert_eq!(app.mails(1).len(), 1, "the other office gets its letter");

    let mut tries = 0;
    loop {
        tries += 1;
        let mut letter = Vec::new();
        app.until("the next try has ended", || {
            // The attempts first: the letter's row is never older than they are.
            let done = attempts(&app, LOWER).iter().filter(|row| row.1 != "in_hand").count() == tries;
            letter = tables(&app).rows::<(String, i64, i64)>(
                "m.state, m.due_at, m.failures",
                &format!("messages m JOIN officials o ON o.id = m.official_id WHERE o.email = '{LOWER}'"),
            );
            done && letter[0].0 != "sending"
        });
        let (state, due, failures) = letter.remove(0);
        let age = app.clock.now().since(began);
        if state == "failed" {
            assert!(age >= Duration::from_hours(120), "given up after {age:?}");
            break;
        }
        assert_eq!((state.as_str(), usize::try_from(failures).unwrap()), ("queued", tries));
        let wait = (due - app.clock.now().millis()) / 1000;
        let planned = WAITS[(tries - 1).min(WAITS.len() - 1)] * 60;
        assert!((planned * 8 / 10..=planned * 12 / 10).contains(&wait), "wait {tries}: {wait} s, planned {planned} s");
        assert!(age < Duration::from_hours(120), "still tried after {age:?}");
        app.advance(Duration::from_secs(u64::try_from(wait).unwrap() + 1));
    }
    assert!((10..=14).contains(&tries), "{tries} tries in five days");
    assert_eq!((app.letters(Failed), app.letters(Sent)), (1, 1));
    assert_eq!(attempts(&app, LOWER).last().unwrap().1, "failed");
    app.advance(Duration::from_hours(48));
    std::thread::sleep(Duration::from_millis(600));
    assert_eq!(attempts(&app, LOWER).len(), tries, "an end is an end");
}

#[test]
fn waits_are_settings() {
    let app = TestApp::with(&[("MAIL_RETRY_SECONDS", "10,100")]);
    let link = app.signed_up(&Typed::new("ana@example.org"));
    app.smtp.set_script(Script::default().on_recipient(|to, nth| match (to, nth) {
        (LOWER, 0..2) => Action::reply("451 4.2.1 Busy"),
        _ => Action::Accept,
    }));
    assert_eq!(app.post(&link, &[]).status, 303);
    app.mails(1);
    super::ended(&app, LOWER, 1);
    app.advance(Duration::from_secs(13));
    super::ended(&app, LOWER, 2);
    app.advance(Duration::from_secs(13));
    std::thread::sleep(Duration::from_millis(600));
    assert_eq!(attempts(&app, LOWER).len(), 2, "the second wait is longer");
    app.advance(Duration::from_secs(110));
    assert_eq!(to(&app.mails(1), LOWER).len(), 1);
    app.until("both are sent", || app.letters(Sent) == 2);
}
