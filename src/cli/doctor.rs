//! `standout doctor`: whether settings, templates, database and mail are in order, and what to do where they are not.

use std::net::IpAddr;
use std::path::Path;
use std::process::ExitCode;

use clap::Args;
use serde::Serialize;

use super::doctor_online::{self, Known};
use crate::app;
use crate::config::{Config, Dkim};
use crate::doctor::{Finding, PublicKey, Status, judge_database, judge_disk, judge_proxy};
use crate::domain::Clock;
use crate::mail::{DkimSigner, MailboxSettings, SmtpSettings};
use crate::render::{Campaign, Notices, TemplateFiles};
use crate::store::{Store, StoreError, campaigns, health, settings as stored_settings};

#[derive(Args)]
pub(super) struct DoctorArguments {
    /// Also ask the mail server and the DNS; no mail is sent
    #[arg(long)]
    online: bool,
    /// The address that offices see mail come from, where that is not the mail server in `SMTP_URL`
    #[arg(long, value_name = "IP", requires = "online")]
    sends_from: Option<IpAddr>,
    /// As JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Report<'a> {
    well: bool,
    checks: &'a [Finding],
}

/// Prints every finding; 1 when one failed.
pub(super) fn run(arguments: &DoctorArguments) -> ExitCode {
    let findings = findings(arguments);
    let well = findings.iter().all(|finding| finding.status != Status::Failed);
    if arguments.json {
        match serde_json::to_string_pretty(&Report { well, checks: &findings }) {
            Ok(json) => println!("{json}"),
            Err(error) => eprintln!("standout: the findings can't be written as JSON: {error}"),
        }
    } else {
        findings.iter().for_each(print);
    }
    if well { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn print(finding: &Finding) {
    let status = match finding.status {
        Status::Ok => "ok",
        Status::Warning => "warning",
        Status::Failed => "failed",
    };
    println!("{status:<8} {}: {}", finding.check, finding.said);
    for line in finding.next.iter().chain(&finding.dns).flat_map(|text| text.lines()) {
        println!("         {line}");
    }
}

fn findings(arguments: &DoctorArguments) -> Vec<Finding> {
    let config = match Config::from_env() {
        Ok(config) => config,
        Err(errors) => return vec![Finding::failed("settings", errors.to_string().trim_end(), "Mend them and run this again.")],
    };
    let mut known = Known::default();
    let mut findings = vec![settings(&config)];
    findings.extend(templates(&config));
    findings.extend(database(&config));
    findings.push(private_files(&config));
    findings.push(smtp(&config, &mut known));
    findings.push(dkim(&config, &mut known));
    findings.push(return_paths(&config));
    findings.extend(mailbox(&config, &mut known));
    if arguments.online {
        findings.extend(app::block_on(doctor_online::findings(&config, &known, arguments.sends_from)));
    }
    findings
}

fn settings(config: &Config) -> Finding {
    if config.is_development() {
        let next = "For real use set PUBLIC_URL to the https address that people open.";
        return Finding::warning("settings", format!("they can be read, for a laptop: PUBLIC_URL is {}", config.link("/")), next);
    }
    Finding::ok("settings", format!("they can be read; PUBLIC_URL is {}", config.link("/")))
}

/// Everything that is rendered once when the service starts.
fn templates(config: &Config) -> Vec<Finding> {
    let files = TemplateFiles::new(Some(&config.templates_dir));
    let wrong = Notices::load(&files).err().unwrap_or_default();
    if wrong.is_empty() {
        return vec![Finding::ok("templates", "every notice renders")];
    }
    let wrong: Vec<_> = wrong.iter().map(ToString::to_string).collect();
    vec![Finding::failed(
        "templates",
        wrong.join("\n"),
        "Mend the file, or remove it from TEMPLATES_DIR to use the built-in one.",
    )]
}

fn database(config: &Config) -> Vec<Finding> {
    let path = &config.database;
    let shown = path.display().to_string();
    let health = path.exists().then(|| health::examine(path).map_err(|error| error.to_string()));
    let finding = judge_database(&shown, health.as_ref());
    let current = finding.status == Status::Ok;
    // The folder may still have to be made; what counts is the disk that it will lie on.
    let folder = path.ancestors().skip(1).find(|folder| folder.exists()).unwrap_or_else(|| Path::new("."));
    let mut findings = vec![finding, judge_disk(&folder.display().to_string(), health::free_bytes(folder))];
    if current {
        // Opening an older one would bring it to this version's shape, which is for the service to do.
        let store = Store::open(&config.database);
        findings.push(stored_campaigns(config, store.as_ref()));
        findings.extend(store.ok().and_then(|store| proxy(&store)));
    }
    findings
}

/// Whether others on this machine can look into what is kept. The service closes its own files at each start.
fn private_files(config: &Config) -> Finding {
    let open = config.open_to_others();
    let shown: Vec<String> = open.iter().map(|path| path.display().to_string()).collect();
    match shown.first() {
        None => Finding::ok("files", "database, keys and mail are for this user alone"),
        Some(_) => Finding::failed(
            "files",
            format!("others on this machine may read {}", shown.join(", ")),
            format!("chmod go= {}", shown.join(" ")),
        ),
    }
}

/// Whether the running service sees requests that it was not told of; `None` where that can't be read.
fn proxy(store: &Store) -> Option<Finding> {
    let seen = store.read_blocking(stored_settings::unknown_proxy).ok()?;
    Some(judge_proxy(seen.map(|at| Clock::System.now().since(at))))
}

fn stored_campaigns(config: &Config, store: Result<&Store, &StoreError>) -> Finding {
    let check = "campaigns";
    let templates = TemplateFiles::new(Some(&config.templates_dir));
    let read = store.map_err(ToString::to_string);
    let stored = match read.and_then(|store| store.read_blocking(campaigns::all).map_err(|error| error.to_string())) {
        Ok(stored) => stored,
        Err(error) => return Finding::failed(check, error, "See the finding about the database."),
    };
    let wrong: Vec<_> = stored
        .iter()
        .filter_map(|campaign| Campaign::compile(&campaign.files, &templates).err())
        .flatten()
        .map(|error| error.to_string())
        .collect();
    if wrong.is_empty() {
        return Finding::ok(check, format!("the letters of {} render", stored.len()));
    }
    Finding::failed(check, wrong.join("\n"), "Mend the campaign's folder and import it: standout campaigns import DIR")
}

fn smtp(config: &Config, known: &mut Known) -> Finding {
    let check = "SMTP_URL";
    let Some(url) = &config.smtp_url else {
        let next = "For real mail set SMTP_URL to your mail server; .env.example shows its forms.";
        return Finding::warning(check, "not set: mail is written to files and leaves this machine for nobody", next);
    };
    match SmtpSettings::parse(url.expose()) {
        Ok(settings) => {
            let finding = Finding::ok(check, format!("mail goes to {settings}"));
            known.smtp = Some(settings);
            finding
        }
        Err(error) => Finding::failed(check, error.to_string(), "Mend it in .env."),
    }
}

fn dkim(config: &Config, known: &mut Known) -> Finding {
    let check = "DKIM key";
    let make = "Make one and set both: openssl genrsa -out dkim.pem 2048; DKIM_KEY_FILE=dkim.pem, DKIM_SELECTOR=standout";
    let Some(Dkim { key_file, selector }) = &config.dkim else {
        return Finding::warning(check, "mail is not signed: many mail systems refuse or distrust it", make);
    };
    let shown = key_file.display();
    let pem = match std::fs::read(key_file) {
        Ok(pem) => pem,
        Err(error) => {
            let next = "Set DKIM_KEY_FILE to the key, and let the service's user (and nobody else) read it.";
            return Finding::failed(check, format!("{shown} can't be read: {error}"), next);
        }
    };
    let signer = match DkimSigner::from_pem(&pem, selector, config.mail_from.domain()) {
        Ok(signer) => signer,
        Err(error) => return Finding::failed(check, format!("{shown}: {error}"), make),
    };
    known.key = Some(PublicKey { record_name: signer.record_name(), key: signer.public_key() });
    if others_may_read(key_file) {
        let said = format!("{shown} can sign, and other users of this machine can read it");
        return Finding::warning(check, said, format!("Take their right away: chmod 600 {shown}"));
    }
    Finding::ok(check, format!("{shown} can sign for {}", config.mail_from.domain()))
}

fn others_may_read(file: &Path) -> bool {
    #[cfg(unix)]
    return std::fs::metadata(file).is_ok_and(|data| std::os::unix::fs::PermissionsExt::mode(&data.permissions()) & 0o004 != 0);
    #[cfg(not(unix))]
    return false;
}

fn return_paths(config: &Config) -> Finding {
    let check = "return paths";
    match &config.bounce_domain {
        Some(domain) => Finding::ok(check, format!("each message has one of its own at {domain}")),
        None => Finding::warning(
            check,
            "reports of letters that could not be delivered go to MAIL_FROM, and are not counted",
            "Set MAIL_BOUNCE_DOMAIN to a domain whose mail comes back to this service; .env.example says how.",
        ),
    }
}

/// The mailbox of returned mail, where there is one.
fn mailbox(config: &Config, known: &mut Known) -> Option<Finding> {
    let check = "BOUNCE_IMAP_URL";
    Some(match MailboxSettings::parse(config.bounce_imap_url.as_ref()?.expose()) {
        Ok(settings) => {
            known.mailbox = Some(settings);
            Finding::ok(check, "returned mail is read from a mailbox")
        }
        Err(error) => Finding::failed(check, error.to_string(), "Mend it in .env."),
    })
}
