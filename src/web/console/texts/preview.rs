//! A text as people get it, while it is being written. It reads only.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;

use super::super::act::{Act, LongAct};
use super::typed::{Typed, told};
use super::{named, stored};
use crate::domain::{Chamber, EmailAddress};
use crate::intake::{CampaignEntry, Sample};
use crate::render::{Campaign, CampaignText, Variant};
use crate::store::offices::{Office, Official};
use crate::web::in_campaign::InCampaign;
use crate::web::response::{Answer, Failure, html};
use crate::web::{Web, client};

/// A piece of a page: `{{ preview|safe }}`.
#[derive(Template)]
#[template(path = "console/texts/preview.html")]
pub(super) enum Preview {
    /// What is wrong, instead of a preview.
    Wrong(String),
    /// The public page's text, safe HTML.
    Page { html: String },
    Letter {
        sample: Sample,
        from: EmailAddress,
        /// What to know of it.
        note: Option<String>,
    },
}

/// Officials to choose one of, under what they have in common.
pub(super) type Group<'a> = (&'static str, Vec<(&'a Office, &'a Official, Variant)>);

/// `POST /staff/campaigns/{slug}/text/edit/{text}/preview`: the preview alone, for the page that asks while somebody types.
pub(in crate::web::console) async fn fragment(
    web: web::Data<Web>,
    request: HttpRequest,
    InCampaign(entry): InCampaign,
    path: web::Path<(String, String)>,
    Act(typed): LongAct<Typed>,
) -> Answer {
    let text = named(&path.1)?;
    limit(&web, &request)?;
    html(StatusCode::OK, &preview(&web, &entry, text, &typed).await?)
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
) -> Result<Preview, Failure> {
    if let Some(mistake) = typed.mistakes(text).iter().next() {
        return Ok(Preview::Wrong(mistake.text.to_string()));
    }
    let mut files = stored(web, entry).await?.files;
    files.insert(text.path(), typed.file(text));
    let (templates, saved) = (web.intake.templates().clone(), Arc::clone(entry));
    let compiled = web::block(move || Campaign::accept(&files, &templates).map(|campaign| saved.with_texts(campaign))).await;
    let entry = match compiled.map_err(|_| Failure::Busy)? {
        Ok(entry) => entry,
        Err(errors) => {
            let told = told(&errors, text);
            let words: Vec<&str> = told.iter().map(|error| &*error.text).collect();
            return Ok(Preview::Wrong(words.join(" ")));
        }
    };
    let CampaignText::Letter(chamber, variant) = text else {
        return Ok(Preview::Page { html: entry.campaign.page_html.clone() });
    };
    let chosen = typed.office.parse().ok().or_else(|| first(&entry, text));
    let office = chosen.and_then(|id| entry.jurisdiction.office_of_id(id)).filter(|office| office.district.chamber == chamber);
    let nobody = "There is no official to show it for: the roster has nobody in this office. Import a roster.";
    let Some(office) = office else { return Ok(Preview::Wrong(nobody.into())) };
    Ok(match entry.sample(office, variant)? {
        Some(sample) => {
            let note = note(&sample, variant, chamber);
            Preview::Letter { sample, from: web.config.mail_from.clone(), note }
        }
        None => Preview::Wrong(nobody.into()),
    })
}

/// Why the letter is not simply the one that this official gets.
fn note(sample: &Sample, wanted: Variant, chamber: Chamber) -> Option<String> {
    let Sample { to, variant, as_if, .. } = sample;
    if *as_if {
        return Some(format!("No official stands like that now. This is the letter as if {to} did."));
    }
    let other = (*variant != wanted).then(|| CampaignText::Letter(chamber, *variant).name())?;
    Some(format!("{to} does not get the letter that you are writing, but \"{other}\". This is that one."))
}

/// The first official who gets this letter, or any of the chamber.
pub(super) fn first(entry: &CampaignEntry, text: CampaignText) -> Option<i64> {
    let CampaignText::Letter(chamber, wanted) = text else { return None };
    let all = entry.recipients(chamber);
    all.iter().find(|(.., gets)| *gets == wanted).or_else(|| all.first()).map(|(office, ..)| office.id)
}

/// The officials to choose from: those who get this letter, and the others.
pub(super) fn officials(entry: &CampaignEntry, text: CampaignText) -> Vec<Group<'_>> {
    let CampaignText::Letter(chamber, wanted) = text else { return Vec::new() };
    let (get, others): (Vec<_>, Vec<_>) = entry.recipients(chamber).into_iter().partition(|(.., gets)| *gets == wanted);
    let groups = [("They get this letter", get), ("They get another letter", others)];
    groups.into_iter().filter(|(_, officials)| !officials.is_empty()).collect()
}
