//! Logins: who may do what, and when they logged in last.

use diesel::prelude::*;

use crate::domain::{EmailAddress, Role, Timestamp, TokenHash};
use crate::store::schema::{staff, staff_invites, staff_sessions};
use crate::store::{Reader, StoreError, Tx};

/// A person with a login.
#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = staff)]
pub struct StaffMember {
    /// The login's id.
    pub id: i64,
    /// The e-mail address they log in with.
    pub email: String,
    /// What they may do.
    pub role: Role,
}

/// A login in the list of all.
#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = staff)]
pub struct Login {
    /// Whose.
    #[diesel(embed)]
    pub member: StaffMember,
    /// When somebody logged in with it last.
    #[diesel(column_name = last_login_at)]
    pub last_login: Option<Timestamp>,
}

/// What became of a change of a login.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changed {
    /// It is made. The login's address, and the role it had before.
    Done(String, Role),
    /// There is no such login, or not any more.
    Unknown,
    /// Nobody could manage people afterwards: nothing was changed.
    LastAdmin,
}

/// Whether anybody can log in.
pub fn any(conn: &mut Reader) -> Result<bool, StoreError> {
    Ok(diesel::select(diesel::dsl::exists(staff::table.select(staff::id))).get_result(conn)?)
}

/// Whether one of the logins is an admin's.
pub fn any_admin(conn: &mut Reader) -> Result<bool, StoreError> {
    Ok(others_of(conn, Role::Admin, None)? > 0)
}

/// Every login, by address.
pub fn all(conn: &mut Reader) -> Result<Vec<Login>, StoreError> {
    Ok(staff::table.order(staff::email_key).select(Login::as_select()).load(conn)?)
}

/// The login of that address and its password hash.
pub fn by_email(conn: &mut Reader, email: &EmailAddress) -> Result<Option<(StaffMember, String)>, StoreError> {
    Ok(staff::table
        .filter(staff::email_key.eq(email.key()))
        .select((StaffMember::as_select(), staff::password_hash))
        .first(conn)
        .optional()?)
}

/// The login of that id.
pub fn by_id(conn: &mut Reader, id: i64) -> Result<Option<StaffMember>, StoreError> {
    Ok(staff::table.find(id).select(StaffMember::as_select()).first(conn).optional()?)
}

/// The login's password hash.
pub fn password_hash(conn: &mut Reader, id: i64) -> Result<Option<String>, StoreError> {
    Ok(staff::table.find(id).select(staff::password_hash).first(conn).optional()?)
}

/// How many logins but `except` have this role.
fn others_of(conn: &mut Reader, role: Role, except: Option<i64>) -> Result<i64, StoreError> {
    let others = staff::table.filter(staff::role.eq(role).and(staff::id.ne(except.unwrap_or(-1))));
    Ok(others.count().get_result(conn)?)
}

/// Makes the login, or gives an existing one this password and role and ends its sessions. True when it is new: the
/// server's own one-time link no longer works from then on, since it is for a server that nobody can log in to.
pub fn save(tx: &mut Tx<'_>, email: &EmailAddress, password_hash: &str, role: Role, now: Timestamp) -> Result<bool, StoreError> {
    let changed = diesel::update(staff::table.filter(staff::email_key.eq(email.key())))
        .set((staff::password_hash.eq(password_hash), staff::role.eq(role)))
        .execute(tx.conn)?;
    if changed > 0 {
        let ids = staff::table.filter(staff::email_key.eq(email.key())).select(staff::id);
        diesel::delete(staff_sessions::table.filter(staff_sessions::staff_id.eq_any(ids))).execute(tx.conn)?;
        if role != Role::Admin {
            let ids = staff::table.filter(staff::email_key.eq(email.key())).select(staff::id.nullable());
            diesel::delete(staff_invites::table.filter(staff_invites::invited_by.eq_any(ids))).execute(tx.conn)?;
        }
        return Ok(false);
    }
    diesel::insert_into(staff::table)
        .values((
            staff::email_key.eq(email.key()),
            staff::email.eq(email),
            staff::password_hash.eq(password_hash),
            staff::role.eq(role),
            staff::created_at.eq(now),
        ))
        .execute(tx.conn)?;
    diesel::delete(staff_invites::table.filter(staff_invites::invited_by.is_null())).execute(tx.conn)?;
    Ok(true)
}

/// Notes that somebody logged in with it.
pub fn logged_in(tx: &mut Tx<'_>, id: i64, now: Timestamp) -> Result<(), StoreError> {
    diesel::update(staff::table.find(id)).set(staff::last_login_at.eq(now)).execute(tx.conn)?;
    Ok(())
}

/// Gives the login a role. Whoever is no admin any more has no open invitations either.
pub fn set_role(tx: &mut Tx<'_>, id: i64, role: Role) -> Result<Changed, StoreError> {
    let Some(before) = by_id(tx.conn, id)? else { return Ok(Changed::Unknown) };
    if role != Role::Admin {
        if before.role == Role::Admin && others_of(tx.conn, Role::Admin, Some(id))? == 0 {
            return Ok(Changed::LastAdmin);
        }
        diesel::delete(staff_invites::table.filter(staff_invites::invited_by.eq(id))).execute(tx.conn)?;
    }
    diesel::update(staff::table.find(id)).set(staff::role.eq(role)).execute(tx.conn)?;
    Ok(Changed::Done(before.email, before.role))
}

/// Takes the login away, with its sessions and open invitations.
pub fn remove(tx: &mut Tx<'_>, id: i64) -> Result<Changed, StoreError> {
    let Some(before) = by_id(tx.conn, id)? else { return Ok(Changed::Unknown) };
    if before.role == Role::Admin && others_of(tx.conn, Role::Admin, Some(id))? == 0 {
        return Ok(Changed::LastAdmin);
    }
    diesel::delete(staff::table.find(id)).execute(tx.conn)?;
    Ok(Changed::Done(before.email, before.role))
}

/// Gives the login another password, if its hash is still `before`, and ends its sessions but `keep`. False when the
/// password was changed meanwhile.
pub fn set_password(tx: &mut Tx<'_>, id: i64, [before, after]: [&str; 2], keep: &TokenHash) -> Result<bool, StoreError> {
    let login = staff::table.filter(staff::id.eq(id).and(staff::password_hash.eq(before)));
    if diesel::update(login).set(staff::password_hash.eq(after)).execute(tx.conn)? == 0 {
        return Ok(false);
    }
    let others = staff_sessions::table.filter(staff_sessions::staff_id.eq(id).and(staff_sessions::hash.ne(keep)));
    diesel::delete(others).execute(tx.conn)?;
    Ok(true)
}
