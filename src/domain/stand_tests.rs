//! What evidence adds up to: examples as they occur, and what holds for any evidence.

use proptest::prelude::*;

use super::*;
use crate::domain::Day;

fn measure() -> BillNumbers {
    BillNumbers::of_all(["H.1", "S.2"])
}

/// `signed H.1 2025-02-19 2025-03-10`: act, bills, day (`-` for none), day of the look. The source is the line's number.
fn read(lines: &[&str]) -> Vec<Position> {
    let one = |(number, line): (usize, &&str)| {
        let parts: Vec<&str> = line.split(' ').collect();
        Position {
            person: "p1".into(),
            bills: BillNumbers::parse(parts[1]).unwrap(),
            act: Act::parse(parts[0]).unwrap(),
            on: Day::parse(parts[2]).ok(),
            source: number.to_string(),
            as_of: Day::parse(parts[3]).unwrap(),
        }
    };
    lines.iter().enumerate().map(one).collect()
}

fn stand(lines: &[&str]) -> Stand {
    Standing::of(&measure(), &read(lines)).stand
}

#[test]
fn evidence_adds_up() {
    for (lines, expected) in [
        (&[][..], Stand::NotKnown),
        (&["signed H.99 - 2026-01-01"], Stand::NotKnown),
        (&["signed S.2 - 2026-01-01"], Stand::Signed),
        (&["signed H.1 - 2026-01-01", "lead_sponsor S.2 - 2025-01-01"], Stand::Sponsor),
        (&["not_signed H.1/S.2 - 2026-01-01"], Stand::NotSigned),
        (&["not_signed H.1/S.2 - 2026-01-01", "voted_yes H.1 2026-02-01 2026-02-02"], Stand::For),
        (&["not_signed H.1/S.2 - 2026-01-01", "spoke_against H.1 - 2026-02-02"], Stand::Against),
        (&["signed H.1 - 2026-01-01", "voted_yes H.1 2026-02-01 2026-02-02"], Stand::Signed),
        (&["signed H.1 - 2026-01-01", "voted_no H.1 2026-02-01 2026-02-02"], Stand::Conflicting),
        (&["spoke_for H.1 - 2026-01-01", "spoke_against H.1 - 2026-01-01"], Stand::Conflicting),
    ] {
        assert_eq!(stand(lines), expected, "{lines:?}");
    }
}

#[test]
fn a_later_signature_is_no_conflict_and_a_later_denial_is_one() {
    let denial = "not_signed H.1/S.2 - 2026-03-30";
    for (signature, expected) in [
        ("signed H.1 2026-04-01 2026-05-01", Stand::Signed),
        ("signed H.1 2026-03-30 2026-05-01", Stand::Signed),
        ("signed H.1 - 2026-04-01", Stand::Signed),
        ("signed H.1 2025-02-19 2025-03-10", Stand::Conflicting),
        ("signed H.1 2025-02-19 2026-05-01", Stand::Conflicting),
        ("signed H.1 - 2026-03-30", Stand::Conflicting),
    ] {
        assert_eq!(stand(&[signature, denial]), expected, "{signature}");
    }
}

#[test]
fn the_companion_of_a_signed_bill_may_be_unsigned() {
    assert_eq!(stand(&["signed H.1 2025-02-19 2025-03-10", "not_signed S.2 - 2026-03-30"]), Stand::Signed);
    assert_eq!(stand(&["signed H.1/S.2 - 2025-03-10", "not_signed S.2 - 2026-03-30"]), Stand::Signed);
}

#[test]
fn a_conflict_shows_both_sides_the_earlier_first() {
    let evidence = read(&["not_signed H.1/S.2 - 2026-03-30", "signed H.1 - 2025-03-10", "signed H.1 2025-02-19 2025-03-10"]);
    let sides: Vec<_> = Standing::of(&measure(), &evidence).because.iter().map(|p| (p.act, p.source.as_str())).collect();
    assert_eq!(sides, [(Act::Signed, "2"), (Act::NotSigned, "0")]);
}

fn day() -> impl Strategy<Value = Day> {
    (1_u32..9, 1_u32..4).prop_map(|(month, day)| Day::parse(&format!("2026-{month:02}-{day:02}")).unwrap())
}

prop_compose! {
    fn position()(
        act in proptest::sample::select(&Act::ALL[..]),
        bills in proptest::sample::select(vec!["H.1", "S.2", "H.1/S.2", "H.99"]),
        on in proptest::option::of(day()),
        as_of in day(),
        source in "[a-c]",
    ) -> Position {
        Position { person: "p1".into(), bills: BillNumbers::parse(bills).unwrap(), act, on, source, as_of }
    }
}

proptest! {
    #[test]
    fn the_order_of_the_evidence_and_repetition_change_nothing(
        (evidence, shuffled) in proptest::collection::vec(position(), 0..7)
            .prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle())),
    ) {
        let standing = Standing::of(&measure(), &evidence);
        prop_assert_eq!(&Standing::of(&measure(), &shuffled), &standing);
        prop_assert_eq!(&Standing::of(&measure(), evidence.iter().chain(&shuffled)), &standing);
    }

    #[test]
    fn a_stand_rests_on_what_was_said(evidence in proptest::collection::vec(position(), 0..7)) {
        let Standing { stand, because } = Standing::of(&measure(), &evidence);
        let about: Vec<_> = evidence.iter().filter(|p| measure().overlap(&p.bills)).collect();
        prop_assert_eq!(stand == Stand::NotKnown, about.is_empty(), "no evidence, and only that, is not known");
        let shown = match stand { Stand::NotKnown => 0, Stand::Conflicting => 2, _ => 1 };
        prop_assert_eq!(because.len(), shown);
        prop_assert!(because.iter().all(|p| about.contains(p)));
        prop_assert!(stand != Stand::Against || about.iter().any(|p| matches!(p.act, Act::VotedNo | Act::SpokeAgainst)));
        if stand == Stand::NotSigned {
            prop_assert!(about.iter().all(|p| p.act == Act::NotSigned), "nobody who signed is told that they have not");
        }
        if stand.has_signed() {
            prop_assert!(matches!(because[0].act, Act::LeadSponsor | Act::Signed));
            prop_assert!(!about.iter().any(|no| no.act == Act::NotSigned && disagree(because[0], no)));
        }
    }

    #[test]
    fn more_evidence_never_settles_a_conflict(
        evidence in proptest::collection::vec(position(), 0..6), more in position(),
    ) {
        let before = Standing::of(&measure(), &evidence).stand;
        let after = Standing::of(&measure(), evidence.iter().chain([&more])).stand;
        prop_assert!(before != Stand::Conflicting || after == Stand::Conflicting);
    }
}
