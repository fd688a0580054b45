//! How often one client may knock.

use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::Clock as _;
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};

use super::clock::LimiterClock;
use crate::domain::Clock;

/// The client may come again after this time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryAfter(pub Duration);

impl RetryAfter {
    /// For the header of that name: whole seconds, rounded up, at least one.
    #[must_use]
    pub const fn seconds(self) -> u64 {
        let whole = self.0.as_secs();
        if self.0.subsec_nanos() > 0 || whole == 0 { whole + 1 } else { whole }
    }
}

/// A limit per client address, forgotten at a restart. It smooths: from a client's first call on, `burst`
/// calls pass at once, then `per_hour` in each hour, evenly; so at most `burst + per_hour` in any hour.
pub struct ClientLimiter {
    limiter: Option<RateLimiter<IpAddr, DashMapStateStore<IpAddr>, LimiterClock, NoOpMiddleware<Duration>>>,
    clock: LimiterClock,
}

impl ClientLimiter {
    /// A limit of `per_hour` calls (0: unlimited) with `burst` at once (0 counts as 1).
    #[must_use]
    pub fn new(per_hour: u32, burst: u32, clock: Clock) -> Self {
        let clock = LimiterClock::new(clock);
        let quota = Duration::from_hours(1).checked_div(per_hour).and_then(Quota::with_period);
        let burst = NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN);
        let limiter = quota.map(|quota| RateLimiter::dashmap_with_clock(quota.allow_burst(burst), clock.clone()));
        Self { limiter, clock }
    }

    /// Counts a call from `ip`.
    ///
    /// # Errors
    /// [`RetryAfter`] when it is one too many; it is not counted then.
    pub fn check(&self, ip: IpAddr) -> Result<(), RetryAfter> {
        let Some(limiter) = &self.limiter else { return Ok(()) };
        limiter.check_key(&network(ip)).map_err(|not_until| RetryAfter(not_until.wait_time_from(self.clock.now())))
    }

    /// Forgets the clients whose calls are long enough ago that nothing would be held against them. To be
    /// called every few minutes: the table never shrinks by itself.
    pub fn shrink(&self) {
        if let Some(limiter) = &self.limiter {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }

    /// How many clients are remembered.
    #[must_use]
    pub fn len(&self) -> usize {
        self.limiter.as_ref().map_or(0, RateLimiter::len)
    }

    /// Whether no client is remembered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl std::fmt::Debug for ClientLimiter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ClientLimiter").field("limited", &self.limiter.is_some()).finish_non_exhaustive()
    }
}

/// One household: an IPv4 address, or an IPv6 network of 64 bits, which is the least that one gets.
fn network(ip: IpAddr) -> IpAddr {
    match ip.to_canonical() {
        IpAddr::V6(ip) => {
            let [a, b, c, d, ..] = ip.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        ip @ IpAddr::V4(_) => ip,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Timestamp;

    fn clock() -> Clock {
        Clock::manual(Timestamp::from_millis(1_795_000_000_000))
    }

    #[test]
    fn the_first_hour_lets_the_burst_and_the_rate_through_and_later_hours_the_rate() {
        let clock = clock();
        let limiter = ClientLimiter::new(60, 10, clock.clone());
        let ip = "203.0.113.9".parse().unwrap();
        let mut per_hour = [0; 3];
        for count in &mut per_hour {
            for _ in 0..3600 {
                *count += u32::from(limiter.check(ip).is_ok());
                clock.advance(Duration::from_secs(1));
            }
        }
        assert_eq!(per_hour, [69, 60, 60]);
    }

    #[test]
    fn the_time_to_wait_is_enough_and_not_too_much() {
        let clock = clock();
        let limiter = ClientLimiter::new(60, 1, clock.clone());
        let ip = "203.0.113.9".parse().unwrap();
        assert_eq!(limiter.check(ip), Ok(()));
        clock.advance(Duration::from_millis(500));
        let RetryAfter(wait) = limiter.check(ip).unwrap_err();
        assert_eq!((wait, RetryAfter(wait).seconds()), (Duration::from_millis(59_500), 60));
        clock.advance(wait);
        assert_eq!(limiter.check(ip), Ok(()));
    }

    #[test]
    fn an_ipv6_network_is_one_client_and_a_mapped_address_is_ipv4() {
        let limiter = ClientLimiter::new(1, 1, clock());
        let check = |ip: &str| limiter.check(ip.parse().unwrap()).is_ok();
        assert!(check("2001:db8:1:2::1"));
        assert!(!check("2001:db8:1:2:ffff::9"));
        assert!(check("2001:db8:1:3::1"));
        assert!(check("203.0.113.9"));
        assert!(!check("::ffff:203.0.113.9"));
    }

    #[test]
    fn zero_means_unlimited_and_the_table_shrinks() {
        let clock = clock();
        let free = ClientLimiter::new(0, 0, clock.clone());
        let limiter = ClientLimiter::new(3600, 1, clock.clone());
        for n in 0..100_u8 {
            assert!(free.check("203.0.113.9".parse().unwrap()).is_ok());
            assert!(limiter.check([198, 51, 100, n].into()).is_ok());
        }
        assert_eq!((free.len(), limiter.len()), (0, 100));
        clock.advance(Duration::from_mins(1));
        limiter.shrink();
        assert!(limiter.is_empty());
    }
}
