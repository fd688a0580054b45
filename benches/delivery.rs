//! How fast letters are claimed, recorded, picked and handed over, beside a sender in C that keeps no record.
//!
//! The real code path: every claim durable before the first byte, every result after the last, `synchronous=FULL`;
//! letters of 2.4 KB to 200 offices, no limits. The peers, `smtp-sink` and `smtp-source`, come with Debian's package
//! `postfix`; without them the parts that need them say that they were skipped. It reports and judges nothing.
//! Results with machine and command: benches/README.md.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss
)]

mod mailing;

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use mailing::{Folder, Sink, child_part, delaying_proxy, median, peak_memory, send_all};
use standout::domain::Timestamp;
use standout::mail::DkimSigner;
use standout::store::attempts::{AttemptResult, Disposition, JudgedAttempt, record_all};
use standout::store::caps::Caps;
use standout::store::queue;

/// Letters of one round to `smtp-sink`.
const LETTERS: usize = 30_000;
const SESSIONS: usize = 16;
const ROUNDS: usize = 3;
const LEASE: Duration = Duration::from_secs(10);

fn main() {
    if let Some(folder) = child_part() {
        return remember_while_sending(&folder);
    }
    let wanted: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let wanted = |part: &str| wanted.is_empty() || wanted.iter().any(|word| word == part);
    for (part, measure) in [("claim", claim_and_record as fn()), ("pick", pick)] {
        if wanted(part) {
            measure();
        }
    }
    if !(Path::new(mailing::SINK).exists() && Path::new(mailing::SOURCE).exists()) {
        println!("skipped: what needs {} and {} (package postfix)", mailing::SINK, mailing::SOURCE);
        return;
    }
    for (part, measure) in [("send", end_to_end as fn()), ("dkim", signed), ("far", far_away), ("memory", memory)] {
        if wanted(part) {
            measure();
        }
    }
}

/// Batches of 100: the results of one and the claims of the next in one commit.
fn claim_and_record() {
    for batch in [16, 100] {
        let letters = 20_000;
        let folder = Folder::with_letters("claim", letters, letters);
        let store = folder.store();
        let mut rounds = Vec::new();
        let start = Instant::now();
        let mut done: Vec<JudgedAttempt> = Vec::new();
        let mut recorded = 0;
        loop {
            let began = Instant::now();
            let results = std::mem::take(&mut done);
            let now = Timestamp::from_millis(mailing::NOW + 1000);
            let picks: Vec<queue::Pick> = (0..batch).map(|n| (2 + ((recorded + n) % mailing::OFFICES) as i64, 1)).collect();
            let taken = store
                .write_blocking(move |tx| {
                    if !results.is_empty() {
                        record_all(tx, "bench", &results, now)?;
                    }
                    queue::claim_all(tx, "bench", &merged(picks), Caps::default(), LEASE, now)
                })
                .unwrap();
            rounds.push(began.elapsed());
            if taken.claimed.is_empty() {
                break;
            }
            recorded += taken.claimed.len();
            let ended = AttemptResult {
                took: Duration::from_millis(3),
                step: "body",
                code: Some(250),
                enhanced: None,
                reply: "2.0.0 Ok".into(),
            };
            done = taken
                .claimed
                .into_iter()
                .map(|work| JudgedAttempt { work: Arc::new(work), result: ended.clone(), disposition: Disposition::Sent })
                .collect();
        }
        let took = start.elapsed().as_secs_f64();
        rounds.sort();
        println!(
            "claim and record, durable, batches of {batch}: {:.0} letters/s (a commit {:.1} ms)",
            recorded as f64 / took,
            rounds[rounds.len() / 2].as_secs_f64() * 1000.0
        );
    }
}

fn merged(picks: Vec<queue::Pick>) -> Vec<queue::Pick> {
    let mut sums = std::collections::BTreeMap::new();
    for (destination, count) in picks {
        *sums.entry(destination).or_insert(0) += count;
    }
    sums.into_iter().collect()
}

