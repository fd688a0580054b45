//! A letter by a made-up supporter to a real official, for staff to see how it reads. Nothing of it is kept.

use super::catalog::CampaignEntry;
use super::stands::MeasureStand;
use crate::domain::{Chamber, Stand};
use crate::render::{Campaign, LetterContext, LetterMeasure, OfficialContext, TemplateError, Variant};
use crate::store::offices::{Office, Official};

/// The supporter of samples: nobody, as everybody sees.
const NAME: &str = "Ana Example";
const EMAIL: &str = "ana@example.org";
const STREET: &str = "1 Example Street";
const ZIP: &str = "00000";
const STORY: &str = "(If supporters add words of their own, they stand here.)";

/// A letter as its office would get it.
pub struct Sample {
    /// The name in its From header.
    pub from_name: String,
    /// Its Reply-To header.
    pub reply_to: String,
    /// Who it is to, by title and name.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub text: String,
    /// Which of the campaign's letters it is.
    pub variant: Variant,
    /// No official stands as this letter is for: it is shown as if this one did.
    pub as_if: bool,
}

impl CampaignEntry {
    /// The same campaign with other texts, as they are being written.
    #[must_use]
    pub fn with_texts(&self, campaign: Campaign) -> Self {
        Self {
            id: self.id,
            version_id: self.version_id,
            campaign,
            written_dates: self.written_dates,
            jurisdiction: self.jurisdiction.clone(),
            asks: self.asks.clone(),
        }
    }

    /// The officials of a chamber in the order of their districts, each with the letter that they get.
    #[must_use]
    pub fn recipients(&self, chamber: Chamber) -> Vec<(&Office, &Official, Variant)> {
        let offices = self.jurisdiction.offices().into_iter().filter(|office| office.district.chamber == chamber);
        let held = offices.filter_map(|office| Some((office, office.holder.as_ref()?)));
        held.map(|(office, official)| (office, official, self.variant_for(chamber, official))).collect()
    }

    fn variant_for(&self, chamber: Chamber, official: &Official) -> Variant {
        let stands = self.stands(Some(official));
        let measures: Vec<_> = stands.iter().map(MeasureStand::in_letter).collect();
        self.campaign.variant(chamber, &measures)
    }

    /// The letter that the office's holder gets. Where no official of the chamber stands as the `wanted` letter is for, that
    /// one, as if this official did. `None` for an empty seat.
    pub fn sample(&self, office: &Office, wanted: Variant) -> Result<Option<Sample>, TemplateError> {
        let Some(official) = office.holder.as_ref() else { return Ok(None) };
        let chamber = office.district.chamber;
        let as_if = self.recipients(chamber).iter().all(|(.., gets)| *gets != wanted);
        let stands = self.stands(Some(official));
        let mut measures: Vec<_> = stands.iter().map(MeasureStand::in_letter).collect();
        if as_if {
            imagine(&mut measures, wanted);
        }
        let variant = if as_if { wanted } else { self.campaign.variant(chamber, &measures) };
        let (person, settings) = (&official.person, &self.campaign.settings);
        let context = LetterContext {
            name: NAME,
            street: STREET,
            town: self.jurisdiction.towns_of(office.id).first().map_or("Example", String::as_str),
            state: &settings.state.postal(),
            zip: ZIP,
            district: &office.district.name,
            official: OfficialContext { name: &person.name, title: &person.title, salutation: &person.salutation },
            story: STORY,
            measures: &measures,
        };
        let letter = self.campaign.letter_of(chamber, variant, &context)?;
        Ok(Some(Sample {
            from_name: format!("{NAME} via {}", settings.sender),
            reply_to: format!("{NAME} <{EMAIL}>"),
            to: person.titled(),
            subject: letter.subject,
            text: letter.text,
            variant,
            as_if,
        }))
    }
}

/// Stands as that letter is for: all names, one name, or none.
fn imagine(measures: &mut [LetterMeasure<'_>], variant: Variant) {
    let mut names = match variant {
        Variant::Plain => 0,
        Variant::Partly => 1,
        Variant::Signed => usize::MAX,
    };
    for known in measures.iter_mut().filter(|known| known.measure.can_be_signed()) {
        known.stand = if names > 0 { Stand::Signed } else { Stand::NotKnown };
        known.day = None;
        names = names.saturating_sub(1);
    }
}
