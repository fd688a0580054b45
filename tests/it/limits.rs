//! Limits per client, and the marks of a machine: each keeps what was typed and says when to come again.

use std::time::Duration;

use reqwest::blocking::RequestBuilder;

use crate::support::app::{Page, TestApp};
use crate::support::journey::{CAMPAIGN, Typed};

fn typed(n: u32) -> Typed {
    Typed::new(&format!("ana{n}@example.org")).with("story", "My own words.")
}

fn sent(app: &TestApp, path: &str, typed: &Typed, token: &str, change: impl FnOnce(RequestBuilder) -> RequestBuilder) -> Page {
    let request = app.client.post(app.address(&format!("{CAMPAIGN}/{path}"))).form(&typed.pairs(token));
    Page::of(change(request).send().unwrap())
}

fn from(app: &TestApp, n: u32, forwarded: &[&str]) -> Page {
    let token = app.form_token();
    let page = sent(app, "signups", &typed(n), &token, |request| {
        forwarded.iter().fold(request, |request, value| request.header("X-Forwarded-For", *value))
    });
    if page.status == 303 {
        app.mails(1);
    }
    page
}

/// Seconds to wait; a page that says so keeps everything typed.
fn refused(page: &Page, typed: &Typed) -> u64 {
    assert_eq!(page.status, 429, "{}", page.text());
    page.assert_keeps(typed, &[]);
    assert!(page.text().contains("Many forms came from your network"), "{}", page.text());
    let wait: u64 = page.header("retry-after").parse().expect("Retry-After in seconds");
    assert!((1..=3600).contains(&wait), "{wait}");
    wait
}

#[test]
fn a_client_with_too_many_sign_ups_waits_as_long_as_it_is_told() {
    let app = TestApp::with(&[("SIGNUPS_PER_IP_PER_HOUR", "3")]);
    for n in 0..2 {
        app.signed_up(&typed(n));
    }
    let wait = refused(&app.sign_up(&typed(2)), &typed(2));
    assert_eq!(app.rows("signups"), 2);
    app.advance(Duration::from_secs(wait - 1));
    refused(&app.sign_up(&typed(2)), &typed(2));
    app.advance(Duration::from_secs(1));
    app.signed_up(&typed(2));
}

#[test]
fn correcting_mistakes_does_not_use_up_the_sign_ups() {
    let app = TestApp::with(&[("SIGNUPS_PER_IP_PER_HOUR", "2")]);
    for _ in 0..4 {
        app.sign_up(&typed(0).with("consent", "")).assert_wrong(&["consent"]);
    }
    app.signed_up(&typed(0));
}

#[test]
fn previews_have_a_wider_limit_of_their_own() {
    let app = TestApp::with(&[("SIGNUPS_PER_IP_PER_HOUR", "1")]);
    for _ in 0..4 {
        assert_eq!(app.preview(&typed(0)).status, 200);
    }
    let page = app.preview(&typed(0));
    assert_eq!(page.status, 429);
    page.assert_keeps(&typed(0), &["consent"]);
    assert!(!page.header("retry-after").is_empty());
    app.signed_up(&typed(0));
}

#[test]
fn a_stranger_can_not_pass_as_many_clients() {
    let app = TestApp::with(&[("SIGNUPS_PER_IP_PER_HOUR", "1")]);
    assert_eq!(from(&app, 0, &["203.0.113.1"]).status, 303);
    refused(&from(&app, 1, &["203.0.113.2"]), &typed(1));
}

#[test]
fn a_trusted_proxy_says_who_the_client_is() {
    let app = TestApp::with(&[("SIGNUPS_PER_IP_PER_HOUR", "1"), ("TRUSTED_PROXIES", "127.0.0.1, 10.0.0.1")]);
    assert_eq!(from(&app, 0, &["203.0.113.1"]).status, 303);
    refused(&from(&app, 1, &["203.0.113.1"]), &typed(1));
    assert_eq!(from(&app, 2, &["203.0.113.2"]).status, 303);
    // What the client itself wrote stands on the left, and is not believed; a second proxy is stepped over.
    refused(&from(&app, 3, &["198.51.100.7, 203.0.113.2"]), &typed(3));
    refused(&from(&app, 4, &["198.51.100.8, 203.0.113.2, 10.0.0.1"]), &typed(4));
    refused(&from(&app, 5, &["198.51.100.9", "203.0.113.2"]), &typed(5));
}

