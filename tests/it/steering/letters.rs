//! Finding letters, and one letter's story: who sees what, and what the log says of it.

use standout::domain::MessageState::Sent;
use standout::domain::Role;

use super::{CONSOLE, UPPER, letter_to, log, send, with};
use crate::support::app::TestApp;
use crate::support::journey::Typed;

const LETTERS: &str = "/staff/campaigns/ma-287g/letters";

/// Two people whose letters were sent.
fn two_people(app: &TestApp) {
    app.confirmed(&Typed::new("ana@example.org").with("name", "Ana Example"));
    app.mails(2);
    app.confirmed(&Typed::new("ben@example.org").with("name", "Ben O'Sample"));
    app.mails(2);
    app.until("their letters are sent", || app.letters(Sent) == 4);
}

fn rows(body: &str) -> usize {
    body.matches("<th scope=\"row\"><a href=\"/staff/campaigns/ma-287g/letters/").count()
}

#[test]
fn letters_are_found_by_office_state_and_day() {
    let app = with(Role::Viewer);
    two_people(&app);
    let page = app.get(LETTERS);
    assert_eq!((page.status, rows(&page.body)), (200, 6), "{}", page.text());
    assert!(!page.body.contains("Ana Example") && !page.body.contains("ana@example.org"), "no supporter in it");
    for (query, found) in [
        ("state=sent", 4),
        ("state=self_send", 2),
        ("state=held", 0),
        ("from=2026-11-22&until=2026-11-22", 6),
        ("from=2026-11-23", 0),
        ("until=2026-11-21", 0),
        ("state=sent&from=2026-11-22", 4),
        ("before=1000000000", 6),
        ("before=0", 0),
        ("before=-9", 0),
    ] {
        let page = app.get(&format!("{LETTERS}?{query}"));
        assert_eq!((page.status, rows(&page.body)), (200, found), "{query}: {}", page.text());
    }
    let office = super::tables(&app).rows::<(i64,)>("office_id", &format!("officials WHERE email = '{UPPER}'"))[0].0;
    for (query, found) in [("", 2), ("&state=sent", 2), ("&state=self_send", 0), ("&state=held", 0), ("&from=2026-11-23", 0)] {
        let page = app.get(&format!("{LETTERS}?office={office}{query}"));
        assert_eq!((page.status, rows(&page.body)), (200, found), "{query}");
    }
}

#[test]
fn what_can_not_be_asked_for_is_said_in_words() {
    let app = with(Role::Viewer);
    for (query, field) in [
        ("office=999999", "office"),
        ("office=1%20OR%201=1", "office"),
        ("office='%3B%20DROP%20TABLE%20messages", "office"),
        ("state=eaten", "state"),
        ("before=x", "office"),
        ("from=2026-02-30", "from"),
        ("until=tomorrow", "until"),
        ("from=2026-11-23&until=2026-11-22", "until"),
    ] {
        app.get(&format!("{LETTERS}?{query}")).assert_wrong(&[field]);
    }
    assert_eq!(app.get(&format!("{LETTERS}/999999")).status, 404);
    assert_eq!(app.get(&format!("{LETTERS}/x")).status, 404);
    assert_eq!(app.get("/staff/campaigns/nowhere/letters").status, 404);
}

#[test]
fn pages_of_letters_miss_none_and_show_none_twice() {
    let app = with(Role::Viewer);
    for person in 0..40 {
        assert_eq!(app.sign_up(&Typed::new(&format!("p{person}@example.org"))).status, 303);
    }
    app.smtp.wait_for(40, std::time::Duration::from_secs(20));
    let mut seen = Vec::new();
    let mut next = Some(LETTERS.to_owned());
    while let Some(path) = next {
        let page = app.get(&path);
        assert_eq!(page.status, 200);
        let links = page.body.split("<th scope=\"row\"><a href=\"").skip(1);
        seen.extend(links.map(|rest| rest.split('"').next().unwrap().to_owned()));
        let link = page.body.split("<a href=\"").find(|rest| rest.contains("rel=\"next\""));
        next = link.map(|rest| crate::support::app::unescape(rest.split('"').next().unwrap()));
    }
    let all = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!((all, seen.len()), (120, 120));
}

