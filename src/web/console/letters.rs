//! `/staff/campaigns/{slug}/letters`: letters by office, state and day; and, for editors, those of a supporter.
//!
//! What names a person is posted and never stands in an address, where logs of proxies would keep it.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::web;
use serde::Deserialize;

use super::super::Web;
use super::super::form::Form;
use super::super::response::{Answer, Failure};
use super::super::views::figures::STATES;
use super::super::views::staff_letters::{Choice, LetterRow, StaffLettersPage};
use super::super::views::{Field, FormError, Moment};
use super::nav::Section;
use super::session::Staff;
use super::steering::wrong;
use super::words::letters as so_many;
use crate::domain::{Day, EmailAddress, MessageState, Role, TimeZone, Timestamp};
use crate::intake::CampaignEntry;
use crate::store::letter_search::{self, Found, PAGE, Wanted};
use crate::store::offices;
use crate::store::supporter_search::Who;

const NO_DAY: &str = "Write a day as year, month and day, such as 2026-11-22.";

/// What is asked for, as it stands in the address.
#[derive(Deserialize, Default)]
pub(super) struct Query {
    #[serde(default)]
    office: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    until: String,
    #[serde(default)]
    before: String,
}

#[derive(Deserialize)]
pub(super) struct Find {
    #[serde(default)]
    csrf: String,
    #[serde(default)]
    who: String,
    #[serde(default)]
    after: String,
}

/// `GET /staff/campaigns/{slug}/letters`.
pub(super) async fn page(web: web::Data<Web>, staff: Staff, slug: web::Path<String>, query: web::Query<Query>) -> Answer {
    let entry = web.intake.catalog().by_slug(&slug).ok_or(Failure::NotFound)?;
    let mut view = frame(&web, &staff, &entry, &query).await?;
    let wanted = read(&query, &entry, &mut view);
    let (Some((wanted, before)), true) = (wanted, view.errors.is_empty()) else {
        view.page.problem = true;
        view.summary = "Nothing is shown until what you asked for is put right.".into();
        return web.old_page(StatusCode::UNPROCESSABLE_ENTITY, "staff_letters", &view);
    };
    let id = entry.id;
    let page = web.store.read(move |conn| letter_search::search(conn, id, wanted, before)).await?;
    let zone = &entry.campaign.settings.time_zone;
    view.letters = page.letters.iter().map(|letter| row(letter, None, entry.campaign.settings.slug.as_str(), zone)).collect();
    view.summary = match (page.letters.len(), page.looked_enough, before) {
        (0, false, None) => "No letter is like that.".into(),
        (0, false, Some(_)) => "There are no older ones.".into(),
        (n, true, _) => format!("{} among those that were looked at; there may be older ones.", so_many(count(n))),
        (n, false, _) => {
            format!("{}, the newest first{}.", so_many(count(n)), if n == PAGE { "; more on the next page" } else { "" })
        }
    };
    view.next_href = page.next.map(|next| query.href(&view.path, next));
    view.next_label = if page.looked_enough { "Look further back".into() } else { "Older letters".into() };
    web.old_page(StatusCode::OK, "staff_letters", &view)
}

/// `POST /staff/campaigns/{slug}/letters/find`.
pub(super) async fn find(web: web::Data<Web>, staff: Staff, slug: web::Path<String>, Form(form): Form<Find>) -> Answer {
    staff.check(&web, &form.csrf)?;
    let entry = web.intake.catalog().by_slug(&slug).ok_or(Failure::NotFound)?;
    let mut view = frame(&web, &staff, &entry, &Query::default()).await?;
    form.who.clone_into(&mut view.who.value);
    let typed = form.who.trim();
    let whom = if typed.contains('@') {
        EmailAddress::parse(typed).map(Who::Email).map_err(|_| "Write the whole e-mail address, such as ana@example.org.")
    } else if typed.chars().count() < 2 || typed.chars().any(char::is_control) {
        Err("Write at least two letters of the name, or a whole e-mail address.")
    } else {
        Ok(Who::NameBegins(typed.to_owned()))
    };
    let after = if form.after.is_empty() { Ok(None) } else { form.after.parse::<i64>().map(Some) };
    let (whom, after) = match (whom, after) {
        (Ok(whom), Ok(after)) => (whom, after),
        (Err(said), _) => {
            view.who = wrong(&mut view.errors, "who", &form.who, said.into());
            view.page.problem = true;
            view.summary = "Nothing was looked for.".into();
            return web.old_page(StatusCode::UNPROCESSABLE_ENTITY, "staff_letters", &view);
        }
        (_, Err(_)) => return Err(Failure::BadRequest),
    };
    let settings = &entry.campaign.settings;
    let about = (entry.id, settings.slug.as_str());
    let (found, next) = web.staff_actions.search_supporter(&staff.actor(), about, Wanted::default(), whom, after).await?;
    view.named = true;
    view.summary = if found.is_empty() {
        "No supporter of this campaign is called or reached like that. Whoever erased their data can't be found.".into()
    } else {
        format!("{}, by name.", so_many(count(found.len())))
    };
    let one = |of: &crate::store::supporter_search::FoundOf| {
        row(&of.letter, Some(of.name.clone()), settings.slug.as_str(), &settings.time_zone)
    };
    view.letters = found.iter().map(one).collect();
    view.next_after = next.map(|next| next.to_string());
    web.old_page(StatusCode::OK, "staff_letters", &view)
}

