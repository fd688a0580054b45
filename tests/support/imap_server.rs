//! A mailbox inside the test: an IMAP server that knows a handful of commands, and misbehaves as its script says.
//! What a real server does is for `tests/real_peers`.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, ErrorKind, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// How the server behaves.
#[derive(Clone, Default)]
pub struct Script {
    /// What it says it can do, beside `IMAP4rev1`.
    pub can: &'static str,
    /// Commands that it answers with `NO`.
    pub refuses: Vec<&'static str>,
    /// It closes the connection where a command holds this text.
    pub closes_at: Option<&'static str>,
    /// It closes each connection that waits for news.
    pub closes_idle: bool,
}

#[derive(Default)]
struct Shared {
    script: Script,
    next: u32,
    inbox: BTreeMap<u32, Vec<u8>>,
    marked: Vec<u32>,
    aside: Option<Vec<Vec<u8>>>,
    commands: Vec<String>,
    connections: usize,
}

/// The server. It lives as long as the test's process.
pub struct ImapServer {
    pub addr: SocketAddr,
    shared: Arc<Mutex<Shared>>,
}

impl ImapServer {
    /// Starts on a free port of 127.0.0.1.
    pub fn start(script: Script) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let addr = listener.local_addr().unwrap();
        let shared = Arc::new(Mutex::new(Shared { script, ..Shared::default() }));
        let theirs = Arc::clone(&shared);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = Arc::clone(&theirs);
                std::thread::spawn(move || converse(stream, &shared));
            }
        });
        Self { addr, shared }
    }

    /// For `BOUNCE_IMAP_URL`.
    pub fn url(&self) -> String {
        format!("imap://returned:secret@{}", self.addr)
    }

    pub fn set_script(&self, change: impl FnOnce(&mut Script)) {
        change(&mut self.shared.lock().unwrap().script);
    }

    pub fn deliver(&self, mail: impl AsRef<[u8]>) {
        let mut shared = self.shared.lock().unwrap();
        shared.next += 1;
        let uid = shared.next;
        shared.inbox.insert(uid, mail.as_ref().to_vec());
    }

    /// How many mails lie in the inbox.
    pub fn inbox(&self) -> usize {
        self.shared.lock().unwrap().inbox.len()
    }

    /// How many lie in the folder for the others.
    pub fn aside(&self) -> usize {
        self.shared.lock().unwrap().aside.as_ref().map_or(0, Vec::len)
    }

    /// How many commands so far began with this.
    pub fn asked(&self, command: &str) -> usize {
        self.shared.lock().unwrap().commands.iter().filter(|line| line.starts_with(command)).count()
    }

    pub fn connections(&self) -> usize {
        self.shared.lock().unwrap().connections
    }
}

fn converse(stream: TcpStream, shared: &Mutex<Shared>) {
    shared.lock().unwrap().connections += 1;
    let _ = stream.set_nodelay(true);
    let mut out = stream.try_clone().unwrap();
    let mut lines = BufReader::new(stream);
    let mut known = 0;
    let _ = out.write_all(b"* OK ready\r\n");
    loop {
        let mut line = String::new();
        if lines.read_line(&mut line).unwrap_or(0) == 0 {
            return;
        }
        let (tag, command) = line.trim_end().split_once(' ').unwrap();
        let script = {
            let mut shared = shared.lock().unwrap();
            shared.commands.push(command.to_owned());
            shared.script.clone()
        };
        if script.closes_at.is_some_and(|text| command.contains(text)) {
            return;
        }
        if script.refuses.iter().any(|refused| command.starts_with(refused)) {
            let _ = write!(out, "{tag} NO not here\r\n");
            continue;
        }
        if command == "IDLE" {
            let _ = out.write_all(b"+ idling\r\n");
            if script.closes_idle || !idle(&mut lines, &mut out, &mut known, shared) {
                return;
            }
        } else {
            let said = answer(command, &mut shared.lock().unwrap());
            let _ = out.write_all(&said);
            known = shared.lock().unwrap().next;
        }
        let _ = write!(out, "{tag} OK done\r\n");
    }
}

/// Tells of new mail until the client is done; false where it vanished.
fn idle(lines: &mut BufReader<TcpStream>, out: &mut TcpStream, known: &mut u32, shared: &Mutex<Shared>) -> bool {
    let _ = lines.get_ref().set_read_timeout(Some(Duration::from_millis(5)));
    let mut line = String::new();
    loop {
        match lines.read_line(&mut line) {
            Ok(0) => return false,
            Ok(_) => {
                let _ = lines.get_ref().set_read_timeout(None);
                return true;
            }
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
            Err(_) => return false,
        }
        let shared = shared.lock().unwrap();
        if shared.next > *known {
            *known = shared.next;
            let _ = write!(out, "* {} EXISTS\r\n", shared.inbox.len());
        }
    }
}

/// What the server says before its `OK`.
fn answer(command: &str, shared: &mut Shared) -> Vec<u8> {
    let numbers = |set: &str| set.split(',').map(|number| number.parse::<u32>().unwrap()).collect::<Vec<_>>();
    let words: Vec<&str> = command.split(' ').collect();
    match words.as_slice() {
        ["CAPABILITY"] => format!("* CAPABILITY IMAP4rev1 {}\r\n", shared.script.can).into_bytes(),
        ["SELECT", ..] => format!("* {} EXISTS\r\n* OK [UIDVALIDITY 7] good\r\n", shared.inbox.len()).into_bytes(),
        ["UID", "SEARCH", ..] => {
            let all: Vec<String> = shared.inbox.keys().map(u32::to_string).collect();
            format!("{}\r\n", format!("* SEARCH {}", all.join(" ")).trim_end()).into_bytes()
        }
        ["UID", "FETCH", uid, what] => {
            let most: usize = what.split_once("<0.").unwrap().1.trim_end_matches(">)").parse().unwrap();
            let uid: u32 = uid.parse().unwrap();
            let Some(mail) = shared.inbox.get(&uid) else { return Vec::new() };
            let part = &mail[..mail.len().min(most)];
            let mut said = format!("* 1 FETCH (UID {uid} BODY[]<0> {{{}}}\r\n", part.len()).into_bytes();
            said.extend_from_slice(part);
            said.extend_from_slice(b")\r\n");
            said
        }
        ["UID", "STORE", set, ..] => {
            shared.marked.extend(numbers(set));
            Vec::new()
        }
        ["EXPUNGE"] | ["UID", "EXPUNGE", ..] => {
            for uid in std::mem::take(&mut shared.marked) {
                shared.inbox.remove(&uid);
            }
            b"* 1 EXPUNGE\r\n".to_vec()
        }
        ["UID", how @ ("MOVE" | "COPY"), set, "Unmatched"] => {
            for uid in numbers(set) {
                let mail = if *how == "MOVE" { shared.inbox.remove(&uid) } else { shared.inbox.get(&uid).cloned() };
                shared.aside.get_or_insert_default().extend(mail);
            }
            Vec::new()
        }
        ["NOOP" | "LOGIN" | "CREATE", ..] => Vec::new(),
        other => panic!("the client asked {other:?}"),
    }
}
