//! What the DNS said so far.

use std::collections::BTreeMap;
use std::net::IpAddr;

use super::Finding;
use crate::dns::{Answer, DnsFailure, Question};

/// What a check gives: what it found, or what has to be asked first.
pub type Judged = Result<Finding, Question>;

/// An answer, or why there is none.
type Found<T> = Result<T, DnsFailure>;

/// The answers so far. Asking for one that is not there gives the question back as the error.
#[derive(Clone, Debug, Default)]
pub struct Answers(BTreeMap<Question, Found<Answer>>);

impl Answers {
    /// Keeps an answer.
    pub fn keep(&mut self, question: Question, answer: Result<Answer, DnsFailure>) {
        self.0.insert(question, answer);
    }

    /// The TXT records of a name.
    pub(super) fn texts(&self, name: &str) -> Result<Found<Vec<String>>, Question> {
        self.find(Question::Texts(plain(name)), |answer| if let Answer::Texts(texts) = answer { Some(texts) } else { None })
    }

    /// The addresses of a host.
    pub(super) fn addresses(&self, host: &str) -> Result<Found<Vec<IpAddr>>, Question> {
        self.find(
            Question::Addresses(plain(host)),
            |answer| if let Answer::Addresses(found) = answer { Some(found) } else { None },
        )
    }

    /// The mail servers of a domain.
    pub(super) fn mail_servers(&self, domain: &str) -> Result<Found<Vec<String>>, Question> {
        let question = Question::MailServers(plain(domain));
        self.find(question, |answer| if let Answer::MailServers(found) = answer { Some(found) } else { None })
    }

    /// The names of an address.
    pub(super) fn names(&self, address: IpAddr) -> Result<Found<Vec<String>>, Question> {
        self.find(Question::Names(address), |answer| if let Answer::Names(found) = answer { Some(found) } else { None })
    }

    fn find<T: Clone + Default>(&self, question: Question, of: impl Fn(&Answer) -> Option<&T>) -> Result<Found<T>, Question> {
        match self.0.get(&question) {
            None => Err(question),
            Some(Err(failure)) => Ok(Err(failure.clone())),
            Some(Ok(answer)) => Ok(Ok(of(answer).cloned().unwrap_or_default())),
        }
    }
}

/// Names in the DNS don't differ by case, nor by the dot at the end.
fn plain(name: &str) -> String {
    name.trim_end_matches('.').to_ascii_lowercase()
}
