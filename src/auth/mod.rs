//! Staff's own doors: passwords, sessions, and the one-time link that makes a login. What admins do with the logins of
//! others is in `staff_actions::people`.

mod api_tokens;

use std::sync::Arc;
use std::time::Duration;

use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

use crate::domain::{Actor, AuditAction, AuditEntry, EmailAddress, Role, Timestamp, Token, TokenHash};
use crate::store::staff::{self, StaffMember};
use crate::store::staff_doors::{self, Accepted, Session};
use crate::store::{Store, StoreError, Tx, audit};

/// The fewest characters of a password.
pub const PASSWORD_MIN_CHARS: usize = 12;
/// The most characters of a password: hashing more would only cost time.
pub const PASSWORD_MAX_CHARS: usize = 200;
/// How long a log-in lasts.
pub const SESSION_LASTS: Duration = Duration::from_hours(12);
/// How long the link for the first login can be used.
const FIRST_INVITE_LASTS: Duration = Duration::from_hours(24);
/// How many passwords are hashed at the same time: each takes 19 MiB.
const HASHERS: usize = 2;

/// Why a password can't be taken, in words for the person who typed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Fewer than [`PASSWORD_MIN_CHARS`].
    #[error("Use at least {PASSWORD_MIN_CHARS} characters. Four words in a row make a good password.")]
    TooShort,
    /// More than [`PASSWORD_MAX_CHARS`].
    #[error("Use at most {PASSWORD_MAX_CHARS} characters.")]
    TooLong,
}

/// What a one-time link led to.
pub enum Welcome {
    /// A login, with its first session.
    In(Token),
    /// Nothing: the link is used up, revoked or too old.
    Gone,
    /// Nothing: the address has a login already.
    Taken,
}

/// Logins. Cheap to clone.
#[derive(Clone)]
pub struct Auth {
    store: Store,
    hashers: Arc<Semaphore>,
    /// Compared with when there is no such login, so that the time of an answer does not tell.
    nobody: Arc<str>,
}

impl Auth {
    /// Logins kept in `store`.
    pub fn new(store: Store) -> Result<Self, StoreError> {
        let nobody = hash("a password that nobody has")?;
        Ok(Self { store, hashers: Arc::new(Semaphore::new(HASHERS)), nobody: nobody.into() })
    }

    /// Makes the login, or gives an existing one this password and role, as whoever runs the server may. True when it is
    /// new. May block for a while.
    pub fn save_blocking(&self, email: EmailAddress, password: &str, role: Role, now: Timestamp) -> Result<bool, StoreError> {
        let hash = hash(password)?;
        self.store.write_blocking(move |tx| {
            let new = staff::save(tx, &email, &hash, role, now)?;
            let detail = format!("{}, {role}", if new { "new" } else { "known" });
            note(tx, Actor::CommandLine, AuditAction::LoginSaved, email.as_str(), &detail, now)?;
            Ok(new)
        })
    }

