//! Each kind of mail that comes back, handed over for a letter that was sent: what is recorded of it, and what it changes.
//!
//! Every test ends with the mail server's own check that nobody was answered: a report or an automatic reply never is.

use standout::domain::MessageState;

use super::{DELAYED, FULL, app, report, sent};
use crate::support::journey::Typed;
use crate::support::smtp_server::StoredMessage;

/// How a mail that comes back is written, for the mail that was sent.
type Writes = fn(&StoredMessage) -> String;

/// A mail system's words without a report in it.
fn words_only(mail: &StoredMessage, from: &str, text: &str) -> String {
    format!(
        "Return-Path: <>\r\nFrom: {from}\r\nTo: {}\r\nSubject: Undelivered\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n",
        mail.from
    )
}

/// A person's answer, which went to the envelope's sender.
fn answer(mail: &StoredMessage) -> String {
    let text = "Dear Ana, the Representative will vote for it. Please call me.";
    words_only(mail, "Aide <aide@house.example>", text).replace("Return-Path: <>", "Return-Path: <aide@house.example>")
}

/// A complaint (RFC 5965) that quotes the mail.
fn complaint(mail: &StoredMessage, kind: &str) -> String {
    format!(
        "From: complaints@provider.example\r\nTo: abuse@campaign.example\r\nSubject: FW: A letter\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=feedback-report; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nSee below.\r\n\
         --b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: {kind}\r\nUser-Agent: x/1\r\nVersion: 1\r\nOriginal-Mail-From: <{}>\r\n\r\n\
         --b\r\nContent-Type: message/rfc822\r\n\r\nFrom: letters@campaign.example\r\nSubject: A letter\r\n\r\nDear Senator\r\n--b--\r\n",
        mail.from
    )
}

/// A report that a person passes on as an attachment, from an address of their own.
fn passed_on(report: &str) -> String {
    format!(
        "From: help@campaign.example\r\nTo: bounces@campaign.example\r\nSubject: Fwd: Undelivered\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=outer\r\n\r\n--outer\r\nContent-Type: text/plain\r\n\r\nWhat is this?\r\n\
         --outer\r\nContent-Type: message/rfc822\r\n\r\n{report}\r\n--outer--\r\n"
    )
}

#[test]
fn every_kind_of_failure_brings_the_letter_back() {
    let app = app();
    let cases: [(&str, Writes, &str); 5] = [
        ("a report", |mail| report(mail, FULL), "5.2.2"),
        ("a report, passed on", |mail| passed_on(&report(mail, FULL)), "5.2.2"),
        (
            "words in English",
            |mail| {
                let text =
                    "Sorry, I couldn't find any host by that name. (#5.1.2)\r\n--- Below this line is a copy of the message.";
                words_only(mail, "MAILER-DAEMON@relay.example", text)
            },
            "5.1.2",
        ),
        (
            "words in German",
            |mail| {
                let text = "Ihre Nachricht konnte nicht zugestellt werden.\r\n550 5.4.14 Weiterleitung im Kreis";
                words_only(mail, "postmaster@house.example", text)
            },
            "5.4.14",
        ),
        ("words without a code", |mail| words_only(mail, "postmaster@house.example", "No se ha podido entregar."), ""),
    ];
    for (number, (what, mail, status)) in cases.into_iter().enumerate() {
        app.confirmed(&Typed::new(&format!("person{number}@example.org")));
        let letters = app.mails(2);
        app.until("both are on record", || app.letters(MessageState::Sent) == i64::try_from(number).unwrap() + 2);
        assert_eq!(app.transmit(&mail(&letters[1])), 202, "{what}");
        assert_eq!(app.letters(MessageState::Bounced), i64::try_from(number).unwrap() + 1, "{what}");
        let last: Vec<(String, Option<String>)> = app.tables().rows("kind, status", "returns ORDER BY id DESC LIMIT 1");
        assert_eq!(last[0], ("failed".into(), (!status.is_empty()).then(|| status.into())), "{what}");
        // Only the letter that came back did: not its sister.
        assert_eq!(app.tables().count("messages WHERE state = 'bounced'"), number + 1);
        crate::support::tables::Tables::change(app.store.path(), "DELETE FROM dead_mailboxes");
    }
}

#[test]
fn what_is_no_failure_brings_nothing_back() {
    let app = app();
    let (_, mails) = sent(&app);
    let mail = &mails[0];
    let warning = "This is a warning message only: the message has not yet been delivered. Will keep trying. 451 4.4.1";
    let cases = [
        ("a warning", report(mail, DELAYED), "delayed"),
        ("a warning without a report", words_only(mail, "MAILER-DAEMON@relay.example", warning), "delayed"),
        ("a delivery", report(mail, "Action: delivered\nStatus: 2.0.0"), "other"),
        ("a complaint", complaint(mail, "abuse"), "complaint"),
        ("praise", complaint(mail, "not-spam"), "other"),
        ("a person's answer", answer(mail), "answer"),
    ];
    for (what, text, kind) in cases {
        let before = app.tables().count(&format!("returns WHERE kind = '{kind}'"));
        assert_eq!(app.transmit(&text), 202, "{what}");
        assert_eq!(app.tables().count(&format!("returns WHERE kind = '{kind}'")), before + 1, "{what}");
        assert_eq!((app.letters(MessageState::Sent), app.letters(MessageState::Bounced)), (2, 0), "{what}");
    }
    assert_eq!(app.tables().count("office_replies WHERE automatic") + app.tables().count("dead_mailboxes"), 0);
    assert_eq!(app.tables().count("signups WHERE notices_end_at IS NOT NULL"), 0, "an office's complaint is not the supporter's");
}

#[test]
fn whoever_calls_a_confirmation_spam_gets_no_more_of_ours() {
    let app = app();
    app.sign_up(&Typed::new("ana@example.org"));
    let mail = app.mails(1).remove(0);
    app.until("it is on record", || app.tables().count("messages WHERE kind = 'confirmation' AND state = 'sent'") == 1);
    assert_eq!(app.transmit(&complaint(&mail, "abuse")), 202);
    assert_eq!(app.tables().count("signups WHERE notices_end_at IS NOT NULL"), 1);
}

#[test]
fn an_automatic_answer_to_a_forged_address_reaches_nobody() {
    let app = app();
    let (_, mails) = sent(&app);
    let (numbered, _) = mails[0].from.split_once('.').unwrap();
    let forged = format!("{numbered}.00000000000000000000@bounces.campaign.example");
    let answer = format!(
        "Return-Path: <>\r\nFrom: office@senate.example\r\nTo: {forged}\r\nSubject: Automatic reply: x\r\nAuto-Submitted: auto-replied\r\n\r\nHello.\r\n"
    );
    assert_eq!(app.transmit(&answer), 202);
    assert_eq!(app.tables().count("returns") + app.tables().count("office_replies"), 0);
    let counted: Vec<(String,)> = app.tables().rows("value", "settings WHERE key = 'returns_unmatched_forged'");
    assert_eq!(counted, [("1".into(),)]);
}
