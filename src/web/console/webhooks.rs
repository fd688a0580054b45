//! Webhooks in the console: where other servers are told what happened, how that goes, and how they check it.

use actix_web::http::StatusCode;
use actix_web::web;
use serde::Deserialize;
use url::Url;

use super::super::Web;
use super::super::form::Form;
use super::super::response::{Answer, Failure, see_other};
use super::super::views::figures::grouped;
use super::super::views::staff_webhooks::{DeliveryRow, WebhookView, WebhooksPage};
use super::super::views::{Field, FormError};
use super::nav::Place;
use super::session::Staff;
use crate::domain::{EventKind, Role, Timestamp, may_be_told};
use crate::store::webhooks::{self, Delivery, Webhook};
use crate::store::{Reader, StoreError, webhook_events};
use crate::webhooks::webhook_secret;

/// The longest address.
const URL_MAX: usize = 500;
/// How many tries of each are shown.
const SHOWN: usize = 20;
const HTTPS: &str = "Enter an address that begins with https:// and holds no log-in. It must be a server that everybody reaches.";
const NEARBY: &str = "Enter an address that begins with https://, or with http:// for a server on this machine or its network. It holds no log-in.";

/// What was done just before.
#[derive(Default, Deserialize)]
pub(super) struct Done {
    #[serde(default)]
    done: String,
}

/// `GET /staff/webhooks`, for admins.
pub(super) async fn page(web: web::Data<Web>, staff: Staff, done: web::Query<Done>) -> Answer {
    let notice = match done.done.as_str() {
        "added" => Some("Added. It is told what happens from now on."),
        "test" => Some("A test is on its way. Reload this page in a few seconds to see what the server said."),
        "on" => Some("On again. It goes on with what it was not told."),
        "removed" => Some("Removed."),
        _ => None,
    };
    let view = WebhooksPage { notice: notice.map(str::to_owned), letter_sent: true, ..WebhooksPage::default() };
    show(&web, &staff, StatusCode::OK, view).await
}

/// The form of a new webhook.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct NewWebhook {
    csrf: String,
    url: String,
    letter_sent: String,
    signup_confirmed: String,
}

/// `POST /staff/webhooks`.
pub(super) async fn add(web: web::Data<Web>, staff: Staff, Form(form): Form<NewWebhook>) -> Answer {
    staff.check_may(&web, Role::Admin, &form.csrf)?;
    let development = web.config.is_development();
    let url = Url::parse(form.url.trim()).ok();
    let url = url.filter(|url| may_be_told(url, development) && url.as_str().len() <= URL_MAX);
    let ticked =
        [(EventKind::LetterSent, form.letter_sent == "yes"), (EventKind::SignupConfirmed, form.signup_confirmed == "yes")];
    let kinds: Vec<EventKind> = ticked.into_iter().filter(|(_, ticked)| *ticked).map(|(kind, _)| kind).collect();
    match (url, kinds.is_empty()) {
        (Some(url), false) => {
            web.staff_actions.add_webhook(&staff.actor(), url.to_string(), kinds).await?;
            Ok(see_other("/staff/webhooks?done=added"))
        }
        (url, no_kind) => {
            let url_error = url.is_none().then(|| (if development { NEARBY } else { HTTPS }).to_owned());
            let kind_error = no_kind.then(|| "Tick what it should be told.".to_owned());
            let line = |field: &str, text: &String| FormError { field: field.to_owned(), text: text.clone() };
            let errors =
                url_error.iter().map(|text| line("url", text)).chain(kind_error.iter().map(|text| line("letter_sent", text)));
            let view = WebhooksPage {
                errors: errors.collect(),
                url: Field { value: form.url.clone(), error: url_error },
                kind_error,
                letter_sent: ticked[0].1,
                signup_confirmed: ticked[1].1,
                ..WebhooksPage::default()
            };
            show(&web, &staff, StatusCode::UNPROCESSABLE_ENTITY, view).await
        }
    }
}

/// A button of one webhook.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Press {
    csrf: String,
}

/// `POST /staff/webhooks/{id}/test`, `/on` and `/remove`.
pub(super) async fn press(
    web: web::Data<Web>,
    staff: Staff,
    path: web::Path<(String, String)>,
    Form(form): Form<Press>,
) -> Answer {
    staff.check_may(&web, Role::Admin, &form.csrf)?;
    let (id, act) = path.into_inner();
    let (id, who): (i64, _) = (id.parse().map_err(|_| Failure::NotFound)?, staff.actor());
    let (found, done) = match act.as_str() {
        "test" => (web.staff_actions.test_webhook(&who, id).await?, "test"),
        // A second press finds it on already.
        "on" => (web.staff_actions.enable_webhook(&who, id).await.map(|_| true)?, "on"),
        "remove" => (web.staff_actions.remove_webhook(&who, id).await.map(|_| true)?, "removed"),
        _ => return Err(Failure::NotFound),
    };
    if found { Ok(see_other(&format!("/staff/webhooks?done={done}"))) } else { Err(Failure::NotFound) }
}

type Known = (Webhook, Vec<Delivery>, i64);

fn known(conn: &mut Reader) -> Result<Vec<Known>, StoreError> {
    let with_tries = |hook: Webhook, conn: &mut Reader| {
        let tries = webhooks::deliveries(conn, hook.id)?;
        let waiting = webhook_events::waiting(conn, &hook.kinds(), hook.told_up_to)?;
        Ok((hook, tries, waiting))
    };
    webhooks::all(conn)?.into_iter().map(|hook| with_tries(hook, conn)).collect()
}

async fn show(web: &Web, staff: &Staff, status: StatusCode, view: WebhooksPage) -> Answer {
    let known = web.store.read(known).await?;
    let mut page = staff.page(web, Place::Webhooks, "Webhooks");
    page.problem = !view.errors.is_empty();
    let key = web.config.secret_key.expose();
    let hooks = known.into_iter().map(|(hook, tries, waiting)| one(key, hook, tries, waiting)).collect();
    web.old_page(status, "staff_webhooks", &WebhooksPage { page, csrf: staff.csrf().to_owned(), hooks, ..view })
}

fn one(key: &str, hook: Webhook, tries: Vec<Delivery>, waiting: i64) -> WebhookView {
    let at = |millis: i64| Timestamp::from_millis(millis).rfc3339();
    let (tone, stands) = match (hook.disabled_at, hook.failing_since) {
        (Some(off), _) => ("trouble", format!("Turned off at {}: it failed for a day. Mend it, then turn it on again.", at(off))),
        (None, Some(since)) => {
            let (times, again) = (grouped(i64::from(hook.failures)), at(hook.due_at));
            ("wait", format!("Failing since {}, {times} times in a row. Next try at {again} or soon after.", at(since)))
        }
        (None, None) => ("done", "On.".to_owned()),
    };
    let row = |delivery: Delivery| DeliveryRow {
        when: delivery.at.rfc3339(),
        what: match delivery.event {
            Some(event) => format!("{} {event}", delivery.kind),
            None => delivery.kind,
        },
        answer: delivery.words,
        took: format!("{} ms", grouped(delivery.millis)),
        taken: delivery.delivered,
    };
    WebhookView {
        id: hook.id.to_string(),
        kinds: hook.kinds().iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(", "),
        secret: webhook_secret(key, &hook.salt),
        tone: tone.to_owned(),
        stands,
        off: hook.disabled_at.is_some(),
        waiting: (waiting > 0).then(|| grouped(waiting)),
        tries: tries.into_iter().take(SHOWN).map(row).collect(),
        url: hook.url,
    }
}
