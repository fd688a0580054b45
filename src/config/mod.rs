//! Every setting, typed and documented; the only room that reads the environment.
//!
//! All mistakes are reported at once, each with the variable's name and what to write instead. `.env.example`
//! lists the same settings for the operator; a test keeps the two in step.

mod private;
mod read;
mod read_mail;
mod settings;

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use url::Url;

pub use private::make_new_files_private;
pub use settings::ConfigErrors;

use crate::domain::{EmailAddress, RetrySchedule};

/// Paces towards offices, and limits for visitors; in each 0 means unlimited. How much at a time. "N a minute" means never more than N in any 60 seconds, spread out, with a burst of 5 at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// `MAIL_PER_SECOND`: messages a second, all destinations together; on average, with 5 at once, or above 500 a
    /// second as many as go in 10 ms.
    pub mail_per_second: u32,
    /// `MAIL_PER_OFFICE_PER_MINUTE`: messages a minute to one office. The default stays well below what one mailbox
    /// takes (Google Workspace: 60 a minute; Exchange Online: about 1,200 an hour from one sender).
    pub mail_per_office_per_minute: u32,
    /// `MAIL_PER_OFFICE_PER_HOUR`: messages an hour to one office.
    pub mail_per_office_per_hour: u32,
    /// `MAIL_PER_DOMAIN_PER_HOUR`: messages an hour to all offices of one mail domain together: a legislature's mail system sees
    /// one sender, however many of its mailboxes it writes to.
    pub mail_per_domain_per_hour: u32,
    /// `MAIL_WARM_UP`: messages of the first day of sending; twice as many on each day after it. Mail systems distrust a new sender
    /// that begins with thousands.
    pub mail_warm_up: u32,
    /// `SIGNUPS_PER_IP_PER_HOUR`: the most sign-ups in any hour from one client (one address, or one IPv6 /64).
    pub signups_per_ip_per_hour: u32,
    /// `LOGINS_PER_IP_PER_HOUR`: the most staff log-in attempts in any hour from one client.
    pub logins_per_ip_per_hour: u32,
    /// `API_PER_IP_PER_HOUR`: the most requests to the API in any hour from one client.
    pub api_per_ip_per_hour: u32,
}

/// What the service runs with.
#[derive(Clone, Debug)]
pub struct Config {
    /// `BIND_ADDR`: where the web service listens.
    pub bind_addr: String,
    /// `PUBLIC_URL`: how people reach it; links in mails begin with it. Without a slash at the end.
    pub public_url: Url,
    /// `SECRET_KEY`: signs form and CSRF tokens; made once and kept in the data folder during development.
    pub secret_key: Secret,
    /// `DATA_DIR`: where the database, the key and the outbox are kept.
    pub data_dir: PathBuf,
    /// `DATABASE_URL`: the SQLite file.
    pub database: PathBuf,
    /// `TEMPLATES_DIR`: the operator's own notices and letter frame, which win over the built-in ones.
    pub templates_dir: PathBuf,
    /// `SMTP_URL`: where mail is handed over; `None` writes it to the outbox folder.
    pub smtp_url: Option<Secret>,
    /// `SMTP_CONNECTIONS`: how many connections send at the same time.
    pub smtp_connections: usize,
    /// `MAIL_FROM`: the address that letters and notices come from.
    pub mail_from: EmailAddress,
    /// `MAIL_BOUNCE_DOMAIN`: the domain of return paths that name their message; `None` leaves `MAIL_FROM` there.
    pub bounce_domain: Option<String>,
    /// `BOUNCE_SECRET`: what a mail system shows to hand reports over by HTTP; `None` closes that door.
    pub bounce_secret: Option<Secret>,
    /// `BOUNCE_IMAP_URL`: the mailbox where returned mail lies; `None` reads none.
    pub bounce_imap_url: Option<Secret>,
    /// `METRICS_TOKEN`: what whoever reads `/metrics` shows; `None` opens it to this machine only.
    pub metrics_token: Option<Secret>,
    /// `DKIM_KEY_FILE` and `DKIM_SELECTOR`: how mail is signed; `None` leaves it unsigned.
    pub dkim: Option<Dkim>,
    /// `DNS_SERVER`: who `standout doctor` asks; `None` asks those that this machine uses.
    pub dns_server: Option<SocketAddr>,
    /// Paces and limits.
    pub limits: Limits,
    /// `MAIL_RETRY_SECONDS`: the waits between attempts.
    pub retries: RetrySchedule,
    /// `MAIL_LEASE_SECONDS`: how long a message stays in hand before it is thought lost; renewed while it is being sent.
    pub lease: Duration,
    /// `FORM_MIN_SECONDS`: a form filled in faster than this was filled in by a machine.
    pub form_min: Duration,
    /// `TRUSTED_PROXIES`: the peers whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// `GEOCODER` and `CENSUS_URL`: whether addresses are looked up on this machine only.
    pub geocoder: Geocoder,
    /// `RUST_LOG`: which log lines are written.
    pub log_filter: String,
    /// `LOG_FORMAT`: `text` or `json`.
    pub log_json: bool,
    /// `PLANT_PANIC`: the part that is to panic (`writer`, `sender` or `background`), for the tests of what happens then. No
    /// release build reads it.
    #[cfg(debug_assertions)]
    pub planted_panic: Option<String>,
}

