//! A file in the browser: it is uploaded, what it would change is shown, and exactly that is approved.

use super::StaffActions;
use crate::domain::{Actor, Timestamp, Token, UsState};
use crate::store::uploads::{self, Upload};
use crate::store::{Reader, StoreError, Tx};

/// What an uploaded file would change, held against what is known now.
pub trait Import: Sized + Send + 'static {
    /// The kind of upload, as it is stored.
    const KIND: &'static str;
    /// The file as it is read before anything is known.
    type File: Send + 'static;
    /// What a person says beside the file.
    type Choices: Default + Send + 'static;

    /// Reads the file.
    ///
    /// # Errors
    /// What is wrong with it, with every line.
    fn read(upload: &Upload) -> Result<Self::File, String>;

    /// Holds the file against what is known.
    ///
    /// # Errors
    /// Outside when the database can't be read; inside what is wrong with the file, with every line.
    fn of(
        conn: &mut Reader,
        upload: Upload,
        file: Self::File,
        choices: Self::Choices,
        now: Timestamp,
    ) -> Result<Result<Self, String>, StoreError>;

    /// The same for two that show the same.
    fn fingerprint(&self) -> String;

    /// Whether something speaks against it, and nobody insists.
    fn is_refused(&self) -> bool;

    /// Makes the changes, and notes who did it.
    ///
    /// # Errors
    /// When the database can't keep them.
    fn import(&self, tx: &mut Tx<'_>, who: Actor, now: Timestamp) -> Result<(), StoreError>;
}

/// What became of approving an upload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Approved {
    /// It is imported.
    Done,
    /// It is not there any more: imported already, or too old.
    Gone,
    /// It would change something else than what was shown: nothing was imported.
    Changed,
    /// Something speaks against it, and nobody insists: nothing was imported.
    Refused,
}

impl StaffActions {
    /// Keeps an uploaded file for an hour, if it can be read; gives the id that it is found by.
    ///
    /// # Errors
    /// Outside when the database can't keep it; inside what is wrong with the file, with every line.
    pub async fn upload<I: Import>(
        &self,
        state: UsState,
        name: String,
        body: Vec<u8>,
    ) -> Result<Result<Token, String>, StoreError> {
        let (upload, now) = (Upload { state, name, body }, self.clock.now());
        // On a thread that may take its time.
        let look = move |conn: &mut Reader| {
            let wrong = match I::read(&upload) {
                Ok(file) => I::of(conn, upload.clone(), file, I::Choices::default(), now)?.err(),
                Err(wrong) => Some(wrong),
            };
            Ok((upload, wrong))
        };
        let (upload, wrong) = self.store.read(look).await?;
        if let Some(wrong) = wrong {
            return Ok(Err(wrong));
        }
        let id = Token::random();
        let hash = id.hash();
        self.store.write(move |tx| uploads::keep(tx, &hash, I::KIND, &upload, now)).await?;
        Ok(Ok(id))
    }

    /// What the uploaded file would change now; `None` when it was imported already or is too old.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn uploaded<I: Import>(&self, id: &Token, choices: I::Choices) -> Result<Option<I>, StoreError> {
        let (hash, now) = (id.hash(), self.clock.now());
        let show = move |conn: &mut Reader| {
            let Some(upload) = uploads::find(conn, &hash, I::KIND, now)? else { return Ok(None) };
            let file = I::read(&upload).map_err(unreadable)?;
            I::of(conn, upload, file, choices, now)?.map(Some).map_err(unreadable)
        };
        self.store.read(show).await
    }

    /// Imports the uploaded file, if it changes exactly what `shown`, the fingerprint, stands for.
    ///
    /// # Errors
    /// When the database can't keep it.
    pub async fn approve<I: Import>(
        &self,
        who: &Actor,
        id: &Token,
        choices: I::Choices,
        shown: String,
    ) -> Result<Approved, StoreError> {
        let (hash, now, who) = (id.hash(), self.clock.now(), who.clone());
        // Read outside of the write, which everybody waits for.
        let find = {
            let hash = hash.clone();
            move |conn: &mut Reader| {
                let Some(upload) = uploads::find(conn, &hash, I::KIND, now)? else { return Ok(None) };
                let file = I::read(&upload).map_err(unreadable)?;
                Ok(Some((upload, file)))
            }
        };
        let Some((upload, file)) = self.store.read(find).await? else { return Ok(Approved::Gone) };
        let import = move |tx: &mut Tx<'_>| {
            let found = I::of(tx.reader(), upload, file, choices, now)?.map_err(unreadable)?;
            if found.fingerprint() != shown {
                return Ok(Approved::Changed);
            }
            if found.is_refused() {
                return Ok(Approved::Refused);
            }
            if !uploads::take(tx, &hash)? {
                return Ok(Approved::Gone);
            }
            found.import(tx, who, now)?;
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

/// It could be read when it came in; what is wrong with it may quote it, and stays out of the log.
fn unreadable(_: String) -> StoreError {
    StoreError::unknown_value("an uploaded file that can't be read any more")
}
