//! How staff come in: sessions, one-time links, and how many log-ins failed.

use diesel::prelude::*;

use super::audit;
use super::members::{StaffMember, any, by_email, logged_in, save};
use crate::domain::{Actor, AuditAction, AuditEntry, EmailAddress, Role, Timestamp, TokenHash};
use crate::store::schema::{failed_logins, staff, staff_invites, staff_sessions};
use crate::store::{Reader, StoreError, Tx};

/// Failed log-ins are counted by the hour.
const HOUR_MS: i64 = 3_600_000;

/// A session of a login, as its owner sees it.
#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = staff_sessions)]
pub struct Session {
    /// What it is kept by.
    pub hash: Vec<u8>,
    /// When it began.
    #[diesel(column_name = created_at)]
    pub since: Timestamp,
}

/// A one-time link that waits to be used.
#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = staff_invites)]
pub struct Invite {
    /// Its id.
    pub id: i64,
    /// The role that it gives.
    pub role: Role,
    /// What the inviter wrote of whom it is for; may be empty.
    pub for_whom: String,
    /// The inviter's address.
    #[diesel(select_expression = staff::email)]
    pub by: String,
    /// Until when it is good.
    #[diesel(column_name = expires_at)]
    pub until: Timestamp,
}

/// What became of using a one-time link.
pub enum Accepted {
    /// The login is made.
    Made(StaffMember),
    /// The link is used up, revoked or too old.
    Gone,
    /// The address has a login already: a link makes new logins only, it never changes someone's password.
    Taken,
}

/// Starts a session, clears away the ended ones, and notes when the login was used last.
pub fn start_session(tx: &mut Tx<'_>, staff: i64, token: &TokenHash, now: Timestamp, until: Timestamp) -> Result<(), StoreError> {
    diesel::delete(staff_sessions::table.filter(staff_sessions::expires_at.le(now))).execute(tx.conn)?;
    diesel::insert_into(staff_sessions::table)
        .values((
            staff_sessions::hash.eq(token),
            staff_sessions::staff_id.eq(staff),
            staff_sessions::created_at.eq(now),
            staff_sessions::expires_at.eq(until),
        ))
        .execute(tx.conn)?;
    logged_in(tx, staff, now)
}

/// Who is logged in with this session.
pub fn of_session(conn: &mut Reader, token: &TokenHash, now: Timestamp) -> Result<Option<StaffMember>, StoreError> {
    Ok(staff_sessions::table
        .inner_join(staff::table.on(staff::id.eq(staff_sessions::staff_id)))
        .filter(staff_sessions::hash.eq(token).and(staff_sessions::expires_at.gt(now)))
        .select(StaffMember::as_select())
        .first(conn)
        .optional()?)
}

/// The login's sessions, the newest first.
pub fn sessions(conn: &mut Reader, staff: i64, now: Timestamp) -> Result<Vec<Session>, StoreError> {
    Ok(staff_sessions::table
        .filter(staff_sessions::staff_id.eq(staff).and(staff_sessions::expires_at.gt(now)))
        .order(staff_sessions::created_at.desc())
        .select(Session::as_select())
        .load(conn)?)
}

/// Ends the session.
pub fn end_session(tx: &mut Tx<'_>, token: &TokenHash) -> Result<(), StoreError> {
    diesel::delete(staff_sessions::table.find(token)).execute(tx.conn)?;
    Ok(())
}

/// Ends every session of the login; gives how many.
pub fn end_sessions(tx: &mut Tx<'_>, staff: i64) -> Result<usize, StoreError> {
    Ok(diesel::delete(staff_sessions::table.filter(staff_sessions::staff_id.eq(staff))).execute(tx.conn)?)
}

/// Makes the server's own link for the first login good until `until`, in place of earlier ones. False when somebody has
/// a login: then there is no such link to make.
pub fn invite_first(tx: &mut Tx<'_>, token: &TokenHash, now: Timestamp, until: Timestamp) -> Result<bool, StoreError> {
    if any(tx.conn)? {
        return Ok(false);
    }
    diesel::delete(staff_invites::table).execute(tx.conn)?;
    insert(tx, token, Role::Admin, "", None, [now, until])?;
    Ok(true)
}

/// Makes a one-time link beside those that are open. False when this one is open already: its form came twice.
pub fn invite(
    tx: &mut Tx<'_>,
    token: &TokenHash,
    role: Role,
    for_whom: &str,
    by: i64,
    [now, until]: [Timestamp; 2],
) -> Result<bool, StoreError> {
    diesel::delete(staff_invites::table.filter(staff_invites::expires_at.le(now))).execute(tx.conn)?;
    let known = staff_invites::table.filter(staff_invites::hash.eq(token)).count().get_result::<i64>(tx.conn)?;
    if known > 0 {
        return Ok(false);
    }
    insert(tx, token, role, for_whom, Some(by), [now, until])?;
    Ok(true)
}

