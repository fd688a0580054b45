//! `/staff/campaigns/{slug}/steering`: pause a campaign's letters, say when they go, and when people can sign up.

use std::collections::BTreeMap;
use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::web;
use serde::Deserialize;

use super::super::Web;
use super::super::form::Form;
use super::super::response::{Answer, Failure, see_other};
use super::super::views::staff::Line;
use super::super::views::staff_steering::{DayOption, SteeringPage};
use super::super::views::{Field, FormError};
use super::dry_run::Outcome;
use super::nav::Section;
use super::outlook::{Outlook, paused_by};
use super::session::Staff;
use crate::domain::{Dates, HoursError, Reason, Role, SendingHours, StaffPauseOf, TimeZone, Timestamp};
use crate::intake::CampaignEntry;
use crate::store::steering;

const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// The fields of a form, by name.
type Typed = BTreeMap<String, String>;

/// Said after a change.
#[derive(Deserialize)]
pub(super) struct Query {
    #[serde(default)]
    done: String,
}

pub(super) async fn page(web: web::Data<Web>, staff: Staff, slug: web::Path<String>, query: web::Query<Query>) -> Answer {
    let entry = web.intake.catalog().by_slug(&slug).ok_or(Failure::NotFound)?;
    let notice = match query.done.as_str() {
        "paused" => Some("Paused. Letters that were in hand still went out; no other goes."),
        "resumed" => Some("Resumed. Letters go on within a second, at the pace of each office."),
        "nothing" => Some("Somebody else was faster: it was so already."),
        "hours" => Some("Saved. The sender keeps these hours from now on."),
        "dates" => Some("Saved. The public page keeps these dates from now on."),
        _ => None,
    };
    show(&web, &staff, &entry, StatusCode::OK, |view| view.notice = notice.map(str::to_owned)).await
}

/// The page, with what `fill` puts into it.
async fn show(
    web: &Web,
    staff: &Staff,
    entry: &Arc<CampaignEntry>,
    status: StatusCode,
    fill: impl FnOnce(&mut SteeringPage),
) -> Answer {
    let (now, id, limits) = (web.clock.now(), entry.id, web.config.limits);
    let (outlook, outcome, chosen) = web
        .store
        .read(move |conn| {
            let outlook = Outlook::read(conn, now)?;
            let outcome = Outcome::read(conn, id, limits, &outlook, now)?;
            Ok((outlook, outcome, steering::dates_of(conn, id)?))
        })
        .await?;
    let settings = &entry.campaign.settings;
    let zone = &settings.time_zone;
    let hours = outlook.hours(id).map_or(SendingHours::ALWAYS, |(_, hours)| *hours);
    let in_force = Dates { opens: settings.opens, closes: settings.closes };
    let value = |text: String| Field { value: text, error: None };
    let mut view = SteeringPage {
        page: staff.campaign_page(web, entry, Section::Steering, &format!("Steering: {}", settings.title)),
        path: path(entry),
        csrf: staff.csrf().to_owned(),
        may_change: staff.may(Role::Editor),
        state: state(&outlook, id, zone, hours, now),
        paused: outlook.pause(StaffPauseOf::Campaign(id)).is_some(),
        hours: hours.in_words(),
        zone: settings.time_zone_name.clone(),
        days: days(hours.days()),
        from: value(clock(hours.from())),
        until: value(clock(hours.until())),
        dates: dates_in_words(in_force, zone),
        written_dates: dates_in_words(entry.written_dates, zone),
        dates_chosen: chosen.is_some(),
        opens: value(in_force.opens.map(|at| zone.local_text(at)).unwrap_or_default()),
        closes: value(in_force.closes.map(|at| zone.local_text(at)).unwrap_or_default()),
        dry_run: outcome.view(settings.slug.as_str(), zone, now),
        ..SteeringPage::default()
    };
    fill(&mut view);
    view.page.problem = !view.errors.is_empty();
    web.old_page(status, "staff_steering", &view)
}

