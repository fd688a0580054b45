//! Letters through a real mail server into real mailboxes.

use std::io::Write;
use std::process::{Command, Stdio};
use std::time::Duration;

use standout::domain::{Clock, MessageState};

use super::place::{LIMIT, Place};
use super::policy::greylist;
use super::postfix::{Postfix, Set};
use super::support::app::{START, TestApp};
use super::support::journey::{Typed, link_in, text_of};
use super::support::service::within;
use super::support::smtp_server::{Script, SmtpServer, StoredMessage};
use super::support::tables::Tables;

/// Saltwick's senator and representative, and the supporter.
pub const UPPER: (&str, &str) = ("wren.harborlight@example.org", "wren");
pub const LOWER: (&str, &str) = ("ines.quillfeather@example.org", "ines");
pub const ANA: (&str, &str) = ("ana@example.org", "ana");

/// The service in this process, with this mail server.
pub fn service(postfix: &Postfix, clock: Clock, settings: &[(&str, &str)]) -> TestApp {
    let url = postfix.url();
    let mut all = vec![("SMTP_URL", url.as_str()), ("MAIL_BOUNCE_DOMAIN", "bounces.campaign.example")];
    all.extend(settings);
    TestApp::over(SmtpServer::start(Script::default()), tempfile::tempdir().unwrap(), clock, &all)
}

/// Signs up, and takes the link from the mail in the supporter's mailbox.
pub fn signed_up(app: &TestApp, place: &Place) -> String {
    let page = app.sign_up(&Typed::new(ANA.0).with("story", "I want her to feel safe here.\r\n.\r\n  Émile, too."));
    assert_eq!(page.status, 303, "{}", page.text());
    link_in(&place.wait_for(ANA.1, 1)[0], "/confirm/")
}

/// Words apart by one blank.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_letter_lies_in_the_offices_mailbox_as_it_was_confirmed() {
    let Some(place) = Place::new() else { return };
    let postfix = Postfix::start(&place, &Set { mailboxes: &[UPPER, LOWER, ANA], ..Set::default() });
    let key = place.path().join("dkim.pem");
    let made = Command::new("openssl").args(["genrsa", "-out"]).arg(&key).arg("2048").output().unwrap();
    assert!(made.status.success());
    let key = key.display().to_string();
    let app = service(&postfix, Clock::System, &[("DKIM_KEY_FILE", &key), ("DKIM_SELECTOR", "nov")]);
    let link = signed_up(&app, &place);
    let confirmed = words(&app.get(&link).text());
    assert_eq!(app.post(&link, &[]).status, 303);
    let mut tables = Tables::open(app.store.path());
    for (mailbox, title) in [(UPPER, "Senator"), (LOWER, "Representative")] {
        let letter = place.wait_for(mailbox.1, 1).remove(0);
        let header = |name: &str| letter.header(name).unwrap();
        assert_eq!(letter.to, [mailbox.0]);
        assert!(letter.from.starts_with("bounces+") && letter.from.ends_with("@bounces.campaign.example"), "{}", letter.from);
        assert!(header("From").contains("Ana Example") && header("From").contains("<letters@campaign.example>"));
        assert!(header("Reply-To").contains(ANA.0) && header("To").contains(mailbox.0));
        let kept: Vec<(String, String, String)> = tables.rows(
            "m.message_id, t.subject, t.body_text",
            &format!(
                "messages m JOIN message_texts t ON t.message_id = m.id JOIN officials o ON o.id = m.official_id WHERE o.email = '{}'",
                mailbox.0
            ),
        );
        let text = text_of(&letter);
        assert_eq!((header("Message-ID"), header("Subject")), (kept[0].0.clone(), kept[0].1.clone()));
        assert_eq!(text.trim_end(), kept[0].2.replace("\r\n", "\n").trim_end());
        assert!(text.contains(title) && text.contains("\n.\n  Émile, too.") && text.contains("12 Harbor Street"), "{text}");
        assert!(confirmed.contains(&words(&text)) && confirmed.contains(&words(&header("Subject"))), "{text}\nin\n{confirmed}");
        verify(&letter, &key);
    }
    within(LIMIT, "both are on record", || app.letters(MessageState::Sent) == 2);
}

