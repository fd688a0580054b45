//! Which districts touch each town, worked out from the outlines after they were imported.

use std::collections::{BTreeMap, BTreeSet};

use super::{Context, Failed, street_towns};
use crate::districts::{Named, touching};
use crate::domain::{Chamber, DistrictName, Layer, Municipality, UsState};
use crate::store::boundaries::{self, Outline};
use crate::store::places;

/// Works out the towns' districts anew where there are outlines of both, keeps them, and says which towns differ from
/// what was known before; also which towns have streets.
pub(super) fn work_out(context: &Context, state: UsState) -> Result<(), Failed> {
    let outlines = context.store.read_blocking(|conn| boundaries::of_state(conn, state))?;
    let of = |layer| outlines.iter().filter(|outline| outline.layer == layer).collect::<Vec<_>>();
    let towns = of(Layer::Municipality);
    let mut chambers = Vec::new();
    for chamber in [Chamber::Upper, Chamber::Lower] {
        let districts = of(Layer::District(chamber));
        if !towns.is_empty() && !districts.is_empty() {
            chambers.push((chamber, by_town(&towns, &districts)?));
        }
    }
    street_towns::count(context, state)?;
    if chambers.is_empty() {
        return Ok(());
    }
    let before = context.store.read_blocking(|conn| places::municipalities(conn, state))?;
    let worked_out: Vec<Chamber> = chambers.iter().map(|(chamber, _)| *chamber).collect();
    context.store.write_blocking(move |tx| {
        chambers.iter().try_for_each(|(chamber, towns)| boundaries::set_districts_of_towns(tx, *chamber, towns))
    })?;
    let after = context.store.read_blocking(|conn| places::municipalities(conn, state))?;
    say(&worked_out, &before, &after);
    Ok(())
}

/// The offices whose districts touch each municipality, by its id. One that no outline reaches is left out, and keeps
/// what is known of it.
fn by_town(towns: &[&Outline], districts: &[&Outline]) -> Result<BTreeMap<i64, Vec<i64>>, Failed> {
    let (town_shapes, district_shapes) = (named(towns), named(districts));
    let mut found: BTreeMap<i64, BTreeSet<i64>> = BTreeMap::new();
    for (town, touched) in towns.iter().zip(touching(&town_shapes, &district_shapes)?) {
        let offices = touched.into_iter().filter_map(|at| districts[at].office_id);
        if let Some(id) = town.municipality_id {
            // Several outlines may be of one name, such as townships of two counties: people there choose.
            found.entry(id).or_default().extend(offices);
        }
    }
    let reached = found.into_iter().filter(|(_, offices)| !offices.is_empty());
    Ok(reached.map(|(town, offices)| (town, offices.into_iter().collect())).collect())
}

fn named<'a>(outlines: &[&'a Outline]) -> Vec<Named<'a>> {
    outlines.iter().map(|outline| (outline.name.as_str(), outline.shape.as_str())).collect()
}

fn say(chambers: &[Chamber], before: &[Municipality], after: &[Municipality]) {
    let unique = after.iter().filter(|town| town.elects_one_of_each()).count();
    println!(
        "Worked out which districts touch {} cities and towns; {unique} of them have one House and one Senate district each, in the others people choose.",
        after.len()
    );
    let known: BTreeMap<&str, &Municipality> = before.iter().map(|town| (town.name.as_str(), town)).collect();
    let mut differing = Vec::new();
    for town in after {
        let Some(old) = known.get(town.name.as_str()) else { continue };
        for chamber in chambers {
            let names = |town: &Municipality| town.of(*chamber).cloned().collect::<BTreeSet<DistrictName>>();
            let (old, new) = (names(old), names(town));
            if !old.is_empty() && old != new {
                let list = |names: &BTreeSet<DistrictName>| names.iter().map(|d| d.name.as_str()).collect::<Vec<_>>().join("; ");
                differing.push(format!("  {}, {}: {} (before: {})", town.name, chamber.label(), list(&new), list(&old)));
            }
        }
        if town.districts.is_empty() {
            differing.push(format!("  {}: no district's outline reaches it", town.name));
        }
    }
    if !differing.is_empty() {
        println!("These differ from what was known before:\n{}", differing.join("\n"));
    }
}
