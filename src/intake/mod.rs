//! Accepting a sign-up, and what its writer does with it afterwards.
//!
//! The offices are found, the letters rendered and everything stored in one transaction; the answer comes after the
//! commit. What the supporter confirmed is what is sent: nothing is rendered later.

mod accept;
mod catalog;
mod coverage;
mod finding;
mod geocoding;
mod jurisdiction;
mod locate;
mod location;
mod preview;
mod sample;
mod stands;
mod tell;

use std::sync::Arc;
use std::sync::atomic::AtomicI64;

use tokio::sync::Notify;

use crate::districts::{Census, ShapeError};
use crate::domain::{Clock, Consent, EmailAddress, Timestamp, Token};
use crate::render::{Notices, TemplateError, TemplateFiles};
use crate::store::signup_life::{self, Confirmed, SignupView};
use crate::store::{Store, StoreError, terms};

use geocoding::Geocoding;

pub use accept::{Complete, Refusal};
pub use catalog::{CampaignEntry, Catalog};
pub use coverage::{Coverage, Settled};
pub use finding::{Finding, Seat, find_offices};
pub use jurisdiction::Jurisdiction;
pub use location::{Location, Spot};
pub use preview::{Preview, PreviewLetter, preview};
pub use sample::Sample;
pub use stands::{MeasureStand, StandCounts};

