//! Where officials stand on a campaign's measures, and what letters ask about each.

use std::collections::BTreeMap;

use super::catalog::CampaignEntry;
use super::{Intake, IntakeError};
use crate::domain::{Ask, Chamber, Stand, Standing};
use crate::render::{LetterMeasure, Measure};
use crate::store::asks::{self, ChosenAsks};
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
        let stand = |measure| MeasureStand { measure, ask: self.ask(measure), standing: Standing::of(&measure.bills, evidence) };
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

impl Intake {
    /// Keeps what staff chose that letters ask for, by the measures' keys. The next letter asks for it; letters that were
    /// signed before stay as they are.
    pub async fn choose_asks(&self, entry: &CampaignEntry, chosen: ChosenAsks) -> Result<(), IntakeError> {
        let campaign = entry.id;
        self.store.write(move |tx| asks::choose(tx, campaign, &chosen)).await?;
        // It is kept. Where the catalog can't be read now, the next look tries again and says why.
        let _ = self.refresh().await;
        Ok(())
    }
}
