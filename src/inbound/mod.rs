//! What comes back: which message a mail is about, what it means for it, and that it counts once.
//!
//! Mail systems hand it over through a pipe (`standout bounce`), over HTTP (`POST /bounces`) or in a mailbox; all three end here.
//! A mail is believed about a message only where it holds that message's signed return path.

mod collector;

use sha2::{Digest, Sha256};

use crate::domain::{Clock, ReturnKind, Timestamp};
pub use crate::mail::INCOMING_MAX_OCTETS;
use crate::mail::{Incoming, IncomingKind, ReturnPath, ReturnedTo, Verdict, Words};
use crate::store::answers::Answer;
use crate::store::inbound::{self, Recorded, Returned};
use crate::store::{Store, StoreError};
pub use collector::{Collector, Waits};

/// The room's door. Cheap to clone.
#[derive(Clone)]
pub struct Inbound {
    store: Store,
    return_path: ReturnPath,
    clock: Clock,
}

/// What became of a mail that was handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// What it is.
    pub kind: ReturnKind,
    /// Whether it names a message of ours.
    pub ours: bool,
    /// What became of it.
    pub recorded: Recorded,
}

impl Inbound {
    /// Keeps what comes back in `store`.
    #[must_use]
    pub fn new(store: Store, return_path: ReturnPath, clock: Clock) -> Self {
        Self { store, return_path, clock }
    }

    /// Takes one mail (RFC 5322). May block for a while.
    ///
    /// # Errors
    /// When it can't be kept: then it has to be handed over again.
    pub fn take_blocking(&self, raw: &[u8]) -> Result<Taken, StoreError> {
        let (returned, now) = (self.read(raw)?, self.clock.now());
        self.store.write_blocking(move |tx| record(tx, &returned, now))
    }

    /// Takes one mail (RFC 5322), on a thread that may block.
    ///
    /// # Errors
    /// When it can't be kept: then it has to be handed over again.
    pub async fn take(&self, raw: Vec<u8>) -> Result<Taken, StoreError> {
        let this = self.clone();
        let returned = tokio::task::spawn_blocking(move || this.read(&raw)).await.map_err(|_| StoreError::Busy)??;
        let now = self.clock.now();
        self.store.write(move |tx| record(tx, &returned, now)).await
    }

    /// Which message it is about, and what it means for that one's mailbox.
    fn read(&self, raw: &[u8]) -> Result<Returned, StoreError> {
        let mail = Incoming::open(raw);
        let named = self.named(&mail);
        let message = if let Some(ReturnedTo::Message(id)) = named { Some(id) } else { None };
        let mailbox = match message {
            Some(id) => self.store.read_blocking(|conn| inbound::mailbox(conn, id))?,
            None => None,
        };
        let mut returned = Returned::of(Sha256::digest(raw).to_vec(), message);
        match mail.kind(mailbox.as_deref()) {
            _ if named == Some(ReturnedTo::Forged) => returned.kind = ReturnKind::Forged,
            IncomingKind::Failed(Verdict { status, cause, words }) => {
                returned.kind = ReturnKind::Failed;
                (returned.cause, returned.mailbox) = (Some(cause), mailbox);
                (returned.status, returned.words) = (status.map(|status| status.to_string()), words);
            }
            IncomingKind::Delayed(Verdict { status, words, .. }) => {
                returned.kind = ReturnKind::Delayed;
                (returned.status, returned.words) = (status.map(|status| status.to_string()), words);
            }
            IncomingKind::Complaint => returned.kind = ReturnKind::Complaint,
            IncomingKind::AutomaticReply(Words { subject, text }) => {
                returned.kind = ReturnKind::AutomaticReply;
                returned.answer = Some(Answer { automatic: true, subject, text });
            }
            // Anybody can write to a return path: what names no message answers none.
            IncomingKind::Answer(_) if message.is_none() => {}
            IncomingKind::Answer(Words { subject, text }) => {
                returned.kind = ReturnKind::Answer;
                returned.answer = Some(Answer { automatic: false, subject, text });
            }
            IncomingKind::Other => {}
        }
        Ok(returned)
    }

    /// The first good return path that a mail holds, else a forged one.
    fn named(&self, mail: &Incoming) -> Option<ReturnedTo> {
        let mut forged = None;
        for trace in mail.traces() {
            match self.return_path.find(trace) {
                found @ Some(ReturnedTo::Message(_)) => return found,
                found => forged = forged.or(found),
            }
        }
        forged
    }
}

fn record(tx: &mut crate::store::Tx<'_>, returned: &Returned, now: Timestamp) -> Result<Taken, StoreError> {
    let recorded = inbound::record(tx, returned, now)?;
    if recorded == Recorded::Now {
        tracing::info!(message = returned.message, kind = returned.kind.as_str(), status = returned.status, "came back");
    }
    Ok(Taken { kind: returned.kind, ours: returned.message.is_some(), recorded })
}
