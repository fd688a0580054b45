//! Files that staff take out: who is in them, who may take them, what a spreadsheet makes of them.

use std::time::Duration;

use standout::domain::{MessageState, Role};

use crate::support::app::{Page, TestApp};
use crate::support::copies::queue_copies;
use crate::support::journey::Typed;

const EXPORTS: &str = "/staff/campaigns/ma-287g/exports";

impl TestApp {
    /// Presses the button of that file.
    fn take(&self, file: &str) -> Page {
        let csrf = self.get(EXPORTS).field("csrf").unwrap_or_default();
        self.post(&format!("{EXPORTS}/{file}"), &[("csrf", &csrf)])
    }
}

/// The rows without their heads.
fn rows(page: &Page) -> Vec<Vec<String>> {
    assert_eq!(page.status, 200, "{}", page.body);
    let mut reader = csv::Reader::from_reader(page.body.as_bytes());
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

fn first(rows: &[Vec<String>], column: usize) -> Vec<&str> {
    rows.iter().map(|row| row[column].as_str()).collect()
}

#[test]
fn only_who_confirmed_and_agreed_is_in_the_list_and_who_takes_it_back_is_out_at_once() {
    let app = TestApp::start();
    let agrees = |email: &str| Typed::new(email).with("contact", "yes");
    app.signed_up(&agrees("never-confirmed@example.org"));
    app.confirmed(&Typed::new("did-not-agree@example.org").with("quote", "yes").with("story", "Quote me."));
    app.mails(2);
    let taken_back = app.confirmed(&agrees("takes-it-back@example.org").with("name", "Åsa =Gómez"));
    app.mails(2);
    let erased = app.confirmed(&agrees("erased@example.org").with("name", "=HYPERLINK(1)"));
    app.mails(2);
    app.logged_in(Role::Editor);

    let page = app.take("supporters.csv");
    assert!(page.headers["content-type"].to_str().unwrap().starts_with("text/csv"));
    assert_eq!(page.headers["content-disposition"], "attachment; filename=\"ma-287g-supporters.csv\"");
    assert!(page.body.starts_with("\u{feff}name,email,town,zip,confirmed_on\r\n"), "{:?}", page.body);
    let list = rows(&page);
    assert_eq!(first(&list, 1), ["takes-it-back@example.org", "erased@example.org"]);
    assert_eq!(list[0], ["Åsa =Gómez", "takes-it-back@example.org", "Saltwick", "01099", "2026-11-22"]);
    assert_eq!(list[1][0], "'=HYPERLINK(1)", "a name that begins like a formula");

    app.post(&format!("{taken_back}/consents"), &[("withdraw", "contact")]);
    assert_eq!(first(&rows(&app.take("supporters.csv")), 1), ["erased@example.org"]);
    app.post(&format!("{erased}/erase"), &[("sure", "yes")]);
    assert!(rows(&app.take("supporters.csv")).is_empty());
    assert!(app.get(EXPORTS).text().contains("0 people confirmed"));

    let log: Vec<(String, String, String)> = app.tables().rows("who, act, subject", "audit_log WHERE act NOT LIKE 'login.%'");
    let line = ("editor@example.org".to_owned(), "export.supporters".to_owned(), "campaign ma-287g".to_owned());
    assert_eq!(log, [line.clone(), line.clone(), line]);
}

#[test]
fn the_letters_are_those_of_the_tables_and_name_no_supporter() {
    let app = TestApp::start();
    app.confirmed(&Typed::new("ana@example.org").with("story", "My own words."));
    app.mails(2);
    let erased = app.confirmed(&Typed::new("ben@example.org").with("name", "Ben Erased"));
    app.mails(2);
    app.signed_up(&Typed::new("cleo@example.org"));
    app.until("four are sent", || app.letters(MessageState::Sent) == 4);
    app.post(&format!("{erased}/erase"), &[("sure", "yes")]);
    app.logged_in(Role::Editor);

    let page = app.take("letters.csv");
    let list = rows(&page);
    let mut tables = app.tables();
    let letters: Vec<(i64, String, i64)> = tables.rows("id, state, office_id", "messages WHERE kind = 'letter' ORDER BY id");
    let listed: Vec<(i64, String, i64)> =
        list.iter().map(|row| (row[0].parse().unwrap(), row[1].clone(), row[5].parse().unwrap())).collect();
    assert_eq!(listed, letters);
    let tries: Vec<(i64, i64)> = tables.rows(
        "m.id, (SELECT count(*) FROM attempts a WHERE a.message_id = m.id)",
        "messages m WHERE m.kind = 'letter' ORDER BY m.id",
    );
    assert_eq!(list.iter().map(|row| (row[0].parse().unwrap(), row[11].parse().unwrap())).collect::<Vec<_>>(), tries);
    let sent = &list[0];
    assert_eq!(sent[1..5], ["sent", "2026-11-22", "2026-11-22", "2026-11-22"]);
    assert_eq!(sent[6..8], ["upper", "First Harbor"]);
    assert!(sent[9].starts_with("Senator ") && sent[10] == "Saltwick" && sent[12] == "250", "{sent:?}");
    // The letters of who erased their data are counted, without a word about them.
    let of_ben: Vec<_> = list.iter().filter(|row| row[10].is_empty()).collect();
    assert_eq!(of_ben.len(), 3);
    assert!(of_ben.iter().all(|row| row[13].is_empty()), "{of_ben:?}");
    for secret in ["Ana", "Ben", "example.org", "Harbor Street", "01099", "own words"] {
        assert!(!page.body.contains(secret), "{secret} in {}", page.body);
    }
    let log: Vec<(String,)> = tables.rows("act", "audit_log WHERE act NOT LIKE 'login.%'");
    assert_eq!(log, [("export.letters".to_owned(),)]);
}

#[test]
fn a_viewer_takes_nothing_out_and_nobody_does_without_a_form_of_theirs() {
    let app = TestApp::start();
    assert_eq!(app.get(EXPORTS).location.as_deref(), Some("/staff/login"));
    assert_eq!(app.post(&format!("{EXPORTS}/letters.csv"), &[]).status, 403);
    app.logged_in(Role::Viewer);
    let page = app.get(EXPORTS);
    assert!(page.text().contains("Editors can download it.") && !page.body.contains("/exports/letters.csv"));
    for file in ["letters.csv", "supporters.csv"] {
        // The log-out button has the session's token too.
        assert_eq!(app.take(file).status, 403);
        assert_eq!(app.get(&format!("{EXPORTS}/{file}")).status, 405);
    }
    let csrf = page.field("csrf").unwrap();
    app.post("/staff/logout", &[("csrf", &csrf)]);
    app.logged_in(Role::Admin);
    assert_eq!(app.post(&format!("{EXPORTS}/letters.csv"), &[("csrf", "made up")]).status, 403);
    assert_eq!(app.take("letters.csv").status, 200);
    let csrf = app.get(EXPORTS).field("csrf").unwrap();
    assert_eq!(app.post("/staff/campaigns/no-such/exports/letters.csv", &[("csrf", &csrf)]).status, 404);
    assert_eq!(app.tables().count("audit_log WHERE act NOT LIKE 'login.%'"), 1, "what was refused is no export");
}

#[test]
fn a_long_file_comes_whole_in_parts_and_stops_when_its_reader_goes() {
    let app = TestApp::with(&[("MAIL_PER_OFFICE_PER_HOUR", "1")]);
    app.confirmed(&Typed::new("ana@example.org"));
    let database = app.dir.path().join("standout.sqlite3");
    let mailbox: Vec<(String,)> = app.tables().rows(
        "o.email",
        "messages m JOIN officials o ON o.id = m.official_id WHERE o.email IS NOT NULL AND m.kind = 'letter' LIMIT 1",
    );
    app.until("both are sent", || app.letters(MessageState::Sent) == 2);
    app.mails(2);
    queue_copies(&database, &mailbox[0].0, 40_000);
    app.logged_in(Role::Editor);
    let list = rows(&app.take("letters.csv"));
    let ids: Vec<i64> = list.iter().map(|row| row[0].parse().unwrap()).collect();
    assert_eq!(ids.len(), app.tables().count("messages WHERE kind = 'letter'"));
    assert!(ids.is_sorted_by(|a, b| a < b), "each once, in order");

    // Who reads a little and goes away holds nothing up: the service stops cleanly, which the end of this test asks for.
    let csrf = app.get(EXPORTS).field("csrf").unwrap();
    let request = app.client.post(app.address(&format!("{EXPORTS}/letters.csv"))).form(&[("csrf", &csrf)]);
    let mut begun = request.timeout(Duration::from_secs(10)).send().unwrap();
    let mut some = [0; 1024];
    std::io::Read::read_exact(&mut begun, &mut some).unwrap();
    drop(begun);
    assert_eq!(app.get(EXPORTS).status, 200);
}
