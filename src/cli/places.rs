//! `standout places`: cities, towns and what else people call them.

use std::path::Path;

use clap::Subcommand;

use super::{Failed, note, open, towns};
use crate::districts::{PlacesFile, holds_outlines, read_boundaries, read_limited};
use crate::domain::{AuditAction, Layer};
use crate::store::{boundaries, places};

#[derive(Subcommand)]
pub(super) enum PlacesCommand {
    /// Import towns with their districts, or other names of places, from CSV; or outlines of towns
    #[command(
        after_help = "Outlines: GeoJSON, a shapefile (.shp with its .dbf and .prj beside it) or a zip of one, in plain longitude and latitude, such as TIGER/Line county subdivisions or places; what was there is replaced, and where districts have outlines the towns' districts are worked out from them.\nTowns: columns municipality, house_districts, senate_districts (several separated by ;), optionally county, population, geoid.\nNames: columns place, municipality; or zip, usps_city, other_names, municipality."
    )]
    Import {
        /// The files
        #[arg(required = true)]
        files: Vec<String>,
        /// The state they are for, such as ma; needed only where campaigns write to several
        #[arg(long)]
        state: Option<String>,
    },
}

pub(super) fn run(command: PlacesCommand) -> Result<(), Failed> {
    let PlacesCommand::Import { files, state } = command;
    let context = open()?;
    let state = context.state(state.as_deref())?;
    let now = context.clock.now();
    // All files are read before anything changes.
    let mut read = Vec::new();
    let mut outlines = Vec::new();
    for file in &files {
        let path = Path::new(file);
        let bytes = read_limited(path)?;
        if holds_outlines(&bytes, path) {
            outlines.extend(read_boundaries(&bytes, path, Layer::Municipality, state)?);
        } else {
            read.push((file, PlacesFile::read(&bytes, file)?));
        }
    }
    for (file, places) in read {
        match places {
            PlacesFile::Towns(towns) => {
                let unique = towns.iter().filter(|town| town.elects_one_of_each()).count();
                let count = towns.len();
                context.store.write_blocking(move |tx| {
                    places::import_towns(tx, state, &towns, false)?;
                    note(tx, AuditAction::PlacesImported, state, format!("{count} cities and towns"), now)
                })?;
                println!(
                    "{file}: {count} cities and towns; {unique} of them have one House and one Senate district each, in the others people choose."
                );
            }
            PlacesFile::Names(names) => {
                let count = names.len();
                context.store.write_blocking(move |tx| {
                    places::import_names(tx, state, &names)?;
                    note(tx, AuditAction::PlacesImported, state, format!("{count} other names of places"), now)
                })?;
                println!("{file}: {count} other names of places.");
            }
        }
    }
    if outlines.is_empty() {
        return Ok(());
    }
    println!("{} outlines of cities and towns.", outlines.len());
    context.store.write_blocking(move |tx| {
        boundaries::replace_municipalities(tx, state, &outlines)?;
        note(tx, AuditAction::PlacesImported, state, format!("{} outlines of cities and towns", outlines.len()), now)
    })?;
    towns::work_out(&context, state)
}
