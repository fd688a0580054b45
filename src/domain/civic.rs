//! Open civic data, as rosters and town lists bring it: people in office, municipalities, place names.

use super::chamber::Chamber;
use super::clock::Day;
use super::district::DistrictKey;
use super::email::EmailAddress;

/// A district by its chamber and its name as the source spells it; the governor's has an empty name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DistrictName {
    /// Which chamber it elects to.
    pub chamber: Chamber,
    /// The name, such as `15th Suffolk`.
    pub name: String,
    /// Worked out once: every sign-up compares districts by it.
    key: DistrictKey,
}

impl DistrictName {
    /// The name of a district of `chamber`.
    #[must_use]
    pub fn new(chamber: Chamber, name: &str) -> Self {
        let name = name.trim();
        Self { chamber, name: name.to_owned(), key: DistrictKey::of(name) }
    }

    /// Chamber and district, as pages name an office: `State Senate, First Harbor`. The governor's office has no district.
    #[must_use]
    pub fn in_words(&self) -> String {
        let chamber = self.chamber.label();
        if self.name.is_empty() { chamber.to_owned() } else { format!("{chamber}, {}", self.name) }
    }

    /// What is the same in all spellings.
    #[must_use]
    pub fn key(&self) -> &DistrictKey {
        &self.key
    }
}

/// One person's row in a roster: who holds which seat, and how to write to them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The source's own id, such as `ocd-person/...`: the same person in the next roster.
    pub source_id: String,
    /// The name by which the person goes.
    pub name: String,
    /// The family name, for the salutation.
    pub family_name: String,
    /// `Senator`, `Representative`, ...
    pub title: String,
    /// How a letter greets them, after "Dear": title and family name unless the source says otherwise. Never from gender.
    pub salutation: String,
    /// The party, as the source writes it; may be empty.
    pub party: String,
    /// The seat.
    pub district: DistrictName,
    /// The office's mailbox, where it has one.
    pub email: Option<EmailAddress>,
    /// The address of the office's web form, where it takes mail by that only.
    pub webform: Option<String>,
    /// A telephone number; may be empty.
    pub phone: String,
    /// A postal address in one line; may be empty.
    pub address: String,
    /// The Census GEOID of the district, as text; empty where the roster has none.
    pub geoid: String,
    /// The Open Civic Data division id of the district; empty where the roster has none.
    pub division_id: String,
    /// The last day of the term, where it is known.
    pub term_ends: Option<Day>,
}

impl Person {
    /// Title and name, as pages name them: `Senator Wren Harborlight`.
    #[must_use]
    pub fn titled(&self) -> String {
        format!("{} {}", self.title, self.name)
    }
}

/// A city or town and the districts that touch it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Municipality {
    /// Its name.
    pub name: String,
    /// Its county; may be empty.
    pub county: String,
    /// The Census GEOID of its county subdivision or place, as text; may be empty.
    pub geoid: String,
    /// Residents, where the source tells.
    pub population: Option<i64>,
    /// The House and Senate districts that touch it.
    pub districts: Vec<DistrictName>,
}

impl Municipality {
    /// The districts of one chamber.
    pub fn of(&self, chamber: Chamber) -> impl Iterator<Item = &DistrictName> {
        self.districts.iter().filter(move |d| d.chamber == chamber)
    }

    /// Whether the town alone tells both legislators.
    #[must_use]
    pub fn elects_one_of_each(&self) -> bool {
        self.of(Chamber::Upper).count() == 1 && self.of(Chamber::Lower).count() == 1
    }
}

/// A village, neighbourhood or post-office name and a municipality that it is part of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlaceName {
    /// The name people use, such as `Jamaica Plain`.
    pub place: String,
    /// The city or town, such as `Boston`.
    pub municipality: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_office_is_named_by_chamber_and_district() {
        assert_eq!(DistrictName::new(Chamber::Upper, " First Harbor ").in_words(), "State Senate, First Harbor");
        assert_eq!(DistrictName::new(Chamber::Governor, "").in_words(), "Governor");
    }
}
