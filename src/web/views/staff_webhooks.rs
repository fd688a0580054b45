//! The console's page of webhooks.

use serde::Serialize;

use super::{Field, FormError, Page};

/// `staff_webhooks`: the webhooks, and a form for a new one.
#[derive(Serialize, Clone, Default)]
pub struct WebhooksPage {
    /// The frame.
    pub page: Page,
    /// CSRF token of the forms.
    pub csrf: String,
    /// Good news after an action.
    pub notice: Option<String>,
    /// All that is wrong with the form.
    pub errors: Vec<FormError>,
    /// The new webhook's address.
    pub url: Field,
    /// What is wrong with the boxes.
    pub kind_error: Option<String>,
    /// "A letter was sent" is ticked.
    pub letter_sent: bool,
    /// "Somebody signed up" is ticked.
    pub signup_confirmed: bool,
    /// The webhooks, the oldest first.
    pub hooks: Vec<WebhookView>,
}

/// One webhook.
#[derive(Serialize, Clone, Default)]
pub struct WebhookView {
    /// Its id.
    pub id: String,
    /// Where it leads.
    pub url: String,
    /// "letter.sent, signup.confirmed".
    pub kinds: String,
    /// What its receiver checks signatures with.
    pub secret: String,
    /// `done`, `wait` or `trouble`.
    pub tone: String,
    /// How it stands, as a sentence.
    pub stands: String,
    /// It is turned off.
    pub off: bool,
    /// "12": how many events wait to be told.
    pub waiting: Option<String>,
    /// The last tries, the newest first.
    pub tries: Vec<DeliveryRow>,
}

/// One try.
#[derive(Serialize, Clone, Default)]
pub struct DeliveryRow {
    /// When, RFC 3339.
    pub when: String,
    /// "letter.sent 12", "test".
    pub what: String,
    /// What the server said.
    pub answer: String,
    /// "12 ms".
    pub took: String,
    /// The server took it.
    pub taken: bool,
}
