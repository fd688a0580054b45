//! `/staff/sending/offices/{id}`: pause the letters to an office, and choose its pace; and the pause of everything.

use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template;
use serde::Deserialize;

use super::act::{Act, Button};
use super::session::Staff;
use super::words::{self, Done, JustDone, sentence};
use crate::config::Limits;
use crate::domain::{DistrictName, OfficePace, OwnPace, Reason, Role, StaffPause, StaffPauseOf, Timestamp};
use crate::store::{StoreError, depth, steering};
use crate::web::Web;
use crate::web::parts::{FormErrors, Page};
use crate::web::response::{Answer, Failure, html};

const EVERYTHING: &str = "/staff/sending";

#[derive(Template)]
#[template(path = "console/office_sending.html")]
struct OfficeSendingPage {
    page: Page,
    done: JustDone,
    errors: FormErrors,
    /// What the forms' paths begin with.
    path: String,
    may_change: bool,
    /// By staff.
    paused: bool,
    reason: String,
    /// The pace in force, in words.
    pace: String,
    /// The common pace, in words.
    common: String,
    /// It has a pace of its own.
    own: bool,
    typed: TypedPace,
}

/// Why a pause begins or ends.
#[derive(Default, Deserialize)]
pub(super) struct TypedReason {
    #[serde(default)]
    pub(super) reason: String,
}

/// The form of a pace.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct TypedPace {
    a_minute: String,
    an_hour: String,
    pace_reason: String,
}

impl TypedPace {
    /// The pace in force; the reason is given anew.
    fn of(pace: OfficePace) -> Self {
        Self { a_minute: pace.a_minute.to_string(), an_hour: pace.an_hour.to_string(), pace_reason: String::new() }
    }

    fn read(&self, errors: &mut FormErrors) -> Option<(OfficePace, Reason)> {
        let number = |typed: &str| typed.trim().parse::<u32>().unwrap_or(0);
        let (a_minute, an_hour) = (number(&self.a_minute), number(&self.an_hour));
        // Which of the two it is about.
        let minute = OfficePace::new(a_minute, OfficePace::MOST_AN_HOUR).is_err();
        let pace = OfficePace::new(a_minute, an_hour).map_err(|error| sentence(&error));
        let pace = errors.keep(if minute { "a_minute" } else { "an_hour" }, pace);
        let reason = errors.keep("pace_reason", Reason::parse(&self.pace_reason).map_err(|error| sentence(&error)));
        pace.zip(reason)
    }
}

/// What the page says beyond how things stand.
#[derive(Default)]
struct Said {
    done: Option<Done>,
    errors: FormErrors,
    reason: String,
    pace: Option<TypedPace>,
}

/// How things stand.
struct Read {
    district: DistrictName,
    pause: Option<StaffPause>,
    pace: Option<OwnPace>,
}

async fn read(web: &Web, office: i64) -> Result<Read, Failure> {
    let read = web.store.read(move |conn| -> Result<_, StoreError> {
        let Some(district) = depth::office(conn, office)? else { return Ok(None) };
        Ok(Some(Read {
            district,
            pause: steering::pause_of(conn, StaffPauseOf::Office(office))?,
            pace: steering::pace_of(conn, office)?,
        }))
    });
    read.await?.ok_or(Failure::NotFound)
}

/// `GET /staff/sending/offices/{office}`.
pub(super) async fn page(web: web::Data<Web>, staff: Staff, office: web::Path<i64>, done: JustDone) -> Answer {
    show(&web, &staff, *office, Said { done: done.0, ..Said::default() }).await
}

pub(super) async fn pause(web: web::Data<Web>, staff: Staff, office: web::Path<i64>, Act(typed): Act<TypedReason>) -> Answer {
    steer_pause(web, staff, *office, typed, true).await
}

pub(super) async fn resume(web: web::Data<Web>, staff: Staff, office: web::Path<i64>, Act(typed): Act<TypedReason>) -> Answer {
    steer_pause(web, staff, *office, typed, false).await
}

