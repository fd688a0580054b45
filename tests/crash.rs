//! The real program, killed in the middle of its work: no letter is lost, and none is a stranger.
#![cfg(unix)]
// Clippy takes only `#[test]` functions for tests, and not their helpers.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use support::copies::{Lock, queue_copies};
use support::journey::{CAMPAIGN, Typed};
use support::service::{Folder, finish, message_ids, within};
use support::small_disk::SmallDisk;
use support::smtp_server::{Action, At, Script, SmtpServer};

/// The letters by state, as the rows say.
fn letters(folder: &Folder) -> BTreeMap<String, usize> {
    folder.tables().rows("state, count(*)", "messages WHERE kind = 'letter' GROUP BY state").into_iter().collect()
}

/// The Message-IDs of letters that have or had to be sent, sorted.
fn mailed(folder: &Folder) -> Vec<String> {
    let rows: Vec<(String,)> = folder
        .tables()
        .rows("message_id", "messages WHERE kind = 'letter' AND state NOT IN ('self_send', 'unconfirmed') ORDER BY message_id");
    rows.into_iter().map(|(id,)| id).collect()
}

fn all_sent(folder: &Folder, count: usize) {
    within(Duration::from_secs(20), "all letters are sent", || letters(folder).get("sent") == Some(&count));
}

const CONNECTIONS: usize = 4;

#[test]
fn killed_again_and_again_it_loses_no_letter() {
    let smtp = SmtpServer::start(Script::default());
    let folder = Folder::new(Some(&smtp), &[("MAIL_LEASE_SECONDS", "2"), ("SMTP_CONNECTIONS", "4")]);
    let service = folder.serve();
    let links = service.sign_up(&smtp, 0..30);
    let notices = smtp.messages().len();
    let slow = Action::After(Duration::from_millis(120), Box::new(Action::Accept));
    smtp.set_script(Script::default().on(At::Dot, slow));
    service.confirm(&links);
    let confirmed = Instant::now();
    service.kill();
    let mut kills = 1;
    for at in [5, 170, 400] {
        let service = folder.serve();
        std::thread::sleep(Duration::from_millis(at));
        service.kill();
        kills += 1;
    }
    smtp.set_script(Script::default());
    let service = folder.serve();
    all_sent(&folder, 60);
    assert!(confirmed.elapsed() < Duration::from_secs(30));

    let came = message_ids(&smtp.messages()[notices..]);
    let mut once = came.clone();
    once.dedup();
    assert_eq!(once, mailed(&folder), "every letter came, and nothing else");
    assert!(came.len() - once.len() <= kills * CONNECTIONS, "{} came twice", came.len() - once.len());
    assert_eq!(letters(&folder), BTreeMap::from([("sent".into(), 60), ("self_send".into(), 30)]));
    assert_eq!(folder.tables().count("attempts WHERE outcome = 'in_hand'"), 0);
    drop(service);
    smtp.take_messages();
}

