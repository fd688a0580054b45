//! What a program may read.

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
