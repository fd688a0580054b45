//! What staff take out of the service.

use super::{Desk, Noted};
use crate::domain::{Actor, Deed, Slug};
use crate::store::{StoreError, Tx};

impl Desk {
    /// Notes that a list of people or letters is taken out, before its first line is read.
    ///
    /// # Errors
    /// When the database can't keep the note: then nothing may be taken out.
    pub async fn note_export(&self, who: &Actor, deed: Deed, campaign: &Slug) -> Result<(), StoreError> {
        let subject = format!("campaign {campaign}");
        self.act(who, deed, move |_: &mut Tx<'_>| Ok(((), Some(Noted::of(subject, ""))))).await
    }
}
