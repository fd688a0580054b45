//! A town of several districts, places by another name, and what a supporter can do afterwards.

use standout::domain::MessageState::{Queued, SelfReported, SelfSend, Sent, Unconfirmed, Withdrawn};
use standout::domain::{Dimension, Ladder};
use standout::store::counts;

use crate::support::app::{Page, TestApp};
use crate::support::journey::{Typed, text_of};
use crate::support::smtp_server::{Action, At, Script};

/// Both chambers are to be chosen here.
const SEVERAL: &str = "Gullhaven";

fn typed(city: &str) -> Typed {
    Typed::new("ana@example.org").with("city", city).with("story", "My own words.")
}

/// The id of the office whose choice shows `words`.
fn office(page: &Page, words: &str) -> String {
    let option = page
        .body
        .split("<label class=\"option\">")
        .skip(1)
        .find(|option| option.split("</label>").next().is_some_and(|option| option.contains(words)));
    let option = option.unwrap_or_else(|| panic!("no choice of {words} in:\n{}", page.text()));
    option.split("value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned()
}

fn ladder(app: &TestApp) -> Ladder {
    app.store.read_blocking(|conn| counts::total(conn, 1)).unwrap()
}

#[test]
fn a_town_of_several_districts_names_each_candidate_and_picks_none() {
    let app = TestApp::start();
    let page = app.preview(&typed(SEVERAL));
    assert_eq!(page.status, 200);
    let text = page.text();
    for name in [
        "Senator Wren Harborlight",
        "First Harbor",
        "Senator Barnaby Tidewhistle",
        "Second Harbor",
        "Representative Inés Quillfeather",
        "1st Harbor",
        "Representative Otis Foghorn",
        "Representative Marigold Driftwood",
    ] {
        assert!(text.contains(name), "no {name} in:\n{text}");
    }
    assert!(text.contains("Gullhaven has 2 Senate districts. Choose yours."), "{text}");
    let radios: Vec<&str> =
        page.body.split("<input type=\"radio\"").skip(1).map(|rest| rest.split('>').next().unwrap()).collect();
    assert_eq!(radios.len(), 5);
    assert!(radios.iter().all(|radio| !radio.contains(" checked")), "{radios:?}");
    // No letter names an official whom the person has not chosen.
    let letters = page.body.split_once("What we send").unwrap().1;
    assert!(!letters.contains("Harborlight") && letters.contains("Juniper Lighthouse"));
}

#[test]
fn a_missing_choice_is_asked_for_with_all_else_kept() {
    let app = TestApp::start();
    let senator = office(&app.preview(&typed(SEVERAL)), "Wren Harborlight");
    let typed = typed(SEVERAL).with("office_upper", &senator);
    let page = app.sign_up(&typed);
    page.assert_wrong(&["office_lower"]);
    page.assert_keeps(&typed, &[]);
    assert_eq!(app.rows("signups"), 0);
}

#[test]
fn an_office_that_is_no_candidate_is_refused() {
    let app = TestApp::start();
    let first = app.preview(&typed(SEVERAL));
    let (senator, representative) = (office(&first, "Wren Harborlight"), office(&first, "Otis Foghorn"));
    let elsewhere = app.preview(&typed("Cidermill Green"));
    let other = office(&elsewhere, "Poppy Ciderpress");
    // Another town's, another chamber's, nobody's, and no office at all.
    for id in [other.as_str(), &senator, "0", "-1", "999999", "99999999999999999999", "x", " 1", "1; DROP TABLE offices"] {
        let typed = typed(SEVERAL).with("office_upper", &senator).with("office_lower", id);
        let page = app.sign_up(&typed);
        page.assert_wrong(&["office_lower"]);
        assert!(!page.tag(&format!("value=\"{representative}\"")).unwrap().contains("checked"));
    }
    assert_eq!(app.rows("signups"), 0);
}

#[test]
fn letters_go_to_the_offices_that_were_chosen() {
    let app = TestApp::start();
    let page = app.preview(&typed(SEVERAL));
    let (senator, representative) = (office(&page, "Barnaby Tidewhistle"), office(&page, "Otis Foghorn"));
    let typed = typed(SEVERAL).with("office_upper", &senator).with("office_lower", &representative);
    app.confirmed(&typed);
    let mut to: Vec<String> = app.mails(2).into_iter().map(|mail| mail.to.concat()).collect();
    to.sort();
    assert_eq!(to, ["barnaby.tidewhistle@example.org", "otis.foghorn@example.org"]);
    app.until("the letters are on record as sent", || app.letters(Sent) == 2);
    assert_eq!(app.rows("signups WHERE found_by = 'choice' AND town = 'Gullhaven'"), 1);
}

#[test]
fn a_choice_for_an_office_that_needs_none_changes_nothing() {
    let app = TestApp::start();
    let other = office(&app.preview(&typed(SEVERAL)), "Barnaby Tidewhistle");
    app.confirmed(&typed("Saltwick").with("office_upper", &other));
    assert!(app.mails(2).iter().any(|mail| mail.to == ["wren.harborlight@example.org"]));
}

#[test]
fn a_vacant_seat_is_told_and_gets_no_letter() {
    let app = TestApp::start();
    let page = app.preview(&typed("Owlbury"));
    assert!(page.text().contains("3rd Orchard: this seat is empty now, so there is no letter for it."), "{}", page.text());
    assert!(!page.text().contains("Representative"), "{}", page.text());
    app.confirmed(&typed("Owlbury"));
    assert_eq!(app.mails(1)[0].to, ["clover.applegrove@example.org"]);
    assert_eq!((app.rows("messages WHERE kind = 'letter'"), app.letters(SelfSend)), (2, 1));
}

#[test]
fn the_governors_letter_waits_for_the_supporter_who_sends_it() {
    let app = TestApp::start();
    let private = app.confirmed(&typed("Saltwick"));
    app.mails(2);
    let page = app.get(&private);
    assert!(page.body.contains("href=\"https://example.org/write-to-the-governor\""));
    let id = page.field("message").unwrap();
    // Ids that are not this person's to report, or no ids.
    for wrong in ["0", "1", "x", "", "-1"] {
        app.post(&format!("{private}/self-reported"), &[("message", wrong)]);
    }
    assert_eq!((app.letters(SelfSend), app.letters(SelfReported)), (1, 0));
    for _ in 0..2 {
        let page = app.post(&format!("{private}/self-reported"), &[("message", &id)]);
        assert_eq!(page.status, 303);
        assert!(app.get(&page.location.unwrap()).text().contains("We noted that you sent the letter yourself."));
    }
    assert_eq!((app.letters(SelfSend), app.letters(SelfReported)), (0, 1));
}

#[test]
fn another_persons_letter_can_not_be_reported() {
    let app = TestApp::start();
    let anas = app.confirmed(&typed("Saltwick"));
    app.mails(2);
    let bens = app.confirmed(&Typed::new("ben@example.org"));
    app.mails(2);
    let id = app.get(&anas).field("message").unwrap();
    app.post(&format!("{bens}/self-reported"), &[("message", &id)]);
    assert_eq!((app.letters(SelfSend), app.letters(SelfReported)), (2, 0));
}

#[test]
fn letters_that_wait_can_be_withdrawn_and_are_never_sent() {
    let app = TestApp::start();
    // The offices' mail server is busy: letters wait.
    let link = app.signed_up(&typed("Saltwick"));
    app.smtp.set_script(Script::default().on(At::Mail, Action::reply("451 4.3.2 Busy")));
    let private = app.post(&link, &[]).location.unwrap();
    app.until("both letters wait for another try", || app.rows("messages WHERE failures > 0 AND state = 'queued'") == 2);
    let page = app.post(&format!("{private}/withdraw"), &[]);
    assert_eq!(page.status, 303);
    let page = app.get(&page.location.unwrap());
    assert!(page.text().contains("Your letters were taken back. None was sent."), "{}", page.text());
    assert_eq!((app.letters(Withdrawn), app.letters(Queued)), (3, 0));
    app.smtp.set_script(Script::default());
    app.advance(std::time::Duration::from_hours(48));
    // A second press, and confirming again, change nothing.
    app.post(&format!("{private}/withdraw"), &[]);
    app.post(&link, &[]);
    std::thread::sleep(std::time::Duration::from_millis(300));
    assert_eq!(app.letters(Withdrawn), 3);
}

#[test]
fn letters_can_be_withdrawn_before_they_are_confirmed() {
    let app = TestApp::start();
    let link = app.signed_up(&typed("Saltwick"));
    let private = link.replace("/confirm/", "/letters/");
    app.post(&format!("{private}/withdraw"), &[]);
    assert_eq!((app.letters(Unconfirmed), app.letters(Withdrawn)), (0, 3));
    app.post(&link, &[]);
    assert_eq!(app.letters(Withdrawn), 3);
}

#[test]
fn erasing_needs_the_box_to_be_ticked() {
    let app = TestApp::start();
    let private = app.confirmed(&typed("Saltwick"));
    app.mails(2);
    let page = app.post(&format!("{private}/erase"), &[]);
    assert_eq!(page.status, 422);
    assert!(page.tag("id=\"sure\"").unwrap().contains("aria-invalid=\"true\"") && page.body.contains("id=\"sure-error\""));
    assert_eq!((app.rows("supporters"), app.get(&private).status), (1, 200));
}

#[test]
fn erasing_removes_every_row_of_the_person_and_no_number() {
    let app = TestApp::start();
    let link = app.signed_up(&typed("Saltwick"));
    let private = app.post(&link, &[]).location.unwrap();
    app.mails(2);
    app.until("the letters are on record as sent", || app.letters(Sent) == 2);
    app.signed_up(&Typed::new("ben@example.org"));
    let before = ladder(&app);
    let towns = app.store.read_blocking(|conn| counts::by(conn, 1, Dimension::Town)).unwrap();
    let page = app.post(&format!("{private}/erase"), &[("sure", "yes")]);
    assert_eq!(page.status, 200);
    assert!(page.text().contains("Your data is erased"), "{}", page.text());

    let after = ladder(&app);
    assert_eq!(
        (after.signed_up, after.confirmed, after.letters.total()),
        (before.signed_up, before.confirmed, before.letters.total())
    );
    // Only the letter that was not sent is withdrawn.
    assert_eq!((app.letters(Sent), app.letters(SelfSend), app.letters(Withdrawn)), (2, 0, 1));
    assert_eq!(app.store.read_blocking(|conn| counts::by(conn, 1, Dimension::Town)).unwrap().len(), towns.len());
    for table in ["supporters WHERE email LIKE 'ana%'", "signups WHERE name LIKE 'Ana%' AND erased_at IS NOT NULL"] {
        assert_eq!(app.rows(table), 0, "{table}");
    }
    let erased = "(SELECT id FROM signups WHERE erased_at IS NOT NULL)";
    assert_eq!(app.rows("signups WHERE erased_at IS NOT NULL AND name = '' AND street = '' AND city = '' AND zip = ''"), 1);
    assert_eq!(app.rows(&format!("signup_tokens WHERE signup_id IN {erased}")), 0);
    let texts = format!("message_texts WHERE message_id IN (SELECT id FROM messages WHERE signup_id IN {erased})");
    assert_eq!(app.rows(&texts), 0);
    assert_eq!((app.rows("supporters"), app.rows("message_texts")), (1, 4), "Ben's are all there");

    for path in [&link, &private] {
        assert_eq!(app.get(path).status, 404);
        assert_eq!(app.post(&format!("{private}/withdraw"), &[]).status, 404);
    }
    assert_eq!(app.post(&link, &[]).status, 404);
}

#[test]
fn erasing_leaves_nothing_of_the_person_in_any_table() {
    let mut app = TestApp::start();
    let typed = Typed::new("zebulon.quux@example.org").with("name", "Zebulon Quux").with("story", "Quuxian words.");
    let private = app.confirmed(&typed);
    app.mails(2);
    app.until("the letters are on record as sent", || app.letters(Sent) == 2);
    app.post(&format!("{private}/erase"), &[("sure", "yes")]);
    app.restart();
    for column in
        ["supporters WHERE email LIKE '%quux%'", "messages WHERE reason LIKE '%quux%'", "attempts WHERE reply LIKE '%quux%'"]
    {
        assert_eq!(app.rows(column), 0, "{column}");
    }
}

#[test]
fn erasing_twice_frightens_nobody() {
    let app = TestApp::start();
    let private = app.confirmed(&Typed::new("ana@example.org"));
    app.mails(2);
    app.until("the letters are on record as sent", || app.letters(Sent) == 2);
    let erase = format!("{private}/erase");
    assert_eq!(app.post(&erase, &[("sure", "yes")]).status, 200);
    let again = app.post(&erase, &[("sure", "yes")]);
    assert_eq!(again.status, 404);
    assert!(again.text().contains("Nothing is kept here"), "{}", again.text());
}

const BOSTON: &str = "municipality,house_districts,senate_districts\nBoston,1st Harbor; 2nd Harbor,First Harbor; Second Harbor\n";

#[test]
fn a_neighbourhood_finds_its_city() {
    let app = TestApp::start();
    let file = app.dir.path().join("towns.csv");
    std::fs::write(&file, BOSTON).unwrap();
    app.command(&["places", "import", file.to_str().unwrap()]);
    let typed = typed("Jamaica Plain").with("zip", "02130");
    app.until("the import is in force", || app.preview(&typed).status == 200);
    let page = app.preview(&typed);
    assert!(page.text().contains("We found Jamaica Plain (Boston)."), "{}", page.text());
    assert!(page.text().contains("Boston has 2 House districts. Choose yours."), "{}", page.text());
    let (senator, representative) = (office(&page, "Wren Harborlight"), office(&page, "Otis Foghorn"));
    app.confirmed(&typed.with("office_upper", &senator).with("office_lower", &representative));
    for mail in app.mails(2) {
        assert!(text_of(&mail).contains("\nJamaica Plain, MA 02130\n"), "{}", text_of(&mail));
    }
    assert_eq!(app.rows("signups WHERE town = 'Boston' AND city = 'Jamaica Plain'"), 1);
}
