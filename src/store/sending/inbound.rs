//! What came back: each mail once, and what it means for its message.

use diesel::prelude::*;

use super::answers::{self, Answer};
use super::{blocks, mailboxes};
use crate::domain::{EmailAddress, MessageKind, MessageState, ReturnCause, ReturnKind, Timestamp};
use crate::store::letters::messages::{movable, move_to};
use crate::store::schema::{messages, officials, returns, signups, supporters};
use crate::store::{Reader, StoreError, Tx, settings};

/// A mail that came back, read.
#[derive(Clone)]
pub struct Returned {
    /// SHA-256 of the whole mail: the same one counts once.
    pub digest: Vec<u8>,
    /// The message that it is about.
    pub message: Option<i64>,
    /// What it means.
    pub kind: ReturnKind,
    /// The enhanced status (RFC 3463).
    pub status: Option<String>,
    /// Why it came back.
    pub cause: Option<ReturnCause>,
    /// The mailbox that the cause is about.
    pub mailbox: Option<String>,
    /// The mail system's words.
    pub words: String,
    /// Somebody's words.
    pub answer: Option<Answer>,
}

impl Returned {
    /// A mail about that message that means nothing for it.
    #[must_use]
    pub const fn of(digest: Vec<u8>, message: Option<i64>) -> Self {
        Self {
            digest,
            message,
            kind: ReturnKind::Other,
            status: None,
            cause: None,
            mailbox: None,
            words: String::new(),
            answer: None,
        }
    }

    fn says_no_mailbox(&self) -> bool {
        self.cause == Some(ReturnCause::NoMailbox)
    }
}

