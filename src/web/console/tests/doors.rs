//! Log-in, log-out, the one-time link.

use std::time::Duration;

use super::*;
use crate::auth::SESSION_LASTS;

const VIEWER: &str = "vic@example.org";

#[actix_web::test]
async fn the_right_password_opens_the_console_and_log_out_closes_it() {
    let bench = Bench::new(&[]);
    bench.login(VIEWER, Role::Viewer);
    let mut browser = bench.browser().await;

    let closed = browser.get("/staff").await;
    assert_eq!((closed.status, closed.header("location")), (StatusCode::SEE_OTHER, "/staff/login"));
    assert_eq!(browser.post("/staff", &[]).await.status, StatusCode::METHOD_NOT_ALLOWED);

    let answer = browser.log_in("Vic@Example.org", PASSWORD).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/staff"));
    let cookie = answer.set_cookie("standout_session").unwrap();
    for flag in ["HttpOnly", "SameSite=Lax", "Path=/staff", "Max-Age=43200"] {
        assert!(cookie.contains(flag), "{flag}");
    }
    assert!(!cookie.contains("Secure"));

    let home = browser.get("/staff").await;
    assert_eq!((home.status, home.header("cache-control")), (StatusCode::OK, "no-store"));
    assert!(home.body.contains("You are a viewer."));
    assert_eq!(browser.get("/staff/login").await.header("location"), "/staff");

    let stolen = browser.cookies.clone();
    let forged = browser.post("/staff/logout", &[("csrf", "AAAA")]).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
    assert_eq!(browser.get("/staff").await.status, StatusCode::OK);
    let out = browser.post("/staff/logout", &[("csrf", &home.csrf())]).await;
    assert_eq!((out.status, out.header("location")), (StatusCode::SEE_OTHER, "/staff/login?out=1"));
    assert!(out.set_cookie("standout_session").unwrap().contains("Max-Age=0"));
    assert!(browser.get("/staff/login?out=1").await.body.contains("You are logged out."));
    browser.cookies = stolen;
    assert_eq!(browser.get("/staff").await.status, StatusCode::SEE_OTHER, "the session itself has ended");
}

#[actix_web::test]
async fn a_session_ends_by_itself() {
    let bench = Bench::new(&[]);
    bench.login(VIEWER, Role::Viewer);
    let mut browser = bench.browser().await;
    browser.log_in(VIEWER, PASSWORD).await;
    bench.web.clock.advance(SESSION_LASTS.saturating_sub(Duration::from_secs(1)));
    assert_eq!(browser.get("/staff").await.status, StatusCode::OK);
    bench.web.clock.advance(Duration::from_secs(1));
    assert_eq!(browser.get("/staff").await.status, StatusCode::SEE_OTHER);
    assert_eq!(browser.post("/staff/logout", &[]).await.header("location"), "/staff/login?out=1");
}

#[actix_web::test]
async fn every_failed_log_in_reads_the_same_and_keeps_the_address() {
    let bench = Bench::new(&[]);
    bench.login(VIEWER, Role::Viewer);
    let mut browser = bench.browser().await;
    let long = "x".repeat(5000);
    for (email, password) in
        [(VIEWER, "not the password"), ("nobody@example.org", PASSWORD), ("no address", PASSWORD), ("", ""), (VIEWER, &long)]
    {
        let answer = browser.log_in(email, password).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.body.contains("This e-mail address and this password don&#39;t belong together."));
        assert!(answer.body.contains(&format!("value=\"{email}\"")));
        assert!(password.is_empty() || !answer.body.contains(password));
        assert!(answer.set_cookie("standout_session").is_none());
    }
}

#[actix_web::test]
async fn a_form_that_was_not_handed_out_here_is_shown_again() {
    let bench = Bench::new(&[]);
    bench.login(VIEWER, Role::Viewer);
    let mut browser = bench.browser().await;
    let fields = [("csrf", "AAAA"), ("email", VIEWER), ("password", PASSWORD)];
    let answer = browser.post("/staff/login", &fields).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(answer.body.contains("open for too long") && answer.body.contains(VIEWER) && !answer.body.contains(PASSWORD));
    let again = [("csrf", answer.csrf().as_str()), fields[1], fields[2]].map(|(name, value)| (name, value.to_owned()));
    let again: Vec<_> = again.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(browser.post("/staff/login", &again).await.status, StatusCode::SEE_OTHER);

    let mut other = bench.browser().await;
    let theirs = other.get("/staff/login").await.csrf();
    let mut browser = bench.browser().await;
    browser.get("/staff/login").await;
    let crossed = browser.post("/staff/login", &[("csrf", &theirs), fields[1], fields[2]]).await;
    assert_eq!(crossed.status, StatusCode::FORBIDDEN, "another browser's token");
}

