//! An SPF record as terms (RFC 7208 sections 4.5, 4.6, 5 and 6).

use super::spf_terms::{Lengths, Network};

/// What a matching mechanism says about the sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Qualifier {
    Pass,
    Fail,
    SoftFail,
    Neutral,
}

/// What a mechanism matches. A domain of `None` is the one that is being checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Mechanism {
    All,
    Network(Network),
    Include(String),
    Address(Option<String>, Lengths),
    MailServers(Option<String>, Lengths),
    /// `exists`, `ptr`, or a domain with a macro: what they match depends on the letter.
    Untold(String),
}

/// A record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SpfRecord {
    pub(super) terms: Vec<(Qualifier, Mechanism)>,
    /// `redirect=`, which counts where nothing matched and there is no `all`.
    pub(super) redirect: Option<String>,
}

/// Whether a TXT record is one of SPF: its version stands alone at the start.
pub(super) fn is_spf(text: &str) -> bool {
    let version = text.split(' ').next().unwrap_or_default();
    version.eq_ignore_ascii_case("v=spf1")
}

impl SpfRecord {
    /// Reads a record; the error is the term that can't be read.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut record = Self { terms: Vec::new(), redirect: None };
        for term in text.split(' ').skip(1).filter(|term| !term.is_empty()) {
            let wrong = || term.chars().filter(|c| !c.is_control()).take(60).collect::<String>();
            if let Some((name, value)) = modifier(term) {
                if name.eq_ignore_ascii_case("redirect") {
                    let twice = record.redirect.is_some();
                    record.redirect = Some(domain(value).filter(|_| !twice).ok_or_else(wrong)?);
                }
                // Others are ignored (RFC 7208 section 6).
                continue;
            }
            record.terms.push(mechanism(term).ok_or_else(wrong)?);
        }
        Ok(record)
    }

    /// Whether an `all` ends it.
    pub(super) fn has_all(&self) -> bool {
        self.terms.iter().any(|(_, mechanism)| *mechanism == Mechanism::All)
    }
}

/// `name=value`, where the name could be one.
fn modifier(term: &str) -> Option<(&str, &str)> {
    let (name, value) = term.split_once('=')?;
    let good = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
    good.then_some((name, value))
}

fn mechanism(term: &str) -> Option<(Qualifier, Mechanism)> {
    let (qualifier, rest) = match term.split_at_checked(1)? {
        ("+", rest) => (Qualifier::Pass, rest),
        ("-", rest) => (Qualifier::Fail, rest),
        ("~", rest) => (Qualifier::SoftFail, rest),
        ("?", rest) => (Qualifier::Neutral, rest),
        _ => (Qualifier::Pass, term),
    };
    let end = rest.find([':', '/']).unwrap_or(rest.len());
    let (name, argument) = rest.split_at(end);
    let name = name.to_ascii_lowercase();
    let value = argument.strip_prefix(':');
    let found = match (name.as_str(), value) {
        ("all", None) if argument.is_empty() => Mechanism::All,
        ("ip4", Some(value)) => Mechanism::Network(Network::parse_v4(value)?),
        ("ip6", Some(value)) => Mechanism::Network(Network::parse_v6(value)?),
        ("include", Some(value)) if value.contains('%') => Mechanism::Untold(term.to_owned()),
        ("include", Some(value)) => Mechanism::Include(domain(value)?),
        ("a" | "mx", _) => {
            let (host, lengths) = host_and_lengths(argument)?;
            match (name.as_str(), host) {
                (_, Some(host)) if host.contains('%') => Mechanism::Untold(term.to_owned()),
                ("a", host) => Mechanism::Address(host, lengths),
                (_, host) => Mechanism::MailServers(host, lengths),
            }
        }
        ("exists", Some(value)) if !value.is_empty() => Mechanism::Untold(term.to_owned()),
        ("ptr", _) if argument.is_empty() || value.is_some_and(|value| !value.is_empty()) => Mechanism::Untold(term.to_owned()),
        _ => return None,
    };
    Some((qualifier, found))
}

/// `:host/24//64`, each part optional.
fn host_and_lengths(argument: &str) -> Option<(Option<String>, Lengths)> {
    let Some(value) = argument.strip_prefix(':') else { return Some((None, Lengths::parse(argument)?)) };
    // A macro may hold a slash; what it means can't be told anyway.
    if value.contains('%') {
        return Some((Some(value.to_owned()), Lengths::default()));
    }
    let at = value.find('/').unwrap_or(value.len());
    let (host, lengths) = value.split_at(at);
    Some((Some(domain(host)?), Lengths::parse(lengths)?))
}

/// A domain as a record names it, in lower case; with a macro, it stays as it is.
fn domain(text: &str) -> Option<String> {
    let text = text.strip_suffix('.').unwrap_or(text);
    let label = |label: &str| {
        (1..=63).contains(&label.len()) && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    if text.contains('%') {
        return Some(text.to_owned());
    }
    (text.len() <= 253 && text.contains('.') && text.split('.').all(label)).then(|| text.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_record_is_its_terms_in_order() {
        let record = SpfRecord::parse("v=spf1 ip4:192.0.2.0/24 a MX:Mail.Example.org/28 ~include:_spf.example.net ?all exp=why.example.org redirect=_r.example.org").unwrap();
        let network = Mechanism::Network(Network::parse_v4("192.0.2.0/24").unwrap());
        assert_eq!(
            record.terms,
            [
                (Qualifier::Pass, network),
                (Qualifier::Pass, Mechanism::Address(None, Lengths::default())),
                (Qualifier::Pass, Mechanism::MailServers(Some("mail.example.org".into()), Lengths { v4: 28, v6: 128 })),
                (Qualifier::SoftFail, Mechanism::Include("_spf.example.net".into())),
                (Qualifier::Neutral, Mechanism::All),
            ]
        );
        assert_eq!(record.redirect.as_deref(), Some("_r.example.org"));
        assert!(record.has_all());
        let told = SpfRecord::parse("v=spf1 exists:%{i}.x.example.org ptr a:%{d}").unwrap();
        assert!(told.terms.iter().all(|(_, mechanism)| matches!(mechanism, Mechanism::Untold(_))), "{told:?}");
    }

    #[test]
    fn what_is_no_term_is_named() {
        for term in [
            "ipv4:192.0.2.1",
            "ip4:192.0.2.300",
            "ip4",
            "all:x",
            "include:",
            "include",
            "a:/24",
            "mx/40",
            "al",
            "-",
            "include:nodot",
            "exists",
        ] {
            assert_eq!(SpfRecord::parse(&format!("v=spf1 {term} -all")), Err(term.to_owned()));
        }
        assert!(SpfRecord::parse("v=spf1 redirect=a.example redirect=b.example").is_err());
        assert!(is_spf("v=spf1") && is_spf("V=SPF1 -all") && !is_spf("v=spf10 -all") && !is_spf("v=spf2.0/pra"));
    }

    proptest! {
        #[test]
        fn anything_is_read_or_refused(text in "\\PC{0,200}", terms in "v=spf1( [-+~?]?(a|mx|ip4|ip6|include|all|ptr|exists|redirect)[:=/]?[a-z0-9./:%{}]{0,12}){0,6}") {
            let _ = SpfRecord::parse(&text);
            if let Err(term) = SpfRecord::parse(&terms) {
                prop_assert!(terms.contains(&term));
            }
        }
    }
}