#[test]
fn a_header_that_is_no_address_counts_for_the_proxy() {
    let app = TestApp::with(&[("SIGNUPS_PER_IP_PER_HOUR", "1"), ("TRUSTED_PROXIES", "127.0.0.1")]);
    assert_eq!(from(&app, 0, &["nobody"]).status, 303);
    refused(&from(&app, 1, &["somebody"]), &typed(1));
}

#[test]
fn the_networks_of_one_household_are_one_client() {
    let app = TestApp::with(&[("SIGNUPS_PER_IP_PER_HOUR", "1"), ("TRUSTED_PROXIES", "127.0.0.1")]);
    assert_eq!(from(&app, 0, &["2001:db8:1:2::1"]).status, 303);
    refused(&from(&app, 1, &["2001:db8:1:2:ffff::9"]), &typed(1));
    assert_eq!(from(&app, 2, &["2001:db8:1:3::1"]).status, 303);
}

#[test]
fn a_form_sent_faster_than_a_person_types_comes_back_and_works_a_moment_later() {
    let app = TestApp::with(&[("FORM_MIN_SECONDS", "5")]);
    let token = app.form_token();
    for path in ["officials", "signups"] {
        let page = sent(&app, path, &typed(0), &token, |request| request);
        assert_eq!(page.status, 422, "{path}");
        assert!(page.text().contains("Please wait a moment and press the button again"), "{}", page.text());
        page.assert_keeps(&typed(0), if path == "officials" { &["consent"] } else { &[] });
        assert_eq!(page.field("form_token").as_deref(), Some(token.as_str()), "waiting starts anew for nobody");
    }
    app.advance(Duration::from_secs(5));
    assert_eq!(sent(&app, "signups", &typed(0), &token, |request| request).status, 303);
    app.mails(1);
}

#[test]
fn a_hidden_field_that_was_filled_in_comes_back_empty() {
    let app = TestApp::start();
    let token = app.form_token();
    for path in ["officials", "signups"] {
        let page = sent(&app, path, &typed(0).with("website", "http://spam.example"), &token, |request| request);
        assert_eq!(page.status, 422, "{path}");
        assert!(page.text().contains("A hidden field was filled in"), "{}", page.text());
        page.assert_keeps(&typed(0), if path == "officials" { &["consent"] } else { &[] });
        assert!(!page.body.contains("spam.example"));
    }
    assert_eq!(app.rows("signups"), 0);
}

/// The token does not pass; the page has one that does.
fn handed_out_anew(app: &TestApp, token: &str) {
    let page = sent(app, "signups", &typed(0), token, |request| request);
    assert_eq!(page.status, 422, "{token}");
    assert!(page.text().contains("This form was open for a long time"), "{}", page.text());
    page.assert_keeps(&typed(0), &[]);
    let fresh = page.field("form_token").unwrap();
    assert_ne!(fresh, token);
    assert_eq!(sent(app, "signups", &typed(0), &fresh, |request| request).status, 303);
    app.mails(1);
}

#[test]
fn a_form_kept_open_for_more_than_a_day_is_handed_out_anew() {
    let app = TestApp::start();
    let token = app.form_token();
    app.advance(Duration::from_hours(24) + Duration::from_secs(1));
    handed_out_anew(&app, &token);
}

#[test]
fn a_forged_token_is_worth_nothing() {
    let app = TestApp::start();
    let token = app.form_token();
    let (_, signature) = token.split_once('.').unwrap();
    handed_out_anew(&app, &format!("1795359599999.{signature}"));
}

#[test]
fn a_token_of_another_installation_is_worth_nothing() {
    let (app, other) = (TestApp::start(), TestApp::start());
    handed_out_anew(&app, &other.form_token());
}

#[test]
fn a_missing_token_is_asked_for_again() {
    let app = TestApp::start();
    handed_out_anew(&app, "");
}
