//! The geocoder of the US Census Bureau: an address in, its legislative districts out.
//!
//! <https://geocoding.geo.census.gov/geocoder/Geocoding_Services_API.html>. It is asked only where the operator chose it.

use std::fmt;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Map, Value};
use url::Url;

use crate::domain::{LonLat, UsState};
use crate::fetch;

/// How long the geocoder has for its whole answer; then the address is looked up on this machine.
const TIMEOUT: Duration = Duration::from_secs(8);
/// The most an answer can have: one match with all layers is about 10 KB.
const MAX_BYTES: usize = 2 * 1024 * 1024;
/// The geocoder refuses longer addresses.
const LONGEST_ADDRESS: usize = 100;
/// How the names of the layers end; the year in front changes.
const UPPER: &str = "state legislative districts - upper";
const LOWER: &str = "state legislative districts - lower";
/// How the code of "no district here" ends, such as that of the open sea.
const NOT_DEFINED: &str = "ZZZ";

/// The geocoder at an address.
#[derive(Clone, Debug)]
pub struct Census {
    base: Url,
}

/// What the geocoder says of an address.
#[derive(Clone, Debug, PartialEq)]
pub enum CensusAnswer {
    /// The places in the state that the address can be, each pair of districts once; never empty. More than one is a
    /// question to the person.
    Districts(Vec<CensusMatch>),
    /// The address is found, but only in another state.
    OtherState {
        /// The name of that state.
        name: String,
    },
    /// The geocoder knows no such address.
    NoMatch,
    /// There is no answer that can be used. The reason is for logs and holds nothing of the address.
    Failed(String),
}

/// A place that an address can be.
#[derive(Clone, Debug, PartialEq)]
pub struct CensusMatch {
    /// The point that the geocoder worked out; `None` where it tells none.
    pub point: Option<LonLat>,
    /// The Senate district; `None` where there is none.
    pub upper: Option<CensusDistrict>,
    /// The House district; `None` where there is none.
    pub lower: Option<CensusDistrict>,
    /// The Census code of the state, such as `25`.
    pub state_fips: String,
    /// The name of the state.
    pub state_name: String,
}

/// A district as the Census names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CensusDistrict {
    /// State and district code, as text: `25D29` is one.
    pub geoid: String,
    /// Such as `15th Suffolk District` or `Hampshire-Franklin-Worcester District`.
    pub name: String,
}

impl Census {
    /// The geocoder at `base`, such as `https://geocoding.geo.census.gov/geocoder`.
    #[must_use]
    pub fn new(base: Url) -> Self {
        Self { base }
    }

    /// The server's name.
    #[must_use]
    pub fn host(&self) -> &str {
        self.base.host_str().unwrap_or_default()
    }

    /// Asks which districts an address of `state` lies in. The address is sent to the geocoder's server, and to no other.
    pub async fn ask(&self, street: &str, city: &str, state: UsState, zip: &str) -> CensusAnswer {
        let Some(address) = one_line(street, city, state, zip) else {
            return CensusAnswer::Failed(format!("an address has more than {LONGEST_ADDRESS} characters"));
        };
        let mut url = self.base.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(["geographies", "onelineaddress"]);
        }
        // All layers: their numbers are different in every vintage, and so are their names, but for the ends.
        let query = [
            ("address", address.as_str()),
            ("benchmark", "Public_AR_Current"),
            ("vintage", "Current_Current"),
            ("layers", "all"),
            ("format", "json"),
        ];
        match fetch::get(&url, &query, TIMEOUT, MAX_BYTES).await {
            Ok(body) => read(&body, state),
            Err(error) => CensusAnswer::Failed(error.to_string()),
        }
    }
}

/// The address as one line; without the city where it is too long with it, since the ZIP code tells the same.
fn one_line(street: &str, city: &str, state: UsState, zip: &str) -> Option<String> {
    let state = state.postal();
    [format!("{street}, {city}, {state} {zip}"), format!("{street}, {state} {zip}")]
        .into_iter()
        .find(|line| line.chars().count() <= LONGEST_ADDRESS)
}

