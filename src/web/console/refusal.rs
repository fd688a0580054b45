//! Answers that refuse, with the reason and a way on.

use actix_web::http::StatusCode;

use super::super::Web;
use super::super::parts::error_page::{Back, ErrorPage};
use super::super::response::{Answer, html};
use super::nav::Place;
use super::session::Staff;

/// 409: it can't be done as things stand now.
pub(super) fn conflict(web: &Web, staff: &Staff, what: &str, next: &str, back: &str) -> Answer {
    page(web, staff, StatusCode::CONFLICT, ("That can't be done now", what, next), back)
}

fn page(web: &Web, staff: &Staff, status: StatusCode, (title, what, next): (&str, &str, &str), back: &str) -> Answer {
    html(status, &ErrorPage { page: staff.page(web, Place::Campaigns, title), status, what, next, back: Back(back, "Go back") })
}
