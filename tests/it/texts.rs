//! A campaign's texts in the console: changed, refused, in conflict, compared, put back; and letters that never change.

use std::time::Duration;

use standout::domain::{MessageState, Role};
use standout::mail::read_mail;

use crate::support::app::{Page, TestApp};
use crate::support::journey::Typed;
use crate::support::login::PASSWORD;
use crate::support::smtp_script::{Action, At, Script};
use crate::support::tables::Tables;

const TEXT: &str = "/staff/campaigns/ma-287g/text";
const SENATE: &str = "/staff/campaigns/ma-287g/text/edit/upper";
const BODY: &str = "I live in {{town}}.\n\n{{#each measures}}\n- {{name}} ({{numbers}}): {{ask}}\n{{/each}}\n";

fn editor() -> TestApp {
    let app = TestApp::start();
    app.logged_in(Role::Editor);
    app
}

/// Sends the form of a page as it stands, with other values for these fields.
fn send(app: &TestApp, path: &str, page: &Page, changed: &[(&str, &str)]) -> Page {
    let mut fields: Vec<(&str, String)> = Vec::new();
    for name in ["csrf", "began_from"] {
        fields.push((name, page.field(name).unwrap_or_else(|| panic!("the form has no {name}"))));
    }
    for name in ["subject", "body"] {
        fields.extend(page.typed(name).map(|value| (name, value)));
    }
    fields.retain(|(name, _)| changed.iter().all(|(other, _)| other != name));
    let mut all: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    all.extend(changed);
    app.post(path, &all)
}

/// Opens a text, changes it, saves it.
fn save(app: &TestApp, path: &str, changed: &[(&str, &str)]) -> Page {
    send(app, path, &app.get(path), changed)
}

fn tables(app: &TestApp) -> Tables {
    Tables::open(app.store.path())
}

fn version(app: &TestApp) -> usize {
    tables(app).rows::<(usize,)>("max(number)", "campaign_versions WHERE campaign_id = 1")[0].0
}

fn saved(page: &Page, number: usize) {
    let to = page.location.as_deref().unwrap_or_else(|| panic!("{}: {}", page.status, page.text()));
    assert!(page.status == 303 && to.ends_with(&format!("?saved={number}")), "{to}");
}

#[test]
fn a_saved_letter_is_what_the_next_supporter_sends() {
    let app = editor();
    let new = [("subject", "From {{town}}: one word"), ("body", "Only this, from {{town}}.\r\n\r\nAnd & <b>this</b>.")];
    let page = save(&app, SENATE, &new);
    saved(&page, 2);
    let page = app.get(page.location.as_deref().unwrap());
    assert!(page.text().contains("Saved as version 2"), "{}", page.text());
    assert_eq!(page.typed("body").as_deref(), Some("Only this, from {{town}}.\n\nAnd & <b>this</b>.\n"));
    // Nothing changed: no version.
    assert!(save(&app, SENATE, &[]).location.unwrap().ends_with("?saved=0"));
    assert_eq!(version(&app), 2);
    // The senator of the demo has signed some bills, and gets the letter for those.
    saved(&save(&app, &format!("{SENATE}-partly"), &new), 3);
    saved(&save(&app, &format!("{SENATE}-signed"), &new), 4);
    app.confirmed(&Typed::new("ana@example.org"));
    let mails = app.mails(2);
    let letter = mails.iter().map(|mail| read_mail(&mail.data).unwrap()).find(|mail| mail.subject == "From Saltwick: one word");
    assert!(letter.expect("the senator's letter").text.contains("Only this, from Saltwick.\n\nAnd & <b>this</b>.\n"));
    let list = app.get(TEXT).text();
    assert!(list.contains("Letter to senators") && list.contains("by editor@example.org") && list.contains("by demo"), "{list}");
    let audit = tables(&app).rows::<(String, String, String, String)>("who, act, subject, detail", "audit_log");
    let line = ("editor@example.org", "campaign.text", "campaign ma-287g", "version 2: Letter to senators");
    assert!(audit.iter().any(|l| (l.0.as_str(), l.1.as_str(), l.2.as_str(), l.3.as_str()) == line), "{audit:?}");
}

