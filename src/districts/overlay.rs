//! Outlines laid over each other: which districts touch a town, and which districts overlap.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use geo::{Area, BooleanOps, BoundingRect, Intersects, MultiPolygon, Rect};
use rstar::RTree;
use rstar::primitives::{GeomWithData, Rectangle};

use super::shape::{self, ShapeError};

/// Outlines are drawn by different hands, so neighbours overlap a little along their border. What is under one in a
/// hundred of an area is such a sliver.
pub const SLIVER: f64 = 0.01;

/// A district with so much of its own area in a town touches it, however small it is beside the town: in a very large
/// city a whole district may be under one in a hundred.
const PART_OF_DISTRICT: f64 = 0.1;

/// A name and a GeoJSON geometry.
pub type Named<'a> = (&'a str, &'a str);

/// The districts that touch each town, as positions in `districts`, in their order. Slivers don't count.
///
/// # Errors
/// [`ShapeError`] naming an outline whose shape is no polygon.
pub fn touching(towns: &[Named<'_>], districts: &[Named<'_>]) -> Result<Vec<Vec<usize>>, ShapeError> {
    let (towns, districts) = (Outlines::read(towns)?, Outlines::read(districts)?);
    Ok(in_parallel(towns.areas.len(), |at| {
        let town = &towns.areas[at];
        let touches = |(district, shared): &(usize, f64)| {
            *shared >= SLIVER * town.size || *shared >= PART_OF_DISTRICT * districts.areas[*district].size
        };
        districts.shared_with(town).into_iter().filter(touches).map(|(district, _)| district).collect()
    }))
}

/// Two districts that cover the same ground.
#[derive(Clone, Debug, PartialEq)]
pub struct Overlap {
    /// Their positions, the first one first.
    pub districts: (usize, usize),
    /// Which part of the smaller one is covered twice; more than [`SLIVER`].
    pub share: f64,
}

