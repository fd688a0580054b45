//! A point on the ground.

use std::fmt;

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