/// The one thing that must never happen: whatever staff save, a letter that was written is sent as it was written, whether it
/// waits for its supporter, for its turn, or has gone.
#[test]
fn letters_that_were_written_before_never_change() {
    let app = TestApp::with(&[("MAIL_PER_OFFICE_PER_MINUTE", "1")]);
    app.logged_in(Role::Editor);
    app.confirmed(&Typed::new("ana@example.org"));
    app.mails(2);
    app.until("Ana's letters are on record as sent", || app.letters(MessageState::Sent) == 2);
    app.confirmed(&Typed::new("ben@example.org"));
    assert_eq!(app.letters(MessageState::Queued), 2, "Ben's letters wait for their turn");
    let open = app.signed_up(&Typed::new("cleo@example.org"));
    let texts = |app: &TestApp| {
        let columns = "message_id, from_name, subject, body_text";
        tables(app).rows::<(i64, String, String, String)>(columns, "message_texts ORDER BY message_id")
    };
    let before = texts(&app);
    assert_eq!(before.len(), 12, "three letters and a confirmation for each");
    for word in ["upper", "upper-signed", "upper-partly", "lower", "lower-signed", "lower-partly", "governor"] {
        let page = save(&app, &format!("{TEXT}/edit/{word}"), &[("subject", "All new"), ("body", "All new.")]);
        assert_eq!(page.status, 303, "{}", page.text());
    }
    assert_eq!(save(&app, &format!("{TEXT}/edit/page"), &[("body", "All new.")]).status, 303);
    let settings = app.get(&format!("{TEXT}/edit/settings"));
    let (csrf, from) = (settings.field("csrf").unwrap(), settings.field("began_from").unwrap());
    let page = app.post(&format!("{TEXT}/edit/settings"), &[("csrf", &csrf), ("began_from", &from), ("sender", "Somebody else")]);
    assert_eq!(page.status, 303, "{}", page.text());
    assert_eq!(app.post(&format!("{TEXT}/back"), &[("csrf", &csrf), ("version", "3")]).status, 303);
    assert_eq!(texts(&app), before, "a text that was written was changed");
    // They go out now, word for word as they were written.
    assert_eq!(app.post(&open, &[]).status, 303);
    for _ in 0..2 {
        app.advance(Duration::from_secs(61));
        for mail in app.mails(2) {
            let mail = read_mail(&mail.data).unwrap();
            let kept =
                before.iter().any(|(_, _, subject, text)| *subject == mail.subject && text.trim_end() == mail.text.trim_end());
            assert!(kept && !mail.text.contains("All new"), "{}", mail.text);
        }
    }
    assert_eq!(texts(&app), before);
    // And the next supporter's are the new ones.
    let page = app.get(&app.signed_up(&Typed::new("dan@example.org"))).text();
    assert!(page.contains("All new."), "{page}");
}

#[test]
fn what_can_not_be_used_is_not_saved_and_says_line_and_field() {
    let app = editor();
    let body = |text: &str| format!("One.\n\n{text}\nThree.\n");
    for (typed, said) in [
        ("{{twon}}", "Line 3: there is no field \"twon\"; perhaps you mean \"town\"."),
        ("{{#if asks}}{{#each asks}}{{nmae}}{{/each}}{{/if}}", "Line 3: there is no field \"nmae\"; perhaps you mean \"name\"."),
        ("{{email}}", "Line 3: there is no field \"email\"."),
        ("{{town", "Line "),
        ("{{#if town}}never closed", "Line "),
        ("{{> secret}}", "Line 3: "),
    ] {
        let page = save(&app, SENATE, &[("body", &body(typed))]);
        page.assert_wrong(&["body"]);
        assert!(page.mistakes()[0].1.starts_with(said), "{typed}: {:?}", page.mistakes());
        assert_eq!(page.typed("body").unwrap(), body(typed), "what was typed is kept");
    }
    let page = save(&app, SENATE, &[("subject", "From {{twon}}"), ("body", BODY)]);
    page.assert_wrong(&["subject"]);
    assert_eq!(page.mistakes()[0].1, "The subject: there is no field \"twon\"; perhaps you mean \"town\".");
    assert_eq!((page.typed("subject").as_deref(), page.typed("body").as_deref()), (Some("From {{twon}}"), Some(BODY)));
    let page = save(&app, SENATE, &[("subject", " "), ("body", "\r\n ")]);
    page.assert_wrong(&["subject", "body"]);
    let page = save(&app, SENATE, &[("subject", "One\r\n\r\nBcc: eve@example.org"), ("body", BODY)]);
    page.assert_wrong(&["subject"]);
    assert_eq!((version(&app), tables(&app).count("audit_log WHERE act LIKE 'campaign.%'")), (1, 0));
}

#[test]
fn what_is_too_long_or_can_not_be_seen_is_not_saved() {
    let app = editor();
    let page = save(&app, SENATE, &[("body", &"Twelve words. ".repeat(500))]);
    page.assert_wrong(&["body"]);
    let said = &page.mistakes()[0].1;
    assert!(
        said.starts_with("The letter, with greeting and address, comes to 7")
            && said.contains("the most is 6000. Shorten it by "),
        "{said}"
    );
    let page = save(&app, SENATE, &[("subject", &"word ".repeat(40))]);
    page.assert_wrong(&["subject"]);
    let page = save(&app, SENATE, &[("body", "One\nTwo\u{1b}[31m\n")]);
    page.assert_wrong(&["body"]);
    assert!(page.mistakes()[0].1.starts_with("Line 2: holds a character that can't be seen"), "{:?}", page.mistakes());
    let page = save(&app, &format!("{TEXT}/edit/page"), &[("body", &"a".repeat(210 * 1024))]);
    page.assert_wrong(&["body"]);
    assert!(page.mistakes()[0].1.starts_with("Has 211 KB; the most is 200 KB."), "{:?}", page.mistakes());
    assert_eq!(page.typed("body").unwrap().len(), 210 * 1024);
    assert_eq!(save(&app, &format!("{TEXT}/edit/page"), &[("body", &"a".repeat(1400 * 1024))]).status, 413);
    assert_eq!(version(&app), 1);
}

