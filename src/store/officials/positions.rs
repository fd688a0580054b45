//! Evidence of where officials stand, as sources told it.

use diesel::deserialize;
use diesel::dsl::SqlTypeOf;
use diesel::prelude::*;
use diesel::sqlite::Sqlite;

use crate::domain::{Act, BillNumbers, Day, Position, Timestamp, UsState};
use crate::store::schema::positions;
use crate::store::{Reader, StoreError, Tx, settings};

/// All evidence about officials of the state, by person.
pub fn of_state(conn: &mut Reader, state: UsState) -> Result<Vec<Position>, StoreError> {
    Ok(positions::table
        .filter(positions::state.eq(state))
        .order((positions::person_id, positions::id))
        .select(Position::as_select())
        .load(conn)?)
}

impl Queryable<SqlTypeOf<<Position as Selectable<Sqlite>>::SelectExpression>, Sqlite> for Position {
    type Row = (String, BillNumbers, Act, Option<Day>, String, Day);

    fn build((person, bills, act, on, source, as_of): Self::Row) -> deserialize::Result<Self> {
        Ok(Self { person, bills, act, on, source, as_of })
    }
}

impl Selectable<Sqlite> for Position {
    type SelectExpression =
        (positions::person_id, positions::bills, positions::act, positions::happened_on, positions::source, positions::as_of);

    fn construct_selection() -> Self::SelectExpression {
        (positions::person_id, positions::bills, positions::act, positions::happened_on, positions::source, positions::as_of)
    }
}

/// Keeps evidence. What the same source said before in the same matter is replaced where this look is newer, and stays
/// where it is not; another source's word is kept beside it. Long lists are to come in portions.
pub fn import(tx: &mut Tx<'_>, state: UsState, evidence: &[Position], now: Timestamp) -> Result<(), StoreError> {
    for told in evidence {
        let bills = told.bills.to_string();
        let acts = told.act.one_of();
        let same = positions::table
            .filter(positions::state.eq(state))
            .filter(positions::person_id.eq(&told.person))
            .filter(positions::bills.eq(&bills))
            .filter(positions::act.eq_any(acts))
            .filter(positions::source.eq(&told.source));
        let known: Vec<(i64, Position)> = same.select((positions::id, Position::as_select())).load(tx.conn)?;
        let renews = known.iter().all(|(_, before)| told.renews(before));
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
