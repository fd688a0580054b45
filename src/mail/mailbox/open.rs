//! Opening a mailbox: connection, encryption, log-in, folder.

use std::future::Future;
use std::time::Duration;

use async_imap::Client;
use async_imap::imap_proto::{Capability, Response, ResponseCode, Status};
use tokio::time::timeout;

use super::error::MailboxError;
use super::settings::{MailboxSettings, Privacy};
use super::{Bytes, Can, Mailbox};
use crate::mail::session::Timeouts;
use crate::mail::wire::{Wire, WireError};

impl Mailbox {
    /// Connects, encrypts and logs in as the settings say, and opens the folder.
    ///
    /// # Errors
    /// [`MailboxError`]. A password is never written to a connection that others could read.
    pub async fn open(settings: &MailboxSettings, timeouts: Timeouts) -> Result<Self, MailboxError> {
        let connection = |error: &WireError| MailboxError::Connection(error.cause());
        let wire = Wire::connect(&settings.host, settings.port, timeouts.connect).await.map_err(|error| connection(&error))?;
        let encrypted =
            async |wire: Wire| wire.encrypt(&settings.host, timeouts.connect).await.map_err(|error| connection(&error));
        let client = match settings.privacy {
            Privacy::Loopback => greeted(wire, timeouts.command).await?,
            Privacy::Tls => greeted(encrypted(wire).await?, timeouts.command).await?,
            Privacy::StartTls => {
                let mut client = greeted(wire, timeouts.command).await?;
                let asked = within(timeouts.command, client.run_command_and_check_ok("STARTTLS", None)).await?;
                asked.map_err(|error| match MailboxError::of(&error, "encryption") {
                    MailboxError::Refused(_) => MailboxError::NoEncryption,
                    other => other,
                })?;
                // What came unencrypted is forgotten with the client that read it.
                let wire = encrypted(Wire::over(client.into_inner())).await?;
                Client::new(wire.into_stream())
            }
        };
        let (user, password) = (&settings.login.user, &settings.login.password);
        let logged_in = within(timeouts.command, client.login(user, password)).await?;
        let session = logged_in.map_err(|(error, _)| MailboxError::of(&error, "the log-in"))?;
        let mut mailbox = Self { session: Some(session), can: Can::default(), validity: 0, news: false, timeouts };
        mailbox.can = mailbox.capabilities().await?;
        mailbox.select(&settings.folder).await?;
        Ok(mailbox)
    }

    async fn capabilities(&mut self) -> Result<Can, MailboxError> {
        let mut can = Can::default();
        self.ask("CAPABILITY", "to say what it can do", |answer| {
            let Response::Capabilities(all) = answer else { return };
            let has =
                |wanted: &str| all.iter().any(|one| matches!(one, Capability::Atom(name) if name.eq_ignore_ascii_case(wanted)));
            can = Can { idle: has("IDLE"), expunge_by_uid: has("UIDPLUS"), move_by_uid: has("MOVE") };
        })
        .await?;
        Ok(can)
    }

    async fn select(&mut self, folder: &str) -> Result<(), MailboxError> {
        let name = folder.replace('\\', "\\\\").replace('"', "\\\"");
        let mut validity = 0;
        self.ask(&format!("SELECT \"{name}\""), "to open the folder", |answer| {
            if let Response::Data { outcome, .. } = answer
                && let Some(ResponseCode::UidValidity(number)) = &outcome.code
            {
                validity = *number;
            }
        })
        .await?;
        self.validity = validity;
        Ok(())
    }
}

/// A client that has read the server's greeting. Only a plain one is taken: a server that thinks us logged in already can't have
/// seen the log-in.
async fn greeted(wire: Wire, limit: Duration) -> Result<Client<Bytes>, MailboxError> {
    let mut client = Client::new(wire.into_stream());
    let greeting = within(limit, client.read_response()).await?.map_err(|error| MailboxError::of_io(&error))?;
    let greeting = greeting.ok_or(MailboxError::Closed)?;
    match greeting.parsed() {
        Response::Data { status: Status::Ok, .. } => Ok(client),
        Response::Data { status: Status::Bye, .. } => Err(MailboxError::Closed),
        _ => Err(MailboxError::NotImap),
    }
}

pub(super) async fn within<T>(limit: Duration, work: impl Future<Output = T>) -> Result<T, MailboxError> {
    timeout(limit, work).await.map_err(|_| MailboxError::TimedOut)
}
