//! Mail that comes back: what it is, and which texts in it may name the message that it is about.
//!
//! A mail is taken apart (`parts`), its own words are found (`text`), and then it is asked in this order: does somebody complain; is it
//! a receipt; who wrote it (`writer`); and of a mail system's mail what it says of our recipient (`report`), or in words, and why
//! (`cause`). The words of all languages are tables (`words`).

mod cause;
mod parts;
mod report;
mod status;
mod text;
mod words;
mod writer;

#[cfg(test)]
mod tests;

use cause::cause;
use parts::{Mail, Part};
use report::{AboutRecipient, Action, Group, complains, groups};
pub use status::EnhancedStatus;
use status::status_in;
use text::{before_quote, folded, one_line, own_text, printable};
use words::{
    ARRIVED, COMPLAINT_SUBJECTS, COMPLAINT_TEXTS, FAILED, GAVE_UP, HELD, LATER, NOT_YET_GIVEN_UP, RECEIPT_SUBJECTS,
    RECEIPT_TEXTS, begins, says,
};
use writer::{Signs, Writer};

use super::REPLY_MAX_CHARS;
use crate::domain::ReturnCause;

/// The most of a mail that is read, in octets. A report says at its beginning what it is about.
pub const INCOMING_MAX_OCTETS: usize = 10 * 1024 * 1024;
/// So much of a text is searched for words.
const SEARCHED_OCTETS: usize = 64 * 1024;

/// A mail that came to a return path.
pub struct Incoming(Mail);

/// What a mail that came back is.
#[derive(Clone, PartialEq, Eq)]
pub enum IncomingKind {
    /// The message will not arrive.
    Failed(Verdict),
    /// It has not arrived yet; the server goes on trying (RFC 3464 section 2.3.3: delayed).
    Delayed(Verdict),
    /// Somebody called it spam (RFC 5965).
    Complaint,
    /// A machine answered: a holiday notice, a receipt of an office, "your mail waits for approval" (RFC 3834).
    AutomaticReply(Words),
    /// A person answered.
    Answer(Words),
    /// A receipt of reading (RFC 8098), a report of a delivery that went well.
    Other,
}

/// What a mail system said of a delivery.
#[derive(Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The enhanced status (RFC 3463), where it gave one.
    pub status: Option<EnhancedStatus>,
    /// Why, as far as it can be believed.
    pub cause: ReturnCause,
    /// Its words in one line.
    pub words: String,
}

/// What somebody wrote.
#[derive(Clone, PartialEq, Eq)]
pub struct Words {
    pub subject: String,
    /// The plain text, without control characters.
    pub text: String,
}

impl Incoming {
    /// Takes a mail (RFC 5322) apart, as far as it can be read.
    #[must_use]
    pub fn open(raw: &[u8]) -> Self {
        Self(Mail::open(raw.get(..INCOMING_MAX_OCTETS).unwrap_or(raw)))
    }

    /// Headers and texts, its own and those of the mails inside it, that may hold a return path; whom it was sent to comes first.
    #[must_use]
    pub fn traces(&self) -> Vec<&str> {
        let mut traces = Vec::new();
        self.0.traces(&mut traces);
        traces
    }

    /// What it is, for a message that went to `mailbox`. Without one, it is no evidence about any mailbox.
    #[must_use]
    pub fn kind(&self, mailbox: Option<&str>) -> IncomingKind {
        kind_of(&self.0, mailbox.map(str::to_ascii_lowercase).as_deref())
    }
}

