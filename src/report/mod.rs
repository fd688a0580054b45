//! The ladder as files: the same words and the same order of states in JSON, in CSV and on the command line. Beside it, the
//! long files that staff take out ([`Export`]).
//!
//! The names are the stored ones, part of the outside contract: scripts read them.

mod cells;
mod export;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::domain::{Dimension, Ladder, LetterCounts, MessageState, Slug};
use crate::store::counts::{self, OfficeLadder};
use crate::store::{Reader, StoreError};

pub use export::Export;

/// How many columns of numbers each row has: signed up, confirmed, all letters, and one for each state.
const NUMBERS: usize = 3 + MessageState::ALL.len();

/// A campaign's numbers at one moment. Serialized it is the JSON of `standout counts --json`.
pub struct Report {
    campaign: Slug,
    by: Dimension,
    rows: Vec<ReportRow>,
}

/// One row of a [`Report`]: what it is about, and its numbers.
pub struct ReportRow {
    /// What the row is about.
    pub group: Group,
    /// The numbers.
    pub ladder: Ladder,
}

/// What a row of numbers is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Group {
    /// The whole campaign.
    Campaign,
    /// One office.
    Office {
        /// Its id.
        id: i64,
        /// `upper`, `lower` or `governor`.
        chamber: &'static str,
        /// Its district; empty for the governor.
        district: String,
        /// Who holds it now; `None` while the seat is empty.
        official: Option<String>,
    },
    /// One municipality, by name.
    Town(String),
    /// One day in the campaign's time zone, ISO 8601.
    Day(String),
}

impl Report {
    /// Reads the numbers of the campaign: in total, or in rows by office, town or day (oldest first).
    pub fn read(conn: &mut Reader, id: i64, campaign: Slug, by: Dimension) -> Result<Self, StoreError> {
        let rows = match by {
            Dimension::All => vec![ReportRow { group: Group::Campaign, ladder: counts::total(conn, id)? }],
            Dimension::Office => counts::by_office(conn, id)?.into_iter().map(of_office).collect(),
            dimension => {
                let group = if dimension == Dimension::Town { Group::Town } else { Group::Day };
                // A day on which people only looked has nothing of what is reported.
                let looked = |ladder: &Ladder| ladder.visited > 0 && Ladder { visited: 0, ..ladder.clone() } == Ladder::default();
                let rows = counts::by(conn, id, dimension)?.into_iter().filter(|(_, ladder)| !looked(ladder));
                rows.map(|(key, ladder)| ReportRow { group: group(key), ladder }).collect()
            }
        };
        Ok(Self { campaign, by, rows })
    }

    /// The rows.
    #[must_use]
    pub fn rows(&self) -> &[ReportRow] {
        &self.rows
    }

    /// The stored names of the columns: first the ones that say what a row is about, then `signed_up`, `confirmed`,
    /// `total` and every state in the order of a letter's life.
    #[must_use]
    pub fn columns(&self) -> Vec<&'static str> {
        let about: &[&str] = match self.by {
            Dimension::All => &["campaign"],
            Dimension::Office => &["office", "chamber", "district", "official"],
            Dimension::Town => &["town"],
            Dimension::Day | Dimension::OfficeDay => &["day"],
        };
        let states = MessageState::ALL.iter().map(|state| state.as_str());
        about.iter().copied().chain(["signed_up", "confirmed", "total"]).chain(states).collect()
    }

    /// The cells of every row, as many as [`Report::columns`] and in their order.
    #[must_use]
    pub fn cells(&self) -> Vec<Vec<String>> {
        let line = |row: &ReportRow| {
            let mut cells = match &row.group {
                Group::Campaign => vec![self.campaign.as_str().to_owned()],
                Group::Office { id, chamber, district, official } => {
                    vec![id.to_string(), (*chamber).to_owned(), district.clone(), official.clone().unwrap_or_default()]
                }
                Group::Town(name) | Group::Day(name) => vec![name.clone()],
            };
            let letters = &row.ladder.letters;
            cells.extend([row.ladder.signed_up, row.ladder.confirmed, letters.total()].map(|n| n.to_string()));
            cells.extend(MessageState::ALL.iter().map(|state| letters.get(*state).to_string()));
            cells
        };
        self.rows.iter().map(line).collect()
    }

    /// The same as CSV (RFC 4180): a header line, then the rows, lines ended by CRLF.
    #[must_use]
    pub fn csv(&self) -> String {
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
        // Writing to memory does not fail, and every row has as many cells as there are columns.
        let _ = writer.write_record(self.columns());
        let about = self.columns().len() - NUMBERS;
        for mut cells in self.cells() {
            for cell in cells.iter_mut().take(about) {
                *cell = cells::defused(cell).into_owned();
            }
            let _ = writer.write_record(cells);
        }
        writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
    }

    /// What a file of it is called, without its ending: `ma-287g-counts-by-day`.
    #[must_use]
    pub fn file_stem(&self) -> String {
        match self.by {
            Dimension::All => format!("{}-counts", self.campaign),
            dimension => format!("{}-counts-by-{}", self.campaign, dimension.as_str()),
        }
    }
}

