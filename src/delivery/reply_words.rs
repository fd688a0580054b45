//! What servers say in words, where their codes say too little. English only, as servers speak; words that are not
//! known here change nothing.

use std::time::Duration;

/// The shortest wait that a server can ask for: less would only be a second knock at the same closed door.
const SHORTEST: Duration = Duration::from_secs(10);
/// The longest: a server that asks for more is asked again after a day.
const LONGEST: Duration = Duration::from_hours(24);

/// A server's words, ready to be searched.
pub(super) struct ReplyWords(String);

impl ReplyWords {
    pub(super) fn new(text: &str) -> Self {
        Self(text.to_ascii_lowercase())
    }

    fn say(&self, phrases: &[&str]) -> bool {
        phrases.iter().any(|phrase| self.0.contains(phrase))
    }

    /// The same letter will be taken in a while: it only has to knock twice.
    pub(super) fn greylisted(&self) -> bool {
        self.say(&["greylist", "graylist", "grey-list", "gray-list", "grey list"])
    }

    /// There were too many messages, connections or recipients.
    pub(super) fn too_fast(&self) -> bool {
        self.say(&[
            "too quickly",
            "too fast",
            "too much mail",
            "too much email",
            "too many message",
            "too many mail",
            "too many connection",
            "too many concurrent",
            "rate limit",
            "rate-limit",
            "ratelimit",
            "throttl",
            "thread limit",
            "at a rate that",
            "unusual rate",
            "limit exceeded",
            "exceeded the configured limit",
        ])
    }

    /// The limit is that of one mailbox, and not of us or its domain.
    pub(super) fn about_one_mailbox(&self) -> bool {
        self.say(&["user you are trying to contact", "recipient", "mailbox", "user is receiving"])
    }

    /// We are not allowed here: no log-in, no relaying for us, our address or machine is listed or can't be verified.
    pub(super) fn about_us(&self) -> bool {
        self.say(&[
            "relay",
            "rcpthosts",
            "must authenticate",
            "must issue a starttls",
            "anonymous mail",
            "spf",
            "dkim",
            "dmarc",
            "ptr record",
            "reverse dns",
            "reverse hostname",
            "rdns",
            "spamhaus",
            "spamcop",
            "dnsbl",
            "rbl",
            "blocklist",
            "blacklist",
            "black list",
            "block list",
            "ipcheck",
            "your ip",
            "ip address",
            "client host",
            "sender address rejected",
            "sender verify",
            "sender rejected",
            "reputation",
        ])
    }

    /// A rule of theirs and not the mailbox: spam filters, who may write to it.
    pub(super) fn about_policy(&self) -> bool {
        self.say(&["spam", "blocked", "policy", "policies", "prohibit", "not allowed", "not authorized", "denied", "restrict"])
    }

    /// There is no such mailbox.
    pub(super) fn no_such_mailbox(&self) -> bool {
        self.say(&[
            "user unknown",
            "unknown user",
            "unknown recipient",
            "recipient unknown",
            "unknown address",
            "unknown mailbox",
            "no such user",
            "no such recipient",
            "no such address",
            "no such mailbox",
            "no mailbox",
            "nosuchuser",
            "user not found",
            "recipient not found",
            "address not found",
            "recipientnotfound",
            "not found by smtp address lookup",
            "invalid recipient",
            "invalid mailbox",
            "invalid address",
            "does not exist",
            "doesn't exist",
            "not a valid mailbox",
            "account is disabled",
            "account disabled",
            "mailbox disabled",
            "mailbox is disabled",
            "mailbox unavailable",
            "account that you tried to reach",
            "no longer on server",
        ])
    }

    /// There is such a mailbox, and no room in it.
    pub(super) fn mailbox_full(&self) -> bool {
        self.say(&[
            "mailbox full",
            "mailbox is full",
            "over quota",
            "overquota",
            "quota exceeded",
            "exceeded storage",
            "exceeds quota",
        ]) || (self.say(&["quota"]) && self.say(&["mailbox", "storage", "out of"]))
    }

