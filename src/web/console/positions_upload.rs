//! A file of evidence from the browser: what it would change is shown, and exactly that is approved.

use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template;
use serde::Deserialize;

use super::act::{Act, ActWithFile};
use super::nav::Place;
use super::positions::{PATH, Query, Said, show, state};
use super::session::Staff;
use super::uploads::{Refused, chosen};
use super::words::Done;
use crate::domain::{BillNumbers, Token, UsState};
use crate::staff_actions::{Approved, PositionsPlan};
use crate::web::Web;
use crate::web::parts::{FormErrors, Page};
use crate::web::response::{Answer, html, see_other};

/// How many new pieces and conflicts are named; the page says how many more there are.
const LISTED: usize = 200;
const GONE: &str =
    "This upload is gone: it was imported already, or it is older than an hour. Upload the file again if you still need it.";
const CHANGED: &str = "The evidence has changed since you looked: somebody else changed it. Nothing was imported. This is what your file \
     would change now.";

#[derive(Template)]
#[template(path = "console/positions_plan.html")]
struct PositionsPlanPage<'a> {
    page: Page,
    path: String,
    plan: &'a PositionsPlan,
    /// What happened since the page was opened.
    refused: Option<&'static str>,
    new: Vec<String>,
    /// How many new pieces and conflicts are not shown.
    more: usize,
    /// The official and the measure, and both sides.
    conflicts: Vec<(String, Vec<String>)>,
}

#[derive(Deserialize)]
pub(super) struct Approval {
    #[serde(default)]
    shown: String,
}

/// `POST /staff/roster/positions/upload`.
pub(super) async fn upload(web: web::Data<Web>, staff: Staff, ActWithFile(form): ActWithFile) -> Answer {
    let state = state(&web, form.field("state"))?;
    let query = Query::default();
    let refuse = |said: Said| show(&web, &staff, StatusCode::UNPROCESSABLE_ENTITY, &query, said);
    if let Err(text) = chosen(&form, "evidence", "Upload it in parts.") {
        return refuse(Said { errors: FormErrors::one("file", text), ..Said::default() }).await;
    }
    match web.staff_actions.upload::<PositionsPlan>(state, form.name, form.body).await? {
        Ok(id) => Ok(see_other(&format!("{PATH}/uploads/{}", id.text()))),
        Err(wrong) => refuse(Said { refused: Some(Refused::file(&wrong)), ..Said::default() }).await,
    }
}

/// `GET /staff/roster/positions/uploads/{id}`.
pub(super) async fn plan(web: web::Data<Web>, staff: Staff, id: web::Path<String>) -> Answer {
    show_plan(&web, &staff, &id, StatusCode::OK, None).await
}

/// `POST /staff/roster/positions/uploads/{id}/approve`.
pub(super) async fn approve(web: web::Data<Web>, staff: Staff, id: web::Path<String>, Act(form): Act<Approval>) -> Answer {
    let Some(token) = Token::parse(&id) else { return gone(&web, &staff).await };
    match web.staff_actions.approve::<PositionsPlan>(&staff.actor(), &token, (), form.shown).await? {
        Approved::Done => Ok(Done::Imported.at(PATH)),
        Approved::Gone => gone(&web, &staff).await,
        Approved::Changed | Approved::Refused => show_plan(&web, &staff, &id, StatusCode::CONFLICT, Some(CHANGED)).await,
    }
}

async fn gone(web: &Web, staff: &Staff) -> Answer {
    show(web, staff, StatusCode::GONE, &Query::default(), Said { refused: Some(Refused::because(GONE)), ..Said::default() }).await
}

async fn show_plan(web: &Web, staff: &Staff, id: &str, status: StatusCode, refused: Option<&'static str>) -> Answer {
    let Some(token) = Token::parse(id) else { return gone(web, staff).await };
    let Some(plan) = web.staff_actions.uploaded::<PositionsPlan>(&token, ()).await? else { return gone(web, staff).await };
    let mut new = plan.new_in_words();
    let mut conflicts = plan.conflicts(measures(web, plan.state));
    let more = new.len().saturating_sub(LISTED) + conflicts.len().saturating_sub(LISTED);
    new.truncate(LISTED);
    conflicts.truncate(LISTED);
    let page = staff.page(web, Place::Positions, "What this file changes");
    let path = format!("{PATH}/uploads/{}", token.text());
    html(status, &PositionsPlanPage { page, path, plan: &plan, refused, new, more, conflicts })
}

/// The measures of the state's campaigns, each once.
fn measures(web: &Web, state: UsState) -> Vec<(String, BillNumbers)> {
    let mut measures: Vec<(String, BillNumbers)> = Vec::new();
    for entry in web.intake.catalog().campaigns().iter().filter(|entry| entry.jurisdiction.state == state) {
        for measure in &entry.campaign.settings.measures {
            if !measures.iter().any(|(_, known)| *known == measure.bills) {
                measures.push((measure.name.clone(), measure.bills.clone()));
            }
        }
    }
    measures
}
