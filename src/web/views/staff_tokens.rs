//! The console's page of tokens for programs.

use serde::Serialize;

use super::{Field, FormError, Page};

/// `staff_tokens`: the tokens, and a form for a new one.
#[derive(Serialize, Clone, Default)]
pub struct TokensPage {
    /// The frame. Set `script` with `secret`.
    pub page: Page,
    /// CSRF token of the forms.
    pub csrf: String,
    /// Good news after an action.
    pub notice: Option<String>,
    /// All that is wrong with the form.
    pub errors: Vec<FormError>,
    /// The secret of the token that was made just now; shown this once.
    pub secret: Option<String>,
    /// The new token's name.
    pub name: Field,
    /// How many days it lasts.
    pub days: Field,
    /// What it may read.
    pub scopes: Vec<Choice>,
    /// The tokens, the newest first.
    pub tokens: Vec<TokenRow>,
}

/// One of several, as a radio button.
#[derive(Serialize, Clone, Default)]
pub struct Choice {
    /// Its value.
    pub value: String,
    /// Its words.
    pub label: String,
    /// It is chosen.
    pub checked: bool,
}

/// One token.
#[derive(Serialize, Clone, Default)]
pub struct TokenRow {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it may read, in words.
    pub scope: String,
    /// "November 22, 2026 by ana@example.org".
    pub made: String,
    /// The day of its last use, or "never".
    pub used: String,
    /// "good until November 22, 2027", "revoked on ...".
    pub stands: String,
    /// It still opens something: there is a button to revoke it.
    pub good: bool,
}
