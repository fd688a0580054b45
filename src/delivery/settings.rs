//! What the sender works by.

use std::sync::Arc;
use std::time::Duration;

use crate::domain::{EmailAddress, RetrySchedule};
use crate::mail::{DkimSigner, ReturnPath};
use crate::store::caps::Caps;

/// What the sender works by.
#[derive(Clone, Debug)]
pub struct SenderSettings {
    /// The sender's address in the header.
    pub mail_from: EmailAddress,
    /// The sender's address on the envelope, of each message its own.
    pub return_path: ReturnPath,
    /// Messages in hand at the same time.
    pub connections: usize,
    /// How long a claim lasts unless renewed.
    pub lease: Duration,
    /// The waits between attempts.
    pub retries: RetrySchedule,
    /// The most attempts at one office.
    pub caps: Caps,
    /// How this machine names itself to mail servers (RFC 5321 section 4.1.1.1).
    pub hello: String,
    /// Signs each mail, where the operator has a key.
    pub dkim: Option<Arc<DkimSigner>>,
}
