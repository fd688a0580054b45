//! Cities and towns with the districts that touch each, from a CSV.

use std::collections::HashMap;
use std::io::Read;

use crate::csv::{Problems, Row, Sheet};
use crate::domain::{Chamber, DistrictName, Municipality, fold, has_letter};

use super::places_error::PlacesError;

/// Reads a list of towns: the columns `municipality`, `house_districts` and `senate_districts` (several
/// separated by `;`), and if they are there `county`, `population_2020` or `population`, and
/// `census_cousub_geoid` or `geoid`. `source` names the file in errors.
///
/// # Errors
/// [`PlacesError`], with all rows that can't be used at once.
pub fn read_towns(reader: impl Read, source: &str) -> Result<Vec<Municipality>, PlacesError> {
    towns_in(&Sheet::read(reader, source)?)
}

pub(super) fn towns_in(sheet: &Sheet) -> Result<Vec<Municipality>, PlacesError> {
    sheet.require(&["municipality", "house_districts", "senate_districts"])?;
    let mut problems = Problems::new(sheet.source());
    let mut lines = HashMap::new();
    let mut towns = Vec::new();
    for row in sheet.rows() {
        let name = row.cell("municipality");
        if !has_letter(name) {
            problems.add(row.line(), "no municipality");
        } else if let Some(first) = lines.insert(fold(name), row.line()) {
            problems.add(row.line(), format!("{name} is in line {first} already; write all its districts in one row"));
        }
        let (house, senate) =
            (districts(row, "house_districts", Chamber::Lower), districts(row, "senate_districts", Chamber::Upper));
        for (found, column) in [(&house, "house_districts"), (&senate, "senate_districts")] {
            if found.is_empty() {
                problems.add(row.line(), format!("{name} has no district in {column}"));
            }
        }
        let population = match population(row.first(&["population_2020", "population"])) {
            Ok(population) => population,
            Err(written) => {
                problems.add(row.line(), format!("{name} has the population \"{written}\", which is no number of people"));
                None
            }
        };
        towns.push(Municipality {
            name: name.to_owned(),
            county: row.cell("county").to_owned(),
            geoid: row.first(&["census_cousub_geoid", "geoid"]).to_owned(),
            population,
            districts: house.into_iter().chain(senate).collect(),
        });
    }
    problems.into_result()?;
    if towns.is_empty() {
        return Err(PlacesError::NoRows { source_name: sheet.source().to_owned() });
    }
    Ok(towns)
}

/// The districts of one cell, each once.
fn districts(row: Row<'_>, column: &str, chamber: Chamber) -> Vec<DistrictName> {
    let mut districts: Vec<DistrictName> = Vec::new();
    for name in row.list(column) {
        let district = DistrictName::new(chamber, name);
        if districts.iter().all(|known| known.key() != district.key()) {
            districts.push(district);
        }
    }
    districts
}

/// A number of people, `675647` or `675,647`; none when blank.
fn population(written: &str) -> Result<Option<i64>, &str> {
    if written.is_empty() {
        return Ok(None);
    }
    written.replace(',', "").parse::<i64>().ok().filter(|people| *people >= 0).map(Some).ok_or(written)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "municipality,county,population,geoid,house_districts,senate_districts";

    fn read(rows: &str) -> Result<Vec<Municipality>, PlacesError> {
        read_towns(format!("{HEADER}\n{rows}").as_bytes(), "towns.csv")
    }

    #[test]
    fn a_town_has_its_districts() {
        let towns = read("Lynn,Essex,\"101,253\",0112345,10th Essex; 11th Essex;Tenth Essex,Third Essex\nAyer,,,,1,2").unwrap();
        let [lynn, ayer] = towns.as_slice() else { panic!("{towns:?}") };
        assert_eq!((lynn.county.as_str(), lynn.population, lynn.geoid.as_str()), ("Essex", Some(101_253), "0112345"));
        let house: Vec<_> = lynn.of(Chamber::Lower).map(|district| district.name.as_str()).collect();
        assert_eq!(house, ["10th Essex", "11th Essex"]);
        assert_eq!(lynn.of(Chamber::Upper).count(), 1);
        assert_eq!((ayer.population, ayer.geoid.as_str()), (None, ""));
    }

    #[test]
    fn all_problems_are_named_at_once() {
        let error = read("Lynn,,many,,1,2\nAyer,,-1,,,2\n,,,,1,2\nLYNN,,,,1, ; \n").unwrap_err().to_string();
        assert_eq!(
            error,
            "towns.csv has 6 problems:\n  \
             line 2: Lynn has the population \"many\", which is no number of people\n  \
             line 3: Ayer has no district in house_districts\n  \
             line 3: Ayer has the population \"-1\", which is no number of people\n  \
             line 4: no municipality\n  \
             line 5: LYNN is in line 2 already; write all its districts in one row\n  \
             line 5: LYNN has no district in senate_districts"
        );
        assert!(read("").unwrap_err().to_string().contains("no rows"));
    }

    #[test]
    fn missing_columns_are_all_named() {
        let error = read_towns(&b"town,senate_districts\n"[..], "towns.csv").unwrap_err().to_string();
        assert!(error.contains("\"municipality\", \"house_districts\""), "{error}");
    }
}
