//! A small disk of its own, which a test can fill: a tmpfs, where this user may mount one.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The disk. Dropping it takes it away.
pub struct SmallDisk(PathBuf);

impl SmallDisk {
    /// A disk of so many MiB at `folder`, which is made. `None`, said aloud, where this user may not.
    #[allow(clippy::print_stderr)] // What was skipped is said aloud.
    pub fn mount(folder: &Path, mebibytes: u32) -> Option<Self> {
        std::fs::create_dir_all(folder).unwrap();
        let size = format!("size={mebibytes}m,mode=700");
        let mut command = Command::new("mount");
        command.args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(folder).stderr(Stdio::null());
        if !command.status().is_ok_and(|status| status.success()) {
            eprintln!("skipped: a disk of a test's own can't be mounted by this user");
            return None;
        }
        Some(Self(folder.to_owned()))
    }

    /// Not a byte more fits.
    pub fn fill(&self) {
        let mut filler = File::create(self.filler()).unwrap();
        for block in [1 << 16, 1 << 12, 1] {
            while filler.write_all(&vec![0; block]).is_ok() {}
        }
    }

    /// There is room again.
    pub fn make_room(&self) {
        std::fs::remove_file(self.filler()).unwrap();
    }

    fn filler(&self) -> PathBuf {
        self.0.join("filler")
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // The service may still be closing its files.
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}
