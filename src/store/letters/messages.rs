//! Messages: how they begin, and the only function that moves them.

use diesel::prelude::*;

use crate::domain::{HeldBecause, MessageKind, MessageState, Metric, Timestamp};
use crate::store::counts::{Place, kept_as, note, note_words};
use crate::store::literal::literal;
use crate::store::schema::{campaigns, message_texts, messages, officials};
use crate::store::{StoreError, Tx};

/// The destination of notices: all supporters' mailboxes together.
pub const SUPPORTERS: i64 = 1;

/// A message's text, as it will be sent. Without `Debug`, like all that holds it: it must not reach a log.
#[derive(Clone, Insertable, Queryable, Selectable)]
#[diesel(table_name = message_texts)]
pub struct MessageText {
    /// The name in the From header: the supporter's and the campaign's for a letter, the campaign's for a notice.
    pub from_name: String,
    /// The subject, one line.
    pub subject: String,
    /// The plain text.
    #[diesel(column_name = body_text)]
    pub text: String,
    /// The same as HTML; letters have none.
    #[diesel(column_name = body_html)]
    pub html: Option<String>,
}

/// A letter that a sign-up brings.
#[derive(Clone)]
pub struct NewLetter {
    /// The office it is for.
    pub office_id: i64,
    /// Who held the office when it was written.
    pub official_id: i64,
    /// Where it waits.
    pub destination_id: i64,
    /// Its Message-ID (RFC 5322 section 3.6.4), made once.
    pub message_id: String,
    /// What it says.
    pub text: MessageText,
}

/// A notice to a supporter.
#[derive(Clone)]
pub struct NewNotice {
    /// Which one.
    pub kind: MessageKind,
    /// Its Message-ID, made once.
    pub message_id: String,
    /// What it says.
    pub text: MessageText,
}

/// Where a sign-up's messages belong and count.
pub(in crate::store) struct Owner<'a> {
    pub(in crate::store) campaign: i64,
    pub(in crate::store) signup: i64,
    pub(in crate::store) town: &'a str,
}

/// Keeps a letter as `unconfirmed`. `own_words`: it holds something that its writer wrote themselves.
pub(in crate::store) fn insert_letter(
    tx: &mut Tx<'_>,
    owner: &Owner<'_>,
    letter: &NewLetter,
    own_words: bool,
    now: Timestamp,
) -> Result<(), StoreError> {
    let day = tx.day(owner.campaign, now)?;
    let id: i64 = diesel::insert_into(messages::table)
        .values((
            messages::kind.eq(MessageKind::Letter),
            messages::state.eq(MessageState::Unconfirmed),
            messages::campaign_id.eq(owner.campaign),
            messages::signup_id.eq(owner.signup),
            messages::town.eq(owner.town),
            messages::office_id.eq(letter.office_id),
            messages::official_id.eq(letter.official_id),
            messages::destination_id.eq(letter.destination_id),
            messages::message_id.eq(&letter.message_id),
            messages::created_at.eq(now),
            messages::due_at.eq(now),
            messages::failures.eq(0),
            messages::state_since.eq(now),
            messages::state_day.eq(&day),
            messages::own_words.eq(own_words),
        ))
        .returning(messages::id)
        .get_result(tx.conn)?;
    insert_text(tx, id, &letter.text)?;
    note_words(tx, owner.campaign, own_words, 1);
    let place = Place { campaign: owner.campaign, offices: &[letter.office_id], town: owner.town, day: day.as_str() };
    note(tx, &place, Metric::Letters(MessageState::Unconfirmed), 1);
    Ok(())
}

