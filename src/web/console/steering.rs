//! `/staff/campaigns/{slug}/steering`: pause a campaign's letters, say when they go, and when people can sign up.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template;
use serde::Deserialize;

use super::act::{Act, Button};
use super::dry_run::Outcome;
use super::nav::Section;
use super::office_sending::TypedReason;
use super::outlook::Outlook;
use super::session::Staff;
use super::words::{Done, JustDone, sentence};
use crate::domain::{Dates, HoursError, Reason, Role, SendingHours, StaffPauseOf, TimeZone, Timestamp};
use crate::intake::CampaignEntry;
use crate::render::CampaignSettings;
use crate::store::steering;
use crate::web::Web;
use crate::web::in_campaign::InCampaign;
use crate::web::parts::{FormErrors, Page, filters};
use crate::web::response::{Answer, html};

const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const NO_TIME: &str = "Write a date and a time such as 2026-12-01T09:00, or leave it empty for no date.";
const REVERSED: &str = "The campaign would close before it opens. Choose a later time to close, or an earlier one to open.";

#[derive(Template)]
#[template(path = "console/steering.html")]
struct SteeringPage<'a> {
    page: Page,
    done: JustDone,
    errors: FormErrors,
    /// What the forms' paths begin with.
    path: String,
    settings: &'a CampaignSettings,
    zone: &'a TimeZone,
    now: Timestamp,
    may_change: bool,
    /// By staff.
    paused: bool,
    reason: String,
    dry_run: Outcome,
    hours: SendingHours,
    /// The next one, when letters may not go now.
    opening: Option<Timestamp>,
    typed_hours: TypedHours,
    dates: Dates,
    /// Those of campaign.toml.
    written_dates: Dates,
    /// Staff chose the dates in force.
    dates_chosen: bool,
    typed_dates: TypedDates,
}

/// The form of the hours: `day_0` is Monday, and there when it is ticked.
#[derive(Deserialize)]
pub(super) struct TypedHours {
    #[serde(default)]
    from: String,
    #[serde(default)]
    until: String,
    #[serde(flatten)]
    others: BTreeMap<String, String>,
}

impl TypedHours {
    fn of(hours: SendingHours) -> Self {
        let clock = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
        let days =
            (0..DAYS.len()).filter(|day| hours.days() & (1 << day) != 0).map(|day| (format!("day_{day}"), "yes".to_owned()));
        Self { from: clock(hours.from()), until: clock(hours.until()), others: days.collect() }
    }

    fn has(&self, day: usize) -> bool {
        self.others.contains_key(&format!("day_{day}"))
    }

    fn read(&self) -> Result<SendingHours, FormErrors> {
        let days = (0..DAYS.len()).filter(|day| self.has(*day)).fold(0_u8, |days, day| days | 1 << day);
        let (from, until) = (SendingHours::minute(&self.from), SendingHours::minute(&self.until));
        let hours = match (from, until) {
            (Ok(from), Ok(until)) => SendingHours::new(days, from, until),
            _ => Err(HoursError::NoTime),
        };
        hours.map_err(|error| match error {
            HoursError::NoDay => FormErrors::one("day_0", error.to_string()),
            HoursError::NoTime if from.is_err() => FormErrors::one("from", sentence(&error)),
            HoursError::NoTime | HoursError::Reversed => FormErrors::one("until", sentence(&error)),
        })
    }
}

/// The form of the dates, by the clock of the campaign.
#[derive(Deserialize)]
pub(super) struct TypedDates {
    #[serde(default)]
    opens: String,
    #[serde(default)]
    closes: String,
}

impl TypedDates {
    fn of(dates: Dates, zone: &TimeZone) -> Self {
        let text = |at: Option<Timestamp>| at.map(|at| zone.local_text(at)).unwrap_or_default();
        Self { opens: text(dates.opens), closes: text(dates.closes) }
    }

    fn read(&self, zone: &TimeZone) -> Result<Dates, FormErrors> {
        let read = |typed: &str| match typed.trim() {
            "" => Ok(None),
            local => zone.at_local(local).map(Some).ok_or(NO_TIME),
        };
        let mut errors = FormErrors::default();
        let (opens, closes) = (errors.keep("opens", read(&self.opens)), errors.keep("closes", read(&self.closes)));
        let (Some(opens), Some(closes)) = (opens, closes) else { return Err(errors) };
        if opens.zip(closes).is_some_and(|(opens, closes)| opens >= closes) {
            return Err(FormErrors::one("closes", REVERSED));
        }
        Ok(Dates { opens, closes })
    }
}

/// What the page says beyond how things stand.
#[derive(Default)]
struct Said {
    done: Option<Done>,
    errors: FormErrors,
    reason: String,
    hours: Option<TypedHours>,
    dates: Option<TypedDates>,
}

/// `GET /staff/campaigns/{slug}/steering`.
pub(super) async fn page(web: web::Data<Web>, staff: Staff, InCampaign(entry): InCampaign, done: JustDone) -> Answer {
    show(&web, &staff, &entry, Said { done: done.0, ..Said::default() }).await
}

