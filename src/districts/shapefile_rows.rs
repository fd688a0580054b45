//! Rows of a shapefile: the outlines of its .shp, the properties of its .dbf, in the projection of its .prj.

use std::io::Cursor;
use std::path::Path;

use geo::{BooleanOps, Coord, CoordsIter, LineString, MultiPolygon, Polygon};
use shapefile::dbase::encoding::UnicodeLossy;
use shapefile::dbase::{FieldValue, Record};
use shapefile::{PolygonRing, Shape, ShapeReader, dbase};

use super::outline_bounds::MAX_POINTS;
use super::outline_error::OutlineError;
use super::outline_rows::OutlineRow;
use super::projection;
use super::read_limited::read_limited;
use super::shapefile_names::part_beside;

/// The most cells of the table beside the outlines.
const MAX_CELLS: usize = 2_000_000;

/// The parts of a shapefile that are read; the index (.shx) is not needed.
pub(super) struct Shapefile {
    /// Names it in errors.
    pub(super) name: String,
    pub(super) shp: Vec<u8>,
    pub(super) dbf: Option<Vec<u8>>,
    pub(super) prj: Option<Vec<u8>>,
}

/// The shapefile whose .shp has these bytes, with the parts that stand beside it.
pub(super) fn beside(shp: Vec<u8>, file: &Path) -> Result<Shapefile, OutlineError> {
    let part = |extension| part_beside(file, extension).map(|path| read_limited(&path)).transpose();
    Ok(Shapefile { name: file.display().to_string(), shp, dbf: part("dbf")?, prj: part("prj")? })
}

/// The rows of a shapefile.
pub(super) fn rows(parts: &Shapefile) -> Result<Vec<OutlineRow>, OutlineError> {
    let file = &parts.name;
    let missing = |part, why| OutlineError::MissingPart { file: file.clone(), part, why };
    let dbf = parts.dbf.as_ref().ok_or_else(|| missing(".dbf", "holds the names"))?;
    let prj = parts.prj.as_ref().ok_or_else(|| missing(".prj", "says how to read the coordinates"))?;
    projection::check(&String::from_utf8_lossy(prj))
        .map_err(|projection| OutlineError::Projection { file: file.clone(), projection })?;
    let damaged = |cause: &dyn std::fmt::Display| OutlineError::Damaged { file: file.clone(), cause: cause.to_string() };
    let bound = |what: String| OutlineError::Bound { file: file.clone(), what };
    let cells = cells(dbf).map_err(|cause| damaged(&cause))?;
    if cells > MAX_CELLS {
        return Err(bound(format!("has a table of more than {MAX_CELLS} cells")));
    }
    let mut shapes = ShapeReader::new(Cursor::new(&parts.shp)).map_err(|error| damaged(&error))?;
    let mut table = dbase::ReaderBuilder::new()
        .with_encoding(UnicodeLossy)
        .build(Cursor::new(dbf.as_slice()))
        .map_err(|error| damaged(&error))?;
    let mut records = table.iter_records();
    let (mut rows, mut points) = (Vec::new(), 0);
    for shape in shapes.iter_shapes() {
        let polygons = polygons(shape.map_err(|error| damaged(&error))?);
        points += polygons.as_ref().map_or(0, CoordsIter::coords_count);
        if points > MAX_POINTS {
            return Err(bound(format!("has more than {MAX_POINTS} points")));
        }
        let record = records.next().transpose().map_err(|error| damaged(&error))?;
        let record = record.ok_or_else(|| damaged(&format!("it has more outlines than the {} rows of its .dbf", rows.len())))?;
        rows.push(OutlineRow::new(properties(record), None, polygons));
    }
    // A row that was deleted in the table, but not among the outlines, would give every later outline the wrong name.
    match records.count() {
        0 => Ok(rows),
        more => Err(damaged(&format!("{} outlines, but {} rows in its .dbf", rows.len(), rows.len() + more))),
    }
}

/// How many cells a table has, by its head, which must agree with the file's length: its reader believes it.
fn cells(dbf: &[u8]) -> Result<usize, String> {
    let number = |at: usize| dbf.get(at..at + 2).map_or(0, |two| usize::from(two[0]) + 256 * usize::from(two[1]));
    let (count, head, length) = (number(4) + 65_536 * number(6), number(8), number(10));
    let columns = dbf.get(32..head).unwrap_or_default().chunks_exact(32).take_while(|column| column[0] != 0x0D);
    let lengths: Vec<usize> = columns.map(|column| usize::from(column[16])).collect();
    if lengths.is_empty() || lengths.contains(&0) || lengths.iter().sum::<usize>() + 1 != length {
        return Err("the columns of its .dbf don't add up to its rows".to_owned());
    }
    if count.saturating_mul(length).saturating_add(head) > dbf.len() {
        return Err(format!("its .dbf ends before its {count} rows do"));
    }
    Ok(count.saturating_mul(lengths.len()))
}

fn properties(record: Record) -> Vec<(String, String)> {
    let text = |value| match value {
        FieldValue::Character(text) => text,
        FieldValue::Memo(text) => Some(text),
        FieldValue::Numeric(number) => number.map(|number| number.to_string()),
        FieldValue::Integer(number) => Some(number.to_string()),
        _ => None,
    };
    record.into_iter().filter_map(|(name, value)| Some((name, text(value)?))).collect()
}

fn polygons(shape: Shape) -> Result<MultiPolygon, String> {
    match shape {
        Shape::Polygon(polygon) => Ok(assembled(polygon.rings(), |point| (point.x, point.y))),
        Shape::PolygonM(polygon) => Ok(assembled(polygon.rings(), |point| (point.x, point.y))),
        Shape::PolygonZ(polygon) => Ok(assembled(polygon.rings(), |point| (point.x, point.y))),
        Shape::NullShape => Err("it has no shape".to_owned()),
        other => Err(format!("it is a {}", other.shapetype())),
    }
}

/// A shapefile doesn't say which polygon a hole is in. Where there are holes, laying all rings over each other (inside
/// is what an odd number of rings surrounds) puts each where it belongs.
fn assembled<P>(rings: &[PolygonRing<P>], place: impl Fn(&P) -> (f64, f64)) -> MultiPolygon {
    let is_hole = |ring: &PolygonRing<P>| matches!(ring, PolygonRing::Inner(_));
    let alone = |ring: &PolygonRing<P>| {
        let line: LineString = ring.points().iter().map(|point| Coord::from(place(point))).collect();
        Polygon::new(line, Vec::new())
    };
    let polygons = MultiPolygon::new(rings.iter().map(alone).collect());
    let usable = |at: &Coord| at.x.is_finite() && at.y.is_finite();
    if rings.iter().any(is_hole) && polygons.iter().all(|polygon| polygon.exterior().coords().all(usable)) {
        return polygons.union(&MultiPolygon::new(Vec::new()));
    }
    polygons
}