/// Whether the campaign's letters go now.
fn state(outlook: &Outlook, id: i64, zone: &TimeZone, hours: SendingHours, now: Timestamp) -> Line {
    let line = |tone: &str, text: String| Line { tone: tone.into(), text };
    if let Some(pause) = outlook.pause(StaffPauseOf::Everything) {
        return line("trouble", format!("All sending is paused, notices too. {}", paused_by(pause, now)));
    }
    if let Some(pause) = outlook.pause(StaffPauseOf::Campaign(id)) {
        return line(
            "wait",
            format!("{} Letters stay as they are and wait. Notices to supporters still go.", paused_by(pause, now)),
        );
    }
    if !hours.open_at(zone, now) {
        let opening = hours.next_opening(zone, now).map(|at| zone.moment_in_words(at)).unwrap_or_default();
        return line("wait", format!("Letters wait for their hours. They go on {opening}."));
    }
    let until = hours.next_closing(zone, now).map(|at| format!(" until {}", zone.moment_in_words(at))).unwrap_or_default();
    line("done", format!("Letters go now{until}, each office at its pace."))
}

pub(super) async fn pause(web: web::Data<Web>, staff: Staff, slug: web::Path<String>, Form(typed): Form<Typed>) -> Answer {
    steer_pause(web, staff, slug, typed, true).await
}

pub(super) async fn resume(web: web::Data<Web>, staff: Staff, slug: web::Path<String>, Form(typed): Form<Typed>) -> Answer {
    steer_pause(web, staff, slug, typed, false).await
}

async fn steer_pause(web: web::Data<Web>, staff: Staff, slug: web::Path<String>, typed: Typed, pause: bool) -> Answer {
    staff.check_may(&web, Role::Editor, text(&typed, "csrf"))?;
    let entry = web.intake.catalog().by_slug(&slug).ok_or(Failure::NotFound)?;
    let of = StaffPauseOf::Campaign(entry.id);
    let reason = match Reason::parse(text(&typed, "reason")) {
        Ok(reason) => reason,
        Err(error) => {
            let error = error.to_string();
            return show(&web, &staff, &entry, StatusCode::UNPROCESSABLE_ENTITY, |view| {
                view.reason = wrong(&mut view.errors, "reason", text(&typed, "reason"), error);
            })
            .await;
        }
    };
    let (changed, word) = if pause {
        (web.staff_actions.pause(&staff.actor(), of, reason).await?, "paused")
    } else {
        (web.staff_actions.end_pause(&staff.actor(), of, reason).await?, "resumed")
    };
    Ok(see_other(&format!("{}?done={}", path(&entry), if changed { word } else { "nothing" })))
}

pub(super) async fn hours(web: web::Data<Web>, staff: Staff, slug: web::Path<String>, Form(typed): Form<Typed>) -> Answer {
    staff.check_may(&web, Role::Editor, text(&typed, "csrf"))?;
    let entry = web.intake.catalog().by_slug(&slug).ok_or(Failure::NotFound)?;
    let chosen = (0..7).filter(|day| typed.contains_key(&format!("day_{day}"))).fold(0_u8, |days, day| days | 1 << day);
    let (from, until) = (SendingHours::minute(text(&typed, "from")), SendingHours::minute(text(&typed, "until")));
    let hours = match (from, until) {
        (Ok(from), Ok(until)) => SendingHours::new(chosen, from, until),
        _ => Err(HoursError::NoTime),
    };
    let error = match hours {
        Ok(hours) => {
            web.staff_actions.set_hours(&staff.actor(), &entry, hours).await?;
            return Ok(see_other(&format!("{}?done=hours", path(&entry))));
        }
        Err(error) => error,
    };
    show(&web, &staff, &entry, StatusCode::UNPROCESSABLE_ENTITY, |view| {
        view.days = days(chosen);
        let said = error.to_string();
        (view.from.value, view.until.value) = (text(&typed, "from").to_owned(), text(&typed, "until").to_owned());
        match error {
            HoursError::NoDay => {
                view.errors.push(FormError { field: "day_0".into(), text: said.clone() });
                view.days_error = Some(said);
            }
            HoursError::NoTime if from.is_err() => {
                view.from = wrong(&mut view.errors, "from", text(&typed, "from"), said);
            }
            HoursError::NoTime | HoursError::Reversed => {
                view.until = wrong(&mut view.errors, "until", text(&typed, "until"), said);
            }
        }
    })
    .await
}

