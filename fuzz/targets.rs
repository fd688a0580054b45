//! What is fuzzed: every reader of what comes from outside. A target takes any bytes, must not panic, hang or grow without bound,
//! and holds what it reads to what the rest of the service relies on.
//!
//! `tests/fuzz.rs` runs them over the kept corpora and simple changes of those, in every run of the tests; `fuzz/run TARGET SECONDS`
//! runs one under libFuzzer.

use std::collections::BTreeMap;
use std::io::{Cursor, Write};
use std::path::Path;
use std::sync::LazyLock;

use standout::domain::{Chamber, Day, EmailAddress, Layer, SignupForm, UsState, Zip};
use standout::mail::{Incoming, IncomingKind, read_mail};
use standout::render::{Campaign, LETTER_MAX_CHARS, LetterContext, OfficialContext, TemplateFiles, demo_campaigns};
use standout::{districts, roster};

pub(crate) struct Target {
    pub(crate) name: &'static str,
    pub(crate) run: fn(&[u8]),
}

pub(crate) const ALL: &[Target] = &[
    Target { name: "form", run: form },
    Target { name: "bounce", run: bounce },
    Target { name: "csv", run: csv },
    Target { name: "geojson", run: geojson },
    Target { name: "shapefile", run: shapefile },
    Target { name: "zip", run: zip },
    Target { name: "address", run: address },
    Target { name: "template", run: template },
];

fn state() -> UsState {
    UsState::parse("ma").expect("a state")
}

/// A sign-up, its fields one below the other. What is taken has no character in it that could break a header or hide.
fn form(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let mut fields = text.split('\u{1}').map(str::to_owned);
    let mut next = || fields.next().unwrap_or_default();
    let form = SignupForm {
        name: next(),
        email: next(),
        street: next(),
        city: next(),
        zip: next(),
        story: next(),
        consent: "yes".into(),
        ..SignupForm::default()
    };
    let Ok(read) = form.parse(state()) else { return };
    let lines = [read.name.as_str(), read.address.street.as_str(), read.address.city.as_str(), read.email.as_str()];
    for line in lines {
        assert!(!line.chars().any(char::is_control) && !line.trim().is_empty(), "a line of a letter: {line:?}");
    }
    assert!(!read.story.as_str().chars().any(|c| c.is_control() && c != '\n' && c != '\t'), "own words with control characters");
    // Read again, it is the same: what is stored can always be read.
    assert_eq!(EmailAddress::parse(read.email.as_str()).as_ref(), Ok(&read.email));
}

/// A mail that came back.
fn bounce(input: &[u8]) {
    let mail = Incoming::open(input);
    let _ = mail.traces();
    for mailbox in [None, Some("wren.harborlight@example.org")] {
        match mail.kind(mailbox) {
            IncomingKind::Failed(said) | IncomingKind::Delayed(said) => {
                assert!(!said.words.contains(['\n', '\r']), "a server's words are one line");
            }
            IncomingKind::AutomaticReply(words) | IncomingKind::Answer(words) => {
                assert!(!words.subject.contains(['\n', '\r']), "a subject is one line");
            }
            IncomingKind::Complaint | IncomingKind::Other => {}
        }
    }
    let _ = read_mail(input);
}

/// A table of any of the kinds that are imported.
fn csv(input: &[u8]) {
    let today = Day::parse("2026-11-22").expect("a day");
    let people = roster::read_people(input, "officials.csv").map(|file| file.people).unwrap_or_default();
    let _ = roster::read_positions(input, "positions.csv", &people, &today);
    let _ = districts::read_towns(input, "towns.csv");
    let _ = districts::read_place_names(input, "places.csv");
}

fn outlines(bytes: &[u8], file: &str) {
    for layer in [Layer::District(Chamber::Upper), Layer::Municipality] {
        let _ = districts::read_boundaries(bytes, Path::new(file), layer, state());
    }
}

fn geojson(input: &[u8]) {
    outlines(input, "outlines.geojson");
}

/// The shapes and the rows of a shapefile, the length of the shapes in the first two bytes.
fn shapefile(input: &[u8]) {
    let Some((length, rest)) = input.split_at_checked(2) else { return };
    let (shapes, rows) = rest.split_at(usize::from(u16::from_be_bytes([length[0], length[1]])).min(rest.len()));
    let mut packed = ::zip::ZipWriter::new(Cursor::new(Vec::new()));
    let plain = ::zip::write::SimpleFileOptions::default().compression_method(::zip::CompressionMethod::Stored);
    for (name, bytes) in [("a.shp", shapes), ("a.dbf", rows)] {
        packed.start_file(name, plain).expect("a member");
        packed.write_all(bytes).expect("memory");
    }
    outlines(packed.finish().expect("memory").get_ref(), "outlines.zip");
}

fn zip(input: &[u8]) {
    outlines(input, "outlines.zip");
    let _ = districts::PlacesFile::read(input, "places.zip");
}

/// What people type where an address is asked for.
fn address(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let _ = districts::StreetAddress::parse(&text);
    let _ = districts::street_name(&text);
    let _ = districts::addrfeat_name(Path::new(text.as_ref()), state());
    if let Ok(email) = EmailAddress::parse(&text) {
        assert!(!email.as_str().contains(['\r', '\n', ' ', '<', '>']), "an address that breaks a header: {:?}", email.as_str());
    }
    if let Ok(zip) = Zip::parse(&text, state()) {
        assert!(zip.as_str().chars().all(|c| c.is_ascii_digit() || c == '-'));
    }
}

/// A letter as staff write it. What is taken renders, and no longer than a letter may be.
fn template(input: &[u8]) {
    static DEMO: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| demo_campaigns().remove(0));
    static FRAMES: LazyLock<TemplateFiles> = LazyLock::new(|| TemplateFiles::new(None));
    let Ok(text) = std::str::from_utf8(input) else { return };
    let mut files = DEMO.clone();
    files.insert("letters/upper.txt.hbs".into(), text.to_owned());
    let Ok(campaign) = Campaign::compile(&files, &FRAMES) else { return };
    let official = OfficialContext { name: "Wren Harborlight", title: "Senator", salutation: "Senator Harborlight" };
    for story in ["", "{{name}} I have seen it.\n\nTwice."] {
        let context = LetterContext {
            name: "Boom",
            street: "1 Quay Street",
            town: "Saltwick",
            state: "MA",
            zip: "01099",
            district: "First Harbor",
            official: official.clone(),
            story,
            measures: &[],
        };
        if let Ok(letter) = campaign.letter(Chamber::Upper, &context) {
            assert!(letter.text.chars().count() <= LETTER_MAX_CHARS * 20 && !letter.subject.contains('\n'));
        }
    }
}
