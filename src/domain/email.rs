//! An e-mail address that a mail server will take.

use std::fmt;
use std::str::FromStr;

/// A mailbox address (RFC 5321 section 4.1.2, dot-atom form): an ASCII local part, a domain with a
/// dot, in ASCII form. Two addresses that differ in case are one person, see [`EmailAddress::key`].
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct EmailAddress {
    text: String,
    at: usize,
}

/// Why a text is no usable address. Each message is shown beside the field, so it says what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EmailError {
    /// Nothing was typed.
    #[error("Enter your e-mail address. We send one mail there to confirm.")]
    Empty,
    /// More than 254 characters (RFC 5321 section 4.5.3.1.3).
    #[error("This e-mail address is too long. An address has at most 254 characters.")]
    TooLong,
    /// No `@`, or nothing that could be a domain behind it.
    #[error("This e-mail address is not complete. It should look like name@example.org.")]
    Incomplete,
    /// The part before the `@` has letters beyond ASCII: few mail servers take it (RFC 6531).
    #[error("We can't send to an address with letters beyond a-z before the @. Use another address if you have one.")]
    LocalPartNotAscii,
    /// Characters that no address holds.
    #[error("This e-mail address has a character that can't be in one. Check it for spaces and commas.")]
    BadCharacter,
}

impl EmailAddress {
    /// Reads an address; white space around it is dropped, a domain in another script becomes ASCII.
    ///
    /// # Errors
    /// [`EmailError`] says what is wrong, in words for the person who typed it.
    pub fn parse(input: &str) -> Result<Self, EmailError> {
        let input = input.trim_matches(' ');
        if input.is_empty() {
            return Err(EmailError::Empty);
        }
        if input.chars().count() > 254 {
            return Err(EmailError::TooLong);
        }
        if input.chars().any(char::is_control) {
            return Err(EmailError::BadCharacter);
        }
        let (local, domain) = input.rsplit_once('@').ok_or(EmailError::Incomplete)?;
        if local.is_empty() || !domain.contains('.') || domain.starts_with('.') || domain.ends_with('.') {
            return Err(EmailError::Incomplete);
        }
        if !local.is_ascii() {
            return Err(EmailError::LocalPartNotAscii);
        }
        let domain = idna::domain_to_ascii_strict(domain).map_err(|_| EmailError::BadCharacter)?;
        let text = format!("{local}@{domain}");
        // Quoted local parts ("a b"@example.org) are legal and never real; forms that hold one are mistakes or attacks.
        if local.contains(['"', '(', ')', '<', '>', ',', ';', ':', '\\', ' '])
            || email_address::EmailAddress::from_str(&text).is_err()
        {
            return Err(EmailError::BadCharacter);
        }
        if text.len() > 254 {
            return Err(EmailError::TooLong);
        }
        Ok(Self { at: local.len(), text })
    }

    /// The address, with the local part as it was typed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The part before the `@`.
    #[must_use]
    pub fn local(&self) -> &str {
        &self.text[..self.at]
    }

    /// The domain, lower-case ASCII.
    #[must_use]
    pub fn domain(&self) -> &str {
        &self.text[self.at + 1..]
    }

    /// The same for all spellings of one person's address: lower-case.
    #[must_use]
    pub fn key(&self) -> String {
        self.text.to_ascii_lowercase()
    }

    /// `text` with every spelling of this address replaced: servers repeat addresses in what they say.
    #[must_use]
    pub fn hidden_in(&self, text: &str) -> String {
        let (lower, address) = (text.to_ascii_lowercase(), self.key());
        let mut out = String::with_capacity(text.len());
        let mut at = 0;
        while let Some(found) = lower[at..].find(&address) {
            out.push_str(&text[at..at + found]);
            out.push_str("(the supporter)");
            at += found + address.len();
        }
        out.push_str(&text[at..]);
        out
    }
}

impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EmailAddress(personal)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_servers_words_name_no_supporter() {
        let address = EmailAddress::parse("ana@example.org").unwrap();
        let hidden = address.hidden_in("<Ana@Example.org>: no such user ana@example.org");
        assert_eq!(hidden, "<(the supporter)>: no such user (the supporter)");
        assert_eq!(address.hidden_in("ünknown ANA@example.org"), "ünknown (the supporter)");
    }

    #[test]
    fn each_mistake_has_its_own_answer() {
        for (typed, error) in [
            ("", EmailError::Empty),
            ("  ", EmailError::Empty),
            ("ana", EmailError::Incomplete),
            ("ana@", EmailError::Incomplete),
            ("ana@localhost", EmailError::Incomplete),
            ("@example.org", EmailError::Incomplete),
            ("ana@.org", EmailError::Incomplete),
            ("josé@example.org", EmailError::LocalPartNotAscii),
            ("ana maria@example.org", EmailError::BadCharacter),
            ("a,b@example.org", EmailError::BadCharacter),
            ("ana@exa mple.org", EmailError::BadCharacter),
            ("ana@example.org\r\nBcc: x@example.org", EmailError::BadCharacter),
            ("\"a b\"@example.org", EmailError::BadCharacter),
            ("a@b@example.org", EmailError::BadCharacter),
        ] {
            assert_eq!(EmailAddress::parse(typed).unwrap_err(), error, "{typed:?}");
        }
        assert_eq!(EmailAddress::parse(&format!("{}@example.org", "a".repeat(250))).unwrap_err(), EmailError::TooLong);
    }

    #[test]
    fn a_domain_in_another_script_becomes_ascii() {
        assert_eq!(EmailAddress::parse("ana@bücher.example").unwrap().domain(), "xn--bcher-kva.example");
    }

    #[test]
    fn case_does_not_make_another_person() {
        let (a, b) = (EmailAddress::parse("Ana@Example.org").unwrap(), EmailAddress::parse("ana@example.ORG").unwrap());
        assert_eq!(a.key(), b.key());
        assert_eq!(a.local(), "Ana");
    }

    proptest! {
        #[test]
        fn what_parses_is_one_plain_line(typed in ".{0,80}") {
            if let Ok(address) = EmailAddress::parse(&typed) {
                prop_assert!(address.as_str().is_ascii());
                prop_assert!(!address.as_str().chars().any(|c| c.is_control() || c == ' '));
                prop_assert_eq!(EmailAddress::parse(address.as_str()).unwrap(), address);
            }
        }

        #[test]
        fn plain_addresses_parse(local in "[a-z0-9]([a-z0-9._+-]{0,20}[a-z0-9])?", domain in "[a-z]{1,20}\\.(org|example)") {
            prop_assume!(!local.contains(".."));
            let typed = format!("{local}@{domain}");
            let parsed = EmailAddress::parse(&typed).unwrap();
            prop_assert_eq!(parsed.as_str(), typed.as_str());
        }
    }
}
