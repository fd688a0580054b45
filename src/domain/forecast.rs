//! When a queue will be empty, as far as paces tell.

use std::time::Duration;

/// The paces that letters go by; 0: unlimited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pace {
    /// Messages a second, all together.
    pub a_second: u32,
    /// Letters to one office in any minute.
    pub office_a_minute: u32,
    /// Letters to one office in any hour.
    pub office_an_hour: u32,
}

impl Pace {
    /// How long an office with so many waiting letters takes, if every letter goes at its first try.
    #[must_use]
    pub fn office(self, waiting: u64) -> Duration {
        let hour = u64::from(self.office_an_hour);
        // Each full hour's share goes in that hour; what is left goes by the minute.
        let (hours, rest) =
            if hour == 0 || waiting == 0 { (0, waiting) } else { ((waiting - 1) / hour, (waiting - 1) % hour + 1) };
        let minute = u64::from(self.office_a_minute);
        let by_minute = (rest.saturating_sub(1) * 60).checked_div(minute).unwrap_or(0);
        Duration::from_secs(hours.saturating_mul(3600).saturating_add(by_minute))
    }

    /// How long all take together: as long as the slowest office, and never faster than the pace of all.
    #[must_use]
    pub fn all(self, waiting: impl IntoIterator<Item = u64>) -> Duration {
        let (mut slowest, mut sum) = (Duration::ZERO, 0_u64);
        for office in waiting {
            slowest = slowest.max(self.office(office));
            sum = sum.saturating_add(office);
        }
        slowest.max(self.together([sum]))
    }

    /// How long all take at the pace of all, however they are spread.
    #[must_use]
    pub fn together(self, waiting: impl IntoIterator<Item = u64>) -> Duration {
        let sum = waiting.into_iter().fold(0, u64::saturating_add);
        Duration::from_secs(sum.checked_div(u64::from(self.a_second)).unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACE: Pace = Pace { a_second: 20, office_a_minute: 20, office_an_hour: 300 };

    #[test]
    fn an_office_takes_its_hours_and_then_its_minutes() {
        for (waiting, seconds) in [(0, 0), (1, 0), (2, 3), (20, 57), (300, 897), (301, 3600), (601, 7200), (620, 7257)] {
            assert_eq!(PACE.office(waiting), Duration::from_secs(seconds), "{waiting}");
        }
        assert_eq!(Pace::default().office(1_000_000), Duration::ZERO);
        assert_eq!(Pace { office_a_minute: 0, ..PACE }.office(900), Duration::from_hours(2));
    }

    #[test]
    fn all_take_as_long_as_the_slowest_and_never_faster_than_together() {
        assert_eq!(PACE.all([1, 301]), Duration::from_hours(1));
        assert_eq!(PACE.all(std::iter::repeat_n(1, 1_000)), Duration::from_secs(50));
        assert_eq!(PACE.all([]), Duration::ZERO);
        assert!(PACE.all([u64::MAX, u64::MAX]) > Duration::from_hours(1), "no overflow");
    }
}
