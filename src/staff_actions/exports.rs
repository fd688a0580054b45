//! What staff take out of the service.

use super::{AuditDetail, StaffActions};
use crate::domain::{Actor, AuditAction, Slug};
use crate::store::{StoreError, Tx};

impl StaffActions {
    /// Notes that a list of people or letters is taken out, before its first line is read.
    ///
    /// # Errors
    /// When the database can't keep the note: then nothing may be taken out.
    pub async fn note_export(&self, who: &Actor, deed: AuditAction, campaign: &Slug) -> Result<(), StoreError> {
        let subject = format!("campaign {campaign}");
        self.act(who, deed, move |_: &mut Tx<'_>| Ok(((), Some(AuditDetail::of(subject, ""))))).await
    }
}
