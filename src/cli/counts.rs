//! `standout counts`: the ladder on a terminal.

use clap::Args;

use super::{Failed, open};
use crate::domain::{Dimension, Slug};
use crate::report::Report;
use crate::store::campaigns;

#[derive(Args)]
pub(super) struct CountsArguments {
    /// The campaign's short name, as in its web address: ma-287g
    slug: String,
    /// As JSON
    #[arg(long)]
    json: bool,
    /// A row for each office, town or day
    #[arg(long, value_parser = ["office", "town", "day"])]
    by: Option<String>,
}

pub(super) fn run(arguments: &CountsArguments) -> Result<(), Failed> {
    let context = open()?;
    let slug = Slug::parse(&arguments.slug)?;
    let wanted = slug.clone();
    let found = context.store.read_blocking(move |conn| campaigns::find(conn, &wanted))?;
    let campaign =
        found.ok_or_else(|| Failed(format!("there is no campaign \"{slug}\"; `standout campaigns list` names them")))?;
    let by = arguments.by.as_deref().and_then(Dimension::parse_by).unwrap_or(Dimension::All);
    let report = context.store.read_blocking(|conn| Report::read(conn, campaign.id, slug, by))?;
    if arguments.json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else if by == Dimension::All {
        // One campaign reads better from top to bottom.
        for (column, cell) in report.columns().iter().zip(report.cells().concat()) {
            println!("{column:<14} {cell:>10}");
        }
    } else {
        print_table(&report);
    }
    Ok(())
}

/// No column is padded to more than this: a longer cell stands out of it, and `format!` takes no width above 65,535.
const WIDEST: usize = 100;

fn print_table(report: &Report) {
    let mut lines = vec![report.columns().iter().map(ToString::to_string).collect::<Vec<_>>()];
    lines.extend(report.cells());
    print!("{}", table(&lines));
}

/// Columns as wide as their widest cell.
fn table(lines: &[Vec<String>]) -> String {
    let widest = |column: usize| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0).min(WIDEST);
    let widths: Vec<usize> = (0..lines.first().map_or(0, Vec::len)).map(widest).collect();
    let line = |line: &Vec<String>| {
        let cells: Vec<String> = line.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        format!("{}\n", cells.join("  ").trim_end())
    };
    lines.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_cells_within_reason() {
        let lines = |name: &str| [["office", "sent"], [name, "9"], ["Li", "10"]].map(|line| line.map(str::to_owned).to_vec());
        assert_eq!(table(&lines("First Harbor")), "office        sent\nFirst Harbor  9\nLi            10\n");
        let long = "A".repeat(65_536);
        let table = table(&lines(&long));
        assert!(table.contains(&format!("{long}  9\n")) && table.len() < 66_000, "{}", table.len());
    }
}
