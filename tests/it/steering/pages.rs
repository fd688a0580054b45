//! The pages of a campaign's and an office's steering, and what they change.

use std::time::Duration;

use standout::domain::MessageState::{Queued, Sent};
use standout::domain::Role;

use super::{CONSOLE, LOWER, log, send, tables, with};
use crate::support::app::TestApp;
use crate::support::journey::{CAMPAIGN, Typed};

const STEERING: &str = "/staff/campaigns/ma-287g/steering";

fn office_of(app: &TestApp, mailbox: &str) -> i64 {
    tables(app).rows::<(i64,)>("office_id", &format!("officials WHERE email = '{mailbox}'"))[0].0
}

#[test]
fn a_campaign_is_paused_with_a_reason_and_resumed_with_one() {
    let app = with(Role::Editor);
    let link = app.signed_up(&Typed::new("ana@example.org"));
    let page = send(&app, STEERING, &format!("{STEERING}/pause"), &[("reason", "  ")]);
    page.assert_wrong(&["reason"]);
    assert_eq!(tables(&app).count("staff_pauses"), 0);
    let page = send(&app, STEERING, &format!("{STEERING}/pause"), &[("reason", "the hearing is today")]);
    assert_eq!((page.status, page.location.as_deref()), (303, Some(&*format!("{STEERING}?done=paused"))));
    let page = send(&app, STEERING, &format!("{STEERING}/pause"), &[("reason", "me too")]);
    assert_eq!(page.location.as_deref(), Some(&*format!("{STEERING}?done=nothing")), "who was second is told");
    assert_eq!(app.post(&link, &[]).status, 303);
    assert_eq!(app.post(&link, &[]).status, 303);
    std::thread::sleep(Duration::from_millis(1100));
    assert_eq!((app.letters(Queued), app.letters(Sent)), (2, 0));
    let text = app.get(STEERING).text();
    for words in
        ["Paused by editor@example.org", "the hearing is today", "0 of 2 letters would go now", "not before it is resumed"]
    {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert!(app.get("/staff/sending").text().contains("Campaign paused"));
    let page = send(&app, STEERING, &format!("{STEERING}/resume"), &[("reason", "it is over")]);
    assert_eq!(page.status, 303);
    app.mails(2);
    app.until("they went", || app.letters(Sent) == 2);
    let paused = ("editor@example.org".to_owned(), "campaign ma-287g".to_owned(), "the hearing is today".to_owned());
    assert_eq!((log(&app, "campaign.paused"), log(&app, "campaign.resumed").len()), (vec![paused], 1));
}

#[test]
fn hours_are_kept_and_nonsense_is_refused_in_words() {
    let app = with(Role::Editor);
    let path = format!("{STEERING}/hours");
    for (fields, field) in [
        (&[("day_0", "yes"), ("from", "17:00"), ("until", "09:00")][..], "until"),
        (&[("day_0", "yes"), ("from", "nine"), ("until", "17:00")], "from"),
        (&[("from", "09:00"), ("until", "17:00")], "day_0"),
    ] {
        let page = send(&app, STEERING, &path, fields);
        assert_eq!((page.status, page.mistakes()[0].0.as_str()), (422, field), "{}", page.text());
    }
    assert_eq!(tables(&app).count("campaign_hours"), 0);
    let week: Vec<(String, &str)> = (0..5).map(|day| (format!("day_{day}"), "yes")).collect();
    let mut fields: Vec<(&str, &str)> = week.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    fields.extend([("from", "09:00"), ("until", "17:00")]);
    assert_eq!(send(&app, STEERING, &path, &fields).status, 303);
    let text = app.get(STEERING).text();
    assert!(text.contains("Letters go: Monday to Friday, 09:00 to 17:00, by the clock of America/New_York"), "{text}");
    assert!(text.contains("They go on November 23, 2026, 9:00 am"), "it is Sunday: {text}");
    assert_eq!(log(&app, "campaign.hours")[0].2, "Monday to Friday, 09:00 to 17:00; before: always");
}

#[test]
fn dates_of_staff_win_and_the_public_page_obeys() {
    let app = with(Role::Editor);
    let path = format!("{STEERING}/dates");
    let page = send(&app, STEERING, &path, &[("opens", "2026-12-02T09:00"), ("closes", "2026-12-01T09:00")]);
    page.assert_wrong(&["closes"]);
    assert_eq!(page.field("opens").as_deref(), Some("2026-12-02T09:00"), "what was typed is kept");
    assert_eq!(send(&app, STEERING, &path, &[("opens", "soon"), ("closes", "")]).status, 422);
    assert!(app.get(CAMPAIGN).field("form_token").is_some());
    assert_eq!(send(&app, STEERING, &path, &[("opens", ""), ("closes", "2026-11-22T09:00")]).status, 303);
    assert!(app.get(CAMPAIGN).field("form_token").is_none(), "it closed an hour ago");
    assert!(app.get(STEERING).text().contains("until November 22, 2026, 9:00 am"));
    assert_eq!(send(&app, STEERING, &format!("{STEERING}/written-dates"), &[]).status, 303);
    assert!(app.get(CAMPAIGN).field("form_token").is_some());
    assert_eq!(log(&app, "campaign.dates").len(), 2);
}

#[test]
fn an_office_is_paused_and_has_a_pace_of_its_own() {
    let app = with(Role::Editor);
    let office = format!("/staff/sending/offices/{}", office_of(&app, LOWER));
    let text = app.get(&office).text();
    assert!(text.contains("Exchange Online takes about 1,200 messages an hour"), "{text}");
    let page = send(&app, &office, &format!("{office}/pace"), &[("a_minute", "30"), ("an_hour", "20"), ("pace_reason", "")]);
    page.assert_wrong(&["an_hour", "pace_reason"]);
    let page = send(&app, &office, &format!("{office}/pace"), &[("a_minute", "0"), ("an_hour", "20"), ("pace_reason", "x")]);
    page.assert_wrong(&["a_minute"]);
    let fields = [("a_minute", "5"), ("an_hour", "60"), ("pace_reason", "a small mailbox")];
    assert_eq!(send(&app, &office, &format!("{office}/pace"), &fields).status, 303);
    assert!(app.get(&office).text().contains("5 a minute and 60 an hour, chosen by editor@example.org"));
    assert_eq!(send(&app, &office, &format!("{office}/pause"), &[("reason", "they asked")]).status, 303);
    let page = app.get(&office);
    assert!(page.text().contains("Paused by editor@example.org"), "{}", page.text());
    assert_eq!(send(&app, &office, &format!("{office}/resume"), &[("reason", "they agreed")]).status, 303);
    assert_eq!(send(&app, &office, &format!("{office}/common-pace"), &[]).status, 303);
    assert!(app.get(&office).text().contains("The common pace"));
    for act in ["office.pace", "office.paused", "office.resumed", "office.pace_common"] {
        assert_eq!(log(&app, act).len(), 1, "{act}");
    }
    for nowhere in ["/staff/sending/offices/999999", "/staff/sending/offices/0", "/staff/sending/offices/x"] {
        assert_eq!(app.get(nowhere).status, 404, "{nowhere}");
    }
}

#[test]
fn everything_is_paused_and_only_staff_end_that() {
    let app = with(Role::Admin);
    let page = send(&app, "/staff/sending", "/staff/sending/pause", &[("reason", "")]);
    assert!(app.get(page.location.as_deref().unwrap()).text().contains("Say why"));
    assert_eq!(send(&app, "/staff/sending", "/staff/sending/pause", &[("reason", "a drill")]).status, 303);
    assert!(app.get("/staff/sending").text().contains("Paused by"));
    assert!(app.get(STEERING).text().contains("Nothing goes out, no mail to supporters either"));
    assert_eq!(app.sign_up(&Typed::new("ana@example.org")).status, 303);
    // The button for the machines' rests does not end it.
    assert_eq!(send(&app, "/staff/sending", "/staff/sending/resume", &[]).status, 303);
    std::thread::sleep(Duration::from_millis(1100));
    assert_eq!(tables(&app).count("attempts"), 0);
    assert_eq!(send(&app, "/staff/sending", "/staff/sending/end-pause", &[("reason", "the drill is over")]).status, 303);
    app.mails(1);
    assert_eq!((log(&app, "sending.paused").len(), log(&app, "sending.unpaused").len()), (1, 1));
}

#[test]
fn a_viewer_sees_it_and_changes_nothing() {
    let app = with(Role::Viewer);
    let office = format!("/staff/sending/offices/{}", office_of(&app, LOWER));
    for page in [STEERING, "/staff/sending", &office] {
        assert_eq!(app.get(page).status, 200, "{page}");
    }
    for path in [&format!("{STEERING}/pause"), "/staff/sending/pause", &format!("{office}/pause"), &format!("{STEERING}/dates")] {
        assert_eq!(send(&app, CONSOLE, path, &[("reason", "no")]).status, 403, "{path}");
        assert_eq!(app.post(path, &[("reason", "no")]).status, 403, "without its token: {path}");
    }
    assert_eq!(tables(&app).count("staff_pauses") + tables(&app).count("campaign_dates"), 0);
    assert_eq!(app.get("/staff/campaigns/nowhere/steering").status, 404);
}
