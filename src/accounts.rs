//! Staff: passwords, sessions, and the one-time link that makes a login.

use std::sync::Arc;
use std::time::Duration;

use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

use crate::domain::{EmailAddress, Role, Timestamp, Token, TokenHash};
use crate::store::staff::{self, StaffMember};
use crate::store::{Store, StoreError};

/// The fewest characters of a password.
pub const PASSWORD_MIN_CHARS: usize = 12;
/// The most characters of a password: hashing more would only cost time.
pub const PASSWORD_MAX_CHARS: usize = 200;
/// How long a log-in lasts.
pub const SESSION_LASTS: Duration = Duration::from_hours(12);
/// How long a one-time link can be used.
const INVITE_LASTS: Duration = Duration::from_hours(24);
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

/// Logins. Cheap to clone.
#[derive(Clone)]
pub struct Accounts {
    store: Store,
    hashers: Arc<Semaphore>,
    /// Compared with when there is no such login, so that the time of an answer does not tell.
    nobody: Arc<str>,
}

impl Accounts {
    /// Logins kept in `store`.
    pub fn new(store: Store) -> Result<Self, StoreError> {
        let nobody = hash("a password that nobody has")?;
        Ok(Self { store, hashers: Arc::new(Semaphore::new(HASHERS)), nobody: nobody.into() })
    }

    /// Makes the login, or gives an existing one this password and role. True when it is new. May block for a while.
    pub fn save_blocking(&self, email: EmailAddress, password: &str, role: Role, now: Timestamp) -> Result<bool, StoreError> {
        let hash = hash(password)?;
        self.store.write_blocking(move |tx| staff::save(tx, &email, &hash, role, now))
    }

    /// Checks address and password, and starts a session. `None` when either is wrong.
    pub async fn log_in(&self, email: &EmailAddress, password: String, now: Timestamp) -> Result<Option<Token>, StoreError> {
        let wanted = email.clone();
        let known = self.store.read(move |conn| staff::by_email(conn, &wanted)).await?;
        let (member, hash) = match known {
            Some((member, hash)) => (Some(member), hash),
            None => (None, self.nobody.to_string()),
        };
        let right = self.on_a_hasher(move || verify(&password, &hash)).await?;
        match member.filter(|_| right) {
            Some(member) => Ok(Some(self.start_session(member.id, now).await?)),
            None => Ok(None),
        }
    }

    /// Who is logged in with this session.
    pub async fn of_session(&self, session: &Token, now: Timestamp) -> Result<Option<StaffMember>, StoreError> {
        let hash = session.hash();
        self.store.read(move |conn| staff::of_session(conn, &hash, now)).await
    }

    /// Ends the session.
    pub async fn log_out(&self, session: &Token) -> Result<(), StoreError> {
        let hash = session.hash();
        self.store.write(move |tx| staff::end_session(tx, &hash)).await
    }

    /// The secret of a one-time link for the first login, while nobody has one. An earlier link stops working.
    pub fn first_invite_blocking(&self, now: Timestamp) -> Result<Option<Token>, StoreError> {
        if self.store.read_blocking(staff::any)? {
            return Ok(None);
        }
        let token = Token::random();
        let hash = token.hash();
        let made = self.store.write_blocking(move |tx| staff::invite(tx, &hash, Role::Admin, now, now.plus(INVITE_LASTS)))?;
        Ok(made.then_some(token))
    }

    /// The role that a one-time link gives; `None` when it is used up, too old or unknown.
    pub async fn invited_role(&self, invite: &Token, now: Timestamp) -> Result<Option<Role>, StoreError> {
        let hash = invite.hash();
        self.store.read(move |conn| staff::invited_role(conn, &hash, now)).await
    }

    /// Uses the link up: makes the login and starts its first session, all or nothing. `None` when the link is no longer good, or the
    /// address has a login already.
    pub async fn accept_invite(
        &self,
        invite: &Token,
        email: EmailAddress,
        password: String,
        now: Timestamp,
    ) -> Result<Option<Token>, StoreError> {
        let hashed = self.on_a_hasher(move || hash(&password)).await??;
        let invite: TokenHash = invite.hash();
        let session = Token::random();
        let session_hash = session.hash();
        let accepted = self.store.write(move |tx| {
            let Some(member) = staff::accept_invite(tx, &invite, &email, &hashed, now)? else { return Ok(false) };
            staff::start_session(tx, member.id, &session_hash, now, now.plus(SESSION_LASTS))?;
            Ok(true)
        });
        Ok(accepted.await?.then_some(session))
    }

    async fn start_session(&self, member: i64, now: Timestamp) -> Result<Token, StoreError> {
        let token = Token::random();
        let hash = token.hash();
        self.store.write(move |tx| staff::start_session(tx, member, &hash, now, now.plus(SESSION_LASTS))).await?;
        Ok(token)
    }

    async fn on_a_hasher<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, StoreError> {
        let _permit = self.hashers.acquire().await.map_err(|_| StoreError::Busy)?;
        tokio::task::spawn_blocking(work).await.map_err(|_| StoreError::Busy)
    }
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
