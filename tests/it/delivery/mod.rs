//! Delivery, with a mail server that misbehaves and a clock that the test moves.

mod answers;
mod caps;
mod connections;
mod faults;
mod pace;
mod pauses;
mod retries;
mod roster;
mod steering;

use std::time::Duration;

use crate::support::app::TestApp;
use crate::support::journey::{Typed, link_in};
use crate::support::smtp_server::StoredMessage;
use crate::support::tables::Tables;

/// Saltwick's senator and representative.
const UPPER: &str = "wren.harborlight@example.org";
const LOWER: &str = "ines.quillfeather@example.org";
/// Longer than the first wait between attempts, with its jitter.
const FIRST_WAIT: Duration = Duration::from_secs(361);

/// An attempt's row, as far as these tests look.
#[derive(Debug, PartialEq, serde::Deserialize)]
struct Attempt(i64, String, String, Option<i64>, Option<String>, String);

impl Attempt {
    const COLUMNS: &'static str = "a.message_id, a.outcome, a.step, a.code, a.enhanced, a.reply";
}

fn tables(app: &TestApp) -> Tables {
    Tables::open(app.store.path())
}

/// The attempts of letters to `mailbox`, oldest first.
fn attempts(app: &TestApp, mailbox: &str) -> Vec<Attempt> {
    let from = format!(
        "attempts a JOIN messages m ON m.id = a.message_id JOIN officials o ON o.id = m.official_id \
         WHERE o.email = '{mailbox}' ORDER BY a.id"
    );
    tables(app).rows(Attempt::COLUMNS, &from)
}

/// Waits for so many attempts at `mailbox` that have ended.
fn ended(app: &TestApp, mailbox: &str, count: usize) -> Vec<Attempt> {
    let mut rows = Vec::new();
    app.until(&format!("{count} attempts have ended"), || {
        rows = attempts(app, mailbox);
        rows.iter().filter(|row| row.1 != "in_hand").count() >= count
    });
    rows
}

/// Signs up so many people of that place; gives their links.
fn links(app: &TestApp, place: &str, count: usize) -> Vec<String> {
    for person in 0..count {
        let page = app.sign_up(&Typed::new(&format!("{place}{person}@example.org").replace(' ', "")).with("city", place));
        assert_eq!(page.status, 303, "{}", page.text());
    }
    app.mails(count).iter().map(|mail| link_in(mail, "/confirm/")).collect()
}

fn confirm(app: &TestApp, links: &[String]) {
    for link in links {
        assert_eq!(app.post(link, &[]).status, 303);
    }
}

fn to(mails: &[StoredMessage], mailbox: &str) -> Vec<StoredMessage> {
    mails.iter().filter(|mail| mail.to == [mailbox]).cloned().collect()
}
