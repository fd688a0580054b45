//! Where a point lies: outlines of districts and towns, indexed so that a look-up reads only what is near.

use std::sync::OnceLock;

use geo::{AffineOps, AffineTransform, BoundingRect, Distance, Euclidean, Haversine, Intersects, LinesIter, Point, Polygon};
use rstar::primitives::{GeomWithData, Line, Rectangle};
use rstar::{AABB, RTree};

use crate::domain::{Chamber, Layer, LonLat};

use super::drawing::Drawing;
use super::geojson_shape::{self, ShapeError};

/// So near a border a point may lie on the wrong side: house numbers are placed by guess along their street, and
/// outlines are drawn by different hands. In metres on the ground.
pub const BORDER_DOUBT_METERS: f64 = 75.0;

/// A point outside all outlines may be a house at the shore; districts with a border within so many metres are near it.
pub const SHORE_METERS: f64 = 500.0;

/// The districts of one chamber around a point.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Around {
    /// The office whose district the point lies in.
    pub within: Option<i64>,
    /// The offices of all districts that contain the point or have a border within [`BORDER_DOUBT_METERS`]: the one that
    /// contains it first, the others by distance. Where none contains it, those within [`SHORE_METERS`] by distance.
    pub near: Vec<i64>,
}

/// The outlines of one state, in memory. It never shows a point.
#[derive(Default)]
pub struct Atlas {
    upper: Index,
    lower: Index,
    towns: Index,
    names: Vec<String>,
}

impl std::fmt::Debug for Atlas {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Atlas({} + {} + {} polygons)", self.upper.polygons.len(), self.lower.polygons.len(), self.towns.polygons.len())
    }
}

impl Atlas {
    /// Loads outlines: what each is of, the id of the office that it elects (of no meaning for a municipality), its
    /// name, and its shape as GeoJSON geometry.
    ///
    /// # Errors
    /// [`ShapeError`] naming an outline whose shape is no polygon.
    pub fn build<'a>(outlines: impl IntoIterator<Item = (Layer, i64, &'a str, &'a str)>) -> Result<Self, ShapeError> {
        let (mut upper, mut lower, mut towns) = (Vec::new(), Vec::new(), Vec::new());
        let mut names = Vec::new();
        for (layer, office, name, text) in outlines {
            let polygons = geojson_shape::read(name, text)?;
            let (into, owner) = match layer {
                Layer::District(Chamber::Upper) => (&mut upper, office),
                Layer::District(Chamber::Lower) => (&mut lower, office),
                // The governor's district is the whole state.
                Layer::District(Chamber::Governor) => continue,
                Layer::Municipality => {
                    names.push(name.to_owned());
                    (&mut towns, i64::try_from(names.len() - 1).unwrap_or(i64::MAX))
                }
            };
            into.extend(polygons.into_iter().map(|polygon| (owner, polygon)));
        }
        Ok(Self { upper: Index::new(upper, true), lower: Index::new(lower, true), towns: Index::new(towns, false), names })
    }

    /// The districts of `chamber` at and near a point.
    #[must_use]
    pub fn districts_at(&self, chamber: Chamber, point: LonLat) -> Around {
        self.index(chamber).map(|index| index.around(point)).unwrap_or_default()
    }

    /// The name of the municipality that a point lies in.
    #[must_use]
    pub fn municipality_at(&self, point: LonLat) -> Option<&str> {
        let owner = *self.towns.containing(Point::new(point.lon, point.lat)).first()?;
        self.names.get(usize::try_from(owner).ok()?).map(String::as_str)
    }

    /// Whether there are outlines of this chamber's districts.
    #[must_use]
    pub fn has(&self, chamber: Chamber) -> bool {
        self.index(chamber).is_some_and(|index| !index.polygons.is_empty())
    }

    /// The chamber's districts as a drawing, made once; `None` without outlines. It takes a second, so ask for it on a thread that
    /// may block.
    #[must_use]
    pub fn drawing(&self, chamber: Chamber) -> Option<&Drawing> {
        let index = self.index(chamber).filter(|index| !index.polygons.is_empty())?;
        Some(index.drawing.get_or_init(|| Drawing::of(&index.polygons)))
    }

    /// Whether there is an outline of the district that elects this office.
    #[must_use]
    pub fn has_district_of(&self, office: i64) -> bool {
        [&self.upper, &self.lower].into_iter().flat_map(|index| &index.polygons).any(|(owner, _)| *owner == office)
    }

    /// Whether there are outlines of municipalities.
    #[must_use]
    pub fn has_municipalities(&self) -> bool {
        !self.towns.polygons.is_empty()
    }

    /// Whether there is no outline at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.has(Chamber::Upper) && !self.has(Chamber::Lower) && self.towns.polygons.is_empty()
    }

    fn index(&self, chamber: Chamber) -> Option<&Index> {
        match chamber {
            Chamber::Upper => Some(&self.upper),
            Chamber::Lower => Some(&self.lower),
            Chamber::Governor => None,
        }
    }
}

