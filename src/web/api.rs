//! The public numbers of a campaign, for other pages to show.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpResponse, ResponseError, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::Web;
use super::response::Failure;
use crate::domain::{Dimension, Ladder, MessageState};
use crate::store::counts;

const METHODS: &str = "GET, HEAD, OPTIONS";

/// `GET /api/campaigns/{slug}/counts`, open to every page of the web.
pub(super) fn routes(app: &mut web::ServiceConfig) {
    app.service(
        web::resource("/api/campaigns/{slug}/counts")
            .route(web::get().to(numbers))
            .route(web::head().to(numbers))
            .route(web::method(actix_web::http::Method::OPTIONS).to(options))
            .default_service(web::to(wrong_method)),
    );
}

/// How far the campaign has come. Supporters are those who confirmed; letters sent are those that the offices' mail
/// servers accepted, and no others.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PublicCounts {
    /// The campaign's name in addresses.
    campaign: String,
    /// People who confirmed.
    supporters: i64,
    /// Letters that the offices' mail servers accepted.
    letters_sent: i64,
    /// The same by day, the oldest first.
    by_day: Vec<DayCounts>,
}

/// One day's numbers.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DayCounts {
    /// The day in the campaign's time zone.
    #[schema(format = Date)]
    day: String,
    /// People who confirmed.
    supporters: i64,
    /// Letters accepted.
    letters_sent: i64,
}

/// A campaign's public numbers
#[utoipa::path(
    get,
    path = "/api/campaigns/{slug}/counts",
    tag = "public",
    params(("slug" = String, Path, description = "The campaign's name in addresses.")),
    responses(
        (status = 200, description = "How far the campaign has come.", body = PublicCounts),
        (status = 404, description = "No such campaign: `error` says so.", body = Object),
    )
)]
pub(super) async fn numbers(web: web::Data<Web>, slug: web::Path<String>) -> HttpResponse {
    let Some(entry) = web.intake.catalog().by_slug(&slug) else {
        return error(StatusCode::NOT_FOUND, "There is no campaign of this name.");
    };
    let id = entry.id;
    let read = web.store.read(move |conn| Ok((counts::total(conn, id)?, counts::by(conn, id, Dimension::Day)?))).await;
    let (total, days) = match read {
        Ok(read) => read,
        Err(cause) => return failed(&cause.into()),
    };
    let sent = |ladder: &Ladder| ladder.letters.get(MessageState::Sent);
    let by_day = days
        .into_iter()
        .map(|(day, ladder)| DayCounts { day, supporters: ladder.confirmed, letters_sent: sent(&ladder) })
        // Days on which people only signed up would say nothing here.
        .filter(|day| day.supporters != 0 || day.letters_sent != 0)
        .collect();
    let public = PublicCounts {
        campaign: entry.campaign.settings.slug.as_str().to_owned(),
        supporters: total.confirmed,
        letters_sent: sent(&total),
        by_day,
    };
    let mut response = HttpResponse::Ok().json(public);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=30"));
    open(response)
}

/// The question that browsers ask before a request that is not a plain one (Fetch standard, "CORS-preflight request").
async fn options() -> HttpResponse {
    let mut response = HttpResponse::NoContent();
    response
        .insert_header((header::ALLOW, METHODS))
        .insert_header((header::ACCESS_CONTROL_ALLOW_METHODS, METHODS))
        .insert_header((header::ACCESS_CONTROL_MAX_AGE, "86400"));
    open(response.finish())
}

async fn wrong_method() -> HttpResponse {
    let mut response = error(StatusCode::METHOD_NOT_ALLOWED, "These numbers can only be read: use GET.");
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(METHODS));
    response
}

/// The answer to a failure, as JSON; its cause goes to the log.
fn failed(failure: &Failure) -> HttpResponse {
    let page = failure.error_response();
    let mut response = error(page.status(), "The numbers can't be read just now. Please try again in a minute.");
    if let Some(wait) = page.headers().get(header::RETRY_AFTER) {
        response.headers_mut().insert(header::RETRY_AFTER, wait.clone());
    }
    response
}

fn error(status: StatusCode, words: &str) -> HttpResponse {
    open(HttpResponse::build(status).json(serde_json::json!({ "error": words })))
}

fn open(mut response: HttpResponse) -> HttpResponse {
    response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}
