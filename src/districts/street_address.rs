//! A street address as a person types it: which number on which street.

use super::street_name::{from_words, words};
use super::street_words::{direction, is_ordinal, kind};
use crate::domain::{StreetName, is_po_box};

/// Where a house stands on its street; the unit, the floor and what stands behind a comma are dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct StreetAddress {
    /// The house number; the first one of `12-14`, without the letter of `12A` or the half of `12 1/2`.
    pub number: u32,
    /// The street, in its one spelling.
    pub street: StreetName,
}

/// Where somebody lives is personal.
impl std::fmt::Debug for StreetAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("StreetAddress(personal)")
    }
}

/// Why a text says no house on a street.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StreetProblem {
    /// A post office box, which may be in another district than the house.
    PoBox,
    /// No house number, or one that no house has.
    NoNumber,
    /// A number, and nothing behind it.
    NoStreet,
}

/// Words before the number of a flat that are in no street's name.
const UNITS: [&str; 6] = ["apt", "apartment", "unit", "suite", "ste", "apmt"];
/// Words before a flat's number that may also be in a street's name.
const MAYBE_UNITS: [&str; 16] = [
    "floor", "fl", "flr", "room", "rm", "building", "bldg", "lot", "space", "spc", "dept", "office", "ofc", "trlr", "no",
    "number",
];
/// Words that say where in a house, without a number.
const PARTS: [&str; 16] = [
    "front",
    "frnt",
    "rear",
    "lower",
    "lowr",
    "upper",
    "uppr",
    "basement",
    "bsmt",
    "penthouse",
    "ph",
    "left",
    "right",
    "side",
    "lobby",
    "floor",
];

impl StreetAddress {
    /// Reads what was typed: `12 Sedgwick St Apt 3`, `12-14 N. Main Street, Boston`, `One Beacon Street`.
    ///
    /// # Errors
    /// [`StreetProblem`] when it says no house.
    pub fn parse(typed: &str) -> Result<Self, StreetProblem> {
        if is_po_box(typed) {
            return Err(StreetProblem::PoBox);
        }
        let (mut problem, mut alone) = (StreetProblem::NoNumber, None);
        // `Harbor House, 12 Main St, Boston`: the part that begins with a number. `12, Main St`: the number, then its street.
        for part in typed.split([',', ';', '\n']).map(Part::read) {
            match (part.number, alone.take()) {
                (Some(number), _) if part.words.is_empty() => {
                    (problem, alone) = (StreetProblem::NoStreet, Some(number));
                }
                (Some(number), _) | (None, Some(number)) => match part.street() {
                    Some(street) => return Ok(Self { number, street }),
                    None => problem = StreetProblem::NoStreet,
                },
                (None, None) => {}
            }
        }
        Err(problem)
    }
}

/// What stands between two commas.
struct Part {
    number: Option<u32>,
    words: Vec<String>,
}

impl Part {
    fn read(text: &str) -> Self {
        let mut tokens: Vec<&str> = text.split_whitespace().collect();
        // `#3 12 Main St` and `Apt 3 12 Main St` are flats before the house.
        match tokens.as_slice() {
            [first, second, third, ..] if first.starts_with('#') && house_number(second).is_some() && !is_kind(third) => {
                tokens.remove(0);
            }
            [unit, _, house, _, ..] if is_unit(unit) && house_number(house).is_some() => {
                tokens.drain(..2);
            }
            _ => {}
        }
        let Some((number, rest)) = tokens.split_first().and_then(|(first, rest)| split_number(first, rest)) else {
            return Self { number: None, words: street_words(&tokens) };
        };
        Self { number: Some(number), words: street_words(rest) }
    }

    fn street(&self) -> Option<StreetName> {
        let words: Vec<&str> = self.words.iter().map(String::as_str).collect();
        from_words(&words[..without_unit(&words)])
    }
}

