//! Reads the mailbox of returned mail for as long as the service runs.
//!
//! A mail leaves the mailbox only once it is on record. What is no report on a message of ours is counted and moved to a folder of its
//! own; what the server can't hand over is left alone after a few tries, so that nothing is lost and nothing is read for ever.

mod progress;

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::{INCOMING_MAX_OCTETS, Inbound};
use crate::domain::ReturnKind;
use crate::mail::{Mailbox, MailboxError, MailboxSettings, Timeouts};
use crate::metrics::Metrics;
use crate::store::inbound::Recorded;
use progress::{Place, Progress};

/// Mails are removed in groups of so many: after a crash at most so many are looked at again.
const GROUP: usize = 20;
/// What is read of a mail that is too large: a report says at its beginning what it is about.
const BEGINNING_OCTETS: usize = 256 * 1024;

/// How long is waited for what.
#[derive(Clone, Copy, Debug)]
pub struct Waits {
    /// For the server to tell of new mail, before it is asked again. RFC 2177 allows 29 minutes; routers forget a silent
    /// connection sooner.
    pub told: Duration,
    /// Between looks where the server tells nothing.
    pub look: Duration,
    /// Before the second try to connect; it doubles with each further one.
    pub first_retry: Duration,
    /// The longest of these.
    pub longest_retry: Duration,
    /// For the letter that a report is about to be on record as sent.
    pub in_hand: Duration,
    /// For connections and answers.
    pub timeouts: Timeouts,
}

impl Default for Waits {
    fn default() -> Self {
        Self {
            told: Duration::from_mins(9),
            look: Duration::from_mins(2),
            first_retry: Duration::from_secs(1),
            longest_retry: Duration::from_mins(5),
            in_hand: Duration::from_secs(2),
            timeouts: Timeouts::default(),
        }
    }
}

/// The reader of one mailbox.
pub struct Collector {
    inbound: Inbound,
    settings: MailboxSettings,
    metrics: Arc<Metrics>,
    waits: Waits,
    progress: Progress,
    /// Tries in a row that ended without a whole look at the mailbox.
    failures: u32,
    /// Times in a row that the store took nothing.
    refusals: u32,
}

/// What became of one mail.
enum Took {
    /// It is on record, or left alone.
    Done,
    /// It has to be read again after this time.
    Later(Duration),
    /// The store takes nothing now; it is asked again after this time.
    Stuck(Duration),
}

impl Collector {
    /// Hands what lies in that mailbox to `returns`.
    #[must_use]
    pub fn new(inbound: Inbound, settings: MailboxSettings, metrics: Arc<Metrics>, waits: Waits) -> Self {
        Self { inbound, settings, metrics, waits, progress: Progress::default(), failures: 0, refusals: 0 }
    }

    /// Reads until `stop`, which ends it at once: whatever is not removed yet is looked at again by the next process.
    pub async fn run(mut self, stop: CancellationToken) {
        self.metrics.mailbox_connected(false);
        while let Some(error) = stop.run_until_cancelled(self.session()).await {
            self.metrics.mailbox_connected(false);
            self.failures = self.failures.saturating_add(1);
            let wait = self.grown(self.failures).mul_f64(0.8 + 0.4 * rand::random::<f64>());
            tracing::warn!(%error, server = %self.settings, again_in = ?wait, "the mailbox of returned mail can't be read");
            if stop.run_until_cancelled(sleep(wait)).await.is_none() {
                break;
            }
        }
        self.metrics.mailbox_connected(false);
    }

    /// One connection, until it fails.
    async fn session(&mut self) -> MailboxError {
        match self.read_on().await {
            Ok(never) => match never {},
            Err(error) => error,
        }
    }

    async fn read_on(&mut self) -> Result<std::convert::Infallible, MailboxError> {
        let mut mailbox = Mailbox::open(&self.settings, self.waits.timeouts).await?;
        self.progress.begin(mailbox.validity());
        self.metrics.mailbox_connected(true);
        tracing::info!(server = %self.settings, tells = mailbox.is_told(), "the mailbox of returned mail is open");
        loop {
            let again = self.look(&mut mailbox).await?;
            self.failures = 0;
            match again {
                Some(wait) => sleep(wait).await,
                None if mailbox.is_told() => mailbox.wait_for_news(self.waits.told).await?,
                None => mailbox.wait_for_news(self.waits.look).await?,
            }
        }
    }

