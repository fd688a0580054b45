//! What sign-ups are made of, read once and kept at hand: campaigns, their letters, offices, towns.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::IntakeError;
use crate::districts::{Gazetteer, built_in};
use crate::domain::{Chamber, DistrictKey, DistrictName, Position, Slug, UsState};
use crate::render::{Campaign, TemplateFiles};
use crate::store::asks::{self, ChosenAsks};
use crate::store::offices::{self, Office};
use crate::store::{Store, campaigns, places, positions, settings};

/// One state's offices and the places that its people name.
#[derive(Debug)]
pub struct Jurisdiction {
    /// Which state.
    pub state: UsState,
    /// Towns and place names.
    pub gazetteer: Gazetteer,
    by_district: HashMap<Chamber, HashMap<DistrictKey, Office>>,
    evidence: HashMap<String, Vec<Position>>,
}

impl Jurisdiction {
    /// Every office of that chamber, in no order.
    pub fn offices_of(&self, chamber: Chamber) -> impl Iterator<Item = &Office> {
        self.by_district.get(&chamber).into_iter().flat_map(HashMap::values)
    }

    /// All evidence about the person of that id in rosters.
    #[must_use]
    pub fn evidence(&self, person: &str) -> &[Position] {
        self.evidence.get(person).map_or(&[], Vec::as_slice)
    }

    /// The office of that district.
    #[must_use]
    pub fn office(&self, district: &DistrictName) -> Option<&Office> {
        self.by_district.get(&district.chamber)?.get(district.key())
    }

    /// The governor's office, once a roster has named one.
    #[must_use]
    pub fn governor(&self) -> Option<&Office> {
        self.office(&DistrictName::new(Chamber::Governor, ""))
    }
}

/// A campaign ready for sign-ups.
#[derive(Debug)]
pub struct CampaignEntry {
    /// Its id.
    pub id: i64,
    /// The id of the version in force.
    pub version_id: i64,
    /// Settings, page and letters.
    pub campaign: Campaign,
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
    pub(super) fn load(store: &Store, templates: &TemplateFiles) -> Result<Self, IntakeError> {
        // The revision is read first: what is imported meanwhile is seen by the next look.
        let revision = store.read_blocking(settings::revision)?;
        let mut states: BTreeMap<UsState, Arc<Jurisdiction>> = BTreeMap::new();
        let mut entries = Vec::new();
        let mut errors = Vec::new();
        for stored in store.read_blocking(campaigns::all)? {
            let campaign = match Campaign::compile(&stored.files, templates) {
                Ok(campaign) => campaign,
                Err(more) => {
                    errors.extend(more);
                    continue;
                }
            };
            let state = campaign.settings.state;
            let jurisdiction = match states.get(&state) {
                Some(known) => Arc::clone(known),
                None => Arc::clone(states.entry(state).or_insert(Arc::new(jurisdiction(store, state)?))),
            };
            let asks = store.read_blocking(|conn| asks::of_campaign(conn, stored.id))?;
            entries.push(Arc::new(CampaignEntry { id: stored.id, version_id: stored.version_id, campaign, jurisdiction, asks }));
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

    /// The campaign of that id.
    #[must_use]
    pub fn by_id(&self, id: i64) -> Option<Arc<CampaignEntry>> {
        self.campaigns.iter().find(|entry| entry.id == id).map(Arc::clone)
    }
}

fn jurisdiction(store: &Store, state: UsState) -> Result<Jurisdiction, IntakeError> {
    let (towns, imported, offices) = store.read_blocking(|conn| {
        Ok((places::municipalities(conn, state)?, places::names(conn, state)?, offices::of_state(conn, state)?))
    })?;
    let mut evidence: HashMap<String, Vec<Position>> = HashMap::new();
    for told in store.read_blocking(|conn| positions::of_state(conn, state))? {
        evidence.entry(told.person.clone()).or_default().push(told);
    }
    let mut names = built_in(state);
    names.extend(imported);
    let mut by_district: HashMap<Chamber, HashMap<DistrictKey, Office>> = HashMap::new();
    for office in offices {
        by_district.entry(office.district.chamber).or_default().insert(office.district.key().clone(), office);
    }
    Ok(Jurisdiction { state, gazetteer: Gazetteer::new(towns, names).in_state(state), by_district, evidence })
}
