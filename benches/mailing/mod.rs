//! What the mailing benchmark needs: a database full of letters, the peers, a far-away link.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use diesel::Connection;
use diesel::connection::SimpleConnection;
use diesel::sqlite::SqliteConnection;
use standout::app::block_on;
use standout::delivery::{Sender, SenderSettings};
use standout::domain::{Clock, EmailAddress, MessageState, Pulse, RetrySchedule};
use standout::mail::{DkimSigner, Mailer, ReturnPath, SmtpSettings, Timeouts};
use standout::rate_limit::Pacer;
use standout::store::caps::Caps;
use standout::store::{Store, counts};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

pub(crate) const SINK: &str = "/usr/sbin/smtp-sink";
pub(crate) const SOURCE: &str = "/usr/sbin/smtp-source";
/// Names the folder for the part that runs in a process of its own.
pub(crate) const PART: &str = "STANDOUT_BENCH_FOLDER";
pub(crate) const OFFICES: usize = 200;
/// When all the letters were confirmed.
pub(crate) const NOW: i64 = 1_795_000_000_000;

static FOLDERS: AtomicUsize = AtomicUsize::new(0);

/// A folder on the disk that the build is on: a folder in memory would make every commit look free.
pub(crate) struct Folder {
    path: PathBuf,
    own: bool,
}

impl Folder {
    /// With so many letters waiting, the first of them with a text.
    pub(crate) fn with_letters(name: &str, letters: usize, texts: usize) -> Self {
        let number = FOLDERS.fetch_add(1, Ordering::Relaxed);
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        let folder = Self { path, own: true };
        drop(folder.store());
        let mut connection = SqliteConnection::establish(&folder.database().to_string_lossy()).unwrap();
        connection.batch_execute(&seed(letters, texts)).unwrap();
        folder
    }

    pub(crate) fn existing(path: &Path) -> Self {
        Self { path: path.to_owned(), own: false }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn store(&self) -> Store {
        Store::open(&self.database()).unwrap()
    }

    fn database(&self) -> PathBuf {
        self.path.join("bench.sqlite3")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if self.own {
            let _ = std::fs::remove_dir_all(&self.path);
        }
    }
}

fn seed(letters: usize, texts: usize) -> String {
    let body = "They are our neighbours, and they should not be afraid to call for help.\n".repeat(32);
    let upto = |n: usize| format!("WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {n})");
    let (offices, people) = (upto(OFFICES), upto(1000));
    format!(
        "PRAGMA busy_timeout = 5000; PRAGMA synchronous = OFF; BEGIN;
         INSERT INTO campaigns VALUES (1, 'bench', 'America/New_York', 1, {NOW});
         INSERT INTO campaign_versions VALUES (1, 1, 1, 'bench', {NOW});
         INSERT INTO offices (id, state, chamber, district, district_key)
           {offices} SELECT n, 'ma', 'lower', 'District ' || n, 'district ' || n FROM c;
         INSERT INTO officials (id, office_id, source_id, name, family_name, title, salutation, party, email, phone, address, demo, since)
           {offices} SELECT n, n, 'o' || n, 'Official ' || n, 'Official', 'Rep', 'Rep', '', 'office' || n || '@example.org', '', '', 0, {NOW} FROM c;
         INSERT INTO destinations (id, office_id) {offices} SELECT n + 1, n FROM c;
         INSERT INTO supporters {people} SELECT n, 'p' || n || '@example.org', 'p' || n || '@example.org', {NOW} FROM c;
         INSERT INTO signups (id, campaign_id, version_id, supporter_id, name, street, city, zip, town, found_by, created_at, expires_at, confirmed_at)
           {people} SELECT n, 1, 1, n, 'Ana Example', '1 Main Street', 'Saltwick', '01099', 'Saltwick', 'town', {NOW}, {NOW}, {NOW} FROM c;
         INSERT INTO messages (id, kind, state, campaign_id, signup_id, town, office_id, official_id, destination_id, message_id,
           created_at, queued_at, due_at, failures, state_since, state_day)
           {} SELECT n, 'letter', 'queued', 1, 1 + n % 1000, 'Saltwick', 1 + n % {OFFICES}, 1 + n % {OFFICES}, 2 + n % {OFFICES},
           '<' || n || '@bench.example>', {NOW}, {NOW}, {NOW} + n % 1000, 0, {NOW}, '2026-11-18' FROM c;
         INSERT INTO message_texts {} SELECT n, 'Ana Example via Bench', 'Please support the bill', '{body}', NULL FROM c;
         COMMIT; PRAGMA wal_checkpoint(TRUNCATE);",
        upto(letters),
        upto(texts)
    )
}

/// Sends all letters; gives how long it took until all were on record as sent, and in how many commits.
pub(crate) fn send_all(
    folder: &Folder,
    server: &str,
    sessions: usize,
    letters: usize,
    dkim: Option<DkimSigner>,
) -> (Duration, usize) {
    let store = folder.store();
    let commits = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&commits);
    store.observe_commits(move |_| {
        counter.fetch_add(1, Ordering::Relaxed);
    });
    let mail_from = EmailAddress::parse("letters@bench.example").unwrap();
    let settings = SenderSettings {
        return_path: ReturnPath::new("a key for the benchmark", Some("bench.example"), mail_from.clone()),
        mail_from,
        connections: sessions,
        lease: Duration::from_secs(10),
        retries: RetrySchedule::default(),
        caps: Caps::default(),
        hello: "bench.example".into(),
        dkim: dkim.map(Arc::new),
    };
    let mailer = Mailer::Smtp(SmtpSettings::parse(&format!("smtp://{server}")).unwrap(), Timeouts::default());
    let pacer = Arc::new(Pacer::new(0, 0.0, Clock::System));
    let sender = Sender::new(store.clone(), mailer, pacer, settings, Clock::System, Arc::default(), Arc::default());
    let stop = CancellationToken::new();
    block_on(async move {
        let start = Instant::now();
        let sending = tokio::spawn(sender.run(Pulse::new(Clock::System), stop.clone()));
        loop {
            tokio::time::sleep(Duration::from_millis(20)).await;
            let total = store.read(|conn| counts::total(conn, 1)).await.unwrap();
            if total.letters.get(MessageState::Sent) == letters as i64 {
                break;
            }
            assert!(start.elapsed() < Duration::from_mins(10), "not all were sent in ten minutes: {total:?}");
        }
        let took = start.elapsed();
        stop.cancel();
        sending.await.unwrap();
        (took, commits.load(Ordering::Relaxed))
    })
}

