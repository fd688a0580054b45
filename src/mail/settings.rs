//! `SMTP_URL`: which mail server, how encrypted, as whom.

use std::fmt;

use lettre::transport::smtp::authentication::Mechanism;
use url::Url;

use super::login::{Login, is_loopback, percent_decoded};

/// How the connection to the mail server is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encryption {
    /// `smtp://`: not at all. For a relay on this machine or in this network.
    None,
    /// `smtp://...?tls=opportunistic`: with `STARTTLS` if the server offers it.
    Opportunistic,
    /// `smtp://...?tls=required`: with `STARTTLS`, or no mail is sent.
    Required,
    /// `smtps://`: from the first byte.
    Implicit,
}

/// The mail server that takes our mail, from a URL in the form that lettre's `from_url` reads.
#[derive(Clone, PartialEq, Eq)]
pub struct SmtpSettings {
    host: String,
    port: u16,
    encryption: Encryption,
    login: Option<Login>,
    mechanism: Option<Mechanism>,
    hello: Option<String>,
}

/// What is wrong with the URL, and what to write instead. The URL itself is not repeated: it may hold a password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SmtpSettingsError {
    /// No URL at all.
    #[error(
        "this is no URL ({0}); write smtp://localhost:25 or smtps://user:password@mail.example.org, with % codes for @ : / ? # in the password"
    )]
    NotAUrl(url::ParseError),
    /// Something other than `smtp` or `smtps`.
    #[error("\"{0}://\" is not for sending mail; begin with smtp:// or smtps://")]
    Scheme(String),
    /// No host name.
    #[error("the mail server's name is missing; write smtp://mail.example.org:587?tls=required")]
    NoHost,
    /// Port 0, which no server has.
    #[error("port 0 can't be connected to; leave the port out, or write 25, 465 or 587")]
    Port,
    /// An unknown word behind `tls=`, or `tls=` on `smtps://`.
    #[error("tls={0} is unknown here; with smtp:// write tls=required or tls=opportunistic, and with smtps:// leave it out")]
    Tls(String),
    /// An unknown word behind `auth=`, or `auth=` without a log-in.
    #[error("auth={0} can't be used; with user and password write auth=plain, auth=login or auth=xoauth2, or leave it out")]
    Auth(String),
    /// A parameter that means nothing.
    #[error("the parameter \"{0}\" is unknown; only tls=required, tls=opportunistic and auth= are known")]
    Parameter(String),
    /// A user name without a password, or the other way round.
    #[error("a log-in needs both, as in smtp://user:password@mail.example.org:587?tls=required")]
    HalfALogin,
    /// Bytes in user name or password that are not UTF-8 once decoded.
    #[error("user name or password has % codes that give no UTF-8 text; encode each of its bytes as UTF-8")]
    LoginNotUtf8,
    /// A password that everyone on the way could read.
    #[error("the password would travel unencrypted; add ?tls=required, or use smtps://, or a relay on this machine")]
    OpenPassword,
    /// A path that is no name to greet with.
    #[error(
        "the part behind the host is the name to greet the server with (EHLO) and must be a host name, as in smtp://localhost/mail.example.org"
    )]
    Hello,
}

impl SmtpSettings {
    /// Reads an `SMTP_URL`. Default ports: `smtp` 25, `smtp` with `tls=` 587, `smtps` 465. User name and
    /// password are percent-decoded. A path is the name for `EHLO`.
    ///
    /// # Errors
    /// [`SmtpSettingsError`] says what to write instead.
    pub fn parse(url: &str) -> Result<Self, SmtpSettingsError> {
        let url = Url::parse(url.trim()).map_err(SmtpSettingsError::NotAUrl)?;
        let secure = match url.scheme() {
            "smtp" => false,
            "smtps" => true,
            other => return Err(SmtpSettingsError::Scheme(other.to_owned())),
        };
        let encryption = encryption(&url, secure)?;
        let host = url.host_str().map(|host| host.trim_start_matches('[').trim_end_matches(']')).unwrap_or_default();
        if host.is_empty() {
            return Err(SmtpSettingsError::NoHost);
        }
        let default_port = match encryption {
            Encryption::None => 25,
            Encryption::Opportunistic | Encryption::Required => 587,
            Encryption::Implicit => 465,
        };
        let port = url.port().unwrap_or(default_port);
        if port == 0 {
            return Err(SmtpSettingsError::Port);
        }
        let login = login(&url)?;
        let mechanism = mechanism(&url, login.is_some())?;
        let settings = Self { host: host.to_owned(), port, encryption, login, mechanism, hello: hello(&url)? };
        if settings.login.is_some() && encryption == Encryption::None && !is_loopback(&settings.host) {
            return Err(SmtpSettingsError::OpenPassword);
        }
        Ok(settings)
    }

