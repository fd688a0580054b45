//! What other servers can be told, and where they may be.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use url::{Host, Url};

use super::web_server::may_be_asked;

/// Something that a webhook tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// An office's mail server accepted a letter.
    LetterSent,
    /// A supporter confirmed their sign-up.
    SignupConfirmed,
}

impl EventKind {
    /// Every kind.
    pub const ALL: [Self; 2] = [Self::LetterSent, Self::SignupConfirmed];

    /// The stored word, which receivers see too.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LetterSent => "letter.sent",
            Self::SignupConfirmed => "signup.confirmed",
        }
    }

    /// Reads a stored word; `None` for any other.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// How long an event is tried again before its webhook is turned off.
pub const GIVE_UP_AFTER: Duration = Duration::from_hours(24);

/// How long to wait after so many failures in a row (one or more): ten seconds at first, four hours at most.
#[must_use]
pub fn wait_after(failures: u32) -> Duration {
    let seconds = 10_u64.saturating_mul(3_u64.saturating_pow(failures.saturating_sub(1)));
    Duration::from_secs(seconds.min(4 * 3600))
}

/// Whether a webhook may lead there. On a laptop: `https`, or `http` to a server nearby. Elsewhere only `https` to a server that is
/// everybody's: who chooses addresses must not reach what only this machine reaches. Names are looked up when they are asked.
#[must_use]
pub fn may_be_told(url: &Url, development: bool) -> bool {
    if development {
        return may_be_asked(url);
    }
    let everybodys = match url.host() {
        Some(Host::Domain(name)) => name != "localhost" && !name.ends_with(".localhost") && name.contains('.'),
        Some(Host::Ipv4(ip)) => is_public(IpAddr::V4(ip)),
        Some(Host::Ipv6(ip)) => is_public(IpAddr::V6(ip)),
        None => false,
    };
    url.scheme() == "https" && everybodys && may_be_asked(url)
}

/// Whether an address belongs to a server that everybody reaches: neither this machine, nor its networks, nor one of the blocks
/// that are set aside (RFC 6890).
#[must_use]
pub fn is_public(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let set_aside = a == 0
        || a >= 224
        || (a == 100 && (64..128).contains(&b))
        || (a == 198 && (18..20).contains(&b))
        || (a == 192 && b == 0 && c == 0);
    !(set_aside || ip.is_loopback() || ip.is_private() || ip.is_link_local() || ip.is_documentation())
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let embedded = |high: u16, low: u16| is_public_v4(Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low)));
    match ip.segments() {
        // NAT64 and 6to4 lead to an IPv4 address.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => embedded(high, low),
        // Teredo and documentation.
        [0x2001, 0 | 0xdb8, ..] => false,
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_servers_that_everybody_reaches_are_told_in_production() {
        let may = |text: &str| may_be_told(&Url::parse(text).unwrap(), false);
        for good in ["https://example.org/hook", "https://93.184.215.14/", "https://[2606:4700::1111]/"] {
            assert!(may(good), "{good}");
        }
        for bad in [
            "http://example.org/",
            "https://localhost/",
            "https://a.localhost/",
            "https://intranet/",
            "https://127.0.0.1/",
            "https://2130706433/",
            "https://10.0.0.1/",
            "https://172.16.0.1/",
            "https://192.168.1.1/",
            "https://169.254.169.254/latest/meta-data",
            "https://100.64.0.1/",
            "https://0.0.0.0/",
            "https://224.0.0.1/",
            "https://255.255.255.255/",
            "https://198.18.0.1/",
            "https://192.0.2.1/",
            "https://[::1]/",
            "https://[::]/",
            "https://[::ffff:10.0.0.1]/",
            "https://[64:ff9b::a00:1]/",
            "https://[2002:a00:1::1]/",
            "https://[fd00::1]/",
            "https://[fe80::1]/",
            "https://[ff02::1]/",
            "https://[2001:db8::1]/",
            "https://robin:secret@example.org/",
        ] {
            assert!(!may(bad), "{bad}");
        }
        assert!(may_be_told(&Url::parse("http://127.0.0.1:9/").unwrap(), true));
        assert!(!may_be_told(&Url::parse("http://example.org/").unwrap(), true));
    }

    #[test]
    fn waits_grow_and_stay_within_the_day() {
        let waits: Vec<u64> = (1..=8).map(|failures| wait_after(failures).as_secs()).collect();
        assert_eq!(waits, [10, 30, 90, 270, 810, 2430, 7290, 14_400]);
        assert_eq!(wait_after(u32::MAX), Duration::from_hours(4));
    }
}
