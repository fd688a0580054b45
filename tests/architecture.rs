//! ARCHITECTURE.md says what may import what; this keeps page and code together.

// Clippy takes only `#[test]` functions for tests, and not their helpers.
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// A source file without its tests and comments.
struct Source {
    /// `store/queue.rs`
    path: String,
    /// `store`
    room: String,
    code: String,
}

fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn sources() -> Vec<Source> {
    let (src, mut folders, mut sources) = (project("src"), vec![project("src")], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let inside = path.strip_prefix(&src).unwrap().to_string_lossy().replace('\\', "/");
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|kind| kind == "rs")
                && !inside.contains("/tests/")
                && !inside.ends_with("tests.rs")
            {
                let text = fs::read_to_string(&path).unwrap();
                let room = inside.split(['/', '.']).next().unwrap().to_owned();
                sources.push(Source { path: inside, room, code: code(&text) });
            }
        }
    }
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(sources.len() > 100, "{} source files were found", sources.len());
    sources
}

/// What is compiled into the program: tests stand at the end of a file, comments on lines of their own.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).fold(String::new(), |code, line| code + line + "\n")
}

/// Every `first` of `crate::first::...` and of `crate::{first::..., second}`.
fn imports(code: &str) -> BTreeSet<String> {
    let word = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let mut found = BTreeSet::new();
    for (at, start) in code.match_indices("crate::") {
        if code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$') {
            continue;
        }
        let rest = &code[at + start.len()..];
        let Some(group) = rest.strip_prefix('{') else {
            found.insert(word(rest));
            continue;
        };
        let (mut depth, mut begins) = (0, true);
        for (at, c) in group.char_indices() {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => begins = true,
                c if begins && c.is_alphabetic() => {
                    found.insert(word(&group[at..]));
                    begins = false;
                }
                _ => {}
            }
        }
    }
    found
}

/// The words in backquotes, or all words where there are none.
fn words(cell: &str) -> Vec<String> {
    let split = |text: &str| text.split(|c: char| !(c.is_alphanumeric() || c == '_')).map(str::to_owned).collect::<Vec<_>>();
    split(cell).into_iter().filter(|word| !word.is_empty()).collect()
}

/// Room to the rooms that it may import; `None`: any.
fn table() -> BTreeMap<String, Option<BTreeSet<String>>> {
    let page = fs::read_to_string(project("ARCHITECTURE.md")).unwrap();
    let section = page.split("## Rooms").nth(1).unwrap().split("\n## ").next().unwrap();
    let (mut table, mut above) = (BTreeMap::new(), BTreeSet::new());
    for row in section.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [names, _, may] = cells.as_slice() else { panic!("a row of three cells: {row}") };
        let may = if may.contains("what a command needs") {
            None
        } else if *may == "all above" {
            Some(above.clone())
        } else {
            let plain: String = may.split('(').map(|part| part.split_once(')').map_or(part, |(_, rest)| rest)).collect();
            Some(words(&plain).into_iter().collect())
        };
        for name in words(names) {
            table.insert(name.clone(), may.clone());
            above.insert(name);
        }
    }
    table
}

