//! Why a mail came back, by the server's status and its words: a mailbox that is not there, a block of our server, another reason.

use super::status::{EnhancedStatus, status_in};
use super::text::folded;
use super::words::{BLOCKED, MAILBOX_IS_THERE, NO_MAILBOX, says};
use crate::domain::ReturnCause;

/// Exchange Online says so where a domain knows no such recipient; it is no rule about us.
const DENIED_AS_UNKNOWN: &str = "recipient address rejected: access denied";

/// Of status and words that contradict each other, neither is believed about the mailbox.
pub(super) fn cause(status: Option<&EnhancedStatus>, words: &str) -> ReturnCause {
    let in_words = status_in(words);
    let words = without_names(&folded(words));
    let any = |holds: fn(&EnhancedStatus) -> bool| status.is_some_and(holds) || in_words.as_ref().is_some_and(holds);
    if words.contains(DENIED_AS_UNKNOWN) && any(EnhancedStatus::is_access_denied) {
        return ReturnCause::NoMailbox;
    }
    if any(EnhancedStatus::is_policy) || says(BLOCKED, &words) {
        return ReturnCause::Blocked;
    }
    let is_there = says(MAILBOX_IS_THERE, &words) || any(EnhancedStatus::is_about_a_mailbox_that_is_there);
    let is_missing = any(EnhancedStatus::is_dead_mailbox) || says(NO_MAILBOX, &words);
    if is_missing && !is_there { ReturnCause::NoMailbox } else { ReturnCause::Other }
}

/// Without addresses and names of hosts: `antispam.example` says nothing about spam.
fn without_names(folded: &str) -> String {
    let part_of_a_name = |c: char| c.is_ascii_alphanumeric() || ".-_@:/+=%".contains(c);
    let is_name = |run: &str| {
        let run = run.trim_matches(|c: char| !c.is_ascii_alphanumeric());
        let host = run.contains('.') && !run.starts_with("resolver.") && run.split('.').all(|label| label.len() > 1);
        run.contains('@') || run.contains("://") || host
    };
    // The first blank lets a phrase ask for the beginning of a word.
    let mut out = String::from(" ");
    let mut rest = folded;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !part_of_a_name(c)).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        out.push_str(if is_name(run) { "" } else { run });
        let next = after.find(part_of_a_name).unwrap_or(after.len());
        out.push_str(&after[..next]);
        rest = &after[next..];
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_contradict_a_status_are_not_believed_and_neither_is_the_status() {
        for (status, words, expected) in [
            ("5.1.1", "550 5.1.1 <wren@senate.example>: user unknown", ReturnCause::NoMailbox),
            ("5.1.1", "", ReturnCause::NoMailbox),
            ("5.0.0", "550 no such user", ReturnCause::NoMailbox),
            ("5.1.1", "550 5.7.1 blacklisted", ReturnCause::Blocked),
            ("5.1.1", "550 blacklisted", ReturnCause::Blocked),
            ("5.1.1", "552 over quota", ReturnCause::Other),
            ("5.1.1", "552 rejected", ReturnCause::Other),
            ("5.1.1", "550 too many recipients this hour", ReturnCause::Other),
            ("5.1.1", "450 4.1.1 user unknown", ReturnCause::Other),
            ("5.1.1", "host antispam.example said: 550 5.1.1 unknown user", ReturnCause::NoMailbox),
            ("5.4.1", "550 5.4.1 Recipient address rejected: Access denied.", ReturnCause::NoMailbox),
            ("5.7.1", "550 5.7.1 Access denied", ReturnCause::Blocked),
            ("5.2.2", "mailbox full", ReturnCause::Other),
            ("4.4.7", "expired", ReturnCause::Other),
        ] {
            let status = EnhancedStatus::parse(status);
            assert_eq!(cause(status.as_ref(), words), expected, "{status:?} {words}");
        }
    }
}
