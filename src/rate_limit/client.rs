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

const HOUR_NANOS: u64 = 3_600_000_000_000;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Client {
    Network(IpAddr),
    Browser(String),
}

/// A limit per client address, forgotten at a restart: never more than `per_hour` calls in any hour. From a client's
/// first call on, `burst` calls pass at once; the others of the hour are spread evenly over it.
pub struct ClientLimiter {
    limiter: Option<RateLimiter<Client, DashMapStateStore<Client>, LimiterClock, NoOpMiddleware<Duration>>>,
    clock: LimiterClock,
}

impl ClientLimiter {
    /// A limit of `per_hour` calls (0: unlimited), `burst` of them at once: fewer than `per_hour`, at least one.
    #[must_use]
    pub fn new(per_hour: u32, burst: u32, clock: Clock) -> Self {
        let clock = LimiterClock::new(clock);
        let burst = burst.clamp(1, per_hour.saturating_sub(1).max(1));
        // A burst and then one call each period, rounded up: the one too many comes when the burst is an hour ago.
        let spread = per_hour.checked_sub(burst).map(|others| u64::from(others) + 1);
        let quota = spread.and_then(|calls| Quota::with_period(Duration::from_nanos(HOUR_NANOS.div_ceil(calls))));
        let burst = NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN);
        let limiter = quota.map(|quota| RateLimiter::dashmap_with_clock(quota.allow_burst(burst), clock.clone()));
        Self { limiter, clock }
    }

    /// Counts a call from `ip`.
    ///
    /// # Errors
    /// [`RetryAfter`] when it is one too many; it is not counted then.
    pub fn check(&self, ip: IpAddr) -> Result<(), RetryAfter> {
        self.check_client(&Client::Network(network(ip)))
    }

    /// Counts a call from a browser that is known, wherever it is.
    ///
    /// # Errors
    /// As [`ClientLimiter::check`].
    pub fn check_browser(&self, browser: &str) -> Result<(), RetryAfter> {
        self.check_client(&Client::Browser(browser.to_owned()))
    }

    fn check_client(&self, client: &Client) -> Result<(), RetryAfter> {
        let Some(limiter) = &self.limiter else { return Ok(()) };
        limiter.check_key(client).map_err(|not_until| RetryAfter(not_until.wait_time_from(self.clock.now())))
    }

    /// Forgets the clients whose calls are long enough ago that nothing would be held against them. To be
    /// called every few minutes: the table never shrinks by itself.
    pub fn shrink(&self) {
        if let Some(limiter) = &self.limiter {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }
}

impl std::fmt::Debug for ClientLimiter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ClientLimiter").field("limited", &self.limiter.is_some()).finish_non_exhaustive()
    }
}

/// One household: an IPv4 address, or an IPv6 network of 64 bits, which is the least that one gets.
#[must_use]
pub fn network(ip: IpAddr) -> IpAddr {
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
    fn no_hour_lets_more_through_than_the_limit() {
        for (per_hour, burst, at_once, first_hour) in
            [(30, 10, 10, 30), (60, 10, 10, 60), (3, 10, 2, 3), (2, 5, 1, 2), (1, 0, 1, 1)]
        {
            let clock = clock();
            let limiter = ClientLimiter::new(per_hour, burst, clock.clone());
            let ip = "203.0.113.9".parse().unwrap();
            let mut passed = Vec::new();
            for second in 0..4 * 3600_u32 {
                while limiter.check(ip).is_ok() {
                    passed.push(second);
                }
                clock.advance(Duration::from_secs(1));
            }
            let within = |from: u32, to: u32| passed.iter().filter(|second| (from..to).contains(second)).count();
            assert_eq!((within(0, 1), within(0, 3600)), (at_once, first_hour), "{per_hour} an hour");
            let most = passed.iter().map(|start| within(*start, start + 3600)).max().unwrap();
            assert_eq!(most, first_hour, "{per_hour} an hour");
        }
    }

    #[test]
    fn after_a_pause_the_burst_is_there_again_and_the_hour_keeps_its_limit() {
        let clock = clock();
        let limiter = ClientLimiter::new(30, 10, clock.clone());
        let ip = "203.0.113.9".parse().unwrap();
        let mut passed = Vec::new();
        for second in 0..6 * 3600_u32 {
            // Quiet for a while now and then, as a person's calls are.
            while second % 2500 > 1700 && limiter.check(ip).is_ok() {
                passed.push(second);
            }
            clock.advance(Duration::from_secs(1));
        }
        let most =
            passed.iter().map(|start| passed.iter().filter(|at| (*start..start + 3600).contains(at)).count()).max().unwrap();
        assert!((20..=30).contains(&most), "{most}");
    }

    #[test]
    fn the_time_to_wait_is_enough_and_not_too_much() {
        let clock = clock();
        let limiter = ClientLimiter::new(60, 1, clock.clone());
        let ip = "203.0.113.9".parse().unwrap();
        assert_eq!(limiter.check(ip), Ok(()));
        clock.advance(Duration::from_millis(500));
        let RetryAfter(wait) = limiter.check(ip).unwrap_err();
        assert_eq!(wait, Duration::from_millis(59_500));
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
        let remembered = || limiter.limiter.as_ref().map_or(0, RateLimiter::len);
        assert!(free.limiter.is_none());
        assert_eq!(remembered(), 100);
        clock.advance(Duration::from_mins(1));
        limiter.shrink();
        assert_eq!(remembered(), 0);
    }
}
