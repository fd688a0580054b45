//! Webhooks against a real receiver: what it is told, in which order, how it checks that, and what happens when it fails.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use hmac::{Hmac, Mac};
use serde_json::Value;
use sha2::Sha256;
use standout::domain::{MessageState, Role};

use crate::support::app::{Page, TestApp};
use crate::support::journey::Typed;
use crate::support::tables::Tables;

/// What the receiver does with the request of that number.
#[derive(Clone, Copy)]
enum Does {
    Answers(u16),
    Redirects,
    Hangs,
}

struct Told {
    head: String,
    body: String,
}

/// A web server that keeps what it is told; it ends with the test program.
struct Receiver {
    addr: SocketAddr,
    told: Arc<Mutex<Vec<Told>>>,
}

impl Receiver {
    fn start(does: impl Fn(usize) -> Does + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let addr = listener.local_addr().unwrap();
        let told = Arc::new(Mutex::new(Vec::new()));
        let (kept, does) = (Arc::clone(&told), Arc::new(does));
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (kept, does) = (Arc::clone(&kept), Arc::clone(&does));
                thread::spawn(move || {
                    let (mut lines, mut out) = (BufReader::new(stream.try_clone().unwrap()), stream);
                    let mut head = String::new();
                    while lines.read_line(&mut head).unwrap_or(0) > 2 {}
                    let length = header(&head, "content-length").unwrap_or("0").parse().unwrap();
                    let mut body = vec![0; length];
                    lines.read_exact(&mut body).unwrap();
                    let number = {
                        let mut kept = kept.lock().unwrap();
                        kept.push(Told { head, body: String::from_utf8(body).unwrap() });
                        kept.len() - 1
                    };
                    let answer = match does(number) {
                        Does::Answers(status) => format!("HTTP/1.1 {status} X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
                        Does::Redirects => {
                            "HTTP/1.1 307 X\r\nLocation: /elsewhere\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_owned()
                        }
                        Does::Hangs => return thread::sleep(Duration::from_mins(1)),
                    };
                    let _ = out.write_all(answer.as_bytes());
                });
            }
        });
        Self { addr, told }
    }

    fn count(&self) -> usize {
        self.told.lock().unwrap().len()
    }

    /// The bodies so far.
    fn bodies(&self) -> Vec<Value> {
        self.told.lock().unwrap().iter().map(|told| serde_json::from_str(&told.body).unwrap()).collect()
    }
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let value =
        |line: &'a str| line.split_once(':').filter(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim());
    head.lines().find_map(value)
}

/// Waits longer than [`TestApp::until`], for what hangs.
fn within(limit: Duration, what: &str, mut done: impl FnMut() -> bool) {
    let start = Instant::now();
    while !done() {
        assert!(start.elapsed() < limit, "in {limit:?} it did not happen that {what}");
        thread::sleep(Duration::from_millis(20));
    }
}

impl TestApp {
    fn webhooks_csrf(&self) -> String {
        self.get("/staff/webhooks").field("csrf").unwrap()
    }

