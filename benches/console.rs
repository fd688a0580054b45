//! How long the console's pages take with 100,000 and with 10,000,000 letters.
//!
//! The real service over real HTTP on loopback, one request after the other, so a time is the server's with little else. The
//! letters come from bulk SQL: 200 offices, 351 towns, a year of days, a third of a million or 3.3 million people. The file
//! of the larger one takes some gigabytes beside the build and is deleted afterwards. It reports and judges nothing. Results with
//! machine and command: benches/README.md. `STANDOUT_BENCH_LETTERS=1000000` measures that one size only.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::expect_used, clippy::cast_precision_loss)]

mod load;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use diesel::Connection;
use diesel::connection::SimpleConnection;
use diesel::sqlite::SqliteConnection;
use load::measure;
use standout::app::{App, block_on};
use standout::auth::Auth;
use standout::config::Config;
use standout::domain::{Chamber, Clock, DistrictName, EmailAddress, Person, Role, Slug, Timestamp, UsState};
use standout::render::demo_campaigns;
use standout::store::{Store, campaigns, offices};
use tokio_util::sync::CancellationToken;

const NOW: i64 = 1_795_000_000_000;
const OFFICES: usize = 200;
const TOWNS: usize = 351;
const DAYS: usize = 365;
const ROUND: Duration = Duration::from_secs(8);
const PASSWORD: &str = "four words in a row";
const PAGES: [(&str, &str); 10] = [
    ("overview", ""),
    ("by official", "/officials?sort=sent&dir=desc"),
    ("by town", "/towns?q=town"),
    ("by stand", "/stands"),
    ("one office", "/offices/7"),
    ("map, table only", "/map"),
    ("letters", "/letters"),
    ("letters held", "/letters?state=held"),
    ("letters, office", "/letters?office=7&state=failed"),
    // None is like that, so that all that may be looked at is.
    ("letters, none", "/letters?office=7&state=sending"),
];
/// Searches for one supporter; each leaves its line in the log.
const FINDS: [(&str, &str); 2] = [("find by address", "p00000777%40example.org"), ("find by name", "Ana+00000777")];

fn main() {
    let sizes = match std::env::var("STANDOUT_BENCH_LETTERS") {
        Ok(letters) => vec![letters.parse().expect("a number of letters")],
        Err(_) => vec![100_000, 10_000_000],
    };
    for letters in sizes {
        let dir = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("console-{}", std::process::id()));
        let start = Instant::now();
        fill(&dir, letters);
        let bytes = std::fs::metadata(dir.join("standout.sqlite3")).unwrap().len();
        println!("{letters} letters: made in {:.0?}, a file of {:.2} GB", start.elapsed(), bytes as f64 / 1e9);
        pages(&dir);
        std::fs::remove_dir_all(&dir).unwrap();
    }
}

/// Roster and campaign by the store's own ways; people and letters in bulk, and the counts from them.
fn fill(dir: &Path, letters: usize) {
    std::fs::create_dir_all(dir).unwrap();
    let database = dir.join("standout.sqlite3");
    let store = Store::open(&database).unwrap();
    let now = Timestamp::from_millis(NOW);
    let people: Vec<Person> = (0..OFFICES).map(person).collect();
    store
        .write_blocking(move |tx| {
            offices::replace_roster(tx, UsState::parse("ma").unwrap(), &people, false, now)?;
            campaigns::import(tx, &Slug::parse("ma-287g").unwrap(), "America/New_York", &demo_campaigns().remove(0), "bench", now)
        })
        .unwrap();
    drop(store);
    let mut connection = SqliteConnection::establish(&database.to_string_lossy()).unwrap();
    // The store's own connections close a moment after it is dropped.
    while connection.batch_execute("PRAGMA journal_mode = MEMORY;").is_err() {
        std::thread::sleep(Duration::from_millis(50));
    }
    connection.batch_execute(&seed(letters)).unwrap();
}

fn person(number: usize) -> Person {
    let chamber = if number < 40 { Chamber::Upper } else { Chamber::Lower };
    Person {
        source_id: format!("bench/{number}"),
        name: format!("Bench Person {number}"),
        family_name: "Person".into(),
        title: "Member".into(),
        salutation: "Member Person".into(),
        party: String::new(),
        district: DistrictName::new(chamber, &format!("{number} Shore")),
        email: Some(EmailAddress::parse(&format!("office{number}@example.org")).unwrap()),
        webform: None,
        phone: String::new(),
        address: String::new(),
        geoid: String::new(),
        division_id: String::new(),
        term_ends: None,
    }
}

