//! What a reader sees of a text: what counts is not that there are characters, but that somebody can read them.

use icu_properties::props::{DefaultIgnorableCodePoint, GeneralCategory, GeneralCategoryGroup};
use icu_properties::{CodePointMapData, CodePointSetData};

/// Whether a reader sees anything of the text.
#[must_use]
pub fn is_seen(text: &str) -> bool {
    let drawn = GeneralCategoryGroup::Letter
        .union(GeneralCategoryGroup::Number)
        .union(GeneralCategoryGroup::Punctuation)
        .union(GeneralCategoryGroup::Symbol);
    text.chars().any(|c| is_one_of(c, drawn))
}

/// Whether a reader sees a letter, of any script. Marks alone, without a letter under them, are none.
#[must_use]
pub fn has_letter(text: &str) -> bool {
    text.chars().any(|c| is_one_of(c, GeneralCategoryGroup::CasedLetter.union(GeneralCategoryGroup::OtherLetter)))
}

/// The text without the characters that nobody sees, such as U+200B between two letters.
pub(super) fn without_unseen(text: &str) -> String {
    text.chars().filter(|c| !is_unseen(*c)).collect()
}

fn is_one_of(c: char, group: GeneralCategoryGroup) -> bool {
    !is_unseen(c) && group.contains(CodePointMapData::<GeneralCategory>::new().get(c))
}

/// The Hangul fillers are letters, and the blank of Braille is a symbol, but they are drawn as nothing.
fn is_unseen(c: char) -> bool {
    c == '\u{2800}' || CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_seen_is_told_from_what_is_not() {
        for text in ["Ng", "Ó", "O\u{301}", "李", "م", "नेहा", "ǅ"] {
            assert!(is_seen(text) && has_letter(text), "{text}");
        }
        for text in [".", "12", "❤️", "\u{25CC}\u{301}"] {
            assert!(is_seen(text) && !has_letter(text), "{text}");
        }
        for text in
            ["", " \t\u{A0}", "\u{200B}\u{200D}", "\u{3164}\u{115F}\u{1160}\u{FFA0}", "\u{2800}", "\u{301}", "\u{E0041}\u{FE0F}"]
        {
            assert!(!is_seen(text) && !has_letter(text), "{text:?}");
        }
        assert_eq!(without_unseen("w\u{200B}w\u{3164}w"), "www");
    }
}
