//! Webhooks in the console: where other servers are told what happened, how that goes, and how they check it.

use actix_web::web;
use askama::Template;
use serde::Deserialize;
use url::Url;

use super::act::{Act, Button};
use super::nav::Place;
use super::session::Staff;
use super::words::{Done, JustDone};
use crate::domain::{EventKind, Timestamp, may_be_told};
use crate::store::webhooks::{self, Delivery, Webhook};
use crate::store::{Reader, StoreError, webhook_events};
use crate::web::Web;
use crate::web::parts::figures::grouped;
use crate::web::parts::{FormErrors, Page, filters};
use crate::web::response::{Answer, Failure, html};
use crate::webhooks::webhook_secret;

/// The longest address.
const URL_MAX: usize = 500;
/// How many tries of each are shown.
const SHOWN: usize = 20;
const HTTPS: &str = "Enter an address that begins with https:// and holds no log-in. It must be a server that everybody reaches.";
const NEARBY: &str = "Enter an address that begins with https://, or with http:// for a server on this machine or its network. It holds no log-in.";

#[derive(Template)]
#[template(path = "console/webhooks.html")]
struct WebhooksPage<'a> {
    page: Page,
    done: JustDone,
    errors: FormErrors,
    typed: NewWebhook,
    /// The oldest first.
    known: Vec<Known>,
    /// What the webhooks' secrets are worked out with.
    key: &'a str,
}

/// A webhook, its tries with the newest first, and how many events wait to be told.
struct Known {
    hook: Webhook,
    tries: Vec<Delivery>,
    waiting: i64,
}

/// The form of a new webhook.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct NewWebhook {
    url: String,
    letter_sent: String,
    signup_confirmed: String,
}

/// `GET /staff/webhooks`, for admins.
pub(super) async fn page(web: web::Data<Web>, staff: Staff, done: JustDone) -> Answer {
    let typed = NewWebhook { letter_sent: "yes".to_owned(), ..NewWebhook::default() };
    show(&web, &staff, done, FormErrors::default(), typed).await
}

/// `POST /staff/webhooks`.
pub(super) async fn add(web: web::Data<Web>, staff: Staff, Act(typed): Act<NewWebhook>) -> Answer {
    let development = web.config.is_development();
    let url = Url::parse(typed.url.trim()).ok();
    let url = url.filter(|url| may_be_told(url, development) && url.as_str().len() <= URL_MAX);
    let ticked = [(EventKind::LetterSent, &typed.letter_sent), (EventKind::SignupConfirmed, &typed.signup_confirmed)];
    let kinds: Vec<EventKind> = ticked.into_iter().filter(|(_, ticked)| *ticked == "yes").map(|(kind, _)| kind).collect();
    let mut errors = FormErrors::default();
    let url = errors.keep("url", url.ok_or(if development { NEARBY } else { HTTPS }));
    if kinds.is_empty() {
        errors.add("letter_sent", "Tick what it should be told.");
    }
    let (Some(url), true) = (url, errors.is_empty()) else {
        return show(&web, &staff, JustDone(None), errors, typed).await;
    };
    web.staff_actions.add_webhook(&staff.actor(), url.to_string(), kinds).await?;
    Ok(Done::WebhookAdded.at("/staff/webhooks"))
}

/// `POST /staff/webhooks/{id}/test`, `/on` and `/remove`.
pub(super) async fn press(web: web::Data<Web>, staff: Staff, path: web::Path<(String, String)>, _: Act<Button>) -> Answer {
    let (id, act) = path.into_inner();
    let (id, who): (i64, _) = (id.parse().map_err(|_| Failure::NotFound)?, staff.actor());
    let (found, done) = match act.as_str() {
        "test" => (web.staff_actions.test_webhook(&who, id).await?, Done::WebhookTested),
        // A second press finds it on already.
        "on" => (web.staff_actions.enable_webhook(&who, id).await.map(|_| true)?, Done::WebhookOn),
        "remove" => (web.staff_actions.remove_webhook(&who, id).await.map(|_| true)?, Done::WebhookRemoved),
        _ => return Err(Failure::NotFound),
    };
    if found { Ok(done.at("/staff/webhooks")) } else { Err(Failure::NotFound) }
}

async fn show(web: &Web, staff: &Staff, done: JustDone, errors: FormErrors, typed: NewWebhook) -> Answer {
    let known = web.store.read(known).await?;
    let page = staff.page(web, Place::Webhooks, "Webhooks").problem(!errors.is_empty());
    let key = web.config.secret_key.expose();
    html(errors.status(), &WebhooksPage { page, done, errors, typed, known, key })
}

fn known(conn: &mut Reader) -> Result<Vec<Known>, StoreError> {
    let with_tries = |hook: Webhook, conn: &mut Reader| {
        let tries = webhooks::deliveries(conn, hook.id)?;
        let waiting = webhook_events::waiting(conn, &hook.kinds(), hook.told_up_to)?;
        Ok(Known { hook, tries, waiting })
    };
    webhooks::all(conn)?.into_iter().map(|hook| with_tries(hook, conn)).collect()
}

/// The tone, and how it is, as a sentence.
fn standing(hook: &Webhook) -> (&'static str, String) {
    let at = |millis: i64| Timestamp::from_millis(millis).rfc3339();
    match (hook.disabled_at, hook.failing_since) {
        (Some(off), _) => ("trouble", format!("Turned off at {}: it failed for a day. Fix it, then turn it on again.", at(off))),
        (None, Some(since)) => {
            let (times, again) = (grouped(i64::from(hook.failures)), at(hook.due_at));
            ("wait", format!("Failing since {}, {times} times in a row. Next try at {again} or soon after.", at(since)))
        }
        (None, None) => ("done", "On.".to_owned()),
    }
}

/// "letter.sent, signup.confirmed".
fn kinds(hook: &Webhook) -> String {
    hook.kinds().iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(", ")
}
