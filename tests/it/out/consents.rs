//! The two optional consents: never assumed, kept while a form comes and goes, shown, taken back, erased.

use standout::domain::{Consent, MessageState};

use crate::support::app::{Page, TestApp};
use crate::support::journey::{CAMPAIGN, Typed};
use crate::support::tables::Tables;

const BOXES: [&str; 2] = ["contact", "quote"];

fn ticked(page: &Page, name: &str) -> bool {
    page.tag(&format!("id=\"{name}\"")).expect("the box").ends_with(" checked")
}

/// Whether the sign-up may be written to and may be quoted, and the words that are kept for it.
fn kept(app: &TestApp) -> Vec<(bool, bool, String)> {
    let rows: Vec<(i64, i64, String)> =
        Tables::open(&app.dir.path().join("standout.sqlite3")).rows("may_contact, may_quote, own_words", "signups ORDER BY id");
    rows.into_iter().map(|(contact, quote, words)| (contact == 1, quote == 1, words)).collect()
}

fn agreeing(email: &str) -> Typed {
    Typed::new(email).with("story", "My neighbour is afraid to call.").with("contact", "yes").with("quote", "yes")
}

#[test]
fn nobody_agrees_by_default() {
    let app = TestApp::start();
    let page = app.preview(&Typed::new("ana@example.org"));
    assert!(BOXES.iter().all(|name| !ticked(&page, name)), "{}", page.text());
    let status = app.confirmed(&Typed::new("ana@example.org").with("story", "My own words."));
    assert_eq!(kept(&app), [(false, false, String::new())]);
    let page = app.get(&status);
    assert!(!page.body.contains("/consents") && !page.text().contains("agreed"), "{}", page.text());
    app.until("letters are sent", || app.letters(MessageState::Sent) == 2);
    app.smtp.take_messages();
}

#[test]
fn what_was_ticked_comes_back_with_the_form() {
    let app = TestApp::start();
    // A mistake in step 2, then a correction of step 1, then step 2 again.
    let typed = agreeing("ana@example.org").with("story", &"x".repeat(2001)).with("quote", "");
    let page = app.sign_up(&typed);
    page.assert_wrong(&["story"]);
    assert_eq!(BOXES.map(|name| ticked(&page, name)), [true, false]);
    let token = app.form_token();
    let page = app.post(&format!("{CAMPAIGN}/edit"), &typed.pairs(&token));
    assert_eq!((page.field("contact").as_deref(), page.field("quote")), (Some("yes"), None));
    let page = app.preview(&agreeing("ana@example.org"));
    assert_eq!(BOXES.map(|name| ticked(&page, name)), [true, true]);
    assert_eq!(app.get(CAMPAIGN).field("contact"), None);
}

#[test]
fn each_consent_is_shown_and_taken_back_and_both_are_erased() {
    let app = TestApp::start();
    let link = app.signed_up(&agreeing("ana@example.org"));
    assert_eq!(kept(&app), [(true, true, "My neighbour is afraid to call.".into())]);
    let page = app.get(&link);
    assert!(page.text().contains("The campaign may quote your own words"), "{}", page.text());
    let status = app.post(&link, &[]).location.unwrap();
    let take_back = |name: &str| app.post(&format!("{status}/consents"), &[("withdraw", name)]);

    assert_eq!(take_back("consent").status, 400);
    assert_eq!(app.get(&format!("{status}/consents")).status, 405);
    let page = take_back(Consent::Quote.as_str());
    assert_eq!(page.location, Some(format!("{status}?done=quote")));
    assert_eq!(kept(&app), [(true, false, String::new())]);
    let page = app.get(&format!("{status}?done=quote"));
    assert!(page.text().contains("won't quote your words") && page.text().contains("Don't write to me"), "{}", page.text());
    assert!(!page.text().contains("Don't quote my words"));
    // Words in an address claim nothing that is not so.
    assert!(!app.get(&format!("{status}?done=contact")).text().contains("won't write to you"));

    app.mails(2);
    let other = app.confirmed(&agreeing("ben@example.org"));
    let page = app.post(&format!("{other}/erase"), &[("sure", "yes")]);
    assert_eq!(page.status, 200);
    assert_eq!(kept(&app), [(true, false, String::new()), (false, false, String::new())]);
    app.until("letters are sent", || app.letters(MessageState::Queued) == 0 && app.letters(MessageState::Sending) == 0);
    app.smtp.take_messages();
}

#[test]
fn a_second_sign_up_before_the_first_is_confirmed_says_anew_what_is_agreed() {
    let app = TestApp::start();
    app.signed_up(&agreeing("ana@example.org"));
    let link = app.signed_up(&agreeing("ana@example.org").with("quote", ""));
    assert_eq!(kept(&app), [(true, false, String::new())]);
    // Once it is confirmed, who types the address can't agree in its owner's name.
    app.post(&link, &[]);
    app.post(&format!("{}/consents", link.replace("/confirm/", "/letters/")), &[("withdraw", "contact")]);
    assert_eq!(app.sign_up(&agreeing("ana@example.org")).status, 303);
    assert_eq!(kept(&app), [(false, false, String::new())]);
    // Two letters, and the mail that says so.
    app.mails(3);
}
