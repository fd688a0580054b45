//! The private page about what became of each letter, and what its writer can still do.

use actix_web::{HttpResponse, web};
use askama::Template;
use serde::{Deserialize, Serialize};

use super::confirm::expired;
use super::words::Done;
use super::{Private, campaign_href, cards, words};
use crate::domain::MessageState;
use crate::render::CampaignSettings;
use crate::store::signup_life::Progress;
use crate::web::Web;
use crate::web::form::Form;
use crate::web::parts::{FormErrors, Page};
use crate::web::response::{Answer, Failure, html, see_other};

#[derive(Template)]
#[template(path = "supporter/letters.html")]
struct LettersPage<'a> {
    page: Page,
    private: &'a Private,
    settings: &'a CampaignSettings,
    notice: Option<&'static str>,
    errors: FormErrors,
}

/// What the address says was done; a word that is none says nothing.
#[derive(Serialize, Deserialize)]
pub(super) struct Query {
    done: Done,
}

pub(super) async fn show(web: web::Data<Web>, private: Private, query: Option<web::Query<Query>>) -> Answer {
    if private.waits() {
        return Ok(see_other(&private.confirm_path()));
    }
    let notice = query.and_then(|query| query.done.in_words(&private.view));
    page(&web, &private, notice, FormErrors::default())
}

pub(super) async fn withdraw(web: web::Data<Web>, private: Private) -> Answer {
    let withdrawn = web.intake.withdraw(&private.token).await?.ok_or(Failure::NotFound)?;
    Ok(back(&private, if withdrawn > 0 { Done::Withdrawn } else { Done::Nothing }))
}

/// Which letter the person sent themselves.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct SelfReport {
    message: String,
}

pub(super) async fn self_reported(web: web::Data<Web>, private: Private, Form(form): Form<SelfReport>) -> Answer {
    // Ids begin at 1: what is no number is no letter either.
    let message = form.message.parse().unwrap_or(0);
    web.intake.self_report(&private.token, message).await?.ok_or(Failure::NotFound)?;
    // A second press finds the letter reported already, which is what the person wants to see.
    Ok(back(&private, Done::Reported))
}

/// Leads to the page, which says what was done.
pub(super) fn back(private: &Private, done: Done) -> HttpResponse {
    // A pair of words can always be written.
    let query = serde_urlencoded::to_string(Query { done }).unwrap_or_default();
    see_other(&format!("{}?{query}", private.letters_path()))
}

/// The page; with `errors`, because the box that erases was not ticked.
pub(super) fn page(web: &Web, private: &Private, notice: Option<&'static str>, errors: FormErrors) -> Answer {
    if private.view.progress == Progress::Expired {
        return expired(web, private);
    }
    let settings = &private.entry.campaign.settings;
    let page = Page {
        script: private.view.letters.iter().any(|letter| letter.state == MessageState::SelfSend),
        problem: !errors.is_empty(),
        ..web.page_frame(&format!("Your letters: {}", settings.title))
    };
    html(errors.status(), &LettersPage { page, private, settings, notice, errors })
}

fn can_withdraw(private: &Private) -> bool {
    private.view.letters.iter().any(|letter| letter.state.can_withdraw())
}
