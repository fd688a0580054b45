//! The pages of the development outbox: mail that was written to files instead of being sent. `app` finds the mail.

use actix_web::http::StatusCode;
use askama::Template;

use super::Web;
use super::parts::{Page, filters};
use super::response::{Answer, html};

/// A mail in the list.
pub struct OutboxLine<'a> {
    /// Its name in the folder.
    pub file: &'a str,
    pub to: &'a str,
    pub subject: &'a str,
    /// As its header says it.
    pub date: &'a str,
}

#[derive(Template)]
#[template(path = "outbox.html")]
struct OutboxPage<'a> {
    page: Page,
    /// Newest first.
    mails: &'a [OutboxLine<'a>],
    /// How many there are; the newest are shown.
    all: i64,
}

/// One mail, decoded.
#[derive(Template)]
#[template(path = "outbox_mail.html")]
struct OutboxMail<'a> {
    page: Page,
    file: &'a str,
    subject: &'a str,
    headers: &'a [(String, String)],
    text: &'a str,
    /// Links of this service in the text, so that they can be followed.
    links: Vec<&'a str>,
}

impl Web {
    /// The list of mail, of which there are `all`.
    pub fn outbox(&self, mails: &[OutboxLine<'_>], all: usize) -> Answer {
        let page = Page { width: "wide", ..self.page_frame("Outbox") };
        html(StatusCode::OK, &OutboxPage { page, mails, all: i64::try_from(all).unwrap_or(i64::MAX) })
    }

    /// A mail of that name.
    pub fn outbox_mail(&self, file: &str, subject: &str, headers: &[(String, String)], text: &str) -> Answer {
        let own = self.config.link("/");
        let mut links: Vec<_> = text.split_whitespace().filter(|word| word.starts_with(&own)).collect();
        links.dedup();
        let page = Page { width: "wide", ..self.page_frame(subject) };
        html(StatusCode::OK, &OutboxMail { page, file, subject, headers, text, links })
    }
}

fn more(mails: &[OutboxLine<'_>], all: i64) -> bool {
    i64::try_from(mails.len()).is_ok_and(|shown| shown < all)
}
