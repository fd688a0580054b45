//! The loop: the results that came are recorded and the next messages claimed, in one commit; then they are sent.
//!
//! A hand that has its answer takes its next message only in the commit that records the answer. So at most one message
//! a hand is ever in doubt, and a commit serves all hands whose answers came meanwhile.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::FutureExt;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio_util::sync::CancellationToken;

use super::attempt::{self, Committed, RecordAndClaim, Unrecorded};
use super::backlog::{self, Backlog};
use super::context::Context;
use super::leases::InHand;
use super::outcome::breather;
use crate::domain::{Pulse, Timestamp};
use crate::store::StoreError;
use crate::store::queue::{self, Pick};

/// How often the loop looks by itself: for retries that fall due, and for work that another process queued.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// The least time between a look and the next.
const REST: Duration = Duration::from_millis(10);
/// How long a stop waits for the messages in hand. What is not done by then is tried again after the next start.
const STOP_WITHIN: Duration = Duration::from_secs(25);
/// The longest wait between two tries to reach the mail server, and to write to the database.
const LONGEST_BREATHER: Duration = Duration::from_secs(5);

/// A clock that goes back by more than this was set, and did not only lose a moment.
const CLOCK_WAS_SET_BACK: Duration = Duration::from_secs(2);

pub(super) struct Engine {
    inner: Arc<Context>,
    pulse: Pulse,
    backlog: Backlog,
    results: UnboundedReceiver<Unrecorded>,
    tell: UnboundedSender<Unrecorded>,
    /// Results that are not on record yet.
    unrecorded: Vec<Unrecorded>,
    looked: Option<Instant>,
    /// What the clock said at the last look.
    time: Timestamp,
    told: bool,
    /// Connections in a row that did not come about, and when the next may be tried.
    unreachable: u32,
    not_before: Option<Instant>,
}

impl Engine {
    pub(super) fn new(inner: Arc<Context>, pulse: Pulse) -> Self {
        let (tell, results) = unbounded_channel();
        Self {
            inner,
            pulse,
            backlog: Backlog::default(),
            results,
            tell,
            unrecorded: Vec::new(),
            looked: None,
            // Nobody knows what happened to the clock before this process began.
            time: Timestamp::from_millis(i64::MAX),
            told: true,
            unreachable: 0,
            not_before: None,
        }
    }

    /// Sends until `stop`; then takes nothing new, waits for what is in hand, within bounds, and returns.
    pub(super) async fn run(mut self, stop: &CancellationToken) {
        let mut stop_by = None;
        let mut refused = 0;
        loop {
            self.pulse.beat();
            while let Ok(unrecorded) = self.results.try_recv() {
                self.take_in(unrecorded);
            }
            let stopping = stop.is_cancelled();
            if stopping {
                let idle = self.unrecorded.is_empty() && self.inner.fairness().busy() == 0;
                if idle || Instant::now() >= *stop_by.get_or_insert_with(|| Instant::now() + STOP_WITHIN) {
                    return;
                }
            }
            let mut wait = LOOK_EVERY;
            let picks = if stopping { Vec::new() } else { self.pick(&mut wait).await };
            if self.unrecorded.is_empty() && picks.is_empty() {
                self.pause(wait, stop, stopping).await;
                continue;
            }
            match self.commit(picks).await {
                Ok(()) => refused = 0,
                Err(error) => {
                    // The results stay in hand, their leases renewed: one that is lost is a letter sent twice.
                    tracing::error!(%error, in_hand = self.unrecorded.len(), "results can't be recorded, or work not taken, yet");
                    self.backlog.forget();
                    refused += 1;
                    tokio::time::sleep(breather(refused, LONGEST_BREATHER) / 20).await;
                }
            }
        }
    }

    /// Waits for a result, for news, or for so long.
    async fn pause(&mut self, wait: Duration, stop: &CancellationToken, stopping: bool) {
        let queued = Arc::clone(&self.inner.queued);
        tokio::select! {
            Some(unrecorded) = self.results.recv() => self.take_in(unrecorded),
            () = queued.notified() => self.told = true,
            () = tokio::time::sleep(wait) => {}
            () = stop.cancelled(), if !stopping => {}
        }
    }

    fn take_in(&mut self, mut unrecorded: Unrecorded) {
        unrecorded.in_hand.answered();
        if unrecorded.unreachable {
            self.unreachable += 1;
            self.not_before = Some(Instant::now() + breather(self.unreachable, LONGEST_BREATHER));
        } else {
            self.unreachable = 0;
            self.not_before = None;
        }
        if unrecorded.uncounted() {
            self.backlog.reopen(unrecorded.attempt.work.destination_id);
        }
        self.unrecorded.push(unrecorded);
    }

