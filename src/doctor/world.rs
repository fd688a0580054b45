//! A DNS for tests: records by name, without a server.

use std::collections::BTreeMap;
use std::net::IpAddr;

use super::{Answers, Finding, Judged};
use crate::dns::{Answer, DnsFailure, Question};

/// What is published. Whatever is not named here does not exist.
#[derive(Clone, Default)]
pub(super) struct World {
    texts: BTreeMap<String, Vec<String>>,
    addresses: BTreeMap<String, Vec<IpAddr>>,
    mail_servers: BTreeMap<String, Vec<String>>,
    names: BTreeMap<IpAddr, Vec<String>>,
    silent: Vec<String>,
}

impl World {
    pub(super) fn text(mut self, name: &str, text: &str) -> Self {
        self.texts.entry(name.to_owned()).or_default().push(text.to_owned());
        self
    }

    pub(super) fn address(mut self, host: &str, address: &str) -> Self {
        self.addresses.entry(host.to_owned()).or_default().push(address.parse().unwrap());
        self
    }

    pub(super) fn mail_server(mut self, domain: &str, host: &str) -> Self {
        self.mail_servers.entry(domain.to_owned()).or_default().push(host.to_owned());
        self
    }

    pub(super) fn name(mut self, address: &str, name: &str) -> Self {
        self.names.entry(address.parse().unwrap()).or_default().push(name.to_owned());
        self
    }

    /// Questions about this name are not answered.
    pub(super) fn silent(mut self, name: &str) -> Self {
        self.silent.push(name.to_owned());
        self
    }

    pub(super) fn ask(&self, question: &Question) -> Result<Answer, DnsFailure> {
        let (Question::Texts(name) | Question::Addresses(name) | Question::MailServers(name)) = question else {
            let Question::Names(address) = question else { unreachable!() };
            return Ok(Answer::Names(self.names.get(address).cloned().unwrap_or_default()));
        };
        if self.silent.contains(name) {
            return Err(DnsFailure::TimedOut);
        }
        Ok(match question {
            Question::Texts(name) => Answer::Texts(self.texts.get(name).cloned().unwrap_or_default()),
            Question::Addresses(name) => Answer::Addresses(self.addresses.get(name).cloned().unwrap_or_default()),
            _ => Answer::MailServers(self.mail_servers.get(name).cloned().unwrap_or_default()),
        })
    }

    /// Runs something that asks to its end.
    pub(super) fn answer<T>(&self, work: impl Fn(&Answers) -> Result<T, Question>) -> T {
        let mut answers = Answers::default();
        for _ in 0..300 {
            match work(&answers) {
                Ok(done) => return done,
                Err(question) => {
                    let answer = self.ask(&question);
                    answers.keep(question, answer);
                }
            }
        }
        panic!("it asks without end");
    }

    pub(super) fn judge(&self, check: impl Fn(&Answers) -> Judged) -> Finding {
        self.answer(check)
    }
}
