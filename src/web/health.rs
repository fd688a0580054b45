//! For whoever watches over the service: does it run, and can it work?

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::ContentType;
use actix_web::{HttpResponse, HttpResponseBuilder, web};
use tokio::time::timeout;

use super::Web;
use crate::domain::Pulse;
use crate::store::settings;

/// The longest that a change may wait in line.
const WRITES_WITHIN: Duration = Duration::from_secs(5);
/// The longest that a loop which must go on may take to go round: it goes round each second, and longer while the database is locked.
const GOES_ROUND_WITHIN: Duration = Duration::from_mins(1);

/// `/healthz` and `/readyz`.
pub(super) fn routes(app: &mut web::ServiceConfig) {
    app.service(web::resource("/healthz").route(web::get().to(alive)).route(web::head().to(alive)))
        .service(web::resource("/readyz").route(web::get().to(ready)).route(web::head().to(ready)));
}

async fn alive() -> HttpResponse {
    answer(StatusCode::OK, "ok\n".into())
}

/// Asks each part that the service can't work without; what is not well is named, a line each.
async fn ready(web: web::Data<Web>) -> HttpResponse {
    let mut unwell = Vec::new();
    if let Err(error) = web.store.read(settings::revision).await {
        tracing::warn!(%error, "not ready: the database can't be read");
        unwell.push("database: it can't be read".to_owned());
    }
    match timeout(WRITES_WITHIN, web.store.can_write()).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => {
            tracing::warn!(%error, "not ready: nothing can be written");
            unwell.push("writer: nothing can be written".to_owned());
        }
        Err(_) => unwell.push(format!("writer: a change waits for more than {} seconds", WRITES_WITHIN.as_secs())),
    }
    for (part, pulse) in [("sender", &web.pulses.sender), ("background work", &web.pulses.background)] {
        if let Some(age) = stands_still(pulse) {
            unwell.push(format!("{part}: it has stood still for {} seconds", age.as_secs()));
        }
    }
    if unwell.is_empty() {
        return answer(StatusCode::OK, "ok\n".into());
    }
    tracing::warn!(unwell = unwell.join("; "), "not ready");
    answer(StatusCode::SERVICE_UNAVAILABLE, unwell.join("\n") + "\n")
}

/// For how long a loop that must go on has not, where that is too long.
pub(super) fn stands_still(pulse: &Pulse) -> Option<Duration> {
    Some(pulse.age()).filter(|age| *age > GOES_ROUND_WITHIN)
}

fn answer(status: StatusCode, text: String) -> HttpResponse {
    HttpResponseBuilder::new(status).content_type(ContentType::plaintext()).body(text)
}