    /// As much due work as there are free hands and rests, caps and paces allow.
    async fn pick(&mut self, wait: &mut Duration) -> Vec<Pick> {
        let mut hands = self.inner.settings.connections.saturating_sub(self.inner.fairness().busy());
        if self.unreachable > 0 {
            if let Some(left) = self.not_before.and_then(|at| at.checked_duration_since(Instant::now())) {
                *wait = (*wait).min(left);
                return Vec::new();
            }
            // After the server could not be reached, one message goes ahead to see whether it can be again.
            hands = hands.min(1);
        }
        if hands == 0 {
            return Vec::new();
        }
        // A busy sender never pauses to listen; a confirmation must not wait for that.
        self.told |= self.inner.queued.notified().now_or_never().is_some();
        if let Err(error) = self.look(wait).await {
            tracing::error!(%error, "the sender can't look for work; it tries again in a moment");
        }
        let now = self.inner.clock.now();
        let picks = {
            let fairness = self.inner.fairness();
            self.backlog.choose(&fairness, hands, now, wait, |destination| self.inner.pace(destination))
        };
        if self.unreachable > 0 && !picks.is_empty() {
            self.not_before = Some(Instant::now() + breather(self.unreachable, LONGEST_BREATHER));
        }
        picks
    }

    /// Brings the backlog up to date where that is due.
    async fn look(&mut self, wait: &mut Duration) -> Result<(), StoreError> {
        let age = self.looked.map_or(Duration::MAX, |at| at.elapsed());
        if age < LOOK_EVERY && !(self.told || self.backlog.ran_out) {
            *wait = (*wait).min(LOOK_EVERY.saturating_sub(age));
            return Ok(());
        }
        // A flood of new work must not become a flood of looks. Whoever ran out of work does not wait.
        if age < REST && !self.backlog.ran_out {
            *wait = (*wait).min(REST.saturating_sub(age));
            return Ok(());
        }
        let (known, now) = (self.backlog.known(), self.inner.clock.now());
        if self.time.since(now) > CLOCK_WAS_SET_BACK {
            let due = self.inner.store.write(move |tx| queue::clock_set_back(tx, now)).await?;
            if due > 0 {
                tracing::warn!(due, "the clock was set back; what was confirmed before that does not wait for it");
            }
        }
        self.time = now;
        self.told = false;
        self.looked = Some(Instant::now());
        let look = self.inner.store.read(move |conn| backlog::look(conn, &known, now)).await?;
        self.inner.pacer.set_own(&look.paces());
        self.backlog.update(look);
        Ok(())
    }

    /// Records what is unrecorded and claims `picks` in one commit, and has them sent.
    async fn commit(&mut self, picks: Vec<Pick>) -> Result<(), StoreError> {
        let claiming = !picks.is_empty();
        let written = match self.write(picks).await {
            // A claim that fails takes no result with it.
            Err(error) if claiming && !self.unrecorded.is_empty() => {
                tracing::error!(%error, "the sender can't take work; it tries again in a moment");
                self.backlog.forget();
                self.write(Vec::new()).await?
            }
            written => written?,
        };
        for unrecorded in self.unrecorded.drain(..) {
            if !written.recorded.contains(&unrecorded.attempt.work.id) {
                tracing::warn!(message = unrecorded.attempt.work.id, "its lease had run out before its result was recorded");
            }
        }
        if let Some(rests) = written.rests {
            self.backlog.set_rests(rests);
        }
        let taken = written.taken;
        self.backlog.correct(&taken.drained, &taken.full);
        taken.full.iter().for_each(|_| self.inner.metrics.waited("cap"));
        for work in taken.claimed {
            let in_hand = InHand::take(&self.inner, &work);
            tokio::spawn(attempt::deliver(Arc::clone(&self.inner), Arc::new(work), in_hand, self.tell.clone()));
        }
        self.inner.fairness().set_claiming(false);
        self.inner.metrics.in_hand(self.inner.fairness().busy());
        Ok(())
    }

    /// Until what was claimed is in hand, nothing of this process is put back.
    async fn write(&self, picks: Vec<Pick>) -> Result<Committed, StoreError> {
        let round = RecordAndClaim {
            owner: self.inner.owner.clone(),
            judged: self.unrecorded.iter().map(|unrecorded| (unrecorded.attempt.clone(), unrecorded.effect.clone())).collect(),
            picks,
            caps: self.inner.settings.caps,
            lease: self.inner.settings.lease,
            stops: self.backlog.stops(),
        };
        let clock = self.inner.clock.clone();
        self.inner.fairness().set_claiming(true);
        let written = self.inner.store.write(move |tx| round.write(tx, clock.now())).await;
        if written.is_err() {
            self.inner.fairness().set_claiming(false);
        }
        written
    }
}
