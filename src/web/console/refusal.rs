//! Answers that refuse, with the reason and a way on.

use actix_web::http::StatusCode;

use super::super::Web;
use super::super::parts::error_page::{Back, ErrorPage};
use super::super::response::{Answer, html};
use super::nav::Place;
use super::session::Staff;

/// 403: this role sees nobody's name, address or words.
pub(super) fn no_personal_data(web: &Web, staff: &Staff) -> Answer {
    let what = "Your role sees numbers and what became of letters, and nobody's name, address or words.";
    let next = "If you need them for your work, ask an admin for the role of an editor.";
    page(web, staff, StatusCode::FORBIDDEN, ("Your role can't open this", what, next), "/staff")
}

/// 409: it can't be done as things stand now.
pub(super) fn conflict(web: &Web, staff: &Staff, what: &str, next: &str, back: &str) -> Answer {
    page(web, staff, StatusCode::CONFLICT, ("That can't be done now", what, next), back)
}

fn page(web: &Web, staff: &Staff, status: StatusCode, (title, what, next): (&str, &str, &str), back: &str) -> Answer {
    html(status, &ErrorPage { page: staff.page(web, Place::Campaigns, title), status, what, next, back: Back(back, "Go back") })
}
