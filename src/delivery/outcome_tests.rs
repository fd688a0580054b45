//! Answers of real servers, as their documentation and logs give them.

use super::*;

/// Reads `550 5.1.1 Words` as it came at `step`.
fn failure(step: Step, answer: &str) -> Result<Reply, SendFailure> {
    let (code, rest) = answer.split_at(3);
    let rest = rest.trim_start();
    let first = rest.split(' ').next().unwrap();
    let enhanced = (first.split('.').count() == 3 && first.starts_with(&code[..1])).then(|| first.to_owned());
    let text = enhanced.as_ref().map_or(rest, |code| rest[code.len()..].trim_start()).to_owned();
    let reply = Reply { code: code.parse().unwrap(), enhanced, text };
    Err(SendFailure { step, reply: Some(reply), cause: String::new(), maybe_delivered: false })
}

fn silent(step: Step, maybe_delivered: bool) -> Result<Reply, SendFailure> {
    Err(SendFailure { step, reply: None, cause: "the connection was lost".into(), maybe_delivered })
}

const LATER: Outcome = Outcome::Later { asked: None, counts: true };

const fn later_in(seconds: u64) -> Outcome {
    Outcome::Later { asked: Some(Duration::from_secs(seconds)), counts: true }
}

const fn slow(reach: Reach) -> Outcome {
    Outcome::SlowDown { reach, asked: None }
}

#[track_caller]
fn each(table: &[(Step, &str, Outcome)]) {
    for (step, answer, outcome) in table {
        assert_eq!(judge(&failure(*step, answer)), *outcome, "{step:?}: {answer}");
    }
}

use Outcome::{DeadMailbox, OurFault, Refused, SlowDown};
use Reach::{All, Destination, Domain};
use Step::{Body, Connect, Data, Login, MailFrom, RcptTo, Tls};

#[test]
fn what_was_taken_is_sent() {
    for (code, text) in [(250, "2.0.0 Ok: queued as 4B5C"), (250, "OK id=1rT"), (252, "will try"), (250, "")] {
        assert_eq!(judge(&Ok(Reply { code, enhanced: None, text: text.into() })), Outcome::Sent);
    }
}

#[test]
fn no_answer_is_no_refusal() {
    for step in [Connect, Tls, Login] {
        assert_eq!(judge(&silent(step, false)), Outcome::Later { asked: None, counts: false }, "{step:?}");
    }
    for step in [MailFrom, RcptTo, Data, Body] {
        assert_eq!(judge(&silent(step, true)), LATER, "{step:?}");
    }
}

#[test]
fn later_means_later_and_when_the_server_says() {
    each(&[
        // Greylisting: postgrey, milter-greylist, SQLgrey, Exim, rspamd, Mimecast.
        (RcptTo, "450 4.2.0 <a@example.org>: Recipient address rejected: Greylisted, see http://postgrey.example/help", LATER),
        (RcptTo, "451 4.7.1 Greylisting in action, please come back in 00:04:52", later_in(292)),
        (RcptTo, "451 4.7.1 Greylisted for 5 minutes (4)", later_in(300)),
        (RcptTo, "451 4.7.1 Greylisted, please try again in 300 seconds", later_in(300)),
        (RcptTo, "451-4.7.1 Temporarily greylisted, try again later", LATER),
        (RcptTo, "451 Internal resource temporarily unavailable", LATER),
        // Full mailboxes: Gmail, Postfix, Dovecot, Exchange.
        (RcptTo, "452 4.2.2 The email account that you tried to reach is over quota.", LATER),
        (RcptTo, "552 5.2.2 The email account that you tried to reach is over quota and inactive.", LATER),
        (RcptTo, "552 5.2.2 <a@example.org>: user is over quota", LATER),
        (RcptTo, "550 5.2.2 <a@example.org> Quota exceeded (mailbox for user is full)", LATER),
        (RcptTo, "552 Requested mail action aborted: exceeded storage allocation", LATER),
        (Body, "554 delivery error: mailbox is full", LATER),
        // Trouble of theirs: Postfix, Gmail, Exchange.
        (Body, "451 4.3.0 Mail server temporarily rejected message.", LATER),
        (MailFrom, "452 4.3.1 Insufficient system storage", LATER),
        (Body, "452 4.3.1 Insufficient system resources (UsedDiskSpace)", LATER),
        (RcptTo, "450 4.1.1 <a@example.org>: Recipient address rejected: unverified address", LATER),
        (RcptTo, "450 4.1.2 <a@example.org>: Recipient address rejected: Domain not found", LATER),
        (Body, "451 4.4.2 Timeout - closing connection.", LATER),
        (Data, "451 4.3.2 Please try again later, retry after 15 minutes", later_in(900)),
        (RcptTo, "450 Requested mail action not taken: mailbox busy", LATER),
    ]);
}

