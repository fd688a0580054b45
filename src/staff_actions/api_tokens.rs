//! Tokens of programs that read the API.

use std::time::Duration;

use super::{AuditDetail, StaffActions};
use crate::domain::{Actor, ApiScope, AuditAction, Token};
use crate::store::{StoreError, Tx, api_tokens};

impl StaffActions {
    /// Makes a token and gives its secret, which is kept nowhere. Without `lasts` it is good until it is revoked.
    ///
    /// # Errors
    /// When the database can't keep it.
    pub async fn make_api_token(
        &self,
        who: &Actor,
        name: String,
        scope: ApiScope,
        lasts: Option<Duration>,
    ) -> Result<Token, StoreError> {
        let (token, now, by) = (Token::random(), self.clock.now(), who.name().to_owned());
        let (hash, ends) = (token.hash(), lasts.map(|lasts| now.plus(lasts)));
        let make = move |tx: &mut Tx<'_>| {
            let id = api_tokens::insert(tx, &hash, (&name, scope), &by, ends, now)?;
            let until = ends.map_or_else(|| "no end".to_owned(), |end| format!("until {}", end.rfc3339()));
            Ok(((), Some(AuditDetail::of(format!("token {id}"), format!("{name}: reads {}, {until}", scope.as_str())))))
        };
        self.act(who, AuditAction::TokenMade, make).await?;
        Ok(token)
    }

    /// Revokes a token for good. False when there was none to revoke.
    ///
    /// # Errors
    /// When the database can't keep it.
    pub async fn revoke_api_token(&self, who: &Actor, id: i64) -> Result<bool, StoreError> {
        let now = self.clock.now();
        let revoke = move |tx: &mut Tx<'_>| {
            let revoked = api_tokens::revoke(tx, id, now)?;
            Ok((revoked, revoked.then(|| AuditDetail::of(format!("token {id}"), ""))))
        };
        self.act(who, AuditAction::TokenRevoked, revoke).await
    }
}
