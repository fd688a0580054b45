//! governor's time, taken from the clock that tests can move.

use std::time::{Duration, Instant};

use governor::clock::Clock as GovernorClock;

use crate::domain::Clock;

/// Time for limiters, as the span since some fixed point.
///
/// The system's wall clock is not used for it: when it is set back an hour, a limiter would stand still
/// for that hour. A manual clock is taken as it is.
#[derive(Clone, Debug)]
pub(super) struct LimiterClock {
    clock: Clock,
    started: Instant,
}

impl LimiterClock {
    pub(super) fn new(clock: Clock) -> Self {
        Self { clock, started: Instant::now() }
    }
}

impl GovernorClock for LimiterClock {
    type Instant = Duration;

    fn now(&self) -> Duration {
        match &self.clock {
            Clock::System => self.started.elapsed(),
            Clock::Manual(_) => Duration::from_millis(u64::try_from(self.clock.now().millis()).unwrap_or(0)),
        }
    }
}
