//! `GET /staff/campaigns/{slug}/events`: a campaign's numbers as server-sent events (HTML standard, "Server-sent events"), each time
//! they change, at most once a second. It ends when the login's session ends or the service stops.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use actix_web::http::Method;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::{HttpRequest, HttpResponse, web};
use futures_util::stream;
use tokio::time::{Interval, MissedTickBehavior, interval};

use super::super::Web;
use super::super::in_campaign::InCampaign;
use super::super::live::Watched;
use super::super::parts::figures::grouped;
use super::super::response::{Answer, Failure};
use super::ladder::segments;
use super::overview::{share, words_share};
use super::session::Staff;
use crate::domain::{Ladder, MessageState, Token};
use crate::intake::CampaignEntry;

/// So often the session is looked at.
const CHECK: Duration = Duration::from_secs(2);
const EVENTS: &str = "text/event-stream; charset=utf-8";
/// After so many looks without a word something is said all the same, so that a page that has gone is noticed.
const QUIET: u32 = 8;

/// An open page.
struct Open {
    web: web::Data<Web>,
    entry: Arc<CampaignEntry>,
    session: Token,
    watched: Watched,
    checks: Interval,
    quiet: u32,
    over: bool,
}

/// Opens the stream; there is no person in it, so every role may.
pub(super) async fn events(web: web::Data<Web>, staff: Staff, request: HttpRequest, InCampaign(entry): InCampaign) -> Answer {
    if request.method() == Method::HEAD {
        return Ok(HttpResponse::Ok().insert_header((CONTENT_TYPE, EVENTS)).finish());
    }
    let watched = web.live.watch(entry.id).ok_or(Failure::Busy)?;
    let mut checks = interval(CHECK);
    checks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let open = Open { web, entry, session: staff.session().clone(), watched, checks, quiet: 0, over: false };
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, EVENTS))
        // A proxy that gathers an answer before it passes it on would keep the numbers back.
        .insert_header(("X-Accel-Buffering", "no"))
        .streaming(stream::unfold(open, next)))
}

async fn next(mut open: Open) -> Option<(Result<web::Bytes, Infallible>, Open)> {
    if open.over {
        return None;
    }
    loop {
        tokio::select! {
            changed = open.watched.changed() => {
                let event = numbers(&open, &*changed?);
                open.quiet = 0;
                return Some((Ok(event.into()), open));
            }
            _ = open.checks.tick() => {
                let member = open.web.auth.of_session(&open.session, open.web.clock.now()).await;
                if !matches!(member, Ok(Some(_))) {
                    open.over = true;
                    return Some((Ok(web::Bytes::from_static(b"event: end\ndata: The session has ended.\n\n")), open));
                }
                open.quiet += 1;
                if open.quiet >= QUIET {
                    open.quiet = 0;
                    return Some((Ok(web::Bytes::from_static(b": nothing new\n\n")), open));
                }
            }
        }
    }
}

/// The names are those of `data-live` on the pages; `bar` holds start and width of each part.
fn numbers(open: &Open, ladder: &Ladder) -> String {
    let zone = &open.entry.campaign.settings.time_zone;
    let mut said: BTreeMap<&str, String> = BTreeMap::new();
    for state in MessageState::ALL {
        said.insert(state.as_str(), grouped(ladder.letters.get(state)));
    }
    said.insert("visited", grouped(ladder.visited));
    said.insert("signed_up", grouped(ladder.signed_up));
    said.insert("confirmed", grouped(ladder.confirmed));
    said.insert("total", grouped(ladder.letters.total()));
    said.insert("confirmed_share", share(ladder));
    said.insert("words_share", words_share(ladder));
    said.insert("as_of", zone.moment_in_words(open.web.clock.now()));
    let parts = segments(&ladder.letters);
    let bar: BTreeMap<&str, [i64; 2]> = parts.iter().map(|part| (part.state.as_str(), [part.x, part.width])).collect();
    format!("event: numbers\ndata: {}\n\n", serde_json::json!({ "texts": said, "bar": bar }))
}
