//! What happened to a letter on its way: every try with the server's own words, and what came back.

use diesel::prelude::*;

use crate::domain::{ReturnKind, Timestamp};
use crate::store::schema::{attempts, returns};
use crate::store::{Reader, StoreError};

/// One try to hand it over.
#[derive(Clone, Debug)]
pub struct Try {
    /// When it began.
    pub at: Timestamp,
    /// How long it took, in milliseconds.
    pub millis: i64,
    /// `in_hand`, `sent`, `retry`, `failed` or `interrupted`.
    pub outcome: String,
    /// How far it came.
    pub step: String,
    /// The code of the server's answer.
    pub code: Option<i32>,
    /// Its enhanced status (RFC 3463).
    pub enhanced: Option<String>,
    /// Its words, which name no supporter.
    pub words: String,
}

impl Try {
    /// All that the server said: code, status and words.
    #[must_use]
    pub fn said(&self) -> String {
        let code = self.code.map(|code| code.to_string()).unwrap_or_default();
        joined([&code, self.enhanced.as_deref().unwrap_or_default(), &self.words])
    }
}

/// A mail that came back.
#[derive(Clone, Debug)]
pub struct Returned {
    /// When.
    pub at: Timestamp,
    /// What it is.
    pub kind: ReturnKind,
    /// Its enhanced status (RFC 3463).
    pub status: Option<String>,
    /// The mail system's words, which name no supporter.
    pub words: String,
}

impl Returned {
    /// Status and words.
    #[must_use]
    pub fn said(&self) -> String {
        joined([self.status.as_deref().unwrap_or_default(), &self.words])
    }
}

fn joined<const N: usize>(parts: [&str; N]) -> String {
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Every try of the message, oldest first.
pub fn tries(conn: &mut Reader, message: i64) -> Result<Vec<Try>, StoreError> {
    type Row = (i64, i64, String, String, Option<i32>, Option<String>, String);
    let rows: Vec<Row> = attempts::table
        .filter(attempts::message_id.eq(message))
        .order(attempts::id)
        .select((
            attempts::started_at,
            attempts::duration_ms,
            attempts::outcome,
            attempts::step,
            attempts::code,
            attempts::enhanced,
            attempts::reply,
        ))
        .load(conn)?;
    let one = |(at, millis, outcome, step, code, enhanced, words): Row| Try {
        at: Timestamp::from_millis(at),
        millis,
        outcome,
        step,
        code,
        enhanced,
        words,
    };
    Ok(rows.into_iter().map(one).collect())
}

/// What came back about the message, oldest first.
pub fn returned(conn: &mut Reader, message: i64) -> Result<Vec<Returned>, StoreError> {
    let rows: Vec<(i64, String, Option<String>, String)> = returns::table
        .filter(returns::message_id.eq(message))
        .order(returns::id)
        .select((returns::received_at, returns::kind, returns::status, returns::words))
        .load(conn)?;
    rows.into_iter()
        .map(|(at, kind, status, words)| {
            let known = ReturnKind::ALL.into_iter().find(|known| known.as_str() == kind);
            let kind = known.ok_or_else(|| StoreError::unknown_value(format!("returns.kind \"{kind}\"")))?;
            Ok(Returned { at: Timestamp::from_millis(at), kind, status, words })
        })
        .collect()
}
