//! The list of a campaign's texts; letters for officials of one stand are added and taken away here.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template;
use serde::Deserialize;

use super::super::act::Act;
use super::super::nav::Section;
use super::super::session::Staff;
use super::{base, named, saved_notice, typed};
use crate::domain::{Chamber, Role};
use crate::intake::CampaignEntry;
use crate::render::{CampaignSettings, CampaignText, TemplateError, Variant};
use crate::staff_actions::{Edit, Saved};
use crate::store::campaigns::{self, StoredCampaign};
use crate::store::versions::{self, Version};
use crate::web::Web;
use crate::web::in_campaign::InCampaign;
use crate::web::parts::Page;
use crate::web::response::{Answer, Failure, html, see_other};

#[derive(Template)]
#[template(path = "console/texts/list.html")]
struct TextsPage<'a> {
    page: Page,
    /// Path of this page.
    base: String,
    notice: Option<String>,
    may_change: bool,
    settings: &'a CampaignSettings,
    /// As it is in the database, with the version that acts here begin from.
    stored: &'a StoredCampaign,
    texts: Vec<TextRow<'a>>,
    /// Letters that could be added.
    missing: Vec<CampaignText>,
    /// Files of the folder that only the command line reads and writes.
    others: Vec<&'a str>,
}

struct TextRow<'a> {
    text: CampaignText,
    /// A line on what it says: a letter's subject.
    about: String,
    /// Its last change.
    last: Option<&'a Version>,
}

/// Said after a change.
#[derive(Deserialize)]
pub(in crate::web::console) struct Query {
    #[serde(default)]
    saved: String,
    #[serde(default)]
    late: String,
}

/// A letter to add or take away.
#[derive(Deserialize)]
pub(in crate::web::console) struct LetterForm {
    #[serde(default)]
    text: String,
    #[serde(default)]
    began_from: i32,
}

/// `GET /staff/campaigns/{slug}/text`, open to every role: there is no supporter in it.
pub(in crate::web::console) async fn page(
    web: web::Data<Web>,
    staff: Staff,
    InCampaign(entry): InCampaign,
    query: web::Query<Query>,
) -> Answer {
    let late = (query.late == "1").then(|| {
        "Nothing was changed: somebody else changed this letter meanwhile. Look at the list again before you go on.".to_owned()
    });
    show(&web, &staff, &entry, StatusCode::OK, late.or_else(|| saved_notice(&query.saved))).await
}

/// The list, with something to say above it.
pub(super) async fn show(web: &Web, staff: &Staff, entry: &CampaignEntry, status: StatusCode, notice: Option<String>) -> Answer {
    let id = entry.id;
    let (stored, last) = web.store.read(move |conn| Ok((campaigns::by_id(conn, id)?, versions::last_changes(conn, id)?))).await?;
    let stored = stored.ok_or(Failure::NotFound)?;
    let settings = &entry.campaign.settings;
    let others = stored.files.keys().filter(|path| CampaignText::of_path(path).is_none());
    let view = TextsPage {
        page: staff.campaign_page(web, entry, Section::Texts, &format!("Texts: {}", settings.title)),
        base: base(entry),
        notice,
        may_change: staff.may(Role::Editor),
        settings,
        stored: &stored,
        texts: CampaignText::all().into_iter().filter_map(|text| row(settings, &stored, &last, text)).collect(),
        missing: missing(entry, &stored),
        others: others.map(String::as_str).collect(),
    };
    html(status, &view)
}

fn row<'a>(
    settings: &CampaignSettings,
    stored: &StoredCampaign,
    last: &'a BTreeMap<String, Version>,
    text: CampaignText,
) -> Option<TextRow<'a>> {
    let path = text.path();
    let file = stored.files.get(&path)?;
    let about = match text {
        CampaignText::Page => "The words on the public page, above the form.".to_owned(),
        CampaignText::Settings => settings.title.clone(),
        CampaignText::Letter(..) => typed::parts(file).0,
    };
    Some(TextRow { text, about, last: last.get(&path) })
}

fn is_variant(text: CampaignText) -> bool {
    matches!(text, CampaignText::Letter(_, variant) if variant != Variant::Plain)
}

/// Letters that the campaign could have and has not. The governor signs laws, not bills.
fn missing(entry: &CampaignEntry, stored: &StoredCampaign) -> Vec<CampaignText> {
    let fits = |text: &CampaignText| match text {
        CampaignText::Letter(chamber, variant) => {
            entry.campaign.settings.offices.contains(chamber)
                && *variant != Variant::Plain
                && *chamber != Chamber::Governor
                && !stored.files.contains_key(&text.path())
        }
        _ => false,
    };
    CampaignText::all().into_iter().filter(fits).collect()
}

/// `POST /staff/campaigns/{slug}/text/letters`: a letter for officials of one stand, beginning as a copy of the plain one.
pub(in crate::web::console) async fn add(
    web: web::Data<Web>,
    staff: Staff,
    InCampaign(entry): InCampaign,
    Act(form): Act<LetterForm>,
) -> Answer {
    let text = named(&form.text)?;
    let stored = super::stored(&web, &entry).await?;
    let CampaignText::Letter(chamber, _) = text else { return Err(Failure::BadRequest) };
    if !missing(&entry, &stored).contains(&text) {
        return Ok(see_other(&format!("{}?late=1", base(&entry))));
    }
    let plain = CampaignText::Letter(chamber, Variant::Plain).path();
    let new = stored.files.get(&plain).cloned().ok_or(Failure::BadRequest)?;
    let edit = Edit { text, new: Some(new), began_from: stored.version };
    match web.staff_actions.save_text(&staff.actor(), &entry, edit).await? {
        Saved::Version(number) => Ok(see_other(&format!("{}/edit/{}?saved={number}", base(&entry), text.word()))),
        _ => Ok(see_other(&format!("{}?late=1", base(&entry)))),
    }
}

/// `POST /staff/campaigns/{slug}/text/letters/remove`: never the plain letter, which an office needs.
pub(in crate::web::console) async fn remove(
    web: web::Data<Web>,
    staff: Staff,
    InCampaign(entry): InCampaign,
    Act(form): Act<LetterForm>,
) -> Answer {
    let text = named(&form.text)?;
    if !is_variant(text) {
        return Err(Failure::BadRequest);
    }
    let edit = Edit { text, new: None, began_from: form.began_from };
    match web.staff_actions.save_text(&staff.actor(), &entry, edit).await? {
        Saved::Version(number) => Ok(see_other(&format!("{}?saved={number}", base(&entry)))),
        Saved::Unchanged => Ok(see_other(&format!("{}?saved=0", base(&entry)))),
        Saved::Conflict(_) => Ok(see_other(&format!("{}?late=1", base(&entry)))),
        Saved::Refused(errors) => refused(&web, &staff, &entry, &errors).await,
        Saved::Unknown => Err(Failure::BadRequest),
    }
}

/// Nothing was changed, since the campaign could not be used like that.
pub(super) async fn refused(web: &Web, staff: &Staff, entry: &CampaignEntry, errors: &[TemplateError]) -> Answer {
    let causes: Vec<_> = errors.iter().map(|error| typed::sentence("", &error.to_string())).collect();
    let notice = format!("Nothing was changed, since letters could not be written like that. {}", causes.join(" "));
    show(web, staff, entry, StatusCode::UNPROCESSABLE_ENTITY, Some(notice)).await
}
