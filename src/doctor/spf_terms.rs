//! The parts of one SPF term (RFC 7208 section 5): the network behind `ip4:`, the lengths behind `/`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A network: an address and how many of its first bits count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Network {
    address: IpAddr,
    bits: u8,
}

/// How many bits of a host's addresses count: for IPv4 and for IPv6.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Lengths {
    pub(super) v4: u8,
    pub(super) v6: u8,
}

impl Default for Lengths {
    fn default() -> Self {
        Self { v4: 32, v6: 128 }
    }
}

impl Network {
    /// `192.0.2.0/24`
    pub(super) fn parse_v4(text: &str) -> Option<Self> {
        let (address, bits) = split(text, 32)?;
        Some(Self { address: IpAddr::V4(address.parse::<Ipv4Addr>().ok()?), bits })
    }

    /// `2001:db8::/32`
    pub(super) fn parse_v6(text: &str) -> Option<Self> {
        let (address, bits) = split(text, 128)?;
        Some(Self { address: IpAddr::V6(address.parse::<Ipv6Addr>().ok()?), bits })
    }

    /// The network of a host's address.
    pub(super) fn of(address: IpAddr, lengths: Lengths) -> Self {
        Self { address, bits: if address.is_ipv4() { lengths.v4 } else { lengths.v6 } }
    }

    /// Whether the address lies in it.
    pub(super) fn holds(&self, address: IpAddr) -> bool {
        let shift = |most: u8| u32::from(most.saturating_sub(self.bits));
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                let differs = own.to_bits() ^ other.to_bits();
                differs.checked_shr(shift(32)).unwrap_or(0) == 0
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => {
                let differs = own.to_bits() ^ other.to_bits();
                differs.checked_shr(shift(128)).unwrap_or(0) == 0
            }
            _ => false,
        }
    }
}

impl Lengths {
    /// `/24`, `//64` or `/24//64`, or nothing.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let whole = Self::default();
        if text.is_empty() {
            return Some(whole);
        }
        let (v4, v6) = match text.split_once("//") {
            None => (text, None),
            Some((v4, v6)) => (v4, Some(v6)),
        };
        let v4 = match v4 {
            "" => whole.v4,
            v4 => number(v4.strip_prefix('/')?, 32)?,
        };
        let v6 = v6.map_or(Some(whole.v6), |v6| number(v6, 128))?;
        Some(Self { v4, v6 })
    }
}

fn split(text: &str, most: u8) -> Option<(&str, u8)> {
    match text.split_once('/') {
        None => Some((text, most)),
        Some((address, bits)) => Some((address, number(bits, most)?)),
    }
}

fn number(text: &str, most: u8) -> Option<u8> {
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    text.parse().ok().filter(|number| plain && *number <= most)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn networks_hold_their_addresses() {
        let net = Network::parse_v4("192.0.2.64/26").unwrap();
        assert!(net.holds(ip("192.0.2.127")) && !net.holds(ip("192.0.2.128")) && !net.holds(ip("2001:db8::1")));
        assert!(net.holds(ip("::ffff:192.0.2.65")), "an IPv4 address in IPv6 clothes");
        assert!(Network::parse_v4("203.0.113.9/0").unwrap().holds(ip("192.0.2.1")));
        let net = Network::parse_v6("2001:db8::/33").unwrap();
        assert!(net.holds(ip("2001:db8:7fff::1")) && !net.holds(ip("2001:db8:8000::1")));
        for bad in ["192.0.2", "192.0.2.1/33", "192.0.2.1/", "192.0.2.1/024", "2001:db8::1", "192.0.2.1/2/3"] {
            assert_eq!(Network::parse_v4(bad), None, "{bad}");
        }
        assert_eq!(Network::parse_v6("192.0.2.1"), None);
    }

    #[test]
    fn lengths_for_either_kind() {
        assert_eq!(Lengths::parse("/24//64"), Some(Lengths { v4: 24, v6: 64 }));
        assert_eq!(Lengths::parse("//64"), Some(Lengths { v4: 32, v6: 64 }));
        assert_eq!(Lengths::parse("/8"), Some(Lengths { v4: 8, v6: 128 }));
        for bad in ["/", "//", "/33", "/24//", "24", "/24/64", "/24//129"] {
            assert_eq!(Lengths::parse(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn an_address_lies_in_each_of_its_networks(bytes in any::<u32>(), bits in 0_u8..=32, other in any::<u32>()) {
            let (address, other) = (Ipv4Addr::from(bytes), Ipv4Addr::from(other));
            let net = Network::parse_v4(&format!("{address}/{bits}")).unwrap();
            prop_assert!(net.holds(address.into()));
            let same = (0..bits).all(|bit| (address.to_bits() ^ other.to_bits()) >> (31 - u32::from(bit)) & 1 == 0);
            prop_assert_eq!(net.holds(other.into()), same);
        }
    }
}
