//! The coverage page: how many people can be placed in their districts, and which offices can't be reached.

use actix_web::http::StatusCode;
use actix_web::web;

use super::super::Web;
use super::super::response::{Answer, Failure};
use super::super::views::figures::grouped;
use super::super::views::staff::Attention;
use super::super::views::staff_coverage::{Item, List, StaffCoveragePage, Way};
use super::attention::RosterState;
use super::nav::Section;
use super::session::Staff;
use super::words::plural;
use crate::domain::{Chamber, FoundBy, Municipality, Person};
use crate::intake::{Coverage, Settled};
use crate::store::offices::Office;
use crate::store::{signups, street_towns, streets};

/// How many of a long list are named; the page says how many more there are.
const NAMED: usize = 100;

/// `GET /staff/campaigns/{slug}/coverage`, open to every role: there is no supporter in it.
pub(super) async fn page(web: web::Data<Web>, staff: Staff, slug: web::Path<String>) -> Answer {
    let entry = web.intake.catalog().by_slug(&slug).ok_or(Failure::NotFound)?;
    let settings = &entry.campaign.settings;
    let (id, state, now) = (entry.id, settings.state, web.clock.now());
    let (found, towns, (ranges, files), roster) = web
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
    let signups = |ways: &[FoundBy]| -> i64 { found.iter().filter(|(by, _)| ways.contains(by)).map(|(_, n)| n).sum() };
    let known = coverage.by_town.people + coverage.by_street.people + coverage.by_choice.people;
    let way = |label: &str, about: &str, settled: &Settled, signups: i64| Way {
        label: label.into(),
        about: about.into(),
        municipalities: grouped(count(settled.municipalities)),
        people: people(settled),
        share: if settled.people == 0 && settled.uncounted > 0 { String::new() } else { share(settled.people, known) },
        signups: grouped(signups),
    };
    let ways = vec![
        way("Town", "One district in each chamber.", &coverage.by_town, signups(&[FoundBy::Town])),
        way(
            "Street",
            "Several districts; house number and street tell which, except near a border.",
            &coverage.by_street,
            signups(&[FoundBy::Street, FoundBy::Geocoder]),
        ),
        way(
            "Choice",
            "Several districts and no streets, or too few; the person chooses.",
            &coverage.by_choice,
            signups(&[FoundBy::Choice]),
        ),
    ];
    let uncounted = coverage.by_town.uncounted + coverage.by_street.uncounted + coverage.by_choice.uncounted;
    let towns = count(coverage.by_town.municipalities + coverage.by_street.municipalities + coverage.by_choice.municipalities);
    let view = StaffCoveragePage {
        page: staff.campaign_page(&web, &entry, Section::Coverage, &format!("Who can be placed: {}", state.name())),
        state: state.name().to_owned(),
        attention: attention(&coverage, &roster, now),
        ways,
        total: Way {
            municipalities: grouped(towns),
            people: if known == 0 && uncounted > 0 { "not known".into() } else { grouped(known) },
            signups: grouped(signups(&FoundBy::ALL)),
            ..Way::default()
        },
        streets: match ranges {
            0 => format!(
                "No streets are imported, so people choose where a town has several districts. Import them: standout streets import FILE... --state {}",
                state.code()
            ),
            n => format!(
                "{} ranges of house numbers are imported, from {} Census {}.",
                grouped(n),
                grouped(files),
                plural(files, "file", "files")
            ),
        },
        uncounted: (uncounted > 0).then(|| {
            format!(
                "For {} {} the number of people is not known. Import a CSV of towns with a column population to count people.",
                grouped(count(uncounted)),
                plural(count(uncounted), "town", "towns")
            )
        }),
        lists: lists(&coverage),
    };
    web.old_page(StatusCode::OK, "staff_coverage", &view)
}

fn attention(coverage: &Coverage<'_>, roster: &RosterState, now: crate::domain::Timestamp) -> Vec<Attention> {
    let mut list = Vec::new();
    let item = |tone: &str, text: String| Attention { tone: tone.into(), text, ..Attention::default() };
    let line = roster.line(now);
    list.push(item(&line.tone, format!("Roster. {}", line.text)));
    let unknown = count(coverage.unknown.len());
    if unknown > 0 {
        let names: Vec<&str> = coverage.unknown.iter().take(5).map(|town| town.name.as_str()).collect();
        let text = format!(
            "In {unknown} {} no district is known for one of the chambers, so nobody from there can sign up: {}.",
            plural(unknown, "city or town", "cities and towns"),
            names.join(", ")
        );
        list.push(item("trouble", text));
    }
    list
}

fn lists(coverage: &Coverage<'_>) -> Vec<List> {
    let list = |title: &str, about: &str, empty: &str, items: Vec<Item>| {
        let more = items.len().saturating_sub(NAMED);
        let about = if more > 0 { format!("{about} {} more are not shown.", grouped(count(more))) } else { about.to_owned() };
        List {
            title: format!("{title} ({})", grouped(count(items.len()))),
            about,
            empty: empty.into(),
            items: items.into_iter().take(NAMED).collect(),
        }
    };
    vec![
        list(
            "Offices without an e-mail address",
            "Supporters send these letters themselves where the office has a web form; otherwise the letters are held.",
            "Every official has an e-mail address.",
            coverage.without_email.iter().map(|office| without_email(office)).collect(),
        ),
        list(
            "Districts without an official",
            "Supporters are told that the seat is empty, and no letter is written to it.",
            "Every district has an official.",
            coverage.vacant.iter().map(|office| Item { name: office.district.in_words(), detail: "Empty seat".into() }).collect(),
        ),
        list(
            "Towns where people choose",
            "The largest first. Importing their streets settles most of these.",
            "Nobody has to choose.",
            coverage.choosing.iter().map(|(town, ranges)| choosing(town, *ranges)).collect(),
        ),
    ]
}

fn without_email(office: &Office) -> Item {
    let holder = office.holder.as_ref().map(|holder| &holder.person);
    let way = if holder.is_some_and(|person| person.webform.is_some()) { "web form only" } else { "no known way to write" };
    let name = holder.map_or_else(String::new, Person::titled);
    Item { name, detail: format!("{}: {way}", office.district.in_words()) }
}

fn choosing(town: &Municipality, ranges: i64) -> Item {
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
    Item { name: town.name.clone(), detail: detail.join("; ") }
}

/// "61%", rounded down; empty where nothing is counted.
fn share(part: i64, whole: i64) -> String {
    if whole == 0 { String::new() } else { format!("{}%", part * 100 / whole) }
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
