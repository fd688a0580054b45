//! Never more than the paces say, whatever the sender does.

use std::time::Duration;

use standout::domain::MessageState::Sent;

use super::{LOWER, confirm, links, tables};
use crate::support::app::TestApp;
use crate::support::journey::{Typed, link_in};

/// When letters to `mailbox` were tried, in milliseconds.
fn times(app: &TestApp, mailbox: &str) -> Vec<i64> {
    let from = format!(
        "attempts a JOIN messages m ON m.id = a.message_id JOIN officials o ON o.id = m.official_id \
         WHERE o.email = '{mailbox}' ORDER BY a.started_at"
    );
    tables(app).rows::<(i64,)>("a.started_at", &from).into_iter().map(|(at,)| at).collect()
}

/// The most of `times` in any window shorter than `window`.
fn most_within(times: &[i64], window: Duration) -> usize {
    let window = i64::try_from(window.as_millis()).unwrap();
    let from = |start: usize| times[start..].iter().take_while(|at| **at - times[start] < window).count();
    (0..times.len()).map(from).max().unwrap_or(0)
}

/// Lets `span` pass in steps that leave the sender time to look.
fn pass(app: &TestApp, span: Duration, step: Duration) {
    for _ in 0..span.as_millis() / step.as_millis() {
        app.advance(step);
        std::thread::sleep(Duration::from_millis(12));
    }
}

const MINUTE: Duration = Duration::from_mins(1);

#[test]
fn no_minute_holds_more_than_the_limit_also_across_restarts() {
    let mut app = TestApp::with(&[("MAIL_PER_OFFICE_PER_MINUTE", "12")]);
    let links = links(&app, "Saltwick", 30);
    confirm(&app, &links);
    // Right after the burst, later, and once more.
    for seconds in [2, 20, 20] {
        pass(&app, Duration::from_secs(seconds), Duration::from_millis(500));
        app.restart();
    }
    pass(&app, Duration::from_secs(90), Duration::from_millis(500));
    let times = times(&app, LOWER);
    assert!(most_within(&times, MINUTE) <= 12, "{times:?}");
    // One every five seconds: a shorter span holds the burst and no more.
    assert!(most_within(&times, Duration::from_secs(5)) <= 5, "{times:?}");
    assert!(times.len() >= 24, "the pace is used: {} in 130 seconds", times.len());
    app.smtp.take_messages();
}

#[test]
fn a_small_limit_is_a_small_burst() {
    let app = TestApp::with(&[("MAIL_PER_OFFICE_PER_MINUTE", "2")]);
    let links = links(&app, "Saltwick", 5);
    confirm(&app, &links);
    pass(&app, Duration::from_secs(150), Duration::from_secs(1));
    let times = times(&app, LOWER);
    assert!(most_within(&times, MINUTE) <= 2, "{times:?}");
    assert!(times.len() >= 4, "{times:?}");
    app.smtp.take_messages();
}

#[test]
fn no_hour_holds_more_than_the_limit() {
    let mut app = TestApp::with(&[("MAIL_PER_OFFICE_PER_HOUR", "3")]);
    let links = links(&app, "Saltwick", 7);
    confirm(&app, &links);
    app.until("three went to each office", || app.letters(Sent) == 6);
    app.restart();
    pass(&app, Duration::from_mins(59), Duration::from_mins(1));
    assert_eq!(times(&app, LOWER).len(), 3);
    app.advance(Duration::from_mins(2));
    app.until("three more went to each", || app.letters(Sent) == 12);
    app.advance(Duration::from_mins(61));
    app.until("the last went", || app.letters(Sent) == 14);
    assert_eq!(most_within(&times(&app, LOWER), Duration::from_hours(1)), 3);
    app.smtp.take_messages();
}

#[test]
fn all_mail_together_keeps_the_pace_of_a_second() {
    let app = TestApp::with(&[("MAIL_PER_SECOND", "4")]);
    for person in 0..8 {
        assert_eq!(app.sign_up(&Typed::new(&format!("p{person}@example.org"))).status, 303);
    }
    let step = Duration::from_millis(50);
    pass(&app, Duration::from_secs(2), step);
    let links: Vec<_> = app.mails(8).iter().map(|mail| link_in(mail, "/confirm/")).collect();
    confirm(&app, &links);
    pass(&app, Duration::from_secs(5), step);
    app.until("all are sent", || app.letters(Sent) == 16);
    let all: Vec<i64> =
        tables(&app).rows::<(i64,)>("started_at", "attempts ORDER BY started_at").into_iter().map(|(at,)| at).collect();
    assert_eq!(all.len(), 24);
    // A burst of four, and one each quarter of a second after it.
    for seconds in 1..=6 {
        let most = most_within(&all, Duration::from_secs(seconds));
        assert!(most <= 4 + 4 * usize::try_from(seconds).unwrap(), "{most} in {seconds} s");
    }
    app.smtp.take_messages();
}
