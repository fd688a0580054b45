//! House numbers along streets from the Census: TIGER/Line `ADDRFEAT` shapefiles, one a county.
//!
//! A row is a stretch of street under one of its names, with the first and last possible house number of each side
//! (TIGER/Line Shapefiles Technical Documentation, chapter 4.1 "Address Ranges"). Large files are read as they stream by.

use std::io::{Read, Seek};
use std::path::Path;

use shapefile::Shape;
use shapefile::dbase::{FieldError, FieldIterator, FieldValue, ReadableRecord};

use super::shapefile_streams::{self, Parts, damaged};
use super::street_name;
use super::streets_error::StreetsError;
use crate::domain::{AddressRange, LonLat, Parity, Side, UsState};

/// The most ranges that are handed on at once.
pub const PORTION: usize = 5_000;

/// The columns that are read, in the order of [`Row`]'s cells.
const COLUMNS: [&str; 9] = ["FULLNAME", "LFROMHN", "LTOHN", "RFROMHN", "RTOHN", "PARITYL", "PARITYR", "ZIPL", "ZIPR"];

/// Some ranges of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Portion {
    /// Up to a few more than [`PORTION`].
    pub ranges: Vec<AddressRange>,
    /// How many rows of the file are read so far.
    pub rows: u64,
    /// How many rows it has, as it says.
    pub of: u64,
}

/// Reads the file at `path`, a zip or a .shp, and hands its ranges to `take` in portions. Sides without numbers and streets
/// without a name are left out. When this fails, what was handed on is not to be used.
///
/// # Errors
/// [`StreetsError`], or what `take` gives.
pub fn read_addrfeat<E: From<StreetsError>>(
    path: &Path,
    state: UsState,
    mut take: impl FnMut(Portion) -> Result<(), E>,
) -> Result<(), E> {
    let file = path.display().to_string();
    shapefile_streams::read(path, |mut parts| {
        check_columns(&parts, &file)?;
        let of = u64::from(parts.rows.header().num_records);
        let mut shapes = parts.shapes.iter_shapes();
        let mut rows = parts.rows.iter_records_as::<Row>();
        let (mut portion, mut home, mut read, mut found) = (Vec::with_capacity(PORTION + 1), Home::default(), 0, 0);
        loop {
            let row = rows.next().transpose().map_err(|error| damaged(&file, error.into()))?;
            parts.budget.renew();
            let shape = shapes.next().transpose().map_err(|error| damaged(&file, error))?;
            let (Some(row), Some(shape)) = (&row, &shape) else {
                if row.is_some() || shape.is_some() {
                    let cause = format!("after row {read} its .shp and .dbf have not the same number of rows");
                    return Err(StreetsError::Damaged { file: file.clone(), cause }.into());
                }
                break;
            };
            read += 1;
            let line = line(shape).map_err(|what| StreetsError::BadLine { file: file.clone(), row: read, what })?;
            home.note(row, state);
            row.ranges(&line, &mut portion);
            if portion.len() >= PORTION {
                home.check(state, &file)?;
                found += portion.len();
                take(Portion { ranges: std::mem::replace(&mut portion, Vec::with_capacity(PORTION + 1)), rows: read, of })?;
            }
        }
        home.check(state, &file)?;
        if found + portion.len() == 0 {
            return Err(StreetsError::Empty { file: file.clone() }.into());
        }
        take(Portion { ranges: portion, rows: read, of })
    })
}

fn check_columns(parts: &Parts<'_, '_>, file: &str) -> Result<(), StreetsError> {
    let has = |column: &&str| parts.rows.fields().iter().any(|field| field.name().eq_ignore_ascii_case(column));
    let missing: Vec<&str> = COLUMNS.into_iter().filter(|column| !has(column)).collect();
    if missing.is_empty() {
        Ok(())
    } else {
        Err(StreetsError::MissingColumns { file: file.to_owned(), columns: missing.join(", ") })
    }
}

