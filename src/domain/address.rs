//! Where a supporter lives.

use super::line::{LineError, TownName, fold, line_type, name_line};
use super::zip::Zip;
use std::fmt;

line_type!(
    /// House number and street, as it stands under the letter.
    Street,
    200
);

/// A postal address inside the campaign's state: offices check that the writer is a constituent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostalAddress {
    /// House number and street.
    pub street: Street,
    /// The town or place as typed; `districts` finds the municipality.
    pub city: TownName,
    /// The ZIP code.
    pub zip: Zip,
}

/// Whether the text names a post office box: `P.O. Box 12`, `POB 12`, `Post Office Box 12`, `Box 12`. A street of boxes is
/// none: `12 Box Hill Rd`, `Box Elder Lane 3`.
#[must_use]
pub fn is_po_box(text: &str) -> bool {
    let plain = fold(text);
    let words: Vec<&str> = plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let numbered = |words: &[&str]| match words {
        ["no" | "number", next, ..] | [next, ..] => next.starts_with(|c: char| c.is_ascii_digit()),
        [] => false,
    };
    if words.first() == Some(&"box") && numbered(&words[1..]) {
        return true;
    }
    (0..words.len()).any(|at| match &words[at..] {
        ["po" | "post", "box" | "drawer", ..] | ["p", "o", "box" | "drawer", ..] | ["post", "office", "box" | "drawer", ..] => {
            true
        }
        // Written in one: nothing else begins so.
        ["pobox" | "pob", rest @ ..] => numbered(rest),
        [word, ..] => word.strip_prefix("pobox").is_some_and(|rest| numbered(&[rest])),
        [] => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn post_office_boxes_are_told_from_streets() {
        for text in [
            "PO Box 12",
            "P.O.Box 12",
            "P.O. Box 12",
            "p o box 12",
            "Post Office Box 12",
            "Box 12",
            "BOX #12",
            "Box no. 12",
            "POB 12",
            "PO Box",
            "POBox 12",
            "pobox12",
            "P. O. Box A",
            "12 Main St, PO Box 5",
            "Post Box 7",
            "PO Drawer 4",
            "P.O.-Box 12",
        ] {
            assert!(is_po_box(text), "{text}");
        }
        for text in [
            "12 Box Hill Rd",
            "Box Elder Lane 3",
            "12 Boxwood Ln",
            "4 Post Office Square",
            "12 Post Rd",
            "7 Po Valley Rd",
            "Box",
            "",
            "12 Boston Post Rd",
            "3 Pobst Ave",
            "5 P St, O Box",
            "12 Main St Box 5",
        ] {
            assert!(!is_po_box(text), "{text}");
        }
    }
}
