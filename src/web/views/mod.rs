//! What each page shows: one plain struct a page, nothing but text, numbers and flags.
//!
//! A handler fills a struct, the HTML registry renders the template of the same name, and neither knows the
//! other's business: no type of the database or of the web server comes in here, and no template works
//! anything out beyond "is there one?" and "which state is it?".
//!
//! # How the templates fit together
//!
//! | template | struct | route |
//! | --- | --- | --- |
//! | `staff_login`, `staff_setup` | [`staff::LoginPage`], [`staff::SetupPage`] | the staff's doors |
//! | `staff_home`, `staff_overview` | [`staff::StaffHomePage`], [`overview::OverviewPage`] | the console |
//! | `staff_map` | [`map::MapPage`] | `GET /staff/campaigns/{slug}/map` |
//! | `staff_office` | [`office::OfficePage`] | `GET /staff/campaigns/{slug}/offices/{id}` |
//! | `staff_roster`, `staff_roster_plan` | [`roster::RosterPage`], [`roster::RosterPlanPage`] | `/staff/roster` and `/staff/roster/uploads/{id}` |
//! | `staff_positions`, `staff_position`, `staff_positions_plan` | [`positions::PositionsPage`] and its neighbours | `/staff/roster/positions...` |
//! | `staff_people` | [`people::PeoplePage`] | `/staff/people` |
//! | `staff_sending` | [`staff::SendingPage`] | `GET /staff/sending` |
//! | `staff_letters`, `staff_letter` | [`staff_letters::StaffLettersPage`], [`staff_letters::StaffLetterPage`] | `/staff/campaigns/{slug}/letters` and one of them |
//! | `staff_steering` | [`staff_steering::SteeringPage`] | `GET /staff/campaigns/{slug}/steering`, and 422 of its forms |
//! | `staff_office_sending` | [`staff_steering::OfficeSendingPage`] | `GET /staff/sending/offices/{id}`, and 422 of its forms |
//! | `staff_measures` | [`stands::MeasuresPage`] | `GET` and `POST /staff/campaigns/{slug}/measures` |
//! | `staff_exports` | [`staff_exports::ExportsPage`] | `GET /staff/campaigns/{slug}/exports` |
//! | `staff_webhooks` | [`staff_webhooks::WebhooksPage`] | `GET` and `POST /staff/webhooks` |
//! | `staff_meeting`, `staff_meeting_quotes` | [`meeting::MeetingPage`], [`meeting::QuotesPage`] | `/staff/campaigns/{slug}/offices/{office}/report` |
//! | `staff_text_edit`, `staff_settings_edit` | [`texts`] | `/staff/campaigns/{slug}/text/edit/{text}` |
//! | `staff_compare` | [`text_versions`] | `.../text/compare/{text}` |
//!
//! Partials, registered by the same rule (file stem = name): `layout` (a partial block around every page),
//! `campaign_form`, `steps`, `notice`, `error_summary`, `field`, `trap`, `carried`, `letter_card`, `letter_state`,
//! `erase_form`, `evidence_fields`, `stands`, `chart` (a [`chart::Chart`]), `listing` (a [`listing::Table`]).
//!
//! Rules for the templates:
//! - The registry escapes HTML and is strict: each name that a template uses is a field here. An `Option` is fine.
//! - `{{{ }}}` is for `page_html` alone: Markdown that has been turned into safe HTML already.
//! - No inline style and no inline script: the Content-Security-Policy forbids them. Widths in the bar are SVG
//!   attributes, worked out in [`figures`].
//! - A letter's text keeps its line ends, so partials that print one start in the first column and
//!   `<textarea>` and `<pre>` begin with a line end of their own, which a browser drops.
//! - Tables with many rows use no partial with named arguments in their loops: each such call copies the page's data.
//!
//! The structs have no `Debug`: most carry a name, an address or a letter, and those belong in no log.
//!
//! Times, numbers and plurals come in ready to print ("November 22, 3:05 pm", "1,204"), because a template knows
//! neither time zone nor language.

pub mod chart;
pub mod figures;
pub mod listing;
pub mod map;
pub mod meeting;
pub mod office;
pub mod overview;
pub mod people;
pub mod positions;
pub mod roster;
pub mod staff;
pub mod staff_coverage;
pub mod staff_exports;
pub mod staff_letters;
pub mod staff_steering;
pub mod staff_webhooks;
pub mod stands;
pub mod text_versions;
pub mod texts;

pub use super::parts::{CampaignNav, NavLink, Page, StaffNav};
use serde::Serialize;

/// A field as it was typed, and what is wrong with it.
#[derive(Serialize, Clone, Default)]
pub struct Field {
    /// What the person typed, kept to the letter.
    pub value: String,
    /// What is wrong and what to do, as a sentence. `None`: nothing is.
    pub error: Option<String>,
}

/// One line of the error summary at the top of a form.
#[derive(Serialize, Clone, Default)]
pub struct FormError {
    /// Id of the field, the same as its name: `email`, `office_upper`, `consent`.
    pub field: String,
    /// The same sentence that stands beside the field.
    pub text: String,
}

/// A moment to print.
#[derive(Serialize, Clone, Default)]
pub struct Moment {
    /// For people, in the campaign's time zone: "November 22, 3:05 pm".
    pub text: String,
    /// For programs, RFC 3339: `2026-11-22T15:05:00-05:00`.
    pub iso: String,
}
