//! Charts by day: the last days up to today, those without any number too.

use std::collections::BTreeMap;

use super::super::views::chart::{Chart, DayNumbers};
use crate::domain::{Day, Ladder, MessageState};

/// So many days are drawn; all of them stand on the page by day.
const MOST: u32 = 60;
/// At least so many, so that a young campaign's chart is no single block.
const FEWEST: u32 = 14;

/// Letters that one office accepted; `days` are those with any, oldest first.
pub(super) fn chart(days: &[(String, i64)], today: &Day) -> Chart {
    let by_day: BTreeMap<&str, i64> = days.iter().map(|(day, n)| (day.as_str(), *n)).collect();
    let first = days.first().map(|(day, _)| day.as_str());
    let numbers = |day: &Day| vec![by_day.get(day.as_str()).copied().unwrap_or(0)];
    Chart::new("by-day", "Letters accepted, day by day", &["Letters accepted"], &up_to(today, first, numbers))
}

/// A whole campaign's numbers.
pub(super) fn campaign_chart(days: &BTreeMap<String, Ladder>, today: &Day) -> Chart {
    let nothing = Ladder::default();
    let numbers = |day: &Day| {
        let ladder = days.get(day.as_str()).unwrap_or(&nothing);
        vec![ladder.letters.get(MessageState::Sent), ladder.signed_up, ladder.confirmed, ladder.visited]
    };
    let columns = ["Letters accepted", "Signed up", "Confirmed", "Page opened"];
    let first = days.keys().next().map(String::as_str);
    Chart::new("by-day", "Letters accepted, day by day", &columns, &up_to(today, first, numbers))
}

fn up_to(today: &Day, first: Option<&str>, numbers: impl Fn(&Day) -> Vec<i64>) -> Vec<DayNumbers> {
    let first = first.and_then(|day| Day::parse(day).ok());
    let shown = first.map_or(FEWEST, |first| today.days_since(&first).saturating_add(1)).clamp(FEWEST, MOST);
    let day = |back| {
        let day = today.days_before(back);
        DayNumbers { day: day.in_words(), numbers: numbers(&day) }
    };
    (0..shown).rev().map(day).collect()
}
