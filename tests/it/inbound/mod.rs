//! Letters that come back, through every door: a mail system's pipe, HTTP, and what the supporter and the counts then say.

mod answers;
mod bad_input;
mod blocks;
mod kinds;
mod mailbox;
mod samples;

use standout::domain::MessageState;

use crate::support::app::TestApp;
use crate::support::journey::{Typed, text_of};
use crate::support::service::Folder;
use crate::support::smtp_server::{Script, SmtpServer, StoredMessage};

const SECRET: &str = "a secret of more than thirty-two characters";
const DOMAIN: (&str, &str) = ("MAIL_BOUNCE_DOMAIN", "bounces.campaign.example");

fn app() -> TestApp {
    TestApp::with(&[DOMAIN, ("BOUNCE_SECRET", SECRET)])
}

/// A report (RFC 3464) to the envelope's sender of a mail that was sent.
fn report(mail: &StoredMessage, fields: &str) -> String {
    format!(
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@relay.example\r\nTo: <{}>\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nIt failed.\r\n\
         --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; relay.example\r\n\r\nFinal-Recipient: rfc822; {}\r\n{}\r\n\r\n--b--\r\n",
        mail.from,
        mail.to[0],
        fields.replace('\n', "\r\n")
    )
}

const NO_SUCH_USER: &str = "Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 nobody here, ana@example.org";
const FULL: &str = "Action: failed\nStatus: 5.2.2\nDiagnostic-Code: smtp; 552 5.2.2 mailbox full";
const DELAYED: &str = "Action: delayed\nStatus: 4.4.1\nDiagnostic-Code: smtp; 421 4.4.1 no answer";

impl crate::support::app::TestApp {
    fn transmit(&self, mail: &str) -> u16 {
        let request = self.client.post(self.address("/bounces")).bearer_auth(SECRET).body(mail.to_owned());
        request.send().unwrap().status().as_u16()
    }
}

/// The mails to the two offices of the demo.
fn sent(app: &TestApp) -> (String, Vec<StoredMessage>) {
    let private = app.confirmed(&Typed::new("ana@example.org"));
    let mails = app.mails(2);
    app.until("both are on record as sent", || app.letters(MessageState::Sent) == 2);
    (private, mails)
}

#[test]
fn each_message_has_a_return_path_of_its_own() {
    let app = app();
    let (_, mails) = sent(&app);
    assert_ne!(mails[0].from, mails[1].from);
    for mail in &mails {
        assert!(mail.from.starts_with("bounces+") && mail.from.ends_with("@bounces.campaign.example"), "{}", mail.from);
        assert!(mail.header("From").unwrap().contains("letters@campaign.example"));
    }
}

#[test]
fn a_letter_that_came_back_counts_once_and_never_as_sent() {
    let app = app();
    let (private, mails) = sent(&app);
    let bounce = report(&mails[0], FULL);
    for _ in 0..3 {
        assert_eq!(app.transmit(&bounce), 202);
    }
    assert_eq!(app.transmit(&report(&mails[0], NO_SUCH_USER)), 202, "another report of the same letter");
    assert_eq!((app.letters(MessageState::Sent), app.letters(MessageState::Bounced)), (1, 1));
    assert_eq!(app.tables().count("messages WHERE kind = 'letter' AND state = 'bounced'"), 1);
    assert_eq!(app.tables().count("returns"), 2);
    let page = app.get(&private).text();
    assert!(page.contains("Could not be delivered: the office's mail system returned it"), "{page}");
}

