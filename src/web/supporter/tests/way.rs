//! From the first page to the last, and the ways that end early.

use std::time::Duration;

use actix_web::http::{Method, StatusCode, header};
use actix_web::test;

use super::{person, service};

#[actix_web::test]
async fn from_the_first_page_to_the_last() {
    let service = service(0, None).await;
    let home = service.get("/").await;
    assert_eq!(home.status, StatusCode::OK);
    home.has("End 287(g) in Massachusetts").has("action=\"/campaigns/ma-287g/officials\"").lacks("noindex");

    let token = service.token().await;
    let step_two = service.step("officials", &person("Saltwick", &token)).await;
    assert_eq!(step_two.status, StatusCode::OK);
    step_two
        .has("We found Saltwick. These are")
        .has("Senator Wren Harborlight (wren.harborlight@example.org)")
        .has("Representative Inés Quillfeather")
        .has("Governor Juniper Lighthouse")
        .has("You send this one yourself")
        .has("value=\"Ana O&#39;Example\"")
        .lacks("aria-invalid");

    let secret = service.signed_up("Saltwick").await;
    let (confirm, letters) = (format!("/confirm/{secret}"), format!("/letters/{secret}"));
    assert_eq!(service.get(&letters).await.location(), confirm);
    for _ in 0..2 {
        let page = service.get(&confirm).await;
        assert_eq!(page.status, StatusCode::OK);
        page.has("Send my letters").has("My sister asked me &#60;to&#62;.").has("noindex");
    }
    for _ in 0..2 {
        let page = service.post(&confirm, &[]).await;
        assert_eq!((page.status, page.location()), (StatusCode::SEE_OTHER, letters.as_str()));
    }
    service.get(&confirm).await.has("You have confirmed already").has(&letters);

    let page = service.get(&letters).await;
    page.has("2 of 3 letters wait to be sent. 1 letter is for you to send yourself.").has("copy.js");
    let message = page.hidden("message").to_owned();
    let back = service.post(&format!("{letters}/self-reported"), &[("message", &message)]).await;
    assert_eq!((back.status, back.location()), (StatusCode::SEE_OTHER, format!("{letters}?done=reported").as_str()));
    service.get(back.location()).await.has("Thank you. We noted").has("You told us that you sent it").lacks("copy.js");
    let back = service.post(&format!("{letters}/withdraw"), &[]).await;
    service.get(back.location()).await.has("We withdrew every letter").has("2 letters were taken back.").lacks("/withdraw\"");
    service.get(&format!("{letters}?done=nonsense&done=2")).await.lacks("role=\"status\"><p>");

    let unsure = service.post(&format!("{letters}/erase"), &[]).await;
    assert_eq!(unsure.status, StatusCode::UNPROCESSABLE_ENTITY);
    unsure.has("id=\"sure-error\"").has("aria-invalid=\"true\"");
    let erased = service.post(&format!("{letters}/erase"), &[("sure", "yes")]).await;
    assert_eq!(erased.status, StatusCode::OK);
    erased.has("Your data is erased");
    for path in [&confirm, &letters] {
        assert_eq!(service.get(path).await.status, StatusCode::NOT_FOUND);
    }
}

#[actix_web::test]
async fn what_is_over_says_so() {
    let service = service(0, Some("2026-11-18T17:00:00Z")).await;
    let secret = service.signed_up("Saltwick").await;
    let (confirm, letters) = (format!("/confirm/{secret}"), format!("/letters/{secret}"));
    service.clock.advance(Duration::from_hours(24));

    let page = service.get("/campaigns/ma-287g").await;
    assert_eq!(page.status, StatusCode::OK);
    page.has("This campaign is closed").has("November 18, 2026, 12:00 pm").lacks("<form");
    service.get("/").await.has("No campaign is open just now");
    for step in ["officials", "signups", "edit"] {
        assert_eq!(service.step(step, &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    for page in [service.get(&confirm).await, service.post(&confirm, &[]).await] {
        assert_eq!(page.status, StatusCode::GONE);
        page.has("This campaign is closed").lacks("<button");
    }
    service.clock.advance(Duration::from_hours(7 * 24));
    for page in [service.get(&confirm).await, service.post(&confirm, &[]).await, service.get(&letters).await] {
        assert_eq!(page.status, StatusCode::GONE);
        page.has("This link is too old").lacks("Ana");
    }
}

#[actix_web::test]
async fn letters_taken_back_before_confirming_stay_back() {
    let service = service(0, None).await;
    let secret = service.signed_up("Saltwick").await;
    let letters = format!("/letters/{secret}");
    service.post(&format!("{letters}/withdraw"), &[]).await;
    assert_eq!(service.get(&format!("/confirm/{secret}")).await.location(), letters);
    service.get(&letters).await.has("Your letters were taken back. None was sent.");
}

#[actix_web::test]
async fn what_somebody_else_typed_can_be_erased_before_it_is_confirmed() {
    let service = service(0, None).await;
    let secret = service.signed_up("Saltwick").await;
    let (confirm, erase) = (format!("/confirm/{secret}"), format!("/letters/{secret}/erase"));
    let unsure = service.post(&erase, &[]).await;
    assert_eq!(unsure.status, StatusCode::UNPROCESSABLE_ENTITY);
    unsure.has("id=\"sure-error\"").has("Was this not you?").has(&format!("action=\"{erase}\"")).has("wait for you to confirm");
    let erased = service.post(&erase, &[("sure", "yes")]).await;
    assert_eq!(erased.status, StatusCode::OK);
    erased.has("Your data is erased");
    assert_eq!(service.get(&confirm).await.status, StatusCode::NOT_FOUND);
    assert_eq!(service.post(&confirm, &[]).await.status, StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn every_address_answers_in_kind() {
    let service = service(0, None).await;
    let unknown = "A".repeat(43);
    for path in [
        "/nowhere",
        "/campaigns/none",
        "/campaigns/%FF",
        "/campaigns/none/check-your-email",
        "/confirm/short",
        "/letters/%00",
        &format!("/confirm/{unknown}"),
        &format!("/letters/{unknown}"),
    ] {
        let page = service.get(path).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
        page.has("find that page");
    }
    for step in ["withdraw", "self-reported", "erase"] {
        let page = service.post(&format!("/letters/{unknown}/{step}"), &[("sure", "yes")]).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND);
    }
    for path in ["/", "/campaigns/ma-287g", "/campaigns/ma-287g/check-your-email", "/healthz", "/readyz"] {
        assert_eq!(service.get(path).await.status, StatusCode::OK);
        let head = service.send(test::TestRequest::default().method(Method::HEAD).uri(path)).await;
        assert_eq!(head.status, StatusCode::OK, "{path}");
    }
    for (method, path, allow) in [
        (Method::POST, "/", "GET, HEAD"),
        (Method::GET, "/campaigns/ma-287g/officials", "POST"),
        (Method::DELETE, "/confirm/x", "GET, HEAD, POST"),
        (Method::PUT, "/letters/x", "GET, HEAD"),
        (Method::GET, "/letters/x/erase", "POST"),
    ] {
        let page = service.send(test::TestRequest::default().method(method).uri(path)).await;
        assert_eq!((page.status, page.header(header::ALLOW)), (StatusCode::METHOD_NOT_ALLOWED, allow));
        page.has("Go to the start");
    }
}
