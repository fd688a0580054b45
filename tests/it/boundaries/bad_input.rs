//! What bad files do: nothing but an error that says which file, what, and what to do.

use std::fs::File;
use std::path::Path;

use serde_json::json;

use super::coast::{columns, house, senate, with_roster};
use super::files::{NAD83, Row, geojson, shapefile, zipped, zipped_shapefile};
use crate::support::service::Folder;

/// Imports a file as House districts, which must fail and change nothing; gives what was said.
fn refused(folder: &Folder, file: &str) -> String {
    let ran = folder.run(&["districts", "import", file, "--chamber", "lower"]);
    assert_eq!(ran.code, Some(1), "{file}: {}", ran.out);
    assert_eq!(folder.tables().count("boundaries"), 0, "{file}");
    ran.err
}

#[test]
fn damaged_and_incomplete_files_are_refused() {
    let folder = with_roster();
    let dir = folder.dir.path();
    zipped_shapefile(dir, "whole", &house(), &["shp", "dbf", "prj"]);
    let whole = std::fs::read(dir.join("whole.zip")).unwrap();
    for part in [4, whole.len() / 2, whole.len() - 10] {
        std::fs::write(dir.join("cut.zip"), &whole[..part]).unwrap();
        let said = refused(&folder, "cut.zip");
        assert!(said.contains("cut.zip is cut short or damaged") && said.contains("Download it again"), "{said}");
    }
    zipped_shapefile(dir, "names", &house(), &["shp", "prj"]);
    let said = refused(&folder, "names.zip");
    assert!(said.contains("names.zip (names.shp) lacks its .dbf file, which holds the names"), "{said}");
    zipped_shapefile(dir, "unknown", &house(), &["shp", "dbf"]);
    assert!(refused(&folder, "unknown.zip").contains("lacks its .prj file"));

    shapefile(dir, "plain", &house(), NAD83);
    let shp = std::fs::read(dir.join("plain.shp")).unwrap();
    std::fs::write(dir.join("plain.shp"), &shp[..shp.len() - 40]).unwrap();
    assert!(refused(&folder, "plain.shp").contains("plain.shp is cut short or damaged"));
    std::fs::remove_file(dir.join("plain.dbf")).unwrap();
    assert!(refused(&folder, "plain.shp").contains("plain.shp lacks its .dbf file"));

    zipped(&dir.join("readme.zip"), &[("README.txt", b"hello")]);
    assert!(refused(&folder, "readme.zip").contains("readme.zip holds no shapefile"));
    folder.file("half.geojson", &geojson(&house()).to_string()[..300]);
    assert!(refused(&folder, "half.geojson").contains("half.geojson is cut short or damaged"));
    folder.file("empty.geojson", "");
    assert!(refused(&folder, "empty.geojson").contains("empty.geojson is no GeoJSON"));
    folder.file("none.geojson", &geojson(&[]).to_string());
    assert!(refused(&folder, "none.geojson").contains("none.geojson holds no outlines"));
    assert!(refused(&folder, "missing.geojson").contains("missing.geojson can't be read"));
}

