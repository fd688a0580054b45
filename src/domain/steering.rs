//! What staff steer: pauses that only people begin and end, the dates of a campaign, the pace of an office.

use super::Timestamp;
use super::line::{LineError, one_line};

/// What staff paused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StaffPauseOf {
    /// All sending, notices to supporters too.
    Everything,
    /// The letters of one campaign.
    Campaign(i64),
    /// The letters to one office.
    Office(i64),
}

/// A pause by staff: it lasts until staff end it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffPause {
    /// What is paused.
    pub of: StaffPauseOf,
    /// Since when.
    pub since: Timestamp,
    /// By whom: a login's address, or `command line`.
    pub who: String,
    /// Why, in their words.
    pub reason: String,
}

/// From when and until when people can sign up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dates {
    /// From when; `None`: from the start.
    pub opens: Option<Timestamp>,
    /// Until when; `None`: without an end.
    pub closes: Option<Timestamp>,
}

/// How many letters an office gets at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OfficePace {
    /// In any 60 seconds.
    pub a_minute: u32,
    /// In any 60 minutes.
    pub an_hour: u32,
}

/// A pace that staff chose for an office.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnPace {
    /// The pace.
    pub pace: OfficePace,
    /// Since when.
    pub since: Timestamp,
    /// By whom.
    pub who: String,
    /// Why, in their words.
    pub reason: String,
}

/// The pace makes no sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PaceError {
    /// Below one or above what any mailbox takes.
    #[error("write a number from 1 to {0}; to send nothing, pause the office")]
    OutOfRange(u32),
    /// The hour would hold less than its minute.
    #[error("an hour can't hold fewer letters than a minute")]
    HourBelowMinute,
}

impl OfficePace {
    /// The most that may be chosen for a minute.
    pub const MOST_A_MINUTE: u32 = 600;
    /// The most that may be chosen for an hour.
    pub const MOST_AN_HOUR: u32 = 20_000;

    /// Checks a pace.
    ///
    /// # Errors
    /// [`PaceError`] when it makes no sense.
    pub const fn new(a_minute: u32, an_hour: u32) -> Result<Self, PaceError> {
        if a_minute == 0 || a_minute > Self::MOST_A_MINUTE {
            return Err(PaceError::OutOfRange(Self::MOST_A_MINUTE));
        }
        if an_hour == 0 || an_hour > Self::MOST_AN_HOUR {
            return Err(PaceError::OutOfRange(Self::MOST_AN_HOUR));
        }
        if an_hour < a_minute {
            return Err(PaceError::HourBelowMinute);
        }
        Ok(Self { a_minute, an_hour })
    }
}

impl StaffPauseOf {
    /// The stored form: the kind of thing, and its id.
    #[must_use]
    pub const fn words(self) -> (&'static str, i64) {
        match self {
            Self::Everything => ("all", 0),
            Self::Campaign(id) => ("campaign", id),
            Self::Office(id) => ("office", id),
        }
    }

    /// Reads the stored form; `None` for any other words.
    #[must_use]
    pub fn parse(scope: &str, key: i64) -> Option<Self> {
        match scope {
            "all" => Some(Self::Everything),
            "campaign" => Some(Self::Campaign(key)),
            "office" => Some(Self::Office(key)),
            _ => None,
        }
    }
}

/// Why staff do something, in one line of their own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason(String);

/// The reason is missing, or no line of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReasonError {
    /// Nothing was written.
    #[error("say why, in a few words: who reads the log later wants to know")]
    Missing,
    /// Too long.
    #[error("write at most {0} characters")]
    TooLong(usize),
    /// Control characters.
    #[error("write one line, without control characters")]
    NoLine,
}

impl Reason {
    /// The most characters it may have.
    pub const MAX_CHARS: usize = 300;

    /// Reads what somebody typed.
    ///
    /// # Errors
    /// [`ReasonError`] when it is missing, too long or no line.
    pub fn parse(input: &str) -> Result<Self, ReasonError> {
        one_line(input, Self::MAX_CHARS).map(Self).map_err(|error| match error {
            LineError::Empty => ReasonError::Missing,
            LineError::TooLong(most) => ReasonError::TooLong(most),
            LineError::ControlCharacter | LineError::NoName => ReasonError::NoLine,
        })
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_is_read_as_it_is_stored() {
        for of in [StaffPauseOf::Everything, StaffPauseOf::Campaign(3), StaffPauseOf::Office(7)] {
            let (scope, key) = of.words();
            assert_eq!(StaffPauseOf::parse(scope, key), Some(of));
        }
        assert_eq!(StaffPauseOf::parse("domain", 1), None);
    }

    #[test]
    fn a_pace_is_between_one_and_what_a_mailbox_takes() {
        assert_eq!(OfficePace::new(5, 60), Ok(OfficePace { a_minute: 5, an_hour: 60 }));
        assert_eq!(OfficePace::new(0, 60), Err(PaceError::OutOfRange(600)));
        assert_eq!(OfficePace::new(601, 1200), Err(PaceError::OutOfRange(600)));
        assert_eq!(OfficePace::new(1, 20_001), Err(PaceError::OutOfRange(20_000)));
        assert_eq!(OfficePace::new(30, 29), Err(PaceError::HourBelowMinute));
    }

    #[test]
    fn a_reason_is_one_line_and_not_empty() {
        assert_eq!(Reason::parse("  the aide asked us  ").unwrap().as_str(), "the aide asked us");
        assert_eq!(Reason::parse(" \t"), Err(ReasonError::NoLine));
        assert_eq!(Reason::parse("  "), Err(ReasonError::Missing));
        assert_eq!(Reason::parse("a\r\nb"), Err(ReasonError::NoLine));
        assert_eq!(Reason::parse(&"x".repeat(301)), Err(ReasonError::TooLong(300)));
    }
}
