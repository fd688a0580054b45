//! Mail that comes back: what it is, and which texts in it may name the message that it is about.

mod automatic;
mod report;
mod status;

#[cfg(test)]
mod tests;

use mailparse::{MailHeaderMap, ParsedMail, parse_mail};

use automatic::{is_automatic_reply, is_from_a_mail_system};
use report::{complaint, delivery_report};
pub use status::EnhancedStatus;
use status::status_in;

/// The largest mail that is read, in octets. Reports quote at most one of our letters.
pub const INCOMING_MAX_OCTETS: usize = 10 * 1024 * 1024;
/// How deep mails may lie in mails: a report that was forwarded twice.
const MOST_DEPTH: usize = 4;
/// More parts than this no report has; the parser below would nest as deep as it is told to.
const MOST_BOUNDARIES: usize = 64;
/// The most characters of an office's words that are kept.
const WORDS_MAX_CHARS: usize = 4000;

/// A mail that came to a return path.
#[derive(Clone, PartialEq, Eq)]
pub struct Incoming {
    /// What it is.
    pub kind: IncomingKind,
    /// Headers and texts, its own and those of the mails inside it, that may hold a return path.
    pub traces: Vec<String>,
}

/// What a mail that came back is.
#[derive(Clone, PartialEq, Eq)]
pub enum IncomingKind {
    /// The message will not arrive.
    Failed(Verdict),
    /// It has not arrived yet; the server goes on trying (RFC 3464 section 2.3.3: delayed).
    Delayed(Verdict),
    /// Somebody called it spam (RFC 5965).
    Complaint,
    /// Nobody wrote it: a holiday notice, a receipt of an office (RFC 3834).
    AutomaticReply {
        /// Its subject.
        subject: String,
        /// Its plain text, without control characters.
        text: String,
    },
    /// Something else: a person's answer, a report of a delivery that went well.
    Other,
}

/// What a mail system said of a delivery.
#[derive(Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The enhanced status (RFC 3463), where it gave one.
    pub status: Option<EnhancedStatus>,
    /// Its words in one line.
    pub words: String,
}

/// Reads a mail (RFC 5322); what can't be read is [`IncomingKind::Other`].
#[must_use]
pub fn read_incoming(raw: &[u8]) -> Incoming {
    let mut traces = Vec::new();
    let kind = if raw.len() <= INCOMING_MAX_OCTETS { read(raw, 0, &mut traces) } else { IncomingKind::Other };
    Incoming { kind, traces }
}

fn read(raw: &[u8], depth: usize, traces: &mut Vec<String>) -> IncomingKind {
    let boundaries = raw.windows(8).filter(|window| window.eq_ignore_ascii_case(b"boundary")).take(MOST_BOUNDARIES + 1).count();
    if depth > MOST_DEPTH || boundaries > MOST_BOUNDARIES {
        return IncomingKind::Other;
    }
    let Ok(mail) = parse_mail(raw) else { return IncomingKind::Other };
    traces.extend(mail.headers.iter().map(mailparse::MailHeader::get_value));
    let mut parts = Vec::new();
    flatten(&mail, &mut parts);
    let mut inner = None;
    for part in &parts {
        let body = || part.get_body_raw().unwrap_or_default();
        match part.ctype.mimetype.as_str() {
            "message/rfc822" | "message/global" => {
                let kind = read(&body(), depth + 1, traces);
                inner = inner.or(Some(kind));
            }
            kind if kind.starts_with("text/") || kind.starts_with("message/") => {
                traces.push(String::from_utf8_lossy(&body()).into_owned());
            }
            _ => {}
        }
    }
    let own = classify(&mail, &parts);
    match (own, inner) {
        // Somebody passed a report on: it says what it says.
        (IncomingKind::Other, Some(inner @ (IncomingKind::Failed(_) | IncomingKind::Delayed(_) | IncomingKind::Complaint))) => {
            inner
        }
        (own, _) => own,
    }
}

fn flatten<'a>(mail: &'a ParsedMail<'a>, parts: &mut Vec<&'a ParsedMail<'a>>) {
    if mail.subparts.is_empty() {
        parts.push(mail);
    }
    for part in &mail.subparts {
        flatten(part, parts);
    }
}

