//! The bytes to and from a mail server: bounded answers, plain or through TLS, every wait limited.
//!
//! lettre has a connection of its own, `AsyncSmtpConnection`, and this project set out to use it. Its
//! source (0.11.23) shows what a sender that must not lose or double a letter can't accept, so only its
//! commands, log-ins and mail builder are used:
//! - an answer without a line end is read until memory is full: its limit is checked after the line;
//! - `250` without words, which RFC 5321 section 4.2 has us accept, and text that is not UTF-8 are errors: an
//!   accepted letter would be sent again;
//! - what a server (or someone in between) sends behind the answer to `STARTTLS` is kept, and then read as
//!   an encrypted answer: each later answer belongs to the command before it, a false "sent";
//! - a blank line in the answer to `EHLO` panics;
//! - it does not say whether `PIPELINING` was offered, and implicit TLS over a socket of our own, with
//!   `TCP_NODELAY`, is only to be had through a type that it has deprecated.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::reply::{RawReply, SendFailure, Step, split_line};
use super::tls;

/// The longest line of an answer, in bytes. RFC 5321 section 4.5.3.1.5 says 512; real servers write more.
const LINE_MAX_BYTES: usize = 4 * 1024;
/// The longest answer, in bytes.
const REPLY_MAX_BYTES: usize = 32 * 1024;

/// Bytes both ways: a socket, or TLS over one.
pub(super) trait ByteStream: AsyncRead + AsyncWrite + Send + Sync + Unpin + std::fmt::Debug {}
impl<T: AsyncRead + AsyncWrite + Send + Sync + Unpin + std::fmt::Debug> ByteStream for T {}

/// A connection to a mail server, beneath the rules of a conversation.
pub(super) struct Wire {
    stream: BufReader<Box<dyn ByteStream>>,
    loopback: bool,
    encrypted: bool,
}

/// Why bytes did not come or go.
#[derive(Debug)]
pub(super) enum WireError {
    TimedOut,
    Closed,
    TooLong,
    Malformed,
    OutOfTurn,
    Io(io::ErrorKind),
    Tls(String),
}

impl WireError {
    /// This error as the failure of a step.
    pub(super) fn at(self, step: Step) -> SendFailure {
        SendFailure::silent(step, self.cause())
    }

    /// In words, without personal data.
    pub(super) fn cause(&self) -> String {
        match self {
            Self::TimedOut => "the mail server did not answer in time".to_owned(),
            Self::Closed => "the mail server closed the connection".to_owned(),
            Self::TooLong => "the mail server's answer was too long to be read".to_owned(),
            Self::Malformed => "the mail server's answer was not SMTP".to_owned(),
            Self::OutOfTurn => "the mail server spoke out of turn".to_owned(),
            Self::Io(kind) => format!("the connection to the mail server failed: {kind}"),
            Self::Tls(what) => format!("no encrypted connection to the mail server: {what}"),
        }
    }
}

impl From<io::Error> for WireError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => Self::Closed,
            kind => Self::Io(kind),
        }
    }
}

