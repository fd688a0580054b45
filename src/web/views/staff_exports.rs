//! The console's page of files to take out.

use serde::Serialize;

use super::Page;

/// `staff_exports`: what there is to download.
#[derive(Serialize, Clone, Default)]
pub struct ExportsPage {
    /// The frame.
    pub page: Page,
    /// The campaign's name in URLs.
    pub slug: String,
    /// CSRF token of the buttons.
    pub csrf: String,
    /// Whether this login may take letters and people out.
    pub may_take: bool,
    /// "1,204": how many letters there are.
    pub letters: String,
    /// "87": how many supporters agreed to be written to.
    pub contacts: String,
}
