//! One letter's whole story: what happened to it, and, apart from that, who wrote it and what it says.

use diesel::prelude::*;

use super::events::{self as letter_events, Returned, Try};
use super::messages::MessageText;
use crate::domain::{Chamber, DistrictName, MessageKind, MessageState, Timestamp};
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

/// Who wrote a letter, and what it says. Without `Debug`: it must not reach a log.
pub struct Writer {
    /// Name.
    pub name: String,
    /// E-mail address.
    pub email: String,
    /// Street.
    pub street: String,
    /// City or town as typed, and ZIP.
    pub place: String,
    /// The text.
    pub text: MessageText,
}

/// The story of a letter of that campaign; `None` where it has no letter of that number.
pub fn story(conn: &mut Reader, campaign: i64, id: i64) -> Result<Option<Story>, StoreError> {
    type Row = (
        (i64, String, Option<String>, i64, String, i64, i64, i32),
        (Option<i64>, Option<i64>),
        (i64, String, String),
        (Option<String>, Option<String>, Option<String>),
    );
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
        .select((
            (
                messages::signup_id,
                messages::state,
                messages::reason,
                messages::state_since,
                messages::message_id,
                messages::created_at,
                messages::due_at,
                messages::failures,
            ),
            (signups::confirmed_at, signups::supporter_id),
            (offices::id, offices::chamber, offices::district),
            (officials::title.nullable(), officials::name.nullable(), officials::email.nullable()),
        ))
        .first(conn)
        .optional()?;
    let Some((message, (confirmed, supporter), (office_id, chamber, district), (title, name, mailbox))) = row else {
        return Ok(None);
    };
    let (signup, state, reason, since, message_id, written, due, failures) = message;
    Ok(Some(Story {
        id,
        signup,
        state: MessageState::parse(&state).map_err(StoreError::unknown_value)?,
        reason,
        since: Timestamp::from_millis(since),
        message_id,
        written: Timestamp::from_millis(written),
        confirmed: confirmed.map(Timestamp::from_millis),
        due: Timestamp::from_millis(due),
        failures,
        office_id,
        district: DistrictName::new(Chamber::parse(&chamber).map_err(StoreError::unknown_value)?, &district),
        official: format!("{} {}", title.unwrap_or_default(), name.unwrap_or_default()).trim().to_owned(),
        mailbox,
        erased: supporter.is_none(),
        attempts: letter_events::tries(conn, id)?,
        returns: letter_events::returned(conn, id)?,
    }))
}

/// Who wrote the letter, and its text; `None` where that was erased.
pub fn writer(conn: &mut Reader, id: i64) -> Result<Option<Writer>, StoreError> {
    type Row = ((String, String, String, String), String, (String, String, String));
    let row: Option<Row> = messages::table
        .inner_join(signups::table.on(signups::id.eq(messages::signup_id)))
        .inner_join(supporters::table.on(supporters::id.nullable().eq(signups::supporter_id)))
        .inner_join(message_texts::table.on(message_texts::message_id.eq(messages::id)))
        .filter(messages::id.eq(id))
        .select((
            (signups::name, signups::street, signups::city, signups::zip),
            supporters::email,
            (message_texts::from_name, message_texts::subject, message_texts::body_text),
        ))
        .first(conn)
        .optional()?;
    Ok(row.map(|((name, street, city, zip), email, (from_name, subject, text))| Writer {
        name,
        email,
        street,
        place: format!("{city} {zip}"),
        text: MessageText { from_name, subject, text, html: None },
    }))
}
