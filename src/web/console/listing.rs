//! Tables that are sorted, searched and paged by their address: `?sort=sent&dir=desc&q=harbor&page=2`.
//!
//! What can't be (an unknown column, page 10^9) is answered with what comes nearest and a sentence that says so. Everything
//! else in the query is another filter's business: the table's links keep it.

use super::super::views::figures::grouped;
use super::super::views::listing::{Head, Kept, Table};
use super::listed::{Row, compare, line};
use super::words::plural;
use crate::domain::fold;

/// The rows of one page.
pub(super) const PAGE: usize = 50;
/// A search longer than this is cut; it is as much as the form takes.
const SEARCH: usize = 100;
/// More of other filters than this is not carried along.
const OTHERS: usize = 20;

/// A column of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Column {
    /// Its name in `sort=`.
    pub(super) key: &'static str,
    /// What stands over it.
    pub(super) label: &'static str,
    /// It holds words, which are sorted from A to Z at first; numbers from the largest down.
    pub(super) words: bool,
}

/// Which way a column is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    /// The least first.
    Ascending,
    /// The most first.
    Descending,
}

/// What somebody asked a table for.
pub(super) struct Listing<'a> {
    path: String,
    columns: &'a [Column],
    sort: Option<(usize, Direction)>,
    search: String,
    page: usize,
    others: Vec<(String, String)>,
    notices: Vec<String>,
}

/// What a table is about.
pub(super) struct About<'a> {
    /// Its id on the page.
    pub(super) id: &'a str,
    /// Its heading.
    pub(super) title: &'a str,
    /// Label of the search field.
    pub(super) find: &'a str,
    /// One of what the rows are, and many: "official", "officials".
    pub(super) what: [&'a str; 2],
    /// Said where there are no rows, though nothing was looked for.
    pub(super) empty: &'a str,
}

/// The part of all rows that a page shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part {
    /// The page's number, from 1.
    pub(super) page: usize,
    /// How many rows stand before it.
    pub(super) skip: usize,
    /// How many rows there are in all.
    pub(super) found: usize,
}