#[test]
fn a_wish_for_less_reaches_the_mailbox_its_domain_or_all() {
    each(&[
        // One mailbox: Exchange Online, Gmail, Rackspace.
        (
            RcptTo,
            "550 5.2.121 RESOLVER.ADR.RecipLimit; recipient's per hour message receive limit from specific sender exceeded",
            slow(Destination),
        ),
        (
            Body,
            "554 5.2.122 The recipient has exceeded their limit for the number of messages they can receive per hour.",
            slow(Destination),
        ),
        (Body, "432 4.3.2 STOREDRV.Deliver; recipient thread limit exceeded", slow(Destination)),
        (
            RcptTo,
            "450 4.2.1 The user you are trying to contact is receiving mail too quickly. Please resend your message at a later time.",
            slow(Destination),
        ),
        (RcptTo, "450 4.2.1 <a@example.org>: Mailbox received too much email in a short period of time (G30)", slow(Destination)),
        (
            RcptTo,
            "450 4.7.1 <a@example.org>: Recipient rate limit, try again in 10 minutes",
            SlowDown { reach: Destination, asked: Some(Duration::from_mins(10)) },
        ),
        // Its domain: Yahoo, Exchange Online, Proofpoint, Rackspace, through a relay that asks them directly.
        (RcptTo, "421 4.7.0 [TSS04] Messages temporarily deferred due to unexpected volume or user complaints", slow(Domain)),
        (Body, "451 4.7.500 Server busy. Please try again later from [192.0.2.1].", slow(Domain)),
        (Body, "451 4.7.1 Received too many messages from a new or untrusted IP (G28)", slow(Domain)),
        (Body, "421 4.7.28 Our system has detected an unusual rate of unsolicited mail.", slow(Domain)),
        (Body, "452 Too many messages in this session", slow(Domain)),
        // Us, at everybody's: before a recipient was named.
        (Connect, "421 4.3.2 Service not available", slow(All)),
        (Connect, "421 4.7.0 Try again later, closing connection.", slow(All)),
        (Connect, "421 Too many concurrent connections from this client (G2)", slow(All)),
        (Connect, "421 4.7.0 mail.example.org Error: too many connections from 192.0.2.1", slow(All)),
        (MailFrom, "421 4.4.2 Message submission rate for this client has exceeded the configured limit", slow(All)),
        (MailFrom, "450 4.7.1 Error: too much mail from 192.0.2.1", slow(All)),
        (MailFrom, "450 4.2.1 Peak SMTP relay limit exceeded for customer.", slow(All)),
        (Login, "454 4.7.0 Temporary authentication failure: Connection lost to authentication server", slow(All)),
        (Tls, "454 4.7.0 TLS not available due to local problem", slow(All)),
        (MailFrom, "454 4.7.0 Too many login attempts, please try again later.", slow(All)),
    ]);
}

#[test]
fn a_mailbox_that_does_not_exist_is_dead() {
    each(&[
        (RcptTo, "550 5.1.1 <a@example.org>: Recipient address rejected: User unknown in local recipient table", DeadMailbox),
        (RcptTo, "550 5.1.1 <a@example.org>: Recipient address rejected: User unknown in virtual mailbox table", DeadMailbox),
        (
            RcptTo,
            "550 5.1.1 The email account that you tried to reach does not exist. https://support.example/NoSuchUser",
            DeadMailbox,
        ),
        (
            RcptTo,
            "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient a@example.org not found by SMTP address lookup",
            DeadMailbox,
        ),
        (Body, "550 5.1.10 RESOLVER.ADR.RecipientNotFound", DeadMailbox),
        (RcptTo, "550 5.4.1 Recipient address rejected: Access denied. AS(201806281)", DeadMailbox),
        (RcptTo, "550 5.1.2 Bad destination system address", DeadMailbox),
        (RcptTo, "556 5.1.10 Recipient address has null MX", DeadMailbox),
        (RcptTo, "550 5.2.1 The email account that you tried to reach is disabled.", DeadMailbox),
        (RcptTo, "550 Invalid Recipient - https://community.example/docs/550", DeadMailbox),
        (RcptTo, "550 5.1.1 User Unknown", DeadMailbox),
        (RcptTo, "550 permanent failure for one or more recipients (a@example.org:550 5.1.1 no such user)", DeadMailbox),
        (RcptTo, "550 No such user here", DeadMailbox),
        (RcptTo, "550 Requested action not taken: mailbox unavailable", DeadMailbox),
        (RcptTo, "551 User not local", DeadMailbox),
        (RcptTo, "553 Requested action not taken: mailbox name invalid", DeadMailbox),
        (RcptTo, "550", DeadMailbox),
    ]);
}

