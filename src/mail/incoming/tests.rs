//! Mails as mail systems write them, in our own words and with made-up addresses.

use std::fmt::Write;

use proptest::prelude::*;

use super::{Incoming, IncomingKind};

/// What a mail is taken for: kind, status, first words.
fn read(mail: &str) -> String {
    read_bytes(mail.replace('\n', "\r\n").as_bytes())
}

fn read_bytes(mail: &[u8]) -> String {
    match Incoming::open(mail).kind(Some("wren@senate.example")) {
        IncomingKind::Failed(verdict) => format!("failed {}", verdict.status.map_or("-".into(), |status| status.to_string())),
        IncomingKind::Delayed(verdict) => format!("delayed {}", verdict.status.map_or("-".into(), |status| status.to_string())),
        IncomingKind::Complaint => "complaint".into(),
        IncomingKind::AutomaticReply(words) => format!("automatic [{}] {}", words.subject, words.text),
        IncomingKind::Answer(words) => format!("answer [{}] {}", words.subject, words.text),
        IncomingKind::Other => "other".into(),
    }
}

fn names_its_letter(mail: &[u8]) -> bool {
    Incoming::open(mail).traces().iter().any(|trace| trace.contains("bounces+7.0000@letters.example"))
}

/// A report (RFC 3464) with these recipient fields.
fn report(fields: &str) -> String {
    format!(
        "From: MAILER-DAEMON@relay.example\nTo: bounces+7.0000@letters.example\nAuto-Submitted: auto-replied\nMIME-Version: 1.0\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=\"b1\"\n\n\
         --b1\nContent-Type: text/plain\n\nSomething happened to your message.\n\n\
         --b1\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; relay.example\nArrival-Date: Mon, 23 Nov 2026 09:00:00 +0000\n\n{fields}\n\n\
         --b1\nContent-Type: text/rfc822-headers\n\nFrom: letters@letters.example\nSubject: A letter\n\n--b1--\n"
    )
}

/// A mail system's mail without a report in it.
fn plain(from: &str, more: &str, text: &str) -> String {
    format!("Return-Path: <>\nFrom: {from}\nTo: bounces+7.0000@letters.example\nSubject: Undelivered\n{more}\n{text}\n")
}

#[test]
fn reports_say_what_they_say() {
    for (fields, expected) in [
        (
            "Final-Recipient: rfc822; wren@senate.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 no such user",
            "failed 5.1.1",
        ),
        (
            "Final-Recipient: rfc822; wren@senate.example\nAction: delayed\nStatus: 4.4.1\nWill-Retry-Until: Sat, 28 Nov 2026 09:00:00 +0000",
            "delayed 4.4.1",
        ),
        ("Action: failed\nStatus: 4.4.7 (delivery time expired)\nDiagnostic-Code: smtp; 451 4.7.1 try later", "failed 4.4.7"),
        ("action: FAILED\nstatus: 5.0.0\ndiagnostic-code: smtp; 550-5.1.10 the domain\n takes no mail", "failed 5.1.10"),
        ("Action: failed\nStatus: 5.0.0\nDiagnostic-Code: x-unix; user unknown", "failed 5.0.0"),
        ("Action: failed\nDiagnostic-Code: smtp; 552 5.2.2 mailbox full", "failed 5.2.2"),
        ("Action: failed\nStatus: 5.7.1\nDiagnostic-Code: smtp; 550 5.7.1 blocked", "failed 5.7.1"),
        ("Action: delivered\nStatus: 2.0.0", "other"),
        ("Action: relayed\nStatus: 2.0.0", "other"),
        (
            "Action: expanded\nStatus: 2.0.0\n\nFinal-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.1.1",
            "failed 5.1.1",
        ),
        ("Status: 5.1.1", "failed 5.1.1"),
        (
            "Action: failed\nStatus: 5.1.1\n\nFinal-Recipient: rfc822; wren@senate.example\nAction: delivered\nStatus: 2.0.0",
            "other",
        ),
    ] {
        assert_eq!(read(&report(fields)), expected, "{fields}");
    }
}

