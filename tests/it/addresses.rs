//! An address finds its own offices: by town, by street, by the Census geocoder, or by asking. Never by a guess.

use serde_json::json;
use standout::domain::{Clock, Role};

use crate::support::addrfeat::{Stretch, county};
use crate::support::app::{Page, START, TestApp};
use crate::support::http_server::{HttpServer, Reply};
use crate::support::journey::{CAMPAIGN, Typed};
use crate::support::smtp_server::{Script, SmtpServer};

/// The made-up map, west to east: three House districts a hundredth of a degree wide, two Senate districts of which the first
/// has the first two; Gullhaven in the south has them all, Saltwick in the north-west is in one of each.
const WEST: f64 = -71.10;
const SOUTH: f64 = 42.00;

fn rectangle(properties: &serde_json::Value, x: [f64; 2], y: [f64; 2]) -> serde_json::Value {
    let [west, east] = x.map(|x| WEST + x);
    let [south, north] = y.map(|y| SOUTH + y);
    let ring = [[west, south], [east, south], [east, north], [west, north], [west, south]];
    json!({ "type": "Feature", "properties": properties, "geometry": { "type": "Polygon", "coordinates": [ring] } })
}

fn collection(features: &[serde_json::Value]) -> String {
    json!({ "type": "FeatureCollection", "features": features }).to_string()
}

/// A map without streets, imported by the commands of the operator.
fn map(app: &TestApp) {
    let district = |name: &str, geoid: &str, west: f64, east: f64| {
        rectangle(&json!({ "name": name, "geoid": geoid }), [west, east], [0.0, 0.02])
    };
    let town = |name: &str, x: [f64; 2], y: [f64; 2]| rectangle(&json!({ "municipality": name }), x, y);
    let files = [
        (
            "house.geojson",
            collection(&[
                district("1st Harbor", "25901", 0.0, 0.01),
                district("2nd Harbor", "25902", 0.01, 0.02),
                district("3rd Harbor", "25903", 0.02, 0.03),
            ]),
        ),
        (
            "senate.geojson",
            collection(&[district("First Harbor", "25D91", 0.0, 0.02), district("Second Harbor", "25D92", 0.02, 0.03)]),
        ),
        (
            "towns.geojson",
            collection(&[town("Gullhaven", [0.0, 0.03], [0.0, 0.01]), town("Saltwick", [0.0, 0.01], [0.01, 0.02])]),
        ),
    ];
    for (name, text) in &files {
        std::fs::write(app.dir.path().join(name), text).unwrap();
    }
    let path = |name: &str| app.dir.path().join(name).display().to_string();
    app.command(&["districts", "import", &path("house.geojson"), "--chamber", "lower"]);
    app.command(&["districts", "import", &path("senate.geojson"), "--chamber", "upper"]);
    let out = app.command(&["places", "import", &path("towns.geojson")]);
    assert!(out.contains("2 cities and towns"), "{out}");
}

/// Main Street runs from west to east through all of Gullhaven: number 1 at its beginning, 600 at its end, so that the border
/// of the first two House districts is at 200. Elm Street has two stretches of the same numbers. High Street is in Saltwick.
fn streets(app: &TestApp) {
    let line = |from: f64, to: f64, y: f64| [(WEST + from, SOUTH + y), (WEST + to, SOUTH + y)];
    let main = Stretch {
        left: ("1".into(), "599".into()),
        right: ("2".into(), "600".into()),
        ..Stretch::new("Main St", "01099", 1, &line(0.0, 0.03, 0.005))
    };
    let stretches = [
        main,
        Stretch::new("Elm St", "01099", 1, &line(0.002, 0.008, 0.002)),
        Stretch::new("Elm St", "01099", 1, &line(0.012, 0.018, 0.002)),
        Stretch::new("High St", "01099", 1, &line(0.002, 0.008, 0.015)),
        Stretch::new("Shore Rd", "01099", 1, &line(0.002, 0.008, -0.003)),
    ];
    let path = app.dir.path().join("tl_2025_25025_addrfeat.zip");
    std::fs::write(&path, county(&stretches)).unwrap();
    app.command(&["streets", "import", path.to_str().unwrap()]);
}

