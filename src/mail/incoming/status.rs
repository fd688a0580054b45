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

    /// 5.0.0: the class and nothing more.
    pub(super) const fn says_nothing(&self) -> bool {
        self.subject == 0
    }

    /// The mailbox or its domain does not exist, or has moved (RFC 3463 section 3.2; X.1.10: the domain takes no mail, RFC 7505).
    /// Exchange Online: 5.1.351, and 5.4.310 for a domain without a DNS entry, as 5.4.4 (RFC 3463 section 3.5).
    pub(super) const fn is_dead_mailbox(&self) -> bool {
        self.class == 5 && matches!((self.subject, self.detail), (1, 1 | 2 | 3 | 6 | 10 | 351) | (4, 4 | 310))
    }

    /// 5.4.1, which Exchange Online answers for recipients that a domain does not know.
    pub(super) const fn is_access_denied(&self) -> bool {
        self.class == 5 && self.subject == 4 && self.detail == 1
    }

    /// Security or policy (RFC 3463 section 3.8).
    pub(super) const fn is_policy(&self) -> bool {
        self.class == 5 && self.subject == 7
    }

    /// What a server says of a mailbox that it knows (RFC 3463 sections 3.3 and 3.4), or of a try that may yet work.
    pub(super) const fn is_about_a_mailbox_that_is_there(&self) -> bool {
        self.class == 4 || matches!((self.subject, self.detail), (2, 0 | 2..) | (3, _))
    }
}

impl fmt::Display for EnhancedStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.class, self.subject, self.detail)
    }
}

/// The status that a text gives: the first enhanced one behind a reply code or `#` (`550 5.1.1`), else the first, else what the first
/// reply code (RFC 5321 section 4.2) comes to: `550` is 5.0.0. A number that only looks like a reply code is none.
pub(super) fn status_in(text: &str) -> Option<EnhancedStatus> {
    let words = words(text);
    let enhanced = |word: &Word<'_>| EnhancedStatus::parse(word.text).filter(|status| status.class != 2);
    let behind_code = words.iter().enumerate().find_map(|(at, word)| {
        let after = word.gap.ends_with('#') || (at > 0 && reply_code(words[at - 1].text).is_some() && word.gap.len() <= 2);
        after.then(|| enhanced(word)).flatten()
    });
    let plain = || {
        (0..words.len()).find_map(|at| {
            let before = at.checked_sub(1).map(|before| words[before].text);
            reply_code(words[at].text).filter(|_| words[at].says_code(before))
        })
    };
    behind_code.or_else(|| words.iter().find_map(enhanced)).or_else(plain)
}

struct Word<'a> {
    /// What stands before it, up to the word before.
    gap: &'a str,
    text: &'a str,
    /// What stands behind it, up to the end.
    rest: &'a str,
}

fn words(text: &str) -> Vec<Word<'_>> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '.';
    let (mut found, mut at) = (Vec::new(), 0);
    while let Some(start) = text[at..].find(is_part).map(|found| at + found) {
        let end = text[start..].find(|c: char| !is_part(c)).map_or(text.len(), |found| start + found);
        found.push(Word { gap: &text[at..start], text: text[start..end].trim_matches('.'), rest: &text[end..] });
        at = end;
    }
    found
}

/// Before a reply code in a sentence.
const BEFORE_CODE: [&str; 13] =
    ["said", "says", "error", "code", "reply", "replied", "response", "answer", "smtp", "status", "reason", "returned", "gave"];

impl Word<'_> {
    /// Whether a number here is a server's: at the beginning of a line or sentence part, behind "said", before words.
    fn says_code(&self, before: Option<&str>) -> bool {
        let a_time = self.gap == ":" && before.is_some_and(|word| word.bytes().all(|byte| byte.is_ascii_digit()));
        let begins = before.is_none() || self.gap.contains(['\n', ':', ';', '<', '>', '[', '#', '\'', '"', '|']);
        let told = before.is_some_and(|word| BEFORE_CODE.contains(&word.to_ascii_lowercase().as_str()));
        let ends = self.rest.is_empty() || self.rest.starts_with([' ', '-', ':', '\n', '\t', '\'', '"', ',', '<', ')', ']']);
        // A time or a number goes on with digits.
        let goes_on = self.rest.strip_prefix([':', ',']).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        !a_time && (begins || told) && ends && !goes_on
    }
}

fn reply_code(word: &str) -> Option<EnhancedStatus> {
    let code = (word.len() == 3).then(|| word.parse::<u16>().ok())??;
    let class = match code {
        421 | 450..=459 => 4,
        500..=559 => 5,
        _ => return None,
    };
    Some(EnhancedStatus { class, subject: 0, detail: 0 })
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
        assert_eq!(found("host said: 451 4.7.1 later\n550-5.1.1 no").as_deref(), Some("4.7.1"));
        assert_eq!(found("Version 5.1.2 said: 552 5.2.2 full").as_deref(), Some("5.2.2"));
        assert_eq!(found("553: no").as_deref(), Some("5.0.0"));
        for number in ["Room 550, Monday", "a letter of 512 kB (550 lines)", "at 10:550", "over 500 streets"] {
            assert_eq!(found(number), None, "{number}");
        }
        assert_eq!(found("on 2026-11-23 at 14:30"), None);
    }
}
