//! What is known of one state: offices, districts on the map, towns and what people call them, evidence about officials.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::IntakeError;
use crate::districts::{Atlas, Gazetteer, built_in};
use crate::domain::{Chamber, DistrictKey, DistrictName, Municipality, Position, UsState, plain_district_name};
use crate::store::offices::{self, Office};
use crate::store::{Store, boundaries, places, positions, street_towns};

/// One state's offices and the places that its people name.
#[derive(Debug)]
pub struct Jurisdiction {
    /// Which state.
    pub state: UsState,
    /// Towns and place names.
    pub gazetteer: Gazetteer,
    /// Where districts and municipalities lie; empty while no outlines are imported.
    pub atlas: Arc<Atlas>,
    /// The outlines' revision that the atlas was made of.
    outlines: Option<String>,
    offices: HashMap<i64, Office>,
    by_district: HashMap<Chamber, HashMap<DistrictKey, i64>>,
    by_geoid: HashMap<String, i64>,
    /// The municipalities that an office's district touches, by its id, in the order of their names.
    towns: HashMap<i64, Vec<String>>,
    evidence: HashMap<String, Vec<Position>>,
    /// The municipalities whose streets are imported.
    with_streets: HashSet<String>,
}

impl Jurisdiction {
    /// Reads all that is known of a state; the outlines of `before` are kept where they have not changed.
    pub(super) fn load(store: &Store, state: UsState, before: Option<&Self>) -> Result<Self, IntakeError> {
        let (municipalities, imported, offices, marks) = store.read_blocking(|conn| {
            Ok((
                places::municipalities(conn, state)?,
                places::names(conn, state)?,
                offices::of_state(conn, state)?,
                [boundaries::office_marks(conn, state, Chamber::Upper)?, boundaries::office_marks(conn, state, Chamber::Lower)?],
            ))
        })?;
        let with_streets = store.read_blocking(|conn| street_towns::names(conn, state))?.into_iter().collect();
        let (atlas, outlines) = atlas(store, state, before)?;
        let by_geoid = marks.into_iter().flatten().filter_map(|mark| Some((mark.geoid?, mark.id))).collect();
        let mut evidence: HashMap<String, Vec<Position>> = HashMap::new();
        for told in store.read_blocking(|conn| positions::of_state(conn, state))? {
            evidence.entry(told.person.clone()).or_default().push(told);
        }
        let mut names = built_in(state);
        names.extend(imported);
        let mut by_district: HashMap<Chamber, HashMap<DistrictKey, i64>> = HashMap::new();
        for office in &offices {
            by_district.entry(office.district.chamber).or_default().insert(office.district.key().clone(), office.id);
        }
        let mut towns: HashMap<i64, Vec<String>> = HashMap::new();
        for municipality in &municipalities {
            for district in &municipality.districts {
                if let Some(office) = by_district.get(&district.chamber).and_then(|known| known.get(district.key())) {
                    towns.entry(*office).or_default().push(municipality.name.clone());
                }
            }
        }
        let gazetteer = Gazetteer::new(municipalities, names).in_state(state);
        let offices = offices.into_iter().map(|office| (office.id, office)).collect();
        Ok(Jurisdiction { state, gazetteer, atlas, outlines, offices, by_district, by_geoid, towns, evidence, with_streets })
    }

    /// Every office of that chamber, in no order.
    pub fn offices_of(&self, chamber: Chamber) -> impl Iterator<Item = &Office> {
        self.offices.values().filter(move |office| office.district.chamber == chamber)
    }

    /// All evidence about the person of that id in rosters.
    #[must_use]
    pub fn evidence(&self, person: &str) -> &[Position] {
        self.evidence.get(person).map_or(&[], Vec::as_slice)
    }

    /// The office of that district.
    #[must_use]
    pub fn office(&self, district: &DistrictName) -> Option<&Office> {
        self.office_of_id(*self.by_district.get(&district.chamber)?.get(district.key())?)
    }

    /// The office of that id.
    #[must_use]
    pub fn office_of_id(&self, id: i64) -> Option<&Office> {
        self.offices.get(&id)
    }

    /// The office of a district that a source names by GEOID and name; the GEOID counts first.
    #[must_use]
    pub fn office_named(&self, chamber: Chamber, geoid: &str, name: &str) -> Option<&Office> {
        let by_geoid = self.by_geoid.get(geoid).and_then(|id| self.office_of_id(*id));
        by_geoid
            .filter(|office| office.district.chamber == chamber)
            .or_else(|| self.office(&DistrictName::new(chamber, &plain_district_name(name))))
    }

    /// Every office, chamber by chamber and sorted as people count.
    #[must_use]
    pub fn offices(&self) -> Vec<&Office> {
        let mut all: Vec<&Office> = self.offices.values().collect();
        all.sort_by_key(|office| (office.district.chamber, office.district.key().natural()));
        all
    }

    /// Every office of one chamber that is elected by districts in any of `towns`, sorted as people count.
    #[must_use]
    pub fn offices_in(&self, towns: &[&Municipality], chamber: Chamber) -> Vec<&Office> {
        Gazetteer::districts_of(towns, chamber).iter().filter_map(|district| self.office(district)).collect()
    }

    /// Whether streets of the municipality of that name are imported.
    #[must_use]
    pub fn has_streets(&self, municipality: &str) -> bool {
        self.with_streets.contains(municipality)
    }

    /// The names of the cities and towns that an office's district touches.
    #[must_use]
    pub fn towns_of(&self, office: i64) -> &[String] {
        self.towns.get(&office).map_or(&[], Vec::as_slice)
    }

    /// The governor's office, once a roster has named one.
    #[must_use]
    pub fn governor(&self) -> Option<&Office> {
        self.office(&DistrictName::new(Chamber::Governor, ""))
    }
}

/// The state's outlines, and the revision they are of.
fn atlas(store: &Store, state: UsState, before: Option<&Jurisdiction>) -> Result<(Arc<Atlas>, Option<String>), IntakeError> {
    let revision = store.read_blocking(|conn| boundaries::revision(conn, state))?;
    if let Some(known) = before.filter(|known| known.outlines == revision) {
        return Ok((Arc::clone(&known.atlas), revision));
    }
    let outlines = store.read_blocking(|conn| boundaries::of_state(conn, state))?;
    let outlines = outlines.iter().map(|o| (o.layer, o.office_id.unwrap_or_default(), o.name.as_str(), o.shape.as_str()));
    Ok((Arc::new(Atlas::build(outlines)?), revision))
}