impl<'a> Listing<'a> {
    /// Reads the query of the page at `path`. Without `sort=` the rows are sorted by `first`, or stay as they come.
    pub(super) fn read(path: &str, query: &str, columns: &'a [Column], first: Option<(&str, Direction)>) -> Self {
        let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).unwrap_or_default();
        let of = |name: &str| pairs.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str());
        let place = |key: &str| columns.iter().position(|column| column.key == key);
        let mut notices = Vec::new();
        let way = match of("dir") {
            "asc" => Some(Direction::Ascending),
            "desc" => Some(Direction::Descending),
            _ => None,
        };
        let asked = of("sort");
        let usual = first.and_then(|(key, way)| Some((place(key)?, way)));
        let sort = place(asked).map(|at| (at, way.unwrap_or(first_way(&columns[at])))).or(usual);
        if !asked.is_empty() && place(asked).is_none() {
            notices.push("There is no such column to sort by, so the rows are in their usual order.".to_owned());
        }
        let search: String = of("q").chars().filter(|c| !c.is_control()).take(SEARCH).collect();
        let others = pairs.iter().filter(|(name, _)| !["sort", "dir", "q", "page"].contains(&name.as_str()));
        let page = match of("page") {
            "" => 1,
            // More digits than fit are a page beyond the last one all the same.
            text if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().unwrap_or(usize::MAX).max(1),
            _ => {
                notices.push("A page has a number, so this is the first one.".to_owned());
                1
            }
        };
        Self {
            path: path.to_owned(),
            columns,
            sort,
            search: search.trim().to_owned(),
            page,
            others: others.take(OTHERS).cloned().collect(),
            notices,
        }
    }

    /// What is looked for; empty for nothing. For tables that are read by the page.
    #[allow(dead_code)]
    pub(super) fn search(&self) -> &str {
        &self.search
    }

    /// The key of the column that rows are sorted by, and which way. For tables that are read by the page.
    #[allow(dead_code)]
    pub(super) fn sorted_by(&self) -> Option<(&'static str, Direction)> {
        self.sort.map(|(at, way)| (self.columns[at].key, way))
    }

    /// The page asked for out of `found` rows; beyond the last one it is the last.
    pub(super) fn part(&self, found: usize) -> Part {
        let page = self.page.min(found.div_ceil(PAGE).max(1));
        Part { page, skip: (page - 1) * PAGE, found }
    }

    /// Only the rows in whose words the search is found, in the order asked for: for tables that are read whole.
    pub(super) fn choose(&self, mut rows: Vec<Row>) -> Vec<Row> {
        if !self.search.is_empty() {
            let folded = fold(&self.search);
            rows.retain(|row| row.iter().any(|value| value.holds(&folded)));
        }
        if let Some((at, way)) = self.sort {
            rows.sort_by(|left, right| compare(&left[at].order, &right[at].order, way));
        }
        rows
    }

    /// The table that shows `rows`, all that were chosen.
    pub(super) fn table(&self, about: &About<'_>, rows: Vec<Row>, totals: Vec<Row>) -> Table {
        let part = self.part(rows.len());
        let shown = rows.into_iter().skip(part.skip).take(PAGE).collect();
        self.table_of(about, shown, totals, part)
    }

    /// The table that shows `rows`, which are that part of all: for tables that are read by the page.
    pub(super) fn table_of(&self, about: &About<'_>, rows: Vec<Row>, totals: Vec<Row>, part: Part) -> Table {
        let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        let [one, many] = about.what;
        let mut notices = self.notices.clone();
        if part.page < self.page {
            notices.push(format!("There is no page {}, so this is the last one.", grouped(count(self.page))));
        }
        let range = format!(
            "{} to {} of {} {}",
            grouped(count(part.skip + 1)),
            grouped(count(part.skip + rows.len())),
            grouped(count(part.found)),
            plural(count(part.found), one, many)
        );
        let empty = if self.search.is_empty() {
            about.empty.to_owned()
        } else {
            format!("Nothing here has \"{}\" in it. Try a part of the word, or show all.", self.search)
        };
        let at = |page| Some(self.href(about.id, self.sort, &self.search, page));
        Table {
            id: about.id.to_owned(),
            title: about.title.to_owned(),
            action: self.path.clone(),
            q: self.search.clone(),
            q_label: about.find.to_owned(),
            kept: self.kept(self.sort).into_iter().map(|(name, value)| Kept { name, value }).collect(),
            all_href: (!self.search.is_empty()).then(|| self.href(about.id, self.sort, "", 1)),
            heads: self.columns.iter().enumerate().map(|(place, column)| self.head(about.id, place, column)).collect(),
            previous_href: if part.page > 1 { at(part.page - 1) } else { None },
            next_href: if part.skip + rows.len() < part.found { at(part.page + 1) } else { None },
            rows: rows.into_iter().map(line).collect(),
            totals: totals.into_iter().map(line).collect(),
            range,
            notice: (!notices.is_empty()).then(|| notices.join(" ")),
            csv_href: None,
            quiet: false,
            empty,
        }
    }

    fn head(&self, id: &str, place: usize, column: &Column) -> Head {
        let now = self.sort.filter(|(at, _)| *at == place).map(|(_, way)| way);
        let next = match now {
            Some(Direction::Ascending) => Direction::Descending,
            Some(Direction::Descending) => Direction::Ascending,
            None => first_way(column),
        };
        Head {
            label: column.label.to_owned(),
            href: Some(self.href(id, Some((place, next)), &self.search, 1)),
            sorted: now.map(|way| if way == Direction::Ascending { "ascending" } else { "descending" }.to_owned()),
            words: column.words,
        }
    }

    /// The other filters, and how the rows are sorted.
    fn kept(&self, sort: Option<(usize, Direction)>) -> Vec<(String, String)> {
        let mut pairs = self.others.clone();
        if let Some((at, way)) = sort {
            pairs.push(("sort".into(), self.columns[at].key.into()));
            pairs.push(("dir".into(), if way == Direction::Ascending { "asc" } else { "desc" }.into()));
        }
        pairs
    }

    fn href(&self, id: &str, sort: Option<(usize, Direction)>, search: &str, page: usize) -> String {
        let mut pairs = self.kept(sort);
        if !search.is_empty() {
            pairs.push(("q".into(), search.into()));
        }
        if page > 1 {
            pairs.push(("page".into(), page.to_string()));
        }
        // Pairs of texts can always be written.
        let query = serde_urlencoded::to_string(&pairs).unwrap_or_default();
        format!("{}?{query}#{id}", self.path)
    }
}

