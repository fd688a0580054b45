//! The demo of a first run: a made-up roster, towns and stands, and the first campaign.

use super::StartError;
use crate::districts::read_towns;
use crate::domain::{Timestamp, UsState};
use crate::render::{Campaign, TemplateFiles, demo_campaigns};
use crate::roster::{read_people, read_positions};
use crate::store::{Store, campaigns, offices, places, positions};

const OFFICIALS: &str = include_str!("../../demo/officials.csv");
const TOWNS: &str = include_str!("../../demo/towns.csv");
const POSITIONS: &str = include_str!("../../demo/positions.csv");

/// Loads the demo into a database without any campaign; any other is left alone.
pub(super) fn load_where_empty(store: &Store, templates: &TemplateFiles, now: Timestamp) -> Result<(), StartError> {
    if !store.read_blocking(campaigns::all)?.is_empty() {
        return Ok(());
    }
    let failed = |cause: &dyn std::fmt::Display| StartError::Demo(cause.to_string());
    let people = read_people(OFFICIALS.as_bytes(), "demo/officials.csv").map_err(|error| failed(&error))?.people;
    let towns = read_towns(TOWNS.as_bytes(), "demo/towns.csv").map_err(|error| failed(&error))?;
    let stands = read_positions(POSITIONS.as_bytes(), "demo/positions.csv", &people).map_err(|error| failed(&error))?.positions;
    let mut folders = Vec::new();
    for files in demo_campaigns() {
        let campaign = Campaign::compile(&files, templates).map_err(StartError::Templates)?;
        folders.push((campaign.settings, files));
    }
    let states: std::collections::BTreeSet<UsState> = folders.iter().map(|(settings, _)| settings.state).collect();
    store.write_blocking(move |tx| {
        // A database that was given real officials or towns before its first campaign keeps them.
        for state in states {
            if offices::of_state(tx.reader(), state)?.is_empty() {
                offices::replace_roster(tx, state, &people, true, now)?;
                places::import_towns(tx, state, &towns, true)?;
                positions::import(tx, state, &stands, now)?;
            }
        }
        for (settings, files) in &folders {
            campaigns::import(tx, &settings.slug, &settings.time_zone_name, files, "demo", now)?;
        }
        Ok(())
    })?;
    Ok(())
}
