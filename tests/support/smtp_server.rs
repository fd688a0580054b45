//! A mail server inside the test: it takes mail as its script says, and remembers every message.
//!
//! It runs on a thread of its own, so that tests on any runtime, and blocking ones, can use it. A message
//! that no one took with [`SmtpServer::take_messages`] fails the test when the server is dropped.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime};

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::smtp_conversation::converse;
pub use super::smtp_script::{Action, At, Script};

/// A message that the server stored.
#[derive(Clone, Debug)]
pub struct StoredMessage {
    /// `MAIL FROM`, without brackets.
    pub from: String,
    /// `RCPT TO`, those that were taken.
    pub to: Vec<String>,
    /// The bytes, dots unstuffed.
    pub data: Vec<u8>,
    pub at: SystemTime,
    /// Which connection brought it, from 0.
    pub connection: usize,
    /// Whether `RCPT` had arrived before `MAIL` was answered.
    pub pipelined: bool,
}

impl StoredMessage {
    /// The value of a header, as it stands.
    pub fn header(&self, name: &str) -> Option<String> {
        use mailparse::MailHeaderMap;
        mailparse::parse_mail(&self.data).ok()?.get_headers().get_first_value(name)
    }
}

/// What the thread and the test share.
pub struct Shared {
    pub script: Mutex<Script>,
    pub messages: Mutex<Vec<StoredMessage>>,
    pub commands: Mutex<Vec<String>>,
    pub recipients: Mutex<HashMap<String, usize>>,
    pub connections: AtomicUsize,
    pub open: AtomicUsize,
    pub transactions: AtomicUsize,
    taken: AtomicUsize,
    lines: Mutex<CancellationToken>,
}

pub struct SmtpServer {
    pub addr: SocketAddr,
    shared: Arc<Shared>,
    stop: CancellationToken,
    thread: Option<JoinHandle<()>>,
}

impl SmtpServer {
    /// Starts on a free port of 127.0.0.1.
    pub fn start(script: Script) -> Self {
        let shared = Arc::new(Shared {
            script: Mutex::new(script),
            messages: Mutex::default(),
            commands: Mutex::default(),
            recipients: Mutex::default(),
            connections: AtomicUsize::new(0),
            open: AtomicUsize::new(0),
            transactions: AtomicUsize::new(0),
            taken: AtomicUsize::new(0),
            lines: Mutex::default(),
        });
        let stop = CancellationToken::new();
        let (tell, told) = mpsc::channel();
        let thread = std::thread::spawn({
            let (shared, stop) = (Arc::clone(&shared), stop.clone());
            move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                runtime.block_on(async {
                    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
                    tell.send(listener.local_addr().unwrap()).unwrap();
                    let _ = stop.run_until_cancelled(accept(listener, shared)).await;
                });
            }
        });
        Self { addr: told.recv().unwrap(), shared, stop, thread: Some(thread) }
    }

    /// For `SMTP_URL`.
    pub fn url(&self) -> String {
        format!("smtp://{}", self.addr)
    }

    /// Behaves by another script from the next command on.
    pub fn set_script(&self, script: Script) {
        *self.shared.script.lock().unwrap() = script;
    }

    /// All messages so far, taken or not. They stay to be taken.
    pub fn messages(&self) -> Vec<StoredMessage> {
        self.shared.messages.lock().unwrap().clone()
    }

    /// The messages since the last call: the test expected these.
    pub fn take_messages(&self) -> Vec<StoredMessage> {
        let messages = self.shared.messages.lock().unwrap();
        let already = self.shared.taken.swap(messages.len(), Ordering::SeqCst);
        messages[already..].to_vec()
    }

    /// Waits until `count` messages are there to be taken, and takes them; fails the test after `limit`.
    pub fn wait_for(&self, count: usize, limit: Duration) -> Vec<StoredMessage> {
        let start = std::time::Instant::now();
        loop {
            let there = self.shared.messages.lock().unwrap().len() - self.shared.taken.load(Ordering::SeqCst);
            if there >= count {
                return self.take_messages();
            }
            assert!(start.elapsed() < limit, "{there} of {count} messages came within {limit:?}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Fails the test if messages came that it did not take.
    pub fn expect_no_more(&self) {
        let left = self.take_messages();
        assert!(left.is_empty(), "{} messages came that the test did not expect, the first to {:?}", left.len(), left[0].to);
    }

    /// Every command line so far, without its line end.
    pub fn commands(&self) -> Vec<String> {
        self.shared.commands.lock().unwrap().clone()
    }

    /// How many connections were made so far.
    pub fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }

    /// How many connections are open now.
    pub fn open_connections(&self) -> usize {
        self.shared.open.load(Ordering::SeqCst)
    }

    /// Closes every connection, and goes on listening.
    pub fn hang_up(&self) {
        std::mem::take(&mut *self.shared.lines.lock().unwrap()).cancel();
    }

    /// Stops listening and closes every connection, as a server that went down. The messages stay.
    pub fn stop(&mut self) {
        self.stop.cancel();
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        self.stop.cancel();
        if std::thread::panicking() {
            return;
        }
        self.stop();
        self.expect_no_more();
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        let number = shared.connections.fetch_add(1, Ordering::SeqCst);
        let shared = Arc::clone(&shared);
        tokio::spawn(async move {
            shared.open.fetch_add(1, Ordering::SeqCst);
            let line = shared.lines.lock().unwrap().clone();
            // A client that vanishes is part of the game.
            let _ = line.run_until_cancelled(converse(stream, number, &shared)).await;
            shared.open.fetch_sub(1, Ordering::SeqCst);
        });
    }
}