#[test]
fn a_mailbox_that_several_letters_find_missing_is_flagged_and_its_other_letters_wait() {
    let app = app();
    let (_, mails) = sent(&app);
    let to_same = |email: &str| {
        app.confirmed(&Typed::new(email));
        let letters = app.mails(2);
        letters.into_iter().find(|mail| mail.to == mails[0].to).unwrap()
    };
    // Whoever holds the headers of one letter can write any number of reports about it.
    for words in ["no such user", "user unknown", "no mailbox here by that name"] {
        let said = NO_SUCH_USER.replace("nobody here", words);
        assert_eq!(app.transmit(&report(&mails[0], &said)), 202);
    }
    assert_eq!(app.tables().count("returns WHERE cause = 'no_mailbox'"), 3);
    assert_eq!(app.tables().count("dead_mailboxes"), 0);
    let said: Vec<(String,)> = app.tables().rows("words", "returns ORDER BY id LIMIT 1");
    assert_eq!(said[0].0, "550 5.1.1 no such user, (the supporter)", "no supporter stands in what is kept");
    let second = to_same("ben@example.org");
    app.until("they are on record", || app.letters(MessageState::Sent) == 3);
    // A mailbox behind the official's, words that contradict the status: no evidence.
    for no_evidence in [
        report(&second, NO_SUCH_USER).replace(&second.to[0], "aide@elsewhere.example"),
        report(&second, "Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 552 over quota"),
        report(&second, "Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.7.1 blacklisted"),
    ] {
        assert_eq!(app.transmit(&no_evidence), 202);
        assert_eq!(app.tables().count("dead_mailboxes"), 0, "{no_evidence}");
    }
    assert_eq!(app.transmit(&report(&second, NO_SUCH_USER)), 202);
    assert_eq!(app.tables().count("dead_mailboxes"), 1);
    app.confirmed(&Typed::new("cleo@example.org"));
    app.mails(1);
    app.until("the other waits", || app.letters(MessageState::Held) == 1);
}

#[test]
fn a_warning_moves_nothing() {
    let app = app();
    let (_, mails) = sent(&app);
    assert_eq!(app.transmit(&report(&mails[0], DELAYED)), 202);
    assert_eq!(app.letters(MessageState::Sent), 2);
    assert_eq!(app.tables().count("returns WHERE kind = 'delayed' AND status = '4.4.1'"), 1);
}

#[test]
fn what_is_forged_is_counted_and_changes_nothing() {
    let app = app();
    let (_, mut mails) = sent(&app);
    let digit = |c: char| if c == '0' { '1' } else { '0' };
    let (local, domain) = mails[0].from.split_once('@').unwrap();
    let last = local.chars().last().unwrap();
    mails[0].from = format!("{}{}@{domain}", &local[..local.len() - 1], digit(last));
    assert_eq!(app.transmit(&report(&mails[0], NO_SUCH_USER)), 202);
    for nothing in ["", "garbage", "Subject: hi\r\n\r\nhello"] {
        assert_eq!(app.transmit(nothing), 202, "{nothing}");
    }
    assert_eq!((app.letters(MessageState::Sent), app.tables().count("returns")), (2, 0));
    let counted: Vec<(String, String)> = app.tables().rows("key, value", "settings WHERE key LIKE 'returns%' ORDER BY key");
    assert_eq!(counted, [("returns_unmatched_forged".into(), "1".into()), ("returns_unmatched_other".into(), "3".into())]);
}

#[test]
fn the_door_is_closed_without_its_secret() {
    let app = app();
    let post = |secret: Option<&str>| {
        let request = app.client.post(app.address("/bounces")).body("x");
        let request = if let Some(secret) = secret { request.bearer_auth(secret) } else { request };
        request.send().unwrap().status().as_u16()
    };
    for wrong in [None, Some(""), Some("wrong"), Some(&SECRET[1..])] {
        assert_eq!(post(wrong), 401, "{wrong:?}");
    }
    assert_eq!(app.get("/bounces").status, 405);
    assert_eq!(app.transmit(&"x".repeat(10 * 1024 * 1024 + 1)), 413);
    let closed = TestApp::start();
    assert_eq!(closed.client.post(closed.address("/bounces")).bearer_auth("").body("x").send().unwrap().status(), 404);
}

