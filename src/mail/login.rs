//! What the addresses of mail servers have in common: a log-in with `%` codes, and whether others could read it on its way.

use std::net::IpAddr;

/// User name and password; for `XOAUTH2` the password is the access token.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Login {
    pub(super) user: String,
    pub(super) password: String,
}

/// Whether a connection to that host never leaves this machine.
pub(super) fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|ip| ip.to_canonical().is_loopback())
}

/// The text behind `%` codes; `None` where it is no UTF-8.
pub(super) fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let digit = |at: usize| tail.get(at).and_then(|&b| char::from(b).to_digit(16)).and_then(|d| u8::try_from(d).ok());
        if let (b'%', Some(high), Some(low)) = (first, digit(0), digit(1)) {
            bytes.push(high * 16 + low);
            rest = &tail[2..];
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_become_what_they_stand_for() {
        for (text, meaning) in
            [("u%40example.org", "u@example.org"), ("p%2F%C3%BC%25", "p/ü%"), ("100%", "100%"), ("%zz%4", "%zz%4")]
        {
            assert_eq!(percent_decoded(text).as_deref(), Some(meaning), "{text}");
        }
        assert_eq!(percent_decoded("%ff"), None);
    }

    #[test]
    fn this_machine_is_known_by_all_its_names() {
        for here in ["localhost", "LocalHost", "127.8.9.1", "::1", "::ffff:127.0.0.1"] {
            assert!(is_loopback(here), "{here}");
        }
        for there in ["localhost.example.org", "192.0.2.1", "127.0.0.1.example.org", ""] {
            assert!(!is_loopback(there), "{there}");
        }
    }
}
