//! When the next letter may go to an office's mailbox.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use governor::clock::Clock as _;
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};

use super::clock::LimiterClock;
use crate::domain::Clock;

/// The most letters that go to one mailbox at once, after a pause.
const BURST: u32 = 5;
/// A wait is never reported as zero, or whoever waits for it spins.
const SHORTEST_WAIT: Duration = Duration::from_millis(1);

/// Spreads letters out: to each destination one every 60/N seconds, and overall N a second; after a pause
/// a burst of at most 5 (and at most N) passes at once.
///
/// This is smoothing only. With its burst, N + 4 letters can fall into one window of 60 seconds. The promise "never
/// more than N in any 60 seconds" is kept by the hard cap that the store counts from the attempts table; from there
/// [`Pacer::remember`] also learns of the burst before a restart.
///
/// The destination's limit is asked first, the overall one second. governor can't be asked without being
/// charged, so a destination that passed its own limit and was stopped by the overall one keeps what it
/// paid for as a ticket, and its next check asks the overall limit only. A busy hour thus costs no
/// mailbox its pace, and a busy mailbox costs the others nothing.
pub struct Pacer {
    destinations: Option<PerDestination>,
    /// Destinations whose pace is not the common one.
    own: Mutex<OwnPaces>,
    overall: Option<RateLimiter<NotKeyed, InMemoryState, LimiterClock, NoOpMiddleware<Duration>>>,
    clock: LimiterClock,
}

struct PerDestination {
    limiter: RateLimiter<i64, DashMapStateStore<i64>, LimiterClock, NoOpMiddleware<Duration>>,
    /// What one letter costs of a destination's time.
    interval: Duration,
    /// How many may go at once.
    burst: u32,
    /// Destinations that have paid for a letter, and when. After one interval governor has given back as much,
    /// so an older ticket is void; otherwise a burst could be one too large.
    tickets: Mutex<HashMap<i64, Duration>>,
}

impl Pacer {
    /// Limits per destination a minute and overall a second; 0 (or less) means unlimited.
    #[must_use]
    pub fn new(per_office_per_minute: u32, per_second_overall: f64, clock: Clock) -> Self {
        let clock = LimiterClock::new(clock);
        let destinations = destination_quota(per_office_per_minute).map(|(quota, interval, burst)| {
            let limiter = RateLimiter::dashmap_with_clock(quota, clock.clone());
            PerDestination { limiter, interval, burst, tickets: Mutex::default() }
        });
        let overall = overall_quota(per_second_overall).map(|quota| RateLimiter::direct_with_clock(quota, clock.clone()));
        Self { destinations, own: Mutex::default(), overall, clock }
    }

    /// From now on these destinations have paces of their own, so many letters a minute; all others have the common one.
    pub fn set_own(&self, paces: &HashMap<i64, u32>) {
        self.own().set(paces, &self.clock);
    }

    /// Charges the letters that went out before this process began, or each restart would bring a burst of its own.
    /// `sent` says for each of the last minute's, oldest first, where it went and how long ago.
    pub fn remember(&self, sent: impl IntoIterator<Item = (i64, Duration)>) {
        let Some(own) = &self.destinations else { return };
        // What each destination owed when its last letter went, and how long ago that was.
        let mut debts: HashMap<i64, (Duration, Duration)> = HashMap::new();
        for (destination, ago) in sent {
            let (debt, before) = debts.entry(destination).or_insert((Duration::ZERO, ago));
            *debt = debt.saturating_sub(before.saturating_sub(ago)) + own.interval;
            *before = ago;
        }
        for (destination, (debt, ago)) in debts {
            let letters = debt.saturating_sub(ago).as_nanos().div_ceil(own.interval.as_nanos().max(1));
            let letters = u32::try_from(letters).unwrap_or(u32::MAX).min(own.burst);
            if let Some(letters) = NonZeroU32::new(letters) {
                // A new limiter has the whole burst to give.
                let _ = own.limiter.check_key_n(&destination, letters);
            }
        }
    }

