//! A block of our server that delivery reports tell of: our relay takes every letter, and the offices' servers send it back (5.7.x).
//!
//! One such report is that office's matter, and so are a few among many letters that arrive. The same from several offices, about more than
//! a few in a hundred letters, stops all sending until staff resume: no letter that the relay takes disproves it. The letters that came back
//! can then go again together.

use std::time::Duration;

use diesel::prelude::*;

use super::pauses;
use crate::domain::{MessageKind, MessageState, PauseKind, PauseScope, ReturnCause, ReturnKind, Timestamp};
use crate::store::letters::acts::{Acted, resend};
use crate::store::letters::messages::{SUPPORTERS, movable};
use crate::store::schema::{attempts, messages, returns};
use crate::store::{Reader, StoreError, Tx, settings};

/// Reports from so many offices are needed.
const SEVERAL: usize = 3;
/// More letters that came back than so many are not looked at.
const LOOKED_AT: i64 = 5000;
/// One letter in so many has to come back: filters of a few offices that mind a letter's words stop nobody else's.
const ONE_IN: usize = 20;
/// Reports older than this tell of another block.
const FORGOTTEN_AFTER: Duration = Duration::from_hours(6);
/// Before this time everything was mended: staff said so.
const MENDED_AT: &str = "blocks_mended_at";
/// So many letters go again in one commit.
pub const PORTION: usize = 500;

/// A report that says so is on record: stops all sending where several offices' do.
pub(super) fn told(tx: &mut Tx<'_>, reason: &str, now: Timestamp) -> Result<(), StoreError> {
    if pauses::all(tx.conn)?.iter().any(|pause| pause.kind == PauseKind::Blocked) {
        return Ok(());
    }
    let mended = settings::get(tx.conn, MENDED_AT)?.and_then(|text| text.parse::<i64>().ok()).unwrap_or(0);
    let since = now.minus(FORGOTTEN_AFTER).millis().max(mended);
    let mut letters: Vec<(i64, Option<i64>)> = returns::table
        .inner_join(messages::table.on(messages::id.nullable().eq(returns::message_id)))
        .filter(returns::cause.eq(ReturnCause::Blocked.as_str()).and(returns::received_at.gt(since)))
        .filter(messages::office_id.is_not_null())
        .select((messages::id, messages::office_id))
        .distinct()
        .limit(LOOKED_AT)
        .load(tx.conn)?;
    let blocked = letters.len();
    letters.sort_unstable_by_key(|(_, office)| *office);
    letters.dedup_by_key(|(_, office)| *office);
    if letters.len() < SEVERAL || sent_since(tx.conn, since, blocked * ONE_IN + 1)? > blocked * ONE_IN {
        return Ok(());
    }
    pauses::begin(tx, &PauseScope::All, PauseKind::Blocked, reason, None, now)
}

/// How many letters were taken since then; it is enough to know whether there were `most`.
fn sent_since(conn: &mut Reader, since: i64, most: usize) -> Result<usize, StoreError> {
    let sent: Vec<i64> = attempts::table
        .filter(attempts::started_at.gt(since).and(attempts::outcome.eq("sent")).and(attempts::destination_id.ne(SUPPORTERS)))
        .limit(i64::try_from(most).unwrap_or(i64::MAX))
        .select(attempts::id)
        .load(conn)?;
    Ok(sent.len())
}

/// Staff say that what was wrong is mended: only reports from now on count.
pub(super) fn mended(tx: &mut Tx<'_>, now: Timestamp) -> Result<(), StoreError> {
    settings::set(tx, MENDED_AT, &now.millis().to_string())
}

/// How many letters came back because we are blocked, and have not gone again.
pub fn waiting(conn: &mut Reader) -> Result<usize, StoreError> {
    let ids = returned_since(conn, 0, i64::MAX)?;
    ids.into_iter().try_fold(0, |count, id| Ok(count + usize::from(came_back_blocked(conn, id)?)))
}

/// Queues the next [`PORTION`] of these letters behind message `after`, each with one of `message_ids`, since the offices' systems have seen
/// the old ones. Gives how many went, and behind which message to go on. What can't go, erased or without an office, stays.
pub fn send_again(
    tx: &mut Tx<'_>,
    after: i64,
    message_ids: &[String],
    now: Timestamp,
) -> Result<(usize, Option<i64>), StoreError> {
    let most = message_ids.len().min(PORTION);
    let ids = returned_since(tx.conn, after, i64::try_from(most).unwrap_or(i64::MAX))?;
    let next = ids.last().copied().filter(|_| ids.len() == most);
    let mut sent = 0;
    for (id, message_id) in ids.into_iter().zip(message_ids) {
        if !came_back_blocked(tx.conn, id)? {
            continue;
        }
        for letter in &mut movable(tx, &[id])? {
            sent += usize::from(resend(tx, letter, message_id, now)? == Acted::Done);
        }
    }
    Ok((sent, next))
}

/// Letters that lie returned, for this reason or once for it.
fn returned_since(conn: &mut Reader, after: i64, most: i64) -> Result<Vec<i64>, StoreError> {
    Ok(returns::table
        .inner_join(messages::table.on(messages::id.nullable().eq(returns::message_id)))
        .filter(returns::cause.eq(ReturnCause::Blocked.as_str()))
        .filter(messages::kind.eq(MessageKind::Letter.as_str()).and(messages::state.eq(MessageState::Bounced.as_str())))
        .filter(messages::id.gt(after))
        .select(messages::id)
        .distinct()
        .order(messages::id)
        .limit(most)
        .load(conn)?)
}

/// Whether the last report of its failure said so.
fn came_back_blocked(conn: &mut Reader, message: i64) -> Result<bool, StoreError> {
    let last: Option<Option<String>> = returns::table
        .filter(returns::message_id.eq(message).and(returns::kind.eq(ReturnKind::Failed.as_str())))
        .order(returns::id.desc())
        .select(returns::cause)
        .first(conn)
        .optional()?;
    Ok(last.flatten().as_deref() == Some(ReturnCause::Blocked.as_str()))
}
