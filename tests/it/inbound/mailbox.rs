//! Letters that come back into a mailbox (`BOUNCE_IMAP_URL`), with a server that misbehaves. The real one is in `tests/real_peers`.

use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use standout::app::block_on;
use standout::domain::{EmailAddress, MessageState};
use standout::inbound::{Collector, Inbound, Waits};
use standout::mail::{MailboxSettings, ReturnPath, Timeouts};
use standout::metrics::Metrics;
use tokio_util::sync::CancellationToken;

use super::{DOMAIN, FULL, SECRET, report, sent};
use crate::support::app::TestApp;
use crate::support::imap_server::{ImapServer, Script};
use crate::support::smtp_server::{self, SmtpServer};
use crate::support::tables::Tables;

const FULLY_ABLE: Script = Script { can: "IDLE UIDPLUS MOVE", refuses: Vec::new(), closes_at: None, closes_idle: false };
const NOT_OURS: &str = "From: ana@example.org\r\nSubject: Re: A letter\r\n\r\nHello.\r\n";

fn app() -> TestApp {
    TestApp::with(&[DOMAIN, ("SECRET_KEY", SECRET)])
}

/// A reader of that mailbox for the app's letters, with short waits. Dropping it stops it.
struct Reader {
    metrics: Arc<Metrics>,
    stop: CancellationToken,
    thread: Option<JoinHandle<()>>,
}

impl Reader {
    fn start(app: &TestApp, server: &ImapServer) -> Self {
        Self::at(app, &server.url())
    }

    fn at(app: &TestApp, url: &str) -> Self {
        let path = ReturnPath::new(SECRET, Some(DOMAIN.1), EmailAddress::parse("letters@campaign.example").unwrap());
        let returns = Inbound::new(app.store.clone(), path, app.clock.clone());
        let short = Duration::from_millis(20);
        let waits = Waits {
            look: short,
            first_retry: short,
            longest_retry: short,
            in_hand: short,
            timeouts: Timeouts { command: Duration::from_secs(5), ..Timeouts::default() },
            ..Waits::default()
        };
        let (metrics, stop) = (Arc::new(Metrics::default()), CancellationToken::new());
        let collector = Collector::new(returns, MailboxSettings::parse(url).unwrap(), Arc::clone(&metrics), waits);
        let token = stop.clone();
        let thread = std::thread::spawn(move || block_on(collector.run(token)));
        Self { metrics, stop, thread: Some(thread) }
    }

    fn counted(&self, line: &str) -> bool {
        self.metrics.text(&standout::metrics::Snapshot::default()).lines().any(|have| have == format!("standout_{line}"))
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.stop.cancel();
        let ended = self.thread.take().unwrap().join();
        assert!(ended.is_ok() || std::thread::panicking(), "the reader of the mailbox ended by itself");
    }
}

#[test]
fn what_lies_in_the_mailbox_is_recorded_and_then_removed() {
    let server = ImapServer::start(FULLY_ABLE);
    let app = TestApp::with(&[DOMAIN, ("BOUNCE_IMAP_URL", &server.url())]);
    let (_, mails) = sent(&app);
    app.until("it waits for news", || server.asked("IDLE") > 0);
    server.deliver(report(&mails[0], FULL));
    app.until("the letter has come back", || app.letters(MessageState::Bounced) == 1);
    app.until("its report is gone", || server.inbox() == 0);
    server.deliver(NOT_OURS);
    app.until("what is not ours is moved", || server.inbox() == 0 && server.aside() == 1);
    server.deliver(format!("To: {}\r\n{NOT_OURS}", mails[1].from));
    app.until("a person's answer is moved too", || server.inbox() == 0 && server.aside() == 2);
    assert_eq!(app.letters(MessageState::Sent), 1);
    assert_eq!(app.tables().count("office_replies WHERE NOT automatic"), 1, "and kept, to be passed on");
    let numbers = app.get("/metrics").body;
    for line in [
        "mailbox_connected{mailbox=\"returned\"} 1",
        "mailbox_mails_total{outcome=\"recorded\"} 2",
        "mailbox_mails_total{outcome=\"unmatched\"} 1",
    ] {
        assert!(numbers.contains(&format!("standout_{line}\n")), "{line} in {numbers}");
    }
    assert_eq!(server.connections(), 1);
}

#[test]
fn a_server_that_can_do_the_least_is_enough() {
    let app = app();
    let (_, mails) = sent(&app);
    let server = ImapServer::start(Script { refuses: vec!["UID COPY 2 Unmatched"], ..Script::default() });
    server.deliver(report(&mails[0], FULL));
    server.deliver(NOT_OURS);
    let reader = Reader::start(&app, &server);
    app.until("the folder is asked for", || server.asked("CREATE Unmatched") > 0);
    assert_eq!(server.inbox(), 1, "a mail that can't be moved stays");
    server.set_script(|script| script.refuses.clear());
    app.until("all is away", || server.inbox() == 0 && server.aside() == 1);
    server.deliver(report(&mails[1], FULL));
    app.until("it looks again", || app.letters(MessageState::Bounced) == 2);
    assert_eq!((server.asked("IDLE"), server.asked("UID EXPUNGE"), server.asked("UID MOVE")), (0, 0, 0));
    drop(reader);
}

#[test]
fn a_mail_that_ends_the_connection_each_time_holds_up_no_other() {
    let app = app();
    let (_, mails) = sent(&app);
    let server = ImapServer::start(Script { closes_at: Some("UID FETCH 1 "), ..FULLY_ABLE });
    server.deliver(NOT_OURS);
    server.deliver(report(&mails[0], FULL));
    let reader = Reader::start(&app, &server);
    app.until("the other is read", || app.letters(MessageState::Bounced) == 1);
    app.until("the other is removed", || server.inbox() == 1);
    assert_eq!(server.asked("UID FETCH 1 "), 3);
    assert!(reader.counted("mailbox_mails_total{outcome=\"unreadable\"} 1"));
}

