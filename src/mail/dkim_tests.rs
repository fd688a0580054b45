//! DKIM signatures, checked the way a receiving server does: from the words of the header, with the public key.

use std::process::Command;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use sha2::{Digest, Sha256};

use super::{DkimKeyError, DkimSigner, canonical};
use crate::domain::Timestamp;

const MAIL: &str = "From: \"Ana via Harbor\" <letters@example.org>\r\nTo: wren@senate.example\r\nSubject: A  letter\r\n\
     Date: Sun, 22 Nov 2026 10:00:00 +0000\r\nMessage-ID: <1@example.org>\r\nMIME-Version: 1.0\r\n\r\nDear Senator,\r\n\r\n  please. \r\n\r\n";

fn openssl(arguments: &[&str], input: Option<&[u8]>) -> Option<Vec<u8>> {
    use std::io::Write;
    let mut command = Command::new("openssl");
    command
        .args(arguments)
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null());
    let mut child = command.spawn().ok()?;
    child.stdin.take()?.write_all(input.unwrap_or_default()).ok()?;
    let out = child.wait_with_output().ok()?;
    out.status.success().then_some(out.stdout)
}

/// A new key of so many bits; the tests skip where the machine has no openssl.
fn key(bits: &str) -> Option<Vec<u8>> {
    let made = openssl(&["genrsa", bits], None);
    if made.is_none() {
        eprintln!("skipped: openssl is not installed");
    }
    made
}

fn tag<'a>(header: &'a str, name: &str) -> &'a str {
    header.split(';').find_map(|tag| tag.trim().strip_prefix(name)?.strip_prefix('=')).unwrap_or_default()
}

/// Whether the signature in front of `mail` is good (RFC 6376 section 6.1.3).
fn verifies(mail: &[u8], public: &[u8]) -> bool {
    let (headers, body) = canonical::split(mail);
    let relaxed = String::from_utf8(canonical::header(headers[0])).unwrap();
    let value = relaxed.strip_prefix("dkim-signature:").unwrap();
    if tag(value, "bh").replace(' ', "") != STANDARD.encode(Sha256::digest(canonical::body(body))) {
        return false;
    }
    let mut left: Vec<&[u8]> = headers[1..].to_vec();
    let mut signed = Vec::new();
    for name in tag(value, "h").replace(' ', "").split(':') {
        let found = left.iter().rposition(|header| canonical::name(header).eq_ignore_ascii_case(name.as_bytes()));
        if let Some(at) = found {
            signed.extend(canonical::header(left.remove(at)));
            signed.extend_from_slice(b"\r\n");
        }
    }
    let signature = tag(value, "b");
    signed.extend(relaxed.strip_suffix(signature).unwrap().trim_end().bytes());
    let signature = STANDARD.decode(signature.replace(' ', "")).unwrap();
    UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, public).verify(&signed, &signature).is_ok()
}

#[test]
fn a_signature_is_good_and_breaks_with_the_mail() {
    let Some(pem) = key("2048") else { return };
    let signer = DkimSigner::from_pem(&pem, "nov2026", "Example.org").unwrap();
    let at = Timestamp::from_millis(1_795_000_000_000);
    let mail = signer.sign(MAIL.as_bytes(), at).unwrap();
    assert_eq!(mail, signer.sign(MAIL.as_bytes(), at).unwrap(), "a second attempt sends the same bytes");
    let text = String::from_utf8(mail.clone()).unwrap();
    assert!(
        text.ends_with(MAIL)
            && text
                .starts_with("DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.org;\r\n s=nov2026; t=1795000000;")
    );
    assert!(text.split("\r\n").all(|line| line.len() <= 100), "lines stay short");
    // The PKCS#1 key stands behind 24 octets of SubjectPublicKeyInfo.
    let public = STANDARD.decode(signer.public_key()).unwrap()[24..].to_vec();
    assert!(verifies(&mail, &public));
    // What relays do to blanks changes nothing.
    assert!(verifies(text.replace("A  letter", "A\r\n letter").replace("please. \r\n", "please.\r\n").as_bytes(), &public));
    for (from, to) in
        [("Dear", "Bear"), ("A  letter", "B letter"), ("letters@example.org", "others@example.org"), ("t=1795", "t=1796")]
    {
        assert!(!verifies(text.replacen(from, to, 1).as_bytes(), &public), "{from}");
    }
    for added in ["From: <else@example.com>", "Subject: Else", "Reply-To: else@example.com"] {
        let forged = text.replacen("\r\nFrom:", &format!("\r\n{added}\r\nFrom:"), 1);
        assert!(!verifies(forged.as_bytes(), &public), "{added}");
    }
}

#[test]
fn the_public_half_is_what_openssl_prints() {
    let Some(pem) = key("2048") else { return };
    let signer = DkimSigner::from_pem(&pem, "a", "example.org").unwrap();
    let der = openssl(&["rsa", "-pubout", "-outform", "DER"], Some(&pem)).unwrap();
    assert_eq!(signer.public_key(), STANDARD.encode(der));
    assert_eq!(signer.record_name(), "a._domainkey.example.org");
}

#[test]
fn both_forms_of_a_key_are_read() {
    let Some(pem) = key("2048") else { return };
    let old = openssl(&["rsa", "-traditional"], Some(&pem)).unwrap();
    let new = openssl(&["pkcs8", "-topk8", "-nocrypt"], Some(&pem)).unwrap();
    assert!(old.starts_with(b"-----BEGIN RSA PRIVATE KEY") && new.starts_with(b"-----BEGIN PRIVATE KEY"));
    let public = |pem: &[u8]| DkimSigner::from_pem(pem, "a", "example.org").unwrap().public_key();
    assert_eq!(public(&old), public(&new));
}

#[test]
fn a_key_that_can_not_sign_says_what_it_must_be() {
    for no_key in [&b""[..], b"hello", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
        let error = DkimSigner::from_pem(no_key, "a", "example.org").unwrap_err();
        assert_eq!(error, DkimKeyError::NoKey);
        assert!(error.to_string().contains("openssl genrsa"));
    }
    let Some(short) = key("1024") else { return };
    let error = DkimSigner::from_pem(&short, "a", "example.org").unwrap_err().to_string();
    assert!(error.contains("2048"), "{error}");
    let curve = openssl(&["ecparam", "-name", "prime256v1", "-genkey", "-noout"], None).unwrap();
    assert!(matches!(DkimSigner::from_pem(&curve, "a", "example.org"), Err(DkimKeyError::Unfit(_))));
}
