//! Mistakes in fields: all at once, each beside its field, with everything typed kept.

use crate::support::app::{Page, TestApp};
use crate::support::journey::Typed;

fn typed() -> Typed {
    Typed::new("ana@example.org").with("story", "My own words.")
}

/// Step 1 finds this one mistake, says this about it, and keeps everything.
fn refused(field: &'static str, value: &str, says: &str) -> Page {
    let app = TestApp::start();
    let typed = typed().with(field, value);
    let page = app.preview(&typed);
    page.assert_wrong(&[field]);
    page.assert_keeps(&typed, &["consent"]);
    let words = page.mistakes().remove(0).1;
    assert!(words.contains(says), "{words}");
    // The second step is no way around the first one's checks.
    let again = app.sign_up(&typed);
    again.assert_wrong(&[field]);
    again.assert_keeps(&typed, &["consent"]);
    assert_eq!(app.rows("signups"), 0);
    page
}

#[test]
fn an_empty_form_names_every_field_at_once() {
    let app = TestApp::start();
    let page = app.preview(&Typed(Vec::new()));
    page.assert_wrong(&["name", "email", "street", "city", "zip"]);
    assert!(page.text().contains("Please check these 5 things"));
}

#[test]
fn an_empty_name_is_refused() {
    refused("name", "", "Enter your name.");
}

#[test]
fn an_empty_email_is_refused() {
    refused("email", "  ", "Enter your e-mail address.");
}

#[test]
fn an_empty_street_is_refused() {
    refused("street", "", "Enter your house number and street.");
}

#[test]
fn an_empty_city_is_refused() {
    refused("city", " ", "Enter the city or town where you live.");
}

#[test]
fn an_empty_zip_is_refused() {
    refused("zip", "", "Enter your ZIP code.");
}

#[test]
fn a_name_that_is_too_long_is_refused() {
    refused("name", &"é".repeat(101), "at most 100 characters");
}

#[test]
fn an_email_that_is_too_long_is_refused() {
    refused("email", &format!("{}@example.org", "a".repeat(250)), "at most 254 characters");
}

#[test]
fn a_street_that_is_too_long_is_refused() {
    refused("street", &"Wharf Lane ".repeat(30), "at most");
}

#[test]
fn a_city_that_is_too_long_is_refused() {
    refused("city", &"Saltwick ".repeat(20), "at most 100 characters");
}

#[test]
fn a_zip_that_is_too_long_is_refused() {
    refused("zip", "0109901099011", "five digits");
}

#[test]
fn a_story_that_is_too_long_keeps_the_letters_in_view() {
    let app = TestApp::start();
    let typed = typed().with("story", &"wörd ".repeat(401));
    for page in [app.preview(&typed), app.sign_up(&typed)] {
        page.assert_wrong(&["story"]);
        page.assert_keeps(&typed, &[]);
        assert!(page.text().contains("at most 2000 characters"), "{}", page.text());
        assert!(page.text().contains("Senator Wren Harborlight"));
    }
}

#[test]
fn a_name_of_control_characters_is_refused() {
    refused("name", "\u{1}\u{2}\u{1b}", "hidden character");
}

#[test]
fn an_email_without_a_domain_is_refused() {
    refused("email", "ana@", "not complete");
    refused("email", "ana", "name@example.org");
}

#[test]
fn an_email_with_letters_beyond_ascii_before_the_at_is_refused() {
    refused("email", "josé@example.org", "letters beyond a-z before the @");
}

#[test]
fn an_unknown_town_is_refused_with_a_near_name() {
    refused("city", "Saltwik", "Did you mean Saltwick?");
}

#[test]
fn a_town_that_is_like_no_other_is_refused_with_what_to_do() {
    refused("city", "Atlantis", "Check the spelling");
}

#[test]
fn a_zip_of_another_state_is_refused() {
    refused("zip", "10001", "not in Massachusetts");
}

#[test]
fn line_ends_in_one_line_fields_are_refused() {
    let app = TestApp::start();
    for end in ["\r\n", "\r", "\n"] {
        let mut typed = typed();
        for (field, value) in [
            ("name", "Ana{}Bcc: all@example.org"),
            ("email", "ana@example.org{}x@example.org"),
            ("street", "12 Harbor{}Street"),
            ("city", "Saltwick{}"),
            ("zip", "01099{}"),
        ] {
            typed = typed.with(field, &value.replace("{}", end));
        }
        let page = app.preview(&typed);
        page.assert_wrong(&["name", "email", "street", "city", "zip"]);
        page.assert_keeps(&typed, &["consent"]);
    }
}

#[test]
fn a_missing_consent_is_asked_for_with_all_else_kept() {
    let app = TestApp::start();
    for consent in ["", "no"] {
        let typed = typed().with("consent", consent);
        let page = app.sign_up(&typed);
        page.assert_wrong(&["consent"]);
        page.assert_keeps(&typed, &["consent"]);
        assert!(!page.tag("id=\"consent\"").unwrap().contains("checked"));
    }
    assert_eq!(app.rows("signups"), 0);
}

#[test]
fn the_second_step_names_all_its_mistakes_at_once() {
    let app = TestApp::start();
    let typed = typed().with("city", "Gullhaven").with("story", &"x".repeat(2001)).with("consent", "");
    let page = app.sign_up(&typed);
    page.assert_wrong(&["office_upper", "office_lower", "story", "consent"]);
    page.assert_keeps(&typed, &["consent"]);
    assert!(page.text().contains("Choose your Senate district."));
}

#[test]
fn mistakes_of_the_first_step_lead_back_to_it_with_story_and_choices_kept() {
    let app = TestApp::start();
    let typed = typed().with("name", "").with("zip", "1").with("office_upper", "7").with("office_lower", "9");
    let page = app.sign_up(&typed);
    page.assert_wrong(&["name", "zip"]);
    page.assert_keeps(&typed, &["consent"]);
}

#[test]
fn changing_ones_details_keeps_story_and_choices() {
    let app = TestApp::start();
    let typed = typed().with("office_upper", "7");
    let token = app.form_token();
    let page = app.post("/campaigns/ma-287g/edit", &typed.pairs(&token));
    assert_eq!(page.status, 200);
    page.assert_keeps(&typed, &["consent"]);
}
