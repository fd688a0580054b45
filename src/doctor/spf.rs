//! What SPF says about a sender (RFC 7208 section 4): the function `check_host`, over answers that are known.

use std::net::IpAddr;

use super::answers::Answers;
use super::spf_record::{Mechanism, Qualifier, SpfRecord, is_spf};
use super::spf_terms::{Lengths, Network};
use crate::dns::{DnsFailure, Question};

/// The most terms that ask the DNS (RFC 7208 section 4.6.4).
pub(super) const MOST_LOOKUPS: usize = 10;
/// The most of these that may find nothing.
const MOST_VOID: usize = 2;
/// The most mail servers that one `mx` may name.
const MOST_MAIL_SERVERS: usize = 10;

/// The verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Spf {
    Pass,
    Fail,
    SoftFail,
    Neutral,
    /// The domain has no record.
    None,
    /// The domain has so many records.
    Several(usize),
    /// Receivers can't use what is published.
    Broken(String),
    /// The DNS could not be asked.
    Unasked(DnsFailure),
    /// This term decides, and depends on the letter.
    Untold(String),
}

/// Whether `address` may send for `domain`, and how many look-ups it took to tell.
pub(super) fn evaluate(address: IpAddr, domain: &str, answers: &Answers) -> Result<(Spf, usize), Question> {
    let mut walk = Walk { address: address.to_canonical(), answers, lookups: 0, void: 0 };
    let verdict = match walk.check(domain)? {
        Ok(verdict) | Err(verdict) => verdict,
    };
    Ok((verdict, walk.lookups))
}

/// What ends the walk before its end stands in the error.
type Step<T> = Result<Result<T, Spf>, Question>;

struct Walk<'a> {
    address: IpAddr,
    answers: &'a Answers,
    lookups: usize,
    void: usize,
}

/// Goes on with the value, or ends the function with what ended the walk.
macro_rules! go_on {
    ($step:expr) => {
        match $step {
            Ok(value) => value,
            Err(end) => return Ok(Err(end)),
        }
    };
}

