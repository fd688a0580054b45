//! What waits to be sent, and what is in hand by lease.
//!
//! A message is in hand while its state is `sending` and its lease lasts. The claim is durable before the first byte
//! goes out and the result is recorded after the last (`attempts`). A sender that dies stops renewing its leases; when one runs
//! out, whoever looks next puts the message back, with its Message-ID unchanged.

use std::collections::BTreeSet;
use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::claim::waiting;
pub use super::claim::{Claimed, Pick, Taken, claim, claim_all};
use super::gates::Gates;
use crate::domain::{MessageState, Timestamp};
use crate::store::batch::{Batch, Statement};
use crate::store::letters::messages::{Movable, SUPPORTERS, movable, move_to};
use crate::store::literal::literal;
use crate::store::officials::terms::why_ended;
use crate::store::schema::{attempts, message_texts, messages, officials};
use crate::store::{Reader, StoreError, Tx};

/// A destination with work that is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// The destination's id.
    pub destination_id: i64,
    /// Since when its oldest message is due.
    pub since: Timestamp,
    /// How many are due, as far as it was counted.
    pub waiting: usize,
}

/// The destinations with due work that staff let go: notices to supporters first, then those that wait longest. A few looks
/// into an index for each destination, so the cost does not grow with what waits, nor with what is paused. How many wait is
/// counted, up to `most`, for those that `known` does not hold.
pub fn due(conn: &mut Reader, known: &BTreeSet<i64>, most: usize, now: Timestamp) -> Result<Vec<Due>, StoreError> {
    let gates = Gates::read(conn, now)?;
    let mut due: Vec<Due> = Vec::new();
    // One destination's heads come one after the other.
    for (destination_id, campaign, since) in heads(conn)? {
        if since > now || !gates.campaigns(destination_id).contains(&campaign) {
            continue;
        }
        match due.last_mut().filter(|last| last.destination_id == destination_id) {
            Some(last) => last.since = last.since.min(since),
            None => due.push(Due { destination_id, since, waiting: 0 }),
        }
    }
    for due in due.iter_mut().filter(|due| !known.contains(&due.destination_id)) {
        due.waiting = waiting(conn, due.destination_id, gates.campaigns(due.destination_id), most, now)?.len();
    }
    due.sort_by_key(|d| (d.destination_id != SUPPORTERS, d.since));
    Ok(due)
}

/// For each destination and each campaign of which something waits there: both, and when the first of it is due.
pub(in crate::store) fn heads(conn: &mut Reader) -> Result<Vec<(i64, i64, Timestamp)>, StoreError> {
    Ok(Batch::<Heads>::new([]).load(conn)?)
}

/// From each campaign in the index to the next, past all that waits of it.
pub(in crate::store) const HEADS: &str = "WITH RECURSIVE head (destination, campaign) AS ( \
     SELECT d.id, (SELECT min(campaign_id) FROM messages WHERE state = 'queued' AND destination_id = d.id) \
     FROM destinations AS d UNION ALL \
     SELECT h.destination, (SELECT min(campaign_id) FROM messages \
     WHERE state = 'queued' AND destination_id = h.destination AND campaign_id > h.campaign) \
     FROM head AS h WHERE h.campaign IS NOT NULL) \
     SELECT h.destination, h.campaign, (SELECT min(due_at) FROM messages \
     WHERE state = 'queued' AND destination_id = h.destination AND campaign_id = h.campaign) \
     FROM head AS h WHERE h.campaign IS NOT NULL ORDER BY h.destination, h.campaign";

struct Heads;

impl Statement for Heads {
    const SQL: &'static str = HEADS;
    type Row = (BigInt, BigInt, BigInt);
}

/// The clock was set back to `now`: what was confirmed before that would wait until the clock is there again, and is due
/// now instead.
pub fn clock_set_back(tx: &mut Tx<'_>, now: Timestamp) -> Result<usize, StoreError> {
    let ahead = messages::table.filter(
        messages::state.eq(literal(MessageState::Queued.as_str())).and(messages::due_at.gt(now)).and(messages::queued_at.gt(now)),
    );
    Ok(diesel::update(ahead).set(messages::due_at.eq(now)).execute(tx.conn)?)
}

/// Renews the leases of `ids`, which `owner` has in hand.
pub fn renew(tx: &mut Tx<'_>, owner: &str, ids: &[i64], lease: Duration, now: Timestamp) -> Result<usize, StoreError> {
    let mine = messages::table
        .filter(messages::id.eq_any(ids))
        .filter(messages::state.eq(literal(MessageState::Sending.as_str())).and(messages::lease_owner.eq(owner)));
    Ok(diesel::update(mine).set(messages::lease_until.eq(now.plus(lease))).execute(tx.conn)?)
}

/// Puts back what a sender had in hand when its lease ran out. Whether such a message was delivered is not known: it
/// is tried again with the same Message-ID, by which the receiving side can tell. What `spared` claimed is left alone. Gives
/// how many there were.
pub fn recover(tx: &mut Tx<'_>, now: Timestamp, spared: Option<&str>) -> Result<usize, StoreError> {
    // No owner's name is empty.
    let spared = spared.unwrap_or_default();
    let orphans: Vec<i64> = messages::table
        .filter(messages::state.eq(literal(MessageState::Sending.as_str())).and(messages::lease_until.le(now)))
        .filter(messages::lease_owner.is_null().or(messages::lease_owner.ne(spared)))
        .select(messages::id)
        .load(tx.conn)?;
    for mut message in movable(tx, &orphans)? {
        diesel::update(attempts::table.filter(attempts::message_id.eq(message.id).and(attempts::outcome.eq(literal("in_hand")))))
            .set((
                attempts::outcome.eq("interrupted"),
                attempts::reply.eq("the sender stopped while it had this message in hand; tried again with the same Message-ID"),
            ))
            .execute(tx.conn)?;
        put_back(tx, &mut message, now, 0, now)?;
    }
    Ok(orphans.len())
}

/// Back into the queue, or out of it when its writer erased their data or the official left while it was in hand.
pub(in crate::store) fn put_back(
    tx: &mut Tx<'_>,
    message: &mut Movable,
    due: Timestamp,
    failures: i32,
    now: Timestamp,
) -> Result<(), StoreError> {
    move_to(tx, message, MessageState::Queued, None, now)?;
    diesel::update(messages::table.find(message.id))
        .set((messages::due_at.eq(due), messages::failures.eq(messages::failures + failures)))
        .execute(tx.conn)?;
    let texts: i64 = message_texts::table.filter(message_texts::message_id.eq(message.id)).count().get_result(tx.conn)?;
    if texts == 0 {
        return move_to(tx, message, MessageState::Withdrawn, None, now);
    }
    if let Some(official) = message.official_id {
        let (ended_at, term_ends): (Option<Timestamp>, Option<Timestamp>) =
            officials::table.find(official).select((officials::ended_at, officials::term_ends)).first(tx.conn)?;
        if let Some(ended_at) = ended_at {
            return move_to(tx, message, MessageState::Held, Some(why_ended(ended_at, term_ends)), now);
        }
    }
    Ok(())
}
