//! The page that the confirmation mail leads to. Opening it changes nothing, since mail scanners open links; its button does.

use actix_web::http::StatusCode;
use actix_web::web;

use super::{Private, campaign_href, cards, consents, erased, words};
use crate::domain::MessageState;
use crate::store::signup_life::{Confirmed, Progress};
use crate::web::Web;
use crate::web::form::Form;
use crate::web::response::{Answer, Failure, see_other};
use crate::web::views::private::ConfirmPage;

pub(super) async fn show(web: web::Data<Web>, token: web::Path<String>) -> Answer {
    let private = Private::find(&web, &token).await?;
    match private.view.progress {
        Progress::Expired => expired(&web, &private),
        Progress::Confirmed(_) => {
            let view = ConfirmPage { already: true, status_href: Some(private.letters_path()), ..view(&web, &private) };
            web.old_page(StatusCode::OK, "confirm", &view)
        }
        Progress::Open(_) if !waits(&private) => Ok(see_other(&private.letters_path())),
        Progress::Open(_) if !private.entry.campaign.settings.is_open(web.clock.now()) => closed(&web, &private),
        Progress::Open(_) => ready(&web, &private, StatusCode::OK, None),
    }
}

/// The letters that the person was shown; a script that was shown none sends an empty form.
#[derive(Default, serde::Deserialize)]
#[serde(default)]
pub(super) struct Shown {
    letters: Option<String>,
}

pub(super) async fn confirm(web: web::Data<Web>, token: web::Path<String>, shown: Option<Form<Shown>>) -> Answer {
    let private = Private::find(&web, &token).await?;
    if waits(&private) && !private.entry.campaign.settings.is_open(web.clock.now()) {
        return closed(&web, &private);
    }
    let shown = shown.and_then(|Form(shown)| shown.letters);
    let ids = shown.map(|ids| ids.split('.').filter_map(|id| id.parse().ok()).collect());
    match web.intake.confirm(&private.token, ids).await?.ok_or(Failure::NotFound)? {
        Confirmed::Now | Confirmed::Before => Ok(see_other(&private.letters_path())),
        Confirmed::Expired => expired(&web, &private),
        Confirmed::Changed => {
            let now = Private::find(&web, &token).await?;
            ready(&web, &now, StatusCode::CONFLICT, Some(words::CHANGED.to_owned()))
        }
    }
}

/// The letters that wait, with the button.
fn ready(web: &Web, private: &Private, status: StatusCode, notice: Option<String>) -> Answer {
    let waiting: Vec<_> = private.view.letters.iter().filter(|letter| letter.state == MessageState::Unconfirmed).collect();
    let shown = waiting.iter().map(|letter| letter.id.to_string()).collect::<Vec<_>>().join(".");
    let letters = waiting.into_iter().map(cards::of_letter).collect();
    let agreed = consents::agreed(private.view.consents);
    let erase = Some(erased::form(private, None));
    web.old_page(status, "confirm", &ConfirmPage { notice, letters, shown, agreed, erase, ..view(web, private) })
}

/// Whether there is still something to confirm: the letters may all have been taken back before.
pub(super) fn waits(private: &Private) -> bool {
    let mut letters = private.view.letters.iter();
    matches!(private.view.progress, Progress::Open(_)) && letters.any(|letter| letter.state == MessageState::Unconfirmed)
}

/// The link is too old.
pub(super) fn expired(web: &Web, private: &Private) -> Answer {
    web.old_page(StatusCode::GONE, "confirm", &ConfirmPage { expired: true, ..view(web, private) })
}

fn closed(web: &Web, private: &Private) -> Answer {
    web.old_page(StatusCode::GONE, "confirm", &ConfirmPage { closed: true, ..view(web, private) })
}

fn view(web: &Web, private: &Private) -> ConfirmPage {
    let title = &private.entry.campaign.settings.title;
    ConfirmPage {
        page: web.page_frame(&format!("Confirm your letters: {title}")),
        campaign_href: campaign_href(&private.entry),
        action: private.confirm_path(),
        ..ConfirmPage::default()
    }
}
