//! `standout backup` and `standout restore`: a copy while the service runs, and putting one back without sending anything twice.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use clap::Args;
use sha2::{Digest, Sha256};

use super::{Failed, open};
use crate::config::Config;
use crate::domain::{Clock, Timestamp};
use crate::store::{Store, copies};

#[derive(Args)]
pub(super) struct BackupArguments {
    /// The copy, which must not be there yet; its checksum goes beside it, into FILE.sha256
    file: PathBuf,
}

#[derive(Args)]
pub(super) struct RestoreArguments {
    /// A copy that `standout backup` made, with its FILE.sha256 beside it
    file: PathBuf,
    /// Hold the letters that may have gone since the copy was made, instead of sending them again when sending is resumed
    #[arg(long)]
    hold: bool,
}

/// Writes a copy and its checksum.
pub(super) fn back_up(arguments: &BackupArguments) -> Result<(), Failed> {
    let file = &arguments.file;
    let checksum = beside(file, ".sha256");
    if file.exists() || checksum.exists() {
        return Err(Failed(format!("{} is there already; name another file", file.display())));
    }
    let context = open()?;
    let now = context.clock.now();
    // Half a copy would only be in the way of the next try.
    context.store.copy_to(file, now).inspect_err(|_| drop(fs::remove_file(file)))?;
    File::open(file)?.sync_all()?;
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    fs::write(&checksum, format!("{}  {name}\n", sha256(file)?))?;
    println!(
        "The copy of {} is {}. It holds names and addresses: keep it as carefully as the server.",
        now.rfc3339(),
        file.display()
    );
    Ok(())
}

/// Puts a copy back in the place of the database, which stays beside it under another name. All sending is paused in it.
pub(super) fn restore(arguments: &RestoreArguments) -> Result<(), Failed> {
    let config = Config::from_env()?;
    config.make_data_dir()?;
    let now = Clock::System.now();
    check(&arguments.file)?;
    let _alone = Store::lock_alone(&config.database)?
        .ok_or("the service runs on this database; stop it first, so that nothing is sent meanwhile")?;

    // It is made ready under another name: a machine that stops halfway has the old database or a paused one.
    let fresh = beside(&config.database, ".restoring");
    for ending in ["", "-wal", "-shm", "-journal"] {
        let _ = fs::remove_file(beside(&fresh, ending));
    }
    fs::copy(&arguments.file, &fresh)?;
    let store = Store::open(&fresh)?;
    let hold = arguments.hold;
    let restored = store.write_blocking(move |tx| copies::make_ready(tx, hold, now))?;
    let Some(restored) = restored else {
        return Err(Failed(format!("{} was not made by standout backup", arguments.file.display())));
    };
    store.close()?;
    let before = put_aside(&config.database, now)?;
    fs::rename(&fresh, &config.database)?;
    let _ = fs::remove_file(beside(&fresh, ".lock"));
    println!("{}", restored.in_words(hold));
    if let Some(before) = before {
        println!("The database that was there is {} now; delete it when you don't need it any more.", before.display());
    }
    println!("Start the service. All sending is paused: look at Sending in the console, and resume it there.");
    Ok(())
}

/// Holds the copy against its checksum.
fn check(file: &Path) -> Result<(), Failed> {
    let checksum = beside(file, ".sha256");
    let said = fs::read_to_string(&checksum)
        .map_err(|error| Failed(format!("{} can't be read ({error}); it is made with the copy", checksum.display())))?;
    let expected = said.split_whitespace().next().unwrap_or_default();
    if sha256(file)? == expected {
        Ok(())
    } else {
        Err(Failed(format!("{} is not what {} says; take another copy", file.display(), checksum.display())))
    }
}

/// Renames the database and what belongs to it; gives its new name.
fn put_aside(database: &Path, now: Timestamp) -> Result<Option<PathBuf>, Failed> {
    if !database.exists() {
        return Ok(None);
    }
    let before = beside(database, &format!(".before-{}", now.millis() / 1000));
    for ending in ["-wal", "-shm", ""] {
        let from = beside(database, ending);
        if from.exists() {
            fs::rename(from, beside(&before, ending))?;
        }
    }
    Ok(Some(before))
}

fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

fn sha256(file: &Path) -> Result<String, Failed> {
    let mut open = File::open(file).map_err(|error| Failed(format!("{} can't be read: {error}", file.display())))?;
    let (mut hash, mut buffer) = (Sha256::new(), vec![0; 1 << 20]);
    loop {
        let read = open.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        hash.update(buffer.get(..read).unwrap_or_default());
    }
    Ok(hash.finalize().iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    }))
}
