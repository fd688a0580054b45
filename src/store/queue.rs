//! What waits to be sent, and what is in hand by lease.
//!
//! A message is in hand while its state is `sending` and its lease lasts. The claim is durable before the first byte
//! goes out and the result is recorded after the last (`attempts`). A sender that dies stops renewing its leases; when one runs
//! out, whoever looks next puts the message back, with its Message-ID unchanged.

use std::time::Duration;

use diesel::prelude::*;

use super::attempts::{attempts_since, begin_attempt};
use super::messages::{Movable, SUPPORTERS, movable, move_to};
use super::schema::{attempts, destinations, message_texts, messages, officials, signups, supporters};
use super::terms::why_ended;
use super::{Reader, StoreError, Tx};
use crate::domain::{EmailAddress, HeldBecause, MessageKind, MessageState, Timestamp};

/// A destination with work that is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// The destination's id.
    pub destination_id: i64,
    /// Since when its oldest message is due.
    pub since: Timestamp,
    /// How many are due, as far as it was counted.
    pub waiting: usize,
    /// Attempts there in the last 60 seconds.
    pub last_minute: usize,
    /// Attempts there in the last 60 minutes.
    pub last_hour: usize,
}

/// A message in hand: all that is needed to send it, nothing left to render.
#[derive(Clone)]
pub struct Claimed {
    /// Its id, which may stand in logs.
    pub id: i64,
    /// The id of the attempt that the claim began.
    pub attempt_id: i64,
    /// What it is.
    pub kind: MessageKind,
    /// Where it waited.
    pub destination_id: i64,
    /// Its Message-ID, the same at every attempt.
    pub message_id: String,
    /// Failed attempts so far.
    pub failures: u32,
    /// Since when it may be sent: for a letter, when it was confirmed. Its Date header, the same at every attempt.
    pub queued_at: Timestamp,
    /// The supporter's name.
    pub supporter_name: String,
    /// The supporter's address.
    pub supporter_email: EmailAddress,
    /// Who it goes to.
    pub to_name: String,
    /// Their mailbox.
    pub to_email: EmailAddress,
    /// The name in the From header.
    pub from_name: String,
    /// Subject.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// HTML, for notices.
    pub html: Option<String>,
}

/// The destinations with due work: notices to supporters first, then those that wait longest. One look into an index
/// for each destination, so the cost does not grow with what waits; `most` is how many could be taken at once.
pub fn due(conn: &mut Reader, most: usize, now: Timestamp) -> Result<Vec<Due>, StoreError> {
    let ids: Vec<i64> = destinations::table.select(destinations::id).load(conn)?;
    let mut due = Vec::new();
    for destination_id in ids {
        let waiting: Vec<i64> = messages::table
            .filter(messages::state.eq("queued").and(messages::destination_id.eq(destination_id)))
            .filter(messages::due_at.le(now.millis()))
            .order((messages::due_at, messages::id))
            .limit(i64::try_from(most).unwrap_or(i64::MAX))
            .select(messages::due_at)
            .load(conn)?;
        let Some(since) = waiting.first() else { continue };
        due.push(Due {
            destination_id,
            since: Timestamp::from_millis(*since),
            waiting: waiting.len(),
            last_minute: attempts_since(conn, destination_id, now.minus(Duration::from_mins(1)))?,
            last_hour: attempts_since(conn, destination_id, now.minus(Duration::from_hours(1)))?,
        });
    }
    due.sort_by_key(|d| (d.destination_id != SUPPORTERS, d.since));
    Ok(due)
}

/// Takes up to `count` due messages of the destination into the hand of `owner`, oldest first, and begins an attempt for each.
pub fn claim(
    tx: &mut Tx<'_>,
    owner: &str,
    destination: i64,
    count: usize,
    lease: Duration,
    now: Timestamp,
) -> Result<Vec<Claimed>, StoreError> {
    let ids: Vec<i64> = messages::table
        .filter(messages::state.eq("queued").and(messages::destination_id.eq(destination)).and(messages::due_at.le(now.millis())))
        .order((messages::due_at, messages::id))
        .limit(i64::try_from(count).unwrap_or(i64::MAX))
        .select(messages::id)
        .load(tx.conn)?;
    let mut claimed = Vec::with_capacity(ids.len());
    for mut message in movable(tx, &ids)? {
        let Some(mut work) = load(tx, message.id)? else {
            // Erased while it waited, or the mailbox is gone: there is nothing to send and nobody to send it to.
            move_to(tx, &mut message, MessageState::Held, Some(HeldBecause::MailboxGone), now)?;
            continue;
        };
        move_to(tx, &mut message, MessageState::Sending, None, now)?;
        diesel::update(messages::table.find(message.id))
            .set((messages::lease_owner.eq(owner), messages::lease_until.eq(now.plus(lease).millis())))
            .execute(tx.conn)?;
        work.attempt_id = begin_attempt(tx, message.id, destination, now)?;
        claimed.push(work);
    }
    Ok(claimed)
}

