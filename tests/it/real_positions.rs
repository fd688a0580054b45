//! Real evidence about real bills, where `STANDOUT_REAL_DATA` names the folder that holds it; skipped elsewhere.

use std::path::PathBuf;
use std::time::Duration;

use standout::domain::{BillNumbers, Position, Stand, Standing, UsState};
use standout::store::{Store, positions};

use crate::support::journey::{Typed, link_in, text_of};
use crate::support::service::Folder;
use crate::support::smtp_server::{Script, SmtpServer};

const LIMIT: Duration = Duration::from_secs(20);

/// The folder's files by name; `None`, said aloud, when no folder is named.
fn files(names: [&str; 3]) -> Option<[String; 3]> {
    let Some(folder) = std::env::var_os("STANDOUT_REAL_DATA") else {
        println!("skipped: STANDOUT_REAL_DATA names no folder to read {} from", names.join(", "));
        return None;
    };
    Some(names.map(|name| PathBuf::from(&folder).join(name).display().to_string()))
}

/// The letter that goes to the House from a town of one district each, made up for the test.
fn letter_to(folder: &Folder, smtp: &SmtpServer, district: &str, senate: &str) -> String {
    let towns = format!("municipality,house_districts,senate_districts\nEkkoville,{district},\"{senate}\"\n");
    folder.file("towns.csv", &towns);
    folder.done(&["places", "import", "towns.csv"]);
    let service = folder.serve();
    let email = format!("{}@example.org", district.replace(' ', "-").to_lowercase());
    let page = service.submit("officials", &Typed::new(&email).with("city", "Ekkoville"));
    assert_eq!(page.status, 200, "{}", page.text());
    let page = service.submit("signups", &Typed::new(&email).with("city", "Ekkoville"));
    assert_eq!(page.status, 303, "{}", page.text());
    let mails = smtp.wait_for(1, LIMIT);
    service.confirm(&[link_in(&mails[0], "/confirm/")]);
    let letters = smtp.wait_for(2, LIMIT);
    let letter = letters.iter().map(text_of).find(|letter| letter.starts_with("Dear Representative")).unwrap();
    service.kill();
    letter
}

#[test]
fn real_evidence_is_imported_folded_and_written_by() {
    let names = ["openstates-ma.csv", "ma-bills.csv", "ma-cosponsors.csv"];
    let Some([roster, bills, signatures]) = files(names) else { return };
    let smtp = SmtpServer::start(Script::default());
    let folder = Folder::new(Some(&smtp), &[]);
    // The first start brings the campaign.
    folder.serve().kill();
    folder.done(&["officials", "import", &roster]);

    let ran = folder.run(&["positions", "import", &bills, &signatures]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    println!("{}\n{}", ran.out, ran.err);
    assert!(ran.out.contains("ma-cosponsors.csv: 277 pieces of evidence."), "{}", ran.out);
    assert!(ran.err.contains("Natalie M. Blais has no person id"), "{}", ran.err);
    assert!(!ran.err.contains("Eldridge"), "the list of signatures knows him by the name on the bill: {}", ran.err);
    let tara = ran.out.split("Tara Hong, Safe Communities Act:\n").nth(1).expect("Tara Hong is a conflict");
    let sides: Vec<&str> = tara.lines().take(2).collect();
    assert!(sides[0].contains("H2580: signed on 2025-02-19") && sides[1].contains("H2580/S1681: had not signed"), "{sides:?}");
    let again = folder.done(&["positions", "import", &bills, &signatures]);
    assert!(again.contains("\n0 new, 0 seen again on a later day, "), "{again}");

    let store = Store::open(&folder.database()).unwrap();
    let mut evidence = store.read_blocking(|conn| positions::of_state(conn, UsState::parse("ma").unwrap())).unwrap();
    // The demo's evidence, about people who don't exist, stays where it is.
    evidence.retain(|told| told.person.starts_with("ocd-person/"));
    let measure = BillNumbers::of_all(["H.2580", "S.1681"]);
    let mut people: Vec<&str> = evidence.iter().map(|told| told.person.as_str()).collect();
    people.sort_unstable();
    people.dedup();
    let of = |person: &str| evidence.iter().filter(move |told| told.person == person).collect::<Vec<&Position>>();
    let stands: Vec<Stand> = people.iter().map(|person| Standing::of(&measure, of(person)).stand).collect();
    let count = |stand: Stand| stands.iter().filter(|known| **known == stand).count();
    println!(
        "{} pieces kept; Safe Communities Act: {}",
        evidence.len(),
        Stand::ALL.map(|stand| format!("{} {}", stand.as_str(), count(stand))).join(", ")
    );
    assert_eq!(count(Stand::Conflicting), 1);
    assert!(count(Stand::Sponsor) >= 2 && count(Stand::NotSigned) >= 100 && count(Stand::Signed) >= 75);
    drop(store);

    // Manny Cruz leads the House bill; Jeffrey Turco had not signed by the scorecard's day.
    let thanked = letter_to(&folder, &smtp, "7th Essex", "Second Essex");
    assert!(thanked.starts_with("Dear Representative Cruz,") && thanked.contains("Thank you for leading the Safe"), "{thanked}");
    let asked = letter_to(&folder, &smtp, "19th Suffolk", "Second Essex");
    assert!(asked.contains("A public list of March 30, 2026 does not show your name on the Safe Communities Act"), "{asked}");
}
