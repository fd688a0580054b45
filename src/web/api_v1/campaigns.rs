//! Campaigns, offices, and how far each campaign has come.

use actix_web::{HttpRequest, HttpResponse, web};

use super::models::{CampaignCounts, CampaignItem, CampaignList, CountsRow, OfficeItem, OfficeList, StateCounts};
use super::problem::{Problem, ProblemDocument};
use super::{Program, Reply, query_field};
use crate::domain::{Dimension, UsState};
use crate::report::{Group, Report, ReportRow};
use crate::store::offices;
use crate::web::Web;

pub(super) const NO_CAMPAIGN: Problem = Problem::NotFound("There is no campaign of this name.");

/// All campaigns
#[utoipa::path(
    get,
    path = "/api/v1/campaigns",
    tag = "numbers",
    security(("token" = [])),
    responses(
        (status = 200, description = "All campaigns.", body = CampaignList),
        (status = 401, description = "No token, or one that opens nothing.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 429, description = "Too many requests.", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(super) async fn list(web: web::Data<Web>, _program: Program) -> Reply {
    let now = web.clock.now();
    let catalog = web.intake.catalog();
    let item = |entry: &std::sync::Arc<crate::intake::CampaignEntry>| {
        let settings = &entry.campaign.settings;
        CampaignItem {
            slug: settings.slug.to_string(),
            title: settings.title.clone(),
            state: settings.state.code().to_owned(),
            open: settings.is_open(now),
            time_zone: settings.time_zone.name().to_owned(),
        }
    };
    Ok(HttpResponse::Ok().json(CampaignList { campaigns: catalog.campaigns().iter().map(item).collect() }))
}

/// How far a campaign has come
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{slug}/counts",
    tag = "numbers",
    security(("token" = [])),
    params(
        ("slug" = String, Path, description = "The campaign's name in addresses."),
        ("by" = Option<String>, Query, description = "`office`, `town` or `day`; without it one row for the whole campaign."),
    ),
    responses(
        (status = 200, description = "The numbers.", body = CampaignCounts),
        (status = 401, description = "No token, or one that opens nothing.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such campaign.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "Numbers don't come by that.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 429, description = "Too many requests.", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(super) async fn counts(web: web::Data<Web>, _program: Program, slug: web::Path<String>, request: HttpRequest) -> Reply {
    let entry = web.intake.catalog().by_slug(&slug).ok_or(NO_CAMPAIGN)?;
    let by = match query_field(&request, "by")? {
        None => Dimension::All,
        Some(word) => Dimension::parse_by(&word).ok_or(Problem::Unprocessable("Numbers come by=office, by=town or by=day."))?,
    };
    let (id, slug) = (entry.id, entry.campaign.settings.slug.clone());
    let named = slug.to_string();
    let report = web.store.read(move |conn| Report::read(conn, id, slug, by)).await?;
    let rows = report.rows().iter().map(row).collect();
    Ok(HttpResponse::Ok().json(CampaignCounts { campaign: named, by: by.as_str().to_owned(), rows }))
}

fn row(row: &ReportRow) -> CountsRow {
    let (mut office, mut town, mut day) = (None, None, None);
    match &row.group {
        Group::Campaign => {}
        Group::Office { id, .. } => office = Some(*id),
        Group::Town(name) => town = Some(name.clone()),
        Group::Day(name) => day = Some(name.clone()),
    }
    let ladder = &row.ladder;
    CountsRow { office, town, day, signed_up: ladder.signed_up, confirmed: ladder.confirmed, letters: StateCounts::of(ladder) }
}

/// The offices of a state
#[utoipa::path(
    get,
    path = "/api/v1/offices",
    tag = "numbers",
    security(("token" = [])),
    params(("state" = String, Query, description = "Postal abbreviation of the state, such as `ma`.")),
    responses(
        (status = 200, description = "The offices, with who holds each now.", body = OfficeList),
        (status = 401, description = "No token, or one that opens nothing.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "No state is named.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 429, description = "Too many requests.", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(super) async fn offices(web: web::Data<Web>, _program: Program, request: HttpRequest) -> Reply {
    let wanted = query_field(&request, "state")?.and_then(|word| UsState::parse(&word).ok());
    let state = wanted.ok_or(Problem::Unprocessable("Name a state by its postal abbreviation: state=ma."))?;
    let all = web.store.read(move |conn| offices::of_state(conn, state)).await?;
    let item = |office: offices::Office| OfficeItem {
        id: office.id,
        state: state.code().to_owned(),
        chamber: office.district.chamber.as_str().to_owned(),
        official: office.holder.map(|holder| holder.person.titled()),
        district: office.district.name,
    };
    Ok(HttpResponse::Ok().json(OfficeList { offices: all.into_iter().map(item).collect() }))
}
