//! House numbers along one side of a street, as Census TIGER/Line publishes them.

use super::lon_lat::LonLat;

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

/// The possible house numbers along one side of a stretch of street.
#[derive(Clone, Debug, PartialEq)]
pub struct AddressRange {
    /// The street's name in its one spelling, for comparing.
    pub street: String,
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