fn of_office(row: OfficeLadder) -> ReportRow {
    let OfficeLadder { office: id, chamber, district, official, ladder } = row;
    ReportRow { group: Group::Office { id, chamber: chamber.as_str(), district, official }, ladder }
}

/// One object for the whole campaign; a list of objects with the same keys, and what each is about, for anything else.
impl Serialize for Report {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let rows = self.rows.iter().map(|row| Named { campaign: &self.campaign, row });
        match (self.by, self.rows.as_slice()) {
            (Dimension::All, [total]) => Named { campaign: &self.campaign, row: total }.serialize(serializer),
            _ => serializer.collect_seq(rows),
        }
    }
}

/// A row that says which campaign it is of.
struct Named<'a> {
    campaign: &'a Slug,
    row: &'a ReportRow,
}

impl Serialize for Named<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("campaign", self.campaign.as_str())?;
        match &self.row.group {
            Group::Campaign => {}
            Group::Office { id, chamber, district, official } => {
                map.serialize_entry("office", id)?;
                map.serialize_entry("chamber", chamber)?;
                map.serialize_entry("district", district)?;
                map.serialize_entry("official", official)?;
            }
            Group::Town(name) => map.serialize_entry("town", name)?,
            Group::Day(day) => map.serialize_entry("day", day)?,
        }
        numbers(&mut map, &self.row.ladder)?;
        map.end()
    }
}

fn numbers<M: SerializeMap>(map: &mut M, ladder: &Ladder) -> Result<(), M::Error> {
    map.serialize_entry("signed_up", &ladder.signed_up)?;
    map.serialize_entry("confirmed", &ladder.confirmed)?;
    map.serialize_entry("letters", &Letters(&ladder.letters))
}

/// Letters by state; by hand, because a map of `serde_json` would sort the states by name.
struct Letters<'a>(&'a LetterCounts);

impl Serialize for Letters<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(MessageState::ALL.len() + 1))?;
        map.serialize_entry("total", &self.0.total())?;
        for state in MessageState::ALL {
            map.serialize_entry(state.as_str(), &self.0.get(state))?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Metric;

    fn ladder() -> Ladder {
        let mut ladder = Ladder::default();
        ladder.add(Metric::SignedUp, 3);
        ladder.add(Metric::Confirmed, 2);
        ladder.add(Metric::Letters(MessageState::Sent), 4);
        ladder.add(Metric::Letters(MessageState::Bounced), 1);
        ladder
    }

    fn report(by: Dimension, groups: Vec<Group>) -> Report {
        let rows = groups.into_iter().map(|group| ReportRow { group, ladder: ladder() }).collect();
        Report { campaign: Slug::parse("ma-287g").unwrap(), by, rows }
    }

    const LETTERS: &str = r#""letters":{"total":5,"unconfirmed":0,"queued":0,"sending":0,"sent":4,"bounced":1,"failed":0,"held":0,"withdrawn":0,"expired":0,"self_send":0,"self_reported":0}"#;

    #[test]
    fn the_json_keeps_its_shape_and_order() {
        let total = report(Dimension::All, vec![Group::Campaign]);
        assert_eq!(
            serde_json::to_string(&total).unwrap(),
            format!(r#"{{"campaign":"ma-287g","signed_up":3,"confirmed":2,{LETTERS}}}"#)
        );
        let seat = Group::Office { id: 7, chamber: "upper", district: "First Harbor".into(), official: None };
        assert_eq!(
            serde_json::to_string(&report(Dimension::Office, vec![seat])).unwrap(),
            format!(
                r#"[{{"campaign":"ma-287g","office":7,"chamber":"upper","district":"First Harbor","official":null,"signed_up":3,"confirmed":2,{LETTERS}}}]"#
            )
        );
        assert_eq!(serde_json::to_string(&report(Dimension::Town, Vec::new())).unwrap(), "[]");
    }

    #[test]
    fn a_spreadsheet_runs_nothing() {
        let towns = ["=HYPERLINK(\"http://x\")", "+1", "-2+3", "@SUM", "\tx", "Gullhaven, \"Old\""];
        let text = report(Dimension::Town, towns.map(|town| Group::Town(town.into())).into()).csv();
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        assert_eq!(reader.headers().unwrap().iter().take(4).collect::<Vec<_>>(), ["town", "signed_up", "confirmed", "total"]);
        let heads: Vec<String> = reader.records().map(|row| row.unwrap()[0].to_owned()).collect();
        assert_eq!(heads, ["'=HYPERLINK(\"http://x\")", "'+1", "'-2+3", "'@SUM", "'\tx", "Gullhaven, \"Old\""]);
        assert!(text.lines().count() == 7 && text.matches("\r\n").count() == 7);
    }
}
