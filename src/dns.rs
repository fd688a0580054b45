//! Asks the DNS; the only room that knows hickory.
//!
//! Answers say "there is none" and "it could not be asked" apart: the first is the operator's to mend, the second may be
//! this machine's network.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use hickory_resolver::config::{
    ConnectionConfig, LookupIpStrategy, NameServerConfig, ResolveHosts, ResolverConfig, ResolverOpts,
};
use hickory_resolver::lookup::Lookup;
use hickory_resolver::net::NetError;
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::proto::rr::{RData, RecordType};
use hickory_resolver::{Resolver, TokioResolver};

/// How long one try to ask a server may take, and how often it is tried.
const TRY: Duration = Duration::from_secs(2);
const TRIES: usize = 2;
/// How long a question may take in all, over UDP and TCP and every server.
const QUESTION: Duration = Duration::from_secs(6);

/// What can be asked. Names are written without a dot at their end.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Question {
    /// The TXT records of a name.
    Texts(String),
    /// The IPv4 and IPv6 addresses of a host.
    Addresses(String),
    /// The mail servers of a domain.
    MailServers(String),
    /// The names of an address (reverse DNS).
    Names(IpAddr),
}

/// What the DNS says. An empty list: there is no such record, or no such name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Each TXT record as one text: its strings belong together without anything between them (RFC 7208 section 3.3).
    Texts(Vec<String>),
    /// IPv4 first.
    Addresses(Vec<IpAddr>),
    /// The most wanted first. `.` alone says that the domain takes no mail (RFC 7505).
    MailServers(Vec<String>),
    /// In lower case.
    Names(Vec<String>),
}

/// Why a question has no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DnsFailure {
    /// Nobody answered.
    #[error("the DNS server did not answer in time")]
    TimedOut,
    /// The name can't stand in the DNS.
    #[error("\"{0}\" can't stand in the DNS")]
    Name(String),
    /// A refusal, a broken answer, or no way to reach a server.
    #[error("the DNS server could not answer: {0}")]
    Refused(String),
}

/// Asks one DNS server, or those that this machine uses.
pub struct Dns(TokioResolver);

impl Dns {
    /// `server`, or without one those of the machine.
    ///
    /// # Errors
    /// When the machine's own settings can't be read.
    pub fn new(server: Option<SocketAddr>) -> Result<Self, DnsFailure> {
        let provider = TokioRuntimeProvider::default();
        let mut builder = match server {
            None => TokioResolver::builder_tokio().map_err(|error| DnsFailure::Refused(error.to_string()))?,
            Some(server) => {
                let connections = [ConnectionConfig::udp(), ConnectionConfig::tcp()].map(|mut connection| {
                    connection.port = server.port();
                    connection
                });
                let server = NameServerConfig::new(server.ip(), true, connections.into());
                Resolver::builder_with_config(ResolverConfig::from_parts(None, Vec::new(), vec![server]), provider)
            }
        };
        limit(builder.options_mut());
        builder.build().map(Self).map_err(|error| DnsFailure::Refused(error.to_string()))
    }

    /// Asks, and waits a few seconds at most.
    ///
    /// # Errors
    /// [`DnsFailure`]; that there is no such record is an answer.
    pub async fn ask(&self, question: &Question) -> Result<Answer, DnsFailure> {
        tokio::time::timeout(QUESTION, self.look_up(question)).await.unwrap_or(Err(DnsFailure::TimedOut))
    }

    async fn look_up(&self, question: &Question) -> Result<Answer, DnsFailure> {
        Ok(match question {
            Question::Texts(name) => {
                let found = self.records(name, RecordType::TXT).await?;
                Answer::Texts(found.iter().filter_map(text).collect())
            }
            Question::Addresses(name) => {
                let mut addresses = Vec::new();
                for kind in [RecordType::A, RecordType::AAAA] {
                    addresses.extend(self.records(name, kind).await?.iter().filter_map(RData::ip_addr));
                }
                Answer::Addresses(addresses)
            }
            Question::MailServers(name) => {
                let found = self.records(name, RecordType::MX).await?;
                let mut servers: Vec<_> = found.iter().filter_map(mail_server).collect();
                servers.sort();
                Answer::MailServers(servers.into_iter().map(|(_, name)| name).collect())
            }
            Question::Names(address) => {
                let found = all(self.0.reverse_lookup(*address).await)?;
                Answer::Names(found.iter().filter_map(host_name).collect())
            }
        })
    }

    async fn records(&self, name: &str, kind: RecordType) -> Result<Vec<RData>, DnsFailure> {
        // With the dot nothing is searched for below the machine's own domain.
        let whole = format!("{}.", name.trim_end_matches('.'));
        if hickory_resolver::proto::rr::Name::from_ascii(&whole).is_err() {
            return Err(DnsFailure::Name(name.to_owned()));
        }
        all(self.0.lookup(whole, kind).await)
    }
}

fn limit(options: &mut ResolverOpts) {
    options.timeout = TRY;
    options.attempts = TRIES;
    // What other mail servers see is asked for, and they don't have this machine's hosts file.
    options.use_hosts_file = ResolveHosts::Never;
    options.ip_strategy = LookupIpStrategy::Ipv4AndIpv6;
    options.edns0 = true;
}

/// The records, none where the DNS says that there is none.
fn all(found: Result<Lookup, NetError>) -> Result<Vec<RData>, DnsFailure> {
    match found {
        Ok(lookup) => Ok(lookup.answers().iter().map(|record| record.data.clone()).collect()),
        Err(error) if error.is_no_records_found() => Ok(Vec::new()),
        Err(NetError::Timeout) => Err(DnsFailure::TimedOut),
        Err(error) => Err(DnsFailure::Refused(error.to_string())),
    }
}

fn text(record: &RData) -> Option<String> {
    let RData::TXT(txt) = record else { return None };
    Some(String::from_utf8_lossy(&txt.txt_data.concat()).into_owned())
}

fn mail_server(record: &RData) -> Option<(u16, String)> {
    let RData::MX(mx) = record else { return None };
    Some((mx.preference, plain(&mx.exchange.to_ascii())))
}

fn host_name(record: &RData) -> Option<String> {
    let RData::PTR(name) = record else { return None };
    Some(plain(&name.0.to_ascii()))
}

/// In lower case, without the dot at the end; the root stays a dot.
fn plain(name: &str) -> String {
    match name.trim_end_matches('.') {
        "" => ".".to_owned(),
        name => name.to_ascii_lowercase(),
    }
}
