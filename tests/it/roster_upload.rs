//! The roster and positions in the console: uploaded, looked at, and exactly what was shown is approved.

use std::fmt::Write;
use std::time::Duration;

use standout::domain::MessageState::Held;
use standout::domain::Role;

use crate::support::app::{Page, TestApp, unescape};
use crate::support::journey::Typed;
use crate::support::login::PASSWORD;
use crate::support::smtp_server::{Action, At, Script};
use crate::support::tables::Tables;

const HEADER: &str = "id,name,current_district,current_chamber,family_name,email,role,webform\n";
const HOUSE: [&str; 7] = ["1st Harbor", "2nd Harbor", "3rd Harbor", "4th Harbor", "1st Orchard", "2nd Orchard", "3rd Orchard"];
const SENATE: [&str; 3] = ["First Harbor", "Second Harbor", "Orchard"];

/// Made-up people for all seats of the demo's towns; `who` is what their names begin with.
fn roster(who: &str) -> String {
    let mut csv = HEADER.to_owned();
    for (chamber, districts) in [("upper", SENATE.as_slice()), ("lower", &HOUSE)] {
        for (number, district) in districts.iter().enumerate() {
            let id = format!("{who}-{chamber}-{number}").to_lowercase();
            writeln!(csv, "test/{id},{who} Test-{chamber}-{number},{district},{chamber},Test,{id}@example.org,,").unwrap();
        }
    }
    csv + "test/gov,Quinn Testgov,,,Testgov,,governor,https://example.org/form\n"
}

/// What a browser sends for a form with a file.
fn upload(app: &TestApp, path: &str, csrf: &str, name: &str, file: &[u8]) -> Page {
    let mut body = Vec::new();
    for (field, head, text) in [("csrf", "", csrf.as_bytes()), ("file", &*format!("; filename=\"{name}\""), file)] {
        body.extend_from_slice(format!("--edge\r\nContent-Disposition: form-data; name=\"{field}\"{head}\r\n\r\n").as_bytes());
        body.extend_from_slice(text);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--edge--\r\n");
    let request = app.client.post(app.address(path)).header("Content-Type", "multipart/form-data; boundary=edge");
    Page::of(request.body(body).send().unwrap())
}

fn csrf(app: &TestApp) -> String {
    app.get("/staff/account").field("csrf").unwrap()
}

/// Uploads a roster; gives the path of the page that shows what it changes.
fn uploaded(app: &TestApp, csv: &str) -> String {
    let page = upload(app, "/staff/roster", &csrf(app), "people.csv", csv.as_bytes());
    assert_eq!(page.status, 303, "{}", page.text());
    page.location.unwrap()
}

/// Presses the button on a page of changes.
fn approve(app: &TestApp, path: &str, page: &Page) -> Page {
    let fields = ["csrf", "terms_end", "force", "shown"].map(|name| (name, page.field(name)));
    let fields: Vec<_> = fields.iter().filter_map(|(name, value)| Some((*name, value.as_deref()?))).collect();
    app.post(&format!("{}/approve", path.split('?').next().unwrap()), &fields)
}

fn editor() -> TestApp {
    let app = TestApp::start();
    app.logged_in(Role::Editor);
    app
}

fn in_office(app: &TestApp) -> Vec<String> {
    let rows: Vec<(String,)> =
        Tables::open(app.store.path()).rows("name", "officials WHERE ended_at IS NULL AND NOT demo ORDER BY name");
    rows.into_iter().map(|(name,)| name).collect()
}

/// The log's lines of one act: who and detail.
fn log(app: &TestApp, act: &str) -> Vec<(String, String)> {
    Tables::open(app.store.path()).rows("who, detail", &format!("audit_log WHERE act = '{act}' ORDER BY id"))
}

#[test]
fn a_roster_is_shown_first_and_imported_once() {
    let app = editor();
    let before = app.get("/staff/roster");
    assert!(before.text().contains("made-up demo roster") && before.text().contains("Upload a roster"));
    let path = uploaded(&app, &roster("Robin"));
    let page = app.get(&path);
    let text = page.text();
    for words in [
        "people.csv, for Massachusetts: 11 added",
        "The 10 made-up officials",
        "Robin Test-upper-0",
        "State Senate, First Harbor",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert!(in_office(&app).is_empty() && log(&app, "roster.imported").is_empty(), "looking changes nothing");
    // The command line says the same of the same file.
    std::fs::write(app.dir.path().join("people.csv"), roster("Robin")).unwrap();
    let said = app.command(&["officials", "import", "people.csv", "--dry-run"]);
    let summary = said.lines().find(|line| line.contains(" added, ")).unwrap();
    assert!(text.contains(summary), "{summary}: {text}");

    let done = approve(&app, &path, &page);
    assert_eq!((done.status, done.location.as_deref()), (303, Some("/staff/roster?done=roster-imported")));
    assert_eq!(in_office(&app).len(), 11);
    let text = app.get("/staff/roster?done=roster-imported").text();
    assert!(text.contains("The roster is imported.") && text.contains("State Senate: 3 of 3 seats are held"), "{text}");
    assert!(text.contains("In office without an e-mail address (1)") && text.contains("has a web form"), "{text}");
    // Pressed again, or gone back to: nothing more happens, in words.
    for again in [approve(&app, &path, &page), app.get(&path)] {
        assert!(again.status == 410 && again.text().contains("it was imported already"), "{}", again.text());
    }
    let lines = log(&app, "roster.imported");
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0].0, "editor@example.org");
    assert!(lines[0].1.starts_with("11 added, 0 gone") && lines[0].1.ends_with("replaced the demo"), "{lines:?}");
    // The same file again, from the command line.
    app.command(&["officials", "import", "people.csv"]);
    assert_eq!(log(&app, "roster.imported")[1].0, "command line");
}