/// Ten kills during a thousand letters; `STANDOUT_KILLS=200` makes it two hundred during twenty thousand.
#[test]
fn a_kill_loop_loses_no_letter_and_repeats_only_what_was_in_hand() {
    let kills: usize = std::env::var("STANDOUT_KILLS").map_or(10, |kills| kills.parse().expect("STANDOUT_KILLS is a number"));
    let letters_in_all = kills * 100;
    let smtp = SmtpServer::start(Script::default());
    let folder = Folder::new(Some(&smtp), &[("MAIL_LEASE_SECONDS", "1"), ("SMTP_CONNECTIONS", "4"), ("RUST_LOG", "error")]);
    let service = folder.serve();
    let links = service.sign_up(&smtp, 0..1);
    service.confirm(&links);
    all_sent(&folder, 2);
    service.ask_to_stop();
    assert_eq!(service.ended_within(Duration::from_secs(10)).code(), Some(0));
    smtp.take_messages();
    for mailbox in ["wren.harborlight@example.org", "ines.quillfeather@example.org"] {
        queue_copies(&folder.database(), mailbox, letters_in_all / 2);
    }

    // Slow enough for each kill to find letters in hand: some 130 a second.
    let slow = Action::After(Duration::from_millis(30), Box::new(Action::Accept));
    smtp.set_script(Script::default().on(At::Dot, slow));
    let mut random = 0x9e37_79b9_u64;
    for _ in 0..kills {
        let service = folder.serve();
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        std::thread::sleep(Duration::from_millis(50 + (random >> 33) % 900));
        service.kill();
    }
    smtp.set_script(Script::default());
    let service = folder.serve();
    let all = letters_in_all + 2;
    within(Duration::from_secs(60 + 2 * u64::try_from(kills).unwrap()), "all are sent", || {
        letters(&folder).get("sent") == Some(&all)
    });
    drop(service);

    let came = message_ids(&smtp.take_messages());
    let mut once = came.clone();
    once.dedup();
    let (repeats, copies) = (came.len() - once.len(), mailed(&folder).into_iter().filter(|id| id.starts_with("<copy-")).count());
    assert_eq!((once.len(), copies), (letters_in_all, letters_in_all), "every letter came, each under its own Message-ID");
    assert!(repeats <= kills * CONNECTIONS, "{repeats} came twice after {kills} kills with {CONNECTIONS} sessions");
    assert!(folder.tables().count("attempts WHERE outcome = 'interrupted'") > 0, "no kill found a letter in hand");
    assert_eq!(folder.tables().count("attempts WHERE outcome = 'in_hand'"), 0);
    println!("{kills} kills, {letters_in_all} letters, {repeats} repeats");
}

#[test]
fn two_processes_on_one_database_never_send_the_same_letter() {
    let smtp = SmtpServer::start(Script::default());
    let folder = Folder::new(Some(&smtp), &[("SMTP_CONNECTIONS", "4")]);
    let first = folder.serve();
    let links = first.sign_up(&smtp, 0..1);
    first.confirm(&links);
    all_sent(&folder, 2);
    smtp.take_messages();
    let second = folder.serve();
    let slow = Action::After(Duration::from_millis(15), Box::new(Action::Accept));
    smtp.set_script(Script::default().on(At::Dot, slow));
    for mailbox in ["wren.harborlight@example.org", "ines.quillfeather@example.org"] {
        queue_copies(&folder.database(), mailbox, 150);
    }
    all_sent(&folder, 302);
    let came = smtp.take_messages();
    assert_eq!(came.len(), 300, "each letter came once");
    let ids = message_ids(&came);
    assert!(ids.windows(2).all(|two| two[0] != two[1]), "each under its own Message-ID");
    assert_eq!(folder.tables().count("attempts WHERE outcome = 'interrupted'"), 0);
    drop((first, second));
}

/// Another process holds the database for longer than any statement waits for it. `STANDOUT_LOCK_SECONDS=30` for longer.
#[test]
fn a_locked_database_loses_and_repeats_nothing() {
    let seconds = std::env::var("STANDOUT_LOCK_SECONDS").map_or(7, |seconds| seconds.parse().expect("a number of seconds"));
    let smtp = SmtpServer::start(Script::default());
    let folder = Folder::new(Some(&smtp), &[("MAIL_LEASE_SECONDS", "2"), ("SMTP_CONNECTIONS", "4")]);
    let service = folder.serve();
    let links = service.sign_up(&smtp, 0..5);
    let slow = Action::After(Duration::from_millis(700), Box::new(Action::Accept));
    smtp.set_script(Script::default().on(At::Dot, slow));
    service.confirm(&links);
    within(Duration::from_secs(5), "letters are in hand", || letters(&folder).contains_key("sending"));
    let lock = Lock::take(&folder.database());
    std::thread::sleep(Duration::from_secs(seconds));
    drop(lock);
    all_sent(&folder, 10);
    let came = message_ids(&smtp.take_messages());
    assert_eq!(came, mailed(&folder), "every letter, each once");
    assert_eq!(folder.tables().count("attempts WHERE outcome = 'interrupted'"), 0);
    drop(service);
}

