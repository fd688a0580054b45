//! Letters as their writer's private page shows them.

use diesel::prelude::*;

use super::messages::MessageText;
use crate::domain::{DistrictName, MessageKind, MessageState, Timestamp};
use crate::store::literal::{Literal, literal};
use crate::store::schema::{attempts, message_texts, messages, offices, officials};
use crate::store::sending::attempts::UNANSWERED;
use crate::store::{Reader, StoreError};

/// A letter as its writer's private page shows it.
#[derive(Queryable, Selectable)]
#[diesel(table_name = messages)]
pub struct LetterView {
    pub id: i64,
    pub state: MessageState,
    /// Since when it stands there.
    #[diesel(column_name = state_since)]
    pub since: Timestamp,
    /// Why it is held.
    pub reason: Option<String>,
    #[diesel(embed)]
    pub district: DistrictName,
    /// Who it is written to.
    #[diesel(select_expression = officials::name)]
    pub official: String,
    #[diesel(select_expression = officials::title)]
    pub title: String,
    /// Their mailbox; `None` when the office takes web-form mail only.
    #[diesel(select_expression = officials::email)]
    pub email: Option<String>,
    #[diesel(select_expression = officials::webform)]
    pub webform: Option<String>,
    /// Empty where it is not known.
    #[diesel(select_expression = officials::phone)]
    pub phone: String,
    /// Their postal address; empty where it is not known.
    #[diesel(select_expression = officials::address)]
    pub address: String,
    /// One of its attempts got no answer after the whole letter was out: whatever its state says, it may have arrived.
    #[diesel(select_expression = may_have_arrived())]
    pub may_have_arrived: bool,
    /// What it says; empty once it is erased.
    #[diesel(embed)]
    pub text: MessageText,
}

/// A try that the process did not survive has no answer either.
#[diesel::dsl::auto_type]
fn may_have_arrived() -> _ {
    let (unanswered, interrupted): (Literal, Literal) = (literal(UNANSWERED), literal("interrupted"));
    let in_doubt = attempts::step.eq(unanswered).or(attempts::outcome.eq(interrupted));
    diesel::dsl::exists(attempts::table.filter(attempts::message_id.eq(messages::id).and(in_doubt)).select(attempts::id))
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
    Ok(messages::table
        .inner_join(message_texts::table.on(message_texts::message_id.eq(messages::id)))
        .inner_join(offices::table.on(offices::id.nullable().eq(messages::office_id)))
        .inner_join(officials::table.on(officials::id.nullable().eq(messages::official_id)))
        .filter(messages::signup_id.eq(signup).and(messages::kind.eq(literal(MessageKind::Letter.as_str()))))
        .order(messages::id)
        .select(LetterView::as_select())
        .load(conn)?)
}
