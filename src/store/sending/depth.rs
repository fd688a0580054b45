//! How much waits, by class and by office: from the kept counts and one look into an index for each destination, so the cost does not
//! grow with what waits.

use std::collections::{BTreeMap, HashMap};

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::claim::waiting;
use super::queue;
use crate::domain::{Dimension, DistrictName, MessageState, Metric, Timestamp};
use crate::store::batch::{Batch, Statement, Value};
use crate::store::counts::{in_hand, kept_as};
use crate::store::letters::messages::SUPPORTERS;
use crate::store::literal::literal;
use crate::store::schema::{campaigns, counts, destinations, messages, offices};
use crate::store::{Reader, StoreError};

/// Waiting messages of a class of destinations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// How many.
    pub messages: i64,
    /// When the first one was, or will be, due.
    pub first_due: Option<Timestamp>,
}

/// What waits for one office.
#[derive(Clone, Debug)]
pub struct OfficeQueue {
    /// Its destination.
    pub destination: i64,
    /// The office's id.
    pub office: i64,
    /// The office.
    pub district: DistrictName,
    /// Letters that wait, and since when.
    pub waiting: Waiting,
    /// Of each campaign, how many of them.
    pub by_campaign: Vec<(i64, i64)>,
    /// Letters in hand now.
    pub sending: i64,
    /// Attempts that were accepted in the last hour.
    pub sent_in_hour: i64,
}

/// Supporters' mailboxes together, and all offices together.
pub fn by_class(conn: &mut Reader) -> Result<(Waiting, Waiting), StoreError> {
    let heads = queue::heads(conn)?;
    let notices: i64 = messages::table
        .filter(messages::state.eq(literal(MessageState::Queued.as_str())).and(messages::destination_id.eq(SUPPORTERS)))
        .count()
        .get_result(conn)?;
    let letters =
        totals(conn)?.into_iter().find(|(metric, _)| *metric == Metric::Letters(MessageState::Queued)).map_or(0, |(_, n)| n);
    let first = |supporters: bool| {
        let of_class = heads.iter().filter(|(id, ..)| (*id == SUPPORTERS) == supporters);
        of_class.map(|(.., due)| *due).min()
    };
    Ok((Waiting { messages: notices, first_due: first(true) }, Waiting { messages: letters, first_due: first(false) }))
}

/// Every number of the ladder, over all campaigns.
pub fn totals(conn: &mut Reader) -> Result<Vec<(Metric, i64)>, StoreError> {
    // Campaign by campaign: the key begins with it, and most of the table is days and towns.
    let of_all = counts::campaign_id
        .eq_any(campaigns::table.select(campaigns::id))
        .and(counts::dimension.eq(literal(Dimension::All.as_str())));
    let rows: Vec<(Metric, i64)> = counts::table.filter(of_all).select((counts::metric, counts::n)).load(conn)?;
    let mut sums: HashMap<Metric, i64> = HashMap::new();
    for (metric, n) in rows {
        *sums.entry(metric).or_default() += n;
    }
    for _ in in_hand(conn)? {
        *sums.entry(kept_as(MessageState::Sending)).or_default() -= 1;
        *sums.entry(Metric::Letters(MessageState::Sending)).or_default() += 1;
    }
    Ok(sums.into_iter().collect())
}

struct SentSince;

impl Statement for SentSince {
    // The plus keeps SQLite from the index by destination, which holds every attempt there was.
    const SQL: &'static str =
        "SELECT destination_id, count(*) FROM attempts WHERE started_at > ? AND outcome = 'sent' GROUP BY +destination_id";
    type Row = (BigInt, BigInt);
}

struct ByOffice;

impl Statement for ByOffice {
    const SQL: &'static str = "SELECT campaign_id, key, n FROM counts WHERE campaign_id IN (SELECT id FROM campaigns) AND dimension = 'office' \
         AND metric = 'queued' AND n > 0";
    type Row = (BigInt, Text, BigInt);
}

/// Every office that something waits for, is in hand for, or went to since `since`; the longest queue first.
pub fn by_office(conn: &mut Reader, since: Timestamp) -> Result<Vec<OfficeQueue>, StoreError> {
    let mut heads: HashMap<i64, Timestamp> = HashMap::new();
    for (destination, _, due) in queue::heads(conn)? {
        heads.entry(destination).and_modify(|first| *first = due.min(*first)).or_insert(due);
    }
    let sent: HashMap<i64, i64> =
        Batch::<SentSince>::new([Value::Number(since.millis())]).load::<(i64, i64)>(conn)?.into_iter().collect();
    let mut queued: HashMap<String, BTreeMap<i64, i64>> = HashMap::new();
    for (campaign, office, n) in Batch::<ByOffice>::new([]).load::<(i64, String, i64)>(conn)? {
        queued.entry(office).or_default().insert(campaign, n);
    }
    let mut sending: HashMap<i64, i64> = HashMap::new();
    for letter in in_hand(conn)? {
        let Some(office) = letter.office else { continue };
        *sending.entry(office).or_default() += 1;
        *queued.entry(office.to_string()).or_default().entry(letter.campaign).or_default() -= 1;
    }
    let rows: Vec<(i64, i64, DistrictName)> = destinations::table
        .inner_join(offices::table.on(offices::id.nullable().eq(destinations::office_id)))
        .select((destinations::id, offices::id, DistrictName::as_select()))
        .load(conn)?;
    let mut found = Vec::new();
    for (destination, office, district) in rows {
        let queued = queued.remove(&office.to_string()).unwrap_or_default();
        let sending = sending.get(&office).copied().unwrap_or(0);
        let queue = OfficeQueue {
            destination,
            office,
            by_campaign: queued.iter().map(|(campaign, n)| (*campaign, *n)).filter(|(_, n)| *n > 0).collect(),
            district,
            waiting: Waiting { messages: queued.values().sum(), first_due: heads.get(&destination).copied() },
            sending,
            sent_in_hour: sent.get(&destination).copied().unwrap_or(0),
        };
        if queue.waiting.messages + queue.sending + queue.sent_in_hour > 0 {
            found.push(queue);
        }
    }
    found.sort_by_key(|queue| (std::cmp::Reverse(queue.waiting.messages), queue.destination));
    Ok(found)
}

/// The letters of a campaign that would go first at a destination, by their ids.
pub fn first_to_go(conn: &mut Reader, destination: i64, campaign: i64, most: usize) -> Result<Vec<i64>, StoreError> {
    waiting(conn, destination, &[campaign], most, Timestamp::from_millis(i64::MAX))
}

/// The office of that id; `None` where there is none.
pub fn office(conn: &mut Reader, id: i64) -> Result<Option<DistrictName>, StoreError> {
    Ok(offices::table.find(id).select(DistrictName::as_select()).first(conn).optional()?)
}
