//! From text to [`Config`], noting every mistake.

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use url::Url;

use super::read_mail::{bounce_domain, bounce_imap_url, dkim, dns_server, machine_secret, mail_from, retries};
use super::settings::{ConfigErrors, Settings};
use super::{Config, Geocoder, Limits, Secret, private};
use crate::domain::{Token, may_be_asked};

pub(super) fn config(lookup: &dyn Fn(&str) -> Option<String>) -> Result<Config, ConfigErrors> {
    let mut read = Settings { lookup, errors: Vec::new() };

    let bind_addr = read.text_or("BIND_ADDR", "127.0.0.1:8080");
    if !bind_addr.rsplit_once(':').is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok()) {
        read.wrong("BIND_ADDR", format!("\"{bind_addr}\" is no address and port, such as 127.0.0.1:8080"));
    }
    let public_url = public_url(&mut read, &bind_addr);
    let development = public_url.as_ref().is_none_or(|url| url.scheme() != "https");
    let data_dir = PathBuf::from(read.text_or("DATA_DIR", "var"));
    let database = database(&mut read, &data_dir);
    let smtp_url = read.text("SMTP_URL").map(Secret::new);
    if smtp_url.is_none() && !development {
        read.wrong("SMTP_URL", "must be set when PUBLIC_URL is https, such as smtps://user:password@mail.example.org; without it no mail leaves this machine");
    }
    let secret_key = secret_key(&mut read, &data_dir, development);
    let mail_from = mail_from(&mut read, development);
    let bounce_domain = bounce_domain(&mut read);
    let bounce_imap_url = bounce_imap_url(&mut read, bounce_domain.is_some());
    let bounce_secret = machine_secret(&mut read, "BOUNCE_SECRET");
    let metrics_token = machine_secret(&mut read, "METRICS_TOKEN");
    let dkim = dkim(&mut read);
    let dns_server = dns_server(&mut read);
    let smtp_connections = read.number_within("SMTP_CONNECTIONS", 4_usize, 1..=256);
    let limits = Limits {
        mail_per_second: read.number("MAIL_PER_SECOND", 20),
        mail_per_office_per_minute: read.number("MAIL_PER_OFFICE_PER_MINUTE", 20),
        mail_per_office_per_hour: read.number("MAIL_PER_OFFICE_PER_HOUR", 300),
        mail_per_domain_per_hour: read.number("MAIL_PER_DOMAIN_PER_HOUR", 3600),
        mail_warm_up: read.number("MAIL_WARM_UP", 0),
        signups_per_ip_per_hour: read.number("SIGNUPS_PER_IP_PER_HOUR", 30),
        logins_per_ip_per_hour: read.number("LOGINS_PER_IP_PER_HOUR", 20),
        api_per_ip_per_hour: read.number("API_PER_IP_PER_HOUR", 3600),
    };
    let retries = retries(&mut read);
    let lease = Duration::from_secs(read.number_within("MAIL_LEASE_SECONDS", 10, 1..=3600));
    let form_min = Duration::from_secs(read.number_within("FORM_MIN_SECONDS", 2, 0..=3600));
    let trusted_proxies = trusted_proxies(&mut read);
    let geocoder = geocoder(&mut read);
    let log_format = read.text_or("LOG_FORMAT", "text");
    if !matches!(log_format.as_str(), "text" | "json") {
        read.wrong("LOG_FORMAT", "must be text or json");
    }
    let templates_dir = read.text("TEMPLATES_DIR").map_or_else(|| data_dir.join("email_templates"), PathBuf::from);
    let log_filter = read.text_or("RUST_LOG", "info");

    match (public_url, mail_from) {
        (Some(public_url), Some(mail_from)) if read.errors.is_empty() => Ok(Config {
            bind_addr,
            public_url,
            secret_key,
            data_dir,
            database,
            templates_dir,
            smtp_url,
            smtp_connections,
            mail_from,
            bounce_domain,
            bounce_secret,
            bounce_imap_url,
            metrics_token,
            dkim,
            dns_server,
            limits,
            retries,
            lease,
            form_min,
            trusted_proxies,
            geocoder,
            log_filter,
            log_json: log_format == "json",
            #[cfg(debug_assertions)]
            planted_panic: lookup("PLANT_PANIC"),
        }),
        _ => Err(ConfigErrors(read.errors)),
    }
}