/// `POST .../pause`.
pub(super) async fn pause(
    web: web::Data<Web>,
    staff: Staff,
    InCampaign(entry): InCampaign,
    Act(typed): Act<TypedReason>,
) -> Answer {
    steer_pause(&web, &staff, &entry, typed, true).await
}

/// `POST .../resume`.
pub(super) async fn resume(
    web: web::Data<Web>,
    staff: Staff,
    InCampaign(entry): InCampaign,
    Act(typed): Act<TypedReason>,
) -> Answer {
    steer_pause(&web, &staff, &entry, typed, false).await
}

async fn steer_pause(web: &Web, staff: &Staff, entry: &CampaignEntry, typed: TypedReason, pause: bool) -> Answer {
    let (of, reason) = (StaffPauseOf::Campaign(entry.id), typed.reason);
    let parsed = match Reason::parse(&reason) {
        Ok(parsed) => parsed,
        Err(error) => {
            let errors = FormErrors::one("reason", sentence(&error));
            return show(web, staff, entry, Said { errors, reason, ..Said::default() }).await;
        }
    };
    let (changed, done) = if pause {
        (web.staff_actions.pause(&staff.actor(), of, parsed).await?, Done::Paused)
    } else {
        (web.staff_actions.end_pause(&staff.actor(), of, parsed).await?, Done::Resumed)
    };
    Ok(done.if_so(changed).at(&path(entry)))
}

/// `POST .../hours`.
pub(super) async fn hours(
    web: web::Data<Web>,
    staff: Staff,
    InCampaign(entry): InCampaign,
    Act(typed): Act<TypedHours>,
) -> Answer {
    match typed.read() {
        Ok(hours) => web.staff_actions.set_hours(&staff.actor(), &entry, hours).await?,
        Err(errors) => return show(&web, &staff, &entry, Said { errors, hours: Some(typed), ..Said::default() }).await,
    }
    Ok(Done::Hours.at(&path(&entry)))
}

/// `POST .../dates`.
pub(super) async fn dates(
    web: web::Data<Web>,
    staff: Staff,
    InCampaign(entry): InCampaign,
    Act(typed): Act<TypedDates>,
) -> Answer {
    match typed.read(&entry.campaign.settings.time_zone) {
        Ok(dates) => web.staff_actions.set_dates(&staff.actor(), &entry, Some(dates)).await?,
        Err(errors) => return show(&web, &staff, &entry, Said { errors, dates: Some(typed), ..Said::default() }).await,
    }
    Ok(Done::Dates.at(&path(&entry)))
}

/// `POST .../written-dates`: the dates of campaign.toml are in force again.
pub(super) async fn written_dates(web: web::Data<Web>, staff: Staff, InCampaign(entry): InCampaign, _: Act<Button>) -> Answer {
    web.staff_actions.set_dates(&staff.actor(), &entry, None).await?;
    Ok(Done::Dates.at(&path(&entry)))
}

async fn show(web: &Web, staff: &Staff, entry: &CampaignEntry, said: Said) -> Answer {
    let (now, id, limits) = (web.clock.now(), entry.id, web.config.limits);
    let (outlook, dry_run, chosen) = web
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
    let dates = Dates { opens: settings.opens, closes: settings.closes };
    let title = format!("Dates and hours: {}", settings.title);
    let status = said.errors.status();
    let view = SteeringPage {
        page: staff.campaign_page(web, entry, Section::Steering, &title).problem(status != StatusCode::OK),
        done: JustDone(said.done),
        errors: said.errors,
        path: path(entry),
        settings,
        zone,
        now,
        may_change: staff.may(Role::Editor),
        paused: outlook.pause(StaffPauseOf::Campaign(id)).is_some(),
        reason: said.reason,
        dry_run,
        hours,
        opening: hours.next_opening(zone, now).filter(|opening| *opening > now),
        typed_hours: said.hours.unwrap_or_else(|| TypedHours::of(hours)),
        dates,
        written_dates: entry.written_dates,
        dates_chosen: chosen.is_some(),
        typed_dates: said.dates.unwrap_or_else(|| TypedDates::of(dates, zone)),
    };
    html(status, &view)
}

fn path(entry: &CampaignEntry) -> String {
    format!("/staff/campaigns/{}/steering", entry.campaign.settings.slug)
}

fn dates_in_words(dates: &Dates, zone: &TimeZone) -> String {
    match (dates.opens, dates.closes) {
        (None, None) => "open, without an end".into(),
        (Some(opens), None) => format!("from {} on, without an end", zone.moment_in_words(opens)),
        (None, Some(closes)) => format!("until {}", zone.moment_in_words(closes)),
        (Some(opens), Some(closes)) => format!("from {} until {}", zone.moment_in_words(opens), zone.moment_in_words(closes)),
    }
}
