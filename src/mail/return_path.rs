//! Return paths that say which message came back (VERP), and that nobody else can make (BATV's idea).
//!
//! `bounces+<message>.<signature>@<MAIL_BOUNCE_DOMAIN>`: whatever a receiving server's report looks like, it is sent to this address
//! (RFC 5321 section 4.4), so the message is known without believing a word of the report. Lower case, because some relays
//! change case on the way; 10 octets of HMAC-SHA-256 are more than anyone can try out by mail.

use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::domain::EmailAddress;

const PREFIX: &str = "bounces+";
const SIGNATURE_OCTETS: usize = 10;
/// The longest number of a message: that of `i64::MAX`.
const MOST_DIGITS: usize = 19;

/// Makes return paths and reads them. The key never shows.
#[derive(Clone)]
pub struct ReturnPath {
    key: Vec<u8>,
    domain: Option<String>,
    mail_from: EmailAddress,
}

/// What an address says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReturnedTo {
    /// This message came back.
    Message(i64),
    /// It looks like a return path of ours and its signature is wrong.
    Forged,
}

impl ReturnPath {
    /// Return paths at `domain`, signed with `key`; without a domain every message has the return path `mail_from`, and
    /// what comes back there names no message.
    #[must_use]
    pub fn new(key: &str, domain: Option<&str>, mail_from: EmailAddress) -> Self {
        Self { key: key.as_bytes().to_vec(), domain: domain.map(str::to_ascii_lowercase), mail_from }
    }

    /// The envelope's sender for that message.
    #[must_use]
    pub fn of(&self, message: i64) -> EmailAddress {
        let own = self
            .domain
            .as_ref()
            .and_then(|domain| EmailAddress::parse(&format!("{PREFIX}{message}.{}@{domain}", self.signature(message))).ok());
        own.unwrap_or_else(|| self.mail_from.clone())
    }

    /// The first good return path that stands in `text`, else a forged one, else `None`.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<ReturnedTo> {
        let lower = text.to_ascii_lowercase();
        let mut forged = None;
        let mut rest = lower.as_str();
        while let Some(at) = rest.find(PREFIX) {
            rest = &rest[at + PREFIX.len()..];
            // Written as xtext (RFC 3461 section 4), a plus is `+2B`.
            let plain = rest.strip_prefix("2b").filter(|rest| self.read(rest).is_some()).unwrap_or(rest);
            match self.read(plain) {
                Some(ReturnedTo::Message(id)) => return Some(ReturnedTo::Message(id)),
                Some(ReturnedTo::Forged) => forged = Some(ReturnedTo::Forged),
                None => {}
            }
        }
        forged
    }

    /// Reads what stands behind the prefix. The domain may be another by now, or a forwarder's: the signature decides. What stands
    /// behind it may be an `@`, or what a forwarder made of it (SRS, BATV, VERP of a mailing list).
    fn read(&self, text: &str) -> Option<ReturnedTo> {
        let (digits, rest) = text.split_once('.')?;
        if digits.is_empty() || digits.len() > MOST_DIGITS || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let (signature, behind) = rest.split_at_checked(2 * SIGNATURE_OCTETS)?;
        let signature = unhex(signature).filter(|_| behind.starts_with(['@', '=', '/', '#']))?;
        let Ok(message) = digits.parse::<i64>() else { return Some(ReturnedTo::Forged) };
        let good = self.mac(message).is_some_and(|mac| mac.verify_truncated_left(&signature).is_ok());
        Some(if good { ReturnedTo::Message(message) } else { ReturnedTo::Forged })
    }

    fn signature(&self, message: i64) -> String {
        let octets = self.mac(message).map(|mac| mac.finalize().into_bytes());
        octets
            .iter()
            .flat_map(|octets| octets.iter().take(SIGNATURE_OCTETS))
            .fold(String::new(), |text, octet| format!("{text}{octet:02x}"))
    }

    fn mac(&self, message: i64) -> Option<Hmac<Sha256>> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.key).ok()?;
        // The purpose keeps one kind of signature from passing as another.
        mac.update(b"return-path\0");
        mac.update(message.to_string().as_bytes());
        Some(mac)
    }
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    if text.len() != 2 * SIGNATURE_OCTETS {
        return None;
    }
    text.as_bytes().chunks(2).map(|pair| Some(digit(pair[0])? * 16 + digit(pair[1])?)).collect()
}

