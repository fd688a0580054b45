//! Requests that no browser with our form would send.

use reqwest::Method;
use reqwest::header::CONTENT_TYPE;

use crate::support::app::{Page, TestApp};
use crate::support::journey::{CAMPAIGN, Typed};

fn send(app: &TestApp, method: Method, path: &str) -> Page {
    Page::of(app.client.request(method, app.address(path)).send().unwrap())
}

fn post(app: &TestApp, path: &str, kind: Option<&str>, body: Vec<u8>) -> Page {
    let mut request = app.client.post(app.address(path)).body(body);
    if let Some(kind) = kind {
        request = request.header(CONTENT_TYPE, kind);
    }
    Page::of(request.send().unwrap())
}

#[test]
fn a_body_of_ten_megabytes_gets_a_page_on_a_connection_that_survives() {
    let app = TestApp::start();
    for path in ["officials", "signups", "edit"] {
        let mut body = b"name=".to_vec();
        body.resize(10 * 1024 * 1024, b'a');
        let page = post(&app, &format!("{CAMPAIGN}/{path}"), Some("application/x-www-form-urlencoded"), body);
        assert_eq!(page.status, 413, "{path}");
        assert!(page.text().contains("That was too much text"), "{}", page.text());
        assert_ne!(page.header("connection"), "close");
    }
    assert_eq!(app.get(CAMPAIGN).status, 200);
}

#[test]
fn a_body_without_a_length_is_bounded_too() {
    let app = TestApp::start();
    let body = std::io::repeat(b'a');
    let body = reqwest::blocking::Body::new(std::io::Read::take(body, 1024 * 1024));
    let request = app.client.post(app.address(&format!("{CAMPAIGN}/signups"))).body(body);
    let page = Page::of(request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").send().unwrap());
    assert_eq!(page.status, 413);
}

#[test]
fn a_wrong_method_is_told_the_right_ones_and_a_way_back() {
    let app = TestApp::start();
    let private = format!("/letters/{}", "A".repeat(43));
    for (method, path, allowed) in [
        (Method::POST, "/", "GET"),
        (Method::PUT, CAMPAIGN, "GET"),
        (Method::GET, "/campaigns/ma-287g/officials", "POST"),
        (Method::GET, "/campaigns/ma-287g/signups", "POST"),
        (Method::DELETE, "/campaigns/ma-287g/check-your-email", "GET"),
        (Method::DELETE, &private, "GET"),
        (Method::GET, &format!("{private}/withdraw"), "POST"),
        (Method::GET, &format!("{private}/erase"), "POST"),
        (Method::PATCH, "/staff/login", "POST"),
        (Method::GET, "/staff/logout", "POST"),
        (Method::POST, "/healthz", "GET"),
        (Method::POST, "/static/standout.css", "GET"),
        (Method::POST, "/api/campaigns/ma-287g/counts", "GET"),
    ] {
        let page = send(&app, method.clone(), path);
        assert_eq!(page.status, 405, "{method} {path}");
        let allow = page.header("allow");
        assert!(allow.split(", ").any(|one| one == allowed), "{method} {path} is told: {allow:?}");
        let back = if path.starts_with("/staff") { "href=\"/staff\"" } else { "href=\"/\"" };
        assert!(page.body.contains(back) || path.starts_with("/api"), "{method} {path}");
    }
}

#[test]
fn an_unknown_route_or_campaign_is_not_found_with_a_way_back() {
    let app = TestApp::start();
    for path in
        ["/nothing", "/campaigns", "/campaigns/nothing", "/campaigns/ma-287g/x", "/staff/x", "/static/../Cargo.toml", "//"]
    {
        let page = app.get(path);
        assert_eq!(page.status, 404, "{path}");
        assert!(page.text().contains("We can't find that page") && page.body.contains("class=\"button\""), "{}", page.text());
    }
    for path in ["/nothing", "/campaigns/nothing/signups"] {
        assert_eq!(app.post(path, &[("name", "Ana")]).status, 404, "{path}");
    }
}

#[test]
fn an_error_page_has_a_number_and_no_internals() {
    let app = TestApp::start();
    let (one, two) = (app.get("/nothing"), app.get("/nothing"));
    assert_ne!(one.body, two.body, "each has its own number");
    for word in ["actix", "panicked", "src/", "SQLite", "sqlite"] {
        assert!(!one.body.contains(word), "{word}");
    }
}

#[test]
fn a_body_of_another_type_is_refused_with_a_page() {
    let app = TestApp::start();
    let good = format!("name=Ana&form_token={}", app.form_token()).into_bytes();
    for (kind, body) in [
        (Some("application/json"), b"{\"name\":\"Ana\"}".to_vec()),
        (Some("text/plain"), good.clone()),
        (Some("multipart/form-data; boundary=x"), b"--x--\r\n".to_vec()),
        (Some("nonsense"), good.clone()),
        (None, good),
    ] {
        let page = post(&app, &format!("{CAMPAIGN}/signups"), kind, body);
        assert_eq!(page.status, 400, "{kind:?}");
        assert!(page.text().contains("We could not read that"), "{kind:?}: {}", page.text());
    }
}

#[test]
fn a_type_with_a_charset_is_a_form_too() {
    let app = TestApp::start();
    let page = post(
        &app,
        &format!("{CAMPAIGN}/officials"),
        Some("application/x-www-form-urlencoded; charset=UTF-8"),
        format!("name=Ana&form_token={}", app.form_token()).into_bytes(),
    );
    page.assert_wrong(&["email", "street", "city", "zip"]);
}

#[test]
fn a_body_that_is_garbage_gets_an_answer() {
    let app = TestApp::start();
    let form = Some("application/x-www-form-urlencoded");
    for body in [&b""[..], b"&&&===", b"%%%", b"\0\0\0", b"name", b"=", b"name=a&name=b"] {
        let page = post(&app, &format!("{CAMPAIGN}/signups"), form, body.to_vec());
        assert!(matches!(page.status, 400 | 422), "{body:?}: {}", page.status);
        assert!(page.body.starts_with("<!doctype html>"), "{body:?}");
    }
}

#[test]
fn a_campaign_page_with_any_query_is_the_same_page() {
    let app = TestApp::start();
    let link = app.confirmed(&Typed::new("ana@example.org"));
    app.mails(2);
    for path in [format!("{CAMPAIGN}?%FF=%00&a=b&a"), format!("{link}?done=x&done=y"), format!("{link}?done=<script>")] {
        let page = app.get(&path);
        assert_eq!(page.status, 200, "{path}");
        assert!(!page.body.contains("<script>"), "{path}");
    }
}
