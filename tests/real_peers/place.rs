//! Where the peers of one test live: a folder that their users can read, a user for the mail in it, free ports.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::support::smtp_server::StoredMessage;

/// `nobody` of Debian: owns the mail.
pub const MAIL_USER: u32 = 65534;
/// What a peer may take for its start, and mail for its way.
pub const LIMIT: Duration = Duration::from_secs(30);

/// The folder. Every mailbox is a Maildir in `mail/`.
pub struct Place {
    dir: TempDir,
}

impl Place {
    /// `None` where the peers can't run here; says why.
    pub fn new() -> Option<Self> {
        let root = Command::new("id").arg("-u").output().is_ok_and(|said| said.stdout == b"0\n");
        let missing = ["/usr/sbin/postfix", "/usr/sbin/dovecot", "/usr/bin/openssl"]
            .into_iter()
            .find(|program| !Path::new(program).exists());
        match (root, missing) {
            (true, None) => {}
            (false, _) => println!("skipped: postfix and dovecot start as root only"),
            (true, Some(program)) => println!("skipped: {program} is not installed"),
        }
        if !root || missing.is_some() {
            return None;
        }
        let dir = tempfile::tempdir().unwrap();
        let place = Self { dir };
        fs::set_permissions(place.path(), fs::Permissions::from_mode(0o755)).unwrap();
        fs::create_dir(place.mail()).unwrap();
        chown(place.mail(), Some(MAIL_USER), Some(MAIL_USER)).unwrap();
        Some(place)
    }

    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    pub fn mail(&self) -> PathBuf {
        self.path().join("mail")
    }

    /// Writes a file for a peer.
    pub fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    /// The mails that lie in a mailbox, oldest first; with the envelope as the mail server noted it.
    pub fn mails(&self, mailbox: &str) -> Vec<StoredMessage> {
        let mut files: Vec<PathBuf> = ["new", "cur"]
            .iter()
            .filter_map(|folder| fs::read_dir(self.mail().join(mailbox).join(folder)).ok())
            .flat_map(|entries| entries.map(|entry| entry.unwrap().path()))
            .collect();
        files.sort();
        let read = |path: &PathBuf| {
            let data = fs::read(path).ok()?;
            let at = fs::metadata(path).ok()?.modified().ok()?;
            let unread = StoredMessage { from: String::new(), to: Vec::new(), data, at, connection: 0, pipelined: false };
            let (from, to) = (unread.header("Return-Path")?, unread.header("Delivered-To")?);
            Some(StoredMessage { from: from.trim_matches(['<', '>']).to_owned(), to: vec![to], ..unread })
        };
        // A mail that is being moved or removed is none for the moment.
        files.iter().filter_map(read).collect()
    }

    /// Waits for so many mails in a mailbox.
    pub fn wait_for(&self, mailbox: &str, count: usize) -> Vec<StoredMessage> {
        let start = Instant::now();
        loop {
            let mails = self.mails(mailbox);
            if mails.len() >= count {
                return mails;
            }
            assert!(
                start.elapsed() < LIMIT,
                "{} of {count} mails lie in {mailbox} within {LIMIT:?}:\n{}",
                mails.len(),
                self.logs()
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// What the peers wrote.
    pub fn logs(&self) -> String {
        ["postfix.log", "dovecot.log"].map(|name| fs::read_to_string(self.path().join(name)).unwrap_or_default()).concat()
    }
}

/// A port that nobody uses now.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A peer that runs until this is dropped: it and all its children are one process group.
pub struct Peer {
    child: Child,
}

impl Peer {
    /// Starts it and waits until each of these ports is open.
    pub fn start(mut command: Command, ports: &[u16], logs: impl Fn() -> String) -> Self {
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
        let mut peer = Self { child: command.spawn().unwrap() };
        let start = Instant::now();
        for port in ports {
            while TcpStream::connect(("127.0.0.1", *port)).is_err() {
                let ended = peer.child.try_wait().unwrap();
                assert!(ended.is_none() && start.elapsed() < LIMIT, "{command:?} does not listen ({ended:?}):\n{}", logs());
                std::thread::sleep(Duration::from_millis(20));
            }
        }
        peer
    }

    fn signal(&self, name: &str) {
        let group = format!("-{}", self.child.id());
        let _ = Command::new("kill").args([name, "--", &group]).stderr(Stdio::null()).status();
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.signal("-TERM");
        let start = Instant::now();
        while self.child.try_wait().is_ok_and(|ended| ended.is_none()) && start.elapsed() < Duration::from_secs(3) {
            std::thread::sleep(Duration::from_millis(20));
        }
        // Whoever of the group is left.
        self.signal("-KILL");
        let _ = self.child.wait();
    }
}
