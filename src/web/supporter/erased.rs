//! The end of a person's data here, after they have said that they are sure.

use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template;
use serde::Deserialize;

use super::confirm::waits;
use super::{Private, letters, words};
use crate::domain::MessageState;
use crate::web::Web;
use crate::web::form::Form;
use crate::web::parts::Page;
use crate::web::response::{Answer, Failure, html};
use crate::web::views::private::EraseForm;

#[derive(Template)]
#[template(path = "supporter/erased.html")]
struct ErasedPage {
    page: Page,
    /// Nothing was found.
    nothing: bool,
    /// Letters that had gone out already.
    some_sent: bool,
}

/// The box beside the button.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Sure {
    sure: String,
}

pub(super) async fn erase(web: web::Data<Web>, token: web::Path<String>, Form(form): Form<Sure>) -> Answer {
    let private = match Private::find(&web, &token).await {
        // The second press of a double click: what there was is gone, and saying only "no such page" would frighten.
        Err(Failure::NotFound) if form.sure == "yes" => return page(&web, StatusCode::NOT_FOUND, false),
        found => found?,
    };
    if form.sure != "yes" {
        return letters::page(&web, &private, None, Some(words::SURE));
    }
    if !web.intake.erase(&private.token).await? {
        return page(&web, StatusCode::NOT_FOUND, false);
    }
    // A letter in the sender's hand can't be called back, so it counts as sent.
    let gone = [MessageState::Sent, MessageState::Sending, MessageState::SelfReported];
    let some_sent = private.view.letters.iter().any(|letter| gone.contains(&letter.state));
    page(&web, StatusCode::OK, some_sent)
}

/// The form that leads here; with `error`, because the box was not ticked.
pub(super) fn form(private: &Private, error: Option<&str>) -> EraseForm {
    let unconfirmed = waits(private);
    EraseForm { action: format!("{}/erase", private.letters_path()), unconfirmed, error: error.map(str::to_owned) }
}

/// Where nothing was found, the page says no more than that nothing is kept: which links once worked, nobody learns.
fn page(web: &Web, status: StatusCode, some_sent: bool) -> Answer {
    let title = if status == StatusCode::OK { "Your data is erased" } else { "Nothing is kept here" };
    html(status, &ErasedPage { page: web.page_frame(title), nothing: status != StatusCode::OK, some_sent })
}
