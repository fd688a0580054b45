//! The only room that knows diesel: what is kept, and how it changes.
//!
//! All changes go through one writer thread that commits in groups ([`Store::write`]); reads go through a small
//! pool ([`Store::read`]). Neither ever runs on an async thread, and no transaction is open across an `.await`.
//! One file per aggregate; each is plain functions over a connection or a [`Tx`].

pub mod answers;
pub mod api_tokens;
pub mod asks;
pub mod attempts;
pub mod audit;
mod batch;
pub mod blocks;
pub mod boundaries;
pub mod campaigns;
pub mod caps;
mod claim;
mod connection;
pub mod constituents;
pub mod counts;
pub mod depth;
pub mod evidence;
pub mod exports;
pub mod gates;
pub mod health;
pub mod inbound;
pub mod letter_acts;
pub mod letter_events;
pub mod letter_history;
pub mod letter_search;
pub mod letter_story;
pub mod letters;
mod literal;
pub mod mailboxes;
pub mod messages;
mod moves;
pub mod notices_due;
pub mod offices;
pub mod pauses;
pub mod places;
#[cfg(test)]
mod plan;
pub mod positions;
pub mod queue;
mod schema;
mod schema_api;
mod schema_audit;
mod schema_inbound;
mod schema_staff;
mod schema_staff_mails;
mod schema_steering;
mod schema_streets;
mod schema_uploads;
mod schema_webhooks;
pub mod settings;
pub mod signup_life;
pub mod signups;
pub mod staff;
pub mod staff_doors;
pub mod staff_mails;
pub mod steering;
pub mod street_towns;
pub mod streets;
pub mod supporter_search;
pub mod terms;
pub mod trouble;
pub mod uploads;
pub mod versions;
pub mod webhook_events;
pub mod webhooks;
mod writer;

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use diesel::sqlite::SqliteConnection;

pub use writer::Tx;

/// A connection that only reads.
pub type Reader = SqliteConnection;

/// What can go wrong with the store. The texts name tables and causes, never a person.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file can't be opened or brought to this version's shape.
    #[error(
        "the database {path} can't be opened: {cause}. Check that its folder exists, that this user may write there, and that the disk is not full"
    )]
    Open {
        /// The database file.
        path: String,
        /// What the system said.
        cause: String,
    },
    /// So much is waiting to be written that more would only grow the line.
    #[error("too much is waiting to be written; try again in a few seconds")]
    Busy,
    /// The database refused; nothing of the change was kept.
    #[error("the database could not {doing}: {cause}")]
    Failed {
        /// What was being done.
        doing: &'static str,
        /// What SQLite said.
        cause: String,
    },
    /// A row holds a value that this version does not know.
    #[error("the database holds {what}, which this version does not know; was it written by a newer one?")]
    UnknownValue {
        /// The value and where it stands.
        what: String,
    },
    /// A message was to make a move that its life does not have.
    #[error(transparent)]
    Move(#[from] crate::domain::ForbiddenMove),
}

impl From<diesel::result::Error> for StoreError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Failed { doing: "carry out a statement", cause: error.to_string() }
    }
}

impl StoreError {
    pub(crate) fn unknown_value(what: impl std::fmt::Display) -> Self {
        Self::UnknownValue { what: what.to_string() }
    }
}

/// The database: one writer, several readers. Cloning it is cheap and shares both.
#[derive(Clone)]
pub struct Store {
    writer: writer::Writer,
    readers: connection::Readers,
    path: Arc<Path>,
    commits: Commits,
    /// Something was erased that the log still holds.
    erased: Arc<AtomicBool>,
}

/// Who is told how many changes a commit held.
type Commits = Arc<OnceLock<Box<dyn Fn(usize) + Send + Sync>>>;

impl Store {
    /// Opens the SQLite file at `path`, making and migrating it where needed.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let first = connection::open_and_migrate(path)?;
        let commits = Commits::default();
        let writer = writer::Writer::start(first, Arc::clone(&commits));
        Ok(Self {
            writer,
            readers: connection::readers(path)?,
            path: path.into(),
            commits,
            erased: Arc::new(AtomicBool::new(true)),
        })
    }

    /// Tells `observer` of every commit how many changes it held. Only the first one is told.
    pub fn observe_commits(&self, observer: impl Fn(usize) + Send + Sync + 'static) {
        let _ = self.commits.set(Box::new(observer));
    }

    /// The database file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Carries out `work` in the writer's next group and answers after the commit is durable.
    /// When `work` fails or panics nothing of it is kept, and the other jobs of the group are not touched.
    pub async fn write<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        self.writer.submit(work)?.await.map_err(|_| writer::gone())?
    }

    /// [`Store::write`] for a thread that may block, such as a command's.
    pub fn write_blocking<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        self.writer.submit(work)?.blocking_recv().map_err(|_| writer::gone())?
    }

    /// Waits until nothing can be written any more, because the writer has died: a fault in this program, after which only a new
    /// process helps.
    pub async fn writer_died(&self) {
        self.writer.ended().await;
    }

    /// Whether a change would be carried out now: one that changes nothing goes through the queue to the database.
    pub async fn can_write(&self) -> Result<(), StoreError> {
        self.write(|_| Ok(())).await
    }

    /// Says that somebody was erased: [`Store::empty_log`] has something to do. So it has after a start.
    pub fn note_erased(&self) {
        self.erased.store(true, Ordering::Release);
    }

    /// Whether somebody was erased of whom older pages may still tell.
    #[must_use]
    pub fn has_erased(&self) -> bool {
        self.erased.load(Ordering::Acquire)
    }

    /// Where somebody was erased, brings the write-ahead log into the file, where what was deleted is overwritten, and leaves it
    /// empty: until then their data stands in its older pages. False while somebody still reads an older state; ask again then.
    pub async fn empty_log(&self) -> Result<bool, StoreError> {
        if !self.erased.swap(false, Ordering::AcqRel) {
            return Ok(true);
        }
        let path = Arc::clone(&self.path);
        let emptied = tokio::task::spawn_blocking(move || connection::empty_log(&path)).await.map_err(|_| writer::gone())?;
        if !matches!(emptied, Ok(true)) {
            self.note_erased();
        }
        emptied
    }

    /// Reads on a thread that may block, and sees all that was committed before.
    pub async fn read<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Reader) -> Result<T, StoreError> + Send + 'static,
    {
        let readers = self.readers.clone();
        tokio::task::spawn_blocking(move || connection::with_reader(&readers, work))
            .await
            .map_err(|_| writer::fault("be read"))?
    }

    /// [`Store::read`] for a thread that may block.
    pub fn read_blocking<T>(&self, work: impl FnOnce(&mut Reader) -> Result<T, StoreError>) -> Result<T, StoreError> {
        connection::with_reader(&self.readers, work)
    }
}
