//! `POST /bounces`: a mail system hands a mail over that came back. The body is the mail as it came (RFC 5322).

use actix_web::http::header::AUTHORIZATION;
use actix_web::{HttpRequest, HttpResponse, web};
use futures_util::StreamExt;

use super::response::{Answer, Failure};
use super::{Web, bearer};
use crate::inbound::INCOMING_MAX_OCTETS;
use crate::store::inbound::Recorded;

pub(super) fn routes(app: &mut web::ServiceConfig) {
    app.service(web::resource("/bounces").route(web::post().to(take)));
}

/// 202 once it is on record, and for what is no report too; 401 without the secret; 503 when it has to be handed over again. Without
/// `BOUNCE_SECRET` there is no such page.
async fn take(web: web::Data<Web>, request: HttpRequest, mut body: web::Payload) -> Answer {
    let secret = web.config.bounce_secret.as_ref().ok_or(Failure::NotFound)?;
    if !bearer::shown(secret, request.headers().get(AUTHORIZATION)) {
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
    match web.inbound.take(raw).await?.recorded {
        Recorded::TooEarly => Err(Failure::Busy),
        Recorded::Now | Recorded::Before => Ok(HttpResponse::Accepted().finish()),
    }
}
