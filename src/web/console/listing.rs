//! Tables that are sorted, searched and paged by their address: `?sort=sent&dir=desc&q=harbor&page=2`.
//!
//! What can't be (an unknown column, page 10^9) is answered with what comes nearest and a sentence that says so. Everything
//! else in the query is another filter's business: the table's links keep it.

use std::cmp::Ordering;
use std::fmt::Write;

use super::words::plural;
use crate::domain::fold;
use crate::web::parts::figures::grouped;

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
pub(super) struct About {
    /// Its id on the page.
    pub(super) id: &'static str,
    /// Its heading.
    pub(super) title: &'static str,
    /// Label of the search field.
    pub(super) find: &'static str,
    /// One of what the rows are, and many: "official", "officials".
    pub(super) what: [&'static str; 2],
    /// Said where there are no rows, though nothing was looked for.
    pub(super) empty: &'static str,
}

/// A table on its page, as `parts/table.html` shows it.
pub(super) struct Table {
    pub(super) about: &'static About,
    /// The heading is the page's own, so it is not shown again.
    pub(super) quiet: bool,
    /// Path of the page, which the search form asks for.
    pub(super) action: String,
    /// What is looked for, as typed; empty for nothing.
    pub(super) q: String,
    /// The rest of the query, which the search form sends along.
    pub(super) kept: Vec<(String, String)>,
    /// The same page without a search, where something is looked for.
    pub(super) all_href: Option<String>,
    pub(super) heads: Vec<Head>,
    /// The rows of this page of the table.
    pub(super) rows: Vec<Row>,
    /// Sums below the rows.
    pub(super) totals: Vec<Row>,
    /// "1 to 50 of 200 officials".
    pub(super) range: String,
    /// What was asked for and can't be: "There is no page 900, so this is the last."
    pub(super) notice: Option<String>,
    /// The page before; none before the first.
    pub(super) previous_href: Option<String>,
    /// The page after; none after the last.
    pub(super) next_href: Option<String>,
    /// The same numbers as CSV, where there are any.
    pub(super) csv_href: Option<String>,
    /// Said instead of rows, with what to do next.
    pub(super) empty: String,
}

/// Heading of a column.
pub(super) struct Head {
    pub(super) column: Column,
    /// The same table, sorted by this column.
    pub(super) href: String,
    /// Which way the table is sorted by it, if it is: `ascending` or `descending`.
    pub(super) sorted: Option<&'static str>,
}

impl Table {
    /// What a cell is, on a phone, where there is no row of heads above it.
    pub(super) fn label(&self, column: &usize) -> &'static str {
        self.heads.get(*column).map_or("", |head| head.column.label)
    }
}

/// A row: as many cells as there are columns; the first names it.
pub(super) type Row = Vec<Value>;

