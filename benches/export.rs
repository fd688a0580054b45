//! How fast and in how much memory a long file is taken out: 1,000,000 letters, each with a try, over real HTTP on loopback.
//!
//! The service and the one who downloads are this same process, so both numbers carry both. It reports and judges nothing.
//! Results with machine and command: benches/README.md.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::expect_used, clippy::cast_precision_loss)]

use std::collections::HashMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use diesel::Connection;
use diesel::connection::SimpleConnection;
use diesel::sqlite::SqliteConnection;
use reqwest::blocking::{Client, Response};
use reqwest::redirect::Policy;
use standout::app::{App, block_on};
use standout::auth::Auth;
use standout::config::Config;
use standout::domain::{Clock, EmailAddress, Role};
use tokio_util::sync::CancellationToken;

const LETTERS: usize = 1_000_000;
const SUPPORTERS: usize = 250_000;
const ROUNDS: usize = 3;
const PASSWORD: &str = "four words in a row";

fn main() {
    let dir = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("export-{}", std::process::id()));
    let settings: HashMap<&str, String> =
        [("BIND_ADDR", "127.0.0.1:0".into()), ("DATA_DIR", dir.display().to_string()), ("LOGINS_PER_IP_PER_HOUR", "0".into())]
            .into();
    let config = Config::from_lookup(|name| settings.get(name).cloned()).unwrap();
    let app = App::build(config, Clock::System).unwrap();
    let url = format!("http://{}", app.address().unwrap());
    seed(&dir.join("standout.sqlite3"));
    let auth = Auth::new(app.store()).unwrap();
    auth.save_blocking(EmailAddress::parse("ana@example.org").unwrap(), PASSWORD, Role::Editor, Clock::System.now()).unwrap();
    let stop = CancellationToken::new();
    let stopping = stop.clone();
    let served = std::thread::spawn(move || block_on(app.run_until_stopped(stopping)).unwrap());

    let client = Client::builder().redirect(Policy::none()).cookie_store(true).timeout(None::<Duration>).build().unwrap();
    let csrf = |path: &str| field(&client.get(format!("{url}{path}")).send().unwrap().text().unwrap());
    let login = [("csrf", csrf("/staff/login")), ("email", "ana@example.org".into()), ("password", PASSWORD.into())];
    assert_eq!(client.post(format!("{url}/staff/login")).form(&login).send().unwrap().status(), 303);
    let form = [("csrf", csrf("/staff/campaigns/ma-287g/exports"))];
    for (file, wanted) in [("letters.csv", LETTERS), ("supporters.csv", SUPPORTERS)] {
        let mut speeds: Vec<f64> = (0..ROUNDS)
            .map(|_| {
                let start = Instant::now();
                let answer = client.post(format!("{url}/staff/campaigns/ma-287g/exports/{file}")).form(&form).send().unwrap();
                let (rows, bytes) = drain(answer);
                assert_eq!(rows, wanted, "{file}");
                let took = start.elapsed().as_secs_f64();
                println!("{file}: {rows} rows, {} MB in {took:.2} s", bytes / 1_000_000);
                rows as f64 / took
            })
            .collect();
        speeds.sort_by(f64::total_cmp);
        println!("{file}: {:.0} rows a second, peak memory so far {}", speeds[ROUNDS / 2], peak_memory());
    }
    stop.cancel();
    served.join().unwrap();
    let _ = std::fs::remove_dir_all(dir);
}

/// Reads it as it comes, keeping nothing; gives rows and bytes.
fn drain(mut answer: Response) -> (usize, usize) {
    assert_eq!(answer.status(), 200);
    let (mut part, mut lines, mut bytes) = (vec![0; 64 * 1024], 0, 0);
    loop {
        let read = answer.read(&mut part).unwrap();
        if read == 0 {
            return (lines - 1, bytes);
        }
        bytes += read;
        lines += part[..read].iter().map(|byte| usize::from(*byte == b'\n')).sum::<usize>();
    }
}

fn field(page: &str) -> String {
    let at = page.split("name=\"csrf\" value=\"").nth(1).expect("the page has a form");
    at.split('"').next().unwrap().to_owned()
}

/// The demo's campaign and officials are there; the letters are to them in turn.
fn seed(database: &Path) {
    let upto = |n: usize| format!("WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {n})");
    let sql = format!(
        "PRAGMA busy_timeout = 5000; PRAGMA synchronous = OFF; BEGIN IMMEDIATE;
         CREATE TEMP TABLE seat AS SELECT row_number() OVER (ORDER BY o.id) - 1 AS nr, o.id AS official, o.office_id AS office, d.id AS destination
           FROM officials o JOIN destinations d ON d.office_id = o.office_id;
         INSERT INTO supporters {people} SELECT n, 'p' || n || '@example.org', 'p' || n || '@example.org', 1795000000000 FROM c;
         INSERT INTO signups (id, campaign_id, version_id, supporter_id, name, street, city, zip, town, found_by, created_at, expires_at, confirmed_at, may_contact)
           {people} SELECT n, 1, 1, n, 'Ana Example', '1 Main Street', 'Saltwick', '01099', 'Saltwick', 'town', 1795000000000, 1795000000000, 1795000000000, 1 FROM c;
         INSERT INTO messages (id, kind, state, campaign_id, signup_id, town, office_id, official_id, destination_id, message_id,
           created_at, queued_at, due_at, failures, state_since, state_day)
           {letters} SELECT n, 'letter', 'sent', 1, 1 + n % {SUPPORTERS}, 'Saltwick', office, official, destination,
           '<' || n || '@bench.example>', 1795000000000, 1795000000000, 1795000000000, 0, 1795000000000, '2026-11-18'
           FROM c JOIN seat ON nr = n % (SELECT count(*) FROM seat);
         INSERT INTO attempts (message_id, destination_id, started_at, duration_ms, outcome, step, code, enhanced, reply)
           SELECT id, destination_id, 1795000000000, 40, 'sent', 'body', 250, '2.0.0', 'Ok: queued as 4XyZ1234567' FROM messages;
         COMMIT; PRAGMA wal_checkpoint(TRUNCATE);",
        people = upto(SUPPORTERS),
        letters = upto(LETTERS),
    );
    SqliteConnection::establish(&database.to_string_lossy()).unwrap().batch_execute(&sql).unwrap();
}

/// `VmHWM` of this process, where the system tells.
fn peak_memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or_else(|| "not told by this system".into(), |value| value.trim().to_owned())
}
