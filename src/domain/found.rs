//! How the offices of an address were found, and why a person was asked.

/// How offices were found. Kept with the sign-up; the words are the ones in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FoundBy {
    /// The city or town has one district in each chamber.
    Town,
    /// The house number on its street, by the Census address ranges on this machine.
    Street,
    /// The Census geocoder, where the operator chose it.
    Geocoder,
    /// The person chose between the districts that it could be.
    Choice,
}

impl FoundBy {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Town, Self::Street, Self::Geocoder, Self::Choice];

    /// The stored word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Town => "town",
            Self::Street => "street",
            Self::Geocoder => "geocoder",
            Self::Choice => "choice",
        }
    }

    /// Reads a stored word; `None` for any other.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|found| found.as_str() == word)
    }
}

/// Why an address does not settle its districts by itself, so that the person is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Doubt {
    /// There are no streets to look in: only the town is known.
    TownOnly,
    /// No street of this name is known there.
    StreetUnknown,
    /// The street is known, the house number is not.
    NumberUnknown,
    /// The house stands so near a border that the point may lie on the wrong side.
    NearBorder,
    /// Sources disagree: several places fit the address, or the place lies outside the town that was typed.
    Disagree,
    /// The place lies in no district that is known, such as on the water.
    Outside,
}
