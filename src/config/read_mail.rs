//! The settings of mail: who it comes from, how it is signed, when it is tried again.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use super::settings::Settings;
use super::{Dkim, Secret};
use crate::domain::{EmailAddress, RetrySchedule};

/// Five days, in seconds: a message is given up then, so a longer wait would never end.
const LONGEST_WAIT: u64 = 5 * 24 * 3600;

pub(super) fn mail_from(read: &mut Settings<'_>, development: bool) -> Option<EmailAddress> {
    let text = read.text("MAIL_FROM");
    if text.is_none() && !development {
        read.wrong(
            "MAIL_FROM",
            "must be set when PUBLIC_URL is https: the address that letters come from, such as letters@example.org",
        );
    }
    let address = EmailAddress::parse(text.as_deref().unwrap_or("letters@standout.example"));
    if address.is_err() {
        read.wrong("MAIL_FROM", "must be one e-mail address without a name, such as letters@example.org");
    }
    address.ok()
}

pub(super) fn retries(read: &mut Settings<'_>) -> RetrySchedule {
    let Some(text) = read.text("MAIL_RETRY_SECONDS") else { return RetrySchedule::default() };
    let wait = |part: &str| part.trim().parse().ok().filter(|seconds| (1..=LONGEST_WAIT).contains(seconds));
    let Some(waits) = text.split(',').map(wait).collect::<Option<Vec<u64>>>() else {
        let what = format!("must be whole seconds separated by commas, each from 1 to {LONGEST_WAIT}, such as 300,900,3600");
        read.wrong("MAIL_RETRY_SECONDS", what);
        return RetrySchedule::default();
    };
    RetrySchedule::new(waits.into_iter().map(Duration::from_secs).collect())
}

/// Key and selector belong together; without both nothing is signed.
pub(super) fn dkim(read: &mut Settings<'_>) -> Option<Dkim> {
    let (file, selector) = (read.text("DKIM_KEY_FILE"), read.text("DKIM_SELECTOR"));
    match (file, selector) {
        (None, None) => None,
        (Some(_), None) => {
            read.wrong(
                "DKIM_SELECTOR",
                "must be set with DKIM_KEY_FILE: the name under which the public key stands in the DNS, such as standout",
            );
            None
        }
        (None, Some(_)) => {
            read.wrong(
                "DKIM_KEY_FILE",
                "must be set with DKIM_SELECTOR: the file of the private key; make one with: openssl genrsa -out dkim.pem 2048",
            );
            None
        }
        (Some(file), Some(selector)) if is_dns_name(&selector) => {
            Some(Dkim { key_file: PathBuf::from(file), selector: selector.to_ascii_lowercase() })
        }
        (Some(_), Some(selector)) => {
            read.wrong(
                "DKIM_SELECTOR",
                format!("\"{selector}\" can't stand in the DNS; use letters, digits and hyphens, such as standout"),
            );
            None
        }
    }
}

/// The domain behind the `@` of return paths.
pub(super) fn bounce_domain(read: &mut Settings<'_>) -> Option<String> {
    let domain = read.text("MAIL_BOUNCE_DOMAIN")?;
    if is_dns_name(&domain) && domain.contains('.') {
        return Some(domain.to_ascii_lowercase());
    }
    read.wrong(
        "MAIL_BOUNCE_DOMAIN",
        format!("\"{domain}\" must be a domain whose mail comes back to this service, such as bounces.example.org"),
    );
    None
}

/// The mailbox of returned mail. It needs return paths of our own: what comes back to `MAIL_FROM` names no message, and that mailbox
/// may be a person's.
pub(super) fn bounce_imap_url(read: &mut Settings<'_>, has_return_paths: bool) -> Option<Secret> {
    let url = read.text("BOUNCE_IMAP_URL")?;
    if !has_return_paths {
        read.wrong(
            "BOUNCE_IMAP_URL",
            "needs MAIL_BOUNCE_DOMAIN, whose mail lies in this mailbox; mail that names no letter is moved away from there",
        );
    }
    Some(Secret::new(url))
}

