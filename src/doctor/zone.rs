//! Lines for a zone file (RFC 1035 section 5.1), to be copied into the DNS.

/// The most octets of one string of a TXT record (RFC 1035 section 3.3).
const STRING: usize = 255;
/// The time to live of a suggested line in seconds: an hour, so that a mistake is soon mended.
const TTL: u32 = 3600;

/// `name. 3600 IN TXT "..." "..."`, in strings of at most 255 octets.
pub(super) fn txt(name: &str, text: &str) -> String {
    let mut strings = Vec::new();
    let mut rest = text;
    while rest.len() > STRING {
        // A text in the DNS is ASCII; should one not be, it is cut between characters.
        let end = (1..=STRING).rev().find(|&at| rest.is_char_boundary(at)).unwrap_or(STRING);
        let (string, more) = rest.split_at(end);
        strings.push(quoted(string));
        rest = more;
    }
    strings.push(quoted(rest));
    format!("{name}. {TTL} IN TXT {}", strings.join(" "))
}

/// `name. 3600 IN MX 10 host.`
pub(super) fn mx(name: &str, host: &str) -> String {
    format!("{name}. {TTL} IN MX 10 {host}.")
}

fn quoted(string: &str) -> String {
    format!("\"{}\"", string.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_long_text_becomes_several_strings() {
        assert_eq!(txt("a.example.org", "v=spf1 -all"), "a.example.org. 3600 IN TXT \"v=spf1 -all\"");
        assert_eq!(txt("a", "a\"b\\c"), r#"a. 3600 IN TXT "a\"b\\c""#);
        let line = txt("k", &"x".repeat(600));
        let lengths: Vec<_> = line.split('"').skip(1).step_by(2).map(str::len).collect();
        assert_eq!(lengths, [255, 255, 90]);
        assert_eq!(mx("b.example.org", "mail.example.org"), "b.example.org. 3600 IN MX 10 mail.example.org.");
    }

    proptest! {
        /// What receivers put together again is the text.
        #[test]
        fn the_strings_joined_are_the_text(text in "[ -!#-\\[\\]-~ü]{0,900}") {
            let line = txt("name", &text);
            let strings: Vec<_> = line.split('"').skip(1).step_by(2).collect();
            prop_assert!(strings.iter().all(|string| string.len() <= STRING));
            prop_assert_eq!(strings.concat(), text);
        }
    }
}
