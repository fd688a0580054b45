//! The town behind what a person typed: exactly, or not at all.

use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap};

use crate::domain::{Chamber, DistrictName, Municipality, PlaceName, UsState, fold};

use super::spelling::{readings, spelling};

/// How many names are suggested for one that is not known.
const SUGGESTED: usize = 3;

/// The cities and towns of a state and the names people have for them.
#[derive(Clone, Debug)]
pub struct Gazetteer {
    state: Option<UsState>,
    municipalities: Vec<Municipality>,
    /// Positions of municipalities by the spelling of their own names, and by the names of places in them.
    own: HashMap<String, Vec<usize>>,
    places: HashMap<String, BTreeSet<usize>>,
    /// Every name as its source writes it, with its spelling, for suggestions; sorted, each spelling once.
    known: Vec<(String, String)>,
}

/// What the gazetteer knows of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookup<'a> {
    /// The city or town; several when a village's name is known in more than one.
    Found(Vec<&'a Municipality>),
    /// No such name.
    Unknown {
        /// Up to three names that differ by a slip of the finger, the nearest first. They are there to
        /// be shown, never to be used unasked.
        nearest: Vec<&'a str>,
    },
}

impl Gazetteer {
    /// A gazetteer of `municipalities`. Names of places in other municipalities than these are left out.
    #[must_use]
    pub fn new(municipalities: Vec<Municipality>, names: Vec<PlaceName>) -> Self {
        let mut own: HashMap<String, Vec<usize>> = HashMap::new();
        let mut known = BTreeSet::new();
        for (index, municipality) in municipalities.iter().enumerate() {
            let key = spelling(&municipality.name);
            known.insert((key.clone(), municipality.name.clone()));
            own.entry(key).or_default().push(index);
        }
        let mut gazetteer = Self { state: None, municipalities, own, places: HashMap::new(), known: Vec::new() };
        for PlaceName { place, municipality } in names {
            let key = spelling(&place);
            let towns = gazetteer.named(&municipality, &spelling(&municipality));
            if key.is_empty() || towns.is_empty() {
                continue;
            }
            gazetteer.places.entry(key.clone()).or_default().extend(towns);
            known.insert((key, place));
        }
        gazetteer.known = known.into_iter().collect();
        gazetteer.known.dedup_by(|later, first| later.0 == first.0);
        gazetteer
    }

    /// Takes only this state off the end of a name ("Lynn, MA"); without it, any state's two-letter code.
    #[must_use]
    pub fn in_state(mut self, state: UsState) -> Self {
        self.state = Some(state);
        self
    }

    /// Every city and town.
    #[must_use]
    pub fn municipalities(&self) -> &[Municipality] {
        &self.municipalities
    }