fn kind_of(mail: &Mail, mailbox: Option<&str>) -> IncomingKind {
    let own = own_text(mail);
    let said = beginning(before_quote(&own));
    let folded_text = folded(said);
    let status = status_in(said);
    let signs = Signs::of(mail, &folded_text, status.is_some());
    if let Some(fields) = mail.text_of("message/feedback-report") {
        return if complains(fields) { IncomingKind::Complaint } else { IncomingKind::Other };
    }
    if complains_in_words(mail, &signs, &folded_text) {
        return IncomingKind::Complaint;
    }
    if mail.text_of("message/disposition-notification").is_some()
        || (begins(RECEIPT_SUBJECTS, &signs.subject) && says(RECEIPT_TEXTS, &folded_text))
    {
        return IncomingKind::Other;
    }
    let words = || Words { subject: one_line(mail.header("subject").unwrap_or_default(), 200), text: printable(&own) };
    let report = report_part(mail);
    if report.is_some() || signs.writer() == Writer::MailSystem {
        let said = Said { subject: &signs.subject, text: said, folded: &folded_text, status, words: &words };
        return delivery(mail, report, &said, mailbox);
    }
    // Somebody passed a report on: it says what it says.
    if let Some(passed_on) = enclosed_report(mail, mailbox) {
        return passed_on;
    }
    if signs.writer() == Writer::Machine { IncomingKind::AutomaticReply(words()) } else { IncomingKind::Answer(words()) }
}

/// The part of a mail in which its system says of each recipient what became of the message.
fn report_part(mail: &Mail) -> Option<&str> {
    let is_report = |part: &&Part| matches!(part.kind.as_str(), "message/delivery-status" | "message/global-delivery-status");
    mail.parts.iter().find(is_report).and_then(Part::text)
}

/// Hotmail's form, and what is written by hand.
fn complains_in_words(mail: &Mail, signs: &Signs<'_>, text: &str) -> bool {
    let reported = |mail: &Mail| mail.has_header("x-hmxmroriginalrecipient");
    reported(mail)
        || mail.enclosed().any(reported)
        || (!signs.is_answer() && (begins(COMPLAINT_SUBJECTS, &signs.subject) || begins(COMPLAINT_TEXTS, text)))
}

fn enclosed_report(mail: &Mail, mailbox: Option<&str>) -> Option<IncomingKind> {
    let is_report =
        |kind: &IncomingKind| matches!(kind, IncomingKind::Failed(_) | IncomingKind::Delayed(_) | IncomingKind::Complaint);
    mail.enclosed().map(|inner| kind_of(inner, mailbox)).find(is_report)
}

/// What a mail system's mail says in words.
struct Said<'a> {
    subject: &'a str,
    text: &'a str,
    folded: &'a str,
    status: Option<EnhancedStatus>,
    words: &'a dyn Fn() -> Words,
}

impl Said<'_> {
    fn has(&self, table: words::Table) -> bool {
        says(table, self.subject) || says(table, self.folded)
    }

    fn gave_up(&self) -> bool {
        let told = NOT_YET_GIVEN_UP.iter().fold(self.folded.to_owned(), |text, phrase| text.replace(phrase, " "));
        says(GAVE_UP, self.subject) || says(GAVE_UP, &told)
    }

    fn waits(&self, status: Option<&EnhancedStatus>) -> bool {
        (self.has(LATER) || self.subject.starts_with("warning"))
            && !self.gave_up()
            && !status.is_some_and(EnhancedStatus::is_permanent)
    }
}

/// A mail system tells of a delivery: by fields, in a part of their own or in its text, else in words.
fn delivery(mail: &Mail, report: Option<&str>, said: &Said<'_>, mailbox: Option<&str>) -> IncomingKind {
    let fields =
        report.map(groups).or_else(|| said.text.to_ascii_lowercase().contains("final-recipient:").then(|| groups(said.text)));
    let told: Vec<_> = fields.iter().flatten().filter_map(Group::about_recipient).collect();
    by_fields(&told, said, mailbox).unwrap_or_else(|| in_words(mail, report, said, mailbox))
}