/// The look for work, and the claim of 16, with a thousand and with a million waiting.
fn pick() {
    let mut medians = Vec::new();
    for waiting in [1_000, 1_000_000] {
        let folder = Folder::with_letters("pick", waiting, 1_000);
        let store = folder.store();
        let now = Timestamp::from_millis(mailing::NOW + 1000);
        let mut looks = Vec::new();
        let mut claims = Vec::new();
        for round in 0..60 {
            let start = Instant::now();
            let due = store.read_blocking(|conn| queue::due(conn, &BTreeSet::new(), 128, now)).unwrap();
            looks.push(start.elapsed().as_secs_f64());
            let busy: BTreeSet<i64> = due.iter().map(|due| due.destination_id).collect();
            let start = Instant::now();
            let again = store.read_blocking(|conn| queue::due(conn, &busy, 128, now)).unwrap();
            claims.push(start.elapsed().as_secs_f64());
            assert!(due.len() == again.len() && round < 60);
        }
        println!(
            "picking, {waiting} waiting: {:.2} ms a full look, {:.2} ms with known heads",
            median(looks.clone()) * 1000.0,
            median(claims.clone()) * 1000.0
        );
        medians.push((median(looks), median(claims)));
    }
    println!("picking, 1,000,000 / 1,000: {:.2} full, {:.2} known", medians[1].0 / medians[0].0, medians[1].1 / medians[0].1);
}

fn end_to_end() {
    let (mut ours, mut theirs, mut a_commit) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let sink = Sink::start();
        let start = Instant::now();
        let status = Command::new(mailing::SOURCE)
            .args(["-d", "-s", &SESSIONS.to_string(), "-m", &LETTERS.to_string(), "-l", "2400", &sink.address()])
            .status()
            .unwrap();
        assert!(status.success());
        theirs.push(LETTERS as f64 / start.elapsed().as_secs_f64());
        let folder = Folder::with_letters("send", LETTERS, LETTERS);
        let (took, commits) = send_all(&folder, &sink.address(), SESSIONS, LETTERS, None);
        ours.push(LETTERS as f64 / took.as_secs_f64());
        a_commit.push(LETTERS as f64 / commits as f64);
    }
    let (ours, theirs) = (median(ours), median(theirs));
    println!(
        "{SESSIONS} sessions to one smtp-sink: {ours:.0} letters/s, {:.1} a commit; smtp-source -d -s {SESSIONS}: {theirs:.0}; ours / theirs: {:.2}",
        median(a_commit),
        ours / theirs
    );
}

/// Each letter signed, RSA with 2048 bits; and the signatures alone, on as many threads as there are processors.
fn signed() {
    let Some(pem) = mailing::rsa_key() else {
        println!("skipped: signing, which needs openssl to make a key");
        return;
    };
    let signer = || DkimSigner::from_pem(&pem, "bench", "bench.example").unwrap();
    let letter =
        format!("From: letters@bench.example\r\nTo: o@example.org\r\nSubject: Please\r\n\r\n{}\r\n", "word ".repeat(480));
    let (threads, each) = (std::thread::available_parallelism().map_or(1, usize::from), 2_000);
    let start = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let signer = signer();
                for _ in 0..each {
                    signer.sign(letter.as_bytes(), Timestamp::from_millis(mailing::NOW)).unwrap();
                }
            });
        }
    });
    let alone = (threads * each) as f64 / start.elapsed().as_secs_f64();
    let letters = 10_000;
    let sink = Sink::start();
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        let folder = Folder::with_letters("signed", letters, letters);
        let (took, _) = send_all(&folder, &sink.address(), SESSIONS, letters, Some(signer()));
        rounds.push(letters as f64 / took.as_secs_f64());
    }
    println!(
        "signed with RSA-2048: {:.0} letters/s end to end; signatures alone, {threads} threads: {alone:.0}/s",
        median(rounds)
    );
}

fn far_away() {
    let sink = Sink::start();
    let proxy = delaying_proxy(sink.address(), Duration::from_millis(10));
    let letters = 3_000;
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        let folder = Folder::with_letters("far", letters, letters);
        rounds.push(letters as f64 / send_all(&folder, &proxy, SESSIONS, letters, None).0.as_secs_f64());
    }
    println!("{SESSIONS} sessions, 20 ms round trip: {:.0} letters/s", median(rounds));
}

/// In a process of its own, or the preparations would count.
fn memory() {
    let letters = 100_000;
    let folder = Folder::with_letters("memory", letters, letters);
    let status = Command::new(std::env::current_exe().unwrap()).env(mailing::PART, folder.path()).status().unwrap();
    assert!(status.success());
}

fn remember_while_sending(folder: &Path) {
    let folder = Folder::existing(folder);
    let sink = Sink::start();
    let before = peak_memory();
    let (took, _) = send_all(&folder, &sink.address(), SESSIONS, 100_000, None);
    println!("peak memory while 100,000 are sent ({:.0} s): {} (at the start {before})", took.as_secs_f64(), peak_memory());
}
