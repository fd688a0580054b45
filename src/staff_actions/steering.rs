//! Pauses, hours, dates and paces. The running sender obeys within a second.

use super::{AuditDetail, StaffActions};
use crate::domain::{Actor, AuditAction, Dates, OfficePace, Reason, SendingHours, StaffPauseOf, TimeZone, Timestamp};
use crate::intake::CampaignEntry;
use crate::store::{StoreError, Tx, blocks, mailboxes, pauses, steering};

impl StaffActions {
    /// Pauses everything, a campaign's letters, or the letters to an office. Nothing in hand is broken off. False where it
    /// was paused already.
    ///
    /// # Errors
    /// When the database can't keep it.
    pub async fn pause(&self, who: &Actor, of: StaffPauseOf, reason: Reason) -> Result<bool, StoreError> {
        let (now, by, subject) = (self.clock.now(), who.clone(), self.subject(of));
        let deed = match of {
            StaffPauseOf::Everything => AuditAction::SendingPaused,
            StaffPauseOf::Campaign(_) => AuditAction::CampaignPaused,
            StaffPauseOf::Office(_) => AuditAction::OfficePaused,
        };
        let pause = move |tx: &mut Tx<'_>| {
            let paused = steering::pause(tx, of, &by, &reason, now)?;
            Ok((paused, paused.then(|| AuditDetail::of(subject, reason.as_str()))))
        };
        self.act(who, deed, pause).await
    }

    /// Ends such a pause. False where there was none.
    ///
    /// # Errors
    /// When the database can't keep it.
    pub async fn end_pause(&self, who: &Actor, of: StaffPauseOf, reason: Reason) -> Result<bool, StoreError> {
        let subject = self.subject(of);
        let deed = match of {
            StaffPauseOf::Everything => AuditAction::SendingUnpaused,
            StaffPauseOf::Campaign(_) => AuditAction::CampaignResumed,
            StaffPauseOf::Office(_) => AuditAction::OfficeResumed,
        };
        let resume = move |tx: &mut Tx<'_>| {
            let resumed = steering::resume(tx, of)?;
            Ok((resumed, resumed.then(|| AuditDetail::of(subject, reason.as_str()))))
        };
        let resumed = self.act(who, deed, resume).await?;
        self.wake.notify_one();
        Ok(resumed)
    }

    /// Keeps when the campaign's letters may go.
    ///
    /// # Errors
    /// When the database can't keep it.
    pub async fn set_hours(&self, who: &Actor, entry: &CampaignEntry, hours: SendingHours) -> Result<(), StoreError> {
        let (campaign, subject) = (entry.id, self.subject(StaffPauseOf::Campaign(entry.id)));
        let set = move |tx: &mut Tx<'_>| {
            let before = steering::hours_of(tx.reader(), campaign)?;
            steering::set_hours(tx, campaign, hours)?;
            Ok(((), Some(AuditDetail::of(subject, format!("{}; before: {}", hours.in_words(), before.in_words())))))
        };
        self.act(who, AuditAction::HoursSet, set).await?;
        self.wake.notify_one();
        Ok(())
    }

    /// Keeps from when and until when people can sign up; `None`: as campaign.toml says.
    ///
    /// # Errors
    /// When the database can't keep it.
    pub async fn set_dates(&self, who: &Actor, entry: &CampaignEntry, dates: Option<Dates>) -> Result<(), StoreError> {
        let (campaign, subject) = (entry.id, self.subject(StaffPauseOf::Campaign(entry.id)));
        let zone = entry.campaign.settings.time_zone.clone();
        let detail = dates.map_or_else(|| "as campaign.toml says".to_owned(), |dates| dates_in_words(dates, &zone));
        let set = move |tx: &mut Tx<'_>| {
            steering::set_dates(tx, campaign, dates)?;
            Ok(((), Some(AuditDetail::of(subject, detail))))
        };
        self.act(who, AuditAction::DatesSet, set).await?;
        self.look_again().await;
        Ok(())
    }

    /// Gives an office a pace of its own.
    ///
    /// # Errors
    /// When the database can't keep it.
    pub async fn set_pace(&self, who: &Actor, office: i64, pace: OfficePace, reason: Reason) -> Result<(), StoreError> {
        let (now, by, subject) = (self.clock.now(), who.clone(), self.subject(StaffPauseOf::Office(office)));
        let set = move |tx: &mut Tx<'_>| {
            steering::set_pace(tx, office, pace, &by, &reason, now)?;
            let detail = format!("{} a minute, {} an hour: {}", pace.a_minute, pace.an_hour, reason.as_str());
            Ok(((), Some(AuditDetail::of(subject, detail))))
        };
        self.act(who, AuditAction::PaceSet, set).await?;
        self.wake.notify_one();
        Ok(())
    }

    /// The office has the common pace again. False where it had it.
    ///
    /// # Errors
    /// When the database can't keep it.
    pub async fn forget_pace(&self, who: &Actor, office: i64) -> Result<bool, StoreError> {
        let subject = self.subject(StaffPauseOf::Office(office));
        let forget = move |tx: &mut Tx<'_>| {
            let forgotten = steering::forget_pace(tx, office)?;
            Ok((forgotten, forgotten.then(|| AuditDetail::of(subject, "the common pace again"))))
        };
        let forgotten = self.act(who, AuditAction::PaceForgotten, forget).await?;
        self.wake.notify_one();
        Ok(forgotten)
    }

    /// As the log names it.
    fn subject(&self, of: StaffPauseOf) -> String {
        match of {
            StaffPauseOf::Everything => String::new(),
            StaffPauseOf::Campaign(id) => {
                let entry = self.intake.catalog().by_id(id);
                entry.map_or_else(|| format!("campaign {id}"), |entry| format!("campaign {}", entry.campaign.settings.slug))
            }
            StaffPauseOf::Office(id) => format!("office {id}"),
        }
    }
}

fn dates_in_words(dates: Dates, zone: &TimeZone) -> String {
    let words = |at: Option<Timestamp>| at.map_or_else(|| "no date".to_owned(), |at| zone.moment_in_words(at));
    format!("opens: {}; closes: {}", words(dates.opens), words(dates.closes))
}

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
