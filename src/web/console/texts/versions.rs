//! The versions of a campaign's texts: the list, any two of them side by side, and the way back.

use actix_web::http::StatusCode;
use actix_web::web;
use serde::Deserialize;

use super::super::super::Web;
use super::super::super::form::Form;
use super::super::super::response::{Answer, Failure, see_other};
use super::super::super::views::text_versions::{ComparePage, VersionRow, VersionsPage};
use super::super::super::views::texts::Choice;
use super::super::nav::Section;
use super::super::session::Staff;
use super::{base, diff, list, moment, named};
use crate::domain::Role;
use crate::intake::CampaignEntry;
use crate::render::CampaignText;
use crate::staff_actions::Saved;
use crate::store::versions::{self as stored, FileChange, Version};

/// How many versions a page shows.
const SHOWN: i64 = 50;

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
    #[serde(default)]
    csrf: String,
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
    slug: web::Path<String>,
    query: web::Query<ListQuery>,
) -> Answer {
    let entry = web.intake.catalog().by_slug(&slug).ok_or(Failure::NotFound)?;
    let text = if query.text.is_empty() { None } else { Some(named(&query.text)?) };
    let (id, newest) = (entry.id, query.newest.unwrap_or(i32::MAX));
    let (all, changes, now) = web
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
        path.as_ref().is_none_or(|path| changes.iter().any(|change| change.number == version.number && change.path == *path))
    };
    let older = all.last().filter(|version| version.number > 1).map(|version| version.number - 1);
    let rows = all.iter().filter(touches).map(|version| row(&entry, version, &changes, now)).collect();
    let name = text.map_or_else(|| "Versions".to_owned(), |text| format!("Versions of \"{}\"", text.name()));
    let view = VersionsPage {
        page: staff.campaign_page(&web, &entry, Section::Texts, &format!("{name}: {}", entry.campaign.settings.title)),
        base: base(&entry),
        csrf: staff.csrf().to_owned(),
        may_change: staff.may(Role::Editor),
        now,
        text: text.map(|text| Choice { value: text.word(), label: text.name(), chosen: true }),
        versions: rows,
        older: older.map(|older| {
            let text = text.map(|text| format!("&text={}", text.word())).unwrap_or_default();
            format!("{}/versions?newest={older}{text}", base(&entry))
        }),
    };
    web.old_page(StatusCode::OK, "staff_versions", &view)
}

fn row(entry: &CampaignEntry, version: &Version, changes: &[FileChange], now: i32) -> VersionRow {
    let mine = changes.iter().filter(|change| change.number == version.number);
    let change = |change: &FileChange| {
        let text = CampaignText::of_path(&change.path);
        let name = text.map_or_else(|| change.path.clone(), CampaignText::name);
        let label = match (change.removed, version.number) {
            (true, _) => format!("{name} (taken away)"),
            _ => name,
        };
        let (from, to) = (version.number - 1, version.number);
        let value = text.filter(|_| from > 0);
        let value = value.map(|text| format!("{}/compare/{}?from={from}&to={to}", base(entry), text.word())).unwrap_or_default();
        Choice { value, label, chosen: false }
    };
    VersionRow {
        number: version.number,
        author: version.author.clone(),
        at: moment(&entry.campaign.settings.time_zone, version.at),
        in_force: version.number == now,
        changes: mine.map(change).collect(),
    }
}

/// `GET /staff/campaigns/{slug}/text/compare/{text}`.
pub(in crate::web::console) async fn compare(
    web: web::Data<Web>,
    staff: Staff,
    path: web::Path<(String, String)>,
    query: web::Query<CompareQuery>,
) -> Answer {
    let (slug, word) = path.into_inner();
    let entry = web.intake.catalog().by_slug(&slug).ok_or(Failure::NotFound)?;
    let text = named(&word)?;
    let id = entry.id;
    let all = web.store.read(move |conn| stored::of_campaign(conn, id, i32::MAX, i64::MAX)).await?;
    let now = all.first().map_or(0, |version| version.number);
    let to = query.to.unwrap_or(now);
    let from = query.from.unwrap_or((to - 1).max(1));
    let (old, new) = web.store.read(move |conn| Ok((stored::files(conn, id, from)?, stored::files(conn, id, to)?))).await?;
    let (Some(old), Some(new)) = (old, new) else { return Err(Failure::NotFound) };
    let file = text.path();
    let (before, after) = (old.get(&file), new.get(&file));
    if before.is_none() && after.is_none() {
        return Err(Failure::NotFound);
    }
    let zone = &entry.campaign.settings.time_zone;
    let label = |version: &Version| format!("{}: {}, {}", version.number, moment(zone, version.at).text, version.author);
    let choices = |chosen: i32| {
        let choice = |version: &Version| Choice {
            value: version.number.to_string(),
            label: label(version),
            chosen: version.number == chosen,
        };
        all.iter().map(choice).collect::<Vec<_>>()
    };
    let has = [(from, before), (to, after)];
    let mut back_to: Vec<i32> = has.iter().filter(|(number, text)| *number != now && text.is_some()).map(|(n, _)| *n).collect();
    back_to.dedup();
    let name = |number: i32, text: Option<&String>| match text {
        Some(_) if number == now => format!("Version {number}, in force"),
        Some(_) => format!("Version {number}"),
        None => format!("Version {number} (it was not there)"),
    };
    let difference =
        diff::diff((name(from, before), before.map_or("", String::as_str)), (name(to, after), after.map_or("", String::as_str)));
    let view = ComparePage {
        page: staff.campaign_page(&web, &entry, Section::Texts, &format!("Compare \"{}\"", text.name())),
        base: base(&entry),
        csrf: staff.csrf().to_owned(),
        may_change: staff.may(Role::Editor),
        name: text.name(),
        word: text.word(),
        from: choices(from),
        to: choices(to),
        diff: difference,
        back_to,
        now,
    };
    web.old_page(StatusCode::OK, "staff_compare", &view)
}

/// `POST /staff/campaigns/{slug}/text/back`.
pub(in crate::web::console) async fn back(
    web: web::Data<Web>,
    staff: Staff,
    slug: web::Path<String>,
    Form(form): Form<BackForm>,
) -> Answer {
    staff.check_may(&web, Role::Editor, &form.csrf)?;
    let entry = web.intake.catalog().by_slug(&slug).ok_or(Failure::NotFound)?;
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
