//! Where sending rests for a while, and for how long.
//!
//! A *slow-down* is a server's wish: not so fast, or not now. It ends by itself. A *stop* is ours to mend: a wrong
//! password, a refused address. It is tried with one message after growing waits, so that what was mended elsewhere goes
//! on by itself, and staff can end it at once. A *block* is told by reports of letters that our relay took: no letter that it takes shows that
//! it is over, so only staff end it.

use std::time::Duration;

use super::Timestamp;

/// The first rest after "slow down"; it doubles each time the server says so again.
const FIRST_REST: Duration = Duration::from_mins(1);
/// The longest rest, unless the server asks for more. Mailboxes that count by the hour are free again after it.
const LONGEST_REST: Duration = Duration::from_hours(1);
/// The first wait before a stop is tried with one message.
const FIRST_TRY: Duration = Duration::from_mins(1);
/// The longest wait between two such tries.
const LONGEST_TRY: Duration = Duration::from_mins(30);

/// What rests.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PauseScope {
    /// All sending.
    All,
    /// Every office whose mailbox is in this mail domain.
    Domain(String),
    /// One destination.
    Destination(i64),
}

/// Why it rests.
/// The stronger is the later one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PauseKind {
    /// The server asked us to slow down.
    SlowDown,
    /// It is our fault; see [`self`].
    Stop,
    /// Letters come back because our server is blocked; see [`self`].
    Blocked,
}

/// A rest that is on record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pause {
    /// What rests.
    pub scope: PauseScope,
    /// Why.
    pub kind: PauseKind,
    /// What the server said, naming no supporter.
    pub reason: String,
    /// Since when.
    pub since: Timestamp,
    /// A slow-down: when it ends. A stop: when it is tried next. A block: when it began.
    pub until: Timestamp,
    /// How many times in a row.
    pub times: u32,
}

impl Pause {
    /// Whether it rests still: a slow-down is over when its time is, a stop only when a message went through, a block when staff say so.
    #[must_use]
    pub fn holds(&self, now: Timestamp) -> bool {
        self.kind.stops() || self.until > now
    }
}

impl PauseScope {
    /// The stored form: what kind of scope, and which.
    #[must_use]
    pub fn words(&self) -> (&'static str, String) {
        match self {
            Self::All => ("all", String::new()),
            Self::Domain(name) => ("domain", name.clone()),
            Self::Destination(id) => ("destination", id.to_string()),
        }
    }

    /// Reads the stored form; `None` for any other words.
    #[must_use]
    pub fn parse(scope: &str, key: &str) -> Option<Self> {
        match scope {
            "all" => Some(Self::All),
            "domain" => Some(Self::Domain(key.to_owned())),
            "destination" => key.parse().ok().map(Self::Destination),
            _ => None,
        }
    }
}

impl PauseKind {
    /// The stored word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SlowDown => "slow_down",
            Self::Stop => "stop",
            Self::Blocked => "blocked",
        }
    }

    /// Reads a stored word; `None` for any other.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::SlowDown, Self::Stop, Self::Blocked].into_iter().find(|kind| kind.as_str() == word)
    }

    /// Whether nothing goes on before what is wrong is mended.
    #[must_use]
    pub const fn stops(self) -> bool {
        matches!(self, Self::Stop | Self::Blocked)
    }

    /// How long it rests the `times`-th time in a row, from 1; at least as long as the server `asked` for.
    #[must_use]
    pub fn rest(self, times: u32, asked: Option<Duration>) -> Duration {
        let (first, longest) = match self {
            Self::SlowDown => (FIRST_REST, LONGEST_REST),
            Self::Stop => (FIRST_TRY, LONGEST_TRY),
            Self::Blocked => return Duration::ZERO,
        };
        let grown = first.saturating_mul(2_u32.saturating_pow(times.saturating_sub(1).min(16))).min(longest);
        grown.max(asked.unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rests_grow_and_a_servers_wish_is_kept() {
        let minutes = |kind: PauseKind, times| kind.rest(times, None).as_secs() / 60;
        assert_eq!([1, 2, 3, 6, 7, 99].map(|n| minutes(PauseKind::SlowDown, n)), [1, 2, 4, 32, 60, 60]);
        assert_eq!([1, 2, 5, 6, 99].map(|n| minutes(PauseKind::Stop, n)), [1, 2, 16, 30, 30]);
        assert_eq!(PauseKind::SlowDown.rest(1, Some(Duration::from_hours(2))), Duration::from_hours(2));
    }

    #[test]
    fn scopes_and_kinds_are_read_as_they_are_stored() {
        for scope in [PauseScope::All, PauseScope::Domain("example.org".into()), PauseScope::Destination(7)] {
            let (word, key) = scope.words();
            assert_eq!(PauseScope::parse(word, &key), Some(scope));
        }
        assert_eq!(PauseScope::parse("destination", "x"), None);
        for kind in [PauseKind::SlowDown, PauseKind::Stop, PauseKind::Blocked] {
            assert_eq!(PauseKind::parse(kind.as_str()), Some(kind));
        }
    }
}
