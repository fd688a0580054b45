//! For whoever watches over the service: does it run, and can it work?

use actix_web::http::header::ContentType;
use actix_web::{HttpResponse, web};

use super::Web;
use crate::store::settings;

/// `/healthz` and `/readyz`.
pub(super) fn routes(app: &mut web::ServiceConfig) {
    app.service(web::resource("/healthz").route(web::get().to(alive)).route(web::head().to(alive)))
        .service(web::resource("/readyz").route(web::get().to(ready)).route(web::head().to(ready)));
}

async fn alive() -> HttpResponse {
    HttpResponse::Ok().content_type(ContentType::plaintext()).body("ok\n")
}

async fn ready(web: web::Data<Web>) -> HttpResponse {
    match web.store.read(settings::revision).await {
        Ok(_) => HttpResponse::Ok().content_type(ContentType::plaintext()).body("ok\n"),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            HttpResponse::ServiceUnavailable().content_type(ContentType::plaintext()).body("the database can't be read\n")
        }
    }
}
