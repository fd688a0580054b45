//! `/staff/sending/offices/{id}`: pause the letters to an office, and choose its pace; and the pause of everything.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::web;
use serde::Deserialize;

use super::super::Web;
use super::super::form::Form;
use super::super::response::{Answer, Failure, see_other};
use super::super::views::Field;
use super::super::views::staff::Line;
use super::super::views::staff_steering::OfficeSendingPage;
use super::nav::Place;
use super::outlook::paused_by;
use super::session::Staff;
use super::steering::wrong;
use super::words;
use crate::config::Limits;
use crate::domain::{DistrictName, OfficePace, OwnPace, Reason, Role, StaffPause, StaffPauseOf, Timestamp};
use crate::store::{StoreError, depth, steering};

type Typed = BTreeMap<String, String>;

/// Said after a change.
#[derive(Deserialize)]
pub(super) struct Query {
    #[serde(default)]
    done: String,
}

struct Read {
    district: DistrictName,
    everything: Option<StaffPause>,
    pause: Option<StaffPause>,
    pace: Option<OwnPace>,
}

async fn read(web: &Web, office: i64) -> Result<Read, Failure> {
    let read = web.store.read(move |conn| -> Result<_, StoreError> {
        let Some(district) = depth::office(conn, office)? else { return Ok(None) };
        Ok(Some(Read {
            district,
            everything: steering::pause_of(conn, StaffPauseOf::Everything)?,
            pause: steering::pause_of(conn, StaffPauseOf::Office(office))?,
            pace: steering::pace_of(conn, office)?,
        }))
    });
    read.await?.ok_or(Failure::NotFound)
}

pub(super) async fn page(web: web::Data<Web>, staff: Staff, office: web::Path<i64>, query: web::Query<Query>) -> Answer {
    let notice = match query.done.as_str() {
        "paused" => Some("Paused. Letters that were in hand still went out; no other goes to this office."),
        "resumed" => Some("Resumed. Letters go on within a second."),
        "nothing" => Some("Somebody else was faster: it was so already."),
        "pace" => Some("Saved. The sender keeps this pace from now on."),
        _ => None,
    };
    show(&web, &staff, *office, StatusCode::OK, |view| view.notice = notice.map(str::to_owned)).await
}

async fn show(web: &Web, staff: &Staff, office: i64, status: StatusCode, fill: impl FnOnce(&mut OfficeSendingPage)) -> Answer {
    let read = read(web, office).await?;
    let (now, limits) = (web.clock.now(), web.config.limits);
    let name = read.district.in_words();
    let number = |n: Option<u32>| Field { value: n.map(|n| n.to_string()).unwrap_or_default(), error: None };
    let own = read.pace.as_ref();
    let mut view = OfficeSendingPage {
        page: staff.page(web, Place::Sending, &name),
        path: path(office),
        csrf: staff.csrf().to_owned(),
        may_change: staff.may(Role::Editor),
        state: state(&read, now),
        paused: read.pause.is_some(),
        pace: own.map_or_else(
            || format!("The common pace: {}.", common(limits)),
            |own| {
                let OwnPace { pace, since, who, reason } = own;
                format!(
                    "{} a minute and {} an hour, chosen by {who} {}. Reason: {}.",
                    pace.a_minute,
                    pace.an_hour,
                    words::ago(now.since(*since)),
                    reason.trim_end_matches('.')
                )
            },
        ),
        common: common(limits),
        own: own.is_some(),
        a_minute: number(own.map(|own| own.pace.a_minute)),
        an_hour: number(own.map(|own| own.pace.an_hour)),
        office: name,
        ..OfficeSendingPage::default()
    };
    fill(&mut view);
    view.page.problem = !view.errors.is_empty();
    web.old_page(status, "staff_office_sending", &view)
}

fn state(read: &Read, now: Timestamp) -> Line {
    let line = |tone: &str, text: String| Line { tone: tone.into(), text };
    match (&read.everything, &read.pause) {
        (Some(pause), _) => line("trouble", format!("All sending is paused. {}", paused_by(pause, now))),
        (None, Some(pause)) => {
            line("wait", format!("{} Letters to this office stay as they are and wait.", paused_by(pause, now)))
        }
        (None, None) => line("done", "Nobody paused letters to this office.".into()),
    }
}

fn common(limits: Limits) -> String {
    let n = |limit: u32, of: &str| if limit == 0 { format!("any number {of}") } else { format!("{limit} {of}") };
    let (a_minute, an_hour) = (limits.mail_per_office_per_minute, limits.mail_per_office_per_hour);
    format!("{} and {}", n(a_minute, "a minute"), n(an_hour, "an hour"))
}

pub(super) async fn pause(web: web::Data<Web>, staff: Staff, office: web::Path<i64>, Form(typed): Form<Typed>) -> Answer {
    steer_pause(web, staff, *office, typed, true).await
}

