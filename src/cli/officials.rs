//! `standout officials`: the roster.

use std::fs::File;

use clap::Subcommand;

use super::{Failed, confirmed, open};
use crate::roster::{RosterDiff, read_people};
use crate::store::offices;

#[derive(Subcommand)]
pub(super) enum OfficialsCommand {
    /// Import an Open States people CSV; shows what would change, and asks, before it does
    #[command(
        after_help = "Rows with a `role` of governor and a `webform` column are read too. Chambers that the file does not name stay as they are."
    )]
    Import {
        /// The CSV file
        file: String,
        /// The state it is for, such as ma; needed only where campaigns write to several
        #[arg(long)]
        state: Option<String>,
        /// Show what would change, and change nothing
        #[arg(long)]
        dry_run: bool,
        /// Don't ask (nobody is asked either where there is no terminal)
        #[arg(long)]
        yes: bool,
        /// Import although the roster looks wrong
        #[arg(long)]
        force: bool,
    },
}

pub(super) fn run(command: OfficialsCommand) -> Result<(), Failed> {
    let OfficialsCommand::Import { file, state, dry_run, yes, force } = command;
    if file.starts_with("http://") || file.starts_with("https://") {
        return Err(Failed("a roster can't be fetched by its address yet; download the file and import that".into()));
    }
    let context = open()?;
    let state = context.state(state.as_deref())?;
    let reader = File::open(&file).map_err(|error| Failed(format!("{file} can't be read: {error}")))?;
    let roster = read_people(reader, &file)?;
    for skipped in &roster.skipped {
        eprintln!("skipped: {skipped}");
    }
    let (current, demo) =
        context.store.read_blocking(|conn| Ok((offices::roster(conn, state, false)?, offices::roster(conn, state, true)?)))?;
    let diff = RosterDiff::between(&current, &roster.people);
    println!("{diff}");
    if !demo.is_empty() {
        println!("The {} made-up officials of the demo are replaced.", demo.len());
    }
    let objections = diff.check(&current);
    for objection in &objections {
        eprintln!("warning: {objection}");
    }
    if dry_run {
        println!("Nothing was changed (--dry-run).");
        return Ok(());
    }
    if !objections.is_empty() && !force {
        return Err(Failed(
            "nothing was changed, because the roster looks wrong; check the file, or import it all the same with --force".into(),
        ));
    }
    if diff.is_empty() && demo.is_empty() {
        // The roster is known to be current now, although nothing in it changed.
        println!("Nothing has changed.");
    } else if !yes && !confirmed("Import this roster?")? {
        println!("Nothing was changed.");
        return Ok(());
    }
    let now = context.clock.now();
    let people = roster.people;
    context.store.write_blocking(move |tx| offices::replace_roster(tx, state, &people, false, now))?;
    println!("The roster of {} is imported: {}", state.name(), diff.summary());
    Ok(())
}
