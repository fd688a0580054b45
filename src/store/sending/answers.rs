//! Answers that came to a return path: kept until they are passed on (`notices_due`), or, where nobody can be told, until staff have seen to them.

use diesel::prelude::*;

use crate::domain::{MessageKind, Timestamp};
use crate::store::schema::{messages, office_replies, signups};
use crate::store::{Reader, StoreError, Tx};

/// An answer, as it is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Answer {
    /// Whether a machine wrote it.
    pub automatic: bool,
    /// Its subject, one line.
    pub subject: String,
    /// Its text.
    pub text: String,
}

/// An answer that can't be passed on; without its words, which are opened one by one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stranded {
    /// Its id.
    pub id: i64,
    /// The message that it answers.
    pub message: i64,
    /// Whether there is somebody to pass it on to, who wants no more mail of ours.
    pub can_be_released: bool,
    /// When it came.
    pub since: Timestamp,
}

/// Keeps an answer; of a machine's several to one message the first. False when that one was there.
pub(super) fn keep(tx: &mut Tx<'_>, message: i64, answer: &Answer, now: Timestamp) -> Result<bool, StoreError> {
    let new = diesel::insert_into(office_replies::table)
        .values((
            office_replies::message_id.eq(message),
            office_replies::automatic.eq(answer.automatic),
            office_replies::subject.eq(&answer.subject),
            office_replies::body_text.eq(&answer.text),
            office_replies::received_at.eq(now.millis()),
        ))
        .on_conflict_do_nothing()
        .execute(tx.conn)?;
    Ok(new > 0)
}

/// What an answer says.
pub fn read(conn: &mut Reader, id: i64) -> Result<Option<Answer>, StoreError> {
    let row: Option<(bool, String, String)> = office_replies::table
        .find(id)
        .select((office_replies::automatic, office_replies::subject, office_replies::body_text))
        .first(conn)
        .optional()?;
    Ok(row.map(|(automatic, subject, text)| Answer { automatic, subject, text }))
}

/// The answers that can't be passed on, oldest first.
pub fn stranded(conn: &mut Reader, most: i64) -> Result<Vec<Stranded>, StoreError> {
    type Row = (i64, i64, String, Option<i64>, i64);
    let rows: Vec<Row> = office_replies::table
        .inner_join(messages::table.on(messages::id.eq(office_replies::message_id)))
        .inner_join(signups::table.on(signups::id.eq(messages::signup_id)))
        .filter(office_replies::passed_on_at.is_null().and(office_replies::released_at.is_null()))
        .filter(
            messages::kind
                .ne(MessageKind::Letter.as_str())
                .or(signups::supporter_id.is_null())
                .or(signups::notices_end_at.is_not_null()),
        )
        .order(office_replies::id)
        .limit(most)
        .select((office_replies::id, messages::id, messages::kind, signups::supporter_id, office_replies::received_at))
        .load(conn)?;
    let stranded = rows.into_iter().map(|(id, message, kind, supporter, since)| Stranded {
        id,
        message,
        can_be_released: kind == MessageKind::Letter.as_str() && supporter.is_some(),
        since: Timestamp::from_millis(since),
    });
    Ok(stranded.collect())
}

/// Has an answer passed on to somebody who wants no more mail of ours. False when there is none, or nobody.
pub fn release(tx: &mut Tx<'_>, id: i64, now: Timestamp) -> Result<bool, StoreError> {
    let found = stranded(tx.conn, i64::MAX)?.into_iter().any(|answer| answer.id == id && answer.can_be_released);
    if found {
        diesel::update(office_replies::table.find(id)).set(office_replies::released_at.eq(now.millis())).execute(tx.conn)?;
    }
    Ok(found)
}

/// Throws an answer away that was not passed on. False when there is none.
pub fn forget(tx: &mut Tx<'_>, id: i64) -> Result<bool, StoreError> {
    Ok(diesel::delete(office_replies::table.find(id).filter(office_replies::passed_on_at.is_null())).execute(tx.conn)? > 0)
}
