//! The rows behind the ladder: changed by every move of a letter, in the same transaction; read at one cost at any size.
//!
//! Letters in hand are as few as the sender has hands, and come and go with every commit. They have no number of their own:
//! a letter counts as `queued` until its result is on record, and a read looks at the letters in hand themselves.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use diesel::sqlite::SqliteConnection;

use crate::domain::{Chamber, Dimension, Ladder, MessageState, Metric, TimeZone, Timestamp};
use crate::store::batch::{Batch, Statement, Value};
use crate::store::schema::{campaigns, counts, offices, officials};
use crate::store::{Reader, StoreError, Tx};

/// One number: which campaign, what it is grouped by, which group, what is counted.
pub(super) type CountKey = (i64, Dimension, String, Metric);

/// Where something counts, besides in its campaign's total.
pub(super) struct Place<'a> {
    pub(super) campaign: i64,
    pub(super) offices: &'a [i64],
    pub(super) town: &'a str,
    pub(super) day: &'a str,
}

/// What a letter in `state` is counted as.
pub(super) const fn kept_as(state: MessageState) -> Metric {
    Metric::Letters(match state {
        MessageState::Sending => MessageState::Queued,
        other => other,
    })
}

/// Notes `n` more (or fewer) of `metric`; written when the group of changes is committed.
pub(super) fn note(tx: &mut Tx<'_>, place: &Place<'_>, metric: Metric, n: i64) {
    tx.counts.push(((place.campaign, Dimension::All, String::new(), metric), n));
    tx.counts.push(((place.campaign, Dimension::Town, place.town.to_owned(), metric), n));
    tx.counts.push(((place.campaign, Dimension::Day, place.day.to_owned(), metric), n));
    for office in place.offices {
        tx.counts.push(((place.campaign, Dimension::Office, office.to_string(), metric), n));
        if metric == Metric::Letters(MessageState::Sent) {
            tx.counts.push(((place.campaign, Dimension::OfficeDay, format!("{office} {}", place.day), metric), n));
        }
    }
}

/// Notes `n` more (or fewer) letters with or without their writer's own words.
pub(super) fn note_words(tx: &mut Tx<'_>, campaign: i64, own: bool, n: i64) {
    let metric = if own { Metric::OwnWords } else { Metric::SetWords };
    tx.counts.push(((campaign, Dimension::All, String::new(), metric), n));
}

/// Notes that the campaign's page was opened `n` times, as of today.
pub fn add_visits(tx: &mut Tx<'_>, campaign: i64, n: i64, now: Timestamp) -> Result<(), StoreError> {
    let day = tx.day(campaign, now)?.as_str().to_owned();
    for (dimension, key) in [(Dimension::All, String::new()), (Dimension::Day, day)] {
        tx.counts.push(((campaign, dimension, key, Metric::Visited), n));
    }
    Ok(())
}

struct Add;

impl Statement for Add {
    const SQL: &'static str = "INSERT INTO counts (campaign_id, dimension, key, metric, n) VALUES (?, ?, ?, ?, ?) \
         ON CONFLICT (campaign_id, dimension, key, metric) DO UPDATE SET n = n + excluded.n";
    type Row = ();
}

/// Writes the sum of each number's changes, however many letters moved.
pub(super) fn flush(conn: &mut SqliteConnection, changes: Vec<(CountKey, i64)>) -> Result<(), StoreError> {
    let mut sums: BTreeMap<CountKey, i64> = BTreeMap::new();
    for (key, n) in changes {
        *sums.entry(key).or_default() += n;
    }
    for ((campaign, dimension, key, metric), n) in sums.into_iter().filter(|(_, n)| *n != 0) {
        let [dimension, metric] = [dimension.as_str(), metric.as_str()].map(|word| Value::Text(word.to_owned()));
        Batch::<Add>::new([Value::Number(campaign), dimension, Value::Text(key), metric, Value::Number(n)]).execute(conn)?;
    }
    Ok(())
}

/// The whole campaign's ladder.
pub fn total(conn: &mut Reader, campaign: i64) -> Result<Ladder, StoreError> {
    Ok(by(conn, campaign, Dimension::All)?.remove("").unwrap_or_default())
}

/// The ladder of every group of `dimension`, by its key, in the order of the keys.
pub fn by(conn: &mut Reader, campaign: i64, dimension: Dimension) -> Result<BTreeMap<String, Ladder>, StoreError> {
    let rows: Vec<(String, Metric, i64)> = counts::table
        .filter(counts::campaign_id.eq(campaign).and(counts::dimension.eq(dimension)))
        .select((counts::key, counts::metric, counts::n))
        .load(conn)?;
    ladders(conn, campaign, dimension, rows)
}

/// One office's ladder.
pub fn of_office(conn: &mut Reader, campaign: i64, office: i64) -> Result<Ladder, StoreError> {
    let key = office.to_string();
    let mut found = rows(conn, campaign, Dimension::Office, &key, &format!("{key}\0"))?;
    Ok(found.remove(&key).unwrap_or_default())
}

