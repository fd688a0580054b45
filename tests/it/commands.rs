//! The commands, as an operator types them, beside a service that runs or not.

use std::fmt::Write;
use std::time::Duration;

use crate::support::journey::{CAMPAIGN, Typed};
use crate::support::service::{Folder, project, within};
use crate::support::smtp_server::{Script, SmtpServer};

const HEADER: &str =
    "id,name,current_party,current_district,current_chamber,given_name,family_name,email,capitol_voice,role,webform\n";

/// Made-up people for all seats of the demo's towns.
fn roster() -> String {
    let seats = [
        ("upper", ["First Harbor", "Second Harbor", "Orchard"].as_slice()),
        ("lower", &["1st Harbor", "2nd Harbor", "3rd Harbor", "4th Harbor", "1st Orchard", "2nd Orchard", "3rd Orchard"]),
    ];
    let mut csv = HEADER.to_owned();
    for (chamber, districts) in seats {
        for (number, district) in districts.iter().enumerate() {
            let family = format!("Testwood-{chamber}-{number}");
            let mail = family.to_lowercase();
            writeln!(csv, "test/{mail},Robin {family},Kite,{district},{chamber},Robin,{family},{mail}@example.org,555,,")
                .unwrap();
        }
    }
    csv + "test/gov,Quinn Testgov,Kite,,,Quinn,Testgov,,555,governor,https://example.org/form\n"
}

/// The people in office, from the rows.
fn officials(folder: &Folder) -> Vec<(String, bool)> {
    let rows: Vec<(String, i64)> = folder.tables().rows("name, demo", "officials WHERE ended_at IS NULL ORDER BY name");
    rows.into_iter().map(|(name, demo)| (name, demo != 0)).collect()
}

/// A folder whose service ran once: the demo is there.
fn with_demo() -> Folder {
    let folder = Folder::new(None, &[]);
    folder.serve().kill();
    folder
}

#[test]
fn a_first_real_roster_replaces_the_demo_and_a_second_time_changes_nothing() {
    let folder = with_demo();
    folder.file("roster.csv", &roster());
    let before = officials(&folder);
    assert!(before.iter().all(|(_, demo)| *demo) && before.len() == 10, "{before:?}");

    let out = folder.done(&["officials", "import", "roster.csv", "--dry-run"]);
    assert!(out.contains("Robin Testwood-upper-0") && out.contains("Nothing was changed"), "{out}");
    assert!(out.contains("made-up officials of the demo"), "{out}");
    assert_eq!(officials(&folder), before);

    let out = folder.done(&["officials", "import", "roster.csv", "--yes"]);
    assert!(out.contains("Massachusetts is imported: 11 added"), "{out}");
    let after = officials(&folder);
    assert!(after.len() == 11 && after.iter().all(|(name, demo)| name.contains(" Test") && !demo), "{after:?}");

    let terms = folder.tables().count("officials");
    // Without a terminal there is nobody to ask.
    let out = folder.done(&["officials", "import", "roster.csv"]);
    assert!(out.contains("Nothing has changed") && out.contains("11 unchanged"), "{out}");
    assert_eq!((officials(&folder), folder.tables().count("officials")), (after, terms));
}

#[test]
fn a_roster_that_looks_wrong_needs_force() {
    let folder = with_demo();
    folder.file("roster.csv", &roster());
    folder.done(&["officials", "import", "roster.csv"]);
    let before = officials(&folder);

    folder
        .file("double.csv", &(roster() + "test/extra,Second Testholder,Kite,Orchard,upper,Second,Testholder,x@example.org,,,\n"));
    let ran = folder.run(&["officials", "import", "double.csv", "--yes"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.contains("Orchard") && ran.err.contains("Second Testholder") && ran.err.contains("--force"), "{}", ran.err);
    assert_eq!(officials(&folder), before);

    let text = roster();
    let short: Vec<_> = text.lines().filter(|line| !line.contains("Orchard")).collect();
    folder.file("short.csv", &short.join("\n"));
    let ran = folder.run(&["officials", "import", "short.csv", "--yes"]);
    assert_eq!(ran.code, Some(1), "{}", ran.out);
    assert_eq!(officials(&folder), before);
    folder.done(&["officials", "import", "short.csv", "--yes", "--force"]);
    assert_eq!(officials(&folder).len(), before.len() - 4);
}

#[test]
fn a_file_that_is_no_roster_changes_nothing_and_says_where() {
    let folder = with_demo();
    let before = officials(&folder);
    folder
        .file("bad.csv", &format!("{HEADER}test/a,,Kite,Orchard,upper,,,a@example.org,,,\ntest/b,B,Kite,1st Moon,moon,,,,,,\n"));
    folder.file("columns.csv", "name,town\nA,B\n");
    for (file, said) in [("bad.csv", "line"), ("columns.csv", "email"), ("missing.csv", "missing.csv can't be read")] {
        let ran = folder.run(&["officials", "import", file, "--yes"]);
        assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""), "{file}");
        assert!(ran.err.starts_with("standout: ") && ran.err.contains(file) && ran.err.contains(said), "{}", ran.err);
    }
    assert_eq!(officials(&folder), before);
}

