//! Why a mailbox can't be read, in words for a log line: nothing that a server said is repeated, since that may hold addresses and
//! whole mails.

use std::io;

use async_imap::error::Error as ImapError;

/// Why a mailbox can't be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MailboxError {
    /// No connection, or none that is encrypted as it must be.
    #[error("{0}")]
    Connection(String),
    /// `STARTTLS` is required and not offered.
    #[error("the mail server offers no encryption (STARTTLS) and tls=required asks for it")]
    NoEncryption,
    /// It takes no password here.
    #[error("the mail server takes no password on this connection; use imaps:// or tls=required")]
    NoLogin,
    /// No answer in time.
    #[error("the mail server did not answer in time")]
    TimedOut,
    /// The connection ended.
    #[error("the mail server closed the connection")]
    Closed,
    /// An answer that is no IMAP.
    #[error("the mail server's answer was not IMAP")]
    NotImap,
    /// The server said no; the conversation goes on.
    #[error("the mail server refused {0}")]
    Refused(&'static str),
}

impl MailboxError {
    /// What the library says, as far as it is safe to say.
    pub(super) fn of(error: &ImapError, what: &'static str) -> Self {
        match error {
            ImapError::No(_) | ImapError::Bad(_) | ImapError::Validate(_) => Self::Refused(what),
            ImapError::ConnectionLost => Self::Closed,
            ImapError::Io(error) => Self::of_io(error),
            _ => Self::NotImap,
        }
    }

    pub(super) fn of_io(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionRefused => Self::Closed,
            // The library's own word for what it can't parse; its text holds the mail.
            io::ErrorKind::Other => Self::NotImap,
            kind => Self::Connection(format!("the connection to the mail server failed: {kind}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_server_said_is_repeated() {
        let said = || "ana@example.org".to_owned();
        for error in [
            ImapError::No(said()),
            ImapError::Bad(said()),
            ImapError::Io(io::Error::other(said())),
            ImapError::Io(io::Error::new(io::ErrorKind::ConnectionReset, said())),
        ] {
            let error = MailboxError::of(&error, "the log-in");
            assert!(!format!("{error} {error:?}").contains("ana"), "{error:?}");
        }
    }
}
