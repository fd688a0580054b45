//! The versions of a campaign's texts: the list, any two of them side by side, and the way back.

use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template;
use serde::Deserialize;

use super::super::act::Act;
use super::super::nav::Section;
use super::super::session::Staff;
use super::diff::{Diff, diff};
use super::{base, list, named};
use crate::domain::{Role, TimeZone};
use crate::render::CampaignText;
use crate::staff_actions::Saved;
use crate::store::versions::{self as stored, FileChange, Version};
use crate::web::Web;
use crate::web::in_campaign::InCampaign;
use crate::web::parts::Page;
use crate::web::response::{Answer, Failure, html, see_other};

/// How many versions a page shows.
const SHOWN: i64 = 50;

#[derive(Template)]
#[template(path = "console/texts/versions.html")]
struct VersionsPage<'a> {
    page: Page,
    /// Path of the list of texts.
    base: String,
    may_change: bool,
    /// The version in force.
    now: i32,
    /// The one text whose versions these are.
    text: Option<CampaignText>,
    /// Newest first.
    versions: Vec<&'a Version>,
    /// What they changed.
    changed: Vec<FileChange>,
    zone: &'a TimeZone,
    /// The newest of those that do not fit on the page.
    older: Option<i32>,
}

#[derive(Template)]
#[template(path = "console/texts/compare.html")]
struct ComparePage<'a> {
    page: Page,
    /// Path of the list of texts.
    base: String,
    may_change: bool,
    text: CampaignText,
    /// All there are, newest first.
    versions: Vec<Version>,
    zone: &'a TimeZone,
    /// The older of the two that are compared.
    from: i32,
    to: i32,
    diff: Diff,
    /// Versions that this text can be put back to from here: not the one in force.
    back_to: Vec<i32>,
}

/// What a version changed, and where it is shown.
struct Change {
    label: String,
    href: Option<String>,
}

/// Which versions to list.
#[derive(Deserialize)]
pub(in crate::web::console) struct ListQuery {
    /// Only those that changed this text.
    #[serde(default)]
    text: String,
    /// From this one backwards.
    newest: Option<i32>,
}

/// Which versions to compare; without them the newest with the one before.
#[derive(Deserialize)]
pub(in crate::web::console) struct CompareQuery {
    from: Option<i32>,
    to: Option<i32>,
}

/// The form that leads back to a version.
#[derive(Deserialize)]
pub(in crate::web::console) struct BackForm {
    /// The text; empty for all.
    #[serde(default)]
    text: String,
    #[serde(default)]
    version: i32,
}

/// `GET /staff/campaigns/{slug}/text/versions`.
pub(in crate::web::console) async fn versions(
    web: web::Data<Web>,
    staff: Staff,
    InCampaign(entry): InCampaign,
    query: web::Query<ListQuery>,
) -> Answer {
    let text = if query.text.is_empty() { None } else { Some(named(&query.text)?) };
    let (id, newest) = (entry.id, query.newest.unwrap_or(i32::MAX));
    let (all, changed, now) = web
        .store
        .read(move |conn| {
            let all = stored::of_campaign(conn, id, newest, SHOWN)?;
            let oldest = all.last().map_or(0, |version| version.number - 1);
            let now = stored::of_campaign(conn, id, i32::MAX, 1)?.first().map_or(0, |version| version.number);
            Ok((all, stored::changes(conn, id, oldest, newest)?, now))
        })
        .await?;
    let path = text.map(CampaignText::path);
    let touches = |version: &&Version| {
        path.as_ref().is_none_or(|path| changed.iter().any(|change| change.number == version.number && change.path == *path))
    };
    let older = all.last().filter(|version| version.number > 1).map(|version| version.number - 1);
    let versions = all.iter().filter(touches).collect();
    let settings = &entry.campaign.settings;
    let name = text.map_or_else(|| "Versions".to_owned(), |text| format!("Versions of \"{}\"", text.name()));
    let view = VersionsPage {
        page: staff.campaign_page(&web, &entry, Section::Texts, &format!("{name}: {}", settings.title)),
        base: base(&entry),
        may_change: staff.may(Role::Editor),
        now,
        text,
        versions,
        changed,
        zone: &settings.time_zone,
        older,
    };
    html(StatusCode::OK, &view)
}

