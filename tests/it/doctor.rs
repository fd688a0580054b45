//! `standout doctor`, as an operator runs it: the real binary, a mail server and a DNS server on this machine.

use std::net::Ipv4Addr;
use std::process::Command;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::support::dns_server::{DnsServer, Zone};
use crate::support::imap_server::{ImapServer, Script as ImapScript};
use crate::support::service::{Folder, Ran};
use crate::support::smtp_server::{Action, At, Script, SmtpServer};

const KEY_NAME: &str = "standout._domainkey.campaign.example";
const SENDS_FROM: &str = "192.0.2.7";

/// A private key as openssl makes it, and its public half; `None` where the machine has no openssl.
fn key() -> Option<(String, String)> {
    let run = |arguments: &[&str]| Command::new("openssl").args(arguments).output().ok().filter(|out| out.status.success());
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("key.pem");
    let file = file.to_str().unwrap();
    let made = run(&["genrsa", "-out", file, "2048"]).and_then(|_| run(&["rsa", "-in", file, "-pubout", "-outform", "der"]));
    let Some(public) = made else {
        eprintln!("skipped: openssl is not installed");
        return None;
    };
    Some((std::fs::read_to_string(file).unwrap(), STANDARD.encode(public.stdout)))
}

/// Everything as it should be, with the public key cut as zone files cut it.
fn zone(public: &str) -> Zone {
    let (first, second) = public.split_at(200);
    Zone::default()
        .txt(KEY_NAME, &["v=DKIM1; k=rsa; p=", first, second])
        .txt("bounces.campaign.example", &["some-verification=1"])
        .txt("bounces.campaign.example", &["v=spf1 include:_spf.campaign.example -all"])
        .txt("_spf.campaign.example", &["v=spf1 ip4:192.0.2.0/28 -all"])
        .txt("_dmarc.campaign.example", &["v=DMARC1; p=quarantine; rua=mailto:reports@campaign.example"])
        .reverse(SENDS_FROM.parse::<Ipv4Addr>().unwrap(), "mail.campaign.example")
        .address("mail.campaign.example", SENDS_FROM)
        .mail_server("bounces.campaign.example", 10, "mail.campaign.example")
}

/// A mail server that asks for a log-in, a DNS server, and a folder with a key and a database.
struct World {
    smtp: SmtpServer,
    dns: DnsServer,
    folder: Folder,
    public: String,
}

fn world(settings: &[(&str, &str)]) -> Option<World> {
    let (private, public) = key()?;
    let auth = Some(("robin".to_owned(), "seagull 42".to_owned()));
    let smtp = SmtpServer::start(Script { auth, ..Script::default() });
    let dns = DnsServer::start(zone(&public));
    let (url, server) = (format!("smtp://robin:seagull%2042@{}", smtp.addr), dns.addr.to_string());
    let mut all = vec![
        ("PUBLIC_URL", "https://letters.campaign.example"),
        ("SECRET_KEY", "0123456789abcdef0123456789abcdef"),
        ("SMTP_URL", &url),
        ("DNS_SERVER", &server),
        ("MAIL_BOUNCE_DOMAIN", "bounces.campaign.example"),
        ("DKIM_KEY_FILE", "dkim.pem"),
        ("DKIM_SELECTOR", "standout"),
    ];
    all.extend(settings);
    let folder = Folder::new(None, &all);
    let file = folder.file("dkim.pem", &private);
    std::fs::set_permissions(file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    folder.serve().kill();
    Some(World { smtp, dns, folder, public })
}

impl World {
    fn online(&self) -> Ran {
        self.folder.run(&["doctor", "--online", "--sends-from", SENDS_FROM])
    }

    /// The findings as JSON, with the exit code.
    fn json(&self) -> (Option<i32>, Value) {
        let ran = self.folder.run(&["doctor", "--online", "--sends-from", SENDS_FROM, "--json"]);
        (ran.code, serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {}{}", ran.out, ran.err)))
    }
}

/// The finding of a check.
fn check<'a>(report: &'a Value, name: &str) -> &'a Value {
    let checks = report["checks"].as_array().unwrap();
    checks.iter().find(|check| check["check"] == name).unwrap_or_else(|| panic!("{name}: {report:#}"))
}

