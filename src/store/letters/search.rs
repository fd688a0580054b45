//! Finding letters among millions: newest first, by office, state and day; or those of a supporter.
//!
//! Every page costs the same: it is found by an index, or by a look at so many letters and no more. Pages continue
//! after a letter's number, so none is missed or shown twice while others come in.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

use crate::domain::{DistrictName, MessageState, Timestamp};
use crate::store::batch::{Batch, Statement, Value};
use crate::store::schema::messages;
use crate::store::{Reader, StoreError};

/// Letters on a page.
pub const PAGE: usize = 50;
/// So many messages are looked at for a page, where no index holds exactly what is asked for.
const LOOKED_AT: i64 = 20_000;
/// A clock that was set back makes numbers and times disagree by so many letters at most.
const CLOCK_JITTER: i64 = 1_000;

/// What letters are looked for; nothing given: all of the campaign.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// To this office.
    pub office: Option<i64>,
    /// In this state.
    pub state: Option<MessageState>,
    /// Written from then on.
    pub from: Option<Timestamp>,
    /// Written before then.
    pub until: Option<Timestamp>,
}

/// A letter in a list, without anything about its writer.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Found {
    /// Its number.
    pub id: i64,
    /// The number of the sign-up that brought it.
    pub signup: i64,
    /// Where it stands.
    pub state: MessageState,
    /// Why it is held.
    pub reason: Option<String>,
    /// When it was written.
    pub written: Timestamp,
    /// Since when it stands there.
    pub since: Timestamp,
    /// The office.
    pub district: DistrictName,
    /// Who it is written to.
    pub official: String,
}

/// A page of what was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// The letters.
    pub letters: Vec<Found>,
    /// Where the next page begins; `None`: there is no more.
    pub next: Option<i64>,
    /// The page is not full although there may be more: so many letters were looked at, and no more at a time.
    pub looked_enough: bool,
}

struct Search;

impl Statement for Search {
    // A value that is not asked for is -1, or empty. By the numbers, and by no index.
    const SQL: &'static str = "SELECT m.id, m.signup_id, m.state, m.reason, m.created_at, m.state_since, \
         f.chamber, f.district, coalesce(trim(o.title || ' ' || o.name), '') \
         FROM messages AS m NOT INDEXED \
         JOIN offices AS f ON f.id = m.office_id LEFT JOIN officials AS o ON o.id = m.official_id \
         WHERE m.kind = 'letter' AND m.campaign_id = ? AND m.id < ? AND m.id >= ? AND m.created_at >= ? AND m.created_at < ? \
         AND (? = '' OR m.state = ?) ORDER BY m.id DESC LIMIT ? + 0";
    type Row = SearchRow;
}

struct SearchOffice;

impl Statement for SearchOffice {
    const SQL: &'static str = "SELECT m.id, m.signup_id, m.state, m.reason, m.created_at, m.state_since, \
         f.chamber, f.district, coalesce(trim(o.title || ' ' || o.name), '') \
         FROM messages AS m INDEXED BY messages_to_office \
         JOIN offices AS f ON f.id = m.office_id LEFT JOIN officials AS o ON o.id = m.official_id \
         WHERE m.kind = 'letter' AND m.campaign_id = ? AND m.office_id = ? AND m.id < ? AND m.id >= ? \
         AND m.created_at >= ? AND m.created_at < ? AND (? = '' OR m.state = ?) ORDER BY m.id DESC LIMIT ? + 0";
    type Row = SearchRow;
}

struct SearchAside;

impl Statement for SearchAside {
    const SQL: &'static str = "SELECT m.id, m.signup_id, m.state, m.reason, m.created_at, m.state_since, \
         f.chamber, f.district, coalesce(trim(o.title || ' ' || o.name), '') \
         FROM messages AS m INDEXED BY messages_aside \
         JOIN offices AS f ON f.id = m.office_id LEFT JOIN officials AS o ON o.id = m.official_id \
         WHERE m.kind = 'letter' AND m.state <> 'queued' AND m.state <> 'sending' AND m.state <> 'sent' \
         AND m.campaign_id = ? AND m.state = ? AND m.id < ? AND m.id >= ? \
         AND m.created_at >= ? AND m.created_at < ? AND (? = -1 OR m.office_id = ?) ORDER BY m.id DESC LIMIT ? + 0";
    type Row = SearchRow;
}

