//! `staff_overview`: a campaign's first page in the console.

use serde::Serialize;

use super::chart::Chart;
use super::figures::Segment;
use super::staff::Attention;
use super::{Moment, Page};

/// What needs attention, the ladder, letters by day, the queue.
#[derive(Serialize, Clone, Default)]
pub struct OverviewPage {
    /// The frame, with `staff` and `events_href`.
    pub page: Page,
    /// The campaign's title.
    pub title: String,
    /// Path of this page.
    pub path: String,
    /// "Open until January 31", "Closed".
    pub status: String,
    /// Path of the public page.
    pub public_href: String,
    /// When the numbers were read.
    pub as_of: Moment,
    /// What needs a person, worst first. Empty: all is well.
    pub attention: Vec<Attention>,
    /// The numbers of people and of letters, as far as the ladder goes up.
    pub figures: Vec<Figure>,
    /// The bar as a sentence for screen readers: "3,420 letters: 2,900 accepted, ...".
    pub bar_description: String,
    /// The parts of the bar, every state, zero too. From [`super::figures::segments`].
    pub segments: Vec<Segment>,
    /// Path of the letters, for those who may see them.
    pub letters_href: Option<String>,
    /// All letters made: the sum of the segments.
    pub letters_total: String,
    /// What waits, how long already, and until when, in sentences.
    pub queue: Vec<String>,
    /// Letters by day.
    pub chart: Chart,
}

/// A number with its name.
#[derive(Serialize, Clone, Default)]
pub struct Figure {
    /// Its name among the events.
    pub key: String,
    /// "Signed up".
    pub label: String,
    /// With thousands marks.
    pub count: String,
    /// The note's name among the events; empty where it never changes.
    pub note_key: String,
    /// "91% of sign-ups".
    pub note: String,
}
