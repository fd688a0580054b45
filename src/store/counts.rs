//! The rows behind the ladder: changed by every move of a letter, in the same transaction; read at one cost at any size.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sqlite::SqliteConnection;

use super::batch::{Batch, Statement, Value};
use super::schema::{counts, offices, officials};
use super::{Reader, StoreError, Tx};
use crate::domain::{Chamber, Dimension, Ladder, Metric};

/// One number: which campaign, what it is grouped by, which group, what is counted.
pub(super) type CountKey = (i64, Dimension, String, Metric);

/// Where something counts, besides in its campaign's total.
pub(super) struct Place<'a> {
    pub(super) campaign: i64,
    pub(super) offices: &'a [i64],
    pub(super) town: &'a str,
    pub(super) day: &'a str,
}

/// Notes `n` more (or fewer) of `metric`; written when the group of changes is committed.
pub(super) fn note(tx: &mut Tx<'_>, place: &Place<'_>, metric: Metric, n: i64) {
    tx.counts.push(((place.campaign, Dimension::All, String::new(), metric), n));
    tx.counts.push(((place.campaign, Dimension::Town, place.town.to_owned(), metric), n));
    tx.counts.push(((place.campaign, Dimension::Day, place.day.to_owned(), metric), n));
    for office in place.offices {
        tx.counts.push(((place.campaign, Dimension::Office, office.to_string(), metric), n));
    }
}

struct Add;

impl Statement for Add {
    const SQL: &'static str = "INSERT INTO counts (campaign_id, dimension, key, metric, n) \
         SELECT j.value ->> 0, j.value ->> 1, j.value ->> 2, j.value ->> 3, j.value ->> 4 FROM json_each(?) AS j WHERE true \
         ON CONFLICT (campaign_id, dimension, key, metric) DO UPDATE SET n = n + excluded.n";
    type Row = ();
}

/// Writes the sum of each number's changes: one statement, however many letters moved.
pub(super) fn flush(conn: &mut SqliteConnection, changes: Vec<(CountKey, i64)>) -> Result<(), StoreError> {
    let mut sums: BTreeMap<CountKey, i64> = BTreeMap::new();
    for (key, n) in changes {
        *sums.entry(key).or_default() += n;
    }
    let rows: Vec<_> = sums
        .iter()
        .filter(|(_, n)| **n != 0)
        .map(|((campaign, dimension, key, metric), n)| (*campaign, dimension.as_str(), key.as_str(), metric.as_str(), *n))
        .collect();
    if !rows.is_empty() {
        Batch::<Add>::new([Value::rows(&rows)?]).execute(conn)?;
    }
    Ok(())
}

/// The whole campaign's ladder.
pub fn total(conn: &mut Reader, campaign: i64) -> Result<Ladder, StoreError> {
    Ok(by(conn, campaign, Dimension::All)?.remove("").unwrap_or_default())
}

/// The ladder of every group of `dimension`, by its key, in the order of the keys.
pub fn by(conn: &mut Reader, campaign: i64, dimension: Dimension) -> Result<BTreeMap<String, Ladder>, StoreError> {
    let rows: Vec<(String, String, i64)> = counts::table
        .filter(counts::campaign_id.eq(campaign).and(counts::dimension.eq(dimension.as_str())))
        .select((counts::key, counts::metric, counts::n))
        .load(conn)?;
    let mut ladders: BTreeMap<String, Ladder> = BTreeMap::new();
    for (key, metric, n) in rows {
        let metric = Metric::parse(&metric).ok_or_else(|| StoreError::strange(format!("counts.metric \"{metric}\"")))?;
        ladders.entry(key).or_default().add(metric, n);
    }
    Ok(ladders)
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
    let names: Vec<(i64, String, String, String, Option<String>)> = offices::table
        .left_join(officials::table.on(officials::office_id.eq(offices::id).and(officials::ended_at.is_null())))
        .filter(offices::id.eq_any(ids))
        .select((offices::id, offices::chamber, offices::district, offices::district_key, officials::name.nullable()))
        .load(conn)?;
    let mut rows = Vec::new();
    for (office, chamber, district, key, official) in names {
        let chamber = Chamber::parse(&chamber).map_err(StoreError::strange)?;
        let ladder = ladders.get(&office.to_string()).cloned().unwrap_or_default();
        rows.push((key, OfficeLadder { office, chamber, district, official, ladder }));
    }
    rows.sort_by_key(|(key, row)| {
        let (ordinal, words) = key.split_once(' ').unwrap_or(("0", key));
        (row.chamber, words.to_owned(), ordinal.parse::<u32>().unwrap_or(0))
    });
    Ok(rows.into_iter().map(|(_, row)| row).collect())
}