    /// Checks address and password, and starts a session. `None` when either is wrong, which is counted.
    pub async fn log_in(&self, email: &EmailAddress, password: String, now: Timestamp) -> Result<Option<Token>, StoreError> {
        let wanted = email.clone();
        let known = self.store.read(move |conn| staff::by_email(conn, &wanted)).await?;
        let (member, hash) = match known {
            Some((member, hash)) => (Some(member), hash),
            None => (None, self.nobody.to_string()),
        };
        let right = self.on_a_hasher(move || verify(&password, &hash)).await?;
        let Some(member) = member.filter(|_| right) else {
            self.failed(now).await?;
            return Ok(None);
        };
        let token = Token::random();
        let hash = token.hash();
        let start = move |tx: &mut Tx<'_>| {
            // The login may have been taken away while its password was looked at.
            if staff::by_id(tx.reader(), member.id)?.is_none() {
                return Ok(false);
            }
            staff_doors::settle_failed(tx, now)?;
            staff_doors::start_session(tx, member.id, &hash, now, now.plus(SESSION_LASTS))?;
            note(tx, Actor::Staff(member.email), AuditAction::LoggedIn, "", "", now)?;
            Ok(true)
        };
        Ok(self.store.write(start).await?.then_some(token))
    }

    /// Counts a log-in that failed: how many, and nothing of what was typed.
    pub async fn failed(&self, now: Timestamp) -> Result<(), StoreError> {
        self.store.write(move |tx| staff_doors::failed(tx, now)).await
    }

    /// Who is logged in with this session.
    pub async fn of_session(&self, session: &Token, now: Timestamp) -> Result<Option<StaffMember>, StoreError> {
        let hash = session.hash();
        self.store.read(move |conn| staff_doors::of_session(conn, &hash, now)).await
    }

    /// The login's sessions, the newest first.
    pub async fn sessions(&self, member: i64, now: Timestamp) -> Result<Vec<Session>, StoreError> {
        self.store.read(move |conn| staff_doors::sessions(conn, member, now)).await
    }

    /// Ends the session.
    pub async fn log_out(&self, session: &Token) -> Result<(), StoreError> {
        let hash = session.hash();
        self.store.write(move |tx| staff_doors::end_session(tx, &hash)).await
    }

    /// Ends every session of the login.
    pub async fn sign_out_everywhere(&self, member: StaffMember, now: Timestamp) -> Result<(), StoreError> {
        let end = move |tx: &mut Tx<'_>| {
            let ended = staff_doors::end_sessions(tx, member.id)?;
            note(tx, Actor::Staff(member.email), AuditAction::SignedOutEverywhere, "", &format!("{ended} sessions"), now)
        };
        self.store.write(end).await
    }

    /// Gives the login another password, where the current one is right; its other sessions end. False where it is not.
    pub async fn change_password(
        &self,
        member: StaffMember,
        [current, new]: [String; 2],
        keep: &Token,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let id = member.id;
        let Some(before) = self.store.read(move |conn| staff::password_hash(conn, id)).await? else { return Ok(false) };
        let known = before.clone();
        let hashed = self.on_a_hasher(move || verify(&current, &known).then(|| hash(&new)).transpose()).await??;
        let Some(after) = hashed else { return Ok(false) };
        let keep = keep.hash();
        let change = move |tx: &mut Tx<'_>| {
            let changed = staff::set_password(tx, id, [&before, &after], &keep)?;
            if changed {
                note(tx, Actor::Staff(member.email), AuditAction::PasswordChanged, "", "", now)?;
            }
            Ok(changed)
        };
        self.store.write(change).await
    }

    /// The secret of a one-time link for the first login, while nobody has one. An earlier link stops working.
    pub fn first_invite_blocking(&self, now: Timestamp) -> Result<Option<Token>, StoreError> {
        if self.store.read_blocking(staff::any)? {
            return Ok(None);
        }
        let token = Token::random();
        let hash = token.hash();
        let until = now.plus(FIRST_INVITE_LASTS);
        let made = self.store.write_blocking(move |tx| staff_doors::invite_first(tx, &hash, now, until))?;
        Ok(made.then_some(token))
    }

    /// The role that a one-time link gives; `None` when it is used up, too old or unknown.
    pub async fn invited_role(&self, invite: &Token, now: Timestamp) -> Result<Option<Role>, StoreError> {
        let hash = invite.hash();
        self.store.read(move |conn| staff_doors::invited_role(conn, &hash, now)).await
    }

    /// Uses the link up: makes the login and starts its first session, all or nothing.
    pub async fn accept_invite(
        &self,
        invite: &Token,
        email: EmailAddress,
        password: String,
        now: Timestamp,
    ) -> Result<Welcome, StoreError> {
        let hashed = self.on_a_hasher(move || hash(&password)).await??;
        let invite: TokenHash = invite.hash();
        let session = Token::random();
        let session_hash = session.hash();
        let accept = move |tx: &mut Tx<'_>| {
            let accepted = staff_doors::accept_invite(tx, &invite, &email, &hashed, now)?;
            if let Accepted::Made(member) = &accepted {
                staff_doors::start_session(tx, member.id, &session_hash, now, now.plus(SESSION_LASTS))?;
                note(tx, Actor::Staff(member.email.clone()), AuditAction::InviteUsed, "", member.role.as_str(), now)?;
            }
            Ok(accepted)
        };
        Ok(match self.store.write(accept).await? {
            Accepted::Made(_) => Welcome::In(session),
            Accepted::Gone => Welcome::Gone,
            Accepted::Taken => Welcome::Taken,
        })
    }

    async fn on_a_hasher<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, StoreError> {
        let _permit = self.hashers.acquire().await.map_err(|_| StoreError::Busy)?;
        tokio::task::spawn_blocking(work).await.map_err(|_| StoreError::Busy)
    }
}

/// A line in the audit log, about a login by its address.
fn note(tx: &mut Tx<'_>, who: Actor, deed: AuditAction, login: &str, detail: &str, now: Timestamp) -> Result<(), StoreError> {
    let subject = if login.is_empty() { String::new() } else { format!("login {login}") };
    audit::note(tx, &AuditEntry { who, deed, subject, detail: detail.to_owned() }, now)
}

/// Checks a new password.
///
/// # Errors
/// [`PasswordError`] says what to change.
pub fn check_password(password: &str) -> Result<(), PasswordError> {
    match password.chars().count() {
        n if n < PASSWORD_MIN_CHARS => Err(PasswordError::TooShort),
        n if n > PASSWORD_MAX_CHARS => Err(PasswordError::TooLong),
        _ => Ok(()),
    }
}

/// Argon2id with 19 MiB, two passes, one lane: the first choice of OWASP's Password Storage Cheat Sheet.
fn argon2() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(19 * 1024, 2, 1, None).unwrap_or_default())
}

fn hash(password: &str) -> Result<String, StoreError> {
    let failed = |error: argon2::password_hash::Error| StoreError::Failed { doing: "hash a password", cause: error.to_string() };
    let salt = SaltString::encode_b64(&rand::random::<[u8; 16]>()).map_err(failed)?;
    Ok(argon2().hash_password(password.as_bytes(), &salt).map_err(failed)?.to_string())
}

fn verify(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|parsed| argon2().verify_password(password.as_bytes(), &parsed).is_ok())
}
