//! Rosters: fetched, compared, refused, and what becomes of letters when somebody leaves office.

use std::fmt::Write;
use std::time::Duration;

use standout::auth::Auth;
use standout::domain::MessageState::{Held, SelfSend, Sent};
use standout::domain::{Boundary, Chamber, Day, EmailAddress, Layer, Role, UsState};
use standout::roster::read_people;
use standout::store::{Store, boundaries, offices, terms};

use crate::support::app::TestApp;
use crate::support::http_server::{HttpServer, Reply};
use crate::support::journey::Typed;
use crate::support::service::{Folder, within};
use crate::support::smtp_server::{Action, At, Script};

const HEADER: &str = "id,name,current_district,current_chamber,family_name,email,role,webform,term_end,census_geoid,salutation\n";
const HOUSE: [&str; 7] = ["1st Harbor", "2nd Harbor", "3rd Harbor", "4th Harbor", "1st Orchard", "2nd Orchard", "3rd Orchard"];
const SENATE: [&str; 3] = ["First Harbor", "Second Harbor", "Orchard"];

fn ma() -> UsState {
    UsState::parse("ma").unwrap()
}

/// Made-up people for all seats of the demo's towns; their terms end on this day, if on any.
fn roster(term_end: &str) -> String {
    let mut csv = HEADER.to_owned();
    for (chamber, districts) in [("upper", SENATE.as_slice()), ("lower", &HOUSE)] {
        for (number, district) in districts.iter().enumerate() {
            let id = format!("{chamber}-{number}");
            writeln!(csv, "test/{id},Robin Test-{id},{district},{chamber},Test-{id},{id}@example.org,,,{term_end},,").unwrap();
        }
    }
    csv + &format!("test/gov,Quinn Testgov,,,Testgov,,governor,https://example.org/form,{term_end},,\n")
}

/// The names of those in office.
fn in_office(folder: &Folder) -> Vec<String> {
    let rows: Vec<(String,)> = folder.tables().rows("name", "officials WHERE ended_at IS NULL AND NOT demo ORDER BY name");
    rows.into_iter().map(|(name,)| name).collect()
}

/// A folder with this roster in force.
fn with_roster() -> Folder {
    let folder = Folder::new(None, &[]);
    folder.file("roster.csv", &roster(""));
    folder.done(&["officials", "import", "roster.csv", "--yes"]);
    assert_eq!(in_office(&folder).len(), 11);
    folder
}

/// Imports a roster at the service's own time.
fn import(app: &TestApp, csv: &str) {
    let (people, now) = (read_people(csv.as_bytes(), "roster.csv").unwrap().people, app.clock.now());
    app.store.write_blocking(move |tx| offices::replace_roster(tx, ma(), &people, false, now)).unwrap();
}

/// A service with this roster, and two letters that wait because the mail server is busy; gives the private page.
fn with_waiting_letters(csv: &str) -> (TestApp, String) {
    let app = TestApp::start();
    import(&app, csv);
    let typed = Typed::new("ana@example.org");
    app.until("the roster is in force", || app.preview(&typed).text().contains("Robin Test-upper-0"));
    let link = app.signed_up(&typed);
    app.smtp.set_script(Script::default().on(At::Mail, Action::reply("451 4.3.2 Busy")));
    let private = app.post(&link, &[]).location.unwrap();
    app.until("both letters wait for another try", || app.rows("messages WHERE failures > 0 AND state = 'queued'") == 2);
    (app, private)
}

