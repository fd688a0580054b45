//! The console's first page: every campaign with its headline numbers.

use actix_web::http::StatusCode;
use actix_web::web;

use super::super::Web;
use super::super::response::Answer;
use super::super::views::figures::grouped;
use super::super::views::staff::{Line, StaffCampaignRow, StaffHomePage};
use super::attention::RosterState;
use super::nav::Place;
use super::sending::Sending;
use super::session::Staff;
use super::words;
use crate::domain::{Ladder, MessageState, Role, Timestamp};
use crate::intake::CampaignEntry;
use crate::store::{counts, webhooks};

/// `GET /staff`.
pub(super) async fn home(web: web::Data<Web>, staff: Staff) -> Answer {
    let now = web.clock.now();
    let mut entries = web.intake.catalog().campaigns().to_vec();
    entries.sort_by_key(|entry| !entry.campaign.settings.is_open(now));
    let ids: Vec<i64> = entries.iter().map(|entry| entry.id).collect();
    let mut states: Vec<_> = entries.iter().map(|entry| entry.jurisdiction.state).collect();
    states.sort_unstable();
    states.dedup();
    let (ladders, rosters, sending, off) = web
        .store
        .read(move |conn| {
            let ladders: Result<Vec<_>, _> = ids.iter().map(|id| counts::total(conn, *id)).collect();
            let rosters: Result<Vec<_>, _> = states.iter().map(|state| RosterState::read(conn, *state)).collect();
            let off = webhooks::all(conn)?.iter().filter(|hook| hook.disabled_at.is_some()).count();
            Ok((ladders?, rosters?, Sending::read(conn)?, off))
        })
        .await?;
    let view = StaffHomePage {
        page: staff.page(&web, Place::Campaigns, "Campaigns"),
        campaigns: entries.iter().zip(&ladders).map(|(entry, ladder)| row(entry, ladder, now)).collect(),
        sender: sending.line(ladders.iter().map(waiting).sum(), now),
        may_resume: sending.rests(now) && staff.may(Role::Editor),
        roster: roster(rosters.iter().map(|roster| roster.line(now)).collect()),
        webhooks: turned_off(off),
    };
    web.old_page(StatusCode::OK, "staff_home", &view)
}

/// Said while a webhook is off.
fn turned_off(off: usize) -> Option<Line> {
    let text = match off {
        0 => return None,
        1 => "A webhook failed for a day and is turned off. An admin can mend it and turn it on again.".to_owned(),
        many => format!("{many} webhooks failed for a day and are turned off. An admin can mend them and turn them on again."),
    };
    Some(Line { tone: "trouble".into(), text })
}

fn waiting(ladder: &Ladder) -> i64 {
    ladder.letters.get(MessageState::Queued) + ladder.letters.get(MessageState::Sending)
}

fn row(entry: &CampaignEntry, ladder: &Ladder, now: Timestamp) -> StaffCampaignRow {
    let settings = &entry.campaign.settings;
    let trouble = [MessageState::Bounced, MessageState::Failed, MessageState::Held];
    StaffCampaignRow {
        title: settings.title.clone(),
        href: format!("/staff/campaigns/{}", settings.slug),
        status: words::status(settings, now),
        signed_up: grouped(ladder.signed_up),
        confirmed: grouped(ladder.confirmed),
        sent: grouped(ladder.letters.get(MessageState::Sent)),
        waiting: grouped(waiting(ladder)),
        trouble: grouped(trouble.into_iter().map(|state| ladder.letters.get(state)).sum()),
    }
}

/// The lines of all states as one: as bad as the worst of them.
fn roster(lines: Vec<Line>) -> Line {
    if lines.is_empty() {
        return Line { tone: "quiet".into(), text: "A campaign says which state it writes to. There is none yet.".into() };
    }
    let tone = if lines.iter().any(|line| line.tone == "trouble") { "trouble" } else { "done" };
    Line { tone: tone.into(), text: lines.into_iter().map(|line| line.text).collect::<Vec<_>>().join(" ") }
}
