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

/// `staff_home`: every campaign with its headline numbers.
#[derive(Serialize, Clone, Default)]
pub struct StaffHomePage {
    /// The frame, with `staff`.
    pub page: Page,
    /// Campaigns, open ones first.
    pub campaigns: Vec<StaffCampaignRow>,
    /// The sender's state.
    pub sender: Line,
    /// Something rests, and this login may say that it goes on.
    pub may_resume: bool,
    /// The roster's age.
    pub roster: Line,
    /// Webhooks that were turned off because they failed for a day; `None`: there are none.
    pub webhooks: Option<Line>,
}

/// A sentence about how something stands.
#[derive(Serialize, Clone, Default)]
pub struct Line {
    /// `done`, `wait`, `trouble` or `quiet`.
    pub tone: String,
    /// "Running. 340 letters wait; empty at about 4:10 pm."
    pub text: String,
}

/// One campaign in the console's list.
#[derive(Serialize, Clone, Default)]
pub struct StaffCampaignRow {
    /// The campaign's title.
    pub title: String,
    /// Path of its console page.
    pub href: String,
    /// "Open until January 31", "Closed".
    pub status: String,
    /// Numbers with thousands marks.
    pub signed_up: String,
    /// Confirmed sign-ups.
    pub confirmed: String,
    /// Letters accepted by the offices' mail servers.
    pub sent: String,
    /// Letters in `queued` and `sending`.
    pub waiting: String,
    /// Letters in `bounced`, `failed` and `held`.
    pub trouble: String,
}

/// One thing that needs a person.
#[derive(Serialize, Clone, Default)]
pub struct Attention {
    /// `wait` or `trouble`.
    pub tone: String,
    /// What is the matter: "12 letters are held: the 2nd Suffolk seat is empty."
    pub text: String,
    /// What to do, in words: "Import a new roster."
    pub next: Option<String>,
    /// Where to do it, when that is a page.
    pub href: Option<String>,
    /// Where a button posts to, when this login may press it, and what it says.
    pub action: Option<Action>,
}

/// A button.
#[derive(Serialize, Clone, Default)]
pub struct Action {
    /// The path that its form posts to.
    pub path: String,
    /// "The mailbox is right: send again".
    pub label: String,
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
