//! How well a state is known: whose districts are settled by their town, whose by their street, and who has to choose.

use std::collections::HashMap;

use super::jurisdiction::Jurisdiction;
use crate::domain::{Chamber, FoundBy, Municipality};
use crate::store::offices::Office;

/// For how many people a town has at least one range of house numbers when its streets are all there. A range is one side of a
/// block, where some 10 to 30 people live; a town with fewer than one for 40 people is one whose county was not imported,
/// into which only the streets of the next county reach.
const PEOPLE_A_RANGE: i64 = 40;

/// How many ranges are enough where nobody has told how many people live in the town.
const ENOUGH_RANGES: i64 = 20;

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
    /// Several districts, and no street is known, or too few: people choose.
    pub by_choice: Settled,
    /// No district is known there: nobody can sign up.
    pub unknown: Vec<&'a Municipality>,
    /// The towns where people choose, the largest first, each with how many ranges of house numbers it has.
    pub choosing: Vec<(&'a Municipality, i64)>,
    /// Offices with a holder whose e-mail address is not known.
    pub without_email: Vec<&'a Office>,
    /// Offices that nobody holds. One that no outline and no municipality is of either is left over from a roster that has
    /// been replaced, and is not among them.
    pub vacant: Vec<&'a Office>,
}

impl<'a> Coverage<'a> {
    /// Looks at all that is known of a state; `ranges` is how many ranges of house numbers each municipality has, by its name.
    #[must_use]
    pub fn of(jurisdiction: &'a Jurisdiction, ranges: &HashMap<String, i64>) -> Self {
        let (mut by_town, mut by_street, mut by_choice) = (Settled::default(), Settled::default(), Settled::default());
        let (mut unknown, mut choosing) = (Vec::new(), Vec::new());
        for municipality in jurisdiction.gazetteer.municipalities() {
            let ranges = ranges.get(&municipality.name).copied().unwrap_or_default();
            match way(municipality, ranges) {
                Some(FoundBy::Town) => by_town.add(municipality),
                Some(FoundBy::Street | FoundBy::Geocoder) => by_street.add(municipality),
                Some(FoundBy::Choice) => {
                    by_choice.add(municipality);
                    choosing.push((municipality, ranges));
                }
                None => unknown.push(municipality),
            }
        }
        choosing.sort_by(|(a, _), (b, _)| b.population.cmp(&a.population).then_with(|| a.name.cmp(&b.name)));
        let offices = jurisdiction.offices();
        let without_email = |office: &&&Office| office.holder.as_ref().is_some_and(|holder| holder.person.email.is_none());
        Self {
            by_town,
            by_street,
            by_choice,
            unknown,
            choosing,
            without_email: offices.iter().filter(without_email).copied().collect(),
            vacant: offices.iter().filter(|office| office.holder.is_none() && jurisdiction.has_seat(office)).copied().collect(),
        }
    }
}

/// What settles the districts of a municipality's people; `None` where a chamber has no district there.
fn way(municipality: &Municipality, ranges: i64) -> Option<FoundBy> {
    let knows = |chamber| municipality.of(chamber).next().is_some();
    if !knows(Chamber::Upper) || !knows(Chamber::Lower) {
        return None;
    }
    Some(if municipality.elects_one_of_each() {
        FoundBy::Town
    } else if enough(municipality.population, ranges) {
        FoundBy::Street
    } else {
        FoundBy::Choice
    })
}

/// Whether so many ranges can be all of a town's streets.
fn enough(people: Option<i64>, ranges: i64) -> bool {
    ranges > 0 && people.map_or(ranges >= ENOUGH_RANGES, |people| ranges.saturating_mul(PEOPLE_A_RANGE) >= people)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::DistrictName;

    fn town(people: Option<i64>, house: &[&str]) -> Municipality {
        let mut districts: Vec<_> = house.iter().map(|name| DistrictName::new(Chamber::Lower, name)).collect();
        districts.push(DistrictName::new(Chamber::Upper, "First Harbor"));
        Municipality { name: "Gullhaven".into(), county: String::new(), geoid: String::new(), population: people, districts }
    }

    #[test]
    fn a_few_ranges_from_over_the_county_line_settle_nobody() {
        let several = ["1st Harbor", "2nd Harbor"];
        for (people, ranges, by) in [
            (Some(98_400), 1, FoundBy::Choice),
            (Some(98_400), 2_459, FoundBy::Choice),
            (Some(98_400), 2_460, FoundBy::Street),
            (Some(0), 0, FoundBy::Choice),
            (None, 0, FoundBy::Choice),
            (None, 19, FoundBy::Choice),
            (None, 20, FoundBy::Street),
        ] {
            assert_eq!(way(&town(people, &several), ranges), Some(by), "{people:?} people, {ranges} ranges");
        }
        assert_eq!(way(&town(Some(98_400), &["1st Harbor"]), 0), Some(FoundBy::Town));
        assert_eq!(way(&town(Some(98_400), &[]), 5_000), None);
    }
}
