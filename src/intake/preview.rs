//! Step 1: who represents this person, and the letters to check.

use super::IntakeError;
use super::catalog::CampaignEntry;
use super::finding::{Finding, find_offices};
use crate::domain::{Applicant, Chamber, FieldErrors, SignupForm, TownName};
use crate::render::{LetterContext, OfficialContext, RenderedLetter, TemplateError};
use crate::store::offices::{Office, Official};

/// Stands for the supporter's own words while a letter is shown to be checked; from Unicode's private use area, which
/// no typed story and no template holds.
const STORY_MARK: &str = "\u{E000}";

/// What step 1 shows.
#[derive(Debug)]
pub struct Preview<'a> {
    /// The person.
    pub applicant: Applicant,
    /// Where they live and whom they elect.
    pub finding: Finding<'a>,
    /// The letters, one for each seat that is not known to be empty.
    pub letters: Vec<PreviewLetter<'a>>,
}

/// A letter with the place for the person's own words.
#[derive(Debug)]
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
/// The mistakes in the form, all at once; or what went wrong behind it.
pub fn preview<'a>(entry: &'a CampaignEntry, form: &SignupForm) -> Result<Result<Preview<'a>, FieldErrors>, IntakeError> {
    let state = entry.campaign.settings.state;
    // An unknown town is a mistake like the others: it is reported together with them.
    let city = TownName::parse(&form.city).ok();
    let found = city.map(|city| find_offices(entry, &city, form));
    let (mut applicant, finding) = match (form.parse(state), found) {
        (Ok(applicant), Some(Ok(finding))) => (applicant, finding),
        (parsed, found) => {
            let mut errors = parsed.err().unwrap_or_default();
            errors.extend(found.and_then(Result::err));
            errors.sort_by_key(|error| error.field);
            return Ok(Err(errors));
        }
    };
    // Offices read "Owlbury, MA", however it was typed.
    if let Ok(place) = TownName::parse(&finding.place) {
        applicant.address.city = place;
    }
    let mut letters = Vec::new();
    for (chamber, seat) in &finding.seats {
        let office = seat.office();
        if office.is_some_and(|office| office.holder.is_none()) {
            continue;
        }
        let holder = office.and_then(|office| office.holder.as_ref());
        let district = office.map_or("[your district]", |office| office.district.name.as_str());
        let letter = render(entry, *chamber, &applicant, holder, district, STORY_MARK)?;
        let (before, after) = letter.text.split_once(STORY_MARK).unwrap_or((&letter.text, ""));
        letters.push(PreviewLetter {
            chamber: *chamber,
            office,
            subject: letter.subject,
            before: before.to_owned(),
            after: after.to_owned(),
        });
    }
    Ok(Ok(Preview { applicant, finding, letters }))
}

/// A letter in the applicant's name; to nobody in particular while the holder is still to be chosen.
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
        },
    )
}