/// The house number, and the tokens behind it and its letter or fraction.
fn split_number<'a, 'b>(first: &str, rest: &'a [&'b str]) -> Option<(u32, &'a [&'b str])> {
    let Some(number) = house_number(first) else {
        // `One Beacon Street` is an address that people have; `Four Brook Road` is a street of that name.
        let number = first.eq_ignore_ascii_case("one").then_some(1)?;
        return (rest.len() >= 2 || rest.len() == 1 && !is_kind(rest[0])).then_some((number, rest));
    };
    Some((
        number,
        match rest {
            // `12 1/2 Elm Ave`, `12 ½ Elm Ave`, `12 - 14 Main St`, `12 & 14 Main St`
            [half, rest @ ..] if is_fraction(half) => rest,
            ["-" | "–" | "&" | "and", other, rest @ ..] if house_number(other).is_some() => rest,
            // `12 A Main St`, but not `12 A St` and `12 E Main St`
            [letter, rest @ ..]
                if is_letter(letter) && rest.len() >= 2 && !is_kind(rest[0]) && direction(&letter.to_lowercase()).is_none() =>
            {
                rest
            }
            rest => rest,
        },
    ))
}

/// The number of `12`, `#12`, `12A`, `12-14`, `12½`; `None` for `28th`, for words, and for more than seven digits.
fn house_number(token: &str) -> Option<u32> {
    let token = token.trim_start_matches('#').trim_end_matches(['.', ':']);
    let behind = token.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = &token[..token.len() - behind.len()];
    let letters = behind.chars().take_while(|c| c.is_alphabetic()).count();
    if digits.is_empty() || digits.len() > 7 || letters > 1 {
        return None;
    }
    digits.parse().ok()
}

fn is_fraction(token: &str) -> bool {
    matches!(token, "½" | "¼" | "¾" | "1/2" | "1/4" | "3/4" | "1/3" | "2/3")
}

fn is_letter(token: &str) -> bool {
    token.len() == 1 && token.bytes().all(|b| b.is_ascii_alphabetic())
}

fn is_kind(token: &str) -> bool {
    kind(token.to_lowercase().trim_end_matches('.')).is_some()
}

fn is_unit(token: &str) -> bool {
    UNITS.contains(&token.to_lowercase().trim_end_matches('.'))
}

/// The folded words of a street's name up to a `#`.
fn street_words(tokens: &[&str]) -> Vec<String> {
    let text = tokens.join(" ");
    words(text.split('#').next().unwrap_or_default())
}

/// How many of the words are the street's name: those before the flat, the floor, or a number behind the kind of street.
fn without_unit(words: &[&str]) -> usize {
    let counted = |word: &str| word.len() <= 1 || word.starts_with(|c: char| c.is_ascii_digit()) || is_ordinal(word);
    let ends_a_name = |at: usize| at >= 2 && (kind(words[at - 1]).is_some() || direction(words[at - 1]).is_some());
    (1..words.len())
        .find(|&at| {
            let next = words.get(at + 1);
            let word = words[at];
            UNITS.contains(&word)
                || (MAYBE_UNITS.contains(&word) && next.is_some_and(|next| counted(next)))
                || (is_ordinal(word) && next.is_some_and(|next| matches!(*next, "floor" | "fl" | "flr")))
                || (ends_a_name(at)
                    && !is_road_number(words, at)
                    && !is_ordinal(word)
                    && word.starts_with(|c: char| c.is_ascii_digit()))
                || (next.is_none() && ends_a_name(at) && (PARTS.contains(&word) || MAYBE_UNITS.contains(&word)))
        })
        .unwrap_or(words.len())
}

/// `County Rd 5`, `Old Route 28`: the number at `at` is the road's, not a flat's.
fn is_road_number(words: &[&str], at: usize) -> bool {
    matches!(words[..at], [.., "route" | "rte" | "rt" | "highway" | "hwy"] | ["county" | "co" | "state", "road" | "rd"])
}

#[cfg(test)]
#[path = "street_address_tests.rs"]
mod tests;
