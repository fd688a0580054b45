//! A block of our server that only the reports tell of: the relay takes every letter, and each comes back.

use std::collections::BTreeSet;

use standout::domain::{MessageState, Role};
use standout::store::pauses;

use super::{app, report};
use crate::support::journey::Typed;
use crate::support::smtp_server::StoredMessage;
use crate::support::tables::Tables;

const BLOCKED: &str = "Action: failed\nStatus: 5.7.1\n\
                       Diagnostic-Code: smtp; 550 5.7.1 Service unavailable, client host [192.0.2.1] is on our block list";

#[test]
fn a_few_reports_from_different_offices_stop_sending_and_the_letters_go_again_together() {
    let app = app();
    let stops = || app.tables().count("pauses WHERE scope = 'all' AND kind = 'blocked'");
    let sign_up = |n: usize, town: &str| app.signed_up(&Typed::new(&format!("person{n}@example.org")).with("city", town));
    let confirm = |n: usize, town: &str| {
        app.post(&sign_up(n, town), &[]);
        app.mails(2)
    };
    let in_one_town: Vec<StoredMessage> = (0..4).flat_map(|n| confirm(n, "Saltwick")).collect();
    let mut elsewhere = confirm(4, "Quincewater");
    let waiting = sign_up(5, "Bramblewick");
    app.until("all are on record", || app.letters(MessageState::Sent) == 10);

    // Many reports from two offices are those offices' matter.
    for mail in &in_one_town {
        assert_eq!(app.transmit(&report(mail, BLOCKED)), 202);
    }
    assert_eq!((app.letters(MessageState::Bounced), stops()), (8, 0));
    let third = elsewhere.remove(0);
    // A few among many letters that arrive are no block.
    let database = app.dir.path().join("standout.sqlite3");
    let many = "INSERT INTO attempts (message_id, destination_id, started_at, duration_ms, outcome, step, reply) \
                SELECT a.message_id, a.destination_id, a.started_at - 18000000, 1, 'sent', 'body', 'many' \
                FROM attempts AS a, attempts AS b, attempts AS c WHERE a.outcome = 'sent' LIMIT 400";
    Tables::change(&database, many);
    assert_eq!(app.transmit(&report(&third, BLOCKED)), 202);
    assert_eq!((app.letters(MessageState::Bounced), stops()), (9, 0));
    Tables::change(&database, "DELETE FROM attempts WHERE reply = 'many'");
    let third = elsewhere.remove(0);
    assert_eq!(app.transmit(&report(&third, BLOCKED)), 202);
    assert_eq!(stops(), 1);
    // Long enough for the sender to have looked.
    std::thread::sleep(std::time::Duration::from_millis(1500));
    app.post(&waiting, &[]);
    app.until("the next letters wait", || app.letters(MessageState::Queued) == 2);
    let reason: Vec<(String,)> = app.tables().rows("reason", "pauses");
    assert!(reason[0].0.contains("client host [192.0.2.1] is on our block list"), "{reason:?}");

    let now = app.clock.now();
    let ids = |mails: &[StoredMessage]| mails.iter().filter_map(|mail| mail.header("Message-ID")).collect::<BTreeSet<_>>();
    let old = ids(&app.smtp.messages());
    app.logged_in(Role::Editor);
    let page = app.get("/staff/sending");
    assert!(page.text().contains("10 letters came back because the offices' servers block ours"), "{}", page.text());
    let csrf = page.field("csrf").unwrap();
    for done in ["blocked-again", "nothing"] {
        let page = app.post("/staff/sending/blocked-again", &[("csrf", &csrf)]);
        assert_eq!(page.location.as_deref(), Some(format!("/staff/sending?done={done}").as_str()));
    }
    assert_eq!((app.letters(MessageState::Bounced), app.letters(MessageState::Queued)), (0, 12));
    assert_eq!(app.store.write_blocking(move |tx| pauses::resume(tx, now)).unwrap(), 1);
    let again = app.mails(12);
    assert!(ids(&again).is_disjoint(&old), "the offices' systems have seen the old ones");
    app.until("all are sent", || app.letters(MessageState::Sent) == 12);

    // What was reported before it was mended does not stop it again.
    assert_eq!(app.transmit(&report(&third, &BLOCKED.replace("our block list", "our list"))), 202);
    assert_eq!((app.letters(MessageState::Bounced), stops()), (1, 0));
}
