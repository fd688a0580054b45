//! Moving many messages at once, as [`move_to`](super::messages::move_to) moves one: the same checks, the same counts,
//! one statement.

use diesel::prelude::*;

use super::batch::{Batch, Statement, Value};
use super::messages::{Movable, recount};
use super::{StoreError, Tx};
use crate::domain::{MessageState, Timestamp};

struct Move;

impl Statement for Move {
    const SQL: &'static str = "UPDATE messages SET state = j.value ->> 1, state_day = j.value ->> 2, state_since = ?, \
         reason = NULL, lease_owner = NULL, lease_until = NULL \
         FROM json_each(?) AS j WHERE messages.id = j.value ->> 0";
    type Row = ();
}

struct Take;

impl Statement for Take {
    const SQL: &'static str = "UPDATE messages SET state = j.value ->> 1, state_day = j.value ->> 2, state_since = ?, \
         reason = NULL, lease_owner = ?, lease_until = ? \
         FROM json_each(?) AS j WHERE messages.id = j.value ->> 0";
    type Row = ();
}

/// Moves these to `to`; leases end.
pub(super) fn move_all(tx: &mut Tx<'_>, messages: &mut [Movable], to: MessageState, now: Timestamp) -> Result<(), StoreError> {
    if messages.is_empty() {
        return Ok(());
    }
    let rows = moved(tx, messages, to, now)?;
    Batch::<Move>::new([Value::Number(now.millis()), rows]).execute(tx.conn)?;
    Ok(())
}

/// Moves these into the hand of `owner` until `until`.
pub(super) fn take_all(
    tx: &mut Tx<'_>,
    messages: &mut [Movable],
    owner: &str,
    until: Timestamp,
    now: Timestamp,
) -> Result<(), StoreError> {
    let rows = moved(tx, messages, MessageState::Sending, now)?;
    let values = [Value::Number(now.millis()), Value::Text(owner.to_owned()), Value::Number(until.millis()), rows];
    Batch::<Take>::new(values).execute(tx.conn)?;
    Ok(())
}

/// Checks and counts the moves, and gives their rows.
fn moved(tx: &mut Tx<'_>, messages: &mut [Movable], to: MessageState, now: Timestamp) -> Result<Value, StoreError> {
    let mut rows = Vec::with_capacity(messages.len());
    for message in messages {
        let from = message.state;
        message.state = from.go(to)?;
        let day = tx.day(message.campaign_id, now)?.as_str().to_owned();
        recount(tx, message, from, &day);
        message.day.clone_from(&day);
        rows.push((message.id, to.as_str(), day));
    }
    Value::rows(&rows)
}
