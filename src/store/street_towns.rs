//! Which cities and towns have streets to look in.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::schema_streets::{street_files, street_ranges, street_towns};
use super::streets::first_point;
use super::{Reader, StoreError, Tx};
use crate::domain::{LonLat, UsState};

/// How many ranges are read at once.
const PORTION: i64 = 20_000;

/// Where each range that counts begins, handed to `see` one by one; nothing is held in memory.
pub fn beginnings(conn: &mut Reader, state: UsState, mut see: impl FnMut(LonLat)) -> Result<(), StoreError> {
    let mut after = 0_i64;
    loop {
        let rows: Vec<(i64, Vec<u8>)> = street_ranges::table
            .inner_join(street_files::table.on(street_files::id.eq(street_ranges::file_id)))
            .filter(street_ranges::id.gt(after).and(street_files::state.eq(state.code())).and(street_files::complete))
            .order(street_ranges::id)
            .limit(PORTION)
            .select((street_ranges::id, street_ranges::line))
            .load(conn)?;
        let Some((last, _)) = rows.last() else { return Ok(()) };
        after = *last;
        rows.iter().filter_map(|(_, line)| first_point(line)).for_each(&mut see);
    }
}

/// Keeps how many ranges lie in each municipality, by its name.
pub fn keep(tx: &mut Tx<'_>, state: UsState, towns: &BTreeMap<String, i64>) -> Result<(), StoreError> {
    diesel::delete(street_towns::table.filter(street_towns::state.eq(state.code()))).execute(tx.conn)?;
    for (municipality, ranges) in towns {
        diesel::insert_into(street_towns::table)
            .values((
                street_towns::state.eq(state.code()),
                street_towns::municipality.eq(municipality),
                street_towns::ranges.eq(ranges),
            ))
            .execute(tx.conn)?;
    }
    Ok(())
}

/// The municipalities with streets, by name.
pub fn names(conn: &mut Reader, state: UsState) -> Result<Vec<String>, StoreError> {
    let of_state = street_towns::table.filter(street_towns::state.eq(state.code()));
    Ok(of_state.order(street_towns::municipality).select(street_towns::municipality).load(conn)?)
}