#[actix_web::test]
async fn too_many_tries_wait() {
    let bench = Bench::new(&[("LOGINS_PER_IP_PER_HOUR", "6")]);
    bench.login(VIEWER, Role::Viewer);
    let mut browser = bench.browser().await;
    for _ in 0..5 {
        assert_eq!(browser.log_in("no address", "x").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let answer = browser.log_in(VIEWER, PASSWORD).await;
    assert_eq!((answer.status, answer.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "1800"));
    assert!(answer.body.contains("wait 30 minutes") && answer.body.contains(VIEWER));
    bench.web.clock.advance(Duration::from_mins(30));
    assert_eq!(browser.log_in(VIEWER, PASSWORD).await.status, StatusCode::SEE_OTHER);
}

#[actix_web::test]
async fn the_one_time_link_works_once() {
    let bench = Bench::new(&[]);
    let path = bench.invite();
    let mut browser = bench.browser().await;

    browser.get(&path).await;
    let shown = browser.get(&path).await;
    assert_eq!(shown.status, StatusCode::OK);
    assert!(shown.body.contains("<b>admin</b>"));
    let csrf = shown.csrf();

    let wrong = browser.post(&path, &[("csrf", &csrf), ("email", "ada"), ("password", "too short")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("these 2 things") && wrong.body.contains("value=\"ada\"") && !wrong.body.contains("too short"));
    let fields = [("csrf", csrf.as_str()), ("email", "ada@example.org"), ("password", PASSWORD)];
    let forged = [("csrf", "AAAA"), fields[1], fields[2]];
    assert_eq!(browser.post(&path, &forged).await.status, StatusCode::FORBIDDEN);

    let done = browser.post(&path, &fields).await;
    assert_eq!((done.status, done.header("location")), (StatusCode::SEE_OTHER, "/staff"));
    assert!(browser.get("/staff").await.body.contains("You are an admin."));
    let mut other = bench.browser().await;
    let used = other.get(&path).await;
    assert_eq!(used.status, StatusCode::GONE);
    assert!(used.body.contains("This link no longer works"));
    assert_eq!(browser.post(&path, &fields).await.status, StatusCode::GONE);
    assert_eq!(other.get("/staff/setup/nonsense").await.status, StatusCode::GONE);
}

#[actix_web::test]
async fn the_one_time_link_grows_old() {
    let bench = Bench::new(&[]);
    let path = bench.invite();
    let mut browser = bench.browser().await;
    assert_eq!(browser.get(&path).await.status, StatusCode::OK);
    bench.web.clock.advance(Duration::from_hours(24));
    assert_eq!(browser.get(&path).await.status, StatusCode::GONE);
}

#[actix_web::test]
async fn the_one_time_link_ends_with_the_first_login_however_that_was_made() {
    let bench = Bench::new(&[]);
    let path = bench.invite();
    let mut browser = bench.browser().await;
    let csrf = browser.get(&path).await.csrf();
    bench.login(VIEWER, Role::Viewer);
    assert_eq!(browser.get(&path).await.status, StatusCode::GONE);
    for email in ["eve@example.org", VIEWER] {
        let refused = browser.post(&path, &[("csrf", &csrf), ("email", email), ("password", PASSWORD)]).await;
        assert_eq!(refused.status, StatusCode::GONE);
        assert!(refused.set_cookie("standout_session").is_none());
    }
    assert_eq!(browser.log_in("eve@example.org", PASSWORD).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[actix_web::test]
async fn over_https_the_cookies_are_secure() {
    let key = "k".repeat(32);
    let bench = Bench::new(&[
        ("PUBLIC_URL", "https://letters.example.org"),
        ("SECRET_KEY", &key),
        ("SMTP_URL", "smtps://mail.example.org"),
        ("MAIL_FROM", "letters@example.org"),
    ]);
    bench.login(VIEWER, Role::Viewer);
    let mut browser = bench.browser().await;
    let shown = browser.get("/staff/login").await;
    assert!(shown.set_cookie("__Secure-standout_form").unwrap().contains("Secure"));
    let answer = browser.log_in(VIEWER, PASSWORD).await;
    assert!(answer.set_cookie("__Secure-standout_session").unwrap().contains("; Secure"));
    assert_eq!(browser.get("/staff").await.status, StatusCode::OK);
}