#[test]
fn two_presses_at_once_import_once() {
    let app = editor();
    let path = uploaded(&app, &roster("Robin"));
    let page = app.get(&path);
    let statuses = std::thread::scope(|scope| {
        let press = || approve(&app, &path, &page).status;
        let threads = [scope.spawn(press), scope.spawn(press)];
        let mut statuses = threads.map(|thread| thread.join().unwrap());
        statuses.sort_unstable();
        statuses
    });
    assert_eq!((statuses, log(&app, "roster.imported").len()), ([303, 410], 1));
}

#[test]
fn the_second_of_two_rosters_is_shown_again() {
    let app = editor();
    let (first, second) = (uploaded(&app, &roster("Robin")), uploaded(&app, &roster("Kim")));
    let pages = [app.get(&first), app.get(&second)];
    assert_eq!(approve(&app, &first, &pages[0]).status, 303);
    let again = approve(&app, &second, &pages[1]);
    assert_eq!(again.status, 409);
    let text = again.text();
    assert!(text.contains("The roster has changed since you looked") && text.contains("10 added, 10 gone"), "{text}");
    assert!(in_office(&app).iter().all(|name| !name.starts_with("Kim")));
    assert_eq!(approve(&app, &second, &again).status, 303, "what is shown now may be approved");
    assert_eq!(in_office(&app).iter().filter(|name| name.starts_with("Kim")).count(), 10);
}

