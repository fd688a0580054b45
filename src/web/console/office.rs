//! One office in a campaign: its letters, by state and by day, where its official stands, its queue, what went wrong there.

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::web;

use super::super::Web;
use super::super::parts::stands;
use super::super::response::{Answer, Failure};
use super::super::views::figures::{grouped, segments};
use super::super::views::office::{OfficePage, Trouble};
use super::days::chart;
use super::nav::{Section, letters};
use super::outlook::Outlook;
use super::overview::{by_state, described};
use super::queues::{empty_at, of_cap, pace, state};
use super::sending::Sending;
use super::session::Staff;
use super::words;
use crate::config::Limits;
use crate::domain::{Ladder, Person, ReturnKind, TimeZone, Timestamp};
use crate::store::depth::{self, OfficeQueue};
use crate::store::offices::Office;
use crate::store::trouble::{self, CameBack, Refused};
use crate::store::{Reader, StoreError, counts, pauses};

/// So much trouble of each kind is told.
const TOLD: usize = 10;
/// So many towns of a district are named.
const TOWNS: usize = 30;

/// All that the page shows, read at one moment.
struct Numbers {
    ladder: Ladder,
    days: Vec<(String, i64)>,
    sending: Sending,
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
        sending: Sending::read(conn)?,
        queue: queues.into_iter().find(|queue| queue.destination == destination),
        outlook: Outlook::read(conn, now)?,
        domain: pauses::domains(conn)?.remove(&destination),
        refused: trouble::refused(conn, destination, TOLD)?,
        came_back: trouble::came_back(conn, destination, TOLD)?,
    })
}

/// `GET /staff/campaigns/{slug}/offices/{id}`; every role may see it: there is no supporter in it.
pub(super) async fn page(web: web::Data<Web>, staff: Staff, path: web::Path<(String, i64)>) -> Answer {
    let (slug, id) = path.into_inner();
    let entry = web.intake.catalog().by_slug(&slug).ok_or(Failure::NotFound)?;
    let office = entry.jurisdiction.office_of_id(id).ok_or(Failure::NotFound)?;
    let (campaign, destination, now) = (entry.id, office.destination_id, web.clock.now());
    let read = web.store.read(move |conn| numbers(conn, campaign, id, destination, now)).await?;
    let settings = &entry.campaign.settings;
    let zone = &settings.time_zone;
    let segments = segments(&by_state(&read.ladder));
    let title = office.holder.as_ref().map_or_else(|| "Nobody holds this seat".into(), |holder| holder.person.titled());
    let base = format!("/staff/campaigns/{}", settings.slug);
    let moment = |at| zone.moment_in_words(at);
    let view = OfficePage {
        page: staff.campaign_page(&web, &entry, Section::Officials, &format!("{title}: {}", settings.title)),
        title,
        seat: seat(office),
        ways: ways(office),
        towns: towns(entry.jurisdiction.towns_of(id)),
        people: format!(
            "{} signed up to write to this office, and {} confirmed.",
            people(read.ladder.signed_up),
            grouped(read.ladder.confirmed)
        ),
        bar_description: described(&segments, read.ladder.letters.total()),
        segments,
        letters_total: grouped(read.ladder.letters.total()),
        letters_href: letters(staff.member.role, &settings.slug).map(|path| format!("{path}?office={id}")),
        report_href: format!("{base}/offices/{id}/report"),
        chart: chart(&read.days, &zone.day(now)),
        stands: stands::lines(&entry, office),
        sending_href: format!("/staff/sending/offices/{id}"),
        queue: queue(&read, destination, web.config.limits, zone, now),
        refused: read.refused.iter().map(|refused| not_taken(refused, moment(refused.at))).collect(),
        came_back: read.came_back.iter().map(|back| returned(back, moment(back.at))).collect(),
    };
    web.old_page(StatusCode::OK, "staff_office", &view)
}

fn people(n: i64) -> String {
    format!("{} {}", grouped(n), words::plural(n, "person", "people"))
}

fn seat(office: &Office) -> String {
    let party = office.holder.as_ref().map(|holder| holder.person.party.as_str()).filter(|party| !party.is_empty());
    let seat = office.district.in_words();
    party.map_or_else(|| seat.clone(), |party| format!("{seat}. {party}."))
}

fn ways(office: &Office) -> Vec<String> {
    let Some(Person { email, webform, phone, address, .. }) = office.holder.as_ref().map(|holder| &holder.person) else {
        return vec!["Letters to this office are held until a roster says who holds it.".into()];
    };
    let mut ways = Vec::new();
    match (email, webform) {
        (Some(email), _) => ways.push(format!("Letters go to {email}.", email = email.as_str())),
        (None, Some(form)) => ways.push(format!("Takes letters by its web form only: {form}")),
        (None, None) => ways.push("No way to reach this office is known; its letters are held.".into()),
    }
    ways.extend([phone, address].into_iter().filter(|text| !text.is_empty()).cloned());
    ways
}

/// "Saltwick, Owlbury and 12 more."
fn towns(names: &[String]) -> Option<String> {
    let more = names.len().saturating_sub(TOWNS);
    let listed = names.iter().take(TOWNS).cloned().collect::<Vec<_>>().join(", ");
    match (names.len(), more) {
        (0, _) => None,
        (_, 0) => Some(format!("{listed}.")),
        _ => Some(format!("{listed} and {more} more.")),
    }
}

/// How much waits at the office, of all campaigns; how it is; what may go when.
fn queue(read: &Numbers, destination: i64, limits: Limits, zone: &TimeZone, now: Timestamp) -> Vec<String> {
    let rests = read.sending.of_destination(destination, read.domain.as_deref(), now);
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

fn not_taken(refused: &Refused, when: String) -> Trouble {
    let what = match refused.outcome.as_str() {
        "retry" => "Tried again later",
        "failed" => "Refused for good",
        _ => "Interrupted, tried again",
    };
    Trouble { when, what: what.into(), words: refused.reply.clone() }
}

fn returned(back: &CameBack, when: String) -> Trouble {
    let what = match back.kind {
        ReturnKind::Failed => "Did not arrive",
        ReturnKind::Delayed => "Is late",
        ReturnKind::Complaint => "Called spam",
        ReturnKind::AutomaticReply => "Automatic answer",
        ReturnKind::Forged | ReturnKind::Other => "Other mail",
    };
    Trouble { when, what: what.into(), words: back.words.clone() }
}
