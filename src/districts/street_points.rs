//! From a house number to its point: along the street's line by the number, then off to the house's side.

use geo::{Bearing, Destination, Haversine, InterpolateLine, LineString, Point};

use super::street_address::StreetAddress;
use crate::domain::{AddressRange, LonLat, Side, StreetName, StreetRecords};

/// How far a house's point is set off from the middle of its street, in metres: enough to be on the right side of a border
/// that runs along the street, and near enough not to reach the next one. (The Census geocoder sets off by about 25 feet.)
pub const OFFSET_METRES: f64 = 8.0;

/// How much of the line's length before and behind a point tells its direction.
const STEP: f64 = 0.01;

/// What the streets on this machine say about an address.
#[derive(Clone, Debug, PartialEq)]
pub enum StreetAnswer {
    /// Where the house may be: one point for each range that fits, each once. Several in different districts are a question.
    Points(Vec<LonLat>),
    /// Where it may be by its ZIP code; none of these points is in the town that was typed, nor is there such a house in it.
    OutsideTown(Vec<LonLat>),
    /// No street of this name is known there.
    StreetUnknown,
    /// The street is known in the ZIP code, the number is not.
    NumberUnknown,
    /// No streets of the state were imported.
    NoStreets,
}

/// Where the house is. In this order: the street of the very name in the ZIP code; then in the city or town that `in_town`
/// knows, wherever its ZIP codes are; then, only where the ZIP code has no street of the very name, those that differ by a
/// direction or kind that one of both leaves out (`Main` for `N Main St`, never `Main Ave`), in the ZIP code or else in the
/// town. Of several in the ZIP code those in the town count, if there are any; where none is, those of the town stand beside
/// them. `zip` has five digits.
#[must_use]
pub fn street_points(
    address: &StreetAddress,
    zip: &str,
    known: &StreetRecords,
    in_town: Option<&dyn Fn(LonLat) -> bool>,
) -> StreetAnswer {
    if !known.any {
        return StreetAnswer::NoStreets;
    }
    let street = &address.street;
    let like = |other: &StreetName| *other != *street && may_be_same(street, other);
    let fitting = |same: &dyn Fn(&StreetName) -> bool| {
        let (here, elsewhere): (Vec<&AddressRange>, Vec<&AddressRange>) = known
            .ranges
            .iter()
            .filter(|range| range.holds(address.number) && same(&range.street))
            .partition(|range| range.zip == zip);
        let here = points(&here, address.number);
        let Some(in_town) = in_town else { return (here, Vec::new()) };
        let (in_both, mut found): (Vec<LonLat>, Vec<LonLat>) = here.into_iter().partition(|point| in_town(*point));
        if !in_both.is_empty() {
            return (in_both, Vec::new());
        }
        // The ZIP code names one place and the town another: it may be either.
        let by_town: Vec<LonLat> = points(&elsewhere, address.number).into_iter().filter(|point| in_town(*point)).collect();
        if by_town.is_empty() {
            return (Vec::new(), found);
        }
        found.extend(by_town);
        (found, Vec::new())
    };
    let (mut found, mut outside) = fitting(&|other| other == street);
    if found.is_empty() && outside.is_empty() && !known.in_zip.contains(street) {
        (found, outside) = fitting(&like);
    }
    if !found.is_empty() {
        return StreetAnswer::Points(found);
    }
    if !outside.is_empty() {
        return StreetAnswer::OutsideTown(outside);
    }
    if known.in_zip.iter().any(|other| other == street || like(other)) {
        StreetAnswer::NumberUnknown
    } else {
        StreetAnswer::StreetUnknown
    }
}

/// Whether the two differ only by what one of them leaves out.
fn may_be_same(a: &StreetName, b: &StreetName) -> bool {
    let fits = |a: &str, b: &str| a == b || a.is_empty() || b.is_empty();
    a.stem == b.stem && fits(&a.kind, &b.kind) && fits(&a.direction, &b.direction)
}

fn points(ranges: &[&AddressRange], number: u32) -> Vec<LonLat> {
    let mut points: Vec<LonLat> = Vec::new();
    for point in ranges.iter().filter_map(|range| point(range, number)) {
        // The Census lists a stretch once for each of its names.
        if !points.contains(&point) {
            points.push(point);
        }
    }
    points
}

/// The house's point; `None` when the line has no length to measure on.
fn point(range: &AddressRange, number: u32) -> Option<LonLat> {
    let line: LineString = range.line.iter().map(|point| (point.lon, point.lat)).collect();
    let (from, to) = (f64::from(range.from), f64::from(range.to));
    let ratio = if range.from == range.to { 0.5 } else { (f64::from(number) - from) / (to - from) };
    let at = |ratio: f64| Haversine.point_at_ratio_from_start(&line, ratio.clamp(0.0, 1.0));
    let (before, middle, behind): (Point, Point, Point) = (at(ratio - STEP)?, at(ratio)?, at(ratio + STEP)?);
    let turn = match range.side {
        Side::Left => -90.0,
        Side::Right => 90.0,
    };
    let house = Haversine.destination(middle, Haversine.bearing(before, behind) + turn, OFFSET_METRES);
    (house.x().is_finite() && house.y().is_finite()).then(|| LonLat { lon: house.x(), lat: house.y() })
}

#[cfg(test)]
#[path = "street_points_tests.rs"]
mod tests;
