//! One letter's whole story: what happened to it, and, apart from that, who wrote it and what it says.

use diesel::prelude::*;

use super::events::{self, Returned, Try};
use super::messages::MessageText;
use crate::domain::{DistrictName, MessageKind, MessageState, Timestamp};
use crate::store::literal::literal;
use crate::store::schema::{message_texts, messages, offices, officials, signups, supporters};
use crate::store::{Reader, StoreError};

/// What happened to a letter; nothing in it is about its writer.
#[derive(Clone, Debug)]
pub struct Story {
    /// Its number.
    pub id: i64,
    /// The number of the sign-up that brought it.
    pub signup: i64,
    /// Where it stands.
    pub state: MessageState,
    /// Why it is held, or taken back.
    pub reason: Option<String>,
    /// Since when it stands there.
    pub since: Timestamp,
    /// Its Message-ID.
    pub message_id: String,
    /// When it was signed up for.
    pub written: Timestamp,
    /// When it was confirmed.
    pub confirmed: Option<Timestamp>,
    /// When its turn comes, where it waits.
    pub due: Timestamp,
    /// Failed tries.
    pub failures: i32,
    /// The office's id.
    pub office_id: i64,
    /// The office.
    pub district: DistrictName,
    /// Title and name of who it is written to.
    pub official: String,
    /// Their mailbox.
    pub mailbox: Option<String>,
    /// The writer's data was erased.
    pub erased: bool,
    /// Every try, oldest first.
    pub attempts: Vec<Try>,
    /// What came back, oldest first.
    pub returns: Vec<Returned>,
}

/// What of a story stands in rows of its letter.
#[derive(Queryable, Selectable)]
#[diesel(table_name = messages)]
struct Row {
    signup_id: i64,
    state: MessageState,
    reason: Option<String>,
    state_since: Timestamp,
    message_id: String,
    created_at: Timestamp,
    due_at: Timestamp,
    failures: i32,
    #[diesel(select_expression = signups::confirmed_at)]
    confirmed: Option<Timestamp>,
    #[diesel(select_expression = signups::supporter_id.is_null())]
    erased: bool,
    #[diesel(select_expression = offices::id)]
    office_id: i64,
    #[diesel(embed)]
    district: DistrictName,
    #[diesel(select_expression = officials::title.nullable())]
    title: Option<String>,
    #[diesel(select_expression = officials::name.nullable())]
    name: Option<String>,
    #[diesel(select_expression = officials::email.nullable())]
    mailbox: Option<String>,
}

/// Who wrote a letter, and what it says. Without `Debug`: it must not reach a log.
#[derive(Queryable, Selectable)]
#[diesel(table_name = signups)]
pub struct Writer {
    pub name: String,
    #[diesel(select_expression = supporters::email)]
    pub email: String,
    pub street: String,
    /// City or town as typed, and ZIP.
    #[diesel(select_expression = signups::city.concat(" ").concat(signups::zip))]
    pub place: String,
    #[diesel(embed)]
    pub text: MessageText,
}

/// The story of a letter of that campaign; `None` where it has no letter of that number.
pub fn story(conn: &mut Reader, campaign: i64, id: i64) -> Result<Option<Story>, StoreError> {
    let row: Option<Row> = messages::table
        .inner_join(signups::table.on(signups::id.eq(messages::signup_id)))
        .inner_join(offices::table.on(offices::id.nullable().eq(messages::office_id)))
        .left_join(officials::table.on(officials::id.nullable().eq(messages::official_id)))
        .filter(
            messages::id
                .eq(id)
                .and(messages::campaign_id.eq(campaign))
                .and(messages::kind.eq(literal(MessageKind::Letter.as_str()))),
        )
        .select(Row::as_select())
        .first(conn)
        .optional()?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Story {
        id,
        signup: row.signup_id,
        state: row.state,
        reason: row.reason,
        since: row.state_since,
        message_id: row.message_id,
        written: row.created_at,
        confirmed: row.confirmed,
        due: row.due_at,
        failures: row.failures,
        office_id: row.office_id,
        district: row.district,
        official: format!("{} {}", row.title.unwrap_or_default(), row.name.unwrap_or_default()).trim().to_owned(),
        mailbox: row.mailbox,
        erased: row.erased,
        attempts: events::tries(conn, id)?,
        returns: events::returned(conn, id)?,
    }))
}

/// Who wrote the letter, and its text; `None` where that was erased.
pub fn writer(conn: &mut Reader, id: i64) -> Result<Option<Writer>, StoreError> {
    Ok(messages::table
        .inner_join(signups::table.on(signups::id.eq(messages::signup_id)))
        .inner_join(supporters::table.on(supporters::id.nullable().eq(signups::supporter_id)))
        .inner_join(message_texts::table.on(message_texts::message_id.eq(messages::id)))
        .filter(messages::id.eq(id))
        .select(Writer::as_select())
        .first(conn)
        .optional()?)
}
