//! Tokens for programs that read the API: made by admins, shown once, revoked.

use std::time::Duration;

use actix_web::web;
use askama::Template;
use serde::{Deserialize, Deserializer};

use super::act::{Act, Button};
use super::nav::Place;
use super::session::Staff;
use super::words::{Done, JustDone};
use crate::domain::{ApiScope, Day, Timestamp, Token};
use crate::store::api_tokens::{self, ApiToken};
use crate::web::Web;
use crate::web::parts::{FormErrors, Page, filters};
use crate::web::response::{Answer, Failure, html};

/// The most characters of a token's name.
const NAME_MAX: usize = 80;
/// The longest a token with an end may last, in days.
const DAYS_MAX: u64 = 3650;
const NAME: &str = "Enter a name of at most 80 characters that tells you later what uses this token.";
const DAYS: &str = "Enter a number of days from 1 to 3650, or leave it empty.";

#[derive(Template)]
#[template(path = "console/tokens.html")]
struct TokensPage<'a> {
    page: Page,
    done: JustDone,
    errors: FormErrors,
    /// Of the token that was made just now; shown this once.
    secret: Option<Token>,
    typed: &'a NewToken,
    tokens: Vec<ApiToken>,
    now: Timestamp,
}

/// The form of a new token.
#[derive(Deserialize)]
pub(super) struct NewToken {
    #[serde(default)]
    name: String,
    #[serde(deserialize_with = "scope")]
    scope: ApiScope,
    #[serde(default)]
    days: String,
}

impl Default for NewToken {
    fn default() -> Self {
        Self { name: String::new(), scope: ApiScope::Counts, days: String::new() }
    }
}

/// What the page says beyond the list.
#[derive(Default)]
struct Said {
    done: Option<Done>,
    errors: FormErrors,
    secret: Option<Token>,
    typed: NewToken,
}

/// `GET /staff/tokens`.
pub(super) async fn page(web: web::Data<Web>, staff: Staff, done: JustDone) -> Answer {
    show(&web, &staff, Said { done: done.0, ..Said::default() }).await
}

/// `POST /staff/tokens`: the answer shows the secret, once.
pub(super) async fn make(web: web::Data<Web>, staff: Staff, Act(typed): Act<NewToken>) -> Answer {
    let mut errors = FormErrors::default();
    let name = errors.keep("name", name(&typed.name).ok_or(NAME));
    let lasts = errors.keep("days", lasts(&typed.days));
    let (Some(name), Some(lasts)) = (name, lasts) else {
        return show(&web, &staff, Said { errors, typed, ..Said::default() }).await;
    };
    let secret = web.staff_actions.make_api_token(&staff.actor(), name.to_owned(), typed.scope, lasts).await?;
    show(&web, &staff, Said { secret: Some(secret), ..Said::default() }).await
}

/// `POST /staff/tokens/{id}/revoke`.
pub(super) async fn revoke(web: web::Data<Web>, staff: Staff, id: web::Path<String>, _: Act<Button>) -> Answer {
    let id = id.parse().map_err(|_| Failure::NotFound)?;
    web.staff_actions.revoke_api_token(&staff.actor(), id).await?;
    Ok(Done::TokenRevoked.at("/staff/tokens"))
}

async fn show(web: &Web, staff: &Staff, said: Said) -> Answer {
    let Said { done, errors, secret, typed } = said;
    let status = errors.status();
    let page = Page { problem: !errors.is_empty(), script: secret.is_some(), ..staff.page(web, Place::Tokens, "API tokens") };
    let tokens = web.store.read(api_tokens::all).await?;
    let now = web.clock.now();
    html(status, &TokensPage { page, done: JustDone(done), errors, secret, typed: &typed, tokens, now })
}

fn name(typed: &str) -> Option<&str> {
    let name = typed.trim();
    let good = !name.is_empty() && name.chars().count() <= NAME_MAX && !name.chars().any(char::is_control);
    good.then_some(name)
}

/// How long the token lasts; without a number it has no end.
fn lasts(typed: &str) -> Result<Option<Duration>, &'static str> {
    match typed.trim() {
        "" => Ok(None),
        days => {
            let days = days.parse().ok().filter(|days| (1..=DAYS_MAX).contains(days)).ok_or(DAYS)?;
            Ok(Some(Duration::from_hours(24 * days)))
        }
    }
}

fn scope<'de, D: Deserializer<'de>>(from: D) -> Result<ApiScope, D::Error> {
    let word = String::deserialize(from)?;
    ApiScope::parse(&word).ok_or_else(|| serde::de::Error::custom("no such scope"))
}

/// "good until November 22, 2027".
fn standing(token: &ApiToken, now: &Timestamp) -> String {
    let day = |at: Timestamp| Day::utc(at).in_words();
    match (token.revoked_at, token.expires_at) {
        (Some(at), _) => format!("revoked on {}", day(at)),
        (None, Some(end)) if end <= *now => format!("ended on {}", day(end)),
        (None, Some(end)) => format!("good until {}", day(end)),
        (None, None) => "good until it is revoked".to_owned(),
    }
}
