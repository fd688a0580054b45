//! The page that says why a request was not answered: what happened, what to do, the way back.

use actix_web::http::StatusCode;
use askama::Template;

use super::Page;

/// What it shows.
#[derive(Template)]
#[template(path = "parts/error_page.html")]
pub struct ErrorPage<'a> {
    /// The frame, with `request_id`.
    pub page: Page,
    pub status: StatusCode,
    pub what: &'a str,
    pub next: &'a str,
    pub back: Back<'a>,
}

/// A way back: its path and its words.
pub struct Back<'a>(pub &'a str, pub &'a str);