/// A cell, and by what its column is sorted.
#[derive(Clone, Default)]
pub(super) struct Value {
    pub(super) text: String,
    /// A second, quieter line.
    pub(super) sub: Option<String>,
    pub(super) href: Option<String>,
    /// A zero, printed quieter.
    pub(super) zero: bool,
    /// Words, not a number.
    pub(super) words: bool,
    order: Order,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Order {
    Number(i64),
    Words(String),
    /// Comes last, whichever way.
    #[default]
    Nothing,
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

    /// The table that shows a page of `rows`, all that were chosen.
    pub(super) fn table(&self, about: &'static About, rows: Vec<Row>, totals: Vec<Row>) -> Table {
        let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        let found = rows.len();
        let page = self.page.min(found.div_ceil(PAGE).max(1));
        let skip = (page - 1) * PAGE;
        let rows: Vec<Row> = rows.into_iter().skip(skip).take(PAGE).collect();
        let [one, many] = about.what;
        let mut notices = self.notices.clone();
        if page < self.page {
            notices.push(format!("There is no page {}, so this is the last one.", grouped(count(self.page))));
        }
        let range = format!(
            "{} to {} of {} {}",
            grouped(count(skip + 1)),
            grouped(count(skip + rows.len())),
            grouped(count(found)),
            plural(count(found), one, many)
        );
        let empty = if self.search.is_empty() {
            about.empty.to_owned()
        } else {
            format!("Nothing here has \"{}\" in it. Try a part of the word, or show all.", self.search)
        };
        let at = |page| self.href(about.id, self.sort, &self.search, page);
        Table {
            about,
            action: self.path.clone(),
            q: self.search.clone(),
            kept: self.kept(self.sort),
            all_href: (!self.search.is_empty()).then(|| self.href(about.id, self.sort, "", 1)),
            heads: self.columns.iter().enumerate().map(|(place, column)| self.head(about.id, place, *column)).collect(),
            previous_href: (page > 1).then(|| at(page - 1)),
            next_href: (skip + rows.len() < found).then(|| at(page + 1)),
            rows,
            totals,
            range,
            notice: (!notices.is_empty()).then(|| notices.join(" ")),
            csv_href: None,
            quiet: false,
            empty,
        }
    }

    fn head(&self, id: &str, place: usize, column: Column) -> Head {
        let now = self.sort.filter(|(at, _)| *at == place).map(|(_, way)| way);
        let next = match now {
            Some(Direction::Ascending) => Direction::Descending,
            Some(Direction::Descending) => Direction::Ascending,
            None => first_way(&column),
        };
        let sorted = now.map(|way| if way == Direction::Ascending { "ascending" } else { "descending" });
        Head { column, href: self.href(id, Some((place, next)), &self.search, 1), sorted }
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

impl Value {
    /// A number with thousands marks.
    pub(super) fn number(n: i64) -> Self {
        Self { text: grouped(n), zero: n == 0, order: Order::Number(n), ..Self::default() }
    }

    /// Words, sorted as people sort them: accents and case don't count, and 2nd comes before 10th.
    pub(super) fn words(text: &str) -> Self {
        let order = if text.is_empty() { Order::Nothing } else { Order::Words(natural(text)) };
        Self { text: text.to_owned(), words: true, order, ..Self::default() }
    }

    /// A day in words, sorted by its date.
    pub(super) fn dated(text: &str, iso: &str) -> Self {
        Self { order: Order::Words(iso.to_owned()), ..Self::words(text) }
    }

    /// With a quieter line below.
    pub(super) fn with(mut self, sub: &str) -> Self {
        self.sub = Some(sub.to_owned());
        self
    }

    /// Leads there; a zero leads nowhere, since there is nothing behind it.
    pub(super) fn link(mut self, href: String) -> Self {
        if !self.zero {
            self.href = Some(href);
        }
        self
    }

    /// Whether the folded text stands in it.
    fn holds(&self, folded: &str) -> bool {
        let in_it = |text: &str| fold(text).contains(folded);
        self.words && (in_it(&self.text) || self.sub.as_deref().is_some_and(in_it))
    }
}

/// The order of two cells of a column.
fn compare(left: &Order, right: &Order, way: Direction) -> Ordering {
    let ascending = match (left, right) {
        (Order::Nothing, Order::Nothing) => return Ordering::Equal,
        (Order::Nothing, _) => return Ordering::Greater,
        (_, Order::Nothing) => return Ordering::Less,
        (Order::Number(left), Order::Number(right)) => left.cmp(right),
        (Order::Words(left), Order::Words(right)) => left.cmp(right),
        (Order::Number(_), Order::Words(_)) => Ordering::Less,
        (Order::Words(_), Order::Number(_)) => Ordering::Greater,
    };
    if way == Direction::Ascending { ascending } else { ascending.reverse() }
}

/// The text with each number in it at one width, so that 2 comes before 10.
fn natural(text: &str) -> String {
    let folded = fold(text);
    let mut sorted = String::with_capacity(folded.len() + 8);
    let mut digits = String::new();
    for c in folded.chars().chain(['\0']) {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        if !digits.is_empty() {
            let _ = write!(sorted, "{digits:0>8}");
            digits.clear();
        }
        if c != '\0' {
            sorted.push(c);
        }
    }
    sorted
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: [Column; 2] =
        [Column { key: "town", label: "Town", words: true }, Column { key: "sent", label: "Sent", words: false }];
    static ABOUT: About = About { id: "t", title: "T", find: "Find", what: ["town", "towns"], empty: "None yet." };

    fn table(query: &str, rows: i64) -> Table {
        let listing = Listing::read("/towns", query, &COLUMNS, None);
        let rows = (0..rows).map(|n| vec![Value::words(&format!("Town {n}")), Value::number(n % 7)]).collect();
        listing.table(&ABOUT, listing.choose(rows), Vec::new())
    }

    #[test]
    fn rows_are_sorted_searched_and_paged() {
        let shown = table("sort=sent&dir=desc", 120);
        assert_eq!((shown.rows.len(), shown.range.as_str()), (PAGE, "1 to 50 of 120 towns"));
        assert_eq!((shown.rows[0][0].text.as_str(), shown.rows[0][1].text.as_str()), ("Town 6", "6"));
        assert_eq!(shown.next_href.as_deref(), Some("/towns?sort=sent&dir=desc&page=2#t"));
        assert_eq!(shown.heads[1].sorted, Some("descending"));
        assert_eq!(shown.heads[1].href, "/towns?sort=sent&dir=asc#t", "the same column turns round");
        assert_eq!(shown.heads[0].href, "/towns?sort=town&dir=asc#t");
        let last = table("page=3", 120);
        assert_eq!((last.range.as_str(), &last.next_href), ("101 to 120 of 120 towns", &None));
        let found = table("q=TOWN+11&state=held", 120);
        assert_eq!(found.range, "1 to 11 of 11 towns");
        assert_eq!(found.all_href.as_deref(), Some("/towns?state=held#t"), "other filters stay");
        assert_eq!(found.kept, [("state".to_owned(), "held".to_owned())]);
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

    #[test]
    fn words_are_sorted_as_people_sort_them() {
        let mut said = ["10th Suffolk", "2nd Suffolk", "élan", "Easton", "zebra"].map(|text| Value::words(text).order);
        said.sort_by(|left, right| compare(left, right, Direction::Ascending));
        assert_eq!(said, ["2nd Suffolk", "10th Suffolk", "Easton", "élan", "zebra"].map(|text| Value::words(text).order));
    }

    #[test]
    fn nothing_comes_last_either_way_and_a_zero_leads_nowhere() {
        for way in [Direction::Ascending, Direction::Descending] {
            let mut orders = [Value::words("").order, Value::words("a").order];
            orders.sort_by(|left, right| compare(left, right, way));
            assert_eq!(orders[1], Order::Nothing);
        }
        assert_eq!(Value::number(0).link("/x".into()).href, None);
        assert_eq!(Value::number(1204).link("/x".into()).href.as_deref(), Some("/x"));
    }
}
