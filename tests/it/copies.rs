//! `standout backup` and `standout restore`: a copy while the service runs, and nothing sent twice by putting it back.

use std::fs;
use std::path::Path;
use std::time::Duration;

use crate::support::journey::Typed;
use crate::support::service::{Folder, message_ids, within};
use crate::support::smtp_script::Script;
use crate::support::smtp_server::SmtpServer;
use crate::support::tables::Tables;

/// A service with one confirmed supporter whose letters wait, a copy of that moment, and then the letters sent.
fn copied(folder: &Folder, smtp: &SmtpServer) {
    let service = folder.serve();
    let links = service.sign_up(smtp, 0..1);
    let pause = "INSERT INTO staff_pauses (scope, key, since, who, reason) VALUES ('all', 0, 0, 'ana@example.org', 'a test')";
    Tables::change(&folder.database(), pause);
    service.confirm(&links);
    folder.done(&["backup", "early.sqlite3"]);
    let refused = folder.run(&["restore", "early.sqlite3"]);
    assert!(refused.code == Some(1) && refused.err.contains("stop it first"), "{}", refused.err);
    folder.done(&["backup", "copy.sqlite3"]);
    Tables::change(&folder.database(), "DELETE FROM staff_pauses");
    smtp.wait_for(2, Duration::from_mins(1));
    service.ask_to_stop();
    assert!(service.ended_within(Duration::from_mins(1)).success());
}

#[test]
fn a_restored_copy_sends_nothing_until_staff_resume_it_and_then_with_the_same_message_ids() {
    let smtp = SmtpServer::start(Script::default());
    let folder = Folder::new(Some(&smtp), &[]);
    copied(&folder, &smtp);
    let said = folder.done(&["restore", "copy.sqlite3"]);
    assert!(said.contains("may have gone since") && said.contains("same Message-ID") && said.contains(".before-"), "{said}");
    let pauses = folder.tables().count("staff_pauses WHERE scope = 'all' AND reason LIKE 'A copy of %'");
    assert_eq!(pauses, 1);
    let service = folder.serve();
    service.submit("signups", &Typed::new("later@example.org"));
    std::thread::sleep(Duration::from_secs(2));
    let before = message_ids(&smtp.messages());
    assert_eq!(before.len(), 3, "nothing goes while all is paused");
    Tables::change(&folder.database(), "DELETE FROM staff_pauses");
    smtp.wait_for(3, Duration::from_mins(1));
    let after = message_ids(&smtp.messages());
    assert!(
        before.iter().filter(|id| after.iter().filter(|sent| sent == id).count() == 2).count() == 2,
        "the two letters: {after:?}"
    );
}

#[test]
fn a_restored_copy_holds_what_may_have_gone() {
    let smtp = SmtpServer::start(Script::default());
    let folder = Folder::new(Some(&smtp), &[]);
    copied(&folder, &smtp);
    let said = folder.done(&["restore", "--hold", "copy.sqlite3"]);
    assert!(said.contains("(letters: 2, notices: 0): the letters are held"), "{said}");
    let mut tables = folder.tables();
    assert_eq!(tables.count("messages WHERE kind = 'letter' AND state IN ('queued', 'sending')"), 0);
    assert_eq!(tables.count("messages WHERE state = 'held' AND reason LIKE 'it may have gone%'"), 2);
}

#[test]
fn a_copy_that_was_changed_is_refused_and_nothing_is_overwritten() {
    let smtp = SmtpServer::start(Script::default());
    let folder = Folder::new(Some(&smtp), &[]);
    copied(&folder, &smtp);
    let again = folder.run(&["backup", "copy.sqlite3"]);
    assert!(again.code == Some(1) && again.err.contains("is there already"), "{}", again.err);
    let copy = folder.dir.path().join("copy.sqlite3");
    private(&copy);
    let mut bytes = fs::read(&copy).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&copy, bytes).unwrap();
    let refused = folder.run(&["restore", "copy.sqlite3"]);
    assert!(refused.code == Some(1) && refused.err.contains("is not what"), "{}", refused.err);
    within(Duration::from_mins(1), "the service starts as it was", || {
        folder.tables().count("messages WHERE state = 'sent'") >= 2
    });
}

#[cfg(unix)]
fn private(file: &Path) {
    use std::os::unix::fs::PermissionsExt;
    assert_eq!(fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
}

#[cfg(not(unix))]
fn private(_: &Path) {}
