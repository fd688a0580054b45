//! Evidence of where officials stand, from CSV: who signed which bill, and the list of bills with those who lead them.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use super::evidence::{EvidencePart, WrittenEvidence, past_day};
use super::name::person_named;
use crate::csv::{Problems, Row, Sheet, SheetError};
use crate::domain::{Act, BillNumbers, Day, Person, Position};

/// What a file of evidence holds.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct PositionsFile {
    /// The evidence, in the order of the file.
    pub positions: Vec<Position>,
    /// The names that the file gives people, by their ids.
    pub names: BTreeMap<String, String>,
    /// The names of people as they stand on bills (`name_on_bill`), with their ids: rosters often have a familiar form.
    pub names_on_bills: BTreeSet<(String, String)>,
    /// What was left out, each with its line and the reason.
    pub skipped: Vec<String>,
}

const PERSON: &str = "openstates_person_id";

/// Reads a file of evidence; its header tells which kind it is. `source` names the file in errors.
///
/// A list of acts has the columns `bill`, `openstates_person_id`, `source`, `as_of`, and either `signed` (Y or N, with
/// the day in `date_added`) or `position` (a stored word, with the day in `date`); `name` is used in messages. A list of
/// bills has `bill`, `lead_sponsors` (names separated by `;`, found in `people` by name), `status_as_of` and `source`.
/// No day may be after `today`: it would pass for newer than all that is told until then.
///
/// # Errors
/// [`SheetError`], with all columns that are missing or all rows that can't be used at once.
pub fn read_positions(reader: impl Read, source: &str, people: &[Person], today: &Day) -> Result<PositionsFile, SheetError> {
    let sheet = Sheet::read(reader, source)?;
    let mut file = PositionsFile::default();
    let mut problems = Problems::new(source);
    if sheet.has("lead_sponsors") {
        sheet.require(&["bill", "status_as_of", "source"])?;
        sheet.rows().for_each(|row| lead_sponsors(row, people, today, &mut file, &mut problems));
    } else {
        let act = if sheet.has("position") { "position" } else { "signed" };
        sheet.require(&["bill", PERSON, act, "source", "as_of"])?;
        sheet.rows().for_each(|row| act_of(row, act == "position", today, &mut file, &mut problems));
    }
    problems.into_result()?;
    Ok(file)
}

/// One row of a list of acts.
fn act_of(row: Row<'_>, in_words: bool, today: &Day, file: &mut PositionsFile, problems: &mut Problems) {
    let person = row.cell(PERSON);
    if person.is_empty() {
        let name = row.first(&["name", "name_on_bill"]);
        file.skipped.push(format!("line {}: {} has no person id; is this somebody who left?", row.line(), or_nobody(name)));
        return;
    }
    let act =
        if in_words { Act::parse(row.cell("position")).map_err(|error| error.to_string()) } else { signed(row.cell("signed")) };
    let day_column = if in_words { "date" } else { "date_added" };
    let (bill, on) = (row.cell("bill"), row.cell(day_column));
    let written = WrittenEvidence { person, bill, on, as_of: row.cell("as_of"), source: row.cell("source") };
    let position = match written.read(act, today) {
        Ok(position) => position,
        Err(whys) => {
            for (part, why) in whys {
                let why = match part {
                    EvidencePart::On => format!("{day_column}: {why}"),
                    EvidencePart::AsOf => format!("as_of: {why}"),
                    EvidencePart::Bill | EvidencePart::Act | EvidencePart::Source => why,
                };
                problems.add(row.line(), why);
            }
            return;
        }
    };
    if !row.cell("name").is_empty() {
        file.names.insert(person.to_owned(), row.cell("name").to_owned());
    }
    if !row.cell("name_on_bill").is_empty() {
        file.names_on_bills.insert((person.to_owned(), row.cell("name_on_bill").to_owned()));
    }
    file.positions.push(position);
}

fn signed(cell: &str) -> Result<Act, String> {
    match cell.to_lowercase().as_str() {
        "y" | "yes" => Ok(Act::Signed),
        "n" | "no" => Ok(Act::NotSigned),
        _ => Err(format!("signed is \"{cell}\"; write Y or N")),
    }
}

/// One row of a list of bills. Status and source are only needed where somebody leads it.
fn lead_sponsors(row: Row<'_>, people: &[Person], today: &Day, file: &mut PositionsFile, problems: &mut Problems) {
    let mut sponsors = row.list("lead_sponsors").peekable();
    if sponsors.peek().is_none() {
        return;
    }
    let bills = BillNumbers::parse(row.cell("bill")).map_err(|error| problems.add(row.line(), error.to_string())).ok();
    let as_of = past_day(row.cell("status_as_of"), today);
    let as_of = as_of.map_err(|error| problems.add(row.line(), format!("status_as_of: {error}")));
    if row.cell("source").is_empty() {
        problems.add(row.line(), "no source; say who tells this");
        return;
    }
    let (Some(bills), Ok(as_of)) = (bills, as_of) else { return };
    for name in sponsors {
        let Some(person) = person_named(people, name) else {
            let bill = row.cell("bill");
            file.skipped.push(format!(
                "line {}: {name}, who leads {bill}, fits nobody or several people in the roster; write the name as the roster does",
                row.line()
            ));
            continue;
        };
        file.names.insert(person.source_id.clone(), person.name.clone());
        file.positions.push(Position {
            person: person.source_id.clone(),
            bills: bills.clone(),
            act: Act::LeadSponsor,
            on: None,
            source: row.cell("source").to_owned(),
            as_of: as_of.clone(),
        });
    }
}

