//! Around every request: a number for the logs, the headers that protect, the error page, one log line.

use std::cell::RefCell;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpResponse, ResponseError, web};
use futures_util::FutureExt;
use rand::Rng;

use super::bodies::Watched;
use super::connections::Connection;
use super::parts::error_page::{Back, ErrorPage};
use super::response::html;
use super::{Web, client};
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
pub async fn frame<B: MessageBody + 'static>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let started = Instant::now();
    let id = format!("{:016x}", rand::rng().random::<u64>());

    let web = request.app_data::<web::Data<Web>>().cloned().map(web::Data::into_inner);
    if let Some(web) = &web {
        web.unknown_proxy.look(&request, &web.config.trusted_proxies, web.clock.now());
    }
    let staff = request.path().starts_with("/staff");
    let connection = request.conn_data::<Arc<Connection>>().cloned();
    if let Some(connection) = &connection
        && !connection.waits_for_us()
    {
        // Nobody would read the answer, so nothing is done.
        return Ok(request.into_response(HttpResponse::ServiceUnavailable().finish()));
    }
    let watched = watch(&mut request, connection.clone());

    // Routing needs the request for itself: a clone of it, kept for afterwards, would make actix panic. Failures of
    // handlers and of what they ask for come back as responses; an error is left to services around them, of which
    // there are none.
    let Ok(answer) = AssertUnwindSafe(async move { next.call(request).await }).catch_unwind().await else {
        return Err(fault(web.as_deref(), staff, &id));
    };
    let mut response = answer?.map_into_boxed_body();
    if let Some(cut) = watched.as_ref().and_then(Watched::cut)
        && response.status().is_client_error()
    {
        response = response.into_response(cut.error_response());
    }
    let status = response.status();
    let closed = connection.as_ref().is_some_and(|connection| connection.is_closed());
    if !closed && (status.is_client_error() || status.is_server_error()) && !response.headers().contains_key(header::CONTENT_TYPE)
    {
        response = error_page(response, web.as_deref(), staff, &id);
    }
    protect(response.headers_mut(), web.as_deref());

    // The pattern, never the path: paths hold secrets.
    let http = response.request();
    let route = http.match_pattern().unwrap_or_else(|| "(none)".into());
    let millis = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::info!(request = %id, method = %http.method(), route, status = status.as_u16(), millis, "answered");
    let unread = watched.as_ref().map(Watched::unread);
    Ok(response.map_body(|_, body| BoxBody::new(Framed { body, _unread: unread, connection })))
}

/// Has the request's body watched, if it has one.
fn watch(request: &mut ServiceRequest, connection: Option<Arc<Connection>>) -> Option<Watched> {
    let web = request.app_data::<web::Data<Web>>().cloned()?;
    let client = client::address(request.request(), &web.config.trusted_proxies);
    web.bodies.watch(request, client, connection)
}

/// An answer's body: what is dropped when it has been sent.
struct Framed {
    body: BoxBody,
    _unread: Option<Rc<RefCell<Payload>>>,
    connection: Option<Arc<Connection>>,
}

impl MessageBody for Framed {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<web::Bytes, Self::Error>>> {
        Pin::new(&mut self.get_mut().body).poll_next(context)
    }
}

impl Drop for Framed {
    fn drop(&mut self) {
        if let Some(connection) = &self.connection {
            connection.waits_for_request();
        }
    }
}

/// The answer to a request whose handler panicked: only this request fails.
fn fault(web: Option<&Web>, staff: bool, id: &str) -> Error {
    tracing::error!(request = %id, status = 500, "a fault in this program ended a request; a line before this one says where");
    let status = StatusCode::INTERNAL_SERVER_ERROR;
    let mut response =
        web.and_then(|web| page(web, status, words(status), staff, id)).unwrap_or_else(|| HttpResponse::new(status));
    protect(response.headers_mut(), web);
    InternalError::from_response("a handler panicked", response).into()
}

fn protect(headers: &mut HeaderMap, web: Option<&Web>) {
    let https = web.is_some_and(|web| !web.config.is_development());
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

fn error_page(response: ServiceResponse<BoxBody>, web: Option<&Web>, staff: bool, id: &str) -> ServiceResponse<BoxBody> {
    let status = response.status();
    let needs = response.response().extensions().get::<Role>().copied();
    let words = needs.map_or_else(|| words(status), role_words);
    let Some(mut with_page) = web.and_then(|web| page(web, status, words, staff, id)) else { return response };
    for name in [header::RETRY_AFTER, header::ALLOW] {
        if let Some(value) = response.headers().get(&name) {
            with_page.headers_mut().insert(name, value.clone());
        }
    }
    let (request, _): (_, HttpResponse<BoxBody>) = response.into_parts();
    ServiceResponse::new(request, with_page)
}

/// The error page with these words: title, what happened, what to do next.
fn page(web: &Web, status: StatusCode, words: Words, staff: bool, id: &str) -> Option<HttpResponse> {
    let (title, what, next) = words;
    let mut page = web.page_frame(title);
    id.clone_into(&mut page.request_id);
    let back = if staff { Back("/staff", "Go to the console") } else { Back("/", "Go to the start") };
    html(status, &ErrorPage { page, status, what, next, back }).ok()
}

type Words = (&'static str, &'static str, &'static str);

/// The login is good, and its role too small.
fn role_words(needs: Role) -> Words {
    let what = match needs {
        Role::Admin => "This is for admins, and your login is not an admin's.",
        Role::Editor => "This is for editors and admins, and your login is a viewer's.",
        Role::Viewer => "This is for people with a login.",
    };
    ("Your login can't do this", what, "Nothing was changed. If you need it for your work, ask an admin to change your role.")
}

fn words(status: StatusCode) -> Words {
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
        StatusCode::REQUEST_TIMEOUT => (
            "That took too long",
            "What you sent came too slowly, and we stopped waiting for the rest. Nothing of it was kept.",
            "Go back: what you typed should still be in the form. Send it again where the connection is better.",
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
