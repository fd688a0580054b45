//! Changes of a roster that look like a mistake, and need the operator's word.

use std::collections::BTreeMap;
use std::fmt;

use super::diff::{RosterDiff, seat};
use crate::domain::{Chamber, Day, DistrictName, Person};

/// Why a roster should not be imported unless the operator insists (`--force`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Objection {
    /// A seat has one holder, and the roster names more.
    TwoInOneSeat {
        /// The seat.
        district: DistrictName,
        /// The names of all who are said to hold it.
        names: Vec<String>,
    },
    /// So many seats would be empty at once that the file is more likely cut short.
    TooManyGone {
        /// The chamber.
        chamber: Chamber,
        /// How many people leave a seat that nobody else takes.
        gone: usize,
        /// How many people the chamber has now.
        of: usize,
    },
    /// Districts that the outlines and towns of the state know nothing of.
    UnknownDistricts {
        /// The chamber.
        chamber: Chamber,
        /// Each district with who is said to hold it.
        seats: Vec<String>,
    },
    /// The roster says of these people itself that their terms are over.
    TermsOver {
        /// How many people.
        people: usize,
        /// The name of one of them, and the last day of the term.
        one: (String, Day),
    },
}

/// How many unknown districts are named.
const NAMED: usize = 10;

impl fmt::Display for Objection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TwoInOneSeat { district, names } => {
                let place = format!("{} {}", district.chamber.label(), district.name);
                write!(f, "{} people in one seat, {}: {}", names.len(), place.trim_end(), names.join(", "))
            }
            Self::TooManyGone { chamber, gone, of } => write!(
                f,
                "{}: {gone} of {of} people would go with nobody in their place, more than 5 in 100. Is the file complete?",
                chamber.label()
            ),
            Self::UnknownDistricts { chamber, seats } => {
                let named = seats.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
                write!(f, "{}: no such district is known: {named}", chamber.label())?;
                match seats.len().saturating_sub(NAMED) {
                    0 => {}
                    more => write!(f, ", and {more} more")?,
                }
                f.write_str(". Is this the roster of another state, or older or newer than the districts?")
            }
            Self::TermsOver { people: 1, one: (name, day) } => {
                write!(f, "the term of {name} ended on {}, so letters to them would be held", day.as_str())
            }
            Self::TermsOver { people, one: (name, day) } => write!(
                f,
                "the terms of {people} people are over (that of {name} ended on {}), so letters to them would be held",
                day.as_str()
            ),
        }
    }
}

impl RosterDiff {
    /// What speaks against accepting this diff of `current`. A successor is no loss: after an election many
    /// people go, and as many come.
    #[must_use]
    pub fn check(&self, current: &[Person]) -> Vec<Objection> {
        let after = self.apply(current);
        let mut holders: BTreeMap<_, Vec<&Person>> = BTreeMap::new();
        for person in after.iter().filter(|person| self.chambers.contains(&person.district.chamber)) {
            holders.entry(seat(&person.district)).or_default().push(person);
        }
        let crowded = holders.values().filter(|people| people.len() > 1).map(|people| Objection::TwoInOneSeat {
            district: people[0].district.clone(),
            names: people.iter().map(|person| person.name.clone()).collect(),
        });
        let emptied = self.chambers.iter().filter_map(|chamber| {
            let before: Vec<&Person> = current.iter().filter(|person| person.district.chamber == *chamber).collect();
            let gone = before.iter().filter(|person| !holders.contains_key(&seat(&person.district))).count();
            (gone >= 2 && gone * 20 > before.len()).then_some(Objection::TooManyGone {
                chamber: *chamber,
                gone,
                of: before.len(),
            })
        });
        crowded.chain(emptied).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::diff::tests::person;
    use super::*;

    fn house(seats: std::ops::Range<usize>) -> Vec<Person> {
        seats.map(|n| person(&format!("p{n}"), Chamber::Lower, &format!("{n}th Essex"))).collect()
    }

    fn objections(current: &[Person], incoming: &[Person]) -> Vec<String> {
        RosterDiff::between(current, incoming).check(current).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_file_cut_short_is_refused() {
        let current = house(1..41);
        assert!(objections(&current, &current[..38]).is_empty(), "2 of 40 are 5 in 100, not more");
        assert_eq!(
            objections(&current, &current[..37]),
            ["State House: 3 of 40 people would go with nobody in their place, more than 5 in 100. Is the file complete?"]
        );
        assert!(objections(&current[..4], &current[..3]).is_empty(), "one person may go from any chamber");
        assert_eq!(objections(&current[..4], &current[..2]).len(), 1);
    }

    #[test]
    fn an_election_is_no_mistake() {
        let current = house(1..41);
        let mut incoming = current.clone();
        incoming.iter_mut().take(15).for_each(|person| person.source_id.push_str("-new"));
        let diff = RosterDiff::between(&current, &incoming);
        assert_eq!((diff.added.len(), diff.gone.len()), (15, 15));
        assert!(diff.check(&current).is_empty());
    }

    #[test]
    fn two_in_one_seat_are_named() {
        let current = house(1..4);
        let mut incoming = current.clone();
        incoming.push(person("new", Chamber::Lower, "Second Essex District"));
        incoming.push(person("new senator", Chamber::Upper, "2nd Essex"));
        assert_eq!(objections(&current, &incoming), ["2 people in one seat, State House 2th Essex: Ana p2, Ana new"]);
        assert_eq!(objections(&[], &incoming).len(), 1);
    }
}
