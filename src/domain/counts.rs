//! The honest ladder: from sign-up to delivery, as numbers.

use super::letter::{MessageState, StateGroup};

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Metric {
    /// Supporters who signed up.
    SignedUp,
    /// Supporters who confirmed.
    Confirmed,
    /// Letters in this state.
    Letters(MessageState),
    /// How often the campaign's page was opened.
    Visited,
    /// Letters that hold their writer's own words.
    OwnWords,
    /// Letters as the campaign wrote them, with nothing of their writer's. Of letters older than this number neither is known.
    SetWords,
}

impl Metric {
    /// The stored name: `signed_up`, `confirmed`, `visited`, `own_words`, `set_words` or a state's name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignedUp => "signed_up",
            Self::Confirmed => "confirmed",
            Self::Letters(state) => state.as_str(),
            Self::Visited => "visited",
            Self::OwnWords => "own_words",
            Self::SetWords => "set_words",
        }
    }

    /// Reads a stored name; `None` for any other.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "signed_up" => Some(Self::SignedUp),
            "confirmed" => Some(Self::Confirmed),
            "visited" => Some(Self::Visited),
            "own_words" => Some(Self::OwnWords),
            "set_words" => Some(Self::SetWords),
            state => MessageState::parse(state).ok().map(Self::Letters),
        }
    }
}

/// What the numbers of a row have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dimension {
    /// The whole campaign.
    All,
    /// One office; the key is its id. A supporter counts for every office that one of their letters is for.
    Office,
    /// One municipality; the key is its name.
    Town,
    /// One day in the campaign's time zone; the key is ISO 8601. A supporter counts on the day they signed up
    /// and the day they confirmed, a letter on the day it came into the state it is in now: each column adds up to its total.
    Day,
    /// One office on one day; the key is its id, a space and the day. Only letters that were accepted are counted so.
    OfficeDay,
}

impl Dimension {
    /// The stored name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Office => "office",
            Self::Town => "town",
            Self::Day => "day",
            Self::OfficeDay => "office_day",
        }
    }

    /// Reads `office`, `town` or `day`, as typed after `--by` or in `?by=`; `None` for any other word.
    #[must_use]
    pub fn parse_by(word: &str) -> Option<Self> {
        [Self::Office, Self::Town, Self::Day].into_iter().find(|d| d.as_str() == word)
    }
}

/// Letters by state; the total is their sum, never a number of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LetterCounts([i64; MessageState::ALL.len()]);

impl LetterCounts {
    /// The letters in `state`.
    #[must_use]
    pub fn get(&self, state: MessageState) -> i64 {
        self.0[Self::place(state)]
    }

    /// The letters in any state of that group.
    #[must_use]
    pub fn of_group(&self, group: StateGroup) -> i64 {
        MessageState::ALL.into_iter().filter(|state| state.group() == group).map(|state| self.get(state)).sum()
    }

    /// All letters.
    #[must_use]
    pub fn total(&self) -> i64 {
        self.0.iter().sum()
    }

    fn place(state: MessageState) -> usize {
        MessageState::ALL.iter().position(|s| *s == state).unwrap_or_default()
    }
}

/// One row of numbers: who signed up, who confirmed, and what became of the letters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ladder {
    /// Supporters who signed up.
    pub signed_up: i64,
    /// Supporters who confirmed.
    pub confirmed: i64,
    /// Letters by state.
    pub letters: LetterCounts,
    /// How often the campaign's page was opened; in the whole campaign and by day only, like the next two.
    pub visited: i64,
    /// Letters with their writer's own words; in the whole campaign only, like the next.
    pub own_words: i64,
    /// Letters without; the two leave out letters of which it is not known.
    pub set_words: i64,
}

impl Ladder {
    /// Adds `n` of `metric`.
    pub fn add(&mut self, metric: Metric, n: i64) {
        match metric {
            Metric::SignedUp => self.signed_up += n,
            Metric::Confirmed => self.confirmed += n,
            Metric::Letters(state) => self.letters.0[LetterCounts::place(state)] += n,
            Metric::Visited => self.visited += n,
            Metric::OwnWords => self.own_words += n,
            Metric::SetWords => self.set_words += n,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_metric_reads_back() {
        let letters = MessageState::ALL.map(Metric::Letters);
        for metric in
            letters.into_iter().chain([Metric::SignedUp, Metric::Confirmed, Metric::Visited, Metric::OwnWords, Metric::SetWords])
        {
            assert_eq!(Metric::parse(metric.as_str()), Some(metric));
        }
        assert_eq!(Metric::parse("total"), None);
    }

    #[test]
    fn the_total_is_the_sum() {
        let mut ladder = Ladder::default();
        for (n, state) in (1..).zip(MessageState::ALL) {
            ladder.add(Metric::Letters(state), n);
            assert_eq!(ladder.letters.get(state), n);
        }
        assert_eq!(ladder.letters.total(), 66);
    }
}
