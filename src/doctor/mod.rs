//! What `standout doctor` finds: pure judgements over what was read and what the DNS says.
//!
//! Nothing here asks anybody. A check that lacks an answer gives back the question ([`Answers`]); whoever runs the checks
//! asks it and begins the check again, so that each is an ordinary function over records.

mod answers;
mod database;
mod dkim;
mod dkim_key;
mod dmarc;
mod mail_server;
mod proxy;
mod reverse;
mod spf;
mod spf_check;
mod spf_record;
mod spf_terms;
mod tags;
#[cfg(test)]
mod world;
mod zone;

pub use answers::{Answers, Judged};
pub use database::{judge_database, judge_disk};
pub use dkim::{PublicKey, check_dkim};
pub use dmarc::check_dmarc;
pub use mail_server::judge_mail_server;
pub use proxy::judge_proxy;
pub use reverse::{check_mail_comes_back, check_reverse_name};
pub use spf_check::check_spf;

use std::net::IpAddr;

use serde::Serialize;

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// As it should be.
    Ok,
    /// It works, and something is worth knowing or could be better.
    Warning,
    /// Mail, or the service, does not work as it should.
    Failed,
}

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Which check: a word or two.
    pub check: &'static str,
    /// How it ended.
    pub status: Status,
    /// What was found.
    pub said: String,
    /// What to do next; nothing where all is well.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// Lines for the DNS, in the syntax of a zone file (RFC 1035 section 5.1).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dns: Vec<String>,
}

impl Finding {
    /// All is well.
    pub fn ok(check: &'static str, said: impl Into<String>) -> Self {
        Self { check, status: Status::Ok, said: said.into(), next: None, dns: Vec::new() }
    }

    /// Works, and could be better.
    pub fn warning(check: &'static str, said: impl Into<String>, next: impl Into<String>) -> Self {
        Self { check, status: Status::Warning, said: said.into(), next: Some(next.into()), dns: Vec::new() }
    }

    /// Does not work.
    pub fn failed(check: &'static str, said: impl Into<String>, next: impl Into<String>) -> Self {
        Self { check, status: Status::Failed, said: said.into(), next: Some(next.into()), dns: Vec::new() }
    }

    /// With a line to add to the DNS.
    #[must_use]
    pub fn with_dns(mut self, line: String) -> Self {
        self.dns.push(line);
        self
    }

    /// The DNS could not be asked.
    fn unasked(check: &'static str, failure: &crate::dns::DnsFailure) -> Self {
        Self::failed(check, failure.to_string(), "Look at this machine's network and DNS, or set DNS_SERVER, and run this again.")
    }
}

/// The address that offices see our mail come from, as far as that is known here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SendsFrom {
    /// The operator says so.
    Told(IpAddr),
    /// Mail goes to a mail server at this host, which may send from other addresses than the ones it is reached at.
    MailServer(String),
    /// A mail server on this machine sends it on; which address it does that from can't be told from here.
    Untold,
}

impl SendsFrom {
    /// What is known: the operator's word, or the host of `SMTP_URL`.
    #[must_use]
    pub fn new(told: Option<IpAddr>, host: &str) -> Self {
        match (told, host.parse::<IpAddr>()) {
            (Some(address), _) => Self::Told(address),
            (None, Ok(address)) if !address.is_loopback() => Self::MailServer(address.to_string()),
            (None, Err(_)) if host != "localhost" && host.contains('.') => Self::MailServer(host.to_ascii_lowercase()),
            _ => Self::Untold,
        }
    }

    /// The addresses, with whether the operator named them; `None` where they can't be told.
    fn addresses(&self, answers: &Answers) -> Result<Option<Result<Vec<IpAddr>, crate::dns::DnsFailure>>, crate::dns::Question> {
        Ok(match self {
            Self::Told(address) => Some(Ok(vec![*address])),
            Self::MailServer(host) => match host.parse() {
                Ok(address) => Some(Ok(vec![address])),
                Err(_) => Some(answers.addresses(host)?),
            },
            Self::Untold => None,
        })
    }
}

/// How to name the address that can't be told.
const TELL_ADDRESS: &str = "Run it again with --sends-from and the address that your mail server sends from.";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sending_address_is_told_or_the_relays_or_unknown() {
        let told = "192.0.2.7".parse().unwrap();
        assert_eq!(SendsFrom::new(Some(told), "localhost"), SendsFrom::Told(told));
        assert_eq!(SendsFrom::new(None, "Mail.example.org"), SendsFrom::MailServer("mail.example.org".into()));
        assert_eq!(SendsFrom::new(None, "192.0.2.9"), SendsFrom::MailServer("192.0.2.9".into()));
        for here in ["localhost", "127.0.0.1", "::1", "postfix"] {
            assert_eq!(SendsFrom::new(None, here), SendsFrom::Untold, "{here}");
        }
    }
}
