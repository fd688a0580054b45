//! What good files do.

use super::coast::{columns, districts_of_towns, house, senate, towns, with_roster};
use super::files::{NAD83, Row, geojson, shapefile, zipped_shapefile};

const TOWNS: &str = "municipality,county,population,house_districts,senate_districts\n\
                     Northwick,Kelp,900,1st Harbor,First Harbor\n\
                     Southwick,Kelp,400,2nd Harbor,First Harbor\n\
                     Wideham,Kelp,700,2nd Harbor;3rd Harbor,First Harbor;Second Harbor\n";

fn texts(pairs: &[(String, String)]) -> Vec<(&str, &str)> {
    pairs.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect()
}

#[test]
fn outlines_join_the_roster_and_settle_the_towns() {
    let folder = with_roster();
    folder.file("towns.csv", TOWNS);
    folder.file("house.geojson", &geojson(&house()).to_string());
    folder.file("senate.geojson", &geojson(&senate()).to_string());
    folder.file("towns.geojson", &geojson(&towns()).to_string());
    folder.done(&["places", "import", "towns.csv"]);

    let out = folder.done(&["districts", "import", "house.geojson", "--chamber", "lower"]);
    assert!(out.contains("3 joined an office by name") && out.contains("1 have no office yet"), "{out}");
    assert!(out.contains("1 with nobody in office: 4th Harbor"), "{out}");
    folder.done(&["districts", "import", "senate.geojson", "--chamber", "upper"]);
    let before = districts_of_towns(&folder);
    assert_eq!(before[1].1, "2nd Harbor; First Harbor", "without outlines of towns nothing is worked out");

    let out = folder.done(&["places", "import", "towns.geojson"]);
    assert!(out.contains("4 outlines of cities and towns") && out.contains("3 of them have one House"), "{out}");
    assert!(out.contains("Southwick, State House: 1st Harbor (before: 2nd Harbor)"), "{out}");
    assert!(!out.contains("Northwick") && !out.contains("Wideham"), "{out}");
    let settled = districts_of_towns(&folder);
    assert_eq!(
        texts(&settled),
        [
            ("Eastmere", "4th Harbor; Second Harbor"),
            ("Northwick", "1st Harbor; First Harbor"),
            ("Southwick", "1st Harbor; First Harbor"),
            // The roster's spelling stays.
            ("Wideham", "2nd Harbor; Third Harbor; First Harbor; Second Harbor"),
        ]
    );
    let kept: Vec<(String, i64)> = folder.tables().rows("county, population", "municipalities WHERE name = 'Southwick'");
    assert_eq!(kept, [("Kelp".to_owned(), 400)], "what an outline doesn't tell stays");
    let marks: Vec<(String, String)> =
        folder.tables().rows("district, geoid", "offices WHERE geoid IS NOT NULL AND chamber = 'lower' ORDER BY geoid");
    assert_eq!(marks[2], ("Third Harbor".to_owned(), "25003".to_owned()));

    // Again, now by GEOID; nothing differs.
    let out = folder.done(&["districts", "import", "house.geojson", "--chamber", "lower"]);
    assert!(out.contains("4 joined an office by GEOID") && !out.contains("differ"), "{out}");
    assert_eq!(folder.tables().count("boundaries"), 10);
    assert_eq!(districts_of_towns(&folder), settled);

    // The last import wins.
    folder.done(&["places", "import", "towns.csv"]);
    assert_eq!(districts_of_towns(&folder)[2].1, "2nd Harbor; First Harbor");
}

#[test]
fn census_files_are_read_zipped_and_plain() {
    let folder = with_roster();
    let dir = folder.dir.path();
    let tiger = |geoid: &'static str, name: &'static str, code: &'static str, from: f64, to: f64| -> Row<'static> {
        let properties =
            vec![("STATEFP", &geoid[..2]), ("SLDLST", code), ("GEOID", geoid), ("NAMELSAD", name), ("MTFCC", "G5220")];
        (properties, vec![columns(from, to)])
    };
    let house = [
        tiger("25001", "1st Harbor District", "001", 0.0, 1.0),
        tiger("25002", "2nd Harbor District", "002", 1.0, 2.0),
        tiger("25003", "3rd Harbor District", "003", 2.0, 3.0),
        tiger("25004", "4th Harbor District", "004", 3.0, 4.0),
        tiger("25ZZZ", "State House Districts not defined", "ZZZ", 4.0, 6.0),
    ];
    zipped_shapefile(dir, "tl_2024_25_sldl", &house, &["shp", "shx", "dbf", "prj"]);
    let out = folder.done(&["districts", "import", "tl_2024_25_sldl.zip", "--chamber", "lower"]);
    assert!(out.contains("State House: 4 outlines") && out.contains("3 joined an office by name"), "{out}");
    let made: Vec<(String,)> = folder.tables().rows("district", "offices WHERE geoid = '25004'");
    assert_eq!(made, [("4th Harbor".to_owned(),)]);

    // Without its index, in capitals, with rows of another state and of no town.
    let cousub = |geoid: &'static str, name: &'static str, at: f64| -> Row<'static> {
        let properties =
            vec![("STATEFP", &geoid[..2]), ("GEOID", geoid), ("NAME", name), ("NAMELSAD", "Some town"), ("ALAND", "1")];
        (properties, vec![columns(at, at + 1.0)])
    };
    let rows = [
        cousub("2500100001", "Doña Cove", 0.0),
        cousub("2500100002", "Eastmere", 3.0),
        cousub("2500100000", "County subdivisions not defined", 4.0),
        cousub("4400100001", "Elsewhere", 5.0),
    ];
    shapefile(dir, "towns", &rows, NAD83);
    std::fs::remove_file(dir.join("towns.shx")).unwrap();
    let out = folder.done(&["places", "import", "towns.shp"]);
    assert!(out.contains("2 outlines of cities and towns"), "{out}");
    let districts = districts_of_towns(&folder);
    assert_eq!(texts(&districts), [("Doña Cove", "1st Harbor"), ("Eastmere", "4th Harbor")]);
    let ids: Vec<(String,)> = folder.tables().rows("geoid", "municipalities ORDER BY name");
    assert_eq!(ids[0].0, "2500100001");
}

#[test]
fn towns_of_one_name_are_one_town_with_all_their_districts() {
    let folder = with_roster();
    folder.file("house.geojson", &geojson(&house()).to_string());
    let twice: [Row<'_>; 2] =
        [(vec![("name", "Lincoln")], vec![columns(0.0, 1.0)]), (vec![("name", "Lincoln")], vec![columns(3.0, 4.0)])];
    folder.file("towns.geojson", &geojson(&twice).to_string());
    folder.done(&["places", "import", "towns.geojson"]);
    folder.done(&["districts", "import", "house.geojson", "--chamber", "lower"]);
    assert_eq!(texts(&districts_of_towns(&folder)), [("Lincoln", "1st Harbor; 4th Harbor")]);
}

#[test]
fn the_service_sees_what_was_imported() {
    let folder = with_roster();
    folder.file("house.geojson", &geojson(&house()).to_string());
    let revision = |folder: &crate::support::service::Folder| -> String {
        folder.tables().rows::<(String,)>("value", "settings WHERE key = 'revision'").remove(0).0
    };
    let before = revision(&folder);
    folder.done(&["districts", "import", "house.geojson", "--chamber", "lower"]);
    assert_ne!(revision(&folder), before);
}
