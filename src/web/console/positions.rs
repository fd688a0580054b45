//! Evidence of where officials stand: the list, one piece by hand, corrections.

use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template;
use serde::Deserialize;

use super::act::Act;
use super::evidence_form::{EvidenceForm, Sent, find, label};
use super::nav::Place;
use super::roster_state::states;
use super::session::Staff;
use super::uploads::Refused;
use super::words::{Done, JustDone};
use crate::domain::{BillNumbers, Day, Person, Position, Role, UsState};
use crate::staff_actions::{act_in_words, in_words, piece_in_words};
use crate::store::evidence::{self, Filter, Told};
use crate::store::offices;
use crate::web::Web;
use crate::web::parts::{FormErrors, Page};
use crate::web::response::{Answer, Failure, html};

/// How many pieces a page lists.
const PAGE: i64 = 100;
pub(super) const PATH: &str = "/staff/roster/positions";
const KNOWN: &str =
    "Nothing was changed: the same source is on record with the same, or with a later word about this official and bill.";
const GONE: &str =
    "This piece of evidence is not on record any more: somebody corrected it or took it away. The list shows what is.";

#[derive(Template)]
#[template(path = "console/positions.html")]
struct PositionsPage<'a> {
    page: Page,
    done: JustDone,
    refused: Option<Refused>,
    errors: FormErrors,
    may_change: bool,
    /// The other states that campaigns write to.
    other_states: Vec<UsState>,
    query: &'a Query,
    /// The official that the list should be of is not found.
    nobody: bool,
    /// The bill that the list should be of is none.
    no_bill: bool,
    /// What was told last first.
    rows: Vec<(i64, Position)>,
    /// Where what was told before is.
    older: Option<String>,
    evidence: EvidenceForm<'a>,
}

#[derive(Template)]
#[template(path = "console/position.html")]
struct PositionPage<'a> {
    page: Page,
    id: i64,
    refused: Option<&'static str>,
    errors: FormErrors,
    told: &'a Position,
    evidence: EvidenceForm<'a>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Query {
    state: String,
    official: String,
    bill: String,
    before: String,
}

impl Query {
    fn filters(&self) -> bool {
        !self.official.is_empty() || !self.bill.is_empty()
    }
}

/// What the page says beyond the list.
#[derive(Default)]
pub(super) struct Said {
    pub(super) done: Option<Done>,
    pub(super) refused: Option<Refused>,
    pub(super) errors: FormErrors,
    pub(super) form: Option<Sent>,
}

/// `GET /staff/roster/positions`, open to every role: it is about officials.
pub(super) async fn page(web: web::Data<Web>, staff: Staff, query: web::Query<Query>, done: JustDone) -> Answer {
    show(&web, &staff, StatusCode::OK, &query, Said { done: done.0, ..Said::default() }).await
}

/// `POST /staff/roster/positions`: one piece by hand.
pub(super) async fn add(web: web::Data<Web>, staff: Staff, Act(form): Act<Sent>) -> Answer {
    let state = state(&web, &form.state)?;
    let (people, today) = (people(&web, state).await?, Day::utc(web.clock.now()));
    let query = Query { state: form.state.clone(), ..Query::default() };
    let told = match form.read(&people, None, &today) {
        Ok(told) => told,
        Err(errors) => {
            let said = Said { errors, form: Some(form), ..Said::default() };
            return show(&web, &staff, StatusCode::UNPROCESSABLE_ENTITY, &query, said).await;
        }
    };
    match web.staff_actions.tell(&staff.actor(), state, told, None).await? {
        Told::Kept(_) => Ok(Done::Added.at(&format!("{PATH}?state={state}"))),
        Told::Known | Told::Gone => {
            let said = Said { refused: Some(Refused::because(KNOWN)), form: Some(form), ..Said::default() };
            show(&web, &staff, StatusCode::CONFLICT, &query, said).await
        }
    }
}

/// `GET /staff/roster/positions/{id}`.
pub(super) async fn one(web: web::Data<Web>, staff: Staff, id: web::Path<i64>) -> Answer {
    let Some((state, told)) = on_record(&web, *id).await? else { return gone(&web, &staff).await };
    let people = people(&web, state).await?;
    let form = Sent::of(&told, &people);
    show_one(&web, &staff, (*id, state, &told), &people, (StatusCode::OK, None, &form, FormErrors::default()))
}

/// `POST /staff/roster/positions/{id}`.
pub(super) async fn correct(web: web::Data<Web>, staff: Staff, id: web::Path<i64>, Act(form): Act<Sent>) -> Answer {
    let Some((state, before)) = on_record(&web, *id).await? else { return gone(&web, &staff).await };
    let (people, today) = (people(&web, state).await?, Day::utc(web.clock.now()));
    let told = match form.read(&people, Some(&before.person), &today) {
        Ok(told) => told,
        Err(errors) => {
            let said = (StatusCode::UNPROCESSABLE_ENTITY, None, &form, errors);
            return show_one(&web, &staff, (*id, state, &before), &people, said);
        }
    };
    match web.staff_actions.tell(&staff.actor(), state, told, Some((*id, form.was.clone()))).await? {
        Told::Kept(_) => Ok(Done::Corrected.at(&format!("{PATH}?state={state}"))),
        Told::Known => {
            let said = (StatusCode::CONFLICT, Some(KNOWN), &form, FormErrors::default());
            show_one(&web, &staff, (*id, state, &before), &people, said)
        }
        Told::Gone => gone(&web, &staff).await,
    }
}