#[test]
fn towns_are_imported_whole_or_not_at_all() {
    let folder = with_demo();
    folder.file("towns.csv", "municipality,house_districts,senate_districts\nPebbleford,1st Harbor; 2nd Harbor,Orchard\nMossy Bank,3rd Orchard,Orchard\n");
    folder.file("names.csv", "place,municipality\nThe Pebbles,Pebbleford\n");
    folder.file("broken.csv", "something,else\n1,2\n");
    let towns = |folder: &Folder| folder.tables().rows::<(String,)>("name", "municipalities ORDER BY name");
    let before = towns(&folder);
    let ran = folder.run(&["places", "import", "towns.csv", "broken.csv"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.contains("broken.csv"), "{}", ran.err);
    assert_eq!(towns(&folder), before, "all files are read before anything changes");

    let out = folder.done(&["places", "import", "towns.csv", "names.csv"]);
    assert!(out.contains("2 cities and towns; 1 of them") && out.contains("1 other names"), "{out}");
    assert_eq!(towns(&folder), [("Mossy Bank".to_owned(),), ("Pebbleford".to_owned(),)], "the demo's towns are gone");
    folder.done(&["places", "import", "towns.csv", "names.csv"]);
    assert_eq!(folder.tables().count("municipalities"), 2);
}

/// The files of a folder, path to content.
fn files(dir: &std::path::Path) -> std::collections::BTreeMap<String, String> {
    let (mut folders, mut files) = (vec![dir.to_owned()], std::collections::BTreeMap::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(dir).unwrap().to_string_lossy().into_owned();
                files.insert(name, std::fs::read_to_string(&path).unwrap());
            }
        }
    }
    files
}

#[test]
fn a_campaign_goes_out_and_in_unchanged() {
    let folder = with_demo();
    assert!(folder.done(&["campaigns", "list"]).contains("ma-287g\tversion 1\topen"));
    folder.done(&["campaigns", "export", "ma-287g", "out"]);
    let out = folder.dir.path().join("out");
    assert_eq!(files(&out), files(&project("email_templates/campaigns/ma-287g")));
    assert!(folder.done(&["campaigns", "import", "out"]).contains("nothing has changed; version 1"));

    let page = std::fs::read_to_string(out.join("page.md")).unwrap();
    folder.file("out/page.md", &format!("{page}\nOne more line.\n"));
    assert!(folder.done(&["campaigns", "import", "out"]).contains("version 2 is in force"));
    assert!(folder.done(&["campaigns", "list"]).contains("ma-287g\tversion 2\topen"));
    folder.done(&["campaigns", "export", "ma-287g", "again"]);
    assert_eq!(files(&folder.dir.path().join("again")), files(&out));

    let ran = folder.run(&["campaigns", "export", "no-such", "out"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.contains("no-such") && ran.err.contains("campaigns list"), "{}", ran.err);
}

#[test]
fn a_broken_template_names_file_and_line_and_changes_nothing() {
    let folder = with_demo();
    folder.done(&["campaigns", "export", "ma-287g", "out"]);
    let letter = std::fs::read_to_string(folder.dir.path().join("out/letters/upper.txt.hbs")).unwrap();
    let line = letter.lines().count() + 1;
    for broken in ["{{#if story}", "{{no_such_value}}", "{{/each}}"] {
        folder.file("out/letters/upper.txt.hbs", &format!("{letter}{broken}\n"));
        let ran = folder.run(&["campaigns", "import", "out"]);
        assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""), "{broken}");
        assert!(ran.err.contains("letters/upper.txt.hbs") && ran.err.contains("nothing was changed"), "{}", ran.err);
        assert!(ran.err.contains(&line.to_string()), "{broken}, line {line}: {}", ran.err);
    }
    assert!(folder.done(&["campaigns", "list"]).contains("ma-287g\tversion 1\topen"));
    assert_eq!(folder.tables().count("campaign_versions"), 1);
}

