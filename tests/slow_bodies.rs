//! Clients that are slow on purpose: they are cut, others are answered meanwhile, and what they hold is bounded.

// Clippy takes only `#[test]` functions for tests, and not their helpers.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use support::app::TestApp;
use support::journey::{CAMPAIGN, Typed};
use support::service::Folder;

/// Far longer than anything here may take; a socket that is still silent then was not cut.
const PATIENCE: Duration = Duration::from_secs(40);
const MEGABYTE: usize = 1_000_000;

/// A request of which a part has been sent.
struct Begun(TcpStream);

impl Begun {
    fn send(url: &str, text: &str) -> Self {
        let mut stream = TcpStream::connect(url.strip_prefix("http://").unwrap()).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.write_all(text.as_bytes()).unwrap();
        Self(stream)
    }

    /// A form of `length` bytes, of which none is sent yet.
    fn form(url: &str, length: usize, client: &str) -> Self {
        Self::send(
            url,
            &format!(
                "POST {CAMPAIGN}/officials HTTP/1.1\r\nHost: standout.test\r\nX-Forwarded-For: {client}\r\n\
                 Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n"
            ),
        )
    }

    /// Sends that much of a body; false when the service has hung up.
    fn body(&mut self, bytes: usize) -> bool {
        self.0.write_all(&vec![b'a'; bytes]).is_ok()
    }

    /// Everything until the service hangs up.
    fn answer(&mut self) -> String {
        let mut all = Vec::new();
        let mut part = [0; 4096];
        loop {
            match self.0.read(&mut part) {
                Ok(0) => break,
                Ok(read) => all.extend_from_slice(&part[..read]),
                Err(error) if error.kind() == ErrorKind::ConnectionReset => break,
                Err(error) => panic!("not closed within {PATIENCE:?}: {error}; so far {}", String::from_utf8_lossy(&all)),
            }
        }
        String::from_utf8_lossy(&all).into_owned()
    }

    /// Nothing has come, and the service has not hung up.
    fn is_waiting(&self) -> bool {
        self.0.set_nonblocking(true).unwrap();
        let peeked = self.0.peek(&mut [0]);
        self.0.set_nonblocking(false).unwrap();
        peeked.is_err_and(|error| error.kind() == ErrorKind::WouldBlock)
    }
}

fn assert_refused(answer: &str, status: &str) {
    assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
    let head = answer.to_ascii_lowercase();
    assert!(head.contains("connection: close") && head.contains("<h1"), "{answer}");
    assert_eq!(head.contains("retry-after: "), status != "408", "{answer}");
}

#[test]
fn bodies_that_drip_are_cut_with_a_page_while_others_are_answered() {
    let app = TestApp::start();
    let started = Instant::now();
    let mut dripping: Vec<Begun> = (0..30).map(|_| Begun::form(&app.url, 1000, "203.0.113.1")).collect();
    while started.elapsed() < Duration::from_secs(8) {
        assert!(dripping.iter_mut().all(|begun| begun.body(1)), "cut before its time");
        std::thread::sleep(Duration::from_millis(500));
    }
    let asked = Instant::now();
    app.signed_up(&Typed::new("ana@example.org"));
    assert!(asked.elapsed() < Duration::from_secs(5), "{:?}", asked.elapsed());
    for begun in &mut dripping {
        let answer = begun.answer();
        assert_refused(&answer, "408");
        assert!(answer.contains("That took too long"), "{answer}");
    }
    let took = started.elapsed();
    assert!((Duration::from_secs(9)..Duration::from_secs(30)).contains(&took), "{took:?}");
}

#[test]
fn a_slow_phone_is_no_attacker() {
    let app = TestApp::start();
    let mut phone = Begun::form(&app.url, 56_000, "203.0.113.1");
    for _ in 0..14 {
        assert!(phone.body(4000));
        std::thread::sleep(Duration::from_secs(1));
    }
    let mut start = [0; 12];
    phone.0.read_exact(&mut start).unwrap();
    assert_eq!(&start, b"HTTP/1.1 422", "the form is empty; it was read to its end");
}

