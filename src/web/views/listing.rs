//! A table that can be sorted, searched and paged by links alone: what the partial `listing` shows.

use serde::Serialize;

/// A table on its page. Filled by `console::listing`.
#[derive(Serialize, Clone, Default)]
pub struct Table {
    /// Id of the table on its page; its links lead back to it.
    pub id: String,
    /// Heading: "By official".
    pub title: String,
    /// The heading is the page's own, so it is not shown again.
    pub quiet: bool,
    /// Path of the page, which the search form asks for.
    pub action: String,
    /// What is looked for, as typed; empty for nothing.
    pub q: String,
    /// Label of the search field: "Find an official, a district or a town".
    pub q_label: String,
    /// The rest of the query, which the search form sends along.
    pub kept: Vec<Kept>,
    /// The same page without a search. `None` where nothing is looked for.
    pub all_href: Option<String>,
    /// Headings of the columns.
    pub heads: Vec<Head>,
    /// The rows of this page of the table.
    pub rows: Vec<Line>,
    /// Sums below the rows.
    pub totals: Vec<Line>,
    /// "1 to 50 of 200 officials".
    pub range: String,
    /// What was asked for and can't be: "There is no page 900, so this is the last."
    pub notice: Option<String>,
    /// The page before. `None` on the first.
    pub previous_href: Option<String>,
    /// The page after. `None` on the last.
    pub next_href: Option<String>,
    /// The same numbers as CSV, where there are any.
    pub csv_href: Option<String>,
    /// Said instead of rows, with what to do next.
    pub empty: String,
}

/// A part of the query that a form sends along unseen.
#[derive(Serialize, Clone, Default)]
pub struct Kept {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// Heading of a column.
#[derive(Serialize, Clone, Default)]
pub struct Head {
    /// Words for staff, short.
    pub label: String,
    /// Where its link leads: the same table, sorted by this column. `None`: can't be sorted by.
    pub href: Option<String>,
    /// `ascending` or `descending` on the column that the table is sorted by.
    pub sorted: Option<String>,
    /// Words stand at the start of their column, numbers at its end.
    pub words: bool,
}

/// A row.
#[derive(Serialize, Clone, Default)]
pub struct Line {
    /// Its first cell, which names it.
    pub head: Entry,
    /// As many as the other columns, in their order.
    pub cells: Vec<Entry>,
}

/// A cell.
#[derive(Serialize, Clone, Default)]
pub struct Entry {
    /// What it says.
    pub text: String,
    /// A second, quieter line.
    pub sub: Option<String>,
    /// Where it leads.
    pub href: Option<String>,
    /// A zero, printed quieter.
    pub zero: bool,
    /// Words, not a number.
    pub words: bool,
}
