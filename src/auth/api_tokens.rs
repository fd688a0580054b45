//! Programs that read the API: who shows which token.

use super::Auth;
use crate::domain::{ApiScope, Day, Timestamp, Token};
use crate::store::{StoreError, api_tokens};

impl Auth {
    /// What the program that shows this token may read; `None` for a token that is unknown, too old or revoked. Notes the day of
    /// the use, once a day.
    pub async fn api_scope(&self, token: &Token, now: Timestamp) -> Result<Option<ApiScope>, StoreError> {
        let hash = token.hash();
        let known = self.store.read(move |conn| api_tokens::by_hash(conn, &hash)).await?;
        let Some(known) = known.filter(|known| known.is_good(now)) else { return Ok(None) };
        let (id, today) = (known.id, Day::utc(now));
        if known.used_on.as_deref() != Some(today.as_str()) {
            self.store.write(move |tx| api_tokens::used(tx, id, &today)).await?;
        }
        Ok(Some(known.scope))
    }
}
