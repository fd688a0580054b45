//! What the API answers when it can't answer: a problem document (RFC 9457).

use std::fmt;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;
use utoipa::ToSchema;

use crate::store::StoreError;
use crate::web::response::retry_after;

/// The media type of problem documents.
const MEDIA_TYPE: &str = "application/problem+json";

/// Why there is no answer (RFC 9457).
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProblemDocument {
    /// Always `about:blank`: the status says what kind of problem it is.
    r#type: &'static str,
    /// The status in words.
    title: String,
    /// The HTTP status code.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// What happened and what to do, for a person.
    detail: String,
}

/// A problem on its way to being answered.
#[derive(Debug)]
pub(super) enum Problem {
    /// No token, or one that opens nothing.
    Unauthorized,
    /// The token may not read this.
    Forbidden,
    /// There is nothing here.
    NotFound(&'static str),
    /// This can only be read.
    MethodNotAllowed,
    /// A part of the address that can't be used.
    Unprocessable(&'static str),
    /// Too often.
    TooMany(Duration),
    /// Too much at once for this server.
    Busy,
    /// Our fault.
    Internal,
}

impl Problem {
    const fn detail(&self) -> &'static str {
        match self {
            Self::Unauthorized => {
                "Show a token: Authorization: Bearer <token>. Admins make tokens in the console, under API tokens; they can expire or be revoked."
            }
            Self::Forbidden => "This token reads numbers only. Ask an admin for one that reads letters.",
            Self::NotFound(what) | Self::Unprocessable(what) => what,
            Self::MethodNotAllowed => "The API is only read: use GET.",
            Self::TooMany(_) => "Too many requests from this address. Wait as long as Retry-After says.",
            Self::Busy => "The server is very busy. Try again in a few seconds.",
            Self::Internal => "Something went wrong on our side. Try again in a minute.",
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.detail())
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Unprocessable(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse {
        let status = self.status_code();
        let document = ProblemDocument {
            r#type: "about:blank",
            title: status.canonical_reason().unwrap_or("Error").to_owned(),
            status: status.as_u16(),
            detail: self.detail().to_owned(),
        };
        let mut response = HttpResponse::build(status).json(document);
        let mut set = |name: HeaderName, value: HeaderValue| drop(response.headers_mut().insert(name, value));
        set(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        match self {
            Self::Unauthorized => set(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")),
            Self::MethodNotAllowed => set(header::ALLOW, HeaderValue::from_static("GET, HEAD")),
            Self::TooMany(wait) => set(header::RETRY_AFTER, retry_after(*wait)),
            Self::Busy => set(header::RETRY_AFTER, retry_after(Duration::from_secs(5))),
            _ => {}
        }
        response
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy => Self::Busy,
            cause => {
                tracing::error!(%cause, "a request of the API failed");
                Self::Internal
            }
        }
    }
}
