//! What became of one letter: every try with the server's own words, and what came back.

use diesel::prelude::*;

use super::events::{self, Returned, Try};
use crate::domain::MessageKind;
use crate::store::literal::literal;
use crate::store::schema::messages;
use crate::store::signups::exports::{self, LetterLine};
use crate::store::{Reader, StoreError};

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

/// The story of the letter of that id; `None` where there is none.
pub fn of(conn: &mut Reader, id: i64) -> Result<Option<LetterStory>, StoreError> {
    let found: Option<(i64, Option<String>)> = messages::table
        .filter(messages::id.eq(id).and(messages::kind.eq(literal(MessageKind::Letter.as_str()))))
        .select((messages::campaign_id, messages::reason))
        .first(conn)
        .optional()?;
    let Some((campaign, reason)) = found else { return Ok(None) };
    let Some(letter) = exports::letters(conn, campaign, id - 1, id)?.pop() else { return Ok(None) };
    let (attempts, returns) = (events::tries(conn, id)?, events::returned(conn, id)?);
    Ok(Some(LetterStory { campaign, letter, reason, attempts, returns }))
}
