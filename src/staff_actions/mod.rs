//! What staff do. Each act and its line in the audit log commit together, or neither does.
//!
//! Pages ask for an act here and never write themselves. The files are named after what the acts are about.

mod answers;
mod api_tokens;
mod campaigns;
mod letters;
mod people;
mod positions;
mod positions_plan;
mod roster;
mod roster_plan;
mod steering;
mod texts;
mod uploads;
mod webhooks;

use std::sync::Arc;

use tokio::sync::Notify;

use crate::domain::{Actor, AuditAction, AuditEntry, Clock};
use crate::intake::Intake;
use crate::store::{Store, StoreError, Tx, audit};

pub use campaigns::Made;
pub use people::{INVITE_LASTS, Managed};
pub use positions_plan::{PositionsPlan, act_in_words, in_words, piece_in_words};
pub use roster::ShownRoster;
pub use roster_plan::{RosterChoices, RosterPlan};
pub use texts::{Conflict, Edit, Saved};
pub use uploads::{Approved, Import};

pub use crate::roster::{EvidencePart, WrittenEvidence};

/// The room's door: cheap to clone, shared by every request.
#[derive(Clone)]
pub struct StaffActions {
    store: Store,
    intake: Intake,
    clock: Clock,
    /// Told when the sender should look again.
    wake: Arc<Notify>,
}

impl StaffActions {
    /// Acts on this store; `wake` has the sender look for work.
    #[must_use]
    pub fn new(store: Store, intake: Intake, clock: Clock, wake: Arc<Notify>) -> Self {
        Self { store, intake, clock, wake }
    }

    /// Has sign-ups see at once what an act changed. It is kept already: where the catalog can't be read now, the next
    /// look tries again and says why.
    async fn look_again(&self) {
        let _ = self.intake.refresh().await;
    }

    /// Carries out `work` and notes it, in one transaction. `work` gives its result and, where something was done,
    /// what the log says of it beyond the deed: subject and detail.
    async fn act<T: Send + 'static>(
        &self,
        who: &Actor,
        deed: AuditAction,
        work: impl FnOnce(&mut Tx<'_>) -> Result<(T, Option<AuditDetail>), StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (who, now) = (who.clone(), self.clock.now());
        self.store
            .write(move |tx| {
                let (result, noted) = work(tx)?;
                if let Some(AuditDetail { subject, detail }) = noted {
                    audit::note(tx, &AuditEntry { who, deed, subject, detail }, now)?;
                }
                Ok(result)
            })
            .await
    }
}

/// What the log says of an act.
struct AuditDetail {
    subject: String,
    detail: String,
}

impl AuditDetail {
    fn of(subject: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { subject: subject.into(), detail: detail.into() }
    }
}
