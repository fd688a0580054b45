//! The short name of a campaign in addresses and folders.

use std::fmt;

/// Lower-case letters, digits and single hyphens, 1 to 60 characters: safe in a URL and as a folder name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slug(String);

/// The text is no slug.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" can't be a campaign's short name; use lower-case letters, digits and single hyphens, such as \"ma-287g\"")]
pub struct SlugError(String);

impl Slug {
    /// Reads a slug.
    ///
    /// # Errors
    /// [`SlugError`] when it is empty, longer than 60, or holds any other character.
    pub fn parse(text: &str) -> Result<Self, SlugError> {
        let fits = (1..=60).contains(&text.len())
            && text.split('-').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()));
        if fits { Ok(Self(text.to_owned())) } else { Err(SlugError(text.chars().take(80).collect())) }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_slug_is_never_a_path(text in ".{0,80}") {
            if let Ok(slug) = Slug::parse(&text) {
                prop_assert!(!slug.as_str().contains(['/', '.', '\\', ' ', '%']));
            }
        }
    }

    #[test]
    fn hyphens_stand_between_words_only() {
        assert!(Slug::parse("ma-287g").is_ok());
        for bad in ["", "-a", "a-", "a--b", "A", "a_b", "../a"] {
            assert!(Slug::parse(bad).is_err(), "{bad}");
        }
    }
}
