//! One webhook's turn: its test, and its next events, one after the other, until one fails.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use url::Url;

use super::{WebhookSender, sign, webhook_secret};
use crate::domain::{EventKind, GIVE_UP_AFTER, Timestamp, wait_after};
use crate::fetch::FetchError;
use crate::store::webhook_events::{self, Event};
use crate::store::webhooks::{self, Delivery, Webhook};
use crate::store::{StoreError, Tx};

/// How long a server has to answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);
/// The longest turn: then the others have theirs.
const TURN: Duration = Duration::from_secs(20);
/// Events read at a time.
const PORTION: i64 = 50;

impl WebhookSender {
    /// Sends a test, which is no event: it comes once, whatever the answer.
    pub(super) async fn test(&self, hook: &Webhook) -> Result<(), StoreError> {
        let now = self.clock.now();
        let body = json!({ "id": null, "event": "test", "at": now.rfc3339() });
        let delivery = self.send(hook, None, "test", &body).await;
        let id = hook.id;
        self.store.write(move |tx: &mut Tx<'_>| webhooks::tested(tx, id, &delivery)).await
    }

    /// Tells the next events, in order: none is told before the one ahead of it was taken.
    pub(super) async fn tell(&self, hook: &Webhook) -> Result<(), StoreError> {
        let (begun, id, kinds) = (Instant::now(), hook.id, hook.kinds());
        let mut after = hook.told_up_to;
        while begun.elapsed() < TURN {
            let wanted = kinds.clone();
            let events = self.store.read(move |conn| webhook_events::next(conn, &wanted, after, PORTION)).await?;
            if events.is_empty() {
                return Ok(());
            }
            for event in events {
                after = event.id;
                let Some(body) = self.body(&event).await? else {
                    self.store.write(move |tx: &mut Tx<'_>| webhooks::pass_over(tx, id, after)).await?;
                    continue;
                };
                let kind = event.kind.as_str();
                let delivery = self.send(hook, Some(event.id), kind, &body).await;
                if !delivery.delivered {
                    return self.failed(id, delivery).await;
                }
                self.store.write(move |tx: &mut Tx<'_>| webhooks::told(tx, id, after, &delivery)).await?;
                if begun.elapsed() >= TURN {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    async fn failed(&self, id: i64, delivery: Delivery) -> Result<(), StoreError> {
        self.store
            .write(move |tx: &mut Tx<'_>| {
                let hook = webhooks::all(tx.reader())?.into_iter().find(|hook| hook.id == id);
                let Some(hook) = hook else { return Ok(()) };
                let since = hook.failing_since.map_or(delivery.at, Timestamp::from_millis);
                let give_up = delivery.at.since(since) >= GIVE_UP_AFTER;
                let failures = u32::try_from(hook.failures).unwrap_or(0) + 1;
                if give_up {
                    tracing::warn!(webhook = id, "a webhook has failed for a day and is turned off");
                }
                webhooks::failed(tx, id, &delivery, delivery.at.plus(wait_after(failures)), give_up)
            })
            .await
    }

    /// What a receiver gets: ids and times. `None` for what is not to be told: its person has erased their data.
    async fn body(&self, event: &Event) -> Result<Option<Value>, StoreError> {
        if event.erased {
            return Ok(None);
        }
        let at = event.at.rfc3339();
        Ok(match event.kind {
            EventKind::LetterSent => Some(json!({
                "id": event.id, "event": EventKind::LetterSent.as_str(), "at": at, "campaign": event.campaign,
                "letter": event.letter, "office": event.office,
            })),
            EventKind::SignupConfirmed => {
                let signup = event.signup;
                let offices = self.store.read(move |conn| webhook_events::offices_of(conn, signup)).await?;
                Some(json!({
                    "id": event.id, "event": EventKind::SignupConfirmed.as_str(), "at": at, "campaign": event.campaign,
                    "signup": signup, "offices": offices,
                }))
            }
        })
    }

    async fn send(&self, hook: &Webhook, event: Option<i64>, kind: &str, body: &Value) -> Delivery {
        let (at, begun) = (self.clock.now(), Instant::now());
        let body = body.to_string();
        let secret = webhook_secret(&self.key, &hook.salt);
        let headers = [("Standout-Event", kind.to_owned()), ("Standout-Signature", sign(&secret, at.millis() / 1000, &body))];
        let answer = match Url::parse(&hook.url) {
            Ok(url) => self.poster.post(&url, &headers, body, ANSWER_WITHIN).await,
            Err(_) => Err(FetchError::NotAllowed { from: "its address".into() }),
        };
        let (delivered, words) = match answer {
            Ok(status) => (true, format!("HTTP status {status}")),
            Err(error) => (false, error.to_string()),
        };
        let millis = i64::try_from(begun.elapsed().as_millis()).unwrap_or(i64::MAX);
        Delivery { event, kind: kind.to_owned(), at, millis, delivered, words }
    }
}
