//! Who is asking: the address that limits are counted for.

use std::net::{IpAddr, Ipv4Addr};

use actix_web::HttpRequest;

/// The client's address. `X-Forwarded-For` is believed only when it comes from a trusted proxy, and then from the
/// right: the last entry that is not itself a trusted proxy is whom that proxy saw.
pub(super) fn address(request: &HttpRequest, trusted: &[IpAddr]) -> IpAddr {
    let peer = request.peer_addr().map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |addr| addr.ip());
    if !trusted.contains(&peer) {
        return peer;
    }
    let forwarded: Vec<&str> = request.headers().get_all("x-forwarded-for").filter_map(|value| value.to_str().ok()).collect();
    let entries = forwarded.iter().flat_map(|value| value.split(',')).map(|entry| entry.trim().parse::<IpAddr>());
    let mut client = peer;
    for entry in entries.collect::<Vec<_>>().into_iter().rev() {
        match entry {
            Ok(ip) => {
                client = ip;
                if !trusted.contains(&ip) {
                    break;
                }
            }
            Err(_) => break,
        }
    }
    client
}
