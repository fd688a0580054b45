//! Webhooks: added, tested, turned on again, removed.

use super::{AuditDetail, StaffActions};
use crate::domain::{Actor, AuditAction, EventKind};
use crate::store::{StoreError, Tx, webhooks};

impl StaffActions {
    /// Adds a webhook that tells of these kinds of events from now on. Where it may lead is checked before.
    ///
    /// # Errors
    /// When the database can't keep it.
    pub async fn add_webhook(&self, who: &Actor, url: String, kinds: Vec<EventKind>) -> Result<(), StoreError> {
        let (now, by, salt) = (self.clock.now(), who.name().to_owned(), rand::random::<[u8; 32]>());
        let add = move |tx: &mut Tx<'_>| {
            let id = webhooks::insert(tx, &url, &salt, &kinds, &by, now)?;
            let kinds: Vec<_> = kinds.iter().map(|kind| kind.as_str()).collect();
            Ok(((), Some(AuditDetail::of(format!("webhook {id}"), format!("{url}: {}", kinds.join(", "))))))
        };
        self.act(who, AuditAction::WebhookAdded, add).await
    }

    /// Removes a webhook. False when there is none.
    ///
    /// # Errors
    /// When the database can't keep it.
    pub async fn remove_webhook(&self, who: &Actor, id: i64) -> Result<bool, StoreError> {
        self.on_webhook(who, AuditAction::WebhookRemoved, id, move |tx| webhooks::remove(tx, id)).await
    }

    /// Turns a webhook on again. False when it was not off.
    ///
    /// # Errors
    /// When the database can't keep it.
    pub async fn enable_webhook(&self, who: &Actor, id: i64) -> Result<bool, StoreError> {
        let now = self.clock.now();
        self.on_webhook(who, AuditAction::WebhookTurnedOn, id, move |tx| webhooks::enable(tx, id, now)).await
    }

    /// Has a test sent within seconds. False when there is no such webhook.
    ///
    /// # Errors
    /// When the database can't keep it.
    pub async fn test_webhook(&self, who: &Actor, id: i64) -> Result<bool, StoreError> {
        let now = self.clock.now();
        self.on_webhook(who, AuditAction::WebhookTested, id, move |tx| webhooks::ask_for_test(tx, id, now)).await
    }

    async fn on_webhook(
        &self,
        who: &Actor,
        deed: AuditAction,
        id: i64,
        work: impl FnOnce(&mut Tx<'_>) -> Result<bool, StoreError> + Send + 'static,
    ) -> Result<bool, StoreError> {
        let work = move |tx: &mut Tx<'_>| {
            let done = work(tx)?;
            Ok((done, done.then(|| AuditDetail::of(format!("webhook {id}"), ""))))
        };
        self.act(who, deed, work).await
    }
}
