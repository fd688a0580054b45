//! `/staff/campaigns/{slug}/letters`: letters by office, state and day; and, for editors, those of a supporter.
//!
//! What names a person is posted and never stands in an address, where logs of proxies would keep it.

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template;
use serde::Deserialize;

use super::act::Act;
use super::nav::Section;
use super::session::Staff;
use super::words::letters as so_many;
use crate::domain::{Day, EmailAddress, MessageState, Role, Slug, TimeZone, Timestamp};
use crate::intake::CampaignEntry;
use crate::store::letter_search::{self, Found, PAGE, Wanted};
use crate::store::offices::{self, Office};
use crate::store::supporter_search::{FoundOf, Who};
use crate::web::Web;
use crate::web::in_campaign::InCampaign;
use crate::web::parts::{FormErrors, Page};
use crate::web::response::{Answer, Failure, html};

const NO_DAY: &str = "Write a day as year, month and day, such as 2026-11-22.";
const MISTYPED: &str = "The address of this page is mistyped. Begin again with this form.";

#[derive(Template)]
#[template(path = "console/letters.html")]
struct LettersPage<'a> {
    page: Page,
    path: String,
    errors: FormErrors,
    /// This login may look for supporters.
    may_search: bool,
    /// In the order of their names.
    offices: &'a [Office],
    query: &'a Query,
    /// A supporter's address, or how their name begins, as typed.
    who: &'a str,
    /// What is shown, in a sentence.
    summary: String,
    letters: Vec<(Option<&'a str>, &'a Found)>,
    /// The next page, and what the link to it says.
    next: Option<(String, &'static str)>,
    /// For supporters: after which sign-up the next page begins.
    next_after: Option<i64>,
    zone: &'a TimeZone,
}

/// What is asked for, as it stands in the address.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Query {
    office: String,
    state: String,
    from: String,
    until: String,
    before: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Find {
    who: String,
    after: String,
}

/// `GET /staff/campaigns/{slug}/letters`.
pub(super) async fn page(
    web: web::Data<Web>,
    staff: Staff,
    InCampaign(entry): InCampaign,
    web::Query(query): web::Query<Query>,
) -> Answer {
    let offices = offices(&web, &entry).await?;
    let view = frame(&web, &staff, &entry, &offices, &query);
    let mut errors = FormErrors::default();
    let wanted = read(&query, &offices, view.zone, &mut errors);
    let (Some((wanted, before)), true) = (wanted, errors.is_empty()) else {
        let summary = "Nothing is shown until what you asked for is put right.".into();
        let page = view.page.problem(true);
        return html(StatusCode::UNPROCESSABLE_ENTITY, &LettersPage { page, errors, summary, ..view });
    };
    let id = entry.id;
    let found = web.store.read(move |conn| letter_search::search(conn, id, wanted, before)).await?;
    let summary = match (found.letters.len(), found.looked_enough, before) {
        (0, false, None) => "No letter is like that.".into(),
        (0, false, Some(_)) => "There are no older ones.".into(),
        (n, true, _) => format!("{} among those that were looked at; there may be older ones.", so_many(count(n))),
        (n, false, _) => {
            format!("{}, the newest first{}.", so_many(count(n)), if n == PAGE { "; more on the next page" } else { "" })
        }
    };
    let older = if found.looked_enough { "Look further back" } else { "Older letters" };
    let next = found.next.map(|next| (query.href(&view.path, next), older));
    let letters = found.letters.iter().map(|letter| (None, letter)).collect();
    html(StatusCode::OK, &LettersPage { summary, letters, next, ..view })
}

