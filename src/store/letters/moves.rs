//! The moves of sending, into hand and out of it, as [`move_to`](super::messages::move_to) makes any move: the same checks,
//! the same counts. Their statements are prepared once.

use diesel::prelude::*;

use super::messages::{Movable, recount};
use crate::domain::{MessageState, Timestamp};
use crate::store::batch::{Batch, Statement, Value};
use crate::store::{StoreError, Tx};

struct Take;

impl Statement for Take {
    // The day stays the one on which it was queued: under that it is counted until its result is on record.
    const SQL: &'static str = "UPDATE messages SET state = 'sending', state_since = ?, reason = NULL, lease_owner = ?, lease_until = ? \
         WHERE id = ?";
    type Row = ();
}

/// Moves a message into the hand of `owner` until `until`.
pub(in crate::store) fn take(
    tx: &mut Tx<'_>,
    message: &mut Movable,
    owner: &str,
    until: Timestamp,
    now: Timestamp,
) -> Result<(), StoreError> {
    message.state = message.state.go(MessageState::Sending)?;
    let [since, until, id] = [now.millis(), until.millis(), message.id].map(Value::Number);
    Batch::<Take>::new([since, Value::Text(owner.to_owned()), until, id]).execute(tx.conn)?;
    Ok(())
}

struct Settle;

impl Statement for Settle {
    // Another day: it was put back and taken again meanwhile, and counts elsewhere now.
    const SQL: &'static str = "UPDATE messages SET state = ?, state_day = ?, state_since = ?, \
         reason = NULL, lease_owner = NULL, lease_until = NULL \
         WHERE id = ? AND state = 'sending' AND lease_owner = ? AND state_day = ?";
    type Row = ();
}

/// Moves a message that was taken from the hand of `owner` to `to`. False, and nothing is moved, where it is not in that hand any more.
pub(in crate::store) fn settle(
    tx: &mut Tx<'_>,
    message: &mut Movable,
    owner: &str,
    to: MessageState,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let from = message.state;
    message.state = from.go(to)?;
    let day = tx.day(message.campaign_id, now)?.as_str().to_owned();
    let values = [
        Value::Text(to.as_str().to_owned()),
        Value::Text(day.clone()),
        Value::Number(now.millis()),
        Value::Number(message.id),
        Value::Text(owner.to_owned()),
        Value::Text(message.day.clone()),
    ];
    if Batch::<Settle>::new(values).execute(tx.conn)? == 0 {
        return Ok(false);
    }
    recount(tx, message, from, &day);
    message.day = day;
    Ok(true)
}
