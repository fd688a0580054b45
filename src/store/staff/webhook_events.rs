//! What webhooks tell of. Confirmations are noted in their own transaction; letters that were sent are gathered from the tries,
//! behind the sender's back: sending costs the same whether or not anybody is told.

use std::time::Duration;

use diesel::prelude::*;

use crate::domain::{EventKind, MessageKind, Timestamp};
use crate::store::batch::{Batch, Statement, Value};
use crate::store::literal::literal;
use crate::store::schema::{attempts, campaigns, messages, signups, webhook_events, webhooks};
use crate::store::{Reader, StoreError, Tx, settings};

/// Up to which try letters were gathered.
const CURSOR: &str = "webhooks_attempts";
/// Tries that one gathering looks at.
const PORTION: i64 = 2000;
/// A try that is in hand for longer than this is not waited for: whoever had it is gone.
const IN_HAND_AT_MOST: Duration = Duration::from_hours(1);
/// Told events are kept for so long, and so are events that a webhook that is off would still have to tell.
const KEPT_FOR: Duration = Duration::from_hours(7 * 24);

/// Something that happened.
#[derive(Queryable, Selectable)]
#[diesel(table_name = webhook_events)]
pub struct Event {
    /// Later events have higher ones.
    pub id: i64,
    pub kind: EventKind,
    /// The campaign's name in addresses.
    #[diesel(select_expression = campaigns::slug)]
    pub campaign: String,
    #[diesel(column_name = signup_id)]
    pub signup: i64,
    #[diesel(column_name = message_id)]
    pub letter: Option<i64>,
    #[diesel(column_name = office_id)]
    pub office: Option<i64>,
    #[diesel(column_name = happened_at)]
    pub at: Timestamp,
    /// The person behind it has erased their data.
    #[diesel(select_expression = signups::erased_at.is_not_null())]
    pub erased: bool,
}

struct Confirmed;

impl Statement for Confirmed {
    const SQL: &'static str = "INSERT INTO webhook_events (kind, campaign_id, signup_id, happened_at) \
         SELECT 'signup.confirmed', ?, ?, ? WHERE EXISTS (SELECT 1 FROM webhooks WHERE signups_confirmed AND disabled_at IS NULL)";
    type Row = ();
}

/// A supporter confirmed: noted where anybody wants to be told.
pub(in crate::store) fn confirmed(tx: &mut Tx<'_>, campaign: i64, signup: i64, now: Timestamp) -> Result<(), StoreError> {
    let values = [campaign, signup, now.millis()].map(Value::Number);
    Batch::<Confirmed>::new(values).execute(tx.conn)?;
    Ok(())
}

/// Whether anybody is told of letters, or has been up to now.
fn anybody(conn: &mut Reader) -> Result<bool, StoreError> {
    let on = webhooks::table.filter(webhooks::disabled_at.is_null()).select(webhooks::id);
    Ok(diesel::select(diesel::dsl::exists(on)).get_result(conn)?)
}

/// Before the first webhook is on: what was sent before is not told.
pub(in crate::store) fn begin(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    if anybody(tx.conn)? {
        return Ok(());
    }
    let last: Option<i64> = attempts::table.select(diesel::dsl::max(attempts::id)).first(tx.conn)?;
    settings::set(tx, CURSOR, &last.unwrap_or(0).to_string())
}

struct Sent;

impl Statement for Sent {
    const SQL: &'static str = "INSERT INTO webhook_events (kind, campaign_id, signup_id, message_id, office_id, happened_at) \
         SELECT 'letter.sent', m.campaign_id, m.signup_id, m.id, m.office_id, a.started_at + a.duration_ms \
         FROM attempts AS a JOIN messages AS m ON m.id = a.message_id \
         WHERE a.id > ? AND a.id <= ? AND a.outcome = 'sent' AND m.kind = 'letter' \
         AND NOT EXISTS (SELECT 1 FROM attempts AS b WHERE b.message_id = a.message_id AND b.outcome = 'sent' AND b.id < a.id) \
         ORDER BY a.id";
    type Row = ();
}

/// Notes the letters that were sent since the last gathering, in the order of their tries, up to the first try that is still in
/// hand. True when there may be more. Costs one look where nothing was tried.
pub fn gather(tx: &mut Tx<'_>, now: Timestamp) -> Result<bool, StoreError> {
    if !anybody(tx.conn)? {
        return Ok(false);
    }
    let cursor = settings::counted(tx.conn, CURSOR)?;
    let tries: Vec<(i64, String, Timestamp)> = attempts::table
        .filter(attempts::id.gt(cursor))
        .order(attempts::id)
        .limit(PORTION)
        .select((attempts::id, attempts::outcome, attempts::started_at))
        .load(tx.conn)?;
    let oldest = now.minus(IN_HAND_AT_MOST);
    let ended = tries.iter().take_while(|(_, outcome, since)| outcome != "in_hand" || *since < oldest);
    let Some((up_to, ..)) = ended.last() else { return Ok(false) };
    Batch::<Sent>::new([Value::Number(cursor), Value::Number(*up_to)]).execute(tx.conn)?;
    settings::set(tx, CURSOR, &up_to.to_string())?;
    Ok(i64::try_from(tries.len()).is_ok_and(|read| read == PORTION))
}

/// The next events of these kinds after the event `after`, `most` at most.
pub fn next(conn: &mut Reader, kinds: &[EventKind], after: i64, most: i64) -> Result<Vec<Event>, StoreError> {
    Ok(webhook_events::table
        .inner_join(campaigns::table.on(campaigns::id.eq(webhook_events::campaign_id)))
        .inner_join(signups::table.on(signups::id.eq(webhook_events::signup_id)))
        .filter(webhook_events::id.gt(after))
        .filter(webhook_events::kind.eq_any(kinds))
        .order(webhook_events::id)
        .limit(most)
        .select(Event::as_select())
        .load(conn)?)
}

/// The offices that a sign-up wrote to.
pub fn offices_of(conn: &mut Reader, signup: i64) -> Result<Vec<i64>, StoreError> {
    let of_signup = messages::signup_id.eq(signup).and(messages::kind.eq(literal(MessageKind::Letter.as_str())));
    let offices: Vec<Option<i64>> =
        messages::table.filter(of_signup).order(messages::office_id).distinct().select(messages::office_id).load(conn)?;
    Ok(offices.into_iter().flatten().collect())
}

struct Forget;

impl Statement for Forget {
    // Later events have higher ids: from the first up to one that is kept, and never the last, whose id goes on.
    const SQL: &'static str = "DELETE FROM webhook_events WHERE id < coalesce( \
         (SELECT id FROM webhook_events WHERE happened_at >= ? ORDER BY id LIMIT 1), (SELECT max(id) FROM webhook_events))";
    type Row = ();
}

/// Forgets events that are long told.
pub fn forget(tx: &mut Tx<'_>, now: Timestamp) -> Result<(), StoreError> {
    Batch::<Forget>::new([Value::Number(now.minus(KEPT_FOR).millis())]).execute(tx.conn)?;
    Ok(())
}

/// How many events wait to be told by this webhook.
pub fn waiting(conn: &mut Reader, kinds: &[EventKind], after: i64) -> Result<i64, StoreError> {
    let wanted = webhook_events::kind.eq_any(kinds);
    Ok(webhook_events::table.filter(webhook_events::id.gt(after)).filter(wanted).count().get_result(conn)?)
}
