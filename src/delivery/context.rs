//! What all parts of one process's sender share.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use super::fairness::Fairness;
use super::settings::SenderSettings;
use super::transmit::Transport;
use crate::domain::Clock;
use crate::metrics::Metrics;
use crate::rate_limit::Pacer;
use crate::store::Store;
use crate::store::messages::SUPPORTERS;

pub(super) struct Context {
    pub(super) store: Store,
    pub(super) clock: Clock,
    pub(super) settings: SenderSettings,
    pub(super) transport: Transport,
    pub(super) pacer: Arc<Pacer>,
    /// Names this process in leases.
    pub(super) owner: String,
    pub(super) fairness: Mutex<Fairness>,
    pub(super) queued: Arc<Notify>,
    pub(super) metrics: Arc<Metrics>,
}

impl Context {
    /// The table is whole even if a thread died while it held it.
    pub(super) fn fairness(&self) -> MutexGuard<'_, Fairness> {
        self.fairness.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes one message's place in the pace of that destination; else how long until there is one.
    pub(super) fn pace(&self, destination: i64) -> Result<(), Duration> {
        let passed = if destination == SUPPORTERS { self.pacer.check_notice() } else { self.pacer.check(destination) };
        passed.inspect_err(|_| self.metrics.waited("pace"))
    }
}
