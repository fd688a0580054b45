//! What only this service's user may look into: the database with its log, keys, and mail that lies as files.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::Config;

/// From now on, what this process makes is for its user alone, whatever the machine's own habit is. SQLite gives the log and
/// the index of it the mode of the database.
pub fn make_new_files_private() {
    #[cfg(unix)]
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
}

impl Config {
    /// Closes to others what an earlier version, a copy or a careless hand left open. Gives what it can't close because it belongs
    /// to somebody else.
    #[must_use]
    pub fn close_to_others(&self) -> Vec<PathBuf> {
        // A key that belongs to another user may be for a group that we are in; `doctor` judges it.
        if let Some(dkim) = &self.dkim
            && is_open(&dkim.key_file)
        {
            let _ = close(&dkim.key_file);
        }
        let open = self.open_to_others();
        open.into_iter().filter(|path| close(path).is_err()).collect()
    }

    /// What others on this machine may look into, and should not.
    #[must_use]
    pub fn open_to_others(&self) -> Vec<PathBuf> {
        self.private().into_iter().filter(|path| is_open(path)).collect()
    }

    /// What is private and there. The folder of a database that lies elsewhere may hold other things, so it is left as it is.
    fn private(&self) -> Vec<PathBuf> {
        let beside = |ending: &str| PathBuf::from(format!("{}{ending}", self.database.display()));
        let outbox = self.outbox_dir();
        let mut paths = vec![
            self.data_dir.clone(),
            self.data_dir.join("secret_key"),
            self.database.clone(),
            beside("-wal"),
            beside("-shm"),
            beside("-journal"),
        ];
        paths.extend(fs::read_dir(&outbox).into_iter().flatten().flatten().map(|entry| entry.path()));
        paths.push(outbox);
        paths.retain(|path| path.exists());
        paths
    }
}

/// Makes a folder, where it is missing, that no other user of the machine can look into.
pub(super) fn folder(path: &Path) -> io::Result<()> {
    let mut folder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
    folder.recursive(true).create(path)
}

/// Writes a file that no other user of the machine can read.
pub(super) fn write(path: &Path, text: &str) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(text.as_bytes())
}

#[cfg(unix)]
fn is_open(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).is_ok_and(|data| data.permissions().mode() & 0o077 != 0)
}

#[cfg(unix)]
fn close(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = if path.is_dir() { 0o700 } else { 0o600 };
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

/// Elsewhere the folder's own rights decide.
#[cfg(not(unix))]
fn is_open(_: &Path) -> bool {
    false
}

#[cfg(not(unix))]
fn close(_: &Path) -> io::Result<()> {
    Ok(())
}
