//! Real public data, where `STANDOUT_REAL_DATA` names the folder that holds it; skipped elsewhere.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use standout::districts::{Gazetteer, Lookup, PlacesFile, read_place_names, read_towns};
use standout::domain::{Chamber, DistrictName, Municipality, UsState};
use standout::roster::{RosterDiff, RosterFile, read_people};

use crate::support::app::Page;
use crate::support::journey::{Typed, link_in};
use crate::support::service::{Folder, within};
use crate::support::smtp_server::{Script, SmtpServer};

/// The bytes of a file of the folder; `None`, said aloud, when no folder is named.
fn file(name: &str) -> Option<Vec<u8>> {
    let Some(folder) = std::env::var_os("STANDOUT_REAL_DATA") else {
        println!("skipped: STANDOUT_REAL_DATA names no folder to read {name} from");
        return None;
    };
    let path = PathBuf::from(folder).join(name);
    Some(std::fs::read(&path).unwrap_or_else(|error| panic!("{name} can't be read: {error}")))
}

fn people(name: &str) -> Option<RosterFile> {
    Some(read_people(file(name)?.as_slice(), name).unwrap())
}

fn towns() -> Option<Vec<Municipality>> {
    Some(read_towns(file("ma-municipalities.csv")?.as_slice(), "ma-municipalities.csv").unwrap())
}

#[test]
fn the_legislature_is_read_whole() {
    let Some(RosterFile { people, skipped }) = people("openstates-ma.csv") else { return };
    let of = |chamber| people.iter().filter(|person| person.district.chamber == chamber).count();
    assert_eq!((people.len(), of(Chamber::Upper), of(Chamber::Lower), skipped.len()), (198, 40, 158, 0));
    assert!(people.iter().all(|person| person.email.is_some() && person.salutation.ends_with(&person.family_name)));
    let seats: BTreeSet<_> = people.iter().map(|person| (person.district.chamber, person.district.key())).collect();
    assert_eq!(seats.len(), 198);

    let again = RosterDiff::between(&people, &people);
    assert!(again.is_empty() && again.check(&people).is_empty());
    assert_eq!(again.summary(), "0 added, 0 gone, 0 moved, 0 changed, 198 unchanged");
    let short = RosterDiff::between(&people, &people[..100]);
    assert!(!short.check(&people).is_empty());
}

#[test]
fn a_second_source_of_the_same_people_changes_only_particulars() {
    let (Some(plain), Some(enriched)) = (people("openstates-ma.csv"), people("openstates-ma-enriched.csv")) else { return };
    let diff = RosterDiff::between(&plain.people, &enriched.people);
    assert_eq!((diff.added.len(), diff.gone.len(), diff.moved.len()), (0, 0, 0));
    assert!(!diff.changed.is_empty() && diff.check(&plain.people).is_empty());
}

#[test]
fn the_governor_takes_mail_by_web_form_only() {
    let Some(RosterFile { people, skipped }) = people("openstates-ma-executive.csv") else { return };
    let [governor] = people.as_slice() else { panic!("{} people", people.len()) };
    assert_eq!(governor.district, DistrictName::new(Chamber::Governor, ""));
    assert!(governor.webform.is_some() && governor.email.is_none());
    assert_eq!((governor.salutation.as_str(), skipped.len()), ("Governor Healey", 6));
}

#[test]
fn most_towns_have_one_district_in_each_chamber() {
    let Some(towns) = towns() else { return };
    let one = |town: &&Municipality| town.of(Chamber::Upper).count() == 1 && town.of(Chamber::Lower).count() == 1;
    assert_eq!((towns.len(), towns.iter().filter(one).count()), (351, 258));
    assert!(towns.iter().all(|town| town.population.is_some() && town.geoid.starts_with("25") && !town.county.is_empty()));
    let bytes = file("ma-municipalities.csv").unwrap();
    assert_eq!(PlacesFile::read(&bytes, "ma-municipalities.csv").unwrap(), PlacesFile::Towns(towns));
}

#[test]
fn jamaica_plain_is_boston() {
    let (Some(towns), Some(zips)) = (towns(), file("ma-zip-places.csv")) else { return };
    let names = read_place_names(zips.as_slice(), "ma-zip-places.csv").unwrap();
    let gazetteer = Gazetteer::new(towns.clone(), names).in_state(UsState::parse("ma").unwrap());
    let Lookup::Found(found) = gazetteer.find("jamaica plain, MA") else { panic!("Jamaica Plain is not known") };
    assert_eq!(found.iter().map(|town| town.name.as_str()).collect::<Vec<_>>(), ["Boston"]);
    assert_eq!(Gazetteer::districts_of(&found, Chamber::Lower).len(), 16);
    assert_eq!(Gazetteer::districts_of(&found, Chamber::Upper).len(), 6);
    for town in &towns {
        for typed in [town.name.clone(), town.name.to_uppercase(), format!("Town of {}, MA", town.name)] {
            assert_eq!(gazetteer.find(&typed), Lookup::Found(vec![town]), "{typed}");
        }
    }
}