/// `POST /staff/campaigns/{slug}/letters/find`.
pub(super) async fn find(
    web: web::Data<Web>,
    staff: Staff,
    InCampaign(entry): InCampaign,
    Act(Find { who, after }): Act<Find>,
) -> Answer {
    let (offices, query) = (offices(&web, &entry).await?, Query::default());
    let view = LettersPage { who: &who, ..frame(&web, &staff, &entry, &offices, &query) };
    let after = if after.is_empty() { None } else { Some(after.parse::<i64>().map_err(|_| Failure::BadRequest)?) };
    let whom = match whom(who.trim()) {
        Ok(whom) => whom,
        Err(error) => {
            let (page, errors) = (view.page.problem(true), FormErrors::one("who", error));
            let view = LettersPage { page, errors, summary: "Nothing was looked for.".into(), ..view };
            return html(StatusCode::UNPROCESSABLE_ENTITY, &view);
        }
    };
    let about = (entry.id, entry.campaign.settings.slug.as_str());
    let (found, next_after) = web.staff_actions.search_supporter(&staff.actor(), about, Wanted::default(), whom, after).await?;
    let summary = if found.is_empty() {
        "No supporter of this campaign is called or reached like that. Whoever erased their data can't be found.".into()
    } else {
        format!("{}, by name.", so_many(count(found.len())))
    };
    let letters = found.iter().map(|FoundOf { name, letter }| (Some(name.as_str()), letter)).collect();
    html(StatusCode::OK, &LettersPage { summary, letters, next_after, ..view })
}

fn whom(typed: &str) -> Result<Who, &'static str> {
    if typed.contains('@') {
        EmailAddress::parse(typed).map(Who::Email).map_err(|_| "Write the whole e-mail address, such as ana@example.org.")
    } else if typed.chars().count() < 2 || typed.chars().any(char::is_control) {
        Err("Write at least two letters of the name, or a whole e-mail address.")
    } else {
        Ok(Who::NameBegins(typed.to_owned()))
    }
}

/// The offices to choose from.
async fn offices(web: &Web, entry: &CampaignEntry) -> Result<Vec<Office>, Failure> {
    let state = entry.campaign.settings.state;
    let mut offices = web.store.read(move |conn| offices::of_state(conn, state)).await?;
    offices.sort_by_cached_key(|office| office.district.in_words());
    Ok(offices)
}

/// The page without any letters.
fn frame<'a>(web: &Web, staff: &Staff, entry: &'a CampaignEntry, offices: &'a [Office], query: &'a Query) -> LettersPage<'a> {
    let settings = &entry.campaign.settings;
    LettersPage {
        page: staff.campaign_page(web, entry, Section::Letters, &format!("Letters: {}", settings.title)),
        path: path(&settings.slug),
        errors: FormErrors::default(),
        may_search: staff.may(Role::Editor),
        offices,
        query,
        who: "",
        summary: String::new(),
        letters: Vec::new(),
        next: None,
        next_after: None,
        zone: &settings.time_zone,
    }
}

/// What is wanted, and before which letter the page begins.
fn read(query: &Query, offices: &[Office], zone: &TimeZone, errors: &mut FormErrors) -> Option<(Wanted, Option<i64>)> {
    let given = |text: &str| -> Option<String> { Some(text.trim().to_owned()).filter(|text| !text.is_empty()) };
    let office = given(&query.office).and_then(|text| {
        let known = offices.iter().find(|office| office.id.to_string() == text).map(|office| office.id);
        errors.keep("office", known.ok_or("There is no such office. Choose one from the list."))
    });
    let state = given(&query.state).and_then(|text| {
        errors.keep("state", MessageState::parse(&text).map_err(|_| "There is no such state. Choose one from the list."))
    });
    let before = given(&query.before).and_then(|text| errors.keep("office", text.parse::<i64>().map_err(|_| MISTYPED)));
    let from = errors.keep("from", day(&query.from, "00:00", zone));
    let until = errors.keep("until", day(&query.until, "23:59:59", zone));
    let (from, until) = (from?, until?.map(|at| at.plus(Duration::from_secs(1))));
    if from.zip(until).is_some_and(|(from, until)| from >= until) {
        errors.add("until", "The last day lies before the first. Turn them around.");
    }
    Some((Wanted { office, state, from, until }, before))
}

/// That time of a day that was typed; `None` where nothing was.
fn day(typed: &str, time: &str, zone: &TimeZone) -> Result<Option<Timestamp>, &'static str> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    let day = Day::parse(typed).map_err(|_| NO_DAY)?;
    zone.at_local(&format!("{}T{time}", day.as_str())).map(Some).ok_or(NO_DAY)
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

impl LettersPage<'_> {
    /// The letters are those of supporters, who are named.
    fn named(&self) -> bool {
        self.letters.iter().any(|(name, _)| name.is_some())
    }
}

pub(super) fn path(slug: &Slug) -> String {
    format!("/staff/campaigns/{slug}/letters")
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