#[test]
fn rooms_import_what_the_page_says() {
    let (table, sources) = (table(), sources());
    let rooms: BTreeSet<_> = sources.iter().map(|source| source.room.clone()).filter(|room| room != "lib").collect();
    assert_eq!(table.keys().cloned().collect::<BTreeSet<_>>(), rooms, "the table of rooms, and the rooms");
    for may in table.values().flatten() {
        assert!(may.iter().all(|room| rooms.contains(room)), "the table names a room that is none: {may:?}");
    }
    let mut wrong = Vec::new();
    for source in sources.iter().filter(|source| source.room != "lib") {
        let Some(may) = &table[&source.room] else { continue };
        for import in imports(&source.code).into_iter().filter(|import| *import != source.room && !may.contains(import)) {
            wrong.push(format!("src/{} imports {import}; {} may import {may:?}", source.path, source.room));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Whether the code names this crate or path.
fn names(code: &str, part: &str) -> bool {
    code.match_indices(part).any(|(at, _)| !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '"'))
}

#[test]
fn each_great_dependency_has_one_room() {
    let owners: [(&str, &[&str]); 13] = [
        ("hickory", &["dns"]),
        ("prometheus_client", &["metrics"]),
        ("diesel", &["store"]),
        ("lettre", &["mail"]),
        ("async_imap", &["mail"]),
        ("governor::", &["rate_limit"]),
        ("actix", &["web", "app"]),
        ("askama", &["web"]),
        ("std::env::", &["config"]),
        ("env::var", &["config"]),
        ("dotenvy", &["config"]),
        ("tokio_rustls", &["mail"]),
        ("reqwest", &["fetch"]),
    ];
    let mut wrong = Vec::new();
    for source in sources() {
        for (part, rooms) in owners {
            if names(&source.code, part) && !rooms.contains(&source.room.as_str()) {
                wrong.push(format!("src/{} names {part}, which is for {rooms:?}", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn the_web_writes_nothing_past_intake_and_accounts() {
    for source in sources().iter().filter(|source| source.room == "web") {
        assert!(!source.code.contains("store.write"), "src/{} writes to the store itself", source.path);
        assert!(!names(&source.code, "crate::mail") && !names(&source.code, "crate::delivery"), "src/{} sends", source.path);
    }
    for source in sources().iter().filter(|source| source.room == "delivery") {
        assert!(!names(&source.code, "crate::render"), "src/{} renders", source.path);
    }
}

/// What is registered beside the list has no role, and no test of one.
#[test]
fn the_console_has_no_route_beside_its_list() {
    for source in
        sources().iter().filter(|source| source.path.starts_with("web/console/") && !source.path.ends_with("/routes.rs"))
    {
        for call in ["web::resource(", "web::scope(", ".service(", ".route(", "#[get(", "#[post("] {
            assert!(!source.code.contains(call), "src/{}: a route of the console stands in console/routes.rs", source.path);
        }
    }
}

/// A brace that a merge lost takes every rule behind it along, and no compiler says so.
#[test]
fn the_braces_of_stylesheets_are_paired() {
    for sheet in ["static/standout.css", "static/staff.css"] {
        let text = fs::read_to_string(project(sheet)).unwrap();
        let mut depth = 0_i32;
        for (at, line) in text.lines().enumerate() {
            // Rules begin in the first column, or two spaces in within an @media.
            let inside = line.is_empty() || line.starts_with([' ', '}', ')']) || depth == 0;
            assert!(inside || line.starts_with("/*"), "{sheet}:{}: a brace is missing before it", at + 1);
            depth += i32::try_from(line.matches('{').count()).unwrap() - i32::try_from(line.matches('}').count()).unwrap();
            assert!((0..=2).contains(&depth), "{sheet}:{}: a brace is missing before it", at + 1);
        }
        assert_eq!(depth, 0, "{sheet}");
    }
}

#[test]
fn the_example_names_every_setting_and_no_other() {
    let is_name = |text: &str| text.len() > 3 && text.chars().all(|c| c.is_ascii_uppercase() || c == '_');
    let read =
        ["src/config/read.rs", "src/config/read_mail.rs"].map(|file| code(&fs::read_to_string(project(file)).unwrap())).concat();
    let mut settings = BTreeSet::new();
    for call in [".text(\"", "machine_secret(&mut read, \"", ".text_or(\"", ".number(\"", ".number_within(\""] {
        settings.extend(read.split(call).skip(1).filter_map(|rest| rest.split('"').next()).filter(|name| is_name(name)));
    }
    assert!(settings.len() > 15, "{settings:?}");
    let example = fs::read_to_string(project(".env.example")).unwrap();
    let named: BTreeSet<&str> = example
        .lines()
        .filter_map(|line| line.trim_start_matches(['#', ' ']).split_once('='))
        .map(|(name, _)| name)
        .filter(|name| is_name(name))
        .collect();
    assert_eq!(named, settings);
}

#[test]
fn imports_are_found_in_every_form() {
    let code =
        "use crate::store::Tx;\nuse crate::{domain::{Clock, Slug}, render};\nlet x = crate::mail::read(); use mycrate::web;";
    assert_eq!(imports(code).into_iter().collect::<Vec<_>>(), ["domain", "mail", "render", "store"]);
    assert!(names("use diesel::x", "diesel") && !names("the_diesel", "diesel"));
}