/// The disk fills while letters are in hand: what can't be kept is refused, and what was kept goes on when there is room again.
#[test]
fn a_full_disk_refuses_clearly_and_loses_nothing() {
    let smtp = SmtpServer::start(Script::default());
    let folder = Folder::new(Some(&smtp), &[("MAIL_LEASE_SECONDS", "2"), ("SMTP_CONNECTIONS", "4")]);
    let Some(disk) = SmallDisk::mount(&folder.dir.path().join("data"), 24) else { return };
    let service = folder.serve();
    let links = service.sign_up(&smtp, 0..7);
    let (late, links) = links.split_first().unwrap();
    let slow = Action::After(Duration::from_millis(900), Box::new(Action::Accept));
    smtp.set_script(Script::default().on(At::Dot, slow));
    service.confirm(links);
    within(Duration::from_secs(5), "letters are in hand", || letters(&folder).contains_key("sending"));
    disk.fill();

    // The log that SQLite writes into may have room for some more.
    let typed = |person: usize| Typed::new(&format!("person{person}@example.org"));
    let mut kept = 7;
    let refused = loop {
        let page = service.submit("signups", &typed(kept).with("story", "My own words."));
        if page.status != 303 {
            break page;
        }
        kept += 1;
        assert!(kept < 500, "the disk is never full");
    };
    assert_eq!((refused.status, refused.headers["retry-after"].to_str().unwrap()), (503, "60"), "{}", refused.text());
    assert!(refused.text().contains("on our side") && refused.body.contains("My own words."), "{}", refused.text());
    assert_eq!(service.get(CAMPAIGN).status, 200, "reading goes on");
    assert!(service.post(late, &[]).status >= 500, "no letter is confirmed that can't be kept");
    let report = "From: mail@example.org\r\nSubject: Undelivered\r\n\r\nIt did not arrive.\r\n";
    assert_eq!(folder.run_with(&["bounce"], report).code, Some(75), "the mail system keeps what comes back");
    // Longer than the letters in hand take, and than their leases.
    std::thread::sleep(Duration::from_secs(3));

    smtp.set_script(Script::default());
    disk.make_room();
    within(Duration::from_secs(15), "sign-ups are taken again", || service.submit("signups", &typed(kept)).status == 303);
    service.confirm(std::slice::from_ref(late));
    all_sent(&folder, 14);
    assert_eq!(folder.tables().count("signups"), kept + 1, "what was answered with yes is kept, and nothing else");
    within(Duration::from_secs(15), "every confirmation is sent", || {
        folder.tables().count("messages WHERE kind = 'confirmation' AND state = 'sent'") == kept + 1
    });
    let came = message_ids(&smtp.take_messages());
    let mut once = came.clone();
    once.dedup();
    assert_eq!(came, once, "nothing came twice");
    assert!(mailed(&folder).iter().all(|id| came.contains(id)), "every letter came");
    assert_eq!(folder.tables().count("attempts WHERE outcome IN ('in_hand', 'interrupted')"), 0);
    drop(service);
    smtp.take_messages();
}