impl Walk<'_> {
    fn check(&mut self, domain: &str) -> Step<Spf> {
        let texts = go_on!(self.answers.texts(domain)?.map_err(Spf::Unasked));
        let mut records = texts.iter().filter(|text| is_spf(text));
        let Some(text) = records.next() else { return Ok(Ok(Spf::None)) };
        let more = records.count();
        if more > 0 {
            return Ok(Ok(Spf::Several(more + 1)));
        }
        let broken = |term| Spf::Broken(format!("the SPF record of {domain} has a term that can't be read: {term}"));
        let record = go_on!(SpfRecord::parse(text).map_err(broken));
        for (qualifier, mechanism) in &record.terms {
            if go_on!(self.matches(domain, mechanism)?) {
                return Ok(Ok(match qualifier {
                    Qualifier::Pass => Spf::Pass,
                    Qualifier::Fail => Spf::Fail,
                    Qualifier::SoftFail => Spf::SoftFail,
                    Qualifier::Neutral => Spf::Neutral,
                }));
            }
        }
        match &record.redirect {
            Some(target) if !record.has_all() => {
                if target.contains('%') {
                    return Ok(Ok(Spf::Untold(format!("redirect={target}"))));
                }
                go_on!(self.count(&format!("redirect={target}")));
                self.below(target, "redirect=")
            }
            _ => Ok(Ok(Spf::Neutral)),
        }
    }

    /// The verdict of a domain that a record names. That it has none, or several, breaks the record.
    fn below(&mut self, domain: &str, by: &str) -> Step<Spf> {
        Ok(match go_on!(self.check(domain)?) {
            Spf::None => Err(Spf::Broken(format!("{by}{domain} names a domain without an SPF record"))),
            Spf::Several(count) => Err(Spf::Broken(format!("{by}{domain} names a domain with {count} SPF records"))),
            ended @ (Spf::Broken(_) | Spf::Unasked(_) | Spf::Untold(_)) => Err(ended),
            verdict => Ok(verdict),
        })
    }

    fn matches(&mut self, domain: &str, mechanism: &Mechanism) -> Step<bool> {
        match mechanism {
            Mechanism::All => Ok(Ok(true)),
            Mechanism::Network(network) => Ok(Ok(network.holds(self.address))),
            Mechanism::Include(target) => {
                go_on!(self.count(&format!("include:{target}")));
                let verdict = go_on!(self.below(target, "include:")?);
                Ok(Ok(verdict == Spf::Pass))
            }
            Mechanism::Address(host, lengths) => {
                let host = host.as_deref().unwrap_or(domain);
                go_on!(self.count(&format!("a:{host}")));
                let (matched, found) = go_on!(self.host_has(host, *lengths)?);
                go_on!(self.note_void(found == 0, &format!("a:{host}")));
                Ok(Ok(matched))
            }
            Mechanism::MailServers(host, lengths) => {
                let host = host.as_deref().unwrap_or(domain);
                go_on!(self.count(&format!("mx:{host}")));
                let servers = go_on!(self.answers.mail_servers(host)?.map_err(Spf::Unasked));
                if servers.len() > MOST_MAIL_SERVERS {
                    return Ok(Err(Spf::Broken(format!("mx:{host} names more than {MOST_MAIL_SERVERS} mail servers"))));
                }
                go_on!(self.note_void(servers.is_empty(), &format!("mx:{host}")));
                for server in servers.iter().filter(|server| *server != ".") {
                    let (matched, _) = go_on!(self.host_has(server, *lengths)?);
                    if matched {
                        return Ok(Ok(true));
                    }
                }
                Ok(Ok(false))
            }
            Mechanism::Untold(term) => Ok(Err(Spf::Untold(term.clone()))),
        }
    }

    /// Whether the sender is one of the host's addresses, and how many of its kind the host has.
    fn host_has(&self, host: &str, lengths: Lengths) -> Step<(bool, usize)> {
        let addresses = go_on!(self.answers.addresses(host)?.map_err(Spf::Unasked));
        let of_kind: Vec<_> = addresses.into_iter().filter(|found| found.is_ipv4() == self.address.is_ipv4()).collect();
        Ok(Ok((of_kind.iter().any(|found| Network::of(*found, lengths).holds(self.address)), of_kind.len())))
    }

    fn count(&mut self, term: &str) -> Result<(), Spf> {
        self.lookups += 1;
        if self.lookups <= MOST_LOOKUPS {
            return Ok(());
        }
        Err(Spf::Broken(format!(
            "it needs more than {MOST_LOOKUPS} look-ups, which receivers do not make ({term} is one too many)"
        )))
    }

    fn note_void(&mut self, void: bool, term: &str) -> Result<(), Spf> {
        self.void += usize::from(void);
        if self.void <= MOST_VOID {
            return Ok(());
        }
        Err(Spf::Broken(format!("more than {MOST_VOID} of its terms name what does not exist ({term} is one of them)")))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::world::World;
    use super::*;

    fn spf(world: &World, address: &str) -> Spf {
        let address: IpAddr = address.parse().unwrap();
        world.answer(|answers| evaluate(address, "d.example", answers)).0
    }

    fn of(record: &str, address: &str) -> Spf {
        spf(&World::default().text("d.example", record), address)
    }

    #[test]
    fn terms_are_tried_in_order() {
        assert_eq!(of("v=spf1 ip4:192.0.2.0/24 -all", "192.0.2.9"), Spf::Pass);
        assert_eq!(of("v=spf1 ip4:192.0.2.0/24 -all", "198.51.100.1"), Spf::Fail);
        assert_eq!(of("v=spf1 -ip4:192.0.2.9 ip4:192.0.2.0/24 ~all", "192.0.2.9"), Spf::Fail);
        assert_eq!(of("v=spf1 ip6:2001:db8::/32 ~all", "2001:db8::7"), Spf::Pass);
        assert_eq!(of("v=spf1 ip6:2001:db8::/32 ~all", "192.0.2.9"), Spf::SoftFail);
        assert_eq!(of("v=spf1 ip4:192.0.2.1", "192.0.2.9"), Spf::Neutral);
        assert_eq!(of("hello", "192.0.2.9"), Spf::None);
        assert_eq!(of("v=spf1 ptr -all", "192.0.2.9"), Spf::Untold("ptr".into()));
        assert_eq!(of("v=spf1 ip4:192.0.2.9 exists:%{i}.x.example -all", "192.0.2.9"), Spf::Pass, "decided before it");
        assert!(matches!(of("v=spf1 ipv4:192.0.2.9 -all", "192.0.2.9"), Spf::Broken(_)));
        let two = World::default().text("d.example", "v=spf1 -all").text("d.example", "v=spf1 +all");
        assert_eq!(spf(&two, "192.0.2.9"), Spf::Several(2));
    }

    #[test]
    fn names_are_looked_up() {
        let world = World::default()
            .text("d.example", "v=spf1 a mx a:other.example/24 -all")
            .address("d.example", "192.0.2.1")
            .address("d.example", "2001:db8::1")
            .mail_server("d.example", "m.example")
            .address("m.example", "192.0.2.2")
            .address("other.example", "198.51.100.1");
        for (address, verdict) in [
            ("192.0.2.1", Spf::Pass),
            ("192.0.2.2", Spf::Pass),
            ("198.51.100.77", Spf::Pass),
            ("2001:db8::1", Spf::Pass),
            ("192.0.2.3", Spf::Fail),
        ] {
            assert_eq!(spf(&world, address), verdict, "{address}");
        }
        assert_eq!(spf(&world.silent("m.example"), "192.0.2.3"), Spf::Unasked(DnsFailure::TimedOut));
    }

    #[test]
    fn an_include_matches_when_it_passes_and_a_redirect_stands_in() {
        let world =
            World::default().text("d.example", "v=spf1 include:p.example ~all").text("p.example", "v=spf1 ip4:192.0.2.1 -all");
        assert_eq!(spf(&world, "192.0.2.1"), Spf::Pass);
        assert_eq!(spf(&world, "192.0.2.2"), Spf::SoftFail, "the included -all is no verdict of ours");
        let world =
            World::default().text("d.example", "v=spf1 redirect=p.example").text("p.example", "v=spf1 ip4:192.0.2.1 -all");
        assert_eq!(spf(&world, "192.0.2.2"), Spf::Fail);
        for record in ["v=spf1 include:none.example -all", "v=spf1 redirect=none.example"] {
            assert!(matches!(of(record, "192.0.2.2"), Spf::Broken(why) if why.contains("none.example")));
        }
        assert_eq!(of("v=spf1 redirect=none.example -all", "192.0.2.2"), Spf::Fail, "an all before it");
    }

    #[test]
    fn the_eleventh_look_up_is_one_too_many() {
        let chain = |length: usize| {
            let mut world = World::default().text("d.example", "v=spf1 include:h1.example -all");
            for at in 1..length {
                world = world.text(&format!("h{at}.example"), &format!("v=spf1 include:h{}.example -all", at + 1));
            }
            world.text(&format!("h{length}.example"), "v=spf1 ip4:192.0.2.1 -all")
        };
        assert_eq!(spf(&chain(10), "192.0.2.1"), Spf::Pass);
        assert!(matches!(spf(&chain(11), "192.0.2.1"), Spf::Broken(why) if why.contains("more than 10 look-ups")));
        // A record that names itself ends too.
        assert!(matches!(of("v=spf1 include:d.example -all", "192.0.2.1"), Spf::Broken(_)));
        assert!(matches!(of("v=spf1 redirect=d.example", "192.0.2.1"), Spf::Broken(_)));
        assert!(
            matches!(of("v=spf1 a:x.example a:y.example a:z.example -all", "192.0.2.1"), Spf::Broken(why) if why.contains("z.example"))
        );
        let mut many = World::default().text("d.example", "v=spf1 mx -all");
        for at in 0..11 {
            many = many.mail_server("d.example", &format!("m{at}.example"));
        }
        assert!(matches!(spf(&many, "192.0.2.1"), Spf::Broken(_)));
    }

    proptest! {
        /// Whatever stands in the DNS, a verdict comes after a bounded number of questions.
        #[test]
        fn every_walk_ends(records in prop::collection::vec("v=spf1( [-+~?]?(a|mx|all|ptr|include:[a-d].example|redirect=[a-d].example|a:[a-d].example|ip4:192.0.2.[1-9])){0,5}", 4)) {
            let mut world = World::default().text("d.example", "v=spf1 include:a.example include:b.example ?all");
            for (name, record) in ["a.example", "b.example", "c.example"].iter().zip(&records) {
                world = world.text(name, record);
            }
            let (_, lookups) = world.answer(|answers| evaluate("192.0.2.1".parse().unwrap(), "d.example", answers));
            prop_assert!(lookups <= MOST_LOOKUPS + 1);
        }
    }
}
