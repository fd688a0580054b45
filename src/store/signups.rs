//! Sign-ups: accepted, confirmed, withdrawn, expired, erased. Each change is one transaction with its letters and counts.

use std::collections::BTreeSet;

use diesel::prelude::*;

use super::counts::{Place, note};
use super::messages::{self, LetterView, NewLetter, NewNotice, Owner, Standing, move_to};
use super::schema::{attempts, message_texts, messages as message_rows, officials, signup_tokens, signups, supporters};
use super::{Reader, StoreError, Tx};
use crate::domain::{Applicant, EmailAddress, MessageKind, MessageState, Metric, Timestamp, TokenHash};

/// A supporter's act on one campaign, ready to be kept.
pub struct NewSignup {
    /// The campaign.
    pub campaign_id: i64,
    /// The version of its text that the supporter read and agreed to.
    pub version_id: i64,
    /// Who they are.
    pub applicant: Applicant,
    /// The municipality that their address is in.
    pub town: String,
    /// How the offices were found: `town` or `choice`.
    pub found_by: &'static str,
    /// The secret of the link in the confirmation.
    pub token: TokenHash,
    /// Until when the link can be used.
    pub expires_at: Timestamp,
    /// The letters.
    pub letters: Vec<NewLetter>,
    /// The confirmation mail.
    pub confirmation: NewNotice,
}

/// A supporter, and what there is of them already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownSupporter {
    /// The supporter's id.
    pub id: i64,
    /// Their sign-up on this campaign.
    pub signup: Option<i64>,
    /// When that was confirmed.
    pub confirmed_at: Option<Timestamp>,
    /// Notices queued to their address since the given time, for any campaign.
    pub notices: i64,
}

/// The supporter of that address, made where they are new, with their sign-up on the campaign and the notices they
/// got since `since`. Nearly everyone is new, so that is tried first and asks nothing else.
pub fn supporter(
    tx: &mut Tx<'_>,
    campaign: i64,
    email: &EmailAddress,
    since: Timestamp,
    now: Timestamp,
) -> Result<KnownSupporter, StoreError> {
    let key = email.key();
    let new: Option<i64> = diesel::insert_into(supporters::table)
        .values((supporters::email_key.eq(&key), supporters::email.eq(email.as_str()), supporters::created_at.eq(now.millis())))
        .on_conflict_do_nothing()
        .returning(supporters::id)
        .get_result(tx.conn)
        .optional()?;
    if let Some(id) = new {
        return Ok(KnownSupporter { id, signup: None, confirmed_at: None, notices: 0 });
    }
    let id: i64 = supporters::table.filter(supporters::email_key.eq(&key)).select(supporters::id).first(tx.conn)?;
    let notices = message_rows::table
        .inner_join(signups::table.on(signups::id.eq(message_rows::signup_id)))
        .filter(signups::supporter_id.eq(id))
        .filter(message_rows::kind.ne(MessageKind::Letter.as_str()).and(message_rows::created_at.gt(since.millis())))
        .count()
        .get_result(tx.conn)?;
    let signup: Option<(i64, Option<i64>)> = signups::table
        .filter(signups::supporter_id.eq(id).and(signups::campaign_id.eq(campaign)))
        .select((signups::id, signups::confirmed_at))
        .first(tx.conn)
        .optional()?;
    let confirmed_at = signup.and_then(|(_, at)| at).map(Timestamp::from_millis);
    Ok(KnownSupporter { id, signup: signup.map(|(id, _)| id), confirmed_at, notices })
}

/// Keeps a supporter's first sign-up on a campaign: letters and confirmation together.
pub fn insert(tx: &mut Tx<'_>, supporter: i64, new: &NewSignup, now: Timestamp) -> Result<(), StoreError> {
    let person = &new.applicant;
    let signup: i64 = diesel::insert_into(signups::table)
        .values((
            signups::campaign_id.eq(new.campaign_id),
            signups::version_id.eq(new.version_id),
            signups::supporter_id.eq(supporter),
            signups::name.eq(person.name.as_str()),
            signups::street.eq(person.address.street.as_str()),
            signups::city.eq(person.address.city.as_str()),
            signups::zip.eq(person.address.zip.as_str()),
            signups::town.eq(&new.town),
            signups::found_by.eq(new.found_by),
            signups::created_at.eq(now.millis()),
            signups::expires_at.eq(new.expires_at.millis()),
        ))
        .returning(signups::id)
        .get_result(tx.conn)?;
    let day = tx.day(new.campaign_id, now)?;
    let offices: Vec<i64> = new.letters.iter().map(|letter| letter.office_id).collect();
    note(tx, &Place { campaign: new.campaign_id, offices: &offices, town: &new.town, day: day.as_str() }, Metric::SignedUp, 1);
    add_letters(tx, signup, new, now)?;
    insert_token(tx, signup, &new.token)?;
    messages::insert_notice(tx, &Owner { campaign: new.campaign_id, signup, town: &new.town }, &new.confirmation, now)
}

