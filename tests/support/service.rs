//! The real binary as a child process, over a folder of its own: started, killed, asked, and given commands.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use reqwest::blocking::{Client, Response};
use reqwest::redirect::Policy;
use tempfile::TempDir;

use super::app::{PUBLIC_URL, Page};
use super::journey::{CAMPAIGN, Typed, link_in};
use super::smtp_server::{SmtpServer, StoredMessage};
use super::tables::Tables;

/// A folder and the settings that every process over it has.
pub struct Folder {
    pub dir: TempDir,
    settings: Vec<(String, String)>,
}

impl Folder {
    /// No limits; mail goes to `smtp`, or to the outbox.
    pub fn new(smtp: Option<&SmtpServer>, settings: &[(&str, &str)]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut all = vec![
            ("BIND_ADDR", "127.0.0.1:0"),
            ("PUBLIC_URL", PUBLIC_URL),
            ("FORM_MIN_SECONDS", "0"),
            ("SIGNUPS_PER_IP_PER_HOUR", "0"),
            ("MAIL_PER_SECOND", "0"),
            ("MAIL_PER_OFFICE_PER_MINUTE", "0"),
            ("MAIL_PER_OFFICE_PER_HOUR", "0"),
            ("MAIL_PER_DOMAIN_PER_HOUR", "0"),
            ("MAIL_FROM", "letters@campaign.example"),
            ("DATA_DIR", "data"),
        ];
        all.extend(settings);
        let mut settings: Vec<_> = all.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        if let Some(smtp) = smtp {
            settings.push(("SMTP_URL".into(), smtp.url()));
        }
        Self { dir, settings }
    }

    /// `standout` with these arguments, in the folder, with nothing of this process's environment.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_standout"));
        command.args(arguments).current_dir(self.dir.path()).env_clear().envs(self.settings.iter().cloned());
        command
    }

    /// Runs a command to its end, with this on its standard input.
    pub fn run_with(&self, arguments: &[&str], input: &str) -> Ran {
        finish(self.command(arguments), input)
    }

    pub fn run(&self, arguments: &[&str]) -> Ran {
        self.run_with(arguments, "")
    }

    /// A command that must succeed; gives what it printed.
    pub fn done(&self, arguments: &[&str]) -> String {
        let ran = self.run(arguments);
        assert_eq!(ran.code, Some(0), "{arguments:?}: {}{}", ran.out, ran.err);
        ran.out
    }

    /// Writes a file into the folder.
    pub fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.dir.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    }

    pub fn database(&self) -> PathBuf {
        self.dir.path().join("data/standout.sqlite3")
    }

    pub fn tables(&self) -> Tables {
        Tables::open(&self.database())
    }

    /// Starts the service and waits until it listens.
    pub fn serve(&self) -> Service {
        self.serve_by(self.command(&["serve"]))
    }

    /// The same by a command that becomes `standout serve` itself.
    pub fn serve_by(&self, mut command: Command) -> Service {
        let log = File::options().create(true).append(true).open(self.log()).unwrap();
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let mut greeting = String::new();
        while !greeting.contains("Stop with Ctrl-C") {
            let read = lines.read_line(&mut greeting).unwrap();
            assert!(read > 0, "the service did not start: {greeting}{}", std::fs::read_to_string(self.log()).unwrap());
        }
        // Nobody may have to wait for a full pipe.
        let rest = Arc::new(Mutex::new(String::new()));
        let more = Arc::clone(&rest);
        std::thread::spawn(move || {
            let mut line = String::new();
            while lines.read_line(&mut line).is_ok_and(|read| read > 0) {
                more.lock().unwrap().push_str(&std::mem::take(&mut line));
            }
        });
        let listens = greeting.lines().find_map(|line| line.trim().strip_prefix("Listens")).unwrap().trim().to_owned();
        let client = Client::builder().redirect(Policy::none()).cookie_store(true).build().unwrap();
        Service { child, url: format!("http://{listens}"), greeting, rest, client }
    }

    fn log(&self) -> PathBuf {
        self.dir.path().join("service.log")
    }
}

/// How a command ended.
pub struct Ran {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

/// Runs it to its end.
pub fn finish(mut command: Command, input: &str) -> Ran {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A command that stops before it reads is not wrong.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let ended = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Ran { code: ended.status.code(), out: text(ended.stdout), err: text(ended.stderr) }
}

/// A running service. Dropping it kills it.
pub struct Service {
    child: Child,
    pub url: String,
    /// What it printed at its start.
    pub greeting: String,
    rest: Arc<Mutex<String>>,
    client: Client,
}

impl Service {
    pub fn get(&self, path: &str) -> Page {
        page(self.client.get(self.address(path)).send().unwrap())
    }

    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        page(self.client.post(self.address(path)).form(fields).send().unwrap())
    }

    fn address(&self, path: &str) -> String {
        format!("{}{}", self.url, path.strip_prefix(PUBLIC_URL).unwrap_or(path))
    }

    /// Step 1 or 2, by the last part of the address.
    pub fn submit(&self, step: &str, typed: &Typed) -> Page {
        let token = self.get(CAMPAIGN).field("form_token").expect("the campaign's page has a form");
        let mut fields: Vec<_> = typed.0.iter().map(|(name, value)| (*name, value.as_str())).collect();
        fields.push(("form_token", &token));
        self.post(&format!("{CAMPAIGN}/{step}"), &fields)
    }

    /// Signs up so many people; gives their links, when all the confirmations have come.
    pub fn sign_up(&self, smtp: &SmtpServer, people: std::ops::Range<usize>) -> Vec<String> {
        let count = people.len();
        for person in people {
            let page = self.submit("signups", &Typed::new(&format!("person{person}@example.org")));
            assert_eq!(page.status, 303, "{}", page.text());
        }
        let mails = smtp.wait_for(count, Duration::from_secs(20));
        mails.iter().map(|mail| link_in(mail, "/confirm/")).collect()
    }

    pub fn confirm(&self, links: &[String]) {
        for link in links {
            assert_eq!(self.post(link, &[]).status, 303);
        }
    }

    /// `kill -9`.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to stop, as `kill` and every supervisor does.
    pub fn ask_to_stop(&self) {
        let asked = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(asked.success());
    }

    /// Waits for its end.
    pub fn ended_within(mut self, limit: Duration) -> ExitStatus {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(start.elapsed() < limit, "it did not stop within {limit:?}: {}", self.rest.lock().unwrap());
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn page(mut response: Response) -> Page {
    let headers = response.headers().clone();
    let location = headers.get("location").and_then(|value| value.to_str().ok()).map(str::to_owned);
    let status = response.status().as_u16();
    let mut body = String::new();
    response.read_to_string(&mut body).unwrap();
    Page { status, location, headers, body }
}

/// Waits until `done` holds.
pub fn within(limit: Duration, what: &str, mut done: impl FnMut() -> bool) {
    let start = Instant::now();
    while !done() {
        assert!(start.elapsed() < limit, "within {limit:?} it did not happen that {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The Message-IDs of these mails, sorted.
pub fn message_ids(mails: &[StoredMessage]) -> Vec<String> {
    let mut ids: Vec<_> = mails.iter().map(|mail| mail.header("Message-ID").expect("a Message-ID")).collect();
    ids.sort();
    ids
}

/// A file of this project.
pub fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}
