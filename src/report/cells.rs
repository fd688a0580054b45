//! Rows as CSV (RFC 4180) for a spreadsheet: lines ended by CRLF, and no cell that a spreadsheet would run.

use std::borrow::Cow;

/// A byte order mark. Without it Excel reads UTF-8 as the machine's own old code page, and garbles every name with an accent; every
/// other program that reads CSV knows to skip it.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// Rows on their way out.
pub(super) struct Rows {
    writer: csv::Writer<Vec<u8>>,
}

impl Rows {
    /// No rows yet.
    pub(super) fn new() -> Self {
        Self { writer: csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new()) }
    }

    /// Begins a file for a spreadsheet, with the names of its columns.
    pub(super) fn headed(columns: &[&str]) -> Self {
        let mut rows =
            Self { writer: csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(BYTE_ORDER_MARK.to_vec()) };
        rows.push(columns);
        rows
    }

    /// One more row.
    pub(super) fn push(&mut self, cells: &[&str]) {
        for cell in cells {
            // Writing to memory does not fail, and rows are as long as their caller says.
            let _ = self.writer.write_field(defused(cell).as_bytes());
        }
        let _ = self.writer.write_record(None::<&[u8]>);
    }

    /// The bytes of all rows so far.
    pub(super) fn bytes(self) -> Vec<u8> {
        self.writer.into_inner().unwrap_or_default()
    }
}

/// Makes a spreadsheet show the cell as text: one that begins like a formula gets an apostrophe in front, since names
/// of people, towns and officials come from what others wrote (OWASP, "CSV Injection").
pub(super) fn defused(cell: &str) -> Cow<'_, str> {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_csv_that_no_spreadsheet_runs() {
        let mut rows = Rows::headed(&["name", "town"]);
        rows.push(&["=cmd|' /C calc'!A0", "Gull, \"Old\""]);
        rows.push(&["", "\r-1"]);
        let text = String::from_utf8(rows.bytes()).unwrap();
        assert_eq!(text, "\u{feff}name,town\r\n'=cmd|' /C calc'!A0,\"Gull, \"\"Old\"\"\"\r\n,\"'\r-1\"\r\n");
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        assert_eq!(reader.headers().unwrap().get(0), Some("name"), "the mark is no part of the first name");
    }

    #[test]
    fn cells_in_the_middle_of_which_a_sign_stands_are_left_alone() {
        for cell in ["", "Ana", "1-2", "a=b", "o'Brien", " =1"] {
            assert!(matches!(defused(cell), Cow::Borrowed(same) if same == cell), "{cell}");
        }
    }
}