#[test]
fn the_second_of_two_editors_is_shown_the_difference_and_decides() {
    let app = editor();
    let (mine, other) = (app.get(SENATE), app.get(&format!("{TEXT}/edit/lower")));
    saved(&save(&app, SENATE, &[("body", "Theirs, from {{town}}.\n")]), 2);
    // Another text: no conflict, and both changes are in force.
    saved(&send(&app, &format!("{TEXT}/edit/lower"), &other, &[("body", "To the House.\n")]), 3);
    let page = send(&app, SENATE, &mine, &[("body", "Mine, from {{town}}.\n")]);
    assert_eq!(page.status, 422);
    let text = page.text();
    for part in [
        "Somebody else was faster",
        "editor@example.org changed this text on November 22, 2026",
        "There now",
        "What you typed",
        "Theirs",
        "Mine",
    ] {
        assert!(text.contains(part), "no {part} in:\n{text}");
    }
    assert!(page.body.contains("<del>Theirs,</del>") && page.body.contains("<ins>Mine,</ins>"), "{}", page.body);
    assert_eq!(page.typed("body").as_deref(), Some("Mine, from {{town}}.\n"));
    assert_eq!(version(&app), 3);
    // Still somebody else in between: told again.
    saved(&save(&app, SENATE, &[("body", "Theirs again.\n")]), 4);
    let again = send(&app, SENATE, &page, &[]);
    assert_eq!(again.status, 422);
    // On purpose, over it.
    saved(&send(&app, SENATE, &again, &[]), 5);
    assert_eq!(app.get(SENATE).typed("body").as_deref(), Some("Mine, from {{town}}.\n"));
    assert_eq!(app.get(&format!("{TEXT}/edit/lower")).typed("body").as_deref(), Some("To the House.\n"));
}

/// What took down the service, or a core of it: a block that calls itself, blocks that nest without end, loops in loops.
fn attacks() -> [(&'static str, String); 8] {
    let inline = "{{#*inline \"a\"}}{{> a}}{{/inline}}{{> a}}";
    let deep = |start: &str, end: &str, times: usize| format!("{}x{}", start.repeat(times), end.repeat(times));
    let behind = |text: &str| format!("{{{{#if (eq name \"Boom\")}}}}{text}{{{{/if}}}}\nText.");
    [
        ("{{#*inline}} and other decorators can't be used", inline.into()),
        ("{{#*inline}} and other decorators can't be used", behind(inline)),
        ("the most is 16", deep("{{#if name}}", "{{/if}}", 3_000)),
        ("the most is 16", behind(&format!("{{{{#if name}}}}x{}{{{{/if}}}}", "{{else if town}}y".repeat(900)))),
        ("the most is 4", deep("{{#if (not ", ")}}x{{/if}}", 1).replace("(not ", &"(not ".repeat(50))),
        ("loops stand in each other", deep("{{#each measures}}", "{{/each}}", 13)),
        ("could come to more than 512 KB", deep("{{#each measures}}", "{{/each}}", 2).replace('x', &"{{name}}".repeat(30))),
        ("{{>}} can't be used", "{{> letter.txt.hbs}}".into()),
    ]
}

#[test]
fn a_text_that_would_end_the_service_is_refused_before_it_is_rendered() {
    let app = editor();
    for (cause, body) in attacks() {
        let page = save(&app, SENATE, &[("body", &format!("One.\n\n{body}"))]);
        let text = page.text();
        assert_eq!(page.status, 422, "{cause}: {text}");
        assert!(text.contains("Line 3: ") && text.contains(cause), "{cause}: {text}");
        let seen = send(&app, &format!("{SENATE}/preview"), &app.get(SENATE), &[("body", body.as_str())]);
        assert!(seen.status == 200 && seen.text().contains(cause), "{cause}: {}", seen.text());
    }
    let page = save(&app, SENATE, &[("subject", "{{#each measures}}{{log name}}{{/each}}")]);
    assert!(page.status == 422 && page.text().contains("The subject: \"log\""), "{}", page.text());
    assert_eq!(version(&app), 1);

    let folder = app.campaign_folder();
    for (cause, body) in attacks() {
        std::fs::write(folder.join("letters/upper.txt.hbs"), format!("Subject: x\n\n{body}\n")).unwrap();
        let ran = app.standout(&["campaigns", "import", folder.to_str().unwrap()]);
        let said = String::from_utf8(ran.stderr).unwrap();
        assert_eq!(ran.status.code(), Some(1), "{cause}: {said}");
        assert!(said.contains("campaigns/ma-287g/letters/upper.txt.hbs, line 3: ") && said.contains(cause), "{cause}: {said}");
    }
    assert_eq!(version(&app), 1);
}

/// A version that was accepted by an older program: the service starts, the campaign is closed until its text is mended, and
/// another campaign goes on.
#[test]
fn a_version_in_force_that_must_not_be_rendered_closes_its_campaign_alone() {
    use standout::domain::Slug;
    use standout::store::campaigns;
    let mut app = editor();
    let folder = app.campaign_folder();
    let settings = std::fs::read_to_string(folder.join("campaign.toml")).unwrap();
    std::fs::write(folder.join("campaign.toml"), settings.replace("\"ma-287g\"", "\"other\"")).unwrap();
    app.command(&["campaigns", "import", folder.to_str().unwrap()]);
    for (_, body) in attacks() {
        let store = move |tx: &mut standout::store::Tx<'_>| {
            let slug = Slug::parse("ma-287g").unwrap();
            let mut files = campaigns::find(tx.reader(), &slug)?.unwrap().files;
            files.insert("letters/upper.txt.hbs".into(), format!("Subject: x\n\n{body}\n"));
            campaigns::import(tx, &slug, "America/New_York", &files, "test", crate::support::app::START).map(drop)
        };
        app.store.write_blocking(store).unwrap();
        app.restart();
        let page = app.get("/campaigns/ma-287g").text();
        assert!(page.contains("This campaign is closed"), "{page}");
        assert!(app.get("/campaigns/other").field("form_token").is_some());
    }
    let doctor = app.standout(&["doctor"]);
    let said = String::from_utf8(doctor.stdout).unwrap();
    assert!(said.contains("letters/upper.txt.hbs, line 3: {{>}} can't be used"), "{said}");

    app.logged_in(Role::Editor);
    let overview = app.get("/staff/campaigns/ma-287g").text();
    assert!(overview.contains("one of its texts can't be used"), "{overview}");
    assert_eq!(save(&app, SENATE, &[("body", "Mended, from {{town}}.\n")]).status, 303);
    assert!(app.get("/campaigns/ma-287g").field("form_token").is_some(), "it is open again");
}

