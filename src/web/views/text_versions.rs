//! The pages on which staff compare versions of a campaign's texts.

use serde::Serialize;

use super::Page;
use super::texts::Choice;

/// Two texts side by side.
#[derive(Serialize, Clone, Default)]
pub struct DiffView {
    /// What the left one is.
    pub left: String,
    /// What the right one is.
    pub right: String,
    /// They are the same.
    pub same: bool,
    /// Line by line; long stretches without a change are left out.
    pub rows: Vec<DiffRow>,
}

/// A line of both texts.
#[derive(Serialize, Clone, Default)]
pub struct DiffRow {
    /// Lines that are the same and are left out: "12 lines are the same".
    pub skipped: Option<String>,
    /// `same` or `changed`.
    pub kind: String,
    /// In the left text.
    pub left: Option<DiffCell>,
    /// In the right text.
    pub right: Option<DiffCell>,
}

/// A line of one text.
#[derive(Serialize, Clone, Default)]
pub struct DiffCell {
    /// Its number.
    pub line: String,
    /// Its words, in parts.
    pub parts: Vec<DiffPart>,
}

/// A part of a line.
#[derive(Serialize, Clone, Default)]
pub struct DiffPart {
    /// Its words.
    pub text: String,
    /// It is what changed in the line.
    pub strong: bool,
}

/// `GET /staff/campaigns/{slug}/text/compare/{text}`.
#[derive(Serialize)]
pub struct ComparePage {
    /// The frame, with `staff`.
    pub page: Page,
    /// Path of the list of texts.
    pub base: String,
    /// CSRF token.
    pub csrf: String,
    /// The login may go back.
    pub may_change: bool,
    /// The text's name.
    pub name: String,
    /// Its word in addresses.
    pub word: String,
    /// The older version, to choose.
    pub from: Vec<Choice>,
    /// The newer version, to choose.
    pub to: Vec<Choice>,
    /// The difference.
    pub diff: DiffView,
    /// Versions that this text can be put back to from here: not the one in force.
    pub back_to: Vec<i32>,
    /// The version in force.
    pub now: i32,
}
