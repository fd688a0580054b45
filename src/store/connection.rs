//! Connections: how SQLite is set up, and the shape of the tables kept up to date.

use std::path::Path;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::r2d2;
use diesel::r2d2::{ConnectionManager, CustomizeConnection, Pool};
use diesel::sql_types::Integer;
use diesel::sqlite::SqliteConnection;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::store::StoreError;

pub(super) const MIGRATIONS: EmbeddedMigrations = embed_migrations!();

/// For the writer alone: a larger cache, and what is deleted is overwritten with zeros, so that erased words do not stay
/// in free pages of the file. The write-ahead log holds older pages until [`empty_log`].
///
/// What the log holds goes into the file every 4,000 pages (16 MB) instead of every 1,000: the pages that each commit
/// changes, counts and ends of indexes, are written there a fourth as often.
const WRITER_PRAGMAS: &str = "PRAGMA cache_size = -8000; PRAGMA secure_delete = ON; PRAGMA wal_autocheckpoint = 4000;";

/// The waiting time comes first: the statements after it may already meet a lock. `FULL` makes a commit survive
/// power loss also in WAL mode, where `NORMAL` may forget the last ones (<https://www.sqlite.org/pragma.html#pragma_synchronous>).
const PRAGMAS: &str = "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
     PRAGMA temp_store = MEMORY; PRAGMA journal_size_limit = 67108864;";

pub(super) type Readers = Pool<ConnectionManager<SqliteConnection>>;

#[derive(Debug)]
struct ReadOnly;

impl CustomizeConnection<SqliteConnection, r2d2::Error> for ReadOnly {
    fn on_acquire(&self, connection: &mut SqliteConnection) -> Result<(), r2d2::Error> {
        connection
            .batch_execute(PRAGMAS)
            .and_then(|()| connection.batch_execute("PRAGMA query_only = ON;"))
            .map_err(r2d2::Error::QueryError)
    }
}

/// The writer's connection, with the tables in this version's shape.
pub(super) fn open_and_migrate(path: &Path) -> Result<SqliteConnection, StoreError> {
    let failed = |cause: String| StoreError::Open { path: path.display().to_string(), cause };
    let mut connection = SqliteConnection::establish(&path.to_string_lossy()).map_err(|e| failed(e.to_string()))?;
    connection.batch_execute(PRAGMAS).map_err(|e| failed(e.to_string()))?;
    connection.batch_execute(WRITER_PRAGMAS).map_err(|e| failed(e.to_string()))?;
    connection.run_pending_migrations(MIGRATIONS).map_err(|e| failed(e.to_string()))?;
    Ok(connection)
}

/// Copies what the log holds into the file and cuts the log to nothing. False when a reader or the writer was in the way for
/// half a second (<https://www.sqlite.org/pragma.html#pragma_wal_checkpoint>).
pub(super) fn empty_log(path: &Path) -> Result<bool, StoreError> {
    #[derive(QueryableByName)]
    struct Checkpoint {
        #[diesel(sql_type = Integer)]
        busy: i32,
    }
    let failed = |cause: String| StoreError::Failed { doing: "empty its log", cause };
    let mut connection = SqliteConnection::establish(&path.to_string_lossy()).map_err(|e| failed(e.to_string()))?;
    connection.batch_execute("PRAGMA busy_timeout = 500;")?;
    let done: Checkpoint = diesel::sql_query("PRAGMA wal_checkpoint(TRUNCATE)").get_result(&mut connection)?;
    Ok(done.busy == 0)
}

pub(super) fn readers(path: &Path) -> Result<Readers, StoreError> {
    Pool::builder()
        .max_size(4)
        .min_idle(Some(1))
        .connection_timeout(Duration::from_secs(5))
        .connection_customizer(Box::new(ReadOnly))
        .build(ConnectionManager::new(path.to_string_lossy()))
        .map_err(|e| StoreError::Open { path: path.display().to_string(), cause: e.to_string() })
}

/// A whole read sees one state of the database, also when it takes several queries.
pub(super) fn with_reader<T>(
    readers: &Readers,
    work: impl FnOnce(&mut SqliteConnection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let mut connection = readers.get().map_err(|_| StoreError::Busy)?;
    (*connection).transaction(work)
}
