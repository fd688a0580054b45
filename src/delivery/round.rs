//! One message sent, and one commit of results and claims.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rand::Rng;
use tokio::sync::mpsc::UnboundedSender;

use super::effect::{Effect, consequence};
use super::leases::InHand;
use super::outcome::{is_unreachable, judge};
use super::sender::Inner;
use super::transmit::{ended, transmit};
use crate::domain::{Pause, PauseScope, Timestamp};
use crate::store::attempts::{self, Done, Verdict};
use crate::store::caps::Caps;
use crate::store::queue::{self, Claimed, Pick, Taken};
use crate::store::{StoreError, Tx, pauses};

/// A message that was tried, whatever came of it.
pub(super) struct Finished {
    pub(super) done: Done,
    pub(super) effect: Effect,
    /// The server could not be reached.
    pub(super) unreachable: bool,
    /// Renewed until the result is on record.
    pub(super) in_hand: InHand,
}

impl Finished {
    /// The mail server was not reached, so the office's share of attempts is not used.
    pub(super) fn uncounted(&self) -> bool {
        matches!(self.done.ended.step, "connect" | "tls" | "login")
    }
}

/// Sends one message and tells what came of it.
pub(super) async fn deliver(inner: Arc<Inner>, work: Arc<Claimed>, in_hand: InHand, tell: UnboundedSender<Finished>) {
    let (began, started) = (inner.clock.now(), Instant::now());
    let result = transmit(&inner.way, &inner.settings, &work).await;
    let ended = ended(&result, &work, started);
    let (verdict, effect) =
        consequence(judge(&result), &work, &inner.settings.retries, rand::rng().random(), began, inner.clock.now());
    inner.metrics.attempted(work.kind, verdict.word(), ended.took);
    let millis = u64::try_from(ended.took.as_millis()).unwrap_or(u64::MAX);
    match &result {
        Ok(_) => tracing::info!(message = work.id, destination = work.destination_id, millis, "sent"),
        Err(failure) => {
            let outcome = if verdict == Verdict::Failed { "failed" } else { "to be tried again" };
            tracing::warn!(message = work.id, destination = work.destination_id, millis, step = ended.step, code = ?ended.code, cause = %failure.cause, outcome, "not sent");
        }
    }
    let unreachable = is_unreachable(&result);
    // Nobody listens any more after a stop that took too long: the message is tried again after the next start.
    let _ = tell.send(Finished { done: Done { work, ended, verdict }, effect, unreachable, in_hand });
}

/// What goes into one commit.
pub(super) struct Round {
    pub(super) owner: String,
    pub(super) done: Vec<(Done, Effect)>,
    pub(super) picks: Vec<Pick>,
    pub(super) caps: Caps,
    pub(super) lease: Duration,
    /// The stops that a message that was taken may disprove.
    pub(super) stops: Vec<PauseScope>,
}

/// What came of it.
pub(super) struct Written {
    /// The messages whose results are on record.
    pub(super) recorded: HashSet<i64>,
    /// What was claimed.
    pub(super) taken: Taken,
    /// What rests now, where that changed.
    pub(super) rests: Option<Vec<Pause>>,
}

impl Round {
    pub(super) fn write(self, tx: &mut Tx<'_>, now: Timestamp) -> Result<Written, StoreError> {
        let mut recorded = HashSet::new();
        let mut changed = false;
        if !self.done.is_empty() {
            let done: Vec<Done> = self.done.iter().map(|(done, _)| done.clone()).collect();
            recorded = attempts::record_all(tx, &self.owner, &done, now)?;
            for (done, effect) in self.done.iter().filter(|(done, _)| recorded.contains(&done.work.id)) {
                changed |= effect.write(tx, done, &self.stops, now)?;
            }
        }
        // What has just begun to rest is not taken in the same breath.
        let picks = if changed { Vec::new() } else { self.picks };
        let taken = if picks.is_empty() {
            Taken::default()
        } else {
            queue::claim_all(tx, &self.owner, &picks, self.caps, self.lease, now)?
        };
        let rests = changed.then(|| pauses::all(tx.reader())).transpose()?;
        Ok(Written { recorded, taken, rests })
    }
}