fn line(shape: &Shape) -> Result<Vec<LonLat>, &'static str> {
    let points: Vec<(f64, f64)> = match shape {
        Shape::Polyline(line) => line.parts().iter().flatten().map(|point| (point.x, point.y)).collect(),
        Shape::PolylineM(line) => line.parts().iter().flatten().map(|point| (point.x, point.y)).collect(),
        Shape::PolylineZ(line) => line.parts().iter().flatten().map(|point| (point.x, point.y)).collect(),
        Shape::NullShape => Vec::new(),
        _ => return Err("is not a line"),
    };
    if points.iter().all(|(lon, lat)| (-180.0..=180.0).contains(lon) && (-90.0..=90.0).contains(lat)) {
        Ok(points.into_iter().map(|(lon, lat)| LonLat { lon, lat }).collect())
    } else {
        Err("has coordinates that are no longitude and latitude")
    }
}

/// How many rows are the state's.
#[derive(Default)]
struct Home {
    ours: u64,
    others: u64,
}

impl Home {
    fn note(&mut self, row: &Row, state: UsState) {
        for zip in [row.zip(Side::Left), row.zip(Side::Right)].into_iter().filter(|zip| !zip.is_empty()) {
            let ours = zip[..3].parse().is_ok_and(|prefix| state.has_zip_prefix(prefix));
            *(if ours { &mut self.ours } else { &mut self.others }) += 1;
        }
    }

    /// A border county has a few ZIP codes of the state next to it.
    fn check(&self, state: UsState, file: &str) -> Result<(), StreetsError> {
        if self.others > self.ours {
            return Err(StreetsError::OtherState { file: file.to_owned(), state: state.name() });
        }
        Ok(())
    }
}

/// The cells of [`COLUMNS`].
struct Row([String; COLUMNS.len()]);

impl ReadableRecord for Row {
    fn read_using<Source: Read + Seek, Memo: Read + Seek>(
        fields: &mut FieldIterator<'_, Source, Memo>,
    ) -> Result<Self, FieldError> {
        let mut cells = <[String; COLUMNS.len()]>::default();
        for field in fields {
            let field = field?;
            if let Some(at) = COLUMNS.iter().position(|column| field.name.eq_ignore_ascii_case(column)) {
                cells[at] = match field.value {
                    FieldValue::Character(text) => text.unwrap_or_default(),
                    FieldValue::Numeric(Some(number)) => number.to_string(),
                    FieldValue::Integer(number) => number.to_string(),
                    _ => String::new(),
                };
            }
        }
        Ok(Self(cells))
    }
}

impl Row {
    fn zip(&self, side: Side) -> &str {
        let [_, _, _, _, _, _, _, left, right] = &self.0;
        let zip = if side == Side::Left { left.trim() } else { right.trim() };
        if zip.len() == 5 && zip.bytes().all(|b| b.is_ascii_digit()) { zip } else { "" }
    }

    fn ranges(&self, line: &[LonLat], into: &mut Vec<AddressRange>) {
        let [full, left_from, left_to, right_from, right_to, left_parity, right_parity, ..] = &self.0;
        if line.len() < 2 {
            return;
        }
        let sides = [(Side::Left, left_from, left_to, left_parity), (Side::Right, right_from, right_to, right_parity)];
        let mut name = None;
        for (side, from, to, parity) in sides {
            let (Some(from), Some(to)) = (number(from), number(to)) else { continue };
            let Some(street) = name.get_or_insert_with(|| street_name(full)).clone() else { return };
            let parity = Parity::parse(parity.trim()).unwrap_or_else(|| parity_of(from, to));
            into.push(AddressRange { street, zip: self.zip(side).to_owned(), from, to, parity, side, line: line.to_vec() });
        }
    }
}

/// The digits that a number begins with: numbers are text, and some have letters or a second part behind a hyphen.
fn number(cell: &str) -> Option<u32> {
    let cell = cell.trim();
    let digits = &cell[..cell.find(|c: char| !c.is_ascii_digit()).unwrap_or(cell.len())];
    digits.parse().ok().filter(|number| *number <= 9_999_999)
}

fn parity_of(from: u32, to: u32) -> Parity {
    match (from.is_multiple_of(2), to.is_multiple_of(2)) {
        (true, true) => Parity::Even,
        (false, false) => Parity::Odd,
        _ => Parity::Both,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_what_is_numeric() {
        for (cell, found) in
            [("12", Some(12)), (" 12A", Some(12)), ("112-01", Some(112)), ("", None), ("N6W2", None), ("99999999", None)]
        {
            assert_eq!(number(cell), found, "{cell}");
        }
        assert_eq!((parity_of(1, 9), parity_of(2, 8), parity_of(1, 8)), (Parity::Odd, Parity::Even, Parity::Both));
    }
}