#[test]
fn when_all_is_well_every_line_says_so_and_no_mail_was_sent() {
    let Some(world) = world(&[]) else { return };
    let ran = world.online();
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    assert!(ran.out.lines().count() > 12 && ran.out.lines().all(|line| line.starts_with("ok  ")), "{}", ran.out);
    for said in [
        "user and password are accepted",
        "2048 bits",
        "names 192.0.2.7 (1 of 10 look-ups)",
        "both agree",
        "mail.campaign.example",
    ] {
        assert!(ran.out.contains(said), "{said}: {}", ran.out);
    }
    let commands = world.smtp.commands();
    assert!(commands.iter().any(|command| command.starts_with("AUTH")), "{commands:?}");
    assert!(!commands.iter().any(|command| command.starts_with("MAIL")), "{commands:?}");

    let (code, report) = world.json();
    assert_eq!((code, &report["well"]), (Some(0), &Value::Bool(true)));
    assert!(report["checks"].as_array().unwrap().iter().all(|check| check["status"] == "ok" && check.get("next").is_none()));

    // Without --online nobody is asked.
    let (asked, connections) = (world.dns.asked(), world.smtp.connections());
    let ran = world.folder.run(&["doctor"]);
    assert_eq!(ran.code, Some(0), "{}", ran.out);
    assert!(!ran.out.contains("SPF"), "{}", ran.out);
    assert_eq!((world.dns.asked(), world.smtp.connections()), (asked, connections));
}

#[test]
fn whatever_is_wrong_in_the_dns_is_said_with_the_line_that_mends_it() {
    let Some(world) = world(&[]) else { return };
    let good = || zone(&world.public);
    let bounces = "bounces.campaign.example";
    let key_line = format!("v=DKIM1; k=rsa; p={}", world.public);
    let (start, end) = key_line.split_at(255);
    let key_line = format!("{KEY_NAME}. 3600 IN TXT \"{start}\" \"{end}\"");
    let without_spf = || good().without(bounces).mail_server(bounces, 10, "mail.campaign.example");
    let spf_line = |record: &str| Some(format!("{bounces}. 3600 IN TXT \"{record}\""));
    let dmarc_line = Some("_dmarc.campaign.example. 3600 IN TXT \"v=DMARC1; p=none\"".to_owned());
    for (zone, name, said, line) in [
        (good().without(KEY_NAME), "DKIM in the DNS", "has no TXT record", Some(key_line.clone())),
        (good().without(KEY_NAME).txt(KEY_NAME, &["v=DKIM1; p="]), "DKIM in the DNS", "revoked", Some(key_line.clone())),
        (good().without(KEY_NAME).txt(KEY_NAME, &["v=DKIM1; p=MIIB"]), "DKIM in the DNS", "is not the one in", Some(key_line)),
        (without_spf(), "SPF", "has no SPF record", spf_line("v=spf1 ip4:192.0.2.7 -all")),
        (
            good().txt(bounces, &["v=spf1 mx ~all"]),
            "SPF",
            "2 SPF records",
            spf_line("v=spf1 include:_spf.campaign.example mx -all"),
        ),
        (
            without_spf().txt(bounces, &["v=spf1 a:web.example -all"]),
            "SPF",
            "refuses",
            spf_line("v=spf1 ip4:192.0.2.7 a:web.example -all"),
        ),
        (good().without("_spf.campaign.example"), "SPF", "without an SPF record", None),
        (good().without("_dmarc.campaign.example"), "DMARC", "no DMARC record", dmarc_line),
        (good().without("7.2.0.192.in-addr.arpa"), "reverse DNS", "no PTR record", None),
        (
            good().without("mail.campaign.example").address("mail.campaign.example", "192.0.2.8"),
            "reverse DNS",
            "does not lead back",
            None,
        ),
        (
            good().without(bounces).txt(bounces, &["v=spf1 ip4:192.0.2.7 -all"]),
            "mail that comes back",
            "neither an MX record nor an address",
            Some(format!("{bounces}. 3600 IN MX 10 letters.campaign.example.")),
        ),
    ] {
        world.dns.set_zone(zone);
        let (code, report) = world.json();
        let finding = check(&report, name);
        assert_eq!((code, &finding["status"]), (Some(1), &"failed".into()), "{name}, {said}: {report:#}");
        assert!(finding["said"].as_str().unwrap().contains(said), "{said}: {finding:#}");
        assert!(finding["next"].is_string(), "{finding:#}");
        let lines: Vec<_> = finding["dns"].as_array().into_iter().flatten().map(|line| line.as_str().unwrap()).collect();
        assert_eq!(lines, line.as_deref().into_iter().collect::<Vec<_>>(), "{name}, {said}");
        let others = report["checks"].as_array().unwrap().iter().filter(|check| check["status"] == "failed").count();
        assert!(others <= 2, "{name}: {report:#}");
    }
    world.dns.set_zone(good().without(KEY_NAME));
    let ran = world.online();
    let lines: Vec<_> = ran.out.lines().skip_while(|line| !line.starts_with("failed   DKIM")).take(3).collect();
    assert!(lines[2].trim_start().starts_with(&format!("{KEY_NAME}. 3600 IN TXT \"")), "{}", ran.out);
}

