//! `GET /metrics`: what the service counts of itself, for Prometheus. With `METRICS_TOKEN` for whoever shows it; without it for this
//! machine only. Never for a request that was forwarded: whoever reads them asks this service itself. There is no person in it, but how much a campaign sends is nobody else's business.

use std::time::Duration;

use actix_web::http::header::AUTHORIZATION;
use actix_web::{HttpRequest, HttpResponse, web};

use super::response::{Answer, Failure};
use super::{Web, bearer, client};
use crate::domain::{MessageState, Metric, Timestamp};
use crate::metrics::{MEDIA_TYPE, Snapshot};
use crate::store::depth::{self, Waiting};
use crate::store::{Reader, StoreError, inbound, pauses};

pub(super) fn routes(app: &mut web::ServiceConfig) {
    app.service(web::resource("/metrics").route(web::get().to(text)).route(web::head().to(text)));
}

async fn text(web: web::Data<Web>, request: HttpRequest) -> Answer {
    if client::is_forwarded(request.headers()) {
        return Err(Failure::NotFound);
    }
    match &web.config.metrics_token {
        Some(token) if !bearer::shown(token, request.headers().get(AUTHORIZATION)) => {
            return Ok(HttpResponse::Unauthorized().insert_header(("WWW-Authenticate", "Bearer")).finish());
        }
        None if !client::address(&request, &web.config.trusted_proxies).is_loopback() => return Err(Failure::NotFound),
        _ => {}
    }
    let now = web.clock.now();
    let snapshot = web.store.read(move |conn| snapshot(conn, now)).await?;
    Ok(HttpResponse::Ok().content_type(MEDIA_TYPE).body(web.metrics.text(&snapshot)))
}

fn snapshot(conn: &mut Reader, now: Timestamp) -> Result<Snapshot, StoreError> {
    let (supporters, offices) = depth::by_class(conn)?;
    let queue =
        |class, waiting: Waiting| (class, waiting.messages, waiting.first_due.map_or(Duration::ZERO, |due| now.since(due)));
    let totals = depth::totals(conn)?;
    let total = |wanted| totals.iter().find(|(metric, _)| *metric == wanted).map_or(0, |(_, n)| *n);
    Ok(Snapshot {
        queues: vec![queue("supporters", supporters), queue("offices", offices)],
        letters: MessageState::ALL.map(|state| (state, total(Metric::Letters(state)))).into(),
        supporters: (total(Metric::SignedUp), total(Metric::Confirmed)),
        returns: inbound::counts(conn)?,
        pauses: pauses::all(conn)?.into_iter().filter(|pause| pause.holds(now)).map(|pause| (pause.scope, pause.kind)).collect(),
    })
}
