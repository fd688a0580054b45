//! The console's first page: every campaign with its headline numbers.

use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template;

use super::attention::RosterState;
use super::line::Line;
use super::nav::Place;
use super::session::Staff;
use super::words;
use crate::domain::{Ladder, MessageState, Role, StateGroup, Timestamp};
use crate::render::CampaignSettings;
use crate::store::{counts, webhooks};
use crate::web::Web;
use crate::web::parts::{Page, filters};
use crate::web::response::{Answer, html};

#[derive(Template)]
#[template(path = "console/home.html")]
struct HomePage<'a> {
    page: Page,
    may_make: bool,
    /// Open ones first.
    campaigns: Vec<(&'a CampaignSettings, &'a Ladder)>,
    roster: Line,
    /// Webhooks that were turned off because they failed for a day.
    webhooks_off: usize,
    now: Timestamp,
}

/// `GET /staff`.
pub(super) async fn home(web: web::Data<Web>, staff: Staff) -> Answer {
    let now = web.clock.now();
    let mut entries = web.intake.catalog().campaigns().to_vec();
    entries.sort_by_key(|entry| !entry.campaign.settings.is_open(now));
    let ids: Vec<i64> = entries.iter().map(|entry| entry.id).collect();
    let mut states: Vec<_> = entries.iter().map(|entry| entry.jurisdiction.state).collect();
    states.sort_unstable();
    states.dedup();
    let (ladders, rosters, webhooks_off) = web
        .store
        .read(move |conn| {
            let ladders: Result<Vec<_>, _> = ids.iter().map(|id| counts::total(conn, *id)).collect();
            let rosters: Result<Vec<_>, _> = states.iter().map(|state| RosterState::read(conn, *state)).collect();
            let off = webhooks::all(conn)?.iter().filter(|hook| hook.disabled_at.is_some()).count();
            Ok((ladders?, rosters?, off))
        })
        .await?;
    let view = HomePage {
        page: staff.page(&web, Place::Campaigns, "Campaigns"),
        may_make: staff.may(Role::Editor),
        campaigns: entries.iter().map(|entry| &entry.campaign.settings).zip(&ladders).collect(),
        roster: roster(rosters.iter().map(|roster| roster.line(now)).collect()),
        webhooks_off,
        now,
    };
    html(StatusCode::OK, &view)
}

/// The lines of all states as one: as bad as the worst of them.
fn roster(lines: Vec<Line>) -> Line {
    if lines.is_empty() {
        return Line { tone: "quiet".into(), text: "A campaign says which state it writes to. There is none yet.".into() };
    }
    let tone = if lines.iter().any(|line| line.tone == "trouble") { "trouble" } else { "done" };
    Line { tone: tone.into(), text: lines.into_iter().map(|line| line.text).collect::<Vec<_>>().join(" ") }
}