/// What can go wrong behind a well-formed request. The texts name no person.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A template that rendered at start does not render now.
    #[error("a template can't be used: {0}")]
    Template(#[from] TemplateError),
    /// An outline in the database that is no polygon.
    #[error("an outline in the database can't be used: {0}")]
    Outline(#[from] ShapeError),
    /// Campaigns in the database that can't be used.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Campaigns(Vec<TemplateError>),
}

/// How mails and links are addressed.
#[derive(Clone, Debug)]
pub struct Addressing {
    /// How people reach this service, without a slash at the end.
    pub public_url: String,
    /// The address that mail comes from; Message-IDs carry its domain.
    pub mail_from: EmailAddress,
}

/// The room's door: cheap to clone, shared by every request.
#[derive(Clone)]
pub struct Intake {
    store: Store,
    catalog: Arc<std::sync::RwLock<Arc<Catalog>>>,
    notices: Arc<Notices>,
    templates: TemplateFiles,
    addressing: Arc<Addressing>,
    clock: Clock,
    queued: Arc<Notify>,
    /// Asked where the operator chose it.
    geocoding: Option<Arc<Geocoding>>,
    /// Up to which sign-up receipts were looked for; from there the next look goes on.
    told_up_to: Arc<AtomicI64>,
}

impl Intake {
    /// Reads all campaigns, offices and places. `census` is asked for addresses where the operator chose it; `queued` is told whenever there is something new to send.
    pub fn start(
        store: Store,
        notices: Notices,
        templates: TemplateFiles,
        addressing: Addressing,
        census: Option<Census>,
        clock: Clock,
        queued: Arc<Notify>,
    ) -> Result<Self, IntakeError> {
        let catalog = Catalog::load(&store, &templates, None)?;
        Ok(Self {
            store,
            catalog: Arc::new(std::sync::RwLock::new(Arc::new(catalog))),
            notices: Arc::new(notices),
            templates,
            addressing: Arc::new(addressing),
            geocoding: census.map(|census| Arc::new(Geocoding::new(census, clock.clone()))),
            clock,
            queued,
            told_up_to: Arc::default(),
        })
    }

    /// Campaigns, offices and places as they are now. What it gives does not change under a request.
    #[must_use]
    pub fn catalog(&self) -> Arc<Catalog> {
        Arc::clone(&self.catalog.read().unwrap_or_else(std::sync::PoisonError::into_inner))
    }

    /// Where the frame of letters comes from.
    #[must_use]
    pub fn templates(&self) -> &TemplateFiles {
        &self.templates
    }

    /// Looks whether an import changed anything, and takes it over. True when it did. A campaign that can't be used
    /// is an error, and the catalog stays as it was.
    pub async fn refresh(&self) -> Result<bool, IntakeError> {
        let known = self.catalog();
        if self.store.read(crate::store::settings::revision).await? == known.revision {
            return Ok(false);
        }
        let (store, templates) = (self.store.clone(), self.templates.clone());
        let fresh = tokio::task::spawn_blocking(move || Catalog::load(&store, &templates, Some(&known)));
        let fresh = fresh.await.map_err(|_| StoreError::Busy)??;
        *self.catalog.write().unwrap_or_else(std::sync::PoisonError::into_inner) = Arc::new(fresh);
        Ok(true)
    }

    /// The sign-up that a link's secret belongs to; `None` for an unknown one.
    pub async fn view(&self, token: &Token) -> Result<Option<SignupView>, IntakeError> {
        let (hash, now) = (token.hash(), self.clock.now());
        Ok(self.store.read(move |conn| signup_life::view(conn, &hash, now)).await?)
    }

    /// Confirms the sign-up whose letters the person was shown, by their ids: they are on their way. `None` for an
    /// unknown secret.
    pub async fn confirm(&self, token: &Token, shown: Option<Vec<i64>>) -> Result<Option<Confirmed>, IntakeError> {
        let (hash, now) = (token.hash(), self.clock.now());
        let confirmed = self.store.write(move |tx| signup_life::confirm(tx, &hash, shown.as_deref(), now)).await?;
        self.queued.notify_one();
        Ok(confirmed)
    }

    /// Takes back the letters that are not sent yet. Gives how many; `None` for an unknown secret.
    pub async fn withdraw(&self, token: &Token) -> Result<Option<usize>, IntakeError> {
        let (hash, now) = (token.hash(), self.clock.now());
        Ok(self.store.write(move |tx| signup_life::withdraw(tx, &hash, now)).await?)
    }

    /// Takes back what the supporter agreed to beyond the letters. False for an unknown secret.
    pub async fn withdraw_consent(&self, token: &Token, consent: Consent) -> Result<bool, IntakeError> {
        let hash = token.hash();
        Ok(self.store.write(move |tx| signup_life::withdraw_consent(tx, &hash, consent)).await?)
    }

    /// The supporter says that they sent this letter. False when it is not one to report; `None` for an unknown secret.
    pub async fn self_report(&self, token: &Token, message: i64) -> Result<Option<bool>, IntakeError> {
        let (hash, now) = (token.hash(), self.clock.now());
        Ok(self.store.write(move |tx| signup_life::self_report(tx, &hash, message, now)).await?)
    }

    /// Erases the person behind the link. False for an unknown secret.
    pub async fn erase(&self, token: &Token) -> Result<bool, IntakeError> {
        let (hash, now) = (token.hash(), self.clock.now());
        let erased = self.store.write(move |tx| signup_life::erase(tx, &hash, now)).await?;
        if erased {
            self.store.note_erased();
        }
        Ok(erased)
    }

    /// Ends sign-ups whose time to confirm is over. Gives how many.
    pub async fn expire(&self) -> Result<usize, IntakeError> {
        let now = self.clock.now();
        let expired = self.store.write(move |tx| signup_life::expire(tx, 100, now)).await?;
        if expired > 0 {
            self.store.note_erased();
        }
        Ok(expired)
    }

    /// The server that addresses are sent to, where the operator chose one.
    #[must_use]
    pub fn geocoder_host(&self) -> Option<&str> {
        self.geocoding.as_ref().map(|geocoding| geocoding.host())
    }

    /// Ends the terms of officials whose last day has passed. Gives how many.
    pub async fn end_terms(&self) -> Result<usize, IntakeError> {
        let now = self.clock.now();
        Ok(self.store.write(move |tx| terms::end_terms(tx, 20, now)).await?)
    }

    /// The present, by this service's clock.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
}
