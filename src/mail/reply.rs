//! What a mail server answered, and how far a message had got when sending it failed.

use std::fmt;

/// The most characters of a server's words that are kept.
pub const REPLY_MAX_CHARS: usize = 500;

/// A mail server's answer (RFC 5321 section 4.2).
#[derive(Clone, PartialEq, Eq)]
pub struct Reply {
    /// The three digits: 2xx done, 3xx go on, 4xx not now, 5xx never.
    pub code: u16,
    /// The enhanced status code (RFC 3463) if the answer begins with one that agrees with the code: `5.1.1`.
    pub enhanced: Option<String>,
    /// The words on one line, without the codes and without control characters, [`REPLY_MAX_CHARS`] at most.
    /// Servers repeat addresses here, so it belongs into the attempts table and never into a log.
    pub text: String,
}

impl Reply {
    /// 5xx: the same message will be refused again.
    #[must_use]
    pub const fn is_permanent(&self) -> bool {
        self.code / 100 == 5
    }
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reply").field("code", &self.code).field("enhanced", &self.enhanced).finish_non_exhaustive()
    }
}

/// `250 2.0.0`: the codes, without the words.
impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.code)?;
        self.enhanced.as_ref().map_or(Ok(()), |enhanced| write!(f, " {enhanced}"))
    }
}

/// The part of an SMTP conversation that was under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// Finding the server, the TCP connection, its greeting, `EHLO`.
    Connect,
    /// `STARTTLS` and the TLS handshake.
    Tls,
    /// `AUTH`.
    Login,
    /// `MAIL FROM`.
    MailFrom,
    /// `RCPT TO`.
    RcptTo,
    /// `DATA`, until its 354.
    Data,
    /// From the first byte of the message to the answer to its final dot.
    Body,
}

impl Step {
    /// The name that the attempts table stores.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::Login => "login",
            Self::MailFrom => "mail_from",
            Self::RcptTo => "rcpt_to",
            Self::Data => "data",
            Self::Body => "body",
        }
    }
}

/// Why a message was not accepted, as far as can be known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SendFailure {
    /// How far the conversation had got.
    pub step: Step,
    /// The server's refusal, 4xx or 5xx; none when it gave no proper answer.
    pub reply: Option<Reply>,
    /// What happened, in words without personal data.
    pub cause: String,
    /// Whether the server may have the whole message although it did not say so: the final dot was
    /// written, and no answer came that could be understood.
    pub maybe_delivered: bool,
}

impl SendFailure {
    /// A failure without an answer from the server.
    pub(super) fn silent(step: Step, cause: impl Into<String>) -> Self {
        Self { step, reply: None, cause: cause.into(), maybe_delivered: false }
    }

    /// The server said no.
    pub(super) fn refused(step: Step, reply: Reply) -> Self {
        let cause = format!("the mail server answered {reply}");
        Self { step, reply: Some(reply), cause, maybe_delivered: false }
    }
}

impl fmt::Display for SendFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at {}: {}", self.step.as_str(), self.cause)?;
        f.write_str(if self.maybe_delivered { "; it may have been delivered" } else { "" })
    }
}

impl std::error::Error for SendFailure {}

/// An answer as it came: the code once, and the text of each line.
#[derive(Clone)]
pub(super) struct RawReply {
    pub(super) code: u16,
    pub(super) lines: Vec<String>,
}

impl RawReply {
    /// The first digit of the code.
    pub(super) const fn class(&self) -> u16 {
        self.code / 100
    }

    /// The answer in the form that is kept.
    pub(super) fn clean(&self) -> Reply {
        let enhanced = self.lines.first().and_then(|line| enhanced_code(self.code, line)).map(str::to_owned);
        // Most servers repeat the enhanced code on each line; once is enough.
        let own_words = |line: &str| match &enhanced {
            Some(code) => line
                .strip_prefix(code.as_str())
                .filter(|rest| rest.is_empty() || rest.starts_with(' '))
                .unwrap_or(line)
                .to_owned(),
            None => line.to_owned(),
        };
        let joined = self.lines.iter().map(|line| own_words(line)).collect::<Vec<_>>().join(" ");
        let plain: String = joined.chars().map(|c| if is_harmless(c) { c } else { ' ' }).collect();
        let text = plain.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(REPLY_MAX_CHARS).collect();
        Reply { code: self.code, enhanced, text }
    }
}

