//! Numbers for the staff pages: the ladder's bar, its words, and what stands over columns.
//!
//! Pure arithmetic and words, so that every page and test agrees on the order of states and what they are called.

use serde::Serialize;

/// Every letter state: stored name, words for staff. In the order of the bar and of the tables' columns:
/// arrived, on the way, waiting for the supporter, in trouble, over.
pub const STATES: [(&str, &str); 11] = [
    ("sent", "Accepted by the office's mail server"),
    ("self_reported", "Sent by the supporter, as they say"),
    ("sending", "Being sent"),
    ("queued", "Waiting to be sent"),
    ("self_send", "For the supporter to send"),
    ("unconfirmed", "Not confirmed yet"),
    ("held", "Held"),
    ("bounced", "Returned by the office"),
    ("failed", "Could not be delivered"),
    ("withdrawn", "Taken back"),
    ("expired", "Never confirmed"),
];

/// Width of the bar in its own units.
const BAR: i64 = 1000;
/// Room between two parts.
const GAP: i64 = 3;
/// The least width of a part, so that one letter among millions can still be seen.
const LEAST: i64 = 6;

/// One part of the ladder's bar and its line in the list below it.
#[derive(Serialize, Clone, Debug, Default, PartialEq, Eq)]
pub struct Segment {
    /// Stored name of the state; also picks the fill.
    pub state: String,
    /// Words for staff.
    pub label: String,
    /// The count with thousands marks.
    pub count: String,
    /// True when the count is zero: a line in the list, no part of the bar.
    pub zero: bool,
    /// Start of the part, 0 to 1000.
    pub x: i64,
    /// Width of the part.
    pub width: i64,
}

/// One number in a table.
#[derive(Serialize, Clone, Default)]
pub struct Cell {
    /// The number with thousands marks.
    pub text: String,
    /// Zeros are printed quieter.
    pub zero: bool,
}

impl Cell {
    /// A cell that shows `count`.
    #[must_use]
    pub fn of(count: i64) -> Self {
        Self { text: grouped(count), zero: count == 0 }
    }
}

/// The few words that fit over a column.
#[must_use]
pub fn short(state: &str) -> &'static str {
    match state {
        "sent" => "Accepted",
        "self_reported" => "Self-reported",
        "sending" => "Being sent",
        "queued" => "Waiting",
        "self_send" => "To self-send",
        "unconfirmed" => "Not confirmed",
        "held" => "Held",
        "bounced" => "Returned",
        "failed" => "Failed",
        "withdrawn" => "Withdrawn",
        "expired" => "Expired",
        _ => "Other",
    }
}

/// The parts of the bar for the counts of each state; states that are not named count zero.
///
/// The parts and the gaps between them fill exactly 1000 units. A part is never narrower than can be seen, so the bar
/// shows which states there are; the exact shares are in the numbers beside it.
#[must_use]
pub fn segments(counts: &[(&str, i64)]) -> Vec<Segment> {
    let count_of = |state: &str| counts.iter().find(|(name, _)| *name == state).map_or(0, |&(_, count)| count.max(0));
    let present = STATES.map(|(state, _)| i64::from(count_of(state) > 0));
    let parts: i64 = present.iter().sum();
    let total: i64 = STATES.iter().map(|&(state, _)| count_of(state)).sum();
    // What is left to share out by count once every part has its least width and every gap is kept.
    let shared = BAR - parts * LEAST - (parts - 1).max(0) * GAP;

    let mut x = 0;
    let mut before = 0;
    STATES
        .iter()
        .map(|&(state, label)| {
            let count = count_of(state);
            let mut width = 0;
            let start = x;
            if count > 0 {
                // Shares of the running sum, so that rounding never adds up to more or less than the bar.
                let from = before * shared / total;
                before += count;
                width = LEAST + before * shared / total - from;
                x += width + GAP;
            }
            Segment { state: state.to_owned(), label: label.to_owned(), count: grouped(count), zero: count == 0, x: start, width }
        })
        .collect()
}

/// A whole number with a comma at every thousand: `1204` is "1,204".
#[must_use]
pub fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if number < 0 {
        text.push('-');
    }
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_marked() {
        for (number, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (-1_234_567, "-1,234,567")] {
            assert_eq!(grouped(number), text);
        }
    }

    #[test]
    fn parts_and_gaps_fill_the_bar() {
        for counts in
            [vec![("sent", 1)], vec![("sent", 10_000_000), ("failed", 1)], STATES.iter().map(|&(state, _)| (state, 7)).collect()]
        {
            let parts = segments(&counts);
            let seen: Vec<_> = parts.iter().filter(|part| !part.zero).collect();
            let last = seen.last().expect("a part");
            assert_eq!(last.x + last.width, BAR, "{counts:?}");
            assert!(seen.iter().all(|part| part.width >= LEAST));
            assert!(seen.windows(2).all(|pair| pair[0].x + pair[0].width + GAP == pair[1].x));
        }
    }

    #[test]
    fn an_empty_bar_has_no_parts() {
        let parts = segments(&[]);
        assert_eq!(parts.len(), STATES.len());
        assert!(parts.iter().all(|part| part.zero && part.width == 0));
    }

    #[test]
    fn every_state_fits_over_a_column() {
        assert!(STATES.iter().all(|(state, _)| short(state) != "Other"));
    }
}