#[test]
fn mail_systems_without_a_report_are_read_by_their_codes_in_any_language() {
    for (mail, expected) in [
        (
            plain(
                "MAILER-DAEMON@relay.example",
                "",
                "Hi. This is the qmail-send program.\n<wren@senate.example>:\nSorry, no mailbox here by that name. (#5.1.1)",
            ),
            "failed 5.1.1",
        ),
        (
            plain(
                "Mail Delivery System <Mailer-Daemon@relay.example>",
                "X-Failed-Recipients: wren@senate.example\n",
                "This message was created automatically by mail delivery software.\n  550 unknown user",
            ),
            "failed 5.0.0",
        ),
        (
            plain(
                "postmaster@senate.example",
                "",
                "Ihre Nachricht an wren@senate.example konnte nicht zugestellt werden.\n550 5.1.10 RESOLVER.ADR.RecipientNotFound",
            ),
            "failed 5.1.10",
        ),
        (plain("postmaster@senate.example", "", "Votre message n'a pas pu être remis. 554 5.4.14 boucle"), "failed 5.4.14"),
        (plain("postmaster@senate.example", "", "No se ha podido entregar su mensaje."), "failed -"),
        (
            plain(
                "Mail Delivery Subsystem <MAILER-DAEMON@relay.example>",
                "",
                "Warning: message still undelivered after 4 hours. It will be retried for 5 days; no action is required. 451 4.4.1",
            ),
            "delayed 4.4.1",
        ),
        (
            plain(
                "Mail Delivery System <MAILER-DAEMON@relay.example>",
                "Content-Type: text/plain; charset=utf-8\n",
                "Ihre Nachricht wurde verzögert.",
            ),
            "delayed -",
        ),
        (
            plain(
                "MAILER-DAEMON@relay.example",
                "",
                "** THIS IS A WARNING MESSAGE ONLY **\nWill keep trying until it is 5 days old.",
            ),
            "delayed -",
        ),
        (
            plain(
                "MAILER-DAEMON@relay.example",
                "",
                "It has not yet been delivered. 550 5.7.1 we never will, said the other side.",
            ),
            "failed 5.7.1",
        ),
    ] {
        assert_eq!(read(&mail), expected, "{mail}");
    }
}

#[test]
fn a_machine_that_answers_is_told_from_a_person() {
    let mail = |headers: &str| {
        format!("From: Office <office@senate.example>\nTo: bounces+7.0000@letters.example\n{headers}\n\nWe read every letter.\n")
    };
    for headers in [
        "Subject: Automatic reply: A letter\nAuto-Submitted: auto-replied",
        "Subject: Thank you for contacting us",
        "Subject: Away\nPrecedence: auto_reply",
        "Subject: Away\nX-Autoreply: yes",
        "Subject: Réponse automatique : en congé",
        "Subject: Automatische Antwort: Brief",
    ] {
        assert!(read(&mail(headers)).starts_with("automatic ["), "{headers}");
    }
    assert!(read(&mail("Subject: Out of office\nReturn-Path: <>")).ends_with("We read every letter."));
    for headers in ["Subject: Re: A letter", "Subject: Re: A letter\nAuto-Submitted: no"] {
        assert_eq!(read(&mail(headers)), "answer [Re: A letter] We read every letter.", "{headers}");
    }
}

#[test]
fn an_answer_in_html_becomes_text_without_control_characters() {
    let mail = "From: office@senate.example\nSubject: Automatic reply: x\nAuto-Submitted: auto-replied\nContent-Type: text/html\n\n\
                <p>Thank you &amp; bye.\u{1b}[31m</p><script src=\"x\"></script>\n";
    assert_eq!(read(mail), "automatic [Automatic reply: x] Thank you & bye.[31m");
    let styled = mail
        .replace("<p>", "<TITLE>x</TITLE><style type=\"a\">p { a: b > c }</STYLE><styled>")
        .replace("<script", "<br/><script");
    assert_eq!(read(&styled), "automatic [Automatic reply: x] Thank you & bye.[31m");
    for broken in ["<style>never ends", "<", "a<b", "<styl\u{e9}>x", "x < y"] {
        let _ = read(&mail.replace("<p>", broken));
    }
}

#[test]
fn a_receipt_of_reading_is_nobodys_answer() {
    let mail = "From: office@senate.example\nSubject: Read: A letter\nAuto-Submitted: auto-replied\nMIME-Version: 1.0\n\
                Content-Type: multipart/report; report-type=disposition-notification; boundary=b\n\n--b\nContent-Type: text/plain\n\n\
                Your message was deleted unread.\n\n--b\nContent-Type: message/disposition-notification\n\n\
                Disposition: automatic-action/MDN-sent-automatically; deleted\n\n--b--\n";
    assert_eq!(read(mail), "other");
}

#[test]
fn a_report_in_base64_is_a_report() {
    // Action: failed, Status: 5.1.1
    let mail = report("Action: delayed").replace(
        "message/delivery-status\n\nReporting-MTA: dns; relay.example\nArrival-Date: Mon, 23 Nov 2026 09:00:00 +0000\n\nAction: delayed",
        "message/delivery-status\nContent-Transfer-Encoding: base64\n\nQWN0aW9uOiBmYWlsZWQNClN0YXR1czogNS4xLjENCg==",
    );
    assert_eq!(read(&mail), "failed 5.1.1");
}

