//! Where officials stand: the lines under an official, and the console's page of a campaign's measures.

use serde::Serialize;

use super::Page;
use super::figures::Cell;

/// Where one official stands on one measure.
#[derive(Serialize, Clone, Default)]
pub struct StandLine {
    /// The measure's name.
    pub measure: String,
    /// "sources disagree", "not known"; empty where `evidence` says it all.
    pub words: String,
    /// What it rests on: one piece, or one for each side of a conflict.
    pub evidence: Vec<EvidenceLine>,
}

/// One piece of evidence.
#[derive(Serialize, Clone, Default)]
pub struct EvidenceLine {
    /// "signed on, February 19, 2025".
    pub words: String,
    /// Who says so; more than one where the source names several.
    pub sources: Vec<SourceLink>,
}

/// A source.
#[derive(Serialize, Clone, Default)]
pub struct SourceLink {
    /// The site's name for a web address, else the source as it stands.
    pub text: String,
    /// Where to look, for a web address.
    pub href: Option<String>,
}

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
