//! What a person agreed to beyond their letters: shown to them, and taken back by a button.

use actix_web::web;
use serde::Deserialize;

use super::{Private, letters};
use crate::domain::{Consent, Consents, SignupForm};
use crate::web::Web;
use crate::web::form::Form;
use crate::web::response::{Answer, Failure};
use crate::web::views::private::Agreed;
use crate::web::views::supporter::OptionalBox;

/// Which consent is taken back.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct TakenBack {
    withdraw: String,
}

/// `POST /letters/{token}/consents`.
pub(super) async fn withdraw(web: web::Data<Web>, token: web::Path<String>, Form(form): Form<TakenBack>) -> Answer {
    let private = Private::find(&web, &token).await?;
    let consent = Consent::parse(&form.withdraw).ok_or(Failure::BadRequest)?;
    if !web.intake.withdraw_consent(&private.token, consent).await? {
        return Err(Failure::NotFound);
    }
    Ok(letters::back(&private, consent.as_str()))
}

/// The boxes of step 2, as they were ticked.
pub(super) fn boxes(form: &SignupForm) -> Vec<OptionalBox> {
    let text = |consent| match consent {
        Consent::Contact => "The campaign may write to me about this.",
        Consent::Quote => "The campaign may quote my own words, with my first name and town.",
    };
    let one = |consent: Consent| OptionalBox {
        name: consent.as_str().to_owned(),
        text: text(consent).to_owned(),
        given: form.agrees_to(consent),
    };
    [Consent::Contact, Consent::Quote].map(one).into()
}

/// What there is to take back.
pub(super) fn agreed(consents: Consents) -> Vec<Agreed> {
    let line = |name: Consent, text: &str, take_back: &str| Agreed {
        name: name.as_str().to_owned(),
        text: text.to_owned(),
        take_back: take_back.to_owned(),
    };
    let contact = line(Consent::Contact, "The campaign may write to you about this.", "Don't write to me");
    let quote =
        line(Consent::Quote, "The campaign may quote your own words, with your first name and town.", "Don't quote my words");
    [(consents.contact, contact), (consents.quote, quote)].into_iter().filter(|(given, _)| *given).map(|(_, line)| line).collect()
}

/// Said after one was taken back, where that is so.
pub(super) fn notice(done: &str, consents: Consents) -> Option<&'static str> {
    match Consent::parse(done)? {
        Consent::Contact if !consents.contact => Some("The campaign won't write to you about this."),
        Consent::Quote if !consents.quote => {
            Some("The campaign won't quote your words from now on. What it has printed already can't be called back.")
        }
        _ => None,
    }
}
