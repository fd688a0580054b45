//! When letters of a campaign may go: on these days of the week, between these times, by the clock of the campaign's zone.

use std::time::Duration;

use jiff::ToSpan;
use jiff::civil::{DateTime, Weekday};

use super::{TimeZone, Timestamp};

const WEEK: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];
const DAY: u16 = 24 * 60;
/// In so many days each day of the week comes, and twice the one that a change of the clocks may swallow.
const LOOK_AHEAD: i32 = 16;

/// Days of the week, and from when until when on each of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SendingHours {
    /// A bit for each day, Monday the lowest.
    days: u8,
    from: u16,
    until: u16,
}

/// Such hours would never come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HoursError {
    /// No day was chosen.
    #[error("choose at least one day, or nothing would ever be sent; to stop sending, pause the campaign")]
    NoDay,
    /// The end is not after the beginning.
    #[error("the end must be later than the beginning, on the same day; write 24:00 for midnight")]
    Reversed,
    /// No time of a day.
    #[error("write a time as hours and minutes, such as 09:00")]
    NoTime,
}

impl SendingHours {
    /// All week, around the clock.
    pub const ALWAYS: Self = Self { days: 0b111_1111, from: 0, until: DAY };

    /// Days as bits, Monday the lowest; minutes from midnight, the end not included.
    ///
    /// # Errors
    /// [`HoursError`] when there would be no such time.
    pub const fn new(days: u8, from: u16, until: u16) -> Result<Self, HoursError> {
        if days & Self::ALWAYS.days == 0 {
            return Err(HoursError::NoDay);
        }
        if until > DAY {
            return Err(HoursError::NoTime);
        }
        if from >= until {
            return Err(HoursError::Reversed);
        }
        Ok(Self { days: days & Self::ALWAYS.days, from, until })
    }

    /// Reads a time of the day, `09:30`, as minutes from midnight; `24:00` is the day's end.
    ///
    /// # Errors
    /// [`HoursError::NoTime`] for any other text.
    pub fn minute(text: &str) -> Result<u16, HoursError> {
        let digits = |text: &str| text.len() <= 2 && !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let (hours, minutes) = text.trim().split_once(':').filter(|(h, m)| digits(h) && digits(m)).ok_or(HoursError::NoTime)?;
        let number = |text: &str| text.parse::<u16>().map_err(|_| HoursError::NoTime);
        let (hours, minutes) = (number(hours)?, number(minutes)?);
        let minute = hours * 60 + minutes;
        if minutes < 60 && minute <= DAY { Ok(minute) } else { Err(HoursError::NoTime) }
    }

    /// The days as bits, Monday the lowest.
    #[must_use]
    pub const fn days(self) -> u8 {
        self.days
    }

    /// From when on, in minutes from midnight.
    #[must_use]
    pub const fn from(self) -> u16 {
        self.from
    }

    /// Until when, in minutes from midnight, itself not included.
    #[must_use]
    pub const fn until(self) -> u16 {
        self.until
    }

    /// Whether letters may go at `at`.
    #[must_use]
    pub fn open_at(self, zone: &TimeZone, at: Timestamp) -> bool {
        if self == Self::ALWAYS {
            return true;
        }
        let Some(local) = zone.local(at) else { return false };
        self.has(local.weekday()) && (self.from..self.until).contains(&minute_of(local))
    }

    /// The first time from `at` on when letters may go: `at` itself where they may now.
    #[must_use]
    pub fn next_opening(self, zone: &TimeZone, at: Timestamp) -> Option<Timestamp> {
        if self.open_at(zone, at) {
            return Some(at);
        }
        self.first(zone, at, self.from, true)
    }

    /// The first time after `at` when letters may no longer go; `None` where they may always, or may not now.
    #[must_use]
    pub fn next_closing(self, zone: &TimeZone, at: Timestamp) -> Option<Timestamp> {
        if self == Self::ALWAYS || !self.open_at(zone, at) {
            return None;
        }
        self.first(zone, at, self.until, false)
    }

    /// When `work` is done that begins at `at` and goes on only while letters may go.
    #[must_use]
    pub fn done_at(self, zone: &TimeZone, at: Timestamp, work: Duration) -> Timestamp {
        let (mut at, mut left) = (at, work);
        if self == Self::ALWAYS {
            return at.plus(left);
        }
        // Beyond a year of openings it is not worth knowing.
        for _ in 0..366 {
            let Some(opening) = self.next_opening(zone, at) else { return at.plus(left) };
            let Some(closing) = self.next_closing(zone, opening) else { return opening.plus(left) };
            let open = closing.since(opening);
            if left < open {
                return opening.plus(left);
            }
            (at, left) = (closing, left.saturating_sub(open));
        }
        at.plus(left)
    }

    fn has(self, day: Weekday) -> bool {
        self.days & (1 << day.to_monday_zero_offset()) != 0
    }

    /// What is open changes only when the clock shows `minute`, or jumps: one of these times is the first one.
    fn first(self, zone: &TimeZone, after: Timestamp, minute: u16, open: bool) -> Option<Timestamp> {
        let today = zone.local(after)?.date();
        let shown = (-1..LOOK_AHEAD).filter_map(|days| {
            let midnight = today.checked_add(days.days()).ok()?.at(0, 0, 0, 0);
            midnight.checked_add(i64::from(minute).minutes()).ok()
        });
        let mut times: Vec<Timestamp> = shown.flat_map(|local| zone.moments(local)).collect();
        let last = times.iter().max().copied()?;
        times.extend(zone.jumps(after, last));
        times.into_iter().filter(|at| *at > after && self.open_at(zone, *at) == open).min()
    }

    /// `Monday to Friday, 09:00 to 17:00`.
    #[must_use]
    pub fn in_words(self) -> String {
        if self == Self::ALWAYS {
            return "always".into();
        }
        let clock = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
        let time = if (self.from, self.until) == (0, DAY) {
            "all day".into()
        } else {
            format!("{} to {}", clock(self.from), clock(self.until))
        };
        format!("{}, {time}", self.days_in_words())
    }

    fn days_in_words(self) -> String {
        match self.days {
            0b111_1111 => "every day".into(),
            0b001_1111 => "Monday to Friday".into(),
            0b110_0000 => "Saturday and Sunday".into(),
            _ => WEEK.iter().filter(|day| self.has(**day)).map(|day| format!("{day:?}")).collect::<Vec<_>>().join(", "),
        }
    }
}

fn minute_of(local: DateTime) -> u16 {
    u16::try_from(i32::from(local.hour()) * 60 + i32::from(local.minute())).unwrap_or(0)
}

#[cfg(test)]
#[path = "sending_hours_tests.rs"]
mod tests;
