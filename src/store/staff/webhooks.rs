//! Webhooks: where other servers are told what happened, and how that goes.

use diesel::prelude::*;

use super::webhook_events as events;
use crate::domain::{EventKind, Timestamp};
use crate::store::schema::{webhook_deliveries, webhook_events, webhooks};
use crate::store::{Reader, StoreError, Tx};

/// How many tries of a webhook are kept to look at.
const KEPT: i64 = 50;

/// Where a server is told what happened.
#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = webhooks)]
pub struct Webhook {
    /// Its id.
    pub id: i64,
    /// Where it leads.
    pub url: String,
    /// What its secret is made from, together with the service's own key.
    pub salt: Vec<u8>,
    /// Whether it tells of letters that were sent.
    pub letters_sent: bool,
    /// Whether it tells of sign-ups that were confirmed.
    pub signups_confirmed: bool,
    /// Up to which event it has told.
    pub told_up_to: i64,
    /// Since when the next event fails, in unix milliseconds.
    pub failing_since: Option<i64>,
    /// How often in a row.
    pub failures: i32,
    /// When the next event may be told, in unix milliseconds.
    pub due_at: i64,
    /// When staff asked for a test that was not sent yet.
    pub test_asked_at: Option<i64>,
    /// When it was turned off.
    pub disabled_at: Option<i64>,
}

impl Webhook {
    /// The kinds of events that it tells of.
    #[must_use]
    pub fn kinds(&self) -> Vec<EventKind> {
        let wants = |kind: &EventKind| match kind {
            EventKind::LetterSent => self.letters_sent,
            EventKind::SignupConfirmed => self.signups_confirmed,
        };
        EventKind::ALL.into_iter().filter(wants).collect()
    }
}

/// A try to tell something.
#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = webhook_deliveries)]
pub struct Delivery {
    /// The event's id; `None` for a test.
    #[diesel(column_name = event_id)]
    pub event: Option<i64>,
    /// What it told of.
    pub kind: String,
    /// When.
    #[diesel(column_name = tried_at)]
    pub at: Timestamp,
    /// How long it took, in milliseconds.
    #[diesel(column_name = duration_ms)]
    pub millis: i64,
    /// Whether the server took it.
    pub delivered: bool,
    /// What the server said, or why there was no answer.
    pub words: String,
}

/// Every webhook, the oldest first.
pub fn all(conn: &mut Reader) -> Result<Vec<Webhook>, StoreError> {
    Ok(webhooks::table.order(webhooks::id).select(Webhook::as_select()).load(conn)?)
}

/// Adds a webhook that tells of what happens from now on; gives its id.
pub fn insert(tx: &mut Tx<'_>, url: &str, salt: &[u8], kinds: &[EventKind], by: &str, now: Timestamp) -> Result<i64, StoreError> {
    events::begin(tx)?;
    let told: Option<i64> = webhook_events::table.select(diesel::dsl::max(webhook_events::id)).first(tx.conn)?;
    Ok(diesel::insert_into(webhooks::table)
        .values((
            webhooks::url.eq(url),
            webhooks::salt.eq(salt),
            webhooks::letters_sent.eq(kinds.contains(&EventKind::LetterSent)),
            webhooks::signups_confirmed.eq(kinds.contains(&EventKind::SignupConfirmed)),
            webhooks::created_by.eq(by),
            webhooks::created_at.eq(now),
            webhooks::told_up_to.eq(told.unwrap_or(0)),
            webhooks::failures.eq(0),
            webhooks::due_at.eq(now),
        ))
        .returning(webhooks::id)
        .get_result(tx.conn)?)
}

/// Removes a webhook with its tries. False when there is none.
pub fn remove(tx: &mut Tx<'_>, id: i64) -> Result<bool, StoreError> {
    diesel::delete(webhook_deliveries::table.filter(webhook_deliveries::webhook_id.eq(id))).execute(tx.conn)?;
    Ok(diesel::delete(webhooks::table.find(id)).execute(tx.conn)? > 0)
}

