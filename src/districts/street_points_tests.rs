//! Points of houses along a street that runs north on the meridian -71, from 42.000 to 42.010 (about 1,110 m).

use super::*;
use crate::districts::street_name;
use crate::domain::Parity;
use proptest::prelude::*;

const MIDDLE: f64 = -71.0;

fn range(street: &str, zip: &str, from: u32, to: u32, side: Side) -> AddressRange {
    let parity = match (from % 2, to % 2) {
        (0, 0) => Parity::Even,
        (1, 1) => Parity::Odd,
        _ => Parity::Both,
    };
    let line = vec![LonLat { lon: MIDDLE, lat: 42.0 }, LonLat { lon: MIDDLE, lat: 42.01 }];
    AddressRange { street: street_name(street).unwrap(), zip: zip.into(), from, to, parity, side, line }
}

/// The same range so many degrees to the east.
fn shifted(mut range: AddressRange, east: f64) -> AddressRange {
    range.line.iter_mut().for_each(|point| point.lon += east);
    range
}

fn known(ranges: Vec<AddressRange>, in_zip: &[&str]) -> StreetRecords {
    StreetRecords { ranges, in_zip: in_zip.iter().filter_map(|name| street_name(name)).collect(), any: true }
}

fn ask(typed: &str, known: &StreetRecords, in_town: Option<&dyn Fn(LonLat) -> bool>) -> StreetAnswer {
    street_points(&StreetAddress::parse(typed).unwrap(), "02130", known, in_town)
}

fn found(answer: StreetAnswer) -> Vec<LonLat> {
    match answer {
        StreetAnswer::Points(points) => points,
        other => panic!("{other:?}"),
    }
}

fn metres(a: LonLat, lon: f64, lat: f64) -> f64 {
    use geo::Distance;
    Haversine.distance(Point::new(a.lon, a.lat), Point::new(lon, lat))
}

#[test]
fn a_house_stands_on_its_side_at_its_place_along_the_line() {
    let both = known(vec![range("Elm St", "02130", 1, 99, Side::Left), range("Elm St", "02130", 2, 100, Side::Right)], &[]);
    let odd = found(ask("50 Elm St", &both, None))[0];
    assert!(odd.lon > MIDDLE, "even numbers are on the right, which is east");
    assert!(metres(odd, MIDDLE, 42.0 + 0.01 * 48.0 / 98.0) < OFFSET_METRES + 0.5);
    let even = found(ask("51 Elm Street", &both, None))[0];
    assert!(even.lon < MIDDLE, "odd numbers are on the left, which is west");
    assert!((metres(even, MIDDLE, even.lat) - OFFSET_METRES).abs() < 0.1);
}

#[test]
fn a_range_may_run_against_its_line() {
    let reverse = known(vec![range("Elm St", "02130", 99, 1, Side::Left)], &[]);
    let low = found(ask("3 Elm St", &reverse, None))[0];
    let high = found(ask("97 Elm St", &reverse, None))[0];
    assert!(low.lat > 42.009 && high.lat < 42.001);
    assert!(low.lon < MIDDLE && high.lon < MIDDLE, "the side is the line's, not the numbers'");
}

#[test]
fn the_ends_and_single_numbers_have_places() {
    let ends = known(vec![range("Elm St", "02130", 2, 100, Side::Right)], &[]);
    assert!((found(ask("2 Elm St", &ends, None))[0].lat - 42.0).abs() < 1e-6);
    assert!((found(ask("100 Elm St", &ends, None))[0].lat - 42.01).abs() < 1e-6);
    let single = known(vec![range("Elm St", "02130", 7, 7, Side::Right)], &[]);
    assert!((found(ask("7 Elm St", &single, None))[0].lat - 42.005).abs() < 1e-6);
    let mut flat = range("Elm St", "02130", 7, 7, Side::Right);
    flat.line[1] = flat.line[0];
    let point = ask("7 Elm St", &known(vec![flat], &[]), None);
    assert!(matches!(point, StreetAnswer::Points(_) | StreetAnswer::StreetUnknown), "a line without length is no reason to fail");
}

#[test]
fn the_first_of_two_numbers_counts() {
    let both = known(vec![range("Elm St", "02130", 1, 99, Side::Left), range("Elm St", "02130", 2, 100, Side::Right)], &[]);
    assert_eq!(ask("12-14 Elm St", &both, None), ask("12 Elm St", &both, None));
}

#[test]
fn what_is_not_known_is_said() {
    assert_eq!(ask("12 Elm St", &StreetRecords::default(), None), StreetAnswer::NoStreets);
    assert_eq!(ask("12 Elm St", &known(vec![], &[]), None), StreetAnswer::StreetUnknown);
    assert_eq!(ask("12 Elm St", &known(vec![], &["Elm Ave"]), None), StreetAnswer::StreetUnknown);
    assert_eq!(ask("12 Elm St", &known(vec![], &["Elm St"]), None), StreetAnswer::NumberUnknown);
    assert_eq!(ask("12 Elm", &known(vec![], &["N Elm St"]), None), StreetAnswer::NumberUnknown);
    // An even number on a street that has only odd ones.
    assert_eq!(
        ask("12 Elm St", &known(vec![range("Elm St", "02130", 1, 99, Side::Left)], &["Elm St"]), None),
        StreetAnswer::NumberUnknown
    );
}

