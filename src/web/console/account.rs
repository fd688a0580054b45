//! One's own login: another password, the sessions, and an end to all of them.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, web};
use askama::Template;
use serde::Deserialize;

use super::act::{Act, Button};
use super::nav::Place;
use super::session::{Staff, farewell};
use super::words::{self, Done, JustDone};
use crate::auth::{PASSWORD_MAX_CHARS, check_password};
use crate::domain::{TimeZone, TokenHash};
use crate::rate_limit::RetryAfter;
use crate::store::staff::StaffMember;
use crate::store::staff_doors::Session;
use crate::web::parts::{FormErrors, Page};
use crate::web::response::{Answer, html, retry_after};
use crate::web::{Web, client};

const WRONG: &str = "This is not your password. Type the one that you log in with now.";

#[derive(Template)]
#[template(path = "console/account.html")]
struct AccountPage<'a> {
    page: Page,
    done: JustDone,
    errors: FormErrors,
    member: &'a StaffMember,
    about_role: &'static str,
    sessions: Vec<Session>,
    /// The session that the page was asked for in.
    here: TokenHash,
    zone: TimeZone,
}

#[derive(Deserialize)]
pub(super) struct Passwords {
    #[serde(default)]
    current: String,
    #[serde(default)]
    password: String,
}

/// `GET /staff/account`.
pub(super) async fn page(web: web::Data<Web>, staff: Staff, done: JustDone) -> Answer {
    show(&web, &staff, StatusCode::OK, done, FormErrors::default()).await
}

/// `POST /staff/account/password`. Tries count as tries to log in: whoever finds an open session can't guess on.
pub(super) async fn change_password(
    web: web::Data<Web>,
    staff: Staff,
    request: HttpRequest,
    Act(form): Act<Passwords>,
) -> Answer {
    let again = |status, errors| show(&web, &staff, status, JustDone(None), errors);
    let mut errors = FormErrors::default();
    if form.current.is_empty() {
        errors.add("current", "Type your current password.");
    }
    errors.keep("password", check_password(&form.password).map_err(|error| error.to_string()));
    if !errors.is_empty() {
        return again(StatusCode::UNPROCESSABLE_ENTITY, errors).await;
    }
    if let Err(RetryAfter(wait)) = web.login_limit.check(client::address(&request, &web.config.trusted_proxies)) {
        let error = format!("Too many tries came from your network. Please wait {} and try again.", words::wait(wait));
        let mut response = again(StatusCode::TOO_MANY_REQUESTS, FormErrors::one("current", error)).await?;
        response.headers_mut().insert(header::RETRY_AFTER, retry_after(wait));
        return Ok(response);
    }
    let possible = form.current.chars().count() <= PASSWORD_MAX_CHARS;
    let passwords = [form.current, form.password];
    let now = web.clock.now();
    if possible && web.auth.change_password(staff.member.clone(), passwords, staff.session(), now).await? {
        return Ok(Done::Password.at("/staff/account"));
    }
    again(StatusCode::UNPROCESSABLE_ENTITY, FormErrors::one("current", WRONG)).await
}

/// `POST /staff/account/sign-out-everywhere`.
pub(super) async fn sign_out_everywhere(web: web::Data<Web>, staff: Staff, _: Act<Button>) -> Answer {
    web.auth.sign_out_everywhere(staff.member.clone(), web.clock.now()).await?;
    farewell(&web)
}

/// The page. What was typed as a password never goes back.
async fn show(web: &Web, staff: &Staff, status: StatusCode, done: JustDone, errors: FormErrors) -> Answer {
    let page = staff.page(web, Place::Account, "Your login").problem(status == StatusCode::UNPROCESSABLE_ENTITY);
    let view = AccountPage {
        page,
        done,
        errors,
        member: &staff.member,
        about_role: words::role(staff.member.role),
        sessions: web.auth.sessions(staff.member.id, web.clock.now()).await?,
        here: staff.session().hash(),
        zone: words::zone(&web.intake.catalog()),
    };
    html(status, &view)
}
