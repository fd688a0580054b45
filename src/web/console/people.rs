//! Who has a login: invitations, roles, removals. For admins.

use actix_web::http::StatusCode;
use actix_web::web;
use serde::Deserialize;

use super::super::Web;
use super::super::form::Form;
use super::super::response::{Answer, Failure, see_other};
use super::super::views::people::{InviteRow, LoginRow, NewLink, PeoplePage, RoleOption};
use super::super::views::{Field, FormError};
use super::nav::Place;
use super::session::Staff;
use super::words;
use crate::domain::{LineError, PersonName, Role, Token};
use crate::staff_actions::Managed;
use crate::store::{staff as logins, staff_doors as doors};

const PATH: &str = "/staff/people";
const LAST_ADMIN: &str = "This is the last admin. Make somebody else an admin first, or nobody could manage people any more.";
const GONE: &str = "That login or link was gone already, so nothing was changed. This is how things stand now.";

#[derive(Deserialize)]
pub(super) struct Query {
    #[serde(default)]
    done: String,
}

#[derive(Deserialize)]
pub(super) struct PeopleForm {
    #[serde(default)]
    csrf: String,
    #[serde(default)]
    role: String,
    #[serde(default)]
    whom: String,
    #[serde(default)]
    once: String,
}

/// What the page says beyond the lists.
#[derive(Default)]
struct Said {
    notice: Option<String>,
    error: Option<String>,
    link: Option<NewLink>,
    whom: Field,
    role: Option<Role>,
    role_error: Option<String>,
}

/// `GET /staff/people`.
pub(super) async fn page(web: web::Data<Web>, staff: Staff, query: web::Query<Query>) -> Answer {
    let notice = match query.done.as_str() {
        "role" => Some("The role is changed. It counts from now on, also where they are logged in."),
        "removed" => Some("The login is removed. Whoever used it is logged out."),
        "revoked" => Some("The link no longer works."),
        _ => None,
    };
    show(&web, &staff, StatusCode::OK, Said { notice: notice.map(str::to_owned), ..Said::default() }).await
}

/// `POST /staff/people/invitations`: makes a link and shows it this once.
pub(super) async fn invite(web: web::Data<Web>, staff: Staff, Form(form): Form<PeopleForm>) -> Answer {
    staff.check_may(&web, Role::Admin, &form.csrf)?;
    let whom = match PersonName::parse(&form.whom) {
        Ok(name) => Ok(Some(name)),
        Err(LineError::Empty) => Ok(None),
        Err(LineError::TooLong(max)) => Err(format!("Use at most {max} characters.")),
        Err(LineError::NoName) => {
            Err("Use a name, without a web address, an e-mail address, or the signs @, < and >.".to_owned())
        }
        Err(LineError::ControlCharacter) => Err("Use one line of plain text.".to_owned()),
    };
    let role = Role::parse(&form.role);
    let (Ok(whom), Ok(role)) = (&whom, &role) else {
        let said = Said {
            whom: Field { value: form.whom, error: whom.err() },
            role: role.clone().ok(),
            role_error: role.is_err().then(|| "Choose what the new login may do.".to_owned()),
            ..Said::default()
        };
        return show(&web, &staff, StatusCode::UNPROCESSABLE_ENTITY, said).await;
    };
    let secret = Token::parse(&form.once).ok_or(Failure::BadRequest)?;
    match web.staff_actions.invite(staff.member.id, &secret, *role, whom.clone()).await? {
        Managed::Done => {}
        _ => return Err(Failure::Needs(Role::Admin)),
    }
    let until = web.clock.now().plus(crate::staff_actions::INVITE_LASTS);
    let link = NewLink {
        url: web.config.link(&format!("/staff/setup/{}", secret.text())),
        role: role.as_str().to_owned(),
        whom: whom.as_ref().map_or_else(String::new, |whom| whom.as_str().to_owned()),
        until: words::moment(&words::zone(&web.intake.catalog()), until),
    };
    show(&web, &staff, StatusCode::OK, Said { link: Some(link), ..Said::default() }).await
}