pub(super) async fn resume(web: web::Data<Web>, staff: Staff, office: web::Path<i64>, Form(typed): Form<Typed>) -> Answer {
    steer_pause(web, staff, *office, typed, false).await
}

async fn steer_pause(web: web::Data<Web>, staff: Staff, office: i64, typed: Typed, pause: bool) -> Answer {
    staff.check_may(&web, Role::Editor, text(&typed, "csrf"))?;
    read(&web, office).await?;
    let of = StaffPauseOf::Office(office);
    let reason = match Reason::parse(text(&typed, "reason")) {
        Ok(reason) => reason,
        Err(error) => {
            return show(&web, &staff, office, StatusCode::UNPROCESSABLE_ENTITY, |view| {
                view.reason = wrong(&mut view.errors, "reason", text(&typed, "reason"), error.to_string());
            })
            .await;
        }
    };
    let (changed, word) = if pause {
        (web.staff_actions.pause(&staff.actor(), of, reason).await?, "paused")
    } else {
        (web.staff_actions.end_pause(&staff.actor(), of, reason).await?, "resumed")
    };
    Ok(see_other(&format!("{}?done={}", path(office), if changed { word } else { "nothing" })))
}

pub(super) async fn pace(web: web::Data<Web>, staff: Staff, office: web::Path<i64>, Form(typed): Form<Typed>) -> Answer {
    staff.check_may(&web, Role::Editor, text(&typed, "csrf"))?;
    let office = *office;
    read(&web, office).await?;
    let number = |name: &str| text(&typed, name).trim().parse::<u32>().unwrap_or(0);
    let chosen = OfficePace::new(number("a_minute"), number("an_hour"));
    let reason = Reason::parse(text(&typed, "pace_reason"));
    if let (Ok(pace), Ok(reason)) = (chosen, &reason) {
        web.staff_actions.set_pace(&staff.actor(), office, pace, reason.clone()).await?;
        return Ok(see_other(&format!("{}?done=pace", path(office))));
    }
    show(&web, &staff, office, StatusCode::UNPROCESSABLE_ENTITY, |view| {
        for (name, field) in
            [("a_minute", &mut view.a_minute), ("an_hour", &mut view.an_hour), ("pace_reason", &mut view.pace_reason)]
        {
            text(&typed, name).clone_into(&mut field.value);
        }
        if let Err(error) = chosen {
            // Which of the two it is about.
            let minute = OfficePace::new(number("a_minute"), OfficePace::MOST_AN_HOUR).is_err();
            if minute {
                view.a_minute = wrong(&mut view.errors, "a_minute", text(&typed, "a_minute"), error.to_string());
            } else {
                view.an_hour = wrong(&mut view.errors, "an_hour", text(&typed, "an_hour"), error.to_string());
            }
        }
        if let Err(error) = reason {
            view.pace_reason = wrong(&mut view.errors, "pace_reason", text(&typed, "pace_reason"), error.to_string());
        }
    })
    .await
}

pub(super) async fn common_pace(web: web::Data<Web>, staff: Staff, office: web::Path<i64>, Form(typed): Form<Typed>) -> Answer {
    staff.check_may(&web, Role::Editor, text(&typed, "csrf"))?;
    read(&web, *office).await?;
    let changed = web.staff_actions.forget_pace(&staff.actor(), *office).await?;
    Ok(see_other(&format!("{}?done={}", path(*office), if changed { "pace" } else { "nothing" })))
}

/// `POST /staff/sending/pause`.
pub(super) async fn pause_all(web: web::Data<Web>, staff: Staff, Form(typed): Form<Typed>) -> Answer {
    staff.check_may(&web, Role::Editor, text(&typed, "csrf"))?;
    let Ok(reason) = Reason::parse(text(&typed, "reason")) else { return Ok(see_other("/staff/sending?done=reason")) };
    let changed = web.staff_actions.pause(&staff.actor(), StaffPauseOf::Everything, reason).await?;
    Ok(see_other(if changed { "/staff/sending?done=paused" } else { "/staff/sending?done=nothing" }))
}

/// `POST /staff/sending/end-pause`.
pub(super) async fn end_pause_of_all(web: web::Data<Web>, staff: Staff, Form(typed): Form<Typed>) -> Answer {
    staff.check_may(&web, Role::Editor, text(&typed, "csrf"))?;
    let Ok(reason) = Reason::parse(text(&typed, "reason")) else { return Ok(see_other("/staff/sending?done=reason")) };
    let changed = web.staff_actions.end_pause(&staff.actor(), StaffPauseOf::Everything, reason).await?;
    Ok(see_other(if changed { "/staff/sending?done=resumed" } else { "/staff/sending?done=nothing" }))
}

fn path(office: i64) -> String {
    format!("/staff/sending/offices/{office}")
}

fn text<'a>(typed: &'a Typed, name: &str) -> &'a str {
    typed.get(name).map_or("", String::as_str)
}
