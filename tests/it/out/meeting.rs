//! The report for a meeting: who is counted, who is quoted, who may see it.

use standout::domain::{MessageState, Role};

use crate::support::app::{Page, TestApp};
use crate::support::journey::Typed;
use crate::support::tables::Tables;

/// A seat of the demo that both letters of this town go to.
fn office(app: &TestApp) -> i64 {
    let mut tables = Tables::open(&app.dir.path().join("standout.sqlite3"));
    tables.rows::<(i64,)>("office_id", "messages WHERE kind = 'letter' AND state = 'sent' ORDER BY id LIMIT 1")[0].0
}

fn path(office: i64) -> String {
    format!("/staff/campaigns/ma-287g/offices/{office}/report")
}

fn quotable(email: &str, name: &str, words: &str) -> Typed {
    Typed::new(email).with("name", name).with("story", words).with("quote", "yes")
}

impl TestApp {
    /// The report with these people quoted.
    fn quoting(&self, office: i64, signups: &[&str]) -> Page {
        let csrf = self.get(&path(office)).field("csrf").unwrap();
        let mut form = vec![("csrf", csrf.as_str())];
        form.extend(signups.iter().map(|id| ("quote", *id)));
        self.post(&path(office), &form)
    }

    fn choices(&self, office: i64) -> Page {
        let csrf = self.get(&path(office)).field("csrf").unwrap();
        self.post(&format!("{}/quotes", path(office)), &[("csrf", &csrf)])
    }
}

#[test]
fn the_report_counts_who_wrote_and_quotes_only_who_agreed() {
    let app = TestApp::start();
    app.confirmed(&Typed::new("ana@example.org").with("name", "Ana Silent").with("story", "Not for others."));
    app.mails(2);
    let ben = app.confirmed(&quotable("ben@example.org", "Ben Loud", "I teach here. <b>Pass it</b>."));
    app.mails(2);
    let cleo = app.confirmed(&quotable("cleo@example.org", "Cleo Clear", "My family waits."));
    app.mails(2);
    app.signed_up(&quotable("dan@example.org", "Dan Open", "Never confirmed."));
    app.until("six are sent", || app.letters(MessageState::Sent) == 6);
    let office = office(&app);
    app.logged_in(Role::Editor);

    let page = app.get(&path(office));
    let text = page.text();
    assert_eq!(page.status, 200, "{text}");
    assert!(text.contains("3 constituents wrote on November 22, 2026, from 1 city or town"), "{text}");
    assert!(text.contains("accepted the letters of 3 of them") && text.contains("Saltwick"), "{text}");
    for person in ["Ana", "Ben", "Cleo", "teach", "family"] {
        assert!(!text.contains(person), "{person} in {text}");
    }

    let choices = app.choices(office);
    let text = choices.text();
    assert!(text.contains("I teach here. <b>Pass it</b>.") && text.contains("Cleo, Saltwick"), "{text}");
    assert!(choices.body.contains("&#60;b&#62;Pass it"), "words are shown, never run");
    for person in ["Loud", "Clear", "Ana", "Dan", "Never", "Not for others", "cleo@"] {
        assert!(!text.contains(person), "{person} in {text}");
    }

    let page = app.quoting(office, &["1", "2", "3", "4"]);
    let text = page.text();
    assert!(text.contains("Ben, Saltwick") && text.contains("My family waits.") && !text.contains("Ana"), "{text}");
    app.post(&format!("{cleo}/consents"), &[("withdraw", "quote")]);
    let text = app.quoting(office, &["2", "3"]).text();
    assert!(text.contains("Ben, Saltwick") && !text.contains("My family waits."), "{text}");
    app.post(&format!("{ben}/erase"), &[("sure", "yes")]);
    let text = app.quoting(office, &["2", "3"]).text();
    assert!(text.contains("2 constituents wrote") && !text.contains("Ben"), "{text}");
    assert!(app.choices(office).text().contains("Nobody who wrote to this office agreed to be quoted yet."));

    let mut tables = Tables::open(&app.dir.path().join("standout.sqlite3"));
    let log: Vec<(String, String)> = tables.rows("act, subject", "audit_log WHERE act NOT LIKE 'login.%' ORDER BY id");
    assert_eq!(log.len(), 5);
    assert!(
        log.iter().all(|line| *line == ("quotations.opened".into(), format!("office {office} in campaign ma-287g"))),
        "{log:?}"
    );
}

#[test]
fn a_viewer_reads_the_report_and_no_word_of_a_person() {
    let app = TestApp::start();
    app.confirmed(&quotable("ben@example.org", "Ben Loud", "I teach here."));
    app.mails(2);
    app.until("two are sent", || app.letters(MessageState::Sent) == 2);
    let office = office(&app);
    app.logged_in(Role::Viewer);
    let text = app.get(&path(office)).text();
    assert!(text.contains("1 constituent wrote") && text.contains("Editors can add words"), "{text}");
    assert_eq!((app.quoting(office, &["1"]).status, app.choices(office).status), (403, 403));
    for nowhere in ["0", "1000000", "x"] {
        assert_eq!(app.get(&format!("/staff/campaigns/ma-287g/offices/{nowhere}/report")).status, 404, "{nowhere}");
    }
}