    /// Host name or IP address, without brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// TCP port.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// How the connection is encrypted.
    #[must_use]
    pub const fn encryption(&self) -> Encryption {
        self.encryption
    }

    /// The name for `EHLO`, if the URL gives one.
    #[must_use]
    pub fn hello(&self) -> Option<&str> {
        self.hello.as_deref()
    }

    /// The log-in method that the operator chose.
    pub(super) const fn mechanism(&self) -> Option<Mechanism> {
        self.mechanism
    }

    pub(super) const fn login(&self) -> Option<&Login> {
        self.login.as_ref()
    }

    /// Whether a log-in is asked for.
    #[must_use]
    pub const fn has_login(&self) -> bool {
        self.login.is_some()
    }

    /// Whether the mail server is this machine.
    #[must_use]
    pub fn host_is_loopback(&self) -> bool {
        is_loopback(&self.host)
    }
}

fn encryption(url: &Url, secure: bool) -> Result<Encryption, SmtpSettingsError> {
    let mut found = if secure { Encryption::Implicit } else { Encryption::None };
    for (key, value) in url.query_pairs() {
        found = match (key.as_ref(), value.as_ref()) {
            ("tls", "required") if !secure => Encryption::Required,
            ("tls", "opportunistic") if !secure => Encryption::Opportunistic,
            ("tls", other) => return Err(SmtpSettingsError::Tls(other.to_owned())),
            ("auth", _) => found,
            (other, _) => return Err(SmtpSettingsError::Parameter(other.to_owned())),
        };
    }
    Ok(found)
}

fn login(url: &Url) -> Result<Option<Login>, SmtpSettingsError> {
    match (url.username(), url.password().unwrap_or_default()) {
        ("", "") => Ok(None),
        ("", _) | (_, "") => Err(SmtpSettingsError::HalfALogin),
        (user, password) => {
            let decoded = |text| percent_decoded(text).ok_or(SmtpSettingsError::LoginNotUtf8);
            Ok(Some(Login { user: decoded(user)?, password: decoded(password)? }))
        }
    }
}

/// `auth=xoauth2`, for servers that offer it beside methods that they refuse. For it the password is an access token.
fn mechanism(url: &Url, has_login: bool) -> Result<Option<Mechanism>, SmtpSettingsError> {
    let Some((_, word)) = url.query_pairs().find(|(key, _)| key == "auth") else { return Ok(None) };
    match word.to_ascii_lowercase().as_str() {
        "plain" if has_login => Ok(Some(Mechanism::Plain)),
        "login" if has_login => Ok(Some(Mechanism::Login)),
        "xoauth2" if has_login => Ok(Some(Mechanism::Xoauth2)),
        _ => Err(SmtpSettingsError::Auth(word.into_owned())),
    }
}

fn hello(url: &Url) -> Result<Option<String>, SmtpSettingsError> {
    let name = url.path().trim_matches('/');
    let good = name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'));
    match (name, good) {
        ("", _) => Ok(None),
        (name, true) => Ok(Some(name.to_owned())),
        _ => Err(SmtpSettingsError::Hello),
    }
}

