//! The roster: how it stands, and a new one from the browser, of which exactly what was shown is approved.

use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template;
use serde::Deserialize;

use super::act::{Act, ActWithFile};
use super::nav::Place;
use super::roster_state::{self, StateRoster};
use super::session::Staff;
use super::uploads::{Refused, chosen};
use super::words::{Done, JustDone};
use crate::domain::{Day, DistrictName, Role, Token, UsState};
use crate::staff_actions::{Approved, RosterChoices, RosterPlan, ShownRoster};
use crate::web::Web;
use crate::web::parts::{FormErrors, Page};
use crate::web::response::{Answer, html, see_other};

const PATH: &str = "/staff/roster";
const GONE: &str = "This upload is gone: it was imported already, or it is older than an hour. See below how the roster stands now, \
     and upload the file again if you still need it.";
const CHANGED: &str = "The roster has changed since you looked: somebody else imported one. Nothing was imported. This is what your \
     file would change now.";

#[derive(Template)]
#[template(path = "console/roster.html")]
struct RosterPage {
    page: Page,
    done: JustDone,
    refused: Option<Refused>,
    errors: FormErrors,
    may_change: bool,
    states: Vec<StateRoster>,
}

#[derive(Template)]
#[template(path = "console/roster_plan.html")]
struct RosterPlanPage<'a> {
    page: Page,
    path: String,
    /// The file's.
    name: &'a str,
    plan: &'a RosterPlan,
    /// What is wrong with the last day that was typed, or what happened since the page was opened.
    refused: Option<String>,
    /// Somebody insists.
    force: bool,
    /// As typed.
    terms_end: &'a str,
    rows: Vec<PlanRow>,
    /// Rows of the file, each with the reason.
    left_out: Vec<String>,
}

/// One change: `added`, `gone`, `moved` or `changed`.
struct PlanRow {
    what: String,
    seat: DistrictName,
    name: String,
    details: Vec<String>,
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
    done: Option<Done>,
    refused: Option<Refused>,
    errors: FormErrors,
}

/// `GET /staff/roster`, open to every role: it names officials, and no supporter.
pub(super) async fn page(web: web::Data<Web>, staff: Staff, done: JustDone) -> Answer {
    show(&web, &staff, StatusCode::OK, Said { done: done.0, ..Said::default() }).await
}

/// `POST /staff/roster`: keeps the file and leads to what it would change.
pub(super) async fn upload(web: web::Data<Web>, staff: Staff, ActWithFile(form): ActWithFile) -> Answer {
    let states = roster_state::states(&web);
    let state = match (states.as_slice(), form.field("state")) {
        ([only], "") => Some(*only),
        (known, code) => UsState::parse(code).ok().filter(|state| known.contains(state)),
    };
    let mut errors = FormErrors::default();
    let state = errors.keep("state", state.ok_or("Choose the state that the roster is for."));
    errors.keep("file", chosen(&form, "the roster", "A roster has less than one; is it the right file?"));
    let (Some(state), true) = (state, errors.is_empty()) else {
        return show(&web, &staff, errors.status(), Said { errors, ..Said::default() }).await;
    };
    match web.staff_actions.upload::<ShownRoster>(state, form.name, form.body).await? {
        Ok(id) => Ok(see_other(&format!("{PATH}/uploads/{}", id.text()))),
        Err(wrong) => {
            let said = Said { refused: Some(Refused::file(&wrong)), ..Said::default() };
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
    let who = staff.actor();
    match web.staff_actions.approve::<ShownRoster>(&who, &token, choices.clone(), form.shown.clone()).await? {
        Approved::Done => Ok(Done::RosterImported.at(PATH)),
        Approved::Gone => gone(&web, &staff).await,
        Approved::Changed => show_plan(&web, &staff, &id, &form, choices, (StatusCode::CONFLICT, Some(CHANGED.to_owned()))).await,
        Approved::Refused => show_plan(&web, &staff, &id, &form, choices, (StatusCode::UNPROCESSABLE_ENTITY, None)).await,
    }
}

async fn gone(web: &Web, staff: &Staff) -> Answer {
    show(web, staff, StatusCode::GONE, Said { refused: Some(Refused::because(GONE)), ..Said::default() }).await
}

async fn show(web: &Web, staff: &Staff, status: StatusCode, said: Said) -> Answer {
    let Said { done, refused, errors } = said;
    let view = RosterPage {
        page: staff.page(web, Place::Roster, "Roster").problem(status == StatusCode::UNPROCESSABLE_ENTITY),
        done: JustDone(done),
        refused,
        errors,
        may_change: staff.may(Role::Editor),
        states: roster_state::rosters(web).await?,
    };
    html(status, &view)
}

async fn show_plan(
    web: &Web,
    staff: &Staff,
    id: &str,
    typed: &Choices,
    choices: RosterChoices,
    (status, refused): (StatusCode, Option<String>),
) -> Answer {
    let Some(token) = Token::parse(id) else { return gone(web, staff).await };
    let force = choices.force;
    let Some(ShownRoster { plan, name, skipped }) = web.staff_actions.uploaded(&token, choices).await? else {
        return gone(web, staff).await;
    };
    let without_seat = plan.left_out.iter().map(|(person, holder)| {
        format!("{} ({}); {}, who comes later in the file, holds this seat", person.name, person.district.in_words(), holder.name)
    });
    let rows = plan.diff.rows().into_iter().map(|(chamber, [what, _, district, name], details)| PlanRow {
        what,
        seat: DistrictName::new(chamber, &district),
        name,
        details,
    });
    let problem = status == StatusCode::UNPROCESSABLE_ENTITY;
    let view = RosterPlanPage {
        page: staff.page(web, Place::Roster, "What this roster changes").problem(problem),
        path: format!("{PATH}/uploads/{}", token.text()),
        name: &name,
        refused,
        force,
        terms_end: typed.terms_end.trim(),
        rows: rows.collect(),
        left_out: skipped.into_iter().chain(without_seat).collect(),
        plan: &plan,
    };
    html(status, &view)
}
