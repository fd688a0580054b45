//! Evidence of where officials stand: the list, one piece by hand, corrections.

use actix_web::http::StatusCode;
use actix_web::web;
use serde::Deserialize;

use super::super::Web;
use super::super::form::Form;
use super::super::response::{Answer, Failure, see_other};
use super::super::views::positions::{EvidenceRow, PositionPage, PositionsPage};
use super::super::views::roster::NamedLink;
use super::super::views::{Field, FormError};
use super::evidence_form::{Sent, find, label};
use super::nav::Place;
use super::roster_state::states;
use super::session::Staff;
use crate::domain::{BillNumbers, Day, Person, Position, Role, UsState};
use crate::staff_actions::{act_in_words, in_words, piece_in_words};
use crate::store::evidence::{self, Filter, Told};
use crate::store::offices;

/// How many pieces a page lists.
const PAGE: i64 = 100;
pub(super) const PATH: &str = "/staff/roster/positions";
const KNOWN: &str =
    "Nothing was changed: the same source is on record with the same, or with a later word about this official and bill.";
const GONE: &str =
    "This piece of evidence is not on record any more: somebody corrected it or took it away. The list shows what is.";

#[derive(Deserialize, Default)]
pub(super) struct Query {
    #[serde(default)]
    done: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    official: String,
    #[serde(default)]
    bill: String,
    #[serde(default)]
    before: String,
}

/// What the page says beyond the list.
#[derive(Default)]
pub(super) struct Said {
    pub(super) notice: Option<String>,
    pub(super) error: Option<String>,
    pub(super) problems: Vec<String>,
    pub(super) errors: Vec<FormError>,
    pub(super) form: Option<Sent>,
}

/// `GET /staff/roster/positions`, open to every role: it is about officials.
pub(super) async fn page(web: web::Data<Web>, staff: Staff, query: web::Query<Query>) -> Answer {
    let notice = match query.done.as_str() {
        "added" => Some("The evidence is kept. The next letter takes it into account."),
        "corrected" => Some("The evidence is corrected. The next letter takes it into account."),
        "deleted" => Some("The evidence is taken away. The next letter takes it into account."),
        "imported" => Some("The positions are imported. Letters that were signed before stay as they are."),
        _ => None,
    };
    show(&web, &staff, StatusCode::OK, &query, Said { notice: notice.map(str::to_owned), ..Said::default() }).await
}

/// `POST /staff/roster/positions`: one piece by hand.
pub(super) async fn add(web: web::Data<Web>, staff: Staff, Form(form): Form<Sent>) -> Answer {
    staff.check_may(&web, Role::Editor, &form.csrf)?;
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
        Told::Kept(_) => Ok(see_other(&format!("{PATH}?done=added&state={state}"))),
        Told::Known | Told::Gone => {
            let said = Said { error: Some(KNOWN.to_owned()), form: Some(form), ..Said::default() };
            show(&web, &staff, StatusCode::CONFLICT, &query, said).await
        }
    }
}

/// `GET /staff/roster/positions/{id}`.
pub(super) async fn one(web: web::Data<Web>, staff: Staff, id: web::Path<i64>) -> Answer {
    let Some((state, told)) = on_record(&web, *id).await? else { return gone(&web, &staff).await };
    let people = people(&web, state).await?;
    let form = Sent::of(&told, &people);
    show_one(&web, &staff, (*id, state, &told), &people, (StatusCode::OK, None, &form, Vec::new()))
}

/// `POST /staff/roster/positions/{id}`.
pub(super) async fn correct(web: web::Data<Web>, staff: Staff, id: web::Path<i64>, Form(form): Form<Sent>) -> Answer {
    staff.check_may(&web, Role::Editor, &form.csrf)?;
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
        Told::Kept(_) => Ok(see_other(&format!("{PATH}?done=corrected&state={state}"))),
        Told::Known => {
            let said = (StatusCode::CONFLICT, Some(KNOWN.to_owned()), &form, Vec::new());
            show_one(&web, &staff, (*id, state, &before), &people, said)
        }
        Told::Gone => gone(&web, &staff).await,
    }
}

/// `POST /staff/roster/positions/{id}/delete`.
pub(super) async fn delete(web: web::Data<Web>, staff: Staff, id: web::Path<i64>, Form(form): Form<Sent>) -> Answer {
    staff.check_may(&web, Role::Editor, &form.csrf)?;
    if web.staff_actions.take_back(&staff.actor(), *id, form.was).await? {
        return Ok(see_other(&format!("{PATH}?done=deleted")));
    }
    gone(&web, &staff).await
}

async fn gone(web: &Web, staff: &Staff) -> Answer {
    let said = Said { error: Some(GONE.to_owned()), ..Said::default() };
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
    let mut page = staff.page(web, Place::Roster, "Positions");
    page.problem = status == StatusCode::UNPROCESSABLE_ENTITY;
    let others = states(web).into_iter().filter(|other| *other != state);
    let view = PositionsPage {
        csrf: staff.csrf().to_owned(),
        notice: said.notice,
        error: said.error,
        problems: said.problems,
        may_change: staff.may(Role::Editor),
        state: state.code().to_owned(),
        state_name: state.name().to_owned(),
        other_states: others
            .map(|other| NamedLink { href: format!("{PATH}?state={other}"), label: other.name().to_owned() })
            .collect(),
        official: Field {
            value: query.official.clone(),
            error: nobody.then(|| "No official in office fits; all are shown. Choose one from the list.".to_owned()),
        },
        bill: Field {
            value: query.bill.clone(),
            error: no_bill.then(|| "This is no bill number; all are shown. Write one such as H.2580.".to_owned()),
        },
        filtered: !query.official.is_empty() || !query.bill.is_empty(),
        older: rows.last().filter(|_| more).map(|(id, _)| older(*id)),
        rows: rows.into_iter().map(|(id, told)| row(id, &told, &people)).collect(),
        form: form.view(web, state, &people, &said.errors),
        errors: said.errors,
        page,
    };
    web.old_page(status, "staff_positions", &view)
}

type Shown<'a> = (StatusCode, Option<String>, &'a Sent, Vec<FormError>);

fn show_one(web: &Web, staff: &Staff, of: (i64, UsState, &Position), people: &[Person], shown: Shown<'_>) -> Answer {
    let ((id, state, told), (status, error, form, errors)) = (of, shown);
    let mut page = staff.page(web, Place::Roster, "A piece of evidence");
    page.problem = status == StatusCode::UNPROCESSABLE_ENTITY;
    let said = format!("{}, {}: {}", who(told, people), told.bills.to_string().to_uppercase(), in_words(told));
    let (was, form) = (piece_in_words(told), form.view(web, state, people, &errors));
    web.old_page(
        status,
        "staff_position",
        &PositionPage { csrf: staff.csrf().to_owned(), id, error, errors, said, was, form, page },
    )
}

fn who(told: &Position, people: &[Person]) -> String {
    let holder = people.iter().find(|person| person.source_id == told.person);
    holder.map_or_else(|| format!("{} (not in office)", told.person), label)
}

fn row(id: i64, told: &Position, people: &[Person]) -> EvidenceRow {
    let on = told.on.as_ref().map(|day| format!(" on {}", day.in_words())).unwrap_or_default();
    EvidenceRow {
        id,
        who: who(told, people),
        bill: told.bills.to_string().to_uppercase(),
        act: format!("{}{on}", act_in_words(told.act)),
        link: told.source.starts_with("https://") || told.source.starts_with("http://"),
        source: told.source.clone(),
        as_of: told.as_of.in_words(),
    }
}
