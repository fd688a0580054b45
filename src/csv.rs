//! Tables from outside: a CSV file read by the names of its columns, with line numbers for every problem.
//!
//! Rosters, town lists and place names come as CSV from many hands: with a byte-order mark, CRLF, blank
//! lines, quoted line ends, columns more or fewer. All of that is dealt with here, once.

use std::fmt;
use std::io::Read;

use unicode_normalization::UnicodeNormalization;

use crate::domain::is_seen;

/// How many problems of one file are shown; the rest are counted.
const SHOWN: usize = 20;

/// The most bytes of a file. A state's roster has a tenth of one per cent of it, and every ZIP code of the country an eighth.
const MAX_BYTES: usize = 16_000_000;
/// The most rows of a file.
const MAX_ROWS: usize = 100_000;
/// The most cells of all rows together.
const MAX_CELLS: usize = 2_000_000;
/// The most cells of a row.
const ROW_MAX_CELLS: usize = 200;
/// The most characters of a cell.
const CELL_MAX_CHARS: usize = 10_000;

/// Why a file is no table that can be read.
#[derive(Debug, thiserror::Error)]
pub enum SheetError {
    /// The bytes could not be read.
    #[error("{source_name} can't be read: {cause}")]
    Read {
        /// The file, as the operator named it.
        source_name: String,
        /// What the system said.
        cause: std::io::Error,
    },
    /// The bytes are not text in UTF-8.
    #[error("{source_name}, line {line}: this is not text in UTF-8. Save the file as \"CSV UTF-8\" and import it again")]
    NotUtf8 {
        /// The file, as the operator named it.
        source_name: String,
        /// The first line that is no UTF-8, counted from 1.
        line: usize,
    },
    /// More bytes than a table of ours can have.
    #[error(
        "{source_name} is larger than {} MB, which no roster and no list of places is. Take the file of one state only",
        MAX_BYTES / 1_000_000
    )]
    TooLarge {
        /// The file, as the operator named it.
        source_name: String,
    },
    /// A row, or all rows up to it, are more than a table of ours can have.
    #[error("{source_name}, line {line}: {what}")]
    Bound {
        /// The file, as the operator named it.
        source_name: String,
        /// Where it is too much, counted from 1.
        line: usize,
        /// What is too much, and what to do.
        what: String,
    },
    /// The text is not CSV.
    #[error("{source_name} is not a CSV file: {cause}")]
    NotCsv {
        /// The file, as the operator named it.
        source_name: String,
        /// What the CSV reader said.
        cause: csv::Error,
    },
    /// Columns that the file must have.
    #[error("{source_name} has no column {}. Its first line must name the columns", in_quotes(missing))]
    MissingColumns {
        /// The file, as the operator named it.
        source_name: String,
        /// All that are missing.
        missing: Vec<String>,
    },
    /// Rows that can't be used, each with its line.
    #[error("{0}")]
    Rows(Problems),
}

/// What is wrong in the rows of one file, in the order of its lines.
#[derive(Debug)]
pub struct Problems {
    source_name: String,
    found: Vec<(usize, String)>,
}

impl Problems {
    /// No problems yet in `source`.
    #[must_use]
    pub fn new(source: &str) -> Self {
        Self { source_name: source.to_owned(), found: Vec::new() }
    }

    /// Notes what is wrong in `line`, counted from 1.
    pub fn add(&mut self, line: usize, what: impl Into<String>) {
        self.found.push((line, what.into()));
    }

    /// `Ok` when nothing was noted.
    ///
    /// # Errors
    /// [`SheetError::Rows`] with all that was noted.
    pub fn into_result(mut self) -> Result<(), SheetError> {
        self.found.sort_by_key(|(line, _)| *line);
        if self.found.is_empty() { Ok(()) } else { Err(SheetError::Rows(self)) }
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let [(line, what)] = self.found.as_slice() {
            return write!(f, "{}, line {line}: {what}", self.source_name);
        }
        write!(f, "{} has {} problems:", self.source_name, self.found.len())?;
        for (line, what) in self.found.iter().take(SHOWN) {
            write!(f, "\n  line {line}: {what}")?;
        }
        match self.found.len().saturating_sub(SHOWN) {
            0 => Ok(()),
            more => write!(f, "\n  and {more} more"),
        }
    }
}

/// A table: named columns and rows of cells. Each cell is one line of composed text (NFC) without control characters.
#[derive(Debug)]
pub struct Sheet {
    source_name: String,
    columns: Vec<String>,
    rows: Vec<(usize, Vec<String>)>,
}