fn app_with_map(settings: &[(&str, &str)]) -> TestApp {
    let app = TestApp::with(settings);
    map(&app);
    streets(&app);
    app.until("the map is in force", || !app.preview(&at("1 Main Street", "Owlbury")).mistakes().is_empty());
    app
}

fn at(street: &str, city: &str) -> Typed {
    Typed::new("ana@example.org").with("street", street).with("city", city)
}

/// The officials whose radio buttons are shown, in their order; each with whether it is said to be the more likely.
fn choices(page: &Page, field: &str) -> Vec<(String, bool)> {
    let options = page.body.split("<label class=\"option\">").skip(1).map(|rest| rest.split("</label>").next().unwrap());
    let of_field = options.filter(|option| option.contains(&format!("name=\"{field}\"")));
    of_field
        .map(|option| {
            assert!(!option.contains(" checked"), "nothing is chosen for the person: {option}");
            let name = option.split("<bdi>").nth(1).and_then(|rest| rest.split("</bdi>").next()).unwrap();
            (name.to_owned(), option.contains("more likely"))
        })
        .collect()
}

fn found_by(app: &TestApp, way: &str) -> i64 {
    app.rows(&format!("signups WHERE found_by = '{way}'"))
}

#[test]
fn a_unique_town_goes_straight_through() {
    let app = app_with_map(&[]);
    for street in ["50 High Street", "1 Unknown Lane", "9999 High St"] {
        let page = app.preview(&at(street, "Saltwick"));
        assert!(page.text().contains("Found by your city or town."), "{street}: {}", page.text());
        assert!(choices(&page, "office_lower").is_empty() && choices(&page, "office_upper").is_empty(), "{street}");
    }
    app.confirmed(&at("1 Unknown Lane", "Saltwick"));
    app.mails(2);
    assert_eq!(found_by(&app, "town"), 1);
}

#[test]
fn a_street_settles_what_the_town_leaves_open() {
    let app = app_with_map(&[]);
    for (street, representative, senator) in [
        ("50 Main Street", "Quillfeather", "Harborlight"),
        ("301 main st., Apt. 4", "Foghorn", "Harborlight"),
        ("590-592 Main St", "Driftwood", "Tidewhistle"),
    ] {
        let page = app.preview(&at(street, "Gullhaven"));
        let text = page.text();
        assert!(text.contains(representative) && text.contains(senator), "{street}: {text}");
        assert_eq!(text.matches("Found by your street address.").count(), 2, "{street}: {text}");
        assert!(!page.body.contains("type=\"radio\""), "{street}: {text}");
    }
    app.confirmed(&at("301 Main Street", "Gullhaven"));
    let mut to: Vec<String> = app.mails(2).into_iter().map(|mail| mail.to.concat()).collect();
    to.sort();
    assert_eq!(to, ["otis.foghorn@example.org", "wren.harborlight@example.org"]);
    assert_eq!(found_by(&app, "street"), 1);
}

#[test]
fn own_words_that_can_not_be_sent_leave_the_seats_as_they_are() {
    let app = app_with_map(&[]);
    let typed = at("301 Main Street", "Gullhaven").with("story", &"x".repeat(2_001));
    for page in [app.preview(&typed), app.sign_up(&typed)] {
        assert!(page.tag("id=\"story\"").unwrap().contains("aria-invalid"), "{}", page.text());
        assert_eq!(page.text().matches("Found by your street address.").count(), 2, "{}", page.text());
        assert!(!page.body.contains("type=\"radio\""), "{}", page.text());
    }
}

