//! The roster: how it stands, and a new one from the browser, of which exactly what was shown is approved.

use actix_web::http::StatusCode;
use actix_web::web;
use serde::Deserialize;

use super::super::Web;
use super::super::response::{Answer, see_other};
use super::super::upload::FILE_MAX_BYTES;
use super::super::views::FormError;
use super::super::views::roster::{PlanRow, RosterPage, RosterPlanPage};
use super::act::{Act, ActWithFile};
use super::nav::Place;
use super::roster_state;
use super::session::Staff;
use crate::domain::{Chamber, Day, DistrictName, Role, Token, UsState};
use crate::staff_actions::{Approved, RosterChoices, ShownRoster};

const PATH: &str = "/staff/roster";
const GONE: &str = "This upload is gone: it was imported already, or it is older than an hour. See below how the roster stands now, \
     and upload the file again if you still need it.";
const CHANGED: &str = "The roster has changed since you looked: somebody else imported one. Nothing was imported. This is what your \
     file would change now.";

#[derive(Deserialize)]
pub(super) struct Query {
    #[serde(default)]
    done: String,
}

#[derive(Deserialize)]
pub(super) struct Choices {
    #[serde(default)]
    terms_end: String,
    #[serde(default)]
    force: String,
    #[serde(default)]
    shown: String,
}

impl Choices {
    /// As typed and as read; a last day that is none is an error in words.
    fn read(&self) -> (RosterChoices, Option<String>) {
        let typed = self.terms_end.trim();
        let (terms_end, error) = match Day::parse(typed) {
            Ok(day) => (Some(day), None),
            Err(_) if typed.is_empty() => (None, None),
            Err(error) => (None, Some(format!("The last day of the terms: {error}."))),
        };
        (RosterChoices { terms_end, force: self.force == "1" }, error)
    }
}

/// What the page says beyond how things stand.
#[derive(Default)]
struct Said {
    notice: Option<String>,
    error: Option<String>,
    errors: Vec<FormError>,
    problems: Vec<String>,
}

/// `GET /staff/roster`, open to every role: it names officials, and no supporter.
pub(super) async fn page(web: web::Data<Web>, staff: Staff, query: web::Query<Query>) -> Answer {
    let done = "The roster is imported. Sign-ups use it from now on; letters that waited for somebody who left are held.";
    let notice = (query.done == "1").then(|| done.to_owned());
    show(&web, &staff, StatusCode::OK, Said { notice, ..Said::default() }).await
}

/// `POST /staff/roster`: keeps the file and leads to what it would change.
pub(super) async fn upload(web: web::Data<Web>, staff: Staff, ActWithFile(form): ActWithFile) -> Answer {
    let states = roster_state::states(&web);
    let state = match (states.as_slice(), form.field("state")) {
        ([only], "") => Some(*only),
        (known, code) => UsState::parse(code).ok().filter(|state| known.contains(state)),
    };
    let file = match () {
        () if form.too_large => Some(format!(
            "This file is larger than {} MB. A roster has less than one; is it the right file?",
            FILE_MAX_BYTES / 1_000_000
        )),
        () if form.body.is_empty() => {
            Some("Choose the CSV file of the roster. The one that was chosen is empty, or none was.".to_owned())
        }
        () => None,
    };
    let state_error = state.is_none().then(|| "Choose the state that the roster is for.".to_owned());
    let errors = [("state", state_error), ("file", file)];
    let errors = errors.into_iter().filter_map(|(field, text)| Some(FormError { field: field.into(), text: text? }));
    let errors: Vec<_> = errors.collect();
    let (Some(state), true) = (state, errors.is_empty()) else {
        return show(&web, &staff, StatusCode::UNPROCESSABLE_ENTITY, Said { errors, ..Said::default() }).await;
    };
    match web.staff_actions.upload_roster(state, form.name, form.body).await? {
        Ok(id) => Ok(see_other(&format!("{PATH}/uploads/{}", id.text()))),
        Err(wrong) => {
            let wrong = wrong.to_string();
            let mut lines = wrong.lines().map(|line| line.trim().to_owned());
            let said = Said {
                error: Some(format!("Nothing was imported. {}", lines.next().unwrap_or_default())),
                problems: lines.collect(),
                ..Said::default()
            };
            show(&web, &staff, StatusCode::UNPROCESSABLE_ENTITY, said).await
        }
    }
}

