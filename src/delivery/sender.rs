//! The loop: what is due, as much as the paces allow, into the hands of as many sessions as there may be.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rand::Rng;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::hand_over::{Way, ended, hand_over};
use super::leases::InHand;
use super::outcome::{breather, decide, is_unusable};
use super::sessions::Sessions;
use super::turns::Turns;
use crate::domain::{Clock, EmailAddress, RetrySchedule};
use crate::mail::Mailer;
use crate::rate_limit::Pacer;
use crate::store::attempts::{self, Ended, Verdict};
use crate::store::messages::SUPPORTERS;
use crate::store::queue::{self, Claimed, Due};
use crate::store::{Store, StoreError};

/// How often the loop looks by itself: for retries that fall due, and for work that another process queued.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// The least time between a look that found nothing to take and the next.
const REST: Duration = Duration::from_millis(10);
/// How long a stop waits for the messages in hand. What is not done by then is tried again after the next start.
const STOP_WITHIN: Duration = Duration::from_secs(25);
/// The longest wait between two tries to reach the mail server.
const LONGEST_BREATHER: Duration = Duration::from_secs(5);

/// What the sender works by.
#[derive(Clone, Debug)]
pub struct SenderSettings {
    /// The envelope's and header's sender address.
    pub mail_from: EmailAddress,
    /// Messages in hand at the same time.
    pub connections: usize,
    /// How long a claim lasts unless renewed.
    pub lease: Duration,
    /// The waits between attempts.
    pub retries: RetrySchedule,
    /// Messages to one office in any minute; 0: unlimited.
    pub per_office_per_minute: u32,
    /// Messages to one office in any hour; 0: unlimited.
    pub per_office_per_hour: u32,
    /// How this machine names itself to mail servers (RFC 5321 section 4.1.1.1).
    pub hello: String,
}

/// The sender of one process.
#[derive(Clone)]
pub struct Sender {
    inner: Arc<Inner>,
}

pub(super) struct Inner {
    pub(super) store: Store,
    pub(super) clock: Clock,
    pub(super) settings: SenderSettings,
    pub(super) way: Way,
    pub(super) pacer: Arc<Pacer>,
    /// Names this process in leases.
    pub(super) owner: String,
    pub(super) hands: Arc<Semaphore>,
    pub(super) turns: Mutex<Turns>,
    pub(super) tasks: TaskTracker,
    pub(super) queued: Arc<Notify>,
    pub(super) unusable: AtomicU32,
}

impl Sender {
    /// A sender that is told by `queued` when there is something new.
    #[must_use]
    pub fn new(
        store: Store,
        mailer: Mailer,
        pacer: Arc<Pacer>,
        settings: SenderSettings,
        clock: Clock,
        queued: Arc<Notify>,
    ) -> Self {
        let way = match mailer {
            Mailer::Outbox(outbox) => Way::Outbox(outbox),
            Mailer::Smtp(smtp, timeouts) => Way::Smtp(Sessions::new(smtp, timeouts, settings.hello.clone())),
        };
        let owner = format!("{}-{:016x}", std::process::id(), rand::rng().random::<u64>());
        let hands = Arc::new(Semaphore::new(settings.connections));
        let turns = Mutex::new(Turns::new(settings.connections));
        let tasks = TaskTracker::new();
        let unusable = AtomicU32::new(0);
        Self { inner: Arc::new(Inner { store, clock, settings, way, pacer, owner, hands, turns, tasks, queued, unusable }) }
    }

    /// Sends until `stop`; then takes nothing new, finishes what is in hand, and returns.
    pub async fn run(self, stop: CancellationToken) {
        let heartbeat = tokio::spawn(Arc::clone(&self.inner).keep_leases(stop.clone()));
        while let Some(hand) = self.next_hand(&stop).await {
            let wait = self.inner.pick(hand).await.unwrap_or_else(|error| {
                tracing::error!(%error, "the sender can't look for work; it tries again in a moment");
                LOOK_EVERY
            });
            if wait.is_zero() {
                continue;
            }
            // A flood of new work must not become a flood of looks that find no hand or no pace for it.
            tokio::time::sleep(REST.min(wait)).await;
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(wait.saturating_sub(REST)) => {}
                () = self.inner.queued.notified() => {}
            }
        }
        self.inner.tasks.close();
        if tokio::time::timeout(STOP_WITHIN, self.inner.tasks.wait()).await.is_err() {
            tracing::warn!(
                in_hand = self.inner.tasks.len(),
                "stopped with messages in hand; they are tried again after the next start"
            );
        }
        if let Way::Smtp(sessions) = &self.inner.way {
            sessions.close_idle(true).await;
        }
        heartbeat.abort();
    }

    /// The next free hand, after a breather while the server can't be used; `None` when it is time to stop.
    async fn next_hand(&self, stop: &CancellationToken) -> Option<OwnedSemaphorePermit> {
        let failures = self.inner.unusable.load(Ordering::Relaxed);
        let pause = if failures > 0 { breather(failures, LONGEST_BREATHER) } else { Duration::ZERO };
        let hand = async {
            tokio::time::sleep(pause).await;
            Arc::clone(&self.inner.hands).acquire_owned().await.ok()
        };
        tokio::select! {
            biased;
            () = stop.cancelled() => None,
            hand = hand => hand,
        }
    }
}

