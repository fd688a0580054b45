//! Attempts: begun with the claim, ended with what the server said. Limits are counted from these rows.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::claim::Claimed;
use super::queue::put_back;
use crate::domain::{MessageState, Timestamp};
use crate::store::batch::{Batch, Statement, Value};
use crate::store::letters::messages::Movable;
use crate::store::letters::moves::settle;
use crate::store::{Reader, StoreError, Tx};

/// The step of an attempt whose message went out whole and got no answer that could be understood: it may have arrived.
pub const UNANSWERED: &str = "answer";

/// How a try result, as it is kept.
#[derive(Clone)]
pub struct AttemptResult {
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
pub enum Disposition {
    /// Accepted by the receiving server.
    Sent,
    /// To be tried again then; it counts as a failure.
    Retry(Timestamp),
    /// To be tried again then; it was not the message's fault and does not count.
    Postponed(Timestamp),
    /// Given up.
    Failed,
}

impl Disposition {
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

/// An attempt that result, and what becomes of its message.
#[derive(Clone)]
pub struct JudgedAttempt {
    /// The message, as it was claimed.
    pub work: Arc<Claimed>,
    /// What the server said.
    pub result: AttemptResult,
    /// What becomes of the message.
    pub disposition: Disposition,
}

/// Records one attempt; see [`record_all`]. True when it was recorded.
pub fn record(
    tx: &mut Tx<'_>,
    owner: &str,
    work: &Claimed,
    result: &AttemptResult,
    disposition: Disposition,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let done = JudgedAttempt { work: Arc::new(work.clone()), result: result.clone(), disposition };
    Ok(!record_all(tx, owner, &[done], now)?.is_empty())
}

struct End;

impl Statement for End {
    const SQL: &'static str =
        "UPDATE attempts SET duration_ms = ?, outcome = ?, step = ?, code = ?, enhanced = ?, reply = ? WHERE id = ?";
    type Row = ();
}

fn end(conn: &mut Reader, JudgedAttempt { work, result, disposition }: &JudgedAttempt) -> Result<(), StoreError> {
    let values = [
        Value::Number(i64::try_from(result.took.as_millis()).unwrap_or(i64::MAX)),
        Value::Text(disposition.outcome().to_owned()),
        Value::Text(result.step.to_owned()),
        result.code.map_or(Value::Null, |code| Value::Number(code.into())),
        Value::maybe(result.enhanced.clone()),
        Value::Text(result.reply.clone()),
        Value::Number(work.attempt_id),
    ];
    Batch::<End>::new(values).execute(conn)?;
    Ok(())
}

struct InHand;

impl Statement for InHand {
    const SQL: &'static str = "SELECT id FROM messages WHERE id = ? AND state = 'sending' AND lease_owner = ? AND state_day = ?";
    type Row = BigInt;
}

fn is_in_hand(conn: &mut Reader, owner: &str, message: &Movable) -> Result<bool, StoreError> {
    let values = [Value::Number(message.id), Value::Text(owner.to_owned()), Value::Text(message.day.clone())];
    Ok(!Batch::<InHand>::new(values).load::<i64>(conn)?.is_empty())
}

/// Records how attempts ended and what becomes of their messages. Nothing becomes of a message that `owner` no longer
/// has in hand: its lease ran out and it is someone else's now. Gives the ids of the messages whose result was recorded.
pub fn record_all(tx: &mut Tx<'_>, owner: &str, done: &[JudgedAttempt], now: Timestamp) -> Result<HashSet<i64>, StoreError> {
    let mut recorded = HashSet::with_capacity(done.len());
    for done in done {
        end(tx.conn, done)?;
        let mut message = movable(&done.work);
        let (again, failures) = match done.disposition {
            Disposition::Sent | Disposition::Failed => {
                let to = if done.disposition == Disposition::Sent { MessageState::Sent } else { MessageState::Failed };
                if settle(tx, &mut message, owner, to, now)? {
                    recorded.insert(message.id);
                }
                continue;
            }
            Disposition::Retry(at) => (at, 1),
            Disposition::Postponed(at) => (at, 0),
        };
        if is_in_hand(tx.conn, owner, &message)? {
            put_back(tx, &mut message, again, failures, now)?;
            recorded.insert(message.id);
        }
    }
    Ok(recorded)
}

/// The message as the claim found it: nobody else moves what is in hand.
fn movable(work: &Claimed) -> Movable {
    let (campaign_id, town, day) = work.counted.clone();
    Movable {
        id: work.id,
        kind: work.kind,
        state: MessageState::Sending,
        office_id: work.office_id,
        official_id: work.official_id,
        campaign_id,
        town,
        day,
    }
}
