//! Signed values in forms: when a form was handed out, and that it was handed out to this browser (CSRF).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use std::time::Duration;

use crate::config::Secret;
use crate::domain::{EmailAddress, Timestamp, Token};

/// A form that stayed open longer than this is handed out anew, with everything typed kept.
const FORM_LASTS: Duration = Duration::from_hours(24);

/// What a form's token says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FormAge {
    /// Filled in by a person, as far as time tells.
    Good,
    /// Sent back faster than a person types.
    TooFast,
    /// Missing, forged or too old.
    Stale,
}

/// The token of a form handed out at `now`.
pub(super) fn issue(key: &Secret, now: Timestamp) -> String {
    format!("{}.{}", now.millis(), sign(key, "form", &now.millis().to_string()))
}

/// Reads a form's token at `now`; a form is good from `min` after it was handed out.
pub(super) fn check(key: &Secret, token: &str, min: Duration, now: Timestamp) -> FormAge {
    let Some((millis, signature)) = token.split_once('.') else { return FormAge::Stale };
    if !is_signed(key, "form", millis, signature) {
        return FormAge::Stale;
    }
    let Ok(issued) = millis.parse().map(Timestamp::from_millis) else { return FormAge::Stale };
    let age = now.since(issued);
    if age > FORM_LASTS {
        FormAge::Stale
    } else if age < min {
        FormAge::TooFast
    } else {
        FormAge::Good
    }
}

/// The CSRF token that belongs to a cookie's value.
pub(super) fn csrf(key: &Secret, cookie: &str) -> String {
    sign(key, "csrf", cookie)
}

/// Whether `token` is the CSRF token of that cookie's value.
pub(super) fn is_csrf(key: &Secret, cookie: &str, token: &str) -> bool {
    is_signed(key, "csrf", cookie, token)
}

/// What a browser keeps that has logged in with this address: random text, and that we handed it out for that.
pub(super) fn known_browser(key: &Secret, email: &EmailAddress) -> String {
    let random = Token::random().text();
    format!("{random}.{}", sign(key, "known", &known_as(&random, email)))
}

/// The browser's random text, when it has logged in with this address before.
pub(super) fn read_known_browser<'a>(key: &Secret, kept: &'a str, email: &EmailAddress) -> Option<&'a str> {
    let (random, signature) = kept.split_once('.')?;
    is_signed(key, "known", &known_as(random, email), signature).then_some(random)
}

fn known_as(random: &str, email: &EmailAddress) -> String {
    format!("{random} {}", email.as_str().to_lowercase())
}

/// HMAC-SHA-256 over a purpose and a value; the purpose keeps one kind of token from passing as another.
fn mac(key: &Secret, purpose: &str, value: &str) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.expose().as_bytes()).ok()?;
    mac.update(purpose.as_bytes());
    mac.update(b"\0");
    mac.update(value.as_bytes());
    Some(mac)
}

fn sign(key: &Secret, purpose: &str, value: &str) -> String {
    mac(key, purpose, value).map(|mac| URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())).unwrap_or_default()
}

/// Compared in constant time.
fn is_signed(key: &Secret, purpose: &str, value: &str, signature: &str) -> bool {
    let Ok(bytes) = URL_SAFE_NO_PAD.decode(signature) else { return false };
    mac(key, purpose, value).is_some_and(|mac| mac.verify_slice(&bytes).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forms_token_knows_its_age() {
        let key = Secret::new("k".repeat(32));
        let start = Timestamp::from_millis(1_000_000);
        let token = issue(&key, start);
        let min = Duration::from_secs(2);
        let at = |seconds| check(&key, &token, min, start.plus(Duration::from_secs(seconds)));
        assert_eq!(at(0), FormAge::TooFast);
        assert_eq!(at(2), FormAge::Good);
        assert_eq!(at(24 * 3600), FormAge::Good);
        assert_eq!(at(24 * 3600 + 1), FormAge::Stale);
        for forged in ["", "1.2", "999000.AAAA", &token.replace('1', "2"), &issue(&Secret::new("x".repeat(32)), start)] {
            assert_eq!(check(&key, forged, min, start.plus(min)), FormAge::Stale, "{forged}");
        }
    }

    #[test]
    fn one_kind_of_token_never_passes_as_another() {
        let key = Secret::new("k".repeat(32));
        assert!(is_csrf(&key, "cookie", &csrf(&key, "cookie")));
        assert!(!is_csrf(&key, "other", &csrf(&key, "cookie")));
        assert!(!is_csrf(&key, "1000", issue(&key, Timestamp::from_millis(1000)).split_once('.').unwrap().1));
    }
}
