//! The console's numbers, and that files and public API say the same.

use serde_json::Value;

use super::*;
use crate::domain::{Dimension, Ladder, MessageState};
use crate::store::counts;

async fn total(bench: &Bench) -> Ladder {
    let id = bench.web.intake.catalog().by_slug("ma-287g").unwrap().id;
    bench.web.store.read(move |conn| counts::total(conn, id)).await.unwrap()
}

/// One confirmed with letters sent, one not confirmed.
async fn with_signups() -> Bench {
    let bench = Bench::new(&[]);
    bench.login("vic@example.org", Role::Viewer);
    let token = bench.sign_up("ana@example.org").await;
    bench.sign_up("ben@example.org").await;
    bench.web.intake.confirm(&token, None).await.unwrap();
    bench.send_all(Disposition::Sent).await;
    bench
}

fn json(answer: &Answered) -> Value {
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.header("content-type").starts_with("application/json"));
    serde_json::from_str(&answer.body).unwrap()
}

#[actix_web::test]
async fn pages_files_and_the_public_numbers_are_the_stores_counts() {
    let bench = with_signups().await;
    let total = total(&bench).await;
    assert_eq!((total.signed_up, total.confirmed), (2, 1));
    assert!(total.letters.get(MessageState::Sent) >= 2);
    let mut browser = bench.browser().await;
    browser.log_in("vic@example.org", PASSWORD).await;

    let counted = json(&browser.get("/staff/campaigns/ma-287g/counts.json").await);
    assert_eq!((counted["campaign"].as_str(), counted["signed_up"].as_i64()), (Some("ma-287g"), Some(2)));
    assert_eq!(counted["letters"]["total"].as_i64(), Some(total.letters.total()));
    for state in MessageState::ALL {
        assert_eq!(counted["letters"][state.as_str()].as_i64(), Some(total.letters.get(state)), "{state}");
    }

    let file = browser.get("/staff/campaigns/ma-287g/counts.csv?by=day").await;
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"ma-287g-counts-by-day.csv\"");
    assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
    let mut reader = csv::Reader::from_reader(file.body.as_bytes());
    let columns = reader.headers().unwrap().clone();
    assert_eq!(columns.iter().take(5).collect::<Vec<_>>(), ["day", "signed_up", "confirmed", "total", "unconfirmed"]);
    let sent = columns.iter().position(|column| column == "sent").unwrap();
    let sum: i64 = reader.records().map(|row| row.unwrap()[sent].parse::<i64>().unwrap()).sum();
    assert_eq!(sum, total.letters.get(MessageState::Sent));

    let page = browser.get("/staff/campaigns/ma-287g").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("50% of sign-ups") && page.body.contains("0% with own words"), "{}", page.body);
    assert!(page.body.contains("made-up demo roster"));

    let public = browser.get("/api/campaigns/ma-287g/counts").await;
    assert_eq!((public.header("access-control-allow-origin"), public.header("cache-control")), ("*", "public, max-age=30"));
    let public = json(&public);
    assert_eq!(public["supporters"].as_i64(), Some(1));
    assert_eq!(public["letters_sent"].as_i64(), Some(total.letters.get(MessageState::Sent)));
    assert_eq!(public["by_day"][0]["day"].as_str(), Some("2026-11-18"));
    assert_eq!(public["by_day"][0]["supporters"].as_i64(), Some(1));
}

