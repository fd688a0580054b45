//! Rows of a shapefile: the outlines of its .shp, the properties of its .dbf, in the projection of its .prj.

use std::io::Cursor;
use std::path::Path;

use geo::{BooleanOps, Coord, LineString, MultiPolygon, Polygon};
use shapefile::dbase::encoding::UnicodeLossy;
use shapefile::dbase::{FieldValue, Record};
use shapefile::{PolygonRing, Shape, ShapeReader, dbase};

use super::outline_error::OutlineError;
use super::outline_file::read_limited;
use super::outline_rows::OutlineRow;
use super::projection;

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
    let part = |extensions: [&str; 2]| {
        let there = extensions.map(|extension| file.with_extension(extension)).into_iter().find(|path| path.is_file());
        there.map(|path| read_limited(&path)).transpose()
    };
    Ok(Shapefile { name: file.display().to_string(), shp, dbf: part(["dbf", "DBF"])?, prj: part(["prj", "PRJ"])? })
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
    let shapes = ShapeReader::new(Cursor::new(&parts.shp)).and_then(ShapeReader::read).map_err(|error| damaged(&error))?;
    let records = dbase::ReaderBuilder::new()
        .with_encoding(UnicodeLossy)
        .build(Cursor::new(dbf.as_slice()))
        .and_then(|mut reader| reader.read())
        .map_err(|error| damaged(&error))?;
    // A row that was deleted in the table, but not among the outlines, would give every later outline the wrong name.
    if shapes.len() != records.len() {
        return Err(damaged(&format!("{} outlines, but {} rows in its .dbf", shapes.len(), records.len())));
    }
    Ok(shapes
        .into_iter()
        .zip(records)
        .map(|(shape, record)| OutlineRow::new(properties(record), None, polygons(shape)))
        .collect())
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
