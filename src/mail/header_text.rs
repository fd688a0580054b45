//! Text in mail headers: encoded words (RFC 2047), written where lettre would not.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Whether a mail program would take this plain text for an encoded word and show something else.
pub(super) fn looks_encoded(text: &str) -> bool {
    text.contains("=?")
}

/// The text as base64 encoded words of at most 75 characters, on lines of their own.
pub(super) fn encoded_words(text: &str) -> String {
    let mut words = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        // 45 bytes make 60 characters of base64, and 72 with the frame.
        let end = rest.floor_char_boundary(45);
        let (word, tail) = rest.split_at(end);
        words.push(format!("=?utf-8?B?{}?=", STANDARD.encode(word)));
        rest = tail;
    }
    words.join("\r\n ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_written_is_read(text in "[^\r\n\0]{1,200}") {
            let written = encoded_words(&text);
            prop_assert!(written.split("\r\n ").all(|word| word.len() <= 75 && word.is_ascii()));
            let header = format!("Subject: {written}\r\n\r\n");
            prop_assert_eq!(mailparse::parse_header(header.as_bytes()).unwrap().0.get_value(), text);
        }
    }
}
