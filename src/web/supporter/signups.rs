//! Step 2: the sign-up is kept, and its confirmation is on the way.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};

use super::campaign::{not_open, step_one};
use super::campaign_href;
use super::form_feedback::{self, FormFeedback};
use super::officials::{step_two, step_two_again};
use crate::domain::SignupForm;
use crate::intake::{Intake, IntakeError, Refusal};
use crate::store::StoreError;
use crate::web::Web;
use crate::web::form::Form;
use crate::web::form_token::FormAge;
use crate::web::in_campaign::InCampaign;
use crate::web::response::{Answer, see_other};

pub(super) async fn sign_up(
    web: web::Data<Web>,
    request: HttpRequest,
    InCampaign(entry): InCampaign,
    Form(form): Form<SignupForm>,
) -> Answer {
    if !entry.campaign.settings.is_open(web.clock.now()) {
        return not_open(&web, &entry, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let location = form_feedback::locate(&web, &request, &entry, &form).await;
    let read = Intake::read(&entry, &form, &location)?;
    // Correcting a mistake costs as much as a preview; only what can be kept counts as a sign-up.
    let can_be_kept = read.is_ok() && form.website.is_empty() && form_feedback::age(&web, &form) == FormAge::Good;
    let limit = if can_be_kept { &web.signup_limit } else { &web.preview_limit };
    if let Err(form_feedback) = form_feedback::check(&web, &request, limit, &form) {
        return step_two_again(&web, &entry, &form, &location, form_feedback);
    }
    match read {
        Ok(complete) => match web.intake.accept(&entry, complete).await {
            Ok(()) => Ok(see_other(&format!("{}/check-your-email", campaign_href(&entry)))),
            Err(IntakeError::Store(StoreError::Busy)) => step_two_again(&web, &entry, &form, &location, FormFeedback::busy()),
            Err(IntakeError::Store(error)) => {
                tracing::error!(%error, "a sign-up was not kept");
                step_two_again(&web, &entry, &form, &location, FormFeedback::not_kept())
            }
            Err(error) => Err(error.into()),
        },
        Err(Refusal::Address(errors)) => step_one(&web, &entry, &form, &FormFeedback::mistakes(&errors)),
        Err(Refusal::Choices(preview, errors)) => step_two(&web, &entry, &form, &preview, &FormFeedback::mistakes(&errors)),
    }
}