/// `POST /staff/roster/positions/{id}/delete`.
pub(super) async fn delete(web: web::Data<Web>, staff: Staff, id: web::Path<i64>, Act(form): Act<Sent>) -> Answer {
    if web.staff_actions.take_back(&staff.actor(), *id, form.was).await? {
        return Ok(Done::Deleted.at(PATH));
    }
    gone(&web, &staff).await
}

async fn gone(web: &Web, staff: &Staff) -> Answer {
    let said = Said { refused: Some(Refused::because(GONE)), ..Said::default() };
    show(web, staff, StatusCode::GONE, &Query::default(), said).await
}

async fn on_record(web: &Web, id: i64) -> Result<Option<(UsState, Position)>, Failure> {
    Ok(web.store.read(move |conn| evidence::by_id(conn, id)).await?)
}

/// The state of that code; without one the first that campaigns write to.
pub(super) fn state(web: &Web, code: &str) -> Result<UsState, Failure> {
    let known = states(web);
    let state =
        if code.is_empty() { known.first().copied() } else { UsState::parse(code).ok().filter(|state| known.contains(state)) };
    state.ok_or(Failure::NotFound)
}

/// The people in office, by name.
async fn people(web: &Web, state: UsState) -> Result<Vec<Person>, Failure> {
    let offices = web.store.read(move |conn| offices::of_state(conn, state)).await?;
    let mut people: Vec<_> = offices.into_iter().filter_map(|office| office.holder).map(|holder| holder.person).collect();
    people.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(people)
}

/// The list with its forms.
pub(super) async fn show(web: &Web, staff: &Staff, status: StatusCode, query: &Query, said: Said) -> Answer {
    let state = state(web, &query.state)?;
    let people = people(web, state).await?;
    let before = if query.before.is_empty() { None } else { Some(query.before.parse().map_err(|_| Failure::NotFound)?) };
    let person = find(&people, &query.official).map(str::to_owned);
    let bills = BillNumbers::parse(&query.bill).ok();
    let nobody = !query.official.trim().is_empty() && person.is_none();
    let no_bill = !query.bill.trim().is_empty() && bills.is_none();
    let filter = Filter { person, bills };
    let mut rows = web.store.read(move |conn| evidence::listed(conn, state, &filter, before, PAGE + 1)).await?;
    let most = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let more = rows.len() > most;
    rows.truncate(most);
    let older = |id: i64| {
        let pairs = [("state", state.code()), ("official", &query.official), ("bill", &query.bill), ("before", &id.to_string())];
        format!("{PATH}?{}", serde_urlencoded::to_string(pairs).unwrap_or_default())
    };
    let form = said.form.unwrap_or_else(|| Sent::empty(&Day::utc(web.clock.now())));
    let view = PositionsPage {
        page: staff.page(web, Place::Positions, "Positions").problem(status == StatusCode::UNPROCESSABLE_ENTITY),
        done: JustDone(said.done),
        refused: said.refused,
        errors: said.errors,
        may_change: staff.may(Role::Editor),
        other_states: states(web).into_iter().filter(|other| *other != state).collect(),
        query,
        nobody,
        no_bill,
        older: rows.last().filter(|_| more).map(|(id, _)| older(*id)),
        rows,
        evidence: EvidenceForm::of(web, state, &people, &form),
    };
    html(status, &view)
}

type Shown<'a> = (StatusCode, Option<&'static str>, &'a Sent, FormErrors);

fn show_one(web: &Web, staff: &Staff, of: (i64, UsState, &Position), people: &[Person], shown: Shown<'_>) -> Answer {
    let ((id, state, told), (status, refused, form, errors)) = (of, shown);
    let problem = status == StatusCode::UNPROCESSABLE_ENTITY;
    let page = staff.page(web, Place::Positions, "A piece of evidence").problem(problem);
    let evidence = EvidenceForm::of(web, state, people, form);
    html(status, &PositionPage { page, id, refused, errors, told, evidence })
}

/// By name and seat, or by their id when they are no longer in office.
fn who(told: &Position, people: &[Person]) -> String {
    let holder = people.iter().find(|person| person.source_id == told.person);
    holder.map_or_else(|| format!("{} (not in office)", told.person), label)
}

fn bills(told: &Position) -> String {
    told.bills.to_string().to_uppercase()
}

/// "voted yes on November 22, 2026".
fn deed(told: &Position) -> String {
    let on = told.on.as_ref().map(|day| format!(" on {}", day.in_words())).unwrap_or_default();
    format!("{}{on}", act_in_words(told.act))
}

fn is_address(source: &str) -> bool {
    source.starts_with("https://") || source.starts_with("http://")
}
