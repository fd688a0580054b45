//! The sender's rests, and mailboxes that were thought dead.

use super::{AuditDetail, StaffActions};
use crate::domain::{Actor, AuditAction};
use crate::store::{StoreError, Tx, blocks, mailboxes, pauses};

impl StaffActions {
    /// Ends every rest at once: what was wrong is mended. Gives how many there were.
    ///
    /// # Errors
    /// When the database can't keep it.
    pub async fn resume_sending(&self, who: &Actor) -> Result<usize, StoreError> {
        let now = self.clock.now();
        let resume = move |tx: &mut Tx<'_>| {
            let ended = pauses::resume(tx, now)?;
            Ok((ended, Some(AuditDetail::of("", format!("{ended} rests ended")))))
        };
        let ended = self.act(who, AuditAction::SendingResumed, resume).await?;
        tracing::info!(ended, "staff resumed sending");
        self.wake.notify_one();
        Ok(ended)
    }

    /// Has the letters go again that came back because our server was blocked, in portions; gives how many. What rests goes on resting.
    ///
    /// # Errors
    /// When the database can't keep it; what went before it has gone.
    pub async fn send_blocked_again(&self, who: &Actor) -> Result<usize, StoreError> {
        let (mut all, mut after) = (0, Some(0));
        while let Some(from) = after {
            let ids: Vec<String> = (0..blocks::PORTION).map(|_| self.intake.message_id()).collect();
            let now = self.clock.now();
            let again = move |tx: &mut Tx<'_>| {
                let (sent, next) = blocks::send_again(tx, from, &ids, now)?;
                let noted = (sent > 0).then(|| AuditDetail::of("", format!("letters: {sent}")));
                Ok(((sent, next), noted))
            };
            let (sent, next) = self.act(who, AuditAction::BlockedSentAgain, again).await?;
            (all, after) = (all + sent, next);
        }
        self.wake.notify_one();
        Ok(all)
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
