//! The overview, an office's page, stands and the map.

use super::super::nav;
use super::*;
use crate::domain::{Boundary, Chamber, DistrictName, Layer, Slug};
use crate::store::boundaries;

const CAMPAIGN: &str = "/staff/campaigns/ma-287g";

async fn with_letters(role: Role, disposition: Disposition) -> (Bench, Browser) {
    let bench = Bench::new(&[]);
    bench.login("sam@example.org", role);
    let token = bench.sign_up("ana@example.org").await;
    bench.web.intake.confirm(&token, None).await.unwrap();
    bench.send_all(disposition).await;
    let mut browser = bench.browser().await;
    browser.log_in("sam@example.org", PASSWORD).await;
    (bench, browser)
}

fn read(page: &Answered) -> String {
    page.body.replace("&#38;", "&").replace("&amp;", "&").replace("&#34;", "\"").replace("&#39;", "'")
}

fn office(bench: &Bench, district: &DistrictName) -> i64 {
    let entry = bench.web.intake.catalog().by_slug("ma-287g").unwrap();
    entry.jurisdiction.office(district).unwrap().id
}

#[actix_web::test]
async fn the_overview_leads_on_and_may_ask_for_events() {
    let (_bench, mut browser) = with_letters(Role::Editor, Disposition::Failed).await;
    let page = browser.get(CAMPAIGN).await;
    let body = read(&page);
    assert!(page.header("content-security-policy").contains("connect-src 'self'"));
    assert!(body.contains("/static/live.js") && body.contains(&format!("data-events=\"{CAMPAIGN}/events\"")));
    let links = nav::letters(Role::Editor, &Slug::parse("ma-287g").unwrap()).is_some();
    assert_eq!(body.contains(&format!("{CAMPAIGN}/letters?state=failed\"")), links, "each state leads to its letters");
    assert!(body.contains(&format!("{CAMPAIGN}/problems\"")), "what needs somebody says where");
    let towns = browser.get(&format!("{CAMPAIGN}/towns")).await;
    assert!(!towns.header("content-security-policy").contains("connect-src"), "only where numbers are kept up to date");

    let (_bench, mut browser) = with_letters(Role::Viewer, Disposition::Sent).await;
    let body = read(&browser.get(CAMPAIGN).await);
    assert!(body.contains("3 letters: 2 accepted by the office's"), "{body}");
    assert!(body.contains("November 18, 2026: 2") && body.contains("The same as numbers"), "the chart and its table: {body}");
}

#[actix_web::test]
async fn letters_that_failed_are_told_by_cause_and_go_again_together() {
    let (bench, mut browser) = with_letters(Role::Editor, Disposition::Failed).await;
    let problems = format!("{CAMPAIGN}/problems");
    let page = browser.get(&problems).await;
    assert_eq!(page.status, StatusCode::OK);
    let body = read(&page);
    assert!(body.contains("Wren Harborlight (State Senate, First Harbor)") && body.contains("What usually helps"), "{body}");
    assert!(!body.contains("ana@example.org") && !body.contains("Ana Lima"));
    let ids: Vec<&str> = body.split("name=\"letter_").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(ids.len(), 2);
    let csrf = page.csrf();
    let fields: Vec<(String, &str)> = ids.iter().map(|id| (format!("letter_{id}"), "failed")).collect();
    let mut typed: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    typed.extend([("csrf", csrf.as_str()), ("reason", "")]);
    assert_eq!(browser.post(&format!("{problems}/resend"), &typed).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    typed.pop();
    let nothing = browser.post(&format!("{problems}/resend"), &[("csrf", csrf.as_str()), ("reason", "they let us in")]).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nothing.body.contains("Choose at least one letter.") && nothing.body.contains("value=\"they let us in\""));
    let one = [typed[0], ("csrf", csrf.as_str()), ("reason", " ")];
    let kept = browser.post(&format!("{problems}/resend"), &one).await;
    assert_eq!(kept.body.matches(" checked>").count(), 1, "what was ticked is ticked still");
    typed.push(("reason", "the office lets us in"));
    let done = browser.post(&format!("{problems}/resend"), &typed).await;
    assert_eq!((done.status, done.header("location")), (StatusCode::SEE_OTHER, &*format!("{problems}?done=letters-acted")));
    // A second press finds nothing that stands as it was shown.
    let again = browser.post(&format!("{problems}/resend"), &typed).await;
    assert!(again.header("location").ends_with("?done=nothing"));
    let foreign = [("csrf", csrf.as_str()), ("reason", "x"), ("letter_999999", "failed")];
    assert!(browser.post(&format!("{problems}/resend"), &foreign).await.header("location").ends_with("?done=nothing"));
    for strange in [("letter_x", "failed"), ("letter_1", "lost")] {
        let page = browser.post(&format!("{problems}/resend"), &[("csrf", csrf.as_str()), ("reason", "x"), strange]).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{strange:?}");
    }
    let lines = bench.web.store.read(|conn| crate::store::audit::newest(conn, None, 10)).await.unwrap();
    let noted: Vec<_> =
        lines.iter().filter(|line| line.deed == "had a letter tried anew").map(|line| line.detail.as_str()).collect();
    assert_eq!(noted, [format!("letters {}: the office lets us in", ids.join(", "))], "once, with all its letters");
}

