//! Taking due messages into hand, a batch at a time.

use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Nullable, Text};

use super::caps::{Allowance, Caps};
use super::gates::Gates;
use crate::domain::{EmailAddress, HeldBecause, MessageKind, MessageState, Timestamp};
use crate::store::batch::{Batch, Statement, Value};
use crate::store::letters::messages::{Movable, move_to};
use crate::store::letters::moves::take;
use crate::store::{Reader, StoreError, Tx};

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
    /// For a letter, the official it is for.
    pub official_id: Option<i64>,
    /// For a letter, the office it is for.
    pub office_id: Option<i64>,
    /// The campaign, municipality and day under which it is counted as queued until its result is on record.
    pub counted: (i64, String, String),
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

/// What to take: from that destination, up to so many.
pub type Pick = (i64, usize);

/// What was taken.
#[derive(Default)]
pub struct Taken {
    /// The messages, in hand now.
    pub claimed: Vec<Claimed>,
    /// Destinations that had less than was asked for.
    pub drained: Vec<i64>,
    /// Destinations that had their share of the minute or hour, and when they may have more.
    pub full: Vec<(i64, Timestamp)>,
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
    Ok(claim_all(tx, owner, &[(destination, count)], Caps::default(), lease, now)?.claimed)
}

/// [`claim`] for several destinations, within the caps, which are counted here from the attempts that are on record:
/// whatever process made them, and whenever it began.
pub fn claim_all(
    tx: &mut Tx<'_>,
    owner: &str,
    picks: &[Pick],
    caps: Caps,
    lease: Duration,
    now: Timestamp,
) -> Result<Taken, StoreError> {
    let mut taken = Taken::default();
    let mut ids = Vec::new();
    // Read here and not taken from a look before: what staff paused a moment ago is not claimed any more.
    let gates = Gates::read(tx.conn, now)?;
    let mut allowance = Allowance::read(tx.conn, caps, &gates, picks, now)?;
    for (destination, count) in picks {
        let (free, until) = allowance.room(tx.conn, *destination)?;
        if free < *count {
            taken.full.push((*destination, until));
        }
        let most = free.min(*count);
        let found = waiting(tx.conn, *destination, gates.campaigns(*destination), most, now)?;
        if found.len() < most {
            taken.drained.push(*destination);
        }
        allowance.took(*destination, found.len());
        ids.extend(found);
    }
    if ids.is_empty() {
        return Ok(taken);
    }
    let found: Vec<Found> = Batch::<Load>::new([Value::rows(&ids)?]).load(tx.conn)?;
    // Nobody else adds one meanwhile: this transaction has the database to itself.
    let mut attempt = Batch::<LastAttempt>::new([]).get_result::<Option<i64>>(tx.conn)?.unwrap_or(0);
    for found in found {
        let mut message = found.message.clone();
        match found.work() {
            Ok(mut work) => {
                take(tx, &mut message, owner, now.plus(lease), now)?;
                attempt += 1;
                work.attempt_id = attempt;
                begin(tx.conn, &work, now)?;
                taken.claimed.push(work);
            }
            // Erased while it waited, or the mailbox is gone or dead: there is nothing to send and nobody to send it to.
            Err(reason) => move_to(tx, &mut message, MessageState::Held, Some(reason), now)?,
        }
    }
    Ok(taken)
}

struct LastAttempt;

impl Statement for LastAttempt {
    const SQL: &'static str = "SELECT max(id) FROM attempts";
    type Row = Nullable<BigInt>;
}

struct Begin;

impl Statement for Begin {
    const SQL: &'static str = "INSERT INTO attempts (id, message_id, destination_id, started_at, duration_ms, outcome, step, reply) \
         VALUES (?, ?, ?, ?, 0, 'in_hand', 'claim', '')";
    type Row = ();
}

fn begin(conn: &mut Reader, work: &Claimed, now: Timestamp) -> Result<(), StoreError> {
    let values = [work.attempt_id, work.id, work.destination_id, now.millis()].map(Value::Number);
    Batch::<Begin>::new(values).execute(conn)?;
    Ok(())
}

struct Waiting;

impl Statement for Waiting {
    // The state stands in the text: a partial index is of no use to a value that is only known later. A limit that is a
    // bare value has SQLite prepare the statement again for each; a sum is not looked into.
    const SQL: &'static str = "SELECT due_at, id FROM messages \
         WHERE state = 'queued' AND destination_id = ? AND campaign_id = ? AND due_at <= ? ORDER BY due_at, id LIMIT ? + 0";
    type Row = (BigInt, BigInt);
}

struct WaitingCampaigns;

impl Statement for WaitingCampaigns {
    // From each campaign in the index to the next, past all that waits of it.
    const SQL: &'static str = "WITH RECURSIVE c (id) AS ( \
         SELECT (SELECT min(campaign_id) FROM messages WHERE state = 'queued' AND destination_id = ?) UNION ALL \
         SELECT (SELECT min(campaign_id) FROM messages WHERE state = 'queued' AND destination_id = ? AND campaign_id > c.id) \
         FROM c WHERE c.id IS NOT NULL) SELECT id FROM c WHERE id IS NOT NULL";
    type Row = BigInt;
}

