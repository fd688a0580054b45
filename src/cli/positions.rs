//! `standout positions`: evidence of where officials stand.

use std::collections::{BTreeMap, BTreeSet};

use clap::Subcommand;

use super::{Context, Failed, note, open};
use crate::domain::{Act, BillNumbers, Day, Deed, Person, Position, UsState};
use crate::render::Campaign;
use crate::roster::{Conflict, PositionsDiff, read_positions};
use crate::store::{campaigns, offices, positions};

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
    let (known, offices) =
        context.store.read_blocking(|conn| Ok((positions::of_state(conn, state)?, offices::of_state(conn, state)?)))?;
    let people: Vec<_> = offices.into_iter().filter_map(|office| office.holder).map(|official| official.person).collect();

    let now = context.clock.now();
    let today = Day::utc(now);
    // All files are read before anything changes. Lists of bills name people as the bills do; acts that come with them may
    // tell, by the person's id, whose name that is.
    let mut texts = Vec::new();
    for file in &files {
        texts.push((file, std::fs::read(file).map_err(|error| Failed(format!("{file} can't be read: {error}")))?));
    }
    let mut by_all_names = people.clone();
    for (file, text) in &texts {
        for (id, name) in read_positions(text.as_slice(), file, &people, &today)?.names_on_bills {
            let known = people.iter().find(|person| person.source_id == id);
            by_all_names.extend(known.map(|person| Person { name, ..person.clone() }));
        }
    }
    let mut evidence = Vec::new();
    let mut names = BTreeMap::new();
    for (file, text) in &texts {
        let read = read_positions(text.as_slice(), file, &by_all_names, &today)?;
        for skipped in &read.skipped {
            eprintln!("skipped: {file}, {skipped}");
        }
        println!("{file}: {} pieces of evidence.", read.positions.len());
        names.extend(read.names);
        evidence.extend(read.positions);
    }
    names.extend(people.iter().map(|person| (person.source_id.clone(), person.name.clone())));
    let in_office: BTreeSet<&str> = people.iter().map(|person| person.source_id.as_str()).collect();
    let gone = evidence.iter().filter(|told| !in_office.contains(told.person.as_str()));
    let gone: BTreeSet<&str> = gone.map(|told| told.person.as_str()).collect();
    if !gone.is_empty() {
        eprintln!(
            "warning: {} of the people are not in the roster of {}. If they left, all is well; if not, import the roster first.",
            gone.len(),
            state.name()
        );
    }

    let diff = PositionsDiff::between(&known, &evidence);
    let mut measures = measures(&context, state)?;
    measures.extend(diff.other_bills(&measures));
    show_new(&known, &evidence, &names);
    show_conflicts(&diff.conflicts(&measures), &names);
    println!("{} new, {} seen again on a later day, {} known already.", diff.new, diff.renewed, diff.unchanged);
    if dry_run {
        println!("Nothing was changed (--dry-run).");
        return Ok(());
    }
    for portion in evidence.chunks(PORTION) {
        let portion = portion.to_vec();
        context.store.write_blocking(move |tx| positions::import(tx, state, &portion, now))?;
    }
    let detail = format!("{} new, {} seen again on a later day", diff.new, diff.renewed);
    context.store.write_blocking(move |tx| note(tx, Deed::PositionsImported, state, detail, now))?;
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

fn show_new(known: &[Position], evidence: &[Position], names: &BTreeMap<String, String>) {
    let new: Vec<_> = evidence.iter().filter(|told| !known.iter().any(|before| before.repeats(told))).collect();
    for told in new.iter().take(LISTED) {
        println!("  new: {}, {}: {}", name(names, &told.person), told.bills.to_string().to_uppercase(), in_words(told));
    }
    if new.len() > LISTED {
        println!("  and {} more", new.len() - LISTED);
    }
}

fn show_conflicts(conflicts: &[Conflict<'_>], names: &BTreeMap<String, String>) {
    if !conflicts.is_empty() {
        let cases = if conflicts.len() == 1 { "case" } else { "cases" };
        println!("Where sources disagree ({} {cases}), both sides are kept and shown:", conflicts.len());
    }
    for conflict in conflicts.iter().take(LISTED) {
        println!("  {}, {}:", name(names, conflict.person), conflict.measure);
        for side in &conflict.sides {
            println!("    {}: {}", side.bills.to_string().to_uppercase(), in_words(side));
        }
    }
    if conflicts.len() > LISTED {
        println!("  and {} more", conflicts.len() - LISTED);
    }
}

fn name<'a>(names: &'a BTreeMap<String, String>, person: &'a str) -> &'a str {
    names.get(person).map_or(person, String::as_str)
}

/// "signed on 2025-02-19 (source, seen on 2025-03-10)".
fn in_words(told: &Position) -> String {
    let act = match told.act {
        Act::LeadSponsor => "leads it",
        Act::Signed => "signed",
        Act::NotSigned => "had not signed",
        Act::VotedYes => "voted yes",
        Act::VotedNo => "voted no",
        Act::SpokeFor => "spoke for it",
        Act::SpokeAgainst => "spoke against it",
    };
    let on = told.on.as_ref().map(|day| format!(" on {}", day.as_str())).unwrap_or_default();
    format!("{act}{on} ({}, seen on {})", told.source, told.as_of.as_str())
}
