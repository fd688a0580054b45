//! Mail: building it, handing it to a mail server or to the outbox, and reading what comes back.
//!
//! The only room that names lettre and async-imap. It knows nothing of the queue: `delivery` decides what is sent when,
//! and what an answer means for a message.

mod canonical;
mod connect;
mod content;
mod dkim;
mod header_text;
mod incoming;
mod login;
mod mailbox;
mod message;
mod outbox;
mod read;
mod reply;
mod return_path;
mod session;
mod settings;
mod tls;
mod wire;

#[cfg(test)]
mod dkim_tests;
#[cfg(test)]
mod message_tests;

pub use dkim::{DkimKeyError, DkimSigner};
pub use incoming::{EnhancedStatus, INCOMING_MAX_OCTETS, Incoming, IncomingKind, Verdict, Words};
pub use mailbox::{Mailbox, MailboxError, MailboxSettings, MailboxSettingsError};
pub use message::{BuildError, OutgoingMail};
pub use outbox::{Outbox, OutboxEntry};
pub use read::{ReadMail, read_mail};
pub use reply::{REPLY_MAX_CHARS, Reply, SendFailure, Step};
pub use return_path::{ReturnPath, ReturnedTo};
pub use session::{IDLE_LIMIT, MESSAGES_PER_SESSION, Session, Timeouts};
pub use settings::{Encryption, SmtpSettings, SmtpSettingsError};

/// Where mail goes.
#[derive(Clone, Debug)]
pub enum Mailer {
    /// Into files, in development.
    Outbox(Outbox),
    /// To a mail server.
    Smtp(SmtpSettings, Timeouts),
}
