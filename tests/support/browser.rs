//! A real browser: headless Chromium, driven over `WebDriver` (W3C Recommendation) by its own driver program.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use reqwest::blocking::Client;
use serde_json::{Value, json};
use tempfile::TempDir;

/// How `WebDriver` names the id of an element in its answers.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
/// What keeps the browser from asking its maker's servers for anything.
const ARGUMENTS: [&str; 8] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

/// A browser with a profile of its own. Dropping it closes it.
pub struct Browser {
    driver: Child,
    session: String,
    client: Client,
    _profile: TempDir,
}

impl Browser {
    /// Starts one; says so and gives `None` where the machine has no Chromium with its driver.
    pub fn start() -> Option<Self> {
        let started = Command::new("chromedriver").arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let Ok(mut driver) = started else {
            eprintln!("skipped: chromedriver is not installed (Debian: chromium chromium-driver)");
            return None;
        };
        // It says on which port it listens, in a sentence.
        let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines().map_while(Result::ok);
        let line = lines.find(|line| line.contains("started successfully on port")).expect("chromedriver says its port");
        let port: u16 = line.trim_end_matches('.').rsplit(' ').next().unwrap().parse().unwrap();
        std::thread::spawn(move || lines.for_each(drop));
        let profile = tempfile::tempdir().unwrap();
        let mut arguments: Vec<String> = ARGUMENTS.map(str::to_owned).into();
        arguments.push(format!("--user-data-dir={}", profile.path().display()));
        let wanted = json!({ "capabilities": { "alwaysMatch": {
            "browserName": "chrome",
            "goog:chromeOptions": { "args": arguments },
            "goog:loggingPrefs": { "browser": "ALL" },
        } } });
        let client = Client::builder().timeout(Duration::from_mins(1)).build().unwrap();
        let mut browser = Self { driver, session: format!("http://127.0.0.1:{port}/session"), client, _profile: profile };
        let session = browser.ask("", Some(&wanted));
        browser.session = format!("{}/{}", browser.session, session["sessionId"].as_str().expect("a session"));
        Some(browser)
    }

    fn ask(&self, path: &str, body: Option<&Value>) -> Value {
        let address = format!("{}{path}", self.session);
        let request = match body {
            Some(body) => self.client.post(address).header("content-type", "application/json").body(body.to_string()),
            None => self.client.get(address),
        };
        let text = request.send().unwrap().text().unwrap();
        let answer: Value = serde_json::from_str(&text).unwrap();
        assert!(answer["value"]["error"].is_null(), "{path}: {text}");
        answer["value"].clone()
    }

    /// The page's size from now on, in CSS pixels; below 800 it is a phone's.
    pub fn width(&self, width: u32) {
        let metrics = json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 800 });
        self.ask("/goog/cdp/execute", Some(&json!({ "cmd": "Emulation.setDeviceMetricsOverride", "params": metrics })));
    }

    /// Opens an address and waits until it is loaded.
    pub fn open(&self, address: &str) {
        self.ask("/url", Some(&json!({ "url": address })));
    }

    /// The address of the page.
    pub fn address(&self) -> String {
        self.ask("/url", None).as_str().unwrap().to_owned()
    }

    /// What `script`, the body of a function, returns on the page.
    pub fn run(&self, script: &str) -> Value {
        self.ask("/execute/sync", Some(&json!({ "script": script, "args": [] })))
    }

    /// The page's visible words.
    pub fn text(&self) -> String {
        self.run("return document.body.innerText").as_str().unwrap().to_owned()
    }

    fn find(&self, css: &str) -> String {
        let found = self.ask("/element", Some(&json!({ "using": "css selector", "value": css })));
        format!("/element/{}", found[ELEMENT].as_str().unwrap())
    }

    /// Presses the first element that `css` selects, as a finger would: it must be visible.
    pub fn click(&self, css: &str) {
        let element = self.find(css);
        self.ask(&format!("{element}/click"), Some(&json!({})));
    }

    /// Types into the first element that `css` selects.
    pub fn type_into(&self, css: &str, text: &str) {
        let element = self.find(css);
        self.ask(&format!("{element}/value"), Some(&json!({ "text": text })));
    }

    /// What the browser complained of since it was asked last: errors of scripts, things that the page's policy forbids, what
    /// could not be loaded.
    pub fn complaints(&self) -> Vec<String> {
        let lines = self.ask("/se/log", Some(&json!({ "type": "browser" })));
        let lines = lines.as_array().cloned().unwrap_or_default();
        lines.iter().map(|line| format!("{}: {}", line["level"], line["message"])).collect()
    }

    /// Keeps a picture of the whole page, for people to look at.
    pub fn picture(&self, file: &Path) {
        use base64::Engine;
        let shot = json!({ "cmd": "Page.captureScreenshot", "params": { "captureBeyondViewport": true } });
        let taken = self.ask("/goog/cdp/execute", Some(&shot));
        let bytes = base64::engine::general_purpose::STANDARD.decode(taken["data"].as_str().unwrap()).unwrap();
        std::fs::write(file, bytes).unwrap();
    }

    /// Waits until `done` holds; fails the test after ten seconds.
    pub fn until(&self, what: &str, mut done: impl FnMut() -> bool) {
        let start = Instant::now();
        while !done() {
            assert!(start.elapsed() < Duration::from_secs(10), "in ten seconds it did not happen that {what}:\n{}", self.text());
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.client.delete(&self.session).send();
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}
