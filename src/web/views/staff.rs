//! The staff console and the development outbox.

use serde::Serialize;

use super::{Field, FormError, Moment, Page};

/// `staff_login`: e-mail and password.
#[derive(Serialize, Clone, Default)]
pub struct LoginPage {
    /// The frame, without `staff`.
    pub page: Page,
    /// The path the form posts to.
    pub action: String,
    /// CSRF token.
    pub csrf: String,
    /// "Please log in first", "You are logged out."
    pub notice: Option<String>,
    /// One sentence for every failed log-in, whatever was wrong.
    pub error: Option<String>,
    /// The e-mail address as typed.
    pub email: String,
}

/// `staff_setup`: the one-time link that makes a login.
#[derive(Serialize, Clone, Default)]
pub struct SetupPage {
    /// The frame, without `staff`.
    pub page: Page,
    /// The path the form posts to, with the token.
    pub action: String,
    /// CSRF token.
    pub csrf: String,
    /// The link was used before or is too old: no form.
    pub expired: bool,
    /// The role that the login gets.
    pub role: String,
    /// All that is wrong.
    pub errors: Vec<FormError>,
    /// E-mail address.
    pub email: Field,
    /// Password: the value always stays empty.
    pub password: Field,
}

/// A sentence about how something stands.
#[derive(Serialize, Clone, Default)]
pub struct Line {
    /// `done`, `wait`, `trouble` or `quiet`.
    pub tone: String,
    /// "Running. 340 letters wait; empty at about 4:10 pm."
    pub text: String,
}

/// `staff_sending`: how the sender is, and what waits where.
#[derive(Serialize, Clone, Default)]
pub struct SendingPage {
    /// The frame, with `staff`.
    pub page: Page,
    /// When the numbers were read.
    pub as_of: Moment,
    /// How the sender is.
    pub sender: Line,
    /// There is something that this login may resume.
    pub may_resume: bool,
    /// Said after a change.
    pub notice: Option<String>,
    /// The pause of everything by staff, in words.
    pub paused: Option<String>,
    /// This login may pause and resume.
    pub may_change: bool,
    /// When all that waits has gone, in a sentence.
    pub empty_at: String,
    /// The limits in force, one sentence each, with their reason.
    pub limits: Vec<String>,
    /// What came back in all, in sentences.
    pub returns: Vec<String>,
    /// The offices, the longest queue first.
    pub offices: Vec<SendingRow>,
    /// "and 120 more". `None` when all are shown.
    pub more: Option<String>,
}

/// One office's queue.
#[derive(Serialize, Clone, Default)]
pub struct SendingRow {
    /// The office.
    pub office: String,
    /// Where it is paused, and its pace chosen.
    pub href: String,
    /// How it is: "Sending", "Paused by staff", "Stopped", "Slowed down", "Next try in 5 minutes".
    pub state: String,
    /// Letters that wait.
    pub waiting: String,
    /// Letters in hand now.
    pub sending: String,
    /// Accepted in the last hour, of how many that may go in one.
    pub in_hour: String,
    /// When its queue is empty.
    pub empty_at: String,
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
