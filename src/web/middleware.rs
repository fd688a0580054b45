//! Around every request: a number for the logs, the headers that protect, the error page, one log line.

use std::time::Instant;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpResponse, web};
use rand::Rng;

use super::Web;
use super::parts::error_page::{Back, ErrorPage};
use super::response::html;
use crate::domain::Role;

/// No code but our own file, no style but our own sheet, nothing from elsewhere, in nobody's frame.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; \
     form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The same for pages that are kept up to date: their script may ask this server for more.
pub(super) const WITH_EVENTS: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
     form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
);

/// The middleware around all routes.
pub async fn frame<B: MessageBody + 'static>(request: ServiceRequest, next: Next<B>) -> Result<ServiceResponse<BoxBody>, Error> {
    let started = Instant::now();
    let id = format!("{:016x}", rand::rng().random::<u64>());

    // Routing needs the request for itself: a clone of it, kept for afterwards, would make actix panic. Failures of
    // handlers and of what they ask for come back as responses; an error is left to services around them, of which
    // there are none.
    let mut response = next.call(request).await?.map_into_boxed_body();
    let status = response.status();
    if (status.is_client_error() || status.is_server_error()) && !response.headers().contains_key(header::CONTENT_TYPE) {
        response = error_page(response, &id);
    }
    protect(&mut response);

    // The pattern, never the path: paths hold secrets.
    let http = response.request();
    let route = http.match_pattern().unwrap_or_else(|| "(none)".into());
    let millis = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::info!(request = %id, method = %http.method(), route, status = status.as_u16(), millis, "answered");
    Ok(response)
}

fn protect(response: &mut ServiceResponse<BoxBody>) {
    let https = response.request().app_data::<web::Data<Web>>().is_some_and(|web| !web.config.is_development());
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &'static str| {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    };
    set(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::X_FRAME_OPTIONS, "DENY");
    // Links from private pages must not carry their secret address to the site they lead to.
    set(header::REFERRER_POLICY, "no-referrer");
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()");
    set(header::CACHE_CONTROL, "no-store");
    if https {
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
}

fn error_page(response: ServiceResponse<BoxBody>, id: &str) -> ServiceResponse<BoxBody> {
    let status = response.status();
    let Some(web) = response.request().app_data::<web::Data<Web>>().cloned() else { return response };
    let needs = response.response().extensions().get::<Role>().copied();
    let (title, what, next) = needs.map_or_else(|| words(status), role_words);
    let mut page = web.page_frame(title);
    id.clone_into(&mut page.request_id);
    let back = if response.request().path().starts_with("/staff") {
        Back("/staff", "Go to the console")
    } else {
        Back("/", "Go to the start")
    };
    let Ok(mut with_page) = html(status, &ErrorPage { page, status, what, next, back }) else { return response };
    for name in [header::RETRY_AFTER, header::ALLOW] {
        if let Some(value) = response.headers().get(&name) {
            with_page.headers_mut().insert(name, value.clone());
        }
    }
    let (request, _): (_, HttpResponse<BoxBody>) = response.into_parts();
    ServiceResponse::new(request, with_page)
}

/// The login is good, and its role too small.
fn role_words(needs: Role) -> (&'static str, &'static str, &'static str) {
    let what = match needs {
        Role::Admin => "This is for admins, and your login is not an admin's.",
        Role::Editor => "This is for editors and admins, and your login is a viewer's.",
        Role::Viewer => "This is for people with a login.",
    };
    ("Your login can't do this", what, "Nothing was changed. If you need it for your work, ask an admin to change your role.")
}

fn words(status: StatusCode) -> (&'static str, &'static str, &'static str) {
    match status {
        StatusCode::NOT_FOUND => (
            "We can't find that page",
            "The link may be mistyped or cut short, or what it led to is gone.",
            "If you copied it from a mail, copy the whole line.",
        ),
        StatusCode::METHOD_NOT_ALLOWED => (
            "This page can't be opened like that",
            "Perhaps you reloaded a page that a form had led to.",
            "Go back to where you were, or begin at the start.",
        ),
        StatusCode::FORBIDDEN => (
            "You can't do that here",
            "The form was not handed out to this browser, or your login does not allow this.",
            "Open the page again, log in if asked, and try once more.",
        ),
        StatusCode::PAYLOAD_TOO_LARGE => (
            "That was too much text",
            "What you sent is far longer than our form can take.",
            "Go back: your text should still be in the form. Shorten it and send it again.",
        ),
        StatusCode::TOO_MANY_REQUESTS => (
            "Too many tries",
            "Many forms came from your network in a short time.",
            "Please wait a while and try again. Going back keeps what you typed.",
        ),
        StatusCode::SERVICE_UNAVAILABLE => (
            "Very busy just now",
            "More people are here than we can serve at this moment.",
            "Please wait a few seconds and try again. If you sent a form, go back first: what you typed should still be there.",
        ),
        status if status.is_server_error() => (
            "Something went wrong on our side",
            "It is not your fault. If you sent a form, we may not have kept it.",
            "Please try again in a minute. If it stays like this, tell us the number below.",
        ),
        _ => ("We could not read that", "What arrived is not what our form sends.", "Go back, reload the page, and try again."),
    }
}
