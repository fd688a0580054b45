//! The outline of a district or a municipality, as an import brings it and the store keeps it.

use std::fmt;

use super::chamber::Chamber;
use super::civic::DistrictName;

/// What an outline is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layer {
    /// A district of this chamber (Census SLDU or SLDL).
    District(Chamber),
    /// A city or town (a Census county subdivision or place).
    Municipality,
}

impl Layer {
    /// The stored name: `upper`, `lower` or `municipality`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::District(chamber) => chamber.as_str(),
            Self::Municipality => "municipality",
        }
    }

    /// Reads a stored name; `None` for any other word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        if word == Self::Municipality.as_str() { Some(Self::Municipality) } else { Chamber::parse(word).ok().map(Self::District) }
    }
}

/// One outline with its names.
#[derive(Clone, Debug, PartialEq)]
pub struct Boundary {
    /// What it is of.
    pub layer: Layer,
    /// The name as its source writes it: `15th Suffolk District`, `Boston`.
    pub name: String,
    /// The Census GEOID, as text (`25D29` is one); empty where the source has none.
    pub geoid: String,
    /// The Open Civic Data division id; empty where the source has none.
    pub division_id: String,
    /// The outline as a GeoJSON `Polygon` or `MultiPolygon` geometry (RFC 7946 section 3.1).
    pub shape: String,
}

/// What an outline can be joined to an office by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfficeMarks {
    /// The office.
    pub id: i64,
    /// Its chamber and district.
    pub district: DistrictName,
    /// Its Census GEOID, where one is known.
    pub geoid: Option<String>,
    /// Its Open Civic Data division id, where one is known.
    pub division_id: Option<String>,
    /// Whether somebody holds it now; a made-up official of the demo doesn't count.
    pub held: bool,
}

/// Longitude and latitude in degrees, as GeoJSON orders them (RFC 7946, WGS 84). NAD 83, which the Census uses, differs by
/// less than two metres in the lower 48 states. Where somebody lives is personal: `Debug` does not show it.
#[derive(Clone, Copy, PartialEq)]
pub struct LonLat {
    /// Degrees east of Greenwich; negative in the United States.
    pub lon: f64,
    /// Degrees north of the equator.
    pub lat: f64,
}

impl fmt::Debug for LonLat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LonLat(personal)")
    }
}
