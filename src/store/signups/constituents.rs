//! Who of an office's constituents wrote: how many, from where, when, and what those of them said who may be quoted. Who erased
//! their data is in none of it.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::domain::{MessageKind, MessageState, Timestamp};
use crate::store::batch::{Batch, Statement, Value};
use crate::store::literal::literal;
use crate::store::schema::{messages, signups};
use crate::store::{Reader, StoreError};

/// The most quotations to choose from.
const MOST: i64 = 60;

/// Constituents of one town who confirmed in the same hour; the fields stand in the order of the statement.
#[derive(Queryable)]
pub struct Wrote {
    /// The town.
    pub town: String,
    /// When that hour began.
    pub at: Timestamp,
    /// How many people.
    pub people: i64,
    /// Of how many of them the office's mail server accepted the letter.
    pub accepted: i64,
    /// How many of them sent it by web form, as they say.
    pub reported: i64,
}

struct ByTownAndHour;

impl Statement for ByTownAndHour {
    const SQL: &'static str = "SELECT m.town, s.confirmed_at / 3600000 * 3600000, count(DISTINCT m.signup_id), \
         count(DISTINCT CASE WHEN m.state = 'sent' THEN m.signup_id END), \
         count(DISTINCT CASE WHEN m.state = 'self_reported' THEN m.signup_id END) \
         FROM messages AS m JOIN signups AS s ON s.id = m.signup_id \
         WHERE m.office_id = ? AND m.campaign_id = ? AND m.kind = 'letter' AND s.confirmed_at IS NOT NULL AND s.erased_at IS NULL \
         GROUP BY 1, 2 ORDER BY 1, 2";
    type Row = (Text, BigInt, BigInt, BigInt, BigInt);
}

/// Who wrote to the office on that campaign and confirmed.
pub fn wrote(conn: &mut Reader, campaign: i64, office: i64) -> Result<Vec<Wrote>, StoreError> {
    Ok(Batch::<ByTownAndHour>::new([office, campaign].map(Value::Number)).load(conn)?)
}

/// Words of a constituent who agreed to be quoted, and whose letter the office has.
#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = signups)]
pub struct Quotation {
    #[diesel(column_name = id)]
    pub signup: i64,
    /// The whole name, of which only the first may be shown.
    pub name: String,
    pub town: String,
    #[diesel(column_name = own_words)]
    pub words: String,
}

#[diesel::dsl::auto_type(no_type_alias)]
fn may_be_quoted(campaign: i64) -> _ {
    signups::table
        .filter(signups::campaign_id.eq(campaign).and(signups::may_quote).and(signups::confirmed_at.is_not_null()))
        .filter(signups::own_words.ne(""))
        .order(signups::id.desc())
}

/// The newest words of those who may be quoted to that office; with `only`, those of these sign-ups.
pub fn quotations(conn: &mut Reader, campaign: i64, office: i64, only: Option<&[i64]>) -> Result<Vec<Quotation>, StoreError> {
    let in_state = |state: MessageState| messages::state.eq(literal(state.as_str()));
    let arrived = in_state(MessageState::Sent).or(in_state(MessageState::SelfReported));
    let letter = messages::table
        .filter(messages::signup_id.eq(signups::id).and(messages::kind.eq(literal(MessageKind::Letter.as_str()))))
        .filter(messages::office_id.eq(office).and(arrived))
        .select(messages::id);
    let mut query = may_be_quoted(campaign).filter(diesel::dsl::exists(letter)).limit(MOST).into_boxed();
    if let Some(only) = only {
        query = query.filter(signups::id.eq_any(only.to_vec()));
    }
    Ok(query.select(Quotation::as_select()).load(conn)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::plan;

    #[test]
    fn an_office_is_read_by_its_own_letters() {
        let plan = plan::of(&Batch::<ByTownAndHour>::new([1, 1].map(Value::Number)));
        assert!(plan.contains("USING INDEX messages_to_office (campaign_id=? AND office_id=?)"), "{plan}");
        let plan = plan::of(&may_be_quoted(1));
        assert!(plan.contains("USING INDEX signups_to_quote (campaign_id=?)") && !plan.contains("TEMP B-TREE"), "{plan}");
    }
}
