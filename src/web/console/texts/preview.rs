//! A text as people get it, while it is being written. It reads only.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};

use super::super::super::Web;
use super::super::super::client;
use super::super::super::response::{Answer, Failure};
use super::super::super::views::texts::{Choice, OfficialGroup, PreviewView};
use super::typed::{Typed, told};
use super::{named, stored};
use crate::intake::{CampaignEntry, Sample};
use crate::render::{Campaign, CampaignText, Variant};
use crate::web::console::act::{Act, LongAct};

/// `POST /staff/campaigns/{slug}/text/edit/{text}/preview`: the preview alone, for the page that asks while somebody types.
pub(in crate::web::console) async fn fragment(
    web: web::Data<Web>,
    request: HttpRequest,
    path: web::Path<(String, String)>,
    Act(typed): LongAct<Typed>,
) -> Answer {
    let (slug, word) = path.into_inner();
    let entry = web.intake.catalog().by_slug(&slug).ok_or(Failure::NotFound)?;
    let text = named(&word)?;
    limit(&web, &request)?;
    let view = preview(&web, &entry, text, &typed).await?;
    Ok(HttpResponse::Ok().content_type("text/html; charset=utf-8").body(web.pages.render("preview", &view)?))
}

/// Each preview compiles the campaign, so there is a limit on them.
pub(super) fn limit(web: &Web, request: &HttpRequest) -> Result<(), Failure> {
    let client = client::address(request, &web.config.trusted_proxies);
    web.sample_limit.check(client).map_err(|wait| Failure::TooMany(wait.0))
}

/// The text as it was typed, or what is wrong with it.
pub(super) async fn preview(
    web: &Web,
    entry: &Arc<CampaignEntry>,
    text: CampaignText,
    typed: &Typed,
) -> Result<PreviewView, Failure> {
    Ok(with_letter(web, entry, text, typed).await?.0)
}

/// The same with the letter itself, where the text is one and nothing is wrong with it.
pub(super) async fn with_letter(
    web: &Web,
    entry: &Arc<CampaignEntry>,
    text: CampaignText,
    typed: &Typed,
) -> Result<(PreviewView, Option<Sample>), Failure> {
    let wrong = |error: String| (PreviewView { shown: true, error: Some(error), ..PreviewView::default() }, None);
    if let Some(mistake) = typed.mistakes(text).into_iter().next() {
        return Ok(wrong(mistake.text));
    }
    let mut files = stored(web, entry).await?.files;
    files.insert(text.path(), typed.file(text));
    let (templates, saved) = (web.intake.templates().clone(), Arc::clone(entry));
    let compiled = web::block(move || Campaign::accept(&files, &templates).map(|campaign| saved.with_texts(campaign))).await;
    let entry = match compiled.map_err(|_| Failure::Busy)? {
        Ok(entry) => entry,
        Err(errors) => {
            let errors: Vec<_> = told(&errors, text).into_iter().map(|error| error.text).collect();
            return Ok(wrong(errors.join(" ")));
        }
    };
    let CampaignText::Letter(chamber, variant) = text else {
        let page_html = Some(entry.campaign.page_html.clone());
        return Ok((PreviewView { shown: true, page_html, ..PreviewView::default() }, None));
    };
    let chosen = typed.office.parse().ok().or_else(|| first(&entry, text));
    let office = chosen.and_then(|id| entry.jurisdiction.office_of_id(id)).filter(|office| office.district.chamber == chamber);
    let nobody = "There is no official to show it for: the roster has nobody in this office. Import a roster.";
    let Some(office) = office else { return Ok(wrong(nobody.into())) };
    Ok(match entry.sample(office, variant)? {
        Some(sample) => (letter(web, &sample, variant, chamber), Some(sample)),
        None => wrong(nobody.into()),
    })
}

fn letter(web: &Web, sample: &Sample, wanted: Variant, chamber: crate::domain::Chamber) -> PreviewView {
    let Sample { from_name, reply_to, to, subject, text, variant, as_if } = sample;
    let note = if *as_if {
        Some(format!("No official stands like that now. This is the letter as if {to} did."))
    } else if *variant == wanted {
        None
    } else {
        let other = CampaignText::Letter(chamber, *variant).name();
        Some(format!("{to} does not get the letter that you are writing, but \"{other}\". This is that one."))
    };
    PreviewView {
        shown: true,
        error: None,
        note,
        from: format!("{from_name} <{}>", web.config.mail_from.as_str()),
        reply_to: reply_to.clone(),
        to: to.clone(),
        subject: subject.clone(),
        text: text.clone(),
        page_html: None,
    }
}

/// The first official who gets this letter, or any of the chamber.
pub(super) fn first(entry: &CampaignEntry, text: CampaignText) -> Option<i64> {
    let CampaignText::Letter(chamber, wanted) = text else { return None };
    let all = entry.recipients(chamber);
    all.iter().find(|(.., gets)| *gets == wanted).or_else(|| all.first()).map(|(office, ..)| office.id)
}

/// The officials to choose from: those who get this letter, and the others.
pub(super) fn officials(entry: &CampaignEntry, text: CampaignText, chosen: &str) -> Vec<OfficialGroup> {
    let CampaignText::Letter(chamber, wanted) = text else { return Vec::new() };
    let chosen = chosen.parse().ok().or_else(|| first(entry, text));
    let (get, others): (Vec<_>, Vec<_>) = entry.recipients(chamber).into_iter().partition(|(.., gets)| *gets == wanted);
    let groups =
        [("They get this letter", get), ("They get another letter", others)].into_iter().filter(|(_, list)| !list.is_empty());
    let choice = |(office, official, _): &(&crate::store::offices::Office, &crate::store::offices::Official, Variant)| {
        let name = official.person.titled();
        let district = &office.district.name;
        Choice {
            value: office.id.to_string(),
            label: if district.is_empty() { name } else { format!("{name}, {district}") },
            chosen: Some(office.id) == chosen,
        }
    };
    groups.map(|(label, list)| OfficialGroup { label: label.into(), officials: list.iter().map(choice).collect() }).collect()
}
