//! A CSV of places, told by its header: a list of towns with their districts, or names that people have for towns.

use crate::csv::Sheet;
use crate::domain::{Municipality, PlaceName};

use super::place_names::names_in;
use super::places_error::PlacesError;
use super::towns_csv::towns_in;

/// What a file of places holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlacesFile {
    /// Cities and towns with the districts that touch them.
    Towns(Vec<Municipality>),
    /// Names of villages, neighbourhoods and post offices.
    Names(Vec<PlaceName>),
}

impl PlacesFile {
    /// Reads either kind. `source` names the file in errors.
    ///
    /// # Errors
    /// [`PlacesError`], with all rows that can't be used at once.
    pub fn read(bytes: &[u8], source: &str) -> Result<Self, PlacesError> {
        let sheet = Sheet::read(bytes, source)?;
        if sheet.has("house_districts") || sheet.has("senate_districts") {
            towns_in(&sheet).map(Self::Towns)
        } else if sheet.has("place") || sheet.has("usps_city") {
            names_in(&sheet).map(Self::Names)
        } else {
            Err(PlacesError::UnknownShape { source_name: source.to_owned() })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_tells_what_a_file_is() {
        let read = |text: &str| PlacesFile::read(text.as_bytes(), "places.csv");
        let towns = "municipality,house_districts,senate_districts\nAyer,1st Middlesex,First Middlesex\n";
        assert!(matches!(read(towns), Ok(PlacesFile::Towns(towns)) if towns.len() == 1));
        assert!(matches!(read("place,municipality\nHyannis,Barnstable\n"), Ok(PlacesFile::Names(names)) if names.len() == 1));
        assert!(matches!(read("zip,usps_city,municipality\n02601,Hyannis,Barnstable\n"), Ok(PlacesFile::Names(_))));
        for other in ["", "{\"type\": \"FeatureCollection\"}", "municipality,ward\nBoston,1\n"] {
            let error = read(other).unwrap_err().to_string();
            assert!(error.contains("house_districts") && error.contains("usps_city"), "{error}");
        }
        assert!(read("municipality,house_districts\nAyer,1\n").unwrap_err().to_string().contains("\"senate_districts\""));
        assert!(read("place,municipality\n").unwrap_err().to_string().contains("no rows"));
    }
}
