//! The form in two steps: every refusal shows it again as it was left.

use std::time::Duration;

use actix_web::http::{StatusCode, header};

use super::{person, service};

#[actix_web::test]
async fn a_choice_is_asked_for_and_everything_typed_is_kept() {
    let service = service(0, None).await;
    let token = service.token().await;
    let step_two = service.step("officials", &person("Gullhaven", &token)).await;
    step_two
        .has("Gullhaven has 2 Senate districts. Choose yours.")
        .has("Gullhaven has 3 House districts. Choose yours.")
        .has("Your state senator (you choose above)")
        .lacks(" checked");
    let senate = step_two.html.split_once("name=\"office_upper\" value=\"").unwrap().1.split_once('"').unwrap().0;

    let typed = [person("Gullhaven", &token), vec![("office_upper", senate), ("story", "Mine & yours\r\nalone")]].concat();
    let page = service.step("signups", &typed).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    page.has("href=\"#office_lower\"")
        .has("href=\"#consent\"")
        .lacks("href=\"#office_upper\"")
        .has("id=\"consent-error\"")
        .has("Mine &#38; yours")
        .has(&format!("value=\"{senate}\" required checked"))
        .has("<title>Please check: ");

    let edit = service.step("edit", &typed).await;
    assert_eq!(edit.status, StatusCode::OK);
    edit.has("value=\"Gullhaven\"").has("name=\"story\" value=\"Mine &#38; yours\r\nalone\"");
    assert_eq!(edit.hidden("office_upper"), senate);
    let again = [person("Gullhaven", &token), vec![("office_upper", senate), ("story", "Mine")]].concat();
    service.step("officials", &again).await.has("required checked").has("\nMine</textarea>");

    let long = "x".repeat(2001);
    let page = service.step("signups", &[person("Saltwick", &token), vec![("story", &long), ("consent", "yes")]].concat()).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    page.has("at most 2000 characters").has(&long).has("value=\"yes\" required checked").has("Wren Harborlight");
}

#[actix_web::test]
async fn mistakes_in_the_details_come_back_all_at_once() {
    let service = service(0, None).await;
    let token = service.token().await;
    for step in ["officials", "signups"] {
        let form = [("name", "Ana & Bo"), ("email", "ana"), ("city", "Saltwik"), ("form_token", &token), ("consent", "yes")];
        let page = service.step(step, &form).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        page.has("value=\"Ana &#38; Bo\"").has("value=\"ana\"").has("Did you mean Saltwick?").has("Please check these 4 things");
        for id in ["email", "street", "city", "zip"] {
            page.has(&format!("href=\"#{id}\"")).has(&format!("id=\"{id}-error\""));
        }
        page.has("action=\"/campaigns/ma-287g/officials\"");
    }
    // A seat that nobody holds has no letter.
    let page = service.step("officials", &person("Owlbury", &token)).await;
    page.has("this seat is empty now").has("Clover Applegrove").lacks("Representative ");
}

#[actix_web::test]
async fn robots_and_haste_are_turned_back_with_everything_kept() {
    let service = service(0, None).await;
    let token = service.get("/").await.hidden("form_token").to_owned();
    for (extra, said) in
        [(("website", "x"), "A hidden field"), (("form_token", "1.x"), "open for a long time"), (("x", ""), "was quick")]
    {
        for step in ["officials", "signups"] {
            let mut form = person("Saltwick", &token);
            form.retain(|(name, _)| *name != extra.0);
            form.push(extra);
            let page = service.step(step, &form).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
            page.has(said).has("value=\"ana@example.org\"").has("value=\"Saltwick\"");
            // What comes back can be sent again a little later.
            let fresh = page.hidden("form_token").to_owned();
            assert!(fresh.starts_with("1795"), "{fresh}");
        }
    }
    service.clock.advance(Duration::from_secs(2));
    assert_eq!(service.step("officials", &person("Saltwick", &token)).await.status, StatusCode::OK);
}

#[actix_web::test]
async fn too_many_forms_come_back_whole_with_the_time_to_wait() {
    let service = service(60, None).await;
    let token = service.token().await;
    let form = [person("Saltwick", &token), vec![("story", "My words"), ("consent", "yes")]].concat();
    let mistaken = [person("Saltwick", &token), vec![("story", "My words")]].concat();
    // Mistakes do not use up sign-ups.
    for _ in 0..2 {
        assert_eq!(service.step("signups", &mistaken).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert_eq!(service.step("signups", &form).await.status, StatusCode::SEE_OTHER);
    let page = service.step("signups", &form).await;
    assert_eq!((page.status, page.header(header::RETRY_AFTER)), (StatusCode::TOO_MANY_REQUESTS, "60"));
    page.has("Please wait a minute").has("\nMy words</textarea>").has("value=\"yes\" required checked");

    assert_eq!(service.step("officials", &mistaken).await.status, StatusCode::OK);
    let page = service.step("officials", &mistaken).await;
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
    page.has("value=\"1 Main Street\"").has("name=\"story\" value=\"My words\"");
}
