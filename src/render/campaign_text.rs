//! The texts that a campaign is made of, by the names that staff read.

use super::variant::{Variant, letter_file};
use crate::domain::Chamber;

/// One text of a campaign's folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CampaignText {
    /// `page.md`
    Page,
    /// `campaign.toml`
    Settings,
    /// `letters/lower.txt.hbs`, `letters/lower.signed.txt.hbs`, ...
    Letter(Chamber, Variant),
}

impl CampaignText {
    /// Every text that a campaign can have, in the order of pages.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let letters = Chamber::ALL.into_iter().flat_map(|chamber| Variant::ALL.map(|variant| Self::Letter(chamber, variant)));
        [Self::Page, Self::Settings].into_iter().chain(letters).collect()
    }

    /// The text that stands in the file at `path`; `None` for a file that is none of them.
    #[must_use]
    pub fn of_path(path: &str) -> Option<Self> {
        match path {
            "page.md" => Some(Self::Page),
            "campaign.toml" => Some(Self::Settings),
            other => letter_file(other).map(|(chamber, variant)| Self::Letter(chamber, variant)),
        }
    }

    /// Reads the word of an address; any other word names no text, so no address leads out of the folder.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::all().into_iter().find(|text| text.word() == word)
    }

    /// The word in addresses: `page`, `settings`, `lower`, `lower-signed`.
    #[must_use]
    pub fn word(self) -> String {
        match self {
            Self::Page => "page".into(),
            Self::Settings => "settings".into(),
            Self::Letter(chamber, Variant::Plain) => chamber.to_string(),
            Self::Letter(chamber, Variant::Signed) => format!("{chamber}-signed"),
            Self::Letter(chamber, Variant::Partly) => format!("{chamber}-partly"),
        }
    }

    /// The file inside the campaign's folder.
    #[must_use]
    pub fn path(self) -> String {
        match self {
            Self::Page => "page.md".into(),
            Self::Settings => "campaign.toml".into(),
            Self::Letter(chamber, variant) => variant.path(chamber),
        }
    }

    /// The name on pages: `Letter to senators who signed every bill`.
    #[must_use]
    pub fn name(self) -> String {
        let (chamber, variant) = match self {
            Self::Page => return "The page".into(),
            Self::Settings => return "Settings: title, summary, contact, bills".into(),
            Self::Letter(chamber, variant) => (chamber, variant),
        };
        let to = match chamber {
            Chamber::Upper => "senators",
            Chamber::Lower => "representatives",
            Chamber::Governor => "the governor",
        };
        let who = match (variant, chamber) {
            (Variant::Plain, _) => "",
            (Variant::Signed, Chamber::Governor) => ", when they have signed every bill",
            (Variant::Partly, Chamber::Governor) => ", when they have signed some bills",
            (Variant::Signed, _) => " who signed every bill",
            (Variant::Partly, _) => " who signed some bills",
        };
        format!("Letter to {to}{who}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_text_has_a_word_and_a_file_of_its_own() {
        for text in CampaignText::all() {
            assert_eq!((CampaignText::parse(&text.word()), CampaignText::of_path(&text.path())), (Some(text), Some(text)));
        }
        for none in ["", "../page", "page.md", "letters/lower.txt.hbs", "lower-", "LOWER", "lower-plain", "%2e%2e"] {
            assert_eq!(CampaignText::parse(none), None, "{none}");
        }
    }

    #[test]
    fn letters_are_named_for_who_gets_them() {
        let name = |word| CampaignText::parse(word).unwrap().name();
        assert_eq!(name("upper-signed"), "Letter to senators who signed every bill");
        assert_eq!(name("governor"), "Letter to the governor");
    }
}
