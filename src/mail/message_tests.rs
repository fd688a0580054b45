//! Mails as a mail program reads them.

use mailparse::{MailAddr, MailHeaderMap, ParsedMail, addrparse_header, parse_mail};
use proptest::prelude::*;

use super::{BuildError, OutgoingMail};
use crate::domain::{EmailAddress, PersonName, Timestamp};

fn address(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

fn letter() -> OutgoingMail {
    OutgoingMail {
        message_id: "<0123456789abcdef@campaign.example>".to_owned(),
        date: Timestamp::from_millis(1_795_356_309_000),
        from_name: "José Núñez via Open Doors".to_owned(),
        from: address("letters@campaign.example"),
        reply_to: Some(("José Núñez".to_owned(), address("jose@people.example"))),
        to_name: "Senator Ada Okafor".to_owned(),
        to: address("ada.okafor@senate.example"),
        subject: "Please support the Open Doors Act".to_owned(),
        text: "Dear Senator Okafor,\n\nI live in Midvale.\n.\nOur café closed — for good.\n\nJosé Núñez\n1 Main Street"
            .to_owned(),
        html: None,
        automatic: false,
    }
}

fn notice() -> OutgoingMail {
    OutgoingMail {
        from_name: "Open Doors".to_owned(),
        reply_to: None,
        to_name: String::new(),
        to: address("jose@people.example"),
        subject: "Confirm your letters".to_owned(),
        text: "Hello José,\nopen this link.\n".to_owned(),
        html: Some("<p>Hello José,</p>\n<p><a href=\"https://campaign.example/c\">open this link</a>.</p>".to_owned()),
        automatic: true,
        ..letter()
    }
}

fn shown(mail: &OutgoingMail) -> String {
    String::from_utf8(mail.to_bytes().unwrap()).unwrap().replace("\r\n", "\n")
}

fn one_address(mail: &ParsedMail<'_>, header: &str) -> (Option<String>, String) {
    match &addrparse_header(mail.get_headers().get_first_header(header).unwrap()).unwrap()[..] {
        [MailAddr::Single(one)] => (one.display_name.clone(), one.addr.clone()),
        other => panic!("{} addresses", other.len()),
    }
}

#[test]
fn a_letter() {
    insta::assert_snapshot!(shown(&letter()));
}

#[test]
fn a_notice() {
    insta::assert_snapshot!(shown(&notice()));
}

#[test]
fn the_same_parts_make_the_same_bytes_in_crlf_lines() {
    for mail in [letter(), notice()] {
        let bytes = mail.to_bytes().unwrap();
        assert_eq!(bytes, mail.to_bytes().unwrap());
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.is_ascii() && text.ends_with("\r\n"));
        assert!(!text.replace("\r\n", "").contains(['\r', '\n']));
        assert!(text.split("\r\n").all(|line| line.len() <= 998));
    }
}

#[test]
fn the_text_arrives_as_it_was() {
    let bytes = letter().to_bytes().unwrap();
    let mail = parse_mail(&bytes).unwrap();
    assert_eq!(mail.get_body().unwrap().replace("\r\n", "\n").trim_end(), letter().text);
    assert_eq!(mail.get_headers().get_first_value("Auto-Submitted"), None);
    let bytes = notice().to_bytes().unwrap();
    let mail = parse_mail(&bytes).unwrap();
    assert_eq!(mail.ctype.mimetype, "multipart/alternative");
    assert_eq!(mail.get_headers().get_first_value("Auto-Submitted").as_deref(), Some("auto-generated"));
    assert_eq!(mail.subparts.len(), 2);
    assert_eq!(mail.subparts[1].get_body().unwrap().replace("\r\n", "\n").trim_end(), notice().html.unwrap());
}

#[test]
fn what_could_forge_a_header_is_an_error() {
    for bad in ["a\r\nBcc: x@example.org", "a\nb", "a\rb", "a\0b", "a\u{7f}b"] {
        let bad = bad.to_owned();
        for mail in [
            OutgoingMail { from_name: bad.clone(), ..letter() },
            OutgoingMail { to_name: bad.clone(), ..letter() },
            OutgoingMail { reply_to: Some((bad.clone(), address("a@example.org"))), ..letter() },
            OutgoingMail { subject: bad.clone(), ..letter() },
        ] {
            assert!(matches!(mail.to_bytes(), Err(BuildError::ControlCharacter(_))), "{bad:?}");
        }
    }
    for bad in ["", "<>", "<a>", "a@b.example", "<a@b.example>\r\nBcc: x", "<a b@c.example>", "<ü@c.example>", "<a@b@c>", "<@b>"]
    {
        let mail = OutgoingMail { message_id: bad.to_owned(), ..letter() };
        assert_eq!(mail.to_bytes().unwrap_err(), BuildError::MessageId, "{bad:?}");
    }
}

