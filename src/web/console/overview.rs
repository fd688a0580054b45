//! A campaign's first page in the console: what needs a person, the ladder, letters by day, the queue.

use std::collections::BTreeMap;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::CONTENT_SECURITY_POLICY;
use actix_web::web;
use askama::Template;

use super::attention::{Attention, Concerns, RosterState, list};
use super::chart::{Chart, campaign_chart};
use super::nav::{Section, letters};
use super::session::Staff;
use super::words;
use crate::domain::{Dimension, Ladder, MessageState, Role, Slug, Timestamp, UsState};
use crate::render::CampaignSettings;
use crate::report::{Group, Report, ReportRow};
use crate::store::depth::{self, OfficeQueue};
use crate::store::mailboxes::{self, DeadMailbox};
use crate::store::{Reader, StoreError, counts};
use crate::web::Web;
use crate::web::in_campaign::InCampaign;
use crate::web::middleware::WITH_EVENTS;
use crate::web::parts::figures::grouped;
use crate::web::parts::{Page, filters};
use crate::web::response::{Answer, html};

#[derive(Template)]
#[template(path = "console/overview.html")]
struct OverviewPage<'a> {
    page: Page,
    path: &'a str,
    settings: &'a CampaignSettings,
    attention: Vec<Attention>,
    total: &'a Ladder,
    /// Path of the letters, for those who may see them.
    letters_href: Option<String>,
    /// In sentences.
    queue: Vec<String>,
    chart: Chart,
    now: Timestamp,
}

/// All that the page shows, read at one moment, so that its numbers agree with each other.
struct Numbers {
    total: Ladder,
    offices: Report,
    days: BTreeMap<String, Ladder>,
    roster: RosterState,
    dead: Vec<DeadMailbox>,
    queue: Queue,
}

fn numbers(conn: &mut Reader, id: i64, slug: &Slug, state: UsState, now: Timestamp) -> Result<Numbers, StoreError> {
    let offices = Report::read(conn, id, slug.clone(), Dimension::Office)?;
    Ok(Numbers {
        total: counts::total(conn, id)?,
        queue: queue(conn, offices.rows(), now)?,
        offices,
        days: counts::by(conn, id, Dimension::Day)?,
        roster: RosterState::read(conn, state)?,
        dead: mailboxes::dead(conn, state)?,
    })
}

/// `GET /staff/campaigns/{slug}`; every role may see it: there is no supporter in it.
pub(super) async fn page(web: web::Data<Web>, staff: Staff, InCampaign(entry): InCampaign) -> Answer {
    let settings = &entry.campaign.settings;
    let (id, name, state, now) = (entry.id, settings.slug.clone(), settings.state, web.clock.now());
    let read = web.store.read(move |conn| numbers(conn, id, &name, state, now)).await?;
    let Numbers { total, offices, days, roster, dead, queue } = read;
    let path = format!("/staff/campaigns/{}", settings.slug);
    let page = staff.campaign_page(&web, &entry, Section::Overview, &settings.title);
    let page = Page { events_href: Some(format!("{path}/events")), ..page };
    let concerns = Concerns {
        path: &path,
        total: &total,
        offices: offices.rows(),
        roster: &roster.line(now),
        dead: &dead,
        status: page.staff.as_ref().map(|staff| &staff.status),
        unknown_proxy: web.unknown_proxy.is_seen(now),
        may_change: staff.may(Role::Editor),
    };
    let view = OverviewPage {
        attention: list(&concerns),
        page,
        path: &path,
        settings,
        total: &total,
        letters_href: letters(staff.member.role, &settings.slug),
        queue: queue.sentences(now),
        chart: campaign_chart(&days, &settings.time_zone.day(now)),
        now,
    };
    let mut response = html(StatusCode::OK, &view)?;
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, WITH_EVENTS);
    Ok(response)
}

/// "91% of sign-ups", rounded down: it says 100 only when everybody confirmed. Empty where nobody has signed up.
pub(super) fn share(total: &Ladder) -> String {
    if total.signed_up > 0 { format!("{}% of sign-ups", total.confirmed * 100 / total.signed_up) } else { String::new() }
}

/// "42% with own words", rounded down, of the letters of which it is known.
pub(super) fn words_share(total: &Ladder) -> String {
    let known = total.own_words + total.set_words;
    if known > 0 { format!("{}% with own words", total.own_words * 100 / known) } else { String::new() }
}

/// What waits for the offices that a campaign's letters wait for.
struct Queue {
    /// Letters of the campaign that wait.
    waiting: i64,
    /// Letters of the campaign in hand.
    sending: i64,
    /// The queues that they wait in, which other campaigns may share.
    offices: Vec<OfficeQueue>,
}

/// Reads it; `rows` are the campaign's counts by office.
fn queue(conn: &mut Reader, rows: &[ReportRow], now: Timestamp) -> Result<Queue, StoreError> {
    let of = |state| rows.iter().map(|row| row.ladder.letters.get(state)).sum();
    let waiting_at: Vec<i64> = rows
        .iter()
        .filter(|row| row.ladder.letters.get(MessageState::Queued) > 0)
        .filter_map(|row| if let Group::Office { id, .. } = row.group { Some(id) } else { None })
        .collect();
    let offices = if waiting_at.is_empty() { Vec::new() } else { depth::by_office(conn, now)? };
    let offices = offices.into_iter().filter(|queue| waiting_at.contains(&queue.office)).collect();
    Ok(Queue { waiting: of(MessageState::Queued), sending: of(MessageState::Sending), offices })
}

impl Queue {
    /// "340 letters wait. The first has been due for 2 hours."
    fn sentences(&self, now: Timestamp) -> Vec<String> {
        if self.waiting + self.sending == 0 {
            return vec!["Nothing waits to be sent.".into()];
        }
        let wait = format!("{} {} to be sent", words::letters(self.waiting), words::plural(self.waiting, "waits", "wait"));
        let mut said = vec![match self.sending {
            0 => format!("{wait}."),
            n => format!("{wait}, {} {} in hand.", grouped(n), words::plural(n, "is", "are")),
        }];
        let first = self.offices.iter().filter_map(|office| office.waiting.first_due).min();
        if let Some(first) = first {
            said.push(match now.since(first) {
                late if late < Duration::from_mins(2) => "None of them is late.".into(),
                late => format!("The first in line has been due for {}.", words::wait(late)),
            });
        }
        said
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_queue_is_told_in_sentences() {
        let now = Timestamp::from_millis(1_795_359_600_000);
        let said = |waiting, sending| Queue { waiting, sending, offices: Vec::new() }.sentences(now).join(" ");
        assert_eq!(said(0, 0), "Nothing waits to be sent.");
        assert_eq!(said(1, 2), "1 letter waits to be sent, 2 are in hand.");
        assert_eq!(said(1204, 0), "1,204 letters wait to be sent.");
    }
}
