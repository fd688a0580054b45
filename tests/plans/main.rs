//! No statement of the running service reads a table that grows with sign-ups, but for those that say why.
//!
//! The service is taken through its whole life over HTTP while its connections note each statement; then SQLite explains every
//! one of them on tables with statistics of a million sign-ups.

// Clippy takes only `#[test]` functions for tests, and not their helpers.
#![allow(clippy::unwrap_used, clippy::expect_used, unreachable_pub)]

mod declared;
mod explain;
mod life;
#[path = "../support/mod.rs"]
mod support;

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use diesel::connection::Instrumentation;
use diesel::prelude::*;
use diesel::sql_types::Text;
use explain::{Collector, Planner, Seen, judge};

/// The statements of all connections that are opened by the life of a service.
static SEEN: LazyLock<Seen> = LazyLock::new(Seen::default);

// The form that diesel asks for.
#[allow(clippy::unnecessary_wraps)]
fn collector() -> Option<Box<dyn Instrumentation>> {
    Some(Box::new(Collector(Arc::clone(&SEEN))))
}

#[test]
fn no_statement_reads_what_grows_with_sign_ups_but_those_that_say_why() {
    diesel::connection::set_default_instrumentation(collector).unwrap();
    life::lived();
    let seen = SEEN.lock().unwrap().clone();
    assert!(seen.len() > 200, "only {} statements were seen", seen.len());
    let (mut undeclared, mut needed, mut used) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for with_statistics in [false, true] {
        let mut planner = Planner::new(with_statistics);
        let (found, of) = judge(&mut planner, &seen);
        undeclared.extend(found);
        needed.extend(of);
        for index in planner.named_indexes() {
            if seen.iter().any(|text| planner.steps(text).iter().any(|step| step.contains(&format!("INDEX {index}")))) {
                used.insert(index);
            }
        }
    }
    let listed: Vec<_> = undeclared.iter().map(String::as_str).collect();
    assert!(listed.is_empty(), "of {} statements these read much:\n{}", seen.len(), listed.join("\n"));
    let idle: Vec<_> = (0..declared::DECLARED.len()).filter(|at| !needed.contains(at)).collect();
    assert!(idle.is_empty(), "nothing needs these declarations any more: {idle:?}");
    let all = Planner::new(false).named_indexes();
    let unused: Vec<_> = all.difference(&used).collect();
    assert!(unused.is_empty(), "no statement was seen that needs these indexes: {unused:?}");
}

#[test]
fn a_planted_scan_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("standout.sqlite3");
    drop(standout::store::Store::open(&path).unwrap());
    let seen = Seen::default();
    let mut connection = explain::connect(&path);
    connection.set_instrumentation(Collector(Arc::clone(&seen)));
    // The same question, with its constants as values and in its text: only the second can go by the index.
    let told =
        |state: &str| format!("SELECT m.signup_id FROM messages AS m WHERE {state} AND m.kind = 'letter' AND m.told_at IS NULL");
    diesel::sql_query(told("m.state IN (?, ?)"))
        .bind::<Text, _>("bounced")
        .bind::<Text, _>("failed")
        .execute(&mut connection)
        .unwrap();
    diesel::sql_query(told("m.state IN ('bounced', 'failed')")).execute(&mut connection).unwrap();
    // By columns that many rows share.
    diesel::sql_query("SELECT id FROM signups WHERE campaign_id = 1").execute(&mut connection).unwrap();
    // Of a table that stays small, which is no matter.
    diesel::sql_query("SELECT slug FROM campaigns").execute(&mut connection).unwrap();
    let seen = seen.lock().unwrap().clone();
    assert_eq!(seen.len(), 4);
    for with_statistics in [false, true] {
        let (found, _) = judge(&mut Planner::new(with_statistics), &seen);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].starts_with("SEARCH signups USING") && found[0].contains("(campaign_id=?)"), "{found:?}");
        assert!(found[1].starts_with("SCAN m") && found[1].contains("IN (?, ?)"), "{found:?}");
    }
}
