//! Why the service can't start, or can't go on.

use crate::fetch::FetchError;
use crate::intake::IntakeError;
use crate::mail::{MailboxSettingsError, SmtpSettingsError};
use crate::render::TemplateError;
use crate::store::StoreError;

/// Why the service can't start, or can't go on. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data folder can't be made.
    #[error("the data folder {0} can't be made: {1}. Set DATA_DIR to a folder that this user may write to")]
    DataDir(String, std::io::Error),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Templates that can't be used.
    #[error("templates can't be used; mend them and start again:\n{}", lines(.0))]
    Templates(Vec<TemplateError>),
    /// Campaigns, offices or places that can't be used.
    #[error(
        "the campaigns in the database can't be used; import a mended folder with `standout campaigns import` and start again:\n  {0}"
    )]
    Intake(#[from] IntakeError),
    /// The demo that comes with the program.
    #[error("the demo can't be loaded: {0}")]
    Demo(String),
    /// The mail server's address.
    #[error("SMTP_URL: {0}")]
    Smtp(#[from] SmtpSettingsError),
    /// The mailbox of returned mail.
    #[error("BOUNCE_IMAP_URL: {0}")]
    Mailbox(#[from] MailboxSettingsError),
    /// The key that mail is signed with.
    #[error("DKIM_KEY_FILE: {0}: {1}")]
    Dkim(String, String),
    /// The port.
    #[error("BIND_ADDR: can't listen on {0}: {1}. Is another Standout running? Choose another port, such as 127.0.0.1:8081")]
    Bind(String, std::io::Error),
    /// What tells other servers.
    #[error("webhooks can't be told: {0}")]
    Webhooks(#[from] FetchError),
    /// The web server.
    #[error("the web server stopped: {0}")]
    Web(std::io::Error),
    /// What it can't work without.
    #[error(
        "{0} died, without which the service can't work, so it ended; the log says where the fault is. Start it again, and report it"
    )]
    Died(&'static str),
    /// A stop that takes too long.
    #[error(
        "the service did not stop within {0} seconds, so it was ended; letters that were in hand are tried again after the next start"
    )]
    Overdue(u64),
}

fn lines(errors: &[TemplateError]) -> String {
    errors.iter().map(|error| format!("  {error}")).collect::<Vec<_>>().join("\n")
}
