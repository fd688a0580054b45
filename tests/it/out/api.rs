//! The API for programs: what its document says and what it answers are the same, and none of it is personal.

use std::collections::BTreeSet;
use std::time::Duration;

use boon::{Compiler, Schemas};
use serde_json::Value;
use standout::domain::{MessageState, Role};

use crate::support::app::{Page, TestApp};
use crate::support::journey::Typed;
use crate::support::tables::Tables;

const DOCUMENT: &str = "/api/v1/openapi.json";

impl TestApp {
    /// Makes a token in the console; an admin is logged in.
    fn api_token(&self, scope: &str, days: &str) -> String {
        let csrf = self.get("/staff/tokens").field("csrf").unwrap();
        let form = [("csrf", csrf.as_str()), ("name", "the test"), ("scope", scope), ("days", days)];
        let page = self.post("/staff/tokens", &form);
        assert_eq!(page.status, 200, "{}", page.text());
        let secret = page.body.split_once("data-copy-source").unwrap().1.split_once(">\n").unwrap().1;
        secret.split('<').next().unwrap().to_owned()
    }

    fn api(&self, path: &str, token: &str) -> Page {
        Page::of(reqwest::blocking::Client::new().get(self.address(path)).bearer_auth(token).send().unwrap())
    }
}

fn json(page: &Page) -> Value {
    serde_json::from_str(&page.body).unwrap_or_else(|_| panic!("{}", page.body))
}

/// Says whether an answer is what the document says of that route and status.
struct Document(Value);

impl Document {
    fn of(app: &TestApp) -> Self {
        Self(json(&app.get(DOCUMENT)))
    }

    fn check(&self, route: &str, page: &Page) {
        let pointer = |text: &str| text.replace('~', "~0").replace('/', "~1");
        let answer = format!("/paths/{}/get/responses/{}/content", pointer(route), page.status);
        let content = self.0.pointer(&answer).unwrap_or_else(|| panic!("{route} says nothing of {}", page.status));
        let (kind, _) = content.as_object().unwrap().iter().next().unwrap();
        assert!(page.header("content-type").starts_with(kind.as_str()), "{route}: {}", page.header("content-type"));
        let mut compiler = Compiler::new();
        compiler.add_resource("http://standout.test/openapi.json", self.0.clone()).unwrap();
        let mut schemas = Schemas::new();
        let place = format!("http://standout.test/openapi.json#{answer}/{}/schema", pointer(kind));
        let schema = compiler.compile(&place, &mut schemas).unwrap_or_else(|error| panic!("{route}: {error:#}"));
        schemas.validate(&json(page), schema).unwrap_or_else(|error| panic!("{route}: {error:#}\n{}", page.body));
    }
}

/// A service with letters sent, and an admin logged in.
fn with_letters() -> TestApp {
    let app = TestApp::start();
    app.confirmed(&Typed::new("ana@example.org").with("story", "My own words.").with("contact", "yes"));
    app.mails(2);
    app.signed_up(&Typed::new("ben@example.org"));
    app.until("two are sent", || app.letters(MessageState::Sent) == 2);
    app.logged_in(Role::Admin);
    app
}

