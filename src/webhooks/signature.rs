//! How a receiver knows that a message is ours, and not an old one sent again.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use sha2::Sha256;

/// The secret of a webhook, which its receiver knows too: made from its salt and the service's own key, so that the database alone
/// signs nothing.
#[must_use]
pub fn webhook_secret(key: &str, salt: &[u8]) -> String {
    let digest = hmac(key.as_bytes(), &[b"webhook secret:", salt]);
    format!("whsec_{}", URL_SAFE_NO_PAD.encode(digest))
}

/// The value of the header `Standout-Signature`: `t=<unix seconds>,v1=<hex>`, where the hex is the HMAC-SHA-256, under the webhook's
/// secret, of the seconds, a full stop, and the body as it was sent.
#[must_use]
pub fn sign(secret: &str, seconds: i64, body: &str) -> String {
    let digest = hmac(secret.as_bytes(), &[seconds.to_string().as_bytes(), b".", body.as_bytes()]);
    digest.iter().fold(format!("t={seconds},v1="), |header, byte| header + &format!("{byte:02x}"))
}

fn hmac(key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    // HMAC takes keys of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return Vec::new() };
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_what_others_work_out() {
        // printf '1795359600.{"a":1}' | openssl dgst -sha256 -hmac key
        let signature = sign("key", 1_795_359_600, "{\"a\":1}");
        assert_eq!(signature, "t=1795359600,v1=dc800c3d3fb926706f869b583386f6213170b63c9ba2c09ac458ac72f647ea31");
    }

    #[test]
    fn secrets_differ_by_key_and_salt_and_stay_the_same() {
        let secret = webhook_secret("key", b"salt");
        assert_eq!(secret, webhook_secret("key", b"salt"));
        assert!(secret != webhook_secret("key", b"other") && secret != webhook_secret("other", b"salt"));
        assert!(secret.starts_with("whsec_") && secret.len() == 49, "{secret}");
    }
}
