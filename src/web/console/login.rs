//! Logging in and out.

use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::{HttpRequest, web};
use serde::Deserialize;

use super::super::Web;
use super::super::form::Form;
use super::super::response::{Answer, Failure, retry_after, see_other};
use super::super::views::staff::LoginPage;
use super::session::{Nonce, Staff, count_try, farewell, welcome};
use super::words;
use crate::auth::PASSWORD_MAX_CHARS;
use crate::domain::{EmailAddress, Token};
use crate::rate_limit::RetryAfter;

/// The same whether there is such a login or not.
const WRONG: &str = "This e-mail address and this password don't belong together. Check both and try again.";
const STALE: &str = "This form was open for too long, or your browser keeps no cookies. Please type your password and log in \
     once more.";

#[derive(Deserialize)]
pub(super) struct LoginForm {
    #[serde(default)]
    csrf: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
}

#[derive(Deserialize)]
pub(super) struct LogoutForm {
    #[serde(default)]
    csrf: String,
}

/// What the form says above its fields, and what was typed.
#[derive(Default)]
struct Shown {
    notice: Option<String>,
    error: Option<String>,
    email: String,
}

/// `GET /staff/login`.
pub(super) async fn form(web: web::Data<Web>, request: HttpRequest) -> Answer {
    if Staff::of(&request, &web).await?.is_some() {
        return Ok(see_other("/staff"));
    }
    let notice = (request.query_string() == "out=1").then(|| "You are logged out.".to_owned());
    page(&web, &request, StatusCode::OK, Shown { notice, ..Shown::default() })
}

/// `POST /staff/login`.
pub(super) async fn log_in(web: web::Data<Web>, request: HttpRequest, form: Form<LoginForm>) -> Answer {
    let LoginForm { csrf, email, password } = form.0;
    if !Nonce::is_from(&request, &web, &csrf) {
        let shown = Shown { notice: Some(STALE.into()), email, ..Shown::default() };
        return page(&web, &request, StatusCode::FORBIDDEN, shown);
    }
    let known = EmailAddress::parse(&email).ok();
    if let Err(RetryAfter(wait)) = count_try(&web, &request, known.as_ref()) {
        let error = format!("Too many tries to log in came from your network. Please wait {} and try again.", words::wait(wait));
        let shown = Shown { error: Some(error), email, ..Shown::default() };
        let mut response = page(&web, &request, StatusCode::TOO_MANY_REQUESTS, shown)?;
        response.headers_mut().insert(header::RETRY_AFTER, retry_after(wait));
        return Ok(response);
    }
    match session(&web, known, password).await? {
        Some((session, email)) => welcome(&web, &session, &email),
        None => page(&web, &request, StatusCode::UNPROCESSABLE_ENTITY, Shown { error: Some(WRONG.into()), email, notice: None }),
    }
}

/// A new session when address and password are right.
async fn session(web: &Web, email: Option<EmailAddress>, password: String) -> Result<Option<(Token, EmailAddress)>, Failure> {
    let now = web.clock.now();
    match email {
        Some(email) if password.chars().count() <= PASSWORD_MAX_CHARS => {
            let session = web.auth.log_in(&email, password, now).await?;
            Ok(session.map(|session| (session, email)))
        }
        _ => {
            web.auth.failed(now).await?;
            Ok(None)
        }
    }
}

/// `POST /staff/logout`. Whoever is not logged in any more has nothing to end, and sees the same.
pub(super) async fn log_out(web: web::Data<Web>, request: HttpRequest, form: Form<LogoutForm>) -> Answer {
    if let Some(staff) = Staff::of(&request, &web).await? {
        staff.check(&web, &form.0.csrf)?;
        web.auth.log_out(staff.session()).await?;
    }
    farewell(&web)
}

fn page(web: &Web, request: &HttpRequest, status: StatusCode, shown: Shown) -> Answer {
    let nonce = Nonce::of(request, web);
    let mut page = web.page_frame("Staff log-in");
    page.problem = shown.error.is_some();
    let view = LoginPage {
        page,
        action: "/staff/login".into(),
        csrf: nonce.csrf(web),
        notice: shown.notice,
        error: shown.error,
        email: shown.email,
    };
    nonce.keep(web, web.old_page(status, "staff_login", &view)?)
}
