//! What an address says of its districts, beside the name of its town; and what follows from both.

use crate::districts::Around;
use crate::domain::{Chamber, Doubt, FoundBy};

/// What is known of where an address is. It tells where somebody lives, so it has no `Debug`.
#[derive(Clone)]
pub struct Location {
    /// How the spots were found.
    by: FoundBy,
    /// Every spot that fits the address: one, if all is well.
    spots: Vec<Spot>,
    /// Why there is none.
    doubt: Doubt,
    other_state: Option<String>,
}

/// The offices around one spot that fits the address.
#[derive(Clone, Default)]
pub struct Spot {
    /// By chamber, each once; a chamber without known outlines is missing.
    pub around: Vec<(Chamber, Around)>,
}

/// What follows for one chamber.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is this office.
    Settled {
        /// Its id.
        office: i64,
        /// How that is known.
        by: FoundBy,
    },
    /// The person has to say.
    Ask {
        /// The ids of the offices that it can be.
        candidates: Vec<i64>,
        /// The one among them that the address speaks for.
        likely: Option<i64>,
        /// Why it is not settled.
        doubt: Doubt,
    },
}

impl Location {
    /// Only the town is known, and why.
    #[must_use]
    pub fn unknown(doubt: Doubt) -> Self {
        Self { by: FoundBy::Town, spots: Vec::new(), doubt, other_state: None }
    }

    /// It is one of these spots, found in this way.
    #[must_use]
    pub fn at(by: FoundBy, spots: Vec<Spot>) -> Self {
        Self { by, spots, ..Self::unknown(Doubt::TownOnly) }
    }

    /// The address is known, but in the state of this name.
    #[must_use]
    pub fn in_other_state(name: String) -> Self {
        Self { other_state: Some(name), ..Self::unknown(Doubt::Outside) }
    }

    /// The other state that the address is in, if it is in one.
    #[must_use]
    pub fn other_state(&self) -> Option<&str> {
        self.other_state.as_deref()
    }

