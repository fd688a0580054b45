//! Enhanced status codes (RFC 3463): `5.1.1`.

use std::fmt;

/// `class.subject.detail`: 2 went well, 4 may yet, 5 never.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnhancedStatus {
    class: u8,
    subject: u16,
    detail: u16,
}

impl EnhancedStatus {
    /// Reads `5.1.1`; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.trim().split('.');
        let mut number = |most: usize| {
            let part = parts.next()?;
            let digits = (1..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
            if digits { part.parse::<u16>().ok() } else { None }
        };
        let (class, subject, detail) = (number(1)?, number(3)?, number(3)?);
        let class = u8::try_from(class).ok().filter(|class| matches!(class, 2 | 4 | 5))?;
        parts.next().is_none().then_some(Self { class, subject, detail })
    }

    /// Class 5.
    #[must_use]
    pub const fn is_permanent(&self) -> bool {
        self.class == 5
    }

    /// The mailbox or its domain does not exist, or has moved (RFC 3463 section 3.2; X.1.10: the domain takes no mail, RFC 7505).
    #[must_use]
    pub const fn is_dead_mailbox(&self) -> bool {
        self.class == 5 && self.subject == 1 && matches!(self.detail, 1 | 2 | 3 | 6 | 10)
    }
}

impl fmt::Display for EnhancedStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.class, self.subject, self.detail)
    }
}

/// The first enhanced status in a text, else what its first reply code (RFC 5321 section 4.2) comes to: `550` is 5.0.0.
pub(super) fn status_in(text: &str) -> Option<EnhancedStatus> {
    let words = || text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '.')).map(|word| word.trim_matches('.'));
    let plain = |word: &str| {
        let code = (word.len() == 3).then(|| word.parse::<u16>().ok())??;
        matches!(code, 421 | 450..=459 | 500..=559).then(|| EnhancedStatus {
            class: if code < 500 { 4 } else { 5 },
            subject: 0,
            detail: 0,
        })
    };
    words().find_map(EnhancedStatus::parse).filter(|status| status.class != 2).or_else(|| words().find_map(plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_three_numbers() {
        for good in ["5.1.1", "4.4.7", "2.0.0", "5.7.509"] {
            assert_eq!(EnhancedStatus::parse(good).unwrap().to_string(), good);
        }
        for bad in ["", "5.1", "5.1.1.1", "3.1.1", "5.1.x", "10.0.0.1", "5.1.1234", "5..1", "+5.1.1"] {
            assert!(EnhancedStatus::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn codes_are_found_in_sentences() {
        let found = |text: &str| status_in(text).map(|status| status.to_string());
        assert_eq!(found("host said: 550 5.1.1 <x@example.com>: unknown").as_deref(), Some("5.1.1"));
        assert_eq!(found("Remote host said: 554 no").as_deref(), Some("5.0.0"));
        assert_eq!(found("(#5.1.2) at 10.1.1.1.").as_deref(), Some("5.1.2"));
        assert_eq!(found("Room 550, Monday"), Some("5.0.0".into()));
        assert_eq!(found("on 2026-11-23 at 14:30"), None);
    }
}
