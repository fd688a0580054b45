//! The sender of a process, and what may be asked of it. Its work is the loop in [`engine`](super::engine).

use std::sync::{Arc, Mutex};

use rand::Rng;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::context::Context;
use super::engine::Engine;
use super::fairness::Fairness;
use super::sessions::Sessions;
use super::settings::SenderSettings;
use super::transmit::Transport;
use crate::domain::{Clock, Pulse};
use crate::mail::Mailer;
use crate::metrics::Metrics;
use crate::rate_limit::Pacer;
use crate::store::Store;

/// The sender of one process.
#[derive(Clone)]
pub struct Sender {
    inner: Arc<Context>,
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
        let transport = match mailer {
            Mailer::Outbox(outbox) => Transport::Outbox(outbox),
            Mailer::Smtp(smtp, timeouts) => {
                Transport::Smtp(Box::new(Sessions::new(smtp, timeouts, settings.hello.clone(), Arc::clone(&metrics))))
            }
        };
        let owner = format!("{}-{:016x}", std::process::id(), rand::rng().random::<u64>());
        let fairness = Mutex::new(Fairness::new(settings.connections));
        Self { inner: Arc::new(Context { store, clock, settings, transport, pacer, owner, fairness, queued, metrics }) }
    }

    /// Sends until `stop`; then takes nothing new, finishes what is in hand, and returns. What else has to be done for that is done
    /// beside it in the same task: a panic in any of them is one of the sender. `pulse` beats with each round of the loop.
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
        let in_hand = self.inner.fairness().busy();
        if in_hand > 0 {
            tracing::warn!(in_hand, "stopped with messages in hand; they are tried again after the next start");
        }
        if let Transport::Smtp(sessions) = &self.inner.transport {
            sessions.close_idle(true).await;
        }
    }
}
