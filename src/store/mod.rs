//! The only room that knows diesel: what is kept, and how it changes.
//!
//! All changes go through one writer thread that commits in groups ([`Store::write`]); reads go through a small
//! pool ([`Store::read`]). Neither ever runs on an async thread, and no transaction is open across an `.await`.
//! One folder per subject, whose `mod.rs` says what it offers: plain functions over a connection or a [`Tx`].

mod batch;
pub mod campaigns;
mod columns;
mod connection;
pub mod copies;
pub mod counts;
pub mod health;
pub mod letters;
mod literal;
mod lock;
pub mod officials;
mod personal;
pub mod places;
#[cfg(test)]
mod plan;
mod schema;
pub mod sending;
pub mod settings;
pub mod signups;
pub mod staff;
mod writer;

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use diesel::sqlite::SqliteConnection;

// The names by which other rooms know what stands in the folders.
pub use campaigns::{asks, versions};
pub use letters::{
    acts as letter_acts, events as letter_events, history as letter_history, messages, problems as letter_problems,
    search as letter_search, story as letter_story,
};
pub use officials::{evidence, offices, positions, terms};
pub use places::{boundaries, street_towns, streets};
pub use sending::{
    answers, attempts, blocks, caps, depth, gates, inbound, mailboxes, pauses, queue, staff_mails, steering, trouble,
};
pub use signups::{constituents, exports, life as signup_life, notices_due, search as supporter_search};
pub use staff::{api_tokens, audit, doors as staff_doors, uploads, webhook_events, webhooks};
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
        use std::error::Error as _;
        // Diesel names the column of a value that can't be read, and what is wrong with it only as the cause behind that.
        if let (diesel::result::Error::DeserializationError(_), Some(cause)) = (&error, error.source()) {
            return Self::unknown_value(format_args!("{cause} ({error})"));
        }
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
    /// Others may use the database too, and nobody may put a copy in its place.
    _lock: Arc<lock::Lock>,
    /// Something was erased that the log still holds.
    erased: Arc<AtomicBool>,
}

/// Who is told how many changes a commit held.
type Commits = Arc<OnceLock<Box<dyn Fn(usize) + Send + Sync>>>;

impl Store {
    /// Opens the SQLite file at `path`, making and migrating it where needed.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let refused = |cause: std::io::Error| StoreError::Open { path: path.display().to_string(), cause: cause.to_string() };
        let lock = lock::share(path).map_err(refused)?;
        let first = connection::open_and_migrate(path)?;
        let commits = Commits::default();
        let writer = writer::Writer::start(first, Arc::clone(&commits));
        Ok(Self {
            writer,
            readers: connection::readers(path)?,
            path: path.into(),
            commits,
            _lock: Arc::new(lock),
            erased: Arc::new(AtomicBool::new(true)),
        })
    }

    /// The database to oneself, as long as what it gives lives, without opening it; `None` while anybody uses it.
    pub fn lock_alone(path: &Path) -> Result<Option<lock::Lock>, StoreError> {
        lock::alone(path).map_err(|cause| StoreError::Open { path: path.display().to_string(), cause: cause.to_string() })
    }

    /// Brings all that was written into the file itself, which then stands for itself, and lets it go.
    pub fn close(self) -> Result<(), StoreError> {
        for _ in 0..10 {
            if connection::empty_log(&self.path)? {
                return Ok(());
            }
        }
        Err(StoreError::Busy)
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
