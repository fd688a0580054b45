//! From an address to its offices: exactly, or by asking. Never a guess.

use super::catalog::CampaignEntry;
use super::jurisdiction::Jurisdiction;
use super::location::{Location, Verdict};
use crate::districts::Lookup;
use crate::domain::{Chamber, Doubt, Field, FieldError, FieldErrors, FoundBy, Municipality, SignupForm, TownName};
use crate::store::offices::Office;

/// One chamber's seat for an address.
#[derive(Clone, Debug)]
pub enum Seat<'a> {
    /// The one office that it can be.
    Settled {
        /// The office.
        office: &'a Office,
        /// How it was found.
        by: FoundBy,
    },
    /// It can be several: the person chooses.
    Choice {
        /// All that it can be: the likely one first, then in the order of their names.
        candidates: Vec<&'a Office>,
        /// The one that the address speaks for. Shown as such, never chosen for the person.
        likely: Option<&'a Office>,
        /// What the person chose, once they have.
        chosen: Option<&'a Office>,
        /// Why they are asked.
        doubt: Doubt,
    },
}

impl<'a> Seat<'a> {
    /// The office, once it is known.
    #[must_use]
    pub fn office(&self) -> Option<&'a Office> {
        match self {
            Self::Settled { office, .. } => Some(office),
            Self::Choice { chosen, .. } => *chosen,
        }
    }

    /// How it was found.
    #[must_use]
    pub fn found_by(&self) -> FoundBy {
        match self {
            Self::Settled { by, .. } => *by,
            Self::Choice { .. } => FoundBy::Choice,
        }
    }
}

/// Where an address is, and whom it elects. It holds what the person typed, so it has no `Debug`.
#[derive(Clone)]
pub struct Finding<'a> {
    /// The municipality; for a place that lies in several, the one that fits the chosen offices, else the place's name.
    pub town: String,
    /// The place as letters write it: what the person typed, with the capitals of a known name and without the state.
    pub place: String,
    /// A seat for each chamber that the campaign writes to. The governor's is missing while no roster names one.
    pub seats: Vec<(Chamber, Seat<'a>)>,
}

impl<'a> Finding<'a> {
    /// The offices that are known.
    pub fn offices(&self) -> impl Iterator<Item = &'a Office> {
        self.seats.iter().filter_map(|(_, seat)| seat.office())
    }

    /// Whether somebody can be written to, now or after another choice.
    #[must_use]
    pub fn has_somebody(&self) -> bool {
        let held = |office: &&Office| office.holder.is_some();
        self.seats.iter().any(|(_, seat)| match seat {
            Seat::Settled { office, .. } => held(office),
            Seat::Choice { candidates, .. } => candidates.iter().any(held),
        })
    }

    /// How the offices were found, as it is kept with the sign-up: the least certain way of all its seats.
    #[must_use]
    pub fn found_by(&self) -> FoundBy {
        self.seats.iter().map(|(_, seat)| seat.found_by()).max().unwrap_or(FoundBy::Town)
    }

    /// What is wrong with the choices: one error for each that is missing or not among the candidates.
    #[must_use]
    pub fn missing_choices(&self) -> FieldErrors {
        let missing = self.seats.iter().filter(|(_, seat)| seat.office().is_none());
        missing
            .filter_map(|(chamber, _)| {
                let (field, message) = match chamber {
                    Chamber::Upper => (Field::OfficeUpper, "Choose your Senate district."),
                    Chamber::Lower => (Field::OfficeLower, "Choose your House district."),
                    Chamber::Governor => return None,
                };
                Some(FieldError { field, message: message.to_owned() })
            })
            .collect()
    }
}