/// A new RSA key in PEM form, made by openssl where that is installed.
pub(crate) fn rsa_key() -> Option<Vec<u8>> {
    let made = Command::new("openssl").args(["genrsa", "2048"]).stderr(Stdio::null()).output().ok()?;
    made.status.success().then_some(made.stdout)
}

/// `smtp-sink` on a port of its own.
pub(crate) struct Sink(Child, u16);

impl Sink {
    pub(crate) fn start() -> Self {
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let address = format!("127.0.0.1:{port}");
        // It insists on another user's rights when it is started by root, and can't take them otherwise.
        let root = Command::new("id").arg("-u").output().is_ok_and(|said| said.stdout == b"0\n");
        let user: &[&str] = if root { &["-u", "nobody"] } else { &[] };
        let child =
            Command::new(SINK).args(user).args([&address, "256"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let start = Instant::now();
        while std::net::TcpStream::connect(&address).is_err() {
            assert!(start.elapsed() < Duration::from_secs(5), "smtp-sink does not listen");
            std::thread::sleep(Duration::from_millis(20));
        }
        Self(child, port)
    }

    pub(crate) fn address(&self) -> String {
        format!("127.0.0.1:{}", self.1)
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A proxy to `server` by which every byte comes `delay` later, both ways; on a thread of its own, to the end of the run.
pub(crate) fn delaying_proxy(server: String, delay: Duration) -> String {
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async move {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            tell.send(listener.local_addr().unwrap().to_string()).unwrap();
            loop {
                let (near, _) = listener.accept().await.unwrap();
                let far = TcpStream::connect(&server).await.unwrap();
                for stream in [&near, &far] {
                    stream.set_nodelay(true).unwrap();
                }
                let ((near_in, near_out), (far_in, far_out)) = (near.into_split(), far.into_split());
                tokio::spawn(later(near_in, far_out, delay));
                tokio::spawn(later(far_in, near_out, delay));
            }
        });
    });
    told.recv().unwrap()
}

async fn later(mut from: tokio::net::tcp::OwnedReadHalf, mut to: tokio::net::tcp::OwnedWriteHalf, delay: Duration) {
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel::<(Instant, Vec<u8>)>();
    tokio::spawn(async move {
        while let Some((at, bytes)) = told.recv().await {
            tokio::time::sleep_until((at + delay).into()).await;
            if to.write_all(&bytes).await.is_err() {
                return;
            }
        }
        let _ = to.shutdown().await;
    });
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(read @ 1..) = from.read(&mut buffer).await {
        let _ = tell.send((Instant::now(), buffer[..read].to_vec()));
    }
}

pub(crate) fn child_part() -> Option<PathBuf> {
    std::env::var_os(PART).map(PathBuf::from)
}

pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// `VmHWM` of this process, where the system tells.
pub(crate) fn peak_memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or_else(|| "not told by this system".into(), |value| value.trim().to_owned())
}
