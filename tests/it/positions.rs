//! Where officials stand: evidence by the command, shown with its source, and letters that follow it.

use standout::domain::Role;

use crate::support::app::{Page, TestApp, unescape};
use crate::support::journey::{CAMPAIGN, Typed, text_of};

const MEASURES: &str = "/staff/campaigns/ma-287g/measures";
const HEADER: &str = "bill,openstates_person_id,name,date_added,signed,source,as_of";
const OTIS: &str = "demo-person/house-2nd-harbor,Otis Foghorn";
const LINUS: &str = "demo-person/house-4th-harbor,Linus Saltmarsh";

fn from(city: &str) -> Typed {
    Typed::new("ana@example.org").with("city", city)
}

/// The page's words with single spaces, from `start` up to `end`.
fn part(page: &Page, start: &str, end: &str) -> String {
    let text = page.text();
    let text = text.split_once(start).unwrap_or_else(|| panic!("no {start} in:\n{text}")).1;
    let text = text.split_once(end).unwrap_or_else(|| panic!("no {end} in:\n{text}")).0;
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The body of the letter to the House as it is mailed to somebody's representative.
fn house_letter(app: &TestApp, email: &str, city: &str) -> String {
    app.confirmed(&Typed::new(email).with("city", city));
    let letters = app.mails(2);
    let letter = letters.iter().find(|letter| text_of(letter).starts_with("Dear Representative")).expect("a letter to the House");
    assert!(text_of(letter).split_whitespace().count() < 250, "{}", text_of(letter));
    format!("Subject: {}\n\n{}", letter.header("Subject").unwrap(), text_of(letter))
}

fn evidence(app: &TestApp, name: &str, rows: &[String]) -> String {
    let file = app.dir.path().join(name);
    std::fs::write(&file, format!("{HEADER}\n{}\n", rows.join("\n"))).unwrap();
    file.to_str().unwrap().to_owned()
}

#[test]
fn a_letter_to_one_who_signed_thanks_and_asks_to_bring_others() {
    let app = TestApp::start();
    insta::assert_snapshot!(house_letter(&app, "ana@example.org", "Driftmere"));
}

#[test]
fn a_letter_to_one_who_signed_some_thanks_and_asks_for_the_rest() {
    let app = TestApp::start();
    let rows = [format!("H.2580,{LINUS},2025-02-19,Y,a list,2026-01-01"), format!("H.1588,{LINUS},,N,a list,2026-01-01")];
    app.command(&["positions", "import", &evidence(&app, "a.csv", &rows)]);
    app.until("the import is in force", || app.preview(&from("Lanternport")).text().contains("a list"));
    insta::assert_snapshot!(house_letter(&app, "ana@example.org", "Lanternport"));
}

#[test]
fn a_letter_to_one_who_has_not_signed_names_the_bill_and_the_day() {
    let app = TestApp::start();
    let letter = house_letter(&app, "ana@example.org", "Saltwick");
    assert!(letter.contains("A public list of March 30, 2026 does not show your name on the Safe Communities Act"), "{letter}");
    insta::assert_snapshot!(letter);
}

#[test]
fn a_letter_that_asks_for_two_names_is_still_short() {
    let app = TestApp::start();
    let letter = house_letter(&app, "ana@example.org", "Quincewater");
    let said = "A public list of March 30, 2026 does not show your name on the Safe Communities Act, nor does one of March 30, 2026 on \
                the Dignity Not Deportations Act. Will you sign on?";
    assert!(letter.contains(said), "{letter}");
}

#[test]
fn where_nothing_is_known_or_sources_disagree_nobody_is_thanked_or_blamed() {
    let app = TestApp::start();
    for (email, city) in [("ana@example.org", "Lanternport"), ("bo@example.org", "Foghollow")] {
        let letter = house_letter(&app, email, city);
        assert!(!letter.contains("Thank you for") && !letter.contains("does not show your name"), "{letter}");
        assert!(letter.contains("- Safe Communities Act (H.2580 / S.1681): Please sign on if you have not"), "{letter}");
    }
}

#[test]
fn the_check_page_says_where_each_official_stands_and_who_says_so() {
    let app = TestApp::start();
    let page = app.preview(&from("Saltwick"));
    let senator = part(&page, "Your state senator", "Your state representative");
    for said in [
        "Safe Communities Act: leads it, January 17, 2025 (example.org, new tab)",
        "Dignity Not Deportations Act: signed on, February 27, 2025 (example.org, new tab)",
        "PROTECT Act: voted for it, May 7, 2026 (example.org, new tab)",
    ] {
        assert!(senator.contains(said), "no {said} in: {senator}");
    }
    assert!(page.body.contains("<a href=\"https://example.org/demo/s1681\" rel=\"noopener noreferrer\" target=\"_blank\">"));
    let representative = part(&page, "Your state representative", "The governor");
    let said = "Safe Communities Act: had not signed on as of March 30, 2026 (A scorecard made up for the demo)";
    assert!(representative.contains(said) && representative.contains("PROTECT Act: not known"), "{representative}");
    assert!(!page.text().to_lowercase().contains("opposed"));
}

#[test]
fn a_conflict_shows_both_sides() {
    let app = TestApp::start();
    let shown = part(&app.preview(&from("Foghollow")), "Your state representative", "The governor");
    let said = "Safe Communities Act: sources disagree: signed on, February 19, 2025 (example.org, new tab) \
                had not signed on as of March 30, 2026 (A scorecard made up for the demo)";
    assert!(shown.contains(said), "{shown}");
}

#[test]
fn while_a_district_is_to_be_chosen_the_letter_is_for_a_stand_that_is_not_known() {
    let app = TestApp::start();
    let page = app.preview(&from("Gullhaven"));
    let text = page.text();
    for name in ["Where they stand: Representative Marigold Driftwood", "Where they stand: Representative Otis Foghorn"] {
        assert!(text.contains(name), "no {name} in:\n{text}");
    }
    let letters = unescape(page.body.split_once("<h2>What we send").unwrap().1);
    assert!(!letters.contains("Thank you for") && !letters.contains("does not show your name"), "{letters}");
    assert!(letters.contains("Please sign on if you have not"));
}

#[test]
fn importing_says_what_is_new_and_where_sources_disagree_and_twice_changes_nothing() {
    let app = TestApp::start();
    let before = app.rows("positions");
    let rows = [
        format!("H.2580,{LINUS},2025-02-19,Y,https://example.org/list,2025-03-10"),
        format!("h 2580/S1681,{LINUS},,N,a scorecard,2026-03-30"),
        "H.2580,gone-person,Ana Gone,,Y,a list,2025-03-10".to_owned(),
        "H.2580,,Bo Gone,,Y,a list,2025-03-10".to_owned(),
    ];
    let file = evidence(&app, "a.csv", &rows);
    let dry = app.command(&["positions", "import", &file, "--dry-run"]);
    assert!(dry.contains("Nothing was changed (--dry-run)."), "{dry}");
    assert_eq!(app.rows("positions"), before);

    let output = app.standout(&["positions", "import", &file]);
    let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    for said in [
        "new: Linus Saltmarsh, H2580: signed on 2025-02-19 (https://example.org/list, seen on 2025-03-10)",
        "Where sources disagree (1 case), both sides are kept and shown:\n  Linus Saltmarsh, Safe Communities Act:\n    \
         H2580: signed on 2025-02-19 (https://example.org/list, seen on 2025-03-10)\n    \
         H2580/S1681: had not signed (a scorecard, seen on 2026-03-30)",
        "3 new, 0 seen again on a later day, 0 known already.",
    ] {
        assert!(out.contains(said), "no {said} in:\n{out}");
    }
    assert!(err.contains("1 of the people are not in the roster") && err.contains("line 5: Bo Gone has no person id"), "{err}");
    assert_eq!(app.rows("positions"), before + 3);

    let again = app.command(&["positions", "import", &file]);
    assert!(again.contains("0 new, 0 seen again on a later day, 3 known already."), "{again}");
    let newer = evidence(&app, "b.csv", &[format!("H.2580/S.1681,{LINUS},,N,a scorecard,2026-06-30")]);
    assert!(app.command(&["positions", "import", &newer]).contains("0 new, 1 seen again on a later day"));
    let older = evidence(&app, "c.csv", &[format!("H.2580/S.1681,{LINUS},,N,a scorecard,2026-01-30")]);
    app.command(&["positions", "import", &older]);
    assert_eq!(app.rows("positions"), before + 3);
    assert_eq!(app.rows("positions WHERE as_of = '2026-06-30' AND source = 'a scorecard'"), 1);
}

#[test]
fn a_source_that_corrects_itself_replaces_its_word() {
    let app = TestApp::start();
    let before = app.rows("positions");
    let mut said = Vec::new();
    for (name, row) in [("a.csv", "2025-02-19,Y"), ("b.csv", ",N"), ("c.csv", "2025-02-19,Y"), ("d.csv", ",N")] {
        let as_of = if name == "d.csv" { "2026-01-01" } else { "2026-02-01" };
        let file = evidence(&app, name, &[format!("H.2580,{LINUS},{row},a list,{as_of}")]);
        let out = app.command(&["positions", "import", &file]);
        assert!(!out.contains("Where sources disagree (1 case)"), "{out}");
        assert_eq!(app.rows("positions"), before + 1);
        said.push(["signed", "not_signed"].map(|act| app.rows(&format!("positions WHERE source = 'a list' AND act = '{act}'"))));
    }
    assert_eq!(said, [[1, 0], [0, 1], [1, 0], [1, 0]], "an older look changes nothing");
}

#[test]
fn a_file_that_can_not_be_used_changes_nothing_and_says_why() {
    let app = TestApp::start();
    let before = app.rows("positions");
    let refused = |text: &str| {
        let file = app.dir.path().join("bad.csv");
        std::fs::write(&file, text).unwrap();
        let output = app.standout(&["positions", "import", file.to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(1));
        String::from_utf8(output.stderr).unwrap()
    };
    let error = refused("bill,name,as_of\nH.1,Ana,2026-01-01\n");
    assert!(error.contains("bad.csv has no column \"openstates_person_id\", \"signed\", \"source\""), "{error}");
    let error = refused(&format!("{HEADER}\nH.2580,{LINUS},2025-02-19,Y,a list,2025-03-10\nH.2580,{OTIS},,Y,a list,in March\n"));
    assert!(error.contains("line 3: as_of: \"in March\" is no day"), "{error}");
    assert_eq!(app.rows("positions"), before);
}

#[test]
fn lead_sponsors_are_found_by_name() {
    let app = TestApp::start();
    let file = app.dir.path().join("bills.csv");
    let bills = "bill,common_name,title,lead_sponsors,status,status_as_of,source\n\
                 H.1588,An Act,An Act,Ines Q. Quillfeather; Nobody Here,In committee,2026-01-01,https://example.org/h1588\n";
    std::fs::write(&file, bills).unwrap();
    let output = app.standout(&["positions", "import", file.to_str().unwrap()]);
    assert!(output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("line 2: Nobody Here, who leads H.1588, fits nobody"));
    assert_eq!(app.rows("positions WHERE act = 'lead_sponsor' AND bills = 'h1588'"), 1);
    // A bill may have a fuller name than the roster; acts that come with it tell whose it is.
    let acts = app.dir.path().join("acts.csv");
    std::fs::write(&acts, format!("{HEADER},name_on_bill\nH.1588,{LINUS},,Y,a list,2026-01-01,Nobody Here\n")).unwrap();
    app.command(&["positions", "import", file.to_str().unwrap(), acts.to_str().unwrap()]);
    assert_eq!(app.rows("positions WHERE act = 'lead_sponsor' AND person_id = 'demo-person/house-4th-harbor'"), 1);
    app.until("the import is in force", || app.preview(&from("Saltwick")).text().contains("leads it, as of January 1, 2026"));
}

#[test]
fn an_editor_changes_the_ask_and_the_next_letter_follows_without_a_restart() {
    let app = TestApp::start();
    app.logged_in(Role::Editor);
    let signed = app.signed_up(&from("Saltwick"));
    let page = app.get(MEASURES);
    assert!(app.get("/staff/campaigns/ma-287g/text").body.contains(&format!("href=\"{MEASURES}\"")));
    let csrf = page.field("csrf").unwrap();
    let fields = [("csrf", csrf.as_str()), ("ask_safe-communities", "pass")];
    assert_eq!(app.post(MEASURES, &fields).location.as_deref(), Some(&*format!("{MEASURES}?done=asks")));
    assert!(app.get(&format!("{MEASURES}?done=asks")).text().contains("Saved."));

    let preview = app.preview(&from("Saltwick")).text();
    assert!(preview.contains("Safe Communities Act (H.2580 / S.1681): Please vote for it"), "{preview}");
    assert!(!preview.contains("does not show your name"), "nobody is asked to sign what is past signing: {preview}");
    let letter = house_letter(&app, "bo@example.org", "Saltwick");
    assert!(
        letter.contains("Please vote for it, and press for that vote") && !letter.contains("does not show your name"),
        "{letter}"
    );
    // What was signed before stays.
    assert!(app.get(&signed).text().contains("does not show your name on the Safe Communities Act"));
    let option = app.get(MEASURES);
    assert!(option.tag("name=\"ask_safe-communities\" value=\"pass\"").unwrap().ends_with("checked"));
    // The PROTECT Act has no words for signing on.
    for wrong in [("ask_protect", "sign_on"), ("ask_safe-communities", "oppose")] {
        assert_eq!(app.post(MEASURES, &[("csrf", &csrf), wrong]).status, 400);
    }
    assert_eq!(app.post(MEASURES, &[("csrf", "forged"), ("ask_safe-communities", "sign_on")]).status, 403);
    assert_eq!(app.rows("campaign_asks WHERE ask = 'pass'"), 1);
}

#[test]
fn a_viewer_sees_the_asks_and_the_stands_and_changes_nothing() {
    let app = TestApp::start();
    assert_eq!(app.get(MEASURES).location.as_deref(), Some("/staff/login"));
    app.logged_in(Role::Viewer);
    let page = app.get(MEASURES);
    let text = page.text();
    for said in ["Safe Communities Act", "H.2580, S.1681", "Sources disagree", "Not known", "State House"] {
        assert!(text.contains(said), "no {said} in:\n{text}");
    }
    assert!(page.body.contains(" disabled>") && !page.body.contains("Save what letters ask for"));
    let csrf = page.field("csrf").unwrap();
    assert_eq!(app.post(MEASURES, &[("csrf", &csrf), ("ask_safe-communities", "pass")]).status, 403);
    assert_eq!(app.rows("campaign_asks"), 0);
    // 6 in the House: who leads the Safe Communities Act, signed it, has not, and of whom sources disagree or nothing is known.
    let counts = part(&page, "State House", "Dignity");
    assert!(counts.replace(' ', "").starts_with("1120011"), "{counts}");
}

#[test]
fn a_campaign_with_mistakes_in_asks_or_letters_is_refused_by_name() {
    let app = TestApp::start();
    let folder = app.campaign_folder();
    let (settings, letter) = (folder.join("campaign.toml"), folder.join("letters/lower.sigend.txt.hbs"));
    let good = std::fs::read_to_string(&settings).unwrap();
    let refused = || {
        let output = app.standout(&["campaigns", "import", folder.to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(1));
        String::from_utf8(output.stderr).unwrap()
    };
    std::fs::write(&settings, good.replacen("ask = \"sign_on\"", "ask = \"sign\"", 1)).unwrap();
    assert!(refused().contains("measure \"safe-communities\": \"sign\" is no ask"), "{}", refused());
    std::fs::write(&settings, good.replacen("implement =", "celebrate =", 1)).unwrap();
    assert!(refused().contains("\"celebrate\" is no ask; write sign_on, pass or implement"), "{}", refused());
    std::fs::write(&settings, &good).unwrap();
    std::fs::write(&letter, "Subject: x\n\nText.\n").unwrap();
    assert!(refused().contains("campaigns/ma-287g/letters/lower.sigend.txt.hbs: is no letter's name"), "{}", refused());
    std::fs::remove_file(&letter).unwrap();
    // A name that only officials who signed would meet.
    std::fs::write(folder.join("letters/lower.partly.txt.hbs"), "Subject: x\n\n{{#each thanks}}{{nmae}}{{/each}}\n").unwrap();
    assert!(
        refused().contains("letters/lower.partly.txt.hbs, line 3: there is no field \"nmae\"; perhaps you mean \"name\""),
        "{}",
        refused()
    );
    assert_eq!(app.get(CAMPAIGN).status, 200);
}
