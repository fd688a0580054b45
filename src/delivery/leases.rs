//! What is in hand stays in hand: leases are renewed while a task holds a message, and put back when nobody does.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::context::Context;
use super::transmit::Transport;
use crate::store::queue::{self, Claimed};

impl Context {
    /// Renews this sender's leases, puts back what dead senders left, closes sessions that idle too long.
    pub(super) async fn keep_leases(self: Arc<Self>, stop: CancellationToken) -> std::convert::Infallible {
        let every = (self.settings.lease / 3).clamp(Duration::from_millis(100), Duration::from_secs(1));
        loop {
            let (owner, lease, clock) = (self.owner.clone(), self.settings.lease, self.clock.clone());
            // A clock that jumps must not make what was just claimed look like a dead sender's: what is claimed after this
            // moment has its lease from then on, and while a claim is under way nothing of this sender's is put back.
            let (ids, claiming, before) = {
                let fairness = self.fairness();
                (fairness.in_hand(), fairness.is_claiming(), clock.now())
            };
            let done = self.store.write(move |tx| {
                let now = clock.now();
                // Its own leases first, for the same reason after a long wait for the database.
                queue::renew(tx, &owner, &ids, lease, now)?;
                queue::recover(tx, before.min(now), claiming.then_some(owner.as_str()))
            });
            match done.await {
                Ok(0) => {}
                Ok(recovered) => {
                    tracing::warn!(recovered, "messages of a sender that stopped are put back; they keep their Message-ID");
                    self.queued.notify_one();
                }
                Err(error) => tracing::error!(%error, "leases can't be renewed yet"),
            }
            if let Transport::Smtp(sessions) = &self.transport
                && !stop.is_cancelled()
            {
                sessions.close_idle(false).await;
            }
            tokio::time::sleep(every).await;
        }
    }
}

/// A message in hand. However its task ends, its destination's turn ends with it and its lease is renewed no more.
pub(super) struct InHand {
    inner: Arc<Context>,
    message: i64,
    destination: i64,
    answered: bool,
}

impl InHand {
    pub(super) fn take(inner: &Arc<Context>, work: &Claimed) -> Self {
        inner.fairness().began(work.destination_id, work.id);
        Self { inner: Arc::clone(inner), message: work.id, destination: work.destination_id, answered: false }
    }

    /// The hand is free for another message. This one's lease is still renewed, until its result is on record.
    pub(super) fn answered(&mut self) {
        if !std::mem::replace(&mut self.answered, true) {
            self.inner.fairness().answered(self.destination);
        }
    }
}

impl Drop for InHand {
    fn drop(&mut self) {
        self.answered();
        self.inner.fairness().let_go(self.message);
    }
}
