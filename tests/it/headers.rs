//! What every answer says to the browser, and what no page holds.

use standout::auth::Auth;
use standout::domain::{EmailAddress, Role};

use crate::support::app::{Page, START, TestApp};
use crate::support::journey::{CAMPAIGN, Typed};

/// An answer of every kind, with the address it came from.
fn answers(app: &TestApp) -> Vec<(String, Page)> {
    let typed = Typed::new("ana@example.org");
    let mut all = vec![
        ("the officials".to_owned(), app.preview(&typed)),
        ("mistakes".into(), app.preview(&typed.clone().with("zip", "1"))),
    ];
    all.push(("a choice".into(), app.preview(&typed.clone().with("city", "Gullhaven"))));
    all.push(("a sign-up".into(), app.sign_up(&typed)));
    let mail = app.mails(1).remove(0);
    let confirm = crate::support::journey::link_in(&mail, "/confirm/");
    all.push(("the confirm page".into(), app.get(&confirm)));
    let confirmed = app.post(&confirm, &[]);
    let private = confirmed.location.clone().unwrap();
    app.mails(2);
    all.extend([("confirming".into(), confirmed), ("the private page".into(), app.get(&private))]);
    all.push(("erasing unsure".into(), app.post(&format!("{private}/erase"), &[])));
    let auth = Auth::new(app.store.clone()).unwrap();
    let email = EmailAddress::parse("sam@example.org").unwrap();
    auth.save_blocking(email, "four words in a row", Role::Admin, START).unwrap();
    all.push(("log-in".into(), app.get("/staff/login")));
    let csrf = app.get("/staff/login").field("csrf").unwrap();
    let fields = [("csrf", csrf.as_str()), ("email", "sam@example.org"), ("password", "four words in a row")];
    all.push(("logging in".into(), app.post("/staff/login", &fields)));
    for path in [
        "/",
        CAMPAIGN,
        "/campaigns/ma-287g/check-your-email",
        "/campaigns/ma-287g/signups",
        "/nothing",
        "/healthz",
        "/readyz",
        "/static/standout.css",
        "/static/copy.js",
        "/static/favicon.svg",
        "/api/campaigns/ma-287g/counts",
        "/api/campaigns/x/counts",
        "/staff",
        "/staff/campaigns/ma-287g",
        "/staff/campaigns/ma-287g/counts.csv",
        "/staff/campaigns/ma-287g/counts.json",
        "/staff/setup/x",
        "/letters/x",
    ] {
        all.push((path.to_owned(), app.get(path)));
    }
    all.push(("too large".into(), app.post(&format!("{CAMPAIGN}/signups"), &[("name", &"a".repeat(200_000))])));
    all.push(("erasing".into(), app.post(&format!("{private}/erase"), &[("sure", "yes")])));
    all
}

#[test]
fn every_answer_carries_the_headers_that_protect() {
    let app = TestApp::start();
    let answers = answers(&app);
    let mut statuses: Vec<u16> = answers.iter().map(|(_, page)| page.status).collect();
    statuses.sort_unstable();
    statuses.dedup();
    assert_eq!(statuses, [200, 303, 404, 405, 410, 413, 422]);
    for (name, page) in &answers {
        let policy = page.header("content-security-policy");
        for part in [
            "default-src 'none'",
            "style-src 'self'",
            "script-src 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        ] {
            assert!(policy.split("; ").any(|one| one == part), "{name}: no {part} in {policy:?}");
        }
        assert!(!policy.contains("unsafe") && !policy.contains("http"), "{name}: {policy}");
        assert_eq!(page.header("x-content-type-options"), "nosniff", "{name}");
        assert_eq!(page.header("x-frame-options"), "DENY", "{name}");
        assert_eq!(page.header("referrer-policy"), "no-referrer", "{name}");
        assert_eq!(page.header("cross-origin-opener-policy"), "same-origin", "{name}");
        assert!(!page.header("cache-control").is_empty(), "{name}");
        assert!(page.header("server").is_empty() && page.header("x-powered-by").is_empty(), "{name}");
        let static_file = name.starts_with("/static/");
        assert_eq!(page.header("cache-control").contains("immutable"), static_file, "{name}");
        if !static_file && !name.starts_with("/api/") {
            assert_eq!(page.header("cache-control"), "no-store", "{name}");
        }
    }
}

