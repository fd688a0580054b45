//! The one-time link that makes a login. Opening it changes nothing; sending its form uses it up.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;
use serde::Deserialize;

use super::super::Web;
use super::super::form::Form;
use super::super::parts::{FormErrors, Page};
use super::super::response::{Answer, Failure, html};
use super::session::{Nonce, welcome};
use crate::auth::{Welcome, check_password};
use crate::domain::{EmailAddress, EmailError, Role, Token};

const NO_EMAIL: &str = "Enter the e-mail address that you want to log in with.";

const TAKEN: &str = "This address has a login already. Log in with it, or use another address.";

#[derive(Template)]
#[template(path = "console/setup.html")]
struct SetupPage<'a> {
    page: Page,
    csrf: String,
    /// The link's secret, and the role that the login gets; `None` for a link that was used before or is too old.
    invited: Option<(&'a Token, Role)>,
    errors: FormErrors,
    /// As typed.
    email: &'a str,
}

#[derive(Deserialize)]
pub(super) struct SetupForm {
    #[serde(default)]
    csrf: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
}

/// `GET /staff/setup/{token}`.
pub(super) async fn form(web: web::Data<Web>, request: HttpRequest, secret: web::Path<String>) -> Answer {
    match invited(&web, &secret).await? {
        Some((invite, role)) => page(&web, &request, &invite, role, "", FormErrors::default()),
        None => expired(&web),
    }
}

/// `POST /staff/setup/{token}`.
pub(super) async fn accept(
    web: web::Data<Web>,
    request: HttpRequest,
    secret: web::Path<String>,
    form: Form<SetupForm>,
) -> Answer {
    let SetupForm { csrf, email: typed, password } = form.0;
    if !Nonce::is_from(&request, &web, &csrf) {
        return Err(Failure::Forbidden);
    }
    let Some((invite, role)) = invited(&web, &secret).await? else { return expired(&web) };
    let mut errors = FormErrors::default();
    let email = EmailAddress::parse(&typed).map_err(|error| match error {
        EmailError::Empty => NO_EMAIL.to_owned(),
        other => other.to_string(),
    });
    let email = errors.keep("email", email);
    let good = errors.keep("password", check_password(&password).map_err(|error| error.to_string()));
    let (Some(email), Some(())) = (email, good) else {
        return page(&web, &request, &invite, role, &typed, errors);
    };
    match web.auth.accept_invite(&invite, email.clone(), password, web.clock.now()).await? {
        Welcome::In(session) => welcome(&web, &session, &email),
        // Somebody made a login meanwhile, with this link or on the server.
        Welcome::Gone => expired(&web),
        Welcome::Taken => page(&web, &request, &invite, role, &typed, FormErrors::one("email", TAKEN)),
    }
}

/// The link's secret and the role it gives, while it is good.
async fn invited(web: &Web, secret: &str) -> Result<Option<(Token, Role)>, Failure> {
    let Some(invite) = Token::parse(secret) else { return Ok(None) };
    let role = web.auth.invited_role(&invite, web.clock.now()).await?;
    Ok(role.map(|role| (invite, role)))
}

/// The form. What was typed as password never goes back.
fn page(web: &Web, request: &HttpRequest, invite: &Token, role: Role, email: &str, errors: FormErrors) -> Answer {
    let nonce = Nonce::of(request, web);
    let (status, page) = (errors.status(), web.page_frame("Make your login").problem(!errors.is_empty()));
    let view = SetupPage { page, csrf: nonce.csrf(web), invited: Some((invite, role)), errors, email };
    nonce.keep(web, html(status, &view)?)
}

fn expired(web: &Web) -> Answer {
    let page = web.page_frame("This link no longer works");
    let view = SetupPage { page, csrf: String::new(), invited: None, errors: FormErrors::default(), email: "" };
    html(StatusCode::GONE, &view)
}