#[test]
fn killed_at_any_step_of_a_letter_it_sends_it_again_as_it_was() {
    let smtp = SmtpServer::start(Script::default());
    let folder = Folder::new(Some(&smtp), &[("MAIL_LEASE_SECONDS", "1"), ("SMTP_CONNECTIONS", "4")]);
    let steps = [
        (At::Mail, Action::Hang, 0),
        (At::Rcpt, Action::Hang, 0),
        (At::Data, Action::Hang, 0),
        (At::Body, Action::Hang, 0),
        (At::Dot, Action::Hang, 0),
        // The server has them, and the program dies before it hears so: these come twice.
        (At::Dot, Action::StoreAndHang, 4),
    ];
    let mut service = folder.serve();
    for (round, (at, action, twice)) in steps.into_iter().enumerate() {
        let links = service.sign_up(&smtp, round * 2..round * 2 + 2);
        let before = smtp.messages().len();
        smtp.set_script(Script::default().on(at, action));
        service.confirm(&links);
        let in_hand = || folder.tables().count("messages WHERE state = 'sending'");
        // An office that has one in hand may have to wait with the next.
        within(Duration::from_secs(5), "letters are in hand", || in_hand() >= 2);
        within(Duration::from_secs(5), "the server is at that step", || smtp.messages().len() - before >= twice / 2);
        std::thread::sleep(Duration::from_millis(150));
        service.kill();
        smtp.set_script(Script::default());
        service = folder.serve();
        all_sent(&folder, (round + 1) * 4);
        let came = smtp.messages().split_off(before);
        let ids = message_ids(&came);
        let mut once = ids.clone();
        once.dedup();
        assert_eq!(once.len(), 4, "{at:?}");
        assert!(ids.len() - once.len() <= twice, "{at:?}: {} came twice", ids.len() - once.len());
        assert!(twice == 0 || ids.len() > once.len(), "{at:?}: what the server had taken came again");
        for mail in &came {
            let mut same = came.iter().filter(|other| other.header("Message-ID") == mail.header("Message-ID"));
            assert!(same.all(|other| other.data == mail.data), "{at:?}: the same letter, byte by byte");
        }
        smtp.take_messages();
    }
    assert!(folder.tables().count("attempts WHERE outcome = 'interrupted'") >= 6 * 2);
}

#[test]
fn letters_in_hand_are_tried_again_within_fifteen_seconds() {
    let smtp = SmtpServer::start(Script::default());
    let folder = Folder::new(Some(&smtp), &[]);
    let service = folder.serve();
    let links = service.sign_up(&smtp, 0..1);
    smtp.set_script(Script::default().on(At::Rcpt, Action::Hang));
    service.confirm(&links);
    within(Duration::from_secs(5), "both are in hand", || letters(&folder).get("sending") == Some(&2));
    service.kill();
    smtp.set_script(Script::default());
    let restarted = Instant::now();
    let service = folder.serve();
    assert_eq!(smtp.wait_for(2, Duration::from_secs(15)).len(), 2);
    assert!(restarted.elapsed() < Duration::from_secs(15));
    all_sent(&folder, 2);
    drop(service);
}

#[test]
fn asked_to_stop_it_finishes_what_is_in_hand() {
    let smtp = SmtpServer::start(Script::default());
    let folder = Folder::new(Some(&smtp), &[]);
    let service = folder.serve();
    let links = service.sign_up(&smtp, 0..3);
    let slow = Action::After(Duration::from_millis(1500), Box::new(Action::Accept));
    smtp.set_script(Script::default().on(At::Dot, slow));
    service.confirm(&links);
    let data = || smtp.commands().iter().filter(|line| *line == "DATA").count();
    within(Duration::from_secs(5), "letters are on the wire", || data() >= 3 + 2);
    let asked = Instant::now();
    service.ask_to_stop();
    assert_eq!(service.ended_within(Duration::from_secs(10)).code(), Some(0));
    assert!(asked.elapsed() >= Duration::from_millis(300), "it waited for the answers");

    let came = smtp.take_messages();
    let states = letters(&folder);
    assert_eq!(states.get("sent"), Some(&came.len()), "what the server took is on record: {states:?}");
    assert_eq!(states.get("sending"), None, "{states:?}");
    assert_eq!(folder.tables().count("attempts WHERE outcome IN ('in_hand', 'interrupted')"), 0);

    smtp.set_script(Script::default());
    let service = folder.serve();
    all_sent(&folder, 6);
    let mut ids = message_ids(&came);
    ids.extend(message_ids(&smtp.take_messages()));
    ids.sort();
    assert_eq!(ids, mailed(&folder), "every letter, each once");
    drop(service);
}

