//! The console's pages that are one table.

use serde::Serialize;

use super::Page;
use super::listing::Table;

/// `staff_table`: a table with what its numbers mean.
#[derive(Serialize, Clone, Default)]
pub struct TablePage {
    /// The frame, with `staff`.
    pub page: Page,
    /// "By official".
    pub title: String,
    /// What its numbers mean.
    pub note: String,
    /// The table.
    pub table: Table,
}