#[test]
fn near_a_border_the_person_chooses_and_the_likely_one_comes_first() {
    let app = app_with_map(&[]);
    let page = app.preview(&at("190 Main Street", "Gullhaven"));
    assert!(page.text().contains("Your address is close to the border of 2 House districts."), "{}", page.text());
    let name = |name: &str, likely| (format!("Representative {name}"), likely);
    assert_eq!(choices(&page, "office_lower"), [name("Inés Quillfeather", true), name("Otis Foghorn", false)]);
    assert!(choices(&page, "office_upper").is_empty(), "both districts are in one Senate district");
    assert!(page.text().contains("1st Harbor: Gullhaven, Saltwick"), "{}", page.text());
    let page = app.preview(&at("210 Main Street", "Gullhaven"));
    assert_eq!(choices(&page, "office_lower"), [name("Otis Foghorn", true), name("Inés Quillfeather", false)]);
    // Without an answer nothing is kept.
    app.sign_up(&at("190 Main Street", "Gullhaven")).assert_wrong(&["office_lower"]);
    assert_eq!(app.rows("signups"), 0);
}

#[test]
fn what_is_not_known_is_asked_and_says_why() {
    let app = app_with_map(&[]);
    for (street, why, candidates) in [
        ("1 Unknown Lane", "we don't know your street there", 3),
        ("Main Street", "we don't know your street there", 3),
        ("9999 Main Street", "we don't know your house number", 3),
        ("50 Elm Street", "Your street, town and ZIP code fit 2 House districts.", 2),
    ] {
        let page = app.preview(&at(street, "Gullhaven"));
        assert_eq!(page.status, 200);
        assert!(page.text().contains(why), "{street}: {}", page.text());
        let choices = choices(&page, "office_lower");
        assert_eq!((choices.len(), choices.iter().any(|(_, likely)| *likely)), (candidates, false), "{street}");
    }
}

#[test]
fn a_town_that_the_street_denies_is_a_question() {
    let app = app_with_map(&[]);
    // High Street of that ZIP code is in Saltwick, whose districts Gullhaven has too; number 590 of Main Street is not in Saltwick's.
    let page = app.preview(&at("590 Main Street", "Saltwick"));
    assert!(page.text().contains("Your street, town and ZIP code fit 2 House districts."), "{}", page.text());
    assert_eq!(choices(&page, "office_lower").len(), 2);
}

#[test]
fn a_po_box_and_a_street_of_a_thousand_letters_are_asked_for_again() {
    let app = app_with_map(&[]);
    for box_ in ["PO Box 12", "P.O. Box 12", "Post Office Box 7"] {
        let page = app.preview(&at(box_, "Gullhaven"));
        page.assert_wrong(&["street"]);
        assert!(page.text().contains("street address"), "{}", page.text());
    }
    let typed = at(&"x".repeat(1_000), "Gullhaven");
    let page = app.preview(&typed);
    page.assert_wrong(&["street"]);
    page.assert_keeps(&typed, &["consent"]);
}

/// A geocoder's answer of the shape that the Census has, for a place in these districts.
fn census(places: &[(&str, [&str; 2], [&str; 2])]) -> String {
    let matches: Vec<_> = places
        .iter()
        .map(|(state, [upper_id, upper], [lower_id, lower])| {
            json!({
                "geographies": {
                    "States": [{ "GEOID": state, "STATE": state, "NAME": if *state == "25" { "Massachusetts" } else { "New Hampshire" } }],
                    "2026 State Legislative Districts - Upper": [{ "GEOID": upper_id, "NAME": upper }],
                    "2026 State Legislative Districts - Lower": [{ "GEOID": lower_id, "NAME": lower }],
                },
                "matchedAddress": "SOMEWHERE",
            })
        })
        .collect();
    json!({ "result": { "addressMatches": matches } }).to_string()
}

const FIRST: ([&str; 2], [&str; 2]) = (["25D91", "First Harbor District"], ["25902", "2nd Harbor District"]);
const SECOND: ([&str; 2], [&str; 2]) = (["25D92", "Second Harbor District"], ["25903", "3rd Harbor District"]);

