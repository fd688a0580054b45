//! One's own login: another password, the sessions, and an end to all of them.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, web};
use serde::Deserialize;

use super::super::form::Form;
use super::super::response::{Answer, retry_after, see_other};
use super::super::views::people::{AccountPage, SessionRow};
use super::super::views::{Field, FormError};
use super::super::{Web, client};
use super::nav::Place;
use super::session::{Staff, farewell};
use super::words;
use crate::auth::{PASSWORD_MAX_CHARS, check_password};
use crate::rate_limit::RetryAfter;

const WRONG: &str = "This is not your password. Type the one that you log in with now.";

#[derive(Deserialize)]
pub(super) struct Query {
    #[serde(default)]
    done: String,
}

#[derive(Deserialize)]
pub(super) struct PasswordForm {
    #[serde(default)]
    csrf: String,
    #[serde(default)]
    current: String,
    #[serde(default)]
    password: String,
}

/// `GET /staff/account`.
pub(super) async fn page(web: web::Data<Web>, staff: Staff, query: web::Query<Query>) -> Answer {
    let changed = "Your password is changed. Your other sessions have ended.";
    let notice = (query.done == "password").then(|| changed.to_owned());
    show(&web, &staff, StatusCode::OK, notice, [None, None]).await
}

/// `POST /staff/account/password`. Tries count as tries to log in: whoever finds an open session can't guess on.
pub(super) async fn change_password(web: web::Data<Web>, staff: Staff, request: HttpRequest, Form(form): Form<PasswordForm>) -> Answer {
    staff.check(&web, &form.csrf)?;
    let new = check_password(&form.password).err().map(|error| error.to_string());
    let current = form.current.is_empty().then(|| "Type your current password.".to_owned());
    if new.is_some() || current.is_some() {
        return show(&web, &staff, StatusCode::UNPROCESSABLE_ENTITY, None, [current, new]).await;
    }
    if let Err(RetryAfter(wait)) = web.login_limit.check(client::address(&request, &web.config.trusted_proxies)) {
        let error = format!("Too many tries came from your network. Please wait {} and try again.", words::wait(wait));
        let mut response = show(&web, &staff, StatusCode::TOO_MANY_REQUESTS, None, [Some(error), None]).await?;
        response.headers_mut().insert(header::RETRY_AFTER, retry_after(wait));
        return Ok(response);
    }
    let passwords = [form.current, form.password];
    let possible = passwords[0].chars().count() <= PASSWORD_MAX_CHARS;
    let now = web.clock.now();
    if possible && web.auth.change_password(staff.member.clone(), passwords, staff.session(), now).await? {
        return Ok(see_other("/staff/account?done=password"));
    }
    show(&web, &staff, StatusCode::UNPROCESSABLE_ENTITY, None, [Some(WRONG.to_owned()), None]).await
}

/// `POST /staff/account/sign-out-everywhere`.
pub(super) async fn sign_out_everywhere(web: web::Data<Web>, staff: Staff, Form(form): Form<PasswordForm>) -> Answer {
    staff.check(&web, &form.csrf)?;
    web.auth.sign_out_everywhere(staff.member.clone(), web.clock.now()).await?;
    farewell(&web)
}

/// The page; `errors` are of the password of now and of the new one. Neither ever goes back.
async fn show(web: &Web, staff: &Staff, status: StatusCode, notice: Option<String>, errors: [Option<String>; 2]) -> Answer {
    let now = web.clock.now();
    let here = staff.session().hash();
    let sessions = web.auth.sessions(staff.member.id, now).await?;
    let zone = words::zone(&web.intake.catalog());
    let row = |session: &crate::store::staff_doors::Session| SessionRow {
        since: words::moment(zone.as_ref(), session.since),
        here: session.hash == here.as_bytes(),
    };
    let summary = ["current", "password"].into_iter().zip(&errors);
    let summary = summary.filter_map(|(field, text)| Some(FormError { field: field.into(), text: text.clone()? })).collect();
    let [current, password] = errors.map(|error| Field { value: String::new(), error });
    let mut page = staff.page(web, Place::Account, "Your login");
    page.problem = status == StatusCode::UNPROCESSABLE_ENTITY;
    let view = AccountPage {
        csrf: staff.csrf().to_owned(),
        notice,
        errors: summary,
        current,
        password,
        about_role: words::role(staff.member.role).to_owned(),
        sessions: sessions.iter().map(row).collect(),
        page,
    };
    web.old_page(status, "staff_account", &view)
}