#[derive(Deserialize)]
struct Answer {
    result: Found,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Found {
    address_matches: Vec<Place>,
}

#[derive(Deserialize)]
struct Place {
    coordinates: Option<Coordinates>,
    #[serde(default)]
    geographies: Map<String, Value>,
}

#[derive(Deserialize)]
struct Coordinates {
    x: f64,
    y: f64,
}

/// Why a place of an answer can't be used.
enum Unusable {
    /// The layer's rows hold an error, although the answer as a whole is a success.
    Layer(&'static str),
    /// No state is named.
    NoState,
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Layer(name) => write!(f, "the geocoder had an error inside, in the layer \"{name}\""),
            Self::NoState => f.write_str("the geocoder's answer names no state"),
        }
    }
}

fn read(body: &[u8], state: UsState) -> CensusAnswer {
    // What the reader says of bad JSON is left out: it can quote what was sent.
    let Ok(answer) = serde_json::from_slice::<Answer>(body) else {
        return CensusAnswer::Failed("the geocoder's answer is not of the shape that is known".into());
    };
    if answer.result.address_matches.is_empty() {
        return CensusAnswer::NoMatch;
    }
    let (mut here, mut elsewhere) = (Vec::new(), None);
    for place in answer.result.address_matches {
        // One place that can't be read makes the list of candidates incomplete, and that would be a guess.
        let point = place.coordinates.as_ref().map(|at| LonLat { lon: at.x, lat: at.y });
        let matches = match matches(&place.geographies, point) {
            Ok(matches) => matches,
            Err(why) => return CensusAnswer::Failed(why.to_string()),
        };
        for found in matches {
            if !found.state_name.eq_ignore_ascii_case(state.name()) {
                elsewhere = elsewhere.or(Some(found.state_name));
            } else if !here.iter().any(|known: &CensusMatch| known.upper == found.upper && known.lower == found.lower) {
                here.push(found);
            }
        }
    }
    match elsewhere {
        _ if here.iter().any(|found| found.upper.is_none() && found.lower.is_none()) => {
            CensusAnswer::Failed("the geocoder's answer names no legislative district".into())
        }
        Some(name) if here.is_empty() => CensusAnswer::OtherState { name },
        _ => CensusAnswer::Districts(here),
    }
}

/// One place, with every pair of the districts that it names (each layer names one, as a rule).
fn matches(geographies: &Map<String, Value>, point: Option<LonLat>) -> Result<Vec<CensusMatch>, Unusable> {
    let state = rows(geographies, "states")?.first().and_then(|row| Some((text(row, "STATE")?, text(row, "NAME")?)));
    let (state_fips, state_name) = state.ok_or(Unusable::NoState)?;
    let (upper, lower) = (districts(geographies, UPPER)?, districts(geographies, LOWER)?);
    let pair = |upper: &Option<CensusDistrict>, lower: &Option<CensusDistrict>| CensusMatch {
        point,
        upper: upper.clone(),
        lower: lower.clone(),
        state_fips: state_fips.clone(),
        state_name: state_name.clone(),
    };
    Ok(upper.iter().flat_map(|upper| lower.iter().map(move |lower| pair(upper, lower))).collect())
}

/// The districts of a layer; a single `None` where it has none.
fn districts(geographies: &Map<String, Value>, layer: &'static str) -> Result<Vec<Option<CensusDistrict>>, Unusable> {
    let mut found = Vec::new();
    for row in rows(geographies, layer)? {
        let district = text(row, "GEOID").zip(text(row, "NAME")).map(|(geoid, name)| CensusDistrict { geoid, name });
        let district = district.ok_or(Unusable::Layer(layer))?;
        found.push(Some(district).filter(|district| !district.geoid.ends_with(NOT_DEFINED)));
    }
    if found.is_empty() { Ok(vec![None]) } else { Ok(found) }
}

/// The rows of the layer whose name ends so; of several the last by name, which is that of the latest year.
fn rows<'g>(geographies: &'g Map<String, Value>, ends: &'static str) -> Result<&'g [Value], Unusable> {
    let mut layers: Vec<_> = geographies.iter().filter(|(name, _)| name.to_lowercase().ends_with(ends)).collect();
    layers.sort_by_key(|(name, _)| name.as_str());
    let Some((_, rows)) = layers.pop() else { return Ok(&[]) };
    let rows = rows.as_array().ok_or(Unusable::Layer(ends))?;
    // Where a layer could not be asked, its only row is a note about the error.
    if rows.iter().any(|row| row.get("status").is_some()) { Err(Unusable::Layer(ends)) } else { Ok(rows) }
}

fn text(row: &Value, field: &str) -> Option<String> {
    row.get(field)?.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}
