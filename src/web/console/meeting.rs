//! The report for a meeting with an official, on one page: how many of their constituents wrote, from where and when, what is
//! asked, where the official stands, and words of those who agreed to be quoted.

use std::collections::BTreeMap;
use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::web;

use super::super::Web;
use super::super::form::Form;
use super::super::parts::stands;
use super::super::response::{Answer, Failure};
use super::super::views::figures::grouped;
use super::super::views::meeting::{AskLine, MeetingPage, Quote, QuotesPage, TownLine, WeekBar};
use super::nav::Section;
use super::session::Staff;
use super::words::plural;
use crate::domain::{AuditAction, Role, TimeZone, first_name};
use crate::intake::CampaignEntry;
use crate::store::constituents::{self, Quotation, Wrote};
use crate::store::offices::Office;

/// Towns that are named; the others are counted.
const TOWNS: usize = 10;
/// Weeks that are drawn, up to now.
const WEEKS: usize = 10;
/// The most quotations, and the most characters of each: the report is one page.
const QUOTES: usize = 3;
const QUOTE_CHARS: usize = 260;

type Fields = Vec<(String, String)>;

struct Seat {
    entry: Arc<CampaignEntry>,
    office: Office,
}

impl Seat {
    fn find(web: &Web, (slug, id): &(String, String)) -> Result<Self, Failure> {
        let entry = web.intake.catalog().by_slug(slug).ok_or(Failure::NotFound)?;
        let office = id.parse().ok().and_then(|id| entry.jurisdiction.office_of_id(id)).ok_or(Failure::NotFound)?.clone();
        Ok(Self { entry, office })
    }

    fn base(&self) -> String {
        format!("/staff/campaigns/{}/offices/{}", self.entry.campaign.settings.slug, self.office.id)
    }

    fn subject(&self) -> String {
        format!("office {} in campaign {}", self.office.id, self.entry.campaign.settings.slug)
    }

    /// Notes that constituents' words are read, before they are.
    async fn note(&self, web: &Web, staff: &Staff) -> Result<(), Failure> {
        Ok(web.staff_actions.note_opened(&staff.actor(), AuditAction::QuotationsOpened, self.subject()).await?)
    }

    async fn quotations(&self, web: &Web, only: Option<Vec<i64>>) -> Result<Vec<Quotation>, Failure> {
        let (campaign, office) = (self.entry.id, self.office.id);
        Ok(web.store.read(move |conn| constituents::quotations(conn, campaign, office, only.as_deref())).await?)
    }
}

/// `GET /staff/campaigns/{slug}/offices/{office}/report`, for every role: there is no person in it.
pub(super) async fn page(web: web::Data<Web>, staff: Staff, path: web::Path<(String, String)>) -> Answer {
    let seat = Seat::find(&web, &path)?;
    report(&web, &staff, &seat, Vec::new()).await
}

/// `POST .../report/quotes`: whom staff may choose to quote, for editors.
pub(super) async fn quotes(
    web: web::Data<Web>,
    staff: Staff,
    path: web::Path<(String, String)>,
    Form(form): Form<Fields>,
) -> Answer {
    staff.check_may(&web, Role::Editor, csrf(&form))?;
    let seat = Seat::find(&web, &path)?;
    seat.note(&web, &staff).await?;
    let title = "Whom to quote";
    let view = QuotesPage {
        page: staff.campaign_page(&web, &seat.entry, Section::Officials, title),
        csrf: staff.csrf().to_owned(),
        action: format!("{}/report", seat.base()),
        most: QUOTES.to_string(),
        official: addressee(&seat.office),
        quotes: seat.quotations(&web, None).await?.iter().map(quote).collect(),
    };
    web.old_page(StatusCode::OK, "staff_meeting_quotes", &view)
}

/// `POST .../report`: the report with the chosen quotations, for editors.
pub(super) async fn with_quotes(
    web: web::Data<Web>,
    staff: Staff,
    path: web::Path<(String, String)>,
    Form(form): Form<Fields>,
) -> Answer {
    staff.check_may(&web, Role::Editor, csrf(&form))?;
    let seat = Seat::find(&web, &path)?;
    seat.note(&web, &staff).await?;
    let chosen: Vec<i64> =
        form.iter().filter(|(name, _)| name == "quote").filter_map(|(_, id)| id.parse().ok()).take(QUOTES).collect();
    // Who took their consent back between choosing and printing is not among them.
    let quotations = seat.quotations(&web, Some(chosen)).await?;
    report(&web, &staff, &seat, quotations.iter().map(quote).collect()).await
}

fn csrf(form: &Fields) -> &str {
    form.iter().find(|(name, _)| name == "csrf").map_or("", |(_, value)| value)
}