fn app_with_geocoder(server: &HttpServer) -> TestApp {
    let url = server.url("/geocoder").to_string();
    app_with_map(&[("GEOCODER", "census"), ("CENSUS_URL", &url)])
}

#[test]
fn the_geocoder_settles_a_seat_once_it_is_chosen_and_the_page_says_so_first() {
    let server = HttpServer::always(Reply::Body(200, census(&[("25", FIRST.0, FIRST.1)])));
    let app = app_with_geocoder(&server);
    let form = app.get(CAMPAIGN).text();
    assert!(form.contains("we send your street, city and ZIP code to the address service at 127.0.0.1"), "{form}");
    assert!(!form.contains("looked up on this server"), "{form}");
    // A unique town asks nobody.
    app.preview(&at("50 High Street", "Saltwick"));
    assert!(server.requests().is_empty(), "{:?}", server.requests());
    let typed = at("1 Unknown Lane", "Gullhaven");
    let page = app.preview(&typed);
    assert!(page.text().contains("Found by your street address."), "{}", page.text());
    assert!(page.text().contains("Otis Foghorn") && !page.body.contains("type=\"radio\""), "{}", page.text());
    app.confirmed(&typed);
    app.mails(2);
    assert_eq!(found_by(&app, "geocoder"), 1);
    assert_eq!(server.requests().len(), 1, "the same address is asked for once");
    let asked = server.requests().concat();
    assert!(asked.contains("Unknown") && !asked.contains("Ana") && !asked.contains("example.org"), "{asked}");
}

#[test]
fn several_places_of_the_geocoder_are_a_question() {
    let server = HttpServer::always(Reply::Body(200, census(&[("25", FIRST.0, FIRST.1), ("25", SECOND.0, SECOND.1)])));
    let app = app_with_geocoder(&server);
    let page = app.preview(&at("1 Unknown Lane", "Gullhaven"));
    assert_eq!(choices(&page, "office_lower").len(), 2);
    assert_eq!(choices(&page, "office_upper").len(), 2);
}

#[test]
fn a_place_of_the_geocoder_without_a_known_district_settles_nothing() {
    let nowhere = (["25D99", "Nowhere District"], ["25999", "99th Nowhere District"]);
    let server = HttpServer::always(Reply::Body(200, census(&[("25", FIRST.0, FIRST.1), ("25", nowhere.0, nowhere.1)])));
    let app = app_with_geocoder(&server);
    let page = app.preview(&at("1 Unknown Lane", "Gullhaven"));
    assert_eq!((choices(&page, "office_lower").len(), choices(&page, "office_upper").len()), (3, 2));
}

#[test]
fn what_a_machine_sends_is_looked_up_nowhere() {
    let server = HttpServer::always(Reply::Body(200, census(&[("25", FIRST.0, FIRST.1)])));
    let app = app_with_geocoder(&server);
    let typed = at("1 Unknown Lane", "Gullhaven");
    app.sign_up(&typed.clone().with("website", "https://example.org"));
    app.preview(&typed.clone().with("website", "x"));
    app.post(&format!("{CAMPAIGN}/signups"), &typed.pairs("forged"));
    assert!(server.requests().is_empty(), "{:?}", server.requests());
    assert_eq!(app.rows("signups"), 0);
}

#[test]
fn an_address_in_another_state_is_told_so() {
    let server = HttpServer::always(Reply::Body(200, census(&[("33", ["33001", "District 1"], ["33002", "District 2"])])));
    let app = app_with_geocoder(&server);
    let typed = at("1 Unknown Lane", "Gullhaven");
    let page = app.preview(&typed);
    page.assert_wrong(&["street"]);
    page.assert_keeps(&typed, &["consent"]);
    assert!(page.text().contains("This address is in New Hampshire."), "{}", page.text());
}

