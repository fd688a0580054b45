//! A campaign's numbers by where officials stand: for each measure, how many officials stand where, and the letters to them.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};

use super::super::Web;
use super::super::in_campaign::InCampaign;
use super::super::response::{Answer, html};
use super::listing::{About, Column, Listing, Row, Table, Value};
use super::measures::column;
use super::nav::Section;
use super::session::Staff;
use super::tables::TablePage;
use crate::domain::{Dimension, Ladder, MessageState, Metric, Stand};
use crate::intake::CampaignEntry;
use crate::report::{Group, Report, ReportRow};
use crate::store::counts;

static ABOUT: About = About {
    id: "stands",
    title: "By position",
    find: "Find a measure or a position",
    what: ["row", "rows"],
    empty: "This campaign names no measures, or nobody has signed up yet.",
};

/// One row: officials, and the ladder of all letters to them.
#[derive(Default)]
struct ByStand {
    officials: i64,
    ladder: Ladder,
}

/// `GET /staff/campaigns/{slug}/stands`; every role may see it.
pub(super) async fn page(web: web::Data<Web>, staff: Staff, InCampaign(entry): InCampaign, request: HttpRequest) -> Answer {
    let settings = &entry.campaign.settings;
    let (id, name) = (entry.id, settings.slug.clone());
    let read = web.store.read(move |conn| Ok((counts::total(conn, id)?, Report::read(conn, id, name, Dimension::Office)?)));
    let (total, report) = read.await?;
    let columns = columns();
    let path = format!("/staff/campaigns/{}/stands", settings.slug);
    let listing = Listing::read(&path, request.query_string(), &columns, None);
    let chosen = listing.choose(rows(&entry, report.rows()));
    let mut whole = vec![Value::words("Whole campaign").with("for each measure"), Value::words(""), Value::words("")];
    whole.extend(numbers(&total));
    let table = Table { quiet: true, ..listing.table(&ABOUT, chosen, vec![whole]) };
    let view = TablePage {
        page: staff.campaign_page(&web, &entry, Section::Stands, &format!("By position: {}", settings.title)),
        note: "Where officials stand today on each measure, and how much was written to them. No evidence means not known, \
               never opposed. A person counts for each official that they write to. For each measure the letters add up to \
               the whole campaign.",
        listing: table,
    };
    html(StatusCode::OK, &view)
}

fn columns() -> Vec<Column> {
    let number = |key, label| Column { key, label, words: false };
    let words = |key, label| Column { key, label, words: true };
    let first = [words("stand", "Position"), words("measure", "Measure"), number("officials", "Officials")];
    let sums = [number("signed_up", "Signed up"), number("confirmed", "Confirmed"), number("total", "Letters")];
    first.into_iter().chain(sums).chain(MessageState::BY_GROUP.map(|state| number(state.as_str(), state.short()))).collect()
}

fn numbers(ladder: &Ladder) -> Row {
    let sums = [ladder.signed_up, ladder.confirmed, ladder.letters.total()];
    sums.into_iter().chain(MessageState::BY_GROUP.map(|state| ladder.letters.get(state))).map(Value::number).collect()
}

/// For each measure the stands that anybody has, in the campaign's order. Letters to empty seats stand with those of whom
/// nothing is known.
fn rows(entry: &CampaignEntry, offices: &[ReportRow]) -> Vec<Row> {
    let measures = &entry.campaign.settings.measures;
    let mut groups: Vec<BTreeMap<Stand, ByStand>> = measures.iter().map(|_| BTreeMap::new()).collect();
    let written: BTreeMap<i64, &Ladder> = offices
        .iter()
        .filter_map(|row| if let Group::Office { id, .. } = row.group { Some((id, &row.ladder)) } else { None })
        .collect();
    let known = entry.jurisdiction.offices();
    let chambers = &entry.campaign.settings.offices;
    let here = known.iter().filter(|office| chambers.contains(&office.district.chamber) || written.contains_key(&office.id));
    for office in here {
        let stands = entry.stands(office.holder.as_ref());
        for (group, stand) in groups.iter_mut().zip(stands) {
            let group = group.entry(stand.standing.stand).or_default();
            group.officials += i64::from(office.holder.is_some());
            if let Some(ladder) = written.get(&office.id) {
                add(&mut group.ladder, ladder);
            }
        }
    }
    let mut rows = Vec::new();
    for (measure, groups) in measures.iter().zip(groups) {
        for (stand, group) in groups.into_iter().filter(|(_, group)| group.officials > 0 || group.ladder != Ladder::default()) {
            let mut row = vec![
                Value::words(column(stand)),
                Value::words(&measure.name).with(&measure.numbers.join(", ")),
                Value::number(group.officials),
            ];
            row.extend(numbers(&group.ladder));
            rows.push(row);
        }
    }
    rows
}

fn add(sum: &mut Ladder, more: &Ladder) {
    sum.add(Metric::SignedUp, more.signed_up);
    sum.add(Metric::Confirmed, more.confirmed);
    for state in MessageState::ALL {
        sum.add(Metric::Letters(state), more.letters.get(state));
    }
}