/// How many letters to the office were accepted, by day, oldest first.
pub fn of_office_by_day(conn: &mut Reader, campaign: i64, office: i64) -> Result<Vec<(String, i64)>, StoreError> {
    // All keys that begin with the id and a space: `!` is the character after it.
    let found = rows(conn, campaign, Dimension::OfficeDay, &format!("{office} "), &format!("{office}!"))?;
    let day = |key: String| key.split_once(' ').map(|(_, day)| day.to_owned()).unwrap_or(key);
    Ok(found.into_iter().map(|(key, ladder)| (day(key), ladder.letters.get(MessageState::Sent))).collect())
}

/// The ladders whose keys are in that range, by their keys.
fn rows(
    conn: &mut Reader,
    campaign: i64,
    dimension: Dimension,
    from: &str,
    before: &str,
) -> Result<BTreeMap<String, Ladder>, StoreError> {
    let of_dimension = counts::campaign_id.eq(campaign).and(counts::dimension.eq(dimension));
    let rows: Vec<(String, Metric, i64)> = counts::table
        .filter(of_dimension.and(counts::key.ge(from)).and(counts::key.lt(before)))
        .select((counts::key, counts::metric, counts::n))
        .load(conn)?;
    ladders(conn, campaign, dimension, rows)
}

/// What the rows say, with the letters in hand apart from those that wait.
fn ladders(
    conn: &mut Reader,
    campaign: i64,
    dimension: Dimension,
    rows: Vec<(String, Metric, i64)>,
) -> Result<BTreeMap<String, Ladder>, StoreError> {
    let mut ladders: BTreeMap<String, Ladder> = BTreeMap::new();
    for (key, metric, n) in rows {
        ladders.entry(key).or_default().add(metric, n);
    }
    for letter in in_hand(conn)?.iter().filter(|letter| letter.campaign == campaign) {
        let Some((kept, now)) = letter.keys(conn, dimension)? else { continue };
        ladders.entry(kept).or_default().add(kept_as(MessageState::Sending), -1);
        ladders.entry(now).or_default().add(Metric::Letters(MessageState::Sending), 1);
    }
    Ok(ladders)
}

/// A letter in hand: where it counts. The fields stand in the order of the statement.
#[derive(Queryable)]
pub(super) struct LetterInHand {
    pub(super) campaign: i64,
    pub(super) office: Option<i64>,
    town: String,
    /// The day on which it was queued, where it is counted.
    day: String,
    since: Timestamp,
}

impl LetterInHand {
    /// Where it is counted as queued, and where it counts as being sent; `None` where such letters are not counted.
    fn keys(&self, conn: &mut Reader, dimension: Dimension) -> Result<Option<(String, String)>, StoreError> {
        let key = match dimension {
            Dimension::All => String::new(),
            Dimension::Office => self.office.map_or_else(String::new, |office| office.to_string()),
            Dimension::Town => self.town.clone(),
            Dimension::OfficeDay => return Ok(None),
            Dimension::Day => {
                let zone: TimeZone = campaigns::table.find(self.campaign).select(campaigns::time_zone).first(conn)?;
                return Ok(Some((self.day.clone(), zone.day(self.since).as_str().to_owned())));
            }
        };
        Ok(Some((key.clone(), key)))
    }
}

struct InHand;

impl Statement for InHand {
    const SQL: &'static str = "SELECT campaign_id, office_id, town, state_day, state_since FROM messages \
         WHERE state = 'sending' AND kind = 'letter'";
    type Row = (BigInt, Nullable<BigInt>, Text, Text, BigInt);
}

/// All letters in hand, of all campaigns.
pub(super) fn in_hand(conn: &mut Reader) -> Result<Vec<LetterInHand>, StoreError> {
    Ok(Batch::<InHand>::new([]).load(conn)?)
}

/// An office's ladder, with what to call the office.
pub struct OfficeLadder {
    /// The office's id.
    pub office: i64,
    /// Its chamber.
    pub chamber: Chamber,
    /// Its district; empty for the governor.
    pub district: String,
    /// Who holds it now; `None` when the seat is empty.
    pub official: Option<String>,
    /// The numbers.
    pub ladder: Ladder,
}

/// Every office that letters of the campaign were written to: Senate, House, governor; by district.
pub fn by_office(conn: &mut Reader, campaign: i64) -> Result<Vec<OfficeLadder>, StoreError> {
    let ladders = by(conn, campaign, Dimension::Office)?;
    let ids: Vec<i64> = ladders.keys().filter_map(|key| key.parse().ok()).collect();
    let names: Vec<(i64, Chamber, String, String, Option<String>)> = offices::table
        .left_join(officials::table.on(officials::office_id.eq(offices::id).and(officials::ended_at.is_null())))
        .filter(offices::id.eq_any(ids))
        .select((offices::id, offices::chamber, offices::district, offices::district_key, officials::name.nullable()))
        .load(conn)?;
    let mut rows = Vec::new();
    for (office, chamber, district, key, official) in names {
        let ladder = ladders.get(&office.to_string()).cloned().unwrap_or_default();
        rows.push((key, OfficeLadder { office, chamber, district, official, ladder }));
    }
    rows.sort_by_key(|(key, row)| {
        let (ordinal, words) = key.split_once(' ').unwrap_or(("0", key));
        (row.chamber, words.to_owned(), ordinal.parse::<u32>().unwrap_or(0))
    });
    Ok(rows.into_iter().map(|(_, row)| row).collect())
}
