//! What changed about one person.

use crate::domain::{Day, Person};

/// A person who went to another seat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// As known until now.
    pub from: Person,
    /// As they came in.
    pub to: Person,
}

/// A person whose particulars changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// As known until now.
    pub before: Person,
    /// As they came in.
    pub after: Person,
    /// What is different, one at least.
    pub fields: Vec<Field>,
}

/// A particular of a person that rosters change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// Name or family name.
    Name,
    /// The office's mailbox.
    Email,
    /// The office's web form.
    Webform,
    /// Title or salutation.
    Salutation,
    /// The party.
    Party,
    /// The telephone number.
    Phone,
    /// The postal address.
    Address,
    /// The last day of the term.
    TermEnds,
    /// The spelling of the district's name; it is the same district.
    DistrictSpelling,
}

impl Field {
    /// Every field, in the order tables show them.
    pub const ALL: [Self; 9] = [
        Self::Name,
        Self::Email,
        Self::Webform,
        Self::Salutation,
        Self::Party,
        Self::Phone,
        Self::Address,
        Self::TermEnds,
        Self::DistrictSpelling,
    ];

    /// The name in tables.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Email => "e-mail",
            Self::Webform => "web form",
            Self::Salutation => "salutation",
            Self::Party => "party",
            Self::Phone => "phone",
            Self::Address => "address",
            Self::TermEnds => "last day of the term",
            Self::DistrictSpelling => "district's spelling",
        }
    }

    /// Its text in `person`; empty where the roster has none.
    #[must_use]
    pub fn of(self, person: &Person) -> &str {
        match self {
            Self::Name => &person.name,
            Self::Email => person.email.as_ref().map_or("", |email| email.as_str()),
            Self::Webform => person.webform.as_deref().unwrap_or_default(),
            Self::Salutation => &person.salutation,
            Self::Party => &person.party,
            Self::Phone => &person.phone,
            Self::Address => &person.address,
            Self::TermEnds => person.term_ends.as_ref().map_or("", Day::as_str),
            Self::DistrictSpelling => &person.district.name,
        }
    }

    pub(super) fn differs(self, a: &Person, b: &Person) -> bool {
        self.of(a) != self.of(b)
            || match self {
                Self::Name => a.family_name != b.family_name,
                Self::Salutation => a.title != b.title,
                _ => false,
            }
    }
}

/// One field's change in words, for a table.
pub(super) fn describe(field: Field, change: &Change) -> String {
    let (before, after) = (field.of(&change.before), field.of(&change.after));
    match (before, after) {
        _ if before == after => field.label().to_owned(),
        ("", _) => format!("{}: {after} (was blank)", field.label()),
        (_, "") => format!("{}: none (was {before})", field.label()),
        _ => format!("{}: {before} -> {after}", field.label()),
    }
}
