//! Municipalities, the offices that their districts elect, and the other names people call places by.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::domain::{DistrictName, Municipality, PlaceName, UsState};
use crate::store::officials::offices as office_store;
use crate::store::schema::{municipalities, municipality_offices, offices, place_names};
use crate::store::{Reader, StoreError, Tx, settings};

/// Every municipality of the state with its districts, by name.
pub fn municipalities(conn: &mut Reader, state: UsState) -> Result<Vec<Municipality>, StoreError> {
    let mut districts: BTreeMap<i64, Vec<DistrictName>> = BTreeMap::new();
    let links: Vec<(i64, DistrictName)> = municipality_offices::table
        .inner_join(offices::table.on(offices::id.eq(municipality_offices::office_id)))
        .filter(offices::state.eq(state))
        .order((offices::chamber, offices::id))
        .select((municipality_offices::municipality_id, DistrictName::as_select()))
        .load(conn)?;
    for (municipality, district) in links {
        districts.entry(municipality).or_default().push(district);
    }
    let rows: Vec<(i64, String, String, String, Option<i64>)> = municipalities::table
        .filter(municipalities::state.eq(state))
        .order(municipalities::name)
        .select((
            municipalities::id,
            municipalities::name,
            municipalities::county,
            municipalities::geoid,
            municipalities::population,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, name, county, geoid, population)| {
            let districts = districts.remove(&id).unwrap_or_default();
            Municipality { name, county, geoid, population, districts }
        })
        .collect())
}

/// The other names, as imported; those that come with Standout are in `districts`.
pub fn names(conn: &mut Reader, state: UsState) -> Result<Vec<PlaceName>, StoreError> {
    let rows: Vec<(String, String)> = place_names::table
        .filter(place_names::state.eq(state))
        .select((place_names::place, place_names::municipality))
        .load(conn)?;
    Ok(rows.into_iter().map(|(place, municipality)| PlaceName { place, municipality }).collect())
}

/// Keeps the towns and their districts; a town that is known already gets what the new list says. Offices that the
/// districts elect are made where nobody holds them yet. The first real towns of a state remove the demo's.
pub fn import_towns(tx: &mut Tx<'_>, state: UsState, towns: &[Municipality], demo: bool) -> Result<(), StoreError> {
    if !demo {
        diesel::delete(municipalities::table.filter(municipalities::state.eq(state).and(municipalities::demo)))
            .execute(tx.conn)?;
    }
    for town in towns {
        let id: i64 = diesel::insert_into(municipalities::table)
            .values((
                municipalities::state.eq(state),
                municipalities::name.eq(&town.name),
                municipalities::county.eq(&town.county),
                municipalities::geoid.eq(&town.geoid),
                municipalities::population.eq(town.population),
                municipalities::demo.eq(demo),
            ))
            .on_conflict((municipalities::state, municipalities::name))
            .do_update()
            .set((
                municipalities::county.eq(&town.county),
                municipalities::geoid.eq(&town.geoid),
                municipalities::population.eq(town.population),
            ))
            .returning(municipalities::id)
            .get_result(tx.conn)?;
        diesel::delete(municipality_offices::table.filter(municipality_offices::municipality_id.eq(id))).execute(tx.conn)?;
        for district in &town.districts {
            let office = office_store::ensure(tx, state, district)?;
            diesel::insert_into(municipality_offices::table)
                .values((municipality_offices::municipality_id.eq(id), municipality_offices::office_id.eq(office)))
                .on_conflict_do_nothing()
                .execute(tx.conn)?;
        }
    }
    settings::bump_revision(tx)
}

/// Adds other names of places; a name known already stays as it is.
pub fn import_names(tx: &mut Tx<'_>, state: UsState, names: &[PlaceName]) -> Result<(), StoreError> {
    for name in names {
        diesel::insert_into(place_names::table)
            .values((
                place_names::state.eq(state),
                place_names::place.eq(&name.place),
                place_names::municipality.eq(&name.municipality),
            ))
            .on_conflict_do_nothing()
            .execute(tx.conn)?;
    }
    settings::bump_revision(tx)
}
