//! The made-up coast: four columns a tenth of a degree wide are four House districts, two and two of them a Senate
//! district; four towns lie in and across them.

use std::fmt::Write;

use super::files::{Rectangle, Row};
use crate::support::service::Folder;

/// The columns from one to the next, as one rectangle.
pub(super) const fn columns(first: f64, end: f64) -> Rectangle {
    [-72.0 + first / 10.0, 42.0, -72.0 + end / 10.0, 42.2]
}

pub(super) fn house() -> Vec<Row<'static>> {
    let names = ["1st Harbor", "2nd Harbor", "3rd Harbor", "4th Harbor"];
    let ids = ["25001", "25002", "25003", "25004"];
    let row = |at: usize, from: f64| (vec![("geoid", ids[at]), ("district", names[at])], vec![columns(from, from + 1.0)]);
    vec![row(0, 0.0), row(1, 1.0), row(2, 2.0), row(3, 3.0)]
}

pub(super) fn senate() -> Vec<Row<'static>> {
    vec![
        (vec![("geoid", "25D01"), ("district", "First Harbor")], vec![columns(0.0, 2.0)]),
        (vec![("geoid", "25D02"), ("district", "Second Harbor")], vec![columns(2.0, 4.0)]),
    ]
}

/// Wideham lies in the second and third column; a strip of a two-hundredth of Eastmere lies in the third.
pub(super) fn towns() -> Vec<Row<'static>> {
    let [west, _, _, north] = columns(0.0, 1.0);
    vec![
        (vec![("municipality", "Northwick")], vec![[west, 42.1, west + 0.1, north]]),
        (vec![("municipality", "Southwick")], vec![[west, 42.0, west + 0.1, 42.1]]),
        (vec![("municipality", "Wideham")], vec![[west + 0.1, 42.0, west + 0.29, north]]),
        (vec![("municipality", "Eastmere")], vec![[west + 0.2995, 42.0, west + 0.4, north]]),
    ]
}

/// A folder with the officials of all districts but the 4th Harbor, which nobody holds.
pub(super) fn with_roster() -> Folder {
    let folder = Folder::new(None, &[]);
    let mut csv = "id,name,current_party,current_district,current_chamber,given_name,family_name,email\n".to_owned();
    for (chamber, district) in [
        ("upper", "First Harbor"),
        ("upper", "Second Harbor"),
        ("lower", "1st Harbor"),
        ("lower", "2nd Harbor"),
        ("lower", "Third Harbor"),
    ] {
        let id = district.replace(' ', "-").to_lowercase();
        writeln!(csv, "test/{id},Robin {id},Kite,{district},{chamber},Robin,{id},{id}@example.org").unwrap();
    }
    folder.file("roster.csv", &csv);
    folder.done(&["officials", "import", "roster.csv", "--yes"]);
    folder
}

/// The towns' districts as the service has them.
pub(super) fn districts_of_towns(folder: &Folder) -> Vec<(String, String)> {
    folder.tables().rows(
        "name, (SELECT group_concat(district, '; ') FROM (SELECT o.district FROM municipality_offices l JOIN offices o ON o.id = l.office_id WHERE l.municipality_id = m.id ORDER BY o.chamber, o.district))",
        "municipalities m ORDER BY name",
    )
}