#[test]
fn other_projections_are_refused_by_name() {
    let folder = with_roster();
    let dir = folder.dir.path();
    let plane = r#"PROJCS["NAD_1983_StatePlane_Massachusetts_Mainland_FIPS_2001",GEOGCS["GCS_North_American_1983",DATUM["D_North_American_1983"],UNIT["Degree",0.0174532925199433]],UNIT["Meter",1.0]]"#;
    shapefile(dir, "plane", &house(), plane);
    let said = refused(&folder, "plane.shp");
    assert!(
        said.contains("projection \"NAD_1983_StatePlane_Massachusetts_Mainland_FIPS_2001\"") && said.contains("EPSG:4326"),
        "{said}"
    );

    let mut old = geojson(&house());
    old["crs"] = json!({"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::26986"}});
    folder.file("old.geojson", &old.to_string());
    assert!(refused(&folder, "old.geojson").contains("\"urn:ogc:def:crs:EPSG::26986\""));
    let metres: [Row<'_>; 1] = [(vec![("district", "1st Harbor")], vec![[236_000.0, 900_000.0, 237_000.0, 901_000.0]])];
    folder.file("metres.geojson", &geojson(&metres).to_string());
    let said = refused(&folder, "metres.geojson");
    assert!(said.contains("1st Harbor") && said.contains("no longitude and latitude"), "{said}");

    old["crs"] = json!({"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}});
    folder.file("old.geojson", &old.to_string());
    folder.done(&["districts", "import", "old.geojson", "--chamber", "lower"]);
}

#[test]
fn files_too_large_and_names_that_lead_out_are_refused() {
    let folder = with_roster();
    let dir = folder.dir.path();
    // Two gigabytes that take no room on the disk.
    File::create(dir.join("huge.geojson")).unwrap().set_len(2_000_000_000).unwrap();
    let said = refused(&folder, "huge.geojson");
    assert!(said.contains("huge.geojson is larger than 256 MB"), "{said}");
    let ran = folder.run(&["places", "import", "huge.geojson"]);
    assert!(ran.code == Some(1) && ran.err.contains("larger than 256 MB"), "{}", ran.err);

    let zeros = vec![0; 257_000_000];
    zipped(&dir.join("bomb.zip"), &[("a.dbf", b"x"), ("a.prj", NAD83.as_bytes()), ("a.shp", &zeros)]);
    assert!(dir.join("bomb.zip").metadata().unwrap().len() < 1_000_000);
    let said = refused(&folder, "bomb.zip");
    assert!(said.contains("bomb.zip (a.shp) is larger than 256 MB"), "{said}");

    for name in ["../../escaped.shp", "/etc/escaped.shp", "a\\..\\..\\escaped.shp", "C:\\escaped.shp"] {
        zipped(&dir.join("out.zip"), &[(name, b"x")]);
        let said = refused(&folder, "out.zip");
        assert!(said.contains("out.zip") && said.contains(name) && said.contains("outside it"), "{said}");
    }
    assert!(!Path::new("/etc/escaped.shp").exists() && !dir.join("escaped.shp").exists());
}

#[test]
fn what_is_no_district_is_refused() {
    let folder = with_roster();
    let line = json!({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"district": "1st Harbor"}, "geometry": {"type": "LineString", "coordinates": [[-71.0, 42.0], [-71.1, 42.0]]}}
    ]});
    folder.file("line.geojson", &line.to_string());
    let said = refused(&folder, "line.geojson");
    assert!(said.contains("outline 1, 1st Harbor, is not a polygon") && said.contains("LineString"), "{said}");
    let flat: [Row<'_>; 1] = [(vec![("district", "1st Harbor")], vec![[-71.0, 42.0, -71.0, 42.1]])];
    folder.file("flat.geojson", &geojson(&flat).to_string());
    assert!(refused(&folder, "flat.geojson").contains("it has no area"));
    let nameless: [Row<'_>; 1] = [(vec![("color", "red")], vec![columns(0.0, 1.0)])];
    folder.file("nameless.geojson", &geojson(&nameless).to_string());
    assert!(refused(&folder, "nameless.geojson").contains("outline 1 has no name"));
    let elsewhere: [Row<'_>; 1] = [(vec![("GEOID", "44001"), ("NAMELSAD", "State House District 1")], vec![columns(0.0, 1.0)])];
    folder.file("elsewhere.geojson", &geojson(&elsewhere).to_string());
    let said = refused(&folder, "elsewhere.geojson");
    assert!(said.contains("no outline of Massachusetts") && said.contains("Rhode Island"), "{said}");
    let upper: [Row<'_>; 1] = [(vec![("SLDUST", "D01"), ("NAMELSAD", "First Harbor District")], vec![columns(0.0, 1.0)])];
    folder.file("upper.geojson", &geojson(&upper).to_string());
    let said = refused(&folder, "upper.geojson");
    assert!(said.contains("districts of the upper chamber") && said.contains("--chamber"), "{said}");
}

#[test]
fn districts_that_do_not_fit_need_force() {
    let folder = with_roster();
    let mut rows = house();
    rows[1].1 = vec![columns(0.8, 2.0)];
    folder.file("overlap.geojson", &geojson(&rows).to_string());
    let said = refused(&folder, "overlap.geojson");
    assert!(said.contains("1st Harbor and 2nd Harbor overlap: 20.0 % of the smaller one"), "{said}");

    // A line drawn by another hand is no overlap.
    rows[1].1 = vec![columns(0.995, 2.0)];
    folder.file("sliver.geojson", &geojson(&rows).to_string());
    folder.done(&["districts", "import", "sliver.geojson", "--chamber", "lower"]);

    let folder = with_roster();
    folder.file("short.geojson", &geojson(&house()[1..]).to_string());
    let said = refused(&folder, "short.geojson");
    assert!(said.contains("1st Harbor has an official, but no outline") && said.contains("--force"), "{said}");
    let mut twice = house();
    twice[3].0 = vec![("district", "Third Harbor District")];
    folder.file("twice.geojson", &geojson(&twice).to_string());
    let said = refused(&folder, "twice.geojson");
    assert!(said.contains("2 outlines are of one district, Third Harbor"), "{said}");
    folder.done(&["districts", "import", "short.geojson", "--chamber", "lower", "--force"]);
    assert_eq!(folder.tables().count("boundaries"), 3);

    // Ids of an older plan: the outline named First Harbor has what is the Second's here.
    folder.file("senate.geojson", &geojson(&senate()).to_string());
    folder.done(&["districts", "import", "senate.geojson", "--chamber", "upper"]);
    let mut swapped = senate();
    swapped[0].0[0].1 = "25D02";
    swapped[1].0[0].1 = "25D01";
    folder.file("swapped.geojson", &geojson(&swapped).to_string());
    let ran = folder.run(&["districts", "import", "swapped.geojson", "--chamber", "upper"]);
    assert!(ran.code == Some(1) && ran.err.contains("has the id of Second Harbor, but the name of First Harbor"), "{}", ran.err);
}
