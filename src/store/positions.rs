//! Evidence of where officials stand, as sources told it.

use diesel::prelude::*;

use super::schema::positions;
use super::{Reader, StoreError, Tx, settings};
use crate::domain::{Act, BillNumbers, Day, Position, Timestamp, UsState};

type Row = (String, String, String, Option<String>, String, String);

/// All evidence about officials of the state, by person.
pub fn of_state(conn: &mut Reader, state: UsState) -> Result<Vec<Position>, StoreError> {
    let rows: Vec<Row> = positions::table
        .filter(positions::state.eq(state.code()))
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

fn position((person, bills, act, on, source, as_of): Row) -> Result<Position, StoreError> {
    Ok(Position {
        person,
        bills: BillNumbers::parse(&bills).map_err(|error| StoreError::strange(format!("positions.bills: {error}")))?,
        act: Act::parse(&act).map_err(|error| StoreError::strange(format!("positions.act: {error}")))?,
        on: on.as_deref().map(day).transpose()?,
        source,
        as_of: day(&as_of)?,
    })
}

fn day(text: &str) -> Result<Day, StoreError> {
    Day::parse(text).map_err(|error| StoreError::strange(format!("a day of positions: {error}")))
}

/// Keeps evidence. What the same source said before in the same matter is replaced where this look is newer, and stays
/// where it is not; another source's word is kept beside it. Long lists are to come in portions.
pub fn import(tx: &mut Tx<'_>, state: UsState, evidence: &[Position], now: Timestamp) -> Result<(), StoreError> {
    for told in evidence {
        let bills = told.bills.to_string();
        let same = positions::table
            .filter(positions::state.eq(state.code()))
            .filter(positions::person_id.eq(&told.person))
            .filter(positions::bills.eq(&bills))
            .filter(positions::act.eq(told.act.as_str()))
            .filter(positions::source.eq(&told.source));
        let known: Option<(i64, Option<String>, String)> =
            same.select((positions::id, positions::happened_on, positions::as_of)).first(tx.conn).optional()?;
        let when = (positions::happened_on.eq(told.on.as_ref().map(Day::as_str)), positions::as_of.eq(told.as_of.as_str()));
        match known {
            None => {
                diesel::insert_into(positions::table)
                    .values((
                        positions::state.eq(state.code()),
                        positions::person_id.eq(&told.person),
                        positions::bills.eq(&bills),
                        positions::act.eq(told.act.as_str()),
                        positions::source.eq(&told.source),
                        positions::created_at.eq(now.millis()),
                        when,
                    ))
                    .execute(tx.conn)?;
            }
            Some((id, on, as_of)) => {
                let earlier = Position { on: on.as_deref().map(day).transpose()?, as_of: day(&as_of)?, ..told.clone() };
                if told.renews(&earlier) {
                    diesel::update(positions::table.find(id)).set(when).execute(tx.conn)?;
                }
            }
        }
    }
    settings::bump_revision(tx)
}