/// What a version changed; the first one has none before it to be compared with.
fn changes(base: &str, version: &Version, changed: &[FileChange]) -> Vec<Change> {
    let mine = changed.iter().filter(|change| change.number == version.number);
    let change = |change: &FileChange| {
        let text = CampaignText::of_path(&change.path);
        let name = text.map_or_else(|| change.path.clone(), CampaignText::name);
        let (from, to) = (version.number - 1, version.number);
        let href = text.filter(|_| from > 0).map(|text| format!("{base}/compare/{}?from={from}&to={to}", text.word()));
        Change { label: if change.removed { format!("{name} (taken away)") } else { name }, href }
    };
    mine.map(change).collect()
}

/// `GET /staff/campaigns/{slug}/text/compare/{text}`.
pub(in crate::web::console) async fn compare(
    web: web::Data<Web>,
    staff: Staff,
    InCampaign(entry): InCampaign,
    path: web::Path<(String, String)>,
    query: web::Query<CompareQuery>,
) -> Answer {
    let text = named(&path.1)?;
    let id = entry.id;
    let versions = web.store.read(move |conn| stored::of_campaign(conn, id, i32::MAX, i64::MAX)).await?;
    let now = versions.first().map_or(0, |version| version.number);
    let to = query.to.unwrap_or(now);
    let from = query.from.unwrap_or((to - 1).max(1));
    let (old, new) = web.store.read(move |conn| Ok((stored::files(conn, id, from)?, stored::files(conn, id, to)?))).await?;
    let (Some(old), Some(new)) = (old, new) else { return Err(Failure::NotFound) };
    let file = text.path();
    let (before, after) = (old.get(&file), new.get(&file));
    if before.is_none() && after.is_none() {
        return Err(Failure::NotFound);
    }
    let has = [(from, before), (to, after)];
    let mut back_to: Vec<i32> = has.iter().filter(|(number, text)| *number != now && text.is_some()).map(|(n, _)| *n).collect();
    back_to.dedup();
    let name = |number: i32, text: Option<&String>| match text {
        Some(_) if number == now => format!("Version {number}, in force"),
        Some(_) => format!("Version {number}"),
        None => format!("Version {number} (it was not there)"),
    };
    let old = (name(from, before), before.map_or("", String::as_str));
    let new = (name(to, after), after.map_or("", String::as_str));
    let view = ComparePage {
        page: staff.campaign_page(&web, &entry, Section::Texts, &format!("Compare \"{}\"", text.name())),
        base: base(&entry),
        may_change: staff.may(Role::Editor),
        text,
        zone: &entry.campaign.settings.time_zone,
        from,
        to,
        diff: diff(old, new),
        back_to,
        versions,
    };
    html(StatusCode::OK, &view)
}

/// "3: November 22, 3:05 pm, sam@example.org".
fn label(version: &Version, zone: &TimeZone) -> String {
    format!("{}: {}, {}", version.number, zone.moment_in_words(version.at), version.author)
}

/// `POST /staff/campaigns/{slug}/text/back`.
pub(in crate::web::console) async fn back(
    web: web::Data<Web>,
    staff: Staff,
    InCampaign(entry): InCampaign,
    Act(form): Act<BackForm>,
) -> Answer {
    let text = if form.text.is_empty() { None } else { Some(named(&form.text)?) };
    let texts = base(&entry);
    match web.staff_actions.roll_back(&staff.actor(), &entry, text, form.version).await? {
        Saved::Version(number) => Ok(see_other(&format!("{texts}?saved={number}"))),
        Saved::Unchanged => Ok(see_other(&format!("{texts}?saved=0"))),
        // An old version may not fit what is asked of texts today, or the other texts.
        Saved::Refused(errors) => list::refused(&web, &staff, &entry, &errors).await,
        Saved::Conflict(_) | Saved::Unknown => Err(Failure::NotFound),
    }
}
