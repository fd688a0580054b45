//! Single pieces of evidence: listed, looked up, corrected and taken away by staff.

use diesel::prelude::*;
use diesel::sql_types::Bool;
use diesel::sqlite::Sqlite;

use super::positions::import;
use crate::domain::{BillNumbers, Position, Timestamp, UsState};
use crate::store::schema::positions;
use crate::store::{Reader, StoreError, Tx, settings};

/// Which evidence to show.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only of this person, by the roster's id.
    pub person: Option<String>,
    /// Only about one of these bills.
    pub bills: Option<BillNumbers>,
}

/// What became of keeping a piece of evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// It is kept, under this id.
    Kept(i64),
    /// The same source is on record with the same, or with a later word in the matter; nothing was changed.
    Known,
    /// What was to be corrected is not there any more.
    Gone,
}

/// The state's evidence that the filter lets through, what was told last first, `most` pieces; those told before piece
/// `before`, where it is given.
pub fn listed(
    conn: &mut Reader,
    state: UsState,
    filter: &Filter,
    before: Option<i64>,
    most: i64,
) -> Result<Vec<(i64, Position)>, StoreError> {
    let mut rows = positions::table
        .filter(positions::state.eq(state).and(positions::id.lt(before.unwrap_or(i64::MAX))))
        .order(positions::id.desc())
        .limit(most)
        .select((positions::id, Position::as_select()))
        .into_boxed();
    if let Some(person) = &filter.person {
        rows = rows.filter(positions::person_id.eq(person.clone()));
    }
    if let Some(bills) = &filter.bills {
        // Keys are letters and digits; several are joined by slashes.
        let mut any: Option<Box<dyn BoxableExpression<positions::table, Sqlite, SqlType = Bool>>> = None;
        for key in bills.to_string().split('/') {
            let alone = positions::bills.eq(key.to_owned()).or(positions::bills.like(format!("{key}/%")));
            let one = alone.or(positions::bills.like(format!("%/{key}"))).or(positions::bills.like(format!("%/{key}/%")));
            any = Some(match any {
                None => Box::new(one),
                Some(others) => Box::new(others.or(one)),
            });
        }
        if let Some(any) = any {
            rows = rows.filter(any);
        }
    }
    Ok(rows.load(conn)?)
}

/// One piece, with its state.
pub fn by_id(conn: &mut Reader, id: i64) -> Result<Option<(UsState, Position)>, StoreError> {
    Ok(positions::table.find(id).select((positions::state, Position::as_select())).first(conn).optional()?)
}

/// Keeps a piece, in the place of piece `instead` where that is given.
pub fn tell(tx: &mut Tx<'_>, state: UsState, told: &Position, instead: Option<i64>, now: Timestamp) -> Result<Told, StoreError> {
    if let Some(id) = instead
        && by_id(tx.conn, id)?.is_none_or(|(of, _)| of != state)
    {
        return Ok(Told::Gone);
    }
    let same = Filter { person: Some(told.person.clone()), bills: Some(told.bills.clone()) };
    let known = listed(tx.conn, state, &same, None, i64::MAX)?;
    let mut others = known.iter().filter(|(id, _)| Some(*id) != instead).map(|(_, known)| known);
    if others.any(|known| told.same_matter(known) && !told.renews(known)) {
        return Ok(Told::Known);
    }
    if let Some(id) = instead {
        take(tx, id)?;
    }
    import(tx, state, std::slice::from_ref(told), now)?;
    let id = positions::table.select(diesel::dsl::max(positions::id)).first::<Option<i64>>(tx.conn)?;
    Ok(Told::Kept(id.unwrap_or_default()))
}

/// Takes a piece away; gives what it said, `None` when it was not there any more.
pub fn take(tx: &mut Tx<'_>, id: i64) -> Result<Option<Position>, StoreError> {
    let Some((_, told)) = by_id(tx.conn, id)? else { return Ok(None) };
    diesel::delete(positions::table.find(id)).execute(tx.conn)?;
    settings::bump_revision(tx)?;
    Ok(Some(told))
}
