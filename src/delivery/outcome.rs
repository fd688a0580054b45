//! What a server's answer means: a pure function of how far the message got and what was said.
//!
//! | the server | so |
//! | --- | --- |
//! | took it | sent |
//! | is not reached, or says 4xx to this message | later, when it says or by the schedule |
//! | says 421, 454, 4.7.x, or that a mailbox gets too much | the mailbox, its domain or all sending rests |
//! | says that there is no such mailbox | the letter failed, the mailbox is dead |
//! | does not let us in, or refuses our address or our ways | sending stops until that is mended; no letter fails |
//! | says 5xx to this message for another reason | the letter failed |
//!
//! Codes are RFC 5321 section 4.2, enhanced codes RFC 3463 and the IANA registry, and what large receivers document.

use std::time::Duration;

use super::reply_words::ReplyWords;
use crate::mail::{Reply, SendFailure, Step};

/// What a server's answer means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It took responsibility for the message.
    Sent,
    /// To be tried again.
    Later {
        /// When the server asked for that.
        asked: Option<Duration>,
        /// Whether it was about this message, and uses up one of its tries.
        counts: bool,
    },
    /// Too fast, or not now.
    SlowDown {
        /// What has to rest.
        reach: Reach,
        /// How long the server asked for.
        asked: Option<Duration>,
    },
    /// There is no such mailbox.
    DeadMailbox,
    /// This message is refused for good.
    Refused,
    /// Our log-in, our address or our manners: nothing more is sent before somebody has looked.
    OurFault(Reach),
}

/// How far an answer reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// This mailbox.
    Destination,
    /// Every mailbox in its domain.
    Domain,
    /// Everything.
    All,
}

/// What the result of a try means.
pub(super) fn judge(result: &Result<Reply, SendFailure>) -> Outcome {
    let Err(failure) = result else { return Outcome::Sent };
    let reached = !matches!(failure.step, Step::Connect | Step::Tls | Step::Login);
    match &failure.reply {
        None => Outcome::Later { asked: None, counts: reached },
        Some(reply) if reply.is_permanent() => refused(failure.step, reply),
        Some(reply) => not_now(failure.step, reply),
    }
}

/// Whether the server could not be used at all, and did not say why: of no use to try the next message at once.
pub(super) fn is_unreachable(result: &Result<Reply, SendFailure>) -> bool {
    result.as_ref().is_err_and(|failure| matches!(failure.step, Step::Connect | Step::Tls | Step::Login))
}

/// How long to wait before something is tried again that failed `failures` times in a row: a second, doubling up to `most`.
pub(super) fn breather(failures: u32, most: Duration) -> Duration {
    Duration::from_secs(1).saturating_mul(2_u32.saturating_pow(failures.saturating_sub(1).min(16))).min(most)
}

/// Subject and detail of an enhanced code: `(1, 10)` for `5.1.10`; zeros without one.
fn status(reply: &Reply) -> (u16, u16) {
    let mut parts = reply.enhanced.iter().flat_map(|code| code.split('.')).skip(1).map(|part| part.parse().unwrap_or(0));
    (parts.next().unwrap_or(0), parts.next().unwrap_or(0))
}

/// Before a recipient was named, an answer can only be about us.
const fn before_recipient(step: Step) -> bool {
    matches!(step, Step::Connect | Step::Tls | Step::Login | Step::MailFrom)
}

/// 4xx.
fn not_now(step: Step, reply: &Reply) -> Outcome {
    let words = ReplyWords::new(&reply.text);
    let asked = words.asked_wait();
    let later = Outcome::Later { asked, counts: !matches!(step, Step::Connect | Step::Tls | Step::Login) };
    let reach = match () {
        () if before_recipient(step) => Reach::All,
        () if words.about_one_mailbox() => Reach::Destination,
        () => Reach::Domain,
    };
    if words.greylisted() {
        return later;
    }
    match (reply.code, status(reply)) {
        // Its log-in or encryption does not work just now (RFC 4954 section 4.7, RFC 3207 section 4).
        (454, _) => Outcome::SlowDown { reach: Reach::All, asked },
        (_, (2, 121 | 122)) => Outcome::SlowDown { reach: Reach::Destination, asked },
        (421, _) | (_, (7, _)) => Outcome::SlowDown { reach, asked },
        _ if words.too_fast() => Outcome::SlowDown { reach, asked },
        _ => later,
    }
}

/// 5xx.
fn refused(step: Step, reply: &Reply) -> Outcome {
    let words = ReplyWords::new(&reply.text);
    let (subject, detail) = status(reply);
    // RFC 4954 section 6: log in first, log-in too weak, wrong, or only under encryption.
    if before_recipient(step) || matches!(reply.code, 530 | 534 | 535 | 538) {
        return Outcome::OurFault(Reach::All);
    }
    match (subject, detail) {
        // The sender's address (5.1.7, 5.1.8; 5.1.0 is used for both sides), or our side of the conversation (5.5.x).
        (1, 7 | 8) | (5, _) => Outcome::OurFault(Reach::All),
        (1, 0) if words.about_us() => Outcome::OurFault(Reach::All),
        // 5.2.1: disabled.
        (1, _) | (2, 1) => Outcome::DeadMailbox,
        // Exchange Online: a mailbox takes so many an hour from one sender (121), and so many from all (122).
        (2, 121 | 122) => Outcome::SlowDown { reach: Reach::Destination, asked: words.asked_wait() },
        (2, 2) => Outcome::Later { asked: words.asked_wait(), counts: true },
        // Exchange Online answers 5.4.1 where the domain knows no such recipient; 5.4.4 and 5.4.310: no such domain.
        (4, 1 | 4 | 310) if !words.about_us() => Outcome::DeadMailbox,
        (7, detail) => Outcome::OurFault(if about_all(detail, &words) { Reach::All } else { Reach::Destination }),
        (0, _) => refused_in_words(step, reply.code, &words),
        _ => Outcome::Refused,
    }
}

/// 5.7.x: whether it is about us at every office, or a rule of this one. By number: log-in and encryption (3, 8 to 14),
/// SPF, DKIM, DMARC and reverse DNS (20 to 28), Exchange Online's anonymous senders, senders under suspicion, listed
/// addresses and tenants (57, 60, 64, 501 to 512, 606, 700 to 750).
fn about_all(detail: u16, words: &ReplyWords) -> bool {
    matches!(detail, 3 | 8..=14 | 20..=28 | 57 | 60 | 64 | 501..=512 | 606 | 700..=750) || words.about_us()
}

/// 5xx without an enhanced code.
fn refused_in_words(step: Step, code: u16, words: &ReplyWords) -> Outcome {
    let to_recipient = step == Step::RcptTo;
    match code {
        // Not understood, or out of order: our side of the conversation is wrong.
        500..=504 | 555 => Outcome::OurFault(Reach::All),
        _ if words.mailbox_full() => Outcome::Later { asked: words.asked_wait(), counts: true },
        552 if to_recipient => Outcome::Later { asked: words.asked_wait(), counts: true },
        _ if words.no_such_mailbox() => Outcome::DeadMailbox,
        _ if words.about_us() => Outcome::OurFault(Reach::All),
        _ if words.about_policy() => Outcome::OurFault(Reach::Destination),
        550 | 551 | 553 | 556 if to_recipient => Outcome::DeadMailbox,
        _ => Outcome::Refused,
    }
}

#[cfg(test)]
#[path = "outcome_tests.rs"]
mod tests;