    /// How long the server asks to wait: "try again in 5 minutes", "greylisted for 300 seconds", "come back in 00:04:52".
    /// From ten seconds to a day.
    pub(super) fn asked_wait(&self) -> Option<Duration> {
        let words: Vec<&str> = self
            .0
            .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')' | '[' | ']' | '=' | '<' | '>'))
            .map(|word| word.trim_matches(|c: char| matches!(c, '.' | '!' | '"' | '\'' | ':')))
            .filter(|word| !word.is_empty())
            .collect();
        (0..words.len()).find_map(|at| {
            let said_when = words[..at].iter().rev().take(2).any(|word| WHEN.contains(word));
            let wait = said_when.then(|| clock_time(words[at]).or_else(|| span(&words[at..]))).flatten()?;
            Some(wait.clamp(SHORTEST, LONGEST))
        })
    }
}

/// One of these stands before a wait, with at most a word between ("in about 5 minutes"). "per 5 minutes" is a limit.
const WHEN: [&str; 9] = ["in", "after", "for", "within", "wait", "least", "retry", "retry-after", "another"];

/// `4:52` or `00:04:52`.
fn clock_time(word: &str) -> Option<Duration> {
    let parts: Vec<u64> = word.split(':').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    match parts.as_slice() {
        [minutes, seconds] => Some(Duration::from_secs(minutes.checked_mul(60)?.checked_add(*seconds)?)),
        [hours, minutes, seconds] => {
            Some(Duration::from_secs(hours.checked_mul(3600)?.checked_add(minutes.checked_mul(60)?)?.checked_add(*seconds)?))
        }
        _ => None,
    }
}

/// `5 minutes`, `300s`, `1 hour`.
fn span(words: &[&str]) -> Option<Duration> {
    let first = words.first()?;
    let digits = first.find(|c: char| !c.is_ascii_digit()).unwrap_or(first.len());
    let number: u64 = first[..digits].parse().ok()?;
    let unit = if digits < first.len() { first[digits..].trim_start_matches('-') } else { words.get(1)? };
    let seconds = match unit {
        "s" | "sec" | "secs" | "second" | "seconds" | "second(s" => 1,
        "m" | "min" | "mins" | "minute" | "minutes" | "minute(s" => 60,
        "h" | "hr" | "hrs" | "hour" | "hours" => 3600,
        _ => return None,
    };
    Some(Duration::from_secs(number.checked_mul(seconds)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_wait_is_read_from_words_and_a_limit_is_not() {
        for (text, seconds) in [
            ("Greylisted for 300 seconds", Some(300)),
            ("Greylisting in action, please come back in 00:04:52", Some(292)),
            ("Greylisted, please try again in 180 seconds", Some(180)),
            ("Temporarily deferred, try again in 5 minutes.", Some(300)),
            ("please retry after 60s", Some(60)),
            ("Try again in about 2 hours", Some(7200)),
            ("wait at least 15 min", Some(900)),
            ("try again in 1 second", Some(10)),
            ("try again in 90000 hours", Some(86_400)),
            ("try again in 99999999999999999999 hours", None),
            ("Server busy. Please try again later", None),
            ("Limit of 20 messages per 5 minutes was reached", None),
            ("Message of 1200 bytes refused", None),
            ("", None),
        ] {
            assert_eq!(ReplyWords::new(text).asked_wait().map(|wait| wait.as_secs()), seconds, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_words_make_it_fail(text in "\\PC{0,200}", number in any::<u64>()) {
            let said = ReplyWords::new(&format!("{text} in {number} hours {text}"));
            prop_assert!(said.asked_wait().is_none_or(|wait| (SHORTEST..=LONGEST).contains(&wait)));
            let _ = (said.about_us(), said.mailbox_full());
        }
    }
}