/// `GET /staff/roster/uploads/{id}`: what the file would change now.
pub(super) async fn plan(web: web::Data<Web>, staff: Staff, id: web::Path<String>, query: web::Query<Choices>) -> Answer {
    let (choices, error) = query.read();
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    show_plan(&web, &staff, &id, &query, choices, (status, error)).await
}

/// `POST /staff/roster/uploads/{id}/approve`.
pub(super) async fn approve(web: web::Data<Web>, staff: Staff, id: web::Path<String>, Act(form): Act<Choices>) -> Answer {
    let (choices, error) = form.read();
    if error.is_some() {
        return show_plan(&web, &staff, &id, &form, choices, (StatusCode::UNPROCESSABLE_ENTITY, error)).await;
    }
    let Some(token) = Token::parse(&id) else { return gone(&web, &staff).await };
    match web.staff_actions.approve_roster(&staff.actor(), &token, choices.clone(), form.shown.clone()).await? {
        Approved::Done => Ok(see_other(&format!("{PATH}?done=1"))),
        Approved::Gone => gone(&web, &staff).await,
        Approved::Changed => show_plan(&web, &staff, &id, &form, choices, (StatusCode::CONFLICT, Some(CHANGED.to_owned()))).await,
        Approved::Refused => show_plan(&web, &staff, &id, &form, choices, (StatusCode::UNPROCESSABLE_ENTITY, None)).await,
    }
}

async fn gone(web: &Web, staff: &Staff) -> Answer {
    show(web, staff, StatusCode::GONE, Said { error: Some(GONE.to_owned()), ..Said::default() }).await
}

async fn show(web: &Web, staff: &Staff, status: StatusCode, said: Said) -> Answer {
    let by_state = roster_state::views(web).await?;
    let mut page = staff.page(web, Place::Roster, "Roster");
    page.problem = status == StatusCode::UNPROCESSABLE_ENTITY;
    let view = RosterPage {
        csrf: staff.csrf().to_owned(),
        notice: said.notice,
        error: said.error,
        errors: said.errors,
        problems: said.problems,
        may_change: staff.may(Role::Editor),
        asks_state: by_state.len() > 1,
        states: by_state,
        page,
    };
    web.old_page(status, "staff_roster", &view)
}

async fn show_plan(
    web: &Web,
    staff: &Staff,
    id: &str,
    typed: &Choices,
    choices: RosterChoices,
    (status, error): (StatusCode, Option<String>),
) -> Answer {
    let Some(token) = Token::parse(id) else { return gone(web, staff).await };
    let force = choices.force;
    let Some(ShownRoster { plan, name, skipped }) = web.staff_actions.uploaded_roster(&token, choices).await? else {
        return gone(web, staff).await;
    };
    let left_out = plan.left_out.iter().map(|(person, holder)| {
        format!("{} ({}); {}, who comes later in the file, holds this seat", person.name, person.district.in_words(), holder.name)
    });
    let row = |([what, _, district, name], details): ([String; 4], Vec<String>), chamber: Chamber| PlanRow {
        what,
        seat: DistrictName::new(chamber, &district).in_words(),
        name,
        details,
    };
    let mut page = staff.page(web, Place::Roster, "What this roster changes");
    page.problem = status == StatusCode::UNPROCESSABLE_ENTITY;
    let view = RosterPlanPage {
        csrf: staff.csrf().to_owned(),
        path: format!("{PATH}/uploads/{}", token.text()),
        file: name,
        state: plan.state.name().to_owned(),
        error,
        summary: plan.diff.summary(),
        nothing: plan.changes_nothing(),
        demo: (plan.demo > 0).then(|| format!("The {} made-up officials of the demo are replaced.", plan.demo)),
        objections: plan.objections.iter().map(ToString::to_string).collect(),
        refused: plan.is_refused(),
        force,
        rows: plan.diff.rows().into_iter().map(|(chamber, cells, details)| row((cells, details), chamber)).collect(),
        skipped: skipped.into_iter().chain(left_out).collect(),
        terms_end: typed.terms_end.trim().to_owned(),
        shown: plan.fingerprint(),
        page,
    };
    web.old_page(status, "staff_roster_plan", &view)
}
