//! One office in a campaign: its letters, by state and by day, where its official stands, its queue, what went wrong there.

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template;

use super::chart::{Chart, office_chart};
use super::nav::letters;
use super::outlook::{Outlook, pace};
use super::queues::{empty_at, of_cap, state};
use super::rests::Rests;
use super::session::Staff;
use super::words;
use crate::config::Limits;
use crate::domain::{Ladder, MessageState, ReturnKind, TimeZone, Timestamp};
use crate::store::depth::{self, OfficeQueue};
use crate::store::offices::Office;
use crate::store::trouble::{self, CameBack, Refused};
use crate::store::{Reader, StoreError, counts, pauses};
use crate::web::Web;
use crate::web::in_campaign::AtOffice;
use crate::web::parts::stands;
use crate::web::parts::stands::StandLine;
use crate::web::parts::{Page, filters};
use crate::web::response::{Answer, html};

/// So much trouble of each kind is told.
const TOLD: usize = 10;
/// So many towns of a district are named.
const TOWNS: usize = 30;

#[derive(Template)]
#[template(path = "console/office.html")]
struct OfficePage<'a> {
    page: Page,
    /// Who holds it, or that nobody does.
    title: &'a str,
    office: &'a Office,
    /// Path of its letters with the query begun, for those who may see them.
    letters_href: Option<String>,
    /// Path of the report for a meeting.
    report_href: String,
    read: &'a Numbers,
    chart: Chart,
    stands: Vec<StandLine<'a>>,
    /// The cities and towns of the district.
    towns: &'a [String],
    /// The queue, the pace and the limits, in sentences.
    queue: Vec<String>,
    zone: &'a TimeZone,
}

/// All that the page shows, read at one moment.
struct Numbers {
    ladder: Ladder,
    days: Vec<(String, i64)>,
    rests: Rests,
    queue: Option<OfficeQueue>,
    outlook: Outlook,
    domain: Option<String>,
    refused: Vec<Refused>,
    came_back: Vec<CameBack>,
}

fn numbers(conn: &mut Reader, campaign: i64, office: i64, destination: i64, now: Timestamp) -> Result<Numbers, StoreError> {
    let queues = depth::by_office(conn, now.minus(Duration::from_hours(1)))?;
    Ok(Numbers {
        ladder: counts::of_office(conn, campaign, office)?,
        days: counts::of_office_by_day(conn, campaign, office)?,
        rests: Rests::read(conn)?,
        queue: queues.into_iter().find(|queue| queue.destination == destination),
        outlook: Outlook::read(conn, now)?,
        domain: pauses::domains(conn)?.remove(&destination),
        refused: trouble::refused(conn, destination, TOLD)?,
        came_back: trouble::came_back(conn, destination, TOLD)?,
    })
}

/// `GET /staff/campaigns/{slug}/offices/{office}`; every role may see it: there is no supporter in it.
pub(super) async fn page(web: web::Data<Web>, staff: Staff, AtOffice { entry, office }: AtOffice) -> Answer {
    let (campaign, id, destination, now) = (entry.id, office.id, office.destination_id, web.clock.now());
    let read = web.store.read(move |conn| numbers(conn, campaign, id, destination, now)).await?;
    let settings = &entry.campaign.settings;
    let zone = &settings.time_zone;
    let title = holder(&office);
    let view = OfficePage {
        page: staff.campaign_office_page(&web, &entry, id, &format!("{title}: {}", settings.title)),
        title: &title,
        office: &office,
        letters_href: letters(staff.member.role, &settings.slug).map(|path| format!("{path}?office={id}")),
        report_href: format!("/staff/campaigns/{}/offices/{id}/report", settings.slug),
        chart: office_chart(&read.days, &zone.day(now)),
        stands: stands::lines(&entry, &office),
        towns: entry.jurisdiction.towns_of(id),
        queue: queue(&read, destination, web.config.limits, zone, now),
        read: &read,
        zone,
    };
    html(StatusCode::OK, &view)
}

/// "Senator Wren Harborlight", or that nobody holds the seat.
pub(super) fn holder(office: &Office) -> String {
    office.holder.as_ref().map_or_else(|| "Nobody holds this seat".into(), |holder| holder.person.titled())
}

/// "Saltwick, Owlbury and 12 more."
fn towns(names: &[String]) -> String {
    let listed = names.iter().take(TOWNS).cloned().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(TOWNS) {
        0 => format!("{listed}."),
        more => format!("{listed} and {more} more."),
    }
}

/// How much waits at the office, of all campaigns; how it is; what may go when.
fn queue(read: &Numbers, destination: i64, limits: Limits, zone: &TimeZone, now: Timestamp) -> Vec<String> {
    let rests = read.rests.of_destination(destination, read.domain.as_deref(), now);
    let mut said = match &read.queue {
        None => vec!["Nothing waits, and nothing went in the last hour.".to_owned()],
        Some(queue) => {
            let (waiting, common) = (queue.waiting.messages, pace(limits));
            let own = read.outlook.pace(destination, common);
            vec![
                format!(
                    "{}. {} {} in the queue of this office.",
                    read.outlook.state(queue, now).map_or_else(|| state(queue, rests, now), str::to_owned),
                    words::letters(waiting),
                    words::plural(waiting, "is", "are")
                ),
                format!("Accepted in the last hour: {}.", of_cap(queue.sent_in_hour, own.office_an_hour)),
                format!("All have gone: {}.", empty_at(read.outlook.empty(queue, common, now), rests, zone, now)),
            ]
        }
    };
    if let (None, Some(rests)) = (&read.queue, rests) {
        said.push(format!("{rests}."));
    }
    let own = read.outlook.pace(destination, pace(limits));
    let pace = match (own.office_a_minute, own.office_an_hour) {
        (0, 0) => "No limit is set for an office.".to_owned(),
        (minute, 0) => format!("At most {minute} a minute go to this office."),
        (0, hour) => format!("At most {hour} an hour go to this office."),
        (minute, hour) => format!("At most {minute} a minute and {hour} an hour go to this office."),
    };
    said.push(pace);
    said
}

fn not_taken(refused: &Refused) -> &'static str {
    match refused.outcome.as_str() {
        "retry" => "Tried again later",
        "failed" => "Refused for good",
        _ => "Interrupted, tried again",
    }
}

fn returned(back: &CameBack) -> &'static str {
    match back.kind {
        ReturnKind::Failed => "Did not arrive",
        ReturnKind::Delayed => "Is late",
        ReturnKind::Complaint => "Called spam",
        ReturnKind::AutomaticReply => "Automatic answer",
        ReturnKind::Answer => "Answer",
        ReturnKind::Forged | ReturnKind::Other => "Other mail",
    }
}