fn or_nobody(name: &str) -> &str {
    if name.is_empty() { "the row" } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Chamber;
    use crate::roster::diff::tests::person;
    use proptest::prelude::*;

    fn read(text: &str) -> Result<PositionsFile, SheetError> {
        let named = |id: &str, name: &str| Person { name: name.into(), ..person(id, Chamber::Lower, "1st Essex") };
        read_positions(
            text.as_bytes(),
            "stands.csv",
            &[named("p1", "Inés Gómez"), named("p2", "Bo Li"), named("p3", "Bo A. Li")],
            &Day::parse("2026-11-22").unwrap(),
        )
    }

    #[test]
    fn signatures_are_read_with_their_days() {
        let file = read(
            "bill,openstates_person_id,name,date_added,signed,source,as_of\n\
             H.2580,p1,Inés Gómez,2025-02-19,Y,https://example.org/list,2025-03-10\n\
             H.2580/S.1681,p1,,,n,a scorecard,2026-03-30\n\
             H.2580,,Ana Gone,2025-02-19,Y,a list,2025-03-10\n",
        )
        .unwrap();
        let told: Vec<_> = file.positions.iter().map(|p| (p.bills.to_string(), p.act, p.day().as_str().to_owned())).collect();
        assert_eq!(
            told,
            [
                ("h2580".to_owned(), Act::Signed, "2025-02-19".to_owned()),
                ("h2580/s1681".to_owned(), Act::NotSigned, "2026-03-30".to_owned())
            ]
        );
        assert_eq!(file.names["p1"], "Inés Gómez");
        assert_eq!(file.skipped, ["line 4: Ana Gone has no person id; is this somebody who left?"]);
    }

    #[test]
    fn other_acts_are_read_by_their_words() {
        let file =
            read("bill,openstates_person_id,position,date,source,as_of\nS.3072,p2,voted_no,2026-05-07,a list,2026-06-01\n");
        assert_eq!(file.unwrap().positions[0].act, Act::VotedNo);
    }

    #[test]
    fn lead_sponsors_are_found_by_name_and_never_guessed() {
        let file = read(
            "bill,common_name,title,lead_sponsors,status,status_as_of,source\n\
             H.1588,Some Act,An Act,Ines M. Gomez; Agnes Gómez; Bo Li,In committee,2025-11-13,https://example.org/h1588\n\
             S.3072,Other,,,Passed,2026-07,somewhere\n",
        )
        .unwrap();
        assert_eq!(file.positions.iter().map(|p| p.person.as_str()).collect::<Vec<_>>(), ["p1"]);
        assert_eq!(file.skipped.len(), 2);
        assert!(file.skipped[0].starts_with("line 2: Agnes Gómez, who leads H.1588, fits nobody"), "{:?}", file.skipped);
    }

    #[test]
    fn all_missing_columns_are_named() {
        let error = read("bill,name,as_of\nH.1,Ana,2026-01-01\n").unwrap_err().to_string();
        assert!(error.contains("no column \"openstates_person_id\", \"signed\", \"source\""), "{error}");
        assert!(read("lead_sponsors\nAna\n").unwrap_err().to_string().contains("\"bill\", \"status_as_of\", \"source\""));
    }

    #[test]
    fn what_cannot_be_is_named_with_its_line() {
        let error = read(
            "bill,openstates_person_id,date_added,signed,source,as_of\nH.1,p1,2026-02-30,Y,a,2026-03-01\nsome bill,p1,,maybe,a,March\n\
             H.1,p1,,Y,,2026-03-01\nH.1,p1,2026-03-02,Y,a,2026-03-01\n",
        )
        .unwrap_err()
        .to_string();
        for expected in [
            "line 2: date_added: \"2026-02-30\" is no day",
            "line 3: signed is \"maybe\"; write Y or N",
            "line 3: \"some bill\" is no bill number",
            "line 3: as_of: \"March\" is no day",
            "line 4: no source",
            "line 5: date_added: the day it happened is later than as_of",
        ] {
            assert!(error.contains(expected), "no {expected} in:\n{error}");
        }
    }

    #[test]
    fn a_day_in_the_future_is_refused() {
        let error = read(
            "bill,openstates_person_id,date,position,source,as_of\nH.1,p1,2026-11-23,signed,a,2026-11-22\n\
             H.1,p1,,signed,a,2062-03-30\nH.1,p1,2026-11-22,signed,a,2026-11-22\n",
        );
        let error = error.unwrap_err().to_string();
        assert!(error.contains("line 2: date: 2026-11-23 is in the future (today is 2026-11-22)"), "{error}");
        assert!(error.contains("line 3: as_of: 2062-03-30 is in the future") && !error.contains("line 4"), "{error}");
        let error = read("bill,lead_sponsors,status_as_of,source\nH.1,Bo Li,2027-01-01,a\n").unwrap_err().to_string();
        assert!(error.contains("line 2: status_as_of: 2027-01-01 is in the future"), "{error}");
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(rows in "(\\PC{0,40}\n){0,6}") {
            let _ = read(&format!("bill,openstates_person_id,position,date,source,as_of\n{rows}"));
            let _ = read(&format!("bill,lead_sponsors,status_as_of,source\n{rows}"));
        }
    }
}
