//! From a form to what its address says: by the streets on this machine, or by the Census geocoder where the operator
//! chose it. Nothing that can't be looked up stops a sign-up: it becomes a doubt, and the person is asked.

use super::Intake;
use super::catalog::CampaignEntry;
use super::jurisdiction::Jurisdiction;
use super::location::{Location, Spot};
use crate::districts::{Around, CensusAnswer, CensusMatch, Lookup, StreetAddress, StreetAnswer, street_points};
use crate::domain::{Chamber, Doubt, FoundBy, LonLat, Municipality, PostalAddress, SignupForm};
use crate::store::streets;

/// The chambers whose districts an address tells.
const ELECTED: [Chamber; 2] = [Chamber::Upper, Chamber::Lower];

impl Intake {
    /// What the address in `form` says of its districts. The Census is asked only where the operator chose so and the
    /// town leaves a choice; when it can't answer, the streets on this machine do.
    pub async fn locate(&self, entry: &CampaignEntry, form: &SignupForm) -> Location {
        let jurisdiction = entry.jurisdiction.as_ref();
        // A form with other mistakes goes back to the address anyway; own words that can't be sent do not.
        let Ok(applicant) = (SignupForm { story: String::new(), ..form.clone() }).parse(jurisdiction.state) else {
            return Location::unknown(Doubt::TownOnly);
        };
        let address = &applicant.address;
        let Lookup::Found(towns) = jurisdiction.gazetteer.find(address.city.as_str()) else {
            return Location::unknown(Doubt::TownOnly);
        };
        let mut elected = ELECTED.iter().filter(|chamber| entry.campaign.settings.offices.contains(chamber));
        let settled = elected.all(|chamber| jurisdiction.offices_in(&towns, *chamber).len() == 1);
        if !settled && let Some(location) = self.ask_census(jurisdiction, address).await {
            return location;
        }
        self.look_in_streets(jurisdiction, address, &towns).await
    }

    async fn ask_census(&self, jurisdiction: &Jurisdiction, address: &PostalAddress) -> Option<Location> {
        match self.geocoding.as_ref()?.ask(address, jurisdiction.state).await {
            CensusAnswer::Districts(matches) => {
                let spots = matches.iter().map(|found| spot_of_match(jurisdiction, found)).collect();
                Some(Location::at(FoundBy::Geocoder, spots))
            }
            CensusAnswer::OtherState { name } => Some(Location::in_other_state(name)),
            CensusAnswer::NoMatch => None,
            CensusAnswer::Failed(cause) => {
                tracing::warn!(%cause, "the Census geocoder gave no answer; the streets on this machine are looked in");
                None
            }
        }
    }

    async fn look_in_streets(&self, jurisdiction: &Jurisdiction, address: &PostalAddress, towns: &[&Municipality]) -> Location {
        let atlas = &jurisdiction.atlas;
        if !ELECTED.iter().any(|chamber| atlas.has(*chamber)) {
            return Location::unknown(Doubt::TownOnly);
        }
        let Ok(house) = StreetAddress::parse(address.street.as_str()) else {
            return Location::unknown(Doubt::StreetUnknown);
        };
        let (state, wanted, zip) = (jurisdiction.state, house.clone(), address.zip.five_digits().to_owned());
        let found = self.store.read(move |conn| streets::look_up(conn, state, &wanted.street, wanted.number, &zip)).await;
        let known = match found {
            Ok(known) => known,
            Err(error) => {
                tracing::warn!(%error, "streets can't be looked in now; people choose");
                return Location::unknown(Doubt::TownOnly);
            }
        };
        let in_town = |point: LonLat| atlas.municipality_at(point).is_some_and(|name| towns.iter().any(|town| town.name == name));
        let in_town: Option<&dyn Fn(LonLat) -> bool> = if atlas.has_municipalities() { Some(&in_town) } else { None };
        match street_points(&house, address.zip.five_digits(), &known, in_town) {
            StreetAnswer::Points(points) => {
                Location::at(FoundBy::Street, points.iter().map(|point| spot_at(jurisdiction, *point)).collect())
            }
            StreetAnswer::OutsideTown(points) => {
                Location::outside_town(FoundBy::Street, points.iter().map(|point| spot_at(jurisdiction, *point)).collect())
            }
            // Where no street of the town was imported, that is not the person's mistake.
            StreetAnswer::StreetUnknown if !towns.iter().any(|town| jurisdiction.has_streets(&town.name)) => {
                Location::unknown(Doubt::TownOnly)
            }
            StreetAnswer::StreetUnknown => Location::unknown(Doubt::StreetUnknown),
            StreetAnswer::NumberUnknown => Location::unknown(Doubt::NumberUnknown),
            StreetAnswer::NoStreets => Location::unknown(Doubt::TownOnly),
        }
    }
}

fn spot_at(jurisdiction: &Jurisdiction, point: LonLat) -> Spot {
    let atlas = &jurisdiction.atlas;
    let known = ELECTED.into_iter().filter(|chamber| atlas.has(*chamber));
    Spot { around: known.map(|chamber| (chamber, atlas.districts_at(chamber, point))).collect() }
}

/// The Census places house numbers along their street too: its point is held against our outlines, and what is near it
/// counts. A district that fits no office that is known leaves the spot without one, and the person is asked.
fn spot_of_match(jurisdiction: &Jurisdiction, found: &CensusMatch) -> Spot {
    let around = [(Chamber::Upper, &found.upper), (Chamber::Lower, &found.lower)].map(|(chamber, district)| {
        let named = district.as_ref().and_then(|district| jurisdiction.office_named(chamber, &district.geoid, &district.name));
        let Some(office) = named.map(|office| office.id) else { return (chamber, Around::default()) };
        let point = found.point.filter(|_| jurisdiction.atlas.has(chamber));
        let mut near = vec![office];
        let ours = point.map(|point| jurisdiction.atlas.districts_at(chamber, point)).unwrap_or_default();
        near.extend(ours.near.into_iter().filter(|id| *id != office));
        (chamber, Around { within: Some(office), near })
    });
    Spot { around: around.into() }
}
