//! Characters that mean something to templates, pages and mails arrive as what they are: characters.

use reqwest::header::CONTENT_TYPE;

use crate::support::app::{Page, TestApp};
use crate::support::journey::{CAMPAIGN, Typed, text_of};

const NAME: &str = "{{name}} O'Brien & Söhne \"Jr\"";
const STREET: &str = "{{#each x}}{{{y}}} &amp; `=";
const STORY: &str = "{{official.name}} {{> frame}} {{{{raw}}}}\r\n</textarea><img src=x onerror=alert(1)>\r\n.\r\nFrom: all\r\n--\r\n&amp; <!-- \u{2019}";

fn typed() -> Typed {
    Typed::new("o'brien+x@example.org").with("name", NAME).with("street", STREET).with("story", STORY)
}

/// The page shows the text, and no tag of it.
fn shows(page: &Page, text: &str) {
    assert!(page.text().replace('\r', "").contains(&text.replace('\r', "")), "no {text} in:\n{}", page.text());
    for tag in ["<script>alert", "<img src=x", "</textarea><img", "<!-- "] {
        assert!(!page.body.contains(tag), "{tag}");
    }
}

#[test]
fn templates_and_html_in_fields_arrive_as_plain_characters() {
    let app = TestApp::start();
    let page = app.preview(&typed());
    assert_eq!(page.status, 200);
    page.assert_keeps(&typed(), &["consent"]);
    let link = app.signed_up(&typed());
    let page = app.get(&link);
    for text in [NAME, STREET, STORY] {
        shows(&page, text);
    }
    let page = app.post(&link, &[]);
    for mail in app.mails(2) {
        let text = text_of(&mail);
        assert!(text.contains(&STORY.replace('\r', "")), "{text}");
        assert!(text.contains(&format!("\n{NAME}\n{STREET}\nSaltwick, MA 01099\n")), "{text}");
        let from = mail.header("From").unwrap();
        assert!(from.contains("{{name}} O'Brien & Söhne") && from.contains("via Massachusetts Standout"), "{from}");
        assert!(mail.from == "letters@campaign.example" && mail.to.len() == 1, "{:?} to {:?}", mail.from, mail.to);
    }
    for text in [NAME, STREET, STORY] {
        shows(&app.get(&page.location.clone().unwrap()), text);
    }
}

#[test]
fn the_confirmation_holds_no_word_that_was_typed() {
    let app = TestApp::start();
    let page = app.sign_up(&Typed::new("ana@example.org").with("name", "Buy at spam.example").with("story", "Cheap pills"));
    assert_eq!(page.status, 303);
    let mail = app.mails(1).remove(0);
    let raw = String::from_utf8_lossy(&mail.data).into_owned() + &text_of(&mail);
    for word in ["spam.example", "Cheap", "Harbor Street", "Saltwick"] {
        assert!(!raw.contains(word), "{word} in {raw}");
    }
}

#[test]
fn templates_and_html_in_fields_that_refuse_them_come_back_as_typed() {
    let app = TestApp::start();
    let typed = typed()
        .with("name", "<b>Ana</b>")
        .with("email", "{{e}}<b>@x")
        .with("city", "<b>{{city}}</b>")
        .with("zip", "\"><script>alert(1)</script>");
    let page = app.preview(&typed);
    page.assert_wrong(&["name", "email", "city", "zip"]);
    page.assert_keeps(&typed, &["consent"]);
    shows(&page, "");
}

#[test]
fn what_nobody_can_see_is_answered_as_empty() {
    let app = TestApp::start();
    for unseen in ["\u{200B}", "\u{3164}", ".", "\u{200B}\u{200B}", "\u{2800}"] {
        let page = app.preview(&typed().with("name", unseen).with("street", unseen).with("city", unseen));
        assert_eq!(page.status, 422, "{unseen:?}");
        page.assert_wrong(&["name", "street", "city"]);
        assert!(page.text().contains("Enter your name."), "{}", page.text());
    }
    for link in ["Ana https://spam.example", "www.spam.example", "ana@spam.example", "<b>Ana</b>"] {
        let page = app.preview(&typed().with("name", link).with("street", link));
        page.assert_wrong(&["name", "street"]);
        assert!(page.text().contains("can't hold a web address"), "{}", page.text());
    }
    for name in ["Ng", "Ó", "李", "O'Brien-Smith", "Nguyễn Thị", "J. R."] {
        assert_eq!(app.preview(&typed().with("name", name)).status, 200, "{name}");
    }
}

fn raw(app: &TestApp, name: &[u8]) -> Page {
    let token = app.form_token();
    let mut body = b"email=ana%40example.org&street=1+Main&city=Saltwick&zip=01099&consent=yes&form_token=".to_vec();
    body.extend_from_slice(token.as_bytes());
    body.extend_from_slice(b"&name=");
    body.extend_from_slice(name);
    let request = app.client.post(app.address(&format!("{CAMPAIGN}/signups"))).body(body);
    Page::of(request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").send().unwrap())
}

#[test]
fn percent_encoded_bytes_that_are_no_utf8_are_shown_back_and_refused() {
    let app = TestApp::start();
    let page = raw(&app, b"An%C3%28a");
    page.assert_wrong(&["name"]);
    assert_eq!(page.typed("name").as_deref(), Some("An\u{fffd}(a"));
    assert_eq!(page.typed("street").as_deref(), Some("1 Main"));
}

#[test]
fn raw_bytes_that_are_no_utf8_are_shown_back_and_refused() {
    let app = TestApp::start();
    let page = raw(&app, b"An\xff\xfea");
    page.assert_wrong(&["name"]);
    assert_eq!(page.typed("name").as_deref(), Some("An\u{fffd}\u{fffd}a"));
    assert_eq!(page.typed("city").as_deref(), Some("Saltwick"));
}

#[test]
fn an_address_of_bytes_that_are_no_utf8_is_not_found() {
    let app = TestApp::start();
    for path in ["/campaigns/%FF%FE", "/confirm/%C3%28", "/letters/%00", "/%FF"] {
        let page = app.get(path);
        assert_eq!(page.status, 404, "{path}");
        assert!(page.text().contains("We can't find that page"), "{path}: {}", page.text());
    }
}