#[test]
fn what_looks_wrong_needs_a_second_look_and_a_last_day_is_taken() {
    let app = editor();
    let path = uploaded(&app, &roster("Robin"));
    assert_eq!(approve(&app, &path, &app.get(&path)).status, 303);
    // A file cut short.
    let short: String = roster("Robin")
        .lines()
        .filter(|line| !line.contains("lower-4") && !line.contains("lower-5"))
        .fold(String::new(), |csv, line| csv + line + "\n");
    let path = uploaded(&app, &short);
    let page = app.get(&path);
    let text = page.text();
    assert!(
        text.contains("Something looks wrong") && text.contains("2 of 7 people would go with nobody in their place"),
        "{text}"
    );
    assert!(!page.body.contains("/approve\""), "there is no button");
    // Nor is one made up.
    let forced = app.get(&format!("{path}?force=1"));
    assert!(forced.text().contains("You insist, although"), "{}", forced.text());
    let shown = forced.field("shown").unwrap();
    let sly = app.post(&format!("{path}/approve"), &[("csrf", &csrf(&app)), ("shown", &shown)]);
    assert_eq!((sly.status, in_office(&app).len()), (409, 11));
    let own = sly.text();
    assert!(own.contains("Something looks wrong"), "{own}");

    let wrong = app.get(&format!("{path}?force=1&terms_end=soon"));
    assert!(wrong.status == 422 && wrong.text().contains("\"soon\" is no day"), "{}", wrong.text());
    let ending = app.get(&format!("{path}?force=1&terms_end=2027-01-06"));
    assert!(ending.text().contains("last day of the term: 2027-01-06"), "{}", ending.text());
    assert_eq!(approve(&app, &path, &ending).status, 303);
    assert_eq!(in_office(&app).len(), 9);
    let detail = &log(&app, "roster.imported")[1].1;
    assert!(
        detail.contains("terms end on 2027-01-06") && detail.contains("all the same, although: State House: 2 of 7"),
        "{detail}"
    );
    assert!(app.get("/staff/roster").text().contains("terms end on January 6, 2027"));
}

#[test]
fn letters_to_somebody_who_leaves_are_held() {
    let app = editor();
    let path = uploaded(&app, &roster("Robin"));
    assert_eq!(approve(&app, &path, &app.get(&path)).status, 303);
    let typed = Typed::new("ana@example.org");
    app.until("the roster is in force", || app.preview(&typed).text().contains("Robin Test-upper-0"));
    let link = app.signed_up(&typed);
    app.smtp.set_script(Script::default().on(At::Mail, Action::reply("451 4.3.2 Busy")));
    assert_eq!(app.post(&link, &[]).status, 303);
    app.until("both letters wait", || app.rows("messages WHERE failures > 0 AND state = 'queued'") == 2);
    let path = uploaded(&app, &roster("Kim"));
    let page = app.get(&path);
    assert!(page.text().contains("are held: they are never sent to the wrong name"), "{}", page.text());
    assert_eq!(approve(&app, &path, &page).status, 303);
    app.until("they are held", || app.letters(Held) == 2);
}

#[test]
fn bad_files_are_refused_in_words() {
    let app = editor();
    let token = csrf(&app);
    let send = |file: &[u8]| upload(&app, "/staff/roster", &token, "people.csv", file);
    let long = "x".repeat(5_000_001);
    let bad_rows = format!("{HEADER}1,,1st Harbor,lower,,not an address,,\n2,Bo,,lower,,,,\n");
    for (file, words) in [
        (b"".as_slice(), ["Choose the CSV file", "empty"].as_slice()),
        (long.as_bytes(), &["This file is larger than 5 MB"]),
        (b"name,email\nAna,\n", &["people.csv has no column \"id\", \"current_chamber\", \"current_district\""]),
        (b"id,name,email\xFF\n", &["people.csv, line 1: this is not text in UTF-8"]),
        (
            bad_rows.as_bytes(),
            &["people.csv has 3 problems", "line 2: no name", "line 2: the e-mail address can't be one", "line 3: no district"],
        ),
        (HEADER.as_bytes(), &["names no legislator and no governor"]),
    ] {
        let page = send(file);
        assert_eq!(page.status, 422, "{}", page.text());
        for word in words {
            assert!(page.text().contains(word), "{word}: {}", page.text());
        }
        assert!(!page.text().contains("not an address"));
    }
    assert_eq!(app.rows("uploads"), 0);
    assert_eq!(upload(&app, "/staff/roster", "forged", "people.csv", roster("Robin").as_bytes()).status, 403);
    assert_eq!(app.post("/staff/roster", &[("csrf", &token)]).status, 400, "a form without a file in it");
    for nowhere in ["/staff/roster/uploads/x", &format!("/staff/roster/uploads/{}", "A".repeat(43))] {
        assert_eq!(app.get(nowhere).status, 410);
    }
    let hostile = upload(&app, "/staff/roster", &token, "<script>alert(1)</script>.csv", roster("Robin").as_bytes());
    let page = app.get(&hostile.location.unwrap());
    assert!(page.status == 200 && !page.body.contains("<script>alert") && unescape(&page.body).contains("script>.csv"));
}