/// What no rule sees beforehand, a long text of the supporter's own in many places, ends that sign-up and nothing else.
#[test]
fn a_letter_that_comes_too_long_fails_its_sign_up_alone() {
    let app = editor();
    let body = format!("Text.\n{{{{#if (eq name \"Boom\")}}}}{}{{{{/if}}}}", "{{story}}".repeat(100));
    for word in ["upper", "upper-partly", "upper-signed"] {
        assert_eq!(save(&app, &format!("{TEXT}/edit/{word}"), &[("body", body.as_str())]).status, 303);
    }
    let typed = Typed::new("ana@example.org").with("story", &"My own words. ".repeat(100));
    assert_eq!(app.sign_up(&typed.clone().with("name", "Boom")).status, 500);
    assert_eq!(app.rows("signups"), 0);
    assert_eq!(app.sign_up(&typed).status, 303);
    app.mails(1);
}

#[test]
fn many_saves_at_once_lose_nothing() {
    let app = editor();
    let words = ["upper", "lower", "governor", "upper-signed", "lower-signed", "page"];
    let pages: Vec<_> = words.iter().map(|word| app.get(&format!("{TEXT}/edit/{word}"))).collect();
    std::thread::scope(|scope| {
        for (word, page) in words.iter().zip(&pages) {
            let app = &app;
            scope.spawn(move || {
                let page = send(app, &format!("{TEXT}/edit/{word}"), page, &[("body", &format!("New {word}.\n"))]);
                assert!(page.status == 303 || page.status == 503, "{}", page.text());
            });
        }
    });
    let made = version(&app) - 1;
    let kept =
        words.iter().filter(|word| app.get(&format!("{TEXT}/edit/{word}")).typed("body").unwrap() == format!("New {word}.\n"));
    assert_eq!(kept.count(), made, "each version that was made is still in force, on top of the others");
    assert_eq!(tables(&app).count("audit_log WHERE act LIKE 'campaign.%'"), made);
}

