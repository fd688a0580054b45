use std::io::Write;

use proptest::prelude::*;
use shapefile::dbase::{FieldValue, Record, TableWriterBuilder};
use shapefile::{Point, Polygon, PolygonRing, ShapeWriter};

use super::*;
use crate::domain::Chamber;

const LOWER: Layer = Layer::District(Chamber::Lower);
const PRJ: &str = r#"GEOGCS["GCS_North_American_1983",DATUM["D_North_American_1983"],UNIT["Degree",0.0174532925199433]]"#;

fn read(bytes: &[u8], layer: Layer) -> Result<Vec<Boundary>, OutlineError> {
    read_boundaries(bytes, Path::new("no-such-folder/file"), layer, UsState::parse("ma").unwrap())
}

/// A feature with these properties, each as JSON.
fn feature(properties: &str) -> String {
    let shape = r#"{"type":"Polygon","coordinates":[[[-71,42],[-70.9,42],[-70.9,42.1],[-71,42]]]}"#;
    format!(
        r#"{{"type":"FeatureCollection","features":[{{"type":"Feature","id":"25137","properties":{{{properties}}},"geometry":{shape}}}]}}"#
    )
}

fn ring(points: &[(f64, f64)]) -> Vec<Point> {
    points.iter().map(|(x, y)| Point::new(*x, *y)).collect()
}

/// The .shp and .dbf of one district: two islands, with a hole in the first that is written last.
fn parts() -> (Vec<u8>, Vec<u8>) {
    let polygon = Polygon::with_rings(vec![
        PolygonRing::Outer(ring(&[(-71.0, 42.0), (-70.0, 42.0), (-70.0, 43.0), (-71.0, 43.0)])),
        PolygonRing::Outer(ring(&[(-69.0, 42.0), (-68.0, 42.0), (-68.0, 43.0), (-69.0, 43.0)])),
        PolygonRing::Inner(ring(&[(-70.8, 42.2), (-70.2, 42.2), (-70.2, 42.8), (-70.8, 42.8)])),
    ]);
    let (mut shp, mut dbf) = (Cursor::new(Vec::new()), Cursor::new(Vec::new()));
    ShapeWriter::new(&mut shp).write_shapes(&[polygon]).unwrap();
    let mut record = Record::default();
    record.insert("NAMELSAD".to_owned(), FieldValue::Character(Some("15th Suffolk District".to_owned())));
    record.insert("GEOID".to_owned(), FieldValue::Character(Some("25137".to_owned())));
    let table = TableWriterBuilder::new()
        .add_character_field("NAMELSAD".try_into().unwrap(), 100)
        .add_character_field("GEOID".try_into().unwrap(), 5);
    table.build_with_dest(&mut dbf).write_records(&[record]).unwrap();
    (shp.into_inner(), dbf.into_inner())
}

