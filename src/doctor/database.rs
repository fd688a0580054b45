//! The database and the disk it lies on.

use super::Finding;
use crate::store::health::Health;

const DATABASE: &str = "database";
const DISK: &str = "disk";
const MIB: u64 = 1024 * 1024;
/// Below this much room a write may fail any moment.
const TOO_LITTLE: u64 = 64 * MIB;
/// Below this it is time to look after it.
const LITTLE: u64 = 1024 * MIB;

/// Judges what was read from the file at `path`; `None`: there is no such file.
#[must_use]
pub fn judge_database(path: &str, health: Option<&Result<Health, String>>) -> Finding {
    let health = match health {
        None => {
            let next = "Start the service once, or set DATA_DIR or DATABASE_URL to where it is.";
            return Finding::warning(DATABASE, format!("there is none yet at {path}"), next);
        }
        Some(Err(cause)) => {
            let next = "Check that this user may read and write the file and its folder; else put a backup in its place.";
            return Finding::failed(DATABASE, format!("{path} can't be read: {cause}"), next);
        }
        Some(Ok(health)) => health,
    };
    if let Some(fault) = &health.fault {
        let next = "Stop the service, keep a copy of the file, and put the newest backup in its place.";
        return Finding::failed(DATABASE, format!("{path} is damaged: {fault}"), next);
    }
    if health.unknown > 0 {
        let said = format!("{path} was used by a newer version ({} changes that this one does not know)", health.unknown);
        return Finding::failed(DATABASE, said, "Use the newer version, or a backup from before it.");
    }
    if health.pending > 0 {
        let said = format!("{path} is sound, and of an older version ({} changes to come)", health.pending);
        return Finding::warning(DATABASE, said, "The next start of the service makes them; keep a backup first.");
    }
    Finding::ok(DATABASE, format!("{path} opens, is sound (quick_check) and up to date"))
}

/// Judges the room on the disk; `None`: it can't be told on this system.
#[must_use]
pub fn judge_disk(folder: &str, free: Option<u64>) -> Finding {
    let Some(free) = free else {
        return Finding::warning(DISK, format!("the room in {folder} can't be told"), "Look after it yourself.");
    };
    let said = format!("{} MiB free in {folder}", free / MIB);
    match free {
        0..TOO_LITTLE => {
            Finding::failed(DISK, said, "Make room: when the disk is full, sign-ups are turned away and sending stops.")
        }
        TOO_LITTLE..LITTLE => Finding::warning(
            DISK,
            said,
            "Make room before it fills: a letter takes about 4 KiB, a backup as much as the database.",
        ),
        _ => Finding::ok(DISK, said),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Status;
    use super::*;

    #[test]
    fn a_database_is_sound_or_says_why_not() {
        let judge = |health: Health| judge_database("a.sqlite3", Some(&Ok(health)));
        let sound = Health { fault: None, pending: 0, unknown: 0 };
        assert_eq!(judge(sound.clone()).status, Status::Ok);
        assert_eq!(judge(Health { pending: 2, ..sound.clone() }).status, Status::Warning);
        assert_eq!(judge(Health { unknown: 1, ..sound.clone() }).status, Status::Failed);
        assert_eq!(judge(Health { fault: Some("row 7".into()), ..sound }).status, Status::Failed);
        assert_eq!(judge_database("a.sqlite3", None).status, Status::Warning);
        assert_eq!(judge_database("a.sqlite3", Some(&Err("no".into()))).status, Status::Failed);
    }

    #[test]
    fn little_room_is_said_in_time() {
        for (free, status) in [(0, Status::Failed), (63, Status::Failed), (64, Status::Warning), (2048, Status::Ok)] {
            assert_eq!(judge_disk("var", Some(free * MIB)).status, status, "{free} MiB");
        }
        assert_eq!(judge_disk("var", None).status, Status::Warning);
    }
}
