//! The roster in the console: how it stands, and what an uploaded one would change.

use serde::Serialize;

use super::staff::Line;
use super::{FormError, Page};

/// `staff_roster`: how the rosters stand, and the form for a new one.
#[derive(Serialize, Clone, Default)]
pub struct RosterPage {
    /// The frame, with `staff`.
    pub page: Page,
    /// CSRF token.
    pub csrf: String,
    /// "The roster is imported: ..."
    pub notice: Option<String>,
    /// Why nothing was imported.
    pub error: Option<String>,
    /// All that is wrong with the form.
    pub errors: Vec<FormError>,
    /// What is wrong with the file, line by line.
    pub problems: Vec<String>,
    /// This login may upload.
    pub may_change: bool,
    /// One for each state that campaigns write to.
    pub states: Vec<RosterStateView>,
    /// The form asks for the state: there are several.
    pub asks_state: bool,
}

/// How a state's roster stands.
#[derive(Serialize, Clone, Default)]
pub struct RosterStateView {
    /// `ma`.
    pub code: String,
    /// "Massachusetts".
    pub name: String,
    /// How old it is.
    pub line: Line,
    /// "Senate: 40 of 40 seats are held", one for each chamber.
    pub chambers: Vec<String>,
    /// Empty seats, holders without e-mail, dead mailboxes.
    pub lists: Vec<RosterList>,
    /// Where it is said who can be placed.
    pub coverage: Vec<NamedLink>,
}

/// A list of offices that need somebody.
#[derive(Serialize, Clone, Default)]
pub struct RosterList {
    /// "Empty seats (2)".
    pub title: String,
    /// What follows from it.
    pub about: String,
    /// Said when there are none.
    pub empty: String,
    /// The offices.
    pub items: Vec<RosterItem>,
}

/// One office of a list.
#[derive(Serialize, Clone, Default)]
pub struct RosterItem {
    /// Who or what.
    pub name: String,
    /// More of it.
    pub detail: String,
}

/// A link with its words.
#[derive(Serialize, Clone, Default)]
pub struct NamedLink {
    /// Where it leads.
    pub href: String,
    /// Its words.
    pub label: String,
}

/// `staff_roster_plan`: what an uploaded roster would change.
#[derive(Serialize, Clone, Default)]
pub struct RosterPlanPage {
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
    /// What is wrong with the last day that was typed, or what happened since the page was opened.
    pub error: Option<String>,
    /// "3 added, 1 gone, ...".
    pub summary: String,
    /// Nothing would change.
    pub nothing: bool,
    /// "The 10 made-up officials of the demo are replaced."
    pub demo: Option<String>,
    /// What speaks against it.
    pub objections: Vec<String>,
    /// Something speaks against it and nobody insists: it can't be imported like this.
    pub refused: bool,
    /// Somebody insists.
    pub force: bool,
    /// What changes, one row a person.
    pub rows: Vec<PlanRow>,
    /// Rows of the file that are left out.
    pub skipped: Vec<String>,
    /// The last day of the terms, as typed.
    pub terms_end: String,
    /// Stands for all that this page shows.
    pub shown: String,
}

/// One change.
#[derive(Serialize, Clone, Default)]
pub struct PlanRow {
    /// `added`, `gone`, `moved`, `changed`.
    pub what: String,
    /// The office.
    pub seat: String,
    /// The person.
    pub name: String,
    /// What is different, or how they are reached.
    pub details: Vec<String>,
}
