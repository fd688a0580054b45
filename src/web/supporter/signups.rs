//! Step 2: the sign-up is kept, and its confirmation is on the way.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};

use super::campaign::{not_open, step_one};
use super::officials::{step_two, step_two_again};
use super::remarks::{self, Remarks};
use super::{campaign_href, campaign_of};
use crate::domain::{SignupForm, TownName};
use crate::intake::{CampaignEntry, IntakeError, SignUpAnswer, find_offices};
use crate::store::StoreError;
use crate::web::Web;
use crate::web::answer::{Answer, see_other};
use crate::web::form::Form;
use crate::web::form_token::FormAge;
use crate::web::views::supporter::CheckEmailPage;

pub(super) async fn sign_up(
    web: web::Data<Web>,
    request: HttpRequest,
    slug: web::Path<String>,
    Form(form): Form<SignupForm>,
) -> Answer {
    let entry = campaign_of(&web, &slug)?;
    if !entry.campaign.settings.is_open(web.clock.now()) {
        return not_open(&web, &entry, StatusCode::UNPROCESSABLE_ENTITY);
    }
    // Correcting a mistake costs as much as a preview; only what can be kept counts as a sign-up.
    let limit = if is_complete(&web, &entry, &form) { &web.signup_limit } else { &web.preview_limit };
    if let Err(remarks) = remarks::check(&web, &request, limit, &form) {
        return step_two_again(&web, &entry, &form, remarks);
    }
    match web.intake.sign_up(&entry, &form).await {
        Ok(SignUpAnswer::Accepted) => Ok(see_other(&format!("{}/check-your-email", campaign_href(&entry)))),
        Ok(SignUpAnswer::Closed) => not_open(&web, &entry, StatusCode::UNPROCESSABLE_ENTITY),
        Ok(SignUpAnswer::Address(errors)) => step_one(&web, &entry, &form, &Remarks::mistakes(errors)),
        Ok(SignUpAnswer::Choices(preview, errors)) => step_two(&web, &entry, &form, &preview, &Remarks::mistakes(errors)),
        Err(IntakeError::Store(StoreError::Busy)) => step_two_again(&web, &entry, &form, Remarks::busy()),
        Err(error) => Err(error.into()),
    }
}

/// Whether the form will be kept, as far as can be told without rendering letters.
fn is_complete(web: &Web, entry: &CampaignEntry, form: &SignupForm) -> bool {
    let all_chosen = |city: TownName| find_offices(entry, &city, form).is_ok_and(|found| found.missing_choices().is_empty());
    form.website.is_empty()
        && form.has_consent()
        && remarks::age(web, form) == FormAge::Good
        && form.parse(entry.campaign.settings.state).is_ok_and(|applicant| all_chosen(applicant.address.city))
}

pub(super) async fn check_your_email(web: web::Data<Web>, slug: web::Path<String>) -> Answer {
    let entry = campaign_of(&web, &slug)?;
    let settings = &entry.campaign.settings;
    let view = CheckEmailPage {
        page: web.page_frame("Check your mail"),
        slug: settings.slug.to_string(),
        title: settings.title.clone(),
        dev_outbox: web.shows_outbox(),
    };
    web.page(StatusCode::OK, "check_email", &view)
}
