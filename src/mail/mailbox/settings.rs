//! `BOUNCE_IMAP_URL`: in which mailbox returned mail lies, how the way there is encrypted, as whom.

use std::fmt;

use url::Url;

use crate::mail::login::{Login, is_loopback, percent_decoded};

/// How the connection is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Privacy {
    /// `imaps://`: from the first byte.
    Tls,
    /// `imap://...?tls=required`: with `STARTTLS`, or no password is sent.
    StartTls,
    /// `imap://` to this machine: not at all.
    Loopback,
}

/// A mailbox of its own for what comes back.
#[derive(Clone, PartialEq, Eq)]
pub struct MailboxSettings {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) privacy: Privacy,
    pub(super) login: Login,
    pub(super) folder: String,
}

/// What is wrong with the URL, and what to write instead. The URL itself is not repeated: it holds a password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MailboxSettingsError {
    /// No URL at all.
    #[error(
        "this is no URL ({0}); write imaps://user:password@mail.example.org/INBOX, with % codes for @ : / ? # in the password"
    )]
    NotAUrl(url::ParseError),
    /// Something other than `imap` or `imaps`.
    #[error("\"{0}://\" is no mailbox; begin with imaps:// or imap://")]
    Scheme(String),
    /// No host name.
    #[error("the mail server's name is missing; write imaps://user:password@mail.example.org/INBOX")]
    NoHost,
    /// Port 0, which no server has.
    #[error("port 0 can't be connected to; leave the port out, or write 993 or 143")]
    Port,
    /// An unknown parameter, or `tls=` on `imaps://`.
    #[error("the parameter \"{0}\" is unknown here; with imap:// write tls=required, and with imaps:// nothing")]
    Parameter(String),
    /// No user name or no password.
    #[error("a mailbox needs user name and password, as in imaps://user:password@mail.example.org/INBOX")]
    NoLogin,
    /// Bytes that are not UTF-8 once decoded, or a line end, which would end the command that they stand in.
    #[error("user name, password and folder must be UTF-8 text without control characters; look at their % codes")]
    NotText,
    /// A folder whose name has other than ASCII characters.
    #[error("the folder's name must be plain ASCII, such as INBOX or INBOX/Returned")]
    Folder,
    /// A password that everyone on the way could read.
    #[error("the password would travel unencrypted; add ?tls=required, or use imaps://")]
    OpenPassword,
}

impl MailboxSettings {
    /// Reads a `BOUNCE_IMAP_URL`. Default ports: `imaps` 993, `imap` 143. User name, password and folder are percent-decoded;
    /// without a folder it is `INBOX`.
    ///
    /// # Errors
    /// [`MailboxSettingsError`] says what to write instead.
    pub fn parse(url: &str) -> Result<Self, MailboxSettingsError> {
        use MailboxSettingsError as E;
        let url = Url::parse(url.trim()).map_err(E::NotAUrl)?;
        let implicit = match url.scheme() {
            "imaps" => true,
            "imap" => false,
            other => return Err(E::Scheme(other.to_owned())),
        };
        let mut required = false;
        for (key, value) in url.query_pairs() {
            match (key.as_ref(), value.as_ref()) {
                ("tls", "required") if !implicit => required = true,
                (key, value) => return Err(E::Parameter(format!("{key}={value}"))),
            }
        }
        let host = url.host_str().map(|host| host.trim_matches(['[', ']'])).filter(|host| !host.is_empty()).ok_or(E::NoHost)?;
        let privacy = match (implicit, required) {
            (true, _) => Privacy::Tls,
            (false, true) => Privacy::StartTls,
            (false, false) if is_loopback(host) => Privacy::Loopback,
            (false, false) => return Err(E::OpenPassword),
        };
        let port = url.port().unwrap_or(if implicit { 993 } else { 143 });
        if port == 0 {
            return Err(E::Port);
        }
        let text = |text: &str| {
            percent_decoded(text).filter(|text| !text.chars().any(char::is_control)).ok_or(MailboxSettingsError::NotText)
        };
        let login = Login { user: text(url.username())?, password: text(url.password().unwrap_or_default())? };
        if login.user.is_empty() || login.password.is_empty() {
            return Err(E::NoLogin);
        }
        let folder = match text(url.path().trim_matches('/'))? {
            folder if folder.is_empty() => "INBOX".to_owned(),
            // Other names are written in an encoding of IMAP's own (RFC 3501 section 5.1.3), `&` among them.
            folder if !folder.is_ascii() || folder.contains('&') => return Err(E::Folder),
            folder => folder,
        };
        Ok(Self { host: host.to_owned(), port, privacy, login, folder })
    }
}

impl fmt::Debug for MailboxSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MailboxSettings({self}, {:?}, log-in hidden)", self.privacy)
    }
}

/// `mail.example.org:993`, for log lines.
impl fmt::Display for MailboxSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            write!(f, "[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{}:{}", self.host, self.port)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_that_work() {
        for (url, shown, privacy, folder) in [
            ("imaps://u:p@m.example.org", "m.example.org:993", Privacy::Tls, "INBOX"),
            ("imaps://u:p@m.example.org:1993/INBOX/Returned", "m.example.org:1993", Privacy::Tls, "INBOX/Returned"),
            ("imap://u:p@m.example.org/?tls=required", "m.example.org:143", Privacy::StartTls, "INBOX"),
            ("imap://u:p@localhost:1143/Came%20back", "localhost:1143", Privacy::Loopback, "Came back"),
            ("imap://u:p@[::1]", "[::1]:143", Privacy::Loopback, "INBOX"),
        ] {
            let settings = MailboxSettings::parse(url).unwrap_or_else(|error| panic!("{url}: {error}"));
            assert_eq!((settings.to_string().as_str(), settings.privacy, settings.folder.as_str()), (shown, privacy, folder));
        }
        let settings = MailboxSettings::parse("imaps://u%40example.org:p%2F%C3%BC@m.example.org").unwrap();
        assert_eq!((settings.login.user.as_str(), settings.login.password.as_str()), ("u@example.org", "p/ü"));
        assert!(!format!("{settings:?} {settings}").contains("p/ü") && !format!("{settings:?}").contains("u@"));
    }

    #[test]
    fn urls_that_do_not() {
        use MailboxSettingsError as E;
        for (url, error) in [
            ("", E::NotAUrl(url::ParseError::RelativeUrlWithoutBase)),
            ("smtp://u:p@localhost", E::Scheme("smtp".into())),
            ("imaps:", E::NoHost),
            ("imap://u:p@localhost:0", E::Port),
            ("imaps://u:p@m.example.org?tls=required", E::Parameter("tls=required".into())),
            ("imap://u:p@m.example.org?tls=opportunistic", E::Parameter("tls=opportunistic".into())),
            ("imaps://m.example.org", E::NoLogin),
            ("imaps://u@m.example.org", E::NoLogin),
            ("imaps://u:a%0d%0ab@m.example.org", E::NotText),
            ("imaps://u:%ff@m.example.org", E::NotText),
            ("imaps://u:p@m.example.org/%C3%BC", E::Folder),
            ("imap://u:p@m.example.org", E::OpenPassword),
        ] {
            assert_eq!(MailboxSettings::parse(url).unwrap_err(), error, "{url}");
        }
    }
}