#[test]
fn a_dns_that_misbehaves_is_waited_for_only_so_long() {
    let Some(world) = world(&[]) else { return };
    let good = || zone(&world.public);
    // Cut answers are asked for again by TCP.
    world.dns.set_zone(Zone { truncate: true, ..good() });
    let ran = world.online();
    assert_eq!(ran.code, Some(0), "{}", ran.out);
    for (zone, said) in [
        (Zone { silent: true, ..good() }, "did not answer"),
        (Zone { truncate: true, no_tcp: true, ..good() }, "the DNS server"),
        (Zone { broken: true, ..good() }, "could not answer"),
    ] {
        world.dns.set_zone(zone);
        let start = Instant::now();
        let (code, report) = world.json();
        assert!(start.elapsed() < Duration::from_secs(40), "{said}: {:?}", start.elapsed());
        assert_eq!(code, Some(1));
        for name in ["DKIM in the DNS", "SPF", "DMARC"] {
            let finding = check(&report, name);
            assert!(finding["said"].as_str().unwrap().contains(said), "{finding:#}");
            assert!(finding.get("dns").is_none(), "a server that is down is no reason to change records: {finding:#}");
        }
    }
}

#[test]
fn a_mail_server_that_refuses_is_told_apart() {
    let Some(world) = world(&[]) else { return };
    let auth = || Some(("robin".to_owned(), "another password".to_owned()));
    for (script, name, said) in [
        (Script { auth: auth(), ..Script::default() }, "log-in", "535"),
        (Script { auth: auth(), ..Script::default() }.on(At::Auth, Action::reply("454 4.7.0 Later")), "log-in", "454"),
        (Script { auth: None, ..Script::default() }, "log-in", "offers none of the log-in methods"),
        (Script::default().on(At::Greeting, Action::reply("554 5.7.1 Go away")), "mail server", "554"),
        (Script { refuse: true, ..Script::default() }, "mail server", "can't be used"),
        (Script::default().on(At::Ehlo, Action::Close), "mail server", "closed the connection"),
    ] {
        world.smtp.set_script(script);
        let (code, report) = world.json();
        let finding = check(&report, name);
        assert_eq!((code, &finding["status"]), (Some(1), &"failed".into()), "{said}: {finding:#}");
        assert!(finding["said"].as_str().unwrap().contains(said), "{said}: {finding:#}");
        assert!(!report.to_string().contains("seagull"), "{report:#}");
        assert_eq!(check(&report, "SPF")["status"], "ok", "the other checks go on");
    }
}

