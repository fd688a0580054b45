//! The sender of a process: what it works by, and what may be asked of it. Its work is the loop in [`engine`](super::engine).

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rand::Rng;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::engine::Engine;
use super::fairness::Turns;
use super::sessions::Sessions;
use super::transmit::Transport;
use crate::domain::{Clock, EmailAddress, Pulse, RetrySchedule};
use crate::mail::{DkimSigner, Mailer, ReturnPath};
use crate::metrics::Metrics;
use crate::rate_limit::Pacer;
use crate::store::Store;
use crate::store::caps::Caps;
use crate::store::messages::SUPPORTERS;

/// What the sender works by.
#[derive(Clone, Debug)]
pub struct SenderSettings {
    /// The sender's address in the header.
    pub mail_from: EmailAddress,
    /// The sender's address on the envelope, of each message its own.
    pub return_path: ReturnPath,
    /// Messages in hand at the same time.
    pub connections: usize,
    /// How long a claim lasts unless renewed.
    pub lease: Duration,
    /// The waits between attempts.
    pub retries: RetrySchedule,
    /// The most attempts at one office.
    pub caps: Caps,
    /// How this machine names itself to mail servers (RFC 5321 section 4.1.1.1).
    pub hello: String,
    /// Signs each mail, where the operator has a key.
    pub dkim: Option<Arc<DkimSigner>>,
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
    pub(super) way: Transport,
    pub(super) pacer: Arc<Pacer>,
    /// Names this process in leases.
    pub(super) owner: String,
    pub(super) turns: Mutex<Turns>,
    pub(super) queued: Arc<Notify>,
    pub(super) metrics: Arc<Metrics>,
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
        metrics: Arc<Metrics>,
    ) -> Self {
        let way = match mailer {
            Mailer::Outbox(outbox) => Transport::Outbox(outbox),
            Mailer::Smtp(smtp, timeouts) => {
                Transport::Smtp(Box::new(Sessions::new(smtp, timeouts, settings.hello.clone(), Arc::clone(&metrics))))
            }
        };
        let owner = format!("{}-{:016x}", std::process::id(), rand::rng().random::<u64>());
        let turns = Mutex::new(Turns::new(settings.connections));
        Self { inner: Arc::new(Inner { store, clock, settings, way, pacer, owner, turns, queued, metrics }) }
    }

    /// Sends until `stop`; then takes nothing new, finishes what is in hand, and returns. What else has to be done for that is done
    /// beside it in the same task: a panic in any of them is one of the sender. `pulse` beats
    /// with each round of the loop.
    pub async fn run(self, pulse: Pulse, stop: CancellationToken) {
        let beside = async {
            let leases = Arc::clone(&self.inner).keep_leases(stop.clone());
            // What is in hand is tried again after the next start; a test that comes twice does no harm.
            let staff_mails = Arc::clone(&self.inner).send_staff_mails(stop.clone());
            let (never, ()) = tokio::join!(leases, staff_mails);
            match never {}
        };
        tokio::select! {
            () = Engine::new(Arc::clone(&self.inner), pulse).run(&stop) => {}
            never = beside => match never {},
        }
        let in_hand = self.inner.turns().busy();
        if in_hand > 0 {
            tracing::warn!(in_hand, "stopped with messages in hand; they are tried again after the next start");
        }
        if let Transport::Smtp(sessions) = &self.inner.way {
            sessions.close_idle(true).await;
        }
    }
}

impl Inner {
    /// The table is whole even if a thread died while it held it.
    pub(super) fn turns(&self) -> MutexGuard<'_, Turns> {
        self.turns.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes one message's place in the pace of that destination; else how long until there is one.
    pub(super) fn pace(&self, destination: i64) -> Result<(), Duration> {
        let passed = if destination == SUPPORTERS { self.pacer.check_notice() } else { self.pacer.check(destination) };
        passed.inspect_err(|_| self.metrics.waited("pace"))
    }
}