/// The destination's due messages of these campaigns, oldest first, `most` of them.
pub(in crate::store) fn waiting(
    conn: &mut Reader,
    destination: i64,
    campaigns: &[i64],
    most: usize,
    now: Timestamp,
) -> Result<Vec<i64>, StoreError> {
    let limit = i64::try_from(most).unwrap_or(i64::MAX);
    let campaigns = if campaigns.len() > 1 {
        let of: Vec<i64> = Batch::<WaitingCampaigns>::new([Value::Number(destination), Value::Number(destination)]).load(conn)?;
        of.into_iter().filter(|id| campaigns.contains(id)).collect()
    } else {
        campaigns.to_vec()
    };
    let mut found: Vec<(i64, i64)> = Vec::new();
    for campaign in &campaigns {
        let values = [Value::Number(destination), Value::Number(*campaign), Value::Number(now.millis()), Value::Number(limit)];
        found.extend(Batch::<Waiting>::new(values).load::<(i64, i64)>(conn)?);
    }
    if campaigns.len() > 1 {
        found.sort_unstable();
        found.truncate(most);
    }
    Ok(found.into_iter().map(|(_, id)| id).collect())
}

struct Load;

type NullText = Nullable<Text>;

impl Statement for Load {
    const SQL: &'static str = "SELECT m.id, m.kind, m.state, m.office_id, m.official_id, m.campaign_id, m.town, m.state_day, \
         m.destination_id, m.message_id, m.failures, m.queued_at, m.created_at, \
         t.from_name, t.subject, t.body_text, t.body_html, s.name, p.email, o.name, o.email, d.email \
         FROM json_each(?) AS j \
         JOIN messages AS m ON m.id = j.value \
         JOIN signups AS s ON s.id = m.signup_id \
         LEFT JOIN message_texts AS t ON t.message_id = m.id \
         LEFT JOIN supporters AS p ON p.id = s.supporter_id \
         LEFT JOIN officials AS o ON o.id = m.official_id \
         LEFT JOIN dead_mailboxes AS d ON d.official_id = m.official_id AND d.email = o.email";
    type Row = (
        (BigInt, Text, Text, Nullable<BigInt>, Nullable<BigInt>, BigInt, Text, Text),
        (BigInt, Text, Integer, Nullable<BigInt>, BigInt),
        (NullText, NullText, NullText, NullText),
        (Text, NullText),
        (NullText, NullText, NullText),
    );
}

/// A message that waits, with all that it needs to go out; the order of the fields is that of the statement.
#[derive(Queryable)]
struct Found {
    message: Movable,
    envelope: Envelope,
    text: StoredText,
    supporter: (String, Option<String>),
    official: Mailbox,
}

#[derive(Queryable)]
struct Envelope {
    destination_id: i64,
    message_id: String,
    failures: i32,
    queued_at: Option<Timestamp>,
    created_at: Timestamp,
}

/// Nothing once its writer's data is erased.
#[derive(Queryable)]
struct StoredText {
    from_name: Option<String>,
    subject: Option<String>,
    text: Option<String>,
    html: Option<String>,
}

#[derive(Queryable)]
struct Mailbox {
    name: Option<String>,
    email: Option<String>,
    dead: Option<String>,
}

impl Found {
    /// The work that it is, without the attempt's number; or why it can't be sent.
    fn work(self) -> Result<Claimed, HeldBecause> {
        let Self { message, envelope, text, supporter: (supporter_name, supporter_email), official } = self;
        let StoredText { from_name: Some(from_name), subject: Some(subject), text: Some(text), html } = text else {
            return Err(HeldBecause::MailboxGone);
        };
        // Not read as a type of its own: one address that is none must not stop the others.
        let address =
            |text: Option<String>| text.and_then(|text| EmailAddress::parse(&text).ok()).ok_or(HeldBecause::MailboxGone);
        let supporter_email = address(supporter_email)?;
        let (to_name, to_email) = match message.kind {
            MessageKind::Letter if official.dead.is_some() => return Err(HeldBecause::MailboxDead),
            MessageKind::Letter => (official.name.unwrap_or_default(), address(official.email)?),
            // A notice goes to an address that its owner may not have given: it carries no name that a stranger typed.
            _ => (String::new(), supporter_email.clone()),
        };
        Ok(Claimed {
            id: message.id,
            attempt_id: 0,
            kind: message.kind,
            destination_id: envelope.destination_id,
            official_id: message.official_id,
            office_id: message.office_id,
            counted: (message.campaign_id, message.town, message.day),
            message_id: envelope.message_id,
            failures: u32::try_from(envelope.failures).unwrap_or(0),
            queued_at: envelope.queued_at.unwrap_or(envelope.created_at),
            supporter_name,
            supporter_email,
            to_name,
            to_email,
            from_name,
            subject,
            text,
            html,
        })
    }
}
