//! The one-time link that makes a login. Opening it changes nothing; sending its form uses it up.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use serde::Deserialize;

use super::super::Web;
use super::super::form::Form;
use super::super::response::{Answer, Failure};
use super::super::views::staff::SetupPage;
use super::super::views::{Field, FormError};
use super::session::{Nonce, welcome};
use crate::auth::{Welcome, check_password};
use crate::domain::{EmailAddress, EmailError, Role, Token};

const NO_EMAIL: &str = "Enter the e-mail address that you want to log in with.";

const TAKEN: &str = "This address has a login already. Log in with it, or use another address.";

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
        Some((invite, role)) => page(&web, &request, &invite, role, "", [None, None]),
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
    let email = EmailAddress::parse(&typed).map_err(|error| match error {
        EmailError::Empty => NO_EMAIL.to_owned(),
        other => other.to_string(),
    });
    let (email, password) = match (email, check_password(&password)) {
        (Ok(email), Ok(())) => (email, password),
        (email, password) => {
            let errors = [email.err(), password.err().map(|error| error.to_string())];
            return page(&web, &request, &invite, role, &typed, errors);
        }
    };
    match web.auth.accept_invite(&invite, email.clone(), password, web.clock.now()).await? {
        Welcome::In(session) => welcome(&web, &session, &email),
        // Somebody made a login meanwhile, with this link or on the server.
        Welcome::Gone => expired(&web),
        Welcome::Taken => page(&web, &request, &invite, role, &typed, [Some(TAKEN.to_owned()), None]),
    }
}

/// The link's secret and the role it gives, while it is good.
async fn invited(web: &Web, secret: &str) -> Result<Option<(Token, Role)>, Failure> {
    let Some(invite) = Token::parse(secret) else { return Ok(None) };
    let role = web.auth.invited_role(&invite, web.clock.now()).await?;
    Ok(role.map(|role| (invite, role)))
}

/// The form; `errors` are of the e-mail address and the password. What was typed as password never goes back.
fn page(web: &Web, request: &HttpRequest, invite: &Token, role: Role, email: &str, errors: [Option<String>; 2]) -> Answer {
    let nonce = Nonce::of(request, web);
    let wrong = errors.iter().any(Option::is_some);
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let summary = ["email", "password"].into_iter().zip(&errors);
    let summary = summary.filter_map(|(field, text)| Some(FormError { field: field.into(), text: text.clone()? })).collect();
    let [email_error, password_error] = errors;
    let mut page = web.page_frame("Make your login");
    page.problem = wrong;
    let view = SetupPage {
        page,
        action: format!("/staff/setup/{}", invite.text()),
        csrf: nonce.csrf(web),
        expired: false,
        role: role.as_str().to_owned(),
        errors: summary,
        email: Field { value: email.to_owned(), error: email_error },
        password: Field { value: String::new(), error: password_error },
    };
    nonce.keep(web, web.old_page(status, "staff_setup", &view)?)
}

fn expired(web: &Web) -> Answer {
    let page = web.page_frame("This link no longer works");
    web.old_page(StatusCode::GONE, "staff_setup", &SetupPage { page, expired: true, ..SetupPage::default() })
}
