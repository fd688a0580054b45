//! A mailbox on an IMAP server (RFC 3501): what lies in it, one mail at a time, and waiting for more (RFC 2177).
//!
//! Of async-imap, log-in, parsing and IDLE are used. Its other commands take a connection that ended, or a server's `NO`, for an
//! empty answer; a mail would then count as removed that is still there. So commands are asked here, each with its last line.

mod error;
mod open;
mod settings;

use std::collections::BTreeSet;
use std::time::Duration;

use async_imap::Session;
use async_imap::extensions::idle::IdleResponse;
use async_imap::imap_proto::{AttributeValue, MailboxDatum, Response, Status};
use async_imap::types::UnsolicitedResponse;
use tokio::time::{sleep, timeout};

use super::session::Timeouts;
use super::wire::ByteStream;
pub use error::MailboxError;
use open::within;
pub use settings::{MailboxSettings, MailboxSettingsError};

type Bytes = Box<dyn ByteStream>;

/// The folder for mails that name no message of ours; it is made where it is missing.
const ASIDE: &str = "Unmatched";

/// What the server can do beyond RFC 3501.
#[derive(Clone, Copy, Debug, Default)]
struct Can {
    /// Tell of new mail by itself.
    idle: bool,
    /// Remove these mails and no others (RFC 4315).
    expunge_by_uid: bool,
    /// Move in one step (RFC 6851).
    move_by_uid: bool,
}

/// An open folder. After an error other than [`MailboxError::Refused`] it is good for nothing.
#[derive(Debug)]
pub struct Mailbox {
    session: Option<Session<Bytes>>,
    can: Can,
    validity: u32,
    /// Mail came since it was last looked.
    news: bool,
    timeouts: Timeouts,
}

impl Mailbox {
    /// The numbers of mails mean the same as long as this does (RFC 3501 section 2.3.1.1).
    #[must_use]
    pub const fn validity(&self) -> u32 {
        self.validity
    }

    /// Whether the server tells of new mail by itself.
    #[must_use]
    pub const fn is_told(&self) -> bool {
        self.can.idle
    }

    /// The numbers (UID) of all mails in the folder.
    ///
    /// # Errors
    /// [`MailboxError`]
    pub async fn waiting(&mut self) -> Result<BTreeSet<u32>, MailboxError> {
        // Some servers find a mail only once they have told of it.
        self.ask("NOOP", "to look", |_| {}).await?;
        self.news = false;
        let mut found = BTreeSet::new();
        self.ask("UID SEARCH ALL", "a search", |answer| {
            if let Response::MailboxData(MailboxDatum::Search(numbers)) = answer {
                found.extend(numbers.iter().copied());
            }
        })
        .await?;
        Ok(found)
    }

    /// A mail, at most so many octets of it; `None` where the server has none of that number. It stays unread there.
    ///
    /// # Errors
    /// [`MailboxError`]
    pub async fn read(&mut self, uid: u32, most_octets: usize) -> Result<Option<Vec<u8>>, MailboxError> {
        let mut mail = None;
        let command = format!("UID FETCH {uid} (BODY.PEEK[]<0.{most_octets}>)");
        self.ask_within(self.timeouts.data, &command, "to hand a mail over", |answer| {
            let Response::Fetch(_, attributes) = answer else { return };
            let wanted = attributes.iter().any(|one| matches!(one, AttributeValue::Uid(number) if *number == uid));
            for attribute in attributes.iter().filter(|_| wanted) {
                if let AttributeValue::BodySection { section: None, data: Some(data), .. } = attribute {
                    mail = Some(data.to_vec());
                }
            }
        })
        .await?;
        Ok(mail)
    }

    /// Removes these mails for good.
    ///
    /// # Errors
    /// [`MailboxError`]
    pub async fn remove(&mut self, uids: &[u32]) -> Result<(), MailboxError> {
        const WHAT: &str = "to remove mails";
        let Some(set) = set_of(uids) else { return Ok(()) };
        self.ask(&format!("UID STORE {set} +FLAGS.SILENT (\\Deleted)"), WHAT, |_| {}).await?;
        // Without RFC 4315 whatever else is marked goes too; the mailbox is ours alone.
        let expunge = if self.can.expunge_by_uid { format!("UID EXPUNGE {set}") } else { "EXPUNGE".to_owned() };
        self.ask(&expunge, WHAT, |_| {}).await
    }

