//! The paces of destinations that have one of their own.

use std::collections::HashMap;
use std::time::Duration;

use governor::RateLimiter;
use governor::clock::Clock as _;
use governor::middleware::NoOpMiddleware;
use governor::state::{InMemoryState, NotKeyed};

use super::clock::LimiterClock;
use super::pacer::{destination_quota, wait};

#[derive(Default)]
pub(super) struct OwnPaces(HashMap<i64, OwnPace>);

struct OwnPace {
    a_minute: u32,
    limiter: RateLimiter<NotKeyed, InMemoryState, LimiterClock, NoOpMiddleware<Duration>>,
    interval: Duration,
    /// When a letter was paid for that has not gone; see [`Pacer`](super::Pacer).
    ticket: Option<Duration>,
}

impl OwnPaces {
    /// From now on these, letters a minute each. A pace that is new begins without its burst: what went out just before,
    /// at the old pace, is not known here.
    pub(super) fn set(&mut self, paces: &HashMap<i64, u32>, clock: &LimiterClock) {
        self.0.retain(|destination, own| paces.get(destination) == Some(&own.a_minute));
        for (destination, a_minute) in paces {
            if self.0.contains_key(destination) {
                continue;
            }
            let Some((quota, interval, _)) = destination_quota(*a_minute) else { continue };
            let limiter = RateLimiter::direct_with_clock(quota, clock.clone());
            let _ = limiter.check_n(quota.burst_size());
            self.0.insert(*destination, OwnPace { a_minute: *a_minute, limiter, interval, ticket: None });
        }
    }

    /// Takes a letter's place in the destination's own pace and then that of `overall`; `None` where it has no own pace.
    pub(super) fn check(
        &mut self,
        destination: i64,
        now: Duration,
        overall: impl FnOnce() -> Result<(), Duration>,
    ) -> Option<Result<(), Duration>> {
        let own = self.0.get_mut(&destination)?;
        let ticket = own.ticket.take().filter(|paid| now.saturating_sub(*paid) < own.interval);
        let paid = match ticket {
            Some(paid) => paid,
            None => match own.limiter.check() {
                Ok(()) => now,
                Err(not_until) => return Some(Err(wait(not_until.wait_time_from(own.limiter.clock().now())))),
            },
        };
        Some(overall().inspect_err(|_| own.ticket = Some(paid)))
    }
}
