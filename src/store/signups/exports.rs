//! What exports and the API read: letters in windows of ids, and the supporters who agreed to be written to. Each read is short
//! and holds few rows, however many there are.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Nullable, Text};

use crate::domain::{DistrictName, MessageState, Timestamp};
use crate::store::batch::{Batch, Statement, Value};
use crate::store::schema::{attempts, messages, offices, officials, signups, supporters};
use crate::store::{Reader, StoreError};

/// A letter without its writer. Its fields stand in the order of the statement; what its tries came to is added to them.
#[derive(Queryable)]
pub struct LetterLine {
    /// The message's id.
    pub id: i64,
    /// Where it stands.
    pub state: MessageState,
    /// Since when it stands there.
    pub since: Timestamp,
    /// When it was written.
    pub written_at: Timestamp,
    /// When it was first queued; letters that wait for their confirmation, or are sent by web form, never were.
    pub queued_at: Option<Timestamp>,
    /// The office's id.
    pub office: i64,
    /// The id of the official that it is written to.
    pub official: i64,
    /// The writer's town; empty once the writer's data is erased.
    pub town: String,
    /// How often it was tried to hand it over.
    pub attempts: i64,
    /// The code of the server's last answer.
    pub code: Option<i32>,
    /// The server's last words, which name no supporter.
    pub words: String,
}

/// The highest id of a message: letters written later are not in a file that is begun now.
pub fn last_message(conn: &mut Reader) -> Result<i64, StoreError> {
    Ok(messages::table.select(diesel::dsl::max(messages::id)).first::<Option<i64>>(conn)?.unwrap_or(0))
}

struct Letters;

impl Statement for Letters {
    // By the numbers: what the index by campaign and office says of a window is in another order.
    const SQL: &'static str = "SELECT m.id, m.state, m.state_since, m.created_at, m.queued_at, coalesce(m.office_id, 0), \
         coalesce(m.official_id, 0), iif(s.erased_at IS NULL, m.town, ''), 0, NULL, '' \
         FROM messages AS m NOT INDEXED JOIN signups AS s ON s.id = m.signup_id \
         WHERE m.id > ? AND m.id <= ? AND m.campaign_id = ? AND m.kind = 'letter' ORDER BY m.id";
    type Row = (BigInt, Text, BigInt, BigInt, Nullable<BigInt>, BigInt, BigInt, Text, BigInt, Nullable<Integer>, Text);
}

fn letter_rows(campaign: i64, after: i64, up_to: i64) -> Batch<Letters> {
    Batch::new([after, up_to, campaign].map(Value::Number))
}

#[diesel::dsl::auto_type(no_type_alias)]
fn attempt_rows(after: i64, up_to: i64) -> _ {
    attempts::table
        .filter(attempts::message_id.gt(after).and(attempts::message_id.le(up_to)))
        .order((attempts::message_id, attempts::id))
        .select((attempts::message_id, attempts::code, attempts::reply))
}

/// The campaign's letters with ids above `after` and up to `up_to`, in the order of their ids.
pub fn letters(conn: &mut Reader, campaign: i64, after: i64, up_to: i64) -> Result<Vec<LetterLine>, StoreError> {
    let mut lines: Vec<LetterLine> = letter_rows(campaign, after, up_to).load(conn)?;
    if lines.is_empty() {
        return Ok(Vec::new());
    }
    let tries: Vec<(i64, Option<i32>, String)> = attempt_rows(after, up_to).load(conn)?;
    let mut tries = tries.into_iter().peekable();
    for line in &mut lines {
        while let Some((message, code, words)) = tries.next_if(|(message, ..)| *message <= line.id) {
            // Tries of notices stand between those of letters.
            if message != line.id {
                continue;
            }
            line.attempts += 1;
            if code.is_some() || !words.is_empty() {
                (line.code, line.words) = (code, words);
            }
        }
    }
    Ok(lines)
}

/// What letters name by id: offices, and officials of today and before.
#[derive(Default)]
pub struct Addressees {
    offices: HashMap<i64, DistrictName>,
    officials: HashMap<i64, String>,
}

impl Addressees {
    /// All that there are now.
    pub fn read(conn: &mut Reader) -> Result<Self, StoreError> {
        let districts: Vec<(i64, DistrictName)> = offices::table.select((offices::id, DistrictName::as_select())).load(conn)?;
        let people: Vec<(i64, String, String)> =
            officials::table.select((officials::id, officials::title, officials::name)).load(conn)?;
        let people = people.into_iter().map(|(id, title, name)| (id, format!("{title} {name}").trim().to_owned()));
        Ok(Self { offices: districts.into_iter().collect(), officials: people.collect() })
    }

    /// The office of that id.
    #[must_use]
    pub fn office(&self, id: i64) -> Option<&DistrictName> {
        self.offices.get(&id)
    }

    /// Title and name of the official of that id.
    #[must_use]
    pub fn official(&self, id: i64) -> Option<&str> {
        self.officials.get(&id).map(String::as_str)
    }
}

/// Somebody who confirmed, and agreed that the campaign writes to them.
#[derive(Queryable, Selectable)]
#[diesel(table_name = signups)]
pub struct Contact {
    #[diesel(column_name = id)]
    pub signup: i64,
    pub name: String,
    #[diesel(select_expression = supporters::email)]
    pub email: String,
    pub town: String,
    pub zip: String,
    #[diesel(select_expression = signups::confirmed_at.assume_not_null())]
    pub confirmed_at: Timestamp,
}

#[diesel::dsl::auto_type(no_type_alias)]
fn contact_rows(campaign: i64, after: i64, most: i64) -> _ {
    signups::table
        .inner_join(supporters::table.on(supporters::id.nullable().eq(signups::supporter_id)))
        .filter(signups::campaign_id.eq(campaign).and(signups::id.gt(after)))
        .filter(signups::may_contact.and(signups::confirmed_at.is_not_null()))
        .order(signups::id)
        .limit(most)
}

/// The next of those who agreed to be written to, after the sign-up `after`, `most` at most.
pub fn contacts(conn: &mut Reader, campaign: i64, after: i64, most: i64) -> Result<Vec<Contact>, StoreError> {
    Ok(contact_rows(campaign, after, most).select(Contact::as_select()).load(conn)?)
}

/// How many agreed to be written to.
pub fn contacts_count(conn: &mut Reader, campaign: i64) -> Result<i64, StoreError> {
    let agreed = signups::may_contact.and(signups::confirmed_at.is_not_null());
    Ok(signups::table.filter(signups::campaign_id.eq(campaign)).filter(agreed).count().get_result(conn)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::plan;

    #[test]
    fn windows_are_read_by_their_ids_alone() {
        let letters = plan::of(&letter_rows(1, 0, 5000));
        assert!(letters.contains("SEARCH m USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"), "{letters}");
        let tries = plan::of(&attempt_rows(0, 5000));
        assert!(tries.contains("USING INDEX attempts_of_message (message_id>? AND message_id<?)"), "{tries}");
        let contacts = plan::of(&contact_rows(1, 0, 5000));
        assert!(contacts.contains("SEARCH signups USING INDEX signups_to_contact (campaign_id=? AND id>?)"), "{contacts}");
        for plan in [letters, tries, contacts] {
            assert!(!plan.contains("TEMP B-TREE"), "{plan}");
        }
    }
}
