//! The pages that are one table: what they show, and what a strange address gets.

use super::super::nav;
use super::*;
use crate::domain::Slug;

const CAMPAIGN: &str = "/staff/campaigns/ma-287g";

async fn with_letters(role: Role) -> (Bench, Browser) {
    let bench = Bench::new(&[]);
    bench.login("sam@example.org", role);
    let token = bench.sign_up("ana@example.org").await;
    bench.web.intake.confirm(&token, None).await.unwrap();
    bench.send_all(Disposition::Sent).await;
    let mut browser = bench.browser().await;
    browser.log_in("sam@example.org", PASSWORD).await;
    (bench, browser)
}

/// The page as a browser reads it, as far as the tests look.
fn read(page: &Answered) -> String {
    page.body.replace("&#38;", "&")
}

#[actix_web::test]
async fn each_number_leads_to_its_letters_for_those_who_may_see_them() {
    let (_bench, mut browser) = with_letters(Role::Editor).await;
    let page = browser.get(&format!("{CAMPAIGN}/officials?sort=sent&dir=desc&q=harbor")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("Wren Harborlight") && page.body.contains("Whole campaign"));
    let body = read(&page);
    let links = nav::letters(Role::Editor, &Slug::parse("ma-287g").unwrap()).is_some();
    assert_eq!(body.contains("/letters?office=") && body.contains("&state=sent\">1</a>"), links, "{body}");
    assert!(body.contains("aria-sort=\"descending\"") && body.contains("/counts.csv?by=office"));
    let towns = browser.get(&format!("{CAMPAIGN}/towns")).await;
    assert!(!read(&towns).contains("/letters?"), "letters are not found by town: {}", towns.body);
    let days = browser.get(&format!("{CAMPAIGN}/days")).await;
    assert!(days.body.contains("November 18, 2026"), "{}", days.body);

    let (_bench, mut browser) = with_letters(Role::Viewer).await;
    for path in ["officials", "towns", "days"] {
        let page = browser.get(&format!("{CAMPAIGN}/{path}")).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(!page.body.contains("ana@example.org") && !page.body.contains("Ana Lima"));
    }
}

#[actix_web::test]
async fn a_strange_address_is_answered_with_what_comes_nearest() {
    let (_bench, mut browser) = with_letters(Role::Viewer).await;
    for (query, words) in [
        ("page=1000000000", "There is no page 1,000,000,000, so this is the last one."),
        ("sort=password_hash&dir=desc", "There is no such column to sort by"),
        ("q=%3Cscript%3Ealert(1)%3C/script%3E", "Nothing here has &#34;&#60;script&#62;"),
        ("q=%FF%00&page=-1", "A page has a number"),
    ] {
        let page = browser.get(&format!("{CAMPAIGN}/towns?{query}")).await;
        assert_eq!(page.status, StatusCode::OK, "{query}");
        assert!(page.body.contains(words) && !page.body.contains("<script>alert"), "{query}: {}", page.body);
    }
    assert_eq!(browser.get("/staff/campaigns/none/towns").await.status, StatusCode::NOT_FOUND);
}
