//! The names people have for where they live: villages, neighbourhoods, post offices.

use std::collections::HashSet;
use std::io::Read;

use crate::csv::{Problems, Sheet};
use crate::domain::{PlaceName, UsState, fold};

use super::places_error::PlacesError;

/// Well-known names by state, with the header `state,place,municipality`.
const BUILT_IN: &str = include_str!("place_names.csv");

/// Reads names of places: a CSV with `place` and `municipality`, or one by ZIP code with `usps_city`,
/// `other_names` (several separated by `;`) and `municipality`. A name that is its municipality's own is
/// left out. `source` names the file in errors.
///
/// # Errors
/// [`PlacesError`], with all rows that can't be used at once.
pub fn read_place_names(reader: impl Read, source: &str) -> Result<Vec<PlaceName>, PlacesError> {
    names_in(&Sheet::read(reader, source)?)
}

pub(super) fn names_in(sheet: &Sheet) -> Result<Vec<PlaceName>, PlacesError> {
    let by_zip = sheet.has("usps_city") && !sheet.has("place");
    sheet.require(&[if by_zip { "usps_city" } else { "place" }, "municipality"])?;
    let mut problems = Problems::new(sheet.source());
    let mut names = Names::default();
    let mut rows = 0;
    for row in sheet.rows() {
        rows += 1;
        let municipality = row.cell("municipality");
        if municipality.is_empty() {
            problems.add(row.line(), "no municipality");
        }
        if by_zip {
            names.add(row.cell("usps_city"), municipality);
            row.list("other_names").for_each(|name| names.add(name, municipality));
        } else if row.cell("place").is_empty() {
            problems.add(row.line(), "no place");
        } else {
            names.add(row.cell("place"), municipality);
        }
    }
    problems.into_result()?;
    if rows == 0 {
        return Err(PlacesError::NoRows { source_name: sheet.source().to_owned() });
    }
    Ok(names.list)
}

/// The names of places in `state` that come with Standout; none for a state that has no list yet.
#[must_use]
pub fn built_in(state: UsState) -> Vec<PlaceName> {
    // The file is part of the program, and a test reads it: it can't fail here.
    let Ok(sheet) = Sheet::read(BUILT_IN.as_bytes(), "place_names.csv") else { return Vec::new() };
    let mut names = Names::default();
    for row in sheet.rows().filter(|row| row.cell("state") == state.code()) {
        names.add(row.cell("place"), row.cell("municipality"));
    }
    names.list
}

/// Names in the order they came, each once.
#[derive(Default)]
struct Names {
    list: Vec<PlaceName>,
    seen: HashSet<(String, String)>,
}

impl Names {
    fn add(&mut self, place: &str, municipality: &str) {
        let key = (fold(place), fold(municipality));
        if !key.0.is_empty() && key.0 != key.1 && self.seen.insert(key) {
            self.list.push(PlaceName { place: place.to_owned(), municipality: municipality.to_owned() });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(names: &[PlaceName]) -> Vec<(&str, &str)> {
        names.iter().map(|name| (name.place.as_str(), name.municipality.as_str())).collect()
    }

    #[test]
    fn both_shapes_are_read() {
        let text = "place,municipality\nHyannis,Barnstable\nhyannis,Barnstable\nBarnstable,Barnstable\nEssex,Lynn\nEssex,Ayer\n";
        let names = read_place_names(text.as_bytes(), "names.csv").unwrap();
        assert_eq!(pairs(&names), [("Hyannis", "Barnstable"), ("Essex", "Lynn"), ("Essex", "Ayer")]);

        let text =
            "zip,usps_city,other_names,municipality\n02130,Jamaica Plain,Boston;JP; Jamaica Plain,Boston\n01432,Ayer,,Ayer\n";
        let names = read_place_names(text.as_bytes(), "zips.csv").unwrap();
        assert_eq!(pairs(&names), [("Jamaica Plain", "Boston"), ("JP", "Boston")]);
    }

    #[test]
    fn rows_without_a_name_are_refused() {
        let error = read_place_names(&b"place,municipality,note\nHyannis,,\n,Ayer,\n"[..], "names.csv").unwrap_err().to_string();
        assert_eq!(error, "names.csv has 2 problems:\n  line 2: no municipality\n  line 3: no place");
        let error = read_place_names(&b"name,town\n"[..], "names.csv").unwrap_err().to_string();
        assert!(error.contains("\"place\", \"municipality\""), "{error}");
    }

    #[test]
    fn the_built_in_names_are_whole() {
        let sheet = Sheet::read(BUILT_IN.as_bytes(), "place_names.csv").unwrap();
        assert!(sheet.has("state") && names_in(&sheet).is_ok());
        assert!(sheet.rows().all(|row| UsState::parse(row.cell("state")).is_ok_and(|state| state.code() == row.cell("state"))));
        let names = built_in(UsState::parse("ma").unwrap());
        assert!(pairs(&names).contains(&("Jamaica Plain", "Boston")));
        assert!(built_in(UsState::parse("pr").unwrap()).is_empty());
    }
}
