//! What staff look at that is personal.

use super::{AuditDetail, StaffActions};
use crate::domain::{Actor, AuditAction};
use crate::store::{StoreError, Tx};

impl StaffActions {
    /// Notes that something personal is opened, before it is: `subject` names it by ids.
    ///
    /// # Errors
    /// When the database can't keep the note: then nothing may be opened.
    pub async fn note_opened(&self, who: &Actor, deed: AuditAction, subject: String) -> Result<(), StoreError> {
        self.act(who, deed, move |_: &mut Tx<'_>| Ok(((), Some(AuditDetail::of(subject, ""))))).await
    }
}
