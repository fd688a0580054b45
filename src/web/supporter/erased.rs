//! The end of a person's data here, after they have said that they are sure.

use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template;
use serde::Deserialize;

use super::{Private, letters, words};
use crate::domain::MessageState;
use crate::web::Web;
use crate::web::form::Form;
use crate::web::parts::{FormErrors, Page};
use crate::web::response::{Answer, Failure, html};

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

pub(super) async fn erase(web: web::Data<Web>, found: Result<Private, Failure>, Form(form): Form<Sure>) -> Answer {
    let private = match found {
        // The second press of a double click: what there was is gone, and saying only "no such page" would frighten.
        Err(Failure::NotFound) if form.sure == "yes" => return page(&web, StatusCode::NOT_FOUND, false),
        found => found?,
    };
    if form.sure != "yes" {
        return letters::page(&web, &private, None, FormErrors::one("sure", words::SURE));
    }
    if !web.intake.erase(&private.token).await? {
        return page(&web, StatusCode::NOT_FOUND, false);
    }
    // A letter in the sender's hand can't be called back, so it counts as sent.
    let gone = [MessageState::Sent, MessageState::Sending, MessageState::SelfReported];
    let some_sent = private.view.letters.iter().any(|letter| gone.contains(&letter.state));
    page(&web, StatusCode::OK, some_sent)
}

/// Where nothing was found, the page says no more than that nothing is kept: which links once worked, nobody learns.
fn page(web: &Web, status: StatusCode, some_sent: bool) -> Answer {
    let title = if status == StatusCode::OK { "Your data is erased" } else { "Nothing is kept here" };
    html(status, &ErasedPage { page: web.page_frame(title), nothing: status != StatusCode::OK, some_sent })
}
