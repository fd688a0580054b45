//! A campaign's measures in the console: what letters ask for, chosen by editors, and how many officials stand where.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::web;
use serde::Deserialize;

use super::super::Web;
use super::super::form::Form;
use super::super::response::{Answer, Failure, see_other};
use super::super::views::figures::Cell;
use super::super::views::stands::{AskOption, MeasureView, MeasuresPage, StandRow};
use super::nav::Section;
use super::session::Staff;
use crate::domain::{Ask, Chamber, Role, Stand};
use crate::intake::{CampaignEntry, StandCounts};
use crate::render::Measure;

/// Said after a change.
#[derive(Deserialize)]
pub(super) struct Query {
    #[serde(default)]
    saved: String,
}

/// `GET /staff/campaigns/{slug}/measures`.
pub(super) async fn page(web: web::Data<Web>, staff: Staff, slug: web::Path<String>, query: web::Query<Query>) -> Answer {
    let entry = web.intake.catalog().by_slug(&slug).ok_or(Failure::NotFound)?;
    let settings = &entry.campaign.settings;
    let page = staff.campaign_page(&web, &entry, Section::Asks, &format!("What letters ask for: {}", settings.title));
    let chambers: Vec<_> =
        settings.offices.iter().filter(|c| **c != Chamber::Governor).map(|c| (*c, entry.stand_counts(*c))).collect();
    let measure = |(at, measure): (usize, &Measure)| {
        let rows = chambers.iter().filter_map(|(chamber, counts)| Some(row(*chamber, counts.get(at)?)));
        view(&entry, measure, rows.collect())
    };
    let view = MeasuresPage {
        action: path(&entry),
        csrf: staff.csrf().to_owned(),
        notice: (query.saved == "1").then(|| "Saved. The next letter asks for what is chosen here.".to_owned()),
        may_change: staff.may(Role::Editor),
        measures: settings.measures.iter().enumerate().map(measure).collect(),
        page,
    };
    web.old_page(StatusCode::OK, "staff_measures", &view)
}

/// `POST /staff/campaigns/{slug}/measures`.
pub(super) async fn choose(
    web: web::Data<Web>,
    staff: Staff,
    slug: web::Path<String>,
    Form(form): Form<BTreeMap<String, String>>,
) -> Answer {
    staff.check_may(&web, Role::Editor, form.get("csrf").map_or("", String::as_str))?;
    let entry = web.intake.catalog().by_slug(&slug).ok_or(Failure::NotFound)?;
    let mut chosen = BTreeMap::new();
    for measure in &entry.campaign.settings.measures {
        let Some(word) = form.get(&field(measure)) else { continue };
        let ask = Ask::parse(word).ok().filter(|ask| measure.asks.contains_key(ask)).ok_or(Failure::BadRequest)?;
        chosen.insert(measure.key.clone(), ask);
    }
    web.staff_actions.choose_asks(&staff.actor(), &entry, chosen).await?;
    Ok(see_other(&format!("{}?saved=1", path(&entry))))
}

fn path(entry: &CampaignEntry) -> String {
    format!("/staff/campaigns/{}/measures", entry.campaign.settings.slug)
}

fn field(measure: &Measure) -> String {
    format!("ask_{}", measure.key)
}

fn view(entry: &CampaignEntry, measure: &Measure, rows: Vec<StandRow>) -> MeasureView {
    let in_force = entry.ask(measure);
    let option = |(ask, text): (&Ask, &String)| AskOption {
        value: ask.as_str().to_owned(),
        label: ask.label().to_owned(),
        text: text.clone(),
        checked: *ask == in_force,
    };
    MeasureView {
        key: measure.key.clone(),
        name: measure.name.clone(),
        numbers: measure.numbers.join(", "),
        field: field(measure),
        asks: measure.asks.iter().map(option).collect(),
        columns: Stand::ALL.iter().map(|stand| column(*stand).to_owned()).collect(),
        rows,
    }
}

fn row(chamber: Chamber, counts: &StandCounts) -> StandRow {
    let cells = Stand::ALL.iter().map(|stand| Cell::of(counts.get(stand).copied().unwrap_or(0)));
    StandRow { head: chamber.label().to_owned(), cells: cells.collect() }
}

/// A stand as the head of a column.
pub(super) const fn column(stand: Stand) -> &'static str {
    match stand {
        Stand::Sponsor => "Leads it",
        Stand::Signed => "Signed",
        Stand::NotSigned => "Not signed",
        Stand::For => "In favor",
        Stand::Against => "Against",
        Stand::Conflicting => "Sources disagree",
        Stand::NotKnown => "Not known",
    }
}
