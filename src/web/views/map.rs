//! `staff_map`: a chamber's districts, coloured by the letters that went there.

use serde::Serialize;

use super::Page;
use super::listing::Table;

/// The map and the same numbers as a table.
#[derive(Serialize, Clone, Default)]
pub struct MapPage {
    /// The frame, with `staff`.
    pub page: Page,
    /// The chambers that can be shown.
    pub chambers: Vec<ChamberLink>,
    /// "State Senate: letters accepted".
    pub title: String,
    /// What the map shows in a sentence, for those who don't see it.
    pub description: String,
    /// Size of the drawing in its own units.
    pub width: i64,
    /// Its height.
    pub height: i64,
    /// The districts; empty without boundaries.
    pub districts: Vec<District>,
    /// What the colours mean.
    pub legend: Vec<Step>,
    /// What to do when there are no boundaries.
    pub empty: Option<String>,
    /// The same numbers.
    pub table: Table,
}

/// A chamber to choose.
#[derive(Serialize, Clone, Default)]
pub struct ChamberLink {
    /// "State Senate".
    pub label: String,
    /// Where its map is.
    pub href: String,
    /// It is the one on this page.
    pub here: bool,
}

/// A district on the map.
#[derive(Serialize, Clone, Default)]
pub struct District {
    /// The page of its office.
    pub href: String,
    /// "First Harbor, Senator Wren Harborlight: 1,204 letters".
    pub title: String,
    /// Its colour: 0 for none, 1 to 5.
    pub step: usize,
    /// Its outline.
    pub path: String,
}

/// A colour.
#[derive(Serialize, Clone, Debug, Default, PartialEq, Eq)]
pub struct Step {
    /// 0 for none, 1 to 5.
    pub step: usize,
    /// "12 to 40 letters".
    pub words: String,
}