async fn report(web: &Web, staff: &Staff, seat: &Seat, quotes: Vec<Quote>) -> Answer {
    let (campaign, office) = (seat.entry.id, seat.office.id);
    let wrote = web.store.read(move |conn| constituents::wrote(conn, campaign, office)).await?;
    let settings = &seat.entry.campaign.settings;
    let (zone, now) = (&settings.time_zone, web.clock.now());
    let sum = |of: fn(&Wrote) -> i64| wrote.iter().map(of).sum::<i64>();
    let people = sum(|wrote| wrote.people);
    let (accepted, reported) = (sum(|wrote| wrote.accepted), sum(|wrote| wrote.reported));
    let weeks = weeks(&wrote, zone);
    let title = format!("{}: report for a meeting", addressee(&seat.office));
    let view = MeetingPage {
        page: staff.campaign_page(web, &seat.entry, Section::Officials, &title),
        csrf: staff.csrf().to_owned(),
        quotes_action: staff.may(Role::Editor).then(|| format!("{}/report/quotes", seat.base())),
        campaign: settings.title.clone(),
        official: addressee(&seat.office),
        seat: seat.office.district.in_words(),
        as_of: zone.date_in_words(now),
        people: grouped(people),
        people_words: plural(people, "constituent wrote", "constituents wrote").to_owned(),
        accepted: (accepted > 0).then(|| grouped(accepted)),
        reported: (reported > 0).then(|| grouped(reported)),
        towns_count: grouped(i64::try_from(towns(&wrote).len()).unwrap_or(0)),
        towns_words: plural(i64::try_from(towns(&wrote).len()).unwrap_or(0), "city or town", "cities and towns").to_owned(),
        towns: named(&towns(&wrote)),
        more_towns: more(&towns(&wrote)),
        span: span(&wrote, zone),
        weeks,
        asks: asks(seat),
        quotes,
    };
    web.old_page(StatusCode::OK, "staff_meeting", &view)
}

fn addressee(office: &Office) -> String {
    office.holder.as_ref().map_or_else(|| "Nobody holds this seat".to_owned(), |official| official.person.titled())
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

fn named(towns: &[(String, i64)]) -> Vec<TownLine> {
    towns.iter().take(TOWNS).map(|(town, people)| TownLine { town: town.clone(), people: grouped(*people) }).collect()
}

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
fn weeks(wrote: &[Wrote], zone: &TimeZone) -> Vec<WeekBar> {
    let mut by_week = BTreeMap::new();
    for one in wrote {
        *by_week.entry(zone.day(one.at).monday()).or_insert(0) += one.people;
    }
    let Some(mut monday) = by_week.keys().next_back().cloned() else { return Vec::new() };
    let first = by_week.keys().next().cloned();
    let mut weeks = Vec::new();
    while weeks.len() < WEEKS && first.as_ref().is_some_and(|first| monday >= *first) {
        weeks.push((monday.in_words(), by_week.get(&monday).copied().unwrap_or(0)));
        monday = monday.week_before();
    }
    weeks.reverse();
    let most = weeks.iter().map(|(_, people)| *people).max().unwrap_or(1).max(1);
    let bar = |(week, people): (String, i64)| WeekBar { week, people: grouped(people), width: (people * 100 / most).to_string() };
    weeks.into_iter().map(bar).collect()
}

fn asks(seat: &Seat) -> Vec<AskLine<'_>> {
    let lines = stands::lines(&seat.entry, &seat.office);
    let measures = seat.entry.campaign.settings.measures.iter();
    let ask = |measure: &crate::render::Measure| AskLine {
        measure: measure.name.clone(),
        numbers: measure.numbers.join(", "),
        ask: measure.asks.get(&seat.entry.ask(measure)).cloned().unwrap_or_default(),
        stand: lines.iter().find(|line| line.measure == measure.name).cloned(),
    };
    measures.map(ask).collect()
}

fn quote(quotation: &Quotation) -> Quote {
    Quote {
        id: quotation.signup.to_string(),
        words: clipped(&quotation.words),
        first_name: first_name(&quotation.name).to_owned(),
        town: quotation.town.clone(),
    }
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
    use crate::domain::Timestamp;

    fn wrote(town: &str, millis: i64, people: i64) -> Wrote {
        Wrote { town: town.into(), at: Timestamp::from_millis(millis), people, accepted: 0, reported: 0 }
    }

    #[test]
    fn weeks_begin_on_monday_and_empty_ones_between_are_shown() {
        let zone = TimeZone::parse("America/New_York").unwrap();
        // A Sunday, and a Sunday two weeks later.
        let rows = [wrote("A", 1_795_359_600_000, 3), wrote("B", 1_795_359_600_000 + 14 * 86_400_000, 6)];
        let bars = weeks(&rows, &zone);
        let shown: Vec<_> = bars.iter().map(|bar| (bar.week.as_str(), bar.people.as_str(), bar.width.as_str())).collect();
        assert_eq!(shown, [("November 16, 2026", "3", "50"), ("November 23, 2026", "0", "0"), ("November 30, 2026", "6", "100")]);
        assert_eq!(span(&rows, &zone).unwrap(), "from November 22, 2026 to December 6, 2026");
        assert!(weeks(&[], &zone).is_empty());
    }

    #[test]
    fn the_rest_of_many_towns_is_counted() {
        let rows: Vec<Wrote> = (0..13).map(|n| wrote(&format!("Town {n}"), 0, n + 1)).collect();
        let towns = towns(&rows);
        assert_eq!((towns[0].0.as_str(), named(&towns).len()), ("Town 12", 10));
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
