//! `POST /bounces`: a mail system hands a mail over that came back. The body is the mail as it came (RFC 5322).

use actix_web::http::header::AUTHORIZATION;
use actix_web::{HttpRequest, HttpResponse, web};
use futures_util::StreamExt;
use hmac::{Hmac, Mac};
use sha2::Sha256;

use super::Web;
use super::answer::{Answer, Failure};
use crate::returns::INCOMING_MAX_OCTETS;
use crate::store::returns::Recorded;

pub(super) fn routes(app: &mut web::ServiceConfig) {
    app.service(web::resource("/bounces").route(web::post().to(take)));
}

/// 202 once it is on record, and for what is no report too; 401 without the secret; 503 when it has to be handed over again. Without
/// `BOUNCE_SECRET` there is no such page.
async fn take(web: web::Data<Web>, request: HttpRequest, mut body: web::Payload) -> Answer {
    let secret = web.config.bounce_secret.as_ref().ok_or(Failure::NotFound)?;
    let shown = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let shown =
        shown.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("Bearer")).map_or("", |(_, secret)| secret);
    if !same(secret.expose(), shown.trim()) {
        return Ok(HttpResponse::Unauthorized().insert_header(("WWW-Authenticate", "Bearer")).finish());
    }
    let mut raw = Vec::new();
    while let Some(part) = body.next().await {
        let part = part.map_err(|_| Failure::BadRequest)?;
        if raw.len() + part.len() > INCOMING_MAX_OCTETS {
            return Err(Failure::TooLarge);
        }
        raw.extend_from_slice(&part);
    }
    match web.returns.take(raw).await?.recorded {
        Recorded::TooEarly => Err(Failure::Busy),
        Recorded::Now | Recorded::Before => Ok(HttpResponse::Accepted().finish()),
    }
}

/// Compares in a time that tells nothing of the secret.
fn same(secret: &str, shown: &str) -> bool {
    let mac = |text: &str| {
        Hmac::<Sha256>::new_from_slice(secret.as_bytes()).ok().map(|mut mac| {
            mac.update(text.as_bytes());
            mac
        })
    };
    match (mac(secret), mac(shown)) {
        (Some(wanted), Some(shown)) => shown.verify(&wanted.finalize().into_bytes()).is_ok(),
        _ => false,
    }
}
