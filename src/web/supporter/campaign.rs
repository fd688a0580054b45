//! The campaign's page and step 1 of the form.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;

use super::form_feedback::{self, FormFeedback};
use super::words;
use crate::domain::{Consent, Field, SignupForm, Timestamp};
use crate::intake::CampaignEntry;
use crate::render::CampaignSettings;
use crate::store::counts;
use crate::web::Web;
use crate::web::form::Form;
use crate::web::in_campaign::InCampaign;
use crate::web::parts::Page;
use crate::web::response::{Answer, html};

#[derive(Template)]
#[template(path = "supporter/campaign.html")]
struct CampaignPage<'a> {
    page: Page,
    settings: &'a CampaignSettings,
    /// Safe HTML; its headings begin at `<h2>`.
    page_html: &'a str,
    stage: Stage<'a>,
}

enum Stage<'a> {
    /// As a visitor finds it.
    Found { asked: Asked<'a>, supporters: Option<String> },
    /// Somebody is busy with the form: it comes first, and the campaign's text is folded away below it.
    Form { asked: Asked<'a> },
    /// Not open yet.
    Opens { at: Timestamp },
    /// No longer open.
    Closed { at: Option<Timestamp> },
}

/// The form of step 1.
struct Asked<'a> {
    typed: &'a SignupForm,
    token: String,
    feedback: &'a FormFeedback,
    /// Whom addresses are sent to, where they are: said before anything is typed.
    geocoder: Option<String>,
}

pub(super) async fn show(web: web::Data<Web>, InCampaign(entry): InCampaign, request: HttpRequest) -> Answer {
    web.visits.note(&request, entry.id);
    page(&web, &entry).await
}

/// Back from step 2: the details can be changed, and what was typed there waits in hidden fields.
pub(super) async fn edit(web: web::Data<Web>, InCampaign(entry): InCampaign, Form(form): Form<SignupForm>) -> Answer {
    if !entry.campaign.settings.is_open(web.clock.now()) {
        return not_open(&web, &entry, StatusCode::UNPROCESSABLE_ENTITY);
    }
    step_one(&web, &entry, &form, &FormFeedback::none())
}

/// The page as a visitor finds it.
pub(super) async fn page(web: &Web, entry: &CampaignEntry) -> Answer {
    if !entry.campaign.settings.is_open(web.clock.now()) {
        return not_open(web, entry, StatusCode::OK);
    }
    let supporters = supporters(web, entry.id).await;
    let (typed, feedback) = (SignupForm::default(), FormFeedback::none());
    let asked = Asked { typed: &typed, token: form_feedback::new_token(web), feedback: &feedback, geocoder: geocoder(web) };
    let mut view = view(web, entry, Stage::Found { asked, supporters });
    view.page.noindex = false;
    html(StatusCode::OK, &view)
}

/// Step 1 with everything typed, and what there is to say about it.
pub(super) fn step_one(web: &Web, entry: &CampaignEntry, typed: &SignupForm, feedback: &FormFeedback) -> Answer {
    let asked = Asked { typed, token: form_feedback::kept_token(web, typed), feedback, geocoder: geocoder(web) };
    let mut view = view(web, entry, Stage::Form { asked });
    view.page.problem = !feedback.errors.is_empty();
    Ok(feedback.mark(html(feedback.status, &view)?))
}

/// The page of a campaign that takes no letters now.
pub(super) fn not_open(web: &Web, entry: &CampaignEntry, status: StatusCode) -> Answer {
    let settings = &entry.campaign.settings;
    let now = web.clock.now();
    let stage = match settings.opens.filter(|opens| *opens > now) {
        Some(at) => Stage::Opens { at },
        None => Stage::Closed { at: settings.closes.filter(|closes| *closes <= now) },
    };
    html(status, &view(web, entry, stage))
}

fn view<'a>(web: &Web, entry: &'a CampaignEntry, stage: Stage<'a>) -> CampaignPage<'a> {
    let settings = &entry.campaign.settings;
    CampaignPage { page: web.page_frame(&settings.title), settings, page_html: &entry.campaign.page_html, stage }
}

fn geocoder(web: &Web) -> Option<String> {
    web.intake.geocoder_host().map(words::geocoder)
}

/// The answers to step 2 on their way through step 1, in hidden fields. Consent to the letters is not among them: it is given for
/// letters as they are read.
fn kept(form: &SignupForm) -> Vec<(&'static str, &str)> {
    let fields =
        [(Field::OfficeUpper, &form.office_upper), (Field::OfficeLower, &form.office_lower), (Field::Story, &form.story)];
    let typed = fields.into_iter().filter(|(_, value)| !value.is_empty());
    let typed = typed.map(|(field, value)| (field.as_str(), value.as_str()));
    let agreed = Consent::ALL.into_iter().filter(|consent| form.agrees_to(*consent));
    typed.chain(agreed.map(|consent| (consent.as_str(), "yes"))).collect()
}

/// How many have written. The page does without it when the number can't be read.
async fn supporters(web: &Web, campaign: i64) -> Option<String> {
    match web.store.read(move |conn| counts::total(conn, campaign)).await {
        Ok(ladder) => words::supporters(ladder.confirmed),
        Err(error) => {
            tracing::warn!(%error, "a campaign's page is shown without its number of supporters");
            None
        }
    }
}
