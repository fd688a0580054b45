//! Tokens of programs that read the API.

use diesel::prelude::*;

use crate::domain::{ApiScope, Day, Timestamp, TokenHash};
use crate::store::schema::api_tokens;
use crate::store::{Reader, StoreError, Tx};

/// A token as the console lists it.
#[derive(Queryable, Selectable)]
pub struct ApiToken {
    /// Its id.
    pub id: i64,
    /// What staff call it.
    pub name: String,
    /// What it may read.
    pub scope: ApiScope,
    /// Who made it.
    pub created_by: String,
    /// When.
    pub created_at: Timestamp,
    /// From when on it opens nothing; `None`: never.
    pub expires_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// The day (UTC) of its last use.
    pub used_on: Option<String>,
}

/// Keeps a new token; gives its id.
pub fn insert(
    tx: &mut Tx<'_>,
    hash: &TokenHash,
    (name, scope): (&str, ApiScope),
    created_by: &str,
    expires_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<i64, StoreError> {
    Ok(diesel::insert_into(api_tokens::table)
        .values((
            api_tokens::hash.eq(hash),
            api_tokens::name.eq(name),
            api_tokens::scope.eq(scope),
            api_tokens::created_by.eq(created_by),
            api_tokens::created_at.eq(now),
            api_tokens::expires_at.eq(expires_at),
        ))
        .returning(api_tokens::id)
        .get_result(tx.conn)?)
}

/// Revokes a token for good. False when there is none of that id that still opens something.
pub fn revoke(tx: &mut Tx<'_>, id: i64, now: Timestamp) -> Result<bool, StoreError> {
    let open = api_tokens::table.filter(api_tokens::id.eq(id).and(api_tokens::revoked_at.is_null()));
    Ok(diesel::update(open).set(api_tokens::revoked_at.eq(now)).execute(tx.conn)? > 0)
}

/// Notes the day of a use.
pub fn used(tx: &mut Tx<'_>, id: i64, day: &Day) -> Result<(), StoreError> {
    diesel::update(api_tokens::table.find(id)).set(api_tokens::used_on.eq(day)).execute(tx.conn)?;
    Ok(())
}

/// The token of that secret, whether or not it still opens anything.
pub fn by_hash(conn: &mut Reader, hash: &TokenHash) -> Result<Option<ApiToken>, StoreError> {
    Ok(api_tokens::table.filter(api_tokens::hash.eq(hash)).select(ApiToken::as_select()).first(conn).optional()?)
}

/// Every token, the newest first.
pub fn all(conn: &mut Reader) -> Result<Vec<ApiToken>, StoreError> {
    Ok(api_tokens::table.order(api_tokens::id.desc()).select(ApiToken::as_select()).load(conn)?)
}

impl ApiToken {
    /// Whether it opens anything at that time.
    #[must_use]
    pub fn is_good(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| now < end)
    }
}