impl Wire {
    /// Opens a TCP connection, trying each address of the host in turn, each for at most `limit`.
    pub(super) async fn connect(host: &str, port: u16, limit: Duration) -> Result<Self, WireError> {
        let addresses = within(limit, tokio::net::lookup_host((host, port))).await?;
        let mut last = WireError::Io(io::ErrorKind::NotFound);
        for address in addresses {
            match within(limit, TcpStream::connect(address)).await {
                Ok(stream) => {
                    // Without this each letter waits some 40 ms for the kernel to pair its small writes.
                    stream.set_nodelay(true)?;
                    let loopback = address.ip().to_canonical().is_loopback();
                    return Ok(Self { stream: BufReader::new(Box::new(stream)), loopback, encrypted: false });
                }
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    /// Takes up bytes that another conversation has begun (IMAP before `STARTTLS`).
    pub(super) fn over(stream: Box<dyn ByteStream>) -> Self {
        Self { stream: BufReader::new(stream), loopback: false, encrypted: false }
    }

    /// The bytes themselves, for a conversation that is not SMTP.
    pub(super) fn into_stream(self) -> Box<dyn ByteStream> {
        self.stream.into_inner()
    }

    /// Whether nobody else can read along: encrypted, or never leaving this machine.
    pub(super) const fn is_private(&self) -> bool {
        self.encrypted || self.loopback
    }

    /// Whether TLS lies over the connection.
    pub(super) const fn is_encrypted(&self) -> bool {
        self.encrypted
    }

    /// Puts TLS over the connection and checks that the certificate is for `host`.
    pub(super) async fn encrypt(self, host: &str, limit: Duration) -> Result<Self, WireError> {
        if self.has_unread() {
            return Err(WireError::OutOfTurn);
        }
        let handshake = tls::handshake(host, self.stream.into_inner());
        let stream = timeout(limit, handshake).await.map_err(|_| WireError::TimedOut)?.map_err(WireError::Tls)?;
        Ok(Self { stream: BufReader::new(Box::new(stream)), loopback: self.loopback, encrypted: true })
    }

    /// Whether bytes have come that no one asked for. It looks only at what was already read from the socket.
    pub(super) fn has_unread(&self) -> bool {
        !self.stream.buffer().is_empty()
    }

    /// Looks, without waiting, whether the server has hung up or spoken since the last answer.
    pub(super) async fn check_silence(&mut self) -> Result<(), WireError> {
        // One look and no more. A time limit of zero would do the same, after the timer's next tick: 1 ms a letter.
        let look = poll_fn(|context| Poll::Ready(Pin::new(&mut self.stream).poll_fill_buf(context).map_ok(<[u8]>::is_empty)));
        match look.await {
            Poll::Pending => Ok(()),
            Poll::Ready(Ok(true)) => Err(WireError::Closed),
            Poll::Ready(Ok(false)) => Err(WireError::OutOfTurn),
            Poll::Ready(Err(error)) => Err(error.into()),
        }
    }

    /// Writes all of `bytes`, or fails. On success the last byte has left this process; on failure it has not.
    pub(super) async fn write(&mut self, bytes: &[u8], limit: Duration) -> Result<(), WireError> {
        let stream = self.stream.get_mut();
        within(limit, stream.write_all(bytes)).await
    }

    /// Pushes out what TLS may still hold of the bytes written.
    pub(super) async fn flush(&mut self, limit: Duration) -> Result<(), WireError> {
        within(limit, self.stream.get_mut().flush()).await
    }

    /// Writes one or several commands.
    pub(super) async fn command(&mut self, text: &str, limit: Duration) -> Result<(), WireError> {
        self.write(text.as_bytes(), limit).await?;
        self.flush(limit).await
    }

    /// Reads one answer, all its lines within `limit`.
    pub(super) async fn reply(&mut self, limit: Duration) -> Result<RawReply, WireError> {
        timeout(limit, self.read_reply()).await.unwrap_or(Err(WireError::TimedOut))
    }

    /// Ends the connection without waiting for the other side's consent.
    pub(super) async fn close(&mut self, limit: Duration) {
        // Nothing depends on it: both sides have said what they had to say.
        let _ = timeout(limit, self.stream.get_mut().shutdown()).await;
    }

    async fn read_reply(&mut self) -> Result<RawReply, WireError> {
        let mut lines = Vec::new();
        let mut first_code = None;
        let mut bytes = 0;
        loop {
            let line = self.read_line().await?;
            bytes += line.len();
            if bytes > REPLY_MAX_BYTES {
                return Err(WireError::TooLong);
            }
            let (code, more, text) = split_line(&line).ok_or(WireError::Malformed)?;
            if *first_code.get_or_insert(code) != code {
                return Err(WireError::Malformed);
            }
            lines.push(text);
            if !more {
                return Ok(RawReply { code, lines });
            }
        }
    }

    /// One line without its CRLF.
    async fn read_line(&mut self) -> Result<Vec<u8>, WireError> {
        let mut line = Vec::new();
        loop {
            let available = self.stream.fill_buf().await?;
            if available.is_empty() {
                return Err(WireError::Closed);
            }
            let end = available.iter().position(|&b| b == b'\n');
            let take = end.map_or(available.len(), |at| at + 1);
            if line.len() + take > LINE_MAX_BYTES {
                return Err(WireError::TooLong);
            }
            line.extend_from_slice(&available[..take]);
            self.stream.consume(take);
            if end.is_some() {
                line.pop();
                line.pop_if(|last| *last == b'\r');
                return Ok(line);
            }
        }
    }
}

async fn within<T>(limit: Duration, work: impl Future<Output = io::Result<T>>) -> Result<T, WireError> {
    timeout(limit, work).await.map_err(|_| WireError::TimedOut)?.map_err(WireError::from)
}
