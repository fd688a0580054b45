//! What becomes of a message after an attempt: a pure function of what the server did.

use std::time::Duration;

use crate::domain::{RetrySchedule, Timestamp};
use crate::mail::{Reply, SendFailure, Step};
use crate::store::attempts::Verdict;
use crate::store::queue::Claimed;

/// Decides. `jitter` is a random number from 0 to 1, see [`RetrySchedule::wait`].
///
/// Only a server's own 5xx to this message ends it at once. A refusal of the connection, of our log-in or of our
/// address (`MAIL`) is about us and not about the letter: it waits, and none of its tries are used up. No answer is no
/// refusal.
pub(super) fn decide(
    result: &Result<Reply, SendFailure>,
    work: &Claimed,
    retries: &RetrySchedule,
    jitter: f64,
    now: Timestamp,
) -> Verdict {
    let Err(failure) = result else { return Verdict::Sent };
    if is_about_us(failure) {
        return Verdict::Postponed(now.plus(retries.first(jitter)));
    }
    if failure.reply.as_ref().is_some_and(Reply::is_permanent) {
        return Verdict::Failed;
    }
    match retries.wait(work.failures + 1, now.since(work.queued_at), jitter) {
        Some(wait) => Verdict::Retry(now.plus(wait)),
        None => Verdict::Failed,
    }
}

/// Whether the server can't be used at all: then it is of no use to try the next message at once.
pub(super) fn is_unusable(result: &Result<Reply, SendFailure>) -> bool {
    result.as_ref().is_err_and(is_about_us)
}

/// Not reached, not let in, or not allowed to send from our address (RFC 4954 section 6: 530, 534, 535, 538).
fn is_about_us(failure: &SendFailure) -> bool {
    let refused = |codes: &[u16]| failure.reply.as_ref().is_some_and(|reply| codes.contains(&reply.code));
    match failure.step {
        Step::Connect | Step::Tls | Step::Login => true,
        Step::MailFrom => failure.reply.as_ref().is_some_and(Reply::is_permanent),
        Step::RcptTo | Step::Data | Step::Body => refused(&[530, 534, 535, 538]),
    }
}

/// How long to wait before the server is tried again after `failures` connections in a row that failed: a second,
/// doubling up to `most`.
pub(super) fn breather(failures: u32, most: Duration) -> Duration {
    Duration::from_secs(1).saturating_mul(2_u32.saturating_pow(failures.saturating_sub(1).min(16))).min(most)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{EmailAddress, MessageKind};

    fn work(queued_at: Timestamp) -> Claimed {
        let address = EmailAddress::parse("office@example.org").unwrap();
        Claimed {
            id: 1,
            attempt_id: 1,
            kind: MessageKind::Letter,
            destination_id: 2,
            message_id: "<1@example.org>".into(),
            failures: 0,
            queued_at,
            supporter_name: "Ana".into(),
            supporter_email: address.clone(),
            to_name: "Wren".into(),
            to_email: address,
            from_name: "Ana via Test".into(),
            subject: "s".into(),
            text: "t".into(),
            html: None,
        }
    }

    fn refused(step: Step, code: u16) -> Result<Reply, SendFailure> {
        let reply = Reply { code, enhanced: None, text: String::new() };
        Err(SendFailure { step, reply: Some(reply), cause: "the mail server refused".into(), maybe_delivered: false })
    }

    #[test]
    fn only_a_5xx_to_the_message_itself_ends_it() {
        let now = Timestamp::from_millis(1_000_000);
        let work = work(now);
        let decide = |result| decide(&result, &work, &RetrySchedule::default(), 0.5, now);
        let later = Verdict::Retry(now.plus(Duration::from_mins(5)));
        let not_now = Verdict::Postponed(now.plus(Duration::from_mins(5)));
        assert_eq!(decide(Ok(Reply { code: 250, enhanced: None, text: String::new() })), Verdict::Sent);
        for step in [Step::RcptTo, Step::Data, Step::Body] {
            assert_eq!(decide(refused(step, 550)), Verdict::Failed, "{step:?}");
            assert_eq!(decide(refused(step, 451)), later, "{step:?}");
            assert_eq!(decide(refused(step, 530)), not_now, "{step:?}");
        }
        for step in [Step::Connect, Step::Tls, Step::Login, Step::MailFrom] {
            assert_eq!(decide(refused(step, 550)), not_now, "{step:?}");
        }
        assert_eq!(decide(refused(Step::MailFrom, 451)), later);
        let silence =
            SendFailure { step: Step::Body, reply: None, cause: "the connection was lost".into(), maybe_delivered: true };
        assert_eq!(decide(Err(silence)), later);
    }

    #[test]
    fn five_days_of_retries_are_enough() {
        let now = Timestamp::from_millis(1_000_000_000);
        let old = work(now.minus(Duration::from_hours(5 * 24)));
        assert_eq!(decide(&refused(Step::RcptTo, 451), &old, &RetrySchedule::default(), 0.5, now), Verdict::Failed);
    }

    #[test]
    fn breathers_double_up_to_the_most() {
        let most = Duration::from_secs(5);
        assert_eq!([1, 2, 3, 4, 40].map(|n| breather(n, most).as_secs()), [1, 2, 4, 5, 5]);
    }
}
