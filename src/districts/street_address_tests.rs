//! Addresses as people type them.

use super::super::street_name;
use super::*;
use proptest::prelude::*;

/// Number and street, the latter as the Census writes it.
const ADDRESSES: &[(&str, u32, &str)] = &[
    ("12 Sedgwick St Apt 3", 12, "Sedgwick St"),
    ("12 sedgwick street", 12, "Sedgwick St"),
    ("12 Sedgwick St., Apartment 3R", 12, "Sedgwick St"),
    ("12-14 Main Street", 12, "Main St"),
    ("12 - 14 Main Street", 12, "Main St"),
    ("12 1/2 Elm Ave", 12, "Elm Ave"),
    ("12½ Elm Avenue", 12, "Elm Ave"),
    ("12A N. Main St.", 12, "N Main St"),
    ("12 A North Main St", 12, "N Main St"),
    ("12 A St", 12, "A St"),
    ("12 E Street", 12, "E St"),
    ("12 E Main St", 12, "E Main St"),
    ("One Beacon Street", 1, "Beacon St"),
    ("one Broadway", 1, "Broadway"),
    ("#3 12 Main St", 12, "Main St"),
    ("Apt. 3 12 Main St", 12, "Main St"),
    ("#12 Main St", 12, "Main St"),
    ("12 Main St, Unit 4B", 12, "Main St"),
    ("12 Main St Unit 4B", 12, "Main St"),
    ("12 Main St #4B", 12, "Main St"),
    ("12 Main St#4", 12, "Main St"),
    ("12 Main St 2nd floor", 12, "Main St"),
    ("12 Main St second fl", 12, "Main St"),
    ("12 Main St floor 2", 12, "Main St"),
    ("12 Main St 2", 12, "Main St"),
    ("12 Main St 2R", 12, "Main St"),
    ("12 State St 2", 12, "State St"),
    ("12 Main St N 2R", 12, "N Main St"),
    ("12 Main St Rear", 12, "Main St"),
    ("12 Main St, rear", 12, "Main St"),
    ("12 Front St", 12, "Front St"),
    ("12 Front", 12, "Front"),
    ("12 Upper Main St", 12, "Upper Main St"),
    ("12 Rt 28", 12, "State Rte 28"),
    ("12 Route 28 Unit 4", 12, "State Rte 28"),
    ("12 State Hwy 28", 12, "State Rte 28"),
    ("28 Route 28", 28, "State Rte 28"),
    ("12 St Marks Rd", 12, "Saint Marks Rd"),
    ("12 Saint Mark's Road", 12, "St Marks Rd"),
    ("12 Avenue Louis Pasteur", 12, "Ave Louis Pasteur"),
    ("45 O'Brien Ct", 45, "O'Brien Ct"),
    ("45 OBRIEN COURT", 45, "O’Brien Ct"),
    ("12 28th St", 12, "28th St"),
    ("3 28 th St", 3, "28 th St"),
    ("12 Fifth Avenue", 12, "5th Ave"),
    ("100 Pier 4 Blvd", 100, "Pier 4 Blvd"),
    ("Harbor House, 12 Main St, Boston, MA 02130", 12, "Main St"),
    ("12, Main St", 12, "Main St"),
    ("12 County Rd 5", 12, "County Rd 5"),
    ("12 Box Hill Rd", 12, "Box Hill Rd"),
    ("12 Centre Street", 12, "Center St"),
    ("0 Main St", 0, "Main St"),
    ("12 Winthrop-Shore Drive", 12, "Winthrop Shore Dr"),
    ("12 Calle José", 12, "Calle Jose"),
];

#[test]
fn addresses_are_read_as_they_are_typed() {
    for (typed, number, census) in ADDRESSES {
        let found = StreetAddress::parse(typed).unwrap_or_else(|problem| panic!("{typed}: {problem:?}"));
        let (name, same) = (found.street, street_name(census).unwrap());
        assert_eq!(found.number, *number, "{typed}");
        assert_eq!((name.stem, name.kind, name.direction), (same.stem, same.kind, same.direction), "{typed}");
    }
}

#[test]
fn what_says_no_house_is_told() {
    for (typed, problem) in [
        ("PO Box 12", StreetProblem::PoBox),
        ("P.O.Box 12", StreetProblem::PoBox),
        ("Main Street", StreetProblem::NoNumber),
        ("Box Elder Lane 3", StreetProblem::NoNumber),
        ("RR 2", StreetProblem::NoNumber),
        ("", StreetProblem::NoNumber),
        ("99999999999 Main St", StreetProblem::NoNumber),
        ("First Street", StreetProblem::NoNumber),
        ("12", StreetProblem::NoStreet),
        ("12 1/2", StreetProblem::NoStreet),
        ("12 ...", StreetProblem::NoStreet),
    ] {
        assert_eq!(StreetAddress::parse(typed), Err(problem), "{typed}");
    }
}

#[test]
fn nothing_personal_is_shown() {
    assert_eq!(format!("{:?}", StreetAddress::parse("12 Main St").unwrap()), "StreetAddress(personal)");
}

#[test]
fn a_long_text_takes_no_longer_than_its_length() {
    let start = std::time::Instant::now();
    for text in ["a".repeat(60_000), "12 ".repeat(20_000), "12 st ".repeat(10_000), ",12".repeat(20_000)] {
        let _ = StreetAddress::parse(&text);
    }
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(typed in "\\PC{0,200}") {
        let _ = StreetAddress::parse(&typed);
        let _ = street_name(&typed);
    }

    #[test]
    fn pieces_of_addresses_are_read_or_refused(
        pieces in prop::collection::vec(
            prop::sample::select(vec!["12", "#", "Apt", "N", "St", "Main", ",", "1/2", "-", "Route", "28", "2nd", "floor", "A", "½", "'", "State"]), 0..12),
    ) {
        let _ = StreetAddress::parse(&pieces.join(" "));
        let _ = StreetAddress::parse(&pieces.concat());
    }

    #[test]
    fn number_and_plain_name_come_back(number in 0u32..10_000_000, name in "[a-z]{4,12}z", kind in prop::sample::select(vec!["St", "Avenue", "rd."])) {
        let found = StreetAddress::parse(&format!("{number} {name} {kind}")).unwrap();
        prop_assert_eq!(found.number, number);
        prop_assert_eq!(found.street.stem, name);
    }
}
