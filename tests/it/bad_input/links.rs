//! Links from mails that were used before, never handed out, or kept too long.

use std::time::Duration;

use standout::domain::MessageState::{Expired, Queued, SelfSend, Sent, Unconfirmed};

use crate::support::app::TestApp;
use crate::support::journey::{CAMPAIGN, Typed};

const WEEK: Duration = Duration::from_hours(7 * 24);

#[test]
fn a_confirm_link_used_twice_sends_nothing_twice() {
    let app = TestApp::start();
    let link = app.signed_up(&Typed::new("ana@example.org"));
    let first = app.post(&link, &[]);
    app.mails(2);
    app.until("the letters are on record as sent", || app.letters(Sent) == 2);
    let second = app.post(&link, &[]);
    assert_eq!((second.status, &second.location), (303, &first.location));
    let page = app.get(&link);
    assert_eq!(page.status, 200);
    assert!(page.text().contains("You have confirmed already"), "{}", page.text());
    assert_eq!((app.letters(Sent), app.letters(SelfSend), app.letters(Queued)), (2, 1, 0));
}

#[test]
fn an_unknown_or_cut_link_is_not_found() {
    let app = TestApp::start();
    let link = app.signed_up(&Typed::new("ana@example.org"));
    let cut = &link[..link.len() - 1];
    let unknown = format!("/confirm/{}", "A".repeat(43));
    for path in [cut, &unknown, "/confirm/x", "/letters/x", &format!("{link}x")] {
        for page in [app.get(path), app.post(path, &[])] {
            assert!(page.status == 404 || (page.status == 405 && path.starts_with("/letters")), "{path}: {}", page.status);
            assert!(page.body.contains("href=\"/\""), "a way back");
        }
    }
    assert_eq!(app.letters(Unconfirmed), 3);
}

#[test]
fn a_link_kept_for_more_than_seven_days_confirms_nothing() {
    let app = TestApp::start();
    let link = app.signed_up(&Typed::new("ana@example.org"));
    app.advance(WEEK);
    for page in [app.get(&link), app.post(&link, &[])] {
        assert_eq!(page.status, 410);
        assert!(page.text().contains("This link is too old") && page.body.contains(CAMPAIGN), "{}", page.text());
        assert!(!page.body.contains("Ana Example"));
    }
    assert_eq!((app.letters(Queued), app.letters(Sent)), (0, 0));
}

#[test]
fn a_sign_up_that_nobody_confirms_is_erased_after_seven_days() {
    let mut app = TestApp::start();
    let link = app.signed_up(&Typed::new("ana@example.org"));
    app.advance(WEEK);
    // The service looks for late sign-ups at its start, and then every minute.
    app.restart();
    app.until("the sign-up is expired", || app.letters(Expired) == 3);
    assert_eq!((app.letters(Unconfirmed), app.rows("supporters"), app.rows("message_texts")), (0, 0, 0));
    assert_eq!(app.rows("signups WHERE name || street || city || zip <> '' OR supporter_id IS NOT NULL"), 0);
    assert_eq!(app.get(&link).status, 410);
    // The same person can begin again.
    app.signed_up(&Typed::new("ana@example.org"));
    assert_eq!((app.letters(Expired), app.letters(Unconfirmed)), (3, 3));
}

#[test]
fn the_last_minute_of_the_seven_days_still_counts() {
    let app = TestApp::start();
    let link = app.signed_up(&Typed::new("ana@example.org"));
    app.advance(WEEK.saturating_sub(Duration::from_secs(1)));
    assert_eq!(app.post(&link, &[]).status, 303);
    app.mails(2);
}

#[test]
fn a_closed_campaign_takes_no_sign_up_and_says_so() {
    let app = TestApp::start();
    let token = app.form_token();
    app.change_campaign("closes = \"2026-11-22T09:00:00-05:00\"");
    let typed = Typed::new("ana@example.org");
    let closed = "This campaign is closed";
    assert!(app.get(CAMPAIGN).text().contains(closed));
    for step in ["officials", "signups", "edit"] {
        let page = app.post(&format!("{CAMPAIGN}/{step}"), &typed.pairs(&token));
        assert_eq!(page.status, 422, "{step}");
        assert!(page.text().contains(closed) && page.text().contains("November 22, 2026"));
    }
    assert_eq!(app.rows("signups"), 0);
}

#[test]
fn what_was_not_confirmed_when_a_campaign_closed_is_not_sent() {
    let app = TestApp::start();
    app.change_campaign("closes = \"2026-11-22T11:00:00-05:00\"");
    let link = app.signed_up(&Typed::new("ana@example.org"));
    app.advance(Duration::from_hours(1));
    for page in [app.get(&link), app.post(&link, &[])] {
        assert_eq!(page.status, 410);
        assert!(page.text().contains("This campaign is closed"), "{}", page.text());
    }
    assert_eq!((app.letters(Unconfirmed), app.letters(Queued)), (3, 0));
}

#[test]
fn only_letters_that_were_read_are_confirmed() {
    let app = TestApp::start();
    let link = app.signed_up(&Typed::new("ana@example.org"));
    let read = app.get(&link).field("letters").expect("the button carries what was shown");

    // Somebody who knows the address writes other letters, between reading and pressing.
    app.signed_up(&Typed::new("ana@example.org").with("name", "Mallory").with("story", "Not what Ana wrote."));
    let page = app.post(&link, &[("letters", &read)]);
    assert_eq!(page.status, 409);
    assert!(page.text().contains("written anew after you opened this page") && page.text().contains("Not what Ana wrote."));
    assert_eq!((app.letters(Unconfirmed), app.letters(Queued)), (3, 0));

    let shown = page.field("letters").unwrap();
    assert_ne!(shown, read);
    assert_eq!(app.post(&link, &[("letters", &shown)]).status, 303);
    app.mails(2);
    app.until("both are sent", || app.letters(Sent) == 2);
}

#[test]
fn confirming_what_was_taken_back_counts_nobody() {
    let app = TestApp::start();
    let link = app.signed_up(&Typed::new("ana@example.org"));
    let private = link.replace("/confirm/", "/letters/");
    assert_eq!(app.post(&format!("{private}/withdraw"), &[]).status, 303);
    assert_eq!(app.post(&link, &[]).status, 303);
    assert!(app.get("/api/campaigns/ma-287g/counts").body.contains("\"supporters\":0"));
}