/// Three letters a person. Of a hundred letters 90 are sent, 3 wait, 2 came back, 1 each failed and are held, 3 are not
/// confirmed. What waits is due in ten years, so that the sender leaves it alone.
fn seed(letters: usize) -> String {
    let upto = |n: usize| format!("WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {n})");
    let (people, later) = (upto(letters.div_ceil(3)), NOW + 315_360_000_000);
    let day = format!("date('2025-12-01', '+' || (n % {DAYS}) || ' days')");
    let state = "CASE WHEN n % 100 < 90 THEN 'sent' WHEN n % 100 < 93 THEN 'queued' WHEN n % 100 < 95 THEN 'bounced' \
                 WHEN n % 100 = 95 THEN 'failed' WHEN n % 100 = 96 THEN 'held' ELSE 'unconfirmed' END";
    let count = |dimension: &str, key: &str| {
        format!(
            "INSERT INTO counts SELECT 1, '{dimension}', {key}, state, count(*) FROM messages GROUP BY {key}, state;
             INSERT INTO counts SELECT 1, '{dimension}', {key}, 'signed_up', count(*) FROM {people} GROUP BY {key};
             INSERT INTO counts SELECT 1, '{dimension}', {key}, 'confirmed', count(*) FROM {people} WHERE confirmed_at > 0 GROUP BY {key};",
            people = if dimension == "office" {
                "(SELECT m.office_id, s.confirmed_at FROM messages m JOIN signups s ON s.id = m.signup_id)"
            } else {
                "(SELECT town, confirmed_at, '' AS empty, date(created_at / 1000, 'unixepoch') AS state_day FROM signups)"
            }
        )
    };
    let (by_office, by_town, by_day) = (count("office", "office_id"), count("town", "town"), count("day", "state_day"));
    format!(
        "PRAGMA busy_timeout = 5000; PRAGMA synchronous = OFF; PRAGMA cache_size = -400000; BEGIN;
         INSERT INTO supporters (id, email_key, email, created_at)
           {people} SELECT n, printf('p%08d@example.org', n), printf('p%08d@example.org', n), {NOW} FROM c;
         INSERT INTO signups (id, campaign_id, version_id, supporter_id, name, street, city, zip, town, found_by, created_at,
           expires_at, confirmed_at, receipt_at)
           {people} SELECT n, 1, 1, n, printf('Ana %08d', n), '1 Main Street', 'Town', '01099', printf('Town %03d', n % {TOWNS}), 'town',
           {NOW} - 86400000 * (n % {DAYS}), {later}, {NOW}, {NOW} FROM c;
         INSERT INTO messages (id, kind, state, campaign_id, signup_id, town, office_id, official_id, destination_id, message_id,
           created_at, queued_at, due_at, failures, state_since, state_day, told_at, own_words)
           {all} SELECT n, 'letter', {state}, 1, (n + 2) / 3, printf('Town %03d', ((n + 2) / 3) % {TOWNS}), 1 + n % {OFFICES},
           1 + n % {OFFICES}, 2 + n % {OFFICES}, '<' || n || '@bench.example>', {NOW}, {NOW}, {later}, 0, {NOW}, {day}, {NOW}, n % 3 = 0 FROM c;
         {by_office} {by_town} {by_day}
         INSERT INTO counts SELECT 1, 'all', '', metric, sum(n) FROM counts WHERE dimension = 'town' GROUP BY metric;
         INSERT INTO counts SELECT 1, 'office_day', office_id || ' ' || state_day, 'sent', count(*) FROM messages
           WHERE state = 'sent' GROUP BY office_id, state_day;
         INSERT INTO counts SELECT 1, 'all', '', CASE WHEN own_words THEN 'own_words' ELSE 'set_words' END, count(*)
           FROM messages GROUP BY own_words;
         COMMIT;",
        all = upto(letters)
    )
}

fn pages(dir: &Path) {
    let settings: HashMap<&str, String> = [("BIND_ADDR", "127.0.0.1:0".into()), ("DATA_DIR", dir.display().to_string())].into();
    let config = Config::from_lookup(|name| settings.get(name).cloned()).unwrap();
    let app = App::build(config, Clock::System).unwrap();
    let (address, store, stop) = (app.address().unwrap(), app.store(), CancellationToken::new());
    let stopped = stop.clone();
    let service = std::thread::spawn(move || block_on(app.run_until_stopped(stopped)).unwrap());
    let auth = Auth::new(store).unwrap();
    let (email, now) = (EmailAddress::parse("sam@example.org").unwrap(), Clock::System.now());
    auth.save_blocking(email.clone(), PASSWORD, Role::Editor, now).unwrap();
    let session = block_on(async move { auth.log_in(&email, PASSWORD.into(), now).await }).unwrap().unwrap().text();
    for (name, path) in PAGES {
        let head = format!("GET /staff/campaigns/ma-287g{path} HTTP/1.1\r\nHost: localhost\r\n");
        let request = format!("{head}Cookie: standout_session={session}\r\n\r\n").into_bytes();
        let length = load::fetch(address, &request).len();
        let measured = measure(address, 1, ROUND, 200, move || request.clone());
        println!("  {name:<16} {measured}, {:.0} KB", length as f64 / 1000.0);
    }
    let cookie = format!("Host: localhost\r\nCookie: standout_session={session}\r\n");
    let letters = "/staff/campaigns/ma-287g/letters";
    let page = load::fetch(address, format!("GET {letters} HTTP/1.1\r\n{cookie}\r\n").as_bytes());
    let csrf = page.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    for (name, who) in FINDS {
        let body = format!("csrf={csrf}&who={who}");
        let head = format!("POST {letters}/find HTTP/1.1\r\n{cookie}Content-Type: application/x-www-form-urlencoded\r\n");
        let request = format!("{head}Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes();
        let measured = measure(address, 1, ROUND, 200, move || request.clone());
        println!("  {name:<16} {measured}");
    }
    stop.cancel();
    service.join().unwrap();
}