impl Inner {
    /// Claims and starts as much due work as there are free hands and the paces allow. Gives how long to wait before
    /// the next look.
    async fn pick(self: &Arc<Self>, hand: OwnedSemaphorePermit) -> Result<Duration, StoreError> {
        let mut hands = vec![hand];
        // After a server could not be used, one message goes ahead to see whether it can be again.
        if self.unusable.load(Ordering::Relaxed) == 0 {
            while let Ok(free) = Arc::clone(&self.hands).try_acquire_owned() {
                hands.push(free);
            }
        }
        let (now, most) = (self.clock.now(), hands.len());
        let due = self.store.read(move |conn| queue::due(conn, most, now)).await?;
        let (picked, wait) = self.choose(&due, most);
        if picked.is_empty() {
            return Ok(wait);
        }
        let (owner, lease) = (self.owner.clone(), self.settings.lease);
        let claimed = self.store.write(move |tx| {
            let mut claimed = Vec::new();
            for (destination, count) in picked {
                claimed.extend(queue::claim(tx, &owner, destination, count, lease, now)?);
            }
            Ok(claimed)
        });
        for (work, hand) in claimed.await?.into_iter().zip(hands) {
            let in_hand = InHand::take(self, &work);
            self.tasks.spawn(Arc::clone(self).deliver(work, in_hand, hand));
        }
        Ok(Duration::ZERO)
    }

    /// How many messages to take from each destination: notices first, then one of each office in turn, so that an
    /// office with many waiting letters delays no other. Also how long to wait when the paces allow none.
    fn choose(&self, due: &[Due], hands: usize) -> (BTreeMap<i64, usize>, Duration) {
        let mut picked = BTreeMap::new();
        let mut free = hands;
        let mut wait = LOOK_EVERY;
        let turns = self.turns();
        let (notices, offices): (Vec<&Due>, Vec<&Due>) = due.iter().partition(|d| d.destination_id == SUPPORTERS);
        for mut group in [notices, offices] {
            turns.order(&mut group);
            let mut open: Vec<(&Due, usize)> = group.into_iter().map(|destination| (destination, 0)).collect();
            while free > 0 && !open.is_empty() {
                open.retain_mut(|(destination, taken)| {
                    let may = turns.has_room(destination.destination_id, *taken) && !self.is_full(destination, *taken);
                    if free == 0 || *taken == destination.waiting || !may {
                        return false;
                    }
                    if let Err(until) = self.pace(destination.destination_id) {
                        wait = wait.min(until.max(Duration::from_millis(1)));
                        return false;
                    }
                    *taken += 1;
                    free -= 1;
                    *picked.entry(destination.destination_id).or_default() += 1;
                    true
                });
            }
        }
        (picked, wait)
    }

    /// The table is whole even if a thread died while it held it.
    pub(super) fn turns(&self) -> MutexGuard<'_, Turns> {
        self.turns.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes one message's place in the pace of that destination; else how long until there is one.
    fn pace(&self, destination: i64) -> Result<(), Duration> {
        if destination == SUPPORTERS { self.pacer.check_notice() } else { self.pacer.check(destination) }
    }

    /// Whether the office had its share of the last minute or hour, counted from the attempts that are on record.
    fn is_full(&self, due: &Due, taken: usize) -> bool {
        let full = |limit: u32, count: usize| limit > 0 && count + taken >= limit as usize;
        full(self.settings.per_office_per_minute, due.last_minute) || full(self.settings.per_office_per_hour, due.last_hour)
    }

    /// Sends one message and records what came of it.
    async fn deliver(self: Arc<Self>, work: Claimed, in_hand: InHand, permit: OwnedSemaphorePermit) {
        let started = Instant::now();
        let result = hand_over(&self.way, &self.settings.mail_from, &work).await;
        if is_unusable(&result) {
            self.unusable.fetch_add(1, Ordering::Relaxed);
        } else {
            self.unusable.store(0, Ordering::Relaxed);
        }
        let now = self.clock.now();
        let verdict = decide(&result, &work, &self.settings.retries, rand::rng().random(), now);
        let ended = ended(&result, &work, started);
        let millis = u64::try_from(ended.took.as_millis()).unwrap_or(u64::MAX);
        match &result {
            Ok(_) => tracing::info!(message = work.id, destination = work.destination_id, millis, "sent"),
            Err(failure) => {
                let outcome = if verdict == Verdict::Failed { "failed" } else { "to be tried again" };
                tracing::warn!(message = work.id, destination = work.destination_id, millis, step = ended.step, code = ?ended.code, cause = %failure.cause, outcome, "not sent");
            }
        }
        self.record(work, ended, verdict).await;
        drop((in_hand, permit));
        self.queued.notify_one();
    }

    /// Records the result, however long the database takes: a result that is lost is a letter sent twice.
    async fn record(&self, work: Claimed, ended: Ended, verdict: Verdict) {
        let work = Arc::new(work);
        let ended = Arc::new(ended);
        let mut wait = Duration::from_millis(50);
        loop {
            let (job, kept, owner, clock) = (Arc::clone(&work), Arc::clone(&ended), self.owner.clone(), self.clock.clone());
            match self.store.write(move |tx| attempts::record(tx, &owner, &job, &kept, verdict, clock.now())).await {
                Ok(true) => return,
                Ok(false) => {
                    tracing::warn!(message = work.id, "its lease had run out before its result was recorded");
                    return;
                }
                Err(error) => {
                    tracing::error!(message = work.id, %error, "its result can't be recorded yet; it stays in hand");
                    tokio::time::sleep(wait).await;
                    wait = (wait * 2).min(Duration::from_secs(5));
                }
            }
        }
    }
}
