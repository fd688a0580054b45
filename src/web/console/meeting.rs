//! The report for a meeting with an official, on one page: how many of their constituents wrote, from where and when, what is
//! asked, where the official stands, and words of those who agreed to be quoted.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template;

use super::act::{Act, Button};
use super::nav::Section;
use super::office::holder;
use super::session::Staff;
use super::words::plural;
use crate::domain::{AuditAction, Day, Role, TimeZone, Timestamp, first_name};
use crate::intake::CampaignEntry;
use crate::render::{CampaignSettings, Measure};
use crate::store::constituents::{self, Quotation, Wrote};
use crate::store::offices::Office;
use crate::web::Web;
use crate::web::in_campaign::AtOffice;
use crate::web::parts::figures::grouped;
use crate::web::parts::stands;
use crate::web::parts::stands::StandLine;
use crate::web::parts::{Page, filters};
use crate::web::response::{Answer, Failure, html};

/// Towns that are named; the others are counted.
const TOWNS: usize = 10;
/// Weeks that are drawn, up to now.
const WEEKS: usize = 10;
/// The most quotations, and the most characters of each: the report is one page.
const QUOTES: usize = 3;
const QUOTE_CHARS: usize = 260;

#[derive(Template)]
#[template(path = "console/meeting.html")]
struct MeetingPage<'a> {
    page: Page,
    settings: &'a CampaignSettings,
    office: &'a Office,
    may_quote: bool,
    wrote: &'a [Wrote],
    /// With how many people wrote, the most first.
    towns: Vec<(String, i64)>,
    weeks: Vec<Week>,
    asks: Vec<AskLine<'a>>,
    /// The chosen quotations.
    quotes: Vec<Quotation>,
    now: Timestamp,
}

/// On which staff choose whom the report quotes.
#[derive(Template)]
#[template(path = "console/quotes.html")]
struct QuotesPage<'a> {
    page: Page,
    action: String,
    office: &'a Office,
    /// Whom there is.
    quotes: Vec<Quotation>,
}

/// A week with the people who wrote in it.
struct Week {
    monday: Day,
    people: i64,
    /// Width of the bar, 0 to 100.
    width: i64,
}

/// What is asked about a measure, and where the official stands.
struct AskLine<'a> {
    measure: &'a Measure,
    /// As letters say it.
    ask: &'a str,
    stand: Option<StandLine<'a>>,
}

/// `GET /staff/campaigns/{slug}/offices/{office}/report`, for every role: there is no person in it.
pub(super) async fn page(web: web::Data<Web>, staff: Staff, at: AtOffice) -> Answer {
    report(&web, &staff, &at, Vec::new()).await
}

/// `POST .../report/quotes`: whom staff may choose to quote.
pub(super) async fn quotes(web: web::Data<Web>, staff: Staff, at: AtOffice, _: Act<Button>) -> Answer {
    note(&web, &staff, &at).await?;
    let view = QuotesPage {
        page: staff.campaign_page(&web, &at.entry, Section::Officials, "Whom to quote"),
        action: format!("/staff/campaigns/{}/offices/{}/report", at.entry.campaign.settings.slug, at.office.id),
        quotes: quotations(&web, &at, None).await?,
        office: &at.office,
    };
    html(StatusCode::OK, &view)
}

/// `POST .../report`: the report with the chosen quotations.
pub(super) async fn with_quotes(
    web: web::Data<Web>,
    staff: Staff,
    at: AtOffice,
    Act(form): Act<Vec<(String, String)>>,
) -> Answer {
    note(&web, &staff, &at).await?;
    let chosen = form.iter().filter(|(name, _)| name == "quote").filter_map(|(_, id)| id.parse().ok()).take(QUOTES);
    // Who took their consent back between choosing and printing is not among them.
    let quotations = quotations(&web, &at, Some(chosen.collect())).await?;
    report(&web, &staff, &at, quotations).await
}

/// Notes that constituents' words are read, before they are.
async fn note(web: &Web, staff: &Staff, at: &AtOffice) -> Result<(), Failure> {
    let subject = format!("office {} in campaign {}", at.office.id, at.entry.campaign.settings.slug);
    Ok(web.staff_actions.note_opened(&staff.actor(), AuditAction::QuotationsOpened, subject).await?)
}

async fn quotations(web: &Web, at: &AtOffice, only: Option<Vec<i64>>) -> Result<Vec<Quotation>, Failure> {
    let (campaign, office) = (at.entry.id, at.office.id);
    Ok(web.store.read(move |conn| constituents::quotations(conn, campaign, office, only.as_deref())).await?)
}

async fn report(web: &Web, staff: &Staff, AtOffice { entry, office }: &AtOffice, quotes: Vec<Quotation>) -> Answer {
    let (campaign, id) = (entry.id, office.id);
    let wrote = web.store.read(move |conn| constituents::wrote(conn, campaign, id)).await?;
    let settings = &entry.campaign.settings;
    let title = format!("{}: report for a meeting", holder(office));
    let view = MeetingPage {
        page: staff.campaign_page(web, entry, Section::Officials, &title),
        settings,
        office,
        may_quote: staff.may(Role::Editor),
        towns: towns(&wrote),
        weeks: weeks(&wrote, &settings.time_zone),
        asks: asks(entry, office),
        quotes,
        wrote: &wrote,
        now: web.clock.now(),
    };
    html(StatusCode::OK, &view)
}

fn sum(wrote: &[Wrote], of: fn(&Wrote) -> i64) -> i64 {
    wrote.iter().map(of).sum()
}