#[test]
fn a_roster_is_fetched_by_its_address_or_by_its_state() {
    let server = HttpServer::start(|target| match target {
        "/current/ma.csv" | "/people.csv?version=2" => Reply::Body(200, roster("")),
        "/moved.csv" => Reply::Redirect("/current/ma.csv".into()),
        _ => Reply::Body(404, "not here".into()),
    });
    let folder = Folder::new(None, &[]);
    let base = server.url("/current").to_string();
    let out = folder.done(&["officials", "import", "--state", "ma", "--from", &base, "--yes"]);
    assert!(out.contains("Massachusetts is imported: 11 added"), "{out}");
    for path in ["/people.csv?version=2", "/moved.csv"] {
        let out = folder.done(&["officials", "import", server.url(path).as_str(), "--yes"]);
        assert!(out.contains("Nothing has changed") && out.contains("11 unchanged"), "{out}");
    }
    let ran = folder.run(&["officials", "import"]);
    assert!(ran.code == Some(1) && ran.err.contains("--state ma"), "{}", ran.err);
    let ran = folder.run(&["officials", "import", "--state", "zz", "--from", &base]);
    assert!(ran.code == Some(1) && ran.err.contains("\"zz\" is no state"), "{}", ran.err);
    let help = folder.done(&["officials", "import", "--help"]);
    assert!(help.contains("https://data.openstates.org/people/current"), "{help}");
}

#[test]
fn what_is_fetched_and_no_roster_changes_nothing() {
    let folder = with_roster();
    let server = HttpServer::start(|target| match target {
        "/page" => Reply::Body(200, "\u{FEFF}\n <!DOCTYPE html><title>Sign in</title>".into()),
        "/flood" => Reply::Flood(50 << 20),
        "/half" => Reply::Raw(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\nid,name".to_vec()),
        "/columns" => Reply::Body(200, "name,town\nA,B\n".into()),
        _ => Reply::Body(404, String::new()),
    });
    let before = in_office(&folder);
    for (path, said) in [
        ("/page", "answered with a web page, and not with a table"),
        ("/flood", "sent more than 10000000 bytes"),
        ("/half", "can't be reached"),
        ("/columns", "has no column \"id\", \"email\""),
        ("/ma.csv", "answered with HTTP status 404"),
    ] {
        let address = server.url(path).to_string();
        let ran = folder.run(&["officials", "import", &address, "--yes", "--force"]);
        assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""), "{path}");
        assert!(ran.err.starts_with("standout: ") && ran.err.contains(said) && ran.err.contains(&address), "{}", ran.err);
    }
    let ran = folder.run(&["officials", "import", "http://roster.example.org/ma.csv"]);
    assert!(ran.code == Some(1) && ran.err.contains("must begin with https://"), "{}", ran.err);
    let ran = folder.run(&["officials", "import", "http://127.0.0.1:1/ma.csv"]);
    assert!(ran.code == Some(1) && ran.err.contains("can't be reached"), "{}", ran.err);
    assert_eq!(in_office(&folder), before);
}

#[test]
fn two_in_one_seat_are_refused_and_with_force_the_last_holds_it() {
    let folder = with_roster();
    let double = roster("") + "test/x,Xan Extra,Orchard,upper,Extra,x@example.org,,,,,\n";
    folder.file("double.csv", &double);
    let before = in_office(&folder);
    let ran = folder.run(&["officials", "import", "double.csv", "--yes"]);
    assert!(ran.code == Some(1) && ran.err.contains("2 people in one seat, State Senate Orchard"), "{}", ran.err);
    assert_eq!(in_office(&folder), before);

    for _ in 0..2 {
        let ran = folder.run(&["officials", "import", "double.csv", "--yes", "--force"]);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        assert!(
            ran.err.contains("left out: Robin Test-upper-2 (State Senate, Orchard); Xan Extra, who comes later"),
            "{}",
            ran.err
        );
        let senators = "officials JOIN offices ON offices.id = office_id WHERE ended_at IS NULL AND district = 'Orchard'";
        assert_eq!(folder.tables().rows::<(String,)>("name", senators), [("Xan Extra".to_owned(),)]);
    }
    // The same when both are new, and when the one who was there comes last.
    folder.file(
        "back.csv",
        &(HEADER.to_owned() + &double.lines().skip(1).collect::<Vec<_>>().into_iter().rev().collect::<Vec<_>>().join("\n")),
    );
    folder.done(&["officials", "import", "back.csv", "--yes", "--force"]);
    assert_eq!(in_office(&folder), before);
    assert_eq!(
        folder.tables().rows::<(i64,)>("count(*)", "officials WHERE ended_at IS NULL GROUP BY office_id HAVING count(*) > 1"),
        []
    );
}

