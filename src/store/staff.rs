//! Logins: staff, their sessions, and the one-time links that make a login.

use diesel::prelude::*;

use super::schema_staff::{staff, staff_invites, staff_sessions};
use super::{Reader, StoreError, Tx};
use crate::domain::{EmailAddress, Role, Timestamp, TokenHash};

/// A person with a login.
#[derive(Clone)]
pub struct StaffMember {
    /// The login's id.
    pub id: i64,
    /// The e-mail address they log in with.
    pub email: String,
    /// What they may do.
    pub role: Role,
}

/// Whether anybody can log in.
pub fn any(conn: &mut Reader) -> Result<bool, StoreError> {
    Ok(diesel::select(diesel::dsl::exists(staff::table.select(staff::id))).get_result(conn)?)
}

/// The login of that address and its password hash.
pub fn by_email(conn: &mut Reader, email: &EmailAddress) -> Result<Option<(StaffMember, String)>, StoreError> {
    let row: Option<(i64, String, String, String)> = staff::table
        .filter(staff::email_key.eq(email.key()))
        .select((staff::id, staff::email, staff::role, staff::password_hash))
        .first(conn)
        .optional()?;
    row.map(|(id, email, role, hash)| Ok((member(id, email, &role)?, hash))).transpose()
}

fn member(id: i64, email: String, role: &str) -> Result<StaffMember, StoreError> {
    Ok(StaffMember { id, email, role: Role::parse(role).map_err(StoreError::strange)? })
}

/// Makes the login, or gives an existing one this password and role and ends its sessions. True when it is new: no
/// one-time link works from then on, since they are for a server that nobody can log in to.
pub fn save(tx: &mut Tx<'_>, email: &EmailAddress, password_hash: &str, role: Role, now: Timestamp) -> Result<bool, StoreError> {
    let changed = diesel::update(staff::table.filter(staff::email_key.eq(email.key())))
        .set((staff::password_hash.eq(password_hash), staff::role.eq(role.as_str())))
        .execute(tx.conn)?;
    if changed > 0 {
        let ids = staff::table.filter(staff::email_key.eq(email.key())).select(staff::id);
        diesel::delete(staff_sessions::table.filter(staff_sessions::staff_id.eq_any(ids))).execute(tx.conn)?;
        return Ok(false);
    }
    diesel::insert_into(staff::table)
        .values((
            staff::email_key.eq(email.key()),
            staff::email.eq(email.as_str()),
            staff::password_hash.eq(password_hash),
            staff::role.eq(role.as_str()),
            staff::created_at.eq(now.millis()),
        ))
        .execute(tx.conn)?;
    diesel::delete(staff_invites::table).execute(tx.conn)?;
    Ok(true)
}

/// Starts a session, and clears away the ended ones.
pub fn start_session(tx: &mut Tx<'_>, staff: i64, token: &TokenHash, now: Timestamp, until: Timestamp) -> Result<(), StoreError> {
    diesel::delete(staff_sessions::table.filter(staff_sessions::expires_at.le(now.millis()))).execute(tx.conn)?;
    diesel::insert_into(staff_sessions::table)
        .values((
            staff_sessions::hash.eq(token.as_bytes()),
            staff_sessions::staff_id.eq(staff),
            staff_sessions::created_at.eq(now.millis()),
            staff_sessions::expires_at.eq(until.millis()),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// Who is logged in with this session.
pub fn of_session(conn: &mut Reader, token: &TokenHash, now: Timestamp) -> Result<Option<StaffMember>, StoreError> {
    let row: Option<(i64, String, String)> = staff_sessions::table
        .inner_join(staff::table.on(staff::id.eq(staff_sessions::staff_id)))
        .filter(staff_sessions::hash.eq(token.as_bytes()).and(staff_sessions::expires_at.gt(now.millis())))
        .select((staff::id, staff::email, staff::role))
        .first(conn)
        .optional()?;
    row.map(|(id, email, role)| member(id, email, &role)).transpose()
}

/// Ends the session.
pub fn end_session(tx: &mut Tx<'_>, token: &TokenHash) -> Result<(), StoreError> {
    diesel::delete(staff_sessions::table.find(token.as_bytes())).execute(tx.conn)?;
    Ok(())
}

/// Makes a one-time link's secret good until `until`, in place of earlier ones. False when somebody has a login: then
/// there is no link to make.
pub fn invite(tx: &mut Tx<'_>, token: &TokenHash, role: Role, now: Timestamp, until: Timestamp) -> Result<bool, StoreError> {
    if any(tx.conn)? {
        return Ok(false);
    }
    diesel::delete(staff_invites::table).execute(tx.conn)?;
    diesel::insert_into(staff_invites::table)
        .values((
            staff_invites::hash.eq(token.as_bytes()),
            staff_invites::role.eq(role.as_str()),
            staff_invites::created_at.eq(now.millis()),
            staff_invites::expires_at.eq(until.millis()),
        ))
        .execute(tx.conn)?;
    Ok(true)
}

/// The role that the link gives, while it is good.
pub fn invited_role(conn: &mut Reader, token: &TokenHash, now: Timestamp) -> Result<Option<Role>, StoreError> {
    let role: Option<String> = staff_invites::table
        .filter(staff_invites::hash.eq(token.as_bytes()).and(staff_invites::expires_at.gt(now.millis())))
        .select(staff_invites::role)
        .first(conn)
        .optional()?;
    role.map(|role| Role::parse(&role).map_err(StoreError::strange)).transpose()
}

/// Makes the login, which uses the link up. `None` when the link is no longer good or the address already has a login:
/// a link makes new logins only, it never changes someone's password.
pub fn accept_invite(
    tx: &mut Tx<'_>,
    token: &TokenHash,
    email: &EmailAddress,
    password_hash: &str,
    now: Timestamp,
) -> Result<Option<StaffMember>, StoreError> {
    let Some(role) = invited_role(tx.conn, token, now)? else { return Ok(None) };
    if by_email(tx.conn, email)?.is_some() {
        return Ok(None);
    }
    save(tx, email, password_hash, role, now)?;
    Ok(by_email(tx.conn, email)?.map(|(member, _)| member))
}
