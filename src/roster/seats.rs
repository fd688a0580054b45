//! Which seat each person of a roster holds: by the district's ids before its name, one person to a seat, and how long.

use std::collections::{BTreeMap, HashMap};

use super::diff::seat;
use super::objection::Objection;
use crate::domain::{Chamber, Day, OfficeMarks, Person, Timestamp};

/// People whose district has an id (Census GEOID, else Open Civic Data) that a known office has too sit in that office,
/// whatever the roster calls the district.
pub fn sit_by_ids(people: &mut [Person], known: &[OfficeMarks]) {
    for person in people {
        if let Some(office) = by_id(person, known)
            && office.district.key() != person.district.key()
        {
            person.district = office.district.clone();
        }
    }
}

fn by_id<'k>(person: &Person, known: &'k [OfficeMarks]) -> Option<&'k OfficeMarks> {
    let same = |id: &str, of: &Option<String>| !id.is_empty() && of.as_deref() == Some(id);
    let mut chamber = known.iter().filter(|office| office.district.chamber == person.district.chamber);
    let found = chamber.clone().find(|office| same(&person.geoid, &office.geoid));
    found.or_else(|| chamber.find(|office| same(&person.division_id, &office.division_id)))
}

/// The people whose district fits no office of `known`, neither by an id nor by its name; a chamber of which `known`
/// has none is not judged.
#[must_use]
pub fn unknown_districts(people: &[Person], known: &[OfficeMarks]) -> Vec<Objection> {
    let mut unknown: BTreeMap<Chamber, Vec<String>> = BTreeMap::new();
    for person in people {
        let chamber = person.district.chamber;
        let mut offices = known.iter().filter(|office| office.district.chamber == chamber).peekable();
        if offices.peek().is_none() || by_id(person, known).is_some() {
            continue;
        }
        if !offices.any(|office| office.district.key() == person.district.key()) {
            unknown.entry(chamber).or_default().push(format!("{} ({})", person.district.name, person.name));
        }
    }
    unknown.into_iter().map(|(chamber, seats)| Objection::UnknownDistricts { chamber, seats }).collect()
}

/// One holder to each seat: of several the one whose row comes last. Also gives who was left out, with who holds the seat.
#[must_use]
pub fn last_of_each_seat(people: Vec<Person>) -> (Vec<Person>, Vec<(Person, Person)>) {
    let last: HashMap<_, Person> = people.iter().map(|person| (seat(&person.district), person.clone())).collect();
    let (mut kept, mut left_out) = (Vec::new(), Vec::new());
    for person in people {
        match last.get(&seat(&person.district)) {
            Some(holder) if holder.source_id != person.source_id => left_out.push((person, holder.clone())),
            _ => kept.push(person),
        }
    }
    (kept, left_out)
}

/// A roster that says nothing about the end of somebody's term leaves what is known of it, unless that day has passed:
/// then it is news that they are still, or again, in office.
pub fn keep_known_terms(people: &mut [Person], current: &[Person], now: Timestamp) {
    let ends: HashMap<_, &Day> = current
        .iter()
        .filter_map(|person| Some(((person.source_id.as_str(), seat(&person.district)), person.term_ends.as_ref()?)))
        .filter(|(_, ends)| ends.passed_at() > now)
        .collect();
    for person in people.iter_mut().filter(|person| person.term_ends.is_none()) {
        person.term_ends = ends.get(&(person.source_id.as_str(), seat(&person.district))).map(|day| (*day).clone());
    }
}

/// People of whom the roster itself says that their term is over.
#[must_use]
pub fn terms_over(people: &[Person], now: Timestamp) -> Option<Objection> {
    let over: Vec<(&Person, &Day)> = people
        .iter()
        .filter_map(|person| Some((person, person.term_ends.as_ref()?)))
        .filter(|(_, ends)| ends.passed_at() <= now)
        .collect();
    let (person, ends) = over.first()?;
    Some(Objection::TermsOver { people: over.len(), one: (person.name.clone(), (*ends).clone()) })
}

#[cfg(test)]
mod tests {
    use super::super::diff::tests::person;
    use super::*;
    use crate::domain::DistrictName;
    use proptest::prelude::*;

