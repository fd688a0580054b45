//! What a supporter has yet to be told of their letters, and that they were told.
//!
//! Each is found by a read, put into words elsewhere, and kept by a write that looks once more: two processes, a crash or a second
//! look never tell the same thing twice.

use std::time::Duration;

use diesel::prelude::*;

use super::signup::{notices_since, notify};
use crate::domain::{MessageKind, MessageState, Timestamp, TokenHash};
use crate::store::letters::messages::NewNotice;
use crate::store::letters::{self, LetterView};
use crate::store::literal::{Literal, literal};
use crate::store::schema::{messages, office_replies, signups};
use crate::store::{Reader, StoreError, Tx};

/// How many sign-ups are looked at for a receipt at a time.
const LOOKED_AT: i64 = 500;
/// How many notices are written at a time.
const AT_ONCE: i64 = 50;

/// What a notice is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    /// All letters have come as far as they come by themselves.
    Receipt,
    /// Letters did not arrive.
    Unreachable,
    /// An answer to a letter came to its return path.
    OfficeReply {
        /// The answer.
        answer: i64,
        /// The letter.
        letter: i64,
    },
}

/// A sign-up with news.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// The sign-up.
    pub signup: i64,
    /// Its campaign.
    pub campaign: i64,
    /// Its supporter.
    pub supporter: i64,
    /// What there is to tell.
    pub news: News,
}

/// The waits before news are told.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// How long a receipt waits after the last change: reports of letters that come back mostly arrive within minutes.
    pub settled: Duration,
    /// How long letters that are held keep a receipt back.
    pub held: Duration,
    /// How long a letter that did not arrive waits for others, so that one mail tells of all.
    pub unreachable: Duration,
}

/// News to tell: letters that did not arrive first, then answers, then receipts. Receipts are looked for among the next sign-ups after
/// `cursor`, in turn, so that a look costs the same however many wait; it gives where the next look begins.
pub fn due(conn: &mut Reader, cursor: i64, patience: Patience, now: Timestamp) -> Result<(Vec<Due>, i64), StoreError> {
    let mut found = unreachable(conn, now.minus(patience.unreachable))?;
    found.extend(answers(conn)?);
    let without: Vec<i64> = signups::table
        .filter(signups::id.gt(cursor))
        .filter(signups::confirmed_at.is_not_null().and(signups::receipt_at.is_null()).and(signups::erased_at.is_null()))
        .order(signups::id)
        .limit(LOOKED_AT)
        .select(signups::id)
        .load(conn)?;
    let next = if i64::try_from(without.len()).is_ok_and(|n| n == LOOKED_AT) { without.last().copied().unwrap_or(0) } else { 0 };
    let of_signup = messages::signup_id.eq(signups::id).and(messages::kind.eq(literal(MessageKind::Letter.as_str())));
    let in_state = |state: MessageState| messages::state.eq(literal(state.as_str()));
    let moving = in_state(MessageState::Unconfirmed).or(in_state(MessageState::Queued)).or(in_state(MessageState::Sending));
    let moving = messages::table.filter(of_signup).filter(moving);
    let held = messages::table.filter(of_signup).filter(in_state(MessageState::Held));
    let unsettled = messages::table.filter(of_signup).filter(messages::state_since.gt(now.minus(patience.settled)));
    let settled: Vec<Waits> = signups::table
        .filter(signups::id.eq_any(&without))
        .filter(diesel::dsl::not(diesel::dsl::exists(moving)))
        .filter(diesel::dsl::not(diesel::dsl::exists(unsettled)))
        .filter(signups::confirmed_at.lt(now.minus(patience.held)).or(diesel::dsl::not(diesel::dsl::exists(held))))
        .order(signups::id)
        .select(Waits::as_select())
        .load(conn)?;
    found.extend(settled.into_iter().filter_map(|waits| waits.due(News::Receipt)));
    Ok((found, next))
}

/// A sign-up whose supporter is to be told something.
#[derive(Queryable, Selectable)]
#[diesel(table_name = signups)]
struct Waits {
    id: i64,
    campaign_id: i64,
    supporter_id: Option<i64>,
}

impl Waits {
    /// `None` where the supporter was erased meanwhile.
    fn due(self, news: News) -> Option<Due> {
        Some(Due { signup: self.id, campaign: self.campaign_id, supporter: self.supporter_id?, news })
    }
}