/// Every tag of a page, without brackets.
fn tags(page: &Page) -> impl Iterator<Item = &str> {
    page.body.split('<').skip(1).filter_map(|rest| rest.split('>').next())
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    tag.split_once(&format!(" {name}=\""))?.1.split('"').next()
}

#[test]
fn no_page_holds_a_style_or_a_script_of_its_own() {
    let app = TestApp::start();
    for (name, page) in answers(&app).iter().filter(|(_, page)| page.header("content-type").starts_with("text/html")) {
        for tag in tags(page) {
            assert!(!tag.contains(" style=") && !tag.starts_with("style"), "{name}: {tag}");
            assert!(!tag.starts_with("script") || attribute(tag, "src").is_some(), "{name}: {tag}");
            assert!(!tag.to_lowercase().contains(" on") || !tag.contains("=\"return"), "{name}: {tag}");
            let handlers = tag.split_whitespace().filter(|part| part.starts_with("on") && part.contains('='));
            assert_eq!(handlers.count(), 0, "{name}: {tag}");
            for link in ["href", "action", "formaction"].iter().filter_map(|name| attribute(tag, name)) {
                assert!(!link.starts_with("javascript:") && !link.starts_with("data:"), "{name}: {tag}");
            }
        }
    }
}

#[test]
fn no_page_loads_anything_from_elsewhere() {
    let app = TestApp::start();
    for (name, page) in answers(&app).iter().filter(|(_, page)| page.header("content-type").starts_with("text/html")) {
        for tag in tags(page) {
            let loads = match tag.split_whitespace().next().unwrap_or_default() {
                "link" => attribute(tag, "href"),
                "form" => attribute(tag, "action"),
                "button" => attribute(tag, "formaction"),
                _ => attribute(tag, "src").or_else(|| attribute(tag, "srcset")),
            };
            assert!(loads.is_none_or(|link| link.starts_with('/') && !link.starts_with("//")), "{name}: {tag}");
        }
    }
    let css = app.get("/static/standout.css").body;
    assert!(!css.contains("@import") && !css.contains("url(http") && !css.contains("url(//"));
}

#[test]
fn every_page_is_a_whole_page_with_unique_ids_and_labelled_fields() {
    let app = TestApp::start();
    for (name, page) in answers(&app).iter().filter(|(_, page)| page.header("content-type").starts_with("text/html")) {
        assert!(page.body.starts_with("<!doctype html>") && page.body.trim_end().ends_with("</html>"), "{name}");
        assert_eq!(page.body.matches("<h1>").count(), 1, "{name}");
        assert!(!page.body.contains("{{") && !page.body.contains("}}"), "{name}");
        let ids: Vec<&str> = tags(page).filter_map(|tag| attribute(tag, "id")).collect();
        let different: std::collections::BTreeSet<&&str> = ids.iter().collect();
        assert_eq!(different.len(), ids.len(), "{name}: {ids:?}");
        for tag in tags(page)
            .filter(|tag| tag.starts_with("input") && !tag.contains("type=\"hidden\"") && !tag.contains("type=\"radio\""))
        {
            let id = attribute(tag, "id").unwrap_or_else(|| panic!("{name}: {tag}"));
            assert!(page.body.contains(&format!("for=\"{id}\"")), "{name}: {tag} has no label");
        }
        for link in tags(page).filter_map(|tag| attribute(tag, "href")).filter_map(|href| href.strip_prefix('#')) {
            assert!(ids.contains(&link), "{name}: #{link} leads nowhere");
        }
    }
}
