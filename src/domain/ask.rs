//! What letters ask a legislator to do about a measure, as it moves on its way.

use std::fmt;

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

    #[test]
    fn every_ask_is_read_by_its_own_name_and_by_no_other() {
        for ask in Ask::ALL {
            assert_eq!(Ask::parse(ask.as_str()), Ok(ask));
        }
        assert!(Ask::parse("Sign on.").unwrap_err().to_string().contains("sign_on, pass or implement"));
    }
}
