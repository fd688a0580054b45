//! A campaign's page in the console: what needs a person, the ladder, the tables.

use actix_web::http::StatusCode;
use actix_web::web;

use super::super::Web;
use super::super::answer::{Answer, Failure};
use super::super::views::Moment;
use super::super::views::figures::{Cell, CountsRow, CountsTable, STATES, Segment, columns, grouped, segments};
use super::super::views::staff::StaffCampaignPage;
use super::attention::{RosterState, list, seat};
use super::nav::Section;
use super::session::Staff;
use super::words;
use crate::domain::{Dimension, Ladder, MessageState, Role, Slug, UsState};
use crate::report::{Group, Report, ReportRow};
use crate::store::mailboxes::{self, DeadMailbox};
use crate::store::{Reader, StoreError, counts};

/// All that the page shows, read at one moment, so that its numbers agree with each other.
struct Numbers {
    total: Ladder,
    offices: Report,
    towns: Report,
    days: Report,
    roster: RosterState,
    dead: Vec<DeadMailbox>,
}

/// `GET /staff/campaigns/{slug}`.
pub(super) async fn page(web: web::Data<Web>, staff: Staff, slug: web::Path<String>) -> Answer {
    let entry = web.intake.catalog().by_slug(&slug).ok_or(Failure::NotFound)?;
    let settings = &entry.campaign.settings;
    let (id, name, state) = (entry.id, settings.slug.clone(), settings.state);
    let numbers = web.store.read(move |conn| numbers(conn, id, &name, state)).await?;
    let Numbers { total, offices, towns, days, roster, dead } = numbers;
    let now = web.clock.now();

    let by_state: Vec<(&str, i64)> = MessageState::ALL.iter().map(|state| (state.as_str(), total.letters.get(*state))).collect();
    let segments = segments(&by_state);
    let table = |by, title: &str, first: &str, rows: Vec<CountsRow>| table(&settings.slug, by, [title, first], rows, &total);
    let view = StaffCampaignPage {
        page: staff.campaign_page(&web, &entry, Section::Overview, &settings.title),
        slug: settings.slug.as_str().to_owned(),
        title: settings.title.clone(),
        status: words::status(settings, now),
        public_href: format!("/campaigns/{}", settings.slug),
        as_of: Moment { text: settings.time_zone.moment_in_words(now), iso: now.rfc3339() },
        attention: list(&total, offices.rows(), &roster.line(now), &dead, staff.may(Role::Editor)),
        signed_up: grouped(total.signed_up),
        confirmed: grouped(total.confirmed),
        confirmed_share: share(&total),
        letters_total: grouped(total.letters.total()),
        sent: grouped(total.letters.get(MessageState::Sent)),
        bar_description: described(&segments, total.letters.total()),
        segments,
        tables: vec![
            table(Dimension::Office, "By official", "Official", offices.rows().iter().map(row).collect()),
            table(Dimension::Town, "By town", "Town", towns.rows().iter().map(row).collect()),
            table(Dimension::Day, "By day", "Day", days.rows().iter().rev().map(row).collect()),
        ],
    };
    web.page(StatusCode::OK, "staff_campaign", &view)
}

fn numbers(conn: &mut Reader, id: i64, slug: &Slug, state: UsState) -> Result<Numbers, StoreError> {
    Ok(Numbers {
        total: counts::total(conn, id)?,
        offices: Report::read(conn, id, slug.clone(), Dimension::Office)?,
        towns: Report::read(conn, id, slug.clone(), Dimension::Town)?,
        days: Report::read(conn, id, slug.clone(), Dimension::Day)?,
        roster: RosterState::read(conn, state)?,
        dead: mailboxes::dead(conn, state)?,
    })
}

/// "91% of sign-ups", rounded down: it says 100 only when everybody confirmed.
fn share(total: &Ladder) -> Option<String> {
    (total.signed_up > 0).then(|| format!("{}% of sign-ups", total.confirmed * 100 / total.signed_up))
}

fn described(segments: &[Segment], total: i64) -> String {
    let parts: Vec<_> =
        segments.iter().filter(|part| !part.zero).map(|part| format!("{} {}", part.count, part.label.to_lowercase())).collect();
    if parts.is_empty() { "No letters yet.".into() } else { format!("{}: {}.", words::letters(total), parts.join(", ")) }
}

/// A table whose last row is the whole campaign. By official that row is not the sum of sign-ups: a supporter counts
/// for each of their officials, and once in the whole.
fn table(slug: &Slug, by: Dimension, [title, first]: [&str; 2], rows: Vec<CountsRow>, total: &Ladder) -> CountsTable {
    let by = by.as_str();
    CountsTable {
        by: by.into(),
        title: title.into(),
        first: first.into(),
        csv_href: format!("/staff/campaigns/{slug}/counts.csv?by={by}"),
        empty: "Nobody has signed up yet. Numbers appear here with the first sign-up.".into(),
        columns: columns(),
        total: Some(CountsRow { head: "Whole campaign".into(), cells: cells(total), ..CountsRow::default() }),
        rows,
    }
}

fn row(row: &ReportRow) -> CountsRow {
    let (head, sub) = match &row.group {
        Group::Campaign => ("Whole campaign".to_owned(), None),
        Group::Office { chamber, district, official, .. } => {
            (official.clone().unwrap_or_else(|| "Nobody holds this seat".into()), Some(seat(chamber, district)))
        }
        Group::Town(name) => (name.clone(), None),
        Group::Day(day) => (words::day(day), None),
    };
    CountsRow { head, sub, cells: cells(&row.ladder) }
}

/// In the order of [`columns`].
fn cells(ladder: &Ladder) -> Vec<Cell> {
    let of_state = |word: &str| MessageState::parse(word).map_or(0, |state| ladder.letters.get(state));
    let first = [ladder.signed_up, ladder.confirmed, ladder.letters.total()];
    first.into_iter().chain(STATES.iter().map(|(word, _)| of_state(word))).map(Cell::of).collect()
}
