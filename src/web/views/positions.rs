//! Evidence of where officials stand, in the console.

use serde::Serialize;

use super::roster::NamedLink;
use super::{Field, FormError, Page};

/// `staff_positions`: the evidence on record, a form for one piece, and one for a file.
#[derive(Serialize, Clone, Default)]
pub struct PositionsPage {
    /// The frame, with `staff`.
    pub page: Page,
    /// CSRF token.
    pub csrf: String,
    /// "The evidence is kept."
    pub notice: Option<String>,
    /// Why nothing was done.
    pub error: Option<String>,
    /// What is wrong with a file, line by line.
    pub problems: Vec<String>,
    /// All that is wrong with a form.
    pub errors: Vec<FormError>,
    /// This login may change evidence.
    pub may_change: bool,
    /// The state's code.
    pub state: String,
    /// The state's name.
    pub state_name: String,
    /// The other states that campaigns write to.
    pub other_states: Vec<NamedLink>,
    /// The official that the list is of, as typed.
    pub official: Field,
    /// The bill that the list is of, as typed.
    pub bill: Field,
    /// A filter is set.
    pub filtered: bool,
    /// The evidence, what was told last first.
    pub rows: Vec<EvidenceRow>,
    /// Path of what was told before.
    pub older: Option<String>,
    /// The form for one piece.
    pub form: EvidenceForm,
}

/// `staff_position`: one piece of evidence, to correct or take away.
#[derive(Serialize, Clone, Default)]
pub struct PositionPage {
    /// The frame, with `staff`.
    pub page: Page,
    /// CSRF token.
    pub csrf: String,
    /// The piece's id.
    pub id: i64,
    /// Why nothing was done.
    pub error: Option<String>,
    /// All that is wrong with the form.
    pub errors: Vec<FormError>,
    /// The piece in words.
    pub said: String,
    /// The same with the official's id: stands for the piece as it is shown.
    pub was: String,
    /// The form.
    pub form: EvidenceForm,
}

/// The form for one piece of evidence.
#[derive(Serialize, Clone, Default)]
pub struct EvidenceForm {
    /// The state's code.
    pub state: String,
    /// The official.
    pub who: Field,
    /// The officials to choose from.
    pub officials: Vec<String>,
    /// The bill's number.
    pub number: Field,
    /// The bills of the campaigns.
    pub bills: Vec<String>,
    /// What the official did.
    pub acts: Vec<ActOption>,
    /// The act is missing.
    pub act_error: Option<String>,
    /// The day it happened.
    pub on: Field,
    /// The source.
    pub source: Field,
    /// The day on which it was looked at.
    pub as_of: Field,
}

/// An act to choose.
#[derive(Serialize, Clone, Default)]
pub struct ActOption {
    /// The stored word.
    pub value: String,
    /// As people say it.
    pub label: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// One piece of evidence in the list.
#[derive(Serialize, Clone, Default)]
pub struct EvidenceRow {
    /// Its id.
    pub id: i64,
    /// The official's name and seat, or their id when they are no longer in office.
    pub who: String,
    /// The bill's number.
    pub bill: String,
    /// What they did, and when.
    pub act: String,
    /// Who says so.
    pub source: String,
    /// The source is a web address.
    pub link: bool,
    /// When it was looked at.
    pub as_of: String,
}

/// `staff_positions_plan`: what an uploaded file of evidence would change.
#[derive(Serialize, Clone, Default)]
pub struct PositionsPlanPage {
    /// The frame, with `staff`.
    pub page: Page,
    /// CSRF token.
    pub csrf: String,
    /// Path of this page.
    pub path: String,
    /// The file's name.
    pub file: String,
    /// The state's name.
    pub state: String,
    /// What happened since the page was opened.
    pub error: Option<String>,
    /// "3 new, 1 seen again on a later day, 12 known already".
    pub summary: String,
    /// "2 of the people are not in the roster."
    pub not_in_office: Option<String>,
    /// What is new, in words.
    pub new: Vec<String>,
    /// "and 120 more".
    pub more: Option<String>,
    /// Where sources disagree.
    pub conflicts: Vec<ConflictView>,
    /// Rows of the file that are left out.
    pub skipped: Vec<String>,
    /// Stands for all that this page shows.
    pub shown: String,
}

/// Sources that disagree.
#[derive(Serialize, Clone, Default)]
pub struct ConflictView {
    /// The official and the measure.
    pub about: String,
    /// Both sides.
    pub sides: Vec<String>,
}
