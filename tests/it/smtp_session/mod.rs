//! A session against a mail server that does every fault at every step.

mod faults;
mod opening;
mod sending;

use std::time::{Duration, Instant};

use standout::domain::EmailAddress;
use standout::mail::{MESSAGES_PER_SESSION, Reply, SendFailure, Session, SmtpSettings, Step, Timeouts};

use crate::support::smtp_server::{Action, At, Script, SmtpServer, StoredMessage};

const MESSAGE: &[u8] = b"Subject: Hello\r\n\r\nDear Senator,\r\n.\r\n..two dots\r\nGood-bye.\r\n";

fn address(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

fn short() -> Timeouts {
    let tick = Duration::from_millis(300);
    Timeouts { connect: tick, command: tick, data: tick, answer: tick }
}

async fn connect_with(server: &SmtpServer, timeouts: Timeouts) -> Result<Session, SendFailure> {
    Session::connect(&SmtpSettings::parse(&server.url()).unwrap(), "client.example", timeouts).await
}

/// With time to spare: only what is meant to run into a time limit should.
async fn connect(server: &SmtpServer) -> Session {
    connect_with(server, Timeouts::default()).await.unwrap()
}

async fn send(session: &mut Session, message: &[u8]) -> Result<Reply, SendFailure> {
    session.send(&address("bounce@campaign.example"), &address("ada@senate.example"), message).await
}

/// Opens a session and sends one message, with short time limits.
async fn attempt(server: &SmtpServer) -> Result<Reply, SendFailure> {
    let mut session = connect_with(server, short()).await?;
    let result = send(&mut session, MESSAGE).await;
    assert_eq!(session.is_usable(), result.is_ok(), "a session is of use after success only");
    if result.is_err() {
        let again = send(&mut session, MESSAGE).await.unwrap_err();
        assert_eq!((again.step, again.reply, again.maybe_delivered), (Step::MailFrom, None, false));
    }
    session.quit().await;
    result
}

fn only(messages: Vec<StoredMessage>) -> StoredMessage {
    assert_eq!(messages.len(), 1);
    messages.into_iter().next().unwrap()
}
