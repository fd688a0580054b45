//! A second sign-up with the same address: the same answer on the page, so that nobody can probe who signed.

use std::time::Duration;

use standout::domain::MessageState::{SelfSend, Sent, Unconfirmed};

use crate::support::app::TestApp;
use crate::support::journey::{CAMPAIGN, Typed, link_in, text_of};
use crate::support::tables::refuse_rows;

const DAY: Duration = Duration::from_hours(24);

fn answer(app: &TestApp, typed: &Typed) -> (u16, Option<String>, String) {
    let page = app.sign_up(typed);
    let next = app.get(page.location.as_deref().unwrap());
    (page.status, page.location, next.body)
}

#[test]
fn the_page_answers_the_same_to_new_waiting_and_confirmed_addresses() {
    let app = TestApp::start();
    let typed = Typed::new("ana@example.org");
    let new = answer(&app, &typed);
    app.mails(1);
    let waiting = answer(&app, &typed);
    let link = link_in(&app.mails(1)[0], "/confirm/");
    app.post(&link, &[]);
    app.mails(2);
    let confirmed = answer(&app, &typed);
    app.mails(1);
    assert_eq!(new, waiting);
    assert_eq!(new, confirmed);
    assert_eq!(new.0, 303);
}

#[test]
fn before_confirming_the_new_letters_replace_the_old_ones() {
    let app = TestApp::start();
    let first = app.signed_up(&Typed::new("ana@example.org").with("story", "The first words."));
    let second = app.signed_up(&Typed::new("ana@example.org").with("story", "The second words.").with("city", "Driftmere"));
    assert_eq!((app.letters(Unconfirmed), app.rows("signups"), app.rows("supporters")), (3, 1, 1));
    // Both links show what will be sent.
    for link in [&first, &second] {
        let page = app.get(link);
        assert!(page.text().contains("The second words.") && page.text().contains("Barnaby Tidewhistle"), "{}", page.text());
        assert!(!page.body.contains("The first words."));
    }
    app.post(&first, &[]);
    for mail in app.mails(2) {
        assert!(text_of(&mail).contains("The second words."));
    }
    app.until("the letters are on record as sent", || app.letters(Sent) == 2);
}

#[test]
fn after_confirming_nothing_changes_and_the_mail_tells() {
    let app = TestApp::start();
    app.confirmed(&Typed::new("ana@example.org").with("story", "The first words."));
    app.mails(2);
    app.until("the letters are on record as sent", || app.letters(Sent) == 2);
    let page = app.sign_up(&Typed::new("ana@example.org").with("story", "Somebody else's words."));
    assert_eq!(page.status, 303);
    let mail = app.mails(1).remove(0);
    assert_eq!(mail.to, ["ana@example.org"]);
    assert!(mail.header("Subject").unwrap().contains("already confirmed"));
    let page = app.get(&link_in(&mail, "/letters/"));
    assert!(page.text().contains("The first words.") && !page.body.contains("Somebody else"), "{}", page.text());
    assert_eq!((app.letters(Sent), app.letters(SelfSend), app.letters(Unconfirmed)), (2, 1, 0));
}

#[test]
fn an_address_gets_three_mails_a_day_at_most_whoever_types_it() {
    let app = TestApp::start();
    let typed = Typed::new("ana@example.org");
    for _ in 0..3 {
        app.signed_up(&typed);
    }
    for n in 0..3 {
        // The answer stays the same, and the letters are still corrected.
        assert_eq!(app.sign_up(&typed.clone().with("story", &format!("Words {n}."))).status, 303);
    }
    assert_eq!(app.rows("messages WHERE kind <> 'letter'"), 3);
    assert_eq!(app.rows("message_texts WHERE body_text LIKE '%Words 2.%'"), 3);
    app.advance(DAY + Duration::from_secs(1));
    app.signed_up(&typed);
}

#[test]
fn after_confirming_too_an_address_gets_three_mails_a_day_at_most() {
    let app = TestApp::start();
    app.confirmed(&Typed::new("ana@example.org"));
    app.mails(2);
    for _ in 0..4 {
        assert_eq!(app.sign_up(&Typed::new("ana@example.org")).status, 303);
    }
    app.mails(2);
    assert_eq!(app.rows("messages WHERE kind <> 'letter'"), 3);
}

#[test]
fn a_database_that_fails_loses_nothing_that_was_typed() {
    let app = TestApp::start();
    refuse_rows(app.store.path(), "message_texts");
    let typed = Typed::new("ana@example.org").with("story", "My own words.");
    let page = app.sign_up(&typed);
    assert_eq!((page.status, page.header("retry-after")), (503, "60"), "{}", page.text());
    page.assert_keeps(&typed, &[]);
    assert!(page.text().contains("Something went wrong on our side") && !page.body.contains("refuses"), "{}", page.text());
    assert_eq!((app.rows("signups"), app.rows("supporters"), app.rows("messages")), (0, 0, 0));
}

#[test]
fn addresses_that_differ_in_case_are_one_person() {
    let app = TestApp::start();
    app.signed_up(&Typed::new("Ana@Example.org"));
    app.signed_up(&Typed::new("aNA@example.ORG"));
    assert_eq!((app.rows("supporters"), app.rows("signups"), app.letters(Unconfirmed)), (1, 1, 3));
    let counts = app.get(&format!("/api{CAMPAIGN}/counts"));
    assert!(counts.body.contains("\"supporters\":0"), "{}", counts.body);
}