#[test]
fn names_that_are_hard_to_write_are_read_back() {
    for name in
        ["O'Brien, \"Bo\" <x@y>", "=?utf-8?Q?boo?=", "李小龍", "a\\b", "( c )", "Ana; b: c@d", ".", "\"", "a  b", "é=?x?="]
    {
        let mail = OutgoingMail { from_name: name.to_owned(), subject: name.to_owned(), ..letter() };
        let bytes = mail.to_bytes().unwrap();
        let parsed = parse_mail(&bytes).unwrap();
        assert_eq!(one_address(&parsed, "From"), (Some(name.to_owned()), "letters@campaign.example".to_owned()), "{name}");
        assert_eq!(parsed.get_headers().get_first_value("Subject").as_deref(), Some(name));
    }
}

#[test]
fn ascii_names_are_quoted_strings_and_no_line_is_too_long() {
    for (name, written) in [
        ("John Smith, Jr.", "From: \"John Smith, Jr.\" <letters@campaign.example>"),
        ("Ana (Abington); x", "From: \"Ana (Abington); x\" <letters@campaign.example>"),
        ("O'Brien \"Bo\" \\ x", "From: \"O'Brien \\\"Bo\\\" \\\\ x\" <letters@campaign.example>"),
        ("Senator Ada Okafor", "From: \"Senator Ada Okafor\" <letters@campaign.example>"),
    ] {
        let text = shown(&OutgoingMail { from_name: name.to_owned(), ..letter() });
        assert_eq!(text.lines().next(), Some(written));
    }
    for name in ["Smith, ".repeat(20), "José Núñez ".repeat(12), "李小龍".repeat(20), "=?x ".repeat(30), "x,".repeat(20)] {
        let mail = OutgoingMail { from_name: name.trim_end().to_owned(), subject: name.trim_end().to_owned(), ..letter() };
        let bytes = mail.to_bytes().unwrap();
        let headers = String::from_utf8(bytes.clone()).unwrap();
        let headers = headers.split("\r\n\r\n").next().unwrap();
        assert!(headers.lines().all(|line| line.len() <= 76), "{headers}");
        let parsed = parse_mail(&bytes).unwrap();
        assert_eq!(one_address(&parsed, "From").0.as_deref(), Some(name.trim_end()));
        assert_eq!(parsed.get_headers().get_first_value("Subject").as_deref(), Some(name.trim_end()));
    }
}

#[test]
fn no_line_of_a_text_begins_as_a_mailbox_file_begins_a_mail() {
    let long = format!("From the river to the {} From here\n", "hills and the streets ".repeat(9));
    for text in
        ["From Abington\nwith love\n".to_owned(), "Dear all,\nFrom now on: é.\n".to_owned(), long, "From x ".repeat(60) + "\n"]
    {
        let bytes = OutgoingMail { text: text.clone(), ..letter() }.to_bytes().unwrap();
        let wire = String::from_utf8(bytes.clone()).unwrap();
        let (_, body) = wire.split_once("\r\n\r\n").unwrap();
        assert!(body.lines().all(|line| !line.starts_with("From ") && line.len() <= 76), "{body}");
        assert_eq!(parse_mail(&bytes).unwrap().get_body().unwrap().replace("\r\n", "\n").trim_end(), text.trim_end());
    }
    assert!(shown(&OutgoingMail { text: "From Abington\n".into(), ..letter() }).contains("\n=46rom Abington\n"));
}

#[test]
fn nothing_personal_is_in_debug_output() {
    assert_eq!(format!("{:?}", letter()), "OutgoingMail { message_id: \"<0123456789abcdef@campaign.example>\", .. }");
}

proptest! {
    #[test]
    fn every_name_that_parses_is_read_back(typed in any::<String>()) {
        if let Ok(name) = PersonName::parse(&typed) {
            let name = name.as_str().to_owned();
            let mail = OutgoingMail { reply_to: Some((name.clone(), address("jose@people.example"))), ..letter() };
            let bytes = mail.to_bytes().unwrap();
            prop_assert!(bytes.is_ascii());
            let parsed = parse_mail(&bytes).unwrap();
            prop_assert_eq!(one_address(&parsed, "Reply-To"), (Some(name), "jose@people.example".to_owned()));
        }
    }

    #[test]
    fn every_text_is_read_back(lines in proptest::collection::vec("[^\\p{C}]{0,1200}", 0..6)) {
        let text = format!("{}\n", lines.join("\n"));
        let bytes = OutgoingMail { text: text.clone(), ..letter() }.to_bytes().unwrap();
        prop_assert!(String::from_utf8(bytes.clone()).unwrap().split("\r\n").all(|line| line.len() <= 998));
        let body = parse_mail(&bytes).unwrap().get_body().unwrap().replace("\r\n", "\n");
        prop_assert_eq!(body.trim_end_matches('\n'), text.trim_end_matches('\n'));
    }
}
