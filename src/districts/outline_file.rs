//! A file of outlines, told by its content: GeoJSON, a shapefile beside its parts, or a zip of one.

use std::io::Cursor;
use std::path::Path;

use super::outline_bounds::MAX_BYTES;
use super::outline_error::OutlineError;
use super::outline_rows::boundaries;
use super::{geojson_rows, shapefile_rows, zip_members};
use crate::domain::{Boundary, Layer, UsState};

/// The extensions of outlines, for a file whose content doesn't tell.
const EXTENSIONS: [&str; 5] = ["geojson", "json", "zip", "shp", "dbf"];

/// Whether a file holds outlines and not a table, by how it begins, else by its extension.
#[must_use]
pub fn holds_outlines(bytes: &[u8], file: &Path) -> bool {
    let extension = file.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    Kind::of(bytes).is_some() || EXTENSIONS.contains(&extension.as_str())
}

/// Reads the outlines of a file whose bytes are read already: those of `state`, each as one of `layer`. Rows of the
/// Census for areas without a district, such as water (`ZZZ`), are left out. The parts of a plain shapefile (.dbf,
/// .prj) are read beside it.
///
/// # Errors
/// [`OutlineError`], naming the file and what to do.
pub fn read_boundaries(bytes: &[u8], file: &Path, layer: Layer, state: UsState) -> Result<Vec<Boundary>, OutlineError> {
    let name = file.display().to_string();
    let rows = match Kind::of(bytes) {
        Some(Kind::GeoJson) => geojson_rows::rows(bytes, &name)?,
        Some(Kind::Zip) => {
            let mut rows = Vec::new();
            for shapefile in zip_members::shapefiles(Cursor::new(bytes), &name, MAX_BYTES)? {
                rows.extend(shapefile_rows::rows(&shapefile)?);
            }
            rows
        }
        Some(Kind::Shapefile) => shapefile_rows::rows(&shapefile_rows::beside(bytes.to_vec(), file)?)?,
        None => return Err(OutlineError::UnknownKind { file: name }),
    };
    boundaries(rows, &name, layer, state)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    GeoJson,
    Zip,
    Shapefile,
}

impl Kind {
    fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [b'P', b'K', 3 | 5, 4 | 6, ..] => Some(Self::Zip),
            // The file code 9994 of the shapefile's description, big-endian.
            [0, 0, 0x27, 0x0A, ..] => Some(Self::Shapefile),
            _ => {
                let text = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(bytes);
                text.iter().find(|byte| !byte.is_ascii_whitespace()).filter(|byte| **byte == b'{').map(|_| Self::GeoJson)
            }
        }
    }
}

#[cfg(test)]
#[path = "outline_file_tests.rs"]
mod tests;
