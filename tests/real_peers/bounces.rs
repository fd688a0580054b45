//! A real mail server takes a letter, finds no such mailbox, and sends it back; we read that from a real mailbox, and from a pipe.

use std::fmt::Write;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use standout::domain::{Clock, MessageState};

use super::authority::Authority;
use super::dovecot::{Dovecot, USER};
use super::letters::{ANA, LOWER, UPPER, service, signed_up};
use super::place::{LIMIT, Place};
use super::postfix::{Postfix, Set};
use super::support::app::{START, TestApp};
use super::support::journey::{Typed, link_in, text_of};
use super::support::service::{Folder, within};
use super::support::tables::{Tables, refuse_rows};

/// Where return paths lead: `recipient_delimiter` finds the mailbox behind each of them.
const RETURNED: (&str, &str) = ("bounces@bounces.campaign.example", USER);

/// The representative has a mailbox, the senator none.
const MAILBOXES: &[(&str, &str)] = &[LOWER, ANA, RETURNED];

fn connected(app: &TestApp) -> bool {
    app.get("/metrics").body.contains("standout_mailbox_connected{mailbox=\"returned\"} 1\n")
}

fn counted(app: &TestApp, outcome: &str) -> bool {
    app.get("/metrics").body.contains(&format!("standout_mailbox_mails_total{{outcome=\"{outcome}\"}}"))
}

#[test]
fn a_bounce_is_read_from_the_mailbox_as_it_comes_and_the_supporter_is_told() {
    let Some(place) = Place::new() else { return };
    let authority = Authority::new(&place, "ours");
    let postfix = Postfix::start(&place, &Set { mailboxes: MAILBOXES, ..Set::default() });
    let dovecot = Dovecot::start(&place, &authority.certificate());
    let app = service(&postfix, Clock::manual(START), &[("BOUNCE_IMAP_URL", &dovecot.plain_url())]);
    within(LIMIT, "the mailbox is open", || connected(&app));
    let link = signed_up(&app, &place);
    let private = app.post(&link, &[]).location.unwrap();
    // The mailbox is asked again after nine minutes only: within seconds means that dovecot told of it.
    within(LIMIT, "one letter came back", || app.letters(MessageState::Bounced) == 1);
    within(LIMIT, "the other is sent", || app.letters(MessageState::Sent) == 1);
    within(LIMIT, "the report is removed", || place.mails(USER).is_empty());
    let mut tables = Tables::open(app.store.path());
    let recorded: Vec<(String, String, String, String)> = tables.rows(
        "r.kind, r.status, r.words, o.email",
        "returns r JOIN messages m ON m.id = r.message_id JOIN officials o ON o.id = m.official_id",
    );
    assert_eq!(recorded.len(), 1);
    let (kind, status, said, official) = &recorded[0];
    assert_eq!((kind.as_str(), status.as_str(), official.as_str()), ("failed", "5.1.1", UPPER.0));
    assert!(said.contains("unknown user"), "{said}");
    assert_eq!(tables.count("returns WHERE cause = 'no_mailbox'"), 1);
    assert_eq!(tables.count("dead_mailboxes"), 0, "one letter's report is no evidence enough");
    let page = app.get(&private).text();
    assert!(page.contains("the office's mail system returned it"), "{page}");
    app.advance(Duration::from_mins(11));
    let told = place.wait_for(ANA.1, 3);
    let subjects: Vec<String> = told.iter().map(|mail| mail.header("Subject").unwrap()).collect();
    let told = told.iter().find(|mail| mail.header("Subject").unwrap().starts_with("One of your letters did not arrive"));
    assert!(text_of(told.unwrap_or_else(|| panic!("{subjects:?}"))).contains("Harborlight"), "{subjects:?}");
    assert!(place.mails("ines").len() == 1 && place.mails(USER).is_empty());
}

