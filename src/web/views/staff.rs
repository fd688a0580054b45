//! The staff console and the development outbox.

use serde::Serialize;

use super::{Moment, Page};

/// A sentence about how something stands.
#[derive(Serialize, Clone, Default)]
pub struct Line {
    /// `done`, `wait`, `trouble` or `quiet`.
    pub tone: String,
    /// "Running. 340 letters wait; empty at about 4:10 pm."
    pub text: String,
}

/// `dev_outbox`: the mails that were written to files.
#[derive(Serialize, Clone, Default)]
pub struct OutboxPage {
    /// The frame.
    pub page: Page,
    /// Newest first.
    pub mails: Vec<OutboxRow>,
    /// "Showing the newest 100 of 2,310." `None` when all are shown.
    pub more: Option<String>,
}

/// One mail in the list.
#[derive(Serialize, Clone, Default)]
pub struct OutboxRow {
    /// To whom.
    pub to: String,
    /// Subject line.
    pub subject: String,
    /// When it was written.
    pub when: Moment,
    /// Path of its page.
    pub href: String,
}

/// `dev_mail`: one mail.
#[derive(Serialize, Clone, Default)]
pub struct OutboxMailPage {
    /// The frame.
    pub page: Page,
    /// Subject line.
    pub subject: String,
    /// The headers that people look at, in order.
    pub headers: Vec<Header>,
    /// The text part.
    pub text: String,
    /// Links of this service found in the text, so that they can be followed.
    pub links: Vec<String>,
    /// Path of the raw file.
    pub raw_href: String,
}

/// One header line.
#[derive(Serialize, Clone, Default)]
pub struct Header {
    /// `From`.
    pub name: String,
    /// The decoded value.
    pub value: String,
}
