//! When a message that could not be sent is tried again.

use std::time::Duration;

/// Growing waits between attempts, jittered so that a recovered server is not met by all at once,
/// and a last day after which a message is given up (RFC 5321 section 4.5.4.1 asks for 4 to 5 days).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetrySchedule {
    waits: Vec<Duration>,
    give_up_after: Duration,
}

impl RetrySchedule {
    /// The waits after the first, second, ... failed attempt; the last one repeats.
    /// An empty list behaves as one wait of a minute.
    #[must_use]
    pub fn new(waits: Vec<Duration>) -> Self {
        let waits = if waits.is_empty() { vec![Duration::from_mins(1)] } else { waits };
        Self { waits, give_up_after: Duration::from_hours(5 * 24) }
    }

    /// The wait after something that was not the message's fault; `jitter` as in [`RetrySchedule::wait`].
    #[must_use]
    pub fn first(&self, jitter: f64) -> Duration {
        spread(self.waits[0], jitter)
    }

    /// The wait before the next attempt, or `None` when the message is given up.
    ///
    /// `failures` counts the failed attempts so far (1 after the first), `age` is how long the message has
    /// been under way, `jitter` is a random number from 0 to 1: the wait is spread from 0.8 to 1.2 of its length.
    #[must_use]
    pub fn wait(&self, failures: u32, age: Duration, jitter: f64) -> Option<Duration> {
        if age >= self.give_up_after {
            return None;
        }
        let step = usize::try_from(failures.saturating_sub(1)).unwrap_or(usize::MAX).min(self.waits.len() - 1);
        Some(spread(self.waits[step], jitter))
    }
}

fn spread(wait: Duration, jitter: f64) -> Duration {
    wait.mul_f64(0.8 + 0.4 * jitter.clamp(0.0, 1.0))
}

impl Default for RetrySchedule {
    /// 5 min, 15 min, 1 h, 2 h, 4 h, 8 h, 16 h, then daily, for 5 days.
    fn default() -> Self {
        Self::new([5, 15, 60, 120, 240, 480, 960, 1440].map(Duration::from_mins).to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn waits_grow_and_end(failures in 1_u32..40, hours in 0_u64..200, jitter in 0.0_f64..=1.0) {
            let schedule = RetrySchedule::default();
            match schedule.wait(failures, Duration::from_hours(hours), jitter) {
                None => prop_assert!(hours >= 120),
                Some(wait) => {
                    prop_assert!(hours < 120);
                    prop_assert!(wait >= Duration::from_mins(4) && wait <= Duration::from_mins(1440 * 6 / 5));
                    let later = schedule.wait(failures + 1, Duration::from_hours(hours), jitter).unwrap();
                    prop_assert!(later >= wait);
                }
            }
        }
    }
}
