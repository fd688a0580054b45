//! `standout streets import` with the real binary, and what an address finds afterwards.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::Stdio;

use standout::districts::{StreetAddress, StreetAnswer, street_points};
use standout::domain::{LonLat, UsState};
use standout::store::{Store, streets};

use crate::support::addrfeat::{NAD83, Stretch, county, county_of, dbf, shp, zipped};
use crate::support::service::{Folder, Ran};

/// The middle of the street that most tests use, from south to north.
const MIDDLE: [(f64, f64); 2] = [(-71.1, 42.30), (-71.1, 42.31)];
const COUNTY: &str = "tl_2025_25025_addrfeat.zip";

fn folder() -> Folder {
    Folder::new(None, &[])
}

fn write(folder: &Folder, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.dir.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

fn import(folder: &Folder, stretches: &[Stretch]) -> String {
    write(folder, COUNTY, &county(stretches));
    folder.done(&["streets", "import", COUNTY])
}

fn refused(folder: &Folder, arguments: &[&str]) -> String {
    let Ran { code, out, err } = folder.run(&[&["streets", "import"], arguments].concat());
    assert_eq!(code, Some(1), "{out}{err}");
    assert!(!out.contains("ranges on"), "{out}");
    err
}

fn ask(folder: &Folder, typed: &str, zip: &str, in_town: Option<&dyn Fn(LonLat) -> bool>) -> StreetAnswer {
    let store = Store::open(&folder.database()).unwrap();
    let address = StreetAddress::parse(typed).unwrap();
    let state = UsState::parse("ma").unwrap();
    let known = store.read_blocking(|conn| streets::look_up(conn, state, &address.street, address.number, zip)).unwrap();
    street_points(&address, zip, &known, in_town)
}

fn found(folder: &Folder, typed: &str, zip: &str) -> Vec<LonLat> {
    match ask(folder, typed, zip, None) {
        StreetAnswer::Points(points) => points,
        other => panic!("{typed}: {other:?}"),
    }
}

#[test]
fn the_two_sides_of_a_street_lie_on_the_two_sides_of_a_border_along_it() {
    let folder = folder();
    folder.done(&["campaigns", "list"]);
    assert_eq!(ask(&folder, "12 Elm St", "02130", None), StreetAnswer::NoStreets);
    let out = import(&folder, &[Stretch::new("Elm St", "02130", 1, &MIDDLE)]);
    assert!(out.contains("tl_2025_25025_addrfeat.zip: 2 house-number ranges on 1 street."), "{out}");
    assert!(out.contains("Massachusetts has 2 ranges in 1 file now"), "{out}");
    for number in [1, 13, 51, 99] {
        assert!(found(&folder, &format!("{number} Elm Street"), "02130")[0].lon < -71.1, "{number} is west");
        assert!(found(&folder, &format!("{} elm st. apt 3", number + 1), "02130")[0].lon > -71.1, "{} is east", number + 1);
    }
    let point = found(&folder, "51 Elm St", "02130")[0];
    assert!((point.lat - (42.30 + 0.01 * 50.0 / 98.0)).abs() < 1e-5);
    assert_eq!(ask(&folder, "200 Elm St", "02130", None), StreetAnswer::NumberUnknown);
    assert_eq!(ask(&folder, "12 Oak St", "02130", None), StreetAnswer::StreetUnknown);
}

#[test]
fn ranges_run_either_way_and_numbers_carry_letters() {
    let folder = folder();
    let reverse = Stretch {
        left: ("99".into(), "1".into()),
        right: (String::new(), String::new()),
        ..Stretch::new("N Main St", "02130", 1, &MIDDLE)
    };
    let letters = Stretch {
        left: ("101A".into(), "199-B".into()),
        right: ("X2".into(), "100".into()),
        ..Stretch::new("State Rte 28", "02130", 1, &MIDDLE)
    };
    let out = import(&folder, &[reverse, letters]);
    assert!(out.contains("2 house-number ranges on 2 streets"), "{out}");
    let point = found(&folder, "3 North Main Street", "02130")[0];
    assert!(point.lat > 42.309 && point.lon < -71.1);
    assert!(found(&folder, "193 Route 28", "02130")[0].lat > 42.309);
    assert_eq!(ask(&folder, "4 Rt 28", "02130", None), StreetAnswer::NumberUnknown);
}

#[test]
fn one_name_in_two_zip_codes_and_two_towns_is_told_apart() {
    let folder = folder();
    let there = [(-71.3, 42.30), (-71.3, 42.31)];
    let third = [(-71.5, 42.30), (-71.5, 42.31)];
    import(
        &folder,
        &[
            Stretch::new("Elm St", "02130", 1, &MIDDLE),
            Stretch::new("Elm St", "02139", 1, &there),
            Stretch::new("Elm St", "02139", 1, &third),
        ],
    );
    assert_eq!(found(&folder, "12 Elm St", "02130").len(), 1);
    assert_eq!(found(&folder, "12 Elm St", "02139").len(), 2, "both towns of the ZIP code");
    let in_town = |at: LonLat| at.lon < -71.4;
    let StreetAnswer::Points(points) = ask(&folder, "12 Elm St", "02139", Some(&in_town)) else { panic!("no points") };
    assert!(points.len() == 1 && in_town(points[0]));
    // A ZIP code typed wrong: the town settles it.
    let StreetAnswer::Points(points) = ask(&folder, "12 Elm St", "02111", Some(&in_town)) else { panic!("no points") };
    assert!(points.len() == 1 && in_town(points[0]));
}

#[test]
fn a_county_imported_again_takes_its_own_place() {
    let folder = folder();
    import(&folder, &[Stretch::new("Elm St", "02130", 1, &MIDDLE), Stretch::new("Oak St", "02130", 1, &MIDDLE)]);
    let out = import(&folder, &[Stretch::new("Elm St", "02130", 1, &MIDDLE)]);
    assert!(out.contains("Massachusetts has 2 ranges in 1 file now"), "{out}");
    // Next year's file, side by side and not zipped.
    let next = [Stretch::new("Elm St", "02130", 101, &MIDDLE)];
    write(&folder, "tl_2026_25025_addrfeat.shp", &shp(&next));
    write(&folder, "tl_2026_25025_addrfeat.dbf", &dbf(&next, &[]));
    write(&folder, "tl_2026_25025_addrfeat.prj", NAD83.as_bytes());
    let out = folder.done(&["streets", "import", "tl_2026_25025_addrfeat.shp", "--state", "ma"]);
    assert!(out.contains("Massachusetts has 2 ranges in 1 file now"), "{out}");
    assert_eq!(ask(&folder, "12 Elm St", "02130", None), StreetAnswer::NumberUnknown);
    assert_eq!(found(&folder, "112 Elm St", "02130").len(), 1);
    assert_eq!((folder.tables().count("street_files"), folder.tables().count("street_ranges")), (1, 2), "nothing is left over");
    // Another county stands beside it.
    write(&folder, "tl_2025_25017_addrfeat.zip", &county_of("25017", &[Stretch::new("Ash St", "02139", 1, &MIDDLE)]));
    let out = folder.done(&["streets", "import", "tl_2025_25017_addrfeat.zip"]);
    assert!(out.contains("Massachusetts has 4 ranges in 2 files now"), "{out}");
}

#[test]
fn a_county_is_known_by_what_is_inside_and_not_by_how_its_file_is_called() {
    let folder = folder();
    let elm = [Stretch::new("Elm St", "02130", 1, &MIDDLE)];
    import(&folder, &elm);
    write(&folder, "suffolk.zip", &county(&elm));
    let out = folder.done(&["streets", "import", "suffolk.zip"]);
    assert!(out.contains("Massachusetts has 2 ranges in 1 file now"), "{out}");
    // Both at once: neither is imported, nor what comes before them.
    write(&folder, "middlesex.zip", &county_of("25017", &[Stretch::new("Ash St", "02139", 1, &MIDDLE)]));
    let said = refused(&folder, &["middlesex.zip", COUNTY, "suffolk.zip"]);
    assert!(said.contains("tl_2025_25025_addrfeat.zip and suffolk.zip are of the same county (25025_addrfeat)"), "{said}");
    assert_eq!(folder.tables().count("street_files"), 1);
    // A county of New York whose streets have ZIP codes of here.
    write(&folder, "border.zip", &county_of("36061", &elm));
    let said = refused(&folder, &["middlesex.zip", "border.zip"]);
    assert!(said.contains("border.zip is of county 36061, which is in New York and not in Massachusetts"), "{said}");
    assert_eq!(folder.tables().count("street_files"), 1);
}

/// Many made-up streets.
fn many(count: u32) -> Vec<Stretch> {
    (0..count).map(|n| Stretch::new(&format!("Test{} St", n / 4), "02130", 1 + 100 * (n % 4), &MIDDLE)).collect()
}

#[test]
fn an_import_killed_midway_changes_nothing_and_can_be_run_again() {
    let folder = folder();
    import(&folder, &[Stretch::new("Elm St", "02130", 1, &MIDDLE)]);
    let stretches = many(20_000);
    write(&folder, COUNTY, &county(&stretches));
    let mut child = folder.command(&["streets", "import", COUNTY]).stdin(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let said =
        lines.map(Result::unwrap).find(|line| line.contains("40%") || line.contains("50%")).expect("progress is told in lines");
    assert!(said.contains("of 20000 rows"), "{said}");
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(folder.tables().count("street_ranges") > 5_000, "it was killed midway");
    assert_eq!(found(&folder, "12 Elm St", "02130").len(), 1, "the streets of before are used");
    assert_eq!(ask(&folder, "12 Test1 St", "02130", None), StreetAnswer::StreetUnknown);

    let out = folder.done(&["streets", "import", COUNTY]);
    assert!(out.contains("40000 house-number ranges on 5000 streets"), "{out}");
    assert_eq!((folder.tables().count("street_files"), folder.tables().count("street_ranges")), (1, 40_000));
    assert_eq!(found(&folder, "12 Test1 St", "02130").len(), 1);
    assert_eq!(ask(&folder, "12 Elm St", "02130", None), StreetAnswer::StreetUnknown);
}

#[test]
fn what_is_no_file_of_house_numbers_is_refused_and_says_why() {
    let folder = folder();
    import(&folder, &[Stretch::new("Elm St", "02130", 1, &MIDDLE)]);
    let streets = [Stretch::new("Oak St", "02130", 1, &MIDDLE)];
    let (lines, table, prj) = (shp(&streets), dbf(&streets, &[]), NAD83.as_bytes());
    let whole = county(&streets);
    let state_plane = br#"PROJCS["NAD_1983_StatePlane_Massachusetts_Mainland_FIPS_2001",GEOGCS["GCS_North_American_1983",UNIT["Degree",0.01]],UNIT["Meter",1.0]]"#;
    let metres = shp(&[Stretch { line: vec![(236_000.0, 900_000.0), (236_100.0, 900_000.0)], ..streets[0].clone() }]);
    let elsewhere = [Stretch::new("Oak St", "10001", 1, &MIDDLE)];
    let two = dbf(&[streets[0].clone(), streets[0].clone()], &[]);
    let cut = &lines[..lines.len() - 8];
    let empty = [Stretch { left: Default::default(), right: Default::default(), ..streets[0].clone() }];
    let cases: &[(&str, Vec<u8>, &[&str])] = &[
        ("truncated.zip", whole[..whole.len() / 2].to_vec(), &["truncated.zip", "cut short or damaged", "Download it again"]),
        ("text.zip", b"no zip at all".to_vec(), &["text.zip", "cut short or damaged"]),
        ("text.csv", b"street,number\n".to_vec(), &["text.csv", "no shapefile", "zip"]),
        ("none.zip", zipped(&[("readme.txt", b"hello")]), &["none.zip holds 0 shapefiles"]),
        ("both.zip", zipped(&[("a.shp", &lines), ("b.shp", &lines)]), &["both.zip holds 2 shapefiles", "single county"]),
        ("no-dbf.zip", zipped(&[("a.shp", &lines), ("a.prj", prj)]), &["no-dbf.zip", ".dbf"]),
        ("no-prj.zip", zipped(&[("a.shp", &lines), ("a.dbf", &table)]), &["no-prj.zip", ".prj"]),
        (
            "metres.zip",
            zipped(&[("a.shp", &lines), ("a.dbf", &table), ("a.prj", state_plane)]),
            &["NAD_1983_StatePlane_Massachusetts_Mainland_FIPS_2001", "EPSG:4326"],
        ),
        (
            "far.zip",
            zipped(&[("a.shp", &metres), ("a.dbf", &table), ("a.prj", prj)]),
            &["far.zip: row 1", "longitude and latitude"],
        ),
        (
            "columns.zip",
            zipped(&[("a.shp", &lines), ("a.dbf", &dbf(&streets, &["LTOHN", "ZIPR"])), ("a.prj", prj)]),
            &["columns.zip has no column LTOHN, ZIPR", "ADDRFEAT"],
        ),
        (
            "outside.zip",
            zipped(&[("../../a.shp", &lines), ("../../a.dbf", &table), ("../../a.prj", prj)]),
            &["outside.zip", "../../a.shp", "points outside"],
        ),
        ("rows.zip", zipped(&[("a.shp", &lines), ("a.dbf", &two), ("a.prj", prj)]), &["rows.zip", "same number of rows"]),
        ("cut.zip", zipped(&[("a.shp", cut), ("a.dbf", &table), ("a.prj", prj)]), &["cut.zip", "cut short or damaged"]),
        ("newyork.zip", county(&elsewhere), &["newyork.zip is not of Massachusetts", "--state"]),
        ("empty.zip", county(&empty), &["empty.zip holds no house numbers"]),
    ];
    for (name, bytes, words) in cases {
        write(&folder, name, bytes);
        let said = refused(&folder, &[name]);
        assert!(words.iter().all(|word| said.contains(word)), "{name}: {said}");
        assert!(!said.contains("panicked"), "{said}");
    }
    write(&folder, "plain.shp", &lines);
    assert!(refused(&folder, &["plain.shp"]).contains("plain.shp lacks its .dbf file"));
    assert!(refused(&folder, &["missing.zip"]).contains("missing.zip can't be read"));
    assert!(refused(&folder, &["."]).contains("no shapefile"));
    assert_eq!((folder.tables().count("street_files"), folder.tables().count("street_ranges")), (1, 2), "nothing has changed");
    assert_eq!(found(&folder, "12 Elm St", "02130").len(), 1);
    assert!(std::fs::metadata(folder.dir.path().parent().unwrap().join("a.shp")).is_err(), "nothing was unpacked");
}

#[test]
fn a_huge_file_and_a_small_zip_of_one_are_refused() {
    let folder = folder();
    let huge = std::fs::File::create(folder.dir.path().join("huge.zip")).unwrap();
    std::os::unix::fs::FileExt::write_at(&huge, b"PK\x03\x04", 0).unwrap();
    huge.set_len(2_000_000_000).unwrap();
    let said = refused(&folder, &["huge.zip"]);
    assert!(said.contains("huge.zip is larger than 1000 MB"), "{said}");

    // Zeros that pack to a thousandth: named honestly, and counted where the zip lies about its size.
    let streets = [Stretch::new("Oak St", "02130", 1, &MIDDLE)];
    let bomb = zip_of_zeros(&shp(&streets), 1_000_100_000);
    write(&folder, "bomb.zip", &bomb);
    let said = refused(&folder, &["bomb.zip"]);
    assert!(said.contains("bomb.zip is larger than 1000 MB"), "{said}");
}

/// A county whose table is that many zeros.
fn zip_of_zeros(shp: &[u8], count: usize) -> Vec<u8> {
    use std::io::{Read, Write};
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_level(Some(1));
    for (name, bytes) in [("a.shp", shp), ("a.prj", NAD83.as_bytes())] {
        writer.start_file(name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.start_file("a.dbf", options).unwrap();
    std::io::copy(&mut std::io::repeat(0).take(count as u64), &mut writer).unwrap();
    writer.finish().unwrap().into_inner()
}

#[test]
fn of_several_files_those_before_a_bad_one_stay() {
    let folder = folder();
    write(&folder, COUNTY, &county(&[Stretch::new("Elm St", "02130", 1, &MIDDLE)]));
    write(&folder, "bad.zip", b"PK\x03\x04 not really");
    let ran = folder.run(&["streets", "import", COUNTY, "bad.zip"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.contains("bad.zip") && ran.err.contains("The file before it is imported"), "{}", ran.err);
    assert_eq!(found(&folder, "12 Elm St", "02130").len(), 1);
    let help = folder.done(&["streets", "import", "--help"]);
    assert!(help.contains("https://www2.census.gov/geo/tiger/TIGER2025/ADDRFEAT/"), "{help}");
}