#[actix_web::test]
async fn the_rows_by_office_name_the_offices() {
    let bench = with_signups().await;
    let id = bench.web.intake.catalog().by_slug("ma-287g").unwrap().id;
    let rows = bench.web.store.read(move |conn| counts::by_office(conn, id)).await.unwrap();
    let mut browser = bench.browser().await;
    browser.log_in("vic@example.org", PASSWORD).await;
    let counted = json(&browser.get("/staff/campaigns/ma-287g/counts.json?by=office").await);
    let listed = counted.as_array().unwrap();
    assert_eq!(listed.len(), rows.len());
    for (row, listed) in rows.iter().zip(listed) {
        assert_eq!(listed["office"].as_i64(), Some(row.office));
        assert_eq!(listed["official"].as_str(), row.official.as_deref());
        assert_eq!(listed["letters"]["total"].as_i64(), Some(row.ladder.letters.total()));
    }
    let towns = json(&browser.get("/staff/campaigns/ma-287g/counts.json?by=town").await);
    assert_eq!((towns[0]["town"].as_str(), towns[0]["signed_up"].as_i64()), (Some("Saltwick"), Some(2)));
}

#[actix_web::test]
async fn an_empty_campaign_has_a_page_and_files_too() {
    let bench = Bench::new(&[]);
    bench.login("eve@example.org", Role::Editor);
    let mut browser = bench.browser().await;
    browser.log_in("eve@example.org", PASSWORD).await;
    let home = browser.get("/staff").await;
    assert!(home.body.contains("Ready</a>: nothing waits.") && home.body.contains("End 287(g) in Massachusetts"));
    let overview = browser.get("/staff/campaigns/ma-287g").await;
    assert!(overview.body.contains("Nothing waits to be sent.") && overview.body.contains("Nothing so far."));
    for path in ["officials", "towns", "days", "stands"] {
        let page = browser.get(&format!("/staff/campaigns/ma-287g/{path}")).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(path == "stands" || page.body.contains("Nobody has signed up yet."), "{path}");
    }
    let file = browser.get("/staff/campaigns/ma-287g/counts.csv").await;
    assert_eq!(file.body.lines().nth(1), Some("ma-287g,0,0,0,0,0,0,0,0,0,0,0,0,0,0"));
    for dimension in [Dimension::Office, Dimension::Town, Dimension::Day] {
        let file = browser.get(&format!("/staff/campaigns/ma-287g/counts.csv?by={}", dimension.as_str())).await;
        assert_eq!((file.status, file.body.lines().count()), (StatusCode::OK, 1));
    }
    for path in ["counts.csv?by=person", "counts.json?by=all"] {
        let refused = browser.get(&format!("/staff/campaigns/ma-287g/{path}")).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains("?by=office"));
    }
    for path in ["/staff/campaigns/nowhere", "/staff/campaigns/nowhere/counts.csv", "/staff/campaigns/A%20B"] {
        assert_eq!(browser.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[actix_web::test]
async fn nobody_sees_numbers_without_a_login() {
    let bench = Bench::new(&[]);
    let mut browser = bench.browser().await;
    for path in ["", "/counts.csv", "/counts.json"] {
        let answer = browser.get(&format!("/staff/campaigns/ma-287g{path}")).await;
        assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/staff/login"), "{path}");
    }
}

#[actix_web::test]
async fn the_public_numbers_answer_every_method() {
    let bench = Bench::new(&[]);
    let mut browser = bench.browser().await;
    let path = "/api/campaigns/ma-287g/counts";
    let unknown = browser.get("/api/campaigns/nowhere/counts").await;
    assert_eq!((unknown.status, unknown.header("access-control-allow-origin")), (StatusCode::NOT_FOUND, "*"));
    assert!(serde_json::from_str::<Value>(&unknown.body).unwrap()["error"].is_string());
    let head = browser.send(test::TestRequest::with_uri(path).method(actix_web::http::Method::HEAD)).await;
    assert_eq!((head.status, head.header("cache-control")), (StatusCode::OK, "public, max-age=30"));
    let options = browser.send(test::TestRequest::with_uri(path).method(actix_web::http::Method::OPTIONS)).await;
    assert_eq!((options.status, options.header("access-control-allow-methods")), (StatusCode::NO_CONTENT, "GET, HEAD, OPTIONS"));
    let post = browser.post(path, &[]).await;
    assert_eq!((post.status, post.header("allow")), (StatusCode::METHOD_NOT_ALLOWED, "GET, HEAD, OPTIONS"));
}