#[test]
fn versions_are_compared_and_put_back() {
    let app = editor();
    let first = app.get(SENATE).typed("body").unwrap();
    saved(&save(&app, SENATE, &[("body", "Second.\n")]), 2);
    saved(&save(&app, &format!("{TEXT}/edit/page"), &[("body", "A new page.\n")]), 3);
    let list = app.get(&format!("{TEXT}/versions")).text();
    for part in ["Version 3", "in force", "Version 1", "by demo", "by editor@example.org"] {
        assert!(list.contains(part), "no {part} in:\n{list}");
    }
    let of_page = app.get(&format!("{TEXT}/versions?text=page")).text();
    assert!(of_page.contains("Version 3") && !of_page.contains("Version 2"), "{of_page}");
    let page = app.get(&format!("{TEXT}/compare/upper?from=1&to=3"));
    assert!(page.text().contains("Version 3, in force") && page.body.contains("Second."), "{}", page.text());
    assert!(app.get(&format!("{TEXT}/compare/page?from=1&to=2")).text().contains("Both are the same."));
    let csrf = page.field("csrf").unwrap();
    saved(&app.post(&format!("{TEXT}/back"), &[("csrf", &csrf), ("text", "upper"), ("version", "1")]), 4);
    assert_eq!(app.get(SENATE).typed("body").unwrap(), first);
    assert_eq!(app.get(&format!("{TEXT}/edit/page")).typed("body").as_deref(), Some("A new page.\n"), "other texts stay");
    saved(&app.post(&format!("{TEXT}/back"), &[("csrf", &csrf), ("version", "1")]), 5);
    assert!(app.post(&format!("{TEXT}/back"), &[("csrf", &csrf), ("version", "1")]).location.unwrap().ends_with("?saved=0"));
    let rows = |v| {
        tables(&app).rows::<(String, String)>("path, content", &format!("campaign_files WHERE version_id = {v} ORDER BY path"))
    };
    assert_eq!(rows(5), rows(1));
    for (path, status) in [
        (format!("{TEXT}/compare/upper?from=1&to=99"), 404),
        (format!("{TEXT}/compare/upper?from=-1&to=2"), 404),
        (format!("{TEXT}/compare/upper?from=x"), 400),
        (format!("{TEXT}/versions?text=nothing"), 404),
        (format!("{TEXT}/versions?newest=-9"), 200),
    ] {
        assert_eq!(app.get(&path).status, status, "{path}");
    }
    for form in [[("version", "99")], [("version", "0")], [("version", "-1")]] {
        assert_eq!(app.post(&format!("{TEXT}/back"), &[&[("csrf", csrf.as_str())][..], &form].concat()).status, 404);
    }
    let deeds = tables(&app).rows::<(String,)>("detail", "audit_log WHERE act = 'campaign.rollback'");
    assert_eq!(
        deeds,
        [("version 4: Letter to senators as in version 1".to_owned(),), ("version 5: all texts as in version 1".to_owned(),)]
    );
}

