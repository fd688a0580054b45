//! The page that the confirmation mail leads to. Opening it changes nothing, since mail scanners open links; its button does.

use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template;

use super::cards::{self, LetterCard};
use super::{Private, campaign_href, words};
use crate::store::signup_life::{Confirmed, Progress};
use crate::web::Web;
use crate::web::form::Form;
use crate::web::parts::{FormErrors, Page};
use crate::web::response::{Answer, Failure, html, see_other};

#[derive(Template)]
#[template(path = "supporter/confirm.html")]
struct ConfirmPage<'a> {
    page: Page,
    private: &'a Private,
    stage: Stage,
}

enum Stage {
    /// The link is older than its life.
    Expired,
    /// Confirmed before: there is nothing to do.
    Already,
    /// The campaign closed before the letters were confirmed.
    Closed,
    /// The letters that wait, with the button.
    Ready { notice: Option<&'static str> },
}

pub(super) async fn show(web: web::Data<Web>, private: Private) -> Answer {
    match private.view.progress {
        Progress::Expired => expired(&web, &private),
        Progress::Confirmed(_) => page(&web, &private, StatusCode::OK, Stage::Already),
        Progress::Open(_) if !private.waits() => Ok(see_other(&private.letters_path())),
        Progress::Open(_) if !private.entry.campaign.settings.is_open(web.clock.now()) => closed(&web, &private),
        Progress::Open(_) => page(&web, &private, StatusCode::OK, Stage::Ready { notice: None }),
    }
}

/// The letters that the person was shown; a script that was shown none sends an empty form.
#[derive(Default, serde::Deserialize)]
#[serde(default)]
pub(super) struct Shown {
    letters: Option<String>,
}

pub(super) async fn confirm(web: web::Data<Web>, private: Private, shown: Option<Form<Shown>>) -> Answer {
    if private.waits() && !private.entry.campaign.settings.is_open(web.clock.now()) {
        return closed(&web, &private);
    }
    let shown = shown.and_then(|Form(shown)| shown.letters);
    let ids = shown.map(|ids| ids.split('.').filter_map(|id| id.parse().ok()).collect());
    match web.intake.confirm(&private.token, ids).await?.ok_or(Failure::NotFound)? {
        Confirmed::Now | Confirmed::Before => Ok(see_other(&private.letters_path())),
        Confirmed::Expired => expired(&web, &private),
        Confirmed::Changed => {
            let now = private.again(&web).await?;
            page(&web, &now, StatusCode::CONFLICT, Stage::Ready { notice: Some(words::CHANGED) })
        }
    }
}

/// The link is too old.
pub(super) fn expired(web: &Web, private: &Private) -> Answer {
    page(web, private, StatusCode::GONE, Stage::Expired)
}

fn closed(web: &Web, private: &Private) -> Answer {
    page(web, private, StatusCode::GONE, Stage::Closed)
}

fn page(web: &Web, private: &Private, status: StatusCode, stage: Stage) -> Answer {
    let title = format!("Confirm your letters: {}", private.entry.campaign.settings.title);
    html(status, &ConfirmPage { page: web.page_frame(&title), private, stage })
}

fn cards(private: &Private) -> Vec<LetterCard<'_>> {
    private.waiting().map(cards::of_letter).collect()
}

/// The ids of the letters, sent back with the button: only what was read is confirmed.
fn shown(private: &Private) -> String {
    private.waiting().map(|letter| letter.id.to_string()).collect::<Vec<_>>().join(".")
}
