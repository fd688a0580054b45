//! An outline's shape as text: a GeoJSON geometry, `Polygon` or `MultiPolygon`.

use geo::MultiPolygon;
use geojson::{Geometry, GeometryValue, Position};

/// A kept shape that can't be used.
#[derive(Debug, thiserror::Error)]
#[error("the outline of {name} is no polygon: {cause}. Import its file again")]
pub struct ShapeError {
    name: String,
    cause: String,
}

/// Reads a kept shape. `name` names the outline in the error.
pub(super) fn read(name: &str, text: &str) -> Result<MultiPolygon, ShapeError> {
    let wrong = |cause: String| ShapeError { name: name.to_owned(), cause };
    let geometry: Geometry = text.parse().map_err(|error: geojson::Error| wrong(error.to_string()))?;
    polygons(&geometry.value).map_err(wrong)
}

/// The polygons of a geometry; the error says what it is instead.
pub(super) fn polygons(value: &GeometryValue) -> Result<MultiPolygon, String> {
    let rings: Box<dyn Iterator<Item = &Vec<Position>>> = match value {
        GeometryValue::Polygon { coordinates } => Box::new(coordinates.iter()),
        GeometryValue::MultiPolygon { coordinates } => Box::new(coordinates.iter().flatten()),
        _ => Box::new(std::iter::empty()),
    };
    // The conversion below takes two numbers of each, and panics where there are fewer.
    if rings.flatten().any(|position| position.len() < 2) {
        return Err("a position has fewer than two numbers".to_owned());
    }
    match value {
        GeometryValue::Polygon { .. } => {
            geo::Polygon::try_from(value).map(|one| MultiPolygon::new(vec![one])).map_err(|error| error.to_string())
        }
        GeometryValue::MultiPolygon { .. } => MultiPolygon::try_from(value).map_err(|error| error.to_string()),
        other => Err(format!("it is a {}", other.type_name())),
    }
}

/// Writes a shape as it is kept.
pub(super) fn write(polygons: &MultiPolygon) -> String {
    match polygons.0.as_slice() {
        [one] => Geometry::new(GeometryValue::from(one)).to_string(),
        _ => Geometry::new(GeometryValue::from(polygons)).to_string(),
    }
}
