//! Machines that show a secret: `Authorization: Bearer ...` (RFC 6750).

use actix_web::http::header::HeaderValue;
use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::config::Secret;

/// The token that the header shows.
pub(super) fn token(header: Option<&HeaderValue>) -> Option<&str> {
    let (scheme, token) = header?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("Bearer").then(|| token.trim())
}

/// Whether the header shows the secret; compared in a time that tells nothing of it.
pub(super) fn shown(secret: &Secret, header: Option<&HeaderValue>) -> bool {
    let token = token(header).unwrap_or_default();
    let mac = |text: &str| {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose().as_bytes()).ok()?;
        mac.update(text.as_bytes());
        Some(mac)
    };
    match (mac(secret.expose()), mac(token)) {
        (Some(wanted), Some(shown)) => shown.verify(&wanted.finalize().into_bytes()).is_ok(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_whole_secret_opens() {
        let secret = Secret::new("s".repeat(32));
        let header = |text: &str| HeaderValue::from_str(text).unwrap();
        for good in [format!("Bearer {}", "s".repeat(32)), format!("bearer  {} ", "s".repeat(32))] {
            assert!(shown(&secret, Some(&header(&good))), "{good}");
        }
        for bad in ["", "Bearer", "Bearer ", "Bearer sss", "Basic ssssssssssssssssssssssssssssssss"] {
            assert!(!shown(&secret, Some(&header(bad))), "{bad}");
        }
        assert!(!shown(&secret, None));
    }
}
