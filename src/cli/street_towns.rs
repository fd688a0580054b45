//! Which cities and towns have streets, worked out anew after streets or outlines of towns were imported.

use std::collections::BTreeMap;

use super::{Context, Failed};
use crate::districts::Atlas;
use crate::domain::{Layer, UsState};
use crate::store::{boundaries, street_towns};

/// Counts the ranges in each municipality by its outline, and keeps the numbers for the coverage page.
pub(super) fn count(context: &Context, state: UsState) -> Result<(), Failed> {
    let outlines = context.store.read_blocking(|conn| boundaries::of_state(conn, state))?;
    let towns = outlines.iter().filter(|outline| outline.layer == Layer::Municipality);
    let atlas = Atlas::build(towns.map(|town| (town.layer, 0, town.name.as_str(), town.shape.as_str())))?;
    let mut counted: BTreeMap<String, i64> = BTreeMap::new();
    context.store.read_blocking(|conn| {
        street_towns::beginnings(conn, state, |point| {
            if let Some(town) = atlas.municipality_at(point) {
                *counted.entry(town.to_owned()).or_default() += 1;
            }
        })
    })?;
    Ok(context.store.write_blocking(move |tx| street_towns::keep(tx, state, &counted))?)
}
