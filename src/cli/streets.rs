//! `standout streets`: house numbers, so that an address finds its districts on this machine.

use std::collections::HashSet;
use std::io::IsTerminal;
use std::path::Path;

use clap::Subcommand;
use indicatif::{ProgressBar, ProgressStyle};

use super::{Context, Failed, note, open, street_towns};
use crate::districts::{PORTION, Portion, addrfeat_name, read_addrfeat};
use crate::domain::{AuditAction, StreetName, UsState};
use crate::store::streets;

/// The most ranges that one write removes.
const SWEEP: i64 = 5_000;

#[derive(Subcommand)]
pub(super) enum StreetsCommand {
    /// Import the Census file of house numbers (ADDRFEAT) of one or more counties
    #[command(after_help = "The Census publishes one zip a county at https://www2.census.gov/geo/tiger/TIGER2025/ADDRFEAT/ \n\
                      (tl_2025_25025_addrfeat.zip: 25 is Massachusetts, 025 is Suffolk County). Download those of your state and\n\
                      import them as they are. A county imported again, also from another year, takes its own place; until it is\n\
                      all there, the streets of before are used.")]
    Import {
        /// The zips, or .shp files with their .dbf and .prj beside them
        #[arg(required = true)]
        files: Vec<String>,
        /// The state they are for, such as ma; needed only where campaigns write to several
        #[arg(long)]
        state: Option<String>,
    },
}

pub(super) fn run(command: StreetsCommand) -> Result<(), Failed> {
    let StreetsCommand::Import { files, state } = command;
    let context = open()?;
    let state = context.state(state.as_deref())?;
    let mut all = HashSet::new();
    for (done, (name, file)) in named(&files, state)?.into_iter().enumerate() {
        let imported = import(&context, state, file, &name);
        // What is left over of this import, of the one before, or of one that was stopped midway.
        while context.store.write_blocking({
            let name = name.clone();
            move |tx| streets::sweep(tx, state, &name, SWEEP)
        })? {}
        let (ranges, names) = imported.map_err(|Failed(text)| Failed(after(text, done)))?;
        println!("{file}: {ranges} house-number ranges on {}.", counted(names.len() as u64, "street"));
        all.extend(names);
    }
    street_towns::count(&context, state)?;
    let (ranges, counties) = context.store.read_blocking(|conn| streets::count(conn, state))?;
    let counties = counted(counties.unsigned_abs(), "file");
    println!(
        "{} has {ranges} ranges in {counties} now; this import brought {}.",
        state.name(),
        counted(all.len() as u64, "street name")
    );
    Ok(())
}

/// The files with what each is known by; two of one county are refused, since only one of them can count.
fn named(files: &[String], state: UsState) -> Result<Vec<(String, &String)>, Failed> {
    let mut all: Vec<(String, &String)> = Vec::new();
    for file in files {
        let name = addrfeat_name(Path::new(file), state)?;
        if let Some((_, before)) = all.iter().find(|(known, _)| *known == name) {
            return Err(Failed(format!(
                "{before} and {file} are of the same county ({name}), and only one of them can count. Nothing is imported; name the one that you want"
            )));
        }
        all.push((name, file));
    }
    Ok(all)
}

/// `1 street`, `2 streets`.
fn counted(count: u64, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// Files before the one that failed stay imported, and whoever reads the error should know.
fn after(text: String, done: usize) -> String {
    match done {
        0 => text,
        1 => format!("{text}\nThe file before it is imported."),
        _ => format!("{text}\nThe {done} files before it are imported."),
    }
}

/// Reads and keeps one file; gives how many ranges it has, and its streets.
fn import(context: &Context, state: UsState, file: &str, name: &str) -> Result<(u64, HashSet<StreetName>), Failed> {
    let store = &context.store;
    let id = store.write_blocking({
        let name = name.to_owned();
        move |tx| streets::begin(tx, state, &name)
    })?;
    let mut progress = Progress::new(file);
    let (mut count, mut names) = (0, HashSet::new());
    let read = read_addrfeat(Path::new(file), state, |portion: Portion| {
        progress.show(&portion);
        count += portion.ranges.len() as u64;
        for range in &portion.ranges {
            if !names.contains(&range.street) {
                names.insert(range.street.clone());
            }
        }
        store.write_blocking(move |tx| streets::add(tx, state, id, &portion.ranges)).map_err(Failed::from)
    });
    progress.end();
    read?;
    let (detail, now) = (format!("{name}: {count} ranges of house numbers"), context.clock.now());
    store.write_blocking(move |tx| {
        streets::complete(tx, id)?;
        note(tx, AuditAction::StreetsImported, state, detail, now)
    })?;
    Ok((count, names))
}

/// A bar in a terminal; lines where there is none.
struct Progress {
    file: String,
    bar: Option<ProgressBar>,
    said: u64,
}

impl Progress {
    fn new(file: &str) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let style = ProgressStyle::with_template("{msg} [{bar:30}] {percent}% {pos}/{len} rows, {eta} left");
            let bar = ProgressBar::new(0).with_message(file.to_owned());
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar
        });
        Self { file: file.to_owned(), bar, said: 0 }
    }

    fn show(&mut self, portion: &Portion) {
        if let Some(bar) = &self.bar {
            bar.set_length(portion.of);
            bar.set_position(portion.rows);
            return;
        }
        let tenth = portion.rows.saturating_mul(10).checked_div(portion.of).unwrap_or(10);
        if tenth > self.said && portion.of > PORTION as u64 {
            self.said = tenth;
            eprintln!("{}: {}0% ({} of {} rows)", self.file, tenth, portion.rows, portion.of);
        }
    }

    fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