/// Puts a new sign-up in the place of one that was not confirmed: a corrected address or new words. The letters
/// written before are gone; the links sent before show what is to be sent now. `mail`: send the new confirmation too.
pub fn replace(tx: &mut Tx<'_>, signup: i64, new: &NewSignup, mail: bool, now: Timestamp) -> Result<(), StoreError> {
    let person = &new.applicant;
    let (town, created_at): (String, i64) =
        signups::table.find(signup).select((signups::town, signups::created_at)).first(tx.conn)?;
    let day = tx.day(new.campaign_id, Timestamp::from_millis(created_at))?;
    let mut before = messages::standing_of_signup(tx, signup)?;
    let offices_before = offices_of(&before, []);
    // Letters that were withdrawn stay, and their writer goes on counting for their offices.
    let staying: Vec<Standing> = before.iter().filter(|m| m.state != MessageState::Unconfirmed).cloned().collect();
    let offices = offices_of(&staying, new.letters.iter().map(|letter| letter.office_id));
    // The supporter counts once, where they live now.
    note(
        tx,
        &Place { campaign: new.campaign_id, offices: &offices_before, town: &town, day: day.as_str() },
        Metric::SignedUp,
        -1,
    );
    note(tx, &Place { campaign: new.campaign_id, offices: &offices, town: &new.town, day: day.as_str() }, Metric::SignedUp, 1);
    messages::delete_unconfirmed(tx, &before)?;
    before.retain(|m| m.kind != MessageKind::Letter);
    if mail {
        withdraw_open(tx, &mut before, now)?;
    }
    diesel::update(signups::table.find(signup))
        .set((
            signups::version_id.eq(new.version_id),
            signups::name.eq(person.name.as_str()),
            signups::street.eq(person.address.street.as_str()),
            signups::city.eq(person.address.city.as_str()),
            signups::zip.eq(person.address.zip.as_str()),
            signups::town.eq(&new.town),
            signups::found_by.eq(new.found_by),
            signups::expires_at.eq(new.expires_at.millis()),
        ))
        .execute(tx.conn)?;
    add_letters(tx, signup, new, now)?;
    if mail { notify(tx, signup, &new.token, &new.confirmation, now) } else { Ok(()) }
}

/// Queues one more notice to the supporter, whose links hold `token`.
pub fn notify(tx: &mut Tx<'_>, signup: i64, token: &TokenHash, notice: &NewNotice, now: Timestamp) -> Result<(), StoreError> {
    let (campaign, town): (i64, String) =
        signups::table.find(signup).select((signups::campaign_id, signups::town)).first(tx.conn)?;
    insert_token(tx, signup, token)?;
    messages::insert_notice(tx, &Owner { campaign, signup, town: &town }, notice, now)
}

fn add_letters(tx: &mut Tx<'_>, signup: i64, new: &NewSignup, now: Timestamp) -> Result<(), StoreError> {
    let owner = Owner { campaign: new.campaign_id, signup, town: &new.town };
    new.letters.iter().try_for_each(|letter| messages::insert_letter(tx, &owner, letter, now))
}

/// Each office once, however many letters are for it: the supporter counts once there.
fn offices_of(letters: &[Standing], more: impl IntoIterator<Item = i64>) -> Vec<i64> {
    let offices: BTreeSet<i64> = letters.iter().filter_map(|m| m.office_id).chain(more).collect();
    offices.into_iter().collect()
}

fn insert_token(tx: &mut Tx<'_>, signup: i64, token: &TokenHash) -> Result<(), StoreError> {
    diesel::insert_into(signup_tokens::table)
        .values((signup_tokens::hash.eq(token.as_bytes()), signup_tokens::signup_id.eq(signup)))
        .execute(tx.conn)?;
    Ok(())
}

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
    /// Its letters; none once it is expired.
    pub letters: Vec<LetterView>,
}

struct Found {
    id: i64,
    campaign_id: i64,
    name: String,
    town: String,
    progress: Progress,
}

