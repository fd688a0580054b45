//! Text in mail headers, written where lettre would write it otherwise: encoded words (RFC 2047), quoted strings (RFC 5322 section 3.2.4).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The most characters of a line that has an encoded word (RFC 2047 section 2), and of any other as mail programs write them.
const LINE: usize = 76;
/// `=?utf-8?b?` and `?=`.
const FRAME: usize = 12;

/// Whether a mail program would take this plain text for an encoded word and show something else.
pub(super) fn looks_encoded(text: &str) -> bool {
    text.contains("=?")
}

/// Whether lettre would write this name as base64 although it is ASCII: it knows letters, digits, ` -_.\"`. Spam filters mind that.
pub(super) fn needs_quotes(name: &str) -> bool {
    let known = |c: char| c.is_ascii_alphanumeric() || " -_.\\\"".contains(c);
    !looks_encoded(name) && name.chars().all(|c| c == ' ' || c.is_ascii_graphic()) && !name.chars().all(known)
}

/// The text as base64 encoded words on lines of at most [`LINE`] characters, of which the first has `taken` already.
pub(super) fn encoded_words(text: &str, taken: usize) -> String {
    let mut out = String::new();
    let mut taken = taken;
    let mut rest = text;
    while !rest.is_empty() {
        // Four characters hold three octets.
        let octets = LINE.saturating_sub(taken + FRAME) / 4 * 3;
        let end = match rest.floor_char_boundary(octets) {
            0 => rest.chars().next().map_or(rest.len(), char::len_utf8),
            end => end,
        };
        let (word, tail) = rest.split_at(end);
        out.extend(["=?utf-8?b?", STANDARD.encode(word).as_str(), "?="]);
        rest = tail;
        if !rest.is_empty() {
            out.push_str("\r\n ");
        }
        taken = 1;
    }
    out
}

/// A name and an address, the name as a quoted string: `"Smith, John" <john@example.org>`. Lines are folded at its blanks.
pub(super) fn quoted(name: &str, address: &str, taken: usize) -> String {
    let escaped = name.replace('\\', "\\\\").replace('"', "\\\"");
    let mut out = String::new();
    let mut taken = taken;
    for word in format!("\"{escaped}\" <{address}>").split_inclusive(' ') {
        // The blank that a line is folded at begins the next one.
        if let Some(blank) = out.strip_suffix(' ').filter(|line| !line.ends_with(' ') && taken + word.trim_end().len() > LINE) {
            out = format!("{blank}\r\n ");
            taken = 1;
        }
        out.push_str(word);
        taken += word.len();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_written_is_read(text in "[^\r\n\0]{1,200}") {
            let written = encoded_words(&text, "Subject: ".len());
            let lines = format!("Subject: {written}");
            prop_assert!(lines.split("\r\n").all(|line| line.len() <= LINE && line.is_ascii()));
            let header = format!("Subject: {written}\r\n\r\n");
            prop_assert_eq!(mailparse::parse_header(header.as_bytes()).unwrap().0.get_value(), text);
        }
    }
}
