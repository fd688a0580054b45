//! The bar of a ladder's letters, and what it says in words: `ladder.html` draws it.

use super::words;
use crate::domain::{LetterCounts, MessageState};
use crate::web::parts::figures::grouped;

/// Width of the bar in its own units.
const BAR: i64 = 1000;
/// Room between two parts.
const GAP: i64 = 3;
/// The least width of a part, so that one letter among millions can still be seen.
const LEAST: i64 = 6;

/// One part of the bar and its line in the list below it; a state without letters has a line and no part.
pub(super) struct Segment {
    pub(super) state: MessageState,
    pub(super) count: i64,
    /// Start of the part, 0 to 1000.
    pub(super) x: i64,
    pub(super) width: i64,
}

/// The parts of the bar, every state.
///
/// The parts and the gaps between them fill exactly 1000 units. A part is never narrower than can be seen, so the bar
/// shows which states there are; the exact shares are in the numbers beside it.
pub(super) fn segments(letters: &LetterCounts) -> [Segment; 11] {
    let counts = MessageState::BY_GROUP.map(|state| letters.get(state).max(0));
    let parts = counts.iter().map(|count| i64::from(*count > 0)).sum::<i64>();
    let total: i64 = counts.iter().sum();
    // What is left to share out by count once every part has its least width and every gap is kept.
    let shared = BAR - parts * LEAST - (parts - 1).max(0) * GAP;

    let mut x = 0;
    let mut before = 0;
    MessageState::BY_GROUP.map(|state| {
        let count = letters.get(state).max(0);
        let mut width = 0;
        let start = x;
        if count > 0 {
            // Shares of the running sum, so that rounding never adds up to more or less than the bar.
            let from = before * shared / total;
            before += count;
            width = LEAST + before * shared / total - from;
            x += width + GAP;
        }
        Segment { state, count, x: start, width }
    })
}

/// The bar as a sentence: "3,420 letters: 2,900 accepted by the office's mail server, ...".
pub(super) fn described(letters: &LetterCounts) -> String {
    let some = MessageState::BY_GROUP.into_iter().filter(|state| letters.get(*state) > 0);
    let parts: Vec<_> =
        some.map(|state| format!("{} {}", grouped(letters.get(state)), state.in_words().to_lowercase())).collect();
    if parts.is_empty() {
        "No letters yet.".into()
    } else {
        format!("{}: {}.", words::letters(letters.total()), parts.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Ladder, Metric};

    #[test]
    fn parts_and_gaps_fill_the_bar() {
        let all = MessageState::ALL.map(|state| (state, 7));
        for counts in [&[(MessageState::Sent, 1)][..], &[(MessageState::Sent, 10_000_000), (MessageState::Failed, 1)], &all] {
            let mut ladder = Ladder::default();
            for (state, n) in counts {
                ladder.add(Metric::Letters(*state), *n);
            }
            let parts = segments(&ladder.letters);
            let seen: Vec<_> = parts.iter().filter(|part| part.count > 0).collect();
            let last = seen.last().expect("a part");
            assert_eq!(last.x + last.width, BAR, "{counts:?}");
            assert!(seen.iter().all(|part| part.width >= LEAST));
            assert!(seen.windows(2).all(|pair| pair[0].x + pair[0].width + GAP == pair[1].x));
        }
    }

    #[test]
    fn an_empty_bar_has_no_parts() {
        let none = LetterCounts::default();
        assert!(segments(&none).iter().all(|part| part.count == 0 && part.width == 0));
        assert_eq!(described(&none), "No letters yet.");
    }
}
