//! What staff do to a letter: it goes by the life of a letter, its counts with it, with a line in the log, once.

use standout::domain::MessageState::{Failed, Queued, Sent, Withdrawn};
use standout::domain::Role;
use standout::domain::{Actor, Reason, StaffPauseOf};
use standout::store::steering;

use super::{LOWER, UPPER, counts_agree, letter_to, log, send, tables, with};
use crate::support::app::TestApp;
use crate::support::journey::Typed;
use crate::support::smtp_server::{Action, Script};

const LETTERS: &str = "/staff/campaigns/ma-287g/letters";

fn act(app: &TestApp, letter: i64, act: &str, state: &str) -> crate::support::app::Page {
    let path = format!("{LETTERS}/{letter}");
    send(app, LETTERS, &format!("{path}/{act}"), &[("state", state), ("reason", "the aide asked for it")])
}

fn message_id(app: &TestApp, letter: i64) -> String {
    tables(app).rows::<(String,)>("message_id", &format!("messages WHERE id = {letter}"))[0].0.clone()
}

fn pause(app: &TestApp) {
    let now = app.clock.now();
    let pause = move |tx: &mut standout::store::Tx<'_>| {
        steering::pause(tx, StaffPauseOf::Campaign(1), &Actor::CommandLine, &Reason::parse("a test").unwrap(), now)
    };
    assert!(app.store.write_blocking(pause).unwrap());
}

#[test]
fn a_waiting_letter_is_taken_back_once_and_its_writer_is_told_by_whom() {
    let app = with(Role::Editor);
    pause(&app);
    let private = app.confirmed(&Typed::new("ana@example.org"));
    let letter = letter_to(&app, UPPER);
    assert!(app.get(&format!("{LETTERS}/{letter}")).text().contains("Paused by command line: a test"));
    let path = format!("{LETTERS}/{letter}");
    send(&app, LETTERS, &format!("{path}/cancel"), &[("state", "queued"), ("reason", "")]).assert_wrong(&["reason"]);
    assert_eq!(app.letters(Queued), 2);
    assert_eq!(act(&app, letter, "cancel", "queued").location, Some(format!("{path}?done=cancel")));
    let second = act(&app, letter, "cancel", "queued");
    assert_eq!(second.status, 409);
    assert!(second.text().contains("Someone already did that") && second.text().contains("Taken back"), "{}", second.text());
    assert_eq!((app.letters(Queued), app.letters(Withdrawn)), (1, 1));
    counts_agree(&app);
    assert_eq!(log(&app, "letter.cancelled").len(), 1);
    assert_eq!(log(&app, "letter.cancelled")[0].2, "was queued: the aide asked for it");
    assert!(app.get(&private).text().contains("The campaign took this letter back."), "{}", app.get(&private).text());
}

#[test]
fn a_letter_that_failed_is_tried_anew_with_its_own_number() {
    let app = with(Role::Editor);
    let link = app.signed_up(&Typed::new("ana@example.org"));
    app.smtp.set_script(Script::default().on_recipient(|to, nth| match (to, nth) {
        (LOWER, 0) => Action::reply("552 5.3.4 Message too big for system"),
        _ => Action::Accept,
    }));
    assert_eq!(app.post(&link, &[]).status, 303);
    app.until("one failed", || (app.letters(Failed), app.letters(Sent)) == (1, 1));
    let letter = letter_to(&app, LOWER);
    let before = message_id(&app, letter);
    let text = app.get(&format!("{LETTERS}/{letter}")).text();
    assert!(text.contains("Message too big for system") && text.contains("552"), "{text}");
    assert_eq!(act(&app, letter_to(&app, UPPER), "resend", "sent").status, 409, "what was sent is not sent twice");
    assert_eq!(act(&app, letter, "resend", "failed").status, 303);
    app.until("it went", || (app.letters(Failed), app.letters(Sent)) == (0, 2));
    app.smtp.take_messages();
    assert_eq!(message_id(&app, letter), before);
    counts_agree(&app);
    assert_eq!(act(&app, letter, "resend", "failed").status, 409);
    assert_eq!(log(&app, "letter.resent").len(), 1);
}

#[test]
fn a_returned_letter_is_tried_anew_as_a_new_mail() {
    let app = with(Role::Editor);
    app.confirmed(&Typed::new("ana@example.org"));
    app.mails(2);
    app.until("sent", || app.letters(Sent) == 2);
    let letter = letter_to(&app, UPPER);
    let before = message_id(&app, letter);
    let now = app.clock.now();
    let back = standout::store::inbound::Returned {
        digest: vec![7],
        message: Some(letter),
        kind: standout::domain::ReturnKind::Failed,
        status: Some("5.2.2".into()),
        cause: None,
        mailbox: None,
        words: "mailbox full".into(),
        answer: None,
    };
    app.store.write_blocking(move |tx| standout::store::inbound::record(tx, &back, now)).unwrap();
    let text = app.get(&format!("{LETTERS}/{letter}")).text();
    assert!(text.contains("it did not arrive") && text.contains("5.2.2 mailbox full"), "{text}");
    assert_eq!(act(&app, letter, "resend", "bounced").status, 303);
    app.mails(1);
    app.until("it went", || app.letters(Sent) == 2);
    assert_ne!(message_id(&app, letter), before);
    counts_agree(&app);
}

#[test]
fn a_held_letter_goes_when_its_office_can_be_written_to_and_not_before() {
    let app = with(Role::Editor);
    let link = app.signed_up(&Typed::new("ana@example.org"));
    app.smtp.set_script(Script::default().on_recipient(|to, _| match to {
        LOWER => Action::reply("550 5.1.1 User unknown"),
        _ => Action::Accept,
    }));
    assert_eq!(app.post(&link, &[]).status, 303);
    app.until("the mailbox is known to be dead", || (app.letters(Failed), app.letters(Sent)) == (1, 1));
    app.mails(1);
    app.confirmed(&Typed::new("ben@example.org"));
    app.until("the next is held", || app.letters(standout::domain::MessageState::Held) == 1);
    let letter = letter_to(&app, LOWER);
    let refused = act(&app, letter, "release", "held");
    assert_eq!(refused.status, 409);
    assert!(refused.text().contains("the office's mailbox does not take mail"), "{}", refused.text());
    assert_eq!(act(&app, letter, "eat", "held").status, 404);
    assert_eq!(act(&app, letter, "release", "eaten").status, 400);
    assert_eq!(act(&app, 999_999, "release", "held").status, 404);
    assert_eq!(act(&app, letter, "cancel", "held").status, 303);
    counts_agree(&app);
    app.smtp.take_messages();
}

#[test]
fn of_two_who_press_at_once_one_does_it() {
    let app = with(Role::Editor);
    pause(&app);
    app.confirmed(&Typed::new("ana@example.org"));
    let letter = letter_to(&app, UPPER);
    let csrf = app.get(LETTERS).field("csrf").unwrap();
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let press = || {
            app.post(&format!("{LETTERS}/{letter}/cancel"), &[("csrf", &csrf), ("state", "queued"), ("reason", "both")]).status
        };
        let presses: Vec<_> = (0..8).map(|_| scope.spawn(press)).collect();
        presses.into_iter().map(|press| press.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 303).count(), 1, "{statuses:?}");
    assert!(statuses.iter().all(|status| matches!(status, 303 | 409)), "{statuses:?}");
    assert_eq!((log(&app, "letter.cancelled").len(), app.letters(Withdrawn)), (1, 1));
    counts_agree(&app);
}
