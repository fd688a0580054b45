//! The kind of office a letter goes to.

use std::fmt;

/// A chamber of a legislature, or the governor's office. `upper` and `lower` are the names that
/// Open States uses and the database stores; pages say Senate and House.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Chamber {
    /// The state senate.
    Upper,
    /// The state house (or assembly) of representatives.
    Lower,
    /// The governor, whose district is the whole state.
    Governor,
}

/// The word names no chamber.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no chamber; write upper, lower or governor")]
pub struct UnknownChamber(String);

impl Chamber {
    /// Every chamber, in the order pages show them.
    pub const ALL: [Self; 3] = [Self::Upper, Self::Lower, Self::Governor];

    /// The stored name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Upper => "upper",
            Self::Lower => "lower",
            Self::Governor => "governor",
        }
    }

    /// The name on pages and in letters.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Upper => "State Senate",
            Self::Lower => "State House",
            Self::Governor => "Governor",
        }
    }

    /// How its holder is titled where the roster names no title.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Upper => "Senator",
            Self::Lower => "Representative",
            Self::Governor => "Governor",
        }
    }

    /// Reads a stored or imported name.
    ///
    /// # Errors
    /// [`UnknownChamber`] for any other word.
    pub fn parse(word: &str) -> Result<Self, UnknownChamber> {
        Self::ALL
            .into_iter()
            .find(|chamber| chamber.as_str() == word.trim())
            .ok_or_else(|| UnknownChamber(word.trim().to_owned()))
    }
}

impl fmt::Display for Chamber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