#[test]
fn every_route_is_in_the_document_and_every_answer_is_as_it_says() {
    let app = with_letters();
    let token = app.api_token("letters", "");
    let document = Document::of(&app);
    assert!(document.0["openapi"].as_str().unwrap().starts_with("3.1."));
    let counts = "/api/v1/campaigns/{slug}/counts";
    let letters = "/api/v1/campaigns/{slug}/letters";
    let asked = [
        ("/api/v1/campaigns", "/api/v1/campaigns".to_owned(), 200),
        (counts, "/api/v1/campaigns/ma-287g/counts".into(), 200),
        (counts, "/api/v1/campaigns/ma-287g/counts?by=office".into(), 200),
        (counts, "/api/v1/campaigns/ma-287g/counts?by=town".into(), 200),
        (counts, "/api/v1/campaigns/ma-287g/counts?by=day".into(), 200),
        (counts, "/api/v1/campaigns/ma-287g/counts?by=moon".into(), 422),
        (counts, "/api/v1/campaigns/no-such/counts".into(), 404),
        ("/api/v1/offices", "/api/v1/offices?state=ma".into(), 200),
        ("/api/v1/offices", "/api/v1/offices".into(), 422),
        (letters, "/api/v1/campaigns/ma-287g/letters".into(), 200),
        (letters, "/api/v1/campaigns/ma-287g/letters?limit=1&state=sent".into(), 200),
        (letters, "/api/v1/campaigns/ma-287g/letters?limit=0".into(), 422),
        (letters, "/api/v1/campaigns/ma-287g/letters?limit=1000000000".into(), 422),
        (letters, "/api/v1/campaigns/ma-287g/letters?after=-1".into(), 422),
        (letters, "/api/v1/campaigns/ma-287g/letters?state=eaten".into(), 422),
        (letters, "/api/v1/campaigns/no-such/letters".into(), 404),
        ("/api/v1/letters/{id}", "/api/v1/letters/2".into(), 200),
        ("/api/v1/letters/{id}", "/api/v1/letters/1000000000".into(), 404),
        ("/api/v1/letters/{id}", "/api/v1/letters/x".into(), 404),
        (DOCUMENT, DOCUMENT.into(), 200),
        ("/api/campaigns/{slug}/counts", "/api/campaigns/ma-287g/counts".into(), 200),
    ];
    let mut answered = BTreeSet::new();
    for (route, path, status) in asked {
        let page = app.api(&path, &token);
        assert_eq!(page.status, status, "{path}: {}", page.body);
        document.check(route, &page);
        answered.insert(route.to_owned());
    }
    // The routes as the program registers them, as the document has them, and as they were asked.
    let source = include_str!("../../../src/web/api_v1/mod.rs");
    let registered = source.split("service(read(\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned());
    let mut registered: BTreeSet<String> = registered.collect();
    assert_eq!(registered.len(), 6);
    registered.insert("/api/campaigns/{slug}/counts".into());
    let documented: BTreeSet<String> = document.0["paths"].as_object().unwrap().keys().cloned().collect();
    assert_eq!((&documented, &answered), (&registered, &registered));
}

#[test]
fn the_numbers_are_the_consoles_and_no_answer_names_a_person() {
    let app = with_letters();
    let token = app.api_token("letters", "30");
    let total = json(&app.api("/api/v1/campaigns/ma-287g/counts", &token));
    let console = json(&app.get("/staff/campaigns/ma-287g/counts.json"));
    for number in ["signed_up", "confirmed", "letters"] {
        assert_eq!(total["rows"][0][number], console[number], "{number}");
    }
    let mut tables = Tables::open(&app.dir.path().join("standout.sqlite3"));
    let kept: Vec<(i64, String)> = tables.rows("id, state", "messages WHERE kind = 'letter' ORDER BY id");
    // All pages together are all letters, each once, in order.
    let (mut read, mut next) = (Vec::new(), Some(String::new()));
    while let Some(after) = next {
        let after = if after.is_empty() { String::new() } else { format!("&after={after}") };
        let page = json(&app.api(&format!("/api/v1/campaigns/ma-287g/letters?limit=2{after}"), &token));
        let letters = page["letters"].as_array().unwrap();
        assert!(letters.len() <= 2);
        read.extend(letters.iter().map(|l| (l["id"].as_i64().unwrap(), l["state"].as_str().unwrap().to_owned())));
        next = page["next"].as_str().map(str::to_owned);
    }
    assert_eq!(read, kept);
    let sent = kept.iter().find(|(_, state)| state == "sent").unwrap().0;
    let story = app.api(&format!("/api/v1/letters/{sent}"), &token);
    assert_eq!(json(&story)["attempts"][0]["outcome"], "sent");
    let letters = app.api("/api/v1/campaigns/ma-287g/letters", &token);
    for (page, secrets) in [story, letters].iter().flat_map(|page| {
        [(page, "Ana"), (page, "Ben"), (page, "example.org"), (page, "Harbor Street"), (page, "01099"), (page, "own words")]
    }) {
        assert!(!page.body.contains(secrets), "{secrets} in {}", page.body);
    }
}

#[test]
fn a_token_opens_what_it_is_for_until_it_ends_or_is_revoked() {
    let app = with_letters();
    let document = Document::of(&app);
    let numbers = app.api_token("counts", "");
    let short = app.api_token("letters", "1");
    let campaigns = |token: &str| app.api("/api/v1/campaigns", token).status;
    let letters = app.api("/api/v1/campaigns/ma-287g/letters", &numbers);
    document.check("/api/v1/campaigns/{slug}/letters", &letters);
    assert_eq!((letters.status, campaigns(&numbers), campaigns(&short)), (403, 200, 200));
    let stranger = app.get("/api/v1/campaigns");
    document.check("/api/v1/campaigns", &stranger);
    assert_eq!((stranger.status, stranger.header("www-authenticate")), (401, "Bearer"));
    for wrong in ["", "x", &"A".repeat(43)] {
        assert_eq!(campaigns(wrong), 401, "{wrong}");
    }
    app.clock.advance(Duration::from_hours(25));
    assert_eq!((campaigns(&numbers), campaigns(&short)), (200, 401));
    let page = app.get("/staff/login");
    assert_eq!(page.status, 200);
    app.log_in("admin@example.org", crate::support::login::PASSWORD);
    let page = app.get("/staff/tokens");
    let text = page.text();
    assert!(text.contains("ended on") && text.contains("November 23, 2026"), "{text}");
    let csrf = page.field("csrf").unwrap();
    assert_eq!(app.post("/staff/tokens/1/revoke", &[("csrf", "no")]).status, 403);
    assert_eq!(campaigns(&numbers), 200);
    assert_eq!(app.post("/staff/tokens/1/revoke", &[("csrf", &csrf)]).status, 303);
    assert_eq!(campaigns(&numbers), 401);

    let mut tables = Tables::open(&app.dir.path().join("standout.sqlite3"));
    let log: Vec<(String, String)> = tables.rows("act, subject", "audit_log WHERE act NOT LIKE 'login.%' ORDER BY id");
    let line = |act: &str, subject: &str| (act.to_owned(), subject.to_owned());
    assert_eq!(log, [line("token.made", "token 1"), line("token.made", "token 2"), line("token.revoked", "token 1")]);
    let kept: Vec<(String,)> = tables.rows("hex(hash) || name || scope", "api_tokens");
    assert!(kept.iter().all(|(row,)| !row.contains(&numbers) && !row.contains(&short)));
    app.smtp.take_messages();
}

#[test]
fn only_admins_make_tokens_and_mistakes_come_back() {
    let app = TestApp::start();
    app.logged_in(Role::Editor);
    assert_eq!(app.get("/staff/tokens").status, 403);
    let csrf = app.get("/staff").field("csrf").unwrap();
    let form = |name: &'static str, days: &'static str, csrf: &str| {
        [("csrf", csrf.to_owned()), ("name", name.to_owned()), ("scope", "counts".to_owned()), ("days", days.to_owned())]
    };
    let post = |fields: &[(&str, String)]| Page::of(app.client.post(app.address("/staff/tokens")).form(fields).send().unwrap());
    assert_eq!(post(&form("x", "", &csrf)).status, 403);
    app.post("/staff/logout", &[("csrf", &csrf)]);
    app.logged_in(Role::Admin);
    let csrf = app.get("/staff/tokens").field("csrf").unwrap();
    let page = post(&form(" ", "0", &csrf));
    page.assert_wrong(&["name", "days"]);
    let page = post(&form("The website", "soon", &csrf));
    page.assert_wrong(&["days"]);
    assert_eq!((page.typed("name").as_deref(), page.typed("days").as_deref()), (Some("The website"), Some("soon")));
    assert_eq!(Tables::open(&app.dir.path().join("standout.sqlite3")).count("api_tokens"), 0);
}

#[test]
fn what_the_api_can_not_answer_is_a_problem_document() {
    let app = TestApp::with(&[("API_PER_IP_PER_HOUR", "3")]);
    let nothing = app.get("/api/v1/nothing");
    assert_eq!((nothing.status, nothing.header("content-type")), (404, "application/problem+json"));
    let post = app.post("/api/v1/campaigns", &[]);
    assert_eq!((post.status, post.header("allow"), json(&post)["status"].as_i64()), (405, "GET, HEAD", Some(405)));
    let document = Document::of(&app);
    let answers: Vec<Page> = (0..4).map(|_| app.get("/api/v1/campaigns")).collect();
    let last = answers.last().unwrap();
    document.check("/api/v1/campaigns", last);
    assert_eq!(last.status, 429);
    assert!(last.header("retry-after").parse::<u64>().unwrap() >= 1);
}
