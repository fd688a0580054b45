//! What may become a new version: more is asked of it than of one that is in force already, which must keep working.

use std::collections::BTreeMap;

use super::{Campaign, TemplateError, TemplateFiles};

/// The most bytes of one text of a campaign: a hundred pages, and a paste gone wrong is longer.
pub const TEXT_MAX_BYTES: usize = 200 * 1024;
/// The most characters of a letter, with greeting and address and without the supporter's own words: about two printed pages.
/// Aides read no more; and with 2,000 characters of own words it stays below 8,192, at which web forms begin to cut.
pub const LETTER_MAX_CHARS: usize = 6_000;
/// The most characters of a subject: three lines in the list of a mail program. Most cut it far earlier.
pub const SUBJECT_MAX_CHARS: usize = 150;

/// Text as it is kept: the line ends of browsers (CRLF) and of old files (CR) become LF, and the last line has one.
#[must_use]
pub fn plain_text(typed: &str) -> String {
    let mut text = typed.replace("\r\n", "\n").replace('\r', "\n");
    text.truncate(text.trim_end().len());
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

impl Campaign {
    /// [`Campaign::compile`] for a folder that is to become a new version: no file is too long or holds characters that
    /// can't be seen, and no letter is longer than offices read.
    ///
    /// # Errors
    /// Everything that is wrong with the folder, file by file.
    pub fn accept(files: &BTreeMap<String, String>, templates: &TemplateFiles) -> Result<Self, Vec<TemplateError>> {
        let errors: Vec<_> = files.iter().filter_map(|(path, text)| check(path, text).err()).collect();
        if !errors.is_empty() {
            return Err(errors);
        }
        let campaign = Self::compile(files, templates)?;
        let errors = campaign.too_long();
        if errors.is_empty() { Ok(campaign) } else { Err(errors) }
    }
}

fn check(path: &str, text: &str) -> Result<(), TemplateError> {
    if text.len() > TEXT_MAX_BYTES {
        let (has, most) = (text.len().div_ceil(1024), TEXT_MAX_BYTES / 1024);
        return Err(TemplateError::new(path, None, format!("has {has} KB; the most is {most} KB. Shorten it")));
    }
    let line = text.lines().position(|line| line.chars().any(is_unseen));
    match line {
        None => Ok(()),
        Some(line) => {
            let cause = "holds a character that can't be seen, perhaps from copying. Type this line anew";
            Err(TemplateError::new(path, Some(line + 1), cause))
        }
    }
}

/// Control characters, separators that only some programs take for line ends, the mark for bytes that were no UTF-8, and
/// U+E000, which marks the place of a supporter's words while a letter is checked.
fn is_unseen(c: char) -> bool {
    (c.is_control() && c != '\t' && c != '\r') || matches!(c, '\u{2028}' | '\u{2029}' | '\u{E000}' | '\u{FFFD}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_of_browsers_become_plain_ones() {
        assert_eq!(plain_text("One\r\nTwo\rThree\n\n"), "One\nTwo\nThree\n");
        assert_eq!(plain_text(" \r\n"), "");
        assert_eq!(plain_text("  One"), "  One\n");
    }

    #[test]
    fn what_can_not_be_seen_is_named_with_its_line() {
        assert!(check("page.md", "One\r\n\tTwo é – “x”\n").is_ok());
        for bad in ["a\0", "a\u{1b}[31m", "a\u{7f}", "\u{2028}", "\u{E000}", "\u{FFFD}"] {
            let error = check("page.md", &format!("One\nTwo {bad}\n")).unwrap_err().to_string();
            assert!(error.starts_with("page.md, line 2: holds a character"), "{error}");
        }
        assert!(check("page.md", &"a".repeat(TEXT_MAX_BYTES)).is_ok());
        let error = check("page.md", &"a".repeat(TEXT_MAX_BYTES + 1)).unwrap_err().to_string();
        assert_eq!(error, "page.md: has 201 KB; the most is 200 KB. Shorten it");
    }
}
