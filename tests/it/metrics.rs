//! What `/metrics` says after mail has really gone out, and who may read it.

use standout::domain::{Clock, MessageState};

use crate::support::app::{START, TestApp};
use crate::support::journey::Typed;
use crate::support::smtp_script::Action;
use crate::support::smtp_server::{Script, SmtpServer};
use crate::support::tables::Tables;

const TOKEN: &str = "a token of more than thirty-two characters";

/// The number on the line that begins so.
fn number(text: &str, line: &str) -> f64 {
    let found = text.lines().find_map(|have| have.strip_prefix(line)?.strip_prefix(' '));
    found.unwrap_or_else(|| panic!("no {line} in\n{text}")).parse().unwrap()
}

#[test]
#[allow(clippy::float_cmp)] // Whole numbers.
fn the_numbers_are_those_of_the_tables() {
    let rule = |to: &str, nth: usize| {
        if to.starts_with("wren") && nth == 0 { Action::reply("451 4.2.0 later") } else { Action::reply("250 ok") }
    };
    let smtp = SmtpServer::start(Script::default().on_recipient(rule));
    let app = TestApp::over(smtp, tempfile::tempdir().unwrap(), Clock::manual(START), &[]);
    app.confirmed(&Typed::new("ana@example.org"));
    app.mails(1);
    app.until("one is sent and one waits", || app.letters(MessageState::Sent) == 1 && app.letters(MessageState::Queued) == 1);
    let page = app.get("/metrics");
    assert_eq!(page.status, 200);
    assert!(page.headers["content-type"].to_str().unwrap().starts_with("application/openmetrics-text"));
    let text = page.body;
    let mut tables = Tables::open(&app.dir.path().join("standout.sqlite3"));
    for state in MessageState::ALL {
        let rows = tables.count(&format!("messages WHERE kind = 'letter' AND state = '{state}'"));
        assert_eq!(number(&text, &format!("standout_letters{{state=\"{state}\"}}")), f64::from(u32::try_from(rows).unwrap()));
    }
    assert_eq!(number(&text, "standout_attempts_total{kind=\"confirmation\",outcome=\"sent\"}"), 1.0);
    assert_eq!(number(&text, "standout_attempts_total{kind=\"letter\",outcome=\"sent\"}"), 1.0);
    assert_eq!(number(&text, "standout_attempts_total{kind=\"letter\",outcome=\"retry\"}"), 1.0);
    assert_eq!(number(&text, "standout_attempt_seconds_count"), 3.0);
    assert_eq!(number(&text, "standout_queue_messages{class=\"offices\"}"), 1.0);
    assert_eq!(number(&text, "standout_queue_messages{class=\"supporters\"}"), 0.0);
    assert_eq!(number(&text, "standout_messages_in_hand"), 0.0);
    assert!(number(&text, "standout_smtp_sessions_opened_total") >= 1.0);
    assert!(number(&text, "standout_commit_jobs_count") >= 3.0);
    for secret in ["ana", "Ana", "wren", "Wren", "example.org", "Harbor", "Saltwick"] {
        assert!(!text.contains(secret), "{secret}");
    }
    app.clock.advance(std::time::Duration::from_hours(1));
    let age = number(&app.get("/metrics").body, "standout_queue_oldest_seconds{class=\"offices\"}");
    assert!((0.0..=3600.0).contains(&age), "{age}");
    app.smtp.take_messages();
}

#[test]
fn who_is_not_on_this_machine_shows_a_token() {
    let app = TestApp::with(&[("TRUSTED_PROXIES", "127.0.0.1")]);
    let from = |app: &TestApp, client: Option<&str>, token: Option<&str>| {
        let mut request = app.client.get(app.address("/metrics"));
        if let Some(client) = client {
            request = request.header("X-Forwarded-For", client);
        }
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        request.send().unwrap().status().as_u16()
    };
    assert_eq!((from(&app, None, None), from(&app, Some("203.0.113.9"), None)), (200, 404));
    assert_eq!(from(&app, Some("127.0.0.1"), None), 404, "whoever it was forwarded for");
    let app = TestApp::with(&[("TRUSTED_PROXIES", "127.0.0.1"), ("METRICS_TOKEN", TOKEN)]);
    assert_eq!((from(&app, None, None), from(&app, None, Some("wrong"))), (401, 401));
    assert_eq!((from(&app, None, Some(TOKEN)), from(&app, Some("203.0.113.9"), Some(TOKEN))), (200, 404));
    assert_eq!(app.post("/metrics", &[]).status, 405);
}

#[test]
fn a_proxy_that_nobody_told_of_opens_them_to_nobody() {
    for settings in [&[][..], &[("METRICS_TOKEN", TOKEN)]] {
        let app = TestApp::with(settings);
        for header in ["X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"] {
            let request = app.client.get(app.address("/metrics")).header(header, "203.0.113.9").bearer_auth(TOKEN);
            assert_eq!(request.send().unwrap().status().as_u16(), 404, "{header}");
        }
    }
}

#[test]
fn a_limit_that_holds_letters_back_is_counted() {
    for (setting, limit) in [("MAIL_PER_OFFICE_PER_MINUTE", "pace"), ("MAIL_PER_OFFICE_PER_HOUR", "cap")] {
        let app = TestApp::with(&[(setting, "1")]);
        let links = ["ana@example.org", "ben@example.org"].map(|person| app.signed_up(&Typed::new(person)));
        for link in &links {
            assert_eq!(app.post(link, &[]).status, 303);
        }
        assert_eq!(app.mails(2).len(), 2, "the first letter to each office");
        let line = format!("standout_limiter_waits_total{{limit=\"{limit}\"}} ");
        app.until("an office had to wait", || app.get("/metrics").body.lines().any(|have| have.starts_with(&line)));
        app.until("two are sent and two wait", || (app.letters(MessageState::Sent), app.letters(MessageState::Queued)) == (2, 2));
    }
}
