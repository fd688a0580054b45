//! Text that a person typed: one-line fields, and the story with its line ends.

use std::fmt;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::visible::{has_letter, is_seen, without_unseen};

/// The most characters a story may have.
pub const STORY_MAX_CHARS: usize = 2_000;

/// Why a text does not fit its field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineError {
    /// Nothing that a reader sees as a word.
    Empty,
    /// More characters than this.
    TooLong(usize),
    /// A control character, a line end, or a mark that turns the direction of the text around.
    ControlCharacter,
    /// A web address, an e-mail address or markup where a name is asked for.
    NoName,
}

/// One line as typed: outer white space dropped, in composed form (NFC), `max` characters at most.
///
/// Control characters are refused and not repaired: CR and LF in a name are how mail headers are
/// forged, and lettre panics on them.
pub(super) fn one_line(input: &str, max: usize) -> Result<String, LineError> {
    if input.chars().any(is_unwelcome) {
        return Err(LineError::ControlCharacter);
    }
    let line: String = input.trim().nfc().collect();
    if !has_letter(&line) {
        return Err(LineError::Empty);
    }
    if line.chars().count() > max {
        return Err(LineError::TooLong(max));
    }
    Ok(line)
}

/// A name of a person or a place: one line, as [`one_line`] reads it, without web addresses, e-mail addresses and markup, however
/// these are spelled. It stands in mails to offices, where a link would be a stranger's.
pub(super) fn name_line(input: &str, max: usize) -> Result<String, LineError> {
    let line = one_line(input, max)?;
    let plain: String = without_unseen(&line).nfkc().flat_map(char::to_lowercase).collect();
    if plain.contains("://") || plain.contains("www.") || plain.contains(['@', '<', '>']) {
        return Err(LineError::NoName);
    }
    Ok(line)
}

