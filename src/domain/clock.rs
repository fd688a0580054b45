//! Time: a point, a day in a campaign's own zone, and the clock that tests can move.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A point in time: milliseconds since 1970-01-01T00:00:00 UTC, leap seconds not counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The point `millis` milliseconds after the Unix epoch.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the Unix epoch, as stored in the database.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// This point moved later by `by`; it stops at the end of time instead of wrapping.
    #[must_use]
    pub fn plus(self, by: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(by.as_millis()).unwrap_or(i64::MAX)))
    }

    /// This point moved earlier by `by`.
    #[must_use]
    pub fn minus(self, by: Duration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(by.as_millis()).unwrap_or(i64::MAX)))
    }

    /// How long after `earlier` this is; zero if it is not later (clocks jump).
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// RFC 3339 text in UTC with seconds, as `2026-11-22T14:05:09Z`.
    #[must_use]
    pub fn rfc3339(self) -> String {
        jiff::Timestamp::from_millisecond(self.0).map(|t| t.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()).unwrap_or_default()
    }

    /// The system-time form that mail headers are made from; times before 1970 become 1970.
    #[must_use]
    pub fn system_time(self) -> SystemTime {
        UNIX_EPOCH + Duration::from_millis(u64::try_from(self.0).unwrap_or(0))
    }
}

/// A calendar day, ISO 8601 (`2026-11-22`), in the zone it was asked in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(String);

/// The text names no day.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no day; write it as year, month and day, such as \"2026-03-30\"")]
pub struct NotADay(String);

impl Day {
    /// Reads a day as `2026-03-30`.
    ///
    /// # Errors
    /// [`NotADay`] for any other text, and for days that no calendar has.
    pub fn parse(text: &str) -> Result<Self, NotADay> {
        let text = text.trim();
        let day = jiff::civil::Date::strptime("%Y-%m-%d", text).ok().filter(|_| text.len() == 10);
        day.map(|_| Self(text.to_owned())).ok_or_else(|| NotADay(text.chars().take(40).collect()))
    }

    /// For people: `November 29, 2026`.
    #[must_use]
    pub fn in_words(&self) -> String {
        self.0.parse::<jiff::civil::Date>().map_or_else(|_| self.0.clone(), |date| date.strftime("%B %-d, %Y").to_string())
    }

    /// The Monday of its week.
    #[must_use]
    pub fn monday(&self) -> Self {
        self.moved(|date| -i32::from(date.weekday().to_monday_zero_offset()))
    }

    /// The same day of the week before.
    #[must_use]
    pub fn week_before(&self) -> Self {
        self.moved(|_| -7)
    }

    /// So many days later, as far as calendars go.
    fn moved(&self, days: impl Fn(jiff::civil::Date) -> i32) -> Self {
        let date = self.0.parse::<jiff::civil::Date>().ok();
        let moved = date.and_then(|date| date.checked_add(jiff::Span::new().days(days(date))).ok());
        moved.map_or_else(|| self.clone(), |date| Self(date.to_string()))
    }

    /// From when on the day has passed in every state: noon UTC of the next day, when it is two in the morning in Hawaii.
    #[must_use]
    pub fn passed_at(&self) -> Timestamp {
        let day = self.0.parse::<jiff::civil::Date>().ok();
        let noon = day.and_then(|day| day.tomorrow().ok()?.at(12, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).ok());
        Timestamp(noon.map_or(i64::MAX, |noon| noon.timestamp().as_millisecond()))
    }

    /// The day whose [`Day::passed_at`] this is; `None` for a time that is beyond all calendars.
    #[must_use]
    pub fn before(passed_at: Timestamp) -> Option<Self> {
        let noon = jiff::Timestamp::from_millisecond(passed_at.0).ok()?.to_zoned(jiff::tz::TimeZone::UTC);
        Some(Self(noon.date().yesterday().ok()?.to_string()))
    }

    /// The day at this time by UTC: no state of the mainland is further on.
    #[must_use]
    pub fn utc(at: Timestamp) -> Self {
        Self(at.rfc3339().chars().take(10).collect())
    }

    /// The day so many days before this one.
    #[must_use]
    pub fn days_before(&self, days: u32) -> Self {
        let day = self.0.parse::<jiff::civil::Date>().ok();
        let before = day.and_then(|day| day.checked_sub(jiff::Span::new().try_days(i64::from(days)).ok()?).ok());
        before.map_or_else(|| self.clone(), |day| Self(day.to_string()))
    }

    /// How many days after `earlier` this is; zero where it is not later.
    #[must_use]
    pub fn days_since(&self, earlier: &Self) -> u32 {
        let date = |day: &Self| day.0.parse::<jiff::civil::Date>().ok();
        let days = date(self).zip(date(earlier)).and_then(|(this, other)| Some(this.since(other).ok()?.get_days()));
        days.and_then(|days| u32::try_from(days).ok()).unwrap_or(0)
    }

