//! What happened to a letter on its way: every try with the server's own words, and what came back.

use diesel::prelude::*;

use crate::domain::{ReturnKind, Timestamp};
use crate::store::schema::{attempts, returns};
use crate::store::{Reader, StoreError};

/// One try to hand it over.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = attempts)]
pub struct Try {
    /// When it began.
    #[diesel(column_name = started_at)]
    pub at: Timestamp,
    /// How long it took, in milliseconds.
    #[diesel(column_name = duration_ms)]
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
    #[diesel(column_name = reply)]
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
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = returns)]
pub struct Returned {
    /// When.
    #[diesel(column_name = received_at)]
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
    Ok(attempts::table.filter(attempts::message_id.eq(message)).order(attempts::id).select(Try::as_select()).load(conn)?)
}

/// What came back about the message, oldest first.
pub fn returned(conn: &mut Reader, message: i64) -> Result<Vec<Returned>, StoreError> {
    Ok(returns::table.filter(returns::message_id.eq(message)).order(returns::id).select(Returned::as_select()).load(conn)?)
}
