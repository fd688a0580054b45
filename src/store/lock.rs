//! Who uses a database: everybody who opens it shares a lock, and whoever puts a copy in its place has it alone. The lock is a file
//! beside the database, since SQLite forgets its own locks when another part of the process closes the file itself.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

/// Held as long as it lives.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// The shared lock; an error while somebody has it alone.
pub(super) fn share(database: &Path) -> io::Result<Lock> {
    take(database, false)?.ok_or_else(|| io::Error::other("a copy is being put in its place; try again in a moment"))
}

/// The lock alone; `None` while anybody uses the database.
pub(super) fn alone(database: &Path) -> io::Result<Option<Lock>> {
    take(database, true)
}

fn take(database: &Path, alone: bool) -> io::Result<Option<Lock>> {
    let mut name = database.as_os_str().to_owned();
    name.push(".lock");
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(name)?;
    #[cfg(unix)]
    {
        use rustix::fs::{FlockOperation, flock};
        let how = if alone { FlockOperation::NonBlockingLockExclusive } else { FlockOperation::NonBlockingLockShared };
        match flock(&file, how) {
            Err(rustix::io::Errno::WOULDBLOCK) => return Ok(None),
            taken => taken?,
        }
    }
    let _ = alone;
    Ok(Some(Lock { _file: file }))
}
