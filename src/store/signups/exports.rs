//! What exports and the API read: letters in windows of ids, and the supporters who agreed to be written to. Each read is short
//! and holds few rows, however many there are.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

use crate::domain::{Chamber, DistrictName, MessageState, Timestamp};
use crate::store::batch::{Batch, Statement, Value};
use crate::store::schema::{attempts, messages, offices, officials, signups, supporters};
use crate::store::{Reader, StoreError};

/// A letter without its writer.
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

type LetterRow = (i64, String, i64, i64, Option<i64>, Option<i64>, Option<i64>, String, Option<i64>);

struct Letters;

impl Statement for Letters {
    // By the numbers: what the index by campaign and office says of a window is in another order.
    const SQL: &'static str = "SELECT m.id, m.state, m.state_since, m.created_at, m.queued_at, m.office_id, m.official_id, m.town, s.erased_at \
         FROM messages AS m NOT INDEXED JOIN signups AS s ON s.id = m.signup_id \
         WHERE m.id > ? AND m.id <= ? AND m.campaign_id = ? AND m.kind = 'letter' ORDER BY m.id";
    type Row = (BigInt, Text, BigInt, BigInt, Nullable<BigInt>, Nullable<BigInt>, Nullable<BigInt>, Text, Nullable<BigInt>);
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
    let rows: Vec<LetterRow> = letter_rows(campaign, after, up_to).load(conn)?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let mut lines = rows.into_iter().map(line).collect::<Result<Vec<_>, StoreError>>()?;
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

fn line((id, state, since, written, queued, office, official, town, erased): LetterRow) -> Result<LetterLine, StoreError> {
    Ok(LetterLine {
        id,
        state: MessageState::parse(&state).map_err(StoreError::unknown_value)?,
        since: Timestamp::from_millis(since),
        written_at: Timestamp::from_millis(written),
        queued_at: queued.map(Timestamp::from_millis),
        office: office.unwrap_or_default(),
        official: official.unwrap_or_default(),
        town: if erased.is_none() { town } else { String::new() },
        attempts: 0,
        code: None,
        words: String::new(),
    })
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
        let rows: Vec<(i64, String, String)> =
            offices::table.select((offices::id, offices::chamber, offices::district)).load(conn)?;
        let office = |(id, chamber, district): (i64, String, String)| {
            Ok((id, DistrictName::new(Chamber::parse(&chamber).map_err(StoreError::unknown_value)?, &district)))
        };
        let rows = rows.into_iter().map(office).collect::<Result<_, StoreError>>()?;
        let people: Vec<(i64, String, String)> =
            officials::table.select((officials::id, officials::title, officials::name)).load(conn)?;
        let people = people.into_iter().map(|(id, title, name)| (id, format!("{title} {name}").trim().to_owned()));
        Ok(Self { offices: rows, officials: people.collect() })
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
pub struct Contact {
    /// The sign-up's id.
    pub signup: i64,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Their town.
    pub town: String,
    /// Their ZIP code.
    pub zip: String,
    /// When they confirmed.
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
        .select((signups::id, signups::name, supporters::email, signups::town, signups::zip, signups::confirmed_at))
}

/// The next of those who agreed to be written to, after the sign-up `after`, `most` at most.
pub fn contacts(conn: &mut Reader, campaign: i64, after: i64, most: i64) -> Result<Vec<Contact>, StoreError> {
    type Row = (i64, String, String, String, String, Option<i64>);
    let rows: Vec<Row> = contact_rows(campaign, after, most).load(conn)?;
    let contact = |(signup, name, email, town, zip, confirmed_at): Row| Contact {
        signup,
        name,
        email,
        town,
        zip,
        confirmed_at: Timestamp::from_millis(confirmed_at.unwrap_or_default()),
    };
    Ok(rows.into_iter().map(contact).collect())
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
