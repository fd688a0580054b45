//! What a mail domain and a young sender may have: counted from the attempts, so that no restart forgets it.

use std::time::Duration;

use standout::domain::MessageState::{Queued, Sent};

use super::{confirm, links, tables};
use crate::support::app::TestApp;
use crate::support::journey::Typed;

/// Long enough for a sender that would go on to do so.
fn settle() {
    std::thread::sleep(Duration::from_millis(1200));
}

#[test]
fn all_offices_of_a_mail_domain_share_its_hour_also_across_a_restart() {
    let mut app = TestApp::with(&[("MAIL_PER_DOMAIN_PER_HOUR", "3")]);
    let links = links(&app, "Saltwick", 4);
    confirm(&app, &links);
    app.until("the domain had its share", || app.letters(Sent) == 3);
    app.restart();
    settle();
    assert_eq!((app.letters(Sent), app.letters(Queued)), (3, 5));
    app.advance(Duration::from_mins(61));
    app.until("the next hour has its own", || app.letters(Sent) == 6);
    settle();
    assert_eq!(app.letters(Sent), 6);
    assert_eq!(tables(&app).count("attempts WHERE outcome <> 'sent'"), 0, "waiting is no try");
    app.smtp.take_messages();
}

#[test]
fn a_new_sender_begins_with_few_and_doubles_each_day_and_confirmations_do_not_wait() {
    let mut app = TestApp::with(&[("MAIL_WARM_UP", "6")]);
    // Three confirmations count; three letters may follow.
    let links = links(&app, "Saltwick", 3);
    confirm(&app, &links);
    app.until("the day had its share", || app.letters(Sent) == 3);
    app.restart();
    settle();
    assert_eq!((app.letters(Sent), app.letters(Queued)), (3, 3));
    assert_eq!(app.sign_up(&Typed::new("late@example.org")).status, 303);
    let sent = "messages WHERE kind = 'confirmation' AND state = 'sent'";
    app.until("the confirmation does not wait", || tables(&app).count(sent) == 4);
    app.advance(Duration::from_hours(25));
    app.until("the next day takes the rest", || app.letters(Sent) == 6);
    app.smtp.take_messages();
}
