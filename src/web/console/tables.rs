//! A campaign's numbers by official, by town and by day: a table each, on a page of its own.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;

use super::super::Web;
use super::super::in_campaign::InCampaign;
use super::super::parts::Page;
use super::super::response::{Answer, html};
use super::attention::seat;
use super::listing::{About, Column, Listing, Row, Table, Value};
use super::nav::{Section, letters};
use super::session::Staff;
use super::words;
use crate::domain::{Dimension, Ladder, MessageState, Slug};
use crate::intake::CampaignEntry;
use crate::report::{Group, Report, ReportRow};
use crate::store::counts;

#[derive(Template)]
#[template(path = "console/tables.html")]
pub(super) struct TablePage {
    pub(super) page: Page,
    pub(super) listing: Table,
    /// What its numbers mean.
    pub(super) note: &'static str,
}

/// `GET /staff/campaigns/{slug}/officials`.
pub(super) async fn officials(web: web::Data<Web>, staff: Staff, campaign: InCampaign, request: HttpRequest) -> Answer {
    page(&web, &staff, &campaign.0, &request, Dimension::Office).await
}

/// `GET /staff/campaigns/{slug}/towns`.
pub(super) async fn towns(web: web::Data<Web>, staff: Staff, campaign: InCampaign, request: HttpRequest) -> Answer {
    page(&web, &staff, &campaign.0, &request, Dimension::Town).await
}

/// `GET /staff/campaigns/{slug}/days`.
pub(super) async fn days(web: web::Data<Web>, staff: Staff, campaign: InCampaign, request: HttpRequest) -> Answer {
    page(&web, &staff, &campaign.0, &request, Dimension::Day).await
}

/// One of the pages; every role may see it: there is no supporter in it.
async fn page(web: &Web, staff: &Staff, entry: &CampaignEntry, request: &HttpRequest, by: Dimension) -> Answer {
    let settings = &entry.campaign.settings;
    let (id, name) = (entry.id, settings.slug.clone());
    let (total, report) = web.store.read(move |conn| Ok((counts::total(conn, id)?, Report::read(conn, id, name, by)?))).await?;
    let Texts { section, about, path, first, note } = texts(by);
    let columns = columns(first);
    let path = format!("/staff/campaigns/{}/{path}", settings.slug);
    let listing = Listing::read(&path, request.query_string(), &columns, None);
    let links =
        Links { slug: &settings.slug, letters: letters(staff.member.role, &settings.slug).filter(|_| by == Dimension::Office) };
    let mut rows: Vec<Row> = report.rows().iter().map(|row| links.row(row)).collect();
    if by == Dimension::Day {
        rows.reverse();
    }
    let chosen = listing.choose(rows);
    let whole = links.numbers(vec![Value::words("Whole campaign")], &total, None);
    let mut table = listing.table(about, chosen, vec![whole]);
    table.quiet = true;
    table.csv_href = Some(format!("/staff/campaigns/{}/counts.csv?by={}", settings.slug, by.as_str()));
    let title = format!("{}: {}", about.title, settings.title);
    let page = staff.campaign_page(web, entry, section, &title);
    html(StatusCode::OK, &TablePage { page, listing: table, note })
}

struct Texts {
    section: Section,
    about: &'static About,
    path: &'static str,
    first: Column,
    note: &'static str,
}

const EMPTY: &str = "Nobody has signed up yet. Numbers appear here with the first sign-up.";

fn texts(by: Dimension) -> Texts {
    let first = |key, label| Column { key, label, words: true };
    match by {
        Dimension::Town => Texts {
            section: Section::Towns,
            about: &About { id: "towns", title: "By town", find: "Find a town", what: ["town", "towns"], empty: EMPTY },
            path: "towns",
            first: first("town", "Town"),
            note: "A town counts the people who live there, and all their letters.",
        },
        Dimension::Day => Texts {
            section: Section::Days,
            about: &About {
                id: "days",
                title: "By day",
                find: "Find a day, such as November 22",
                what: ["day", "days"],
                empty: EMPTY,
            },
            path: "days",
            first: first("day", "Day"),
            note: "A letter counts on the day on which it came into the state that it is in now, so each column adds up to the whole.",
        },
        _ => Texts {
            section: Section::Officials,
            about: &About {
                id: "officials",
                title: "By official",
                find: "Find an official or a district",
                what: ["official", "officials"],
                empty: EMPTY,
            },
            path: "officials",
            first: first("official", "Official"),
            note: "A person counts for each official that they write to, and once in the whole campaign. Letters add up.",
        },
    }
}

/// The first column, then sign-ups, confirmed, all letters and each state.
fn columns(first: Column) -> Vec<Column> {
    let number = |key, label| Column { key, label, words: false };
    let states = MessageState::BY_GROUP.map(|state| number(state.as_str(), state.short()));
    let sums = [number("signed_up", "Signed up"), number("confirmed", "Confirmed"), number("total", "Letters")];
    std::iter::once(first).chain(sums).chain(states).collect()
}

/// Where the numbers of a campaign lead.
struct Links<'a> {
    slug: &'a Slug,
    /// The path of the letters, for a login that may see them; letters are found by office, not by town or day.
    letters: Option<String>,
}

impl Links<'_> {
    fn row(&self, row: &ReportRow) -> Row {
        let (head, filter) = match &row.group {
            Group::Campaign => (Value::words("Whole campaign"), None),
            Group::Office { id, chamber, district, official } => {
                let name = official.as_deref().unwrap_or("Nobody holds this seat");
                let href = format!("/staff/campaigns/{}/offices/{id}", self.slug);
                (Value::words(name).with(&seat(chamber, district)).link(href), Some(("office", id.to_string())))
            }
            Group::Town(name) => (Value::words(name), None),
            Group::Day(day) => (Value::dated(&words::day(day), day), None),
        };
        self.numbers(vec![head], &row.ladder, filter.as_ref())
    }

    /// The cells of a ladder in the order of [`columns`], each number of letters a link to the letters.
    fn numbers(&self, mut row: Row, ladder: &Ladder, filter: Option<&(&str, String)>) -> Row {
        let link = |value: Value, state: Option<MessageState>| {
            let state = state.map(|state| ("state", state.to_string()));
            let pairs: Vec<(&str, String)> = filter.cloned().into_iter().chain(state).collect();
            let query = serde_urlencoded::to_string(pairs).unwrap_or_default();
            match &self.letters {
                Some(path) => value.link(format!("{path}?{query}")),
                None => value,
            }
        };
        row.push(Value::number(ladder.signed_up));
        row.push(Value::number(ladder.confirmed));
        row.push(link(Value::number(ladder.letters.total()), None));
        for state in MessageState::BY_GROUP {
            row.push(link(Value::number(ladder.letters.get(state)), Some(state)));
        }
        row
    }
}
