//! The pages in a real browser, at a phone's and a desktop's width: they fit, they complain of nothing, they can be used.

// Clippy takes only `#[test]` functions for tests, and not their helpers.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use standout::domain::Role;
use support::app::TestApp;
use support::browser::Browser;
use support::journey::{CAMPAIGN, Typed};
use support::login::PASSWORD;

const PHONE: u32 = 390;
const DESKTOP: u32 = 1280;
/// The least height of what a finger presses, in CSS pixels.
const TARGET: u32 = 44;
/// More pages than this are not opened.
const PAGES: usize = 80;

/// What is wrong with the page as it is shown, in words. On a phone nothing is reached by scrolling sideways.
const WRONG: &str = r"
const wrong = [];
const page = document.scrollingElement;
if (page.scrollWidth > page.clientWidth) {
  const wide = [...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > page.clientWidth + 1 && !e.closest('.scroll'));
  wrong.push('the page scrolls sideways: ' + wide.slice(0, 3).map(e => e.tagName + '.' + e.className).join(', '));
}
const named = e => (e.labels && e.labels.length > 0) || e.getAttribute('aria-label') || e.getAttribute('aria-labelledby');
for (const field of document.querySelectorAll('input:not([type=hidden]), select, textarea')) {
  if (!named(field) && !field.closest('[aria-hidden=true], .trap')) wrong.push('a field without a label: ' + field.name);
}
for (const box of document.querySelectorAll('.scroll')) {
  if (page.clientWidth < 500 && !box.closest('details:not([open])') && box.scrollWidth > box.clientWidth + 1) wrong.push('a table scrolls sideways: ' + box.getAttribute('aria-label'));
}
if (document.querySelectorAll('h1').length !== 1) wrong.push('one heading of the first rank, not ' + document.querySelectorAll('h1').length);
if (!document.title.trim()) wrong.push('no title');
const seen = new Set();
for (const e of document.querySelectorAll('[id]')) { if (seen.has(e.id)) wrong.push('the id ' + e.id + ' twice'); seen.add(e.id); }
for (const button of document.querySelectorAll('main button.button, main a.button, main select, main input:not([type=hidden]):not([type=checkbox]):not([type=radio])')) {
  const box = button.getBoundingClientRect();
  if (box.height > 0 && box.height < TARGET && !button.closest('.trap')) wrong.push('too low for a finger: ' + (button.id || button.textContent.trim()));
}
for (const e of document.querySelectorAll('[aria-labelledby], [aria-describedby]')) {
  for (const id of ((e.getAttribute('aria-labelledby') || '') + ' ' + (e.getAttribute('aria-describedby') || '')).split(/\s+/).filter(Boolean)) {
    if (!document.getElementById(id)) wrong.push('nothing has the id ' + id);
  }
}
return wrong;
";

/// Nothing is wrong with the page that the browser shows, at either width.
fn is_right(browser: &Browser) {
    let address = browser.address();
    for width in [PHONE, DESKTOP] {
        browser.width(width);
        let wrong = browser.run(&format!("const TARGET = {TARGET}; {WRONG}"));
        assert_eq!(wrong, serde_json::json!([]), "{address} at {width} pixels");
        if let Some(folder) = std::env::var_os("STANDOUT_PICTURES") {
            let page = address.splitn(4, '/').last().unwrap().replace(|c: char| !c.is_ascii_alphanumeric(), "-");
            browser.picture(&std::path::Path::new(&folder).join(format!("{page}.{width}.png")));
        }
    }
    let complaints = browser.complaints();
    assert!(complaints.is_empty(), "{address}: {complaints:?}");
}

fn log_in(browser: &Browser, app: &TestApp, role: Role) {
    let email = format!("{}@example.org", role.as_str());
    app.with_login(&email, role);
    browser.open(&app.address("/staff/login"));
    is_right(browser);
    browser.type_into("#email", &email);
    browser.type_into("#password", PASSWORD);
    browser.click("main button");
    browser.until("the console opens", || browser.address().ends_with("/staff"));
}