const fn first_way(column: &Column) -> Direction {
    if column.words { Direction::Ascending } else { Direction::Descending }
}

#[cfg(test)]
mod tests {
    use super::super::listed::Value;
    use super::*;

    const COLUMNS: [Column; 2] =
        [Column { key: "town", label: "Town", words: true }, Column { key: "sent", label: "Sent", words: false }];
    const ABOUT: About<'static> = About { id: "t", title: "T", find: "Find", what: ["town", "towns"], empty: "None yet." };

    fn table(query: &str, rows: i64) -> Table {
        let listing = Listing::read("/towns", query, &COLUMNS, None);
        let rows = (0..rows).map(|n| vec![Value::words(&format!("Town {n}")), Value::number(n % 7)]).collect();
        listing.table(&ABOUT, listing.choose(rows), Vec::new())
    }

    #[test]
    fn rows_are_sorted_searched_and_paged() {
        let shown = table("sort=sent&dir=desc", 120);
        assert_eq!((shown.rows.len(), shown.range.as_str()), (PAGE, "1 to 50 of 120 towns"));
        assert_eq!((shown.rows[0].head.text.as_str(), shown.rows[0].cells[0].text.as_str()), ("Town 6", "6"));
        assert_eq!(shown.next_href.as_deref(), Some("/towns?sort=sent&dir=desc&page=2#t"));
        assert_eq!(shown.heads[1].sorted.as_deref(), Some("descending"));
        assert_eq!(shown.heads[1].href.as_deref(), Some("/towns?sort=sent&dir=asc#t"), "the same column turns round");
        assert_eq!(shown.heads[0].href.as_deref(), Some("/towns?sort=town&dir=asc#t"));
        let last = table("page=3", 120);
        assert_eq!((last.range.as_str(), &last.next_href), ("101 to 120 of 120 towns", &None));
        let found = table("q=TOWN+11&state=held", 120);
        assert_eq!(found.range, "1 to 11 of 11 towns");
        assert_eq!(found.all_href.as_deref(), Some("/towns?state=held#t"), "other filters stay");
        assert_eq!(found.kept.iter().map(|kept| kept.name.as_str()).collect::<Vec<_>>(), ["state"]);
    }

    #[test]
    fn what_can_not_be_is_answered_with_what_comes_nearest() {
        for query in ["page=1000000000", "page=99999999999999999999999999"] {
            let shown = table(query, 120);
            assert_eq!(shown.range, "101 to 120 of 120 towns");
            assert!(shown.notice.unwrap().starts_with("There is no page "));
        }
        for query in ["page=-1", "page=two", "sort=secret", "sort=town%00&dir=up"] {
            let shown = table(query, 120);
            assert!(shown.range.starts_with("1 to 50 ") && shown.notice.is_some(), "{query}");
        }
        for query in ["page=0", "page=", "dir=desc", "%ff=%ff", "&&&==="] {
            assert_eq!((table(query, 120).range.as_str(), table(query, 120).notice), ("1 to 50 of 120 towns", None), "{query}");
        }
        let nothing = table("q=%3Cscript%3E", 120);
        assert!(nothing.rows.is_empty() && nothing.empty.contains("\"<script>\""), "escaped where it is printed");
        assert_eq!(table("", 0).empty, "None yet.");
        assert_eq!(table(&format!("q={}", "x".repeat(4000)), 1).q.len(), SEARCH);
    }
}