impl Sheet {
    /// Reads CSV with a header line; rows without any text are left out. `source` names the file in errors.
    ///
    /// # Errors
    /// [`SheetError`] when it can't be read, is no UTF-8 or no CSV, or is larger than a table of ours can be.
    pub fn read(reader: impl Read, source: &str) -> Result<Self, SheetError> {
        let mut bytes = Vec::new();
        let source_name = source.to_owned();
        if let Err(cause) = reader.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes) {
            return Err(SheetError::Read { source_name, cause });
        }
        if bytes.len() > MAX_BYTES {
            return Err(SheetError::TooLarge { source_name });
        }
        let text = match std::str::from_utf8(&bytes) {
            Ok(text) => text.strip_prefix('\u{FEFF}').unwrap_or(text),
            Err(error) => {
                let good = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
                return Err(SheetError::NotUtf8 { source_name, line: 1 + line_ends(&good) });
            }
        };
        let mut columns = None;
        let mut rows = Vec::new();
        let (mut seen, mut line, mut count) = (0, 1, 0);
        for record in csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes()).into_records() {
            let record = match record {
                Ok(record) => record,
                Err(cause) => return Err(SheetError::NotCsv { source_name, cause }),
            };
            // The reader's own line numbers are those of the blank lines before a row, so lines are counted here.
            let start = record.position().map_or(0, |at| usize::try_from(at.byte()).unwrap_or(usize::MAX)).min(text.len());
            let start = start + text[start..].bytes().take_while(|b| matches!(b, b'\r' | b'\n')).count();
            line += line_ends(&text[seen..start]);
            seen = start;
            count += record.len();
            if let Some(what) = too_much(&record, rows.len(), count) {
                return Err(SheetError::Bound { source_name, line, what });
            }
            let cells: Vec<String> = record.iter().map(one_line).collect();
            if cells.iter().all(String::is_empty) {
                continue;
            }
            match columns {
                None => columns = Some(cells.iter().map(|name| name.to_lowercase()).collect()),
                Some(_) => rows.push((line, cells)),
            }
        }
        Ok(Self { source_name, columns: columns.unwrap_or_default(), rows })
    }

    /// The file, as the operator named it.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source_name
    }

    /// Whether the header names `column`, in any case.
    #[must_use]
    pub fn has(&self, column: &str) -> bool {
        self.columns.iter().any(|name| name == column)
    }

    /// Checks that the header names all of `columns`.
    ///
    /// # Errors
    /// [`SheetError::MissingColumns`] naming every one that is missing.
    pub fn require(&self, columns: &[&str]) -> Result<(), SheetError> {
        let missing: Vec<String> = columns.iter().filter(|name| !self.has(name)).map(|name| (*name).to_owned()).collect();
        if missing.is_empty() {
            return Ok(());
        }
        Err(SheetError::MissingColumns { source_name: self.source_name.clone(), missing })
    }

    /// The rows below the header.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|(line, cells)| Row { columns: &self.columns, line: *line, cells })
    }
}

/// One row of a [`Sheet`].
#[derive(Clone, Copy, Debug)]
pub struct Row<'s> {
    columns: &'s [String],
    line: usize,
    cells: &'s [String],
}

impl<'s> Row<'s> {
    /// The line it begins on, counted from 1.
    #[must_use]
    pub fn line(self) -> usize {
        self.line
    }

    /// The cell of the first of `columns` that has text; empty when none has, or the file has no such column.
    #[must_use]
    pub fn first(self, columns: &[&str]) -> &'s str {
        columns.iter().map(|column| self.cell(column)).find(|cell| !cell.is_empty()).unwrap_or_default()
    }

    /// The cell of `column`; empty when it is blank or the file has no such column.
    #[must_use]
    pub fn cell(self, column: &str) -> &'s str {
        let at = self.columns.iter().position(|name| name == column);
        at.and_then(|at| self.cells.get(at)).map_or("", String::as_str)
    }

    /// The parts of a cell that holds several, separated by `;`.
    pub fn list(self, column: &str) -> impl Iterator<Item = &'s str> {
        self.cell(column).split(';').map(str::trim).filter(|part| !part.is_empty())
    }
}

/// What is too much about a row that follows `rows` others and brings the cells to `cells`.
fn too_much(record: &csv::StringRecord, rows: usize, cells: usize) -> Option<String> {
    let shorter = "Take the file of one state only";
    if record.len() > ROW_MAX_CELLS {
        return Some(format!("the row has more than {ROW_MAX_CELLS} cells. Check that its quotes are closed"));
    }
    if let Some(at) = record.iter().position(|cell| cell.chars().count() > CELL_MAX_CHARS) {
        return Some(format!("cell {} has more than {CELL_MAX_CHARS} characters. Shorten it and import the file again", at + 1));
    }
    if rows >= MAX_ROWS {
        return Some(format!("the file has more than {MAX_ROWS} rows. {shorter}"));
    }
    (cells > MAX_CELLS).then(|| format!("the file has more than {MAX_CELLS} cells. {shorter}"))
}

/// Cells go into mail headers and onto terminals: controls and marks that turn the direction of text become
/// spaces, and white space is one space. A cell of which nobody sees anything is empty.
fn one_line(cell: &str) -> String {
    let plain: String = cell
        .nfc()
        .map(|c| match c {
            '\u{FEFF}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => ' ',
            c if c.is_control() => ' ',
            c => c,
        })
        .collect();
    if is_seen(&plain) { plain.split_whitespace().collect::<Vec<_>>().join(" ") } else { String::new() }
}

