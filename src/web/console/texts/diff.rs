//! Two texts side by side: which lines changed, and which words in them.

use std::time::Duration;

use similar::{ChangeTag, DiffOp, TextDiff};

use super::super::super::views::text_versions::{DiffCell, DiffPart, DiffRow, DiffView};

/// Lines that are the same around a change that are shown with it.
const AROUND: usize = 3;
/// Texts that have little in common are not compared for longer than this; what was found by then is shown.
const WITHIN: Duration = Duration::from_millis(300);

/// The difference of two texts, with a name for each.
pub(super) fn diff(left: (String, &str), right: (String, &str)) -> DiffView {
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
    let same = rows.is_empty();
    if !same {
        skip(&mut rows, compared.old_slices().len() - shown);
    }
    DiffView { left: left.0, right: right.0, same, rows }
}

fn skip(rows: &mut Vec<DiffRow>, lines: usize) {
    let text = match lines {
        0 => return,
        1 => "1 line is the same".to_owned(),
        n => format!("{n} lines are the same"),
    };
    rows.push(DiffRow { skipped: Some(text), kind: "skipped".into(), ..DiffRow::default() });
}

/// The lines of one stretch, the left ones beside the right ones that took their place.
fn rows_of<'a>(compared: &'a TextDiff<'a, 'a, 'a, str>, op: &DiffOp) -> Vec<DiffRow> {
    let (mut left, mut right) = (Vec::new(), Vec::new());
    for change in compared.iter_inline_changes(op) {
        let parts =
            change.iter_strings_lossy().map(|(strong, text)| DiffPart { text: text.trim_end_matches('\n').to_owned(), strong });
        let parts: Vec<_> = parts.filter(|part| !part.text.is_empty()).collect();
        let cell = |index: Option<usize>| DiffCell {
            line: index.map_or_else(String::new, |at| (at + 1).to_string()),
            parts: parts.clone(),
        };
        match change.tag() {
            ChangeTag::Equal => {
                left.push(cell(change.old_index()));
                right.push(cell(change.new_index()));
            }
            ChangeTag::Delete => left.push(cell(change.old_index())),
            ChangeTag::Insert => right.push(cell(change.new_index())),
        }
    }
    let kind = if matches!(op, DiffOp::Equal { .. }) { "same" } else { "changed" };
    let (mut left, mut right) = (left.into_iter(), right.into_iter());
    let mut rows = Vec::new();
    loop {
        let row = (left.next(), right.next());
        if row.0.is_none() && row.1.is_none() {
            return rows;
        }
        rows.push(DiffRow { skipped: None, kind: kind.into(), left: row.0, right: row.1 });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(left: &str, right: &str) -> DiffView {
        diff(("before".into(), left), ("after".into(), right))
    }

    fn words(cell: Option<&DiffCell>, strong: bool) -> String {
        cell.map(|cell| cell.parts.iter().filter(|part| part.strong == strong).map(|part| part.text.as_str()).collect())
            .unwrap_or_default()
    }

    #[test]
    fn a_changed_line_stands_beside_what_it_was_with_the_word_that_changed() {
        let view = of("One\nWe ask you to sign\nThree\n", "One\nWe ask you to vote\nThree\nFour\n");
        assert_eq!(view.rows.len(), 4);
        let changed = &view.rows[1];
        assert_eq!((words(changed.left.as_ref(), true), words(changed.right.as_ref(), true)), ("sign".into(), "vote".into()));
        assert_eq!(words(changed.left.as_ref(), false), "We ask you to ");
        assert!(view.rows[3].left.is_none());
        assert_eq!(view.rows[3].right.as_ref().unwrap().line, "4");
    }

    #[test]
    fn what_is_the_same_is_counted_and_left_out() {
        let lines = |last: &str| (1..40).fold(String::new(), |text, n| format!("{text}line {n}\n")) + last;
        let view = of(&lines("a\n"), &lines("b\n"));
        assert_eq!(view.rows[0].skipped.as_deref(), Some("36 lines are the same"));
        assert_eq!(view.rows.len(), 1 + AROUND + 1);
        assert!(of("a\n", "a\n").same && of("", "").same);
        assert!(!of("", "a\n").same && !of("a\n", "").same);
    }
}