/// Address and port; without a port, 53.
pub(super) fn dns_server(read: &mut Settings<'_>) -> Option<SocketAddr> {
    let text = read.text("DNS_SERVER")?;
    let server = text.parse().ok().or_else(|| text.parse::<IpAddr>().ok().map(|ip| SocketAddr::new(ip, 53)));
    if server.is_none() {
        read.wrong(
            "DNS_SERVER",
            format!("\"{text}\" must be an IP address, with a port or without, such as 192.0.2.53 or 127.0.0.1:5353"),
        );
    }
    server
}

/// What a machine shows to be let in.
pub(super) fn machine_secret(read: &mut Settings<'_>, name: &str) -> Option<Secret> {
    let secret = read.text(name)?;
    if secret.len() < 32 {
        read.wrong(name, "must have at least 32 characters; make one with: openssl rand -hex 32");
    }
    Some(Secret::new(secret))
}

/// Labels of letters, digits and hyphens (RFC 1035 section 2.3.1), as RFC 6376 section 3.1 asks of selectors.
fn is_dns_name(text: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    text.len() <= 180 && text.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use crate::config::Config;

    #[test]
    fn a_mailbox_needs_return_paths_and_never_shows_its_password() {
        let folder = tempfile::tempdir().unwrap();
        let config = |settings: &[(&str, &str)]| {
            let lookup = |name: &str| match name {
                "DATA_DIR" => Some(folder.path().display().to_string()),
                _ => settings.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()),
            };
            Config::from_lookup(lookup).map(|config| format!("{config:?}")).map_err(|error| error.to_string())
        };
        let url = ("BOUNCE_IMAP_URL", "imaps://returned:pa55word@mail.example.org");
        let shown = config(&[url, ("MAIL_BOUNCE_DOMAIN", "bounces.example.org")]).unwrap();
        assert!(!shown.contains("pa55word") && !shown.contains("imaps://"), "{shown}");
        let error = config(&[url]).unwrap_err();
        assert!(error.contains("BOUNCE_IMAP_URL: needs MAIL_BOUNCE_DOMAIN") && !error.contains("pa55word"), "{error}");
    }

    #[test]
    fn a_dns_server_is_an_address() {
        let folder = tempfile::tempdir().unwrap();
        let server = |text: &str| {
            let lookup = |name: &str| match name {
                "DATA_DIR" => Some(folder.path().display().to_string()),
                "DNS_SERVER" => Some(text.to_owned()),
                _ => None,
            };
            Config::from_lookup(lookup)
                .map(|config| config.dns_server.map(|server| server.to_string()))
                .map_err(|error| error.to_string())
        };
        assert_eq!(server("").unwrap(), None);
        assert_eq!(server("127.0.0.1:5353").unwrap().as_deref(), Some("127.0.0.1:5353"));
        assert_eq!(server("2001:db8::53").unwrap().as_deref(), Some("[2001:db8::53]:53"));
        for bad in ["dns.example.org", "127.0.0.1:99999", "5353"] {
            assert!(server(bad).unwrap_err().contains("DNS_SERVER: "), "{bad}");
        }
    }

    #[test]
    fn a_key_and_its_name_come_together() {
        let folder = tempfile::tempdir().unwrap();
        let dkim = |settings: &[(&str, &str)]| {
            let lookup = |name: &str| match name {
                "DATA_DIR" => Some(folder.path().display().to_string()),
                _ => settings.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()),
            };
            Config::from_lookup(lookup).map(|config| config.dkim).map_err(|error| error.to_string())
        };
        assert!(dkim(&[]).unwrap().is_none());
        let both = dkim(&[("DKIM_KEY_FILE", "/k.pem"), ("DKIM_SELECTOR", "Nov2026.mail")]).unwrap().unwrap();
        assert_eq!((both.key_file.to_str(), both.selector.as_str()), (Some("/k.pem"), "nov2026.mail"));
        assert!(dkim(&[("DKIM_KEY_FILE", "/k.pem")]).unwrap_err().contains("DKIM_SELECTOR: must be set"));
        assert!(dkim(&[("DKIM_SELECTOR", "a")]).unwrap_err().contains("DKIM_KEY_FILE: must be set"));
        for bad in ["a b", "-a", "a..b", "a_b", "."] {
            let error = dkim(&[("DKIM_KEY_FILE", "/k.pem"), ("DKIM_SELECTOR", bad)]).unwrap_err();
            assert!(error.contains("can't stand in the DNS"), "{bad}: {error}");
        }
    }
}
