//! The report for a meeting with an official, and the page on which staff choose whom it quotes.

use serde::Serialize;

use super::Page;
use crate::web::parts::stands::StandLine;

/// `staff_meeting`: the report, one printed page.
#[derive(Serialize, Clone, Default)]
pub struct MeetingPage<'a> {
    /// The frame.
    pub page: Page,
    /// CSRF token of the button.
    pub csrf: String,
    /// Where the button that chooses quotations posts to; `None` for viewers.
    pub quotes_action: Option<String>,
    /// The campaign's title.
    pub campaign: String,
    /// "Senator Maria Example".
    pub official: String,
    /// "Senate, Norfolk and Suffolk".
    pub seat: String,
    /// The day of the numbers.
    pub as_of: String,
    /// "1,204": how many wrote.
    pub people: String,
    /// "constituents wrote".
    pub people_words: String,
    /// Of how many the office's mail server accepted the letter; `None`: of nobody.
    pub accepted: Option<String>,
    /// How many sent it by web form; `None`: nobody.
    pub reported: Option<String>,
    /// From how many towns.
    pub towns_count: String,
    /// "cities and towns".
    pub towns_words: String,
    /// The towns with the most people.
    pub towns: Vec<TownLine>,
    /// "12 from 3 other towns".
    pub more_towns: Option<String>,
    /// "from November 1, 2026 to November 22, 2026".
    pub span: Option<String>,
    /// People by week.
    pub weeks: Vec<WeekBar>,
    /// What is asked, and where the official stands.
    pub asks: Vec<AskLine<'a>>,
    /// The chosen quotations.
    pub quotes: Vec<Quote>,
}

/// A town with its people.
#[derive(Serialize, Clone, Default)]
pub struct TownLine {
    /// The town.
    pub town: String,
    /// How many people.
    pub people: String,
}

/// A week with its people.
#[derive(Serialize, Clone, Default)]
pub struct WeekBar {
    /// Its Monday, in words.
    pub week: String,
    /// How many people.
    pub people: String,
    /// Width of the bar, 0 to 100.
    pub width: String,
}

/// What is asked about a measure.
#[derive(Serialize, Clone, Default)]
pub struct AskLine<'a> {
    /// The measure's name.
    pub measure: String,
    /// Its bills.
    pub numbers: String,
    /// The ask, as letters say it.
    pub ask: String,
    /// Where the official stands; `None` where nothing is shown.
    pub stand: Option<StandLine<'a>>,
}

/// Words of a constituent who agreed to be quoted.
#[derive(Serialize, Clone, Default)]
pub struct Quote {
    /// The sign-up's id.
    pub id: String,
    /// The words, at most a few lines.
    pub words: String,
    /// First name.
    pub first_name: String,
    /// Town.
    pub town: String,
}

/// `staff_meeting_quotes`: whom to quote.
#[derive(Serialize, Clone, Default)]
pub struct QuotesPage {
    /// The frame.
    pub page: Page,
    /// CSRF token of the form.
    pub csrf: String,
    /// Where the form posts to.
    pub action: String,
    /// "3": how many can be chosen.
    pub most: String,
    /// "Senator Maria Example".
    pub official: String,
    /// Whom there is.
    pub quotes: Vec<Quote>,
}
