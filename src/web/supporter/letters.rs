//! The private page about what became of each letter, and what its writer can still do.

use actix_web::http::StatusCode;
use actix_web::web;
use serde::Deserialize;

use super::confirm::{expired, waits};
use super::{Private, campaign_href, cards, consents, erased, words};
use crate::domain::{MessageState, TimeZone};
use crate::store::letters::LetterView;
use crate::store::signup_life::Progress;
use crate::web::Web;
use crate::web::form::Form;
use crate::web::response::{Answer, Failure, see_other};
use crate::web::views::private::{LetterStatus, LettersPage};

/// What was done just before: a word in the page's address, so that reloading does nothing twice.
#[derive(Deserialize)]
pub(super) struct Done {
    done: Option<String>,
}

pub(super) async fn show(web: web::Data<Web>, token: web::Path<String>, done: Option<web::Query<Done>>) -> Answer {
    let private = Private::find(&web, &token).await?;
    if waits(&private) {
        return Ok(see_other(&private.confirm_path()));
    }
    let done = done.and_then(|query| query.into_inner().done);
    let notice = done.and_then(|done| notice(&done, &private.view.letters).or(consents::notice(&done, private.view.consents)));
    page(&web, &private, notice, None)
}

pub(super) async fn withdraw(web: web::Data<Web>, token: web::Path<String>) -> Answer {
    let private = Private::find(&web, &token).await?;
    let withdrawn = web.intake.withdraw(&private.token).await?.ok_or(Failure::NotFound)?;
    Ok(back(&private, if withdrawn > 0 { "withdrawn" } else { "nothing" }))
}

/// Which letter the person sent themselves.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct SelfReport {
    message: String,
}

pub(super) async fn self_reported(web: web::Data<Web>, token: web::Path<String>, Form(form): Form<SelfReport>) -> Answer {
    let private = Private::find(&web, &token).await?;
    // Ids begin at 1: what is no number is no letter either.
    let message = form.message.parse().unwrap_or(0);
    web.intake.self_report(&private.token, message).await?.ok_or(Failure::NotFound)?;
    // A second press finds the letter reported already, which is what the person wants to see.
    Ok(back(&private, "reported"))
}

pub(super) fn back(private: &Private, done: &str) -> actix_web::HttpResponse {
    see_other(&format!("{}?done={done}", private.letters_path()))
}

/// The page; with `erase_error`, because the box was not ticked.
pub(super) fn page(web: &Web, private: &Private, notice: Option<&str>, erase_error: Option<&str>) -> Answer {
    if private.view.progress == Progress::Expired {
        return expired(web, private);
    }
    let settings = &private.entry.campaign.settings;
    let letters = &private.view.letters;
    let states: Vec<MessageState> = letters.iter().map(|letter| letter.state).collect();
    let mut page = web.page_frame(&format!("Your letters: {}", settings.title));
    page.script = states.contains(&MessageState::SelfSend);
    page.problem = erase_error.is_some();
    let view = LettersPage {
        page,
        title: settings.title.clone(),
        campaign_href: campaign_href(&private.entry),
        base: private.letters_path(),
        notice: notice.map(str::to_owned),
        headline: words::headline(&states),
        letters: letters.iter().map(|letter| status(letter, &settings.time_zone)).collect(),
        can_withdraw: states.iter().any(|state| state.can_withdraw()),
        agreed: consents::agreed(private.view.consents),
        erase: erased::form(private, erase_error),
    };
    web.old_page(if erase_error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }, "letters", &view)
}

/// Anybody can write words into an address, so a notice is shown only where the letters agree with it.
fn notice(done: &str, letters: &[LetterView]) -> Option<&'static str> {
    let any = |state| letters.iter().any(|letter| letter.state == state);
    match done {
        "withdrawn" if any(MessageState::Withdrawn) => {
            Some("We withdrew every letter that was not on its way yet. Those will not be sent.")
        }
        "nothing" if !letters.iter().any(|letter| letter.state.can_withdraw()) => Some("There was no letter left to withdraw."),
        "reported" if any(MessageState::SelfReported) => Some("Thank you. We noted that you sent the letter yourself."),
        _ => None,
    }
}

fn status(letter: &LetterView, zone: &TimeZone) -> LetterStatus {
    let own = matches!(letter.state, MessageState::SelfSend | MessageState::SelfReported);
    LetterStatus {
        message: letter.id.to_string(),
        official: letter.addressee(),
        office: letter.district.in_words(),
        state: letter.state.as_str().to_owned(),
        tone: words::tone(letter.state).to_owned(),
        when: Some(words::moment(zone, letter.since)),
        reason: match letter.state {
            MessageState::Held => Some(words::held_because(letter.reason.as_deref())),
            MessageState::Withdrawn if letter.reason.is_some() => Some("The campaign took this letter back.".to_owned()),
            _ => None,
        },
        may_have_arrived: letter.may_have_arrived,
        card: cards::of_letter(letter),
        web_form: letter.webform.clone().filter(|_| own),
    }
}