#[test]
fn a_supporter_is_looked_for_by_post_and_the_log_notes_it_without_them() {
    let app = with(Role::Editor);
    two_people(&app);
    let find = |who: &str| send(&app, LETTERS, &format!("{LETTERS}/find"), &[("who", who)]);
    for (who, found) in
        [("ANA@example.org", 3), ("ana", 3), ("Ben O'", 3), ("an' OR '1'='1", 0), ("zz%", 0), ("nobody@example.org", 0)]
    {
        let page = find(who);
        assert_eq!((page.status, rows(&page.body)), (200, found), "{who}: {}", page.text());
        assert!(page.location.is_none(), "nothing of it in an address");
    }
    assert!(find("ana").text().contains("Ana Example"));
    find("a").assert_wrong(&["who"]);
    find("no@address@at@all").assert_wrong(&["who"]);
    let lines = log(&app, "letters.searched");
    assert_eq!(lines.len(), 7);
    assert_eq!(lines[0], ("editor@example.org".into(), "campaign ma-287g".into(), "by e-mail address; letters shown: 3".into()));
    assert!(lines.iter().all(|line| !format!("{line:?}").to_lowercase().contains("ana")), "{lines:?}");
    assert_eq!(app.get(&format!("{LETTERS}/find")).status, 405);
}

#[test]
fn the_story_shows_the_servers_words_and_the_writer_only_when_opened() {
    let app = with(Role::Editor);
    two_people(&app);
    let path = format!("{LETTERS}/{}", letter_to(&app, UPPER));
    let page = app.get(&path);
    let text = page.text();
    for words in
        ["its writer confirmed it", "the office's mail server accepted it", "250", UPPER, "Nobody opened or changed this letter"]
    {
        assert!(text.contains(words), "{words}: {text}");
    }
    let personal = ["Ben O'Sample", "ben@example.org", "12 Harbor Street"];
    assert!(personal.iter().all(|words| !text.contains(words)), "closed at first: {text}");
    assert_eq!(log(&app, "letter.opened").len(), 0, "looking at the page is no opening");
    let opened = send(&app, &path, &format!("{path}/open"), &[]);
    assert_eq!(opened.status, 200);
    assert!(personal.iter().all(|words| opened.text().contains(words)), "{}", opened.text());
    assert_eq!(log(&app, "letter.opened").len(), 1);
    let text = app.get(&path).text();
    assert!(text.contains("editor@example.org opened who wrote a letter") && !text.contains("Ben O'Sample"), "{text}");
    assert_eq!(app.get(&format!("{path}/open")).status, 405, "a GET opens nothing");
}

#[test]
fn a_viewer_opens_nobody() {
    let app = with(Role::Viewer);
    two_people(&app);
    let path = format!("{LETTERS}/{}", letter_to(&app, UPPER));
    let page = app.get(&path);
    assert_eq!(page.status, 200);
    assert!(page.field("reason").is_none() && !page.body.contains("/open\""), "no button either");
    for (path, fields) in [(format!("{path}/open"), &[][..]), (format!("{LETTERS}/find"), &[("who", "ana")])] {
        let refused = send(&app, CONSOLE, &path, fields);
        assert_eq!(refused.status, 403);
        assert!(refused.text().contains("Your login can't do this"), "{}", refused.text());
        assert!(!refused.text().contains("Ana Example"));
    }
    assert_eq!(send(&app, CONSOLE, &format!("{path}/resend"), &[("state", "sent"), ("reason", "x")]).status, 403);
    assert_eq!(log(&app, "letter.opened").len() + log(&app, "letters.searched").len(), 0);
}

#[test]
fn whoever_erased_their_data_is_not_found_and_has_nothing_to_open() {
    let app = with(Role::Editor);
    let private = app.confirmed(&Typed::new("ana@example.org"));
    app.mails(2);
    app.until("sent", || app.letters(Sent) == 2);
    let path = format!("{LETTERS}/{}", letter_to(&app, UPPER));
    let csrf = app.get(&path).field("csrf").unwrap();
    assert_eq!(app.post(&format!("{private}/erase"), &[("sure", "yes")]).status, 200);
    assert!(app.get(&path).text().contains("erased their data"));
    let opened = app.post(&format!("{path}/open"), &[("csrf", &csrf)]);
    assert!(opened.status == 200 && !opened.text().contains("Ana Example"));
    assert_eq!(log(&app, "letter.opened").len(), 0);
    let page = app.post(&format!("{LETTERS}/find"), &[("csrf", &csrf), ("who", "ana@example.org")]);
    assert_eq!(rows(&page.body), 0);
}
