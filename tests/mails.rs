//! Every mail as it arrived at the mail server, word for word.

// Clippy takes only `#[test]` functions for tests, and not their helpers.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::fmt::Write;

use support::app::TestApp;
use support::journey::{Typed, text_of};
use support::smtp_server::StoredMessage;

const STORY: &str = "My neighbour no longer calls the police, whatever happens.\r\n\r\nI want her to feel safe here.";

fn ana() -> Typed {
    Typed::new("ana@example.org")
}

/// Envelope, headers as they stand, and each part decoded. What is new each time is named instead: ids, secrets, boundaries.
fn shown(mail: &StoredMessage) -> String {
    let parsed = mailparse::parse_mail(&mail.data).unwrap();
    let mut out = format!("MAIL FROM <{}>\nRCPT TO <{}>\n\n", mail.from, mail.to.join(", "));
    for header in &parsed.headers {
        let value = match header.get_key().as_str() {
            "Message-ID" => {
                let (id, domain) =
                    header.get_value().split_once('@').map(|(id, domain)| (id.to_owned(), domain.to_owned())).unwrap();
                assert_eq!(id.len(), 33, "{id}");
                format!("<[id]@{domain}")
            }
            "Content-Type" => header.get_value().split(" boundary=").next().unwrap().to_owned(),
            _ => String::from_utf8_lossy(header.get_value_raw()).into_owned(),
        };
        writeln!(out, "{}: {value}", header.get_key()).unwrap();
    }
    for part in if parsed.subparts.is_empty() { std::slice::from_ref(&parsed) } else { &parsed.subparts } {
        let text = part.get_body().unwrap().replace("\r\n", "\n");
        write!(out, "\n----- {} -----\n{text}", part.ctype.mimetype).unwrap();
    }
    without_secrets(&out)
}

/// The secret in every link becomes `[token]`.
fn without_secrets(text: &str) -> String {
    ["/confirm/", "/letters/"].iter().fold(text.to_owned(), |text, page| {
        let mut parts = text.split(page);
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |text, part| {
            let end = part.find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_').unwrap_or(part.len());
            assert_eq!(end, 43, "256 bits: {}", &part[..end]);
            format!("{text}{page}[token]{}", &part[end..])
        })
    })
}

/// The letters that went to the Senate and to the House.
fn letters(app: &TestApp, typed: &Typed) -> (StoredMessage, StoredMessage) {
    app.confirmed(typed);
    let (senate, house): (Vec<_>, Vec<_>) = app.mails(2).into_iter().partition(|mail| mail.to[0].starts_with("wren"));
    (senate[0].clone(), house[0].clone())
}

#[test]
fn the_letter_to_the_senate() {
    let app = TestApp::start();
    insta::assert_snapshot!(shown(&letters(&app, &ana().with("story", STORY)).0));
}

#[test]
fn the_letter_to_the_house() {
    let app = TestApp::start();
    insta::assert_snapshot!(shown(&letters(&app, &ana()).1));
}

#[test]
fn the_letter_of_a_name_beyond_ascii() {
    let app = TestApp::start();
    let typed = Typed::new("zoe@example.org").with("name", "Zoë \"Zo\" O'Brien, Jr.").with("street", "3 Façade Way");
    insta::assert_snapshot!(shown(&letters(&app, &typed).0));
}

#[test]
fn the_confirmation() {
    let app = TestApp::start();
    app.sign_up(&ana());
    insta::assert_snapshot!(shown(&app.mails(1)[0]));
}

#[test]
fn the_mail_to_someone_who_has_confirmed_already() {
    let app = TestApp::start();
    letters(&app, &ana());
    app.sign_up(&ana());
    insta::assert_snapshot!(shown(&app.mails(1)[0]));
}

#[test]
fn the_text_that_a_supporter_sends_through_the_governors_form() {
    let app = TestApp::start();
    let private = app.confirmed(&ana().with("story", STORY));
    app.mails(2);
    let page = app.get(&private);
    let (_, area) = page.body.split_once("<textarea class=\"copy-text\"").expect("a text to copy");
    let text = area.split_once(">\n").unwrap().1.split("</textarea>").next().unwrap();
    insta::assert_snapshot!(support::app::unescape(text));
}

#[test]
fn a_letter_without_own_words_stays_under_250_words() {
    let app = TestApp::start();
    let private = app.confirmed(&ana());
    let mut texts: Vec<String> = app.mails(2).iter().map(text_of).collect();
    let page = app.get(&private);
    texts.push(page.body.split_once("<textarea class=\"copy-text\"").unwrap().1.split("</textarea>").next().unwrap().to_owned());
    for text in texts {
        let words = text.split_whitespace().count();
        // Ten are kept for an apartment, a town of three words and a district of three counties.
        assert!((100..240).contains(&words), "{words} words:\n{text}");
    }
}

#[test]
fn every_mail_has_an_id_and_a_day_of_its_own_clock() {
    let app = TestApp::start();
    app.confirmed(&ana());
    let mails = app.mails(2);
    let ids: std::collections::BTreeSet<String> = mails.iter().map(|mail| mail.header("Message-ID").unwrap()).collect();
    assert_eq!(ids.len(), 2);
    for mail in mails {
        assert!(mail.header("Date").unwrap().starts_with("Sun, 22 Nov 2026 15:00:00"), "{:?}", mail.header("Date"));
        let long = String::from_utf8_lossy(&mail.data).lines().map(str::len).max();
        assert!(long <= Some(998), "RFC 5322 section 2.1.1: {long:?}");
    }
}