impl std::fmt::Debug for ReturnPath {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ReturnPath({})", self.domain.as_deref().unwrap_or("the sender's address"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn paths(domain: Option<&str>) -> ReturnPath {
        ReturnPath::new("a key of thirty-two characters...", domain, EmailAddress::parse("letters@example.org").unwrap())
    }

    #[test]
    fn an_address_names_its_message_whatever_happens_to_its_case() {
        let paths = paths(Some("Bounces.Example.org"));
        for id in [1, 42, i64::MAX] {
            let address = paths.of(id);
            assert!(address.local().len() <= 64 && address.domain() == "bounces.example.org");
            let line = format!("Final-Recipient: rfc822; <{}>", address.as_str().to_ascii_uppercase());
            assert_eq!(paths.find(&line), Some(ReturnedTo::Message(id)));
        }
    }

    #[test]
    fn what_forwarders_make_of_an_address_names_its_message_too() {
        let paths = paths(Some("letters.example"));
        let address = paths.of(42);
        let (local, domain) = (address.local(), address.domain());
        for wrapped in [
            format!("SRS0=h4Sh=TT={domain}={local}@forwarder.example"),
            format!("SRS1=h4Sh=first.example==h4Sh=TT={domain}={local}@second.example"),
            format!("prvs=1234abcdef={local}@{domain}"),
            format!("prvs={local}/1234abcdef@{domain}"),
            format!("btv1==1234abcdef=={local}@{domain}"),
            format!("msprvs1=12345abc={local}@{domain}"),
            format!("list-bounces+{local}={domain}@lists.example"),
            format!("rfc822;{}", local.replace('+', "+2B") + "@" + domain),
        ] {
            assert_eq!(paths.find(&wrapped), Some(ReturnedTo::Message(42)), "{wrapped}");
        }
    }

    #[test]
    fn what_is_forged_is_told_apart_from_what_is_not_ours() {
        let paths = paths(Some("example.org"));
        let good = paths.of(7);
        let forged = good.as_str().replacen("+7.", "+8.", 1);
        assert_eq!(paths.find(&forged), Some(ReturnedTo::Forged));
        assert_eq!(paths.find(&format!("{forged} {}", good.as_str())), Some(ReturnedTo::Message(7)));
        let other = ReturnPath::new("another key", Some("example.org"), EmailAddress::parse("a@example.org").unwrap());
        assert_eq!(paths.find(other.of(7).as_str()), Some(ReturnedTo::Forged));
        for not_ours in [
            "",
            "bounces+",
            "bounces+7@example.org",
            "bounces+x.00@example.org",
            "letters@example.org",
            "bounces+7.abcd@example.org",
        ] {
            assert_eq!(paths.find(not_ours), None, "{not_ours}");
        }
    }

    #[test]
    fn without_a_domain_mail_comes_back_to_the_sender() {
        assert_eq!(paths(None).of(7).as_str(), "letters@example.org");
    }

    proptest! {
        #[test]
        fn no_text_is_taken_for_a_message(text in ".{0,80}", id in 0..i64::MAX, signature in "[0-9a-f]{20}") {
            let paths = paths(Some("example.org"));
            prop_assert!(!matches!(paths.find(&text), Some(ReturnedTo::Message(_))));
            let guess = format!("bounces+{id}.{signature}@example.org");
            prop_assert_eq!(paths.find(&guess), Some(ReturnedTo::Forged));
        }
    }
}
