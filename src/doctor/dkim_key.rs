//! The record that publishes a DKIM key (RFC 6376 section 3.6.1).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::tags::{Tags, TagsError};

/// A published key, as far as it matters to whoever checks our signatures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct KeyRecord {
    /// `k=`: `rsa` where nothing is said.
    pub(super) kind: String,
    /// `p=` without white space; empty: the key is revoked.
    pub(super) key: String,
    /// Whether `h=` takes SHA-256, and `s=` takes mail.
    pub(super) fits: bool,
    /// `t=y`: receivers may ignore the signature.
    pub(super) testing: bool,
}

/// Why a record publishes no key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum KeyRecordError {
    #[error(transparent)]
    Tags(#[from] TagsError),
    #[error("it begins with another version than v=DKIM1")]
    Version,
    #[error("it has no p=, which holds the key")]
    NoKey,
}

impl KeyRecord {
    /// Reads a record, its strings joined.
    pub(super) fn parse(text: &str) -> Result<Self, KeyRecordError> {
        let tags = Tags::parse(text)?;
        // The version is optional, but goes first and is this one.
        if tags.get("v").is_some() && !tags.begins_with("v", "DKIM1") {
            return Err(KeyRecordError::Version);
        }
        let lists = |name: &str, wanted: &[&str]| {
            tags.get(name).is_none_or(|list| list.split(':').any(|word| wanted.contains(&word.trim())))
        };
        Ok(Self {
            kind: tags.get("k").unwrap_or("rsa").to_owned(),
            key: tags.get("p").ok_or(KeyRecordError::NoKey)?.chars().filter(|c| !c.is_whitespace()).collect(),
            fits: lists("h", &["sha256"]) && lists("s", &["*", "email"]),
            testing: tags.get("t").is_some_and(|flags| flags.split(':').any(|flag| flag.trim() == "y")),
        })
    }

    /// How many bits the modulus of an RSA key has, where the key can be read.
    pub(super) fn rsa_bits(&self) -> Option<usize> {
        let der = STANDARD.decode(&self.key).ok()?;
        // SubjectPublicKeyInfo: an algorithm and a bit string (RFC 5280 section 4.1), and in it the modulus and the exponent
        // (RFC 8017 appendix A.1.1). Some publish the inner part alone.
        let (outer, _) = element(0x30, &der)?;
        let key = match element(0x30, outer) {
            Some((_, rest)) => {
                let (bits, _) = element(0x03, rest)?;
                element(0x30, bits.get(1..)?)?.0
            }
            None => outer,
        };
        let (modulus, _) = element(0x02, key)?;
        let zeros = modulus.iter().take_while(|byte| **byte == 0).count();
        let first = modulus.get(zeros)?;
        Some((modulus.len() - zeros) * 8 - usize::try_from(first.leading_zeros()).ok()?)
    }
}

/// The content of a DER element with this tag at the start of `bytes`, and what follows it (X.690 section 8.1).
fn element(tag: u8, bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (&found, rest) = bytes.split_first()?;
    let (&length, rest) = rest.split_first()?;
    if found != tag {
        return None;
    }
    let (length, rest) = if length < 0x80 {
        (usize::from(length), rest)
    } else {
        let (digits, rest) = rest.split_at_checked(usize::from(length & 0x7f))?;
        if digits.len() > 4 {
            return None;
        }
        (digits.iter().fold(0, |sum, digit| sum << 8 | usize::from(*digit)), rest)
    };
    rest.split_at_checked(length)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn keys_and_their_flags() {
        let key = KeyRecord::parse("v=DKIM1; k=rsa; t=y:s; h=sha1:sha256; s=email; p=AAAA BBBB").unwrap();
        assert_eq!((key.kind.as_str(), key.key.as_str(), key.fits, key.testing), ("rsa", "AAAABBBB", true, true));
        let plain = KeyRecord::parse("p=AAAA").unwrap();
        assert_eq!((plain.kind.as_str(), plain.fits, plain.testing), ("rsa", true, false));
        assert_eq!(KeyRecord::parse("v=DKIM1; p=").unwrap().key, "");
        assert!(!KeyRecord::parse("h=sha1; p=A").unwrap().fits);
        assert!(!KeyRecord::parse("s=tlsrpt; p=A").unwrap().fits);
        assert_eq!(KeyRecord::parse("v=DKIM1; k=rsa"), Err(KeyRecordError::NoKey));
        assert_eq!(KeyRecord::parse("p=A; v=DKIM1"), Err(KeyRecordError::Version));
        assert_eq!(KeyRecord::parse("v=spf1; p=A"), Err(KeyRecordError::Version));
        assert!(matches!(KeyRecord::parse("google-site-verification"), Err(KeyRecordError::Tags(_))));
    }

    #[test]
    fn the_size_is_that_of_the_modulus() {
        // Made with openssl; the private half was thrown away.
        let short = "MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAL3+Ty+oy0iOWtjuJS2XCtAPKupUQnW/hca+S0zo5scq/MNTd12MB2VlYM/u6ge+HwB/R2ItqJ8jUhBKJbwAyJ8CAwEAAQ==";
        assert_eq!(KeyRecord::parse(&format!("p={short}")).unwrap().rsa_bits(), Some(512));
        // The inner part alone: a sequence of two integers.
        let inner = STANDARD.encode([&[0x30, 0x0c, 0x02, 0x05, 0x00, 0x80, 0, 0, 1, 0x02, 0x03, 1, 0, 1][..]].concat());
        assert_eq!(KeyRecord::parse(&format!("p={inner}")).unwrap().rsa_bits(), Some(32));
        for bad in ["", "!", "MA==", "MIIB", "MIT/////"] {
            assert_eq!(KeyRecord::parse(&format!("p={bad}")).unwrap().rsa_bits(), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn any_key_is_measured_or_not(bytes in prop::collection::vec(any::<u8>(), 0..200), text in "\\PC{0,200}") {
            let record = KeyRecord::parse(&format!("p={}", STANDARD.encode(&bytes))).unwrap();
            if let Some(bits) = record.rsa_bits() {
                prop_assert!(bits <= bytes.len() * 8);
            }
            let _ = KeyRecord::parse(&text);
        }
    }
}
