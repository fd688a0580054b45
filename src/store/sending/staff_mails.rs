//! Mails to staff themselves. They have a table of their own, since a letter counts and this one must not.

use std::time::Duration;

use diesel::prelude::*;

use crate::domain::{EmailAddress, Timestamp};
use crate::store::literal::literal;
use crate::store::schema::staff_mails;
use crate::store::{Reader, StoreError, Tx};

/// How long what became of a mail is kept.
const KEPT: Duration = Duration::from_hours(7 * 24);
/// A sender that has a mail in hand for longer than this did not survive; the mail is tried again.
const IN_HAND: Duration = Duration::from_mins(15);

/// A mail to a login's own address.
pub struct NewStaffMail {
    /// The campaign that it is about.
    pub campaign: i64,
    /// The login's address.
    pub to: EmailAddress,
    /// Its Message-ID, made once.
    pub message_id: String,
    /// The name in the From header.
    pub from_name: String,
    /// The subject, one line.
    pub subject: String,
    /// The plain text.
    pub text: String,
}

/// A mail in hand.
#[derive(Queryable, Selectable)]
#[diesel(table_name = staff_mails)]
pub struct StaffMail {
    /// Its id.
    pub id: i64,
    /// Where it goes.
    #[diesel(column_name = email)]
    pub to: EmailAddress,
    /// Its Message-ID.
    pub message_id: String,
    /// The name in the From header.
    pub from_name: String,
    /// The subject.
    pub subject: String,
    /// The plain text.
    #[diesel(column_name = body_text)]
    pub text: String,
    /// Failed tries so far.
    pub failures: i32,
    /// When it was asked for.
    pub created_at: Timestamp,
}

/// What became of a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sent {
    /// The mail server took it.
    Accepted,
    /// It did not, and will not.
    Failed,
    /// It waits, or is tried again then.
    Waits(Timestamp),
}

/// A mail that staff sent themselves.
#[derive(Clone, Debug)]
pub struct Told {
    /// When it was asked for.
    pub at: Timestamp,
    /// Its subject.
    pub subject: String,
    /// What became of it.
    pub sent: Sent,
    /// What the mail server said last.
    pub reply: String,
}

/// Queues a mail. False when the login had `most` of them since `since` already.
pub fn queue(tx: &mut Tx<'_>, mail: &NewStaffMail, most: i64, since: Timestamp, now: Timestamp) -> Result<bool, StoreError> {
    diesel::delete(staff_mails::table.filter(staff_mails::created_at.lt(now.minus(KEPT)))).execute(tx.conn)?;
    let lately: i64 = staff_mails::table
        .filter(staff_mails::email.eq(&mail.to).and(staff_mails::created_at.gt(since)))
        .count()
        .get_result(tx.conn)?;
    if lately >= most {
        return Ok(false);
    }
    diesel::insert_into(staff_mails::table)
        .values((
            staff_mails::campaign_id.eq(mail.campaign),
            staff_mails::email.eq(&mail.to),
            staff_mails::message_id.eq(&mail.message_id),
            staff_mails::from_name.eq(&mail.from_name),
            staff_mails::subject.eq(&mail.subject),
            staff_mails::body_text.eq(&mail.text),
            staff_mails::state.eq("queued"),
            staff_mails::due_at.eq(now),
            staff_mails::failures.eq(0),
            staff_mails::reply.eq(""),
            staff_mails::created_at.eq(now),
        ))
        .execute(tx.conn)?;
    Ok(true)
}

/// Whether a mail is due.
pub fn any_due(conn: &mut Reader, now: Timestamp) -> Result<bool, StoreError> {
    let due = staff_mails::table.filter(staff_mails::state.eq(literal("queued")).and(staff_mails::due_at.le(now)));
    Ok(diesel::select(diesel::dsl::exists(due.select(staff_mails::id))).get_result(conn)?)
}

/// Takes the mail that waits longest into hand.
pub fn take(tx: &mut Tx<'_>, now: Timestamp) -> Result<Option<StaffMail>, StoreError> {
    let waiting: Option<i64> = staff_mails::table
        .filter(staff_mails::state.eq(literal("queued")).and(staff_mails::due_at.le(now)))
        .order(staff_mails::due_at)
        .select(staff_mails::id)
        .first(tx.conn)
        .optional()?;
    let Some(id) = waiting else { return Ok(None) };
    let mail = diesel::update(staff_mails::table.find(id))
        .set(staff_mails::due_at.eq(now.plus(IN_HAND)))
        .returning(StaffMail::as_returning())
        .get_result(tx.conn)?;
    Ok(Some(mail))
}

/// Records what became of a mail in hand. Its text goes with its end.
pub fn record(tx: &mut Tx<'_>, id: i64, sent: &Sent, reply: &str) -> Result<(), StoreError> {
    let row = staff_mails::table.find(id);
    match sent {
        Sent::Waits(until) => diesel::update(row)
            .set((
                staff_mails::due_at.eq(until),
                staff_mails::failures.eq(staff_mails::failures + 1),
                staff_mails::reply.eq(reply),
            ))
            .execute(tx.conn)?,
        end => {
            let state = if *end == Sent::Accepted { "sent" } else { "failed" };
            diesel::update(row)
                .set((staff_mails::state.eq(state), staff_mails::body_text.eq(""), staff_mails::reply.eq(reply)))
                .execute(tx.conn)?
        }
    };
    Ok(())
}

/// What became of the mails of a login about a campaign, newest first.
pub fn of_login(conn: &mut Reader, campaign: i64, email: &str, most: i64) -> Result<Vec<Told>, StoreError> {
    let rows: Vec<(Timestamp, String, String, Timestamp, String)> = staff_mails::table
        .filter(staff_mails::email.eq(email).and(staff_mails::campaign_id.eq(campaign)))
        .order((staff_mails::created_at.desc(), staff_mails::id.desc()))
        .limit(most)
        .select((staff_mails::created_at, staff_mails::subject, staff_mails::state, staff_mails::due_at, staff_mails::reply))
        .load(conn)?;
    let told = |(at, subject, state, due, reply): (_, _, String, _, _)| {
        let sent = match state.as_str() {
            "sent" => Sent::Accepted,
            "failed" => Sent::Failed,
            _ => Sent::Waits(due),
        };
        Told { at, subject, sent, reply }
    };
    Ok(rows.into_iter().map(told).collect())
}
