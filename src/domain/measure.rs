//! A measure: a bill under all its numbers, and what letters ask to be done about it.

use std::collections::BTreeSet;
use std::fmt;

use super::chamber::Chamber;

/// The numbers that a piece of evidence is about, by what is the same in all spellings. Most evidence is about one; a row
/// that names `H.2580/S.1681` is about a bill and its companion taken together.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BillNumbers(BTreeSet<String>);

/// The text names no bill.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no bill number; write it as the legislature does, such as \"H.2580\", several separated by /")]
pub struct NoBill(String);

impl BillNumbers {
    /// Reads one number, or several separated by `/`.
    ///
    /// # Errors
    /// [`NoBill`] when a part has no letter in front or no digit.
    pub fn parse(text: &str) -> Result<Self, NoBill> {
        let keys: Option<BTreeSet<String>> = text.split('/').map(key).collect();
        keys.map(Self).ok_or_else(|| NoBill(text.trim().chars().take(80).collect()))
    }

    /// All of these numbers together, such as those of a measure; what is no number is left out.
    #[must_use]
    pub fn of_all<'a>(numbers: impl IntoIterator<Item = &'a str>) -> Self {
        Self(numbers.into_iter().filter_map(key).collect())
    }

    /// Whether the two have a number in common.
    #[must_use]
    pub fn overlap(&self, other: &Self) -> bool {
        !self.0.is_disjoint(&other.0)
    }

    /// Whether the two have a number in common that members of the chamber sign: H numbers those of the lower one, S numbers
    /// those of the upper one, and numbers of neither kind everybody.
    #[must_use]
    pub fn signed_in(&self, chamber: Chamber, other: &Self) -> bool {
        self.0.intersection(&other.0).any(|number| match number.chars().next() {
            Some('h') => chamber == Chamber::Lower,
            Some('s') => chamber == Chamber::Upper,
            _ => true,
        })
    }

    /// Whether all numbers of the other are among these.
    #[must_use]
    pub fn cover(&self, other: &Self) -> bool {
        other.0.is_subset(&self.0)
    }
}

/// The stored form: `h2580` or `h2580/s1681`.
impl fmt::Display for BillNumbers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.iter().map(String::as_str).collect::<Vec<_>>().join("/"))
    }
}

/// Letters and digits in lower case. A bill's number begins with its chamber's letter and holds a digit.
fn key(number: &str) -> Option<String> {
    let key: String = number.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    (key.starts_with(|c: char| c.is_ascii_alphabetic()) && key.contains(|c: char| c.is_ascii_digit())).then_some(key)
}

/// A step on a measure's way that letters can ask for. Which one is in force, staff choose; its words are the campaign's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ask {
    /// Put your name to it.
    SignOn,
    /// Vote for it, in its final form.
    Pass,
    /// It is law: see that it is carried out.
    Implement,
}

/// The word names no ask.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no ask; write sign_on, pass or implement")]
pub struct UnknownAsk(String);

impl Ask {
    /// Every ask, in the order of a measure's way.
    pub const ALL: [Self; 3] = [Self::SignOn, Self::Pass, Self::Implement];

    /// The stored name, the key in `campaign.toml`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignOn => "sign_on",
            Self::Pass => "pass",
            Self::Implement => "implement",
        }
    }

    /// The name on pages.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::SignOn => "Sign on",
            Self::Pass => "Pass it",
            Self::Implement => "Carry it out",
        }
    }

    /// Reads a stored or typed name.
    ///
    /// # Errors
    /// [`UnknownAsk`] for any other word.
    pub fn parse(word: &str) -> Result<Self, UnknownAsk> {
        Self::ALL.into_iter().find(|ask| ask.as_str() == word).ok_or_else(|| UnknownAsk(word.chars().take(80).collect()))
    }
}

impl fmt::Display for Ask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn numbers(text: &str) -> BillNumbers {
        BillNumbers::parse(text).unwrap()
    }

    #[test]
    fn spellings_of_one_number_are_equal() {
        for spelling in ["H.2580", "H2580", "h 2580", " H. 2580 "] {
            assert_eq!(numbers(spelling).to_string(), "h2580");
        }
        assert_eq!(numbers("S.1681/H.2580"), numbers("h2580 / s1681"));
        assert_ne!(numbers("H.2580"), numbers("HD.2580"));
    }

    #[test]
    fn a_bill_belongs_to_a_measure_by_any_of_its_numbers() {
        let measure = BillNumbers::of_all(["H.2580", "S.1681"]);
        assert!(
            measure.overlap(&numbers("s1681")) && measure.overlap(&numbers("H.2580/H.9")) && !measure.overlap(&numbers("H.9"))
        );
        assert!(measure.cover(&numbers("h2580")) && !measure.cover(&numbers("H.2580/H.9")));
    }

    #[test]
    fn each_chamber_signs_its_own_numbers() {
        let measure = numbers("H.2580/S.1681/A.5");
        for (told, lower, upper) in [
            ("H.2580", true, false),
            ("S.1681", false, true),
            ("H.2580/S.1681", true, true),
            ("H.2580/S.9", true, false),
            ("A.5", true, true),
            ("H.9", false, false),
        ] {
            let told = numbers(told);
            assert_eq!([Chamber::Lower, Chamber::Upper].map(|of| measure.signed_in(of, &told)), [lower, upper], "{told}");
        }
    }

    #[test]
    fn what_is_no_number_is_named() {
        for bad in ["", "H.", "2580", "Safe Communities", "H.2580/"] {
            assert!(BillNumbers::parse(bad).unwrap_err().to_string().contains("is no bill number"), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn the_stored_form_is_read_back(text in "\\PC{0,30}") {
            if let Ok(read) = BillNumbers::parse(&text) {
                prop_assert_eq!(BillNumbers::parse(&read.to_string()), Ok(read));
            }
        }
    }

    #[test]
    fn every_ask_is_read_by_its_own_name_and_by_no_other() {
        for ask in Ask::ALL {
            assert_eq!(Ask::parse(ask.as_str()), Ok(ask));
        }
        assert!(Ask::parse("Sign on.").unwrap_err().to_string().contains("sign_on, pass or implement"));
    }
}