fn public_url(read: &mut Settings<'_>, bind_addr: &str) -> Option<Url> {
    let text = read.text("PUBLIC_URL").unwrap_or_else(|| {
        let port = bind_addr.rsplit_once(':').map_or("8080", |(_, port)| port);
        format!("http://localhost:{port}")
    });
    match Url::parse(&text) {
        Ok(url)
            if matches!(url.scheme(), "http" | "https")
                && url.has_host()
                && url.username().is_empty()
                && url.password().is_none()
                && url.path() == "/"
                && url.query().is_none()
                && url.fragment().is_none() =>
        {
            Some(url)
        }
        _ => {
            read.wrong(
                "PUBLIC_URL",
                format!("\"{text}\" is no web address without a path or a login, such as https://letters.example.org"),
            );
            None
        }
    }
}

fn database(read: &mut Settings<'_>, data_dir: &Path) -> PathBuf {
    let Some(text) = read.text("DATABASE_URL") else { return data_dir.join("standout.sqlite3") };
    let path = text.strip_prefix("sqlite://").or_else(|| text.strip_prefix("sqlite:")).unwrap_or(&text);
    if path.contains("://") {
        read.wrong("DATABASE_URL", "must be a SQLite file, such as sqlite:///var/lib/standout/standout.sqlite3 or a plain path");
    }
    PathBuf::from(path)
}

/// The key from the setting; during development one that is made once and kept in the data folder.
fn secret_key(read: &mut Settings<'_>, data_dir: &Path, development: bool) -> Secret {
    if let Some(key) = read.text("SECRET_KEY") {
        if key.len() < 32 {
            read.wrong("SECRET_KEY", "must have at least 32 characters; make one with: openssl rand -hex 32");
        }
        return Secret::new(key);
    }
    if !development {
        read.wrong("SECRET_KEY", "must be set when PUBLIC_URL is https; make one with: openssl rand -hex 32");
        return Secret::new(String::new());
    }
    match kept_key(&data_dir.join("secret_key")) {
        Ok(key) => Secret::new(key),
        Err(cause) => {
            read.wrong("DATA_DIR", format!("the key of this installation can't be kept in {}: {cause}", data_dir.display()));
            Secret::new(String::new())
        }
    }
}

fn kept_key(path: &Path) -> std::io::Result<String> {
    if let Ok(key) = std::fs::read_to_string(path)
        && key.trim().len() >= 32
    {
        return Ok(key.trim().to_owned());
    }
    if let Some(folder) = path.parent() {
        private::folder(folder)?;
    }
    let key = Token::random().text();
    private::write(path, &key)?;
    Ok(key)
}

fn geocoder(read: &mut Settings<'_>) -> Geocoder {
    let (word, url) =
        (read.text_or("GEOCODER", "offline"), read.text_or("CENSUS_URL", "https://geocoding.geo.census.gov/geocoder"));
    let url = Url::parse(&url).ok().filter(|url| may_be_asked(url) && url.query().is_none() && url.fragment().is_none());
    if url.is_none() {
        read.wrong(
            "CENSUS_URL",
            "must be an https address without a log-in, such as https://geocoding.geo.census.gov/geocoder (http only to this machine)",
        );
    }
    match (word.as_str(), url) {
        ("census", Some(url)) => return Geocoder::Census(url),
        ("census" | "offline", _) => {}
        _ => read.wrong("GEOCODER", format!("\"{word}\" must be offline or census")),
    }
    Geocoder::Offline
}

fn trusted_proxies(read: &mut Settings<'_>) -> Vec<IpAddr> {
    let text = read.text("TRUSTED_PROXIES").unwrap_or_default();
    let mut proxies = Vec::new();
    for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        match part.parse::<IpAddr>() {
            Ok(ip) => proxies.push(ip.to_canonical()),
            Err(_) => read.wrong(
                "TRUSTED_PROXIES",
                format!("\"{part}\" is no IP address; list the proxies' addresses separated by commas"),
            ),
        }
    }
    proxies
}
