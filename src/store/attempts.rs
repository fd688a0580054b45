//! Attempts: begun with the claim, ended with what the server said. Limits are counted from these rows.

use std::time::Duration;

use diesel::prelude::*;

use super::messages::{SUPPORTERS, movable, move_to};
use super::queue::{Claimed, put_back};
use super::schema::{attempts, destinations, messages};
use super::{Reader, StoreError, Tx};
use crate::domain::{MessageState, Timestamp};

/// How a try ended, as it is kept.
#[derive(Clone)]
pub struct Ended {
    /// How long it took.
    pub took: Duration,
    /// How far it came: `connect`, `rcpt_to`, `body`, ...
    pub step: &'static str,
    /// The reply's code (RFC 5321 section 4.2).
    pub code: Option<u16>,
    /// Its enhanced status (RFC 3463).
    pub enhanced: Option<String>,
    /// Its text, naming no supporter.
    pub reply: String,
}

/// What becomes of a message after an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Accepted by the receiving server.
    Sent,
    /// To be tried again then; it counts as a failure.
    Retry(Timestamp),
    /// To be tried again then; it was not the message's fault and does not count.
    Postponed(Timestamp),
    /// Given up.
    Failed,
}

impl Verdict {
    const fn outcome(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Retry(_) | Self::Postponed(_) => "retry",
            Self::Failed => "failed",
        }
    }
}

/// Records how the attempt ended and what becomes of the message. Nothing happens when `owner` no longer has it in
/// hand: its lease ran out and the message is someone else's now. True when it was recorded.
pub fn record(
    tx: &mut Tx<'_>,
    owner: &str,
    work: &Claimed,
    ended: &Ended,
    verdict: Verdict,
    now: Timestamp,
) -> Result<bool, StoreError> {
    diesel::update(attempts::table.find(work.attempt_id))
        .set((
            attempts::duration_ms.eq(i64::try_from(ended.took.as_millis()).unwrap_or(i64::MAX)),
            attempts::outcome.eq(verdict.outcome()),
            attempts::step.eq(ended.step),
            attempts::code.eq(ended.code.map(i32::from)),
            attempts::enhanced.eq(ended.enhanced.as_deref()),
            attempts::reply.eq(&ended.reply),
        ))
        .execute(tx.conn)?;
    let in_hand: i64 = messages::table
        .filter(messages::id.eq(work.id).and(messages::state.eq("sending")).and(messages::lease_owner.eq(owner)))
        .count()
        .get_result(tx.conn)?;
    if in_hand == 0 {
        return Ok(false);
    }
    for mut message in movable(tx, &[work.id])? {
        match verdict {
            Verdict::Sent => move_to(tx, &mut message, MessageState::Sent, None, now)?,
            Verdict::Failed => move_to(tx, &mut message, MessageState::Failed, None, now)?,
            Verdict::Retry(at) => put_back(tx, &mut message, at, 1, now)?,
            Verdict::Postponed(at) => put_back(tx, &mut message, at, 0, now)?,
        }
    }
    Ok(true)
}

pub(super) fn begin_attempt(tx: &mut Tx<'_>, message: i64, destination: i64, now: Timestamp) -> Result<i64, StoreError> {
    Ok(diesel::insert_into(attempts::table)
        .values((
            attempts::message_id.eq(message),
            attempts::destination_id.eq(destination),
            attempts::started_at.eq(now.millis()),
            attempts::duration_ms.eq(0),
            attempts::outcome.eq("in_hand"),
            attempts::step.eq("claim"),
            attempts::reply.eq(""),
        ))
        .returning(attempts::id)
        .get_result(tx.conn)?)
}

/// Supporters' mailboxes have no limit in common, so nothing is counted for them.
pub(super) fn attempts_since(conn: &mut Reader, destination: i64, since: Timestamp) -> Result<usize, StoreError> {
    if destination == SUPPORTERS {
        return Ok(0);
    }
    // What never reached the mail server never reached the office.
    let rows = attempts::table
        .filter(attempts::destination_id.eq(destination).and(attempts::started_at.gt(since.millis())))
        .filter(attempts::step.ne_all(["connect", "tls", "login"]));
    let count: i64 = rows.count().get_result(conn)?;
    Ok(usize::try_from(count).unwrap_or(0))
}

/// Every attempt at an office since then: its destination, and when it began. One look into the index each.
pub fn attempts_at_offices(conn: &mut Reader, since: Timestamp) -> Result<Vec<(i64, Timestamp)>, StoreError> {
    let offices: Vec<i64> = destinations::table.filter(destinations::id.ne(SUPPORTERS)).select(destinations::id).load(conn)?;
    let mut found = Vec::new();
    for destination in offices {
        let starts: Vec<i64> = attempts::table
            .filter(attempts::destination_id.eq(destination).and(attempts::started_at.gt(since.millis())))
            .order(attempts::started_at)
            .select(attempts::started_at)
            .load(conn)?;
        found.extend(starts.into_iter().map(|at| (destination, Timestamp::from_millis(at))));
    }
    Ok(found)
}
