//! A chamber's districts as a drawing: projected, simplified, as paths for SVG.
//!
//! Neighbours share their border point by point. Borders are cut where districts meet, each piece is simplified once, and both
//! sides get the same piece: so they neither gape nor overlap, however much is left out.

use std::collections::{HashMap, HashSet};
use std::fmt::Write;

use geo::{Coord, LineString, MultiPolygon, Polygon, SimplifyVw};

/// Width of a drawing in its own units.
const WIDTH: f64 = 1000.0;
/// The steps of its coordinates: a tenth of a unit.
const STEPS: f64 = 10.0;
/// A corner is left out where the triangle that it makes is smaller than this, in square steps: about a unit each way.
const DETAIL: f64 = 120.0;
/// Rings that enclose less than this, in square steps, are left out, unless a district is nothing else.
const SPECK: f64 = 200.0;

/// Districts drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drawing {
    /// Width in units.
    pub width: i64,
    /// Height in units.
    pub height: i64,
    /// Each district's office and its outline as the data of an SVG path.
    pub districts: Vec<(i64, String)>,
}

type Spot = (i64, i64);

impl Drawing {
    /// Draws polygons, each with the office of its district.
    #[must_use]
    pub(super) fn of(polygons: &[(i64, Polygon)]) -> Self {
        let Some(frame) = Frame::around(polygons.iter().map(|(_, polygon)| polygon)) else { return Self::default() };
        let mut districts: Vec<(i64, Vec<Vec<Spot>>)> = Vec::new();
        for (office, polygon) in polygons {
            let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors()).map(|ring| frame.ring(ring));
            let rings = rings.filter(|ring| ring.len() > 2);
            match districts.iter_mut().find(|(known, _)| known == office) {
                Some((_, known)) => known.extend(rings),
                None => districts.push((*office, rings.collect())),
            }
        }
        let nodes = nodes(districts.iter().flat_map(|(_, rings)| rings));
        let mut pieces = HashMap::new();
        let drawn = districts.into_iter().map(|(office, rings)| {
            let mut rings: Vec<_> = rings.iter().map(|ring| simplified(ring, &nodes, &mut pieces)).collect();
            rings.sort_by(|left, right| area(right).total_cmp(&area(left)));
            let mut first = true;
            rings.retain(|ring| std::mem::take(&mut first) || (ring.len() > 2 && area(ring) >= SPECK));
            (office, path(&rings))
        });
        #[allow(clippy::cast_possible_truncation)]
        Self { width: WIDTH as i64, height: frame.height.ceil() as i64, districts: drawn.collect() }
    }
}

/// From degrees to steps of the drawing. Over one state the ground is flat enough: a degree of longitude is as long everywhere
/// as in the middle.
struct Frame {
    west: f64,
    north: f64,
    east_scale: f64,
    north_scale: f64,
    height: f64,
}

impl Frame {
    fn around<'a>(polygons: impl Iterator<Item = &'a Polygon>) -> Option<Self> {
        use geo::BoundingRect;
        let all = MultiPolygon::new(polygons.cloned().collect()).bounding_rect()?;
        let squeeze = all.center().y.to_radians().cos();
        let wide = (all.width() * squeeze).max(f64::EPSILON);
        let scale = WIDTH / wide;
        let (west, north) = (all.min().x, all.max().y);
        Some(Self { west, north, east_scale: scale * squeeze, north_scale: scale, height: (all.height() * scale).max(1.0) })
    }

    /// The ring in steps, without the repeated first point and without points that fall together.
    fn ring(&self, ring: &LineString) -> Vec<Spot> {
        #[allow(clippy::cast_possible_truncation)]
        let spot = |at: &Coord| {
            let x = (at.x - self.west) * self.east_scale * STEPS;
            let y = (self.north - at.y) * self.north_scale * STEPS;
            (x.round() as i64, y.round() as i64)
        };
        let mut spots: Vec<Spot> = ring.0.iter().map(spot).collect();
        spots.dedup();
        if spots.len() > 1 && spots.first() == spots.last() {
            spots.pop();
        }
        spots
    }
}