/// Turns a webhook on again; it goes on with the event that failed. False when it was not off.
pub fn enable(tx: &mut Tx<'_>, id: i64, now: Timestamp) -> Result<bool, StoreError> {
    events::begin(tx)?;
    let off = webhooks::table.filter(webhooks::id.eq(id).and(webhooks::disabled_at.is_not_null()));
    let on = (
        webhooks::disabled_at.eq(None::<i64>),
        webhooks::failing_since.eq(None::<i64>),
        webhooks::failures.eq(0),
        webhooks::due_at.eq(now),
    );
    Ok(diesel::update(off).set(on).execute(tx.conn)? > 0)
}

/// Asks for a test. False when there is no such webhook.
pub fn ask_for_test(tx: &mut Tx<'_>, id: i64, now: Timestamp) -> Result<bool, StoreError> {
    Ok(diesel::update(webhooks::table.find(id)).set(webhooks::test_asked_at.eq(now)).execute(tx.conn)? > 0)
}

/// Notes a test that was sent.
pub fn tested(tx: &mut Tx<'_>, id: i64, delivery: &Delivery) -> Result<(), StoreError> {
    diesel::update(webhooks::table.find(id)).set(webhooks::test_asked_at.eq(None::<i64>)).execute(tx.conn)?;
    log(tx, id, delivery)
}

/// Notes an event that the server took.
pub fn told(tx: &mut Tx<'_>, id: i64, event: i64, delivery: &Delivery) -> Result<(), StoreError> {
    let row = webhooks::table.find(id);
    let well = (webhooks::told_up_to.eq(event), webhooks::failing_since.eq(None::<i64>), webhooks::failures.eq(0));
    diesel::update(row).set(well).execute(tx.conn)?;
    log(tx, id, delivery)
}

/// Passes over an event that is not to be told any more.
pub fn pass_over(tx: &mut Tx<'_>, id: i64, event: i64) -> Result<(), StoreError> {
    diesel::update(webhooks::table.find(id)).set(webhooks::told_up_to.eq(event)).execute(tx.conn)?;
    Ok(())
}

/// Notes a try in vain: the same event is tried again at `due`, or with `give_up` the webhook is turned off.
pub fn failed(tx: &mut Tx<'_>, id: i64, delivery: &Delivery, due: Timestamp, give_up: bool) -> Result<(), StoreError> {
    let since: Option<Option<Timestamp>> = webhooks::table.find(id).select(webhooks::failing_since).first(tx.conn).optional()?;
    let Some(since) = since else { return Ok(()) };
    let again = (
        webhooks::failing_since.eq(since.unwrap_or(delivery.at)),
        webhooks::failures.eq(webhooks::failures + 1),
        webhooks::due_at.eq(due),
        webhooks::disabled_at.eq(give_up.then_some(delivery.at)),
    );
    diesel::update(webhooks::table.find(id)).set(again).execute(tx.conn)?;
    log(tx, id, delivery)
}

fn log(tx: &mut Tx<'_>, id: i64, delivery: &Delivery) -> Result<(), StoreError> {
    // It may have been removed while the server was asked.
    let there: i64 = webhooks::table.find(id).count().get_result(tx.conn)?;
    if there == 0 {
        return Ok(());
    }
    diesel::insert_into(webhook_deliveries::table).values((webhook_deliveries::webhook_id.eq(id), delivery)).execute(tx.conn)?;
    let of_hook = || webhook_deliveries::table.filter(webhook_deliveries::webhook_id.eq(id));
    let newest: Vec<i64> =
        of_hook().order(webhook_deliveries::id.desc()).limit(KEPT).select(webhook_deliveries::id).load(tx.conn)?;
    if let Some(oldest) = newest.last() {
        diesel::delete(of_hook().filter(webhook_deliveries::id.lt(oldest))).execute(tx.conn)?;
    }
    Ok(())
}

/// The last tries of a webhook, the newest first.
pub fn deliveries(conn: &mut Reader, id: i64) -> Result<Vec<Delivery>, StoreError> {
    Ok(webhook_deliveries::table
        .filter(webhook_deliveries::webhook_id.eq(id))
        .order(webhook_deliveries::id.desc())
        .select(Delivery::as_select())
        .load(conn)?)
}