fn find(conn: &mut Reader, token: &TokenHash, now: Timestamp) -> Result<Option<Found>, StoreError> {
    type Row = (i64, i64, String, String, i64, Option<i64>, Option<i64>);
    let row: Option<Row> = signup_tokens::table
        .inner_join(signups::table.on(signups::id.eq(signup_tokens::signup_id)))
        .filter(signup_tokens::hash.eq(token.as_bytes()))
        .select((
            signups::id,
            signups::campaign_id,
            signups::name,
            signups::town,
            signups::expires_at,
            signups::confirmed_at,
            signups::expired_at,
        ))
        .first(conn)
        .optional()?;
    Ok(row.map(|(id, campaign_id, name, town, expires_at, confirmed_at, expired_at)| {
        let progress = match (confirmed_at, expired_at) {
            (Some(at), _) => Progress::Confirmed(Timestamp::from_millis(at)),
            (None, None) if expires_at > now.millis() => Progress::Open(Timestamp::from_millis(expires_at)),
            _ => Progress::Expired,
        };
        Found { id, campaign_id, name, town, progress }
    }))
}

/// The sign-up that the link's secret belongs to.
pub fn view(conn: &mut Reader, token: &TokenHash, now: Timestamp) -> Result<Option<SignupView>, StoreError> {
    let Some(found) = find(conn, token, now)? else { return Ok(None) };
    let letters = if found.progress == Progress::Expired { Vec::new() } else { messages::letters(conn, found.id)? };
    Ok(Some(SignupView { id: found.id, campaign_id: found.campaign_id, name: found.name, progress: found.progress, letters }))
}

/// Confirms: letters to mailboxes are queued, letters that the supporter sends by web form are handed over, and those
/// for which neither way is known, or whose official has left, are held. Doing it twice changes nothing.
/// Gives where the sign-up stood before; `None` for an unknown secret.
pub fn confirm(tx: &mut Tx<'_>, token: &TokenHash, now: Timestamp) -> Result<Option<Progress>, StoreError> {
    let Some(found) = find(tx.conn, token, now)? else { return Ok(None) };
    if !matches!(found.progress, Progress::Open(_)) {
        return Ok(Some(found.progress));
    }
    let mut letters = messages::standing_of_signup(tx, found.id)?;
    let offices = offices_of(&letters, []);
    for letter in letters.iter_mut().filter(|m| m.state == MessageState::Unconfirmed) {
        let (to, reason) = way_of(tx, letter.official_id)?;
        move_to(tx, letter, to, reason, now)?;
        if to == MessageState::Queued {
            diesel::update(message_rows::table.find(letter.id))
                .set((message_rows::queued_at.eq(now.millis()), message_rows::due_at.eq(now.millis())))
                .execute(tx.conn)?;
        }
    }
    diesel::update(signups::table.find(found.id)).set(signups::confirmed_at.eq(now.millis())).execute(tx.conn)?;
    let day = tx.day(found.campaign_id, now)?;
    let place = Place { campaign: found.campaign_id, offices: &offices, town: &found.town, day: day.as_str() };
    note(tx, &place, Metric::Confirmed, 1);
    Ok(Some(found.progress))
}

/// How a letter to this official goes out.
fn way_of(tx: &mut Tx<'_>, official: Option<i64>) -> Result<(MessageState, Option<&'static str>), StoreError> {
    let Some(official) = official else { return Ok((MessageState::Held, Some("it is written to nobody"))) };
    let (email, webform, ended_at): (Option<String>, Option<String>, Option<i64>) =
        officials::table.find(official).select((officials::email, officials::webform, officials::ended_at)).first(tx.conn)?;
    Ok(match (ended_at, email, webform) {
        (Some(_), _, _) => (MessageState::Held, Some("the official is no longer in office")),
        (None, Some(_), _) => (MessageState::Queued, None),
        (None, None, Some(_)) => (MessageState::SelfSend, None),
        (None, None, None) => (MessageState::Held, Some("no mailbox and no web form of the office is known")),
    })
}

/// Takes back every letter that is not sent yet. Gives how many there were; `None` for an unknown secret.
pub fn withdraw(tx: &mut Tx<'_>, token: &TokenHash, now: Timestamp) -> Result<Option<usize>, StoreError> {
    let Some(found) = find(tx.conn, token, now)? else { return Ok(None) };
    let mut letters = messages::standing_of_signup(tx, found.id)?;
    letters.retain(|m| m.kind == MessageKind::Letter);
    withdraw_open(tx, &mut letters, now).map(Some)
}

