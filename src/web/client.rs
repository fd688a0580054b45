//! Who is asking: the address that limits are counted for.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use actix_web::HttpRequest;
use actix_web::http::header::HeaderMap;

/// The client's address. `X-Forwarded-For` is believed only when it comes from a trusted proxy, and then from the
/// right: the last entry that is not itself a trusted proxy is whom that proxy saw. An IPv4 address that came in over
/// an IPv6 socket (`::ffff:203.0.113.9`) is the IPv4 address; `trusted` holds such addresses in this form too.
pub(super) fn address(request: &HttpRequest, trusted: &[IpAddr]) -> IpAddr {
    let peer = canonical(request.peer_addr());
    if !trusted.contains(&peer) {
        return peer;
    }
    let forwarded: Vec<&str> = request.headers().get_all("x-forwarded-for").filter_map(|value| value.to_str().ok()).collect();
    let entries = forwarded.iter().flat_map(|value| value.split(',')).map(|entry| entry.trim().parse::<IpAddr>());
    let mut client = peer;
    for entry in entries.collect::<Vec<_>>().into_iter().rev() {
        match entry {
            Ok(ip) => {
                client = ip.to_canonical();
                if !trusted.contains(&client) {
                    break;
                }
            }
            Err(_) => break,
        }
    }
    client
}

/// Whether somebody passed the request on, by the headers that web servers and proxies add (RFC 7239, RFC 9110 section 7.6.3).
pub(super) fn is_forwarded(headers: &HeaderMap) -> bool {
    ["x-forwarded-for", "forwarded", "via", "x-real-ip"].into_iter().any(|name| headers.contains_key(name))
}

/// Whether that peer is a proxy whose word counts.
pub(super) fn is_trusted(peer: Option<SocketAddr>, trusted: &[IpAddr]) -> bool {
    trusted.contains(&canonical(peer))
}

fn canonical(peer: Option<SocketAddr>) -> IpAddr {
    peer.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |addr| addr.ip().to_canonical())
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn a_proxy_that_speaks_ipv4_over_ipv6_is_the_same_proxy() {
        let trusted: [IpAddr; 2] = ["127.0.0.1".parse().unwrap(), "10.0.0.1".parse().unwrap()];
        for (peer, forwarded, client) in [
            ("[::ffff:127.0.0.1]:40000", "203.0.113.9", "203.0.113.9"),
            ("127.0.0.1:40000", "198.51.100.7, ::ffff:203.0.113.9, ::ffff:10.0.0.1", "203.0.113.9"),
            ("[::ffff:203.0.113.9]:40000", "198.51.100.7", "203.0.113.9"),
        ] {
            let request = TestRequest::default().peer_addr(peer.parse().unwrap());
            let request = request.insert_header(("X-Forwarded-For", forwarded)).to_http_request();
            assert_eq!(address(&request, &trusted), client.parse::<IpAddr>().unwrap(), "{peer}");
        }
    }
}
