//! `standout officials`: the roster.

use clap::{Args, Subcommand};

use super::{Context, Failed, confirmed, open, source};
use crate::domain::{Actor, Day, NotADay, Person, UsState};
use crate::roster::{RosterFile, read_people};
use crate::staff_actions::{RosterChoices, RosterPlan};

/// The largest roster: that of the largest legislature has 0.4 MB.
const MAX_BYTES: usize = 10_000_000;
/// Where Open States publishes the people of every state, each as `<state>.csv`.
const PUBLISHED: &str = "https://data.openstates.org/people/current";

#[derive(Subcommand)]
pub(super) enum OfficialsCommand {
    /// Import an Open States people CSV; shows what would change, and asks, before it does
    #[command(
        after_help = "Rows with a `role` of governor and a `webform` column are read too, and the columns title, salutation, term_end, \
                      census_geoid and ocd_division_id. Chambers that the file does not name stay as they are. Nobody is deleted: who is \
                      no longer named leaves office, and letters that wait for them are held."
    )]
    Import(Import),
}

#[derive(Args)]
pub(super) struct Import {
    /// The CSV file, or its web address (https); left out: the one that Open States publishes for --state
    file: Option<String>,
    /// The state it is for, such as ma; needed where campaigns write to several, or where no file is named
    #[arg(long)]
    state: Option<String>,
    /// Where the states' files are, each as <state>.csv; used where no file is named
    #[arg(long, value_name = "URL", default_value = PUBLISHED, hide_default_value = false)]
    from: String,
    /// The last day of the terms, for everybody of whom the file does not tell it, such as 2027-01-06
    #[arg(long, value_name = "DATE", value_parser = |text: &str| -> Result<Day, NotADay> { Day::parse(text) })]
    terms_end: Option<Day>,
    /// Show what would change, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Don't ask (nobody is asked either where there is no terminal)
    #[arg(long)]
    yes: bool,
    /// Import although the roster looks wrong
    #[arg(long)]
    force: bool,
}

pub(super) fn run(command: OfficialsCommand) -> Result<(), Failed> {
    let OfficialsCommand::Import(import) = command;
    let context = open()?;
    let (state, people) = import.read(&context)?;
    let now = context.clock.now();
    let choices = RosterChoices { terms_end: import.terms_end.clone(), force: import.force };
    let plan = context.store.read_blocking(|conn| RosterPlan::of(conn, state, people, choices, now))?;
    for (person, holder) in &plan.left_out {
        let seat = person.district.in_words();
        eprintln!("left out: {} ({seat}); {}, who comes later in the file, holds this seat", person.name, holder.name);
    }
    println!("{}", plan.diff);
    if plan.demo > 0 {
        println!("The {} made-up officials of the demo are replaced.", plan.demo);
    }
    for objection in &plan.objections {
        eprintln!("warning: {objection}");
    }
    if import.dry_run {
        println!("Nothing was changed (--dry-run).");
        return Ok(());
    }
    if plan.is_refused() {
        return Err(Failed(
            "nothing was changed, because the roster looks wrong; check the file, or import it all the same with --force".into(),
        ));
    }
    if plan.changes_nothing() {
        // The roster is known to be current now, although nothing in it changed.
        println!("Nothing has changed.");
    } else if !import.yes && !confirmed("Import this roster?")? {
        println!("Nothing was changed.");
        return Ok(());
    }
    let summary = plan.diff.summary();
    context.store.write_blocking(move |tx| plan.import(tx, Actor::CommandLine, now))?;
    println!("The roster of {} is imported: {summary}", state.name());
    Ok(())
}

impl Import {
    /// The state, and who the file names; says which rows are left out.
    fn read(&self, context: &Context) -> Result<(UsState, Vec<Person>), Failed> {
        let (state, file) = match (&self.file, &self.state) {
            (Some(file), named) => (context.state(named.as_deref())?, file.clone()),
            (None, Some(code)) => {
                let state = UsState::parse(code)?;
                (state, format!("{}/{state}.csv", self.from.trim_end_matches('/')))
            }
            (None, None) => {
                return Err(Failed(
                    "name the CSV file, or the state whose published roster is to be fetched, such as --state ma".into(),
                ));
            }
        };
        let RosterFile { people, skipped } = read_people(source::read(&file, MAX_BYTES)?.as_slice(), &file)?;
        for row in skipped {
            eprintln!("skipped: {row}");
        }
        Ok((state, people))
    }
}
