//! Files that are longer than memory should hold: read in short portions, handed on as they come.
//!
//! Each portion is one read of its own on a thread that may block; no transaction is open while the reader of the file is
//! waited for, and when they go away nothing more is read.

use std::sync::Arc;

use futures_util::{StreamExt, stream};
use tokio::sync::mpsc;

use super::cells::Rows;
use crate::domain::{Slug, TimeZone};
use crate::store::exports::{self, Addressees, Contact, LetterLine};
use crate::store::{Reader, Store, StoreError};

/// How many ids, or people, one portion covers: some hundred kilobytes of text.
const PORTION: u16 = 5000;
/// Portions of letters that are read side by side: each takes a processor for itself.
const AT_ONCE: usize = 2;
/// Portions that may wait for the reader, so that reading and sending go on side by side.
const AHEAD: usize = 2;

/// What is exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Export {
    /// Every letter, without its writer: no name, no address, no text.
    Letters,
    /// The supporters who confirmed and agreed that the campaign writes to them, and nobody else.
    Supporters,
}

/// The columns of the letters. Part of the outside contract: programs read them.
const LETTERS: [&str; 14] = [
    "letter",
    "state",
    "state_on",
    "written_on",
    "queued_on",
    "office",
    "chamber",
    "district",
    "official_id",
    "official",
    "town",
    "attempts",
    "last_code",
    "last_words",
];
/// The columns of the supporters.
const SUPPORTERS: [&str; 5] = ["name", "email", "town", "zip", "confirmed_on"];

impl Export {
    /// What the file is called: `ma-287g-letters.csv`.
    #[must_use]
    pub fn file_name(self, campaign: &Slug) -> String {
        match self {
            Self::Letters => format!("{campaign}-letters.csv"),
            Self::Supporters => format!("{campaign}-supporters.csv"),
        }
    }

    /// Begins to read the file; its parts come in order. An error is the last part: a file that ends with one is not complete.
    #[must_use]
    pub fn begin(self, store: Store, campaign: i64, zone: TimeZone) -> mpsc::Receiver<Result<Vec<u8>, StoreError>> {
        let (parts, receiver) = mpsc::channel(AHEAD);
        tokio::spawn(async move {
            let done = match self {
                Self::Letters => letters(&store, campaign, zone, &parts).await,
                Self::Supporters => supporters(&store, campaign, zone, &parts).await,
            };
            if let Err(error) = done {
                // Whoever waited may have gone away.
                let _ = parts.send(Err(error)).await;
            }
        });
        receiver
    }
}

type Parts = mpsc::Sender<Result<Vec<u8>, StoreError>>;

async fn letters(store: &Store, campaign: i64, zone: TimeZone, parts: &Parts) -> Result<(), StoreError> {
    let begin = |conn: &mut Reader| Ok((exports::last_message(conn)?, Addressees::read(conn)?));
    let (last, addressees) = store.read(begin).await?;
    let (addressees, zone) = (Arc::new(addressees), Arc::new(zone));
    let portion = |after: i64| {
        let (known, zone) = (Arc::clone(&addressees), Arc::clone(&zone));
        store.read(move |conn| {
            let lines = exports::letters(conn, campaign, after, (after + i64::from(PORTION)).min(last))?;
            // A roster may have come in meanwhile.
            let unknown = |line: &LetterLine| known.office(line.office).is_none() || known.official(line.official).is_none();
            let known = if lines.iter().any(unknown) { Arc::new(Addressees::read(conn)?) } else { known };
            let mut rows = Rows::new();
            for line in &lines {
                letter(&mut rows, line, &known, &zone);
            }
            Ok(rows)
        })
    };
    if parts.send(Ok(Rows::headed(&LETTERS).bytes())).await.is_err() {
        return Ok(());
    }
    let mut portions = stream::iter((0..last).step_by(PORTION.into())).map(portion).buffered(AT_ONCE);
    while let Some(rows) = portions.next().await {
        if parts.send(Ok(rows?.bytes())).await.is_err() {
            return Ok(());
        }
    }
    Ok(())
}

fn letter(rows: &mut Rows, line: &LetterLine, known: &Addressees, zone: &TimeZone) {
    let office = known.office(line.office);
    let day = |at| zone.day(at).as_str().to_owned();
    rows.push(&[
        &line.id.to_string(),
        line.state.as_str(),
        &day(line.since),
        &day(line.written_at),
        &line.queued_at.map(day).unwrap_or_default(),
        &line.office.to_string(),
        office.map_or("", |office| office.chamber.as_str()),
        office.map_or("", |office| office.name.as_str()),
        &line.official.to_string(),
        known.official(line.official).unwrap_or_default(),
        &line.town,
        &line.attempts.to_string(),
        &line.code.map(|code| code.to_string()).unwrap_or_default(),
        &line.words,
    ]);
}

async fn supporters(store: &Store, campaign: i64, zone: TimeZone, parts: &Parts) -> Result<(), StoreError> {
    let zone = Arc::new(zone);
    let mut rows = Rows::headed(&SUPPORTERS);
    let mut next = Some(0);
    loop {
        if parts.send(Ok(rows.bytes())).await.is_err() {
            return Ok(());
        }
        let Some(after) = next else { return Ok(()) };
        let zone = Arc::clone(&zone);
        let portion = move |conn: &mut Reader| {
            let people = exports::contacts(conn, campaign, after, PORTION.into())?;
            let mut rows = Rows::new();
            for person in &people {
                supporter(&mut rows, person, &zone);
            }
            Ok((rows, people.last().map(|person| person.signup)))
        };
        (rows, next) = store.read(portion).await?;
    }
}

fn supporter(rows: &mut Rows, person: &Contact, zone: &TimeZone) {
    let day = zone.day(person.confirmed_at);
    rows.push(&[&person.name, &person.email, &person.town, &person.zip, day.as_str()]);
}
