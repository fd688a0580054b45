//! What a person agreed to beyond their letters, taken back by a button.

use actix_web::web;
use serde::Deserialize;

use super::{Private, letters};
use crate::domain::Consent;
use crate::web::Web;
use crate::web::form::Form;
use crate::web::response::{Answer, Failure};

/// Which consent is taken back.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct TakenBack {
    withdraw: String,
}

/// `POST /letters/{token}/consents`.
pub(super) async fn withdraw(web: web::Data<Web>, private: Private, Form(form): Form<TakenBack>) -> Answer {
    let consent = Consent::parse(&form.withdraw).ok_or(Failure::BadRequest)?;
    if !web.intake.withdraw_consent(&private.token, consent).await? {
        return Err(Failure::NotFound);
    }
    Ok(letters::back(&private, consent.into()))
}
