//! What comes back: which message a mail is about, what it means for it, and that it counts once.
//!
//! Mail systems hand it over through a pipe (`standout bounce`), over HTTP (`POST /bounces`) or in a mailbox; all three end here.
//! A mail is believed about a message only where it holds that message's signed return path.

mod collector;

use sha2::{Digest, Sha256};

use crate::domain::{Clock, ReturnKind, Timestamp};
pub use crate::mail::INCOMING_MAX_OCTETS;
use crate::mail::{EnhancedStatus, Incoming, IncomingKind, ReturnPath, ReturnedTo, read_incoming};
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
        let (returned, now) = (self.read(raw), self.clock.now());
        self.store.write_blocking(move |tx| record(tx, &returned, now))
    }

    /// Takes one mail (RFC 5322), on a thread that may block.
    ///
    /// # Errors
    /// When it can't be kept: then it has to be handed over again.
    pub async fn take(&self, raw: Vec<u8>) -> Result<Taken, StoreError> {
        let this = self.clone();
        let returned = tokio::task::spawn_blocking(move || this.read(&raw)).await.map_err(|_| StoreError::Busy)?;
        let now = self.clock.now();
        self.store.write(move |tx| record(tx, &returned, now)).await
    }

    fn read(&self, raw: &[u8]) -> Returned {
        let Incoming { kind, traces } = read_incoming(raw);
        let mut named = None;
        for trace in &traces {
            match self.return_path.find(trace) {
                found @ Some(ReturnedTo::Message(_)) => {
                    named = found;
                    break;
                }
                found => named = named.or(found),
            }
        }
        let dead = |status: &Option<EnhancedStatus>| status.as_ref().is_some_and(EnhancedStatus::is_dead_mailbox);
        let text = |status: Option<EnhancedStatus>| status.map(|status| status.to_string());
        let (kind, dead_mailbox, status, words, answer) = match kind {
            IncomingKind::Failed(verdict) => {
                (ReturnKind::Failed, dead(&verdict.status), text(verdict.status), verdict.words, None)
            }
            IncomingKind::Delayed(verdict) => (ReturnKind::Delayed, false, text(verdict.status), verdict.words, None),
            IncomingKind::Complaint => (ReturnKind::Complaint, false, None, String::new(), None),
            IncomingKind::AutomaticReply { subject, text } => {
                (ReturnKind::AutomaticReply, false, None, String::new(), Some((subject, text)))
            }
            IncomingKind::Other => (ReturnKind::Other, false, None, String::new(), None),
        };
        let (message, kind) = match named {
            Some(ReturnedTo::Message(id)) => (Some(id), kind),
            Some(ReturnedTo::Forged) => (None, ReturnKind::Forged),
            None => (None, kind),
        };
        Returned { digest: Sha256::digest(raw).to_vec(), message, kind, status, dead_mailbox, words, answer }
    }
}

fn record(tx: &mut crate::store::Tx<'_>, returned: &Returned, now: Timestamp) -> Result<Taken, StoreError> {
    let recorded = inbound::record(tx, returned, now)?;
    if recorded == Recorded::Now {
        tracing::info!(message = returned.message, kind = returned.kind.as_str(), status = returned.status, "came back");
    }
    Ok(Taken { kind: returned.kind, ours: returned.message.is_some(), recorded })
}
