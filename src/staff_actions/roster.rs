//! The roster in the browser.

use super::Import;
use super::roster_plan::{RosterChoices, RosterPlan};
use crate::domain::{Actor, Timestamp};
use crate::roster::{RosterFile, read_people};
use crate::store::uploads::Upload;
use crate::store::{Reader, StoreError, Tx};

/// What an uploaded roster would change now.
pub struct ShownRoster {
    /// The changes.
    pub plan: RosterPlan,
    /// The file's name.
    pub name: String,
    /// The rows of the file that are left out, each with the reason.
    pub skipped: Vec<String>,
}

impl Import for ShownRoster {
    const KIND: &'static str = "roster";
    type File = RosterFile;
    type Choices = RosterChoices;

    fn read(upload: &Upload) -> Result<RosterFile, String> {
        read_people(upload.body.as_slice(), &upload.name).map_err(|error| error.to_string())
    }

    fn of(
        conn: &mut Reader,
        upload: Upload,
        file: RosterFile,
        choices: RosterChoices,
        now: Timestamp,
    ) -> Result<Result<Self, String>, StoreError> {
        let RosterFile { people, skipped } = file;
        let plan = RosterPlan::of(conn, upload.state, people, choices, now)?;
        Ok(Ok(Self { plan, name: upload.name, skipped }))
    }

    fn fingerprint(&self) -> String {
        self.plan.fingerprint()
    }

    fn is_refused(&self) -> bool {
        self.plan.is_refused()
    }

    fn import(&self, tx: &mut Tx<'_>, who: Actor, now: Timestamp) -> Result<(), StoreError> {
        self.plan.import(tx, who, now)
    }
}