/// Polygons of one layer with their owners, by their boxes; and every piece of their borders.
#[derive(Default)]
struct Index {
    polygons: Vec<(i64, Polygon)>,
    boxes: RTree<GeomWithData<Rectangle<[f64; 2]>, usize>>,
    borders: RTree<GeomWithData<Line<[f64; 2]>, u32>>,
    drawing: OnceLock<Drawing>,
}

impl Index {
    fn new(polygons: Vec<(i64, Polygon)>, with_borders: bool) -> Self {
        let boxes = polygons.iter().enumerate().filter_map(|(at, (_, polygon))| {
            let rect = polygon.bounding_rect()?;
            let corners = Rectangle::from_corners([rect.min().x, rect.min().y], [rect.max().x, rect.max().y]);
            Some(GeomWithData::new(corners, at))
        });
        let boxes = RTree::bulk_load(boxes.collect());
        let mut borders = Vec::new();
        for (at, (_, polygon)) in polygons.iter().enumerate().filter(|_| with_borders) {
            let at = u32::try_from(at).unwrap_or(u32::MAX);
            borders.extend(
                polygon
                    .lines_iter()
                    .map(|line| GeomWithData::new(Line::new([line.start.x, line.start.y], [line.end.x, line.end.y]), at)),
            );
        }
        Self { polygons, boxes, borders: RTree::bulk_load(borders), drawing: OnceLock::new() }
    }

    fn around(&self, point: LonLat) -> Around {
        let point = Point::new(point.lon, point.lat);
        let mut near = self.containing(point);
        let within = near.first().copied();
        let reach = if within.is_some() { BORDER_DOUBT_METERS } else { SHORE_METERS };
        let mut borders = self.borders_within(point, reach);
        borders.sort_by(|a, b| a.0.total_cmp(&b.0));
        for (_, owner) in borders {
            if !near.contains(&owner) {
                near.push(owner);
            }
        }
        Around { within, near }
    }

    /// The owners of all polygons that contain the point; one on a border is in both.
    fn containing(&self, point: Point) -> Vec<i64> {
        let mut at: Vec<usize> = self.boxes.locate_all_at_point(&[point.x(), point.y()]).map(|found| found.data).collect();
        at.sort_unstable();
        let mut owners = Vec::new();
        for (owner, polygon) in at.into_iter().filter_map(|at| self.polygons.get(at)) {
            if !owners.contains(owner) && polygon.intersects(&point) {
                owners.push(*owner);
            }
        }
        owners
    }

    /// Metres to every piece of border within `reach` metres, with its owner.
    fn borders_within(&self, point: Point, reach: f64) -> Vec<(f64, i64)> {
        // At the poles a degree has no length; no number is no place.
        let is_place = point.x().abs() <= 180.0 && point.y().abs() < 89.0;
        if !is_place {
            return Vec::new();
        }
        // Over so short a way the ground is flat: degrees become metres by one factor east and one north.
        let metres_a_degree = |to: Point| Haversine.distance(point, to) / STEP;
        let east = metres_a_degree(Point::new(point.x() + STEP, point.y()));
        let north = metres_a_degree(Point::new(point.x(), point.y() + STEP));
        let flat = AffineTransform::translate(-point.x(), -point.y()).scaled(east, north, Point::new(0.0, 0.0));
        let (wide, high) = (reach / east, reach / north);
        let square = AABB::from_corners([point.x() - wide, point.y() - high], [point.x() + wide, point.y() + high]);
        let metres = |line: &Line<[f64; 2]>| {
            let line = geo::Line::new(line.from, line.to).affine_transform(&flat);
            Euclidean.distance(&Point::new(0.0, 0.0), &line)
        };
        self.borders
            .locate_in_envelope_intersecting(&square)
            .map(|border| (metres(border.geom()), border.data))
            .filter(|(metres, _)| *metres <= reach)
            .filter_map(|(metres, at)| Some((metres, self.polygons.get(usize::try_from(at).ok()?)?.0)))
            .collect()
    }
}

/// A step in degrees, to measure how long one is on the ground here.
const STEP: f64 = 0.001;

#[cfg(test)]
#[path = "atlas_tests.rs"]
mod tests;