#[test]
fn a_geocoder_that_fails_leaves_the_streets_on_this_machine() {
    let no_match = json!({ "result": { "addressMatches": [] } }).to_string();
    for reply in [Reply::Body(200, no_match), Reply::Body(500, "no".into()), Reply::Raw(b"?".to_vec())] {
        let server = HttpServer::always(reply);
        let app = app_with_geocoder(&server);
        let page = app.preview(&at("301 Main Street", "Gullhaven"));
        assert!(page.text().contains("Found by your street address."), "{}", page.text());
        assert!(!server.requests().is_empty());
    }
}

#[test]
fn nothing_leaves_the_machine_unless_the_operator_chose_it() {
    // A geocoder is named, and stands ready, but was not chosen.
    let trap = HttpServer::always(Reply::Body(200, census(&[("25", FIRST.0, FIRST.1)])));
    let app = app_with_map(&[("CENSUS_URL", trap.url("/geocoder").as_ref())]);
    assert!(app.get(CAMPAIGN).text().contains("Your address is looked up on this server."));
    for street in ["301 Main Street", "190 Main Street", "1 Unknown Lane", "50 Elm Street"] {
        assert_eq!(app.preview(&at(street, "Gullhaven")).status, 200);
    }
    app.confirmed(&at("301 Main Street", "Gullhaven"));
    app.mails(2);
    assert!(trap.requests().is_empty(), "{:?}", trap.requests());
}

#[test]
fn staff_see_who_can_be_placed() {
    let app = app_with_map(&[]);
    app.confirmed(&at("301 Main Street", "Gullhaven"));
    app.mails(2);
    app.logged_in(Role::Viewer);
    let page = app.get("/staff/campaigns/ma-287g/coverage");
    let text = page.text();
    assert_eq!(page.status, 200, "{text}");
    assert!(text.contains("Address coverage: Massachusetts"), "{text}");
    assert!(text.contains("10 ranges of house numbers are imported, from 1 Census file"), "{text}");
    assert!(text.contains("Offices without an e-mail address (1)") && text.contains("web form only"), "{text}");
    assert!(text.contains("Towns where people choose (1)"), "{text}");
    assert!(text.contains("2 Senate districts, 3 House districts; only 6 ranges of house numbers, too few to be all"), "{text}");
    assert!(text.contains("For 2 towns the number of people is not known. Import a CSV of towns"), "{text}");
    assert!(text.contains("not known") && !text.contains("0 people"), "{text}");
}

#[test]
fn offices_of_the_made_up_roster_alone_are_no_empty_seats() {
    let app = app_with_map(&[]);
    let demo = include_str!("../../demo/officials.csv");
    let (header, rows) = demo.split_once('\n').unwrap();
    let stays = |row: &&str| row.contains("1st Harbor") || row.contains("2nd Harbor") || row.contains("Second Harbor");
    let rows: Vec<&str> = rows.lines().filter(stays).collect();
    assert_eq!(rows.len(), 3);
    let path = app.dir.path().join("officials.csv");
    std::fs::write(&path, format!("{header}\n{}\n", rows.join("\n"))).unwrap();
    app.command(&["officials", "import", path.to_str().unwrap()]);
    app.logged_in(Role::Viewer);
    app.until("the roster is in force", || app.get("/staff/campaigns/ma-287g/coverage").text().contains("Empty seat"));
    let text = app.get("/staff/campaigns/ma-287g/coverage").text();
    // The map has two more districts; the governor's seat is everywhere.
    assert!(text.contains("Districts without an official (3)"), "{text}");
    assert!(text.contains("State Senate, First Harbor") && text.contains("State House, 3rd Harbor"), "{text}");
    assert!(!text.contains("Orchard"), "{text}");
}

#[test]
fn a_map_survives_a_restart() {
    let smtp = SmtpServer::start(Script::default());
    let mut app = TestApp::over(smtp, tempfile::tempdir().unwrap(), Clock::manual(START), &[]);
    map(&app);
    streets(&app);
    app.restart();
    let page = app.preview(&at("301 Main Street", "Gullhaven"));
    assert!(page.text().contains("Found by your street address."), "{}", page.text());
}
