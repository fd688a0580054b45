//! What sign-ups are made of, read once and kept at hand: campaigns, their letters, offices, towns.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::IntakeError;
use super::jurisdiction::Jurisdiction;
use crate::domain::{Dates, Slug, UsState};
use crate::render::{Campaign, TemplateError, TemplateFiles};
use crate::store::asks::{self, ChosenAsks};
use crate::store::{Store, campaigns, settings, steering};

/// A campaign ready for sign-ups.
#[derive(Debug)]
pub struct CampaignEntry {
    /// Its id.
    pub id: i64,
    /// The id of the version in force.
    pub version_id: i64,
    /// Settings, page and letters; the dates are those in force.
    pub campaign: Campaign,
    /// The dates of campaign.toml, which staff may have changed.
    pub written_dates: Dates,
    /// The state that it writes to.
    pub jurisdiction: Arc<Jurisdiction>,
    /// What staff chose that letters ask for.
    pub(super) asks: ChosenAsks,
}

/// All campaigns, as one import left them.
#[derive(Debug)]
pub struct Catalog {
    /// The store's revision that this was read at.
    pub(super) revision: i64,
    campaigns: Vec<Arc<CampaignEntry>>,
}

impl Catalog {
    /// Reads everything; the outlines of `before` are kept where they have not changed.
    pub(super) fn load(store: &Store, templates: &TemplateFiles, before: Option<&Self>) -> Result<Self, IntakeError> {
        // The revision is read first: what is imported meanwhile is seen by the next look.
        let revision = store.read_blocking(settings::revision)?;
        let mut states: BTreeMap<UsState, Arc<Jurisdiction>> = BTreeMap::new();
        let mut entries = Vec::new();
        let mut errors = Vec::new();
        for stored in store.read_blocking(campaigns::all)? {
            let mut campaign = match Campaign::compile(&stored.files, templates) {
                Ok(campaign) => campaign,
                // A text of an older version may be one that must never be rendered. That closes its campaign, not the others.
                Err(more) if more.iter().any(TemplateError::is_unsafe_to_render) => match Campaign::shut(&stored.files) {
                    Ok(campaign) => {
                        let causes = more.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
                        tracing::error!(campaign = %stored.slug, causes, "a campaign is closed: one of its texts must not be used. Mend it, in the console or by `standout campaigns import`");
                        campaign
                    }
                    Err(more) => {
                        errors.extend(more);
                        continue;
                    }
                },
                Err(more) => {
                    errors.extend(more);
                    continue;
                }
            };
            let state = campaign.settings.state;
            let jurisdiction = match states.get(&state) {
                Some(known) => Arc::clone(known),
                None => Arc::clone(states.entry(state).or_insert(Arc::new(Jurisdiction::load(
                    store,
                    state,
                    before.and_then(|before| before.jurisdiction(state)),
                )?))),
            };
            let asks = store.read_blocking(|conn| asks::of_campaign(conn, stored.id))?;
            let written_dates = Dates { opens: campaign.settings.opens, closes: campaign.settings.closes };
            if let Some(chosen) = store.read_blocking(|conn| steering::dates_of(conn, stored.id))? {
                (campaign.settings.opens, campaign.settings.closes) = (chosen.opens, chosen.closes);
            }
            let (id, version_id) = (stored.id, stored.version_id);
            entries.push(Arc::new(CampaignEntry { id, version_id, campaign, written_dates, jurisdiction, asks }));
        }
        if errors.is_empty() { Ok(Self { revision, campaigns: entries }) } else { Err(IntakeError::Campaigns(errors)) }
    }

    /// Every campaign, by short name.
    #[must_use]
    pub fn campaigns(&self) -> &[Arc<CampaignEntry>] {
        &self.campaigns
    }

    /// The campaign of that short name.
    #[must_use]
    pub fn by_slug(&self, slug: &str) -> Option<Arc<CampaignEntry>> {
        let slug = Slug::parse(slug).ok()?;
        self.campaigns.iter().find(|entry| entry.campaign.settings.slug == slug).map(Arc::clone)
    }

    fn jurisdiction(&self, state: UsState) -> Option<&Jurisdiction> {
        self.campaigns.iter().map(|entry| entry.jurisdiction.as_ref()).find(|jurisdiction| jurisdiction.state == state)
    }

    /// The campaign of that id.
    #[must_use]
    pub fn by_id(&self, id: i64) -> Option<Arc<CampaignEntry>> {
        self.campaigns.iter().find(|entry| entry.id == id).map(Arc::clone)
    }
}
