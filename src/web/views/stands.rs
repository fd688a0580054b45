//! The console's page of a campaign's measures.

use serde::Serialize;

use super::Page;
use super::figures::Cell;

/// `staff_measures`: what letters ask for, and how many officials stand where.
#[derive(Serialize, Clone, Default)]
pub struct MeasuresPage {
    /// The frame, with `staff`.
    pub page: Page,
    /// Path of this page, where its form posts to.
    pub action: String,
    /// CSRF token.
    pub csrf: String,
    /// "Saved. ..." after a change.
    pub notice: Option<String>,
    /// The login may choose; else the page only shows.
    pub may_change: bool,
    /// The campaign's measures.
    pub measures: Vec<MeasureView>,
}

/// One measure.
#[derive(Serialize, Clone, Default)]
pub struct MeasureView {
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: String,
    /// All its numbers.
    pub numbers: String,
    /// The radio buttons' name.
    pub field: String,
    /// What letters can ask for.
    pub asks: Vec<AskOption>,
    /// The heads of the columns with numbers.
    pub columns: Vec<String>,
    /// A row for each chamber.
    pub rows: Vec<StandRow>,
}

/// One thing that letters can ask for.
#[derive(Serialize, Clone, Default)]
pub struct AskOption {
    /// Its stored name.
    pub value: String,
    /// "Sign on".
    pub label: String,
    /// The campaign's words for it.
    pub text: String,
    /// It is in force.
    pub checked: bool,
}

/// How many officials of a chamber stand where.
#[derive(Serialize, Clone, Default)]
pub struct StandRow {
    /// "State Senate".
    pub head: String,
    /// In the order of the columns.
    pub cells: Vec<Cell>,
}