    /// Finds the city or town that `typed` names, in any usual spelling. A municipality's own name wins
    /// over a village of the same name elsewhere.
    #[must_use]
    pub fn find(&self, typed: &str) -> Lookup<'_> {
        // Most people write just the name: the other readings are worked out for the rest only.
        if let Some(found) = self.spelled(typed, &spelling(typed)) {
            return Lookup::Found(found);
        }
        let readings = readings(typed, self.state);
        if let Some(found) = readings.iter().find_map(|reading| self.spelled(typed, reading)) {
            return Lookup::Found(found);
        }
        // The last reading is the shortest: without state and "town of", so only the name itself is compared.
        Lookup::Unknown { nearest: readings.last().map(|name| self.nearest(name)).unwrap_or_default() }
    }

    /// How a place that is known is written in an address: `jamaica plain`, `Boston, MA` and `City of Boston` become
    /// `Jamaica Plain` and `Boston`. A usual spelling in its own right (`Newton Ctr.`, `Foxboro`) stays as it was typed.
    #[must_use]
    pub fn written<'a>(&'a self, typed: &'a str) -> &'a str {
        let typed = typed.trim();
        let whole = spelling(typed);
        let is_known = |reading: &String| self.own.contains_key(reading) || self.places.contains_key(reading);
        let Some(reading) = readings(typed, self.state).into_iter().find(is_known) else { return typed };
        let Some(name) = self.known.binary_search_by(|(key, _)| key.cmp(&reading)).ok().map(|at| self.known[at].1.as_str())
        else {
            return typed;
        };
        let has_both_cases = |text: &str| text.contains(char::is_lowercase) && text.contains(char::is_uppercase);
        let own_spelling = reading == whole && fold(name) != fold(typed) && has_both_cases(typed);
        // A source that shouts is no better than the person.
        if own_spelling || !has_both_cases(name) { typed } else { name }
    }

    /// The municipalities that are called so, or that a place called so is in; `None` when there are none.
    fn spelled(&self, typed: &str, reading: &str) -> Option<Vec<&Municipality>> {
        let own = self.named(typed, reading);
        let found: Vec<usize> = match self.places.get(reading) {
            Some(places) if own.is_empty() => places.iter().copied().collect(),
            _ => own,
        };
        let mut found: Vec<&Municipality> = found.iter().filter_map(|index| self.municipalities.get(*index)).collect();
        found.sort_by(|a, b| a.name.cmp(&b.name));
        if found.is_empty() { None } else { Some(found) }
    }

    /// The districts of one chamber that touch any of `found`, each once, sorted by ordinal and then by name.
    #[must_use]
    pub fn districts_of(found: &[&Municipality], chamber: Chamber) -> Vec<DistrictName> {
        let mut districts: Vec<DistrictName> = found.iter().flat_map(|town| town.of(chamber)).cloned().collect();
        districts.sort_by(|a, b| a.key().natural().cmp(&b.key().natural()));
        districts.dedup_by(|later, first| later.key() == first.key());
        districts
    }

    /// The municipalities of this spelling; only the one written just as `name`, where there is one.
    fn named(&self, name: &str, spelled: &str) -> Vec<usize> {
        let all = self.own.get(spelled).cloned().unwrap_or_default();
        if all.len() < 2 {
            return all;
        }
        let name = fold(name);
        let exact: Vec<usize> = all.iter().copied().filter(|index| fold(&self.municipalities[*index].name) == name).collect();
        if exact.is_empty() { all } else { exact }
    }

    fn nearest(&self, spelled: &str) -> Vec<&str> {
        let length = spelled.chars().count();
        // Two letters of four are half the name, which is no slip.
        let reach = if length <= 4 { 1 } else { 2 };
        let mut near: Vec<(usize, &str)> = self
            .known
            .iter()
            .filter(|(key, _)| length > 1 && key.chars().count().abs_diff(length) <= reach)
            .map(|(key, name)| (strsim::osa_distance(key, spelled), name.as_str()))
            .filter(|(distance, _)| *distance <= reach)
            .collect();
        near.sort_by(|a, b| match a.0.cmp(&b.0) {
            Ordering::Equal => a.1.cmp(b.1),
            other => other,
        });
        near.into_iter().take(SUGGESTED).map(|(_, name)| name).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn town(name: &str, house: &[&str]) -> Municipality {
        let districts = house.iter().map(|name| DistrictName::new(Chamber::Lower, name)).collect();
        Municipality { name: name.to_owned(), county: String::new(), geoid: String::new(), population: None, districts }
    }

    fn place(place: &str, municipality: &str) -> PlaceName {
        PlaceName { place: place.to_owned(), municipality: municipality.to_owned() }
    }

    fn gazetteer() -> Gazetteer {
        let towns = ["Boston", "Mount Washington", "Barnstable", "Newton", "North Adams", "Adams", "Essex", "Lynn", "Ayer"];
        let names = [
            place("Jamaica Plain", "Boston"),
            place("Newton Centre", "Newton"),
            place("Fairview", "Lynn"),
            place("Fairview", "AYER"),
            place("Adams", "Essex"),
            place("Elsewhere", "Atlantis"),
        ];
        Gazetteer::new(towns.iter().map(|name| town(name, &[])).collect(), names.into()).in_state(UsState::parse("ma").unwrap())
    }

    fn names<'a>(lookup: &Lookup<'a>) -> Vec<&'a str> {
        match lookup {
            Lookup::Found(found) => found.iter().map(|town| town.name.as_str()).collect(),
            Lookup::Unknown { .. } => Vec::new(),
        }
    }

    #[test]
    fn towns_are_found_in_their_usual_spellings() {
        let gazetteer = gazetteer();
        for (typed, expected) in [
            ("boston", &["Boston"][..]),
            (" BOSTON , Ma ", &["Boston"]),
            ("City of Boston, Massachusetts", &["Boston"]),
            ("Mt. Washington", &["Mount Washington"]),
            ("Jamaica  plain MA", &["Boston"]),
            ("Newton Ctr.", &["Newton"]),
            ("N. Adams", &["North Adams"]),
            ("Adams", &["Adams"]),
            ("Fairview", &["Ayer", "Lynn"]),
            ("Elsewhere", &[]),
            ("Boston, NY", &[]),
            ("", &[]),
            (", MA", &[]),
        ] {
            assert_eq!(names(&gazetteer.find(typed)), expected, "{typed:?}");
        }
    }

    #[test]
    fn a_place_is_written_as_its_source_does() {
        let gazetteer = gazetteer();
        for (typed, written) in [
            ("boston", "Boston"),
            (" BOSTON , Ma ", "Boston"),
            ("City of Boston, Massachusetts", "Boston"),
            ("jamaica  plain", "Jamaica Plain"),
            ("Jamaica Plain, MA", "Jamaica Plain"),
            ("Newton Ctr.", "Newton Ctr."),
            ("newton ctr", "Newton Centre"),
            ("Nowhere", "Nowhere"),
        ] {
            assert_eq!(gazetteer.written(typed), written, "{typed:?}");
        }
    }

    #[test]
    fn near_names_are_suggested_and_never_taken() {
        let gazetteer = gazetteer();
        let nearest = |typed| match gazetteer.find(typed) {
            Lookup::Unknown { nearest } => nearest,
            Lookup::Found(found) => panic!("{typed} found {found:?}"),
        };
        assert_eq!(nearest("Bosotn, MA"), ["Boston"]);
        assert_eq!(nearest("Jamaca Plains"), ["Jamaica Plain"]);
        assert_eq!(nearest("Lyn"), ["Lynn"]);
        assert_eq!(nearest("Linz"), Vec::<&str>::new());
        assert_eq!(nearest("Worcester"), Vec::<&str>::new());
        assert_eq!(nearest(&"x".repeat(10_000)), Vec::<&str>::new());
    }

    #[test]
    fn two_towns_of_one_spelling_are_told_apart_by_the_letters() {
        let towns = vec![town("Mount Hope", &[]), town("Mt. Hope", &[])];
        let gazetteer = Gazetteer::new(towns, vec![place("The Hill", "Mt Hope")]);
        assert_eq!(names(&gazetteer.find("mount hope")), ["Mount Hope"]);
        assert_eq!(names(&gazetteer.find("MT HOPE")), ["Mt. Hope"]);
        assert_eq!(names(&gazetteer.find("The Hill")), ["Mt. Hope"]);
        assert_eq!(names(&gazetteer.find("Mount Hope, VT")), ["Mount Hope", "Mt. Hope"]);
    }

    #[test]
    fn districts_come_once_and_in_order() {
        let (a, b) = (town("A", &["10th Essex", "2nd Essex"]), town("B", &["Second Essex", "1st Suffolk", "Cape and Islands"]));
        let districts = Gazetteer::districts_of(&[&a, &b], Chamber::Lower);
        let names: Vec<_> = districts.iter().map(|district| district.name.as_str()).collect();
        assert_eq!(names, ["Cape and Islands", "1st Suffolk", "2nd Essex", "10th Essex"]);
        assert!(Gazetteer::districts_of(&[&a, &b], Chamber::Upper).is_empty());
    }

    proptest! {
        #[test]
        fn any_text_is_looked_up(typed in any::<String>()) {
            let _ = gazetteer().find(&typed);
        }

        #[test]
        fn each_town_finds_itself(names in proptest::collection::hash_set("(City of |St\\. |N\\. )?[A-Z][a-zé]{2,9}([ -][A-Za-z]{2,7}){0,2}(, MA)?", 1..8)) {
            let gazetteer = Gazetteer::new(names.iter().map(|name| town(name, &[])).collect(), vec![]);
            for name in &names {
                for typed in [name.clone(), name.to_uppercase(), format!("  {} ", name.replace(' ', "   "))] {
                    match gazetteer.find(&typed) {
                        Lookup::Found(found) => prop_assert!(found.iter().any(|town| town.name == *name), "{}", typed),
                        Lookup::Unknown { .. } => prop_assert!(false, "{} is unknown", typed),
                    }
                }
            }
        }
    }
}
