//! What a login, or a program's token, may do.

use std::fmt;

/// A staff login's role; each may do all that the one before it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Sees aggregate numbers, no personal data.
    Viewer,
    /// Changes campaigns and letters, opens single letters.
    Editor,
    /// Manages people and the sender.
    Admin,
}

/// The word names no role.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no role; write viewer, editor or admin")]
pub struct UnknownRole(String);

impl Role {
    /// Every role, weakest first.
    pub const ALL: [Self; 3] = [Self::Viewer, Self::Editor, Self::Admin];

    /// The stored name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Editor => "editor",
            Self::Admin => "admin",
        }
    }

    /// Reads a stored or typed name.
    ///
    /// # Errors
    /// [`UnknownRole`] for any other word.
    pub fn parse(word: &str) -> Result<Self, UnknownRole> {
        Self::ALL.into_iter().find(|role| role.as_str() == word).ok_or_else(|| UnknownRole(word.to_owned()))
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A token's scope; each may read all that the one before it may. None reads personal data: there is none in the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ApiScope {
    /// Campaigns, offices and numbers.
    Counts,
    /// Single letters too: where each stands and what servers said, without its writer.
    Letters,
}

impl ApiScope {
    /// Every scope, narrowest first.
    pub const ALL: [Self; 2] = [Self::Counts, Self::Letters];

    /// The stored word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Counts => "counts",
            Self::Letters => "letters",
        }
    }

    /// For staff who choose one.
    #[must_use]
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Counts => "Campaigns, offices and numbers",
            Self::Letters => "Single letters too, without their writers",
        }
    }

    /// Reads a stored or typed word; `None` for any other.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wider_scope_holds_the_narrower() {
        assert!(ApiScope::Letters > ApiScope::Counts);
        for scope in ApiScope::ALL {
            assert_eq!(ApiScope::parse(scope.as_str()), Some(scope));
        }
        assert_eq!(ApiScope::parse("admin"), None);
    }
}
