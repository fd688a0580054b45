//! The words of street names that are written in several ways: kinds of street, directions, ordinals.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::domain::ordinal;

/// Kinds of street with their usual misspellings: USPS Publication 28, appendix C1 (<https://pe.usps.com/text/pub28/28apc_002.htm>),
/// and the wharf, which harbours need. Columns: the shortest form, and other forms separated by spaces.
const KINDS: &str = include_str!("street_words.csv");

static SHORT: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
    let mut short = HashMap::new();
    for (standard, written) in KINDS.lines().skip(1).filter_map(|line| line.split_once(',')) {
        short.insert(standard, standard);
        short.extend(written.split(' ').filter(|word| !word.is_empty()).map(|word| (word, standard)));
    }
    short
});

/// Directions, long and short (USPS Publication 28, section 233).
const DIRECTIONS: [(&str, &str); 8] = [
    ("north", "n"),
    ("south", "s"),
    ("east", "e"),
    ("west", "w"),
    ("northeast", "ne"),
    ("northwest", "nw"),
    ("southeast", "se"),
    ("southwest", "sw"),
];

/// `Avenue` and `aven` are `ave`; `None` for a word that is no kind of street. The word is folded.
pub(super) fn kind(word: &str) -> Option<&'static str> {
    SHORT.get(word).copied()
}

/// `North` and `n` are `n`; `None` for a word that is no direction. The word is folded.
pub(super) fn direction(word: &str) -> Option<&'static str> {
    DIRECTIONS.iter().find(|(long, short)| *long == word || *short == word).map(|(_, short)| *short)
}

/// A word inside a name, as it is compared: `Saint` and `St`, `Fifth` and `5th`, `Centre` and `Ctr` are each one.
pub(super) fn same_word(word: &str) -> String {
    if word == "saint" {
        return "st".to_owned();
    }
    if let Some(number) = ordinal(word).filter(|_| !starts_with_digit(word)) {
        return in_digits(number);
    }
    kind(word).unwrap_or(word).to_owned()
}

fn in_digits(n: u32) -> String {
    let ending = match (n % 10, n % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{n}{ending}")
}

/// Whether the word counts a floor or a street: `2nd`, `second`; a bare `2` does not.
pub(super) fn is_ordinal(word: &str) -> bool {
    ordinal(word).is_some() && !word.bytes().all(|b| b.is_ascii_digit())
}

fn starts_with_digit(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_has_two_meanings() {
        let words: Vec<&str> =
            KINDS.lines().skip(1).flat_map(|line| line.split([',', ' '])).filter(|word| !word.is_empty()).collect();
        assert_eq!(words.len(), SHORT.len(), "a word stands twice in the table");
        assert!(words.len() > 250);
        assert!(words.iter().all(|word| word.bytes().all(|b| b.is_ascii_lowercase())));
        for line in KINDS.lines() {
            assert_eq!(line.matches(',').count(), 1, "{line}");
        }
    }

    #[test]
    fn words_have_one_spelling() {
        for (written, same) in [
            ("avenue", "ave"),
            ("saint", "st"),
            ("fifth", "5th"),
            ("twelfth", "12th"),
            ("thirtieth", "30th"),
            ("28", "28"),
            ("elm", "elm"),
        ] {
            assert_eq!(same_word(written), same);
        }
        assert!(is_ordinal("2nd") && is_ordinal("second") && !is_ordinal("nd") && !is_ordinal("2") && !is_ordinal("2b"));
    }
}
