//! Finding letters by who wrote them. What is found names people: only `staff_actions` asks, which notes who looked.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::domain::{EmailAddress, MessageState, Timestamp};
use crate::store::batch::{Batch, Statement, Value};
use crate::store::letters::search::{Found, PAGE, SearchRow, Wanted};
use crate::store::schema::{signups, supporters};
use crate::store::{Reader, StoreError};

/// A letter of a supporter, with their name.
#[derive(Clone, PartialEq, Eq)]
pub struct FoundOf {
    /// The supporter's name.
    pub name: String,
    /// The letter.
    pub letter: Found,
}

/// Who is looked for.
#[derive(Clone)]
pub enum Who {
    /// The supporter of this address.
    Email(EmailAddress),
    /// Supporters whose names begin so, whatever the case of plain letters.
    NameBegins(String),
}

struct OfSignup;

impl Statement for OfSignup {
    const SQL: &'static str = "SELECT m.id, m.signup_id, m.state, m.reason, m.created_at, m.state_since, \
         f.chamber, f.district, coalesce(trim(o.title || ' ' || o.name), '') \
         FROM json_each(?) AS j JOIN messages AS m ON m.signup_id = j.value \
         JOIN offices AS f ON f.id = m.office_id LEFT JOIN officials AS o ON o.id = m.official_id \
         WHERE m.kind = 'letter' AND (? = -1 OR m.office_id = ?) AND (? = '' OR m.state = ?) \
         AND m.created_at >= ? AND m.created_at < ? ORDER BY j.key, m.id";
    type Row = SearchRow;
}

struct NamesFrom;

impl Statement for NamesFrom {
    // A cursor names a sign-up, whose name is looked up here: no name stands in an address.
    const SQL: &'static str = "SELECT id, name FROM signups INDEXED BY signups_by_name \
         WHERE campaign_id = ? AND name COLLATE NOCASE >= ? AND name COLLATE NOCASE < ? \
         AND (name COLLATE NOCASE, id) > (SELECT a.name, a.id FROM (SELECT ? AS name, ? AS id) AS a) \
         ORDER BY name COLLATE NOCASE, id LIMIT ? + 0";
    type Row = (BigInt, Text);
}

/// The letters of who is looked for, by name and number, after the sign-up `after`; gives them and where the next page begins.
pub fn of_supporter(
    conn: &mut Reader,
    campaign: i64,
    who: &Who,
    wanted: Wanted,
    after: Option<i64>,
) -> Result<(Vec<FoundOf>, Option<i64>), StoreError> {
    let mut people: Vec<(i64, String)> = match who {
        Who::Email(email) => signups::table
            .inner_join(supporters::table.on(supporters::id.nullable().eq(signups::supporter_id)))
            .filter(supporters::email_key.eq(email.key()).and(signups::campaign_id.eq(campaign)))
            .select((signups::id, signups::name))
            .load(conn)?,
        Who::NameBegins(name) => {
            let cursor: Option<(String, i64)> = match after {
                Some(id) => signups::table
                    .filter(signups::id.eq(id).and(signups::campaign_id.eq(campaign)))
                    .select((signups::name, signups::id))
                    .first(conn)
                    .optional()?,
                None => None,
            };
            let (after_name, after_id) = cursor.unwrap_or_default();
            let most = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
            let text = |text: &str| Value::Text(text.to_owned());
            Batch::<NamesFrom>::new([
                Value::Number(campaign),
                text(name),
                text(&format!("{name}\u{10FFFF}")),
                text(&after_name),
                Value::Number(after_id),
                Value::Number(most),
            ])
            .load(conn)?
        }
    };
    let more = people.len() > PAGE;
    people.truncate(PAGE);
    let next = if more { people.last().map(|(id, _)| *id) } else { None };
    let ids: Vec<i64> = people.iter().map(|(id, _)| *id).collect();
    let office = Value::Number(wanted.office.unwrap_or(-1));
    let state = Value::Text(wanted.state.map_or("", MessageState::as_str).to_owned());
    let letters: Vec<Found> = Batch::<OfSignup>::new([
        Value::rows(&ids)?,
        office.clone(),
        office,
        state.clone(),
        state,
        Value::Number(wanted.from.map_or(i64::MIN, Timestamp::millis)),
        Value::Number(wanted.until.map_or(i64::MAX, Timestamp::millis)),
    ])
    .load(conn)?;
    let names: HashMap<i64, String> = people.into_iter().collect();
    let with_name = |letter: Found| FoundOf { name: names.get(&letter.signup).cloned().unwrap_or_default(), letter };
    Ok((letters.into_iter().map(with_name).collect(), next))
}
