//! Mailboxes that their server says do not exist: letters to them wait until somebody knows better.

use diesel::prelude::*;
use diesel::sql_types::Text;

use crate::domain::{DistrictName, HeldBecause, MessageState, Timestamp, UsState};
use crate::store::letters::messages::{hold_letters_to, release_letters_to};
use crate::store::schema::{dead_mailboxes, messages, offices, officials, returns, signups};
use crate::store::{Reader, StoreError, Tx};

/// A dead mailbox, as staff see it.
#[derive(Queryable, Selectable)]
#[diesel(table_name = dead_mailboxes)]
pub struct DeadMailbox {
    /// The official's id.
    #[diesel(column_name = official_id)]
    pub official: i64,
    /// Their title and name.
    #[diesel(select_expression = trim(officials::title.concat(" ").concat(officials::name)))]
    pub name: String,
    /// Their office.
    #[diesel(embed)]
    pub district: DistrictName,
    /// The mailbox.
    pub email: String,
    /// What the server said, naming no supporter.
    pub reply: String,
    /// Since when.
    pub since: Timestamp,
}

#[diesel::declare_sql_function]
extern "SQL" {
    fn trim(text: Text) -> Text;
}

/// Notes that the official's mailbox does not exist, and holds the letters that wait for it.
pub fn mark_dead(tx: &mut Tx<'_>, official: i64, email: &str, reply: &str, now: Timestamp) -> Result<(), StoreError> {
    let row = (
        dead_mailboxes::official_id.eq(official),
        dead_mailboxes::email.eq(email),
        dead_mailboxes::reply.eq(reply),
        dead_mailboxes::since.eq(now),
    );
    diesel::replace_into(dead_mailboxes::table).values(row).execute(tx.conn)?;
    // The roster may have brought another address while the letter was under way.
    let current: Option<String> = officials::table.find(official).select(officials::email).first(tx.conn)?;
    if current.as_deref() == Some(email) {
        hold_letters_to(tx, official, HeldBecause::MailboxDead, now)?;
    }
    Ok(())
}

/// Reports about letters of so many supporters are needed before one is believed: whoever holds a letter's headers can write one.
const SEVERAL: i64 = 2;

/// Whether reports about letters of several supporters say that this mailbox of the official does not exist.
pub(super) fn several_say_dead(tx: &mut Tx<'_>, official: i64, email: &str) -> Result<bool, StoreError> {
    let supporters: Vec<Option<i64>> = returns::table
        .inner_join(messages::table.on(messages::id.nullable().eq(returns::message_id)))
        .inner_join(signups::table.on(signups::id.eq(messages::signup_id)))
        .filter(returns::mailbox.eq(email).and(messages::official_id.eq(official)).and(signups::supporter_id.is_not_null()))
        .select(signups::supporter_id)
        .distinct()
        .limit(SEVERAL)
        .load(tx.conn)?;
    Ok(i64::try_from(supporters.len()).is_ok_and(|found| found >= SEVERAL))
}

/// Whether this mailbox of the official is known to be dead.
pub(in crate::store) fn is_dead(conn: &mut Reader, official: i64, email: &str) -> Result<bool, StoreError> {
    let marks = dead_mailboxes::table.filter(dead_mailboxes::official_id.eq(official).and(dead_mailboxes::email.eq(email)));
    Ok(marks.count().get_result::<i64>(conn)? > 0)
}

/// Takes the mark away and queues what was held: the mailbox is right after all, or another has taken its place.
/// False when there was no mark.
pub fn release(tx: &mut Tx<'_>, official: i64, now: Timestamp) -> Result<bool, StoreError> {
    let gone = diesel::delete(dead_mailboxes::table.find(official)).returning(dead_mailboxes::email);
    let Some(dead) = gone.get_result::<String>(tx.conn).optional()? else { return Ok(false) };
    // What was said of it so far is not true any more.
    diesel::update(returns::table.filter(returns::mailbox.eq(dead))).set(returns::mailbox.eq(None::<String>)).execute(tx.conn)?;
    let (email, ended): (Option<String>, Option<Timestamp>) =
        officials::table.find(official).select((officials::email, officials::ended_at)).first(tx.conn)?;
    if email.is_some() && ended.is_none() {
        release_letters_to(tx, official, MessageState::Queued, now)?;
    }
    Ok(true)
}

/// The dead mailboxes of people in office in that state.
pub fn dead(conn: &mut Reader, state: UsState) -> Result<Vec<DeadMailbox>, StoreError> {
    Ok(dead_mailboxes::table
        .inner_join(officials::table.on(officials::id.eq(dead_mailboxes::official_id)))
        .inner_join(offices::table.on(offices::id.eq(officials::office_id)))
        .filter(offices::state.eq(state).and(officials::ended_at.is_null()))
        .filter(officials::email.eq(dead_mailboxes::email.nullable()))
        .order(dead_mailboxes::since)
        .select(DeadMailbox::as_select())
        .load(conn)?)
}
