//! `standout places`: cities, towns and what else people call them.

use clap::Subcommand;

use super::{Failed, open};
use crate::districts::PlacesFile;
use crate::store::places;

#[derive(Subcommand)]
pub(super) enum PlacesCommand {
    /// Import towns with their districts, or other names of places, from CSV
    #[command(
        after_help = "Towns: columns municipality, house_districts, senate_districts (several separated by ;), optionally county, population, geoid.\nNames: columns place, municipality; or zip, usps_city, other_names, municipality."
    )]
    Import {
        /// The CSV files
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
    // All files are read before anything changes.
    let mut read = Vec::new();
    for file in &files {
        let bytes = std::fs::read(file).map_err(|error| Failed(format!("{file} can't be read: {error}")))?;
        read.push(PlacesFile::read(&bytes, file)?);
    }
    for (file, places) in files.iter().zip(read) {
        match places {
            PlacesFile::Towns(towns) => {
                let unique = towns.iter().filter(|town| town.elects_one_of_each()).count();
                let count = towns.len();
                context.store.write_blocking(move |tx| places::import_towns(tx, state, &towns, false))?;
                println!(
                    "{file}: {count} cities and towns; {unique} of them have one House and one Senate district each, in the others people choose."
                );
            }
            PlacesFile::Names(names) => {
                let count = names.len();
                context.store.write_blocking(move |tx| places::import_names(tx, state, &names))?;
                println!("{file}: {count} other names of places.");
            }
        }
    }
    Ok(())
}
