//! One text to change: the page, a letter, or the settings as the file that they are.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::http::header::CONTENT_SECURITY_POLICY;
use actix_web::{HttpRequest, web};
use askama::Template;
use serde::Deserialize;

use super::super::act::{Act, LongAct};
use super::super::nav::Section;
use super::super::session::Staff;
use super::diff::Diff;
use super::preview::{Group, Preview};
use super::typed::{Typed, told};
use super::{base, beside, named, preview, saved_notice, stored, test_mail};
use crate::domain::Role;
use crate::intake::CampaignEntry;
use crate::render::{CampaignText, LETTER_FIELDS, LETTER_MAX_CHARS, MEASURE_FIELDS};
use crate::staff_actions::{Conflict, Edit, Saved};
use crate::store::offices::{Office, Official};
use crate::web::Web;
use crate::web::in_campaign::InCampaign;
use crate::web::middleware::WITH_EVENTS;
use crate::web::parts::{FormErrors, Page};
use crate::web::response::{Answer, Failure, html, see_other};

#[derive(Template)]
#[template(path = "console/texts/edit.html")]
struct EditPage<'a> {
    page: Page,
    /// Path of the list of texts.
    base: String,
    /// Path of this page, where its form posts to.
    action: String,
    text: CampaignText,
    name: String,
    is_letter: bool,
    /// The login may change it; else the page only shows.
    may_change: bool,
    notice: Option<String>,
    errors: FormErrors,
    overtaken: Option<Overtaken>,
    typed: &'a Typed,
    /// What stands above the text area.
    label: &'static str,
    /// How to write it.
    hint: String,
    /// There is a preview of this text.
    has_preview: bool,
    /// Where it was asked for.
    preview: Option<Preview>,
    /// Whose letter the preview is.
    officials: Vec<Group<'a>>,
    /// The office that is chosen of them.
    chosen: Option<i64>,
    /// Where a test goes.
    own_address: &'a str,
    /// What became of the tests sent lately.
    tests: Vec<String>,
}

impl EditPage<'_> {
    fn is_chosen(&self, office: &Office) -> bool {
        self.chosen == Some(office.id)
    }
}

/// Somebody else saved the text while this one was written.
pub(super) struct Overtaken {
    /// "sam@example.org changed this text on ..., while you were writing."
    pub(super) words: String,
    /// There now, and typed.
    pub(super) diff: Diff,
}

/// Said after a save.
#[derive(Deserialize)]
pub(in crate::web::console) struct Query {
    #[serde(default)]
    saved: String,
}

/// The page that is shown again with what was typed.
struct Shown<'a> {
    entry: &'a Arc<CampaignEntry>,
    word: &'a str,
    text: CampaignText,
    typed: Typed,
    errors: FormErrors,
    notice: Option<String>,
    overtaken: Option<Overtaken>,
    preview: Option<Preview>,
    /// What became of the letters that the login sent to itself.
    tests: Vec<String>,
}

/// `GET /staff/campaigns/{slug}/text/edit/{text}`.
pub(in crate::web::console) async fn page(
    web: web::Data<Web>,
    request: HttpRequest,
    staff: Staff,
    InCampaign(entry): InCampaign,
    path: web::Path<(String, String)>,
    query: web::Query<Query>,
) -> Answer {
    let word = path.1.as_str();
    let text = named(word)?;
    let stored = stored(&web, &entry).await?;
    let file = stored.files.get(&text.path()).ok_or(Failure::NotFound)?;
    let typed = Typed::of_file(text, file, stored.version);
    let notice = saved_notice(&query.saved);
    let tests = test_mail::told(&web, &staff, &entry).await?;
    // Where a letter is read, so is what becomes of it. Who only reads has no limit, and no preview.
    let preview = if staff.may(Role::Editor) && preview::limit(&web, &request).is_ok() {
        Some(preview::preview(&web, &entry, text, &typed).await?)
    } else {
        None
    };
    let errors = FormErrors::default();
    let shown = Shown { entry: &entry, word, text, typed, errors, notice, overtaken: None, preview, tests };
    show(&web, &staff, StatusCode::OK, shown)
}