fn insert(
    tx: &mut Tx<'_>,
    token: &TokenHash,
    role: Role,
    for_whom: &str,
    by: Option<i64>,
    [now, until]: [Timestamp; 2],
) -> Result<(), StoreError> {
    diesel::insert_into(staff_invites::table)
        .values((
            staff_invites::hash.eq(token),
            staff_invites::role.eq(role),
            staff_invites::for_whom.eq(for_whom),
            staff_invites::invited_by.eq(by),
            staff_invites::created_at.eq(now),
            staff_invites::expires_at.eq(until),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// The open links that people made, the newest first.
pub fn invites(conn: &mut Reader, now: Timestamp) -> Result<Vec<Invite>, StoreError> {
    Ok(staff_invites::table
        .inner_join(staff::table.on(staff_invites::invited_by.eq(staff::id.nullable())))
        .filter(staff_invites::expires_at.gt(now))
        .order(staff_invites::id.desc())
        .select(Invite::as_select())
        .load(conn)?)
}

/// Takes an open link back; gives the role it would have given, `None` when there is no such link any more.
pub fn revoke(tx: &mut Tx<'_>, invite: i64) -> Result<Option<Role>, StoreError> {
    let link = staff_invites::table.filter(staff_invites::id.eq(invite).and(staff_invites::invited_by.is_not_null()));
    let role: Option<Role> = link.select(staff_invites::role).first(tx.conn).optional()?;
    diesel::delete(staff_invites::table.find(invite)).execute(tx.conn)?;
    Ok(role)
}

/// The role that the link gives, while it is good.
pub fn invited_role(conn: &mut Reader, token: &TokenHash, now: Timestamp) -> Result<Option<Role>, StoreError> {
    Ok(staff_invites::table
        .filter(staff_invites::hash.eq(token).and(staff_invites::expires_at.gt(now)))
        .select(staff_invites::role)
        .first(conn)
        .optional()?)
}

/// Makes the login, which uses the link up.
pub fn accept_invite(
    tx: &mut Tx<'_>,
    token: &TokenHash,
    email: &EmailAddress,
    password_hash: &str,
    now: Timestamp,
) -> Result<Accepted, StoreError> {
    let Some(role) = invited_role(tx.conn, token, now)? else { return Ok(Accepted::Gone) };
    if by_email(tx.conn, email)?.is_some() {
        return Ok(Accepted::Taken);
    }
    diesel::delete(staff_invites::table.filter(staff_invites::hash.eq(token))).execute(tx.conn)?;
    save(tx, email, password_hash, role, now)?;
    let made = by_email(tx.conn, email)?.map(|(member, _)| member);
    made.map(Accepted::Made).ok_or_else(|| StoreError::unknown_value("a login that was just made"))
}

/// Counts a failed log-in.
pub fn failed(tx: &mut Tx<'_>, now: Timestamp) -> Result<(), StoreError> {
    settle_failed(tx, now)?;
    let hour = now.millis() - now.millis().rem_euclid(HOUR_MS);
    diesel::insert_into(failed_logins::table)
        .values((failed_logins::hour.eq(hour), failed_logins::n.eq(1)))
        .on_conflict(failed_logins::hour)
        .do_update()
        .set(failed_logins::n.eq(failed_logins::n + 1))
        .execute(tx.conn)?;
    Ok(())
}

/// Hours that are over become a line each in the audit log, which only ever grows.
pub fn settle_failed(tx: &mut Tx<'_>, now: Timestamp) -> Result<(), StoreError> {
    let over = failed_logins::table.filter(failed_logins::hour.le(now.millis() - HOUR_MS));
    let hours: Vec<(i64, i64)> = over.order(failed_logins::hour).load(tx.conn)?;
    for (hour, n) in hours {
        let since = Timestamp::from_millis(hour).rfc3339();
        let detail = format!("{n} in the hour from {since}");
        let entry = AuditEntry { who: Actor::Nobody, deed: AuditAction::LogInsFailed, subject: String::new(), detail };
        audit::note(tx, &entry, now)?;
        diesel::delete(failed_logins::table.find(hour)).execute(tx.conn)?;
    }
    Ok(())
}

/// How many log-ins failed since the last hour that stands in the log.
pub fn failed_lately(conn: &mut Reader) -> Result<i64, StoreError> {
    let counts: Vec<i64> = failed_logins::table.select(failed_logins::n).load(conn)?;
    Ok(counts.into_iter().sum())
}
