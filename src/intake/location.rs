//! What an address says of its districts, beside the name of its town; and what follows from both.

use std::collections::BTreeSet;

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
    /// The spots lie outside the town that was typed: one of both is wrong.
    outside_town: bool,
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
        candidates: BTreeSet<i64>,
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
        Self { by: FoundBy::Town, spots: Vec::new(), doubt, outside_town: false, other_state: None }
    }

    /// It is one of these spots, found in this way.
    #[must_use]
    pub fn at(by: FoundBy, spots: Vec<Spot>) -> Self {
        Self { by, spots, ..Self::unknown(Doubt::TownOnly) }
    }

    /// The same, but none of the spots lies in the town that was typed.
    #[must_use]
    pub fn outside_town(by: FoundBy, spots: Vec<Spot>) -> Self {
        Self { outside_town: true, ..Self::at(by, spots) }
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

    /// Which office of `chamber` it is, where the town leaves `in_town`. Town and address have to agree: the address
    /// settles a seat only where all its spots lie in one district of the town, and no other district of the town is near.
    pub(super) fn judge(&self, chamber: Chamber, in_town: &[i64]) -> Verdict {
        let of_spot = |spot: &Spot| spot.around.iter().find(|(of, _)| *of == chamber).map(|(_, around)| around.clone());
        let known: Vec<Option<Around>> = self.spots.iter().map(of_spot).collect();
        if known.iter().all(Option::is_none) {
            return Self::by_town(in_town, self.doubt);
        }
        // A spot that can't be placed may be anywhere.
        let around: Vec<Around> = known.into_iter().map(Option::unwrap_or_default).collect();
        if around.iter().all(|around| around.near.is_empty()) {
            return Self::by_town(in_town, Doubt::Outside);
        }
        let near: BTreeSet<i64> = around.iter().flat_map(|around| around.near.iter().copied()).collect();
        // A town whose districts are not known denies nothing.
        let agreed: BTreeSet<i64> = near.iter().copied().filter(|id| in_town.is_empty() || in_town.contains(id)).collect();
        let everything = || near.iter().chain(in_town).copied().collect();
        let within = around[0].within;
        let ask = |candidates: BTreeSet<i64>, likely, doubt| Verdict::Ask { candidates, likely, doubt };
        if around.iter().any(|around| around.within != within || around.near.is_empty()) {
            return ask(if near.len() > 1 && !agreed.is_empty() { near.clone() } else { everything() }, None, Doubt::Disagree);
        }
        match within {
            Some(office) if agreed.contains(&office) => {
                let by_town = in_town == [office];
                if by_town || (agreed.len() == 1 && !self.outside_town) {
                    return Verdict::Settled { office, by: if by_town { FoundBy::Town } else { self.by } };
                }
                if self.outside_town { ask(everything(), None, Doubt::Disagree) } else { ask(agreed, within, Doubt::NearBorder) }
            }
            // In a district that the town has no part of: across its border, or in a place that it is not.
            Some(_) if agreed.is_empty() || self.outside_town => ask(everything(), None, Doubt::Disagree),
            Some(office) => ask(agreed.into_iter().chain([office]).collect(), within, Doubt::NearBorder),
            // At the shore: the only district within reach, if the town has it.
            None => match (agreed.first(), near.len()) {
                (Some(only), 1) if !self.outside_town => {
                    Verdict::Settled { office: *only, by: if in_town == [*only] { FoundBy::Town } else { self.by } }
                }
                _ => ask(everything(), None, Doubt::Outside),
            },
        }
    }

    /// What the town alone says.
    fn by_town(in_town: &[i64], doubt: Doubt) -> Verdict {
        match in_town {
            [only] => Verdict::Settled { office: *only, by: FoundBy::Town },
            _ => Verdict::Ask { candidates: in_town.iter().copied().collect(), likely: None, doubt },
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
        Verdict::Ask { candidates: candidates.iter().copied().collect(), likely, doubt }
    }

    #[test]
    fn address_and_town_settle_a_seat_together() {
        let settled = |office, by| Verdict::Settled { office, by };
        let none = Location::unknown(Doubt::StreetUnknown);
        for (location, in_town, verdict) in [
            (none.clone(), &[1][..], settled(1, FoundBy::Town)),
            (none, &[1, 2], ask(&[1, 2], None, Doubt::StreetUnknown)),
            (street(&[(Some(2), &[2])]), &[1, 2], settled(2, FoundBy::Street)),
            // Near a border to a district that the town has no part of, the town says on which side.
            (street(&[(Some(2), &[2, 3])]), &[1, 2], settled(2, FoundBy::Street)),
            (street(&[(Some(1), &[1, 3])]), &[1], settled(1, FoundBy::Town)),
            // But the map must not say the other side.
            (street(&[(Some(3), &[3, 2])]), &[1, 2], ask(&[2, 3], Some(3), Doubt::NearBorder)),
            (street(&[(Some(3), &[3, 1])]), &[1], ask(&[1, 3], Some(3), Doubt::NearBorder)),
            (street(&[(Some(2), &[2, 1])]), &[1, 2, 4], ask(&[1, 2], Some(2), Doubt::NearBorder)),
            (street(&[(Some(1), &[1]), (Some(2), &[2])]), &[1, 2, 4], ask(&[1, 2], None, Doubt::Disagree)),
            (street(&[(Some(1), &[1]), (Some(1), &[1])]), &[1, 2, 4], settled(1, FoundBy::Street)),
            // A spot that can't be placed may be anywhere.
            (street(&[(Some(1), &[1]), (None, &[])]), &[1, 2, 4], ask(&[1, 2, 4], None, Doubt::Disagree)),
            (street(&[(Some(9), &[9])]), &[1], ask(&[1, 9], None, Doubt::Disagree)),
            (street(&[(None, &[2, 1])]), &[1, 2, 4], ask(&[1, 2, 4], None, Doubt::Outside)),
            (street(&[(None, &[2])]), &[1, 2], settled(2, FoundBy::Street)),
            (street(&[(None, &[])]), &[1, 2], ask(&[1, 2], None, Doubt::Outside)),
            (street(&[(None, &[])]), &[1], settled(1, FoundBy::Town)),
        ] {
            assert_eq!(location.judge(Chamber::Upper, in_town), verdict);
        }
        assert_eq!(street(&[(Some(2), &[2])]).judge(Chamber::Lower, &[5]), settled(5, FoundBy::Town), "another chamber");
        // A spot outside the town settles only what the town settles by itself.
        let outside = |within| Location::outside_town(FoundBy::Street, street(&[(Some(within), &[within])]).spots);
        assert_eq!(outside(2).judge(Chamber::Upper, &[1, 2]), ask(&[1, 2], None, Doubt::Disagree));
        assert_eq!(outside(1).judge(Chamber::Upper, &[1]), settled(1, FoundBy::Town));
        assert_eq!(outside(9).judge(Chamber::Upper, &[1, 2]), ask(&[1, 2, 9], None, Doubt::Disagree));
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
                    prop_assert!(near.is_empty() || spots.iter().all(|(within, near)| within.is_none_or(|w| w == office) && !near.is_empty()));
                }
                Verdict::Ask { candidates, likely, .. } => {
                    prop_assert!(likely.is_none_or(|likely| candidates.contains(&likely)));
                }
            }
        }
    }
}
