//! A campaign's first page in the console: what needs a person, the ladder, letters by day, the queue.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::http::header::CONTENT_SECURITY_POLICY;
use actix_web::web;

use super::super::Web;
use super::super::middleware::WITH_EVENTS;
use super::super::response::{Answer, Failure};
use super::super::views::figures::{Segment, grouped, segments};
use super::super::views::overview::{Figure, OverviewPage};
use super::super::views::{Moment, Page};
use super::attention::{Concerns, RosterState, list};
use super::days::campaign_chart;
use super::nav::{Section, letters};
use super::queue::{Queue, queue};
use super::sending::Sending;
use super::session::Staff;
use super::words;
use crate::domain::{Dimension, Ladder, MessageState, Role, Slug, Timestamp, UsState};
use crate::report::Report;
use crate::store::mailboxes::{self, DeadMailbox};
use crate::store::{Reader, StoreError, counts};

/// All that the page shows, read at one moment, so that its numbers agree with each other.
struct Numbers {
    total: Ladder,
    offices: Report,
    days: BTreeMap<String, Ladder>,
    roster: RosterState,
    dead: Vec<DeadMailbox>,
    sending: Sending,
    queue: Queue,
}

fn numbers(conn: &mut Reader, id: i64, slug: &Slug, state: UsState, now: Timestamp) -> Result<Numbers, StoreError> {
    let offices = Report::read(conn, id, slug.clone(), Dimension::Office)?;
    Ok(Numbers {
        total: counts::total(conn, id)?,
        queue: queue(conn, id, offices.rows(), now)?,
        offices,
        days: counts::by(conn, id, Dimension::Day)?,
        roster: RosterState::read(conn, state)?,
        dead: mailboxes::dead(conn, state)?,
        sending: Sending::read(conn)?,
    })
}

/// `GET /staff/campaigns/{slug}`; every role may see it: there is no supporter in it.
pub(super) async fn page(web: web::Data<Web>, staff: Staff, slug: web::Path<String>) -> Answer {
    let entry = web.intake.catalog().by_slug(&slug).ok_or(Failure::NotFound)?;
    let settings = &entry.campaign.settings;
    let (id, name, state, now) = (entry.id, settings.slug.clone(), settings.state, web.clock.now());
    let read = web.store.read(move |conn| numbers(conn, id, &name, state, now)).await?;
    let Numbers { total, offices, days, roster, dead, sending, queue } = read;

    let path = format!("/staff/campaigns/{}", settings.slug);
    let roster = roster.line(now);
    let concerns = Concerns {
        path: &path,
        total: &total,
        offices: offices.rows(),
        roster: &roster,
        dead: &dead,
        sender: sending.line(total.letters.get(MessageState::Queued), now),
        unknown_proxy: web.unknown_proxy.is_seen(now),
        may_change: staff.may(Role::Editor),
    };
    let states = by_state(&total);
    let segments = segments(&states);
    let view = OverviewPage {
        page: Page {
            events_href: Some(format!("{path}/events")),
            ..staff.campaign_page(&web, &entry, Section::Overview, &settings.title)
        },
        title: settings.title.clone(),
        status: words::status(settings, now),
        public_href: format!("/campaigns/{}", settings.slug),
        as_of: Moment { text: settings.time_zone.moment_in_words(now), iso: now.rfc3339() },
        attention: list(&concerns),
        figures: figures(&total),
        bar_description: described(&segments, total.letters.total()),
        segments,
        letters_href: letters(staff.member.role, &settings.slug),
        letters_total: grouped(total.letters.total()),
        queue: queue.sentences(&sending, web.config.limits, &settings.time_zone, now),
        chart: campaign_chart(&days, &settings.time_zone.day(now)),
        path,
    };
    let mut response = web.old_page(StatusCode::OK, "staff_overview", &view)?;
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, WITH_EVENTS);
    Ok(response)
}

/// Letters of each state by its stored name.
pub(super) fn by_state(ladder: &Ladder) -> Vec<(&'static str, i64)> {
    MessageState::ALL.iter().map(|state| (state.as_str(), ladder.letters.get(*state))).collect()
}

fn figures(total: &Ladder) -> Vec<Figure> {
    let figure = |key: &str, label: &str, n: i64, note_key: &str, note: Option<String>| Figure {
        key: key.into(),
        label: label.into(),
        count: grouped(n),
        note_key: note_key.into(),
        note: note.unwrap_or_default(),
    };
    vec![
        figure("visited", "Page opened", total.visited, "", Some("times, see below".into())),
        figure("signed_up", "Signed up", total.signed_up, "", Some("people".into())),
        figure("confirmed", "Confirmed", total.confirmed, "confirmed_share", share(total)),
        figure("total", "Letters", total.letters.total(), "words_share", words_share(total)),
        figure("sent", "Accepted", total.letters.get(MessageState::Sent), "", Some("by the offices' mail servers".into())),
    ]
}

/// "91% of sign-ups", rounded down: it says 100 only when everybody confirmed.
pub(super) fn share(total: &Ladder) -> Option<String> {
    (total.signed_up > 0).then(|| format!("{}% of sign-ups", total.confirmed * 100 / total.signed_up))
}

/// "42% with own words", rounded down, of the letters of which it is known.
pub(super) fn words_share(total: &Ladder) -> Option<String> {
    let known = total.own_words + total.set_words;
    (known > 0).then(|| format!("{}% with own words", total.own_words * 100 / known))
}

/// The bar as a sentence.
pub(super) fn described(segments: &[Segment], total: i64) -> String {
    let parts: Vec<_> =
        segments.iter().filter(|part| !part.zero).map(|part| format!("{} {}", part.count, part.label.to_lowercase())).collect();
    if parts.is_empty() { "No letters yet.".into() } else { format!("{}: {}.", words::letters(total), parts.join(", ")) }
}