/// Finds the offices that the campaign writes to for someone who lives in `city`, with what the address itself says
/// (`location`) and the choices that `form` holds.
///
/// # Errors
/// One error on the field `city`: the place is not known (it names places that are spelled alike), or its districts are not.
pub fn find_offices<'a>(
    entry: &'a CampaignEntry,
    city: &TownName,
    location: &Location,
    form: &SignupForm,
) -> Result<Finding<'a>, FieldError> {
    let jurisdiction = entry.jurisdiction.as_ref();
    let towns = match jurisdiction.gazetteer.find(city.as_str()) {
        Lookup::Found(towns) => towns,
        Lookup::Unknown { nearest } => return Err(unknown(jurisdiction, &nearest)),
    };
    let mut seats = Vec::new();
    for chamber in &entry.campaign.settings.offices {
        let seat = match chamber {
            Chamber::Upper => elected(jurisdiction, &towns, *chamber, location, &form.office_upper),
            Chamber::Lower => elected(jurisdiction, &towns, *chamber, location, &form.office_lower),
            Chamber::Governor => jurisdiction.governor().map(|office| Seat::Settled { office, by: FoundBy::Town }),
        };
        if seat.is_none() && *chamber != Chamber::Governor {
            return Err(no_districts(city));
        }
        seats.extend(seat.map(|seat| (*chamber, seat)));
    }
    let place = jurisdiction.gazetteer.written(city.as_str()).to_owned();
    let town = town_of(&towns, &seats).unwrap_or_else(|| place.clone());
    Ok(Finding { town, place, seats })
}

fn elected<'a>(
    jurisdiction: &'a Jurisdiction,
    towns: &[&Municipality],
    chamber: Chamber,
    location: &Location,
    typed: &str,
) -> Option<Seat<'a>> {
    let of_towns: Vec<&Office> = jurisdiction.offices_in(towns, chamber);
    let in_towns: Vec<i64> = of_towns.iter().map(|office| office.id).collect();
    let (ids, likely, doubt) = match location.judge(chamber, &in_towns) {
        Verdict::Settled { office, by } => {
            return jurisdiction.office_of_id(office).map(|office| Seat::Settled { office, by });
        }
        Verdict::Ask { candidates, likely, doubt } => (candidates, likely, doubt),
    };
    let mut candidates: Vec<&Office> = ids.iter().filter_map(|id| jurisdiction.office_of_id(*id)).collect();
    candidates.sort_by(|a, b| {
        let order = |office: &&'a Office| (Some(office.id) != likely, office.district.key().natural());
        order(a).cmp(&order(b))
    });
    if candidates.is_empty() {
        return None;
    }
    let chosen: Option<i64> = typed.parse().ok();
    let pick = |wanted: Option<i64>| candidates.iter().find(|office| Some(office.id) == wanted).copied();
    let (likely, chosen) = (pick(likely), pick(chosen));
    Some(Seat::Choice { candidates, likely, chosen, doubt })
}

/// The one municipality that all known offices have districts in.
fn town_of(towns: &[&Municipality], seats: &[(Chamber, Seat<'_>)]) -> Option<String> {
    let fits = |town: &&&Municipality| {
        let elected = seats.iter().filter(|(chamber, _)| *chamber != Chamber::Governor).filter_map(|(_, seat)| seat.office());
        elected.into_iter().all(|office| town.of(office.district.chamber).any(|d| d.key() == office.district.key()))
    };
    match towns.iter().filter(fits).collect::<Vec<_>>().as_slice() {
        [only] => Some(only.name.clone()),
        _ => None,
    }
}

/// Letters to some of a person's officials only would pass the others over in silence.
fn no_districts(city: &TownName) -> FieldError {
    let message = format!(
        "We know {}, but not yet who represents it. Please try again in a few minutes. If it stays so, write to the campaign.",
        city.as_str()
    );
    FieldError { field: Field::City, message }
}

fn unknown(jurisdiction: &Jurisdiction, nearest: &[&str]) -> FieldError {
    let state = jurisdiction.state.name();
    let message = match nearest {
        [] => format!(
            "We don't know a city or town of this name in {state}. Check the spelling, or enter the city or town that your place belongs to."
        ),
        names => format!("We don't know a city or town of this name in {state}. Did you mean {}?", names.join(" or ")),
    };
    FieldError { field: Field::City, message }
}
