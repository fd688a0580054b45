//! A new campaign: a copy of one that is there, under another short name, not open yet.

use actix_web::http::StatusCode;
use actix_web::web;
use serde::Deserialize;

use super::super::super::Web;
use super::super::super::form::Form;
use super::super::super::response::{Answer, Failure, see_other};
use super::super::super::views::FormError;
use super::super::super::views::texts::{Choice, NewCampaignPage};
use super::super::nav::Place;
use super::super::session::Staff;
use super::typed::{field, sentence};
use crate::domain::{Role, Slug, Timestamp};
use crate::staff_actions::Made;

/// `new` and the like would hide pages of the console.
const TAKEN: [&str; 1] = ["new"];

/// What was typed.
#[derive(Deserialize, Default)]
pub(in crate::web::console) struct Typed {
    #[serde(default)]
    csrf: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    slug: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    opens: String,
}

/// `GET /staff/campaigns/new`.
pub(in crate::web::console) async fn form(web: web::Data<Web>, staff: Staff) -> Answer {
    show(&web, &staff, &Typed::default(), Vec::new())
}

/// `POST /staff/campaigns/new`.
pub(in crate::web::console) async fn make(web: web::Data<Web>, staff: Staff, Form(typed): Form<Typed>) -> Answer {
    staff.check_may(&web, Role::Editor, &typed.csrf)?;
    let from = web.intake.catalog().by_slug(&typed.from).ok_or(Failure::BadRequest)?;
    let mut errors = Vec::new();
    let mut wrong = |field: &str, text: String| errors.push(FormError { field: field.into(), text });
    let slug = match Slug::parse(typed.slug.trim()) {
        Ok(slug) if TAKEN.contains(&slug.as_str()) => {
            wrong("slug", "This short name is kept for the console itself. Choose another.".into());
            None
        }
        Ok(slug) => Some(slug),
        Err(error) => {
            wrong("slug", sentence("", &error.to_string()));
            None
        }
    };
    let title = typed.title.trim();
    if title.is_empty() || title.chars().any(char::is_control) {
        wrong("title", "Give it a title, in one line.".into());
    }
    let opens: Option<Timestamp> = from.campaign.settings.time_zone.at_local(typed.opens.trim());
    if opens.is_none() {
        wrong("opens", "Choose the day and time from which people can sign.".into());
    }
    let (Some(slug), Some(opens), true) = (slug, opens, errors.is_empty()) else {
        return show(&web, &staff, &typed, errors);
    };
    let again = |field: &str, text: String| show(&web, &staff, &typed, vec![FormError { field: field.into(), text }]);
    match web.staff_actions.copy_campaign(&staff.actor(), &from, &slug, title, &opens.rfc3339()).await? {
        Made::Campaign => Ok(see_other(&format!("/staff/campaigns/{slug}/text"))),
        Made::Exists => again("slug", format!("There is a campaign called \"{slug}\" already. Choose another short name.")),
        Made::Refused(errors) => {
            let causes: Vec<_> = errors.iter().map(ToString::to_string).collect();
            again("title", sentence("", &causes.join(". ")))
        }
    }
}

fn show(web: &Web, staff: &Staff, typed: &Typed, errors: Vec<FormError>) -> Answer {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let mut page = staff.page(web, Place::Campaigns, "A new campaign");
    page.problem = !errors.is_empty();
    let catalog = web.intake.catalog();
    let campaigns = catalog.campaigns().iter().map(|entry| {
        let settings = &entry.campaign.settings;
        Choice { value: settings.slug.to_string(), label: settings.title.clone(), chosen: settings.slug.as_str() == typed.from }
    });
    let view = NewCampaignPage {
        page,
        csrf: staff.csrf().to_owned(),
        campaigns: campaigns.collect(),
        slug: field("slug", &typed.slug, &errors),
        title: field("title", &typed.title, &errors),
        opens: field("opens", &typed.opens, &errors),
        errors,
    };
    web.old_page(status, "staff_new_campaign", &view)
}
