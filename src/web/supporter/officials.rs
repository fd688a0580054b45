//! Step 1 answered: who represents this person, and their letters to check.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;

use super::campaign::{not_open, step_one};
use super::cards::{self, LetterCard};
use super::form_feedback::{self, FormFeedback};
use super::words;
use crate::domain::{Chamber, Consent, Field, SignupForm};
use crate::intake::{CampaignEntry, Finding, Location, Preview, Seat, preview};
use crate::render::CampaignSettings;
use crate::store::offices::Office;
use crate::web::Web;
use crate::web::form::Form;
use crate::web::in_campaign::InCampaign;
use crate::web::parts::{Page, stands};
use crate::web::response::{Answer, html};

#[derive(Template)]
#[template(path = "supporter/officials.html")]
struct OfficialsPage<'a> {
    page: Page,
    entry: &'a CampaignEntry,
    settings: &'a CampaignSettings,
    typed: &'a SignupForm,
    token: String,
    feedback: &'a FormFeedback,
    preview: &'a Preview<'a>,
    /// The town as the page names it.
    place: String,
    letters: Vec<LetterCard<'a>>,
}

pub(super) async fn find(
    web: web::Data<Web>,
    request: HttpRequest,
    InCampaign(entry): InCampaign,
    Form(form): Form<SignupForm>,
) -> Answer {
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
                preview.form.story_error.clone().map_or_else(FormFeedback::none, |error| FormFeedback::mistakes(&[error]));
            step_two(&web, &entry, &form, &preview, &form_feedback)
        }
        Err(errors) => step_one(&web, &entry, &form, &FormFeedback::mistakes(&errors)),
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
            form_feedback.note(preview.form.story_error.as_slice());
            step_two(web, entry, form, &preview, &form_feedback)
        }
        Err(errors) => {
            form_feedback.note(&errors);
            step_one(web, entry, form, &form_feedback)
        }
    }
}

/// Step 2 around a preview.
pub(super) fn step_two(
    web: &Web,
    entry: &CampaignEntry,
    typed: &SignupForm,
    preview: &Preview<'_>,
    feedback: &FormFeedback,
) -> Answer {
    let settings = &entry.campaign.settings;
    // What goes into the letters is what parsed; words that can't be sent stand in their field only.
    let story = preview.form.applicant.story.as_str();
    let finding = &preview.form.finding;
    let view = OfficialsPage {
        page: web.page_frame(&format!("Your letters: {}", settings.title)).problem(!feedback.errors.is_empty()),
        entry,
        settings,
        typed,
        token: form_feedback::kept_token(web, typed),
        feedback,
        preview,
        place: words::place(&finding.place, &finding.town),
        letters: preview.letters.iter().map(|letter| cards::of_preview(letter, story)).collect(),
    };
    Ok(feedback.mark(html(feedback.status, &view)?))
}

/// The name of the field in which an office is chosen. The governor's is read by nobody.
const fn field(chamber: Chamber) -> &'static str {
    match chamber {
        Chamber::Upper => Field::OfficeUpper.as_str(),
        Chamber::Lower => Field::OfficeLower.as_str(),
        Chamber::Governor => "office_governor",
    }
}

fn choosing(finding: &Finding<'_>) -> bool {
    finding.seats.iter().any(|(_, seat)| matches!(seat, Seat::Choice { .. }))
}

fn is(one: Option<&Office>, office: &Office) -> bool {
    one.is_some_and(|one| one.id == office.id)
}