/// Keeps a notice as `queued`, due at `due`.
pub(in crate::store) fn insert_notice(
    tx: &mut Tx<'_>,
    owner: &Owner<'_>,
    notice: &NewNotice,
    due: Timestamp,
    now: Timestamp,
) -> Result<(), StoreError> {
    let day = tx.day(owner.campaign, now)?;
    let id: i64 = diesel::insert_into(messages::table)
        .values((
            messages::kind.eq(notice.kind),
            messages::state.eq(MessageState::Queued),
            messages::campaign_id.eq(owner.campaign),
            messages::signup_id.eq(owner.signup),
            messages::town.eq(owner.town),
            messages::destination_id.eq(SUPPORTERS),
            messages::message_id.eq(&notice.message_id),
            messages::created_at.eq(now),
            messages::queued_at.eq(now),
            messages::due_at.eq(due),
            messages::failures.eq(0),
            messages::state_since.eq(now),
            messages::state_day.eq(day),
        ))
        .returning(messages::id)
        .get_result(tx.conn)?;
    insert_text(tx, id, &notice.text)
}

fn insert_text(tx: &mut Tx<'_>, id: i64, text: &MessageText) -> Result<(), StoreError> {
    diesel::insert_into(message_texts::table).values((message_texts::message_id.eq(id), text)).execute(tx.conn)?;
    Ok(())
}

/// What a move needs to know of a message.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = messages)]
pub(in crate::store) struct Movable {
    pub(in crate::store) id: i64,
    pub(in crate::store) kind: MessageKind,
    pub(in crate::store) state: MessageState,
    pub(in crate::store) office_id: Option<i64>,
    pub(in crate::store) official_id: Option<i64>,
    pub(in crate::store) campaign_id: i64,
    pub(in crate::store) town: String,
    #[diesel(column_name = state_day)]
    pub(in crate::store) day: String,
}

pub(in crate::store) fn movable(tx: &mut Tx<'_>, ids: &[i64]) -> Result<Vec<Movable>, StoreError> {
    let some = messages::table.filter(messages::id.eq_any(ids));
    Ok(some.order(messages::id).select(Movable::as_select()).load(tx.conn)?)
}

pub(in crate::store) fn movable_of_signup(tx: &mut Tx<'_>, signup: i64) -> Result<Vec<Movable>, StoreError> {
    let all = messages::table.filter(messages::signup_id.eq(signup));
    Ok(all.order(messages::id).select(Movable::as_select()).load(tx.conn)?)
}

/// Moves a message, as far as its life has that move, and its counts with it. `reason` says why it is held;
/// any other move forgets it. Leases end with every move but the one into `sending`.
pub(in crate::store) fn move_to(
    tx: &mut Tx<'_>,
    message: &mut Movable,
    to: MessageState,
    reason: Option<HeldBecause>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let from = message.state;
    message.state = from.go(to)?;
    let day = tx.day(message.campaign_id, now)?.as_str().to_owned();
    diesel::update(messages::table.find(message.id))
        .set((
            messages::state.eq(to),
            messages::state_since.eq(now),
            messages::state_day.eq(&day),
            messages::reason.eq(reason),
            messages::lease_owner.eq(None::<String>),
            messages::lease_until.eq(None::<i64>),
        ))
        .execute(tx.conn)?;
    recount(tx, message, from, &day);
    message.day = day;
    Ok(())
}

/// The counts' side of a move from `from` to where `message` stands now; notices are not counted.
pub(in crate::store) fn recount(tx: &mut Tx<'_>, message: &Movable, from: MessageState, day: &str) {
    if message.kind != MessageKind::Letter {
        return;
    }
    let offices: Vec<i64> = message.office_id.into_iter().collect();
    let place = |day| Place { campaign: message.campaign_id, offices: &offices, town: &message.town, day };
    note(tx, &place(&message.day), kept_as(from), -1);
    note(tx, &place(day), kept_as(message.state), 1);
}

/// The Message-IDs of messages whose text was erased. It reads every message: for the outbox of development alone.
pub fn ids_of_erased(conn: &mut crate::store::Reader) -> Result<Vec<String>, StoreError> {
    let text = message_texts::table.filter(message_texts::message_id.eq(messages::id));
    Ok(messages::table.filter(diesel::dsl::not(diesel::dsl::exists(text))).select(messages::message_id).load(conn)?)
}