#[test]
fn keys_that_can_not_sign_and_settings_that_can_not_be_read() {
    let Some(world) = world(&[]) else { return };
    let broken = [
        ("dkim.pem", "no key"),
        ("dkim.pem", ""),
        ("dkim.pem", "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n"),
    ];
    for (file, text) in broken {
        world.folder.file(file, text);
        let (code, report) = world.json();
        assert_eq!((code, &check(&report, "DKIM key")["status"]), (Some(1), &"failed".into()), "{text}");
        assert!(check(&report, "DKIM key")["next"].as_str().unwrap().contains("openssl genrsa"));
        // Without a key there is nothing to compare; SPF alone carries DMARC then.
        assert_eq!(check(&report, "DMARC")["status"], "warning");
    }
    std::fs::remove_file(world.folder.dir.path().join("dkim.pem")).unwrap();
    let ran = world.folder.run(&["doctor"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.out.contains("failed   DKIM key: dkim.pem can't be read"), "{}", ran.out);

    let folder = Folder::new(None, &[("DNS_SERVER", "nowhere"), ("SMTP_CONNECTIONS", "0")]);
    let ran = folder.run(&["doctor"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.out.contains("DNS_SERVER: ") && ran.out.contains("SMTP_CONNECTIONS: "), "all mistakes at once: {}", ran.out);
    for wrong in [&["doctor", "--sends-from", SENDS_FROM][..], &["doctor", "--online", "--sends-from", "here"], &["doctor", "x"]]
    {
        assert_eq!(folder.run(wrong).code, Some(2), "{wrong:?}");
    }
}

#[test]
fn a_laptop_has_warnings_and_a_damaged_database_fails() {
    let folder = Folder::new(None, &[]);
    let ran = folder.run(&["doctor"]);
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("warning  database: there is none yet"), "{}", ran.out);
    assert!(!folder.database().exists(), "looking makes no database");
    folder.serve().kill();
    let out = folder.done(&["doctor"]);
    assert!(out.contains("ok       database: ") && out.contains("ok       campaigns: "), "{out}");
    assert!(out.contains("warning  SMTP_URL: ") && out.contains("warning  DKIM key: "), "{out}");

    folder.file("data/email_templates/notices/confirmation/body.txt.hbs", "{{no_such_value}}");
    let ran = folder.run(&["doctor"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.out.contains("failed   templates: ") && ran.out.contains("no_such_value"), "{}", ran.out);

    // What is left in the log would hide the damage.
    for more in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{more}", folder.database().display()));
    }
    let mut bytes = std::fs::read(folder.database()).unwrap();
    for page in bytes.chunks_mut(4096).skip(1) {
        page[..512].fill(0x5a);
    }
    std::fs::write(folder.database(), bytes).unwrap();
    let ran = folder.run(&["doctor"]);
    assert_eq!(ran.code, Some(1), "{}", ran.out);
    assert!(ran.out.contains("failed   database: "), "{}", ran.out);
}

#[test]
fn the_mailbox_of_returned_mail_is_opened() {
    let imap = ImapServer::start(ImapScript::default());
    let dns = DnsServer::start(Zone::default());
    let (url, server) = (imap.url(), dns.addr.to_string());
    let settings = [("MAIL_BOUNCE_DOMAIN", "bounces.campaign.example"), ("DNS_SERVER", server.as_str())];
    let with = |url: &str| Folder::new(None, &[&settings[..], &[("BOUNCE_IMAP_URL", url)]].concat());
    let report = |folder: &Folder| serde_json::from_str::<Value>(&folder.run(&["doctor", "--online", "--json"]).out).unwrap();
    let folder = with(&url);
    assert_eq!(check(&report(&folder), "returned mail")["status"], "ok");
    imap.set_script(|script| script.refuses = vec!["LOGIN"]);
    let refused = report(&folder);
    let finding = check(&refused, "returned mail");
    assert_eq!((&finding["status"], finding["said"].as_str()), (&"failed".into(), Some("the mail server refused the log-in")));
    let ran = with("imap://returned:secret@mail.example.org").run(&["doctor"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.out.contains("failed   BOUNCE_IMAP_URL: ") && !ran.out.contains("secret"), "{}", ran.out);
}
