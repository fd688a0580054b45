//! `staff_office`: all that a campaign knows of one office.

use serde::Serialize;

use super::Page;
use super::chart::Chart;
use super::figures::Segment;
use crate::web::parts::stands::StandLine;

/// One office and who holds it.
#[derive(Serialize)]
pub struct OfficePage<'a> {
    /// The frame, with `staff`.
    pub page: Page,
    /// "Senator Wren Harborlight", or that nobody holds the seat.
    pub title: String,
    /// "State Senate, First Harbor", with the party where it is known.
    pub seat: String,
    /// How to reach them: e-mail, web form, telephone, each in words.
    pub ways: Vec<String>,
    /// The cities and towns of the district, in a sentence.
    pub towns: Option<String>,
    /// How many people signed up and confirmed, in a sentence.
    pub people: String,
    /// The bar as a sentence.
    pub bar_description: String,
    /// Every state, zero too.
    pub segments: Vec<Segment>,
    /// All letters.
    pub letters_total: String,
    /// Path of its letters with the query begun, for those who may see them.
    pub letters_href: Option<String>,
    /// Path of the report for a meeting.
    pub report_href: String,
    /// Letters by day.
    pub chart: Chart,
    /// Where the official stands, a line for each measure.
    pub stands: Vec<StandLine<'a>>,
    /// Where it is paused, and its pace chosen.
    pub sending_href: String,
    /// The queue, the pace and the limits, in sentences.
    pub queue: Vec<String>,
    /// Tries that were not taken, newest first.
    pub refused: Vec<Trouble>,
    /// Mail that came back, newest first.
    pub came_back: Vec<Trouble>,
}

/// Something that went wrong.
#[derive(Serialize, Clone, Default)]
pub struct Trouble {
    /// When, in words.
    pub when: String,
    /// What it means.
    pub what: String,
    /// The mail system's own words.
    pub words: String,
}
