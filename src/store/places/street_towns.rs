//! Which cities and towns have streets to look in.

use std::collections::{BTreeMap, HashMap};

use diesel::prelude::*;

use super::streets::first_point;
use crate::domain::{LonLat, UsState};
use crate::store::schema::{street_files, street_ranges, street_towns};
use crate::store::{Reader, StoreError, Tx};

/// How many ranges are read at once.
const PORTION: i64 = 20_000;

/// Where each range that counts begins, handed to `see` one by one; nothing is held in memory.
pub fn beginnings(conn: &mut Reader, state: UsState, mut see: impl FnMut(LonLat)) -> Result<(), StoreError> {
    let files: Vec<i64> = street_files::table
        .filter(street_files::state.eq(state).and(street_files::complete))
        .order(street_files::id)
        .select(street_files::id)
        .load(conn)?;
    for file in files {
        let mut after = 0_i64;
        loop {
            let rows: Vec<(i64, Vec<u8>)> = portion(file, after).load(conn)?;
            let Some((last, _)) = rows.last() else { break };
            after = *last;
            rows.iter().filter_map(|(_, line)| first_point(line)).for_each(&mut see);
        }
    }
    Ok(())
}

/// The next ranges of one file: its index has them in this order, so that no portion sorts what comes after it.
#[diesel::dsl::auto_type(no_type_alias)]
fn portion(file: i64, after: i64) -> _ {
    let most: i64 = PORTION;
    street_ranges::table
        .filter(street_ranges::file_id.eq(file).and(street_ranges::id.gt(after)))
        .order(street_ranges::id)
        .limit(most)
        .select((street_ranges::id, street_ranges::line))
}

/// Keeps how many ranges lie in each municipality, by its name.
pub fn keep(tx: &mut Tx<'_>, state: UsState, towns: &BTreeMap<String, i64>) -> Result<(), StoreError> {
    diesel::delete(street_towns::table.filter(street_towns::state.eq(state))).execute(tx.conn)?;
    for (municipality, ranges) in towns {
        diesel::insert_into(street_towns::table)
            .values((street_towns::state.eq(state), street_towns::municipality.eq(municipality), street_towns::ranges.eq(ranges)))
            .execute(tx.conn)?;
    }
    Ok(())
}

/// How many ranges lie in each municipality that has any, by its name.
pub fn counts(conn: &mut Reader, state: UsState) -> Result<HashMap<String, i64>, StoreError> {
    let of_state = street_towns::table.filter(street_towns::state.eq(state));
    let rows: Vec<(String, i64)> = of_state.select((street_towns::municipality, street_towns::ranges)).load(conn)?;
    Ok(rows.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::plan;

    #[test]
    fn a_portion_is_read_in_the_order_of_its_index() {
        let plan = plan::of(&portion(1, 20_000));
        assert!(plan.contains("USING INDEX street_ranges_by_file (file_id=? AND rowid>?)"), "{plan}");
        assert!(!plan.contains("TEMP B-TREE"), "{plan}");
    }
}
