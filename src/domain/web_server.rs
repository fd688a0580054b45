//! Which web servers may be asked things.

use std::net::IpAddr;

use url::{Host, Url};

/// Whether nobody on the way can read what this server is asked and what it answers: `https`, or `http` to a server on
/// this machine or on its own private network (`localhost`, or a loopback or private IP address). A log-in inside the
/// address is refused, because addresses are shown in messages.
#[must_use]
pub fn may_be_asked(url: &Url) -> bool {
    let near = match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(ip)) => ip.is_loopback() || ip.is_private(),
        Some(Host::Ipv6(ip)) => match IpAddr::V6(ip).to_canonical() {
            IpAddr::V4(ip) => ip.is_loopback() || ip.is_private(),
            IpAddr::V6(ip) => ip.is_loopback() || ip.is_unique_local(),
        },
        None => return false,
    };
    let no_login = url.username().is_empty() && url.password().is_none();
    no_login && (url.scheme() == "https" || (url.scheme() == "http" && near))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_for_servers_nearby() {
        let may = |text: &str| may_be_asked(&Url::parse(text).unwrap());
        for good in [
            "https://example.org/x",
            "http://localhost:1/",
            "http://127.0.0.1",
            "http://[::1]:8/",
            "http://10.1.2.3",
            "http://[fd00::1]",
        ] {
            assert!(may(good), "{good}");
        }
        for bad in [
            "http://example.org",
            "http://192.0.2.7",
            "http://localhost.example.org",
            "http://[2001:db8::1]/",
            "ftp://localhost/",
            "file:///etc/passwd",
            "https://robin:secret@example.org",
        ] {
            assert!(!may(bad), "{bad}");
        }
    }
}
