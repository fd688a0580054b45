//! House numbers along one side of a street, as Census TIGER/Line publishes them.

use super::boundary::LonLat;
use std::fmt;

/// Which numbers a side has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Parity {
    /// Odd ones (`O`).
    Odd,
    /// Even ones (`E`).
    Even,
    /// Both (`B`).
    Both,
}

impl Parity {
    /// The letter that the Census uses and the store keeps.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Odd => "O",
            Self::Even => "E",
            Self::Both => "B",
        }
    }

    /// Reads that letter; `None` for any other.
    #[must_use]
    pub fn parse(letter: &str) -> Option<Self> {
        [Self::Odd, Self::Even, Self::Both].into_iter().find(|parity| parity.as_str() == letter)
    }

    /// Whether a house of this number stands on such a side.
    #[must_use]
    pub const fn holds(self, number: u32) -> bool {
        match self {
            Self::Odd => !number.is_multiple_of(2),
            Self::Even => number.is_multiple_of(2),
            Self::Both => true,
        }
    }
}

/// A side of a street, looking along the line from its first point to its last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// Left of the line.
    Left,
    /// Right of the line.
    Right,
}

impl Side {
    /// The stored letter: `L` or `R`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Left => "L",
            Self::Right => "R",
        }
    }

    /// Reads that letter; `None` for any other.
    #[must_use]
    pub fn parse(letter: &str) -> Option<Self> {
        [Self::Left, Self::Right].into_iter().find(|side| side.as_str() == letter)
    }
}

/// A street's name taken apart and in its one spelling, for comparing: `N. Main Street` is north, `main`, `st`.
/// `districts` takes names apart.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StreetName {
    /// What is left without direction and kind; never empty. Streets are looked up by it.
    pub stem: String,
    /// The kind of street as USPS shortens it: `st`, `ave`; empty where the name has none.
    pub kind: String,
    /// The direction before or behind the name: `n`, `se`; empty where it has none.
    pub direction: String,
}

/// Where somebody lives is personal.
impl fmt::Debug for StreetName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StreetName(personal)")
    }
}

/// The possible house numbers along one side of a stretch of street.
#[derive(Clone, Debug, PartialEq)]
pub struct AddressRange {
    /// The street.
    pub street: StreetName,
    /// Five digits; empty where the source has none.
    pub zip: String,
    /// The number at the line's first point. May be larger than `to`.
    pub from: u32,
    /// The number at the line's last point.
    pub to: u32,
    /// Which numbers between them.
    pub parity: Parity,
    /// Which side of the line.
    pub side: Side,
    /// The middle of the street, two points or more.
    pub line: Vec<LonLat>,
}

impl AddressRange {
    /// Whether the house of this number stands here.
    #[must_use]
    pub fn holds(&self, number: u32) -> bool {
        (self.from.min(self.to)..=self.from.max(self.to)).contains(&number) && self.parity.holds(number)
    }
}

/// What the imported streets know about one address: a street's name, a number and a ZIP code.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StreetRecords {
    /// The ranges of streets with this stem that hold the number: those in the ZIP code where one of them has the very
    /// name, else those in the whole state.
    pub ranges: Vec<AddressRange>,
    /// The streets with this stem in the ZIP code, whatever their numbers; read only where `ranges` has not the very name
    /// in the ZIP code.
    pub in_zip: Vec<StreetName>,
    /// Whether any streets of the state were imported.
    pub any: bool,
}
