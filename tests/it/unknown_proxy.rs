//! A web server in front that the service was not told of: it is noticed, and nobody gets more by it than without.

use std::time::Duration;

use crate::support::app::{Page, TestApp};
use crate::support::login::PASSWORD;
use crate::support::service::{Folder, within};
use reqwest::blocking::Client;
use reqwest::redirect::Policy;
use standout::domain::Role;

const SAID: &str = "Visitors come through a web server or proxy that this service was not told of";
const WARNING: &str = "forwarded by a web server or proxy that is not trusted";

fn forwarded(url: &str, header: &str, value: &str) -> u16 {
    Client::new().get(format!("{url}/healthz")).header(header, value).send().unwrap().status().as_u16()
}

#[test]
fn the_console_says_what_to_do_for_a_day() {
    let app = TestApp::start();
    app.logged_in(Role::Viewer);
    let says = || app.get("/staff/campaigns/ma-287g").text().contains(SAID);
    assert!(!says());
    for header in ["X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"] {
        assert_eq!(forwarded(&app.url, header, "203.0.113.9"), 200);
        assert!(says(), "{header}");
        app.clock.advance(Duration::from_hours(24));
        app.log_in("viewer@example.org", PASSWORD);
        assert!(!says(), "{header}");
    }
    forwarded(&app.url, "Via", "1.1 proxy");
    let text = app.get("/staff/campaigns/ma-287g").text();
    assert!(text.contains("sets TRUSTED_PROXIES to the IP address"), "{text}");
}

#[test]
fn a_proxy_that_is_named_is_no_news() {
    let app = TestApp::with(&[("TRUSTED_PROXIES", "127.0.0.1")]);
    app.logged_in(Role::Viewer);
    forwarded(&app.url, "X-Forwarded-For", "203.0.113.9");
    assert!(!app.get("/staff/campaigns/ma-287g").text().contains(SAID));
}

/// A browser of somebody's own, at the address that all have.
struct Browser {
    client: Client,
    url: String,
    csrf: String,
}

impl Browser {
    fn new(app: &TestApp) -> Self {
        let client = Client::builder().redirect(Policy::none()).cookie_store(true).build().unwrap();
        let url = app.address("/staff/login");
        let csrf = Page::of(client.get(&url).send().unwrap()).field("csrf").unwrap();
        Self { client, url, csrf }
    }

    fn log_in(&self, email: &str, password: &str) -> u16 {
        let fields = [("csrf", self.csrf.as_str()), ("email", email), ("password", password)];
        let request = self.client.post(&self.url).header("X-Forwarded-For", "203.0.113.9").form(&fields);
        request.send().unwrap().status().as_u16()
    }
}

#[test]
fn wrong_passwords_of_others_keep_out_nobody_who_has_logged_in_here_before() {
    let app = TestApp::with(&[("LOGINS_PER_IP_PER_HOUR", "6")]);
    for email in ["vic@example.org", "eda@example.org"] {
        app.with_login(email, Role::Viewer);
    }
    let vic = Browser::new(&app);
    assert_eq!(vic.log_in("vic@example.org", PASSWORD), 303);
    let mallory = Browser::new(&app);
    let tries: Vec<u16> = (0..8).map(|_| mallory.log_in("vic@example.org", "a wrong guess")).collect();
    assert!(tries.ends_with(&[429, 429]), "{tries:?}");
    // The same address, as behind a proxy that nobody told of.
    assert_eq!(Browser::new(&app).log_in("vic@example.org", PASSWORD), 429);
    assert_eq!(vic.log_in("eda@example.org", PASSWORD), 429, "known for one login only");
    assert_eq!(vic.log_in("Vic@example.org", PASSWORD), 303);
    // Nor does it guess on for ever.
    let tries: Vec<u16> = (0..8).map(|_| vic.log_in("vic@example.org", "a wrong guess")).collect();
    assert!(tries.starts_with(&[422]) && tries.ends_with(&[429]), "{tries:?}");
}

#[test]
fn the_log_says_it_once_and_doctor_as_long_as_it_is_so() {
    let folder = Folder::new(None, &[]);
    let doctor = || folder.run(&["doctor"]).out;
    let service = folder.serve();
    assert!(doctor().contains("ok       TRUSTED_PROXIES"), "{}", doctor());
    for n in 1..4 {
        assert_eq!(forwarded(&service.url, "X-Forwarded-For", &format!("203.0.113.{n}")), 200);
    }
    within(Duration::from_secs(20), "doctor says so", || doctor().contains("warning  TRUSTED_PROXIES"));
    assert!(doctor().contains("Set TRUSTED_PROXIES to the IP address"), "{}", doctor());
    let log = std::fs::read_to_string(folder.dir.path().join("service.log")).unwrap();
    assert_eq!(log.matches(WARNING).count(), 1, "{log}");
    assert!(!log.contains("203.0.113."), "{log}");
    service.kill();
    let service = folder.serve();
    assert!(doctor().contains("ok       TRUSTED_PROXIES"), "a start forgets it: {}", doctor());
    drop(service);
}
