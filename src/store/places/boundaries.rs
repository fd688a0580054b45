//! Outlines of districts and municipalities, each joined to the office or the town that it is of.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};

use crate::domain::{Boundary, Chamber, DistrictName, Layer, OfficeMarks, UsState, fold, plain_district_name};
use crate::store::officials::offices as office_store;
use crate::store::schema::{boundaries, municipalities, municipality_offices, offices, officials};
use crate::store::{Reader, StoreError, Tx, settings};

/// An outline as it is kept.
#[derive(Clone, Debug, PartialEq, Queryable, Selectable)]
#[diesel(table_name = boundaries)]
pub struct Outline {
    /// What it is of.
    pub layer: Layer,
    /// The office that its district elects; `None` for a municipality.
    pub office_id: Option<i64>,
    /// The municipality that it is of; `None` for a district.
    pub municipality_id: Option<i64>,
    /// The municipality's own name; a district's as its source writes it.
    #[diesel(select_expression = coalesce(municipalities::name.nullable(), boundaries::name))]
    pub name: String,
    /// A GeoJSON `Polygon` or `MultiPolygon`.
    pub shape: String,
}

#[diesel::declare_sql_function]
extern "SQL" {
    fn coalesce(first: Nullable<Text>, second: Text) -> Text;
}

/// Changes whenever an outline of the state does: loading them all takes a while.
pub fn revision(conn: &mut Reader, state: UsState) -> Result<Option<String>, StoreError> {
    settings::get(conn, &revision_key(state))
}

fn revision_key(state: UsState) -> String {
    format!("outlines_at:{state}")
}

/// Every outline of the state, in the order they were imported.
pub fn of_state(conn: &mut Reader, state: UsState) -> Result<Vec<Outline>, StoreError> {
    Ok(boundaries::table
        .left_join(municipalities::table.on(municipalities::id.nullable().eq(boundaries::municipality_id)))
        .filter(boundaries::state.eq(state))
        .order(boundaries::id)
        .select(Outline::as_select())
        .load(conn)?)
}

/// The offices of a chamber with all that an outline can be joined by.
pub fn office_marks(conn: &mut Reader, state: UsState, chamber: Chamber) -> Result<Vec<OfficeMarks>, StoreError> {
    let holders = officials::office_id.eq(offices::id).and(officials::ended_at.is_null()).and(officials::demo.eq(false));
    let mut marks: Vec<OfficeMarks> = offices::table
        .left_join(officials::table.on(holders))
        .filter(offices::state.eq(state).and(offices::chamber.eq(chamber)))
        .order(offices::id)
        .select((offices::id, DistrictName::as_select(), offices::geoid, offices::division_id, officials::id.nullable()))
        .load_iter::<(i64, DistrictName, Option<String>, Option<String>, Option<i64>), _>(conn)?
        .map(|row| {
            row.map(|(id, district, geoid, division_id, holder)| OfficeMarks {
                id,
                district,
                geoid,
                division_id,
                held: holder.is_some(),
            })
        })
        .collect::<Result<_, _>>()?;
    marks.dedup_by_key(|office| office.id);
    Ok(marks)
}

/// Makes these the outlines of the chamber's districts. Each comes with the office that it joined; without one, its
/// office is made, so that an empty seat has its district too. The offices learn the ids that the outlines carry.
pub fn replace_districts(
    tx: &mut Tx<'_>,
    state: UsState,
    chamber: Chamber,
    outlines: &[(Boundary, Option<i64>)],
) -> Result<(), StoreError> {
    clear(tx, state, Layer::District(chamber))?;
    // An id that another office had from an earlier import is this plan's to give.
    let of_chamber = offices::table.filter(offices::state.eq(state).and(offices::chamber.eq(chamber)));
    for (outline, _) in outlines {
        if !outline.geoid.is_empty() {
            diesel::update(of_chamber.filter(offices::geoid.eq(&outline.geoid)))
                .set(offices::geoid.eq(None::<String>))
                .execute(tx.conn)?;
        }
    }
    for (outline, office) in outlines {
        let office = match office {
            Some(id) => *id,
            None => office_store::ensure(tx, state, &DistrictName::new(chamber, &plain_district_name(&outline.name)))?,
        };
        let row = diesel::update(offices::table.find(office));
        if !outline.geoid.is_empty() {
            row.set(offices::geoid.eq(&outline.geoid)).execute(tx.conn)?;
        }
        let row = diesel::update(offices::table.find(office));
        if !outline.division_id.is_empty() {
            row.set(offices::division_id.eq(&outline.division_id)).execute(tx.conn)?;
        }
        keep(tx, state, outline, Some(office), None)?;
    }
    settings::bump_revision(tx)
}

