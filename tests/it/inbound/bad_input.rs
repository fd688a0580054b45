//! Mails that come back in no good order: about letters that are gone, by addresses that forwarders changed, with two letters in one.

use standout::domain::MessageState;

use super::{FULL, NO_SUCH_USER, app, report, sent};
use crate::support::app::TestApp;
use crate::support::tables::Tables;

fn states(app: &TestApp) -> Vec<String> {
    let rows: Vec<(String,)> = app.tables().rows("state", "messages WHERE kind = 'letter' AND state <> 'self_send' ORDER BY id");
    rows.into_iter().map(|(state,)| state).collect()
}

#[test]
fn whom_a_mail_was_sent_to_counts_before_what_it_quotes() {
    let app = app();
    let (_, mails) = sent(&app);
    let both = report(&mails[0], FULL).replace("It failed.", &format!("It failed. <{}>", mails[1].from));
    assert_eq!(app.transmit(&both), 202);
    let bounced: Vec<(String,)> =
        app.tables().rows("o.email", "messages m JOIN officials o ON o.id = m.official_id WHERE m.state = 'bounced'");
    assert_eq!(bounced, [(mails[0].to[0].clone(),)]);
}

#[test]
fn a_return_path_that_a_forwarder_changed_names_its_letter() {
    let app = app();
    let (_, mails) = sent(&app);
    let wrap = |mail: &str, as_text: &str| {
        let (local, domain) = mail.split_once('@').unwrap();
        as_text.replace("LOCAL", local).replace("DOMAIN", domain)
    };
    for (mail, as_text) in mails.iter().zip(["SRS0=h4Sh=TT=DOMAIN=LOCAL@forwarder.example", "prvs=1234abcdef=LOCAL@DOMAIN"]) {
        let changed = report(mail, FULL).replace(&mail.from, &wrap(&mail.from, as_text));
        assert_eq!(app.transmit(&changed), 202);
    }
    assert_eq!(app.letters(MessageState::Bounced), 2);
}

#[test]
fn a_report_about_a_letter_that_is_gone_changes_nothing_else() {
    let app = app();
    let (private, mails) = sent(&app);
    let database = app.dir.path().join("standout.sqlite3");
    // Taken back, as far as we know: a report of it is kept and moves nothing.
    Tables::change(
        &database,
        "UPDATE messages SET state = 'withdrawn' WHERE kind = 'letter' AND id = (SELECT min(id) FROM messages WHERE kind = 'letter')",
    );
    for mail in &mails {
        assert_eq!(app.transmit(&report(mail, NO_SUCH_USER)), 202);
    }
    assert_eq!(states(&app), ["withdrawn", "bounced"]);
    assert_eq!(app.post(&format!("{private}/erase"), &[("sure", "yes")]).status, 200);
    let again = NO_SUCH_USER.replace("nobody here", "user unknown");
    for mail in &mails {
        assert_eq!(app.transmit(&report(mail, &again)), 202);
    }
    assert_eq!(app.tables().count("returns"), 4);
    let words: Vec<(String,)> = app.tables().rows("words", "returns ORDER BY id DESC LIMIT 2");
    assert!(words.iter().all(|(words,)| words.is_empty()), "who erased their data can't be hidden in words any more: {words:?}");
    assert_eq!(app.tables().count("dead_mailboxes"), 0);
}

#[test]
fn what_is_made_to_hurt_is_taken_and_names_its_letter() {
    let app = app();
    let (_, mails) = sent(&app);
    let to = format!("To: {}\r\n", mails[0].from);
    let mut deep = String::from("Subject: x\r\n\r\nhi\r\n");
    for _ in 0..50 {
        deep = format!("Content-Type: message/rfc822\r\n\r\n{deep}");
    }
    let boundaries = "--b\r\n\r\nboundary\r\n".repeat(20_000);
    for (kind, mail) in [
        ("nested", format!("{to}{deep}")),
        ("long headers", format!("{to}X-Long: {}\r\n\r\nhi\r\n", "x ".repeat(100_000))),
        ("boundaries", format!("{to}Content-Type: multipart/mixed; boundary=b\r\n\r\n{boundaries}")),
        (
            "no end",
            format!(
                "{to}Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nAction: fai"
            ),
        ),
        ("nul", format!("{to}Subject: \0\r\n\r\n\0\0\0\r\n")),
        ("charset", format!("{to}Content-Type: text/plain; charset=none\r\n\r\n\u{e9}\r\n")),
    ] {
        let before = app.tables().count("returns");
        assert_eq!(app.transmit(&mail), 202, "{kind}");
        assert_eq!(app.tables().count("returns"), before + 1, "{kind}");
    }
    assert_eq!(app.tables().count("dead_mailboxes"), 0);
}
