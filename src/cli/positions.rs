//! `standout positions`: evidence of where officials stand.

use clap::Subcommand;

use super::{Context, Failed, open};
use crate::domain::{Actor, BillNumbers, UsState};
use crate::render::Campaign;
use crate::staff_actions::PositionsPlan;
use crate::store::{campaigns, positions};

/// So many pieces of evidence are written at once; sign-ups come in between.
const PORTION: usize = 5_000;
/// How many things of a kind are listed before the rest is only counted.
const LISTED: usize = 40;

#[derive(Subcommand)]
pub(super) enum PositionsCommand {
    /// Import evidence of where officials stand, from CSV; shows what is new and where sources disagree
    #[command(
        after_help = "Acts: columns bill, openstates_person_id, source, as_of, and signed (Y or N, with date_added) or position\n\
                      (lead_sponsor, signed, not_signed, voted_yes, voted_no, spoke_for, spoke_against, with date); name is shown in messages.\n\
                      Bills: columns bill, lead_sponsors (names as in the roster, separated by ;), status_as_of, source.\n\
                      A sponsor whom the roster knows by another name is found where acts given with it tell their name_on_bill.\n\
                      A bill may be a number and its companion, such as H.2580/S.1681. Days are written 2026-03-30.\n\
                      Of the same statement of the same source the newest is kept; sources that disagree are both kept."
    )]
    Import {
        /// The CSV files
        #[arg(required = true)]
        files: Vec<String>,
        /// The state they are for, such as ma; needed only where campaigns write to several
        #[arg(long)]
        state: Option<String>,
        /// Show what would change, and change nothing
        #[arg(long)]
        dry_run: bool,
    },
}

pub(super) fn run(command: PositionsCommand) -> Result<(), Failed> {
    let PositionsCommand::Import { files, state, dry_run } = command;
    let context = open()?;
    let state = context.state(state.as_deref())?;
    let now = context.clock.now();
    // All files are read before anything changes.
    let mut texts = Vec::new();
    for file in files {
        let text = std::fs::read(&file).map_err(|error| Failed(format!("{file} can't be read: {error}")))?;
        texts.push((file, text));
    }
    let plan = context.store.read_blocking(|conn| PositionsPlan::of(conn, state, &texts, now))??;
    for skipped in &plan.skipped {
        eprintln!("skipped: {skipped}");
    }
    for (file, count) in &plan.files {
        println!("{file}: {count} pieces of evidence.");
    }
    if plan.not_in_office > 0 {
        eprintln!(
            "warning: {} of the people are not in the roster of {}. If they left, all is well; if not, import the roster first.",
            plan.not_in_office,
            state.name()
        );
    }
    show_new(&plan.new_in_words());
    show_conflicts(&plan.conflicts(measures(&context, state)?));
    println!("{}.", plan.summary());
    if dry_run {
        println!("Nothing was changed (--dry-run).");
        return Ok(());
    }
    for portion in plan.evidence.chunks(PORTION) {
        let portion = portion.to_vec();
        context.store.write_blocking(move |tx| positions::import(tx, state, &portion, now))?;
    }
    context.store.write_blocking(move |tx| plan.note(tx, Actor::CommandLine, now))?;
    println!("The positions of {} are imported. Letters that were signed before stay as they are.", state.name());
    Ok(())
}

/// The measures of the state's campaigns, each once.
fn measures(context: &Context, state: UsState) -> Result<Vec<(String, BillNumbers)>, Failed> {
    let templates = context.templates();
    let mut measures: Vec<(String, BillNumbers)> = Vec::new();
    for stored in context.store.read_blocking(campaigns::all)? {
        // A campaign that can't be used is the service's to complain about.
        let Ok(campaign) = Campaign::compile(&stored.files, &templates) else { continue };
        for measure in campaign.settings.measures.into_iter().filter(|_| campaign.settings.state == state) {
            if !measures.iter().any(|(_, known)| *known == measure.bills) {
                measures.push((measure.name, measure.bills));
            }
        }
    }
    Ok(measures)
}

fn show_new(new: &[String]) {
    for told in new.iter().take(LISTED) {
        println!("  new: {told}");
    }
    if new.len() > LISTED {
        println!("  and {} more", new.len() - LISTED);
    }
}

fn show_conflicts(conflicts: &[(String, Vec<String>)]) {
    if !conflicts.is_empty() {
        let cases = if conflicts.len() == 1 { "case" } else { "cases" };
        println!("Where sources disagree ({} {cases}), both sides are kept and shown:", conflicts.len());
    }
    for (about, sides) in conflicts.iter().take(LISTED) {
        println!("  {about}:");
        for side in sides {
            println!("    {side}");
        }
    }
    if conflicts.len() > LISTED {
        println!("  and {} more", conflicts.len() - LISTED);
    }
}