    fn office(id: i64, district: &str, geoid: &str, division_id: &str) -> OfficeMarks {
        let text = |id: &str| Some(id.to_owned()).filter(|id| !id.is_empty());
        let district = DistrictName::new(Chamber::Lower, district);
        OfficeMarks { id, district, geoid: text(geoid), division_id: text(division_id), held: false }
    }

    fn with_ids(district: &str, geoid: &str, division_id: &str) -> Person {
        Person { geoid: geoid.into(), division_id: division_id.into(), ..person("Silva", Chamber::Lower, district) }
    }

    #[test]
    fn an_id_counts_before_a_name() {
        let known = [office(1, "1st Essex", "25001", ""), office(2, "2nd Essex", "25002", "ocd/sldl:2")];
        for (mut one, sits) in [
            (with_ids("First Essex District", "", ""), "First Essex District"),
            (with_ids("The North Shore", "25002", ""), "2nd Essex"),
            (with_ids("1st Essex", "25002", "ocd/sldl:9"), "2nd Essex"),
            (with_ids("The North Shore", "25009", "ocd/sldl:2"), "2nd Essex"),
        ] {
            sit_by_ids(std::slice::from_mut(&mut one), &known);
            assert_eq!(one.district.name, sits);
            assert!(unknown_districts(&[one], &known).is_empty());
        }
    }

    #[test]
    fn unknown_districts_are_named_and_a_chamber_without_any_is_not_judged() {
        let known = [office(1, "1st Essex", "25001", "")];
        let people = [
            with_ids("9th Essex", "25009", ""),
            person("Roy", Chamber::Upper, "Ninth Essex"),
            person("Li", Chamber::Lower, "First Essex"),
        ];
        let said: Vec<_> = unknown_districts(&people, &known).iter().map(ToString::to_string).collect();
        let [only] = said.as_slice() else { panic!("{said:?}") };
        assert!(only.starts_with("State House: no such district is known: 9th Essex (Ana Silva). Is this"), "{only}");
        assert!(unknown_districts(&people, &[]).is_empty());
        let many: Vec<_> = (0..13).map(|n| with_ids(&format!("{n}th Moon"), "", "")).collect();
        assert!(unknown_districts(&many, &known)[0].to_string().contains("9th Moon (Ana Silva), and 3 more. Is"));
    }

    #[test]
    fn a_known_end_stays_until_it_has_passed() {
        let day = |text: &str| Day::parse(text).ok();
        let ends = |term_ends| Person { term_ends, ..person("Silva", Chamber::Lower, "1st Essex") };
        let current = [ends(day("2027-01-06"))];
        let new_year = day("2026-12-31").unwrap().passed_at();
        let mut people = [ends(None)];
        keep_known_terms(&mut people, &current, new_year);
        assert_eq!(people[0].term_ends, day("2027-01-06"));
        assert_eq!(terms_over(&people, new_year), None);

        let later = day("2027-01-06").unwrap().passed_at();
        assert!(terms_over(&people, later).unwrap().to_string().starts_with("the term of Ana Silva ended on 2027-01-06"));
        let mut people = [ends(None)];
        keep_known_terms(&mut people, &current, later);
        assert_eq!(people[0].term_ends, None, "they are in office all the same");
        let mut moved = [Person { district: DistrictName::new(Chamber::Lower, "2nd Essex"), ..ends(None) }];
        keep_known_terms(&mut moved, &current, new_year);
        assert_eq!(moved[0].term_ends, None, "another seat is another term");
    }

    proptest! {
        #[test]
        fn a_seat_has_one_holder_and_nobody_is_lost(seats in proptest::collection::vec(1..6_usize, 0..20)) {
            let people: Vec<_> = seats
                .iter()
                .enumerate()
                .map(|(n, seat)| person(&format!("p{n}"), Chamber::Lower, &format!("{seat}th Essex")))
                .collect();
            let (kept, left_out) = last_of_each_seat(people.clone());
            prop_assert_eq!(kept.len() + left_out.len(), people.len());
            for (one, holder) in &left_out {
                prop_assert_eq!(seat(&one.district), seat(&holder.district));
                prop_assert!(kept.contains(holder));
            }
            for (at, one) in people.iter().enumerate() {
                let last = people[at + 1..].iter().all(|later| seat(&later.district) != seat(&one.district));
                prop_assert_eq!(kept.contains(one), last);
            }
        }
    }
}
