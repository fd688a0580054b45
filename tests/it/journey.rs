//! The whole path: a supporter signs up, confirms, and the letters arrive.

use standout::domain::MessageState::{Queued, SelfReported, SelfSend, Sent, Unconfirmed};

use crate::support::app::TestApp;
use crate::support::journey::{Typed, text_of};

#[test]
fn letters_go_out_once_they_are_confirmed_and_not_before() {
    let app = TestApp::start();
    let link = app.signed_up(&Typed::new("ana@example.org").with("story", "My neighbour is afraid.\r\n\r\nSo am I."));
    assert_eq!(app.letters(Unconfirmed), 3);

    // Mail scanners open links: a GET changes nothing.
    let page = app.get(&link);
    assert_eq!(page.status, 200);
    assert!(page.text().contains("My neighbour is afraid."), "{}", page.text());
    assert_eq!(app.letters(Unconfirmed), 3);

    let page = app.post(&link, &[]);
    assert_eq!(page.status, 303);
    let letters = app.mails(2);
    for letter in &letters {
        let text = text_of(letter);
        assert!(text.contains("My neighbour is afraid.\n\nSo am I.\n\n"), "{text}");
        assert!(text.trim_end().contains("Ana Example\n12 Harbor Street\nSaltwick, MA 01099\n"), "{text}");
        assert_eq!(letter.header("Reply-To").as_deref(), Some("\"Ana Example\" <ana@example.org>"));
    }
    app.until("both letters are on record as sent", || app.letters(Sent) == 2);
    assert_eq!((app.letters(SelfSend), app.letters(Queued)), (1, 0));

    let private = page.location.unwrap();
    let page = app.get(&private);
    let message = page.field("message").expect("the governor's letter can be reported");
    let page = app.post(&format!("{private}/self-reported"), &[("message", &message)]);
    assert_eq!(page.status, 303);
    assert_eq!((app.letters(SelfReported), app.letters(SelfSend)), (1, 0));
}

#[test]
fn a_letter_is_dated_when_it_was_confirmed() {
    let app = TestApp::start();
    let link = app.signed_up(&Typed::new("ana@example.org"));
    app.advance(std::time::Duration::from_hours(48));
    assert_eq!(app.post(&link, &[]).status, 303);
    for letter in app.mails(2) {
        assert_eq!(letter.header("Date").as_deref(), Some("Tue, 24 Nov 2026 15:00:00 +0000"));
    }
    app.until("both are on record as sent", || app.letters(Sent) == 2);
}