fn classify(mail: &ParsedMail<'_>, parts: &[&ParsedMail<'_>]) -> IncomingKind {
    let body_of = |kind: &str| {
        let part = parts.iter().find(|part| part.ctype.mimetype == kind)?;
        Some(String::from_utf8_lossy(&part.get_body_raw().ok()?).into_owned())
    };
    if body_of("message/feedback-report").is_some_and(|fields| complaint(&fields)) {
        return IncomingKind::Complaint;
    }
    if let Some(fields) = body_of("message/delivery-status").or_else(|| body_of("message/global-delivery-status")) {
        return delivery_report(&fields);
    }
    // A receipt of reading, or of deleting unread (RFC 8098), is nobody's answer.
    if body_of("message/disposition-notification").is_some() {
        return IncomingKind::Other;
    }
    let text = plain_text(parts);
    if is_from_a_mail_system(mail) {
        return without_report(&text);
    }
    if is_automatic_reply(mail) {
        let subject = one_line(&mail.headers.get_first_value("Subject").unwrap_or_default(), 200);
        return IncomingKind::AutomaticReply { subject, text: printable(&text) };
    }
    IncomingKind::Other
}

/// A mail system that sends no delivery-status part: qmail, Exim, old Exchange, in any language. The codes are the same in
/// every language; without one it is a failure all the same, since mail systems write for no other reason.
fn without_report(text: &str) -> IncomingKind {
    // What stands behind the quoted message is ours.
    let said = text.split("\nReceived: ").next().unwrap_or_default();
    let status = status_in(said);
    let words = one_line(said, super::REPLY_MAX_CHARS);
    let later = [
        "delayed",
        "still trying",
        "will retry",
        "will be retried",
        "will keep trying",
        "warning message only",
        "not yet been delivered",
        "attempts will continue",
        "no action is required",
        "verzögert",
        "noch nicht zugestellt",
        "pas encore été remis",
        "aún no se ha entregado",
        "retardé",
        "retrasado",
        "atrasada",
    ];
    let lower = said.to_lowercase();
    let verdict = Verdict { status: status.clone(), words };
    let waits = later.iter().any(|sign| lower.contains(sign));
    if waits && status.is_none_or(|status| !status.is_permanent()) {
        IncomingKind::Delayed(verdict)
    } else {
        IncomingKind::Failed(verdict)
    }
}

/// The first plain text; else the HTML without its tags.
fn plain_text(parts: &[&ParsedMail<'_>]) -> String {
    let body_of = |kind: &str| parts.iter().find(|part| part.ctype.mimetype == kind).and_then(|part| part.get_body().ok());
    let text = body_of("text/plain").or_else(|| body_of("text/html").map(|html| without_tags(&html)));
    text.unwrap_or_default().replace("\r\n", "\n")
}

fn without_tags(html: &str) -> String {
    let mut out = String::new();
    let mut rest = html;
    while let Some((before, tag)) = rest.split_once('<') {
        out.push_str(before);
        out.push(' ');
        // What stands in these is for the program that shows the mail.
        let unseen = ["style", "script", "title"].into_iter().find(|name| {
            let begins = tag.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
            begins && tag[name.len()..].starts_with(|c: char| c == '>' || c.is_ascii_whitespace())
        });
        let closes = |name: &str| {
            let at = |at: usize| tag.get(at + 2..at + 2 + name.len()).is_some_and(|word| word.eq_ignore_ascii_case(name));
            tag.match_indices("</").map(|(found, _)| found).find(|found| at(*found))
        };
        // One that never ends hides all that follows.
        let end = unseen.map_or(Some(0), closes);
        rest = end.and_then(|end| tag[end..].split_once('>')).map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    ["&nbsp;", "&lt;", "&gt;", "&quot;", "&amp;"]
        .iter()
        .zip([" ", "<", ">", "\"", "&"])
        .fold(out, |text, (name, meaning)| text.replace(name, meaning))
}

/// Lines of text that can be shown: no control characters but line ends, not more than can be read.
fn printable(text: &str) -> String {
    let kept: String = text.chars().filter(|c| *c == '\n' || !c.is_control()).take(WORDS_MAX_CHARS).collect();
    kept.trim().to_owned()
}

/// One line of at most so many characters, blanks drawn together.
fn one_line(text: &str, most: usize) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ").chars().take(most).collect()
}

impl std::fmt::Debug for IncomingKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Failed(_) => "Failed",
            Self::Delayed(_) => "Delayed",
            Self::Complaint => "Complaint",
            Self::AutomaticReply { .. } => "AutomaticReply",
            Self::Other => "Other",
        })
    }
}
