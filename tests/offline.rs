//! Without a geocoder the service asks nobody: every address that the real process sends anything to is written down by
//! `strace`, on Linux. Where there is none, or it may not look, the test says that it was skipped.
#![cfg(target_os = "linux")]
// Clippy takes only `#[test]` functions for tests, and not their helpers.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

mod support;

use std::collections::BTreeSet;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use support::addrfeat::{Stretch, county};
use support::journey::{CAMPAIGN, Typed, link_in};
use support::service::{Folder, within};
use support::smtp_server::{Script, SmtpServer};

/// An address that is nobody's (RFC 5737).
const ELSEWHERE: &str = "192.0.2.1";
const TRACE: &str = "trace";

fn may_trace() -> bool {
    let mut tried = Command::new("strace");
    let may = tried.args(["-D", "-f", "-e", "trace=connect", "-o", "/dev/null", "true"]).stderr(Stdio::null()).status();
    let may = may.is_ok_and(|status| status.success());
    if !may {
        println!("skipped: there is no strace here, or it may not look at processes");
    }
    may
}

/// Gullhaven with two House districts side by side in one Senate district, and a street through both.
fn with_map(smtp: &SmtpServer, settings: &[(&str, &str)]) -> Folder {
    let folder = Folder::new(Some(smtp), settings);
    drop(folder.serve());
    let area = |properties: Value, west: f64, east: f64| {
        let ring = [[west, 42.0], [east, 42.0], [east, 42.02], [west, 42.02], [west, 42.0]];
        json!({ "type": "Feature", "properties": properties, "geometry": { "type": "Polygon", "coordinates": [ring] } })
    };
    let file = |name: &str, areas: &[Value]| {
        folder.file(name, &json!({ "type": "FeatureCollection", "features": areas }).to_string());
    };
    let house = |name: &str, geoid: &str, west, east| area(json!({ "name": name, "geoid": geoid }), west, east);
    file("house.json", &[house("1st Harbor", "25901", -71.10, -71.09), house("2nd Harbor", "25902", -71.09, -71.08)]);
    file("senate.json", &[area(json!({ "name": "First Harbor", "geoid": "25D91" }), -71.10, -71.08)]);
    file("towns.json", &[area(json!({ "municipality": "Gullhaven" }), -71.10, -71.08)]);
    folder.done(&["districts", "import", "house.json", "--chamber", "lower"]);
    folder.done(&["districts", "import", "senate.json", "--chamber", "upper"]);
    folder.done(&["places", "import", "towns.json"]);
    let main = Stretch {
        left: ("1".into(), "399".into()),
        right: ("2".into(), "400".into()),
        ..Stretch::new("Main St", "01099", 1, &[(-71.10, 42.01), (-71.08, 42.01)])
    };
    std::fs::write(folder.dir.path().join("streets.zip"), county(&[main])).unwrap();
    folder.done(&["streets", "import", "streets.zip"]);
    folder
}

/// `standout serve`, with what it sends anything to written to [`TRACE`]; the process is the service and not strace.
fn traced(folder: &Folder) -> Command {
    let serve = folder.command(&["serve"]);
    let mut command = Command::new("strace");
    command.args(["-D", "-f", "-q", "-e", "trace=connect,sendto,sendmsg,sendmmsg", "-o", TRACE]);
    command.arg(serve.get_program()).args(serve.get_args()).current_dir(folder.dir.path());
    let path = std::env::var_os("PATH").unwrap_or_default();
    command.env_clear().envs(serve.get_envs().filter_map(|(name, value)| Some((name, value?)))).env("PATH", path);
    command
}

/// The servers that were asked so far: port and address, as strace writes them.
fn asked(folder: &Folder) -> BTreeSet<String> {
    let trace = std::fs::read_to_string(folder.dir.path().join(TRACE)).unwrap_or_default();
    let server = |line: &str| {
        let at = line.find("sa_family=AF_INET")?;
        Some(line[at..].split('}').next()?.to_owned())
    };
    trace.lines().filter_map(server).collect()
}

fn at(street: &str) -> Typed {
    Typed::new("ana@example.org").with("street", street).with("city", "Gullhaven")
}

#[test]
fn without_a_geocoder_only_the_mail_server_is_asked() {
    if !may_trace() {
        return;
    }
    let smtp = SmtpServer::start(Script::default());
    let folder = with_map(&smtp, &[("GEOCODER", "offline"), ("CENSUS_URL", &format!("https://{ELSEWHERE}/geocoder"))]);
    let service = folder.serve_by(traced(&folder));
    for (street, said) in [
        ("50 Main Street", "Found by your street address."),
        ("199 Main Street", "type=\"radio\""),
        ("1 Unknown Lane", "type=\"radio\""),
    ] {
        let page = service.submit("officials", &at(street));
        assert!(page.status == 200 && page.body.contains(said), "{street}: {}", page.text());
    }
    let signed_up = service.submit("signups", &at("50 Main Street"));
    assert_eq!(signed_up.status, 303, "{}", signed_up.text());
    let mails = smtp.wait_for(1, Duration::from_secs(20));
    service.confirm(&[link_in(&mails[0], "/confirm/")]);
    smtp.wait_for(2, Duration::from_secs(20));
    let port = smtp.url().rsplit(':').next().unwrap().trim_end_matches('/').to_owned();
    let mail_server = format!("sa_family=AF_INET, sin_port=htons({port}), sin_addr=inet_addr(\"127.0.0.1\")");
    within(Duration::from_secs(5), "the mail server is written down", || !asked(&folder).is_empty());
    drop(service);
    assert_eq!(asked(&folder), BTreeSet::from([mail_server]));
}

/// That the test above can fail.
#[test]
fn with_a_geocoder_it_is_seen_asking_there() {
    if !may_trace() {
        return;
    }
    let smtp = SmtpServer::start(Script::default());
    let folder = with_map(&smtp, &[("GEOCODER", "census"), ("CENSUS_URL", &format!("https://{ELSEWHERE}/geocoder"))]);
    let service = folder.serve_by(traced(&folder));
    assert!(service.get(CAMPAIGN).status == 200 && asked(&folder).is_empty());
    assert_eq!(service.submit("officials", &at("1 Unknown Lane")).status, 200);
    let there = format!("sa_family=AF_INET, sin_port=htons(443), sin_addr=inet_addr(\"{ELSEWHERE}\")");
    within(Duration::from_secs(5), "the geocoder is written down", || asked(&folder).contains(&there));
}