/// Reads one line of an answer, without its line end: the code, whether more lines follow, and the text.
///
/// RFC 5321 section 4.2 has the client accept a bare code, so `250` alone is an answer too.
pub(super) fn split_line(line: &[u8]) -> Option<(u16, bool, String)> {
    let (digits, rest) = line.split_at_checked(3)?;
    if !digits.iter().all(u8::is_ascii_digit) || !(b'2'..=b'5').contains(&digits[0]) {
        return None;
    }
    let code = digits.iter().fold(0, |code, digit| code * 10 + u16::from(digit - b'0'));
    let (more, text) = match rest.split_first() {
        None => (false, rest),
        Some((b' ', text)) => (false, text),
        Some((b'-', text)) => (true, text),
        Some(_) => return None,
    };
    // Some servers speak Latin-1 here; a word that can't be read is no reason to lose the answer.
    Some((code, more, String::from_utf8_lossy(text).into_owned()))
}

/// The enhanced code at the start of `line`, if its class is that of `code` (RFC 2034 section 4).
fn enhanced_code(code: u16, line: &str) -> Option<&str> {
    let word = line.split(' ').next()?;
    let mut parts = word.split('.');
    let (class, subject, detail) = (parts.next()?, parts.next()?, parts.next()?);
    let number = |part: &str| (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    let agrees = parts.next().is_none() && class == (code / 100).to_string() && number(subject) && number(detail);
    agrees.then_some(word)
}

/// No control character, and none that turns the direction of the text around.
fn is_harmless(c: char) -> bool {
    !c.is_control() && !matches!(c, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clean(code: u16, lines: &[&str]) -> Reply {
        RawReply { code, lines: lines.iter().map(|&line| line.to_owned()).collect() }.clean()
    }

    #[test]
    fn an_enhanced_code_is_taken_once_and_only_when_it_agrees() {
        let reply = clean(550, &["5.7.25 The IP address has no", "5.7.25 PTR record."]);
        assert_eq!((reply.enhanced.as_deref(), reply.text.as_str()), (Some("5.7.25"), "The IP address has no PTR record."));
        let reply = clean(550, &["4.1.1 odd"]);
        assert_eq!((reply.enhanced, reply.text.as_str()), (None, "4.1.1 odd"));
        assert_eq!(clean(250, &["2.0.0"]).enhanced.as_deref(), Some("2.0.0"));
        assert_eq!(clean(250, &["2.0.0.1 x"]).enhanced, None);
        assert_eq!(clean(250, &[""]).text, "");
    }

    #[test]
    fn the_words_are_one_short_harmless_line() {
        let reply = clean(451, &["a\u{1b}[31m\tb\u{202E}", &"ü".repeat(900)]);
        assert!(reply.text.starts_with("a [31m b ü"));
        assert_eq!(reply.text.chars().count(), REPLY_MAX_CHARS);
        assert!(!format!("{reply:?} {reply}").contains('ü'));
    }

    #[test]
    fn a_line_is_a_code_a_mark_and_words() {
        assert_eq!(split_line(b"250 ok"), Some((250, false, "ok".to_owned())));
        assert_eq!(split_line(b"250-ok"), Some((250, true, "ok".to_owned())));
        assert_eq!(split_line(b"250"), Some((250, false, String::new())));
        assert_eq!(split_line(b"550 inconnu \xe9"), Some((550, false, "inconnu \u{FFFD}".to_owned())));
        for bad in [&b""[..], b"25", b"2500 ok", b"abc ok", b"150 ok", b"650 ok", b"ok 250"] {
            assert_eq!(split_line(bad), None, "{bad:?}");
        }
    }
}