    fn add_webhook(&self, url: &str, kinds: &[&'static str]) -> Page {
        let csrf = self.webhooks_csrf();
        let mut form = vec![("csrf", csrf.as_str()), ("url", url)];
        form.extend(kinds.iter().map(|kind| (*kind, "yes")));
        self.post("/staff/webhooks", &form)
    }

    /// Adds one that leads to the receiver; gives its secret.
    fn webhook_to(&self, receiver: &Receiver, kinds: &[&'static str]) -> String {
        let page = self.add_webhook(&format!("http://{}/hook?from=standout", receiver.addr), kinds);
        assert_eq!(page.status, 303, "{}", page.text());
        let page = self.get("/staff/webhooks");
        page.body.split_once("<code>whsec_").map(|(_, rest)| format!("whsec_{}", rest.split('<').next().unwrap())).unwrap()
    }

    fn hook(&self) -> (i64, Option<i64>, Option<i64>) {
        let mut tables = Tables::open(&self.dir.path().join("standout.sqlite3"));
        tables.rows("failures, failing_since, disabled_at", "webhooks").remove(0)
    }

    fn write_letters(&self, email: &str) -> String {
        let status = self.confirmed(&Typed::new(email).with("story", "My own words."));
        self.mails(2);
        status
    }
}

const BOTH: &[&str] = &["letter_sent", "signup_confirmed"];

#[test]
fn a_receiver_is_told_in_order_and_can_check_that_it_is_us() {
    let app = TestApp::start();
    app.write_letters("before@example.org");
    app.until("two are sent", || app.letters(MessageState::Sent) == 2);
    app.logged_in(Role::Admin);
    let receiver = Receiver::start(|_| Does::Answers(204));
    let secret = app.webhook_to(&receiver, BOTH);
    app.write_letters("ana@example.org");
    app.until("three are told", || receiver.count() == 3);
    let bodies = receiver.bodies();
    assert_eq!(bodies[0]["event"], "signup.confirmed");
    assert_eq!(bodies[0]["campaign"], "ma-287g");
    assert_eq!(bodies[0]["offices"].as_array().unwrap().len(), 3);
    assert!(bodies[1..].iter().all(|body| body["event"] == "letter.sent" && body["at"] == "2026-11-22T15:00:00Z"), "{bodies:?}");
    let mut tables = Tables::open(&app.dir.path().join("standout.sqlite3"));
    let sent: Vec<(i64, i64)> =
        tables.rows("id, office_id", "messages WHERE kind = 'letter' AND state = 'sent' AND signup_id = 2");
    let told: Vec<(i64, i64)> =
        bodies[1..].iter().map(|body| (body["letter"].as_i64().unwrap(), body["office"].as_i64().unwrap())).collect();
    let sorted = |mut pairs: Vec<(i64, i64)>| {
        pairs.sort_unstable();
        pairs
    };
    assert_eq!(sorted(told), sorted(sent));
    let ids: Vec<i64> = bodies.iter().map(|body| body["id"].as_i64().unwrap()).collect();
    assert!(ids.is_sorted_by(|a, b| a < b), "{ids:?}");

    for Told { head, body } in receiver.told.lock().unwrap().iter() {
        assert!(head.starts_with("POST /hook?from=standout HTTP/1.1\r\n"), "{head}");
        assert_eq!(header(head, "content-type"), Some("application/json"));
        let (time, signature) = header(head, "standout-signature").unwrap().split_once(',').unwrap();
        let seconds = time.strip_prefix("t=").unwrap();
        assert_eq!(seconds, "1795359600");
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        mac.update(format!("{seconds}.{body}").as_bytes());
        let hex: String = mac.finalize().into_bytes().iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
        assert_eq!(signature, format!("v1={hex}"));
        for personal in ["ana", "Ana", "example.org", "Saltwick", "words"] {
            assert!(!body.contains(personal), "{personal} in {body}");
        }
    }
    let log = app.get("/staff/webhooks").text();
    assert!(log.contains("HTTP status 204") && log.contains("signup.confirmed 1"), "{log}");
}

#[test]
fn what_fails_is_told_again_before_anything_later_and_the_order_stays() {
    let app = TestApp::start();
    app.logged_in(Role::Admin);
    let receiver = Receiver::start(|number| match number {
        0 => Does::Answers(500),
        1 => Does::Redirects,
        _ => Does::Answers(200),
    });
    app.webhook_to(&receiver, BOTH);
    app.write_letters("ana@example.org");
    app.until("it failed once", || app.hook().0 == 1);
    assert_eq!(receiver.count(), 1);
    app.clock.advance(Duration::from_secs(11));
    app.until("it failed twice", || app.hook().0 == 2);
    let text = app.get("/staff/webhooks").text();
    assert!(text.contains("Failing since") && text.contains("HTTP status 500") && text.contains("not followed"), "{text}");
    app.clock.advance(Duration::from_secs(31));
    app.until("all is told", || receiver.count() == 5);
    let ids: Vec<i64> = receiver.bodies().iter().map(|body| body["id"].as_i64().unwrap()).collect();
    assert_eq!((ids[0], ids[1]), (ids[2], ids[2]), "the same event, until it is taken");
    assert!(ids[2..].is_sorted_by(|a, b| a < b), "{ids:?}");
    app.until("it is well again", || app.hook() == (0, None, None));
    let elsewhere = receiver.told.lock().unwrap().iter().any(|told| told.head.contains("/elsewhere"));
    assert!(!elsewhere, "a redirect is not followed");
}

#[test]
fn after_a_day_of_failures_it_is_turned_off_with_a_word_to_staff_and_goes_on_when_turned_on() {
    let app = TestApp::start();
    app.logged_in(Role::Admin);
    let well = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let is_well = Arc::clone(&well);
    let receiver =
        Receiver::start(move |_| Does::Answers(if is_well.load(std::sync::atomic::Ordering::SeqCst) { 200 } else { 503 }));
    app.webhook_to(&receiver, &["signup_confirmed"]);
    app.write_letters("ana@example.org");
    app.until("it failed", || app.hook().0 == 1);
    app.clock.advance(Duration::from_hours(23));
    app.until("it failed again", || app.hook().0 == 2);
    assert_eq!(app.hook().2, None);
    app.clock.advance(Duration::from_hours(4));
    app.until("it is off", || app.hook().2.is_some());
    app.log_in("admin@example.org", crate::support::login::PASSWORD);
    let console = app.get("/staff").text();
    assert!(console.contains("webhook") && console.contains("turned off"), "{console}");
    let page = app.get("/staff/webhooks");
    assert!(page.text().contains("Turned off at") && page.text().contains("1 waiting to be told"), "{}", page.text());
    well.store(true, std::sync::atomic::Ordering::SeqCst);
    let count = receiver.count();
    let csrf = page.field("csrf").unwrap();
    assert_eq!(app.post("/staff/webhooks/1/on", &[("csrf", &csrf)]).status, 303);
    app.until("what waited is told", || receiver.count() == count + 1);
    app.until("it is well again", || app.hook() == (0, None, None));
    // Receipts were written meanwhile.
    app.until("nothing more comes", || app.letters(MessageState::Queued) == 0);
    within(Duration::from_secs(10), "the receipt comes", || !app.smtp.take_messages().is_empty());
}

#[test]
fn one_that_hangs_holds_up_no_other() {
    let app = TestApp::start();
    app.logged_in(Role::Admin);
    let (slow, quick) = (Receiver::start(|_| Does::Hangs), Receiver::start(|_| Does::Answers(200)));
    app.webhook_to(&slow, &["signup_confirmed"]);
    app.webhook_to(&quick, BOTH);
    app.write_letters("ana@example.org");
    within(Duration::from_secs(40), "the quick one is told all", || quick.count() == 3);
    within(Duration::from_secs(40), "the slow one has failed", || {
        let mut tables = Tables::open(&app.dir.path().join("standout.sqlite3"));
        tables.count("webhook_deliveries WHERE webhook_id = 1 AND NOT delivered") == 1
    });
    assert!(app.get("/staff/webhooks").text().contains("did not answer completely within 10 seconds"));
}

#[test]
fn a_test_comes_at_once_and_who_erased_their_data_is_not_told_of() {
    let app = TestApp::start();
    app.logged_in(Role::Admin);
    let receiver = Receiver::start(|number| Does::Answers(if number == 0 { 500 } else { 200 }));
    app.webhook_to(&receiver, &["signup_confirmed"]);
    let erased = app.write_letters("ana@example.org");
    app.until("it failed", || app.hook().0 == 1);
    assert_eq!(app.post(&format!("{erased}/erase"), &[("sure", "yes")]).status, 200);
    let csrf = app.webhooks_csrf();
    assert_eq!(app.post("/staff/webhooks/1/test", &[("csrf", &csrf)]).status, 303);
    app.until("the test came", || receiver.count() == 2);
    assert_eq!(receiver.bodies()[1]["event"], "test");
    app.clock.advance(Duration::from_secs(11));
    app.write_letters("ben@example.org");
    app.until("the next is told", || receiver.count() == 3);
    assert_eq!(
        (receiver.bodies()[2]["event"].as_str(), receiver.bodies()[2]["signup"].as_i64()),
        (Some("signup.confirmed"), Some(2))
    );
    assert_eq!(app.post("/staff/webhooks/1/remove", &[("csrf", &csrf)]).status, 303);
    assert_eq!(app.post("/staff/webhooks/1/test", &[("csrf", &csrf)]).status, 404);
    let mut tables = Tables::open(&app.dir.path().join("standout.sqlite3"));
    let log: Vec<(String,)> = tables.rows("act", "audit_log WHERE act NOT LIKE 'login.%' ORDER BY id");
    assert_eq!(log.iter().map(|(act,)| act.as_str()).collect::<Vec<_>>(), ["webhook.added", "webhook.tested", "webhook.removed"]);
}

#[test]
fn no_webhook_costs_no_row_and_leads_nowhere_that_it_must_not() {
    let app = TestApp::start();
    app.write_letters("ana@example.org");
    app.until("two are sent", || app.letters(MessageState::Sent) == 2);
    assert_eq!(Tables::open(&app.dir.path().join("standout.sqlite3")).count("webhook_events"), 0);
    app.logged_in(Role::Admin);
    for bad in ["", "example.org", "http://example.org/", "ftp://127.0.0.1/", "https://a:b@example.org/"] {
        app.add_webhook(bad, &["letter_sent"]).assert_wrong(&["url"]);
    }
    app.add_webhook("https://example.org/", &[]).assert_wrong(&["letter_sent"]);

    let key = "k".repeat(64);
    let strict = TestApp::with(&[("PUBLIC_URL", "https://standout.test"), ("SECRET_KEY", &key)]);
    strict.with_login("admin@example.org", Role::Admin);
    // Over https cookies go back only over https, which a proxy speaks: this test carries them itself.
    let client = reqwest::blocking::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let cookies = |response: &reqwest::blocking::Response| {
        let lines = response.headers().get_all("set-cookie").iter().map(|line| line.to_str().unwrap().split(';').next().unwrap());
        lines.collect::<Vec<_>>().join("; ")
    };
    let form = client.get(strict.address("/staff/login")).send().unwrap();
    let nonce = cookies(&form);
    let csrf = Page::of(form).field("csrf").unwrap();
    let login = [("csrf", csrf.as_str()), ("email", "admin@example.org"), ("password", crate::support::login::PASSWORD)];
    let session = cookies(&client.post(strict.address("/staff/login")).header("Cookie", &nonce).form(&login).send().unwrap());
    let page = Page::of(client.get(strict.address("/staff/webhooks")).header("Cookie", &session).send().unwrap());
    let csrf = page.field("csrf").unwrap();
    for bad in ["http://127.0.0.1:9/", "https://127.0.0.1:9/", "https://localhost/", "https://10.0.0.1/", "https://[::1]/"] {
        let form = [("csrf", csrf.as_str()), ("url", bad), ("letter_sent", "yes")];
        let answer = client.post(strict.address("/staff/webhooks")).header("Cookie", &session).form(&form).send().unwrap();
        Page::of(answer).assert_wrong(&["url"]);
    }
}