pub(super) async fn dates(web: web::Data<Web>, staff: Staff, slug: web::Path<String>, Form(typed): Form<Typed>) -> Answer {
    staff.check_may(&web, Role::Editor, text(&typed, "csrf"))?;
    let entry = web.intake.catalog().by_slug(&slug).ok_or(Failure::NotFound)?;
    let zone = &entry.campaign.settings.time_zone;
    let read = |name: &str| match text(&typed, name).trim() {
        "" => Ok(None),
        local => zone.at_local(local).map(Some).ok_or(()),
    };
    let (opens, closes) = (read("opens"), read("closes"));
    if let (Ok(opens), Ok(closes)) = (opens, closes)
        && opens.zip(closes).is_none_or(|(opens, closes)| opens < closes)
    {
        web.staff_actions.set_dates(&staff.actor(), &entry, Some(Dates { opens, closes })).await?;
        return Ok(see_other(&format!("{}?done=dates", path(&entry))));
    }
    show(&web, &staff, &entry, StatusCode::UNPROCESSABLE_ENTITY, |view| {
        const NO_TIME: &str = "Write a date and a time such as 2026-12-01T09:00, or leave it empty for no date.";
        (view.opens.value, view.closes.value) = (text(&typed, "opens").to_owned(), text(&typed, "closes").to_owned());
        if opens.is_err() {
            view.opens = wrong(&mut view.errors, "opens", text(&typed, "opens"), NO_TIME.into());
        }
        if closes.is_err() {
            view.closes = wrong(&mut view.errors, "closes", text(&typed, "closes"), NO_TIME.into());
        }
        if view.errors.is_empty() {
            let said = "The campaign would close before it opens. Choose a later time to close, or an earlier one to open.";
            view.closes = wrong(&mut view.errors, "closes", text(&typed, "closes"), said.into());
        }
    })
    .await
}

/// `POST .../written-dates`: the dates of campaign.toml are in force again.
pub(super) async fn written_dates(
    web: web::Data<Web>,
    staff: Staff,
    slug: web::Path<String>,
    Form(typed): Form<Typed>,
) -> Answer {
    staff.check_may(&web, Role::Editor, text(&typed, "csrf"))?;
    let entry = web.intake.catalog().by_slug(&slug).ok_or(Failure::NotFound)?;
    web.staff_actions.set_dates(&staff.actor(), &entry, None).await?;
    Ok(see_other(&format!("{}?done=dates", path(&entry))))
}

fn path(entry: &CampaignEntry) -> String {
    format!("/staff/campaigns/{}/steering", entry.campaign.settings.slug)
}

fn text<'a>(typed: &'a Typed, name: &str) -> &'a str {
    typed.get(name).map_or("", String::as_str)
}

/// The field as typed, with what is wrong with it, which the summary says too.
pub(super) fn wrong(errors: &mut Vec<FormError>, field: &str, typed: &str, said: String) -> Field {
    let mut said = said;
    if let Some(first) = said.get(..1).map(str::to_uppercase) {
        said.replace_range(..1, &first);
    }
    errors.push(FormError { field: field.into(), text: said.clone() });
    Field { value: typed.to_owned(), error: Some(said) }
}

fn days(chosen: u8) -> Vec<DayOption> {
    let day = |(at, label): (usize, &&str)| DayOption {
        name: format!("day_{at}"),
        label: (*label).to_owned(),
        checked: chosen & (1 << at) != 0,
    };
    DAYS.iter().enumerate().map(day).collect()
}

fn clock(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

fn dates_in_words(dates: Dates, zone: &TimeZone) -> String {
    match (dates.opens, dates.closes) {
        (None, None) => "open, without an end".into(),
        (Some(opens), None) => format!("from {} on, without an end", zone.moment_in_words(opens)),
        (None, Some(closes)) => format!("until {}", zone.moment_in_words(closes)),
        (Some(opens), Some(closes)) => format!("from {} until {}", zone.moment_in_words(opens), zone.moment_in_words(closes)),
    }
}