/// The mailbox that a message went to: the official's, or for a notice the supporter's.
pub fn mailbox(conn: &mut Reader, message: i64) -> Result<Option<String>, StoreError> {
    let Some(about) = about(conn, message)? else { return Ok(None) };
    Ok(if about.kind == MessageKind::Letter { about.mailbox } else { about.supporter.map(|email| email.as_str().to_owned()) })
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recorded {
    /// It is on record.
    Now,
    /// It was on record already, or means nothing for any message of ours.
    Before,
    /// Its message is still in hand: nothing was recorded, and it has to be handed over again in a moment.
    TooEarly,
}

/// Records it once, and moves its letter. A message that is not `sent` stays where it is: a second report of the same failure, or one
/// about a letter that was taken back, changes nothing but the record.
pub fn record(tx: &mut Tx<'_>, returned: &Returned, now: Timestamp) -> Result<Recorded, StoreError> {
    let about = match returned.message {
        Some(id) => about(tx.conn, id)?,
        None => None,
    };
    if about.as_ref().is_some_and(|about| about.state == MessageState::Sending) && returned.kind == ReturnKind::Failed {
        return Ok(Recorded::TooEarly);
    }
    let Some(about) = about else {
        // Anybody can write to a return path: what names no message of ours is counted, not kept.
        settings::count(tx, &unmatched(returned.kind))?;
        return Ok(Recorded::Before);
    };
    let words = about.supporter.as_ref().map(|supporter| supporter.hidden_in(&returned.words)).unwrap_or_default();
    // Whoever signed up is nowhere in what is kept.
    let missing = returned.mailbox.as_ref().filter(|_| returned.says_no_mailbox() && about.kind == MessageKind::Letter);
    let new = diesel::insert_into(returns::table)
        .values((
            returns::digest.eq(&returned.digest),
            returns::message_id.eq(about.id),
            returns::kind.eq(returned.kind),
            returns::status.eq(&returned.status),
            returns::words.eq(&words),
            returns::cause.eq(returned.cause.map(ReturnCause::as_str)),
            returns::mailbox.eq(missing),
            returns::received_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .execute(tx.conn)?;
    if new == 0 {
        return Ok(Recorded::Before);
    }
    settings::count(tx, &matched(returned.kind))?;
    match returned.kind {
        ReturnKind::Failed => fail(tx, &about, returned, &words, now)?,
        ReturnKind::Complaint if about.kind != MessageKind::Letter => end_notices(tx, about.signup, now)?,
        // A machine's answer is for who wrote the letter, and else for nobody; a person's is never lost.
        ReturnKind::AutomaticReply if about.kind == MessageKind::Letter && about.supporter.is_some() => {
            keep_answer(tx, &about, returned, now)?;
        }
        ReturnKind::Answer => keep_answer(tx, &about, returned, now)?,
        _ => {}
    }
    Ok(Recorded::Now)
}

/// What a report needs to know of its message.
#[derive(Queryable, Selectable)]
#[diesel(table_name = messages)]
struct About {
    id: i64,
    kind: MessageKind,
    state: MessageState,
    #[diesel(column_name = signup_id)]
    signup: i64,
    #[diesel(column_name = official_id)]
    official: Option<i64>,
    #[diesel(select_expression = officials::email.nullable())]
    mailbox: Option<String>,
    #[diesel(select_expression = supporters::email.nullable())]
    supporter: Option<EmailAddress>,
}

fn about(conn: &mut Reader, id: i64) -> Result<Option<About>, StoreError> {
    Ok(messages::table
        .inner_join(signups::table.on(signups::id.eq(messages::signup_id)))
        .left_join(supporters::table.on(supporters::id.nullable().eq(signups::supporter_id)))
        .left_join(officials::table.on(officials::id.nullable().eq(messages::official_id)))
        .filter(messages::id.eq(id))
        .select(About::as_select())
        .first(conn)
        .optional()?)
}

fn fail(tx: &mut Tx<'_>, about: &About, returned: &Returned, words: &str, now: Timestamp) -> Result<(), StoreError> {
    for message in movable(tx, &[about.id])?.iter_mut().filter(|message| message.state == MessageState::Sent) {
        move_to(tx, message, MessageState::Bounced, None, now)?;
    }
    if about.kind != MessageKind::Letter {
        // The address that somebody typed takes no mail: it gets no more of ours.
        return if returned.says_no_mailbox() { end_notices(tx, about.signup, now) } else { Ok(()) };
    }
    let said = || [returned.status.as_deref().unwrap_or_default(), words].join(" ").trim().to_owned();
    match (returned.cause, about.official, &returned.mailbox) {
        (Some(ReturnCause::NoMailbox), Some(official), Some(mailbox)) if mailboxes::several_say_dead(tx, official, mailbox)? => {
            mailboxes::mark_dead(tx, official, mailbox, &said(), now)
        }
        (Some(ReturnCause::Blocked), ..) => blocks::told(tx, &said(), now),
        _ => Ok(()),
    }
}

fn keep_answer(tx: &mut Tx<'_>, about: &About, returned: &Returned, now: Timestamp) -> Result<(), StoreError> {
    if let Some(answer) = &returned.answer {
        answers::keep(tx, about.id, answer, now)?;
    }
    Ok(())
}

/// The mailbox of whoever signed up does not want our notices, or does not exist.
fn end_notices(tx: &mut Tx<'_>, signup: i64, now: Timestamp) -> Result<(), StoreError> {
    diesel::update(signups::table.find(signup)).set(signups::notices_end_at.eq(now)).execute(tx.conn)?;
    Ok(())
}

/// Under which name those about a message of ours are counted.
fn matched(kind: ReturnKind) -> String {
    format!("returns_{}", kind.as_str())
}

/// Where mails of that kind are counted that name no message of ours.
fn unmatched(kind: ReturnKind) -> String {
    format!("returns_unmatched_{}", kind.as_str())
}

/// What came back, in all: of each kind how many about our messages, and how many that named none.
pub fn counts(conn: &mut Reader) -> Result<Vec<(ReturnKind, i64, i64)>, StoreError> {
    ReturnKind::ALL
        .into_iter()
        .map(|kind| Ok((kind, settings::counted(conn, &matched(kind))?, settings::counted(conn, &unmatched(kind))?)))
        .collect()
}
