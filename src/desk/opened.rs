//! What staff look at that is personal.

use super::{Desk, Noted};
use crate::domain::{Actor, Deed};
use crate::store::{StoreError, Tx};

impl Desk {
    /// Notes that something personal is opened, before it is: `subject` names it by ids.
    ///
    /// # Errors
    /// When the database can't keep the note: then nothing may be opened.
    pub async fn note_opened(&self, who: &Actor, deed: Deed, subject: String) -> Result<(), StoreError> {
        self.act(who, deed, move |_: &mut Tx<'_>| Ok(((), Some(Noted::of(subject, ""))))).await
    }
}