fn load(tx: &mut Tx<'_>, id: i64) -> Result<Option<Claimed>, StoreError> {
    type Row = (
        (String, i64, String, i32, Option<i64>, i64),
        (String, String),
        (Option<String>, Option<String>),
        (String, String, String, Option<String>),
    );
    let row: Option<Row> = messages::table
        .inner_join(message_texts::table.on(message_texts::message_id.eq(messages::id)))
        .inner_join(signups::table.on(signups::id.eq(messages::signup_id)))
        .inner_join(supporters::table.on(supporters::id.nullable().eq(signups::supporter_id)))
        .left_join(officials::table.on(officials::id.nullable().eq(messages::official_id)))
        .filter(messages::id.eq(id))
        .select((
            (
                messages::kind,
                messages::destination_id,
                messages::message_id,
                messages::failures,
                messages::queued_at,
                messages::created_at,
            ),
            (signups::name, supporters::email),
            (officials::name.nullable(), officials::email.nullable()),
            (message_texts::from_name, message_texts::subject, message_texts::body_text, message_texts::body_html),
        ))
        .first(tx.conn)
        .optional()?;
    let Some((head, (supporter_name, supporter), (official_name, official), (from_name, subject, text, html))) = row else {
        return Ok(None);
    };
    let (kind, destination_id, message_id, failures, queued_at, created_at) = head;
    let kind = MessageKind::parse(&kind).map_err(StoreError::strange)?;
    let address = |text: &str| {
        EmailAddress::parse(text).map_err(|_| StoreError::strange(format!("an unreadable mailbox for message {id}")))
    };
    let supporter_email = address(&supporter)?;
    let (to_name, to_email) = match (kind, official) {
        (MessageKind::Letter, Some(mailbox)) => (official_name.unwrap_or_default(), address(&mailbox)?),
        (MessageKind::Letter, None) => return Ok(None),
        // A notice goes to an address that its owner may not have given: it carries no name that a stranger typed.
        _ => (String::new(), supporter_email.clone()),
    };
    Ok(Some(Claimed {
        id,
        attempt_id: 0,
        kind,
        destination_id,
        message_id,
        failures: u32::try_from(failures).unwrap_or(0),
        queued_at: Timestamp::from_millis(queued_at.unwrap_or(created_at)),
        supporter_name,
        supporter_email,
        to_name,
        to_email,
        from_name,
        subject,
        text,
        html,
    }))
}

/// Renews the leases of `ids`, which `owner` has in hand.
pub fn renew(tx: &mut Tx<'_>, owner: &str, ids: &[i64], lease: Duration, now: Timestamp) -> Result<usize, StoreError> {
    let mine = messages::table
        .filter(messages::id.eq_any(ids))
        .filter(messages::state.eq("sending").and(messages::lease_owner.eq(owner)));
    Ok(diesel::update(mine).set(messages::lease_until.eq(now.plus(lease).millis())).execute(tx.conn)?)
}

/// Puts back what a sender had in hand when its lease ran out. Whether such a message was delivered is not known: it
/// is tried again with the same Message-ID, by which the receiving side can tell. Gives how many there were.
pub fn recover(tx: &mut Tx<'_>, now: Timestamp) -> Result<usize, StoreError> {
    let orphans: Vec<i64> = messages::table
        .filter(messages::state.eq("sending").and(messages::lease_until.le(now.millis())))
        .select(messages::id)
        .load(tx.conn)?;
    for mut message in movable(tx, &orphans)? {
        diesel::update(attempts::table.filter(attempts::message_id.eq(message.id).and(attempts::outcome.eq("in_hand"))))
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
pub(super) fn put_back(
    tx: &mut Tx<'_>,
    message: &mut Movable,
    due: Timestamp,
    failures: i32,
    now: Timestamp,
) -> Result<(), StoreError> {
    move_to(tx, message, MessageState::Queued, None, now)?;
    diesel::update(messages::table.find(message.id))
        .set((messages::due_at.eq(due.millis()), messages::failures.eq(messages::failures + failures)))
        .execute(tx.conn)?;
    let texts: i64 = message_texts::table.filter(message_texts::message_id.eq(message.id)).count().get_result(tx.conn)?;
    if texts == 0 {
        return move_to(tx, message, MessageState::Withdrawn, None, now);
    }
    if let Some(official) = message.official_id {
        let (ended_at, term_ends): (Option<i64>, Option<i64>) =
            officials::table.find(official).select((officials::ended_at, officials::term_ends)).first(tx.conn)?;
        if let Some(ended_at) = ended_at {
            return move_to(tx, message, MessageState::Held, Some(why_ended(ended_at, term_ends)), now);
        }
    }
    Ok(())
}