#[test]
fn the_store_never_seats_two_people() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(&dir.path().join("test.sqlite3")).unwrap();
    let people =
        read_people((roster("") + "test/x,Xan Extra,Orchard,upper,Extra,x@example.org,,,,,\n").as_bytes(), "x").unwrap().people;
    let now = crate::support::app::START;
    for _ in 0..2 {
        let people = people.clone();
        store.write_blocking(move |tx| offices::replace_roster(tx, ma(), &people, false, now)).unwrap();
        let holders = store.read_blocking(|conn| offices::roster(conn, ma(), false)).unwrap();
        assert_eq!(holders.len(), 11);
        assert!(holders.iter().any(|person| person.name == "Xan Extra"));
    }
}

#[test]
fn a_district_that_neither_towns_nor_outlines_know_is_refused() {
    let folder = with_roster();
    folder.file("towns.csv", "municipality,house_districts,senate_districts\nPebbleford,1st Harbor,Orchard\n");
    let odd = roster("") + "test/x,Xan Extra,9th Nowhere,lower,Extra,x@example.org,,,,25099,\n";
    folder.file("odd.csv", &odd);
    // Nothing is known of districts yet: the demo's towns were never loaded here.
    folder.done(&["officials", "import", "odd.csv", "--yes", "--dry-run"]);
    folder.done(&["places", "import", "towns.csv"]);
    let ran = folder.run(&["officials", "import", "odd.csv", "--yes"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.contains("State House: no such district is known: 9th Nowhere (Xan Extra)."), "{}", ran.err);
    // What towns tell may be a part of the state: whoever holds a seat already keeps it.
    folder.done(&["officials", "import", "roster.csv", "--yes"]);
    folder.done(&["officials", "import", "odd.csv", "--yes", "--force"]);
    assert_eq!(in_office(&folder).len(), 12);
}

#[test]
fn once_there_are_outlines_a_roster_must_fit_them_by_id_or_name() {
    let folder = with_roster();
    let store = Store::open(&folder.database()).unwrap();
    let outline = |(number, name): (usize, &&str)| {
        let geoid = format!("2509{number}");
        let boundary = Boundary {
            layer: Layer::District(Chamber::Lower),
            name: format!("{name} District"),
            geoid,
            division_id: String::new(),
            shape: r#"{"type":"Polygon","coordinates":[[[-71.0,42.0],[-70.9,42.0],[-70.9,42.1],[-71.0,42.0]]]}"#.into(),
        };
        (boundary, None)
    };
    let outlines: Vec<_> = HOUSE.iter().enumerate().map(outline).collect();
    store.write_blocking(move |tx| boundaries::replace_districts(tx, ma(), Chamber::Lower, &outlines)).unwrap();

    folder.done(&["officials", "import", "roster.csv", "--yes"]);
    let offices = folder.tables().count("offices WHERE chamber = 'lower'");
    // The seat of 2nd Harbor under another name, by its GEOID; its holder is somebody else now.
    let other = roster("").replace(
        "test/lower-1,Robin Test-lower-1,2nd Harbor,lower,Test-lower-1,lower-1@example.org,,,,,",
        "test/n,Nia New,The Sandbar,lower,New,n@example.org,,,,25091,",
    );
    folder.file("other.csv", &other);
    let out = folder.done(&["officials", "import", "other.csv", "--yes"]);
    assert!(out.contains("1 added, 1 gone") && out.contains("2nd Harbor"), "{out}");
    assert_eq!(folder.tables().count("offices WHERE chamber = 'lower'"), offices, "no office was made for the other name");
    folder.file("unknown.csv", &other.replace("25091", "25098"));
    let ran = folder.run(&["officials", "import", "unknown.csv", "--yes"]);
    assert!(ran.code == Some(1) && ran.err.contains("no such district is known: The Sandbar (Nia New)"), "{}", ran.err);
}

#[test]
fn a_term_that_ended_by_the_rosters_own_word_is_questioned() {
    let folder = with_roster();
    folder.file("old.csv", &roster("2021-01-06"));
    let ran = folder.run(&["officials", "import", "old.csv", "--yes"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.contains("the terms of 11 people are over") && ran.err.contains("ended on 2021-01-06"), "{}", ran.err);
    folder.file("odd.csv", &roster("next year"));
    let ran = folder.run(&["officials", "import", "odd.csv", "--yes"]);
    assert!(ran.err.contains("line 2: the end of the term must be a date such as 2027-01-06"), "{}", ran.err);
    assert_eq!(folder.run(&["officials", "import", "roster.csv", "--terms-end", "soon"]).code, Some(2));

    let out = folder.done(&["officials", "import", "roster.csv", "--yes", "--terms-end", "2199-01-06"]);
    assert!(out.contains("last day of the term: 2199-01-06 (was blank)") && out.contains("11 changed"), "{out}");
    let out = folder.done(&["officials", "import", "roster.csv", "--yes"]);
    assert!(out.contains("Nothing has changed"), "what is known of a term stays: {out}");

    // With --force the service ends these terms as soon as it runs, and says so to nobody but staff.
    folder.done(&["officials", "import", "old.csv", "--yes", "--force"]);
    let without_ends = |folder: &Folder| {
        let ran = folder.run(&["officials", "import", "roster.csv", "--yes"]);
        assert_eq!(ran.code, Some(1));
        assert!(ran.err.contains("the terms of 11 people have ended (that of "), "{}", ran.err);
        assert!(ran.err.contains("on 2021-01-06), and this roster does not say that a new one began."), "{}", ran.err);
    };
    without_ends(&folder);
    let service = folder.serve();
    within(Duration::from_secs(10), "the terms are over", || in_office(&folder).is_empty());
    assert_eq!(folder.tables().count("officials WHERE NOT demo"), 11, "nobody is deleted");
    drop(service);

    // The file of before, imported again, makes nobody an official again; a new last day does, and so does the operator's word.
    without_ends(&folder);
    assert!(in_office(&folder).is_empty());
    folder.done(&["officials", "import", "roster.csv", "--yes", "--terms-end", "2199-01-06"]);
    assert_eq!(in_office(&folder).len(), 11);
}

#[test]
fn after_the_last_day_of_a_term_letters_are_held_until_a_newer_roster_comes() {
    let (app, private) = with_waiting_letters(&roster("2026-11-23"));
    let end_over = |app: &TestApp| {
        let now = app.clock.now();
        app.store.write_blocking(move |tx| terms::end_terms(tx, 100, now)).unwrap()
    };
    let over = Day::parse("2026-11-23").unwrap().passed_at();
    app.advance(over.minus(Duration::from_secs(1)).since(app.clock.now()));
    assert_eq!(end_over(&app), 0, "the day lasts longest in Hawaii");
    app.advance(Duration::from_secs(1));
    assert_eq!((end_over(&app), end_over(&app)), (11, 0));
    app.until("the letters are held, that to send oneself too", || app.letters(Held) == 3);
    assert_eq!(app.rows("messages WHERE state = 'held' AND reason = 'the official''s term is over'"), 3);
    let page = app.get(&private).text();
    assert_eq!(page.matches("The term of the official you wrote to is over.").count(), 3, "{page}");
    assert!(!page.contains("https://example.org/form"), "{page}");
    let typed = Typed::new("ben@example.org");
    app.until("the seats count as empty", || app.preview(&typed).text().contains("The seats for this place are empty now"));

    let auth = Auth::new(app.store.clone()).unwrap();
    let email = EmailAddress::parse("sam@example.org").unwrap();
    auth.save_blocking(email, "a long enough passphrase", Role::Viewer, app.clock.now()).unwrap();
    let csrf = app.get("/staff/login").field("csrf").unwrap();
    app.post("/staff/login", &[("csrf", &csrf), ("email", "sam@example.org"), ("password", "a long enough passphrase")]);
    for path in ["/staff", "/staff/campaigns/ma-287g"] {
        let page = app.get(path).text();
        assert!(page.contains("the terms of 11 officials are over (the last ended on November 23, 2026)"), "{page}");
    }

    app.smtp.set_script(Script::default());
    import(&app, &roster("2199-01-06"));
    app.advance(Duration::from_secs(1));
    let mut to: Vec<_> = app.mails(2).into_iter().map(|mail| mail.to.concat()).collect();
    to.sort();
    assert!(to[0].starts_with("lower-") && to[1] == "upper-0@example.org", "{to:?}");
    app.until("the letters are on record as sent", || app.letters(Sent) == 2);
    assert_eq!(app.letters(SelfSend), 1, "the governor has a web form only");
    let page = app.get("/staff").text();
    assert!(page.contains("; terms end on January 6, 2199."), "{page}");
}

#[test]
fn a_successor_with_the_same_mailbox_does_not_get_a_letter_to_somebody_else() {
    let (app, private) = with_waiting_letters(&roster(""));
    let successor = roster("")
        .replace("test/upper-0,Robin Test-upper-0,First Harbor,upper,Test-upper-0,", "test/n,Nia New,First Harbor,upper,New,");
    assert!(successor.contains("Nia New,First Harbor,upper,New,upper-0@example.org"));
    import(&app, &successor);
    app.smtp.set_script(Script::default());
    app.advance(Duration::from_hours(24));
    let mail = app.mails(1).remove(0);
    assert!(mail.to.concat().starts_with("lower-"), "{:?}", mail.to);
    app.until("the other letter is on record as sent", || app.letters(Sent) == 1);
    assert_eq!(app.letters(Held), 1);
    assert!(app.get(&private).text().contains("The official you wrote to is no longer in this office."));
    // An absence that was a mistake: the letter goes out, to the one it is written to.
    import(&app, &roster(""));
    app.advance(Duration::from_secs(1));
    assert_eq!(app.mails(1)[0].to, ["upper-0@example.org"]);
    app.until("it is on record as sent", || app.letters(Sent) == 2);
}

#[test]
fn the_age_of_a_roster_is_that_of_its_oldest_chamber() {
    let app = TestApp::start();
    let age = |app: &TestApp| app.store.read_blocking(|conn| offices::roster_age(conn, ma())).unwrap();
    let first = app.clock.now();
    import(&app, &roster(""));
    assert_eq!(age(&app), Some(first));
    app.advance(Duration::from_hours(24));
    let governor = format!("{HEADER}test/gov,Quinn Testgov,,,Testgov,,governor,https://example.org/form,,,\n");
    import(&app, &governor);
    assert_eq!(age(&app), Some(first), "the governor alone says nothing about the legislature");
    import(&app, &roster(""));
    assert_eq!(age(&app), Some(app.clock.now()));
}

#[test]
fn a_salutation_is_title_and_family_name_unless_the_roster_says_otherwise() {
    let salutation = |name: &str, family: &str, chamber: &str, own: &str| {
        let csv = format!("{HEADER}test/a,{name},1st Harbor,{chamber},{family},a@example.org,,,,,{own}\n");
        read_people(csv.as_bytes(), "roster.csv").unwrap().people.remove(0).salutation
    };
    for (name, family, said) in [
        ("Homar Gómez", "Gómez", "Senator Gómez"),
        ("Will Brownsberger", "", "Senator Brownsberger"),
        ("Sam Montan\u{303}o", "", "Senator Montaño"),
        ("\"Angelo D'Emilia, Jr.\"", "", "Senator D'Emilia"),
        ("Robin Hood III", "", "Senator Hood"),
        ("Robin Smith-Jones Sr.", "", "Senator Smith-Jones"),
        ("Ana da Silva", "da Silva", "Senator da Silva"),
    ] {
        assert_eq!(salutation(name, family, "upper", ""), said);
    }
    assert_eq!(salutation("Ana Silva", "Silva", "lower", ""), "Representative Silva");
    assert_eq!(salutation("Ana Silva", "Silva", "upper", "Madam President"), "Madam President");
}