/// `POST /staff/people/invitations/{id}/revoke`.
pub(super) async fn revoke(web: web::Data<Web>, staff: Staff, id: web::Path<i64>, Form(form): Form<PeopleForm>) -> Answer {
    staff.check_may(&web, Role::Admin, &form.csrf)?;
    let managed = web.staff_actions.revoke_invite(staff.member.id, *id).await?;
    answer(&web, &staff, managed, "revoked").await
}

/// `POST /staff/people/{id}/role`.
pub(super) async fn change_role(web: web::Data<Web>, staff: Staff, id: web::Path<i64>, Form(form): Form<PeopleForm>) -> Answer {
    staff.check_may(&web, Role::Admin, &form.csrf)?;
    let Ok(role) = Role::parse(&form.role) else {
        let error = Some("Choose viewer, editor or admin.".to_owned());
        return show(&web, &staff, StatusCode::UNPROCESSABLE_ENTITY, Said { error, ..Said::default() }).await;
    };
    let managed = web.staff_actions.change_role(staff.member.id, *id, role).await?;
    if managed == Managed::Done && *id == staff.member.id && role != Role::Admin {
        return Ok(see_other("/staff"));
    }
    answer(&web, &staff, managed, "role").await
}

/// `POST /staff/people/{id}/remove`.
pub(super) async fn remove(web: web::Data<Web>, staff: Staff, id: web::Path<i64>, Form(form): Form<PeopleForm>) -> Answer {
    staff.check_may(&web, Role::Admin, &form.csrf)?;
    let managed = web.staff_actions.remove_login(staff.member.id, *id).await?;
    answer(&web, &staff, managed, "removed").await
}

async fn answer(web: &Web, staff: &Staff, managed: Managed, done: &str) -> Answer {
    let (status, error) = match managed {
        Managed::Done => return Ok(see_other(&format!("{PATH}?done={done}"))),
        Managed::NotAllowed => return Err(Failure::Needs(Role::Admin)),
        Managed::Gone => (StatusCode::NOT_FOUND, GONE),
        Managed::LastAdmin => (StatusCode::UNPROCESSABLE_ENTITY, LAST_ADMIN),
    };
    show(web, staff, status, Said { error: Some(error.to_owned()), ..Said::default() }).await
}

async fn show(web: &Web, staff: &Staff, status: StatusCode, said: Said) -> Answer {
    let now = web.clock.now();
    let read = web.store.read(move |conn| Ok((logins::all(conn)?, doors::invites(conn, now)?)));
    let (all, open) = read.await?;
    let zone = words::zone(&web.intake.catalog());
    let moment = |at| words::moment(&zone, at);
    let wrong = [("role", &said.role_error), ("whom", &said.whom.error)];
    let wrong = wrong.into_iter().filter_map(|(field, text)| Some(FormError { field: field.into(), text: text.clone()? }));
    let mut page = staff.page(web, Place::People, "People");
    page.problem = status == StatusCode::UNPROCESSABLE_ENTITY;
    page.script = said.link.is_some();
    let view = PeoplePage {
        csrf: staff.csrf().to_owned(),
        notice: said.notice,
        error: said.error,
        errors: wrong.collect(),
        link: said.link,
        logins: all
            .into_iter()
            .map(|login| LoginRow {
                id: login.member.id,
                you: login.member.id == staff.member.id,
                role: login.member.role.as_str().to_owned(),
                roles: roles(Some(login.member.role)),
                email: login.member.email,
                last: login.last_login.map(moment),
            })
            .collect(),
        invites: open
            .into_iter()
            .map(|invite| InviteRow {
                id: invite.id,
                role: invite.role.as_str().to_owned(),
                whom: invite.for_whom,
                by: invite.by,
                until: moment(invite.until),
            })
            .collect(),
        roles: roles(said.role),
        whom: said.whom,
        role_error: said.role_error,
        once: Token::random().text(),
        page,
    };
    web.old_page(status, "staff_people", &view)
}

fn roles(chosen: Option<Role>) -> Vec<RoleOption> {
    let option = |role: Role| RoleOption {
        value: role.as_str().to_owned(),
        about: words::role(role).to_owned(),
        chosen: chosen == Some(role),
    };
    Role::ALL.into_iter().map(option).collect()
}
