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
        let destinations = Duration::from_mins(1).checked_div(per_office_per_minute).and_then(|interval| {
            let burst = per_office_per_minute.min(BURST);
            let quota = Quota::with_period(interval)?.allow_burst(at_least_one(burst));
            let limiter = RateLimiter::dashmap_with_clock(quota, clock.clone());
            Some(PerDestination { limiter, interval, burst, tickets: Mutex::default() })
        });
        let overall = overall_quota(per_second_overall).map(|quota| RateLimiter::direct_with_clock(quota, clock.clone()));
        Self { destinations, overall, clock }
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

fn wait(time: Duration) -> Duration {
    time.max(SHORTEST_WAIT)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Timestamp;
    use proptest::prelude::*;

    fn clock() -> Clock {
        Clock::manual(Timestamp::from_millis(1_795_000_000_000))
    }

    /// Asks every `step` for `span`, and gives the times (ms) at which a letter went.
    fn run(pacer: &Pacer, clock: &Clock, destination: i64, step: u64, span: u64) -> Vec<u64> {
        let mut went = Vec::new();
        for at in (0..span).step_by(usize::try_from(step).unwrap()) {
            if pacer.check(destination).is_ok() {
                went.push(at);
            }
            clock.advance(Duration::from_millis(step));
        }
        went
    }

    #[test]
    fn twenty_a_minute_are_one_every_three_seconds_after_a_burst_of_five() {
        let clock = clock();
        let pacer = Pacer::new(20, 0.0, clock.clone());
        for _ in 0..5 {
            assert_eq!(pacer.check(1), Ok(()));
        }
        assert_eq!(pacer.check(1), Err(Duration::from_secs(3)));
        assert_eq!(pacer.check(2), Ok(()), "another mailbox is not concerned");
        clock.advance(Duration::from_secs(3));
        assert_eq!(pacer.check(1), Ok(()));
        assert!(pacer.check(1).is_err());
    }

    #[test]
    fn a_restart_brings_no_burst_of_its_own() {
        let clock = clock();
        let ago = |seconds: &[u64]| seconds.iter().map(|s| (1, Duration::from_secs(*s))).collect::<Vec<_>>();
        let at_once = |sent: &[u64]| {
            let pacer = Pacer::new(20, 0.0, clock.clone());
            pacer.remember(ago(sent));
            (0..9).take_while(|_| pacer.check(1).is_ok()).count()
        };
        assert_eq!(at_once(&[0, 0, 0, 0, 0]), 0);
        assert_eq!(at_once(&[3, 3, 3, 3, 3]), 1, "three seconds have given one back");
        assert_eq!(at_once(&[59, 59, 59, 59, 59]), 5);
        assert_eq!(at_once(&[40, 30, 20, 10, 1]), 4);
        assert_eq!(at_once(&[]), 5);
    }

    #[test]
    fn two_hours_let_the_rate_through_and_no_more() {
        let clock = clock();
        let pacer = Pacer::new(20, 0.0, clock.clone());
        let went = run(&pacer, &clock, 7, 250, 2 * 3_600_000);
        // The burst comes within the first second; from then on one every three seconds.
        assert_eq!(went.len(), 4 + 2 * 3600 / 3);
    }

    #[test]
    fn being_stopped_overall_costs_a_mailbox_nothing() {
        let clock = clock();
        let pacer = Pacer::new(1, 0.5, clock.clone());
        assert_eq!(pacer.check(1), Ok(()));
        assert_eq!(pacer.check(2), Err(Duration::from_secs(2)), "overall: one every two seconds");
        assert_eq!(pacer.check(2), Err(Duration::from_secs(2)));
        clock.advance(Duration::from_secs(2));
        assert_eq!(pacer.check(2), Ok(()), "its one letter of the minute was not lost");
        assert!(pacer.check(2).unwrap_err() > Duration::from_secs(50));
    }

    #[test]
    fn a_mailbox_that_must_wait_costs_the_others_nothing() {
        let clock = clock();
        let pacer = Pacer::new(1, 1.0, clock.clone());
        assert_eq!(pacer.check(1), Ok(()));
        clock.advance(Duration::from_secs(1));
        for _ in 0..1000 {
            assert!(pacer.check(1).is_err());
        }
        assert_eq!(pacer.check(2), Ok(()));
    }

    #[test]
    fn an_old_ticket_is_void() {
        let clock = clock();
        let pacer = Pacer::new(60, 5.0, clock.clone());
        while pacer.check(1).is_ok() {}
        assert!(pacer.check(2).is_err(), "2 holds a ticket now");
        clock.advance(Duration::from_hours(1));
        let at_once = (0..20).filter(|_| pacer.check(2).is_ok()).count();
        assert_eq!(at_once, 5);
        pacer.shrink();
    }

    #[test]
    fn zero_is_unlimited_and_thousands_a_second_are_reached_in_ticks() {
        let free = Pacer::new(0, 0.0, clock());
        assert!((0..10_000).all(|n| free.check(n % 3).is_ok()));
        let clock = clock();
        let fast = Pacer::new(0, 4000.0, clock.clone());
        let mut went = 0;
        for _ in 0..1000 {
            went += (0..100).take_while(|_| fast.check(1).is_ok()).count();
            clock.advance(Duration::from_millis(1));
        }
        assert!((3_950..=4_050).contains(&went), "{went}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn no_minute_holds_more_than_the_rate_and_its_burst(rate in 1_u32..40, step in 100_u64..5_000) {
            let clock = clock();
            let pacer = Pacer::new(rate, 0.0, clock.clone());
            let went = run(&pacer, &clock, 1, step, 600_000);
            let most = usize::try_from(rate + rate.min(5)).unwrap();
            for (at, start) in went.iter().enumerate() {
                let within = went[at..].iter().take_while(|t| **t - start < 60_000).count();
                prop_assert!(within <= most, "{within} within a minute, {most} allowed");
            }
        }

        #[test]
        fn waiting_as_told_is_always_enough(rate in 1_u32..40, overall in 0.2_f64..50.0, asks in 1_usize..60) {
            let clock = clock();
            let pacer = Pacer::new(rate, overall, clock.clone());
            for _ in 0..asks {
                if let Err(wait) = pacer.check(1) {
                    // The manual clock has whole milliseconds.
                    clock.advance(wait + Duration::from_millis(1));
                    let second = pacer.check(1);
                    if let Err(wait) = second {
                        // Free of its own limit, the overall one may ask for one more wait.
                        clock.advance(wait + Duration::from_millis(1));
                        prop_assert_eq!(pacer.check(1), Ok(()));
                    }
                }
            }
        }
    }
}