/// How mail is signed (RFC 6376).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dkim {
    /// The file of the private key.
    pub key_file: PathBuf,
    /// The name under which the public key stands in the DNS, in lower case.
    pub selector: String,
}

/// Where an address is looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Geocoder {
    /// On this machine: no address leaves it.
    Offline,
    /// By the geocoder of the US Census Bureau, or one like it at this address; on this machine where that fails.
    Census(Url),
}

/// A value that never shows in logs or errors.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps the value.
    #[must_use]
    pub fn new(value: String) -> Self {
        Self(value)
    }

    /// The value, for the one place that needs it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

impl Config {
    /// Reads `.env` and the environment; the environment wins.
    ///
    /// # Errors
    /// Every mistake at once.
    pub fn from_env() -> Result<Self, ConfigErrors> {
        // A missing .env is the normal case; a broken one must not pass silently.
        let broken = match dotenvy::dotenv() {
            Err(error) if !error.not_found() => Some(error.to_string()),
            _ => None,
        };
        if let Some(cause) = broken {
            return Err(ConfigErrors::one(format!(
                "the file .env can't be read: {cause}. Each line must be NAME=value; quote values that hold spaces"
            )));
        }
        Self::from_lookup(|name| std::env::var(name).ok())
    }

    /// Reads settings through `lookup`, for tests and for [`Config::from_env`].
    ///
    /// # Errors
    /// Every mistake at once.
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigErrors> {
        read::config(&lookup)
    }

    /// Whether this is a laptop: the public address is not https. Development makes its own key.
    #[must_use]
    pub fn is_development(&self) -> bool {
        self.public_url.scheme() != "https"
    }

    /// Whether mail that is not sent can be looked at on a page: in development, and only where nobody but this machine
    /// can reach it, since it shows every letter and every link.
    #[must_use]
    pub fn shows_outbox(&self) -> bool {
        let host = self.bind_addr.rsplit_once(':').map_or("", |(host, _)| host).trim_matches(['[', ']']);
        let only_here = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
        self.is_development() && self.smtp_url.is_none() && only_here
    }

    /// An address of this service: `path` begins with a slash.
    #[must_use]
    pub fn link(&self, path: &str) -> String {
        format!("{}{path}", self.public_url.as_str().trim_end_matches('/'))
    }

    /// Makes the data folder where it is missing, for this user only: supporters' addresses are in it.
    ///
    /// # Errors
    /// When the folder can't be made.
    pub fn make_data_dir(&self) -> std::io::Result<()> {
        private::folder(&self.data_dir)
    }

    /// Where mail goes while no `SMTP_URL` is set.
    #[must_use]
    pub fn outbox_dir(&self) -> PathBuf {
        self.data_dir.join("outbox")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_address_leaves_the_machine_unless_the_operator_chose_so() {
        let folder = tempfile::tempdir().unwrap();
        let geocoder = |settings: &[(&str, &str)]| {
            let lookup = |name: &str| match name {
                "DATA_DIR" => Some(folder.path().display().to_string()),
                _ => settings.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()),
            };
            Config::from_lookup(lookup).map(|config| config.geocoder).map_err(|error| error.to_string())
        };
        assert_eq!(geocoder(&[]).unwrap(), Geocoder::Offline);
        assert_eq!(geocoder(&[("CENSUS_URL", "https://example.org/geocoder")]).unwrap(), Geocoder::Offline);
        let Geocoder::Census(url) = geocoder(&[("GEOCODER", "census")]).unwrap() else { panic!("offline") };
        assert_eq!(url.as_str(), "https://geocoding.geo.census.gov/geocoder");
        assert!(geocoder(&[("GEOCODER", "google")]).unwrap_err().contains("GEOCODER: \"google\" must be offline or census"));
        for bad in ["http://example.org/geocoder", "example.org", "https://a:b@example.org", "https://example.org/?x=1"] {
            let error = geocoder(&[("GEOCODER", "census"), ("CENSUS_URL", bad)]).unwrap_err();
            assert!(error.contains("CENSUS_URL: "), "{bad}: {error}");
        }
    }

    #[test]
    fn the_outbox_is_shown_to_this_machine_only() {
        let folder = tempfile::tempdir().unwrap();
        let shows = |bind: &str, more: &[(&str, &str)]| {
            let lookup = |name: &str| match name {
                "BIND_ADDR" => Some(bind.to_owned()),
                "DATA_DIR" => Some(folder.path().display().to_string()),
                _ => more.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()),
            };
            Config::from_lookup(lookup).unwrap().shows_outbox()
        };
        for here in ["127.0.0.1:8080", "localhost:0", "[::1]:8080"] {
            assert!(shows(here, &[]), "{here}");
            assert!(!shows(here, &[("SMTP_URL", "smtp://localhost:25")]));
        }
        for reachable in ["0.0.0.0:8080", "[::]:8080", "192.0.2.7:80"] {
            assert!(!shows(reachable, &[]), "{reachable}");
        }
    }
}
