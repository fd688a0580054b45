//! The districts of a chamber on a map, drawn from the imported boundaries and coloured by the letters that went there.

use std::collections::HashMap;
use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;

use super::listing::{About, Column, Direction, Listing, Row, Table, Value};
use super::nav::Section;
use super::session::Staff;
use super::words::letters;
use crate::domain::{Chamber, Dimension, LetterCounts, MessageState, Slug, UsState};
use crate::intake::CampaignEntry;
use crate::store::counts;
use crate::store::offices::Office;
use crate::web::Web;
use crate::web::in_campaign::InCampaign;
use crate::web::parts::Page;
use crate::web::parts::figures::grouped;
use crate::web::response::{Answer, Failure, html};

/// So many colours, besides the one for none.
const COLOURS: usize = 5;

const COLUMNS: [Column; 4] = [
    Column { key: "district", label: "District", words: true },
    Column { key: "official", label: "Official", words: true },
    Column { key: "sent", label: "Accepted", words: false },
    Column { key: "total", label: "All letters", words: false },
];

static DISTRICTS: About = About {
    id: "districts",
    title: "By district",
    find: "Find a district or an official",
    what: ["district", "districts"],
    empty: "No district of this chamber is known yet. Import a roster or the outlines.",
};

#[derive(Template)]
#[template(path = "console/map.html")]
struct MapPage<'a> {
    page: Page,
    slug: &'a Slug,
    state: UsState,
    chambers: &'a [Chamber],
    shown: Chamber,
    /// What the map shows in a sentence, for those who don't see it.
    description: String,
    /// The drawing's size in its own units.
    size: (i64, i64),
    /// With their outlines; empty without boundaries.
    districts: Vec<(&'a Counted<'a>, String)>,
    breaks: &'a [i64],
    /// The colours in use, 0 for none, and what they mean.
    legend: Vec<(usize, String)>,
    /// The same numbers.
    table: Table,
}

/// What a district's office has.
struct Counted<'a> {
    office: &'a Office,
    sent: i64,
    total: i64,
}

/// `GET /staff/campaigns/{slug}/map?chamber=lower`; every role may see it.
pub(super) async fn page(web: web::Data<Web>, staff: Staff, InCampaign(entry): InCampaign, request: HttpRequest) -> Answer {
    let settings = &entry.campaign.settings;
    let id = entry.id;
    let offered: Vec<Chamber> = settings.offices.iter().copied().filter(|chamber| *chamber != Chamber::Governor).collect();
    let asked = chamber(request.query_string());
    // Without a word, the first chamber with a map; without a map, the first.
    let mapped = offered.iter().copied().find(|chamber| entry.jurisdiction.atlas.has(*chamber));
    let shown = asked.filter(|chamber| offered.contains(chamber)).or(mapped).or(offered.first().copied());
    let shown = shown.unwrap_or(Chamber::Lower);
    let numbers = web.store.read(move |conn| counts::by(conn, id, Dimension::Office)).await?;
    let count = |office: &Office, of: fn(&LetterCounts) -> i64| {
        numbers.get(&office.id.to_string()).map_or(0, |ladder| of(&ladder.letters))
    };
    let offices = entry.jurisdiction.offices().into_iter().filter(|office| office.district.chamber == shown);
    let counted: Vec<Counted<'_>> = offices
        .map(|office| Counted {
            office,
            sent: count(office, |letters| letters.get(MessageState::Sent)),
            total: count(office, LetterCounts::total),
        })
        .collect();
    let (width, height, outlines) = drawing(&entry, shown).await?;
    let breaks = breaks(counted.iter().map(|counted| counted.sent));
    let by_office: HashMap<i64, &Counted<'_>> = counted.iter().map(|counted| (counted.office.id, counted)).collect();
    let districts: Vec<_> =
        outlines.into_iter().filter_map(|(office, outline)| Some((*by_office.get(&office)?, outline))).collect();
    let view = MapPage {
        page: staff.campaign_page(&web, &entry, Section::Map, &format!("Map: {}", settings.title)),
        slug: &settings.slug,
        state: entry.jurisdiction.state,
        chambers: &offered,
        shown,
        description: described(&counted, districts.len()),
        size: (width, height),
        districts,
        legend: legend(&breaks, &counted),
        breaks: &breaks,
        table: table(&settings.slug, request.query_string(), &counted),
    };
    html(StatusCode::OK, &view)
}

fn chamber(query: &str) -> Option<Chamber> {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).ok()?;
    Chamber::parse(&pairs.into_iter().find(|(name, _)| name == "chamber")?.1).ok()
}