#[test]
fn an_upload_is_kept_for_an_hour_and_is_for_editors() {
    let app = editor();
    let path = uploaded(&app, &roster("Robin"));
    app.with_login("vic@example.org", Role::Viewer);
    let other =
        reqwest::blocking::Client::builder().cookie_store(true).redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let form = Page::of(other.get(app.address("/staff/login")).send().unwrap());
    let token = form.field("csrf").unwrap();
    let fields = [("csrf", token.as_str()), ("email", "vic@example.org"), ("password", PASSWORD)];
    other.post(app.address("/staff/login")).form(&fields).send().unwrap();
    let page = Page::of(other.get(app.address("/staff/roster")).send().unwrap());
    assert!(page.status == 200 && !page.body.contains("type=\"file\""));
    assert_eq!(other.get(app.address(&path)).send().unwrap().status().as_u16(), 403);
    app.advance(Duration::from_hours(1));
    assert_eq!(app.get(&path).status, 410);
    uploaded(&app, &roster("Kim"));
    assert_eq!(app.rows("uploads"), 1, "what is too old is cleared away");
}

/// What staff would type for one piece of evidence.
const PIECE: [(&str, &str); 6] = [
    ("who", "Robin Test-lower-0 (State House, 1st Harbor)"),
    ("number", "H.2580"),
    ("act", "signed"),
    ("on", "2026-03-02"),
    ("source", "https://example.org/h2580"),
    ("as_of", "2026-03-30"),
];