pub(in crate::store) type SearchRow = (BigInt, BigInt, Text, Nullable<Text>, BigInt, BigInt, (Text, Text), Text);
/// The letters of a campaign that are wanted, newest first, those before number `before`.
pub fn search(conn: &mut Reader, campaign: i64, wanted: Wanted, before: Option<i64>) -> Result<Page, StoreError> {
    let (first, last) = numbers_between(conn, wanted.from, wanted.until)?;
    let before = before.unwrap_or(i64::MAX).min(last.saturating_add(1));
    let aside = wanted.state.filter(|state| !matches!(state, MessageState::Queued | MessageState::Sending | MessageState::Sent));
    // With an index for all that is wanted, a page is found wherever it is.
    let exact = match (aside, wanted.office) {
        (Some(_), None) => true,
        (None, Some(_)) => wanted.state.is_none(),
        _ => false,
    };
    let floor = if exact { first } else { floor(conn, campaign, wanted, aside, before)?.max(first) };
    let number = |n: i64| Value::Number(n);
    let from = number(wanted.from.map_or(i64::MIN, Timestamp::millis));
    let until = number(wanted.until.map_or(i64::MAX, Timestamp::millis));
    let state = || Value::Text(wanted.state.map_or("", MessageState::as_str).to_owned());
    let most = number(i64::try_from(PAGE + 1).unwrap_or(i64::MAX));
    let (low, high) = (number(floor), number(before));
    let mut letters: Vec<Found> = match (aside, wanted.office) {
        (Some(_), office) => {
            let office = number(office.unwrap_or(-1));
            Batch::<SearchAside>::new([number(campaign), state(), high, low, from, until, office.clone(), office, most])
                .load(conn)?
        }
        (None, Some(office)) => {
            Batch::<SearchOffice>::new([number(campaign), number(office), high, low, from, until, state(), state(), most])
                .load(conn)?
        }
        (None, None) => Batch::<Search>::new([number(campaign), high, low, from, until, state(), state(), most]).load(conn)?,
    };
    let more = letters.len() > PAGE;
    letters.truncate(PAGE);
    let looked_enough = !more && floor > first;
    let next = if more { letters.last().map(|letter| letter.id) } else { looked_enough.then_some(floor) };
    Ok(Page { letters, next, looked_enough })
}

struct OfficeFloor;

impl Statement for OfficeFloor {
    const SQL: &'static str = "SELECT id FROM messages INDEXED BY messages_to_office \
         WHERE kind = 'letter' AND campaign_id = ? AND office_id = ? AND id < ? ORDER BY id DESC LIMIT 1 OFFSET ? + 0";
    type Row = BigInt;
}

struct AsideFloor;

impl Statement for AsideFloor {
    const SQL: &'static str = "SELECT id FROM messages INDEXED BY messages_aside \
         WHERE kind = 'letter' AND state <> 'queued' AND state <> 'sending' AND state <> 'sent' \
         AND campaign_id = ? AND state = ? AND id < ? ORDER BY id DESC LIMIT 1 OFFSET ? + 0";
    type Row = BigInt;
}

/// How far back a page is looked for: so many letters of the index that is used, or so many numbers.
fn floor(conn: &mut Reader, campaign: i64, wanted: Wanted, aside: Option<MessageState>, before: i64) -> Result<i64, StoreError> {
    let (campaign, high, most) = (Value::Number(campaign), Value::Number(before), Value::Number(LOOKED_AT / 4));
    let at: Vec<i64> = match (aside, wanted.office) {
        (Some(state), _) => {
            Batch::<AsideFloor>::new([campaign, Value::Text(state.as_str().to_owned()), high, most]).load(conn)?
        }
        (None, Some(office)) => Batch::<OfficeFloor>::new([campaign, Value::Number(office), high, most]).load(conn)?,
        (None, None) => {
            let newest: Option<i64> = messages::table.select(diesel::dsl::max(messages::id)).first(conn)?;
            return Ok(before.min(newest.unwrap_or(0).saturating_add(1)).saturating_sub(LOOKED_AT).max(0));
        }
    };
    Ok(at.first().copied().unwrap_or(0))
}

/// The numbers between which messages of that time lie: they grow with time, so they are found by halving.
fn numbers_between(conn: &mut Reader, from: Option<Timestamp>, until: Option<Timestamp>) -> Result<(i64, i64), StoreError> {
    let first = match from {
        Some(from) => first_since(conn, from)?.saturating_sub(CLOCK_JITTER).max(0),
        None => 0,
    };
    let last = match until {
        Some(until) => first_since(conn, until)?.saturating_add(CLOCK_JITTER),
        None => i64::MAX - 1,
    };
    Ok((first, last))
}

struct FromNumber;

impl Statement for FromNumber {
    const SQL: &'static str = "SELECT id, created_at FROM messages WHERE id >= ? ORDER BY id LIMIT 1";
    type Row = (BigInt, BigInt);
}

/// The number of the first message that was written at that time or later; beyond the last where there is none.
fn first_since(conn: &mut Reader, at: Timestamp) -> Result<i64, StoreError> {
    let newest: Option<i64> = messages::table.select(diesel::dsl::max(messages::id)).first(conn)?;
    let (mut low, mut high) = (0, newest.unwrap_or(0) + 1);
    while low < high {
        let middle = i64::midpoint(low, high);
        let row: Vec<(i64, Timestamp)> = Batch::<FromNumber>::new([Value::Number(middle)]).load(conn)?;
        match row.first() {
            Some((id, written)) if *written < at => low = id + 1,
            _ => high = middle,
        }
    }
    Ok(low)
}
