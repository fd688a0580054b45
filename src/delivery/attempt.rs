//! One attempt from claim to record: claimed, transmitted, judged, recorded. What was judged is recorded by the commit that claims the next.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rand::Rng;
use tokio::sync::mpsc::UnboundedSender;

use super::context::Context;
use super::effect::{Effect, consequence};
use super::leases::InHand;
use super::outcome::{is_unreachable, judge};
use super::transmit::{kept, transmit};
use crate::domain::{Pause, PauseScope, Timestamp};
use crate::store::attempts::{self, Disposition, JudgedAttempt};
use crate::store::caps::Caps;
use crate::store::queue::{self, Claimed, Pick, Taken};
use crate::store::{StoreError, Tx, pauses};

/// A message that was tried, whatever came of it.
pub(super) struct Unrecorded {
    pub(super) attempt: JudgedAttempt,
    pub(super) effect: Effect,
    /// The server could not be reached.
    pub(super) unreachable: bool,
    /// Renewed until the result is on record.
    pub(super) in_hand: InHand,
}

impl Unrecorded {
    /// The mail server was not reached, so the office's share of attempts is not used.
    pub(super) fn uncounted(&self) -> bool {
        matches!(self.attempt.result.step, "connect" | "tls" | "login")
    }
}

/// Sends one message and tells what came of it.
pub(super) async fn deliver(inner: Arc<Context>, work: Arc<Claimed>, in_hand: InHand, tell: UnboundedSender<Unrecorded>) {
    let (began, started) = (inner.clock.now(), Instant::now());
    let answer = transmit(&inner.transport, &inner.settings, &work).await;
    let result = kept(&answer, &work, started);
    let (disposition, effect) =
        consequence(judge(&answer), &work, &inner.settings.retries, rand::rng().random(), began, inner.clock.now());
    inner.metrics.attempted(work.kind, disposition.word(), result.took);
    let millis = u64::try_from(result.took.as_millis()).unwrap_or(u64::MAX);
    match &answer {
        Ok(_) => tracing::info!(message = work.id, destination = work.destination_id, millis, "sent"),
        Err(failure) => {
            let outcome = if disposition == Disposition::Failed { "failed" } else { "to be tried again" };
            tracing::warn!(message = work.id, destination = work.destination_id, millis, step = result.step, code = ?result.code, cause = %failure.cause, outcome, "not sent");
        }
    }
    let unreachable = is_unreachable(&answer);
    // Nobody listens any more after a stop that took too long: the message is tried again after the next start.
    let _ = tell.send(Unrecorded { attempt: JudgedAttempt { work, result, disposition }, effect, unreachable, in_hand });
}

/// What goes into one commit.
pub(super) struct RecordAndClaim {
    pub(super) owner: String,
    pub(super) judged: Vec<(JudgedAttempt, Effect)>,
    pub(super) picks: Vec<Pick>,
    pub(super) caps: Caps,
    pub(super) lease: Duration,
    /// The stops that a message that was taken may disprove.
    pub(super) stops: Vec<PauseScope>,
}

/// What came of it.
pub(super) struct Committed {
    /// The messages whose results are on record.
    pub(super) recorded: HashSet<i64>,
    /// What was claimed.
    pub(super) taken: Taken,
    /// What rests now, where that changed.
    pub(super) rests: Option<Vec<Pause>>,
}

impl RecordAndClaim {
    pub(super) fn write(self, tx: &mut Tx<'_>, now: Timestamp) -> Result<Committed, StoreError> {
        let mut recorded = HashSet::new();
        let mut changed = false;
        if !self.judged.is_empty() {
            let judged: Vec<JudgedAttempt> = self.judged.iter().map(|(attempt, _)| attempt.clone()).collect();
            recorded = attempts::record_all(tx, &self.owner, &judged, now)?;
            for (attempt, effect) in self.judged.iter().filter(|(attempt, _)| recorded.contains(&attempt.work.id)) {
                changed |= effect.write(tx, attempt, &self.stops, now)?;
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
        Ok(Committed { recorded, taken, rests })
    }
}
