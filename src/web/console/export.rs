//! The ladder as files: `counts.csv` and `counts.json`, with `?by=office`, `town` or `day`, or in total.

use actix_web::http::header::{self, CONTENT_DISPOSITION};
use actix_web::{HttpRequest, HttpResponse, web};

use super::super::Web;
use super::super::in_campaign::InCampaign;
use super::super::response::{Answer, Failure};
use super::session::Staff;
use crate::domain::Dimension;
use crate::intake::CampaignEntry;
use crate::report::Report;

const UNKNOWN: &str = "The numbers come by office, by town or by day: write ?by=office, ?by=town or ?by=day, or leave it out.";

/// The word after `by=` is none that numbers come by.
struct UnknownBy;

/// `GET /staff/campaigns/{slug}/counts.csv`, open to every role: there is no person in it.
pub(super) async fn csv(web: web::Data<Web>, _staff: Staff, InCampaign(entry): InCampaign, request: HttpRequest) -> Answer {
    let Ok(by) = by(request.query_string()) else {
        return Ok(HttpResponse::UnprocessableEntity().content_type("text/plain; charset=utf-8").body(UNKNOWN));
    };
    let report = report(&web, &entry, by).await?;
    let disposition = format!("attachment; filename=\"{}.csv\"", report.file_stem());
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/csv; charset=utf-8"))
        .insert_header((CONTENT_DISPOSITION, disposition))
        .body(report.csv()))
}

/// `GET /staff/campaigns/{slug}/counts.json`: what `standout counts --json` prints.
pub(super) async fn json(web: web::Data<Web>, _staff: Staff, InCampaign(entry): InCampaign, request: HttpRequest) -> Answer {
    let Ok(by) = by(request.query_string()) else {
        return Ok(HttpResponse::UnprocessableEntity().json(serde_json::json!({ "error": UNKNOWN })));
    };
    Ok(HttpResponse::Ok().json(report(&web, &entry, by).await?))
}

async fn report(web: &Web, entry: &CampaignEntry, by: Dimension) -> Result<Report, Failure> {
    let (id, slug) = (entry.id, entry.campaign.settings.slug.clone());
    Ok(web.store.read(move |conn| Report::read(conn, id, slug, by)).await?)
}

fn by(query: &str) -> Result<Dimension, UnknownBy> {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).map_err(|_| UnknownBy)?;
    match pairs.into_iter().find(|(name, _)| name == "by") {
        None => Ok(Dimension::All),
        Some((_, word)) => Dimension::parse_by(&word).ok_or(UnknownBy),
    }
}