    /// Takes all that lies there, a group at a time. Gives how soon it has to look again, where that is not for news to tell.
    async fn look(&mut self, mailbox: &mut Mailbox) -> Result<Option<Duration>, MailboxError> {
        let waiting = mailbox.waiting().await?;
        self.progress.forget_all_but(&waiting);
        let mut again = None;
        let todo: Vec<u32> = waiting.into_iter().filter(|uid| !self.progress.is_given_up(*uid)).collect();
        for group in todo.chunks(GROUP) {
            let mut stuck = None;
            for uid in group {
                if stuck.is_some() || self.progress.place(*uid).is_some() {
                    continue;
                }
                match self.take(mailbox, *uid).await? {
                    Took::Done => {}
                    Took::Later(wait) => again = Some(wait),
                    Took::Stuck(wait) => stuck = Some(wait),
                }
            }
            self.clear(mailbox, group).await?;
            if stuck.is_some() {
                return Ok(stuck);
            }
        }
        Ok(again)
    }

    /// Reads one mail and has it recorded.
    async fn take(&mut self, mailbox: &mut Mailbox, uid: u32) -> Result<Took, MailboxError> {
        // Noted before: a mail that ends the connection each time must not be the only one that is ever read.
        if self.progress.failed(uid) {
            self.metrics.mailbox_mail("unreadable");
            tracing::warn!(uid, "the mail server can't hand this mail over; it stays in the mailbox of returned mail");
            return Ok(Took::Done);
        }
        let mut raw = match mailbox.read(uid, INCOMING_MAX_OCTETS + 1).await {
            Ok(Some(raw)) => raw,
            Ok(None) | Err(MailboxError::Refused(_)) => return Ok(Took::Later(self.waits.in_hand)),
            Err(error) => return Err(error),
        };
        self.progress.worked(uid);
        if raw.len() > INCOMING_MAX_OCTETS {
            raw.truncate(BEGINNING_OCTETS);
        }
        match self.inbound.take(raw).await {
            Ok(taken) if taken.recorded == Recorded::TooEarly => {
                self.metrics.mailbox_mail("later");
                Ok(Took::Later(self.waits.in_hand))
            }
            Ok(taken) => {
                self.refusals = 0;
                self.metrics.mailbox_mail(if taken.ours { "recorded" } else { "unmatched" });
                // What is no report may be a person's.
                let report = taken.ours && !matches!(taken.kind, ReturnKind::Answer | ReturnKind::Other);
                self.progress.recorded(uid, if report { Place::Gone } else { Place::Aside });
                Ok(Took::Done)
            }
            Err(error) => {
                self.metrics.mailbox_mail("later");
                self.refusals = self.refusals.saturating_add(1);
                let wait = self.grown(self.refusals);
                tracing::error!(%error, again_in = ?wait, "returned mail can't be recorded now; it stays in its mailbox");
                Ok(Took::Stuck(wait))
            }
        }
    }

    /// Removes or moves those of a group that are on record. A server that refuses is asked again at the next look.
    async fn clear(&mut self, mailbox: &mut Mailbox, group: &[u32]) -> Result<(), MailboxError> {
        let of = |place| group.iter().copied().filter(|uid| self.progress.place(*uid) == Some(place)).collect::<Vec<u32>>();
        let (gone, aside) = (of(Place::Gone), of(Place::Aside));
        allowed(mailbox.remove(&gone).await)?;
        allowed(mailbox.set_aside(&aside).await)
    }

    /// The wait after so many failures in a row.
    fn grown(&self, failures: u32) -> Duration {
        let doubled = 2_u32.saturating_pow(failures.saturating_sub(1));
        self.waits.first_retry.saturating_mul(doubled).min(self.waits.longest_retry)
    }
}

/// A server that does not let mail go costs the others nothing.
fn allowed(done: Result<(), MailboxError>) -> Result<(), MailboxError> {
    let Err(error @ MailboxError::Refused(_)) = done else { return done };
    tracing::warn!(%error, "mail that is on record stays in the mailbox of returned mail");
    Ok(())
}
