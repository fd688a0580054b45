//! What became of one letter: every try with the server's own words, and what came back.

use diesel::prelude::*;

use super::exports::{self, LetterLine};
use super::schema::{attempts, messages};
use super::schema_returns::returns;
use super::{Reader, StoreError};
use crate::domain::{MessageKind, Timestamp};

/// A letter's whole story, without its writer.
pub struct LetterStory {
    /// Its campaign's id.
    pub campaign: i64,
    /// The letter.
    pub letter: LetterLine,
    /// Why it is held.
    pub reason: Option<String>,
    /// Every try, the first one first.
    pub attempts: Vec<Try>,
    /// What came back, the first one first.
    pub returns: Vec<Returned>,
}

/// One try to hand it over.
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
    /// Its enhanced status.
    pub enhanced: Option<String>,
    /// Its words, which name no supporter.
    pub words: String,
}

/// A report that came back.
pub struct Returned {
    /// When.
    pub at: Timestamp,
    /// What it is: `failed`, `delayed`, ...
    pub kind: String,
    /// Its enhanced status.
    pub status: Option<String>,
    /// The mail system's words, which name no supporter.
    pub words: String,
}

type Row = (i64, i64, String, String, Option<i32>, Option<String>, String);

/// The story of the letter of that id; `None` where there is none.
pub fn of(conn: &mut Reader, id: i64) -> Result<Option<LetterStory>, StoreError> {
    let found: Option<(i64, Option<String>)> = messages::table
        .filter(messages::id.eq(id).and(messages::kind.eq(MessageKind::Letter.as_str())))
        .select((messages::campaign_id, messages::reason))
        .first(conn)
        .optional()?;
    let Some((campaign, reason)) = found else { return Ok(None) };
    let Some(letter) = exports::letters(conn, campaign, id - 1, id)?.pop() else { return Ok(None) };
    let tries: Vec<Row> = attempts::table
        .filter(attempts::message_id.eq(id))
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
    let came_back: Vec<(i64, String, Option<String>, String)> = returns::table
        .filter(returns::message_id.eq(id))
        .order(returns::id)
        .select((returns::received_at, returns::kind, returns::status, returns::words))
        .load(conn)?;
    let one_try = |(at, millis, outcome, step, code, enhanced, words): Row| Try {
        at: Timestamp::from_millis(at),
        millis,
        outcome,
        step,
        code,
        enhanced,
        words,
    };
    let returned = |(at, kind, status, words)| Returned { at: Timestamp::from_millis(at), kind, status, words };
    Ok(Some(LetterStory {
        campaign,
        letter,
        reason,
        attempts: tries.into_iter().map(one_try).collect(),
        returns: came_back.into_iter().map(returned).collect(),
    }))
}
