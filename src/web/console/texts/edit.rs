//! One text to change: the page, a letter, or the settings as the file that they are.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::http::header::CONTENT_SECURITY_POLICY;
use actix_web::{HttpRequest, web};
use serde::Deserialize;

use super::super::super::Web;
use super::super::super::middleware::WITH_EVENTS;
use super::super::super::response::{Answer, Failure, see_other};
use super::super::super::views::FormError;
use super::super::super::views::texts::{ConflictView, FieldRow, PreviewView, TextEditPage};
use super::super::nav::Section;
use super::super::session::Staff;
use super::typed::{Typed, field, told};
use super::{base, beside, named, preview, saved_notice, stored, test_mail};
use crate::domain::Role;
use crate::intake::CampaignEntry;
use crate::render::{CampaignText, LETTER_FIELDS, LETTER_MAX_CHARS, LetterField, MEASURE_FIELDS};
use crate::staff_actions::{Conflict, Edit, Saved};
use crate::web::console::act::{Act, LongAct};

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
    errors: Vec<FormError>,
    notice: Option<String>,
    conflict: Option<ConflictView>,
    preview: PreviewView,
    /// What became of the letters that the login sent to itself.
    tests: Vec<String>,
}

/// `GET /staff/campaigns/{slug}/text/edit/{text}`.
pub(in crate::web::console) async fn page(
    web: web::Data<Web>,
    request: HttpRequest,
    staff: Staff,
    path: web::Path<(String, String)>,
    query: web::Query<Query>,
) -> Answer {
    let (slug, word) = path.into_inner();
    let entry = web.intake.catalog().by_slug(&slug).ok_or(Failure::NotFound)?;
    let text = named(&word)?;
    let stored = stored(&web, &entry).await?;
    let file = stored.files.get(&text.path()).ok_or(Failure::NotFound)?;
    let typed = Typed::of_file(text, file, stored.version);
    let notice = saved_notice(&query.saved);
    let tests = test_mail::told(&web, &staff, &entry).await?;
    // Where a letter is read, so is what becomes of it. Who only reads has no limit, and no preview.
    let preview = if staff.may(Role::Editor) && preview::limit(&web, &request).is_ok() {
        preview::preview(&web, &entry, text, &typed).await?
    } else {
        PreviewView::default()
    };
    let shown = Shown { entry: &entry, word: &word, text, typed, errors: Vec::new(), notice, conflict: None, preview, tests };
    show(&web, &staff, StatusCode::OK, shown)
}

/// `POST /staff/campaigns/{slug}/text/edit/{text}`.
pub(in crate::web::console) async fn save(
    web: web::Data<Web>,
    request: HttpRequest,
    staff: Staff,
    path: web::Path<(String, String)>,
    Act(typed): LongAct<Typed>,
) -> Answer {
    let (slug, word) = path.into_inner();
    let entry = web.intake.catalog().by_slug(&slug).ok_or(Failure::NotFound)?;
    let text = named(&word)?;
    let again = |typed, errors, conflict| {
        let preview = PreviewView::default();
        Shown { entry: &entry, word: &word, text, typed, errors, notice: None, conflict, preview, tests: Vec::new() }
    };
    if typed.action == "preview" {
        preview::limit(&web, &request)?;
        let preview = preview::preview(&web, &entry, text, &typed).await?;
        return show(&web, &staff, StatusCode::OK, Shown { preview, ..again(typed, Vec::new(), None) });
    }
    if typed.action == "test" {
        preview::limit(&web, &request)?;
        let (preview, notice) = test_mail::send(&web, &staff, &entry, text, &typed).await?;
        let tests = test_mail::told(&web, &staff, &entry).await?;
        return show(&web, &staff, StatusCode::OK, Shown { notice, preview, tests, ..again(typed, Vec::new(), None) });
    }
    let mistakes = typed.mistakes(text);
    if !mistakes.is_empty() {
        return show(&web, &staff, StatusCode::UNPROCESSABLE_ENTITY, again(typed, mistakes, None));
    }
    let edit = Edit { text, new: Some(typed.file(text)), began_from: typed.began_from };
    match web.staff_actions.save_text(&staff.actor(), &entry, edit).await? {
        Saved::Version(number) => Ok(see_other(&format!("{}/edit/{word}?saved={number}", base(&entry)))),
        Saved::Unchanged => Ok(see_other(&format!("{}/edit/{word}?saved=0", base(&entry)))),
        Saved::Refused(errors) => {
            let errors = told(&errors, text);
            show(&web, &staff, StatusCode::UNPROCESSABLE_ENTITY, again(typed, errors, None))
        }
        Saved::Conflict(conflict) => {
            let view = conflict_view(&entry, &conflict, &typed.file(text));
            // Whoever sends this page again has seen what is there now.
            let typed = Typed { began_from: conflict.version, ..typed };
            show(&web, &staff, StatusCode::UNPROCESSABLE_ENTITY, again(typed, Vec::new(), Some(view)))
        }
        Saved::Unknown => Err(Failure::BadRequest),
    }
}

/// What the second of two people is told.
pub(super) fn conflict_view(entry: &CampaignEntry, conflict: &Conflict, typed: &str) -> ConflictView {
    let at = entry.campaign.settings.time_zone.moment_in_words(conflict.at);
    let what = if conflict.now.is_some() { "changed this text" } else { "took this text away" };
    let text = format!(
        "{} {what} on {at}, while you were writing. Nothing of yours is saved yet, and nothing is lost.",
        conflict.author
    );
    ConflictView { text, diff: beside(conflict.now.as_deref(), typed) }
}

fn show(web: &Web, staff: &Staff, status: StatusCode, shown: Shown<'_>) -> Answer {
    let Shown { entry, word, text, typed, errors, notice, conflict, preview, tests } = shown;
    let is_letter = matches!(text, CampaignText::Letter(..));
    let name = if text == CampaignText::Settings { "All settings, as a file".to_owned() } else { text.name() };
    let mut page = staff.campaign_page(web, entry, Section::Texts, &format!("{name}: {}", entry.campaign.settings.title));
    page.problem = !errors.is_empty() || conflict.is_some();
    let (label, hint) = words(text);
    let rows = |fields: &[LetterField]| {
        fields.iter().map(|field| FieldRow { name: format!("{{{{{}}}}}", field.name), about: field.about.to_owned() }).collect()
    };
    let view = TextEditPage {
        page,
        base: base(entry),
        action: format!("{}/edit/{word}", base(entry)),
        csrf: staff.csrf().to_owned(),
        began_from: typed.began_from,
        name,
        word: text.word(),
        notice,
        may_change: staff.may(Role::Editor),
        subject: is_letter.then(|| field("subject", &typed.subject, &errors)),
        body: field("body", &typed.body, &errors),
        errors,
        label,
        hint,
        fields: if is_letter { rows(LETTER_FIELDS) } else { Vec::new() },
        measure_fields: if is_letter { rows(MEASURE_FIELDS) } else { Vec::new() },
        conflict,
        has_preview: text != CampaignText::Settings && staff.may(Role::Editor),
        officials: preview::officials(entry, text, &typed.office),
        preview,
        is_letter,
        own_address: staff.member.email.clone(),
        tests,
    };
    let mut response = web.old_page(status, "staff_text_edit", &view)?;
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, WITH_EVENTS);
    Ok(response)
}

fn words(text: CampaignText) -> (String, String) {
    let (label, hint) = match text {
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
    };
    (label.to_owned(), hint)
}
