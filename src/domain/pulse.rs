//! The pulse of work that must go on as long as the service: when it last went round.

use std::sync::Arc;
#[cfg(debug_assertions)]
use std::sync::atomic::AtomicBool;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use super::clock::{Clock, Timestamp};

/// When a loop last went round. Its copies are one.
#[derive(Clone, Debug)]
pub struct Pulse(Arc<Beats>);

#[derive(Debug)]
struct Beats {
    clock: Clock,
    last: AtomicI64,
    #[cfg(debug_assertions)]
    panic_planted: AtomicBool,
}

impl Pulse {
    /// Of a loop that begins now.
    #[must_use]
    pub fn new(clock: Clock) -> Self {
        let last = AtomicI64::new(clock.now().millis());
        Self(Arc::new(Beats {
            clock,
            last,
            #[cfg(debug_assertions)]
            panic_planted: AtomicBool::new(false),
        }))
    }

    /// The loop goes round.
    ///
    /// # Panics
    /// Where a test planted it; never in a release build.
    pub fn beat(&self) {
        #[cfg(debug_assertions)]
        assert!(!self.0.panic_planted.load(Ordering::Relaxed), "a panic that a test planted");
        self.0.last.store(self.0.clock.now().millis(), Ordering::Relaxed);
    }

    /// How long ago it last went round.
    #[must_use]
    pub fn age(&self) -> Duration {
        self.0.clock.now().since(Timestamp::from_millis(self.0.last.load(Ordering::Relaxed)))
    }

    /// Has whoever beats next panic: for tests of what happens then. No release build has it.
    #[cfg(debug_assertions)]
    pub fn plant_panic(&self) {
        self.0.panic_planted.store(true, Ordering::Relaxed);
    }
}

/// The pulses of what a service can't work without.
#[derive(Clone, Debug)]
pub struct Pulses {
    /// The store's writer: beats with every commit.
    pub writer: Pulse,
    /// The sender's loop.
    pub sender: Pulse,
    /// What happens by itself.
    pub background: Pulse,
}

impl Pulses {
    /// Of a service that begins now.
    #[must_use]
    pub fn new(clock: &Clock) -> Self {
        let [writer, sender, background] = [(), (), ()].map(|()| Pulse::new(clock.clone()));
        Self { writer, sender, background }
    }

    /// By the name of the part; `None`: there is no such part.
    #[cfg(debug_assertions)]
    #[must_use]
    pub fn named(&self, part: &str) -> Option<&Pulse> {
        [("writer", &self.writer), ("sender", &self.sender), ("background", &self.background)]
            .into_iter()
            .find_map(|(name, pulse)| (name == part).then_some(pulse))
    }
}