#[test]
fn a_body_that_nobody_asked_for_does_not_keep_a_connection() {
    let app = TestApp::start();
    let mut begun =
        Begun::send(&app.url, "GET /healthz HTTP/1.1\r\nHost: standout.test\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe");
    let answer = begun.answer();
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
}

#[test]
fn a_second_request_has_no_longer_to_begin_than_the_first() {
    let app = TestApp::start();
    let mut begun = Begun::send(&app.url, "GET /healthz HTTP/1.1\r\nHost: standout.test\r\n\r\n");
    let started = Instant::now();
    while begun.0.write_all(b"G").is_ok() {
        assert!(started.elapsed() < PATIENCE, "still open");
        std::thread::sleep(Duration::from_millis(500));
    }
}

#[test]
fn a_client_that_holds_too_much_loses_its_oldest_body() {
    let app = TestApp::with(&[("TRUSTED_PROXIES", "127.0.0.1")]);
    let mut oldest = Begun::form(&app.url, 9 * MEGABYTE, "203.0.113.1");
    oldest.body(8 * MEGABYTE);
    let mut other = Begun::form(&app.url, 9 * MEGABYTE, "203.0.113.2");
    other.body(8 * MEGABYTE);
    let mut newest = Begun::form(&app.url, 9 * MEGABYTE + 1, "203.0.113.1");
    newest.body(9 * MEGABYTE);
    assert_refused(&oldest.answer(), "429");
    assert!(other.is_waiting() && newest.is_waiting());
}

#[test]
fn a_client_with_too_many_bodies_loses_its_oldest() {
    let app = TestApp::with(&[("TRUSTED_PROXIES", "127.0.0.1")]);
    let other = Begun::form(&app.url, 1000, "203.0.113.2");
    let mut first = Begun::form(&app.url, 1000, "2001:db8:1:2::1");
    std::thread::sleep(Duration::from_millis(300));
    let rest: Vec<Begun> = (0..64).map(|n| Begun::form(&app.url, 1000, &format!("2001:db8:1:2::{n:x}"))).collect();
    assert_refused(&first.answer(), "429");
    assert!(other.is_waiting() && rest.iter().all(Begun::is_waiting));
}

#[test]
fn past_the_total_the_oldest_body_gives_way_and_a_sign_up_goes_through() {
    let app = TestApp::with(&[("TRUSTED_PROXIES", "127.0.0.1")]);
    let mut held: Vec<Begun> = (1..=8)
        .map(|n| {
            let mut begun = Begun::form(&app.url, 9 * MEGABYTE, &format!("203.0.113.{n}"));
            begun.body(8 * MEGABYTE + MEGABYTE / 2);
            begun
        })
        .collect();
    assert_refused(&held[0].answer(), "503");
    app.signed_up(&Typed::new("ana@example.org"));
    assert!(held[7].is_waiting());
}

#[test]
fn with_few_descriptors_those_who_wait_longest_give_way() {
    let folder = Folder::new(None, &[]);
    let plain = folder.command(&["serve"]);
    let mut command = std::process::Command::new("sh");
    command.args(["-c", "ulimit -n 256; exec \"$0\" serve"]).arg(plain.get_program());
    command.current_dir(folder.dir.path()).env_clear();
    command.envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let service = folder.serve_by(command);
    let mut dripping: Vec<Begun> = (0..299).map(|_| Begun::form(&service.url, 1000, "203.0.113.1")).collect();
    // Of those that came in one moment, any may give way; the last one has waited least.
    std::thread::sleep(Duration::from_millis(500));
    dripping.push(Begun::form(&service.url, 1000, "203.0.113.1"));
    let asked = Instant::now();
    assert_eq!(service.submit("signups", &Typed::new("ana@example.org")).status, 303);
    assert!(asked.elapsed() < Duration::from_secs(5), "{:?}", asked.elapsed());
    dripping[0].answer();
    assert!(dripping[299].is_waiting());
}