#[test]
fn a_mailbox_that_was_away_is_read_again_and_loses_a_mail_only_once_it_is_recorded() {
    let Some(place) = Place::new() else { return };
    let authority = Authority::new(&place, "ours");
    let postfix = Postfix::start(&place, &Set { mailboxes: MAILBOXES, ..Set::default() });
    let mut dovecot = Dovecot::start(&place, &authority.certificate());
    let app = service(&postfix, Clock::manual(START), &[("BOUNCE_IMAP_URL", &dovecot.plain_url())]);
    within(LIMIT, "the mailbox is open", || connected(&app));
    dovecot.end();
    within(LIMIT, "the connection is lost", || !connected(&app));
    let link = signed_up(&app, &place);
    assert_eq!(app.post(&link, &[]).status, 303);
    place.wait_for(USER, 1);
    refuse_rows(app.store.path(), "returns");
    dovecot.begin(&place);
    within(LIMIT, "it could not be recorded", || counted(&app, "later"));
    assert_eq!((place.mails(USER).len(), app.letters(MessageState::Bounced)), (1, 0));
    Tables::allow_rows(app.store.path());
    within(LIMIT, "it is recorded", || app.letters(MessageState::Bounced) == 1);
    within(LIMIT, "it is removed", || place.mails(USER).is_empty());
    // Somebody writes to a return path that nobody signed: counted, and moved to where a person can look at it.
    let forged = "Return-Path: <>\nDelivered-To: bounces+1.00000000000000000000@bounces.campaign.example\nSubject: no\n\nno\n";
    let file = place.mail().join(USER).join("new/1.forged");
    fs::write(&file, forged).unwrap();
    std::os::unix::fs::chown(&file, Some(super::place::MAIL_USER), Some(super::place::MAIL_USER)).unwrap();
    within(LIMIT, "it is moved", || place.mails(&format!("{USER}/.Unmatched")).len() == 1 && place.mails(USER).is_empty());
    assert!(counted(&app, "unmatched"));
}

#[test]
fn a_bounce_is_recorded_through_the_mail_servers_pipe() {
    let Some(place) = Place::new() else { return };
    let pipe = place.path().join("pipe.sh").display().to_string();
    let postfix =
        Postfix::start(&place, &Set { mailboxes: MAILBOXES, pipe: Some(("bounces.campaign.example", &pipe)), ..Set::default() });
    let url = postfix.url();
    let settings = [
        ("SMTP_URL", url.as_str()),
        ("MAIL_BOUNCE_DOMAIN", "bounces.campaign.example"),
        ("SECRET_KEY", "a key of the test's own, thirty-two characters"),
    ];
    let folder = Folder::new(None, &settings);
    let service = folder.serve();
    let (program, home) = (place.path().join("standout"), folder.dir.path());
    fs::copy(env!("CARGO_BIN_EXE_standout"), &program).unwrap();
    // postfix lets no program run as root: what this one needs is opened to it.
    for path in [home.to_path_buf(), home.join("data")] {
        fs::set_permissions(path, fs::Permissions::from_mode(0o777)).unwrap();
    }
    for entry in fs::read_dir(home.join("data")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            fs::set_permissions(path, fs::Permissions::from_mode(0o666)).unwrap();
        }
    }
    write_pipe(&pipe, &folder, &program);
    assert_eq!(service.submit("signups", &Typed::new(ANA.0)).status, 303);
    let link = link_in(&place.wait_for(ANA.1, 1)[0], "/confirm/");
    assert_eq!(service.post(&link, &[]).status, 303);
    within(LIMIT, &format!("one letter came back:\n{}", place.logs()), || {
        folder.tables().count("messages WHERE kind = 'letter' AND state = 'bounced'") == 1
    });
    let mut tables = folder.tables();
    assert_eq!(tables.count("returns WHERE kind = 'failed' AND status = '5.1.1'"), 1);
    within(LIMIT, "the other is sent", || tables.count("messages WHERE kind = 'letter' AND state = 'sent'") == 1);
}

/// A script that runs `standout bounce` with the service's own settings.
fn write_pipe(path: &str, folder: &Folder, program: &Path) {
    let mut script = format!("#!/bin/sh\ncd '{}' || exit 75\n", folder.dir.path().display());
    for (name, value) in folder.command(&[]).get_envs() {
        let value = value.unwrap().to_str().unwrap().replace('\'', "'\\''");
        let _ = writeln!(script, "export {}='{value}'", name.to_str().unwrap());
    }
    let _ = writeln!(script, "exec '{}' bounce", program.display());
    fs::write(path, script).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}
