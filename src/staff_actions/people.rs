//! Who may log in, and what they may do: what admins decide about the logins of others.

use std::time::Duration;

use super::{AuditDetail, StaffActions};
use crate::domain::{Actor, AuditAction, PersonName, Role, Token};
use crate::store::staff::{self, Changed};
use crate::store::staff_doors;
use crate::store::{StoreError, Tx};

/// How long an admin's one-time link is good: long enough for somebody who reads mail once in a few days.
pub const INVITE_LASTS: Duration = Duration::from_hours(7 * 24);

/// What became of an act that only admins may carry out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Managed {
    /// It is done.
    Done,
    /// What it was about is not there any more.
    Gone,
    /// Nobody could manage people afterwards, so nothing was changed.
    LastAdmin,
    /// Whoever asked is no admin any more.
    NotAllowed,
}

impl StaffActions {
    /// Makes a one-time link with this secret, for a login of this role. The same secret again, from a form that was sent
    /// twice, makes no second link.
    ///
    /// # Errors
    /// When the database can't keep it.
    pub async fn invite(&self, by: i64, invite: &Token, role: Role, whom: Option<PersonName>) -> Result<Managed, StoreError> {
        let (hash, now) = (invite.hash(), self.clock.now());
        let make = move |tx: &mut Tx<'_>| {
            let whom = whom.as_ref().map_or("", PersonName::as_str);
            let made = staff_doors::invite(tx, &hash, role, whom, by, [now, now.plus(INVITE_LASTS)])?;
            Ok((Managed::Done, made.then(|| AuditDetail::of("", role.as_str()))))
        };
        self.manage(by, AuditAction::InviteMade, make).await
    }

    /// Takes an open one-time link back.
    ///
    /// # Errors
    /// When the database can't keep it.
    pub async fn revoke_invite(&self, by: i64, invite: i64) -> Result<Managed, StoreError> {
        let revoke = move |tx: &mut Tx<'_>| {
            Ok(match staff_doors::revoke(tx, invite)? {
                Some(role) => (Managed::Done, Some(AuditDetail::of(format!("invitation {invite}"), role.as_str()))),
                None => (Managed::Gone, None),
            })
        };
        self.manage(by, AuditAction::InviteRevoked, revoke).await
    }

    /// Gives a login another role.
    ///
    /// # Errors
    /// When the database can't keep it.
    pub async fn change_role(&self, by: i64, login: i64, role: Role) -> Result<Managed, StoreError> {
        let change = move |tx: &mut Tx<'_>| {
            let changed = staff::set_role(tx, login, role)?;
            let detail = |before: Role| format!("{before} to {role}");
            Ok(said(changed, |before| (before != role).then(|| detail(before))))
        };
        self.manage(by, AuditAction::RoleChanged, change).await
    }

    /// Takes a login away; whoever uses it now is out at once.
    ///
    /// # Errors
    /// When the database can't keep it.
    pub async fn remove_login(&self, by: i64, login: i64) -> Result<Managed, StoreError> {
        let remove = move |tx: &mut Tx<'_>| Ok(said(staff::remove(tx, login)?, |before| Some(before.to_string())));
        self.manage(by, AuditAction::LoginRemoved, remove).await
    }

    /// Carries `work` out if whoever asks is an admin still: the page was let through before the writer's turn came.
    async fn manage(
        &self,
        by: i64,
        deed: AuditAction,
        work: impl FnOnce(&mut Tx<'_>) -> Result<(Managed, Option<AuditDetail>), StoreError> + Send + 'static,
    ) -> Result<Managed, StoreError> {
        let who = self.store.read(move |conn| staff::by_id(conn, by)).await?;
        let Some(who) = who else { return Ok(Managed::NotAllowed) };
        let checked = move |tx: &mut Tx<'_>| match staff::by_id(tx.reader(), by)? {
            Some(member) if member.role == Role::Admin => work(tx),
            _ => Ok((Managed::NotAllowed, None)),
        };
        self.act(&Actor::Staff(who.email), deed, checked).await
    }
}

/// A change of a login as the log tells it; `detail` is `None` where nothing changed.
fn said(changed: Changed, detail: impl FnOnce(Role) -> Option<String>) -> (Managed, Option<AuditDetail>) {
    match changed {
        Changed::Done(email, before) => {
            (Managed::Done, detail(before).map(|detail| AuditDetail::of(format!("login {email}"), detail)))
        }
        Changed::Unknown => (Managed::Gone, None),
        Changed::LastAdmin => (Managed::LastAdmin, None),
    }
}
