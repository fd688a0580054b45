//! A file of evidence from the browser: what it would change is shown, and exactly that is approved.

use actix_web::http::StatusCode;
use actix_web::web;
use serde::Deserialize;

use super::super::Web;
use super::super::response::{Answer, see_other};
use super::super::upload::FILE_MAX_BYTES;
use super::super::views::FormError;
use super::super::views::positions::{ConflictView, PositionsPlanPage};
use super::act::{Act, ActWithFile};
use super::nav::Place;
use super::positions::{PATH, Query, Said, show, state};
use super::session::Staff;
use crate::domain::{BillNumbers, Token, UsState};
use crate::staff_actions::Approved;

/// How many new pieces and conflicts are named; the page says how many more there are.
const LISTED: usize = 200;
const GONE: &str =
    "This upload is gone: it was imported already, or it is older than an hour. Upload the file again if you still need it.";
const CHANGED: &str = "The evidence has changed since you looked: somebody else changed it. Nothing was imported. This is what your file \
     would change now.";

#[derive(Deserialize)]
pub(super) struct Approval {
    #[serde(default)]
    shown: String,
}

/// `POST /staff/roster/positions/upload`.
pub(super) async fn upload(web: web::Data<Web>, staff: Staff, ActWithFile(form): ActWithFile) -> Answer {
    let state = state(&web, form.field("state"))?;
    let wrong = if form.too_large {
        Some(format!("This file is larger than {} MB. Upload it in parts.", FILE_MAX_BYTES / 1_000_000))
    } else if form.body.is_empty() {
        Some("Choose the CSV file of evidence. The one that was chosen is empty, or none was.".to_owned())
    } else {
        None
    };
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    if let Some(text) = wrong {
        let errors = vec![FormError { field: "file".into(), text }];
        return show(&web, &staff, status, &Query::default(), Said { errors, ..Said::default() }).await;
    }
    match web.staff_actions.upload_positions(state, form.name, form.body).await? {
        Ok(id) => Ok(see_other(&format!("{PATH}/uploads/{}", id.text()))),
        Err(wrong) => {
            let wrong = wrong.to_string();
            let mut lines = wrong.lines().map(|line| line.trim().to_owned());
            let error = Some(format!("Nothing was imported. {}", lines.next().unwrap_or_default()));
            show(&web, &staff, status, &Query::default(), Said { error, problems: lines.collect(), ..Said::default() }).await
        }
    }
}

/// `GET /staff/roster/positions/uploads/{id}`.
pub(super) async fn plan(web: web::Data<Web>, staff: Staff, id: web::Path<String>) -> Answer {
    show_plan(&web, &staff, &id, StatusCode::OK, None).await
}

/// `POST /staff/roster/positions/uploads/{id}/approve`.
pub(super) async fn approve(web: web::Data<Web>, staff: Staff, id: web::Path<String>, Act(form): Act<Approval>) -> Answer {
    let Some(token) = Token::parse(&id) else { return gone(&web, &staff).await };
    match web.staff_actions.approve_positions(&staff.actor(), &token, form.shown).await? {
        Approved::Done => Ok(see_other(&format!("{PATH}?done=imported"))),
        Approved::Gone => gone(&web, &staff).await,
        Approved::Changed | Approved::Refused => {
            show_plan(&web, &staff, &id, StatusCode::CONFLICT, Some(CHANGED.to_owned())).await
        }
    }
}

async fn gone(web: &Web, staff: &Staff) -> Answer {
    show(web, staff, StatusCode::GONE, &Query::default(), Said { error: Some(GONE.to_owned()), ..Said::default() }).await
}

async fn show_plan(web: &Web, staff: &Staff, id: &str, status: StatusCode, error: Option<String>) -> Answer {
    let Some(token) = Token::parse(id) else { return gone(web, staff).await };
    let Some(plan) = web.staff_actions.uploaded_positions(&token).await? else { return gone(web, staff).await };
    let mut new = plan.new_in_words();
    let mut conflicts = plan.conflicts(measures(web, plan.state));
    let more = new.len().saturating_sub(LISTED) + conflicts.len().saturating_sub(LISTED);
    new.truncate(LISTED);
    conflicts.truncate(LISTED);
    let view = PositionsPlanPage {
        page: staff.page(web, Place::Roster, "What this file changes"),
        csrf: staff.csrf().to_owned(),
        path: format!("{PATH}/uploads/{}", token.text()),
        file: plan.files.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", "),
        state: plan.state.name().to_owned(),
        error,
        summary: plan.summary(),
        not_in_office: (plan.not_in_office > 0).then(|| {
            format!(
                "{} of the people are not in the roster. If they left, all is well; if not, upload the roster first.",
                plan.not_in_office
            )
        }),
        new,
        more: (more > 0).then(|| format!("and {more} more")),
        conflicts: conflicts.into_iter().map(|(about, sides)| ConflictView { about, sides }).collect(),
        shown: plan.fingerprint(),
        skipped: plan.skipped,
    };
    web.old_page(status, "staff_positions_plan", &view)
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
