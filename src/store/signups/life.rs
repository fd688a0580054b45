//! What becomes of a sign-up: confirmed, withdrawn, reported, erased, expired. Each change is one transaction with its
//! letters and counts.

use diesel::prelude::*;

use super::signup::{offices_of, withdraw_open};
use crate::domain::{Consent, Consents, HeldBecause, MessageKind, MessageState, Metric, Timestamp, TokenHash};
use crate::store::counts::{Place, note};
use crate::store::letters::messages::{self, move_to};
use crate::store::letters::{self, LetterView};
use crate::store::officials::terms::why_ended;
use crate::store::schema::{officials, signup_tokens, signups};
use crate::store::sending::mailboxes;
use crate::store::staff::webhook_events;
use crate::store::{Reader, StoreError, Tx, personal};

/// Where a sign-up stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Waits for its confirmation until then.
    Open(Timestamp),
    /// Was confirmed then.
    Confirmed(Timestamp),
    /// Was not confirmed in time; its personal data is gone.
    Expired,
}

/// A sign-up as its private pages show it.
pub struct SignupView {
    /// The sign-up's id.
    pub id: i64,
    /// Its campaign.
    pub campaign_id: i64,
    /// The supporter's name.
    pub name: String,
    /// Where it stands at the time it was asked for.
    pub progress: Progress,
    /// What its writer agreed to beyond the letters.
    pub consents: Consents,
    /// Its letters; none once it is expired.
    pub letters: Vec<LetterView>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = signups)]
struct Found {
    id: i64,
    campaign_id: i64,
    name: String,
    town: String,
    expires_at: Timestamp,
    confirmed_at: Option<Timestamp>,
    expired_at: Option<Timestamp>,
    may_contact: bool,
    may_quote: bool,
}

impl Found {
    fn progress(&self, now: Timestamp) -> Progress {
        match (self.confirmed_at, self.expired_at) {
            (Some(at), _) => Progress::Confirmed(at),
            (None, None) if self.expires_at > now => Progress::Open(self.expires_at),
            _ => Progress::Expired,
        }
    }
}

fn find(conn: &mut Reader, token: &TokenHash) -> Result<Option<Found>, StoreError> {
    Ok(signup_tokens::table
        .inner_join(signups::table.on(signups::id.eq(signup_tokens::signup_id)))
        .filter(signup_tokens::hash.eq(token))
        .select(Found::as_select())
        .first(conn)
        .optional()?)
}

/// The sign-up that the link's secret belongs to.
pub fn view(conn: &mut Reader, token: &TokenHash, now: Timestamp) -> Result<Option<SignupView>, StoreError> {
    let Some(found) = find(conn, token)? else { return Ok(None) };
    let progress = found.progress(now);
    let letters = if progress == Progress::Expired { Vec::new() } else { letters::of_signup(conn, found.id)? };
    let consents = Consents { contact: found.may_contact, quote: found.may_quote };
    let Found { id, campaign_id, name, .. } = found;
    Ok(Some(SignupView { id, campaign_id, name, progress, consents, letters }))
}

/// What became of a press on the confirm button.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirmed {
    /// It was open; its letters are on their way now.
    Now,
    /// It had been confirmed before, or every letter had been taken back: nothing changed.
    Before,
    /// It was too late.
    Expired,
    /// The letters are not the ones that were shown: a newer sign-up has replaced them. Nothing changed.
    Changed,
}

/// Confirms: letters to mailboxes are queued, letters that the supporter sends by web form are handed over, and those
/// for which neither way is known, or whose official has left, are held. Doing it twice changes nothing.
///
/// `shown` holds the ids of the letters that the person read; without it, what stands there now is confirmed. Whoever
/// knows an address can replace the letters that wait for it, and must not do so between reading and pressing.
/// `None` for an unknown secret.
pub fn confirm(
    tx: &mut Tx<'_>,
    token: &TokenHash,
    shown: Option<&[i64]>,
    now: Timestamp,
) -> Result<Option<Confirmed>, StoreError> {
    let Some(found) = find(tx.conn, token)? else { return Ok(None) };
    match found.progress(now) {
        Progress::Open(_) => {}
        Progress::Confirmed(_) => return Ok(Some(Confirmed::Before)),
        Progress::Expired => return Ok(Some(Confirmed::Expired)),
    }
    let mut letters = messages::movable_of_signup(tx, found.id)?;
    let waiting: Vec<i64> = letters.iter().filter(|m| m.state == MessageState::Unconfirmed).map(|m| m.id).collect();
    if waiting.is_empty() {
        return Ok(Some(Confirmed::Before));
    }
    if shown.is_some_and(|shown| shown != waiting) {
        return Ok(Some(Confirmed::Changed));
    }
    let offices = offices_of(&letters, []);
    for letter in letters.iter_mut().filter(|m| m.state == MessageState::Unconfirmed) {
        let (to, reason) = way_of(tx, letter.official_id)?;
        match to {
            MessageState::Queued => messages::queue(tx, letter, now)?,
            _ => move_to(tx, letter, to, reason, now)?,
        }
    }
    diesel::update(signups::table.find(found.id)).set(signups::confirmed_at.eq(now)).execute(tx.conn)?;
    let day = tx.day(found.campaign_id, now)?;
    let place = Place { campaign: found.campaign_id, offices: &offices, town: &found.town, day: day.as_str() };
    note(tx, &place, Metric::Confirmed, 1);
    webhook_events::confirmed(tx, found.campaign_id, found.id, now)?;
    Ok(Some(Confirmed::Now))
}

