//! Step 1 answered: who represents this person, and their letters to check.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};

use super::campaign::{not_open, step_one};
use super::form_feedback::{self, FormFeedback};
use super::{campaign_of, cards, consents, stands, words};
use crate::domain::{Chamber, Field, Person, STORY_MAX_CHARS, SignupForm};
use crate::intake::{CampaignEntry, Finding, Location, Preview, Seat, preview};
use crate::store::offices::Office;
use crate::web::Web;
use crate::web::form::Form;
use crate::web::response::Answer;
use crate::web::views::figures::grouped;
use crate::web::views::supporter::{Candidate, Carried, OfficeView, OfficialsPage};

pub(super) async fn find(
    web: web::Data<Web>,
    request: HttpRequest,
    slug: web::Path<String>,
    Form(form): Form<SignupForm>,
) -> Answer {
    let entry = campaign_of(&web, &slug)?;
    if !entry.campaign.settings.is_open(web.clock.now()) {
        return not_open(&web, &entry, StatusCode::UNPROCESSABLE_ENTITY);
    }
    if let Err(form_feedback) = form_feedback::check(&web, &request, &web.preview_limit, &form) {
        return step_one(&web, &entry, &form, &form_feedback);
    }
    let location = form_feedback::locate(&web, &request, &entry, &form).await;
    match preview(&entry, &form, &location)? {
        Ok(preview) => {
            let form_feedback =
                preview.form.story_error.clone().map_or_else(FormFeedback::none, |error| FormFeedback::mistakes(vec![error]));
            step_two(&web, &entry, &form, &preview, &form_feedback)
        }
        Err(errors) => step_one(&web, &entry, &form, &FormFeedback::mistakes(errors)),
    }
}

/// Step 2 as it was sent, with something to say about it; step 1 when its own fields hold mistakes by now.
pub(super) fn step_two_again(
    web: &Web,
    entry: &CampaignEntry,
    form: &SignupForm,
    location: &Location,
    mut form_feedback: FormFeedback,
) -> Answer {
    match preview(entry, form, location)? {
        Ok(preview) => {
            form_feedback.errors.extend(preview.form.story_error.clone());
            step_two(web, entry, form, &preview, &form_feedback)
        }
        Err(errors) => step_one(web, entry, form, &FormFeedback { errors, ..form_feedback }),
    }
}

/// Step 2 around a preview.
pub(super) fn step_two(
    web: &Web,
    entry: &CampaignEntry,
    form: &SignupForm,
    preview: &Preview<'_>,
    form_feedback: &FormFeedback,
) -> Answer {
    let settings = &entry.campaign.settings;
    let mut page = web.page_frame(&format!("Your letters: {}", settings.title));
    page.problem = !form_feedback.errors.is_empty();
    // What goes into the letters is what parsed; words that can't be sent stand in their field only.
    let story = preview.form.applicant.story.as_str();
    let offices: Vec<OfficeView> = preview
        .form
        .finding
        .seats
        .iter()
        .map(|(chamber, seat)| office(entry, *chamber, seat, &preview.form.finding, form_feedback))
        .collect();
    let view = OfficialsPage {
        page,
        slug: settings.slug.to_string(),
        notice: form_feedback.notice.clone(),
        errors: form_feedback.summary(),
        carried: Carried {
            form_token: form_feedback::kept_token(web, form),
            name: form.name.clone(),
            email: form.email.clone(),
            street: form.street.clone(),
            city: form.city.clone(),
            zip: form.zip.clone(),
        },
        place: words::place(&preview.form.finding.place, &preview.form.finding.town),
        choosing: offices.iter().any(|office| office.choose),
        offices,
        district_help_url: settings.district_help_url.clone(),
        letters: preview.letters.iter().map(|letter| cards::of_preview(letter, story)).collect(),
        story: form_feedback.field(Field::Story, &form.story),
        story_limit: grouped(i64::try_from(STORY_MAX_CHARS).unwrap_or(i64::MAX)),
        consent_text: settings.consent.clone(),
        consent_given: form.has_consent(),
        consent_error: form_feedback.error(Field::Consent),
        optional: consents::boxes(form),
    };
    Ok(form_feedback.mark(web.old_page(form_feedback.status, "officials", &view)?))
}

fn office(
    entry: &CampaignEntry,
    chamber: Chamber,
    seat: &Seat<'_>,
    finding: &Finding<'_>,
    form_feedback: &FormFeedback,
) -> OfficeView {
    let (field, error) = match chamber {
        Chamber::Upper => (Field::OfficeUpper.as_str(), form_feedback.error(Field::OfficeUpper)),
        Chamber::Lower => (Field::OfficeLower.as_str(), form_feedback.error(Field::OfficeLower)),
        Chamber::Governor => ("office_governor", None),
    };
    let view = OfficeView { field: field.to_owned(), heading: words::whose(chamber).to_owned(), error, ..OfficeView::default() };
    match seat {
        Seat::Settled { office, by } => {
            let by = if chamber == Chamber::Governor { None } else { words::found_by(*by).map(str::to_owned) };
            OfficeView { settled: Some(candidate(entry, office)), found_by: by, ..view }
        }
        Seat::Choice { candidates, likely, chosen, doubt } => OfficeView {
            choose: true,
            hint: words::choose_hint(chamber, &finding.town, candidates.len(), *doubt),
            candidates: candidates
                .iter()
                .map(|office| Candidate {
                    checked: chosen.is_some_and(|chosen| chosen.id == office.id),
                    likely: likely.filter(|likely| likely.id == office.id).map(|_| words::LIKELY.to_owned()),
                    ..candidate(entry, office)
                })
                .collect(),
            ..view
        },
    }
}

fn candidate(entry: &CampaignEntry, office: &Office) -> Candidate {
    let person = office.holder.as_ref().map(|holder| &holder.person);
    Candidate {
        value: office.id.to_string(),
        official: person.map(Person::titled).unwrap_or_default(),
        district: office.district.name.clone(),
        towns: words::towns(entry.jurisdiction.towns_of(office.id)),
        vacant: person.is_none(),
        self_send: person.is_some_and(|person| person.email.is_none() && person.webform.is_some()),
        likely: None,
        checked: false,
        stands: stands::lines(entry, office),
    }
}