/// Checks the DKIM signature with dkimpy, which others wrote.
fn verify(mail: &StoredMessage, key: &str) {
    const PYTHON: &str = "/usr/bin/python3";
    const PROGRAM: &str = "import dkim, sys\nmail = sys.stdin.buffer.read()\nrecord = sys.argv[1].encode()\n\
                           names = []\ndef txt(name, timeout=5):\n    names.append(name)\n    return record\n\
                           print(dkim.verify(mail, dnsfunc=txt), dkim.verify(mail.replace(b'Harbor', b'Market'), dnsfunc=txt), names[0].decode())";
    if !Command::new(PYTHON).args(["-c", "import dkim"]).output().is_ok_and(|ran| ran.status.success()) {
        println!("skipped: the signature, since dkimpy (Debian: python3-dkim) is not installed");
        return;
    }
    let public = Command::new("openssl").args(["rsa", "-pubout", "-in", key]).output().unwrap();
    let public: String =
        String::from_utf8(public.stdout).unwrap().lines().filter(|line| !line.starts_with('-')).map(str::to_owned).collect();
    let mut child = Command::new(PYTHON)
        .args(["-c", PROGRAM, &format!("v=DKIM1; k=rsa; p={public}")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(&mail.data).unwrap();
    let ran = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&ran.stdout).into_owned();
    assert_eq!(said.trim(), "True False nov._domainkey.campaign.example.", "{}", String::from_utf8_lossy(&ran.stderr));
}

#[test]
fn a_letter_that_is_greylisted_is_tried_again_and_arrives_once() {
    let Some(place) = Place::new() else { return };
    let policy = greylist(&[UPPER.0, LOWER.0]);
    let postfix = Postfix::start(&place, &Set { mailboxes: &[UPPER, LOWER, ANA], policy: Some(policy), ..Set::default() });
    let app = service(&postfix, Clock::manual(START), &[]);
    let link = signed_up(&app, &place);
    assert_eq!(app.post(&link, &[]).status, 303);
    let waits = "messages WHERE kind = 'letter' AND state = 'queued' AND due_at BETWEEN";
    let (from, to) = (START.plus(Duration::from_mins(1)).millis(), START.plus(Duration::from_secs(72)).millis());
    within(LIMIT, "both wait as long as they were asked to", || {
        Tables::open(app.store.path()).count(&format!("{waits} {from} AND {to}")) == 2
    });
    assert_eq!(place.mails(UPPER.1).len() + place.mails(LOWER.1).len(), 0);
    app.advance(Duration::from_secs(73));
    within(LIMIT, "both are sent", || app.letters(MessageState::Sent) == 2);
    for mailbox in [UPPER, LOWER] {
        let letter = place.wait_for(mailbox.1, 1);
        assert_eq!(letter.len(), 1);
        let tries: Vec<(String, String, i64, Option<String>, String, String)> = Tables::open(app.store.path()).rows(
            "a.outcome, a.step, a.code, a.enhanced, a.reply, m.message_id",
            &format!(
                "attempts a JOIN messages m ON m.id = a.message_id JOIN officials o ON o.id = m.official_id \
                 WHERE o.email = '{}' ORDER BY a.id",
                mailbox.0
            ),
        );
        let [first, second] = tries.as_slice() else { panic!("{tries:?}") };
        assert_eq!((first.0.as_str(), first.2, first.3.as_deref()), ("retry", 450, Some("4.2.0")), "{first:?}");
        assert!(first.4.contains("Greylisted, try again in 60 seconds"), "{first:?}");
        assert_eq!((second.0.as_str(), second.2), ("sent", 250), "{second:?}");
        assert_eq!(letter[0].header("Message-ID").unwrap(), second.5);
    }
}