impl MeetingPage<'_> {
    fn people(&self) -> i64 {
        sum(self.wrote, |wrote| wrote.people)
    }

    /// Of so many the office's mail server accepted the letter.
    fn accepted(&self) -> i64 {
        sum(self.wrote, |wrote| wrote.accepted)
    }

    /// So many sent theirs by web form.
    fn reported(&self) -> i64 {
        sum(self.wrote, |wrote| wrote.reported)
    }

    fn so_many_towns(&self) -> i64 {
        i64::try_from(self.towns.len()).unwrap_or(i64::MAX)
    }
}

/// Towns with how many people wrote, the most first.
fn towns(wrote: &[Wrote]) -> Vec<(String, i64)> {
    let mut by_town: BTreeMap<&str, i64> = BTreeMap::new();
    for one in wrote {
        *by_town.entry(&one.town).or_default() += one.people;
    }
    let mut towns: Vec<(String, i64)> = by_town.into_iter().map(|(town, people)| (town.to_owned(), people)).collect();
    towns.sort_by_key(|(_, people)| std::cmp::Reverse(*people));
    towns
}

/// "12 from 3 other towns": those beyond the ones that are named.
fn more(towns: &[(String, i64)]) -> Option<String> {
    let rest = towns.get(TOWNS..).filter(|rest| !rest.is_empty())?;
    let (count, people) = (i64::try_from(rest.len()).unwrap_or(0), rest.iter().map(|(_, people)| people).sum());
    Some(format!("{} from {} other {}", grouped(people), grouped(count), plural(count, "town", "towns")))
}

fn span(wrote: &[Wrote], zone: &TimeZone) -> Option<String> {
    let (first, last) = (wrote.iter().map(|one| one.at).min()?, wrote.iter().map(|one| one.at).max()?);
    let (first, last) = (zone.date_in_words(first), zone.date_in_words(last));
    Some(if first == last { format!("on {first}") } else { format!("from {first} to {last}") })
}

/// The last weeks in which anybody wrote, each from Monday on, and those between them.
fn weeks(wrote: &[Wrote], zone: &TimeZone) -> Vec<Week> {
    let mut by_week = BTreeMap::new();
    for one in wrote {
        *by_week.entry(zone.day(one.at).monday()).or_insert(0) += one.people;
    }
    let Some(mut monday) = by_week.keys().next_back().cloned() else { return Vec::new() };
    let first = by_week.keys().next().cloned();
    let mut weeks = Vec::new();
    while weeks.len() < WEEKS && first.as_ref().is_some_and(|first| monday >= *first) {
        let before = monday.week_before();
        weeks.push((by_week.get(&monday).copied().unwrap_or(0), monday));
        monday = before;
    }
    weeks.reverse();
    let most = weeks.iter().map(|(people, _)| *people).max().unwrap_or(1).max(1);
    weeks.into_iter().map(|(people, monday)| Week { monday, people, width: people * 100 / most }).collect()
}

fn asks<'a>(entry: &'a CampaignEntry, office: &'a Office) -> Vec<AskLine<'a>> {
    let mut lines = stands::lines(entry, office);
    let ask = |measure: &'a Measure| AskLine {
        measure,
        ask: measure.asks.get(&entry.ask(measure)).map_or("", String::as_str),
        stand: lines.iter().position(|line| line.measure == measure.name).map(|at| lines.swap_remove(at)),
    };
    entry.campaign.settings.measures.iter().map(ask).collect()
}

/// As many whole words as fit, on one line; what is left out is marked.
fn clipped(words: &str) -> String {
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.chars().count() <= QUOTE_CHARS {
        return words;
    }
    let start: String = words.chars().take(QUOTE_CHARS).collect();
    format!("{} [...]", start.rsplit_once(' ').map_or(start.as_str(), |(whole, _)| whole))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrote(town: &str, millis: i64, people: i64) -> Wrote {
        Wrote { town: town.into(), at: Timestamp::from_millis(millis), people, accepted: 0, reported: 0 }
    }

    #[test]
    fn weeks_begin_on_monday_and_empty_ones_between_are_shown() {
        let zone = TimeZone::parse("America/New_York").unwrap();
        // A Sunday, and a Sunday two weeks later.
        let rows = [wrote("A", 1_795_359_600_000, 3), wrote("B", 1_795_359_600_000 + 14 * 86_400_000, 6)];
        let bars = weeks(&rows, &zone);
        let shown: Vec<_> = bars.iter().map(|bar| (bar.monday.as_str(), bar.people, bar.width)).collect();
        assert_eq!(shown, [("2026-11-16", 3, 50), ("2026-11-23", 0, 0), ("2026-11-30", 6, 100)]);
        assert_eq!(span(&rows, &zone).unwrap(), "from November 22, 2026 to December 6, 2026");
        assert!(weeks(&[], &zone).is_empty());
    }

    #[test]
    fn the_rest_of_many_towns_is_counted() {
        let rows: Vec<Wrote> = (0..13).map(|n| wrote(&format!("Town {n}"), 0, n + 1)).collect();
        let towns = towns(&rows);
        assert_eq!(towns[0].0, "Town 12");
        assert_eq!(more(&towns).unwrap(), "6 from 3 other towns");
        assert_eq!(more(&towns[..10]), None);
    }

    #[test]
    fn long_words_are_clipped_between_words() {
        assert_eq!(clipped("Short\nwords."), "Short words.");
        let long = clipped(&"word ".repeat(100));
        assert!(long.ends_with("word [...]") && long.chars().count() <= QUOTE_CHARS + 6, "{long}");
    }
}