impl fmt::Debug for SmtpSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmtpSettings")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("encryption", &self.encryption)
            .field("login", &self.login.as_ref().map(|_| "hidden"))
            .field("mechanism", &self.mechanism)
            .field("hello", &self.hello)
            .finish()
    }
}

/// `mail.example.org:587`, for log lines.
impl fmt::Display for SmtpSettings {
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
        for (url, shown, encryption, login) in [
            ("smtp://localhost", "localhost:25", Encryption::None, None),
            ("smtp://127.0.0.1:1025", "127.0.0.1:1025", Encryption::None, None),
            ("smtp://[::1]:2525", "[::1]:2525", Encryption::None, None),
            ("smtp://relay.example.org", "relay.example.org:25", Encryption::None, None),
            ("smtp://m.example.org?tls=required", "m.example.org:587", Encryption::Required, None),
            (
                "smtp://u:p@m.example.org:2587/?tls=opportunistic",
                "m.example.org:2587",
                Encryption::Opportunistic,
                Some(("u", "p")),
            ),
            (
                "smtps://u%40example.org:p%2F%C3%BC%25@m.example.org",
                "m.example.org:465",
                Encryption::Implicit,
                Some(("u@example.org", "p/ü%")),
            ),
            ("smtp://u:p@localhost", "localhost:25", Encryption::None, Some(("u", "p"))),
            ("smtp://u:p@127.8.9.1", "127.8.9.1:25", Encryption::None, Some(("u", "p"))),
        ] {
            let settings = SmtpSettings::parse(url).unwrap_or_else(|error| panic!("{url}: {error}"));
            assert_eq!((settings.to_string().as_str(), settings.encryption()), (shown, encryption), "{url}");
            assert_eq!(settings.login().map(|l| (l.user.as_str(), l.password.as_str())), login, "{url}");
        }
        let named = SmtpSettings::parse("smtp://localhost/mail.example.org").unwrap();
        assert_eq!(named.hello(), Some("mail.example.org"));
        let token = SmtpSettings::parse("smtp://u:p@m.example.org?tls=required&auth=XOAUTH2").unwrap();
        assert_eq!((token.mechanism(), token.encryption()), (Some(Mechanism::Xoauth2), Encryption::Required));
        assert_eq!(SmtpSettings::parse("smtps://u:p@m.example.org").unwrap().mechanism(), None);
    }

    #[test]
    fn urls_that_do_not() {
        use SmtpSettingsError as E;
        for (url, error) in [
            ("", E::NotAUrl(url::ParseError::RelativeUrlWithoutBase)),
            ("http://localhost", E::Scheme("http".into())),
            ("localhost:25", E::Scheme("localhost".into())),
            ("smtp://", E::NoHost),
            ("smtp:relay", E::NoHost),
            ("smtp://localhost:0", E::Port),
            ("smtp://localhost:99999", E::NotAUrl(url::ParseError::InvalidPort)),
            ("smtp://localhost?tls=yes", E::Tls("yes".into())),
            ("smtps://m.example.org?tls=required", E::Tls("required".into())),
            ("smtp://localhost?timeout=3", E::Parameter("timeout".into())),
            ("smtps://u:p@m.example.org?auth=cram-md5", E::Auth("cram-md5".into())),
            ("smtps://m.example.org?auth=plain", E::Auth("plain".into())),
            ("smtp://u@localhost", E::HalfALogin),
            ("smtp://:p@localhost", E::HalfALogin),
            ("smtps://u:%ff@m.example.org", E::LoginNotUtf8),
            ("smtp://u:p@m.example.org", E::OpenPassword),
            ("smtp://u:p@localhost.example.org", E::OpenPassword),
            ("smtp://localhost/a%20b", E::Hello),
        ] {
            assert_eq!(SmtpSettings::parse(url).unwrap_err(), error, "{url}");
        }
    }

    #[test]
    fn the_password_is_never_shown() {
        let settings = SmtpSettings::parse("smtps://user:secret@m.example.org").unwrap();
        let shown = format!("{settings:?} {settings}");
        assert!(!shown.contains("secret") && !shown.contains("user"), "{shown}");
    }
}
