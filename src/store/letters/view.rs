//! Letters as their writer's private page shows them.

use diesel::prelude::*;

use super::messages::MessageText;
use crate::domain::{Chamber, DistrictName, MessageKind, MessageState, Timestamp};
use crate::store::literal::literal;
use crate::store::schema::{attempts, message_texts, messages, offices, officials};
use crate::store::sending::attempts::UNANSWERED;
use crate::store::{Reader, StoreError};

/// A letter as its writer's private page shows it.
pub struct LetterView {
    /// The message's id.
    pub id: i64,
    /// Where it stands, and since when.
    pub state: MessageState,
    /// Since when it stands there.
    pub since: Timestamp,
    /// Why it is held.
    pub reason: Option<String>,
    /// The office.
    pub district: DistrictName,
    /// Who it is written to.
    pub official: String,
    /// Their title.
    pub title: String,
    /// Their mailbox; `None` when the office takes web-form mail only.
    pub email: Option<String>,
    /// Their web form.
    pub webform: Option<String>,
    /// Their telephone; empty where it is not known.
    pub phone: String,
    /// Their postal address; empty where it is not known.
    pub address: String,
    /// One of its attempts got no answer after the whole letter was out: whatever its state says, it may have arrived.
    pub may_have_arrived: bool,
    /// What it says; empty once it is erased.
    pub text: MessageText,
}

impl LetterView {
    /// Title and name of who it is written to: `Senator Wren Harborlight`.
    #[must_use]
    pub fn addressee(&self) -> String {
        format!("{} {}", self.title, self.official)
    }
}

/// The letters of a sign-up, as they were written. Letters that a newer sign-up replaced are left out.
pub fn of_signup(conn: &mut Reader, signup: i64) -> Result<Vec<LetterView>, StoreError> {
    type Row = (
        (i64, String, i64, Option<String>),
        (String, String),
        (String, String, Option<String>, Option<String>, String, String),
        (String, String, String),
        bool,
    );
    // A try that the process did not survive has no answer either.
    let in_doubt = attempts::table
        .filter(
            attempts::message_id
                .eq(messages::id)
                .and(attempts::step.eq(literal(UNANSWERED)).or(attempts::outcome.eq(literal("interrupted")))),
        )
        .select(attempts::id);
    let rows: Vec<Row> = messages::table
        .inner_join(message_texts::table.on(message_texts::message_id.eq(messages::id)))
        .inner_join(offices::table.on(offices::id.nullable().eq(messages::office_id)))
        .inner_join(officials::table.on(officials::id.nullable().eq(messages::official_id)))
        .filter(messages::signup_id.eq(signup).and(messages::kind.eq(literal(MessageKind::Letter.as_str()))))
        .order(messages::id)
        .select((
            (messages::id, messages::state, messages::state_since, messages::reason),
            (offices::chamber, offices::district),
            (officials::name, officials::title, officials::email, officials::webform, officials::phone, officials::address),
            (message_texts::from_name, message_texts::subject, message_texts::body_text),
            diesel::dsl::exists(in_doubt),
        ))
        .load(conn)?;
    rows.into_iter()
        .map(
            |(
                (id, state, since, reason),
                (chamber, district),
                (official, title, email, webform, phone, address),
                (from_name, subject, text),
                may_have_arrived,
            )| {
                Ok(LetterView {
                    id,
                    state: MessageState::parse(&state).map_err(StoreError::unknown_value)?,
                    since: Timestamp::from_millis(since),
                    reason,
                    district: DistrictName::new(Chamber::parse(&chamber).map_err(StoreError::unknown_value)?, &district),
                    official,
                    title,
                    email,
                    webform,
                    phone,
                    address,
                    may_have_arrived,
                    text: MessageText { from_name, subject, text, html: None },
                })
            },
        )
        .collect()
}
