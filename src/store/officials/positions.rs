//! Evidence of where officials stand, as sources told it.

use diesel::prelude::*;

use crate::domain::{Act, BillNumbers, Day, Position, Timestamp, UsState};
use crate::store::schema::positions;
use crate::store::{Reader, StoreError, Tx, settings};

pub(in crate::store) type Row = (String, String, String, Option<String>, String, String);

/// All evidence about officials of the state, by person.
pub fn of_state(conn: &mut Reader, state: UsState) -> Result<Vec<Position>, StoreError> {
    let rows: Vec<Row> = positions::table
        .filter(positions::state.eq(state))
        .order((positions::person_id, positions::id))
        .select((
            positions::person_id,
            positions::bills,
            positions::act,
            positions::happened_on,
            positions::source,
            positions::as_of,
        ))
        .load(conn)?;
    rows.into_iter().map(position).collect()
}

pub(in crate::store) fn position((person, bills, act, on, source, as_of): Row) -> Result<Position, StoreError> {
    Ok(Position {
        person,
        bills: BillNumbers::parse(&bills).map_err(|error| StoreError::unknown_value(format!("positions.bills: {error}")))?,
        act: Act::parse(&act).map_err(|error| StoreError::unknown_value(format!("positions.act: {error}")))?,
        on: on.as_deref().map(day).transpose()?,
        source,
        as_of: day(&as_of)?,
    })
}

fn day(text: &str) -> Result<Day, StoreError> {
    Day::parse(text).map_err(|error| StoreError::unknown_value(format!("a day of positions: {error}")))
}

/// Keeps evidence. What the same source said before in the same matter is replaced where this look is newer, and stays
/// where it is not; another source's word is kept beside it. Long lists are to come in portions.
pub fn import(tx: &mut Tx<'_>, state: UsState, evidence: &[Position], now: Timestamp) -> Result<(), StoreError> {
    for told in evidence {
        let bills = told.bills.to_string();
        let acts = told.act.one_of().iter().map(|act| act.as_str());
        let same = positions::table
            .filter(positions::state.eq(state))
            .filter(positions::person_id.eq(&told.person))
            .filter(positions::bills.eq(&bills))
            .filter(positions::act.eq_any(acts))
            .filter(positions::source.eq(&told.source));
        let known: Vec<(i64, String, Option<String>, String)> =
            same.select((positions::id, positions::act, positions::happened_on, positions::as_of)).load(tx.conn)?;
        let mut renews = true;
        for (_, act, on, as_of) in &known {
            let act = Act::parse(act).map_err(|error| StoreError::unknown_value(format!("positions.act: {error}")))?;
            let on = on.as_deref().map(day).transpose()?;
            renews &= told.renews(&Position { act, on, as_of: day(as_of)?, ..told.clone() });
        }
        if !renews {
            continue;
        }
        let replaced: Vec<i64> = known.into_iter().map(|(id, ..)| id).collect();
        diesel::delete(positions::table.filter(positions::id.eq_any(replaced))).execute(tx.conn)?;
        diesel::insert_into(positions::table)
            .values((
                positions::state.eq(state),
                positions::person_id.eq(&told.person),
                positions::bills.eq(&bills),
                positions::act.eq(told.act),
                positions::happened_on.eq(told.on.as_ref().map(Day::as_str)),
                positions::source.eq(&told.source),
                positions::as_of.eq(&told.as_of),
                positions::created_at.eq(now),
            ))
            .execute(tx.conn)?;
    }
    settings::bump_revision(tx)
}