#[test]
fn counts_say_the_same_in_every_form() {
    let smtp = SmtpServer::start(Script::default());
    let folder = Folder::new(Some(&smtp), &[]);
    let service = folder.serve();
    let links = service.sign_up(&smtp, 0..3);
    service.confirm(&links[..2]);
    smtp.wait_for(4, Duration::from_secs(10));
    let json = |arguments: &[&str]| {
        let out = folder.done(&[&["counts", "ma-287g", "--json"], arguments].concat());
        serde_json::from_str::<serde_json::Value>(&out).unwrap()
    };
    within(Duration::from_secs(5), "four letters are on record as sent", || json(&[])["letters"]["sent"] == 4);
    let all = json(&[]);
    assert_eq!((&all["campaign"], &all["signed_up"], &all["confirmed"]), (&"ma-287g".into(), &3.into(), &2.into()));
    let letters = all["letters"].as_object().unwrap();
    let sum: i64 = letters.iter().filter(|(name, _)| *name != "total").map(|(_, n)| n.as_i64().unwrap()).sum();
    assert_eq!((letters["total"].as_i64(), sum, letters.len()), (Some(9), 9, 12));
    assert_eq!((&letters["unconfirmed"], &letters["self_send"]), (&3.into(), &2.into()));
    for (by, rows) in [("office", 3), ("town", 1), ("day", 1)] {
        let report = json(&["--by", by]);
        let list = report.as_array().unwrap();
        assert_eq!(list.len(), rows, "{by}");
        let total: i64 = list.iter().map(|row| row["letters"]["total"].as_i64().unwrap()).sum();
        assert_eq!(total, 9, "{by}");
        let table = folder.done(&["counts", "ma-287g", "--by", by]);
        assert_eq!(table.lines().count(), rows + 1, "{table}");
        assert!(table.lines().next().unwrap().starts_with(by), "{table}");
    }
    let plain = folder.done(&["counts", "ma-287g"]);
    assert!(plain.lines().any(|line| line.split_whitespace().eq(["sent", "4"])), "{plain}");
    assert_eq!(folder.run(&["counts", "no-such"]).code, Some(1));
}

#[test]
fn a_login_is_made_from_one_line_of_input() {
    let folder = with_demo();
    let add = |email: &str, role: &str, input: &str| folder.run_with(&["staff", "add", email, "--role", role], input);
    let ran = add("robin@example.org", "admin", "a long enough passphrase\n");
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.out.contains("The login is made") && !ran.out.contains("passphrase"), "{}", ran.out);
    assert!(add("robin@example.org", "viewer", "another long passphrase\n").out.contains("new password and role"));
    for (email, role, input) in [
        ("robin", "admin", "a long enough passphrase\n"),
        ("r@example.org", "king", "a long enough passphrase\n"),
        ("r@example.org", "admin", "short\n"),
        ("r@example.org", "admin", ""),
    ] {
        let ran = add(email, role, input);
        assert!(matches!(ran.code, Some(1 | 2)) && !ran.err.is_empty(), "{email} {role}: {:?} {}", ran.code, ran.out);
    }
    let rows: Vec<(String, String)> = folder.tables().rows("email, role", "staff");
    assert_eq!(rows, [("robin@example.org".to_owned(), "viewer".to_owned())]);
    // Whoever may log in needs no link to make the first login.
    let service = folder.serve();
    assert!(!service.greeting.contains("/staff/setup/"), "{}", service.greeting);
}

#[test]
fn a_running_service_sees_an_import_within_three_seconds() {
    let folder = Folder::new(None, &[]);
    let service = folder.serve();
    let soon = Duration::from_secs(3);
    let preview = |city: &str| service.submit("officials", &Typed::new("ana@example.org").with("city", city)).text();
    assert!(preview("Saltwick").contains("Harborlight"));

    folder.file("roster.csv", &roster());
    folder.done(&["officials", "import", "roster.csv"]);
    within(soon, "the new senator is shown", || preview("Saltwick").contains("Testwood-upper-0"));
    assert!(!preview("Saltwick").contains("Harborlight"));

    folder.file("towns.csv", "municipality,house_districts,senate_districts\nPebbleford,2nd Orchard,Orchard\n");
    folder.done(&["places", "import", "towns.csv"]);
    within(soon, "the new town is known", || preview("Pebbleford").contains("Testwood-lower-5"));

    folder.done(&["campaigns", "export", "ma-287g", "out"]);
    let page = std::fs::read_to_string(folder.dir.path().join("out/page.md")).unwrap();
    folder.file("out/page.md", &format!("{page}\nA line that was not there.\n"));
    folder.done(&["campaigns", "import", "out"]);
    within(soon, "the new text is shown", || service.get(CAMPAIGN).text().contains("A line that was not there."));
}