async fn steer_pause(web: web::Data<Web>, staff: Staff, office: i64, typed: TypedReason, pause: bool) -> Answer {
    read(&web, office).await?;
    let (of, reason) = (StaffPauseOf::Office(office), typed.reason);
    let parsed = match Reason::parse(&reason) {
        Ok(parsed) => parsed,
        Err(error) => {
            let errors = FormErrors::one("reason", sentence(&error));
            return show(&web, &staff, office, Said { errors, reason, ..Said::default() }).await;
        }
    };
    let (changed, done) = if pause {
        (web.staff_actions.pause(&staff.actor(), of, parsed).await?, Done::OfficePaused)
    } else {
        (web.staff_actions.end_pause(&staff.actor(), of, parsed).await?, Done::OfficeResumed)
    };
    Ok(done.if_so(changed).at(&path(office)))
}

pub(super) async fn pace(web: web::Data<Web>, staff: Staff, office: web::Path<i64>, Act(typed): Act<TypedPace>) -> Answer {
    let office = *office;
    read(&web, office).await?;
    let mut errors = FormErrors::default();
    let Some((pace, reason)) = typed.read(&mut errors) else {
        return show(&web, &staff, office, Said { errors, pace: Some(typed), ..Said::default() }).await;
    };
    web.staff_actions.set_pace(&staff.actor(), office, pace, reason).await?;
    Ok(Done::Pace.at(&path(office)))
}

pub(super) async fn common_pace(web: web::Data<Web>, staff: Staff, office: web::Path<i64>, _: Act<Button>) -> Answer {
    read(&web, *office).await?;
    let changed = web.staff_actions.forget_pace(&staff.actor(), *office).await?;
    Ok(Done::Pace.if_so(changed).at(&path(*office)))
}

/// `POST /staff/sending/pause`.
pub(super) async fn pause_all(web: web::Data<Web>, staff: Staff, Act(typed): Act<TypedReason>) -> Answer {
    let Ok(reason) = Reason::parse(&typed.reason) else { return Ok(Done::NoReason.at(EVERYTHING)) };
    let changed = web.staff_actions.pause(&staff.actor(), StaffPauseOf::Everything, reason).await?;
    Ok(Done::AllPaused.if_so(changed).at(EVERYTHING))
}

/// `POST /staff/sending/end-pause`.
pub(super) async fn end_pause_of_all(web: web::Data<Web>, staff: Staff, Act(typed): Act<TypedReason>) -> Answer {
    let Ok(reason) = Reason::parse(&typed.reason) else { return Ok(Done::NoReason.at(EVERYTHING)) };
    let changed = web.staff_actions.end_pause(&staff.actor(), StaffPauseOf::Everything, reason).await?;
    Ok(Done::AllResumed.if_so(changed).at(EVERYTHING))
}

async fn show(web: &Web, staff: &Staff, office: i64, said: Said) -> Answer {
    let read = read(web, office).await?;
    let (now, limits) = (web.clock.now(), web.config.limits);
    let own = read.pace.as_ref();
    let Said { done, errors, reason, pace } = said;
    let status = errors.status();
    let view = OfficeSendingPage {
        page: staff.office_page(web, office, &read.district.in_words()).problem(status != StatusCode::OK),
        done: JustDone(done),
        errors,
        path: path(office),
        may_change: staff.may(Role::Editor),
        paused: read.pause.is_some(),
        reason,
        pace: own.map_or_else(|| format!("The common pace: {}.", common(limits)), |own| chosen(own, now)),
        common: common(limits),
        own: own.is_some(),
        typed: pace.or_else(|| own.map(|own| TypedPace::of(own.pace))).unwrap_or_default(),
    };
    html(status, &view)
}

/// "5 a minute and 100 an hour, chosen by ana@example.org 5 hours ago. Reason: they asked."
fn chosen(own: &OwnPace, now: Timestamp) -> String {
    let OwnPace { pace, since, who, reason } = own;
    let (ago, reason) = (words::ago(now.since(*since)), reason.trim_end_matches('.'));
    format!("{} a minute and {} an hour, chosen by {who} {ago}. Reason: {reason}.", pace.a_minute, pace.an_hour)
}

fn common(limits: Limits) -> String {
    let n = |limit: u32, of: &str| if limit == 0 { format!("any number {of}") } else { format!("{limit} {of}") };
    let (a_minute, an_hour) = (limits.mail_per_office_per_minute, limits.mail_per_office_per_hour);
    format!("{} and {}", n(a_minute, "a minute"), n(an_hour, "an hour"))
}

fn path(office: i64) -> String {
    format!("/staff/sending/offices/{office}")
}
