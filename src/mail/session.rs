//! One SMTP connection, and how far each message on it got.
//!
//! The session is used by one worker at a time. After any error or doubt it says that it is no longer
//! usable, for good: an answer read too late would otherwise be taken for the next message's.

use std::fmt;
use std::time::Duration;

use lettre::Address;
use lettre::transport::smtp::commands::{Data, Mail, Quit, Rcpt};
use lettre::transport::smtp::extension::{MailBodyParameter, MailParameter};
use tokio::time::Instant;

use super::content::dot_stuffed;
use super::reply::{RawReply, Reply, SendFailure, Step};
use super::wire::{Wire, WireError};
use crate::domain::EmailAddress;

/// A session is replaced after this many messages, so that a relay can spread its load.
pub const MESSAGES_PER_SESSION: u32 = 100;
/// A session that lay idle for this long is replaced: servers hang up on idle clients, some without a word.
pub const IDLE_LIMIT: Duration = Duration::from_mins(1);

/// How long each step may take. RFC 5321 section 4.5.3.2 asks for minutes; a worker that waits five
/// minutes for a greeting helps nobody, except after the final dot, where giving up early makes doubles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// Finding the server, each TCP connection, the TLS handshake.
    pub connect: Duration,
    /// The greeting, and the answer to each command but `DATA`.
    pub command: Duration,
    /// The answer to `DATA`, and writing the message.
    pub data: Duration,
    /// The answer to the final dot.
    pub answer: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            command: Duration::from_mins(1),
            data: Duration::from_mins(2),
            answer: Duration::from_mins(10),
        }
    }
}

/// What the server offered in its answer to `EHLO`.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Offers {
    pub(super) pipelining: bool,
    pub(super) eight_bit: bool,
    /// `STARTTLS`, before the connection was encrypted.
    pub(super) starttls: bool,
}

/// Where the conversation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// The server waits for `MAIL`.
    Ready,
    /// It refused something, each answer was read: good for a polite `QUIT`, no more.
    Refused,
    /// An answer is missing, or a message was under way: nothing more may be read or written.
    Lost,
}

/// A connection to a mail server that has greeted, shaken hands and logged in.
pub struct Session {
    wire: Wire,
    offers: Offers,
    timeouts: Timeouts,
    state: State,
    sent: u32,
    last_used: Instant,
}

impl Session {
    pub(super) fn new(wire: Wire, offers: Offers, timeouts: Timeouts) -> Self {
        Self { wire, offers, timeouts, state: State::Ready, sent: 0, last_used: Instant::now() }
    }

