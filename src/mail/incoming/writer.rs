//! Who wrote a mail: a mail system, a machine in an office's name, or a person.

use super::parts::Mail;
use super::text::folded;
use super::words::{
    ANSWERS, ARRIVED, AUTOMATIC, AUTOMATIC_BEGINNINGS, AUTOMATIC_TEXTS, DAEMONS, FAILED, GAVE_UP, HELD, KEEPERS, LATER,
    NO_PERSON, REPORT_SUBJECTS, SYSTEM_NAMES, begins, says,
};

/// Whose words a mail has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Writer {
    MailSystem,
    /// In an office's name: a holiday notice, a receipt, a question whether the writer is a person (RFC 3834 section 2).
    Machine,
    Person,
}

/// What is looked at to tell.
pub(super) struct Signs<'a> {
    mail: &'a Mail,
    from: String,
    /// The folded subject, and whether it began with `Re:` or the like.
    pub(super) subject: String,
    is_answer: bool,
    path: ReturnPath,
    /// Its own text, folded, and whether a status or reply code stands in it.
    text: &'a str,
    has_code: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum ReturnPath {
    /// `<>`: reports and automatic answers have it, people's mails never.
    Empty,
    Somebody,
    Unknown,
}

impl<'a> Signs<'a> {
    pub(super) fn of(mail: &'a Mail, text: &'a str, has_code: bool) -> Self {
        let path = match mail.header("return-path").map(|path| path.trim_matches(['<', '>', ' '])) {
            None => ReturnPath::Unknown,
            Some("") => ReturnPath::Empty,
            Some(path) if is_one_of(path.split('@').next().unwrap_or_default(), &DAEMONS) => ReturnPath::Empty,
            Some(_) => ReturnPath::Somebody,
        };
        let whole = folded(mail.header("subject").unwrap_or_default());
        let mut subject = whole.as_str();
        while let Some(rest) = ANSWERS.iter().find_map(|mark| subject.strip_prefix(mark)) {
            subject = rest.trim_start();
        }
        let is_answer = subject.len() < whole.len();
        Self {
            mail,
            from: folded(mail.header("from").unwrap_or_default()),
            subject: subject.to_owned(),
            is_answer,
            path,
            text,
            has_code,
        }
    }

    pub(super) fn writer(&self) -> Writer {
        match () {
            () if self.is_from_a_mail_system() => Writer::MailSystem,
            () if self.is_automatic() => Writer::Machine,
            () => Writer::Person,
        }
    }

    /// Whether the subject is that of an answer.
    pub(super) fn is_answer(&self) -> bool {
        self.is_answer
    }

    fn is_from_a_mail_system(&self) -> bool {
        let (name, address, local) = self.sender();
        let named = SYSTEM_NAMES.iter().any(|known| name.contains(known));
        // Exim names the recipients that failed.
        if self.mail.has_header("x-failed-recipients") {
            return true;
        }
        if self.says_automatic() && !self.has_code && !says(FAILED, &self.subject) {
            return false;
        }
        let is_report =
            self.mail.header("content-type").is_some_and(|kind| kind.to_ascii_lowercase().contains("delivery-status"));
        if is_report || is_one_of(local, &DAEMONS) {
            return true;
        }
        // An answer from somebody who can be answered is a person's, whatever else its address is for.
        let by_a_person =
            self.path == ReturnPath::Somebody || (self.path == ReturnPath::Unknown && self.mail.has_header("in-reply-to"));
        if by_a_person && self.is_answer {
            return false;
        }
        let subject_says = [FAILED, REPORT_SUBJECTS, LATER].into_iter().any(|table| says(table, &self.subject));
        let text_says = self.has_code || [FAILED, LATER, GAVE_UP, HELD, ARRIVED].into_iter().any(|table| says(table, self.text));
        let of_a_list =
            ["-owner", "-bounces", "-request", "-admin"].iter().any(|end| local.ends_with(end)) && !says(HELD, self.text);
        match () {
            () if address.is_empty() || named || is_one_of(local, &KEEPERS) || of_a_list => {
                subject_says || (text_says && !by_a_person)
            }
            () if self.path == ReturnPath::Empty => subject_says && text_says,
            () if self.is_answer => false,
            () if begins(FAILED, &self.subject) => self.has_code || says(FAILED, self.text),
            () => self.path == ReturnPath::Unknown && says(FAILED, &self.subject) && self.has_code,
        }
    }

    /// The name, the address, and of it what stands before the `@`.
    fn sender(&self) -> (&str, &str, &str) {
        let (name, address) = match self.from.rsplit_once('<') {
            Some(parts) => parts,
            // `x@example.org (Mail Delivery System)`, or only a name.
            None if self.from.contains('@') => {
                self.from.rsplit_once('(').map_or(("", self.from.as_str()), |(address, name)| (name, address))
            }
            None => (self.from.as_str(), self.from.as_str()),
        };
        let address = address.trim_matches(['<', '>', '"', ' ']);
        (name, address, address.split(['@', ' ']).next().unwrap_or_default().trim_matches('"'))
    }

    fn is_automatic(&self) -> bool {
        let value = |name: &str| self.mail.header(name).map(|value| value.trim().to_ascii_lowercase());
        let is_set = |name: &str| value(name).is_some_and(|value| value != "no" && !value.is_empty());
        if [
            "auto-submitted",
            "x-autoreply",
            "x-autorespond",
            "x-autoresponder",
            "x-autoresponse",
            "x-mail-autoreply",
            "x-auto-reply",
            "x-autoreply-from",
            "x-autogenerated",
            "x-fc-machinegenerated",
        ]
        .into_iter()
        .any(is_set)
        {
            return true;
        }
        let precedence = [value("precedence"), value("x-precedence")].into_iter().flatten();
        precedence.into_iter().any(|value| matches!(value.as_str(), "bulk" | "junk" | "auto_reply" | "auto-reply"))
            || self.path == ReturnPath::Empty
            || is_one_of(self.sender().2, &NO_PERSON)
            || self.says_automatic()
            || says(AUTOMATIC_TEXTS, self.text)
    }

    /// Exchange and Notes mark their own this way; the words are those of their languages.
    fn says_automatic(&self) -> bool {
        says(AUTOMATIC, &self.subject) || begins(AUTOMATIC_BEGINNINGS, &self.subject)
    }
}

/// With or without what systems hang to a name: `postmaster-2`, `MicrosoftExchange329e...`.
fn is_one_of(local: &str, known: &[&str]) -> bool {
    let local = local.to_ascii_lowercase();
    let goes_on = |rest: &str| rest.is_empty() || rest.starts_with(|c: char| !c.is_ascii_alphabetic());
    known.iter().any(|name| local.strip_prefix(name).is_some_and(goes_on))
}
