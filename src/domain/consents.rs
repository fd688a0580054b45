//! What supporters may agree to beyond their letters. Neither is needed to write, and neither is ever assumed.

/// One thing that a supporter may agree to, and take back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consent {
    /// The campaign may write to them about this campaign.
    Contact,
    /// The campaign may quote their own words, with first name and town.
    Quote,
}

impl Consent {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Contact, Self::Quote];

    /// The name of its box in the form, and of its button on the private page.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Contact => "contact",
            Self::Quote => "quote",
        }
    }

    /// Reads such a name; `None` for any other word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|consent| consent.as_str() == word)
    }
}

/// What a supporter agreed to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Consents {
    /// [`Consent::Contact`]
    pub contact: bool,
    /// [`Consent::Quote`]
    pub quote: bool,
}

impl Consents {
    /// Whether this is among them.
    #[must_use]
    pub const fn has(self, consent: Consent) -> bool {
        match consent {
            Consent::Contact => self.contact,
            Consent::Quote => self.quote,
        }
    }
}

/// The first name, which is all of a name that stands under a quotation: "Ana" of "Ana Example".
#[must_use]
pub fn first_name(name: &str) -> &str {
    name.split_whitespace().next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back_and_nothing_else_is() {
        for consent in [Consent::Contact, Consent::Quote] {
            assert_eq!(Consent::parse(consent.as_str()), Some(consent));
        }
        assert_eq!(Consent::parse("consent"), None);
        assert_eq!(Consents::default(), Consents { contact: false, quote: false });
    }

    #[test]
    fn a_quotation_bears_the_first_name_alone() {
        assert_eq!(first_name("Ana María Example"), "Ana");
        assert_eq!(first_name("Ana"), "Ana");
    }
}
