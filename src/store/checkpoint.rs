//! Moving what was committed from the write-ahead log into the database file, beside the writer instead of in its way.
//!
//! SQLite does this by itself when the log has grown, in the thread that commits: whoever waits for that commit waits
//! for the disk twice. A passive checkpoint (<https://www.sqlite.org/wal.html#ckpt>) disturbs neither writer nor readers.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use diesel::Connection;
use diesel::connection::SimpleConnection;
use diesel::sqlite::SqliteConnection;

use super::StoreError;
use super::connection::PRAGMAS;

/// How often the log is looked at.
const EVERY: Duration = Duration::from_millis(100);

/// The thread's leash: it ends when this is dropped.
pub(super) struct Checkpointer {
    _stop: SyncSender<()>,
}

impl Checkpointer {
    pub(super) fn start(path: &Path) -> Result<Self, StoreError> {
        let failed = |cause: String| StoreError::Open { path: path.display().to_string(), cause };
        let mut connection = SqliteConnection::establish(&path.to_string_lossy()).map_err(|e| failed(e.to_string()))?;
        connection.batch_execute(PRAGMAS).map_err(|e| failed(e.to_string()))?;
        let (stop, stopped) = sync_channel(0);
        let log = log_of(path);
        thread::Builder::new()
            .name("checkpoint".into())
            .spawn(move || serve(&mut connection, &log, &stopped))
            .map_err(|e| failed(e.to_string()))?;
        Ok(Self { _stop: stop })
    }
}

fn log_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-wal");
    name.into()
}

fn serve(connection: &mut SqliteConnection, log: &Path, stopped: &Receiver<()>) {
    let mut seen = None;
    while stopped.recv_timeout(EVERY) == Err(RecvTimeoutError::Timeout) {
        let changed = std::fs::metadata(log).and_then(|log| log.modified()).ok();
        if changed != seen {
            seen = changed;
            // What can't be moved now is moved at the next look, and by the writer when the log grows too long.
            let _ = connection.batch_execute("PRAGMA wal_checkpoint(PASSIVE)");
        }
    }
}
