//! What staff steer in the console: pauses, hours, dates and paces; and single letters.

mod acts;
mod letters;
mod pages;

use standout::domain::{MessageState, Role};

use crate::support::app::{Page, TestApp};
use crate::support::tables::Tables;

/// The console's pages of the demo campaign.
const CONSOLE: &str = "/staff/campaigns/ma-287g";
/// Saltwick's senator and representative.
const UPPER: &str = "wren.harborlight@example.org";
const LOWER: &str = "ines.quillfeather@example.org";

fn tables(app: &TestApp) -> Tables {
    Tables::open(app.store.path())
}

/// A service with somebody of that role logged in.
fn with(role: Role) -> TestApp {
    let app = TestApp::start();
    app.logged_in(role);
    app
}

/// Posts a form of that page, with its token.
fn send(app: &TestApp, page: &str, path: &str, fields: &[(&str, &str)]) -> Page {
    let csrf = app.get(page).field("csrf").expect("the page has a form");
    let mut all = vec![("csrf", csrf.as_str())];
    all.extend_from_slice(fields);
    app.post(path, &all)
}

/// The lines of the log of that act: who, subject, detail.
fn log(app: &TestApp, act: &str) -> Vec<(String, String, String)> {
    tables(app).rows("who, subject, detail", &format!("audit_log WHERE act = '{act}' ORDER BY id"))
}

/// The number of the letter to that mailbox, the newest.
fn letter_to(app: &TestApp, mailbox: &str) -> i64 {
    let from =
        format!("messages m JOIN officials o ON o.id = m.official_id WHERE o.email = '{mailbox}' ORDER BY m.id DESC LIMIT 1");
    tables(app).rows::<(i64,)>("m.id", &from)[0].0
}

/// Fails unless the counts are what the tables hold.
fn counts_agree(app: &TestApp) {
    let mut tables = tables(app);
    let counted: Vec<(String, i64)> = tables.rows("metric, n", "counts WHERE dimension = 'all' AND n <> 0 ORDER BY metric");
    let states: Vec<(String, i64)> = tables
        .rows("state, n", "(SELECT state, count(*) AS n FROM messages WHERE kind = 'letter' GROUP BY state ORDER BY state)");
    let letters: Vec<_> = counted.into_iter().filter(|(metric, _)| MessageState::parse(metric).is_ok()).collect();
    assert_eq!(letters, states);
}