fn zipped(shp: &[u8], dbf: &[u8], prj: &[u8]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, part) in [("a.shp", shp), ("a.dbf", dbf), ("a.prj", prj)] {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(part).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn names_and_ids_are_found_under_many_names() {
    for (properties, name, geoid) in [
        (r#""NAMELSAD":"State House District 5","GEOID":"25D29","NAME":"x""#, "State House District 5", "25D29"),
        (r#""NAMELSAD20":"1st  Essex District ","GEOID20":"25029""#, "1st Essex District", "25029"),
        (r#""district":"1st Essex","geoid":25029"#, "1st Essex", "25029"),
        (r#""BASENAME":"First Essex""#, "First Essex", "25137"),
        (r#""district":12"#, "12", "25137"),
    ] {
        let found = read(feature(properties).as_bytes(), LOWER).unwrap();
        assert_eq!((found[0].name.as_str(), found[0].geoid.as_str()), (name, geoid), "{properties}");
    }
    let town = feature(r#""NAMELSAD":"Boston city","NAME":"Boston","GEOID":"2502507000","ocd_division_id":"ocd-division/x""#);
    let found = read(town.as_bytes(), Layer::Municipality).unwrap();
    let [boston] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(
        (boston.name.as_str(), boston.geoid.as_str(), boston.division_id.as_str()),
        ("Boston", "2502507000", "ocd-division/x")
    );

    // California's 06001 as a number.
    let text = feature(r#""NAME":"1","GEOID":6001"#);
    let found = read_boundaries(text.as_bytes(), Path::new("f"), LOWER, UsState::parse("ca").unwrap()).unwrap();
    assert_eq!(found[0].geoid, "06001");
    let error = read(text.as_bytes(), LOWER).unwrap_err().to_string();
    assert!(error.contains("no outline of Massachusetts; its outlines are of California"), "{error}");
}

#[test]
fn holes_are_put_where_they_belong() {
    let (shp, dbf) = parts();
    let found = read(&zipped(&shp, &dbf, PRJ.as_bytes()), LOWER).unwrap();
    let [suffolk] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((suffolk.name.as_str(), suffolk.geoid.as_str()), ("15th Suffolk District", "25137"));
    let atlas = crate::districts::Atlas::build([(LOWER, 1, "a", suffolk.shape.as_str())]).unwrap();
    let within = |lon, lat| atlas.districts_at(Chamber::Lower, crate::domain::LonLat { lon, lat }).within;
    assert_eq!((within(-70.9, 42.5), within(-68.5, 42.5), within(-70.5, 42.5)), (Some(1), Some(1), None));
}

#[test]
fn the_beginning_tells_what_a_file_is() {
    assert!(holds_outlines(b"PK\x03\x04", Path::new("x")) && holds_outlines(b" \n{", Path::new("x")));
    assert!(holds_outlines(b"\xEF\xBB\xBF{", Path::new("x.csv")) && holds_outlines(b"", Path::new("x.SHP")));
    assert!(!holds_outlines(b"municipality,ward", Path::new("towns.csv")) && !holds_outlines(b"", Path::new("-")));
    assert!(read(b"name,geoid", LOWER).unwrap_err().to_string().contains("is no GeoJSON"));
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300), start in 0..4_usize) {
        let starts: [&[u8]; 4] = [b"", b"{", b"PK\x03\x04", b"\x00\x00\x27\x0A"];
        let _ = read(&[starts[start], &bytes].concat(), LOWER);
    }

    #[test]
    fn any_json_is_read_or_refused(properties in "[\"A-Za-z0-9:,{}\\[\\]. -]{0,40}", shape in "[\\[\\]0-9,.e-]{0,60}") {
        let text = format!(
            r#"{{"type":"FeatureCollection","features":[{{"type":"Feature","properties":{{"name":"{properties}"}},"geometry":{{"type":"Polygon","coordinates":[[{shape}]]}}}}]}}"#
        );
        let _ = read(text.as_bytes(), LOWER);
        let _ = read(text.as_bytes(), Layer::Municipality);
    }

    #[test]
    fn a_shapefile_with_any_bytes_changed_is_read_or_refused(
        changes in proptest::collection::vec((any::<bool>(), any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in any::<prop::sample::Index>(),
        cuts in any::<bool>(),
    ) {
        let (mut shp, mut dbf) = parts();
        for (of_shp, at, byte) in changes {
            let part = if of_shp { &mut shp } else { &mut dbf };
            let at = at.index(part.len());
            part[at] = byte;
        }
        if cuts {
            shp.truncate(cut.index(shp.len()));
        }
        let _ = read(&zipped(&shp, &dbf, PRJ.as_bytes()), LOWER);
    }

    #[test]
    fn a_zip_with_any_bytes_changed_is_read_or_refused(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let (shp, dbf) = parts();
        let mut zip = zipped(&shp, &dbf, PRJ.as_bytes());
        for (at, byte) in changes {
            let at = at.index(zip.len());
            zip[at] = byte;
        }
        let _ = read(&zip, LOWER);
    }
}

/// A file of one outline with these coordinates of a polygon.
fn outline_of(coordinates: &str) -> String {
    let shape = format!(r#"{{"type":"Polygon","coordinates":{coordinates}}}"#);
    format!(
        r#"{{"type":"FeatureCollection","features":[{{"type":"Feature","properties":{{"name":"1st Essex"}},"geometry":{shape}}}]}}"#
    )
}

#[test]
fn shapes_that_are_none_are_refused() {
    for (coordinates, says) in [
        ("[[[1],[2],[3],[1]]]", "outline 1, 1st Essex, is not a polygon: a position has fewer than two numbers"),
        ("[[[],[]]]", "damaged"),
        ("[]", "no-such-folder/file"),
        ("[[]]", "no-such-folder/file"),
        ("[[[-71,42],[-71,42],[-71,42]]]", "it has no area"),
        ("[[[-71,42],[-70,42],[-71,42]]]", "it has no area"),
        ("[[[-71,42],[-70,42],[-70,9e300],[-71,42]]]", "no longitude and latitude"),
        ("[[[-71,42],[-70,42],[-70,1e999],[-71,42]]]", "damaged"),
        ("[[[-71,42],[-70,42],[-70,NaN],[-71,42]]]", "damaged"),
        ("[[[-71,42],[-70,42],[-70,null],[-71,42]]]", "damaged"),
        ("[[[[[-71,42]]]]]", "damaged"),
    ] {
        let said = read(outline_of(coordinates).as_bytes(), LOWER).unwrap_err().to_string();
        assert!(said.contains(says), "{coordinates}: {said}");
    }
    let deep = outline_of(&("[".repeat(100_000) + &"]".repeat(100_000)));
    assert!(read(deep.as_bytes(), LOWER).unwrap_err().to_string().contains("damaged"));
    // A ring that is not closed is closed.
    assert_eq!(read(outline_of("[[[-71,42],[-70,42],[-70,43]]]").as_bytes(), LOWER).unwrap().len(), 1);
    let none =
        r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"1st Essex"},"geometry":null}]}"#;
    assert!(read(none.as_bytes(), LOWER).unwrap_err().to_string().contains("it has no shape"));
}

#[test]
fn outlines_with_too_many_points_are_refused() {
    let many = outline_of(&format!("[[{}[-71,42]]]", "[-71,42],".repeat(10_000_000)));
    let said = read(many.as_bytes(), LOWER).unwrap_err().to_string();
    assert!(said.contains("file has more than 3000000 points"), "{said}");
}

#[test]
fn names_of_outlines_are_bounded() {
    let long = feature(&format!(r#""district":"{}""#, "x".repeat(65_536)));
    let said = read(long.as_bytes(), LOWER).unwrap_err().to_string();
    assert!(said.contains("outline 1 a name or an id of more than 1000 bytes"), "{said}");
}

#[test]
fn shapefiles_that_lie_about_their_lengths_are_refused() {
    let (shp, dbf) = parts();
    let read_changed = |shp: &[u8], dbf: &[u8]| read(&zipped(shp, dbf, PRJ.as_bytes()), LOWER);
    // Number of parts and of points, the first part, and the record's length.
    for (at, value) in
        [(144, -1), (144, i32::MAX), (148, -1), (148, i32::MAX), (148, 400_000_000), (152, 9_000), (152, -5), (156, 90)]
    {
        let mut lying = shp.clone();
        lying[at..at + 4].copy_from_slice(&i32::to_le_bytes(value));
        let said = read_changed(&lying, &dbf).unwrap_err().to_string();
        assert!(said.contains("file (a.shp)"), "{at} {value}: {said}");
    }
    let mut nan = shp.clone();
    nan[164..172].copy_from_slice(&f64::NAN.to_le_bytes());
    assert!(read_changed(&nan, &dbf).unwrap_err().to_string().contains("no longitude and latitude"));
    // Number of rows, length of the head, length of a row, length of a column.
    for (at, bytes) in
        [(4, [255; 4].as_slice()), (8, &[0, 0]), (8, &[255, 255]), (10, &[0, 0]), (10, &[255, 255]), (48, &[0]), (48, &[255])]
    {
        let mut lying = dbf.clone();
        lying[at..at + bytes.len()].copy_from_slice(bytes);
        let said = read_changed(&shp, &lying).unwrap_err().to_string();
        assert!(said.contains("file (a.shp) is cut short or damaged"), "{at} {bytes:?}: {said}");
    }
}