#[test]
fn the_zip_code_comes_first_and_then_the_town() {
    let here = range("Elm St", "02130", 2, 100, Side::Right);
    let there = shifted(range("Elm St", "02139", 2, 100, Side::Right), 0.1);
    let two = known(vec![there.clone(), here], &[]);
    let points = found(ask("12 Elm St", &two, None));
    assert!(points.len() == 1 && points[0].lon < -70.95, "of two ZIP codes the typed one");

    let other = known(vec![there], &[]);
    assert_eq!(ask("12 Elm St", &other, None), StreetAnswer::StreetUnknown, "without outlines nobody knows whose it is");
    assert_eq!(found(ask("12 Elm St", &other, Some(&|at| at.lon > -70.95))).len(), 1);
    assert_eq!(ask("12 Elm St", &other, Some(&|at| at.lon < -70.95)), StreetAnswer::StreetUnknown);
}

#[test]
fn of_two_towns_in_one_zip_code_the_typed_one_counts() {
    let two = known(
        vec![range("Elm St", "02130", 2, 100, Side::Right), shifted(range("Elm St", "02130", 2, 100, Side::Right), 0.1)],
        &[],
    );
    assert_eq!(found(ask("12 Elm St", &two, None)).len(), 2, "both are given where no town is known");
    let points = found(ask("12 Elm St", &two, Some(&|at| at.lon > -70.95)));
    assert!(points.len() == 1 && points[0].lon > -70.95);
    match ask("12 Elm St", &two, Some(&|_| false)) {
        StreetAnswer::OutsideTown(points) => assert_eq!(points.len(), 2),
        other => panic!("a ZIP code outside the town is the caller's question: {other:?}"),
    }
    // The town has a house of that address too, in another ZIP code: it may be either.
    let elsewhere = shifted(range("Elm St", "02199", 2, 100, Side::Right), 0.2);
    let three = known([two.ranges, vec![elsewhere]].concat(), &[]);
    assert_eq!(found(ask("12 Elm St", &three, Some(&|at| at.lon > -70.85))).len(), 3);
}

#[test]
fn a_kind_or_direction_may_be_left_out_but_not_changed() {
    let north = range("N Elm St", "02130", 2, 100, Side::Right);
    let avenue = shifted(range("Elm Ave", "02130", 2, 100, Side::Right), 0.01);
    let both = known(vec![north.clone(), avenue.clone()], &["N Elm St", "Elm Ave"]);
    assert_eq!(found(ask("12 Elm St", &both, None)).len(), 1);
    assert_eq!(found(ask("12 N Elm", &both, None)).len(), 2, "Elm Ave may be on the north side");
    assert_eq!(found(ask("12 Elm", &both, None)).len(), 2, "both are given: the caller asks where they disagree");
    assert_eq!(ask("12 S Elm St", &known(vec![north.clone()], &["N Elm St"]), None), StreetAnswer::StreetUnknown);
    // Where the very street is known, but not the number, no other takes its place.
    assert_eq!(ask("12 Elm St", &known(vec![north], &["Elm St", "N Elm St"]), None), StreetAnswer::NumberUnknown);
}

#[test]
fn a_stretch_listed_under_two_names_is_one_place() {
    let twice = known(vec![range("Elm St", "02130", 2, 100, Side::Right), range("Elm St", "02130", 2, 100, Side::Right)], &[]);
    assert_eq!(found(ask("12 Elm St", &twice, None)).len(), 1);
}

proptest! {
    #[test]
    fn a_point_is_beside_its_line(from in 0u32..5000, to in 0u32..5000, part in 0u32..=100, points in prop::collection::vec((-0.01f64..0.01, -0.01f64..0.01), 2..8), right: bool) {
        let number = from.min(to) + from.abs_diff(to) * part / 100;
        let line: Vec<_> = points.iter().map(|(x, y)| LonLat { lon: MIDDLE + x, lat: 42.0 + y }).collect();
        let side = if right { Side::Right } else { Side::Left };
        let range = AddressRange { parity: Parity::Both, line: line.clone(), ..range("Elm St", "02130", from, to, side) };
        prop_assert!(range.holds(number));
        let house = point(&range, number).unwrap();
        // Near one of the line's stretches: no further than the offset from the nearest of many points on it.
        let string: LineString = line.iter().map(|point| (point.lon, point.lat)).collect();
        let nearest = (0..=2000).filter_map(|step| Haversine.point_at_ratio_from_start(&string, f64::from(step) / 2000.0))
            .map(|on| metres(house, on.x(), on.y())).fold(f64::MAX, f64::min);
        prop_assert!(nearest <= OFFSET_METRES + 3.0, "{nearest} m");
    }
}