#[test]
fn every_district_has_one_name_in_each_source() {
    let (Some(towns), Some(districts)) = (towns(), file("ma-districts.csv")) else { return };
    let key = |district: &DistrictName| (district.chamber, district.key().clone());
    let by_towns: BTreeSet<_> = towns.iter().flat_map(|town| town.districts.iter().map(key)).collect();
    let mut rows = csv::Reader::from_reader(districts.as_slice());
    let headers = rows.headers().unwrap().clone();
    let at = |name| headers.iter().position(|column| column == name).unwrap();
    let (chamber, columns) = (at("chamber"), ["district", "census_name", "massgis_name", "precinct_table_name"].map(at));
    let (mut count, mut keys) = (0, BTreeSet::new());
    for row in rows.records().map(Result::unwrap) {
        let chamber = Chamber::parse(&row[chamber]).unwrap();
        let names = columns.map(|column| DistrictName::new(chamber, &row[column]).key().clone());
        assert!(names.iter().all(|name| *name == names[0]), "{names:?}");
        count += 1;
        keys.insert((chamber, names[0].clone()));
    }
    assert_eq!((count, keys.len()), (200, 200));
    assert_eq!(keys, by_towns);
}

/// Imported by the commands, signed up for over HTTP. The mailboxes are real ones: mail goes to the server inside
/// this test, and the program knows no other.
#[test]
fn a_person_of_jamaica_plain_reaches_the_two_offices_that_they_chose() {
    let Some(folder) = std::env::var_os("STANDOUT_REAL_DATA").map(PathBuf::from) else {
        println!("skipped: STANDOUT_REAL_DATA names no folder");
        return;
    };
    let smtp = SmtpServer::start(Script::default());
    assert!(smtp.addr.ip().is_loopback());
    let standout = Folder::new(Some(&smtp), &[]);
    let service = standout.serve();
    for file in ["openstates-ma.csv", "openstates-ma-executive.csv"] {
        standout.done(&["officials", "import", &folder.join(file).display().to_string(), "--yes"]);
    }
    standout.done(&["places", "import", &folder.join("ma-municipalities.csv").display().to_string()]);

    let typed =
        Typed::new("ana@example.org").with("city", "Jamaica Plain").with("zip", "02130").with("street", "1 Centre Street");
    let limit = Duration::from_secs(5);
    within(limit, "the service has seen the imports", || {
        offered(&service.submit("officials", &typed), "office_lower").len() == 16
    });
    let page = service.submit("officials", &typed);
    let (upper, lower) = (offered(&page, "office_upper"), offered(&page, "office_lower"));
    assert_eq!((upper.len(), lower.len()), (6, 16));
    let holder = |office: &str| {
        let rows: Vec<(String, Option<String>)> =
            standout.tables().rows("name, email", &format!("officials WHERE ended_at IS NULL AND office_id = {office}"));
        rows.into_iter().next()
    };
    for office in upper.iter().chain(&lower) {
        // A seat may be empty; one that is not shows who holds it.
        if let Some((name, _)) = holder(office) {
            assert!(page.text().contains(&name), "{name} is not among the candidates");
        }
    }
    assert!(upper.iter().chain(&lower).filter(|office| holder(office).is_some()).count() >= 20);

    let chosen = [&upper[1], &lower[2]];
    let mailboxes: BTreeSet<_> = chosen.iter().map(|office| holder(office).unwrap().1.unwrap()).collect();
    let typed = typed.with("office_upper", chosen[0]).with("office_lower", chosen[1]);
    assert_eq!(service.submit("signups", &typed).status, 303);
    let confirmation = smtp.wait_for(1, limit).remove(0);
    assert_eq!(service.post(&link_in(&confirmation, "/confirm/"), &[]).status, 303);
    let letters = smtp.wait_for(2, limit);
    let to: BTreeSet<_> = letters.iter().flat_map(|letter| letter.to.clone()).collect();
    assert_eq!(to, mailboxes);
    let states: Vec<(String, i64)> = standout.tables().rows(
        "chamber, count(*)",
        "messages m JOIN offices o ON o.id = m.office_id WHERE m.state = 'self_send' GROUP BY chamber",
    );
    assert_eq!(states, [("governor".to_owned(), 1)]);
    within(limit, "both are on record as sent", || {
        standout.tables().count("messages WHERE kind = 'letter' AND state = 'sent'") == 2
    });
}

/// The values that a choice offers.
fn offered(page: &Page, name: &str) -> Vec<String> {
    let tags = page.body.split('<').filter(|tag| tag.starts_with("input") && tag.contains(&format!("name=\"{name}\"")));
    tags.filter_map(|tag| tag.split("value=\"").nth(1)?.split('"').next()).map(str::to_owned).collect()
}
