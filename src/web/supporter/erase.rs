//! The end of a person's data here, after they have said that they are sure.

use actix_web::http::StatusCode;
use actix_web::web;
use serde::Deserialize;

use super::{Private, letters, words};
use crate::domain::MessageState;
use crate::web::Web;
use crate::web::answer::{Answer, Failure};
use crate::web::form::Form;
use crate::web::views::supporter::ErasedPage;

/// The box beside the button.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Sure {
    sure: String,
}

pub(super) async fn erase(web: web::Data<Web>, token: web::Path<String>, Form(form): Form<Sure>) -> Answer {
    let private = Private::find(&web, &token).await?;
    if form.sure != "yes" {
        return letters::page(&web, &private, None, Some(words::SURE));
    }
    if !web.intake.erase(&private.token).await? {
        return Err(Failure::NotFound);
    }
    // A letter in the sender's hand can't be called back, so it counts as sent.
    let gone = [MessageState::Sent, MessageState::Sending, MessageState::SelfReported];
    let some_sent = private.view.letters.iter().any(|letter| gone.contains(&letter.state));
    web.page(StatusCode::OK, "erased", &ErasedPage { page: web.page_frame("Your data is erased"), some_sent })
}