/// Width, height and each district's outline. They are drawn once for each import, on a thread that may block.
async fn drawing(entry: &Arc<CampaignEntry>, chamber: Chamber) -> Result<(i64, i64, Vec<(i64, String)>), Failure> {
    let entry = Arc::clone(entry);
    let drawn = web::block(move || {
        let drawing = entry.jurisdiction.atlas.drawing(chamber);
        drawing.map(|drawing| (drawing.width, drawing.height, drawing.districts.clone())).unwrap_or_default()
    });
    drawn.await.map_err(|error| Failure::Internal(error.to_string()))
}

fn name(office: &Office) -> String {
    let holder = office.holder.as_ref().map_or_else(|| "nobody holds this seat".into(), |holder| holder.person.titled());
    format!("{}, {holder}", office.district.name)
}

/// "First Harbor, Senator Wren Harborlight: 1,204 letters accepted".
fn title(counted: &Counted<'_>) -> String {
    format!("{}: {} accepted", name(counted.office), letters(counted.sent))
}

/// The least number of each colour: so that each colour has about as many districts as any other, of those with letters.
fn breaks(sent: impl Iterator<Item = i64>) -> Vec<i64> {
    let mut some: Vec<i64> = sent.filter(|n| *n > 0).collect();
    some.sort_unstable();
    let mut breaks: Vec<i64> = (0..COLOURS).filter_map(|at| some.get(at * some.len() / COLOURS).copied()).collect();
    breaks.dedup();
    breaks
}

/// The colour of a number; fewer colours than there could be are the darker ones' business.
fn step(breaks: &[i64], n: i64) -> usize {
    breaks.iter().filter(|least| n >= **least).count()
}

fn legend(breaks: &[i64], counted: &[Counted<'_>]) -> Vec<(usize, String)> {
    let of = |at: usize| counted.iter().map(|counted| counted.sent).filter(move |sent| step(breaks, *sent) == at);
    (0..=breaks.len())
        .filter_map(|at| {
            let words = match (of(at).min()?, of(at).max()?) {
                (0, _) => "No letters".into(),
                (least, most) if least == most => letters(least),
                (least, most) => format!("{} to {}", grouped(least), letters(most)),
            };
            Some((at, words))
        })
        .collect()
}

fn described(counted: &[Counted<'_>], districts: usize) -> String {
    let most = counted.iter().max_by_key(|counted| counted.sent).filter(|counted| counted.sent > 0);
    let sum: i64 = counted.iter().map(|counted| counted.sent).sum();
    let most = most.map_or_else(String::new, |most| format!(" Most went to {}: {}.", name(most.office), letters(most.sent)));
    format!("{districts} districts, {} accepted in all.{most} The table below has every number.", letters(sum))
}

fn table(slug: &Slug, query: &str, counted: &[Counted<'_>]) -> Table {
    let path = format!("/staff/campaigns/{slug}");
    let listing = Listing::read(&format!("{path}/map"), query, &COLUMNS, Some(("sent", Direction::Descending)));
    let row = |counted: &Counted<'_>| -> Row {
        let holder = counted.office.holder.as_ref().map(|holder| holder.person.titled()).unwrap_or_default();
        vec![
            Value::words(&counted.office.district.name).link(format!("{path}/offices/{}", counted.office.id)),
            Value::words(&holder),
            Value::number(counted.sent),
            Value::number(counted.total),
        ]
    };
    let sum = |of: fn(&Counted<'_>) -> i64| Value::number(counted.iter().map(of).sum());
    let totals = vec![Value::words("All districts"), Value::words(""), sum(|c| c.sent), sum(|c| c.total)];
    listing.table(&DISTRICTS, listing.choose(counted.iter().map(row).collect()), vec![totals])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_colour_has_about_as_many_districts_as_any_other() {
        let breaks_of = |sent: &[i64]| breaks(sent.iter().copied());
        let sent: Vec<i64> = (0..=100).collect();
        assert_eq!(breaks_of(&sent), [1, 21, 41, 61, 81]);
        assert_eq!([0, 1, 20, 21, 100].map(|n| step(&breaks_of(&sent), n)), [0, 1, 1, 2, 5]);
        assert_eq!(breaks_of(&[0, 0, 7, 7, 7, 9]), [7, 9], "no more colours than numbers");
        assert!(breaks_of(&[0, 0]).is_empty() && breaks_of(&[]).is_empty());
    }
}