/// Letters that did not arrive and of which their writer was not told: the condition of the index `messages_to_tell`.
#[diesel::dsl::auto_type(no_type_alias)]
fn to_tell() -> _ {
    let letter: Literal = literal(MessageKind::Letter.as_str());
    let (bounced, failed): (Literal, Literal) = (literal(MessageState::Bounced.as_str()), literal(MessageState::Failed.as_str()));
    let not_arrived = messages::state.eq(bounced).or(messages::state.eq(failed));
    messages::kind.eq(letter).and(not_arrived).and(messages::told_at.is_null())
}

fn unreachable(conn: &mut Reader, before: Timestamp) -> Result<Vec<Due>, StoreError> {
    let waiting: Vec<Waits> = messages::table
        .inner_join(signups::table.on(signups::id.eq(messages::signup_id)))
        .filter(to_tell())
        .filter(messages::state_since.le(before))
        .filter(signups::supporter_id.is_not_null().and(signups::notices_end_at.is_null()))
        .order(messages::signup_id)
        .limit(AT_ONCE)
        .select(Waits::as_select())
        .distinct()
        .load(conn)?;
    Ok(waiting.into_iter().filter_map(|waits| waits.due(News::Unreachable)).collect())
}

fn answers(conn: &mut Reader) -> Result<Vec<Due>, StoreError> {
    let waiting: Vec<((i64, i64), Waits)> = office_replies::table
        .inner_join(messages::table.on(messages::id.eq(office_replies::message_id)))
        .inner_join(signups::table.on(signups::id.eq(messages::signup_id)))
        .filter(office_replies::passed_on_at.is_null())
        .filter(signups::notices_end_at.is_null().or(office_replies::released_at.is_not_null()))
        .filter(messages::kind.eq(MessageKind::Letter.as_str()).and(signups::supporter_id.is_not_null()))
        .order(office_replies::id)
        .limit(AT_ONCE)
        .select(((office_replies::id, messages::id), Waits::as_select()))
        .load(conn)?;
    Ok(waiting.into_iter().filter_map(|((answer, letter), waits)| waits.due(News::OfficeReply { answer, letter })).collect())
}

/// The letters of the sign-up, and which of them there is news of.
pub fn letters(conn: &mut Reader, due: &Due) -> Result<(Vec<LetterView>, Vec<i64>), StoreError> {
    let letters = letters::of_signup(conn, due.signup)?;
    let new: Vec<i64> = match due.news {
        News::OfficeReply { letter, .. } => vec![letter],
        News::Receipt => letters.iter().map(|letter| letter.id).collect(),
        News::Unreachable => {
            messages::table.filter(messages::signup_id.eq(due.signup).and(to_tell())).select(messages::id).load(conn)?
        }
    };
    Ok((letters, new))
}

/// Keeps the notice that tells `new` letters' news and notes that they are told; without a notice only the note. False when it was told
/// meanwhile, or the address has had `most` notices since `since`: it is told later then.
pub fn tell(
    tx: &mut Tx<'_>,
    due: &Due,
    new: &[i64],
    notice: Option<(&TokenHash, &NewNotice)>,
    (most, since): (i64, Timestamp),
    now: Timestamp,
) -> Result<bool, StoreError> {
    let silent: Option<i64> = signups::table.find(due.signup).select(signups::notices_end_at).first(tx.conn)?;
    // Staff may have an answer passed on to somebody who wants no more mail of ours.
    let notice = notice.filter(|_| silent.is_none() || matches!(due.news, News::OfficeReply { .. }));
    if notice.is_some() && notices_since(tx.conn, due.supporter, since)? >= most {
        return Ok(false);
    }
    let told = match due.news {
        News::Receipt => diesel::update(signups::table.find(due.signup).filter(signups::receipt_at.is_null()))
            .filter(signups::erased_at.is_null())
            .set(signups::receipt_at.eq(now))
            .execute(tx.conn)?,
        News::Unreachable => diesel::update(messages::table.filter(messages::id.eq_any(new).and(messages::told_at.is_null())))
            .set(messages::told_at.eq(now))
            .execute(tx.conn)?,
        // The office's words have done their work; only that they were passed on is kept.
        News::OfficeReply { answer, .. } => diesel::update(office_replies::table.find(answer))
            .filter(office_replies::passed_on_at.is_null())
            .set((office_replies::passed_on_at.eq(now), office_replies::subject.eq(""), office_replies::body_text.eq("")))
            .execute(tx.conn)?,
    };
    match notice {
        Some((token, notice)) if told > 0 => notify(tx, due.signup, token, notice, now).map(|()| true),
        _ => Ok(told > 0),
    }
}