    /// Moves these mails to the folder `Unmatched`.
    ///
    /// # Errors
    /// [`MailboxError`]
    pub async fn set_aside(&mut self, uids: &[u32]) -> Result<(), MailboxError> {
        const WHAT: &str = "to move mails to the folder Unmatched";
        let Some(set) = set_of(uids) else { return Ok(()) };
        let command = format!("UID {} {set} {ASIDE}", if self.can.move_by_uid { "MOVE" } else { "COPY" });
        if let Err(MailboxError::Refused(_)) = self.ask(&command, WHAT, |_| {}).await {
            self.ask(&format!("CREATE {ASIDE}"), WHAT, |_| {}).await?;
            self.ask(&command, WHAT, |_| {}).await?;
        }
        if self.can.move_by_uid { Ok(()) } else { self.remove(uids).await }
    }

    /// Waits until the folder changes, at most so long; a server that can't tell is not asked meanwhile.
    ///
    /// # Errors
    /// [`MailboxError`]
    pub async fn wait_for_news(&mut self, at_most: Duration) -> Result<(), MailboxError> {
        const WHAT: &str = "to tell of new mail";
        if std::mem::take(&mut self.news) {
            return Ok(());
        }
        if !self.can.idle {
            sleep(at_most).await;
            return Ok(());
        }
        let session = self.session.take().ok_or(MailboxError::Closed)?;
        let told = session.unsolicited_responses.clone();
        while told.try_recv().is_ok() {}
        let mut idle = session.idle();
        within(self.timeouts.command, idle.init()).await?.map_err(|error| MailboxError::of(&error, WHAT))?;
        // What came while the server was changing over.
        let mut news = false;
        while let Ok(response) = told.try_recv() {
            news |= matches!(response, UnsolicitedResponse::Exists(_));
        }
        if !news {
            let (change, _interrupt) = idle.wait_with_timeout(at_most);
            match timeout(at_most, change).await {
                // Nobody interrupts: it is the library's word for the end of the connection.
                Ok(Ok(IdleResponse::ManualInterrupt)) => return Err(MailboxError::Closed),
                Ok(Err(error)) => return Err(MailboxError::of(&error, WHAT)),
                Ok(Ok(IdleResponse::NewData(_) | IdleResponse::Timeout)) | Err(_) => {}
            }
        }
        let session = within(self.timeouts.command, idle.done()).await?.map_err(|error| MailboxError::of(&error, WHAT))?;
        self.session = Some(session);
        Ok(())
    }

    async fn ask(
        &mut self,
        command: &str,
        what: &'static str,
        each: impl FnMut(&Response<'_>) + Send,
    ) -> Result<(), MailboxError> {
        self.ask_within(self.timeouts.command, command, what, each).await
    }

    /// One command, and all that the server says until it is done with it.
    async fn ask_within(
        &mut self,
        limit: Duration,
        command: &str,
        what: &'static str,
        mut each: impl FnMut(&Response<'_>) + Send,
    ) -> Result<(), MailboxError> {
        let (session, news) = (self.session.as_mut().ok_or(MailboxError::Closed)?, &mut self.news);
        let conversation = async move {
            let tag = session.run_command(command).await.map_err(|error| MailboxError::of(&error, what))?;
            while let Some(answer) = session.read_response().await.map_err(|error| MailboxError::of_io(&error))? {
                match answer.parsed() {
                    Response::Done { tag: of, status, .. } if *of == tag => {
                        return if *status == Status::Ok { Ok(()) } else { Err(MailboxError::Refused(what)) };
                    }
                    other => {
                        *news |= matches!(other, Response::MailboxData(MailboxDatum::Exists(_)));
                        each(other);
                    }
                }
            }
            Err(MailboxError::Closed)
        };
        within(limit, conversation).await?
    }
}

/// `3,4,9`, as commands name mails; `None` for no mail.
fn set_of(uids: &[u32]) -> Option<String> {
    let numbers: Vec<String> = uids.iter().map(u32::to_string).collect();
    (!numbers.is_empty()).then(|| numbers.join(","))
}
