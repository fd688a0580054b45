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
    assert!(body.contains(&format!("{CAMPAIGN}/officials?sort=failed&dir=desc\"")), "what needs somebody says where");
    let towns = browser.get(&format!("{CAMPAIGN}/towns")).await;
    assert!(!towns.header("content-security-policy").contains("connect-src"), "only where numbers are kept up to date");

    let (_bench, mut browser) = with_letters(Role::Viewer, Disposition::Sent).await;
    let body = read(&browser.get(CAMPAIGN).await);
    assert!(body.contains("3 letters: 2 accepted by the office's"), "{body}");
    assert!(body.contains("November 18, 2026: 2") && body.contains("The same as numbers"), "the chart and its table: {body}");
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