#[test]
fn a_notice_that_came_back_is_the_last_one_to_its_address() {
    let app = app();
    app.sign_up(&Typed::new("nobody@example.org"));
    let mail = app.mails(1).remove(0);
    app.until("it is on record", || app.tables().count("messages WHERE kind = 'confirmation' AND state = 'sent'") == 1);
    assert_eq!(app.transmit(&report(&mail, NO_SUCH_USER)), 202);
    assert_eq!(app.tables().count("signups WHERE notices_end_at IS NOT NULL"), 1);
    assert_eq!(app.tables().count("dead_mailboxes"), 0, "it is no official's");
}

#[test]
fn an_offices_automatic_answer_is_passed_on_once() {
    let app = app();
    let (_, mails) = sent(&app);
    let answer = |n: u32| {
        format!(
            "Return-Path: <>\r\nFrom: office@senate.example\r\nTo: {}\r\nSubject: Automatic reply: A letter\r\nAuto-Submitted: auto-replied\r\n\
             Content-Type: text/plain; charset=utf-8\r\n\r\nThank you {n} <b>for</b> writing.\r\n",
            mails[0].from
        )
    };
    assert_eq!(app.transmit(&answer(1)), 202);
    assert_eq!(app.transmit(&answer(2)), 202);
    let mail = app.mails(1).remove(0);
    assert_eq!(mail.to, ["ana@example.org"]);
    assert_eq!(mail.header("Auto-Submitted").as_deref(), Some("auto-generated"));
    assert!(mail.header("Subject").unwrap().starts_with("Automatic answer from the office of "));
    let text = text_of(&mail);
    assert!(text.contains("> Thank you 1 <b>for</b> writing.") && text.contains("A machine sent it"), "{text}");
    let html = String::from_utf8_lossy(&mail.data).into_owned();
    assert!(!html.contains("<b>for</b> writing.</div>"), "the office's words are escaped");
    app.until("its words are gone", || {
        app.tables().count("office_replies WHERE passed_on_at IS NOT NULL AND body_text = ''") == 1
    });
    // The notice's own automatic answer is passed on to nobody.
    let holiday = answer(3).replace(&mails[0].from, &mail.from);
    assert_eq!(app.transmit(&holiday), 202);
    assert_eq!(app.tables().count("office_replies"), 1);
}

#[test]
fn a_pipe_of_a_mail_system_records_and_never_fails_on_nonsense() {
    let smtp = SmtpServer::start(Script::default());
    let folder = Folder::new(Some(&smtp), &[DOMAIN]);
    let service = folder.serve();
    service.confirm(&service.sign_up(&smtp, 0..1));
    let mails = smtp.wait_for(2, std::time::Duration::from_secs(20));
    let bounce = report(&mails[0], FULL);
    // A report may come before its letter is on record; the mail system then tries again.
    let ran = loop {
        let ran = folder.run_with(&["bounce"], &bounce);
        if ran.code != Some(75) {
            break ran;
        }
    };
    assert_eq!((ran.code, ran.out.trim()), (Some(0), "recorded: failed"), "{}", ran.err);
    assert_eq!(folder.done_with(&["bounce"], &bounce).trim(), "nothing new: it was recorded before");
    let answer =
        format!("From: Aide <aide@house.example>\r\nTo: {}\r\nSubject: Re: x\r\n\r\nDear Ana, please call.\r\n", mails[1].from);
    assert_eq!(folder.done_with(&["bounce"], &answer).trim(), "recorded: answer");
    assert!(folder.done_with(&["bounce"], "no mail at all").starts_with("counted, and not kept"));
    assert!(folder.done_with(&["bounce"], "").starts_with("counted, and not kept"));
    let counts = folder.done(&["counts", "ma-287g", "--json"]);
    assert!(counts.contains("\"bounced\": 1"), "{counts}");
    std::fs::remove_dir_all(folder.dir.path().join("data")).unwrap();
    std::fs::write(folder.dir.path().join("data"), "in the way").unwrap();
    assert_eq!(folder.run_with(&["bounce"], &bounce).code, Some(75), "what can't be kept is for later");
}

impl Folder {
    fn done_with(&self, arguments: &[&str], input: &str) -> String {
        let ran = self.run_with(arguments, input);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        ran.out
    }
}
