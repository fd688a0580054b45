//! Text in mail headers: encoded words (RFC 2047), written where lettre would not, and read for the outbox.

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

/// Reads encoded words in UTF-8; whatever can't be read stays as it is.
pub(super) fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut after_word = false;
    for (at, word) in text.split_ascii_whitespace().enumerate() {
        let found = decoded_word(word);
        // White space between two encoded words is not part of the text.
        if at > 0 && !(after_word && found.is_some()) {
            bytes.push(b' ');
        }
        after_word = found.is_some();
        bytes.extend(found.unwrap_or_else(|| word.as_bytes().to_vec()));
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn decoded_word(word: &str) -> Option<Vec<u8>> {
    let inner = word.strip_prefix("=?")?.strip_suffix("?=")?;
    let mut parts = inner.splitn(3, '?');
    let (charset, encoding, data) = (parts.next()?, parts.next()?, parts.next()?);
    if !charset.eq_ignore_ascii_case("utf-8") {
        return None;
    }
    match encoding {
        "B" | "b" => STANDARD.decode(data).ok(),
        "Q" | "q" => {
            let mut bytes = Vec::new();
            let mut rest = data.as_bytes();
            while let [first, tail @ ..] = rest {
                if let (b'=', [high, low, after @ ..]) = (first, tail) {
                    let digits = [*high, *low];
                    bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
                    rest = after;
                } else {
                    bytes.push(if *first == b'_' { b' ' } else { *first });
                    rest = tail;
                }
            }
            Some(bytes)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn encoded_words_are_read() {
        assert_eq!(decoded("=?utf-8?Q?Jos=C3=A9_N?= <a@b.example>"), "José N <a@b.example>");
        assert_eq!(decoded("a =?UTF-8?b?w7w=?= =?utf-8?B?w7w=?= b"), "a üü b");
        assert_eq!(decoded("=?latin1?Q?=E9?= =?utf-8?Q?a=?="), "=?latin1?Q?=E9?= a=");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(text in "[^\r\n\0]{1,200}") {
            let written = encoded_words(&text);
            prop_assert!(written.split("\r\n ").all(|word| word.len() <= 75 && word.is_ascii()));
            prop_assert_eq!(decoded(&written), text);
        }
    }
}
