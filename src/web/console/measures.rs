//! A campaign's measures in the console: what letters ask for, chosen by editors, and how many officials stand where.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template;

use super::act::Act;
use super::nav::Section;
use super::session::Staff;
use super::words::{Done, JustDone};
use crate::domain::{Ask, Chamber, Role, Stand};
use crate::intake::{CampaignEntry, StandCounts};
use crate::web::Web;
use crate::web::in_campaign::InCampaign;
use crate::web::parts::{Page, filters};
use crate::web::response::{Answer, Failure, html};

#[derive(Template)]
#[template(path = "console/measures.html")]
struct MeasuresPage<'a> {
    page: Page,
    done: JustDone,
    may_change: bool,
    entry: &'a CampaignEntry,
    /// How many officials stand where, for each measure.
    chambers: Vec<(Chamber, Vec<StandCounts>)>,
}

/// `GET /staff/campaigns/{slug}/measures`.
pub(super) async fn page(web: web::Data<Web>, staff: Staff, InCampaign(entry): InCampaign, done: JustDone) -> Answer {
    let settings = &entry.campaign.settings;
    let chambers = settings.offices.iter().filter(|chamber| **chamber != Chamber::Governor);
    let view = MeasuresPage {
        page: staff.campaign_page(&web, &entry, Section::Asks, &format!("Asks: {}", settings.title)),
        done,
        may_change: staff.may(Role::Editor),
        chambers: chambers.map(|chamber| (*chamber, entry.stand_counts(*chamber))).collect(),
        entry: &entry,
    };
    html(StatusCode::OK, &view)
}

/// `POST /staff/campaigns/{slug}/measures`: the field `ask_` and a measure's key for each measure that is chosen for.
pub(super) async fn choose(
    web: web::Data<Web>,
    staff: Staff,
    InCampaign(entry): InCampaign,
    Act(form): Act<BTreeMap<String, String>>,
) -> Answer {
    let settings = &entry.campaign.settings;
    let mut chosen = BTreeMap::new();
    for measure in &settings.measures {
        let Some(word) = form.get(&format!("ask_{}", measure.key)) else { continue };
        let ask = Ask::parse(word).ok().filter(|ask| measure.asks.contains_key(ask)).ok_or(Failure::BadRequest)?;
        chosen.insert(measure.key.clone(), ask);
    }
    web.staff_actions.choose_asks(&staff.actor(), &entry, chosen).await?;
    Ok(Done::Asks.at(&format!("/staff/campaigns/{}/measures", settings.slug)))
}

fn so_many(counts: &StandCounts, stand: Stand) -> i64 {
    counts.get(&stand).copied().unwrap_or(0)
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
