//! Telling other servers what happened: in order, signed, and again for a day where they don't answer.

mod deliver;
mod signature;

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::domain::{Clock, Timestamp};
use crate::fetch::{FetchError, Poster};
use crate::store::webhooks::{self, Webhook};
use crate::store::{Store, StoreError, Tx, webhook_events};

pub use signature::{sign, webhook_secret};

/// How often it is looked whether there is something to tell.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Old events are forgotten every so many looks.
const FORGET_EVERY: u32 = 7200;

/// Tells what there is to tell, until it is stopped.
pub struct WebhookSender {
    store: Store,
    clock: Clock,
    poster: Poster,
    key: String,
}

impl WebhookSender {
    /// `key` is the service's own; outside `development` only servers that everybody reaches are told anything.
    ///
    /// # Errors
    /// When no HTTP client can be made.
    pub fn new(store: Store, clock: Clock, key: &str, development: bool) -> Result<Self, FetchError> {
        Ok(Self { store, clock, poster: Poster::new(development)?, key: key.to_owned() })
    }

    /// Runs until `stop`; a server that is being told has its time to answer.
    pub async fn run(self, stop: CancellationToken) {
        let mut looks = 0_u32;
        loop {
            if let Err(error) = self.round(looks.is_multiple_of(FORGET_EVERY)).await {
                tracing::error!(%error, "webhooks can't be served yet");
            }
            looks = looks.wrapping_add(1);
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
    }

    /// One look: what was sent is gathered, and every webhook that is due tells some of it. Without webhooks it reads one empty
    /// table.
    async fn round(&self, forget: bool) -> Result<(), StoreError> {
        let hooks = self.store.read(webhooks::all).await?;
        if hooks.is_empty() {
            return Ok(());
        }
        let now = self.clock.now();
        if hooks.iter().any(|hook| hook.disabled_at.is_none()) {
            while self.store.write(move |tx: &mut Tx<'_>| webhook_events::gather(tx, now)).await? {}
        }
        if forget {
            self.store.write(move |tx: &mut Tx<'_>| webhook_events::forget(tx, now)).await?;
        }
        let due = hooks.into_iter().filter(|hook| hook.test_asked_at.is_some() || is_due(hook, now));
        // Side by side: one that hangs holds up no other for longer than its time to answer.
        for result in futures_util::future::join_all(due.map(|hook| self.serve(hook, now))).await {
            result?;
        }
        Ok(())
    }

    async fn serve(&self, hook: Webhook, now: Timestamp) -> Result<(), StoreError> {
        if hook.test_asked_at.is_some() {
            self.test(&hook).await?;
        }
        if is_due(&hook, now) { self.tell(&hook).await } else { Ok(()) }
    }
}

fn is_due(hook: &Webhook, now: Timestamp) -> bool {
    hook.disabled_at.is_none() && hook.due_at <= now.millis()
}
