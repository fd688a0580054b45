//! Whoever was erased can be read nowhere in the data folder any more: not in the database, its log, or the outbox.

use std::fs;
use std::path::Path;
use std::time::Duration;

use crate::support::journey::Typed;
use crate::support::service::{Folder, Service, within};

/// What each person types into every field that takes words: long enough to be found in bytes, with their number.
fn person(number: usize) -> Typed {
    Typed::new(&format!("markedmailbox{number}@example.org"))
        .with("name", &format!("Markedname Nr{number}"))
        .with("street", &format!("{} Markedstreet Road", number + 1))
        .with("story", &format!("Markedwords of person {number}, who has a reason of their own."))
}

const MARKS: [&str; 4] = ["markedmailbox", "markedname", "markedstreet", "markedwords"];

/// How many files below the folder hold a mark, and how many there are.
fn told_by(folder: &Path) -> (Vec<String>, usize) {
    let (mut folders, mut told, mut files) = (vec![folder.to_owned()], Vec::new(), 0);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            // A mail may be gone between being listed and being read.
            let Ok(bytes) = fs::read(&path) else { continue };
            files += 1;
            let text = String::from_utf8_lossy(&bytes).replace("=\r\n", "").to_lowercase();
            if MARKS.iter().any(|mark| text.contains(mark)) {
                told.push(path.display().to_string());
            }
        }
    }
    (told, files)
}

/// The links that the confirmations in the outbox hold.
fn links(outbox: &Path) -> Vec<String> {
    let mails = fs::read_dir(outbox).into_iter().flatten().flatten().filter_map(|entry| fs::read_to_string(entry.path()).ok());
    let link = |mail: String| {
        let text = mail.replace("=\r\n", "");
        let rest = text.split_once("/confirm/")?.1;
        Some(format!("/confirm/{}", &rest[..43]))
    };
    mails.filter_map(link).collect()
}

fn sign_up(service: &Service, people: usize) {
    for number in 0..people {
        let page = service.submit("signups", &person(number));
        assert_eq!(page.status, 303, "{}", page.text());
    }
}

#[test]
fn nobody_who_was_erased_is_readable_in_any_file() {
    let folder = Folder::new(None, &[]);
    let data = folder.dir.path().join("data");
    let service = folder.serve();
    sign_up(&service, 12);
    let outbox = data.join("outbox");
    within(Duration::from_mins(1), "every confirmation is in the outbox", || links(&outbox).len() == 12);
    let links = links(&outbox);
    service.confirm(&links);
    within(Duration::from_mins(1), "the letters are in the outbox", || fs::read_dir(&outbox).unwrap().count() >= 36);
    assert!(told_by(&data).0.len() > 12, "the marks are found while the people are there");
    for link in &links {
        let private = link.replace("/confirm/", "/letters/");
        assert_eq!(service.post(&format!("{private}/erase"), &[("sure", "yes")]).status, 200);
    }
    let mut left = Vec::new();
    within(Duration::from_mins(1), "nothing tells of them", || {
        left = told_by(&data).0;
        left.is_empty()
    });
    let (_, files) = told_by(&data);
    assert!(files >= 3, "database, log and key are read: {files}");
}
