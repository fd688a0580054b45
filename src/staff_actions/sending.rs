//! The sender's rests, and mailboxes that were thought dead.

use super::{AuditDetail, StaffActions};
use crate::domain::{Actor, AuditAction};
use crate::store::{StoreError, Tx, mailboxes, pauses};

impl StaffActions {
    /// Ends every rest at once: what was wrong is mended. Gives how many there were.
    ///
    /// # Errors
    /// When the database can't keep it.
    pub async fn resume_sending(&self, who: &Actor) -> Result<usize, StoreError> {
        let resume = |tx: &mut Tx<'_>| {
            let ended = pauses::resume(tx)?;
            Ok((ended, Some(AuditDetail::of("", format!("{ended} rests ended")))))
        };
        let ended = self.act(who, AuditAction::SendingResumed, resume).await?;
        tracing::info!(ended, "staff resumed sending");
        self.wake.notify_one();
        Ok(ended)
    }

    /// Says that an official's mailbox is right: it is written to again. False when it was not thought dead.
    ///
    /// # Errors
    /// When the database can't keep it.
    pub async fn release_mailbox(&self, who: &Actor, official: i64) -> Result<bool, StoreError> {
        let now = self.clock.now();
        let release = move |tx: &mut Tx<'_>| {
            let released = mailboxes::release(tx, official, now)?;
            Ok((released, released.then(|| AuditDetail::of(format!("official {official}"), ""))))
        };
        let released = self.act(who, AuditAction::MailboxReleased, release).await?;
        self.wake.notify_one();
        Ok(released)
    }
}