/// Controls (category Cc), line and paragraph separators, bidirectional overrides, which make a line read otherwise
/// than it is stored, the mark that stands where bytes were no UTF-8, and U+E000, which marks
/// the place of a supporter's words in a letter that is shown to be checked.
fn is_unwelcome(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{E000}' | '\u{FFFD}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// For comparing names of places and people: no accents, lower case, one space between words,
/// apostrophes and full stops dropped.
#[must_use]
pub fn fold(text: &str) -> String {
    let plain: String = text
        .nfkd()
        .filter(|c| !is_combining_mark(*c) && !matches!(c, '\'' | '\u{2019}' | '.'))
        .flat_map(char::to_lowercase)
        .map(|c| if c == '-' { ' ' } else { c })
        .collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

macro_rules! line_type {
    ($(#[$doc:meta])* $name:ident, $max:expr) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash)]
        pub struct $name(String);

        impl $name {
            /// The most characters it may have.
            pub const MAX_CHARS: usize = $max;

            /// Reads one line of text.
            ///
            /// # Errors
            /// [`LineError`] when it is empty, too long, no name, or holds control characters.
            pub fn parse(input: &str) -> Result<Self, LineError> {
                name_line(input, Self::MAX_CHARS).map(Self)
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(personal)"))
            }
        }
    };
}
pub(super) use line_type;

line_type!(
    /// A supporter's name, as it stands under the letter and in its From header.
    PersonName,
    100
);
line_type!(
    /// The town or place as the person calls it.
    TownName,
    100
);

/// The supporter's own words: up to [`STORY_MAX_CHARS`] characters, line ends kept as `\n`. May be empty.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Story(String);

impl Story {
    /// Reads a story; CRLF and CR become LF, outer white space is dropped. One of which nothing is seen is empty.
    ///
    /// # Errors
    /// [`LineError::TooLong`] or [`LineError::ControlCharacter`]; an empty story is fine.
    pub fn parse(input: &str) -> Result<Self, LineError> {
        let text: String = input.replace("\r\n", "\n").replace('\r', "\n").trim().nfc().collect();
        if text.chars().any(|c| c != '\n' && c != '\t' && is_unwelcome(c)) {
            return Err(LineError::ControlCharacter);
        }
        if text.chars().count() > STORY_MAX_CHARS {
            return Err(LineError::TooLong(STORY_MAX_CHARS));
        }
        Ok(Self(if is_seen(&text) { text } else { String::new() }))
    }

    /// The text; empty when the supporter wrote none.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Story {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Story(personal)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_of_many_kinds_are_kept_as_typed() {
        for name in [
            "Ana",
            "O’Brien & Co",
            "José Núñez",
            "李小龍",
            "مريم",
            "{{name}}",
            "X Æ A-12",
            "Ng",
            "Ó",
            "李",
            "O'Brien-Smith",
            "Nguyễn Thị",
            "J. R.",
            "ნინო",
            "ประยุทธ์",
            "नेहा",
            "می\u{200C}خواهم",
            "김",
        ] {
            assert_eq!(PersonName::parse(name).unwrap().as_str(), name);
        }
    }

    #[test]
    fn a_name_that_nobody_can_see_is_empty() {
        let unseen =
            ["\u{200B}", "\u{3164}", "\u{115F}\u{1160}", "\u{FFA0}", "\u{2800}", "\u{FE0F}", "\u{E0041}", "\u{0301}", "\u{00AD}"];
        for name in unseen.iter().chain(&[".", "-", "...", "1", "\u{200B}\u{200B}", "\u{25CC}\u{0301}"]) {
            assert_eq!(PersonName::parse(name).unwrap_err(), LineError::Empty, "{name:?}");
            assert_eq!(TownName::parse(name).unwrap_err(), LineError::Empty, "{name:?}");
        }
        for story in unseen {
            assert_eq!(Story::parse(&format!("{story}\n {story}")).unwrap().as_str(), "", "{story:?}");
        }
        for story in ["!", "❤️", "\u{200B}Mine.", "12"] {
            assert_eq!(Story::parse(story).unwrap().as_str(), story);
        }
    }

    #[test]
    fn web_addresses_and_markup_are_no_names() {
        for name in [
            "Ana https://spam.example",
            "WWW.spam.example",
            "w\u{200B}ww.spam.example",
            "ana@spam.example",
            "<b>Ana",
            "Ana>",
            "Ana＠spam",
        ] {
            assert_eq!(PersonName::parse(name).unwrap_err(), LineError::NoName, "{name:?}");
        }
        assert!(PersonName::parse("Ana www").is_ok());
    }

    #[test]
    fn what_could_forge_a_header_is_refused() {
        for bad in ["Ana\r\nBcc: x", "Ana\n", "\tAna", "A\0na", "A\u{202E}na", "\u{1b}[31mAna"] {
            assert_eq!(PersonName::parse(bad).unwrap_err(), LineError::ControlCharacter, "{bad:?}");
        }
        assert_eq!(PersonName::parse(" ").unwrap_err(), LineError::Empty);
        assert_eq!(PersonName::parse(&"a".repeat(101)).unwrap_err(), LineError::TooLong(100));
    }

    #[test]
    fn the_mark_of_previews_can_not_be_typed() {
        assert_eq!(PersonName::parse("A\u{E000}na").unwrap_err(), LineError::ControlCharacter);
        assert_eq!(Story::parse("Mine.\n\u{E000}").unwrap_err(), LineError::ControlCharacter);
    }

    #[test]
    fn folding_makes_spellings_equal() {
        assert_eq!(fold("  Gómez "), "gomez");
        assert_eq!(fold("Manchester-by-the-Sea"), "manchester by the sea");
        assert_eq!(fold("St. Mary’s"), "st marys");
    }

    proptest! {
        #[test]
        fn a_line_is_always_one_line(typed in any::<String>()) {
            if let Ok(name) = PersonName::parse(&typed) {
                prop_assert!(!name.as_str().chars().any(char::is_control));
                prop_assert!(name.as_str().chars().count() <= PersonName::MAX_CHARS);
                prop_assert_eq!(PersonName::parse(name.as_str()).unwrap(), name);
            }
        }

        #[test]
        fn a_story_keeps_its_lines(lines in proptest::collection::vec("[a-zA-Z .,]{1,30}", 1..6)) {
            let sent = lines.join("\r\n");
            let story = Story::parse(&sent).unwrap();
            let kept = lines.join("\n");
            prop_assert_eq!(story.as_str(), kept.trim());
        }
    }
}
