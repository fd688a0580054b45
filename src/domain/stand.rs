//! Where an official stands on a measure: what all evidence adds up to.

use super::chamber::Chamber;
use super::measure::BillNumbers;
use super::position::{Act, Position};

/// What the evidence on one measure adds up to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stand {
    /// They lead it.
    Sponsor,
    /// They put their name to it.
    Signed,
    /// A source says that they had not signed by a day, and none says that they have.
    NotSigned,
    /// They voted or spoke for it, and have not signed as far as is known.
    For,
    /// They voted or spoke against it.
    Against,
    /// Sources disagree, or the person did both; both sides are kept.
    Conflicting,
    /// There is no evidence. That is not a no.
    NotKnown,
}

impl Stand {
    /// Every stand, in the order tables show them.
    pub const ALL: [Self; 7] =
        [Self::Sponsor, Self::Signed, Self::NotSigned, Self::For, Self::Against, Self::Conflicting, Self::NotKnown];

    /// The word that letter templates know it by.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sponsor => "sponsor",
            Self::Signed => "signed",
            Self::NotSigned => "not_signed",
            Self::For => "for",
            Self::Against => "against",
            Self::Conflicting => "conflicting",
            Self::NotKnown => "not_known",
        }
    }

    /// Whether their name is on the measure, as leader or as one of many.
    #[must_use]
    pub const fn has_signed(self) -> bool {
        matches!(self, Self::Sponsor | Self::Signed)
    }
}

/// A stand with the evidence that it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing<'a> {
    /// What it adds up to.
    pub stand: Stand,
    /// The best evidence for it: one piece; of a conflict one for each side, the earlier first; none where nothing is known.
    pub because: Vec<&'a Position>,
}

impl<'a> Standing<'a> {
    /// What the evidence about one person adds up to for the measure of these numbers; evidence on other bills is left out.
    ///
    /// A signature and a "not signed" disagree when the latter is dated later and speaks of all the bills of the former:
    /// who had not signed in March may sign in May. The companion of a signed bill may well be unsigned.
    #[must_use]
    pub fn of(measure: &BillNumbers, evidence: impl IntoIterator<Item = &'a Position>) -> Self {
        let mut evidence: Vec<&Position> = evidence.into_iter().filter(|p| measure.overlap(&p.bills)).collect();
        // The best piece comes first: one that tells the day, then the newest look. The rest makes the order certain.
        evidence.sort_by(|a, b| (b.on.is_some(), &b.as_of, *b).cmp(&(a.on.is_some(), &a.as_of, *a)));
        let first = |acts: &[Act]| evidence.iter().find(|p| acts.contains(&p.act)).copied();

        let signatures = || evidence.iter().filter(|p| matches!(p.act, Act::LeadSponsor | Act::Signed));
        let denials = || evidence.iter().filter(|p| p.act == Act::NotSigned);
        let denied = signatures().find_map(|yes| denials().find(|no| disagree(yes, no)).map(|no| [*yes, *no]));
        let pro = first(&[Act::LeadSponsor]).or_else(|| first(&[Act::Signed])).or_else(|| first(&[Act::VotedYes, Act::SpokeFor]));
        let con = first(&[Act::VotedNo, Act::SpokeAgainst]);
        if let Some(mut sides) = denied.or_else(|| Some([pro?, con?])) {
            sides.sort_by(|a, b| a.day().cmp(b.day()));
            return Self { stand: Stand::Conflicting, because: sides.to_vec() };
        }
        let because = pro.or(con).or_else(|| first(&[Act::NotSigned]));
        let stand = because.map_or(Stand::NotKnown, |best| match best.act {
            Act::LeadSponsor => Stand::Sponsor,
            Act::Signed => Stand::Signed,
            Act::NotSigned => Stand::NotSigned,
            Act::VotedYes | Act::SpokeFor => Stand::For,
            Act::VotedNo | Act::SpokeAgainst => Stand::Against,
        });
        Self { stand, because: because.into_iter().collect() }
    }

    /// What the evidence adds up to for somebody of this chamber. "Not signed" counts only where it speaks of a number that
    /// they can sign: that a senator's name is not on the bill of the House says nothing about its companion.
    #[must_use]
    pub fn in_chamber(chamber: Chamber, measure: &BillNumbers, evidence: &[&'a Position]) -> Self {
        let standing = Self::of(measure, evidence.iter().copied());
        if standing.stand != Stand::NotSigned {
            return standing;
        }
        Self::of(measure, evidence.iter().copied().filter(|told| measure.signed_in(chamber, &told.bills)))
    }
}

/// Whether "not signed" contradicts the signature. A signature without a day was there by the day of the look.
fn disagree(yes: &Position, no: &Position) -> bool {
    let later = if yes.on.is_some() { no.day() > yes.day() } else { no.day() >= yes.day() };
    later && no.bills.cover(&yes.bills)
}

#[cfg(test)]
#[path = "stand_tests.rs"]
mod tests;
