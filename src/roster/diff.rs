//! What a new roster changes, person by person.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fmt;

use super::change::{Change, Field, Move, describe};
use crate::domain::{Chamber, DistrictKey, DistrictName, Person};

/// How wide the table may be; details that don't fit stand in lines of their own.
const COLUMNS: usize = 100;

/// The difference between the roster that is known and one that came in. Only the chambers that the incoming
/// roster has people of are compared: a file with the governor alone says nothing about the legislature.
///
/// People are the same when their source ids are; ids are unique within a roster.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RosterDiff {
    /// In office now, and not before.
    pub added: Vec<Person>,
    /// In office before, and not now.
    pub gone: Vec<Person>,
    /// The same person in another seat.
    pub moved: Vec<Move>,
    /// The same person in the same seat, with other particulars.
    pub changed: Vec<Change>,
    /// How many are as they were.
    pub unchanged: usize,
    /// The chambers that were compared.
    pub chambers: BTreeSet<Chamber>,
}

impl RosterDiff {
    /// Compares the roster that is known with the one that came in.
    #[must_use]
    pub fn between(current: &[Person], incoming: &[Person]) -> Self {
        let chambers: BTreeSet<Chamber> = incoming.iter().map(|person| person.district.chamber).collect();
        let known: HashMap<&str, &Person> = current.iter().map(|person| (person.source_id.as_str(), person)).collect();
        let mut diff = Self { chambers, ..Self::default() };
        let mut kept = HashSet::new();
        for person in incoming {
            let Some(before) = known.get(person.source_id.as_str()).copied() else {
                diff.added.push(person.clone());
                continue;
            };
            kept.insert(before.source_id.as_str());
            if seat(&before.district) != seat(&person.district) {
                diff.moved.push(Move { from: before.clone(), to: person.clone() });
                continue;
            }
            let fields: Vec<Field> = Field::ALL.into_iter().filter(|field| field.differs(before, person)).collect();
            if fields.is_empty() {
                diff.unchanged += 1;
            } else {
                diff.changed.push(Change { before: before.clone(), after: person.clone(), fields });
            }
        }
        diff.gone = current
            .iter()
            .filter(|person| diff.chambers.contains(&person.district.chamber) && !kept.contains(person.source_id.as_str()))
            .cloned()
            .collect();
        diff.sort();
        diff
    }

    /// Whether nothing would change.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.gone.is_empty() && self.moved.is_empty() && self.changed.is_empty()
    }

    /// `current` with the changes made: what will be known when the diff is accepted.
    #[must_use]
    pub fn apply(&self, current: &[Person]) -> Vec<Person> {
        let gone: HashSet<&str> = self.gone.iter().map(|person| person.source_id.as_str()).collect();
        let moved = self.moved.iter().map(|m| &m.to);
        let new: HashMap<&str, &Person> =
            moved.chain(self.changed.iter().map(|c| &c.after)).map(|person| (person.source_id.as_str(), person)).collect();
        let kept = current.iter().filter(|person| !gone.contains(person.source_id.as_str()));
        kept.map(|person| new.get(person.source_id.as_str()).copied().unwrap_or(person)).chain(&self.added).cloned().collect()
    }

    /// The numbers in one line.
    #[must_use]
    pub fn summary(&self) -> String {
        format!(
            "{} added, {} gone, {} moved, {} changed, {} unchanged",
            self.added.len(),
            self.gone.len(),
            self.moved.len(),
            self.changed.len(),
            self.unchanged
        )
    }

    fn sort(&mut self) {
        self.added.sort_by_cached_key(order);
        self.gone.sort_by_cached_key(order);
        self.moved.sort_by_cached_key(|m| order(&m.to));
        self.changed.sort_by_cached_key(|c| order(&c.after));
    }

    /// What happens (`added`, `gone`, `moved` or `changed`), the chamber's name, the district, the person; and the details.
    #[must_use]
    pub fn rows(&self) -> Vec<(Chamber, [String; 4], Vec<String>)> {
        let row = |what: &str, person: &Person, details: Vec<String>| {
            let district = &person.district;
            (district.chamber, [what, district.chamber.label(), &district.name, &person.name].map(str::to_owned), details)
        };
        let reach = |person: &Person| match (&person.email, &person.webform) {
            (Some(email), _) => email.as_str().to_owned(),
            (None, Some(_)) => "web form only".to_owned(),
            (None, None) => "no e-mail".to_owned(),
        };
        let added = self.added.iter().map(|person| row("added", person, vec![reach(person)]));
        let gone = self.gone.iter().map(|person| row("gone", person, Vec::new()));
        let moved = self.moved.iter().map(|m| {
            let from = &m.from.district;
            row("moved", &m.to, vec![format!("from {} {}, {}", from.chamber.label(), from.name, reach(&m.to))])
        });
        let changed = self
            .changed
            .iter()
            .map(|change| row("changed", &change.after, change.fields.iter().map(|field| describe(*field, change)).collect()));
        added.chain(gone).chain(moved).chain(changed).collect()
    }
}

