//! What is said about a form that comes back, and the checks that come before it is read.

use std::borrow::Cow;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::RETRY_AFTER;
use actix_web::{HttpRequest, HttpResponse};

use super::words;
use crate::domain::{Doubt, FieldError, SignupForm};
use crate::intake::{CampaignEntry, Location};
use crate::rate_limit::{ClientLimiter, RetryAfter};
use crate::web::form_token::{self, FormAge};
use crate::web::parts::FormErrors;
use crate::web::response::retry_after;
use crate::web::{Web, client};

/// Why a form is shown, and what is said about it.
pub(super) struct FormFeedback {
    pub(super) status: StatusCode,
    /// Said above the form.
    pub(super) notice: Option<Cow<'static, str>>,
    /// Said beside the fields.
    pub(super) errors: FormErrors,
    /// How long to wait before sending it again.
    pub(super) wait: Option<Duration>,
}

impl FormFeedback {
    /// There is nothing to say.
    pub(super) fn none() -> Self {
        Self { status: StatusCode::OK, notice: None, errors: FormErrors::default(), wait: None }
    }

    /// Fields hold mistakes.
    pub(super) fn mistakes(errors: &[FieldError]) -> Self {
        let mut feedback = Self { status: StatusCode::UNPROCESSABLE_ENTITY, ..Self::none() };
        feedback.note(errors);
        feedback
    }

    /// Fields hold these mistakes too.
    pub(super) fn note(&mut self, errors: &[FieldError]) {
        for error in errors {
            self.errors.add(error.field.as_str(), error.message.clone());
        }
    }

    /// Too much waits to be written.
    pub(super) fn busy() -> Self {
        Self {
            status: StatusCode::SERVICE_UNAVAILABLE,
            notice: Some(words::BUSY.into()),
            wait: Some(Duration::from_secs(5)),
            ..Self::none()
        }
    }

    /// The store failed, and nothing was kept.
    pub(super) fn not_kept() -> Self {
        Self { notice: Some(words::NOT_KEPT.into()), wait: Some(Duration::from_mins(1)), ..Self::busy() }
    }

    fn refused(notice: &'static str) -> Self {
        Self { status: StatusCode::UNPROCESSABLE_ENTITY, notice: Some(notice.into()), ..Self::none() }
    }

    fn too_many(wait: Duration) -> Self {
        Self {
            status: StatusCode::TOO_MANY_REQUESTS,
            notice: Some(words::too_many(wait).into()),
            wait: Some(wait),
            ..Self::none()
        }
    }

    /// Says in the answer's header too how long to wait.
    pub(super) fn mark(&self, mut response: HttpResponse) -> HttpResponse {
        if let Some(wait) = self.wait {
            response.headers_mut().insert(RETRY_AFTER, retry_after(wait));
        }
        response
    }
}

/// How old the form is.
pub(super) fn age(web: &Web, form: &SignupForm) -> FormAge {
    form_token::check(&web.config.secret_key, &form.form_token, web.config.form_min, web.clock.now())
}

/// A new token, for a form that is handed out.
pub(super) fn new_token(web: &Web) -> String {
    form_token::issue(&web.config.secret_key, web.clock.now())
}

/// The token of a form that comes back: the one it had, so that correcting it quickly is not too quick.
pub(super) fn kept_token(web: &Web, form: &SignupForm) -> String {
    if age(web, form) == FormAge::Stale { new_token(web) } else { form.form_token.clone() }
}

/// Looks the form's address up, for a form that a person may have sent: what a machine sends costs no look-up, here or at
/// a geocoder, and neither does a client beyond its limit.
pub(super) async fn locate(web: &Web, request: &HttpRequest, entry: &CampaignEntry, form: &SignupForm) -> Location {
    let client = client::address(request, &web.config.trusted_proxies);
    if !form.website.is_empty() || age(web, form) == FormAge::Stale || web.lookup_limit.check(client).is_err() {
        return Location::unknown(Doubt::TownOnly);
    }
    web.intake.locate(entry, form).await
}

/// Checks who sends the form and how, before anyone reads it.
pub(super) fn check(web: &Web, request: &HttpRequest, limit: &ClientLimiter, form: &SignupForm) -> Result<(), FormFeedback> {
    let client = client::address(request, &web.config.trusted_proxies);
    limit.check(client).map_err(|RetryAfter(wait)| FormFeedback::too_many(wait))?;
    if !form.website.is_empty() {
        return Err(FormFeedback::refused(words::TRAPPED));
    }
    match age(web, form) {
        FormAge::Good => Ok(()),
        FormAge::TooFast => Err(FormFeedback::refused(words::TOO_FAST)),
        FormAge::Stale => Err(FormFeedback::refused(words::STALE)),
    }
}
