//! What new evidence changes: which of it is new, and where sources disagree afterwards.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::{BillNumbers, Position, Stand, Standing};

/// Known evidence with the incoming put in.
#[derive(Debug)]
pub struct PositionsDiff {
    /// Evidence that no known piece repeats.
    pub new: usize,
    /// Pieces that a newer look at the same source replaces.
    pub renewed: usize,
    /// What was known already.
    pub unchanged: usize,
    after: Vec<Position>,
    people: BTreeSet<String>,
}

/// Sources that disagree about a person.
#[derive(Debug, PartialEq, Eq)]
pub struct Conflict<'a> {
    /// The person's id.
    pub person: &'a str,
    /// The measure's name.
    pub measure: &'a str,
    /// One piece of evidence for each side, the earlier first.
    pub sides: Vec<&'a Position>,
}

impl PositionsDiff {
    /// Puts `incoming` into `known`, as the store does.
    #[must_use]
    pub fn between(known: &[Position], incoming: &[Position]) -> Self {
        let key = |p: &Position| (p.person.clone(), p.bills.clone(), p.act, p.source.clone());
        let mut after: BTreeMap<_, Position> = known.iter().map(|p| (key(p), p.clone())).collect();
        let (mut new, mut renewed, mut unchanged) = (0, 0, 0);
        for told in incoming {
            match after.get(&key(told)) {
                None => new += 1,
                Some(earlier) if told.renews(earlier) => renewed += 1,
                Some(_) => {
                    unchanged += 1;
                    continue;
                }
            }
            after.insert(key(told), told.clone());
        }
        let people = incoming.iter().map(|p| p.person.clone()).collect();
        Self { new, renewed, unchanged, after: after.into_values().collect(), people }
    }

    /// Where sources disagree about people whom the incoming evidence names, measure by measure.
    #[must_use]
    pub fn conflicts<'a>(&'a self, measures: &'a [(String, BillNumbers)]) -> Vec<Conflict<'a>> {
        let mut conflicts = Vec::new();
        for person in &self.people {
            let of_person: Vec<&Position> = self.after.iter().filter(|p| p.person == *person).collect();
            for (measure, numbers) in measures {
                let standing = Standing::of(numbers, of_person.iter().copied());
                if standing.stand == Stand::Conflicting {
                    conflicts.push(Conflict { person, measure, sides: standing.because });
                }
            }
        }
        conflicts
    }

    /// The bills that evidence names and none of `measures` has: each is a measure of its own.
    #[must_use]
    pub fn other_bills(&self, measures: &[(String, BillNumbers)]) -> Vec<(String, BillNumbers)> {
        let known = |bills: &BillNumbers| measures.iter().any(|(_, numbers)| numbers.overlap(bills));
        let others: BTreeSet<&BillNumbers> = self.after.iter().map(|p| &p.bills).filter(|bills| !known(bills)).collect();
        others.into_iter().map(|bills| (bills.to_string().to_uppercase(), bills.clone())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Act, Day};

    fn told(person: &str, bill: &str, act: Act, source: &str, as_of: &str) -> Position {
        let bills = BillNumbers::parse(bill).unwrap();
        Position { person: person.into(), bills, act, on: None, source: source.into(), as_of: Day::parse(as_of).unwrap() }
    }

    #[test]
    fn the_same_file_again_is_nothing_new() {
        let known = [told("p1", "H.1", Act::Signed, "a", "2026-01-01"), told("p2", "H.1", Act::Signed, "a", "2026-01-01")];
        let newer = [told("p1", "H.1", Act::Signed, "a", "2026-02-01"), told("p3", "H.1", Act::Signed, "a", "2026-01-01")];
        let diff = PositionsDiff::between(&known, &known);
        assert_eq!((diff.new, diff.renewed, diff.unchanged), (0, 0, 2));
        let diff = PositionsDiff::between(&known, &newer);
        assert_eq!((diff.new, diff.renewed, diff.unchanged, diff.after.len()), (1, 1, 0, 3));
    }

    #[test]
    fn sources_that_disagree_are_both_named() {
        let known = [told("p1", "H.1", Act::Signed, "a list", "2026-01-01"), told("p2", "H.9", Act::SpokeFor, "b", "2026-01-01")];
        let incoming = [
            told("p1", "H.1/S.2", Act::NotSigned, "a scorecard", "2026-03-01"),
            told("p2", "H.9", Act::SpokeAgainst, "b", "2026-02-01"),
        ];
        let diff = PositionsDiff::between(&known, &incoming);
        let mut measures = vec![("An Act".to_owned(), BillNumbers::of_all(["H.1", "S.2"]))];
        measures.extend(diff.other_bills(&measures));
        let conflicts = diff.conflicts(&measures);
        let said: Vec<_> = conflicts.iter().map(|c| (c.person, c.measure, c.sides.len())).collect();
        assert_eq!(said, [("p1", "An Act", 2), ("p2", "H9", 2)]);
        assert_eq!(conflicts[0].sides[0].source, "a list");
    }
}
