//! The cells of the console's tables: what each says, where it leads, and by what its column is sorted.

use std::cmp::Ordering;
use std::fmt::Write;

use super::super::views::figures::grouped;
use super::super::views::listing::{Entry, Line};
use super::listing::Direction;
use crate::domain::fold;

/// A cell, and by what its column is sorted.
#[derive(Clone, Default)]
pub(super) struct Value {
    pub(super) entry: Entry,
    pub(super) order: Order,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Order {
    Number(i64),
    Words(String),
    /// Comes last, whichever way.
    #[default]
    Nothing,
}

impl Value {
    /// A number with thousands marks.
    pub(super) fn number(n: i64) -> Self {
        Self { entry: Entry { text: grouped(n), zero: n == 0, ..Entry::default() }, order: Order::Number(n) }
    }

    /// Words, sorted as people sort them: accents and case don't count, and 2nd comes before 10th.
    pub(super) fn words(text: &str) -> Self {
        let order = if text.is_empty() { Order::Nothing } else { Order::Words(natural(text)) };
        Self { entry: Entry { text: text.to_owned(), words: true, ..Entry::default() }, order }
    }

    /// Words that are sorted by a number: a moment, a share.
    #[allow(dead_code)]
    pub(super) fn ranked(text: &str, rank: i64) -> Self {
        Self { entry: Entry { text: text.to_owned(), ..Entry::default() }, order: Order::Number(rank) }
    }

    /// A day in words, sorted by its date.
    pub(super) fn dated(text: &str, iso: &str) -> Self {
        Self { order: Order::Words(iso.to_owned()), ..Self::words(text) }
    }

    /// With a quieter line below.
    pub(super) fn with(mut self, sub: &str) -> Self {
        self.entry.sub = Some(sub.to_owned());
        self
    }

    /// Leads there; a zero leads nowhere, since there is nothing behind it.
    pub(super) fn link(mut self, href: String) -> Self {
        if !self.entry.zero {
            self.entry.href = Some(href);
        }
        self
    }

    /// Whether the folded text stands in it.
    pub(super) fn holds(&self, folded: &str) -> bool {
        let in_it = |text: &str| fold(text).contains(folded);
        self.entry.words && (in_it(&self.entry.text) || self.entry.sub.as_deref().is_some_and(in_it))
    }
}

/// A row: as many cells as there are columns; the first names it.
pub(super) type Row = Vec<Value>;

/// The order of two cells of a column.
pub(super) fn compare(left: &Order, right: &Order, way: Direction) -> Ordering {
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

/// The row as the page shows it.
pub(super) fn line(row: Row) -> Line {
    let mut entries = row.into_iter().map(|value| value.entry);
    Line { head: entries.next().unwrap_or_default(), cells: entries.collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert_eq!(Value::number(0).link("/x".into()).entry.href, None);
        assert_eq!(Value::number(1204).link("/x".into()).entry.href.as_deref(), Some("/x"));
    }
}