    /// Which office of `chamber` it is, where the town leaves `in_town`. Address and town must agree; a spot near a border
    /// or several spots settle nothing unless the town does.
    pub(super) fn judge(&self, chamber: Chamber, in_town: &[i64]) -> Verdict {
        let around: Vec<&Around> =
            self.spots.iter().flat_map(|spot| &spot.around).filter(|(of, _)| *of == chamber).map(|(_, around)| around).collect();
        let mut near: Vec<i64> = Vec::new();
        for id in around.iter().flat_map(|around| &around.near) {
            if !near.contains(id) {
                near.push(*id);
            }
        }
        // A town whose districts are not known denies nothing.
        let agreed: Vec<i64> = near.iter().copied().filter(|id| in_town.is_empty() || in_town.contains(id)).collect();
        match (agreed.as_slice(), in_town) {
            // Nothing is known of the address here.
            ([], [only]) if near.is_empty() => Verdict::Settled { office: *only, by: FoundBy::Town },
            ([], _) if near.is_empty() => {
                let doubt = if self.spots.is_empty() { self.doubt } else { Doubt::Outside };
                Verdict::Ask { candidates: in_town.to_vec(), likely: None, doubt }
            }
            ([_], [only]) => Verdict::Settled { office: *only, by: FoundBy::Town },
            ([only], _) => Verdict::Settled { office: *only, by: self.by },
            ([], _) => {
                // The address lies where the town is not: a wrong town, or another street of that name.
                let candidates = near.iter().chain(in_town).copied().collect();
                Verdict::Ask { candidates, likely: None, doubt: Doubt::Disagree }
            }
            (agreed, _) => {
                let first = around[0].within;
                let (likely, doubt) = match first {
                    _ if around.iter().any(|around| around.within != first) => (None, Doubt::Disagree),
                    None => (agreed.first().copied(), Doubt::Outside),
                    Some(_) => (first.filter(|id| agreed.contains(id)), Doubt::NearBorder),
                };
                Verdict::Ask { candidates: agreed.to_vec(), likely, doubt }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn around(within: Option<i64>, near: &[i64]) -> Around {
        Around { within, near: near.to_vec() }
    }

    fn street(spots: &[(Option<i64>, &[i64])]) -> Location {
        let spot = |(within, near): &(Option<i64>, &[i64])| Spot { around: vec![(Chamber::Upper, around(*within, near))] };
        Location::at(FoundBy::Street, spots.iter().map(spot).collect())
    }

    fn ask(candidates: &[i64], likely: Option<i64>, doubt: Doubt) -> Verdict {
        Verdict::Ask { candidates: candidates.to_vec(), likely, doubt }
    }

    #[test]
    fn address_and_town_settle_a_seat_together() {
        let settled = |office, by| Verdict::Settled { office, by };
        let none = Location::unknown(Doubt::StreetUnknown);
        for (location, in_town, verdict) in [
            (none.clone(), &[1][..], settled(1, FoundBy::Town)),
            (none, &[1, 2], ask(&[1, 2], None, Doubt::StreetUnknown)),
            (street(&[(Some(2), &[2])]), &[1, 2], settled(2, FoundBy::Street)),
            // A town's border is no doubt: the town says on which side.
            (street(&[(Some(3), &[3, 2])]), &[1, 2], settled(2, FoundBy::Street)),
            (street(&[(Some(3), &[3, 1])]), &[1], settled(1, FoundBy::Town)),
            (street(&[(Some(2), &[2, 1])]), &[1, 2, 4], ask(&[2, 1], Some(2), Doubt::NearBorder)),
            (street(&[(Some(1), &[1]), (Some(2), &[2])]), &[1, 2, 4], ask(&[1, 2], None, Doubt::Disagree)),
            (street(&[(Some(1), &[1]), (Some(1), &[1])]), &[1, 2, 4], settled(1, FoundBy::Street)),
            (street(&[(Some(9), &[9])]), &[1], ask(&[9, 1], None, Doubt::Disagree)),
            (street(&[(None, &[2, 1])]), &[1, 2, 4], ask(&[2, 1], Some(2), Doubt::Outside)),
            (street(&[(None, &[])]), &[1, 2], ask(&[1, 2], None, Doubt::Outside)),
            (street(&[(None, &[])]), &[1], settled(1, FoundBy::Town)),
        ] {
            assert_eq!(location.judge(Chamber::Upper, in_town), verdict);
        }
        assert_eq!(street(&[(Some(2), &[2])]).judge(Chamber::Lower, &[5]), settled(5, FoundBy::Town), "another chamber");
    }

    proptest! {
        #[test]
        fn nothing_is_settled_that_the_town_or_the_address_denies(
            spots in proptest::collection::vec((proptest::option::of(0..6_i64), proptest::collection::vec(0..6_i64, 0..4)), 0..4),
            in_town in proptest::collection::btree_set(0..6_i64, 0..5),
        ) {
            let in_town: Vec<i64> = in_town.into_iter().collect();
            let spots: Vec<(Option<i64>, Vec<i64>)> = spots
                .into_iter()
                .map(|(within, mut near)| {
                    if let Some(within) = within {
                        near.retain(|id| *id != within);
                        near.insert(0, within);
                    }
                    (within, near)
                })
                .collect();
            let borrowed: Vec<(Option<i64>, &[i64])> = spots.iter().map(|(within, near)| (*within, near.as_slice())).collect();
            let near: Vec<i64> = spots.iter().flat_map(|(_, near)| near.clone()).collect();
            match street(&borrowed).judge(Chamber::Upper, &in_town) {
                Verdict::Settled { office, .. } => {
                    prop_assert!(in_town.is_empty() || in_town.contains(&office));
                    prop_assert!(near.is_empty() || near.contains(&office));
                }
                Verdict::Ask { candidates, likely, .. } => {
                    prop_assert!(likely.is_none_or(|likely| candidates.contains(&likely)));
                    prop_assert!(candidates.len() != 1);
                }
            }
        }
    }
}