#[test]
fn a_mailbox_that_lets_nothing_go_is_read_once() {
    let app = app();
    let (_, mails) = sent(&app);
    let server = ImapServer::start(Script {
        refuses: vec!["UID STORE", "UID MOVE", "CREATE"],
        ..Script { can: "UIDPLUS MOVE", ..FULLY_ABLE }
    });
    server.deliver(report(&mails[0], FULL));
    server.deliver(NOT_OURS);
    let reader = Reader::start(&app, &server);
    app.until("it was looked at often", || server.asked("UID SEARCH") > 5);
    assert_eq!((app.letters(MessageState::Bounced), server.asked("UID FETCH"), server.connections()), (1, 2, 1));
    drop(reader);
    assert_eq!(server.inbox(), 2);
}

#[test]
fn a_mail_that_can_not_be_kept_now_stays() {
    let app = app();
    let (_, mails) = sent(&app);
    let database = app.dir.path().join("standout.sqlite3");
    crate::support::tables::refuse_rows(&database, "returns");
    let server = ImapServer::start(FULLY_ABLE);
    server.deliver(report(&mails[0], FULL));
    server.deliver(report(&mails[1], FULL));
    let reader = Reader::start(&app, &server);
    app.until("it was tried often", || server.asked("UID FETCH 1 ") > 5);
    assert_eq!((server.inbox(), app.letters(MessageState::Sent)), (2, 2));
    Tables::allow_rows(&database);
    app.until("both are recorded", || app.letters(MessageState::Bounced) == 2);
    app.until("both are removed", || server.inbox() == 0);
    assert!(reader.counted("mailbox_mails_total{outcome=\"recorded\"} 2"));
}

#[test]
fn a_report_that_is_faster_than_its_letter_waits() {
    let app = app();
    let (_, mails) = sent(&app);
    let database = app.dir.path().join("standout.sqlite3");
    let state = |from: &str, to: &str| {
        Tables::change(&database, &format!("UPDATE messages SET state = '{to}' WHERE state = '{from}' AND kind = 'letter'"));
    };
    state("sent", "sending");
    let server = ImapServer::start(FULLY_ABLE);
    server.deliver(report(&mails[0], FULL));
    let reader = Reader::start(&app, &server);
    app.until("it was read often", || server.asked("UID FETCH 1 ") > 5);
    assert_eq!((server.inbox(), app.tables().count("returns")), (1, 0));
    state("sending", "sent");
    app.until("it is recorded", || app.tables().count("messages WHERE state = 'bounced'") == 1);
    app.until("it is removed", || server.inbox() == 0);
    drop(reader);
}

#[test]
fn a_connection_that_breaks_is_made_again() {
    let app = app();
    let (_, mails) = sent(&app);
    let server = ImapServer::start(Script { closes_idle: true, ..FULLY_ABLE });
    let reader = Reader::start(&app, &server);
    app.until("it came back", || server.connections() > 2);
    server.deliver(report(&mails[0], FULL));
    app.until("it is recorded", || app.letters(MessageState::Bounced) == 1);
    // Broken between the record and the removal: recorded once, removed by the next connection.
    server.set_script(|script| script.closes_at = Some("STORE"));
    server.deliver(report(&mails[1], FULL));
    app.until("it is recorded", || app.letters(MessageState::Bounced) == 2);
    app.until("it was to be removed", || server.asked("UID STORE") > 3);
    server.set_script(|script| script.closes_at = None);
    app.until("it is removed", || server.inbox() == 0);
    assert_eq!((server.asked("UID FETCH 2 "), app.tables().count("returns")), (1, 2));
    drop(reader);
}

#[test]
fn a_report_in_a_mail_that_is_too_large_is_still_found() {
    let app = app();
    let (_, mails) = sent(&app);
    let server = ImapServer::start(FULLY_ABLE);
    let large = format!("{}{}", report(&mails[0], FULL), "padding\r\n".repeat(1_300_000));
    assert!(large.len() > standout::inbound::INCOMING_MAX_OCTETS);
    server.deliver(large);
    let reader = Reader::start(&app, &server);
    app.until("it is recorded", || app.letters(MessageState::Bounced) == 1);
    drop(reader);
}

#[test]
fn a_server_that_refuses_or_is_none_is_asked_again_and_a_stop_ends_it_at_once() {
    let app = app();
    let server = ImapServer::start(Script { refuses: vec!["LOGIN"], ..FULLY_ABLE });
    let reader = Reader::start(&app, &server);
    app.until("it asked again", || server.asked("LOGIN") > 2);
    assert!(reader.counted("mailbox_connected{mailbox=\"returned\"} 0"));
    assert_eq!(server.asked("SELECT"), 0);
    // A mail server of the wrong kind greets in another language; a password is never written to it.
    let smtp = SmtpServer::start(smtp_server::Script::default());
    let url = smtp.url().replace("smtp://", "imap://returned:secret@");
    let wrong = Reader::at(&app, &url);
    app.until("it asked again", || smtp.connections() > 2);
    assert!(smtp.commands().iter().all(|line| !line.contains("secret")));
    drop((reader, wrong));
    let hanging = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let reader = Reader::at(&app, &format!("imap://returned:secret@{}", hanging.local_addr().unwrap()));
    let _kept = hanging.accept().unwrap();
    let start = std::time::Instant::now();
    drop(reader);
    assert!(start.elapsed() < Duration::from_secs(4), "a stop waits for no answer");
}
