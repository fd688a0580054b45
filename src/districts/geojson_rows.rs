//! Rows of a GeoJSON `FeatureCollection` (RFC 7946).

use geojson::feature::Id;
use geojson::{FeatureCollection, GeoJson};
use serde_json::Value;

use super::outline_bounds::MAX_POINTS;
use super::outline_error::OutlineError;
use super::outline_rows::OutlineRow;
use super::{geojson_shape, projection};

/// The rows of a file.
pub(super) fn rows(bytes: &[u8], file: &str) -> Result<Vec<OutlineRow>, OutlineError> {
    let damaged = |cause: &dyn std::fmt::Display| OutlineError::Damaged { file: file.to_owned(), cause: cause.to_string() };
    let bytes = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(bytes);
    if let Some(what) = too_much(bytes) {
        return Err(OutlineError::Bound { file: file.to_owned(), what });
    }
    let text = std::str::from_utf8(bytes).map_err(|error| damaged(&error))?;
    let GeoJson::FeatureCollection(collection) = text.parse().map_err(|error: geojson::Error| damaged(&error))? else {
        return Err(damaged(&"it is GeoJSON, but no FeatureCollection"));
    };
    if let Some(name) = crs(&collection) {
        projection::check_crs(&name).map_err(|projection| OutlineError::Projection { file: file.to_owned(), projection })?;
    }
    let rows = collection.features.into_iter().map(|feature| {
        let polygons = match &feature.geometry {
            Some(geometry) => geojson_shape::polygons(&geometry.value),
            None => Err("it has no shape".to_owned()),
        };
        let id = feature.id.map(|id| match id {
            Id::String(text) => text,
            Id::Number(number) => number.to_string(),
        });
        let properties = feature.properties.unwrap_or_default();
        OutlineRow::new(properties.into_iter().filter_map(|(name, value)| Some((name, text_of(&value)?))).collect(), id, polygons)
    });
    Ok(rows.collect())
}

/// What is more than a file of outlines has, counted before anything of it is kept: parsed, a point takes ten times its letters.
fn too_much(bytes: &[u8]) -> Option<String> {
    let (mut brackets, mut commas, mut quoted, mut escaped) = (0_usize, 0_usize, false, false);
    for byte in bytes {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'[' | b'{' if !quoted => brackets += 1,
            b',' if !quoted => commas += 1,
            _ => {}
        }
    }
    if brackets > MAX_POINTS {
        return Some(format!("has more than {MAX_POINTS} points"));
    }
    (commas > 4 * MAX_POINTS).then(|| format!("has more than {} values", 4 * MAX_POINTS))
}

/// The name in the `crs` member that GeoJSON had until 2016. One without a name says nothing that can be checked.
fn crs(collection: &FeatureCollection) -> Option<String> {
    let crs = collection.foreign_members.as_ref()?.get("crs").filter(|crs| !crs.is_null())?;
    let name = crs.get("properties").and_then(|properties| properties.get("name")).and_then(Value::as_str);
    Some(name.map_or_else(|| crs.to_string(), str::to_owned))
}

fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