#[test]
fn settings_change_field_by_field_and_keep_the_rest() {
    let app = editor();
    let path = format!("{TEXT}/edit/settings");
    let page = app.get(&path);
    assert_eq!(page.typed("numbers_safe-communities").as_deref(), Some("H.2580, S.1681"));
    let (csrf, from) = (page.field("csrf").unwrap(), page.field("began_from").unwrap());
    let post = |from: &str, more: &[(&str, &str)]| {
        app.post(&path, &[&[("csrf", csrf.as_str()), ("began_from", from)][..], more].concat())
    };
    let page = post(
        &from,
        &[
            ("title", ""),
            ("contact", "nobody"),
            ("numbers_protect", "the act"),
            ("pass_protect", ""),
            ("district_help_url", "http://x"),
        ],
    );
    page.assert_wrong(&["contact", "title", "district_help_url", "numbers_protect"]);
    let page = post(&from, &[("pass_protect", "")]);
    page.assert_wrong(&["pass_protect"]);
    let toml = |v: usize| {
        tables(&app).rows::<(String,)>("content", &format!("campaign_files WHERE path = 'campaign.toml' AND version_id = {v}"))[0]
            .0
            .clone()
    };
    let title = "End \"287(g)\" & more {{town}}";
    saved(&post(&from, &[("title", title), ("sign_on_safe-communities", "Sign it."), ("district_help_url", "")]), 2);
    let (before, after) = (toml(1), toml(2));
    let changed: Vec<_> = after.lines().filter(|line| !before.contains(*line)).collect();
    assert_eq!(changed, [r#"title = 'End "287(g)" & more {{town}}'"#, r#"sign_on = "Sign it.""#], "only these lines are new");
    assert_eq!(before.matches('#').count(), after.matches('#').count(), "no note is lost");
    assert!(app.get("/campaigns/ma-287g").text().contains(title));
    // The second to save is told; what the first changed elsewhere in the file stays.
    let page = post(&from, &[("summary", "Mine.")]);
    assert_eq!(page.status, 422);
    assert!(
        page.text().contains("Somebody else was faster") && page.typed("summary").as_deref() == Some("Mine."),
        "{}",
        page.text()
    );
    saved(&post(&page.field("began_from").unwrap(), &[("summary", "Mine.")]), 3);
    assert!(toml(3).contains("summary = \"Mine.\"") && toml(3).contains("Sign it."));
    // As a file: exact messages, and what must not change does not.
    let file = format!("{TEXT}/edit/settings-file");
    for (old, new, said) in [
        ("slug = \"ma-287g\"", "slug = \"other\"", "Slug: can't change"),
        ("time_zone = \"America/New_York\"", "time_zone = \"UTC\"", "Time_zone: can't change"),
        ("state = \"ma\"", "state = ", "Line 2"),
        ("sender =", "sneder =", "Line "),
        ("offices = [\"upper\", \"lower\", \"governor\"]", "offices = []", "Line "),
    ] {
        let page = save(&app, &file, &[("body", &toml(3).replace(old, new))]);
        page.assert_wrong(&["body"]);
        assert!(page.mistakes()[0].1.starts_with(said), "{:?}", page.mistakes());
    }
    saved(&save(&app, &file, &[("body", &format!("# A note.\n{}", toml(3)))]), 4);
}

#[test]
fn letters_for_a_stand_come_and_go_but_never_the_plain_one() {
    let app = editor();
    let page = app.get(TEXT);
    assert!(!page.body.contains("<option value=\"governor"), "the governor signs no bills");
    let csrf = page.field("csrf").unwrap();
    let post = |path: &str, text: &str, from: &str| {
        app.post(&format!("{TEXT}/letters{path}"), &[("csrf", &csrf), ("text", text), ("began_from", from)])
    };
    saved(&post("/remove", "lower-signed", "1"), 2);
    assert!(app.get(TEXT).body.contains("<option value=\"lower-signed\">"));
    assert_eq!(app.get(&format!("{TEXT}/edit/lower-signed")).status, 404);
    let page = post("", "lower-signed", "2");
    assert!(page.location.unwrap().ends_with("/edit/lower-signed?saved=3"));
    assert_eq!(app.get(&format!("{TEXT}/edit/lower-signed")).typed("body"), app.get(&format!("{TEXT}/edit/lower")).typed("body"));
    for (path, text, status) in [
        ("/remove", "lower", 400),
        ("/remove", "governor", 400),
        ("/remove", "page", 400),
        ("/remove", "../../etc", 404),
        ("", "settings", 400),
        ("", "lower-signed/../x", 404),
    ] {
        assert_eq!(post(path, text, "3").status, status, "{path} {text}");
    }
    assert!(post("", "lower", "3").location.unwrap().ends_with("?late=1"));
    // Somebody else changed it since the list was opened.
    saved(&save(&app, &format!("{TEXT}/edit/upper-signed"), &[("body", "Thanks.\n")]), 4);
    assert!(post("/remove", "upper-signed", "3").location.unwrap().ends_with("?late=1"));
    assert_eq!(version(&app), 4);
}

#[test]
fn a_new_campaign_is_a_copy_that_is_not_open_yet() {
    let app = editor();
    let csrf = app.get("/staff/campaigns/new").field("csrf").unwrap();
    let make = |slug: &str, title: &str, opens: &str| {
        app.post(
            "/staff/campaigns/new",
            &[("csrf", &csrf), ("from", "ma-287g"), ("slug", slug), ("title", title), ("opens", opens)],
        )
    };
    for (slug, said) in [
        ("ma-287g", "There is a campaign called \"ma-287g\" already. Choose another short name."),
        ("new", "This short name is kept for the console itself. Choose another."),
        ("Upper Case", "can't be a campaign's short name"),
        ("../x", "can't be a campaign's short name"),
        ("", "can't be a campaign's short name"),
    ] {
        let page = make(slug, "A copy", "2026-12-01T09:00");
        page.assert_wrong(&["slug"]);
        assert!(page.mistakes()[0].1.contains(said), "{:?}", page.mistakes());
        assert_eq!(page.typed("slug").as_deref(), Some(slug));
    }
    make("a-copy", " ", "tomorrow").assert_wrong(&["title", "opens"]);
    let page = make("a-copy", "A \"copy\"", "2026-12-01T09:00");
    assert_eq!(page.location.as_deref(), Some("/staff/campaigns/a-copy/text"), "{}", page.text());
    assert_eq!(app.get("/staff/campaigns/a-copy/text").status, 200);
    let public = app.get("/campaigns/a-copy").text();
    assert!(public.contains("A \"copy\"") && public.contains("It opens on December 1, 2026"), "{public}");
    assert!(app.get("/staff").text().contains("A \"copy\""));
    let page = save(&app, "/staff/campaigns/a-copy/text/edit/upper", &[("body", "Of the copy.\n")]);
    saved(&page, 2);
    assert_ne!(app.get(SENATE).typed("body").as_deref(), Some("Of the copy.\n"));
    assert_eq!(tables(&app).count("audit_log WHERE act = 'campaign.made' AND subject = 'campaign a-copy'"), 1);
}

#[test]
fn only_editors_change_texts_and_only_from_their_own_form() {
    let app = editor();
    let csrf = app.get(SENATE).field("csrf").unwrap();
    let acts = |csrf: &str| {
        [
            (
                SENATE.to_owned(),
                vec![("csrf", csrf.to_owned()), ("began_from", "1".into()), ("subject", "S".into()), ("body", "B".into())],
            ),
            (format!("{TEXT}/edit/settings"), vec![("csrf", csrf.to_owned()), ("began_from", "1".into()), ("title", "T".into())]),
            (format!("{TEXT}/back"), vec![("csrf", csrf.to_owned()), ("version", "1".into())]),
            (
                format!("{TEXT}/letters/remove"),
                vec![("csrf", csrf.to_owned()), ("text", "lower-signed".into()), ("began_from", "1".into())],
            ),
            (format!("{TEXT}/letters"), vec![("csrf", csrf.to_owned()), ("text", "lower-signed".into())]),
            (
                "/staff/campaigns/new".to_owned(),
                vec![("csrf", csrf.to_owned()), ("from", "ma-287g".into()), ("slug", "x".into())],
            ),
        ]
    };
    let refused = |app: &TestApp, csrf: &str| {
        for (path, fields) in acts(csrf) {
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            assert_eq!(app.post(&path, &fields).status, 403, "{path}");
        }
    };
    refused(&app, "");
    refused(&app, "forged");
    app.with_login("vic@example.org", Role::Viewer);
    app.post("/staff/logout", &[("csrf", &csrf)]);
    app.log_in("vic@example.org", PASSWORD);
    refused(&app, &csrf);
    let own = app.get(SENATE);
    assert!(own.status == 200 && own.body.contains(" readonly") && !own.body.contains("value=\"save\""), "a viewer reads");
    refused(&app, &own.field("csrf").unwrap());
    assert_eq!(app.get("/staff/campaigns/new").status, 403);
    for path in [TEXT.to_owned(), format!("{TEXT}/versions"), format!("{TEXT}/compare/page"), format!("{TEXT}/edit/settings")] {
        assert_eq!(app.get(&path).status, 200, "{path}");
    }
    for path in ["edit/nothing", "edit/page.md", "edit/..%2fpage", "compare/nothing", "edit/governor-signed"] {
        assert_eq!(app.get(&format!("{TEXT}/{path}")).status, 404, "{path}");
    }
    assert_eq!(
        (version(&app), tables(&app).count("campaigns"), tables(&app).count("audit_log WHERE act LIKE 'campaign.%'")),
        (1, 1, 0)
    );
}

#[test]
fn a_preview_is_the_letter_as_its_office_gets_it_and_keeps_nothing() {
    let app = editor();
    let page = app.get(SENATE);
    assert!(page.header("content-security-policy").contains("connect-src 'self'"));
    assert!(!app.get(TEXT).header("content-security-policy").contains("connect-src"));
    let counts = |app: &TestApp| {
        ["messages", "message_texts", "signups", "supporters", "audit_log", "campaign_versions"]
            .map(|table| tables(app).count(table))
    };
    let before = counts(&app);
    let office = |name: &str| {
        let tag = page
            .body
            .split("<option value=\"")
            .find(|tag| tag.contains(name))
            .unwrap_or_else(|| panic!("{name} can't be chosen"));
        tag.split('"').next().unwrap().to_owned()
    };
    let preview = |text: &str, subject: &str, body: &str, office: &str| {
        send(&app, &format!("{TEXT}/edit/{text}/preview"), &page, &[("subject", subject), ("body", body), ("office", office)])
    };
    // With the district's own town, exactly as it is sent, under the headers of a letter.
    let shown = preview("upper", "From {{town}} & on", "To {{official.name}} of {{district}}.", &office("Harborlight"));
    let text = shown.text();
    assert_eq!(shown.status, 200);
    for part in [
        "Ana Example via Massachusetts Standout <letters@campaign.example>",
        "Ana Example <ana@example.org>",
        "Wren Harborlight",
        "Dear ",
        "(If supporters add words of their own, they stand here.)",
        "1 Example Street",
    ] {
        assert!(text.contains(part), "no {part} in:\n{text}");
    }
    assert!(!shown.body.contains("<html"), "a fragment");
    // Which letter each official gets is for where they stand; the select says so, and so does the preview.
    let groups: Vec<&str> = page.body.split("<optgroup label=\"").skip(1).map(|group| group.split('"').next().unwrap()).collect();
    assert!(!groups.is_empty() && groups.iter().all(|group| group.starts_with("They get")), "{groups:?}");
    for word in ["upper", "upper-signed", "upper-partly", "lower", "lower-signed", "lower-partly", "governor", "page"] {
        let page = app.get(&format!("{TEXT}/edit/{word}"));
        let (subject, body) = (page.typed("subject").unwrap_or_default(), page.typed("body").unwrap());
        let shown = preview(word, &subject, &body, "");
        assert!(shown.status == 200 && !shown.body.contains("note trouble"), "{word}: {}", shown.text());
        assert!(page.body.contains(shown.body.trim()), "{word}: the page shows the same at first");
    }
    // A mistake is told in its place; nothing of it is a failure of the service.
    let shown = preview("upper", "S", "One\n{{twon}}", "");
    assert!(shown.status == 200 && shown.text().contains("Line 2: there is no field \"twon\""), "{}", shown.text());
    for (path, status) in [("nothing", 404), ("upper", 200)] {
        assert_eq!(preview(path, "S", "B", "999999").status, status);
    }
    // Without script: the same page with everything typed.
    let whole = send(
        &app,
        SENATE,
        &page,
        &[("do", "preview"), ("subject", "Typed"), ("body", "<b>Typed</b> {{town}}.\n"), ("office", &office("Harborlight"))],
    );
    assert_eq!((whole.status, whole.typed("body").as_deref()), (200, Some("<b>Typed</b> {{town}}.\n")));
    assert!(whole.text().contains("Wren Harborlight") && !whole.body.contains("<b>Typed</b> "), "escaped");
    // The page as the public reads it.
    let shown = preview("page", "", "## Hello\n\n<script>alert(1)</script>\n\n[x](javascript:alert(1))", "");
    assert!(
        shown.body.contains("<h2>Hello</h2>") && !shown.body.contains("<script") && !shown.body.contains("javascript:"),
        "{}",
        shown.body
    );
    assert_eq!(counts(&app), before, "nothing is kept");
    // As many as a person asks for, and not more.
    let limited = (0..70).map(|_| preview("page", "", "Hello.", "")).find(|page| page.status == 429).expect("a limit");
    assert!(!limited.header("retry-after").is_empty());
}

#[test]
fn a_test_goes_to_its_writer_alone_and_counts_nowhere() {
    let app = editor();
    app.confirmed(&Typed::new("ana@example.org"));
    app.mails(2);
    app.until("the letters are on record as sent", || app.letters(MessageState::Sent) == 2);
    let all = |app: &TestApp| {
        let names = ["counts", "messages", "message_texts", "attempts", "signups", "supporters", "pauses", "campaign_versions"];
        let sum = names.map(|table| tables(app).count(table));
        (
            sum,
            tables(app)
                .rows::<(String, String, String, i64)>("dimension, key, metric, n", "counts ORDER BY dimension, key, metric"),
        )
    };
    let before = all(&app);
    let page = app.get(SENATE);
    let typed = [("do", "test"), ("subject", "From {{town}}"), ("body", "As typed, not saved, to {{official.name}}.\n")];
    let sent = send(&app, SENATE, &page, &typed);
    assert!(sent.status == 200 && sent.text().contains("A test is on its way to editor@example.org"), "{}", sent.text());
    assert_eq!(sent.typed("body").as_deref(), Some("As typed, not saved, to {{official.name}}.\n"));
    let mail = app.mails(1).remove(0);
    assert_eq!((mail.to.as_slice(), mail.from.as_str()), (&["editor@example.org".to_owned()][..], "letters@campaign.example"));
    let read = read_mail(&mail.data).unwrap();
    assert!(read.subject.starts_with("[Test] From "), "{}", read.subject);
    assert!(
        read.text.starts_with("Dear ") && read.text.contains("As typed, not saved, to ") && read.text.contains("Ana Example"),
        "{}",
        read.text
    );
    app.until("the page says what became of it", || app.get(SENATE).text().contains("was accepted by the mail server."));
    assert_eq!(all(&app), before, "no letter, no count, no attempt, no supporter, no version");
    assert_eq!(tables(&app).rows::<(String,)>("body_text", "staff_mails"), [(String::new(),)], "its text is gone");
    assert_eq!(tables(&app).count("audit_log WHERE act = 'campaign.test' AND who = 'editor@example.org'"), 1);
    // What can't be sent is told instead.
    let wrong = send(&app, SENATE, &page, &[("do", "test"), ("body", "{{twon}}")]);
    assert!(wrong.text().contains("there is no field") && !wrong.text().contains("on its way"), "{}", wrong.text());
    // So many an hour.
    for _ in 0..9 {
        assert!(send(&app, SENATE, &page, &typed).text().contains("on its way"));
    }
    assert!(send(&app, SENATE, &page, &typed).text().contains("many tests within the hour"));
    app.mails(9);
    assert_eq!(tables(&app).count("staff_mails"), 10);
}

#[test]
fn a_test_says_what_the_mail_server_minds() {
    let app = editor();
    app.smtp.set_script(Script::default().on(At::Rcpt, Action::reply("550 5.7.1 not from here")));
    let page = app.get(SENATE);
    send(&app, SENATE, &page, &[("do", "test")]);
    app.until("the page says why", || app.get(SENATE).text().contains("could not be sent. The mail server said: 550"));
    assert_eq!(tables(&app).count("pauses"), 0, "a test stops no letters");
}
