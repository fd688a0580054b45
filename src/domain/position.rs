//! What an official did about a bill: dated evidence with its source.

use super::clock::Day;
use super::measure::BillNumbers;

/// What the evidence says. The names are the ones in the database and in files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Act {
    /// Filed it, or leads it.
    LeadSponsor,
    /// Put their name to it.
    Signed,
    /// The source says that their name was not on it by that day.
    NotSigned,
    /// Voted for it.
    VotedYes,
    /// Voted against it.
    VotedNo,
    /// Said that they are for it.
    SpokeFor,
    /// Said that they are against it.
    SpokeAgainst,
}

/// The word names no act.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no position; write lead_sponsor, signed, not_signed, voted_yes, voted_no, spoke_for or spoke_against")]
pub struct UnknownAct(String);

impl Act {
    /// Every act.
    pub const ALL: [Self; 7] =
        [Self::LeadSponsor, Self::Signed, Self::NotSigned, Self::VotedYes, Self::VotedNo, Self::SpokeFor, Self::SpokeAgainst];

    /// The stored name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LeadSponsor => "lead_sponsor",
            Self::Signed => "signed",
            Self::NotSigned => "not_signed",
            Self::VotedYes => "voted_yes",
            Self::VotedNo => "voted_no",
            Self::SpokeFor => "spoke_for",
            Self::SpokeAgainst => "spoke_against",
        }
    }

    /// The acts of which one source can mean only one at a time: a list has a name on it or not. The newer word of the
    /// same source corrects the older one; other acts stand beside each other.
    #[must_use]
    pub const fn one_of(self) -> &'static [Self] {
        match self {
            Self::Signed | Self::NotSigned => &[Self::Signed, Self::NotSigned],
            Self::LeadSponsor => &[Self::LeadSponsor],
            Self::VotedYes => &[Self::VotedYes],
            Self::VotedNo => &[Self::VotedNo],
            Self::SpokeFor => &[Self::SpokeFor],
            Self::SpokeAgainst => &[Self::SpokeAgainst],
        }
    }

    /// Reads a stored name.
    ///
    /// # Errors
    /// [`UnknownAct`] for any other word.
    pub fn parse(word: &str) -> Result<Self, UnknownAct> {
        let word = word.trim();
        Self::ALL.into_iter().find(|act| act.as_str() == word).ok_or_else(|| UnknownAct(word.chars().take(80).collect()))
    }
}

/// One piece of evidence about one official. No evidence says nothing: it is never an opposition.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The roster's own id of the person, such as `ocd-person/...`.
    pub person: String,
    /// The bill, or the bill and its companions together.
    pub bills: BillNumbers,
    /// What they did.
    pub act: Act,
    /// The day it happened, where the source tells.
    pub on: Option<Day>,
    /// Who says so: a web address, or words.
    pub source: String,
    /// The day on which the source was looked at.
    pub as_of: Day,
}

impl Position {
    /// The day that it is dated by: when it happened, else when the source said so.
    #[must_use]
    pub fn day(&self) -> &Day {
        self.on.as_ref().unwrap_or(&self.as_of)
    }

    /// Whether both are the same statement of the same source, looked at on one day or another.
    #[must_use]
    pub fn repeats(&self, other: &Self) -> bool {
        self.act == other.act && self.same_matter(other)
    }

    /// Whether both are what one source says of one matter; of these only one holds.
    #[must_use]
    pub fn same_matter(&self, other: &Self) -> bool {
        let matter = |p: &Self| (p.person.clone(), p.bills.clone(), p.act.one_of(), p.source.clone());
        matter(self) == matter(other)
    }

    /// Whether this look at a source takes the place of an earlier one: it is newer, or it tells the day more exactly, or
    /// it corrects what was read on the same day.
    #[must_use]
    pub fn renews(&self, earlier: &Self) -> bool {
        let newer = if self.act == earlier.act {
            (&self.as_of, &self.on) > (&earlier.as_of, &earlier.on)
        } else {
            self.as_of >= earlier.as_of
        };
        newer && self.same_matter(earlier)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn looked_at(as_of: &str, on: Option<&str>) -> Position {
        Position {
            person: "p1".into(),
            bills: BillNumbers::parse("H.1").unwrap(),
            act: Act::Signed,
            on: on.map(|day| Day::parse(day).unwrap()),
            source: "a list".into(),
            as_of: Day::parse(as_of).unwrap(),
        }
    }

    #[test]
    fn the_newest_look_at_a_source_counts() {
        let old = looked_at("2026-01-01", None);
        assert!(looked_at("2026-02-01", None).renews(&old) && !old.renews(&looked_at("2026-02-01", None)));
        assert!(looked_at("2026-01-01", Some("2025-12-01")).renews(&old));
        assert!(!old.renews(&old));
        let other = Position { source: "another list".into(), ..looked_at("2026-02-01", None) };
        assert!(!other.renews(&old) && !Position { act: Act::VotedNo, ..looked_at("2026-02-01", None) }.renews(&old));
    }

    #[test]
    fn a_source_corrects_itself() {
        let yes = looked_at("2026-02-01", Some("2026-01-05"));
        let no = |as_of| Position { act: Act::NotSigned, ..looked_at(as_of, None) };
        assert!(no("2026-02-01").renews(&yes) && no("2026-03-01").renews(&yes) && !no("2026-01-31").renews(&yes));
        assert!(yes.renews(&no("2026-02-01")) && !yes.renews(&no("2026-02-02")));
        assert!(!no("2026-02-01").repeats(&yes) && no("2026-02-01").same_matter(&yes));
    }

    #[test]
    fn every_act_is_read_by_its_own_name() {
        for act in Act::ALL {
            assert_eq!(Act::parse(act.as_str()), Ok(act));
        }
        assert!(Act::parse("opposed").unwrap_err().to_string().contains("lead_sponsor, signed, not_signed"));
    }
}
