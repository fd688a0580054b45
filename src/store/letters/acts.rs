//! What staff do to one letter: let it go, try it anew, take it back. Each goes by the life of a letter, and its counts with it.

use diesel::prelude::*;

use super::messages::{self, Movable, movable, move_to};
use crate::domain::{HeldBecause, LetterAct, MessageKind, MessageState, Timestamp};
use crate::store::schema::{message_texts, messages as rows};
use crate::store::signups::life::way_of;
use crate::store::{StoreError, Tx};

/// Why a letter was taken back, where its writer did not do it.
pub const TAKEN_BACK: &str = "taken back by the campaign";

/// What came of an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acted {
    /// It was done.
    Done,
    /// The campaign has no such letter.
    NoLetter,
    /// The letter is no longer where its page said: somebody was faster, or it went on by itself.
    Moved(MessageState),
    /// Letters in this state have no such act.
    NotOffered(MessageState),
    /// Its office can't be written to, for this reason.
    NoWay(HeldBecause),
    /// Its office takes web-form mail only.
    WebForm,
    /// Its writer erased their data.
    Erased,
}

/// Carries out `act` on a letter of the campaign that stood in `shown` when it was looked at. `message_id` is a new one,
/// for a letter that was returned.
pub fn act(
    tx: &mut Tx<'_>,
    (campaign, id): (i64, i64),
    act: LetterAct,
    shown: MessageState,
    message_id: &str,
    now: Timestamp,
) -> Result<Acted, StoreError> {
    let found = movable(tx, &[id])?.into_iter().find(|m| m.campaign_id == campaign && m.kind == MessageKind::Letter);
    let Some(mut letter) = found else { return Ok(Acted::NoLetter) };
    if letter.state != shown {
        return Ok(Acted::Moved(letter.state));
    }
    if !act.offered(letter.state) {
        return Ok(Acted::NotOffered(letter.state));
    }
    match act {
        LetterAct::Release | LetterAct::Resend => send(tx, &mut letter, act, message_id, now),
        LetterAct::Cancel => {
            move_to(tx, &mut letter, MessageState::Withdrawn, None, now)?;
            diesel::update(rows::table.find(id)).set(rows::reason.eq(TAKEN_BACK)).execute(tx.conn)?;
            Ok(Acted::Done)
        }
    }
}

/// Tries a letter anew that failed or was returned; `message_id` is as in [`act`].
pub(in crate::store) fn resend(
    tx: &mut Tx<'_>,
    letter: &mut Movable,
    message_id: &str,
    now: Timestamp,
) -> Result<Acted, StoreError> {
    send(tx, letter, LetterAct::Resend, message_id, now)
}

fn send(tx: &mut Tx<'_>, letter: &mut Movable, act: LetterAct, message_id: &str, now: Timestamp) -> Result<Acted, StoreError> {
    let texts: i64 = message_texts::table.filter(message_texts::message_id.eq(letter.id)).count().get_result(tx.conn)?;
    if texts == 0 {
        return Ok(Acted::Erased);
    }
    match way_of(tx, letter.official_id)? {
        (MessageState::Queued, _) => {}
        (MessageState::SelfSend, _) => return Ok(Acted::WebForm),
        (_, reason) => return Ok(Acted::NoWay(reason.unwrap_or(HeldBecause::NoWay))),
    }
    let returned = letter.state == MessageState::Bounced;
    messages::queue(tx, letter, now)?;
    if act == LetterAct::Resend {
        // Its tries begin anew, and so does what its writer is told of it.
        diesel::update(rows::table.find(letter.id))
            .set((rows::failures.eq(0), rows::queued_at.eq(now), rows::told_at.eq(None::<i64>)))
            .execute(tx.conn)?;
    }
    if returned {
        // The office's system has seen the old Message-ID, and may drop a second mail that carries it.
        diesel::update(rows::table.find(letter.id)).set(rows::message_id.eq(message_id)).execute(tx.conn)?;
    }
    Ok(Acted::Done)
}