/// The districts of one chamber that overlap by more than a sliver.
///
/// # Errors
/// [`ShapeError`] naming an outline whose shape is no polygon.
pub fn overlaps(districts: &[Named<'_>]) -> Result<Vec<Overlap>, ShapeError> {
    let layer = Outlines::read(districts)?;
    let found = in_parallel(layer.areas.len(), |first| {
        let district = &layer.areas[first];
        let mut found = Vec::new();
        for (second, shared) in layer.shared_with(district).into_iter().filter(|(second, _)| *second > first) {
            let share = shared / district.size.min(layer.areas[second].size);
            if share > SLIVER {
                found.push(Overlap { districts: (first, second), share });
            }
        }
        found
    });
    Ok(found.into_iter().flatten().collect())
}

/// An outline with its size in square degrees. Only sizes at the same place are compared, where a square degree is the
/// same for both.
struct Sized {
    polygons: MultiPolygon,
    size: f64,
}

/// A polygon's box, with the positions of its outline and of the polygon in it.
type Boxed = GeomWithData<Rectangle<[f64; 2]>, (usize, usize)>;

/// Outlines, and their single polygons by their boxes: islands are far from each other.
struct Outlines {
    areas: Vec<Sized>,
    boxes: RTree<Boxed>,
}

impl Outlines {
    fn read(outlines: &[Named<'_>]) -> Result<Self, ShapeError> {
        let mut areas = Vec::new();
        let mut boxes = Vec::new();
        for (at, (name, text)) in outlines.iter().enumerate() {
            let polygons = shape::read(name, text)?;
            boxes.extend(
                polygons.iter().enumerate().filter_map(|(polygon, area)| {
                    area.bounding_rect().map(|rect| GeomWithData::new(corners(rect), (at, polygon)))
                }),
            );
            areas.push(Sized { size: polygons.unsigned_area(), polygons });
        }
        Ok(Self { areas, boxes: RTree::bulk_load(boxes) })
    }

    /// How much of `other` each outline covers, by position; those that can't be near are not looked at.
    fn shared_with(&self, other: &Sized) -> Vec<(usize, f64)> {
        let mut near: Vec<(usize, usize)> = Vec::new();
        for rect in other.polygons.iter().filter_map(BoundingRect::bounding_rect) {
            let rect = corners(rect);
            near.extend(self.boxes.locate_in_envelope_intersecting(&rstar::RTreeObject::envelope(&rect)).map(|found| found.data));
        }
        near.sort_unstable();
        near.dedup();
        let mut shared = Vec::new();
        for polygons in near.chunk_by(|a, b| a.0 == b.0) {
            let at = polygons[0].0;
            let part: MultiPolygon =
                polygons.iter().filter_map(|(at, polygon)| self.areas[*at].polygons.0.get(*polygon)).cloned().collect();
            let boxes = (part.bounding_rect(), other.polygons.bounding_rect());
            if matches!(boxes, (Some(a), Some(b)) if a.intersects(&b)) {
                shared.push((at, part.intersection(&other.polygons).unsigned_area()));
            }
        }
        shared
    }
}

fn corners(rect: Rect) -> Rectangle<[f64; 2]> {
    Rectangle::from_corners([rect.min().x, rect.min().y], [rect.max().x, rect.max().y])
}

/// `work` for each of `count` positions, on all cores; the results in order.
fn in_parallel<T: Send>(count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let (done, results) = mpsc::channel();
    let mut results: Vec<(usize, T)> = thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            let (done, next, work) = (done.clone(), &next, &work);
            scope.spawn(move || {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    if at >= count || done.send((at, work(at))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(done);
        results.into_iter().collect()
    });
    results.sort_by_key(|(at, _)| *at);
    results.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(west: f64, south: f64, size: f64) -> String {
        let (east, north) = (west + size, south + size);
        format!(
            r#"{{"type":"Polygon","coordinates":[[[{west},{south}],[{east},{south}],[{east},{north}],[{west},{north}],[{west},{south}]]]}}"#
        )
    }

    #[test]
    fn slivers_do_not_count_but_small_districts_do() {
        let town = square(0.0, 0.0, 10.0);
        let districts = [
            square(-0.5, -0.5, 9.0),
            square(9.99, 0.0, 10.0),
            square(1.0, 1.0, 0.5),
            square(30.0, 0.0, 1.0),
            square(10.0, 10.0, 1.0),
        ];
        let named: Vec<Named<'_>> = districts.iter().map(|shape| ("a district", shape.as_str())).collect();
        assert_eq!(touching(&[("town", &town)], &named).unwrap(), [vec![0, 2]]);
        assert_eq!(touching(&[], &named).unwrap(), Vec::<Vec<usize>>::new());
        assert_eq!(touching(&[("town", &town)], &[]).unwrap(), [Vec::<usize>::new()]);
    }

    #[test]
    fn overlaps_are_told_by_the_smaller_one() {
        let districts = [square(0.0, 0.0, 10.0), square(9.0, 0.0, 2.0), square(11.0, 0.0, 4.0), square(14.99, 0.0, 4.0)];
        let named: Vec<Named<'_>> = districts.iter().map(|shape| ("a district", shape.as_str())).collect();
        let found = overlaps(&named).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].districts, (0, 1));
        assert!((found[0].share - 0.5).abs() < 1e-6, "{found:?}");
    }

    #[test]
    fn invalid_outlines_are_survived() {
        // A bow tie, a spike, a ring of one point, one ring twice.
        let broken = [
            r#"{"type":"Polygon","coordinates":[[[0,0],[2,2],[2,0],[0,2],[0,0]]]}"#,
            r#"{"type":"Polygon","coordinates":[[[0,0],[1,0],[5,0],[1,0],[1,1],[0,1],[0,0]]]}"#,
            r#"{"type":"Polygon","coordinates":[[[1,1],[1,1],[1,1],[1,1]]]}"#,
            r#"{"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,0]]],[[[0,0],[1,0],[1,1],[0,0]]]]}"#,
        ];
        let named: Vec<Named<'_>> = broken.iter().map(|shape| ("a district", *shape)).collect();
        let whole = square(-1.0, -1.0, 4.0);
        assert!(touching(&[("town", &whole)], &named).is_ok() && touching(&named, &named).is_ok() && overlaps(&named).is_ok());
        assert!(touching(&[("Town", "{}")], &named).unwrap_err().to_string().contains("Town"));
    }
}