/// `POST /staff/campaigns/{slug}/text/edit/{text}`.
pub(in crate::web::console) async fn save(
    web: web::Data<Web>,
    request: HttpRequest,
    staff: Staff,
    InCampaign(entry): InCampaign,
    path: web::Path<(String, String)>,
    Act(typed): LongAct<Typed>,
) -> Answer {
    let word = path.1.as_str();
    let text = named(word)?;
    let again = |typed| Shown {
        entry: &entry,
        word,
        text,
        typed,
        errors: FormErrors::default(),
        notice: None,
        overtaken: None,
        preview: None,
        tests: Vec::new(),
    };
    if typed.action == "preview" {
        preview::limit(&web, &request)?;
        let preview = Some(preview::preview(&web, &entry, text, &typed).await?);
        return show(&web, &staff, StatusCode::OK, Shown { preview, ..again(typed) });
    }
    if typed.action == "test" {
        preview::limit(&web, &request)?;
        let (preview, notice) = test_mail::send(&web, &staff, &entry, text, &typed).await?;
        let tests = test_mail::told(&web, &staff, &entry).await?;
        return show(&web, &staff, StatusCode::OK, Shown { notice, preview: Some(preview), tests, ..again(typed) });
    }
    let errors = typed.mistakes(text);
    if !errors.is_empty() {
        return show(&web, &staff, errors.status(), Shown { errors, ..again(typed) });
    }
    let edit = Edit { text, new: Some(typed.file(text)), began_from: typed.began_from };
    match web.staff_actions.save_text(&staff.actor(), &entry, edit).await? {
        Saved::Version(number) => Ok(see_other(&format!("{}/edit/{word}?saved={number}", base(&entry)))),
        Saved::Unchanged => Ok(see_other(&format!("{}/edit/{word}?saved=0", base(&entry)))),
        Saved::Refused(errors) => {
            let errors = told(&errors, text);
            show(&web, &staff, StatusCode::UNPROCESSABLE_ENTITY, Shown { errors, ..again(typed) })
        }
        Saved::Conflict(conflict) => {
            let overtaken = Some(Overtaken::by(&conflict, &entry, &typed.file(text)));
            // Whoever sends this page again has seen what is there now.
            let typed = Typed { began_from: conflict.version, ..typed };
            show(&web, &staff, StatusCode::UNPROCESSABLE_ENTITY, Shown { overtaken, ..again(typed) })
        }
        Saved::Unknown => Err(Failure::BadRequest),
    }
}

impl Overtaken {
    /// What the second of two people is told.
    pub(super) fn by(conflict: &Conflict, entry: &CampaignEntry, typed: &str) -> Self {
        let at = entry.campaign.settings.time_zone.moment_in_words(conflict.at);
        let what = if conflict.now.is_some() { "changed this text" } else { "took this text away" };
        let words = format!(
            "{} {what} on {at}, while you were writing. Nothing of yours is saved yet, and nothing is lost.",
            conflict.author
        );
        Self { words, diff: beside(conflict.now.as_deref(), typed) }
    }
}

fn show(web: &Web, staff: &Staff, status: StatusCode, shown: Shown<'_>) -> Answer {
    let Shown { entry, word, text, typed, errors, notice, overtaken, preview, tests } = shown;
    let name = if text == CampaignText::Settings { "All settings, as a file".to_owned() } else { text.name() };
    let page = staff.campaign_page(web, entry, Section::Texts, &format!("{name}: {}", entry.campaign.settings.title));
    let (label, hint) = words(text);
    let may_change = staff.may(Role::Editor);
    let view = EditPage {
        page: page.problem(status != StatusCode::OK),
        base: base(entry),
        action: format!("{}/edit/{word}", base(entry)),
        text,
        name,
        is_letter: matches!(text, CampaignText::Letter(..)),
        may_change,
        notice,
        errors,
        overtaken,
        label,
        hint,
        has_preview: text != CampaignText::Settings && may_change,
        preview,
        officials: preview::officials(entry, text),
        chosen: typed.office.parse().ok().or_else(|| preview::first(entry, text)),
        typed: &typed,
        own_address: &staff.member.email,
        tests,
    };
    let mut response = html(status, &view)?;
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, WITH_EVENTS);
    Ok(response)
}

fn official_at(office: &Office, official: &Official) -> String {
    let (name, district) = (official.person.titled(), &office.district.name);
    if district.is_empty() { name } else { format!("{name}, {district}") }
}

fn words(text: CampaignText) -> (&'static str, String) {
    match text {
        CampaignText::Page => (
            "Text, in Markdown",
            "## begins a heading, - a line of a list, **two stars** make words bold, [words](https://...) a link. An empty line begins a new paragraph.".to_owned(),
        ),
        CampaignText::Letter(..) => (
            "Text",
            format!(
                "Names in double braces are filled in for each letter. The greeting and the supporter's own words stand above this text, their name and address below it. At most {LETTER_MAX_CHARS} characters in all."
            ),
        ),
        CampaignText::Settings => (
            "campaign.toml",
            "The whole file. Lines that begin with # are notes. The short name and the time zone can't change.".to_owned(),
        ),
    }
}
