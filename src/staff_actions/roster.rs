//! The roster in the browser: a file is uploaded, what it would change is shown, and exactly that is approved.

use super::roster_plan::{RosterChoices, RosterPlan};
use super::{Approved, StaffActions};
use crate::domain::{Actor, Token, UsState};
use crate::roster::{RosterError, RosterFile, read_people};
use crate::store::uploads::{self, Upload};
use crate::store::{StoreError, Tx};

/// The kind of upload.
const KIND: &str = "roster";

/// What an uploaded roster would change now.
pub struct ShownRoster {
    /// The changes.
    pub plan: RosterPlan,
    /// The file's name.
    pub name: String,
    /// The rows of the file that are left out, each with the reason.
    pub skipped: Vec<String>,
}

impl StaffActions {
    /// Keeps an uploaded roster for an hour, if it can be read; gives the id that it is found by.
    ///
    /// # Errors
    /// Outside when the database can't keep it; inside what is wrong with the file, with every line.
    pub async fn upload_roster(
        &self,
        state: UsState,
        name: String,
        body: Vec<u8>,
    ) -> Result<Result<Token, RosterError>, StoreError> {
        let upload = Upload { state, name, body };
        // On a thread that may take its time.
        let (upload, read) = self
            .store
            .read(move |_| {
                let read = read_people(upload.body.as_slice(), &upload.name);
                Ok((upload, read))
            })
            .await?;
        if let Err(error) = read {
            return Ok(Err(error));
        }
        let (id, now) = (Token::random(), self.clock.now());
        let hash = id.hash();
        self.store.write(move |tx| uploads::keep(tx, &hash, KIND, &upload, now)).await?;
        Ok(Ok(id))
    }

    /// What the uploaded roster would change now; `None` when it was imported already or is too old.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn uploaded_roster(&self, id: &Token, choices: RosterChoices) -> Result<Option<ShownRoster>, StoreError> {
        let (hash, now) = (id.hash(), self.clock.now());
        let show = move |conn: &mut crate::store::Reader| {
            let Some(upload) = uploads::find(conn, &hash, KIND, now)? else { return Ok(None) };
            let RosterFile { people, skipped } = reread(&upload)?;
            let plan = RosterPlan::of(conn, upload.state, people, choices, now)?;
            Ok(Some(ShownRoster { plan, name: upload.name, skipped }))
        };
        self.store.read(show).await
    }

    /// Imports the uploaded roster, if it changes exactly what `shown`, the fingerprint of its plan, stands for.
    ///
    /// # Errors
    /// When the database can't keep it.
    pub async fn approve_roster(
        &self,
        who: &Actor,
        id: &Token,
        choices: RosterChoices,
        shown: String,
    ) -> Result<Approved, StoreError> {
        let (hash, now, who) = (id.hash(), self.clock.now(), who.clone());
        let found = self.store.read({
            let hash = hash.clone();
            move |conn| {
                uploads::find(conn, &hash, KIND, now)?.map(|upload| Ok((upload.state, reread(&upload)?.people))).transpose()
            }
        });
        let Some((state, people)) = found.await? else { return Ok(Approved::Gone) };
        let import = move |tx: &mut Tx<'_>| {
            let plan = RosterPlan::of(tx.reader(), state, people, choices, now)?;
            if plan.fingerprint() != shown {
                return Ok(Approved::Changed);
            }
            if plan.is_refused() {
                return Ok(Approved::Refused);
            }
            if !uploads::take(tx, &hash)? {
                return Ok(Approved::Gone);
            }
            plan.import(tx, who, now)?;
            Ok(Approved::Done)
        };
        let approved = self.store.write(import).await?;
        if approved == Approved::Done {
            self.look_again().await;
            self.wake.notify_one();
        }
        Ok(approved)
    }
}

/// It could be read when it came in.
fn reread(upload: &Upload) -> Result<RosterFile, StoreError> {
    read_people(upload.body.as_slice(), &upload.name)
        .map_err(|_| StoreError::unknown_value("an uploaded roster that can't be read"))
}
