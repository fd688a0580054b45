//! The staff console and the development outbox.

use serde::Serialize;

use super::{Moment, Page};

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
