//! What a connection to the mail server showed: reached, encrypted, let in. No mail was sent on it.

use super::Finding;
use crate::mail::{Encryption, SendFailure, Session, SmtpSettings, Step};

const REACH: &str = "mail server";
const ENCRYPTION: &str = "encryption";
const LOGIN: &str = "log-in";

/// Judges an attempt to open a session as the service does before it sends.
#[must_use]
pub fn judge_mail_server(settings: &SmtpSettings, opened: &Result<Session, SendFailure>) -> Vec<Finding> {
    let reached = Finding::ok(REACH, format!("{settings} answers"));
    match opened {
        Ok(session) => vec![reached, encryption(settings, session.is_encrypted(), session.offers_encryption()), login(settings)],
        Err(failure) => {
            let said = said(failure);
            match failure.step {
                Step::Tls => vec![reached, Finding::failed(ENCRYPTION, said, no_encryption(settings))],
                Step::Login => vec![
                    reached,
                    Finding::failed(
                        LOGIN,
                        said,
                        "Check user and password in SMTP_URL (% codes for : / @ # ? and %); some providers want a password made for programs.",
                    ),
                ],
                _ => vec![Finding::failed(
                    REACH,
                    format!("{settings} can't be used: {said}"),
                    "Check host and port in SMTP_URL, and whether this machine may reach that port: many hosting providers block 25.",
                )],
            }
        }
    }
}

/// The cause, with the server's own words where it gave some.
fn said(failure: &SendFailure) -> String {
    match failure.reply.as_ref().filter(|reply| !reply.text.is_empty()) {
        Some(reply) => format!("{}: {}", failure.cause, reply.text),
        None => failure.cause.clone(),
    }
}

fn no_encryption(settings: &SmtpSettings) -> &'static str {
    match settings.encryption() {
        Encryption::Implicit => {
            "Check that the port takes TLS from the first byte (465 does), and that the certificate is made out to the host in SMTP_URL; SSL_CERT_FILE names authorities to trust instead of the machine's."
        }
        _ => {
            "Check that the server offers STARTTLS on this port (587 does), and that its certificate is made out to the host in SMTP_URL; SSL_CERT_FILE names authorities to trust instead of the machine's."
        }
    }
}

fn encryption(settings: &SmtpSettings, encrypted: bool, offered: bool) -> Finding {
    match (encrypted, offered) {
        (true, _) if settings.encryption() == Encryption::Implicit => Finding::ok(ENCRYPTION, "TLS from the first byte"),
        (true, _) => Finding::ok(ENCRYPTION, "STARTTLS is offered and used"),
        (false, _) if settings.host_is_loopback() => Finding::ok(ENCRYPTION, "none, and none is needed on this machine"),
        (false, true) => Finding::warning(
            ENCRYPTION,
            "the mail server offers STARTTLS and it is not used: letters travel readable",
            "Write ?tls=required behind the port in SMTP_URL.",
        ),
        (false, false) => Finding::warning(
            ENCRYPTION,
            "the mail server offers no STARTTLS: letters travel readable to it",
            "Use another port (587 or 465) or another mail server, unless the way to it is private.",
        ),
    }
}

fn login(settings: &SmtpSettings) -> Finding {
    if settings.has_login() {
        return Finding::ok(LOGIN, "user and password are accepted");
    }
    Finding::ok(LOGIN, "SMTP_URL has none, and the server asked for none so far")
}
