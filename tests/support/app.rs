//! The real service in a test: a free port, a SQLite file of its own, a real SMTP server, a clock that the test moves.

use std::collections::HashMap;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use reqwest::blocking::{Client, Response};
use reqwest::redirect::Policy;
use standout::app::{App, block_on};
use standout::config::Config;
use standout::domain::{Clock, Timestamp};
use standout::store::Store;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use super::smtp_server::{Script, SmtpServer};

/// What links in mails begin with.
pub const PUBLIC_URL: &str = "http://standout.test";
/// Where the clock stands at first: 2026-11-22T15:00:00Z, a Sunday morning in Boston.
pub const START: Timestamp = Timestamp::from_millis(1_795_359_600_000);

/// So long a test waits for what must happen: many times what it takes on a busy machine.
pub const PATIENCE: Duration = Duration::from_mins(1);

/// A running service. Dropping it stops it, and fails the test when a mail came that nobody took.
pub struct TestApp {
    pub url: String,
    pub clock: Clock,
    pub smtp: SmtpServer,
    pub store: Store,
    pub dir: TempDir,
    pub client: Client,
    /// The one-time link that makes the first login.
    pub first_login: Option<String>,
    settings: HashMap<String, String>,
    queued: std::sync::Arc<tokio::sync::Notify>,
    stop: CancellationToken,
    thread: Option<JoinHandle<()>>,
}

impl TestApp {
    /// The demo campaign, no limits.
    pub fn start() -> Self {
        Self::with(&[])
    }

    /// The same with other settings.
    pub fn with(settings: &[(&str, &str)]) -> Self {
        Self::over(SmtpServer::start(Script::default()), tempfile::tempdir().unwrap(), Clock::manual(START), settings)
    }

    /// A service over this mail server, folder and clock.
    pub fn over(smtp: SmtpServer, dir: TempDir, clock: Clock, settings: &[(&str, &str)]) -> Self {
        let mut all: HashMap<String, String> = [
            ("BIND_ADDR", "127.0.0.1:0"),
            ("PUBLIC_URL", PUBLIC_URL),
            ("FORM_MIN_SECONDS", "0"),
            ("SIGNUPS_PER_IP_PER_HOUR", "0"),
            ("LOGINS_PER_IP_PER_HOUR", "0"),
            ("MAIL_PER_SECOND", "0"),
            ("MAIL_PER_OFFICE_PER_MINUTE", "0"),
            ("MAIL_PER_OFFICE_PER_HOUR", "0"),
            ("MAIL_PER_DOMAIN_PER_HOUR", "0"),
            ("MAIL_FROM", "letters@campaign.example"),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
        all.insert("DATA_DIR".into(), dir.path().display().to_string());
        all.insert("SMTP_URL".into(), smtp.url());
        all.extend(settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let running = Running::start(&all, clock.clone());
        let client = Client::builder().redirect(Policy::none()).cookie_store(true).build().unwrap();
        Self {
            url: running.url,
            store: running.store,
            first_login: running.first_login,
            queued: running.queued,
            stop: running.stop,
            thread: Some(running.thread),
            settings: all,
            clock,
            smtp,
            dir,
            client,
        }
    }

    /// Stops the service as SIGTERM does, and starts it again on the same folder.
    pub fn restart(&mut self) {
        self.stop();
        let running = Running::start(&self.settings, self.clock.clone());
        self.url = running.url;
        self.store = running.store;
        self.first_login = running.first_login;
        self.queued = running.queued;
        self.stop = running.stop;
        self.thread = Some(running.thread);
    }

    /// Stops the service as SIGTERM does.
    pub fn stop(&mut self) {
        self.stop.cancel();
        if let Some(thread) = self.thread.take() {
            thread.join().expect("the service stops cleanly");
        }
    }

    /// Moves the clock, and has the sender look.
    pub fn advance(&self, by: Duration) {
        self.clock.advance(by);
        self.queued.notify_one();
    }

    pub fn get(&self, path: &str) -> Page {
        Page::of(self.client.get(self.address(path)).send().unwrap())
    }

    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        Page::of(self.client.post(self.address(path)).form(fields).send().unwrap())
    }

    /// The address of a path, or of a link as it stands in a mail.
    pub fn address(&self, path: &str) -> String {
        format!("{}{}", self.url, path.strip_prefix(PUBLIC_URL).unwrap_or(path))
    }

    /// Waits until `done` holds; fails the test after [`PATIENCE`].
    pub fn until(&self, what: &str, mut done: impl FnMut() -> bool) {
        let start = Instant::now();
        while !done() {
            assert!(start.elapsed() < PATIENCE, "in {PATIENCE:?} it did not happen that {what}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        self.stop.cancel();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
            && !std::thread::panicking()
        {
            panic!("the service did not stop cleanly");
        }
    }
}

struct Running {
    url: String,
    store: Store,
    first_login: Option<String>,
    queued: std::sync::Arc<tokio::sync::Notify>,
    stop: CancellationToken,
    thread: JoinHandle<()>,
}

impl Running {
    fn start(settings: &HashMap<String, String>, clock: Clock) -> Self {
        let config = Config::from_lookup(|name| settings.get(name).cloned()).unwrap_or_else(|error| panic!("{error}"));
        let app = App::build(config, clock).unwrap_or_else(|error| panic!("{error}"));
        let (url, store, queued) = (format!("http://{}", app.address().unwrap()), app.store(), app.queued());
        let first_login = app.first_login_link();
        let stop = CancellationToken::new();
        let token = stop.clone();
        let thread = std::thread::spawn(move || block_on(app.run_until_stopped(token)).unwrap());
        Self { url, store, first_login, queued, stop, thread }
    }
}

/// An answer, read.
pub struct Page {
    pub status: u16,
    pub location: Option<String>,
    pub headers: reqwest::header::HeaderMap,
    pub body: String,
}

impl Page {
    pub fn of(response: Response) -> Self {
        let headers = response.headers().clone();
        let location = headers.get("location").and_then(|value| value.to_str().ok()).map(str::to_owned);
        Self { status: response.status().as_u16(), location, headers, body: response.text().unwrap() }
    }

    /// The value of the form field `name`, as the browser would send it back.
    pub fn field(&self, name: &str) -> Option<String> {
        let at = self.body.find(&format!("name=\"{name}\""))?;
        let tag = &self.body[self.body[..at].rfind('<')?..];
        let tag = &tag[..tag.find('>')?];
        let value = tag.split("value=\"").nth(1)?.split('"').next()?;
        Some(unescape(value))
    }

    /// The page's words, without tags.
    pub fn text(&self) -> String {
        let mut text = String::new();
        let mut inside = false;
        for c in self.body.chars() {
            match c {
                '<' => inside = true,
                '>' => inside = false,
                c if !inside => text.push(c),
                _ => {}
            }
        }
        unescape(&text)
    }
}

/// The characters behind HTML's references, as far as our escaping writes them.
pub fn unescape(html: &str) -> String {
    [
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#x27;", "'"),
        ("&#x60;", "`"),
        ("&#x3D;", "="),
        ("&amp;", "&"),
        ("&#38;", "&"),
    ]
    .into_iter()
    .fold(html.to_owned(), |text, (reference, character)| text.replace(reference, character))
}
