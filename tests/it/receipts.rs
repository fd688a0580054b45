//! What supporters are told of their letters afterwards, word for word, once, and not too often.

use std::time::Duration;

use standout::domain::MessageState;

use crate::support::app::TestApp;
use crate::support::journey::{Typed, text_of};
use crate::support::smtp_script::{Action, At, Script};
use crate::support::smtp_server::{SmtpServer, StoredMessage};
use crate::support::tables::Tables;

const A_WHILE: Duration = Duration::from_mins(11);

fn tables(app: &TestApp) -> Tables {
    Tables::open(&app.dir.path().join("standout.sqlite3"))
}

fn over(script: Script, settings: &[(&str, &str)]) -> TestApp {
    let clock = standout::domain::Clock::manual(crate::support::app::START);
    TestApp::over(SmtpServer::start(script), tempfile::tempdir().unwrap(), clock, settings)
}

/// The next notice, which must have this subject.
fn notice(app: &TestApp, subject: &str) -> StoredMessage {
    let mail = app.mails(1).remove(0);
    assert_eq!(mail.header("Subject").unwrap(), subject, "{}", text_of(&mail));
    mail
}

/// The secret in a link becomes `[token]`.
fn shown(mail: &StoredMessage) -> String {
    let text = text_of(mail);
    let (before, after) = text.split_once("/letters/").unwrap();
    format!("{before}/letters/[token]{}", &after[43..])
}

const RECEIPT: &str = "What became of your letters: End 287(g) in Massachusetts";
const UNREACHABLE: &str = "One of your letters did not arrive: End 287(g) in Massachusetts";

#[test]
fn a_receipt_says_to_whom_when_and_in_full_and_comes_once() {
    let mut app = TestApp::start();
    app.confirmed(&Typed::new("ana@example.org").with("story", "I want her to feel safe here."));
    let letters = app.mails(2);
    app.until("both are sent", || app.letters(MessageState::Sent) == 2);
    app.advance(A_WHILE);
    let mail = notice(&app, RECEIPT);
    assert_eq!(mail.to, ["ana@example.org"]);
    for letter in letters {
        let text = text_of(&letter).trim_end().replace("\r\n", "\n");
        assert!(text_of(&mail).contains(&text), "the letter stands in it word for word");
    }
    insta::assert_snapshot!(shown(&mail));
    app.restart();
    app.advance(A_WHILE);
    std::thread::sleep(Duration::from_secs(5));
    app.smtp.expect_no_more();
}

#[test]
fn an_office_that_refuses_is_told_of_with_its_phone_and_the_text() {
    let refuse =
        |recipient: &str, _| if recipient.starts_with("wren") { Action::reply("554 5.6.0 no") } else { Action::reply("250 ok") };
    let app = over(Script::default().on_recipient(refuse), &[]);
    app.confirmed(&Typed::new("ana@example.org"));
    app.mails(1);
    app.until("one failed", || app.letters(MessageState::Failed) == 1 && app.letters(MessageState::Sent) == 1);
    app.advance(A_WHILE);
    let mut mails = app.mails(2);
    mails.sort_by_key(|mail| mail.header("Subject"));
    assert_eq!(mails[0].header("Subject").as_deref(), Some(UNREACHABLE));
    assert_eq!(mails[1].header("Subject").as_deref(), Some(RECEIPT));
    insta::assert_snapshot!(shown(&mails[0]));
    assert!(text_of(&mails[1]).contains("Could not be delivered."));
    assert_eq!(tables(&app).count("messages WHERE told_at IS NOT NULL"), 1);
}

#[test]
fn who_took_all_letters_back_gets_no_receipt() {
    let app = over(
        Script::default()
            .on_recipient(|to, _| if to.starts_with("ana") { Action::reply("250 ok") } else { Action::reply("451 later") }),
        &[],
    );
    let private = app.confirmed(&Typed::new("ana@example.org"));
    app.until("both were tried", || tables(&app).count("attempts WHERE outcome = 'retry'") == 2);
    app.post(&format!("{private}/withdraw"), &[]);
    assert_eq!(app.letters(MessageState::Withdrawn), 3);
    app.advance(A_WHILE);
    std::thread::sleep(Duration::from_secs(3));
    app.smtp.expect_no_more();
}

#[test]
fn no_address_gets_more_than_three_mails_a_day() {
    let app = TestApp::start();
    let ana = Typed::new("ana@example.org");
    app.confirmed(&ana);
    app.mails(2);
    for _ in 0..3 {
        app.sign_up(&ana);
    }
    app.mails(2);
    app.until("both are sent", || app.letters(MessageState::Sent) == 2);
    app.advance(A_WHILE);
    std::thread::sleep(Duration::from_secs(5));
    app.smtp.expect_no_more();
    app.advance(Duration::from_hours(24));
    notice(&app, RECEIPT);
}

#[test]
fn who_was_erased_gets_nothing() {
    let app = TestApp::start();
    let private = app.confirmed(&Typed::new("ana@example.org"));
    app.mails(2);
    app.until("both are sent", || app.letters(MessageState::Sent) == 2);
    assert!(app.post(&format!("{private}/erase"), &[("sure", "yes")]).status < 400);
    app.advance(A_WHILE);
    std::thread::sleep(Duration::from_secs(5));
    app.smtp.expect_no_more();
}

#[test]
fn a_letter_that_got_no_answer_may_have_arrived() {
    // The whole letter is out, and the connection drops instead of an answer.
    let app =
        over(Script::default().on_message(1, At::Dot, Action::StoreAndClose).on_message(2, At::Dot, Action::StoreAndClose), &[]);
    let private = app.confirmed(&Typed::new("ana@example.org"));
    app.until("both wait to be tried again", || tables(&app).count("attempts WHERE step = 'answer' AND outcome = 'retry'") >= 1);
    app.until("nothing is in hand", || tables(&app).count("messages WHERE state = 'sending'") == 0);
    app.post(&format!("{private}/withdraw"), &[]);
    let page = app.get(&private).text();
    assert!(page.contains("so it may have arrived"), "{page}");
    app.smtp.take_messages();
}