/// How an official can be reached.
#[derive(Queryable, Selectable)]
#[diesel(table_name = officials)]
struct Reach {
    email: Option<String>,
    webform: Option<String>,
    ended_at: Option<Timestamp>,
    term_ends: Option<Timestamp>,
}

/// How a letter to this official goes out.
pub(in crate::store) fn way_of(
    tx: &mut Tx<'_>,
    official: Option<i64>,
) -> Result<(MessageState, Option<HeldBecause>), StoreError> {
    let Some(official) = official else { return Ok((MessageState::Held, Some(HeldBecause::ToNobody))) };
    let reach: Reach = officials::table.find(official).select(Reach::as_select()).first(tx.conn)?;
    Ok(match (reach.ended_at, reach.email, reach.webform) {
        (Some(ended_at), _, _) => (MessageState::Held, Some(why_ended(ended_at, reach.term_ends))),
        (None, Some(mailbox), _) if mailboxes::is_dead(tx.conn, official, &mailbox)? => {
            (MessageState::Held, Some(HeldBecause::MailboxDead))
        }
        (None, Some(_), _) => (MessageState::Queued, None),
        (None, None, Some(_)) => (MessageState::SelfSend, None),
        (None, None, None) => (MessageState::Held, Some(HeldBecause::NoWay)),
    })
}

/// The supporter takes back what they agreed to beyond their letters: from this commit on they are in no export and no
/// report for it. False for an unknown secret.
pub fn withdraw_consent(tx: &mut Tx<'_>, token: &TokenHash, consent: Consent) -> Result<bool, StoreError> {
    let Some(found) = find(tx.conn, token)? else { return Ok(false) };
    let row = signups::table.find(found.id);
    match consent {
        Consent::Contact => diesel::update(row).set(signups::may_contact.eq(false)).execute(tx.conn)?,
        Consent::Quote => diesel::update(row).set((signups::may_quote.eq(false), signups::own_words.eq(""))).execute(tx.conn)?,
    };
    Ok(true)
}

/// Takes back every letter that is not sent yet. Gives how many there were; `None` for an unknown secret.
pub fn withdraw(tx: &mut Tx<'_>, token: &TokenHash, now: Timestamp) -> Result<Option<usize>, StoreError> {
    let Some(found) = find(tx.conn, token)? else { return Ok(None) };
    let mut letters = messages::movable_of_signup(tx, found.id)?;
    letters.retain(|m| m.kind == MessageKind::Letter);
    withdraw_open(tx, &mut letters, now).map(Some)
}

/// The supporter says that they sent this letter themselves. False when there is no such letter to report.
pub fn self_report(tx: &mut Tx<'_>, token: &TokenHash, message: i64, now: Timestamp) -> Result<Option<bool>, StoreError> {
    let Some(found) = find(tx.conn, token)? else { return Ok(None) };
    let mut letters = messages::movable_of_signup(tx, found.id)?;
    match letters.iter_mut().find(|m| m.id == message && m.state == MessageState::SelfSend) {
        Some(letter) => move_to(tx, letter, MessageState::SelfReported, None, now).map(|()| Some(true)),
        None => Ok(Some(false)),
    }
}

/// Erases the person: all sign-ups of this supporter, in every campaign. What is not sent is withdrawn; what was
/// counted stays counted, without a name. False for an unknown secret.
pub fn erase(tx: &mut Tx<'_>, token: &TokenHash, now: Timestamp) -> Result<bool, StoreError> {
    let Some(found) = find(tx.conn, token)? else { return Ok(false) };
    let supporter: Option<i64> = signups::table.find(found.id).select(signups::supporter_id).first(tx.conn)?;
    let all: Vec<i64> = signups::table
        .filter(signups::id.eq(found.id).or(signups::supporter_id.is_not_null().and(signups::supporter_id.eq(supporter))))
        .select(signups::id)
        .load(tx.conn)?;
    for signup in all {
        let mut open = messages::movable_of_signup(tx, signup)?;
        withdraw_open(tx, &mut open, now)?;
        diesel::delete(signup_tokens::table.filter(signup_tokens::signup_id.eq(signup))).execute(tx.conn)?;
        diesel::update(signups::table.find(signup)).set(signups::erased_at.eq(now)).execute(tx.conn)?;
        personal::erase(tx, signup)?;
    }
    Ok(true)
}

/// Ends the sign-ups that were not confirmed in time, `limit` at most, and erases their personal data. Gives how many.
pub fn expire(tx: &mut Tx<'_>, limit: i64, now: Timestamp) -> Result<usize, StoreError> {
    let late: Vec<i64> = signups::table
        .filter(signups::expires_at.le(now))
        .filter(signups::confirmed_at.is_null().and(signups::expired_at.is_null()).and(signups::erased_at.is_null()))
        .order(signups::expires_at)
        .limit(limit)
        .select(signups::id)
        .load(tx.conn)?;
    for signup in &late {
        for message in &mut messages::movable_of_signup(tx, *signup)? {
            match message.state {
                MessageState::Unconfirmed => move_to(tx, message, MessageState::Expired, None, now)?,
                state if state.can_withdraw() => move_to(tx, message, MessageState::Withdrawn, None, now)?,
                _ => {}
            }
        }
        diesel::update(signups::table.find(*signup)).set(signups::expired_at.eq(now)).execute(tx.conn)?;
        personal::erase(tx, *signup)?;
    }
    Ok(late.len())
}