/// Line ends of any kind: LF, CRLF, and the CR alone of old files.
fn line_ends(text: &str) -> usize {
    text.matches(['\n', '\r']).count() - text.matches("\r\n").count()
}

fn in_quotes(names: &[String]) -> String {
    names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sheet(text: &str) -> Sheet {
        Sheet::read(text.as_bytes(), "towns.csv").unwrap()
    }

    #[test]
    fn columns_are_found_by_name() {
        let sheet = sheet("\u{FEFF}Name, town ,extra\r\nAna,Ayer,1\r\n\r\n,,\r\n  Bo \r\nCy,\"Fall\r\nRiver\",3,4\r\nDi,Lee\r\n");
        sheet.require(&["name", "town"]).unwrap();
        let rows: Vec<_> = sheet.rows().map(|row| (row.line(), row.cell("name"), row.cell("town"))).collect();
        assert_eq!(rows, [(2, "Ana", "Ayer"), (5, "Bo", ""), (6, "Cy", "Fall River"), (8, "Di", "Lee")]);
        assert_eq!(sheet.rows().next().unwrap().first(&["nothing", "extra"]), "1");
    }

    #[test]
    fn lines_are_counted_with_any_line_end() {
        for end in ["\n", "\r\n", "\r"] {
            let text = ["name", "", "Ana", "", "", "Bo"].join(end);
            assert_eq!(sheet(&text).rows().map(Row::line).collect::<Vec<_>>(), [3, 6], "{end:?}");
        }
    }

    #[test]
    fn all_missing_columns_are_named() {
        let error = sheet("name\n").require(&["name", "email", "id"]).unwrap_err();
        assert_eq!(error.to_string(), "towns.csv has no column \"email\", \"id\". Its first line must name the columns");
        assert!(sheet("").require(&["name"]).is_err());
    }

    #[test]
    fn other_encodings_are_refused_with_the_line() {
        let error = Sheet::read(&b"name\r\nAna\r\nMonta\xF1o\r\n"[..], "people.csv").unwrap_err();
        assert!(error.to_string().starts_with("people.csv, line 3: this is not text in UTF-8"), "{error}");
    }

    fn refused(text: &str) -> String {
        Sheet::read(text.as_bytes(), "people.csv").unwrap_err().to_string()
    }

    #[test]
    fn tables_are_bounded_by_cell_row_and_file() {
        let cell = "a".repeat(CELL_MAX_CHARS);
        assert_eq!(sheet(&format!("name\n{cell}")).rows().count(), 1);
        let said = refused(&format!("id,name\n1,Ana\n2,{cell}b\n"));
        assert_eq!(said, "people.csv, line 3: cell 2 has more than 10000 characters. Shorten it and import the file again");
        let said = refused(&format!("name\n{}", ",".repeat(ROW_MAX_CELLS)));
        assert!(said.starts_with("people.csv, line 2: the row has more than 200 cells"), "{said}");
        let said = refused(&"a\n".repeat(MAX_ROWS + 2));
        assert!(said.starts_with("people.csv, line 100002: the file has more than 100000 rows"), "{said}");
        let endless = Sheet::read(std::io::repeat(b'a'), "people.csv").unwrap_err().to_string();
        assert!(endless.starts_with("people.csv is larger than 16 MB"), "{endless}");
        let said = refused(&format!("{}\n", ",".repeat(150).replace(',', "a,")).repeat(20_000));
        assert!(said.contains("the file has more than 2000000 cells"), "{said}");
    }

    #[test]
    fn a_cell_that_nobody_can_see_is_empty() {
        let sheet = sheet("id,name,phone\n1,\u{3164}\u{200B},-\n\u{2800},\u{FE0F},\u{E0041}\n2,Ana\u{301},1\n");
        let rows: Vec<_> = sheet.rows().map(|row| (row.line(), row.cell("name"), row.cell("phone"))).collect();
        assert_eq!(rows, [(2, "", "-"), (4, "Aná", "1")]);
    }

    #[test]
    fn only_the_first_problems_are_shown() {
        let mut problems = Problems::new("a.csv");
        (2..27).for_each(|line| problems.add(line, "no name"));
        let text = problems.into_result().unwrap_err().to_string();
        assert!(text.starts_with("a.csv has 25 problems:\n  line 2: no name\n"), "{text}");
        assert!(text.ends_with("line 21: no name\n  and 5 more"), "{text}");
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = Sheet::read(bytes.as_slice(), "x.csv");
        }

        #[test]
        fn every_cell_is_one_line(text in any::<String>()) {
            for row in sheet(&text).rows() {
                prop_assert!(row.cells.iter().all(|cell| !cell.chars().any(char::is_control)));
                prop_assert!(row.line() > 1);
            }
        }
    }
}
