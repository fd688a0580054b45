//! A person's answer to a return path: it reaches who wrote the letter, or is kept for staff.

use standout::domain::Role;
use standout::store::answers;

use super::{app, sent};
use crate::support::app::TestApp;
use crate::support::journey::{Typed, text_of};
use crate::support::smtp_server::StoredMessage;
use crate::support::tables::Tables;

/// As the cases have it: by somebody at the office, to the return path and not to Reply-To.
fn answer(mail: &StoredMessage, text: &str) -> String {
    format!(
        "Return-Path: <aide@house.example>\r\nFrom: Aide <aide@house.example>\r\nTo: {}\r\nSubject: Re: From Abington\r\n\
         Date: Fri, 27 Nov 2026 04:00:00 +0000\r\n\r\n{text}\r\n",
        mail.from
    )
}

fn stranded(app: &TestApp) -> Vec<answers::Stranded> {
    app.store.read_blocking(|conn| answers::stranded(conn, 10)).unwrap()
}

#[test]
fn it_is_passed_on_once_and_not_said_to_be_a_machines() {
    let app = app();
    let (_, mails) = sent(&app);
    let text = "Dear Ana, the Representative will vote for it. Please call me.";
    for _ in 0..2 {
        assert_eq!(app.transmit(&answer(&mails[0], text)), 202);
    }
    let mail = app.mails(1).remove(0);
    assert_eq!(mail.to, ["ana@example.org"]);
    assert!(mail.header("Subject").unwrap().starts_with("An answer from the office of "), "{:?}", mail.header("Subject"));
    let passed_on = text_of(&mail);
    assert!(passed_on.contains(&format!("> {text}")) && passed_on.contains("seems to have answered"), "{passed_on}");
    assert!(!passed_on.contains("A machine sent it"), "{passed_on}");
    // People write more than once.
    assert_eq!(app.transmit(&answer(&mails[0], "One more thing.")), 202);
    assert!(text_of(&app.mails(1).remove(0)).contains("> One more thing."));
    app.until("its words are gone", || {
        app.tables().count("office_replies WHERE passed_on_at IS NOT NULL AND body_text = ''") == 2
    });
    assert_eq!(stranded(&app), []);
}

#[test]
fn what_can_not_be_passed_on_is_kept_for_staff() {
    let app = app();
    let (private, mails) = sent(&app);
    let database = app.dir.path().join("standout.sqlite3");
    Tables::change(&database, "UPDATE signups SET notices_end_at = 1");
    assert_eq!(app.transmit(&answer(&mails[0], "Please call.")), 202);
    let kept = stranded(&app);
    assert!(kept.len() == 1 && kept[0].can_be_released);
    app.logged_in(Role::Editor);
    let page = app.get("/staff/answers");
    assert!(page.text().contains("Pass it on to the writer") && !page.body.contains("Please call."), "{}", page.text());
    let (id, csrf) = (kept[0].id, page.field("csrf").unwrap());
    let press = |act: &str| app.post(&format!("/staff/answers/{id}/{act}"), &[("csrf", &csrf)]);
    let opened = press("open");
    assert!(opened.status == 200 && opened.text().contains("Please call."), "{}", opened.text());
    assert_eq!(app.tables().count("audit_log WHERE act = 'answer.opened'"), 1);
    assert_eq!(press("pass-on").location.as_deref(), Some("/staff/answers?done=answer-passed-on"));
    assert!(text_of(&app.mails(1).remove(0)).contains("> Please call."));

    // Nobody is there any more to pass it on to.
    app.until("it is told", || app.tables().count("office_replies WHERE passed_on_at IS NOT NULL") == 1);
    assert_eq!(app.post(&format!("{private}/erase"), &[("sure", "yes")]).status, 200);
    assert_eq!(app.transmit(&answer(&mails[1], "Dear Ana")), 202);
    let kept = stranded(&app);
    assert!(kept.len() == 1 && !kept[0].can_be_released);
    let id = kept[0].id;
    let press = |act: &str| app.post(&format!("/staff/answers/{id}/{act}"), &[("csrf", &csrf)]);
    assert_eq!(press("pass-on").location.as_deref(), Some("/staff/answers?done=nothing"));
    assert_eq!(press("drop").location.as_deref(), Some("/staff/answers?done=answer-dropped"));
    assert_eq!(stranded(&app), []);
}

#[test]
fn an_answer_to_a_notice_is_kept_for_staff_too() {
    let app = app();
    app.sign_up(&Typed::new("ana@example.org"));
    let mail = app.mails(1).remove(0);
    app.until("it is on record", || app.tables().count("messages WHERE kind = 'confirmation' AND state = 'sent'") == 1);
    assert_eq!(app.transmit(&answer(&mail, "I can't open the link.")), 202);
    let kept = stranded(&app);
    assert!(kept.len() == 1 && !kept[0].can_be_released);
}
