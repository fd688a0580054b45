//! `standout doctor --online`: asks the mail server and the DNS what the checks of the room `doctor` want to know.

use std::net::IpAddr;
use std::time::Duration;

use crate::config::Config;
use crate::dns::{Dns, DnsFailure};
use crate::doctor::{
    Answers, Finding, Judged, PublicKey, SendsFrom, check_dkim, check_dmarc, check_mail_comes_back, check_reverse_name,
    check_spf, judge_mail_server,
};
use crate::mail::{Mailbox, MailboxSettings, Session, SmtpSettings, Timeouts};

/// What the checks over the settings leave for those that ask others.
#[derive(Default)]
pub(super) struct Known {
    pub(super) smtp: Option<SmtpSettings>,
    pub(super) key: Option<PublicKey>,
    pub(super) mailbox: Option<MailboxSettings>,
}

/// An operator waits for these answers, so they get less time than a sender's.
const TIMEOUTS: Timeouts = Timeouts {
    connect: Duration::from_secs(10),
    command: Duration::from_secs(20),
    data: Duration::from_secs(20),
    answer: Duration::from_secs(20),
};
const RETURNED: &str = "returned mail";
/// After so many questions without an answer no more are asked: the server is taken for dead.
const PATIENCE: usize = 2;
/// More questions than any check has: a record that asks without end is a fault of ours.
const MOST_QUESTIONS: usize = 400;

/// What the mail server and the DNS say.
pub(super) async fn findings(config: &Config, known: &Known, sends_from: Option<IpAddr>) -> Vec<Finding> {
    let web_host = config.public_url.host_str().unwrap_or("localhost");
    let mut findings = Vec::new();
    if let Some(settings) = &known.smtp {
        let opened = Session::connect(settings, web_host, TIMEOUTS).await;
        findings.extend(judge_mail_server(settings, &opened));
        if let Ok(session) = opened {
            session.quit().await;
        }
    }
    if let Some(settings) = &known.mailbox {
        findings.push(match Mailbox::open(settings, TIMEOUTS).await {
            Ok(_) => Finding::ok(RETURNED, "the mailbox can be opened"),
            Err(error) => {
                Finding::failed(RETURNED, error.to_string(), "Check host, user, password and folder in BOUNCE_IMAP_URL.")
            }
        });
    }
    let mut lookups = match Dns::new(config.dns_server) {
        Ok(dns) => Lookups { dns, answers: Answers::default(), silent: 0 },
        Err(failure) => {
            findings.push(Finding::failed("DNS", failure.to_string(), "Set DNS_SERVER to the address of a DNS server."));
            return findings;
        }
    };
    let from = SendsFrom::new(sends_from, known.smtp.as_ref().map_or("localhost", |smtp| smtp.host()));
    let domain = config.mail_from.domain().to_ascii_lowercase();
    let (back, setting) = match &config.bounce_domain {
        Some(bounce) => (bounce.clone(), "MAIL_BOUNCE_DOMAIN"),
        None => (domain.clone(), "MAIL_FROM"),
    };
    if let Some(key) = &known.key {
        findings.push(lookups.run(|answers| check_dkim(key, answers)).await);
    }
    findings.push(lookups.run(|answers| check_spf(&back, &from, answers)).await);
    findings.push(lookups.run(|answers| check_dmarc(&domain, &back, known.key.is_some(), answers)).await);
    findings.push(lookups.run(|answers| check_reverse_name(&from, answers)).await);
    findings.push(lookups.run(|answers| check_mail_comes_back(&back, setting, web_host, answers)).await);
    findings
}

/// The DNS, with what it said so far.
struct Lookups {
    dns: Dns,
    answers: Answers,
    /// How many questions had no answer.
    silent: usize,
}

impl Lookups {
    /// Runs a check to its end, asking what it wants to know.
    async fn run(&mut self, check: impl Fn(&Answers) -> Judged) -> Finding {
        for _ in 0..MOST_QUESTIONS {
            let question = match check(&self.answers) {
                Ok(finding) => return finding,
                Err(question) => question,
            };
            let answer = if self.silent < PATIENCE { self.dns.ask(&question).await } else { Err(DnsFailure::TimedOut) };
            self.silent += usize::from(answer == Err(DnsFailure::TimedOut));
            self.answers.keep(question, answer);
        }
        Finding::failed("DNS", "a check asked more than it may", "Please report this.")
    }
}
