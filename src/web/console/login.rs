//! Logging in and out.

use std::borrow::Cow;

use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::{HttpRequest, web};
use askama::Template;
use serde::Deserialize;

use super::super::Web;
use super::super::form::Form;
use super::super::parts::Page;
use super::super::response::{Answer, Failure, html, retry_after, see_other};
use super::session::{Nonce, Staff, count_try, farewell, welcome};
use super::words;
use crate::auth::PASSWORD_MAX_CHARS;
use crate::domain::{EmailAddress, Token};
use crate::rate_limit::RetryAfter;

/// The same whether there is such a login or not.
const WRONG: &str = "This e-mail address and this password don't belong together. Check both and try again.";
const STALE: &str = "This form was open for too long, or your browser keeps no cookies. Please type your password and log in \
     once more.";

#[derive(Template)]
#[template(path = "console/login.html")]
struct LoginPage<'a> {
    page: Page,
    csrf: String,
    notice: Option<&'static str>,
    /// One sentence for every failed log-in, whatever was wrong.
    error: Option<Cow<'static, str>>,
    /// As typed.
    email: &'a str,
}

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
struct Shown<'a> {
    notice: Option<&'static str>,
    error: Option<Cow<'static, str>>,
    email: &'a str,
}

/// `GET /staff/login`.
pub(super) async fn form(web: web::Data<Web>, request: HttpRequest) -> Answer {
    if Staff::of(&request, &web).await?.is_some() {
        return Ok(see_other("/staff"));
    }
    let notice = (request.query_string() == "out=1").then_some("You are logged out.");
    page(&web, &request, StatusCode::OK, Shown { notice, ..Shown::default() })
}

/// `POST /staff/login`.
pub(super) async fn log_in(web: web::Data<Web>, request: HttpRequest, form: Form<LoginForm>) -> Answer {
    let LoginForm { csrf, email, password } = form.0;
    if !Nonce::is_from(&request, &web, &csrf) {
        let shown = Shown { notice: Some(STALE), email: &email, ..Shown::default() };
        return page(&web, &request, StatusCode::FORBIDDEN, shown);
    }
    let known = EmailAddress::parse(&email).ok();
    if let Err(RetryAfter(wait)) = count_try(&web, &request, known.as_ref()) {
        let error = format!("Too many tries to log in came from your network. Please wait {} and try again.", words::wait(wait));
        let shown = Shown { error: Some(error.into()), email: &email, ..Shown::default() };
        let mut response = page(&web, &request, StatusCode::TOO_MANY_REQUESTS, shown)?;
        response.headers_mut().insert(header::RETRY_AFTER, retry_after(wait));
        return Ok(response);
    }
    if let Some((session, email)) = session(&web, known, password).await? {
        return welcome(&web, &session, &email);
    }
    let shown = Shown { error: Some(WRONG.into()), email: &email, notice: None };
    page(&web, &request, StatusCode::UNPROCESSABLE_ENTITY, shown)
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

fn page(web: &Web, request: &HttpRequest, status: StatusCode, shown: Shown<'_>) -> Answer {
    let nonce = Nonce::of(request, web);
    let Shown { notice, error, email } = shown;
    let page = web.page_frame("Staff log-in").problem(error.is_some());
    let view = LoginPage { page, csrf: nonce.csrf(web), notice, error, email };
    nonce.keep(web, html(status, &view)?)
}
