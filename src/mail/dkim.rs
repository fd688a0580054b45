//! DKIM (RFC 6376): a signature by which the receiving server sees that a mail comes from our domain and was not changed.
//!
//! RSA with SHA-256 by ring: lettre's own signer uses the `rsa` crate, which is three times slower and has an open advisory
//! about its timing. Ed25519 (RFC 8463) is not offered, since few servers check it yet.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::rand::SystemRandom;
use ring::rsa::KeyPair;
use ring::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use sha2::{Digest, Sha256};
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;

use super::canonical;
use crate::domain::Timestamp;

/// The headers that are signed, where a mail has them (RFC 6376 section 5.4.1 and RFC 8058 section 4 name them).
const SIGNED: [&str; 15] = [
    "From",
    "Reply-To",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
    "Auto-Submitted",
    "In-Reply-To",
    "References",
    "List-Id",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
];
/// These are signed once more than they occur, so that nobody can add one on the way (RFC 6376 section 8.15).
const NEVER_ADDED: [&str; 5] = ["From", "Reply-To", "To", "Subject", "Date"];
/// How much of a long value stands on one line.
const FOLD: usize = 70;

/// Signs mails for one domain. The key never shows.
pub struct DkimSigner {
    domain: String,
    selector: String,
    key: KeyPair,
}

/// Why a key can't sign.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DkimKeyError {
    /// No PEM, or not of a private key.
    #[error("it holds no private key in PEM form; make one with: openssl genrsa -out dkim.pem 2048")]
    NoKey,
    /// Another kind, too short, or damaged.
    #[error("its key can't sign ({0}); it must be an RSA key of 2048 to 4096 bits: openssl genrsa -out dkim.pem 2048")]
    Unfit(String),
}

impl DkimSigner {
    /// A signer with the private key of `pem` (PKCS#8 or PKCS#1), whose public half stands in the DNS at
    /// `<selector>._domainkey.<domain>`.
    ///
    /// # Errors
    /// [`DkimKeyError`] says what the key must be.
    pub fn from_pem(pem: &[u8], selector: &str, domain: &str) -> Result<Self, DkimKeyError> {
        let unfit = |error: ring::error::KeyRejected| DkimKeyError::Unfit(error.to_string());
        let key = match PrivateKeyDer::from_pem_slice(pem).map_err(|_| DkimKeyError::NoKey)? {
            PrivateKeyDer::Pkcs8(der) => KeyPair::from_pkcs8(der.secret_pkcs8_der()).map_err(unfit)?,
            PrivateKeyDer::Pkcs1(der) => KeyPair::from_der(der.secret_pkcs1_der()).map_err(unfit)?,
            _ => return Err(DkimKeyError::Unfit("it is of another kind".into())),
        };
        Ok(Self { domain: domain.to_ascii_lowercase(), selector: selector.to_owned(), key })
    }

    /// Where the public half belongs: a name in the DNS.
    #[must_use]
    pub fn record_name(&self) -> String {
        format!("{}._domainkey.{}", self.selector, self.domain)
    }

    /// The public half, as the `p=` of the DNS record: a `SubjectPublicKeyInfo` (RFC 5280 section 4.1) in base64, which is
    /// what openssl prints and verifiers read.
    #[must_use]
    pub fn public_key(&self) -> String {
        /// `SEQUENCE { OID rsaEncryption, NULL }` (RFC 3279 section 2.3.1).
        const RSA: [u8; 15] = [0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];
        let mut bits = vec![0];
        bits.extend_from_slice(self.key.public_key().as_ref());
        let mut inner = RSA.to_vec();
        inner.extend(der(0x03, &bits));
        STANDARD.encode(der(0x30, &inner))
    }

    /// The mail with its signature in front. The same mail and time give the same bytes, so that a second attempt sends what
    /// the first one sent.
    ///
    /// # Errors
    /// When the machine has no random numbers for blinding.
    pub fn sign(&self, mail: &[u8], at: Timestamp) -> Result<Vec<u8>, ring::error::Unspecified> {
        let (headers, body) = canonical::split(mail);
        let mut signed_names: Vec<&str> = Vec::new();
        let mut signed = Vec::new();
        for wanted in SIGNED {
            // Of several, the last one first (RFC 6376 section 5.4.2).
            for header in headers.iter().rev().filter(|header| canonical::name(header).eq_ignore_ascii_case(wanted.as_bytes())) {
                signed_names.push(wanted);
                signed.extend(canonical::header(header));
                signed.extend_from_slice(b"\r\n");
            }
            if NEVER_ADDED.contains(&wanted) {
                signed_names.push(wanted);
            }
        }
        let body_hash = STANDARD.encode(Sha256::digest(canonical::body(body)));
        let unsigned = format!(
            "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d={};\r\n s={}; t={};\r\n h={};\r\n bh={body_hash};\r\n b=",
            self.domain,
            self.selector,
            at.millis() / 1000,
            folded(&signed_names.join(":"), ':'),
        );
        signed.extend(canonical::header(unsigned.as_bytes()));
        let mut signature = vec![0; self.key.public().modulus_len()];
        self.key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), &signed, &mut signature)?;
        let mut out = unsigned.into_bytes();
        let signature = STANDARD.encode(signature);
        for (line, part) in signature.as_bytes().chunks(FOLD).enumerate() {
            out.extend_from_slice(if line == 0 { b"" } else { b"\r\n " });
            out.extend_from_slice(part);
        }
        out.extend_from_slice(b"\r\n");
        out.extend_from_slice(mail);
        Ok(out)
    }
}

/// A DER element (X.690 section 8.1).
fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    match u8::try_from(content.len()) {
        Ok(short) if short < 0x80 => out.push(short),
        _ => {
            let length: Vec<u8> = content.len().to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
            out.push(0x80 | u8::try_from(length.len()).unwrap_or(8));
            out.extend(length);
        }
    }
    out.extend_from_slice(content);
    out
}

/// A list broken into lines after its separators.
fn folded(list: &str, separator: char) -> String {
    let (mut out, mut width) = (String::with_capacity(list.len() + 8), 0);
    for part in list.split_inclusive(separator) {
        if width > 0 && width + part.len() > FOLD {
            out.push_str("\r\n ");
            width = 0;
        }
        out.push_str(part);
        width += part.len();
    }
    out
}

impl std::fmt::Debug for DkimSigner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "DkimSigner({})", self.record_name())
    }
}
