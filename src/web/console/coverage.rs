//! How many people's districts are known from their address, and which offices can't be reached.

use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template;

use super::attention::{Attention, RosterState};
use super::nav::Section;
use super::session::Staff;
use super::words::plural;
use crate::domain::{Chamber, FoundBy, Municipality, Timestamp, UsState};
use crate::intake::{Coverage, Settled};
use crate::store::offices::Office;
use crate::store::{signups, street_towns, streets};
use crate::web::Web;
use crate::web::in_campaign::InCampaign;
use crate::web::parts::figures::grouped;
use crate::web::parts::{Page, filters};
use crate::web::response::{Answer, html};

/// How many of a long list are named; the page says how many more there are.
const NAMED: usize = 100;

#[derive(Template)]
#[template(path = "console/coverage.html")]
struct CoveragePage<'a> {
    page: Page,
    state: UsState,
    attention: Vec<Attention>,
    coverage: &'a Coverage<'a>,
    all: Settled,
    /// The campaign's sign-ups: by town, by street, by choice, and all of them.
    signups: [i64; 4],
    /// Ranges of house numbers, and from how many files.
    streets: (i64, i64),
}

/// `GET /staff/campaigns/{slug}/coverage`, open to every role: there is no supporter in it.
pub(super) async fn page(web: web::Data<Web>, staff: Staff, InCampaign(entry): InCampaign) -> Answer {
    let (id, state, now) = (entry.id, entry.campaign.settings.state, web.clock.now());
    let (found, towns, streets, roster) = web
        .store
        .read(move |conn| {
            Ok((
                signups::found_by(conn, id)?,
                street_towns::counts(conn, state)?,
                streets::count(conn, state)?,
                RosterState::read(conn, state)?,
            ))
        })
        .await?;
    let coverage = Coverage::of(&entry.jurisdiction, &towns);
    let view = CoveragePage {
        page: staff.campaign_page(&web, &entry, Section::Coverage, &format!("Address coverage: {}", state.name())),
        state,
        attention: attention(&coverage, &roster, now),
        all: all([&coverage.by_town, &coverage.by_street, &coverage.by_choice]),
        coverage: &coverage,
        signups: [&[FoundBy::Town][..], &[FoundBy::Street, FoundBy::Geocoder], &[FoundBy::Choice], &FoundBy::ALL]
            .map(|ways| found.iter().filter(|(by, _)| ways.contains(by)).map(|(_, n)| n).sum()),
        streets,
    };
    html(StatusCode::OK, &view)
}

fn all(ways: [&Settled; 3]) -> Settled {
    Settled {
        municipalities: ways.iter().map(|way| way.municipalities).sum(),
        people: ways.iter().map(|way| way.people).sum(),
        uncounted: ways.iter().map(|way| way.uncounted).sum(),
    }
}

fn attention(coverage: &Coverage<'_>, roster: &RosterState, now: Timestamp) -> Vec<Attention> {
    let line = roster.line(now);
    let tone = if line.tone == "done" { "done" } else { "trouble" };
    let mut list = vec![Attention::new(tone, format!("Roster. {}", line.text))];
    let unknown = count(coverage.unknown.len());
    if unknown > 0 {
        let names: Vec<&str> = coverage.unknown.iter().take(5).map(|town| town.name.as_str()).collect();
        let text = format!(
            "In {unknown} {} no district is known for one of the chambers, so nobody from there can sign up: {}.",
            plural(unknown, "city or town", "cities and towns"),
            names.join(", ")
        );
        list.push(Attention::new("trouble", text));
    }
    list
}

/// How letters reach an office without a mailbox.
fn way(office: &Office) -> &'static str {
    let has_form = office.holder.as_ref().is_some_and(|holder| holder.person.webform.is_some());
    if has_form { "web form only" } else { "no known way to write" }
}

/// What is known of a town where people choose.
fn choosing(town: &Municipality, ranges: i64) -> String {
    let districts = |chamber, one: &str, many: &str| {
        let n = count(town.of(chamber).count());
        format!("{n} {}", plural(n, one, many))
    };
    let mut detail = vec![format!(
        "{}, {}",
        districts(Chamber::Upper, "Senate district", "Senate districts"),
        districts(Chamber::Lower, "House district", "House districts")
    )];
    if let Some(people) = town.population {
        detail.push(format!("{} {}", grouped(people), plural(people, "person", "people")));
    }
    if ranges > 0 {
        let what = plural(ranges, "range of house numbers", "ranges of house numbers");
        detail.push(format!("only {} {what}, too few to be all its streets", grouped(ranges)));
    }
    detail.join("; ")
}

/// "61%" of all people, rounded down; empty where nobody is counted.
fn share(settled: &Settled, all: &Settled) -> String {
    if all.people == 0 || (settled.people == 0 && settled.uncounted > 0) {
        return String::new();
    }
    format!("{}%", settled.people * 100 / all.people)
}

/// How many people live in towns of which some have no number.
fn people(settled: &Settled) -> String {
    match settled.people {
        0 if settled.uncounted > 0 => "not known".into(),
        people => grouped(people),
    }
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