    /// Asks for one letter to `destination`, and counts it when it may go now.
    ///
    /// # Errors
    /// How long to wait, at least a millisecond, before asking again is worth while. Nothing is lost by asking.
    pub fn check(&self, destination: i64) -> Result<(), Duration> {
        let now = self.clock.now();
        if let Some(answer) = self.own().check(destination, now, || self.check_overall(now)) {
            return answer;
        }
        let Some(own) = &self.destinations else { return self.check_overall(now) };
        let mut tickets = own.tickets();
        let has_ticket = tickets.remove(&destination).filter(|paid| now.saturating_sub(*paid) < own.interval);
        let paid = match has_ticket {
            Some(paid) => paid,
            None => own.limiter.check_key(&destination).map(|()| now).map_err(|not_until| wait(not_until.wait_time_from(now)))?,
        };
        self.check_overall(now).inspect_err(|_| {
            tickets.insert(destination, paid);
        })
    }

    /// Asks for one notice to a supporter: their mailboxes have no pace in common, so only the overall limit counts.
    ///
    /// # Errors
    /// As [`Pacer::check`].
    pub fn check_notice(&self) -> Result<(), Duration> {
        self.check_overall(self.clock.now())
    }

    /// Forgets the destinations that have been quiet long enough. To be called every few minutes.
    pub fn shrink(&self) {
        if let Some(own) = &self.destinations {
            let now = self.clock.now();
            own.tickets().retain(|_, paid| now.saturating_sub(*paid) < own.interval);
            own.limiter.retain_recent();
            own.limiter.shrink_to_fit();
        }
    }

    /// The table is whole even if a thread died while it held it.
    fn own(&self) -> MutexGuard<'_, OwnPaces> {
        self.own.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn check_overall(&self, now: Duration) -> Result<(), Duration> {
        let Some(overall) = &self.overall else { return Ok(()) };
        overall.check().map_err(|not_until| wait(not_until.wait_time_from(now)))
    }
}

impl PerDestination {
    /// The table is whole even if a thread died while it held it.
    fn tickets(&self) -> MutexGuard<'_, HashMap<i64, Duration>> {
        self.tickets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Pacer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pacer")
            .field("per_destination", &self.destinations.is_some())
            .field("overall", &self.overall.is_some())
            .finish_non_exhaustive()
    }
}

/// A destination's limit of so many a minute, what one letter costs of its time, and how many may go at once; 0: unlimited.
pub(super) fn destination_quota(a_minute: u32) -> Option<(Quota, Duration, u32)> {
    let interval = Duration::from_mins(1).checked_div(a_minute)?;
    let burst = a_minute.min(BURST);
    Some((Quota::with_period(interval)?.allow_burst(at_least_one(burst)), interval, burst))
}

/// The overall limit. Timers tick in milliseconds, so at hundreds a second the burst is what goes in 10 of them;
/// with 5 alone, 5,000 a second could never be reached.
fn overall_quota(per_second: f64) -> Option<Quota> {
    if per_second.is_nan() || per_second <= 0.0 {
        return None;
    }
    let period = Duration::try_from_secs_f64(per_second.recip()).ok()?;
    let in_ten_ticks = u32::try_from(Duration::from_millis(10).as_nanos() / period.as_nanos().max(1)).unwrap_or(u32::MAX);
    let in_a_second = u32::try_from(Duration::from_secs(1).as_nanos() / period.as_nanos().max(1)).unwrap_or(u32::MAX);
    Some(Quota::with_period(period)?.allow_burst(at_least_one(in_a_second.min(BURST).max(in_ten_ticks))))
}

fn at_least_one(n: u32) -> NonZeroU32 {
    NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN)
}

pub(super) fn wait(time: Duration) -> Duration {
    time.max(SHORTEST_WAIT)
}

#[cfg(test)]
#[path = "pacer_tests.rs"]
mod tests;

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