#[actix_web::test]
async fn an_office_has_a_page_and_a_strange_one_has_none() {
    let (bench, mut browser) = with_letters(Role::Editor, Disposition::Failed).await;
    let id = office(&bench, &DistrictName::new(Chamber::Upper, "First Harbor"));
    let page = browser.get(&format!("{CAMPAIGN}/offices/{id}")).await;
    assert_eq!(page.status, StatusCode::OK);
    let body = read(&page);
    for words in [
        "Wren Harborlight",
        "State Senate, First Harbor",
        "1 person signed up to write to this office, and 1 confirmed.",
        "Refused for good",
        "250 ok",
        "Nothing came back of late.",
        "Saltwick",
    ] {
        assert!(body.contains(words), "no {words} in {body}");
    }
    let links = nav::letters(Role::Editor, &Slug::parse("ma-287g").unwrap()).is_some();
    assert_eq!(body.contains(&format!("/letters?office={id}&state=failed\"")), links);
    assert!(body.contains(&format!("href=\"{CAMPAIGN}/offices/{id}/report\"")));
    assert!(!body.contains("ana@example.org") && !body.contains("Ana Lima"));
    for strange in ["0", "999999", "-1", "x", "99999999999999999999", "1%20or%201"] {
        let page = browser.get(&format!("{CAMPAIGN}/offices/{strange}")).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{strange}");
    }
}

#[actix_web::test]
async fn numbers_by_stand_add_up_to_the_whole_for_each_measure() {
    let (_bench, mut browser) = with_letters(Role::Viewer, Disposition::Sent).await;
    let page = browser.get(&format!("{CAMPAIGN}/stands?sort=total&dir=desc")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("Not known") && page.body.contains("for each measure"), "{}", page.body);
}

#[actix_web::test]
async fn the_map_is_drawn_from_outlines_and_says_what_to_import_without() {
    let (bench, mut browser) = with_letters(Role::Viewer, Disposition::Sent).await;
    let page = browser.get(&format!("{CAMPAIGN}/map")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(
        page.body.contains("standout districts import FILE --chamber upper --state ma")
            && !page.body.contains("<svg viewBox=\"0 0 0")
    );
    assert!(page.body.contains("First Harbor"), "the table is there all the same");

    let state = UsState::parse("ma").unwrap();
    let first = office(&bench, &DistrictName::new(Chamber::Upper, "First Harbor"));
    let square = |x: f64| {
        let end = x + 1.0;
        format!(r#"{{"type":"Polygon","coordinates":[[[{x},42],[{end},42],[{end},43],[{x},43],[{x},42]]]}}"#)
    };
    let outline = |name: &str, x: f64| Boundary {
        layer: Layer::District(Chamber::Upper),
        name: name.into(),
        geoid: String::new(),
        division_id: String::new(),
        shape: square(x),
    };
    let outlines = [(outline("First Harbor", -72.0), Some(first)), (outline("Nowhere <b>", -71.0), None)];
    bench.web.store.write(move |tx| boundaries::replace_districts(tx, state, Chamber::Upper, &outlines)).await.unwrap();
    bench.web.intake.refresh().await.unwrap();
    let body = read(&browser.get(&format!("{CAMPAIGN}/map?chamber=upper")).await);
    assert_eq!(body.matches("<path class=\"step-").count(), 2, "{body}");
    assert!(body.contains("<path class=\"step-1\"") && body.contains("<path class=\"step-0\""));
    assert!(body.contains("1 letter accepted</title>") && body.contains(&format!("href=\"{CAMPAIGN}/offices/{first}\"")));
    assert!(!body.contains("Nowhere <b>"), "names are escaped");
    for query in ["chamber=lower", "chamber=governor", "chamber=moon", "sort=x&page=1000000000"] {
        assert_eq!(browser.get(&format!("{CAMPAIGN}/map?{query}")).await.status, StatusCode::OK, "{query}");
    }
}
