//! Evidence of where officials stand: by hand, and from an upload of which exactly what was shown is approved.

use super::positions_plan::{PositionsPlan, piece_in_words};
use super::{Approved, AuditDetail, StaffActions};
use crate::domain::{Actor, AuditAction, Position, Timestamp, Token, UsState};
use crate::roster::SheetError;
use crate::store::evidence::{self, Told};
use crate::store::uploads::{self, Upload};
use crate::store::{Reader, StoreError, Tx, positions};

/// The kind of upload.
const KIND: &str = "positions";

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

    /// Keeps an uploaded file of evidence for an hour, if it can be read; gives the id that it is found by.
    ///
    /// # Errors
    /// Outside when the database can't keep it; inside what is wrong with the file, with every line.
    pub async fn upload_positions(
        &self,
        state: UsState,
        name: String,
        body: Vec<u8>,
    ) -> Result<Result<Token, SheetError>, StoreError> {
        let (id, now) = (Token::random(), self.clock.now());
        let hash = id.hash();
        let (file, read) = self
            .store
            .read(move |conn| {
                let file = (name, body);
                let read = PositionsPlan::of(conn, state, std::slice::from_ref(&file), now)?;
                Ok((file, read.map(|_| ())))
            })
            .await?;
        if let Err(error) = read {
            return Ok(Err(error));
        }
        let upload = Upload { state, name: file.0, body: file.1 };
        self.store.write(move |tx| uploads::keep(tx, &hash, KIND, &upload, now)).await?;
        Ok(Ok(id))
    }

    /// What the uploaded evidence would change now; `None` when it was imported already or is too old.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn uploaded_positions(&self, id: &Token) -> Result<Option<PositionsPlan>, StoreError> {
        let (hash, now) = (id.hash(), self.clock.now());
        self.store
            .read(move |conn| uploads::find(conn, &hash, KIND, now)?.map(|upload| replan(conn, upload, now)).transpose())
            .await
    }

    /// Imports the uploaded evidence, if it changes exactly what `shown`, the fingerprint of its plan, stands for.
    ///
    /// # Errors
    /// When the database can't keep it.
    pub async fn approve_positions(&self, who: &Actor, id: &Token, shown: String) -> Result<Approved, StoreError> {
        let (hash, now, who) = (id.hash(), self.clock.now(), who.clone());
        let import = move |tx: &mut Tx<'_>| {
            let Some(upload) = uploads::find(tx.reader(), &hash, KIND, now)? else { return Ok(Approved::Gone) };
            let plan = replan(tx.reader(), upload, now)?;
            if plan.fingerprint() != shown {
                return Ok(Approved::Changed);
            }
            uploads::take(tx, &hash)?;
            positions::import(tx, plan.state, &plan.evidence, now)?;
            plan.note(tx, who, now)?;
            Ok(Approved::Done)
        };
        let approved = self.store.write(import).await?;
        self.look_again().await;
        Ok(approved)
    }
}

/// It could be read when it came in.
fn replan(conn: &mut Reader, upload: Upload, now: Timestamp) -> Result<PositionsPlan, StoreError> {
    let plan = PositionsPlan::of(conn, upload.state, &[(upload.name, upload.body)], now)?;
    plan.map_err(|_| StoreError::unknown_value("uploaded evidence that can't be read"))
}

/// Whether the piece is on record and reads so.
fn reads(tx: &mut Tx<'_>, id: i64, shown: &str) -> Result<bool, StoreError> {
    Ok(evidence::by_id(tx.reader(), id)?.is_some_and(|(_, told)| piece_in_words(&told) == shown))
}
