//! Two texts side by side: which lines changed, and which words in them.

use std::time::Duration;

use askama::Template;
use similar::{ChangeTag, DiffOp, TextDiff};

/// Lines that are the same around a change that are shown with it.
const AROUND: usize = 3;
/// Texts that have little in common are not compared for longer than this; what was found by then is shown.
const WITHIN: Duration = Duration::from_millis(300);

/// What differs, as a piece of a page: `{{ diff|safe }}`.
#[derive(Template)]
#[template(path = "console/texts/diff.html")]
pub(super) struct Diff {
    /// What the left text is.
    left: String,
    /// What the right text is.
    right: String,
    /// Line by line; none where both are the same.
    rows: Vec<Row>,
}

enum Row {
    /// So many lines that are the same are left out.
    Skipped(usize),
    Lines {
        changed: bool,
        left: Option<Cell>,
        right: Option<Cell>,
    },
}

/// A line of one text.
struct Cell {
    number: usize,
    parts: Vec<Part>,
}

/// A part of a line.
#[derive(Clone)]
struct Part {
    text: String,
    /// It is what changed in the line.
    strong: bool,
}

/// The difference of two texts, with a name for each.
pub(super) fn diff(left: (String, &str), right: (String, &str)) -> Diff {
    let compared = TextDiff::configure().timeout(WITHIN).diff_lines(left.1, right.1);
    let mut rows = Vec::new();
    let mut shown = 0;
    for group in compared.grouped_ops(AROUND) {
        if let Some(first) = group.first() {
            skip(&mut rows, first.old_range().start - shown);
        }
        for op in &group {
            rows.extend(rows_of(&compared, op));
            shown = op.old_range().end;
        }
    }
    if !rows.is_empty() {
        skip(&mut rows, compared.old_slices().len() - shown);
    }
    Diff { left: left.0, right: right.0, rows }
}

fn skip(rows: &mut Vec<Row>, lines: usize) {
    if lines > 0 {
        rows.push(Row::Skipped(lines));
    }
}

/// The lines of one stretch, the left ones beside the right ones that took their place.
fn rows_of<'a>(compared: &'a TextDiff<'a, 'a, 'a, str>, op: &DiffOp) -> Vec<Row> {
    let (mut left, mut right) = (Vec::new(), Vec::new());
    for change in compared.iter_inline_changes(op) {
        let parts =
            change.iter_strings_lossy().map(|(strong, text)| Part { text: text.trim_end_matches('\n').to_owned(), strong });
        let parts: Vec<_> = parts.filter(|part| !part.text.is_empty()).collect();
        let cell = |index: Option<usize>| index.map(|at| Cell { number: at + 1, parts: parts.clone() });
        match change.tag() {
            ChangeTag::Equal => {
                left.extend(cell(change.old_index()));
                right.extend(cell(change.new_index()));
            }
            ChangeTag::Delete => left.extend(cell(change.old_index())),
            ChangeTag::Insert => right.extend(cell(change.new_index())),
        }
    }
    let changed = !matches!(op, DiffOp::Equal { .. });
    let (mut left, mut right) = (left.into_iter(), right.into_iter());
    let mut rows = Vec::new();
    loop {
        let (left, right) = (left.next(), right.next());
        if left.is_none() && right.is_none() {
            return rows;
        }
        rows.push(Row::Lines { changed, left, right });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(left: &str, right: &str) -> Diff {
        diff(("before".into(), left), ("after".into(), right))
    }

    fn cells(row: &Row) -> (Option<&Cell>, Option<&Cell>) {
        match row {
            Row::Lines { left, right, .. } => (left.as_ref(), right.as_ref()),
            Row::Skipped(_) => panic!("no line of either"),
        }
    }

    fn words(cell: Option<&Cell>, strong: bool) -> String {
        cell.map(|cell| cell.parts.iter().filter(|part| part.strong == strong).map(|part| part.text.as_str()).collect())
            .unwrap_or_default()
    }

    #[test]
    fn a_changed_line_stands_beside_what_it_was_with_the_word_that_changed() {
        let diff = of("One\nWe ask you to sign\nThree\n", "One\nWe ask you to vote\nThree\nFour\n");
        assert_eq!(diff.rows.len(), 4);
        let (was, is) = cells(&diff.rows[1]);
        assert_eq!((words(was, true), words(is, true)), ("sign".into(), "vote".into()));
        assert_eq!(words(was, false), "We ask you to ");
        let (was, is) = cells(&diff.rows[3]);
        assert!(was.is_none());
        assert_eq!(is.unwrap().number, 4);
    }

    #[test]
    fn what_is_the_same_is_counted_and_left_out() {
        let lines = |last: &str| (1..40).fold(String::new(), |text, n| format!("{text}line {n}\n")) + last;
        let diff = of(&lines("a\n"), &lines("b\n"));
        assert!(matches!(diff.rows[0], Row::Skipped(36)));
        assert_eq!(diff.rows.len(), 1 + AROUND + 1);
        assert!(of("a\n", "a\n").rows.is_empty() && of("", "").rows.is_empty());
        assert!(!of("", "a\n").rows.is_empty() && !of("a\n", "").rows.is_empty());
    }
}