/// The spots where borders meet: those with other than two neighbours among all rings.
fn nodes<'a>(rings: impl Iterator<Item = &'a Vec<Spot>>) -> HashSet<Spot> {
    let mut neighbours: HashMap<Spot, HashSet<Spot>> = HashMap::new();
    for ring in rings {
        for (at, spot) in ring.iter().enumerate() {
            let next = ring[(at + 1) % ring.len()];
            neighbours.entry(*spot).or_default().insert(next);
            neighbours.entry(next).or_default().insert(*spot);
        }
    }
    neighbours.into_iter().filter(|(_, near)| near.len() != 2).map(|(spot, _)| spot).collect()
}

/// The ring of simplified pieces between nodes; `known` holds the pieces that a neighbour has had already.
fn simplified(ring: &[Spot], nodes: &HashSet<Spot>, known: &mut HashMap<Vec<Spot>, Vec<Spot>>) -> Vec<Spot> {
    // A ring without nodes begins at its first spot by order, so that an island and the hole that it fills begin alike.
    let least = || ring.iter().enumerate().min_by_key(|(_, spot)| **spot).map_or(0, |(at, _)| at);
    let start = ring.iter().position(|spot| nodes.contains(spot)).unwrap_or_else(least);
    let mut around: Vec<Spot> = ring[start..].iter().chain(&ring[..start]).copied().collect();
    around.push(around[0]);
    let mut drawn: Vec<Spot> = Vec::new();
    let mut piece = vec![around[0]];
    for (at, spot) in around.iter().enumerate().skip(1) {
        piece.push(*spot);
        if nodes.contains(spot) || at + 1 == around.len() {
            drawn.extend(&once(&piece, known)[1..]);
            piece = vec![*spot];
        }
    }
    drawn
}

/// The piece simplified in the one direction that both its sides agree on.
fn once(piece: &[Spot], known: &mut HashMap<Vec<Spot>, Vec<Spot>>) -> Vec<Spot> {
    let backwards: Vec<Spot> = piece.iter().rev().copied().collect();
    let turned = backwards.as_slice() < piece;
    let key = if turned { backwards } else { piece.to_vec() };
    let found = known.entry(key).or_insert_with_key(|key| {
        #[allow(clippy::cast_precision_loss)]
        let line: LineString = key.iter().map(|(x, y)| (*x as f64, *y as f64)).collect();
        #[allow(clippy::cast_possible_truncation)]
        line.simplify_vw(DETAIL).0.iter().map(|at| (at.x as i64, at.y as i64)).collect()
    });
    let mut spots = found.clone();
    if turned {
        spots.reverse();
    }
    spots
}

/// Twice what is enclosed would do as well; this is it once, in square steps.
#[allow(clippy::cast_precision_loss)]
fn area(ring: &[Spot]) -> f64 {
    let cross = |at: usize| {
        let ((x1, y1), (x2, y2)) = (ring[at], ring[(at + 1) % ring.len()]);
        x1 * y2 - x2 * y1
    };
    (0..ring.len()).map(cross).sum::<i64>().abs() as f64 / 2.0
}

fn path(rings: &[Vec<Spot>]) -> String {
    let mut data = String::new();
    for ring in rings {
        let mut last = (0, 0);
        for (at, (x, y)) in ring.iter().enumerate() {
            let (command, dx, dy) = if at == 0 { ("M", *x, *y) } else { ("l", x - last.0, y - last.1) };
            let _ = write!(data, "{command}{} {}", tenths(dx), tenths(dy));
            last = (*x, *y);
        }
        data.push('z');
    }
    data
}

/// Steps as units: `-125` is "-12.5".
fn tenths(steps: i64) -> String {
    let sign = if steps < 0 { "-" } else { "" };
    match (steps.unsigned_abs() / 10, steps.unsigned_abs() % 10) {
        (whole, 0) => format!("{sign}{whole}"),
        (whole, tenth) => format!("{sign}{whole}.{tenth}"),
    }
}

#[cfg(test)]
#[path = "drawing_tests.rs"]
mod tests;