#[test]
fn what_is_our_fault_fails_no_letter() {
    each(&[
        // Log-in.
        (Login, "535 5.7.8 Error: authentication failed: (reason unavailable)", OurFault(All)),
        (Login, "535 5.7.8 Username and Password not accepted.", OurFault(All)),
        (Login, "535 5.7.3 Authentication unsuccessful", OurFault(All)),
        (MailFrom, "530 5.7.0 Must issue a STARTTLS command first", OurFault(All)),
        (MailFrom, "530 5.7.57 Client not authenticated to send mail.", OurFault(All)),
        (RcptTo, "530 5.7.1 Authentication required", OurFault(All)),
        // Relaying.
        (RcptTo, "554 5.7.1 <a@example.org>: Relay access denied", OurFault(All)),
        (RcptTo, "550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain", OurFault(All)),
        (RcptTo, "550 relay not permitted", OurFault(All)),
        (RcptTo, "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)", OurFault(All)),
        // Our address or machine.
        (Connect, "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org", OurFault(All)),
        (Connect, "554 Blocked - see https://ipcheck.proofpoint.com/?ip=192.0.2.1", OurFault(All)),
        (Connect, "554 5.3.2 Not today", OurFault(All)),
        (MailFrom, "550 5.1.8 Access denied, bad outbound sender", OurFault(All)),
        (MailFrom, "553 5.7.1 <letters@example.org>: Sender address rejected: not owned by user", OurFault(All)),
        (RcptTo, "550 5.1.8 <letters@example.org>: Sender address rejected: Domain not found", OurFault(All)),
        (RcptTo, "550 5.7.1 Client host rejected: cannot find your reverse hostname, [192.0.2.1]", OurFault(All)),
        (Body, "550 5.7.26 Unauthenticated email from example.org is not accepted due to domain's DMARC policy.", OurFault(All)),
        (Body, "550 5.7.708 Service unavailable. Access denied, traffic not accepted from this IP.", OurFault(All)),
        (Body, "550 Rejected by header based Anti-Spoofing policy: SPF", OurFault(All)),
        // Our manners.
        (RcptTo, "503 5.5.1 Error: need MAIL command", OurFault(All)),
        (Data, "503 Bad sequence of commands", OurFault(All)),
        (RcptTo, "501 5.5.4 Invalid argument", OurFault(All)),
        (MailFrom, "501 5.5.2 Syntax error", OurFault(All)),
        // One office's rule.
        (RcptTo, "550 5.7.1 <a@example.org>: Recipient address rejected: Access denied", OurFault(Destination)),
        (RcptTo, "550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required", OurFault(Destination)),
        (RcptTo, "550 5.7.0 Local Policy Violation", OurFault(Destination)),
        (Body, "550 5.7.1 Message rejected as spam by Content Filtering.", OurFault(Destination)),
        (Body, "554 Email rejected due to security policies - https://community.example/docs/554", OurFault(Destination)),
        (RcptTo, "550 Administrative prohibition - envelope blocked", OurFault(Destination)),
        (Body, "550 permanent failure for one or more recipients (a@example.org:blocked)", OurFault(Destination)),
    ]);
}

#[test]
fn a_message_that_is_refused_for_itself_fails() {
    each(&[
        (Body, "552 5.3.4 Message size exceeds fixed limit", Refused),
        (Body, "552 5.2.3 Your message exceeded the recipient's size limits.", Refused),
        (Body, "550 5.6.0 Message content not acceptable", Refused),
        (Body, "554 5.6.211 Invalid MIME Content: Single text value size exceeded", Refused),
        (Body, "554 5.4.6 Hop count exceeded - possible mail loop", Refused),
        (Body, "554 Transaction failed", Refused),
        (Data, "554 no valid recipients", Refused),
    ]);
}

#[test]
fn breathers_double_up_to_the_most() {
    let most = Duration::from_secs(5);
    assert_eq!([1, 2, 3, 4, 40].map(|n| breather(n, most).as_secs()), [1, 2, 4, 5, 5]);
}