/// The supporter says that they sent this letter themselves. False when there is no such letter to report.
pub fn self_report(tx: &mut Tx<'_>, token: &TokenHash, message: i64, now: Timestamp) -> Result<Option<bool>, StoreError> {
    let Some(found) = find(tx.conn, token, now)? else { return Ok(None) };
    let mut letters = messages::standing_of_signup(tx, found.id)?;
    match letters.iter_mut().find(|m| m.id == message && m.state == MessageState::SelfSend) {
        Some(letter) => move_to(tx, letter, MessageState::SelfReported, None, now).map(|()| Some(true)),
        None => Ok(Some(false)),
    }
}

/// Erases the person: all sign-ups of this supporter, in every campaign. What is not sent is withdrawn; what was
/// counted stays counted, without a name. False for an unknown secret.
pub fn erase(tx: &mut Tx<'_>, token: &TokenHash, now: Timestamp) -> Result<bool, StoreError> {
    let Some(found) = find(tx.conn, token, now)? else { return Ok(false) };
    let supporter: Option<i64> = signups::table.find(found.id).select(signups::supporter_id).first(tx.conn)?;
    let all: Vec<i64> = signups::table
        .filter(signups::id.eq(found.id).or(signups::supporter_id.is_not_null().and(signups::supporter_id.eq(supporter))))
        .select(signups::id)
        .load(tx.conn)?;
    for signup in all {
        let mut open = messages::standing_of_signup(tx, signup)?;
        withdraw_open(tx, &mut open, now)?;
        diesel::delete(signup_tokens::table.filter(signup_tokens::signup_id.eq(signup))).execute(tx.conn)?;
        diesel::update(signups::table.find(signup)).set(signups::erased_at.eq(now.millis())).execute(tx.conn)?;
        forget(tx, signup)?;
    }
    Ok(true)
}

/// Ends the sign-ups that were not confirmed in time, `limit` at most, and erases their personal data. Gives how many.
pub fn expire(tx: &mut Tx<'_>, limit: i64, now: Timestamp) -> Result<usize, StoreError> {
    let late: Vec<i64> = signups::table
        .filter(signups::expires_at.le(now.millis()))
        .filter(signups::confirmed_at.is_null().and(signups::expired_at.is_null()).and(signups::erased_at.is_null()))
        .order(signups::expires_at)
        .limit(limit)
        .select(signups::id)
        .load(tx.conn)?;
    for signup in &late {
        for message in &mut messages::standing_of_signup(tx, *signup)? {
            match message.state {
                MessageState::Unconfirmed => move_to(tx, message, MessageState::Expired, None, now)?,
                state if state.can_withdraw() => move_to(tx, message, MessageState::Withdrawn, None, now)?,
                _ => {}
            }
        }
        diesel::update(signups::table.find(*signup)).set(signups::expired_at.eq(now.millis())).execute(tx.conn)?;
        forget(tx, *signup)?;
    }
    Ok(late.len())
}

fn withdraw_open(tx: &mut Tx<'_>, standing: &mut [Standing], now: Timestamp) -> Result<usize, StoreError> {
    let mut withdrawn = 0;
    for message in standing.iter_mut().filter(|m| m.state.can_withdraw()) {
        move_to(tx, message, MessageState::Withdrawn, None, now)?;
        withdrawn += 1;
    }
    Ok(withdrawn)
}

/// Removes all that is personal in one sign-up, and the supporter when nothing else is theirs.
fn forget(tx: &mut Tx<'_>, signup: i64) -> Result<(), StoreError> {
    let of_signup = message_rows::table.filter(message_rows::signup_id.eq(signup)).select(message_rows::id);
    diesel::delete(message_texts::table.filter(message_texts::message_id.eq_any(of_signup))).execute(tx.conn)?;
    diesel::update(attempts::table.filter(attempts::message_id.eq_any(of_signup)))
        .set(attempts::reply.eq(""))
        .execute(tx.conn)?;
    let supporter: Option<i64> = signups::table.find(signup).select(signups::supporter_id).first(tx.conn)?;
    diesel::update(signups::table.find(signup))
        .set((
            signups::supporter_id.eq(None::<i64>),
            signups::name.eq(""),
            signups::street.eq(""),
            signups::city.eq(""),
            signups::zip.eq(""),
        ))
        .execute(tx.conn)?;
    if let Some(supporter) = supporter {
        let others: i64 = signups::table.filter(signups::supporter_id.eq(supporter)).count().get_result(tx.conn)?;
        if others == 0 {
            diesel::delete(supporters::table.find(supporter)).execute(tx.conn)?;
        }
    }
    Ok(())
}
