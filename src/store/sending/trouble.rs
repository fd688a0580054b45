//! What went wrong lately at one office: tries that its mail server did not take, and mail that came back.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

use crate::domain::{ReturnKind, Timestamp};
use crate::store::batch::{Batch, Statement, Value};
use crate::store::schema::attempts;
use crate::store::{Reader, StoreError};

/// Of so many tries, the latest, those that were not taken are told.
const TRIES: i64 = 500;

/// One try that was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// When.
    pub at: Timestamp,
    /// What became of it: `retry`, `failed` or `interrupted`.
    pub outcome: String,
    /// The server's words; they name no supporter.
    pub reply: String,
}

/// One mail that came back about a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CameBack {
    /// When.
    pub at: Timestamp,
    /// What it means.
    pub kind: ReturnKind,
    /// The mail system's words; they name no supporter.
    pub words: String,
}

/// The latest tries at that destination that were not taken, newest first.
pub fn refused(conn: &mut Reader, destination: i64, limit: usize) -> Result<Vec<Refused>, StoreError> {
    let rows: Vec<(Timestamp, String, Option<i32>, String)> = attempts::table
        .filter(attempts::destination_id.eq(destination))
        .order(attempts::started_at.desc())
        .limit(TRIES)
        .select((attempts::started_at, attempts::outcome, attempts::code, attempts::reply))
        .load(conn)?;
    let refused = rows.into_iter().filter(|(_, outcome, ..)| outcome != "sent" && outcome != "in_hand");
    let told = refused.map(|(at, outcome, code, reply)| {
        let code = code.map(|code| code.to_string()).filter(|code| !reply.starts_with(code)).unwrap_or_default();
        Refused { at, outcome, reply: format!("{code} {reply}").trim().to_owned() }
    });
    Ok(told.take(limit).collect())
}

struct Latest;

impl Statement for Latest {
    // The latest mails that came back are looked through, not all there ever were.
    const SQL: &'static str = "SELECT r.received_at, r.kind, r.status, r.words FROM \
         (SELECT * FROM returns ORDER BY id DESC LIMIT 5000) AS r JOIN messages AS m ON m.id = r.message_id \
         WHERE m.destination_id = ? ORDER BY r.id DESC LIMIT ?";
    type Row = (BigInt, Text, Nullable<Text>, Text);
}

/// The latest mails that came back about letters to that destination, newest first.
pub fn came_back(conn: &mut Reader, destination: i64, limit: usize) -> Result<Vec<CameBack>, StoreError> {
    let limit = Value::Number(i64::try_from(limit).unwrap_or(i64::MAX));
    let rows: Vec<(Timestamp, ReturnKind, Option<String>, String)> =
        Batch::<Latest>::new([Value::Number(destination), limit]).load(conn)?;
    let told = |(at, kind, status, words): (_, _, Option<String>, String)| {
        let words = format!("{} {words}", status.unwrap_or_default()).trim().to_owned();
        CameBack { at, kind, words }
    };
    Ok(rows.into_iter().map(told).collect())
}
