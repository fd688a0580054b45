//! Step 1: who represents this person, and the letters to check.

use super::IntakeError;
use super::catalog::CampaignEntry;
use super::finding::{Finding, find_offices};
use super::location::Location;
use super::stands::MeasureStand;
use crate::domain::{Applicant, Chamber, Field, FieldError, FieldErrors, SignupForm, TownName};
use crate::render::{LetterContext, OfficialContext, RenderedLetter, TemplateError};
use crate::store::offices::{Office, Official};

/// Stands for the supporter's own words while a letter is shown to be checked; from Unicode's private use area, which
/// no typed story and no template holds.
const STORY_MARK: &str = "\u{E000}";

/// A form that could be read: the person, and whom they elect.
pub struct Examined<'a> {
    /// The person; without own words when those can't be sent.
    pub applicant: Applicant,
    /// Where they live and whom they elect.
    pub finding: Finding<'a>,
    /// What is wrong with the own words. That is no reason to go back to the address.
    pub story_error: Option<FieldError>,
}

/// What step 1 shows.
pub struct Preview<'a> {
    /// The form.
    pub form: Examined<'a>,
    /// The letters, one for each seat that is not known to be empty.
    pub letters: Vec<PreviewLetter<'a>>,
}

/// A letter with the place for the person's own words.
pub struct PreviewLetter<'a> {
    /// The chamber that it goes to.
    pub chamber: Chamber,
    /// The office; `None` while the person has still to choose.
    pub office: Option<&'a Office>,
    /// The subject.
    pub subject: String,
    /// The text before the person's own words.
    pub before: String,
    /// The text after them.
    pub after: String,
}

/// Reads the form and finds the offices. Choices that are missing are no errors yet.
///
/// # Errors
/// The mistakes about the person and their address, all at once and in the order of the fields.
pub(super) fn examine<'a>(entry: &'a CampaignEntry, form: &SignupForm, location: &Location) -> Result<Examined<'a>, FieldErrors> {
    let state = entry.campaign.settings.state;
    let (parsed, story_error) = match form.parse(state) {
        Err(mut errors) => match errors.iter().position(|error| error.field == Field::Story) {
            Some(place) => {
                let story_error = errors.remove(place);
                (SignupForm { story: String::new(), ..form.clone() }.parse(state), Some(story_error))
            }
            None => (Err(errors), None),
        },
        parsed => (parsed, None),
    };
    if let (Ok(_), Some(other)) = (&parsed, location.other_state()) {
        let here = state.name();
        let message = format!("This address is in {other}. This campaign is for people who live in {here}. Check the address.");
        return Err(vec![FieldError { field: Field::Street, message }]);
    }
    // An unknown town is a mistake like the others: it is reported together with them.
    let found = TownName::parse(&form.city).ok().map(|city| find_offices(entry, &city, location, form));
    match (parsed, found) {
        (Ok(_), Some(Ok(finding))) if !finding.has_somebody() => {
            let message = "The seats for this place are empty now, so there is nobody to write to. Please come back later.";
            Err(vec![FieldError { field: Field::City, message: message.into() }])
        }
        (Ok(mut applicant), Some(Ok(finding))) => {
            // Offices read "Owlbury, MA", however it was typed.
            if let Ok(place) = TownName::parse(&finding.place) {
                applicant.address.city = place;
            }
            Ok(Examined { applicant, finding, story_error })
        }
        (parsed, found) => {
            let mut errors = parsed.err().unwrap_or_default();
            errors.extend(found.and_then(Result::err));
            errors.sort_by_key(|error| error.field);
            Err(errors)
        }
    }
}

impl<'a> Examined<'a> {
    /// The letters as they will be sent, with the place for the person's own words.
    pub(super) fn preview(self, entry: &CampaignEntry) -> Result<Preview<'a>, TemplateError> {
        let mut letters = Vec::new();
        for (chamber, seat) in &self.finding.seats {
            let office = seat.office();
            if office.is_some_and(|office| office.holder.is_none()) {
                continue;
            }
            let holder = office.and_then(|office| office.holder.as_ref());
            let district = office.map_or("[your district]", |office| office.district.name.as_str());
            let letter = render(entry, *chamber, &self.applicant, holder, district, STORY_MARK)?;
            let (before, after) = letter.text.split_once(STORY_MARK).unwrap_or((&letter.text, ""));
            let (before, after) = (before.to_owned(), after.to_owned());
            letters.push(PreviewLetter { chamber: *chamber, office, subject: letter.subject, before, after });
        }
        Ok(Preview { form: self, letters })
    }
}

/// Step 1: reads the form, finds the offices, writes the letters to be checked.
///
/// # Errors
/// The mistakes in the form, all at once; or what went wrong behind it.
pub fn preview<'a>(
    entry: &'a CampaignEntry,
    form: &SignupForm,
    location: &Location,
) -> Result<Result<Preview<'a>, FieldErrors>, IntakeError> {
    match examine(entry, form, location) {
        Ok(examined) => Ok(Ok(examined.preview(entry)?)),
        Err(errors) => Ok(Err(errors)),
    }
}

/// A letter in the applicant's name. While the holder is still to be chosen it goes to nobody in particular, and is
/// written as to an official whose stand is not known.
pub(super) fn render(
    entry: &CampaignEntry,
    chamber: Chamber,
    applicant: &Applicant,
    holder: Option<&Official>,
    district: &str,
    story: &str,
) -> Result<RenderedLetter, TemplateError> {
    let unknown = format!("{} [name]", chamber.title());
    let official = match holder {
        Some(official) => {
            let person = &official.person;
            OfficialContext { name: &person.name, title: &person.title, salutation: &person.salutation }
        }
        None => OfficialContext { name: "[name]", title: chamber.title(), salutation: &unknown },
    };
    let stands = entry.stands(holder);
    let measures: Vec<_> = stands.iter().map(MeasureStand::in_letter).collect();
    entry.campaign.letter(
        chamber,
        &LetterContext {
            name: applicant.name.as_str(),
            street: applicant.address.street.as_str(),
            town: applicant.address.city.as_str(),
            state: &entry.campaign.settings.state.postal(),
            zip: applicant.address.zip.as_str(),
            district,
            official,
            story,
            measures: &measures,
        },
    )
}
