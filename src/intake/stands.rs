//! Where officials stand on a campaign's measures, and what letters ask about each.

use std::collections::BTreeMap;

use super::catalog::CampaignEntry;
use crate::domain::{Ask, Chamber, Stand, Standing};
use crate::render::{LetterMeasure, Measure};
use crate::store::offices::Official;

/// Where one official stands on one measure.
#[derive(Clone, Debug)]
pub struct MeasureStand<'a> {
    /// The measure.
    pub measure: &'a Measure,
    /// The ask in force.
    pub ask: Ask,
    /// The stand with its evidence.
    pub standing: Standing<'a>,
}

/// How many of a chamber's officials stand where on one measure.
pub type StandCounts = BTreeMap<Stand, i64>;

impl MeasureStand<'_> {
    /// What a letter knows of it.
    pub(super) fn in_letter(&self) -> LetterMeasure<'_> {
        let Standing { stand, because } = &self.standing;
        LetterMeasure { measure: self.measure, ask: self.ask, stand: *stand, day: because.first().map(|told| told.day()) }
    }
}

impl CampaignEntry {
    /// Where an official stands on each measure, in the campaign's order; of nobody in particular nothing is known.
    #[must_use]
    pub fn stands(&self, official: Option<&Official>) -> Vec<MeasureStand<'_>> {
        let evidence = official.map_or(&[][..], |official| self.jurisdiction.evidence(&official.person.source_id));
        let evidence: Vec<_> = evidence.iter().collect();
        let standing = |measure: &Measure| match official {
            Some(official) => Standing::in_chamber(official.person.district.chamber, &measure.bills, &evidence),
            None => Standing::of(&measure.bills, []),
        };
        let stand = |measure| MeasureStand { measure, ask: self.ask(measure), standing: standing(measure) };
        self.campaign.settings.measures.iter().map(stand).collect()
    }

    /// What letters ask about the measure now.
    #[must_use]
    pub fn ask(&self, measure: &Measure) -> Ask {
        measure.ask_in_force(self.asks.get(&measure.key).copied())
    }

    /// How many officials of the chamber stand where on each measure, in the campaign's order.
    #[must_use]
    pub fn stand_counts(&self, chamber: Chamber) -> Vec<StandCounts> {
        let mut counts = vec![StandCounts::new(); self.campaign.settings.measures.len()];
        for official in self.jurisdiction.offices_of(chamber).filter_map(|office| office.holder.as_ref()) {
            for (count, stand) in counts.iter_mut().zip(self.stands(Some(official))) {
                *count.entry(stand.standing.stand).or_default() += 1;
            }
        }
        counts
    }
}
