use geo::{Contains, MultiPolygon, Rotate, Translate, polygon};
use proptest::prelude::*;

use super::*;
use crate::districts::shape;

const UPPER: Layer = Layer::District(Chamber::Upper);

fn square(west: f64, south: f64, size: f64) -> String {
    let (east, north) = (west + size, south + size);
    format!(
        r#"{{"type":"Polygon","coordinates":[[[{west},{south}],[{east},{south}],[{east},{north}],[{west},{north}],[{west},{south}]]]}}"#
    )
}

fn at(lon: f64, lat: f64) -> LonLat {
    LonLat { lon, lat }
}

/// Two districts side by side, a tenth of a degree each, and a town over both.
fn atlas() -> Atlas {
    let (west, east, town) = (square(-71.1, 42.0, 0.1), square(-71.0, 42.0, 0.1), square(-71.1, 42.0, 0.15));
    let rows = [(UPPER, 7, "West", west.as_str()), (UPPER, 8, "East", &east), (Layer::Municipality, 0, "Lowtide", &town)];
    Atlas::build(rows).unwrap()
}

#[test]
fn a_point_has_its_district_and_those_with_a_border_near() {
    let atlas = atlas();
    assert!(atlas.has(Chamber::Upper) && !atlas.has(Chamber::Lower) && !atlas.is_empty() && Atlas::default().is_empty());
    let around = |lon| atlas.districts_at(Chamber::Upper, at(lon, 42.05));
    assert_eq!(around(-71.05), Around { within: Some(7), near: vec![7] });
    // A metre is 0.00001211 degrees of longitude there: 70 m and 80 m from the border.
    assert_eq!(around(-71.0 - 70.0 * 0.000_012_11), Around { within: Some(7), near: vec![7, 8] });
    assert_eq!(around(-71.0 - 80.0 * 0.000_012_11), Around { within: Some(7), near: vec![7] });
    assert_eq!(around(-71.0 + 70.0 * 0.000_012_11), Around { within: Some(8), near: vec![8, 7] });
    assert_eq!(around(-71.0).near.len(), 2);
    assert_eq!(atlas.districts_at(Chamber::Lower, at(-71.05, 42.05)), Around::default());
}

#[test]
fn a_house_off_the_shore_has_what_is_near() {
    let atlas = atlas();
    let around = |lat| atlas.districts_at(Chamber::Upper, at(-71.004, lat));
    // A metre is 0.000009 degrees of latitude: 400 m from one, some 520 m from the other, and 600 m from both.
    assert_eq!(around(42.0 - 400.0 * 0.000_009), Around { within: None, near: vec![7] });
    assert_eq!(around(42.0 - 600.0 * 0.000_009), Around::default());
    let corner = atlas.districts_at(Chamber::Upper, at(-71.001, 42.0 - 100.0 * 0.000_009));
    assert_eq!(corner, Around { within: None, near: vec![7, 8] });
}

#[test]
fn a_point_has_its_town() {
    let atlas = atlas();
    assert_eq!(atlas.municipality_at(at(-71.0, 42.1)), Some("Lowtide"));
    assert_eq!(atlas.municipality_at(at(-70.0, 42.1)), None);
}

#[test]
fn nothing_of_a_point_is_shown_and_bad_shapes_are_named() {
    assert_eq!(format!("{:?}", atlas()), "Atlas(2 + 0 + 1 polygons)");
    for shape in ["", "{}", r#"{"type":"Point","coordinates":[0,0]}"#, r#"{"type":"Polygon","coordinates":3}"#] {
        let error = Atlas::build([(UPPER, 1, "1st Harbor", shape)]).unwrap_err().to_string();
        assert!(error.contains("1st Harbor") && error.contains("Import its file again"), "{error}");
    }
    let empty = Atlas::build([(UPPER, 1, "None", r#"{"type":"MultiPolygon","coordinates":[]}"#)]).unwrap();
    assert!(empty.is_empty());
}

#[test]
fn odd_points_are_nowhere() {
    for (lon, lat) in [(f64::NAN, 42.0), (f64::INFINITY, f64::NEG_INFINITY), (0.0, 90.0), (0.0, -90.0), (1e300, 1e300)] {
        assert_eq!(atlas().districts_at(Chamber::Upper, at(lon, lat)), Around::default());
        assert_eq!(atlas().municipality_at(at(lon, lat)), None);
    }
}

proptest! {
    #[test]
    fn a_point_in_a_polygon_is_within(
        turn in 0.0..360.0, east in -0.5..0.5, north in -0.5..0.5, across in -0.2..0.2, up in -0.2..0.2,
    ) {
        let star = polygon![(x: 0.0, y: 0.1), (x: 0.02, y: 0.02), (x: 0.1, y: 0.0), (x: 0.02, y: -0.02), (x: 0.0, y: -0.1), (x: -0.1, y: 0.0)];
        let star = star.rotate_around_centroid(turn).translate(-71.0 + east, 42.0 + north);
        let text = shape::write(&MultiPolygon::new(vec![star.clone()]));
        let atlas = Atlas::build([(UPPER, 5, "Star", text.as_str())]).unwrap();
        let point = Point::new(-71.0 + east + across, 42.0 + north + up);
        let around = atlas.districts_at(Chamber::Upper, at(point.x(), point.y()));
        prop_assert_eq!(around.within.is_some(), star.contains(&point));
        if around.within.is_some() {
            prop_assert_eq!(around.near, vec![5]);
        }
    }
}