/// Of several recipients ours counts, else the worst. `None` where the fields do not say what became of the message.
fn by_fields(told: &[AboutRecipient], said: &Said<'_>, mailbox: Option<&str>) -> Option<IncomingKind> {
    let is_ours = |about: &&AboutRecipient| mailbox.is_some() && about.recipient.as_deref() == mailbox;
    let about = told.iter().find(is_ours).or_else(|| told.iter().max_by_key(|about| about.action))?;
    // Servers that know better in their words than in their field write 5.0.0 there.
    let in_words = status_in(&about.diagnostic);
    let status = match &about.status {
        Some(known) if known.says_nothing() => {
            in_words.filter(|found| found.is_permanent() == known.is_permanent()).or_else(|| Some(known.clone()))
        }
        None => in_words,
        known => known.clone(),
    };
    let permanent = status.as_ref().is_some_and(EnhancedStatus::is_permanent);
    let failed = match about.action {
        Some(Action::WentWell) => return Some(IncomingKind::Other),
        Some(Action::Delayed) => false,
        // A few write so in their warnings too, and only the subject says it.
        Some(Action::Failed) => permanent || said.gave_up() || !says(LATER, said.subject),
        None => status.as_ref()?.is_permanent() || said.gave_up() || (!said.waits(status.as_ref()) && said.has(FAILED)),
    };
    let words = if about.diagnostic.is_empty() { said.text } else { &about.diagnostic };
    let believed = if is_ours(&about) { cause(status.as_ref(), words) } else { about_another(status.as_ref(), words) };
    let verdict = Verdict { status, cause: believed, words: one_line(&about.diagnostic, REPLY_MAX_CHARS) };
    Some(if failed { IncomingKind::Failed(verdict) } else { IncomingKind::Delayed(verdict) })
}

/// qmail, Exim, old Exchange, gateways, in any language. The codes are the same in every language; without one, and without words that
/// are known, it is a failure: mail systems write for no other reason. Of an empty one nobody knows, so nothing is final.
fn in_words(mail: &Mail, report: Option<&str>, said: &Said<'_>, mailbox: Option<&str>) -> IncomingKind {
    let status = said.status.clone().or_else(|| status_in(report?));
    let permanent = status.as_ref().is_some_and(EnhancedStatus::is_permanent);
    let names = |mailbox: &str| {
        let headers = mail.header("x-failed-recipients").unwrap_or_default();
        [headers, said.text, report.unwrap_or_default()].iter().any(|text| text.to_ascii_lowercase().contains(mailbox))
    };
    let why =
        if mailbox.is_some_and(names) { cause(status.as_ref(), said.text) } else { about_another(status.as_ref(), said.text) };
    let waits = said.waits(status.as_ref());
    let verdict = Verdict { status, cause: why, words: one_line(said.text, REPLY_MAX_CHARS) };
    match () {
        () if said.gave_up() => IncomingKind::Failed(verdict),
        () if waits => IncomingKind::Delayed(verdict),
        () if said.has(HELD) && !permanent => IncomingKind::AutomaticReply((said.words)()),
        () if said.has(ARRIVED) && !permanent && !said.has(FAILED) => IncomingKind::Other,
        () if permanent || says(FAILED, said.subject) => IncomingKind::Failed(verdict),
        // "It could not be delivered: temporary failure" says too little to be the end.
        () if says(FAILED, said.folded) && !(verdict.status.is_some() && said.folded.contains("temporar")) => {
            IncomingKind::Failed(verdict)
        }
        () => match enclosed_report(mail, mailbox) {
            Some(passed_on) => passed_on,
            None if verdict.status.is_some() || said.text.trim().is_empty() => IncomingKind::Delayed(verdict),
            None => IncomingKind::Failed(verdict),
        },
    }
}

/// A mailbox that is not ours says nothing about ours: an office's mail may go on to somebody who has left.
fn about_another(status: Option<&EnhancedStatus>, words: &str) -> ReturnCause {
    if cause(status, words) == ReturnCause::Blocked { ReturnCause::Blocked } else { ReturnCause::Other }
}

fn beginning(text: &str) -> &str {
    &text[..text.floor_char_boundary(SEARCHED_OCTETS)]
}

impl std::fmt::Debug for IncomingKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Failed(_) => "Failed",
            Self::Delayed(_) => "Delayed",
            Self::Complaint => "Complaint",
            Self::AutomaticReply(_) => "AutomaticReply",
            Self::Answer(_) => "Answer",
            Self::Other => "Other",
        })
    }
}
