//! What the pages around an uploaded file share.

use crate::web::upload::{FILE_MAX_BYTES, Upload};

/// Why nothing was imported, and what is wrong with which line of the file.
pub(super) struct Refused {
    pub(super) why: String,
    pub(super) lines: Vec<String>,
}

impl Refused {
    pub(super) fn because(why: &str) -> Self {
        Self { why: why.to_owned(), lines: Vec::new() }
    }

    /// The first line of `wrong` says what is the matter, the others where.
    pub(super) fn file(wrong: &str) -> Self {
        let mut lines = wrong.lines().map(|line| line.trim().to_owned());
        Self { why: format!("Nothing was imported. {}", lines.next().unwrap_or_default()), lines: lines.collect() }
    }
}

/// Whether a file was chosen that can be taken; `what` it should be, and what helps when it is too large.
pub(super) fn chosen(form: &Upload, what: &str, too_large: &str) -> Result<(), String> {
    if form.too_large {
        return Err(format!("This file is larger than {} MB. {too_large}", FILE_MAX_BYTES / 1_000_000));
    }
    if form.body.is_empty() {
        return Err(format!("Choose the CSV file of {what}. The one that was chosen is empty, or none was."));
    }
    Ok(())
}
