//! How well a state is known: whose districts are settled by their town, whose by their street, and who has to choose.

use std::collections::HashSet;

use super::jurisdiction::Jurisdiction;
use crate::domain::{Chamber, FoundBy, Municipality};
use crate::store::offices::Office;

/// Cities and towns by what settles the districts of their people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settled {
    /// How many cities and towns.
    pub municipalities: usize,
    /// How many people live there, as far as the source of the towns tells.
    pub people: i64,
    /// Of how many of these towns the source does not tell.
    pub uncounted: usize,
}

impl Settled {
    fn add(&mut self, municipality: &Municipality) {
        self.municipalities += 1;
        match municipality.population {
            Some(people) => self.people += people,
            None => self.uncounted += 1,
        }
    }
}

/// How a state's municipalities, districts and offices are covered.
#[derive(Clone, Debug)]
pub struct Coverage<'a> {
    /// One district in each chamber: the town is enough.
    pub by_town: Settled,
    /// Several districts, and streets are known: house number and street are enough, except near a border.
    pub by_street: Settled,
    /// Several districts, and no street is known: people choose.
    pub by_choice: Settled,
    /// No district is known there: nobody can sign up.
    pub unknown: Vec<&'a Municipality>,
    /// The towns where people choose, the largest first.
    pub choosing: Vec<&'a Municipality>,
    /// Offices with a holder whose e-mail address is not known.
    pub without_email: Vec<&'a Office>,
    /// Offices that nobody holds.
    pub vacant: Vec<&'a Office>,
    /// How many offices there are in all.
    pub offices: usize,
}

impl<'a> Coverage<'a> {
    /// Looks at all that is known of a state; `with_streets` names the municipalities that have streets to look in.
    #[must_use]
    pub fn of(jurisdiction: &'a Jurisdiction, with_streets: &HashSet<String>) -> Self {
        let (mut by_town, mut by_street, mut by_choice) = (Settled::default(), Settled::default(), Settled::default());
        let (mut unknown, mut choosing) = (Vec::new(), Vec::new());
        for municipality in jurisdiction.gazetteer.municipalities() {
            match way(municipality, with_streets) {
                Some(FoundBy::Town) => by_town.add(municipality),
                Some(FoundBy::Street | FoundBy::Geocoder) => by_street.add(municipality),
                Some(FoundBy::Choice) => {
                    by_choice.add(municipality);
                    choosing.push(municipality);
                }
                None => unknown.push(municipality),
            }
        }
        choosing.sort_by(|a, b| b.population.cmp(&a.population).then_with(|| a.name.cmp(&b.name)));
        let offices = jurisdiction.offices();
        let held = |office: &&&Office| office.holder.is_some();
        let without_email = |office: &&&Office| office.holder.as_ref().is_some_and(|holder| holder.person.email.is_none());
        Self {
            by_town,
            by_street,
            by_choice,
            unknown,
            choosing,
            without_email: offices.iter().filter(without_email).copied().collect(),
            vacant: offices.iter().filter(|office| !held(office)).copied().collect(),
            offices: offices.len(),
        }
    }
}

/// What settles the districts of a municipality's people; `None` where a chamber has no district there.
fn way(municipality: &Municipality, with_streets: &HashSet<String>) -> Option<FoundBy> {
    let knows = |chamber| municipality.of(chamber).next().is_some();
    if !knows(Chamber::Upper) || !knows(Chamber::Lower) {
        return None;
    }
    Some(if municipality.elects_one_of_each() {
        FoundBy::Town
    } else if with_streets.contains(&municipality.name) {
        FoundBy::Street
    } else {
        FoundBy::Choice
    })
}
