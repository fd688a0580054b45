//! Answers: a page, or a failure that `frame` turns into the error page.

use std::fmt;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpResponse, ResponseError};
use askama::Template;

use super::Web;
use super::parts::Page;
use crate::domain::Role;
use crate::intake::IntakeError;
use crate::render::TemplateError;
use crate::store::StoreError;

/// What a handler gives.
pub type Answer = Result<HttpResponse, Failure>;

/// A request that can't be answered with its page.
#[derive(Debug)]
pub enum Failure {
    /// No such page, or no such secret.
    NotFound,
    /// The body is no form.
    BadRequest,
    /// The form is not from this browser, or the log-in does not allow it.
    Forbidden,
    /// The login's role is smaller than this one.
    Needs(Role),
    /// The body is too long.
    TooLarge,
    /// The body came too slowly.
    TooSlow,
    /// Too many requests from this client.
    TooMany(Duration),
    /// Too much at once for this server.
    Busy,
    /// Our fault; the cause goes to the log, not to the page.
    Internal(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.status_code().canonical_reason().unwrap_or("error"))
    }
}

impl ResponseError for Failure {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::BadRequest => StatusCode::BAD_REQUEST,
            Self::Forbidden | Self::Needs(_) => StatusCode::FORBIDDEN,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::new(self.status_code());
        let wait = match self {
            Self::TooMany(wait) => Some(*wait),
            Self::Busy => Some(Duration::from_secs(5)),
            _ => None,
        };
        if let Some(wait) = wait {
            response.headers_mut().insert(header::RETRY_AFTER, retry_after(wait));
        }
        if let Self::Needs(role) = self {
            response.extensions_mut().insert(*role);
        }
        if let Self::Internal(cause) = self {
            tracing::error!(%cause, "a request failed");
        }
        response
    }
}

/// `Retry-After` in whole seconds, at least one (RFC 9110 section 10.2.3).
pub(super) fn retry_after(wait: Duration) -> HeaderValue {
    HeaderValue::from(wait.as_millis().div_ceil(1000).max(1).try_into().unwrap_or(u64::MAX))
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy => Self::Busy,
            other => Self::Internal(other.to_string()),
        }
    }
}

impl From<IntakeError> for Failure {
    fn from(error: IntakeError) -> Self {
        match error {
            IntakeError::Store(error) => error.into(),
            other => Self::Internal(other.to_string()),
        }
    }
}

impl From<TemplateError> for Failure {
    fn from(error: TemplateError) -> Self {
        Self::Internal(error.to_string())
    }
}

impl From<askama::Error> for Failure {
    fn from(error: askama::Error) -> Self {
        Self::Internal(format!("a page can't be written: {error}"))
    }
}

/// The page, with that status.
pub(super) fn html(status: StatusCode, page: &impl Template) -> Answer {
    Ok(HttpResponse::build(status).content_type("text/html; charset=utf-8").body(page.render()?))
}

impl Web {
    /// The frame of a page that is not for search engines.
    #[must_use]
    pub fn page_frame(&self, title: &str) -> Page {
        Page {
            lang: "en",
            dir: "ltr",
            title: title.to_owned(),
            assets: super::assets::version(),
            noindex: true,
            width: "column",
            outbox_href: self.config.shows_outbox().then_some("/dev/outbox"),
            ..Page::default()
        }
    }
}

/// Sends the browser on with a GET (RFC 9110 section 15.4.4): going back or reloading sends nothing twice.
pub(super) fn see_other(path: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, path)).finish()
}
