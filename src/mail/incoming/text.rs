//! What a mail says in its own words, ready to be searched or shown.

use unicode_normalization::UnicodeNormalization;

use super::parts::{Content, Mail};
use super::words::QUOTES;

/// The most characters of somebody's words that are kept.
const WORDS_MAX_CHARS: usize = 4000;

/// A mail's own text: what stands before the mail that it encloses or quotes. Of text and HTML the text.
pub(super) fn own_text(mail: &Mail) -> String {
    let before =
        || mail.parts.iter().take_while(|part| !matches!(part.content, Content::Mail(_)) && part.kind != "text/rfc822-headers");
    let of_kind =
        |kind: &str| before().filter(|part| part.kind == kind).filter_map(|part| part.text()).collect::<Vec<_>>().join("\n");
    let plain = of_kind("text/plain");
    if plain.trim().is_empty() { without_tags(&of_kind("text/html")) } else { plain }
}

/// What stands before a quoted mail: what follows was written by us.
pub(super) fn before_quote(text: &str) -> &str {
    let lower = text.to_ascii_lowercase();
    let starts = QUOTES.iter().filter_map(|mark| lower.find(mark)).filter(|at| !text[..*at].trim().is_empty());
    starts.min().map_or(text, |at| &text[..at])
}

/// Lower case without accents, blanks drawn together, straight quotes: as the tables of words are written.
pub(super) fn folded(text: &str) -> String {
    let plain = text.to_lowercase().nfd().filter(|c| !('\u{300}'..='\u{36f}').contains(c)).nfc().collect::<String>();
    plain.replace(['\u{2019}', '\u{2018}', '\u{b4}', '`'], "'").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Lines of text that can be shown: no control characters but line ends, not more than can be read.
pub(super) fn printable(text: &str) -> String {
    let kept: String = text.chars().filter(|c| *c == '\n' || !c.is_control()).take(WORDS_MAX_CHARS).collect();
    kept.trim().to_owned()
}

/// One line of at most so many characters, blanks drawn together.
pub(super) fn one_line(text: &str, most: usize) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ").chars().take(most).collect()
}

fn without_tags(html: &str) -> String {
    let mut out = String::new();
    let mut rest = html;
    while let Some((before, tag)) = rest.split_once('<') {
        out.push_str(before);
        out.push(' ');
        // What stands in these is for the program that shows the mail.
        let unseen = ["style", "script", "title"].into_iter().find(|name| {
            let begins = tag.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
            begins && tag[name.len()..].starts_with(|c: char| c == '>' || c.is_ascii_whitespace())
        });
        let closes = |name: &str| {
            let at = |at: usize| tag.get(at + 2..at + 2 + name.len()).is_some_and(|word| word.eq_ignore_ascii_case(name));
            tag.match_indices("</").map(|(found, _)| found).find(|found| at(*found))
        };
        // One that never ends hides all that follows.
        let end = unseen.map_or(Some(0), closes);
        rest = end.and_then(|end| tag[end..].split_once('>')).map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    [
        ("&nbsp;", " "),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&apos;", "'"),
        ("&#64;", "@"),
        ("&amp;", "&"),
    ]
    .iter()
    .fold(out, |text, (name, meaning)| text.replace(name, meaning))
}