async fn frame(web: &Web, staff: &Staff, entry: &Arc<CampaignEntry>, query: &Query) -> Result<StaffLettersPage, Failure> {
    let settings = &entry.campaign.settings;
    let state = settings.state;
    let offices = web.store.read(move |conn| offices::of_state(conn, state)).await?;
    let mut choices: Vec<Choice> = offices
        .iter()
        .map(|office| {
            let value = office.id.to_string();
            Choice { chosen: value == query.office.trim(), value, label: office.district.in_words() }
        })
        .collect();
    choices.sort_by(|a, b| a.label.cmp(&b.label));
    choices.insert(0, Choice { value: String::new(), label: "All offices".into(), chosen: query.office.trim().is_empty() });
    let states = STATES.iter().map(|(word, label)| Choice {
        value: (*word).to_owned(),
        label: (*label).to_owned(),
        chosen: *word == query.state,
    });
    let any = Choice { value: String::new(), label: "All states".into(), chosen: query.state.is_empty() };
    let field = |typed: &str| Field { value: typed.to_owned(), error: None };
    Ok(StaffLettersPage {
        page: staff.campaign_page(web, entry, Section::Letters, &format!("Letters: {}", settings.title)),
        path: path(settings.slug.as_str()),
        csrf: staff.csrf().to_owned(),
        may_search: staff.may(Role::Editor),
        offices: choices,
        states: std::iter::once(any).chain(states).collect(),
        from: field(&query.from),
        until: field(&query.until),
        ..StaffLettersPage::default()
    })
}

/// What is wanted, and before which letter the page begins; what can't be read is said in `view`.
fn read(query: &Query, entry: &CampaignEntry, view: &mut StaffLettersPage) -> Option<(Wanted, Option<i64>)> {
    let zone = &entry.campaign.settings.time_zone;
    let errors = &mut view.errors;
    let mut say = |field: &str, text: &str| {
        errors.push(FormError { field: field.into(), text: text.into() });
        Some(text.to_owned())
    };
    let office = query.office.trim();
    let known = view.offices.iter().any(|choice| choice.value == office);
    if !known {
        view.office_error = say("office", "There is no such office. Choose one from the list.");
    }
    let state = MessageState::parse(query.state.trim()).ok();
    if state.is_none() && !query.state.trim().is_empty() {
        view.state_error = say("state", "There is no such state. Choose one from the list.");
    }
    let before = query.before.trim().parse::<i64>().ok();
    if before.is_none() && !query.before.trim().is_empty() && view.office_error.is_none() {
        view.office_error = say("office", "The address of this page is mistyped. Begin again with this form.");
    }
    let office = office.parse::<i64>().ok();
    let from = day(&query.from, "00:00", zone);
    let until = day(&query.until, "23:59:59", zone).map(|at| at.map(|at| at.plus(std::time::Duration::from_secs(1))));
    if from.is_err() {
        view.from = wrong(&mut view.errors, "from", &query.from, NO_DAY.into());
    }
    if until.is_err() {
        view.until = wrong(&mut view.errors, "until", &query.until, NO_DAY.into());
    }
    let (from, until) = (from.ok()?, until.ok()?);
    if from.zip(until).is_some_and(|(from, until)| from >= until) {
        let said = "The last day lies before the first. Turn them around.";
        view.until = wrong(&mut view.errors, "until", &query.until, said.into());
    }
    Some((Wanted { office, state, from, until }, before))
}

/// That time of a day that was typed; `None` where nothing was.
fn day(typed: &str, time: &str, zone: &TimeZone) -> Result<Option<Timestamp>, ()> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    let day = Day::parse(typed).map_err(|_| ())?;
    zone.at_local(&format!("{}T{time}", day.as_str())).map(Some).ok_or(())
}

impl Query {
    /// The page that begins before that letter. What stands here was read before and names nobody.
    fn href(&self, path: &str, before: i64) -> String {
        let before = before.to_string();
        let parts =
            [("office", &self.office), ("state", &self.state), ("from", &self.from), ("until", &self.until), ("before", &before)];
        let parts = parts.into_iter().filter(|(_, value)| !value.is_empty());
        let query = serde_urlencoded::to_string(parts.collect::<Vec<_>>()).unwrap_or_default();
        format!("{path}?{query}")
    }
}

pub(super) fn path(slug: &str) -> String {
    format!("/staff/campaigns/{slug}/letters")
}

fn row(letter: &Found, name: Option<String>, slug: &str, zone: &TimeZone) -> LetterRow {
    LetterRow {
        id: letter.id.to_string(),
        href: format!("{}/{}", path(slug), letter.id),
        name,
        office: letter.district.in_words(),
        official: letter.official.clone(),
        state: state_in_words(letter.state).to_owned(),
        reason: letter.reason.clone(),
        written: moment(zone, letter.written),
        since: moment(zone, letter.since),
    }
}

pub(super) fn moment(zone: &TimeZone, at: Timestamp) -> Moment {
    Moment { text: zone.moment_in_words(at), iso: at.rfc3339() }
}

/// As staff read it.
pub(super) fn state_in_words(state: MessageState) -> &'static str {
    STATES.iter().find(|(word, _)| *word == state.as_str()).map_or("", |(_, words)| words)
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
