//! Evidence of where officials stand: by hand, and from a file in the browser.

use super::positions_plan::{PositionsPlan, piece_in_words};
use super::{AuditDetail, Import, StaffActions};
use crate::domain::{Actor, AuditAction, Position, Timestamp, UsState};
use crate::store::evidence::{self, Told};
use crate::store::uploads::Upload;
use crate::store::{Reader, StoreError, Tx, positions};

impl StaffActions {
    /// Keeps a piece of evidence, in the place of another where that is given: its id, and its words as they were shown. One
    /// that reads otherwise by now counts as gone, so that nobody undoes a correction without seeing it.
    ///
    /// # Errors
    /// When the database can't keep it.
    pub async fn tell(
        &self,
        who: &Actor,
        state: UsState,
        told: Position,
        instead: Option<(i64, String)>,
    ) -> Result<Told, StoreError> {
        let now = self.clock.now();
        let deed = if instead.is_some() { AuditAction::PositionCorrected } else { AuditAction::PositionAdded };
        let keep = move |tx: &mut Tx<'_>| {
            let words = piece_in_words(&told);
            if let Some((id, shown)) = &instead
                && !reads(tx, *id, shown)?
            {
                return Ok((Told::Gone, None));
            }
            let kept = evidence::tell(tx, state, &told, instead.as_ref().map(|(id, _)| *id), now)?;
            let Told::Kept(id) = kept else { return Ok((kept, None)) };
            let before = instead.map(|(_, shown)| format!("{shown} -> ")).unwrap_or_default();
            Ok((kept, Some(AuditDetail::of(format!("position {id}"), before + &words))))
        };
        let kept = self.act(who, deed, keep).await?;
        self.look_again().await;
        Ok(kept)
    }

    /// Takes a piece of evidence away, if it still reads as it was shown. False when it does not, or is not there any more.
    ///
    /// # Errors
    /// When the database can't keep it.
    pub async fn take_back(&self, who: &Actor, id: i64, shown: String) -> Result<bool, StoreError> {
        let take = move |tx: &mut Tx<'_>| {
            if !reads(tx, id, &shown)? {
                return Ok((false, None));
            }
            evidence::take(tx, id)?;
            Ok((true, Some(AuditDetail::of(format!("position {id}"), shown))))
        };
        let taken = self.act(who, AuditAction::PositionDeleted, take).await?;
        self.look_again().await;
        Ok(taken)
    }
}

impl Import for PositionsPlan {
    const KIND: &'static str = "positions";
    /// It is read together with who is in office.
    type File = ();
    type Choices = ();

    fn read(_: &Upload) -> Result<(), String> {
        Ok(())
    }

    fn of(conn: &mut Reader, upload: Upload, (): (), (): (), now: Timestamp) -> Result<Result<Self, String>, StoreError> {
        let plan = Self::of(conn, upload.state, &[(upload.name, upload.body)], now)?;
        Ok(plan.map_err(|error| error.to_string()))
    }

    fn fingerprint(&self) -> String {
        self.fingerprint()
    }

    fn is_refused(&self) -> bool {
        false
    }

    fn import(&self, tx: &mut Tx<'_>, who: Actor, now: Timestamp) -> Result<(), StoreError> {
        positions::import(tx, self.state, &self.evidence, now)?;
        self.note(tx, who, now)
    }
}

/// Whether the piece is on record and reads so.
fn reads(tx: &mut Tx<'_>, id: i64, shown: &str) -> Result<bool, StoreError> {
    Ok(evidence::by_id(tx.reader(), id)?.is_some_and(|(_, told)| piece_in_words(&told) == shown))
}