#[test]
fn a_report_that_somebody_passed_on_is_a_report() {
    let inner = report("Action: failed\nStatus: 5.1.1");
    let mail = format!(
        "From: ana@example.org\nTo: help@letters.example\nSubject: Fwd: Undelivered\nMIME-Version: 1.0\n\
         Content-Type: multipart/mixed; boundary=b2\n\n--b2\nContent-Type: text/plain\n\nSee below.\n\n--b2\nContent-Type: message/rfc822\n\n{inner}\n--b2--\n"
    );
    assert_eq!(read(&mail), "failed 5.1.1");
    assert!(names_its_letter(mail.as_bytes()));
}

#[test]
fn complaints_are_told_from_praise() {
    let mail = |kind: &str| {
        format!(
            "From: fbl@provider.example\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\n\n\
             --b\nContent-Type: text/plain\n\nA complaint.\n\n--b\nContent-Type: message/feedback-report\n\nFeedback-Type: {kind}\nUser-Agent: x/1\nVersion: 1\n\n\
             --b\nContent-Type: message/rfc822\n\nTo: a@example.org\nReturn-Path: <bounces+7.0000@letters.example>\n\nhi\n--b--\n"
        )
    };
    assert_eq!(read(&mail("abuse")), "complaint");
    assert_eq!(read(&mail("not-spam")), "other");
    assert_eq!(read(&mail("auth-failure")), "other");
    assert!(names_its_letter(mail("abuse").as_bytes()));
}

#[test]
fn what_is_made_to_hurt_the_reader_names_its_letter_and_costs_little() {
    const TO: &str = "To: bounces+7.0000@letters.example\n";
    let mut nested = String::from(TO);
    for level in 0..20_000 {
        let _ = write!(nested, "Content-Type: multipart/mixed; boundary=b{level}\n\n--b{level}\n");
    }
    let mut in_each_other = String::from("Subject: x\n\nhi\n");
    for _ in 0..50 {
        in_each_other = format!("{TO}Content-Type: message/rfc822\n\n{in_each_other}");
    }
    // Two types, of which another parser would believe the second.
    let two_types = format!("{TO}Content-Type : text/plain\n{}", &nested[TO.len()..]);
    let boundaries = format!("{TO}Content-Type: multipart/mixed; boundary=b\n\n{}", "--b\n\nboundary boundary\n".repeat(50_000));
    let headers = format!("{TO}{}\n\nhi\n", "X-Long: a\n b\n".repeat(20_000));
    let long = format!("{TO}\n{}", "x".repeat(super::INCOMING_MAX_OCTETS + 1));
    for mail in [nested, in_each_other, two_types, boundaries, headers, long] {
        assert!(names_its_letter(mail.as_bytes()), "{}", &mail[..100]);
        let _ = read_bytes(mail.as_bytes());
    }
}

#[test]
fn a_long_report_is_read_from_its_beginning() {
    let mail = report("Final-Recipient: rfc822; wren@senate.example\nAction: failed\nStatus: 5.1.1")
        .replace("--b1--", &"quoted\n".repeat(2_000_000));
    assert!(mail.len() > super::INCOMING_MAX_OCTETS);
    assert_eq!(read(&mail), "failed 5.1.1");
}

#[test]
fn utf_16_and_carriage_returns_are_undone() {
    let fields =
        "Reporting-MTA: dns; x\r\n\r\nFinal-Recipient: rfc822; wren@senate.example\r\nAction: failed\r\nStatus: 5.1.1\r\n";
    for big in [true, false] {
        let wide: Vec<u8> =
            fields.encode_utf16().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect();
        let mail =
            report("@@").replace("Reporting-MTA: dns; relay.example\nArrival-Date: Mon, 23 Nov 2026 09:00:00 +0000\n\n@@", "@@");
        let (before, after) = mail.split_once("@@").unwrap();
        assert_eq!(read_bytes(&[before.as_bytes(), &wide, after.as_bytes()].concat()), "failed 5.1.1", "{big}");
    }
    assert_eq!(read_bytes(report("Action: failed\nStatus: 5.1.1").replace('\n', "\r").as_bytes()), "failed 5.1.1");
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_harm(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let _ = read_bytes(&bytes);
    }

    #[test]
    fn a_report_with_a_broken_middle_is_read_without_harm(fields in "[ -~\n]{0,200}") {
        let _ = read(&report(&fields));
    }
}
