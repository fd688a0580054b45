//! Mails as mail systems, machines and people write them (`samples/`, made up), each with what it must be taken for.
//!
//! The first line of a sample says it: `# system | kind | status | dead`, the last where it is evidence that the mailbox
//! `wren@senate.example` does not exist. What follows is the mail.

use std::collections::BTreeMap;
use std::path::Path;

use standout::domain::{EmailAddress, ReturnCause};
use standout::mail::{Incoming, IncomingKind, ReturnPath, ReturnedTo, Verdict};

struct Sample {
    name: String,
    system: String,
    expected: String,
    mail: Vec<u8>,
}

fn samples() -> Vec<Sample> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/inbound/samples");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
        .into_iter()
        .map(|file| {
            let raw = std::fs::read(&file).unwrap();
            let end = raw.iter().position(|byte| *byte == b'\n').unwrap();
            let head = std::str::from_utf8(&raw[2..end]).unwrap();
            let (system, expected) = head.split_once(" | ").unwrap();
            let name = file.file_stem().unwrap().to_string_lossy().into_owned();
            Sample { name, system: system.to_owned(), expected: expected.to_owned(), mail: raw[end + 1..].to_vec() }
        })
        .collect()
}

const MAILBOX: &str = "wren@senate.example";
const MESSAGE: i64 = 7;

fn return_path() -> ReturnPath {
    ReturnPath::new(super::SECRET, Some("letters.example"), EmailAddress::parse("letters@campaign.example").unwrap())
}

/// As it is handed over: with the return path of a letter, and the line ends of mail.
fn handed_over(mail: &[u8]) -> Vec<u8> {
    let path = return_path().of(MESSAGE);
    let (_, signature) = path.local().split_once('.').unwrap();
    let mut out = Vec::new();
    let mut rest = mail;
    while let Some(at) = rest.windows(9).position(|window| window == b"SIGNATURE") {
        out.extend_from_slice(&rest[..at]);
        out.extend_from_slice(signature.as_bytes());
        rest = &rest[at + 9..];
    }
    out.extend_from_slice(rest);
    out.split_inclusive(|byte| *byte == b'\n').fold(Vec::new(), |mut mail, line| {
        mail.extend_from_slice(line.strip_suffix(b"\n").unwrap_or(line));
        mail.extend_from_slice(if line.ends_with(b"\n") { b"\r\n" } else { b"" });
        mail
    })
}

fn taken_for(mail: &Incoming) -> String {
    let verdict = |kind: &str, verdict: &Verdict| {
        let dead = kind == "failed" && verdict.cause == ReturnCause::NoMailbox;
        let status = verdict.status.as_ref().map_or("-".into(), ToString::to_string);
        format!("{kind} | {status} | {}", if dead { "dead" } else { "-" })
    };
    match mail.kind(Some(MAILBOX)) {
        IncomingKind::Failed(said) => verdict("failed", &said),
        IncomingKind::Delayed(said) => verdict("delayed", &said),
        IncomingKind::Complaint => "complaint | - | -".into(),
        IncomingKind::AutomaticReply(_) => "automatic | - | -".into(),
        IncomingKind::Answer(_) => "answer | - | -".into(),
        IncomingKind::Other => "other | - | -".into(),
    }
}

const KINDS: [&str; 6] = ["failed", "delayed", "complaint", "automatic", "answer", "other"];

#[test]
fn every_sample_is_taken_for_what_it_is() {
    // By system and kind: how many were taken for what they are, of how many.
    let mut matrix: BTreeMap<String, BTreeMap<String, (u32, u32)>> = BTreeMap::new();
    let mut wrong = Vec::new();
    for sample in samples() {
        let mail = Incoming::open(&handed_over(&sample.mail));
        let found = taken_for(&mail);
        let kind = sample.expected.split(" | ").next().unwrap().to_owned();
        for row in [sample.system.as_str(), "all"] {
            let cell = matrix.entry(row.to_owned()).or_default().entry(kind.clone()).or_default();
            cell.0 += u32::from(found == sample.expected);
            cell.1 += 1;
        }
        if found != sample.expected {
            wrong.push(format!("{}: {}, and was taken for {found}", sample.name, sample.expected));
        }
        let names = mail.traces().into_iter().find_map(|trace| return_path().find(trace));
        assert_eq!(names, Some(ReturnedTo::Message(MESSAGE)), "{} names its letter", sample.name);
    }
    println!("{:20}{}", "", KINDS.map(|kind| format!("{kind:>11}")).concat());
    for (system, row) in &matrix {
        let cells = KINDS.map(|kind| row.get(kind).map_or(String::new(), |(right, all)| format!("{right}/{all}")));
        println!("{system:20}{}", cells.map(|cell| format!("{cell:>11}")).concat());
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn what_is_not_final_does_not_become_so_when_only_its_headers_are_left() {
    // Of one the subject says that something failed, and the report that it was not our letter.
    let not_final = |sample: &&Sample| !sample.expected.starts_with("failed") && sample.name != "postfix-several-ours-ok";
    for sample in samples().iter().filter(not_final) {
        let whole = handed_over(&sample.mail);
        let headers = whole.windows(4).position(|window| window == b"\r\n\r\n").map_or(0, |at| at + 4);
        let found = taken_for(&Incoming::open(&whole[..headers]));
        assert!(!found.starts_with("failed"), "{}: {found}", sample.name);
    }
}
