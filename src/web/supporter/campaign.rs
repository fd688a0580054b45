//! The campaign's page and step 1 of the form.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};

use super::campaign_of;
use super::form_feedback::{self, FormFeedback};
use super::words;
use crate::domain::{Consent, Field, SignupForm};
use crate::intake::CampaignEntry;
use crate::store::counts;
use crate::web::Web;
use crate::web::form::Form;
use crate::web::response::Answer;
use crate::web::views::supporter::{AddressForm, CampaignPage, KeptField};

pub(super) async fn show(web: web::Data<Web>, slug: web::Path<String>, request: HttpRequest) -> Answer {
    let entry = campaign_of(&web, &slug)?;
    web.visits.note(&request, entry.id);
    page(&web, &entry).await
}

/// Back from step 2: the details can be changed, and what was typed there waits in hidden fields.
pub(super) async fn edit(web: web::Data<Web>, slug: web::Path<String>, Form(form): Form<SignupForm>) -> Answer {
    let entry = campaign_of(&web, &slug)?;
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
    let mut view = view(web, entry);
    view.page.noindex = false;
    view.open = true;
    view.supporters = supporters(web, entry.id).await;
    view.form.form_token = form_feedback::new_token(web);
    web.old_page(StatusCode::OK, "campaign", &view)
}

/// Step 1 with everything typed, and what there is to say about it.
pub(super) fn step_one(web: &Web, entry: &CampaignEntry, form: &SignupForm, form_feedback: &FormFeedback) -> Answer {
    let mut view = view(web, entry);
    view.page.problem = !form_feedback.errors.is_empty();
    view.open = true;
    view.form_first = true;
    view.notice.clone_from(&form_feedback.notice);
    view.errors = form_feedback.summary();
    view.form = AddressForm {
        form_token: form_feedback::kept_token(web, form),
        name: form_feedback.field(Field::Name, &form.name),
        email: form_feedback.field(Field::Email, &form.email),
        street: form_feedback.field(Field::Street, &form.street),
        city: form_feedback.field(Field::City, &form.city),
        zip: form_feedback.field(Field::Zip, &form.zip),
        kept: kept(form),
    };
    Ok(form_feedback.mark(web.old_page(form_feedback.status, "campaign", &view)?))
}

/// The page of a campaign that takes no letters now.
pub(super) fn not_open(web: &Web, entry: &CampaignEntry, status: StatusCode) -> Answer {
    let settings = &entry.campaign.settings;
    let now = web.clock.now();
    let moment = |at| words::moment(&settings.time_zone, at);
    let mut view = view(web, entry);
    view.opens_on = settings.opens.filter(|opens| *opens > now).map(moment);
    view.closed_on = settings.closes.filter(|closes| *closes <= now).map(moment);
    web.old_page(status, "campaign", &view)
}

fn view(web: &Web, entry: &CampaignEntry) -> CampaignPage {
    let settings = &entry.campaign.settings;
    CampaignPage {
        page: web.page_frame(&settings.title),
        slug: settings.slug.to_string(),
        title: settings.title.clone(),
        page_html: entry.campaign.page_html.clone(),
        asks_geocoder: web.intake.geocoder_host().map(words::geocoder),
        ..CampaignPage::default()
    }
}

/// The answers to step 2 on their way through step 1. Consent to the letters is not among them: it is given for letters as
/// they are read.
fn kept(form: &SignupForm) -> Vec<KeptField> {
    let fields =
        [(Field::OfficeUpper, &form.office_upper), (Field::OfficeLower, &form.office_lower), (Field::Story, &form.story)];
    let typed = fields.into_iter().filter(|(_, value)| !value.is_empty());
    let typed = typed.map(|(field, value)| (field.as_str(), value.as_str()));
    let agreed = [Consent::Contact, Consent::Quote].into_iter().filter(|consent| form.agrees_to(*consent));
    let kept = typed.chain(agreed.map(|consent| (consent.as_str(), "yes")));
    kept.map(|(name, value)| KeptField { name: name.to_owned(), value: value.to_owned() }).collect()
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
