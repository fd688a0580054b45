//! What a supporter does, step by step, so that tests tell only what is different.

use super::app::{PATIENCE, Page, TestApp, unescape};
use super::smtp_server::StoredMessage;

/// The campaign of the demo.
pub const CAMPAIGN: &str = "/campaigns/ma-287g";
/// A town of the demo that elects one senator and one representative.
pub const TOWN: &str = "Saltwick";

/// The form as a supporter of the demo fills it in.
#[derive(Clone)]
pub struct Typed(pub Vec<(&'static str, String)>);

impl Typed {
    pub fn new(email: &str) -> Self {
        Self(vec![
            ("name", "Ana Example".into()),
            ("email", email.into()),
            ("street", "12 Harbor Street".into()),
            ("city", TOWN.into()),
            ("zip", "01099".into()),
            ("consent", "yes".into()),
        ])
    }

    /// The same with another value of one field.
    #[must_use]
    pub fn with(mut self, field: &'static str, value: &str) -> Self {
        self.0.retain(|(name, _)| *name != field);
        self.0.push((field, value.into()));
        self
    }

    pub fn pairs<'a>(&'a self, token: &'a str) -> Vec<(&'a str, &'a str)> {
        let mut pairs: Vec<_> = self.0.iter().map(|(name, value)| (*name, value.as_str())).collect();
        pairs.push(("form_token", token));
        pairs
    }
}

impl TestApp {
    /// A form token as the campaign's page hands it out.
    pub fn form_token(&self) -> String {
        self.get(CAMPAIGN).field("form_token").expect("the campaign's page has a form")
    }

    /// Step 1.
    pub fn preview(&self, typed: &Typed) -> Page {
        let token = self.form_token();
        self.post(&format!("{CAMPAIGN}/officials"), &typed.pairs(&token))
    }

    /// Step 2.
    pub fn sign_up(&self, typed: &Typed) -> Page {
        let token = self.form_token();
        self.post(&format!("{CAMPAIGN}/signups"), &typed.pairs(&token))
    }

    /// Signs up and gives the link in the confirmation mail.
    pub fn signed_up(&self, typed: &Typed) -> String {
        let page = self.sign_up(typed);
        assert_eq!(
            (page.status, page.location.as_deref()),
            (303, Some("/campaigns/ma-287g/check-your-email")),
            "{}",
            page.text()
        );
        let mail = self.mails(1).remove(0);
        link_in(&mail, "/confirm/")
    }

    /// Signs up and presses the button; gives the address of the private page.
    pub fn confirmed(&self, typed: &Typed) -> String {
        let link = self.signed_up(typed);
        let page = self.post(&link, &[]);
        assert_eq!(page.status, 303, "{}", page.text());
        page.location.expect("a redirect to the private page")
    }

    /// Waits for so many mails, and takes them.
    pub fn mails(&self, count: usize) -> Vec<StoredMessage> {
        self.smtp.wait_for(count, PATIENCE)
    }

    /// The letters by state, as the public console's numbers say.
    pub fn letters(&self, state: standout::domain::MessageState) -> i64 {
        let ladder = self.store.read_blocking(|conn| standout::store::counts::total(conn, 1)).unwrap();
        ladder.letters.get(state)
    }
}

/// The plain text of a mail.
pub fn text_of(mail: &StoredMessage) -> String {
    standout::mail::read_mail(&mail.data).expect("a mail").text
}

/// The first link in the mail that holds `part`.
pub fn link_in(mail: &StoredMessage, part: &str) -> String {
    let text = text_of(mail);
    let link = text.split_whitespace().find(|word| word.starts_with("http") && word.contains(part));
    unescape(link.unwrap_or_else(|| panic!("no link with {part} in:\n{text}")))
}
