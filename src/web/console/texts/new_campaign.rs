//! A new campaign: a copy of one that is there, under another short name, not open yet.

use std::sync::Arc;

use actix_web::web;
use askama::Template;
use serde::Deserialize;

use super::super::act::Act;
use super::super::nav::Place;
use super::super::session::Staff;
use super::typed::sentence;
use crate::domain::Slug;
use crate::intake::Catalog;
use crate::staff_actions::Made;
use crate::web::Web;
use crate::web::parts::{FormErrors, Page};
use crate::web::response::{Answer, Failure, html, see_other};

/// `new` and the like would hide pages of the console.
const TAKEN: [&str; 1] = ["new"];

#[derive(Template)]
#[template(path = "console/texts/new_campaign.html")]
struct NewCampaignPage<'a> {
    page: Page,
    errors: FormErrors,
    /// Of campaigns that can be copied.
    catalog: Arc<Catalog>,
    typed: &'a Typed,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(in crate::web::console) struct Typed {
    from: String,
    slug: String,
    title: String,
    opens: String,
}

/// `GET /staff/campaigns/new`.
pub(in crate::web::console) async fn form(web: web::Data<Web>, staff: Staff) -> Answer {
    show(&web, &staff, &Typed::default(), FormErrors::default())
}

/// `POST /staff/campaigns/new`.
pub(in crate::web::console) async fn make(web: web::Data<Web>, staff: Staff, Act(typed): Act<Typed>) -> Answer {
    let from = web.intake.catalog().by_slug(&typed.from).ok_or(Failure::BadRequest)?;
    let mut errors = FormErrors::default();
    let slug = errors.keep("slug", slug(&typed.slug));
    let title = Some(typed.title.trim()).filter(|title| !title.is_empty() && !title.chars().any(char::is_control));
    let title = errors.keep("title", title.ok_or("Give it a title, in one line."));
    let opens = from.campaign.settings.time_zone.at_local(typed.opens.trim());
    let opens = errors.keep("opens", opens.ok_or("Choose the day and time from which people can sign."));
    let (Some(slug), Some(title), Some(opens)) = (slug, title, opens) else {
        return show(&web, &staff, &typed, errors);
    };
    let again = |field: &'static str, text: String| show(&web, &staff, &typed, FormErrors::one(field, text));
    match web.staff_actions.copy_campaign(&staff.actor(), &from, &slug, title, &opens.rfc3339()).await? {
        Made::Campaign => Ok(see_other(&format!("/staff/campaigns/{slug}/text"))),
        Made::Exists => again("slug", format!("There is a campaign called \"{slug}\" already. Choose another short name.")),
        Made::Refused(errors) => {
            let causes: Vec<_> = errors.iter().map(ToString::to_string).collect();
            again("title", sentence("", &causes.join(". ")))
        }
    }
}

fn slug(typed: &str) -> Result<Slug, String> {
    let slug = Slug::parse(typed.trim()).map_err(|error| sentence("", &error.to_string()))?;
    if TAKEN.contains(&slug.as_str()) {
        return Err("This short name is kept for the console itself. Choose another.".to_owned());
    }
    Ok(slug)
}

fn show(web: &Web, staff: &Staff, typed: &Typed, errors: FormErrors) -> Answer {
    let page = staff.page(web, Place::Campaigns, "A new campaign").problem(!errors.is_empty());
    html(errors.status(), &NewCampaignPage { page, errors, catalog: web.intake.catalog(), typed })
}