#[test]
fn a_first_start_says_what_an_operator_needs_and_a_second_changes_nothing() {
    let folder = Folder::new(None, &[]);
    let rows = |folder: &Folder| {
        let mut tables = folder.tables();
        ["offices", "officials", "campaigns", "campaign_versions", "municipalities", "destinations", "place_names"]
            .map(|table| tables.count(table))
    };
    let service = folder.serve();
    for said in ["http://standout.test/", &service.url[7..], "/staff/setup/", "/dev/outbox", "data/outbox", "Ctrl-C"] {
        assert!(service.greeting.contains(said), "{said} is not in:\n{}", service.greeting);
    }
    assert_eq!(service.get("/healthz").status, 200);
    assert_eq!(service.get(CAMPAIGN).status, 200);
    let first = rows(&folder);
    assert!(first.iter().take(5).all(|count| *count > 0), "{first:?}");
    service.ask_to_stop();
    assert_eq!(service.ended_within(Duration::from_secs(10)).code(), Some(0));
    for _ in 0..2 {
        let service = folder.serve();
        assert_eq!(rows(&folder), first);
        service.kill();
    }
    // A folder that only its owner reads holds the key.
    assert!(folder.dir.path().join("data/secret_key").is_file());
}

#[test]
fn what_is_missing_is_said_all_at_once() {
    let folder = Folder::new(None, &[("PUBLIC_URL", "https://letters.example.org")]);
    let ran = folder.run(&["serve"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""));
    for name in ["SECRET_KEY", "SMTP_URL", "openssl rand", ".env.example"] {
        assert!(ran.err.contains(name), "{name} is not in:\n{}", ran.err);
    }
    let folder = Folder::new(None, &[("BIND_ADDR", "nowhere"), ("SMTP_CONNECTIONS", "0"), ("MAIL_FROM", "a b")]);
    let ran = folder.run(&[]);
    assert_eq!(ran.code, Some(1));
    for name in ["BIND_ADDR", "SMTP_CONNECTIONS", "MAIL_FROM"] {
        assert!(ran.err.contains(name), "{name} is not in:\n{}", ran.err);
    }
}

#[test]
fn a_port_that_is_taken_is_named() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let folder = Folder::new(None, &[("BIND_ADDR", &address)]);
    let ran = folder.run(&["serve"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.contains("BIND_ADDR") && ran.err.contains(&address), "{}", ran.err);
}

#[test]
fn every_command_has_help_and_a_typo_is_2() {
    let folder = Folder::new(None, &[]);
    let commands: [&[&str]; 14] = [
        &[],
        &["serve"],
        &["staff"],
        &["staff", "add"],
        &["campaigns"],
        &["campaigns", "import"],
        &["campaigns", "export"],
        &["campaigns", "list"],
        &["officials"],
        &["officials", "import"],
        &["places"],
        &["places", "import"],
        &["counts"],
        &["doctor"],
    ];
    for command in commands {
        let ran = folder.run(&[command, &["--help"]].concat());
        assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{command:?}");
        assert!(ran.out.contains("Usage: standout") && ran.out.len() > 80, "{command:?}: {}", ran.out);
    }
    let typos: [&[&str]; 5] = [&["sevre"], &["--prot"], &["staff"], &["staff", "add"], &["counts", "ma-287g", "--by", "moon"]];
    for typo in typos {
        let ran = folder.run(typo);
        assert_eq!(ran.code, Some(2), "{typo:?}: {}{}", ran.out, ran.err);
        assert!(ran.err.contains("--help") || ran.err.contains("Usage"), "{typo:?}: {}", ran.err);
    }
    assert!(!folder.database().exists(), "help and typos make no database");
    assert_eq!(finish(folder.command(&["--version"]), "").code, Some(0));
}
