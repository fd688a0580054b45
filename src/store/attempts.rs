//! Attempts: begun with the claim, ended with what the server said. Limits are counted from these rows.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

use super::batch::{Batch, Statement, Value};
use super::claim::Claimed;
use super::messages::{Movable, MovableRow};
use super::moves::move_all;
use super::queue::put_back;
use super::{StoreError, Tx};
use crate::domain::{MessageState, Timestamp};

/// The step of an attempt whose message went out whole and got no answer that could be understood: it may have arrived.
pub const UNANSWERED: &str = "answer";

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
    /// What happened to the message: `sent`, `retry`, `postponed` or `failed`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Retry(_) => "retry",
            Self::Postponed(_) => "postponed",
            Self::Failed => "failed",
        }
    }

    const fn outcome(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Retry(_) | Self::Postponed(_) => "retry",
            Self::Failed => "failed",
        }
    }
}

/// An attempt that ended, and what becomes of its message.
#[derive(Clone)]
pub struct Done {
    /// The message, as it was claimed.
    pub work: Arc<Claimed>,
    /// How the attempt ended.
    pub ended: Ended,
    /// What becomes of the message.
    pub verdict: Verdict,
}

/// Records one attempt; see [`record_all`]. True when it was recorded.
pub fn record(
    tx: &mut Tx<'_>,
    owner: &str,
    work: &Claimed,
    ended: &Ended,
    verdict: Verdict,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let done = Done { work: Arc::new(work.clone()), ended: ended.clone(), verdict };
    Ok(!record_all(tx, owner, &[done], now)?.is_empty())
}

struct End;

impl Statement for End {
    const SQL: &'static str = "UPDATE attempts SET duration_ms = j.value ->> 1, outcome = j.value ->> 2, step = j.value ->> 3, \
         code = j.value ->> 4, enhanced = j.value ->> 5, reply = j.value ->> 6 \
         FROM json_each(?) AS j WHERE attempts.id = j.value ->> 0";
    type Row = ();
}

struct InHand;

impl Statement for InHand {
    const SQL: &'static str = "SELECT m.id, m.kind, m.state, m.office_id, m.official_id, m.campaign_id, m.town, m.state_day \
         FROM json_each(?) AS j JOIN messages AS m ON m.id = j.value WHERE m.state = 'sending' AND m.lease_owner = ?";
    type Row = (BigInt, Text, Text, Nullable<BigInt>, Nullable<BigInt>, BigInt, Text, Text);
}

/// Records how attempts ended and what becomes of their messages: three statements for all that were sent, however
/// many. Nothing becomes of a message that `owner` no longer has in hand: its lease ran out and it is someone else's
/// now. Gives the ids of the messages whose result was recorded.
pub fn record_all(tx: &mut Tx<'_>, owner: &str, done: &[Done], now: Timestamp) -> Result<HashSet<i64>, StoreError> {
    let rows: Vec<_> = done
        .iter()
        .map(|Done { work, ended, verdict }| {
            let took = i64::try_from(ended.took.as_millis()).unwrap_or(i64::MAX);
            (work.attempt_id, took, verdict.outcome(), ended.step, ended.code, ended.enhanced.as_deref(), ended.reply.as_str())
        })
        .collect();
    Batch::<End>::new([Value::rows(&rows)?]).execute(tx.conn)?;
    let ids: Vec<i64> = done.iter().map(|done| done.work.id).collect();
    let in_hand: Vec<MovableRow> = Batch::<InHand>::new([Value::rows(&ids)?, Value::Text(owner.to_owned())]).load(tx.conn)?;
    let verdicts: HashMap<i64, Verdict> = done.iter().map(|done| (done.work.id, done.verdict)).collect();
    let mut recorded = HashSet::with_capacity(in_hand.len());
    let (mut sent, mut failed) = (Vec::new(), Vec::new());
    for row in in_hand {
        let mut message = Movable::read(row)?;
        recorded.insert(message.id);
        match verdicts.get(&message.id) {
            Some(Verdict::Sent) => sent.push(message),
            Some(Verdict::Failed) => failed.push(message),
            Some(Verdict::Retry(at)) => put_back(tx, &mut message, *at, 1, now)?,
            Some(Verdict::Postponed(at)) => put_back(tx, &mut message, *at, 0, now)?,
            None => {}
        }
    }
    move_all(tx, &mut sent, MessageState::Sent, now)?;
    move_all(tx, &mut failed, MessageState::Failed, now)?;
    Ok(recorded)
}
