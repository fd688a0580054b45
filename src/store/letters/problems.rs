//! Letters that did not get through, with what was said about each: refused, returned, or held.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

use super::search::{Found, SearchRow};
use crate::domain::MessageState;
use crate::store::batch::{Batch, Statement, Value};
use crate::store::{Reader, StoreError};

/// The states that are told, worst first.
pub const STATES: [MessageState; 3] = [MessageState::Bounced, MessageState::Failed, MessageState::Held];
/// So many letters of each state are looked at, the newest: more would not be read one by one either.
pub const LOOKED_AT: usize = 1_000;

/// A letter and what was said about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub letter: Found,
    pub office: i64,
    /// The words of whoever did not take it; they name no supporter. Empty for a letter that is held.
    pub said: String,
}

struct Aside;

impl Statement for Aside {
    // A report's words say more than the server's, which took the letter before it came back.
    const SQL: &'static str = "SELECT m.id, m.signup_id, m.state, m.reason, m.created_at, m.state_since, \
         f.chamber, f.district, coalesce(trim(o.title || ' ' || o.name), ''), f.id, \
         (SELECT trim(coalesce(r.status, '') || ' ' || r.words) FROM returns AS r INDEXED BY returns_of_message \
          WHERE r.message_id = m.id AND r.kind = 'failed' ORDER BY r.id DESC LIMIT 1), \
         (SELECT trim(coalesce(a.code, '') || ' ' || a.reply) FROM attempts AS a INDEXED BY attempts_of_message \
          WHERE a.message_id = m.id ORDER BY a.id DESC LIMIT 1) \
         FROM messages AS m INDEXED BY messages_aside \
         JOIN offices AS f ON f.id = m.office_id LEFT JOIN officials AS o ON o.id = m.official_id \
         WHERE m.kind = 'letter' AND m.state <> 'queued' AND m.state <> 'sending' AND m.state <> 'sent' \
         AND m.campaign_id = ? AND m.state = ? ORDER BY m.id DESC LIMIT ? + 0";
    type Row = (SearchRow, BigInt, Nullable<Text>, Nullable<Text>);
}

/// The latest of the campaign's letters that did not get through.
pub fn of_campaign(conn: &mut Reader, campaign: i64) -> Result<Vec<Problem>, StoreError> {
    let mut problems = Vec::new();
    for state in STATES {
        let most = Value::Number(i64::try_from(LOOKED_AT).unwrap_or(i64::MAX));
        let values = [Value::Number(campaign), Value::Text(state.as_str().to_owned()), most];
        let rows: Vec<(Found, i64, Option<String>, Option<String>)> = Batch::<Aside>::new(values).load(conn)?;
        problems.extend(rows.into_iter().map(|(letter, office, came_back, replied)| {
            let said = match letter.state {
                MessageState::Held => None,
                MessageState::Bounced => came_back.or(replied),
                _ => replied,
            };
            Problem { letter, office, said: said.unwrap_or_default() }
        }));
    }
    Ok(problems)
}
