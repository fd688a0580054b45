//! What staff steer: a campaign's letters, an office's.

use serde::Serialize;

use super::staff::Line;
use super::{Field, FormError, Page};

/// `staff_steering`: pause, hours and dates of a campaign, and what would be sent now.
#[derive(Serialize, Clone, Default)]
pub struct SteeringPage {
    /// The frame, with `staff`.
    pub page: Page,
    /// The path that the forms' paths begin with.
    pub path: String,
    /// CSRF token.
    pub csrf: String,
    /// Said after a change.
    pub notice: Option<String>,
    /// All that is wrong with what was typed.
    pub errors: Vec<FormError>,
    /// This login may change it.
    pub may_change: bool,
    /// Whether letters go now, and why not.
    pub state: Line,
    /// Staff paused it.
    pub paused: bool,
    /// Why it is paused or resumed, as typed.
    pub reason: Field,
    /// The hours in force, in words.
    pub hours: String,
    /// The zone whose clock counts.
    pub zone: String,
    /// The days of the week.
    pub days: Vec<DayOption>,
    /// What is wrong with the days.
    pub days_error: Option<String>,
    /// From when on, `09:00`.
    pub from: Field,
    /// Until when, `17:00`.
    pub until: Field,
    /// The dates in force, in words.
    pub dates: String,
    /// Those of campaign.toml, in words.
    pub written_dates: String,
    /// Staff chose the dates.
    pub dates_chosen: bool,
    /// When sign-ups open, `2026-11-22T09:00`; empty for no date.
    pub opens: Field,
    /// When they close.
    pub closes: Field,
    /// What would be sent now.
    pub dry_run: DryRun,
}

/// A day of the week to choose.
#[derive(Serialize, Clone, Default)]
pub struct DayOption {
    /// The name of its field: `day_0` is Monday.
    pub name: String,
    /// "Monday".
    pub label: String,
    /// It is chosen.
    pub checked: bool,
}

/// What would be sent now, to whom, by when. Nothing is sent by looking.
#[derive(Serialize, Clone, Default)]
pub struct DryRun {
    /// "12 of 340 letters would go now, to 2 offices."
    pub summary: String,
    /// When the last would have gone.
    pub by: String,
    /// The offices, the longest queue first.
    pub offices: Vec<DryRunRow>,
    /// "and 12 more offices". `None` when all are shown.
    pub more: Option<String>,
}

/// One office of a dry run.
#[derive(Serialize, Clone, Default)]
pub struct DryRunRow {
    /// The office.
    pub office: String,
    /// Letters that wait.
    pub waiting: String,
    /// How many of them would go now.
    pub now: String,
    /// Why not all: a pause, hours, a pace.
    pub why: String,
    /// The first to go, by their numbers.
    pub first: Vec<LetterLink>,
    /// When its last would have gone.
    pub by: String,
}

/// A letter by its number.
#[derive(Serialize, Clone, Default)]
pub struct LetterLink {
    /// The number.
    pub id: String,
    /// Its page.
    pub href: String,
}

/// `staff_office_sending`: pause and pace of an office.
#[derive(Serialize, Clone, Default)]
pub struct OfficeSendingPage {
    /// The frame, with `staff`.
    pub page: Page,
    /// The office.
    pub office: String,
    /// The path that the forms' paths begin with.
    pub path: String,
    /// CSRF token.
    pub csrf: String,
    /// Said after a change.
    pub notice: Option<String>,
    /// All that is wrong with what was typed.
    pub errors: Vec<FormError>,
    /// This login may change it.
    pub may_change: bool,
    /// Whether letters go to it, and why not.
    pub state: Line,
    /// Staff paused it.
    pub paused: bool,
    /// Why it is paused or resumed, as typed.
    pub reason: Field,
    /// The pace in force, in words.
    pub pace: String,
    /// The common pace, in words.
    pub common: String,
    /// It has a pace of its own.
    pub own: bool,
    /// Letters a minute.
    pub a_minute: Field,
    /// Letters an hour.
    pub an_hour: Field,
    /// Why the pace, as typed.
    pub pace_reason: Field,
}