/// Makes these the outlines of the state's municipalities. One joins a municipality that is known by its GEOID, else
/// by its name; others are made. What is known of a town but not by its outline (population, county) stays.
/// The first real towns of a state remove the demo's.
pub fn replace_municipalities(tx: &mut Tx<'_>, state: UsState, outlines: &[Boundary]) -> Result<(), StoreError> {
    let demo = municipalities::state.eq(state).and(municipalities::demo);
    diesel::delete(municipalities::table.filter(demo)).execute(tx.conn)?;
    clear(tx, state, Layer::Municipality)?;
    let known: Vec<(i64, String, String)> = municipalities::table
        .filter(municipalities::state.eq(state))
        .select((municipalities::id, municipalities::name, municipalities::geoid))
        .load(tx.conn)?;
    let mut by_name: BTreeMap<String, i64> = known.iter().map(|(id, name, _)| (fold(name), *id)).collect();
    let by_geoid: BTreeMap<&str, i64> =
        known.iter().filter(|(_, _, geoid)| !geoid.is_empty()).map(|(id, _, geoid)| (geoid.as_str(), *id)).collect();
    for outline in outlines {
        let joined = by_geoid.get(outline.geoid.as_str()).or_else(|| by_name.get(&fold(&outline.name))).copied();
        let id = match joined {
            Some(id) => {
                if !outline.geoid.is_empty() && !by_geoid.values().any(|known| *known == id) {
                    diesel::update(municipalities::table.find(id))
                        .set(municipalities::geoid.eq(&outline.geoid))
                        .execute(tx.conn)?;
                }
                id
            }
            None => make_municipality(tx, state, outline)?,
        };
        by_name.insert(fold(&outline.name), id);
        keep(tx, state, outline, None, Some(id))?;
    }
    settings::bump_revision(tx)
}

/// The offices whose districts touch each municipality, by its id.
pub fn districts_of_towns(conn: &mut Reader, state: UsState) -> Result<BTreeMap<i64, Vec<i64>>, StoreError> {
    let rows: Vec<(i64, i64)> = municipality_offices::table
        .inner_join(municipalities::table.on(municipalities::id.eq(municipality_offices::municipality_id)))
        .filter(municipalities::state.eq(state))
        .order((municipality_offices::municipality_id, municipality_offices::office_id))
        .select((municipality_offices::municipality_id, municipality_offices::office_id))
        .load(conn)?;
    let mut towns: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for (town, office) in rows {
        towns.entry(town).or_default().push(office);
    }
    Ok(towns)
}

/// Makes `towns` (municipality, offices of the chamber) the districts of those municipalities in that chamber.
pub fn set_districts_of_towns(tx: &mut Tx<'_>, chamber: Chamber, towns: &BTreeMap<i64, Vec<i64>>) -> Result<(), StoreError> {
    let of_chamber: Vec<i64> = offices::table.filter(offices::chamber.eq(chamber)).select(offices::id).load(tx.conn)?;
    for (town, touching) in towns {
        let links = municipality_offices::table
            .filter(municipality_offices::municipality_id.eq(town).and(municipality_offices::office_id.eq_any(&of_chamber)));
        diesel::delete(links).execute(tx.conn)?;
        for office in touching {
            diesel::insert_into(municipality_offices::table)
                .values((municipality_offices::municipality_id.eq(town), municipality_offices::office_id.eq(office)))
                .on_conflict_do_nothing()
                .execute(tx.conn)?;
        }
    }
    settings::bump_revision(tx)
}

/// An import replaces a whole layer, so here is where outlines change.
fn clear(tx: &mut Tx<'_>, state: UsState, layer: Layer) -> Result<(), StoreError> {
    let revision = settings::revision(tx.conn)?;
    settings::set(tx, &revision_key(state), &format!("{revision} {layer}", layer = layer.as_str()))?;
    let rows = boundaries::table.filter(boundaries::state.eq(state).and(boundaries::layer.eq(layer)));
    diesel::delete(rows).execute(tx.conn)?;
    Ok(())
}

fn keep(tx: &mut Tx<'_>, state: UsState, outline: &Boundary, office: Option<i64>, town: Option<i64>) -> Result<(), StoreError> {
    diesel::insert_into(boundaries::table)
        .values((
            boundaries::state.eq(state),
            boundaries::layer.eq(outline.layer),
            boundaries::name.eq(&outline.name),
            boundaries::geoid.eq(&outline.geoid),
            boundaries::division_id.eq(&outline.division_id),
            boundaries::office_id.eq(office),
            boundaries::municipality_id.eq(town),
            boundaries::shape.eq(&outline.shape),
        ))
        .execute(tx.conn)?;
    Ok(())
}

fn make_municipality(tx: &mut Tx<'_>, state: UsState, outline: &Boundary) -> Result<i64, StoreError> {
    let id = diesel::insert_into(municipalities::table)
        .values((
            municipalities::state.eq(state),
            municipalities::name.eq(&outline.name),
            municipalities::county.eq(""),
            municipalities::geoid.eq(&outline.geoid),
            municipalities::population.eq(None::<i64>),
            municipalities::demo.eq(false),
        ))
        .returning(municipalities::id)
        .get_result(tx.conn)?;
    Ok(id)
}
