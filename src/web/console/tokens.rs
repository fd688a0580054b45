//! Tokens for programs that read the API: made by admins, shown once, revoked.

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::web;
use serde::Deserialize;

use super::super::Web;
use super::super::form::Form;
use super::super::response::{Answer, Failure, see_other};
use super::super::views::staff_tokens::{Choice, TokenRow, TokensPage};
use super::super::views::{Field, FormError};
use super::nav::Place;
use super::session::Staff;
use crate::domain::{ApiScope, Day, Role, Timestamp, Token};
use crate::store::api_tokens::{self, ApiToken};

/// The most characters of a token's name.
const NAME_MAX: usize = 80;
/// The longest a token with an end may last, in days.
const DAYS_MAX: u64 = 3650;
const NAME: &str = "Enter a name of at most 80 characters that tells you later what uses this token.";
const DAYS: &str = "Enter a number of days from 1 to 3650, or leave it empty.";

/// What was done just before.
#[derive(Deserialize)]
pub(super) struct Done {
    #[serde(default)]
    revoked: String,
}

/// `GET /staff/tokens`, for admins.
pub(super) async fn page(web: web::Data<Web>, staff: Staff, done: web::Query<Done>) -> Answer {
    let notice = (done.revoked == "1").then(|| "Revoked. Programs that show that token are turned away from now on.".to_owned());
    show(&web, &staff, StatusCode::OK, TokensPage { notice, ..TokensPage::default() }).await
}

/// The form of a new token.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct NewToken {
    csrf: String,
    name: String,
    scope: String,
    days: String,
}

/// `POST /staff/tokens`: the answer shows the secret, once.
pub(super) async fn make(web: web::Data<Web>, staff: Staff, Form(form): Form<NewToken>) -> Answer {
    staff.check_may(&web, Role::Admin, &form.csrf)?;
    let name = form.name.trim();
    let scope = ApiScope::parse(&form.scope).ok_or(Failure::BadRequest)?;
    let good_name = !name.is_empty() && name.chars().count() <= NAME_MAX && !name.chars().any(char::is_control);
    let days = match form.days.trim() {
        "" => Ok(None),
        text => text.parse::<u64>().ok().filter(|days| (1..=DAYS_MAX).contains(days)).map(Some).ok_or(()),
    };
    let (true, Ok(days)) = (good_name, days) else {
        let wrong = |field: &str, value: &str, ok: bool, text: &str| {
            let error = (!ok).then(|| text.to_owned());
            (Field { value: value.to_owned(), error: error.clone() }, error.map(|text| FormError { field: field.into(), text }))
        };
        let (name, name_error) = wrong("name", &form.name, good_name, NAME);
        let (days, days_error) = wrong("days", &form.days, days.is_ok(), DAYS);
        let errors = name_error.into_iter().chain(days_error).collect();
        let view = TokensPage { name, days, errors, scopes: choices(scope), ..TokensPage::default() };
        return show(&web, &staff, StatusCode::UNPROCESSABLE_ENTITY, view).await;
    };
    let lasts = days.map(|days| Duration::from_hours(24 * days));
    let token: Token = web.staff_actions.make_api_token(&staff.actor(), name.to_owned(), scope, lasts).await?;
    show(&web, &staff, StatusCode::OK, TokensPage { secret: Some(token.text()), ..TokensPage::default() }).await
}

/// The button of one token.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Press {
    csrf: String,
}

/// `POST /staff/tokens/{id}/revoke`.
pub(super) async fn revoke(web: web::Data<Web>, staff: Staff, id: web::Path<String>, Form(form): Form<Press>) -> Answer {
    staff.check_may(&web, Role::Admin, &form.csrf)?;
    let id = id.parse().map_err(|_| Failure::NotFound)?;
    web.staff_actions.revoke_api_token(&staff.actor(), id).await?;
    Ok(see_other("/staff/tokens?revoked=1"))
}

async fn show(web: &Web, staff: &Staff, status: StatusCode, view: TokensPage) -> Answer {
    let now = web.clock.now();
    let tokens = web.store.read(api_tokens::all).await?;
    let mut page = staff.page(web, Place::Tokens, "API tokens");
    page.problem = !view.errors.is_empty();
    page.script = view.secret.is_some();
    let view = TokensPage {
        page,
        csrf: staff.csrf().to_owned(),
        scopes: if view.scopes.is_empty() { choices(ApiScope::Counts) } else { view.scopes },
        tokens: tokens.into_iter().map(|token| row(token, now)).collect(),
        ..view
    };
    web.old_page(status, "staff_tokens", &view)
}

fn choices(chosen: ApiScope) -> Vec<Choice> {
    let choice = |scope: ApiScope| Choice {
        value: scope.as_str().to_owned(),
        label: scope.in_words().to_owned(),
        checked: scope == chosen,
    };
    ApiScope::ALL.into_iter().map(choice).collect()
}

fn row(token: ApiToken, now: Timestamp) -> TokenRow {
    let day = |at: Timestamp| Day::utc(at).in_words();
    let stands = match (token.revoked_at, token.expires_at) {
        (Some(at), _) => format!("revoked on {}", day(at)),
        (None, Some(end)) if end <= now => format!("ended on {}", day(end)),
        (None, Some(end)) => format!("good until {}", day(end)),
        (None, None) => "good until it is revoked".to_owned(),
    };
    TokenRow {
        id: token.id.to_string(),
        good: token.is_good(now),
        name: token.name,
        scope: token.scope.in_words().to_owned(),
        made: format!("{} by {}", day(token.created_at), token.created_by),
        used: token.used_on.and_then(|day| Day::parse(&day).ok()).map_or_else(|| "never".to_owned(), |day| day.in_words()),
        stands,
    }
}