    /// Whether another message may be sent here: no doubt so far, not too many messages, not idle for too long.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        self.state == State::Ready && is_fresh(self.sent, self.idle())
    }

    /// [`Session::is_usable`], and the server has neither hung up nor spoken since. Does not wait. Asked when a
    /// message has been claimed and before its first byte, so that a connection that died idle is replaced and costs
    /// the message no try.
    pub async fn is_alive(&mut self) -> bool {
        if self.is_usable() && self.wire.check_silence().await.is_err() {
            self.state = State::Lost;
        }
        self.is_usable()
    }

    /// Whether others on the way can't read what is said here.
    #[must_use]
    pub const fn is_encrypted(&self) -> bool {
        self.wire.is_encrypted()
    }

    /// Whether the server offered `STARTTLS`.
    #[must_use]
    pub const fn offers_encryption(&self) -> bool {
        self.offers.starttls
    }

    /// How many messages the server accepted here.
    #[must_use]
    pub const fn sent(&self) -> u32 {
        self.sent
    }

    /// How long ago the last message was sent, or the session opened.
    #[must_use]
    pub fn idle(&self) -> Duration {
        self.last_used.elapsed()
    }

    /// Sends one message (RFC 5322 bytes with CRLF, not dot-stuffed) with the envelope `from` and `to`.
    /// `Ok` means that the server took responsibility for it with a 2xx after the final dot.
    ///
    /// # Errors
    /// [`SendFailure`] says how far it got. The session is then not usable any more; nor is it when this
    /// future was dropped before it was done.
    pub async fn send(&mut self, from: &EmailAddress, to: &EmailAddress, message: &[u8]) -> Result<Reply, SendFailure> {
        if self.state != State::Ready {
            return Err(SendFailure::silent(Step::MailFrom, "this session had failed before and can't be used"));
        }
        // Whoever drops this future leaves a conversation in the middle.
        self.state = State::Lost;
        self.wire.check_silence().await.map_err(|error| error.at(Step::MailFrom))?;
        self.open_transaction(from, to, !message.is_ascii()).await?;
        let reply = self.send_content(message).await?;
        self.sent += 1;
        self.last_used = Instant::now();
        Ok(reply)
    }

    /// Says good-bye where that is possible, and closes the connection. Takes at most two seconds.
    pub async fn quit(mut self) {
        let limit = self.timeouts.command.min(Duration::from_secs(1));
        if self.state != State::Lost && self.wire.command(&Quit.to_string(), limit).await.is_ok() {
            // Its answer changes nothing; waiting for it keeps the server from logging a lost connection.
            let _ = self.wire.reply(limit).await;
        }
        self.wire.close(limit).await;
    }

    /// `MAIL`, `RCPT` and `DATA`, in one write where the server offers `PIPELINING` (RFC 2920): on a real
    /// link it is the round trips that cost.
    async fn open_transaction(&mut self, from: &EmailAddress, to: &EmailAddress, eight_bit: bool) -> Result<(), SendFailure> {
        let commands = self.commands(from, to, eight_bit)?;
        if self.offers.pipelining {
            let all: String = commands.iter().map(|(_, text)| text.as_str()).collect();
            self.write_command(Step::MailFrom, &all).await?;
        }
        let mut refusal = None;
        for (step, text) in &commands {
            if !self.offers.pipelining {
                self.write_command(*step, text).await?;
            }
            let (limit, wanted) = if *step == Step::Data { (self.timeouts.data, 3) } else { (self.timeouts.command, 2) };
            let reply = match self.wire.reply(limit).await {
                Ok(reply) => reply,
                // A server that refuses and hangs up has refused.
                Err(error) => return Err(refusal.unwrap_or_else(|| error.at(*step))),
            };
            let accepted = reply.class() == wanted;
            match refusal {
                Some(failure) if accepted && *step == Step::Data => return Err(self.end_empty_message(failure).await),
                None if !accepted => refusal = Some(not_accepted(*step, &reply)),
                _ => {}
            }
            if refusal.is_some() && !self.offers.pipelining {
                break;
            }
        }
        if let Some(failure) = refusal {
            if failure.reply.is_some() {
                self.state = State::Refused;
            }
            return Err(failure);
        }
        if self.wire.has_unread() {
            return Err(WireError::OutOfTurn.at(Step::Data));
        }
        Ok(())
    }

    /// Something was refused and the server waits for a message nevertheless (RFC 2920 section 3.1). If it was
    /// the recipient, an empty message for nobody ends that. If it was the sender, the recipient may have been
    /// taken, and would get the empty message: then only hanging up is safe.
    async fn end_empty_message(&mut self, refusal: SendFailure) -> SendFailure {
        if refusal.step == Step::RcptTo {
            // The refusal stands, whether the dot arrives or not.
            let _ = self.wire.command(".\r\n", self.timeouts.command).await;
        }
        refusal
    }

    /// The message and its final dot, in one write, and the answer.
    async fn send_content(&mut self, message: &[u8]) -> Result<Reply, SendFailure> {
        let content = dot_stuffed(message);
        if let Err(error) = self.wire.write(&content, self.timeouts.data).await {
            // The dot is the last byte, so it never left: not delivered. The reason may lie in the buffer.
            return Err(self.last_words(Step::Body, error).await);
        }
        let answer = match self.wire.flush(self.timeouts.data).await {
            Ok(()) => self.wire.reply(self.timeouts.answer).await,
            Err(error) => Err(error),
        };
        let reply = answer.map_err(|error| SendFailure { maybe_delivered: true, ..error.at(Step::Body) })?;
        match reply.class() {
            2 => {
                // More than one answer to one message: this one counts, but what follows can't be trusted.
                self.state = if self.wire.has_unread() { State::Lost } else { State::Ready };
                Ok(reply.clean())
            }
            4 | 5 => {
                self.state = State::Refused;
                Err(SendFailure::refused(Step::Body, reply.clean()))
            }
            _ => Err(SendFailure { maybe_delivered: true, ..not_accepted(Step::Body, &reply) }),
        }
    }

    async fn write_command(&mut self, step: Step, text: &str) -> Result<(), SendFailure> {
        match self.wire.command(text, self.timeouts.command).await {
            Ok(()) => Ok(()),
            Err(error) => Err(self.last_words(step, error).await),
        }
    }

    /// After a failed write: the refusal that the server may have sent before it hung up, else the error.
    async fn last_words(&mut self, step: Step, error: WireError) -> SendFailure {
        match self.wire.reply(Duration::from_millis(200).min(self.timeouts.command)).await {
            Ok(reply) if reply.class() > 3 => SendFailure::refused(step, reply.clean()),
            _ => error.at(step),
        }
    }

    fn commands(&self, from: &EmailAddress, to: &EmailAddress, eight_bit: bool) -> Result<[(Step, String); 3], SendFailure> {
        if eight_bit && !self.offers.eight_bit {
            return Err(SendFailure::silent(
                Step::MailFrom,
                "the message has 8-bit text and the mail server takes none (8BITMIME)",
            ));
        }
        let parameters = if eight_bit { vec![MailParameter::Body(MailBodyParameter::EightBitMime)] } else { Vec::new() };
        let address = |address: &EmailAddress, step| {
            Address::new(address.local(), address.domain())
                .map_err(|_| SendFailure::silent(step, "the address can't be written in an SMTP command"))
        };
        Ok([
            (Step::MailFrom, Mail::new(Some(address(from, Step::MailFrom)?), parameters).to_string()),
            (Step::RcptTo, Rcpt::new(address(to, Step::RcptTo)?, Vec::new()).to_string()),
            (Step::Data, Data.to_string()),
        ])
    }
}

/// Whether a session that carried so many messages and lay idle for so long may carry another.
const fn is_fresh(sent: u32, idle: Duration) -> bool {
    sent < MESSAGES_PER_SESSION && idle.as_nanos() < IDLE_LIMIT.as_nanos()
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("state", &self.state).field("sent", &self.sent).finish_non_exhaustive()
    }
}

/// A refusal if it is one (4xx, 5xx); else an answer that makes no sense here, which counts as no answer.
pub(super) fn not_accepted(step: Step, reply: &RawReply) -> SendFailure {
    if reply.class() > 3 {
        return SendFailure::refused(step, reply.clean());
    }
    SendFailure::silent(step, format!("the mail server answered {}, which makes no sense here", reply.code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_lasts_for_a_hundred_messages_or_a_minute_of_silence() {
        assert!(is_fresh(0, Duration::ZERO) && is_fresh(99, Duration::from_millis(59_999)));
        assert!(!is_fresh(100, Duration::ZERO) && !is_fresh(0, Duration::from_mins(1)));
    }
}
