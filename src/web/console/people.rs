//! Who has a login: invitations, roles, removals. For admins.

use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template;
use serde::Deserialize;

use super::act::{Act, Button};
use super::nav::Place;
use super::session::Staff;
use super::words::{self, Done, JustDone};
use crate::domain::{LineError, PersonName, Role, TimeZone, Timestamp, Token};
use crate::staff_actions::{INVITE_LASTS, Managed};
use crate::store::staff::{self as logins, Login};
use crate::store::staff_doors::{self as doors, Invite};
use crate::web::Web;
use crate::web::parts::{FormErrors, Page};
use crate::web::response::{Answer, Failure, html, see_other};

const PATH: &str = "/staff/people";
const LAST_ADMIN: &str = "This is the last admin. Make somebody else an admin first, or nobody could manage people any more.";
const GONE: &str = "That login or link was gone already, so nothing was changed. This is how things stand now.";

#[derive(Template)]
#[template(path = "console/people.html")]
struct PeoplePage {
    page: Page,
    done: JustDone,
    refused: Option<&'static str>,
    errors: FormErrors,
    link: Option<NewLink>,
    logins: Vec<Login>,
    /// The login of whoever looks.
    you: i64,
    typed: Invitation,
    /// The secret of the link that the form makes, so that sending it twice makes one link.
    once: Token,
    invites: Vec<Invite>,
    zone: TimeZone,
}

/// A link that was made just now, to hand over: it is shown this once.
struct NewLink {
    url: String,
    role: Role,
    whom: Option<PersonName>,
    until: Timestamp,
}

/// The form of an invitation.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Invitation {
    role: String,
    whom: String,
    once: String,
}

#[derive(Deserialize)]
pub(super) struct NewRole {
    #[serde(default)]
    role: String,
}

/// What the page says beyond the lists.
#[derive(Default)]
struct Said {
    done: Option<Done>,
    refused: Option<&'static str>,
    errors: FormErrors,
    link: Option<NewLink>,
    typed: Invitation,
}

/// `GET /staff/people`.
pub(super) async fn page(web: web::Data<Web>, staff: Staff, done: JustDone) -> Answer {
    show(&web, &staff, StatusCode::OK, Said { done: done.0, ..Said::default() }).await
}

/// `POST /staff/people/invitations`: makes a link and shows it this once.
pub(super) async fn invite(web: web::Data<Web>, staff: Staff, Act(typed): Act<Invitation>) -> Answer {
    let mut errors = FormErrors::default();
    let role = errors.keep("role", Role::parse(&typed.role).map_err(|_| "Choose what the new login may do."));
    let whom = errors.keep("whom", whom(&typed.whom));
    let (Some(role), Some(whom)) = (role, whom) else {
        return show(&web, &staff, errors.status(), Said { errors, typed, ..Said::default() }).await;
    };
    let secret = Token::parse(&typed.once).ok_or(Failure::BadRequest)?;
    match web.staff_actions.invite(staff.member.id, &secret, role, whom.clone()).await? {
        Managed::Done => {}
        _ => return Err(Failure::Needs(Role::Admin)),
    }
    let url = web.config.link(&format!("/staff/setup/{}", secret.text()));
    let link = NewLink { url, role, whom, until: web.clock.now().plus(INVITE_LASTS) };
    show(&web, &staff, StatusCode::OK, Said { link: Some(link), ..Said::default() }).await
}

/// `POST /staff/people/invitations/{id}/revoke`.
pub(super) async fn revoke(web: web::Data<Web>, staff: Staff, id: web::Path<i64>, _: Act<Button>) -> Answer {
    let managed = web.staff_actions.revoke_invite(staff.member.id, *id).await?;
    answer(&web, &staff, managed, Done::Revoked).await
}

/// `POST /staff/people/{id}/role`.
pub(super) async fn change_role(web: web::Data<Web>, staff: Staff, id: web::Path<i64>, Act(form): Act<NewRole>) -> Answer {
    let Ok(role) = Role::parse(&form.role) else {
        let said = Said { refused: Some("Choose viewer, editor or admin."), ..Said::default() };
        return show(&web, &staff, StatusCode::UNPROCESSABLE_ENTITY, said).await;
    };
    let managed = web.staff_actions.change_role(staff.member.id, *id, role).await?;
    if managed == Managed::Done && *id == staff.member.id && role != Role::Admin {
        return Ok(see_other("/staff"));
    }
    answer(&web, &staff, managed, Done::Role).await
}

/// `POST /staff/people/{id}/remove`.
pub(super) async fn remove(web: web::Data<Web>, staff: Staff, id: web::Path<i64>, _: Act<Button>) -> Answer {
    let managed = web.staff_actions.remove_login(staff.member.id, *id).await?;
    answer(&web, &staff, managed, Done::LoginRemoved).await
}

async fn answer(web: &Web, staff: &Staff, managed: Managed, done: Done) -> Answer {
    let (status, refused) = match managed {
        Managed::Done => return Ok(done.at(PATH)),
        Managed::NotAllowed => return Err(Failure::Needs(Role::Admin)),
        Managed::Gone => (StatusCode::NOT_FOUND, GONE),
        Managed::LastAdmin => (StatusCode::UNPROCESSABLE_ENTITY, LAST_ADMIN),
    };
    show(web, staff, status, Said { refused: Some(refused), ..Said::default() }).await
}

async fn show(web: &Web, staff: &Staff, status: StatusCode, said: Said) -> Answer {
    let now = web.clock.now();
    let read = web.store.read(move |conn| Ok((logins::all(conn)?, doors::invites(conn, now)?)));
    let (logins, invites) = read.await?;
    let Said { done, refused, errors, link, typed } = said;
    let problem = status == StatusCode::UNPROCESSABLE_ENTITY;
    let page = Page { problem, script: link.is_some(), ..staff.page(web, Place::People, "People") };
    let view = PeoplePage {
        page,
        done: JustDone(done),
        refused,
        errors,
        link,
        logins,
        you: staff.member.id,
        typed,
        once: Token::random(),
        invites,
        zone: words::zone(&web.intake.catalog()),
    };
    html(status, &view)
}

/// Whom a link is for; nobody has to be named.
fn whom(typed: &str) -> Result<Option<PersonName>, String> {
    match PersonName::parse(typed) {
        Ok(name) => Ok(Some(name)),
        Err(LineError::Empty) => Ok(None),
        Err(LineError::TooLong(max)) => Err(format!("Use at most {max} characters.")),
        Err(LineError::NoName) => {
            Err("Use a name, without a web address, an e-mail address, or the signs @, < and >.".to_owned())
        }
        Err(LineError::ControlCharacter) => Err("Use one line of plain text.".to_owned()),
    }
}

const fn about(role: Role) -> &'static str {
    words::role(role)
}