/// The form with other values in some fields.
fn piece(token: &str, other: &[(&'static str, &str)]) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = vec![("csrf".into(), token.into())];
    for (name, value) in PIECE {
        let value = other.iter().find(|(known, _)| *known == name).map_or(value, |(_, value)| value);
        fields.push((name.into(), value.into()));
    }
    fields.extend(other.iter().filter(|(name, _)| *name == "was").map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    fields
}

fn send(app: &TestApp, path: &str, fields: &[(String, String)]) -> Page {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    app.post(path, &fields)
}

/// An editor in front of a service whose roster is real.
fn with_roster() -> TestApp {
    let app = editor();
    let path = uploaded(&app, &roster("Robin"));
    assert_eq!(approve(&app, &path, &app.get(&path)).status, 303);
    app
}

fn on_record(app: &TestApp) -> Vec<(String, String, String, Option<String>, String)> {
    Tables::open(app.store.path())
        .rows("person_id, bills, act, happened_on, as_of", "positions WHERE person_id LIKE 'test/%' ORDER BY id")
}

/// How many pieces there are beside those of the demo.
fn kept(app: &TestApp) -> i64 {
    app.rows("positions WHERE person_id LIKE 'test/%'")
}

/// The page of the only piece.
fn only(app: &TestApp) -> String {
    let ids: Vec<(i64,)> = Tables::open(app.store.path()).rows("id", "positions WHERE person_id LIKE 'test/%'");
    assert_eq!(ids.len(), 1);
    format!("/staff/roster/positions/{}", ids[0].0)
}

const POSITIONS: &str = "/staff/roster/positions";

#[test]
fn one_piece_of_evidence_is_entered_corrected_and_taken_away() {
    let app = with_roster();
    let token = csrf(&app);
    let done = send(&app, POSITIONS, &piece(&token, &[]));
    assert_eq!(done.location.as_deref(), Some("/staff/roster/positions?state=ma&done=added"), "{}", done.text());
    assert_eq!(
        on_record(&app),
        [("test/robin-lower-0".into(), "h2580".into(), "signed".into(), Some("2026-03-02".into()), "2026-03-30".into())]
    );
    let text = app.get(POSITIONS).text();
    assert!(text.contains("Robin Test-lower-0 (State House, 1st Harbor)") && text.contains("signed on March 2, 2026"), "{text}");
    // Sign-ups see it without a restart.
    let typed = Typed::new("ana@example.org");
    app.until("the stand is shown", || app.preview(&typed).text().contains("March 2, 2026"));

    // The button pressed twice, and an older look at the same source.
    for again in [piece(&token, &[]), piece(&token, &[("as_of", "2026-03-29")])] {
        let known = send(&app, POSITIONS, &again);
        assert!(known.status == 409 && known.text().contains("the same source is on record"), "{}", known.text());
        assert_eq!(known.typed("source").as_deref(), Some("https://example.org/h2580"));
    }
    assert_eq!(kept(&app), 1);

    let path = only(&app);
    let page = app.get(&path);
    assert_eq!(page.typed("who").as_deref(), Some("Robin Test-lower-0 (State House, 1st Harbor)"));
    let was = page.field("was").unwrap();
    let other = send(&app, &path, &piece(&token, &[("act", "voted_no"), ("was", &was)]));
    assert_eq!(other.status, 303, "{}", other.text());
    assert_eq!(on_record(&app)[0].2, "voted_no");
    // Somebody else had the page open: their correction is not the last word by chance.
    let late = send(&app, &path, &piece(&token, &[("act", "spoke_for"), ("was", &was)]));
    assert!(late.status == 410 && late.text().contains("not on record any more"), "{}", late.text());
    let late = app.post(&format!("{path}/delete"), &[("csrf", &token), ("was", &was)]);
    assert_eq!((late.status, kept(&app)), (410, 1));
    let path = only(&app);
    let was = app.get(&path).field("was").unwrap();
    assert_eq!(app.post(&format!("{path}/delete"), &[("csrf", &token), ("was", &was)]).status, 303);
    assert_eq!(kept(&app), 0);
    assert_eq!(app.post(&format!("{path}/delete"), &[("csrf", &token), ("was", &was)]).status, 410);
    let acts: Vec<_> =
        ["position.added", "position.corrected", "position.deleted"].map(|act| log(&app, act)).into_iter().collect();
    assert!(acts.iter().all(|lines| lines.len() == 1 && lines[0].0 == "editor@example.org"), "{acts:?}");
    assert!(
        acts[1][0].1.contains("signed on 2026-03-02") && acts[1][0].1.contains("-> test/robin-lower-0, H2580: voted no"),
        "{acts:?}"
    );
}

#[test]
fn a_wrong_piece_of_evidence_is_named_field_by_field() {
    let app = with_roster();
    let token = csrf(&app);
    let page = send(
        &app,
        POSITIONS,
        &piece(
            &token,
            &[
                ("who", "Somebody Else"),
                ("number", "a bill"),
                ("act", "opposed"),
                ("on", "2026-02-30"),
                ("source", " "),
                ("as_of", "2062-01-01"),
            ],
        ),
    );
    assert_eq!(page.status, 422);
    let wrong: Vec<_> = page.mistakes().into_iter().map(|(id, _)| id).collect();
    assert_eq!(wrong, ["who", "act", "on", "number", "as_of", "source"]);
    let text = page.text();
    for words in ["fits nobody", "is no bill number", "is no day", "is in the future", "Say who tells this"] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert_eq!(page.typed("who").as_deref(), Some("Somebody Else"));
    let late = send(&app, POSITIONS, &piece(&token, &[("on", "2026-03-31")]));
    assert!(late.status == 422 && late.text().contains("later than as_of"), "{}", late.text());
    assert_eq!(send(&app, POSITIONS, &piece("forged", &[])).status, 403);
    assert_eq!(kept(&app), 0);
    for nowhere in ["/staff/roster/positions/7777", "/staff/roster/positions/99999999999999999999"] {
        assert!([404, 410].contains(&app.get(nowhere).status), "{nowhere}");
    }
    assert_eq!(app.get("/staff/roster/positions?state=zz").status, 404);
}

#[test]
fn evidence_is_filtered_by_official_and_bill_and_paged() {
    let app = with_roster();
    let mut csv = "bill,openstates_person_id,position,date,source,as_of\n".to_owned();
    for n in 0..120 {
        writeln!(csv, "H.{},test/robin-lower-{},signed,,list {n},2026-03-30", 100 + n % 3, n % 2).unwrap();
    }
    csv.push_str("H.100/S.200,test/robin-upper-0,voted_no,2026-03-01,a list,2026-03-30\n");
    let page = upload(&app, "/staff/roster/positions/upload", &csrf(&app), "stands.csv", csv.as_bytes());
    let path = page.location.unwrap();
    let page = app.get(&path);
    assert!(page.text().contains("stands.csv, for Massachusetts: 121 new, 0 seen again"), "{}", page.text());
    assert_eq!((kept(&app), approve(&app, &path, &page).location.as_deref()), (0, Some("/staff/roster/positions?done=imported")));
    assert_eq!(kept(&app), 121);
    let rows = |path: &str| app.get(path).body.matches("<th scope=\"row\">").count();
    assert_eq!(rows(POSITIONS), 100);
    let page = app.get(POSITIONS);
    let older = page.body.split("href=\"").find(|link| link.contains(">Older</a>")).unwrap().split('"').next().unwrap();
    assert_eq!(rows(&unescape(older)), usize::try_from(app.rows("positions")).unwrap() - 100);
    assert_eq!(rows(&format!("{POSITIONS}?official=Robin+Test-lower-0&bill=h101")), 20);
    assert_eq!(rows(&format!("{POSITIONS}?bill=S.200")), 1);
    assert_eq!(rows(&format!("{POSITIONS}?bill=H.10")), 0, "H.10 is not H.100");
    assert!(app.get(&format!("{POSITIONS}?official=nobody&bill=x")).text().contains("No official in office fits"));
}

#[test]
fn an_upload_of_evidence_is_shown_and_imported_once() {
    let app = with_roster();
    let token = csrf(&app);
    let csv = "bill,openstates_person_id,position,date,source,as_of\nH.2580,test/robin-lower-0,signed,2026-03-02,a list,2026-03-30\n\
               H.2580,test/gone,signed,,a list,2026-03-30\nH.2580,,signed,,a list,2026-03-30\n";
    let send_file = |text: &[u8]| upload(&app, "/staff/roster/positions/upload", &token, "stands.csv", text);
    let path = send_file(csv.as_bytes()).location.unwrap();
    let page = app.get(&path);
    let text = page.text();
    for words in [
        "2 new",
        "1 of the people are not in the roster",
        "line 4: the row has no person id",
        "Robin Test-lower-0, H2580: signed on 2026-03-02",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    // The command says the same.
    std::fs::write(app.dir.path().join("stands.csv"), csv).unwrap();
    let said = app.command(&["positions", "import", "stands.csv", "--dry-run"]);
    assert!(
        said.contains("2 new, 0 seen again on a later day, 0 known already.") && said.contains("new: Robin Test-lower-0, H2580"),
        "{said}"
    );
    // Somebody enters a piece that disagrees: it is shown again, with both sides.
    let other = piece(&token, &[("act", "not_signed"), ("on", ""), ("source", "another list")]);
    assert_eq!(send(&app, POSITIONS, &other).status, 303);
    assert_eq!(send(&app, POSITIONS, &piece(&token, &[("source", "a list"), ("on", "2026-03-02")])).status, 303);
    let again = approve(&app, &path, &page);
    assert!(again.status == 409 && again.text().contains("The evidence has changed since you looked"), "{}", again.text());
    assert!(again.text().contains("Where sources disagree") && again.text().contains("1 new"), "{}", again.text());
    assert_eq!(approve(&app, &path, &again).status, 303);
    assert_eq!(approve(&app, &path, &again).status, 410);
    assert_eq!((kept(&app), log(&app, "positions.imported").len()), (3, 1));
    for (file, words) in [
        (b"".as_slice(), "Choose the CSV file of evidence"),
        (b"bill,source\nH.1,x\n", "stands.csv has no column"),
        (
            b"bill,openstates_person_id,position,date,source,as_of\nH.1,p1,opposed,,a,2026-03-30\n",
            "stands.csv, line 2: \"opposed\" is no position",
        ),
        (b"\xFF\n", "line 1: this is not text in UTF-8"),
    ] {
        let page = send_file(file);
        assert!(page.status == 422 && page.text().contains(words), "{words}: {}", page.text());
    }
}