#[test]
fn a_supporter_on_a_phone_comes_from_the_form_to_the_private_page() {
    let app = TestApp::start();
    let Some(browser) = Browser::start() else { return };
    browser.width(PHONE);
    browser.open(&app.address(CAMPAIGN));
    is_right(&browser);
    browser.width(PHONE);
    for (field, text) in [
        ("#name", "Ana Example"),
        ("#email", "ana@example.org"),
        ("#street", "12 Harbor Street"),
        ("#city", "Saltwick"),
        ("#zip", "01099"),
    ] {
        browser.type_into(field, text);
    }
    browser.click("main form button[type=submit], main form button.button");
    browser.until("the letters are shown", || browser.text().contains("Ana Example"));
    is_right(&browser);
    browser.width(PHONE);
    browser.type_into("#story", "My neighbour is afraid.");
    browser.click("#consent");
    browser.click("form button.button[type=submit]");
    browser.until("the page says to look for a mail", || browser.address().ends_with("/check-your-email"));
    is_right(&browser);
    let link = support::journey::link_in(&app.mails(1).remove(0), "/confirm/");
    browser.open(&app.address(&link));
    is_right(&browser);
    browser.width(PHONE);
    browser.click("main form button.button");
    browser.until("the private page opens", || browser.address().contains("/letters/"));
    is_right(&browser);
    app.mails(2);
}

#[test]
fn every_page_of_the_console_fits_and_complains_of_nothing() {
    let app = TestApp::start();
    let Some(browser) = Browser::start() else { return };
    app.confirmed(&Typed::new("ana@example.org").with("story", "My neighbour is afraid."));
    app.mails(2);
    log_in(&browser, &app, Role::Admin);
    let mut waiting = VecDeque::from([app.address("/staff")]);
    let mut met: BTreeSet<String> = waiting.iter().cloned().collect();
    // Pages of one kind are alike: of each, a few are enough.
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    let mut opened = 0;
    while let Some(address) = waiting.pop_front() {
        let kind: String = address.split('?').next().unwrap().chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
        let seen = kinds.entry(kind).or_default();
        *seen += 1;
        if *seen > 2 || opened == PAGES {
            continue;
        }
        opened += 1;
        browser.open(&address);
        is_right(&browser);
        let links = browser.run(
            "return [...document.querySelectorAll('a[href]')].filter(a => !a.hasAttribute('download')).map(a => a.href.split('#')[0])",
        );
        for link in links.as_array().unwrap().iter().filter_map(|link| link.as_str()) {
            let page = link.strip_prefix(&app.url).is_some_and(|path| path.starts_with("/staff"));
            let file = [".csv", ".json", ".zip", "/events"].iter().any(|end| link.split('?').next().unwrap().ends_with(end));
            if page && !file && met.insert(link.to_owned()) {
                waiting.push_back(link.to_owned());
            }
        }
    }
    assert!(opened >= 5, "only {opened} pages: {met:?}");
}

#[test]
fn an_open_overview_counts_along() {
    let app = TestApp::start();
    let Some(browser) = Browser::start() else { return };
    log_in(&browser, &app, Role::Viewer);
    browser.open(&app.address("/staff/campaigns/ma-287g"));
    let said = |name: &str| browser.run(&format!("return document.querySelector('[data-live={name}]').textContent"));
    assert_eq!((said("signed_up"), said("unconfirmed")), (serde_json::json!("0"), serde_json::json!("0")));
    app.signed_up(&Typed::new("ana@example.org"));
    browser.until("the page says so", || said("signed_up") == "1" && said("unconfirmed") == "3");
    let width = browser.run("return Number(document.querySelector('[data-live-bar=unconfirmed]').getAttribute('width'))");
    assert_eq!(width, serde_json::json!(1000), "the bar is all of that state");
    is_right(&browser);
}
