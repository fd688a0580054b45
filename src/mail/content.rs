//! A message between `DATA` and its final dot.

/// The message as it travels (RFC 5321 section 4.5.2): a dot before each line that begins with one, and the
/// end of data behind it.
pub(super) fn dot_stuffed(message: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(message.len() + 64);
    for line in message.split_inclusive(|&b| b == b'\n') {
        if line.starts_with(b".") {
            out.push(b'.');
        }
        out.extend_from_slice(line);
    }
    if !out.is_empty() && !out.ends_with(b"\r\n") {
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(b".\r\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn dots_are_doubled_at_the_start_of_a_line_only() {
        for (message, on_the_wire) in [
            ("", ".\r\n"),
            ("a", "a\r\n.\r\n"),
            ("a\r\n", "a\r\n.\r\n"),
            (".", "..\r\n.\r\n"),
            ("a.\r\n.\r\n..b\r\n", "a.\r\n..\r\n...b\r\n.\r\n"),
        ] {
            assert_eq!(String::from_utf8(dot_stuffed(message.as_bytes())).unwrap(), on_the_wire);
        }
    }

    proptest! {
        #[test]
        fn nothing_in_a_message_ends_it_early(parts in proptest::collection::vec(prop_oneof!["\r\n", "\n", "\r", "\\.", "[a-z]"], 0..40)) {
            let message = parts.concat();
            let sent = String::from_utf8(dot_stuffed(message.as_bytes())).unwrap();
            let inner = sent.strip_suffix(".\r\n").unwrap();
            // Some servers take a bare line feed for a line end; the lone dot must not stand there either.
            prop_assert!(!inner.split_inclusive('\n').any(|line| line.trim_end_matches(['\r', '\n']) == "."));
            let read: String = inner.split_inclusive('\n').map(|line| line.strip_prefix('.').unwrap_or(line)).collect();
            prop_assert!(read.starts_with(&message) && read.len() <= message.len() + 2);
        }
    }
}
