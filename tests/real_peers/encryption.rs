//! A private certificate authority: trusted where the operator says so (`SSL_CERT_FILE`), and nobody else's word for it.

use std::time::Duration;

use super::authority::Authority;
use super::dovecot::{Dovecot, USER};
use super::letters::{ANA, LOWER, UPPER};
use super::place::{LIMIT, Place};
use super::postfix::{Postfix, Set};
use super::support::journey::{Typed, link_in};
use super::support::service::{Folder, Service, within};

/// The service as a program of its own, trusting `authority` only; the folder stays.
fn serve(folder: &Folder, authority: &Authority<'_>) -> Service {
    let mut command = folder.command(&["serve"]);
    command.env("SSL_CERT_FILE", authority.root());
    folder.serve_by(command)
}

fn stop(service: Service) {
    service.ask_to_stop();
    assert!(service.ended_within(Duration::from_secs(15)).success());
}

#[test]
fn letters_wait_for_a_certificate_that_can_be_trusted() {
    let Some(place) = Place::new() else { return };
    let (ours, other) = (Authority::new(&place, "ours"), Authority::new(&place, "other"));
    let certificate = ours.certificate();
    let postfix =
        Postfix::start(&place, &Set { mailboxes: &[UPPER, LOWER, ANA], certificate: Some(&certificate), ..Set::default() });
    let url = postfix.encrypted_url();
    let folder = Folder::new(None, &[("SMTP_URL", &url), ("MAIL_RETRY_SECONDS", "1")]);
    let service = serve(&folder, &ours);
    assert_eq!(service.submit("signups", &Typed::new(ANA.0)).status, 303);
    let confirmation = place.wait_for(ANA.1, 1).remove(0);
    assert!(confirmation.header("Received").unwrap().contains("ESMTPS"), "it came encrypted");
    stop(service);

    let service = serve(&folder, &other);
    assert_eq!(service.post(&link_in(&confirmation, "/confirm/"), &[]).status, 303);
    let refused = "attempts WHERE step = 'tls' AND outcome != 'in_hand' AND reply LIKE '%certificate%'";
    within(LIMIT, "the certificate was refused, and again", || folder.tables().count(refused) >= 2);
    assert_eq!(place.mails(UPPER.1).len() + place.mails(LOWER.1).len(), 0);
    stop(service);
    assert_eq!(folder.tables().count("messages WHERE kind = 'letter' AND state = 'queued'"), 2, "they wait");

    let service = serve(&folder, &ours);
    for mailbox in [UPPER.1, LOWER.1] {
        let letters = place.wait_for(mailbox, 1);
        assert!(letters.len() == 1 && letters[0].header("Received").unwrap().contains("ESMTPS"));
    }
    within(LIMIT, "both are sent", || folder.tables().count("messages WHERE kind = 'letter' AND state = 'sent'") == 2);
    stop(service);
}

#[test]
fn returned_mail_is_read_through_tls_by_who_trusts_the_server() {
    let Some(place) = Place::new() else { return };
    let (ours, other) = (Authority::new(&place, "ours"), Authority::new(&place, "other"));
    let dovecot = Dovecot::start(&place, &ours.certificate());
    for (number, url) in [dovecot.tls_url(), dovecot.starttls_url()].iter().enumerate() {
        let folder = Folder::new(None, &[("MAIL_BOUNCE_DOMAIN", "bounces.campaign.example"), ("BOUNCE_IMAP_URL", url)]);
        deliver(&place, number);
        let service = serve(&folder, &other);
        let log = || std::fs::read_to_string(folder.dir.path().join("service.log")).unwrap_or_default();
        within(LIMIT, "the certificate was refused", || log().contains("no encrypted connection to the mail server"));
        stop(service);
        assert_eq!(place.mails(USER).len(), 1, "it was not read");
        assert!(!log().contains("secret"), "{}", log());
        let service = serve(&folder, &ours);
        within(LIMIT, "it is read", || place.mails(USER).is_empty());
        assert!(service.get("/metrics").body.contains("standout_mailbox_connected{mailbox=\"returned\"} 1\n"));
        stop(service);
        assert_eq!(place.mails(&format!("{USER}/.Unmatched")).len(), number + 1);
    }
}

/// A mail that is no report.
fn deliver(place: &Place, number: usize) {
    let folder = place.mail().join(USER).join("new");
    std::fs::create_dir_all(&folder).unwrap();
    let user = Some(super::place::MAIL_USER);
    std::fs::write(folder.join(format!("{number}.test")), "Return-Path: <>\nDelivered-To: x@bounces.campaign.example\n\nhi\n")
        .unwrap();
    for path in [folder.parent().unwrap().to_path_buf(), folder.clone(), folder.join(format!("{number}.test"))] {
        std::os::unix::fs::chown(path, user, user).unwrap();
    }
}
