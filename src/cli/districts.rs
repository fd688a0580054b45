//! `standout districts`: the outlines of the districts that officials are elected by.

use std::path::Path;

use clap::{Subcommand, ValueEnum};

use super::{Failed, note, open, towns};
use crate::districts::{JoinedBy, Joining, Named, overlaps, read_boundaries, read_limited};
use crate::domain::{AuditAction, Boundary, Chamber, Layer};
use crate::store::boundaries;

#[derive(Subcommand)]
pub(super) enum DistrictsCommand {
    /// Import the outlines of a chamber's districts from GeoJSON or Census shapefiles
    #[command(
        after_help = "Takes GeoJSON (a FeatureCollection), a shapefile (.shp with its .dbf and .prj beside it), or a zip of one, in plain longitude and latitude. The Census has them as TIGER/Line SLDU (upper) and SLDL (lower). What was there of this chamber is replaced."
    )]
    Import {
        /// The files
        #[arg(required = true)]
        files: Vec<String>,
        /// The chamber whose districts these are
        #[arg(long)]
        chamber: ChamberName,
        /// The state they are for, such as ma; needed only where campaigns write to several
        #[arg(long)]
        state: Option<String>,
        /// Import although the districts don't fit the roster, or overlap
        #[arg(long)]
        force: bool,
    },
}

#[derive(Clone, Copy, ValueEnum)]
pub(super) enum ChamberName {
    Upper,
    Lower,
}

pub(super) fn run(command: DistrictsCommand) -> Result<(), Failed> {
    let DistrictsCommand::Import { files, chamber, state, force } = command;
    let chamber = match chamber {
        ChamberName::Upper => Chamber::Upper,
        ChamberName::Lower => Chamber::Lower,
    };
    let context = open()?;
    let state = context.state(state.as_deref())?;
    // All files are read before anything changes.
    let mut outlines = Vec::new();
    for file in &files {
        let path = Path::new(file);
        outlines.extend(read_boundaries(&read_limited(path)?, path, Layer::District(chamber), state)?);
    }
    let mut objections = overlapping(&outlines)?;
    let offices = context.store.read_blocking(|conn| boundaries::office_marks(conn, state, chamber))?;
    let joining = Joining::of(outlines, chamber, &offices);
    objections.extend(joining.objections.iter().map(ToString::to_string));
    say(&joining, chamber);
    for objection in &objections {
        eprintln!("warning: {objection}");
    }
    if !objections.is_empty() && !force {
        return Err(Failed(
            "nothing was changed, because the districts don't fit; check the files, or import them all the same with --force"
                .into(),
        ));
    }
    let joined: Vec<_> = joining.joined.into_iter().map(|(outline, office, _)| (outline, office)).collect();
    let now = context.clock.now();
    context.store.write_blocking(move |tx| {
        boundaries::replace_districts(tx, state, chamber, &joined)?;
        note(tx, AuditAction::DistrictsImported, state, format!("{}: {} outlines", chamber.label(), joined.len()), now)
    })?;
    println!("The districts of the {} of {} are imported.", chamber.label(), state.name());
    towns::work_out(&context, state)
}

/// What overlaps, in words.
fn overlapping(outlines: &[Boundary]) -> Result<Vec<String>, Failed> {
    let named: Vec<Named<'_>> = outlines.iter().map(|outline| (outline.name.as_str(), outline.shape.as_str())).collect();
    let found = overlaps(&named)?.into_iter().map(|overlap| {
        let (one, other) = overlap.districts;
        let percent = overlap.share * 100.0;
        format!("{} and {} overlap: {percent:.1} % of the smaller one is in both", outlines[one].name, outlines[other].name)
    });
    Ok(found.collect())
}

fn say(joining: &Joining, chamber: Chamber) {
    println!("{}: {} outlines of districts.", chamber.label(), joining.joined.len());
    for (by, words) in [
        (JoinedBy::Geoid, "joined an office by GEOID"),
        (JoinedBy::DivisionId, "joined an office by OCD id"),
        (JoinedBy::Name, "joined an office by name"),
        (JoinedBy::New, "have no office yet; it is made"),
    ] {
        let count = joining.count(by);
        if count > 0 {
            println!("  {count} {words}");
        }
    }
    if !joining.vacant.is_empty() {
        println!("  {} with nobody in office: {}", joining.vacant.len(), joining.vacant.join("; "));
    }
    if !joining.without_outline.is_empty() {
        let count = joining.without_outline.len();
        println!("  {count} known before have no outline, and nobody in office: {}", joining.without_outline.join("; "));
    }
}
