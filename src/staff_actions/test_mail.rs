//! A letter to oneself, to see how it arrives.

use std::time::Duration;

use super::{AuditDetail, StaffActions};
use crate::domain::{Actor, AuditAction, EmailAddress};
use crate::intake::{CampaignEntry, Sample};
use crate::store::staff_mails::{self, NewStaffMail};
use crate::store::{StoreError, Tx};

/// The most tests of one login in [`WINDOW`]: enough to try a letter, too few to fill anybody's mailbox.
const MOST_TESTS: i64 = 10;
const WINDOW: Duration = Duration::from_hours(1);
/// What the subject begins with, so that nobody takes it for a letter.
const MARK: &str = "[Test] ";

impl StaffActions {
    /// Sends the letter to the login's own address, marked as a test. It is no letter: nothing counts it. False when the login
    /// had too many within the hour.
    ///
    /// # Errors
    /// When the database can't keep it.
    pub async fn send_test(
        &self,
        who: &Actor,
        to: EmailAddress,
        entry: &CampaignEntry,
        sample: &Sample,
    ) -> Result<bool, StoreError> {
        let mail = NewStaffMail {
            campaign: entry.id,
            to,
            message_id: self.intake.message_id(),
            from_name: sample.from_name.clone(),
            subject: format!("{MARK}{}", sample.subject),
            text: sample.text.clone(),
        };
        let (slug, now) = (entry.campaign.settings.slug.clone(), self.clock.now());
        let detail = format!("as it goes to {}", sample.to);
        let queue = move |tx: &mut Tx<'_>| {
            let queued = staff_mails::queue(tx, &mail, MOST_TESTS, now.minus(WINDOW), now)?;
            Ok((queued, queued.then(|| AuditDetail::of(format!("campaign {slug}"), detail))))
        };
        self.act(who, AuditAction::TestSent, queue).await
    }
}