    /// The ISO 8601 text, as stored and shown.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A time zone by its IANA name, such as `America/New_York`; it decides where a day ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeZone(jiff::tz::TimeZone);

/// The name is in no IANA table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no IANA time zone; write one such as \"America/New_York\"")]
pub struct UnknownTimeZone(String);

impl TimeZone {
    /// Looks the name up in the bundled IANA table.
    ///
    /// # Errors
    /// [`UnknownTimeZone`] when no such zone exists.
    pub fn parse(name: &str) -> Result<Self, UnknownTimeZone> {
        jiff::tz::TimeZone::get(name).map(Self).map_err(|_| UnknownTimeZone(name.to_owned()))
    }

    /// Coordinated universal time.
    #[must_use]
    pub const fn utc() -> Self {
        Self(jiff::tz::TimeZone::UTC)
    }

    /// Its IANA name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// The day that `at` falls on here.
    #[must_use]
    pub fn day(&self, at: Timestamp) -> Day {
        Day(self.format(at, "%Y-%m-%d"))
    }

    /// A date for people: `November 29, 2026`.
    #[must_use]
    pub fn date_in_words(&self, at: Timestamp) -> String {
        self.format(at, "%B %-d, %Y")
    }

    /// A date and time for people: `November 29, 2026, 2:05 pm`.
    #[must_use]
    pub fn moment_in_words(&self, at: Timestamp) -> String {
        self.format(at, "%B %-d, %Y, %-I:%M %P")
    }

    /// A time of a day that is known: `2:05 pm`.
    #[must_use]
    pub fn time_in_words(&self, at: Timestamp) -> String {
        self.format(at, "%-I:%M %P")
    }

    /// A time of a day soon: `Monday, November 30, 9:00 am`.
    #[must_use]
    pub fn day_and_time_in_words(&self, at: Timestamp) -> String {
        self.format(at, "%A, %B %-d, %-I:%M %P")
    }

    /// What the clock shows, as a form's field for date and time takes it: `2026-11-22T09:00`.
    #[must_use]
    pub fn local_text(&self, at: Timestamp) -> String {
        self.format(at, "%Y-%m-%dT%H:%M")
    }

    /// When the clock shows that here; of two such times the first, and of none the one after the jump.
    #[must_use]
    pub fn at_local(&self, text: &str) -> Option<Timestamp> {
        // Some browsers send seconds too.
        let mut patterns = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"].into_iter();
        let local = patterns.find_map(|pattern| jiff::civil::DateTime::strptime(pattern, text).ok())?;
        Some(Timestamp(self.0.to_ambiguous_timestamp(local).compatible().ok()?.as_millisecond()))
    }

    /// What the clock shows here; `None` beyond all calendars.
    pub(super) fn local(&self, at: Timestamp) -> Option<jiff::civil::DateTime> {
        Some(self.0.to_datetime(jiff::Timestamp::from_millisecond(at.0).ok()?))
    }

    /// When the clock shows `local` here: once, twice where it is set back; where it jumps over it, times near by.
    pub(super) fn moments(&self, local: jiff::civil::DateTime) -> Vec<Timestamp> {
        let found = self.0.to_ambiguous_timestamp(local);
        [found.earlier(), found.later()].into_iter().flatten().map(|at| Timestamp(at.as_millisecond())).collect()
    }

    /// When the clock jumps here, after `after` and until `last`.
    pub(super) fn jumps(&self, after: Timestamp, last: Timestamp) -> Vec<Timestamp> {
        let Ok(from) = jiff::Timestamp::from_millisecond(after.0) else { return Vec::new() };
        let jumps = self.0.following(from).map(|jump| Timestamp(jump.timestamp().as_millisecond()));
        jumps.take_while(|at| *at <= last).collect()
    }

    fn format(&self, at: Timestamp, pattern: &str) -> String {
        jiff::Timestamp::from_millisecond(at.millis())
            .map(|t| t.to_zoned(self.0.clone()).strftime(pattern).to_string())
            .unwrap_or_default()
    }
}

/// Where the present comes from: the system, or a hand that tests move.
#[derive(Clone)]
pub enum Clock {
    /// The machine's own clock.
    System,
    /// A clock that stands still until it is moved; milliseconds since the Unix epoch.
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at `at`.
    #[must_use]
    pub fn manual(at: Timestamp) -> Self {
        Self::Manual(Arc::new(AtomicI64::new(at.millis())))
    }

    /// The present.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        match self {
            Self::System => {
                let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
            }
            Self::Manual(millis) => Timestamp(millis.load(Ordering::SeqCst)),
        }
    }

    /// Moves a manual clock later by `by`; the system's clock is left alone.
    pub fn advance(&self, by: Duration) {
        if let Self::Manual(millis) = self {
            millis.store(self.now().plus(by).millis(), Ordering::SeqCst);
        }
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::System => "Clock::System",
            Self::Manual(_) => "Clock::Manual",
        })
    }
}

#[cfg(test)]
#[path = "clock_tests.rs"]
mod tests;