/// The same for all spellings of one seat.
pub(super) fn seat(district: &DistrictName) -> (Chamber, DistrictKey) {
    (district.chamber, district.key().clone())
}

fn order(person: &Person) -> (Chamber, u32, String, String) {
    let key = person.district.key();
    let (ordinal, words) = key.natural();
    (person.district.chamber, ordinal, words.to_owned(), person.name.clone())
}

/// A table for a terminal, the summary below it.
impl fmt::Display for RosterDiff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = self.rows();
        // A longer cell stands out of its column: it makes no other line long, and `format!` takes no width above 65,535.
        let width =
            |column: usize| rows.iter().map(|(_, cells, _)| cells[column].chars().count()).max().unwrap_or_default().min(COLUMNS);
        let [first, second, third, fourth] = [0, 1, 2, 3].map(width);
        for (_, [what, chamber, district, name], details) in &rows {
            let seat = format!("{what:<first$}  {chamber:<second$}  {district:<third$}  {name:<fourth$}");
            let line = format!("{seat}  {}", details.join("; "));
            if line.trim_end().chars().count() <= COLUMNS {
                writeln!(f, "{}", line.trim_end())?;
                continue;
            }
            writeln!(f, "{}", seat.trim_end())?;
            details.iter().try_for_each(|detail| writeln!(f, "{:<first$}  {detail}", ""))?;
        }
        f.write_str(&self.summary())
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::domain::EmailAddress;
    use proptest::prelude::*;

    pub(in crate::roster) fn person(id: &str, chamber: Chamber, district: &str) -> Person {
        Person {
            source_id: id.to_owned(),
            name: format!("Ana {id}"),
            family_name: id.to_owned(),
            title: chamber.title().to_owned(),
            salutation: format!("{} {id}", chamber.title()),
            party: String::new(),
            district: DistrictName::new(chamber, district),
            email: None,
            webform: None,
            phone: String::new(),
            address: String::new(),
            geoid: String::new(),
            division_id: String::new(),
            term_ends: None,
        }
    }

    fn with_email(mut person: Person, address: &str) -> Person {
        person.email = Some(EmailAddress::parse(address).unwrap());
        person
    }

    #[test]
    fn what_does_not_fit_in_a_line_stands_below_it() {
        let district = "Hampden, Hampshire and Worcester";
        let before = person("Ottoline-Farnsworth", Chamber::Upper, district);
        let mut after = with_email(before.clone(), "ana.ottoline-farnsworth@example.org");
        after.phone = "617-555-0100".into();
        let table = RosterDiff::between(&[before], &[after]).to_string();
        let seat = format!("changed  State Senate  {district}  Ana Ottoline-Farnsworth\n");
        let details =
            "         e-mail: ana.ottoline-farnsworth@example.org (was blank)\n         phone: 617-555-0100 (was blank)\n";
        assert!(table.starts_with(&(seat + details)), "{table}");
        assert!(table.lines().all(|line| line.chars().count() <= COLUMNS));
    }

    #[test]
    fn a_cell_of_any_length_is_a_line_and_no_fault() {
        let mut long = person("Li", Chamber::Upper, &"Essex ".repeat(20_000));
        long.name = "A".repeat(65_536);
        let current = [person("Roy", Chamber::Upper, "First Essex")];
        let table = RosterDiff::between(&current, &[long.clone(), person("Fox", Chamber::Upper, "First Essex")]).to_string();
        assert!(table.contains(&long.name), "nothing of what would change is left out");
        assert!(table.len() < 200_000, "a long cell makes no other line long: {}", table.len());
    }

    #[test]
    fn a_table_tells_what_would_change() {
        let senator = |id: &str, district: &str| person(id, Chamber::Upper, district);
        let current = [
            senator("Gómez", "First Essex"),
            with_email(senator("Li", "Second Essex"), "li@example.org"),
            senator("Roy", "Third Essex"),
            person("Fox", Chamber::Lower, "1st Essex"),
            person("Boss", Chamber::Governor, ""),
        ];
        let incoming = [
            senator("Gómez", "1st Essex"),
            with_email(senator("Li", "Second Essex"), "b.li@example.org"),
            senator("Fox", "Third Essex"),
            with_email(person("New", Chamber::Lower, "1st Essex"), "new@example.org"),
        ];
        let diff = RosterDiff::between(&current, &incoming);
        assert_eq!(
            diff.to_string(),
            "added    State House   1st Essex     Ana New    new@example.org\n\
             gone     State Senate  Third Essex   Ana Roy\n\
             moved    State Senate  Third Essex   Ana Fox    from State House 1st Essex, no e-mail\n\
             changed  State Senate  1st Essex     Ana Gómez  district's spelling: First Essex -> 1st Essex\n\
             changed  State Senate  Second Essex  Ana Li     e-mail: li@example.org -> b.li@example.org\n\
             1 added, 1 gone, 1 moved, 2 changed, 0 unchanged"
        );
        assert!(!diff.is_empty());
        assert!(diff.check(&current).is_empty());
    }

    #[test]
    fn a_chamber_that_the_file_does_not_name_is_left_alone() {
        let current = [person("Li", Chamber::Upper, "Essex"), person("Boss", Chamber::Governor, "")];
        let incoming = [person("Chief", Chamber::Governor, "")];
        let diff = RosterDiff::between(&current, &incoming);
        assert_eq!(diff.summary(), "1 added, 1 gone, 0 moved, 0 changed, 0 unchanged");
        assert_eq!(diff.apply(&current).len(), 2);
        assert!(RosterDiff::between(&current, &[]).is_empty());
    }

    /// A roster of up to 30 people with ids of their own, so that two rosters share some.
    fn rosters() -> impl Strategy<Value = Vec<Person>> {
        let one = (0..40_u8, 0..3_usize, 1..9_u8, "[ab]{0,1}", proptest::option::of("[ab]"));
        proptest::collection::vec(one, 0..30).prop_map(|rows| {
            let mut ids = HashSet::new();
            let rows = rows.into_iter().filter(|row| ids.insert(row.0)).collect::<Vec<_>>();
            rows.into_iter()
                .map(|(id, chamber, district, text, email)| Person {
                    party: text.clone(),
                    title: text,
                    email: email.map(|local| EmailAddress::parse(&format!("{local}@example.org")).unwrap()),
                    ..person(&id.to_string(), Chamber::ALL[chamber], &format!("{district}th Essex"))
                })
                .collect()
        })
    }

    fn sorted(mut people: Vec<Person>) -> Vec<Person> {
        people.sort_by(|a, b| a.source_id.cmp(&b.source_id));
        people
    }

    proptest! {
        #[test]
        fn the_changes_made_give_the_incoming_roster(current in rosters(), incoming in rosters()) {
            let diff = RosterDiff::between(&current, &incoming);
            let moved: HashSet<_> = diff.moved.iter().map(|m| m.from.source_id.as_str()).collect();
            let untouched = current.iter().filter(|p| !diff.chambers.contains(&p.district.chamber));
            let untouched = untouched.filter(|p| !moved.contains(p.source_id.as_str()));
            let expected: Vec<Person> = incoming.iter().chain(untouched).cloned().collect();
            let after = diff.apply(&current);
            prop_assert!(RosterDiff::between(&after, &incoming).is_empty());
            prop_assert_eq!(sorted(after), sorted(expected));
        }

        #[test]
        fn equal_rosters_have_no_difference(roster in rosters()) {
            let diff = RosterDiff::between(&roster, &roster);
            prop_assert!(diff.is_empty());
            prop_assert_eq!(diff.unchanged, roster.len());
        }
    }
}