/// Takes back letters that nobody confirmed, as if they had never been written: a newer sign-up takes their place.
pub(in crate::store) fn delete_unconfirmed(tx: &mut Tx<'_>, letters: &[Movable]) -> Result<(), StoreError> {
    for letter in letters.iter().filter(|m| m.kind == MessageKind::Letter && m.state == MessageState::Unconfirmed) {
        let offices: Vec<i64> = letter.office_id.into_iter().collect();
        let place = Place { campaign: letter.campaign_id, offices: &offices, town: &letter.town, day: &letter.day };
        note(tx, &place, Metric::Letters(letter.state), -1);
        let own_words: Option<bool> = messages::table.find(letter.id).select(messages::own_words).first(tx.conn)?;
        if let Some(own_words) = own_words {
            note_words(tx, letter.campaign_id, own_words, -1);
        }
        diesel::delete(message_texts::table.find(letter.id)).execute(tx.conn)?;
        diesel::delete(messages::table.find(letter.id)).execute(tx.conn)?;
    }
    Ok(())
}

/// Letters to this official in this state. They are looked for among those to the official's office, of each campaign.
fn letters_to(tx: &mut Tx<'_>, official: i64, state: MessageState) -> Result<Vec<Movable>, StoreError> {
    let office: i64 = officials::table.find(official).select(officials::office_id).first(tx.conn)?;
    let to_office = messages::office_id.eq(office).and(messages::campaign_id.eq_any(campaigns::table.select(campaigns::id)));
    let letter = messages::kind.eq(literal(MessageKind::Letter.as_str()));
    let filter = to_office.and(letter).and(messages::official_id.eq(official)).and(messages::state.eq(state));
    Ok(messages::table.filter(filter).order(messages::id).select(Movable::as_select()).load(tx.conn)?)
}

/// Letters that were to go to an official who can no longer be written to are kept back; those that supporters send
/// themselves only where the official is gone.
pub(in crate::store) fn hold_letters_to(
    tx: &mut Tx<'_>,
    official: i64,
    reason: HeldBecause,
    now: Timestamp,
) -> Result<(), StoreError> {
    let gone = matches!(reason, HeldBecause::OfficialLeft | HeldBecause::TermEnded);
    let mut letters = letters_to(tx, official, MessageState::Queued)?;
    if gone {
        letters.extend(letters_to(tx, official, MessageState::SelfSend)?);
    }
    for mut letter in letters {
        move_to(tx, &mut letter, MessageState::Held, Some(reason), now)?;
    }
    Ok(())
}

/// Letters that were held for want of their official go on, by the `way` that is open again: they are queued, or are for
/// the supporters to send.
pub(in crate::store) fn release_letters_to(
    tx: &mut Tx<'_>,
    official: i64,
    way: MessageState,
    now: Timestamp,
) -> Result<(), StoreError> {
    for mut letter in letters_to(tx, official, MessageState::Held)? {
        match way {
            MessageState::Queued => queue(tx, &mut letter, now)?,
            _ => move_to(tx, &mut letter, way, None, now)?,
        }
    }
    Ok(())
}

/// Moves a message into the queue, due at once; a letter's retries are counted from its first time there.
pub(in crate::store) fn queue(tx: &mut Tx<'_>, message: &mut Movable, now: Timestamp) -> Result<(), StoreError> {
    move_to(tx, message, MessageState::Queued, None, now)?;
    diesel::update(messages::table.find(message.id)).set(messages::due_at.eq(now)).execute(tx.conn)?;
    diesel::update(messages::table.find(message.id).filter(messages::queued_at.is_null()))
        .set(messages::queued_at.eq(now))
        .execute(tx.conn)?;
    Ok(())
}
