//! A column chart of numbers by day, up to today, and the same numbers as a table: `chart.html` draws what is worked out here.

use std::collections::BTreeMap;

use crate::domain::{Day, Ladder, MessageState};
use crate::web::parts::figures::grouped;

/// So many days are drawn; all of them stand on the page by day.
const MOST: u32 = 60;
/// At least so many, so that a young campaign's chart is no single block.
const FEWEST: u32 = 14;
/// Width and height of the drawing in its own units; it is stretched to its place.
const WIDTH: i64 = 1000;
const HEIGHT: i64 = 200;
/// Of each day's share of the width, this part of ten is its column.
const COLUMN: i64 = 8;

/// Letters accepted, day by day.
pub(super) struct Chart {
    /// Headings of the table's numbers.
    pub(super) columns: &'static [&'static str],
    /// They follow each other without gaps, oldest first.
    days: Vec<DayNumbers>,
    /// What the top of the drawing stands for.
    top: i64,
}

/// A day and its numbers, as many as the chart's columns; the first is drawn.
pub(super) struct DayNumbers {
    pub(super) day: Day,
    pub(super) numbers: Vec<i64>,
}

/// One column of the drawing.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Bar<'a> {
    pub(super) x: i64,
    pub(super) y: i64,
    pub(super) width: i64,
    pub(super) height: i64,
    pub(super) day: &'a Day,
    pub(super) count: i64,
}

/// Letters that one office accepted; `days` are those with any, oldest first.
pub(super) fn office_chart(days: &[(String, i64)], today: &Day) -> Chart {
    let by_day: BTreeMap<&str, i64> = days.iter().map(|(day, n)| (day.as_str(), *n)).collect();
    let first = days.first().map(|(day, _)| day.as_str());
    let numbers = |day: &Day| vec![by_day.get(day.as_str()).copied().unwrap_or(0)];
    Chart::new(&["Letters accepted"], up_to(today, first, numbers))
}

/// A whole campaign's numbers.
pub(super) fn campaign_chart(days: &BTreeMap<String, Ladder>, today: &Day) -> Chart {
    let nothing = Ladder::default();
    let numbers = |day: &Day| {
        let ladder = days.get(day.as_str()).unwrap_or(&nothing);
        vec![ladder.letters.get(MessageState::Sent), ladder.signed_up, ladder.confirmed, ladder.visited]
    };
    let first = days.keys().next().map(String::as_str);
    Chart::new(&["Letters accepted", "Signed up", "Confirmed", "Page opened"], up_to(today, first, numbers))
}

fn up_to(today: &Day, first: Option<&str>, numbers: impl Fn(&Day) -> Vec<i64>) -> Vec<DayNumbers> {
    let first = first.and_then(|day| Day::parse(day).ok());
    let shown = first.map_or(FEWEST, |first| today.days_since(&first).saturating_add(1)).clamp(FEWEST, MOST);
    let day = |back| {
        let day = today.days_before(back);
        DayNumbers { numbers: numbers(&day), day }
    };
    (0..shown).rev().map(day).collect()
}

impl DayNumbers {
    fn drawn(&self) -> i64 {
        self.numbers.first().copied().unwrap_or(0).max(0)
    }
}

impl Chart {
    fn new(columns: &'static [&'static str], days: Vec<DayNumbers>) -> Self {
        let top = nice(days.iter().map(DayNumbers::drawn).max().unwrap_or(0));
        Self { columns, days, top }
    }

    /// The columns, one for each day with something to show.
    pub(super) fn bars(&self) -> impl Iterator<Item = Bar<'_>> {
        let days = i64::try_from(self.days.len()).unwrap_or(i64::MAX).max(1);
        (0..).zip(&self.days).filter(|(_, day)| day.drawn() > 0).map(move |(at, day)| {
            let (from, to) = (at * WIDTH / days, (at + 1) * WIDTH / days);
            // One letter among thousands can still be seen.
            let height = (day.drawn() * HEIGHT / self.top).max(2);
            let width = ((to - from) * COLUMN / 10).max(1);
            let x = from + (to - from - width) / 2;
            Bar { x, y: HEIGHT - height, width, height, day: &day.day, count: day.drawn() }
        })
    }

    /// What the top of the drawing stands for, half of it, and nothing.
    pub(super) const fn scale(&self) -> [i64; 3] {
        [self.top, self.top / 2, 0]
    }

    /// The first and the last day.
    pub(super) fn ends(&self) -> impl Iterator<Item = &Day> {
        [self.days.first(), self.days.last()].into_iter().flatten().map(|day| &day.day)
    }

    /// The table: days with any number, newest first.
    pub(super) fn rows(&self) -> Vec<&DayNumbers> {
        self.days.iter().rev().filter(|day| day.numbers.iter().any(|n| *n != 0)).collect()
    }

    /// What it shows in a sentence, for those who don't see it.
    pub(super) fn description(&self) -> String {
        let most = self.days.iter().max_by_key(|day| day.drawn()).filter(|day| day.drawn() > 0);
        let (Some(most), [first, .., last]) = (most, self.days.as_slice()) else { return "Nothing so far.".into() };
        format!(
            "From {} to {}: {} in all, most on {} ({}).",
            first.day.in_words(),
            last.day.in_words(),
            grouped(self.days.iter().map(DayNumbers::drawn).sum()),
            most.day.in_words(),
            grouped(most.drawn())
        )
    }
}

/// The least of 2, 4, 6, 8, 10, 20, 40 ... that is not below: both it and its half are whole and easy to read.
fn nice(most: i64) -> i64 {
    let mut unit = 1_i64;
    loop {
        for step in [2, 4, 6, 8, 10] {
            let top = unit.saturating_mul(step);
            if top >= most {
                return top;
            }
        }
        unit = unit.saturating_mul(10);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(numbers: &[i64]) -> Chart {
        let day = |at: usize| Day::parse(&format!("2026-11-{:02}", at + 1)).unwrap();
        let days = numbers.iter().enumerate().map(|(at, n)| DayNumbers { day: day(at), numbers: vec![*n, 7] });
        Chart::new(&["Accepted", "Other"], days.collect())
    }

    #[test]
    fn columns_stand_on_the_ground_and_stay_inside() {
        let chart = chart(&[0, 1, 1204, 602]);
        assert_eq!(chart.scale(), [2000, 1000, 0]);
        let bars: Vec<_> = chart.bars().collect();
        assert_eq!(bars.len(), 3, "a day without letters has no column");
        assert!(bars.iter().all(|bar| bar.y + bar.height == HEIGHT && bar.y >= 0 && bar.x >= 0));
        assert!(bars.iter().all(|bar| bar.x + bar.width <= WIDTH && bar.height >= 2));
        assert_eq!((bars[1].day.as_str(), bars[1].count), ("2026-11-03", 1204));
        assert_eq!(
            chart.description(),
            "From November 1, 2026 to November 4, 2026: 1,807 in all, most on November 3, 2026 (1,204)."
        );
        let days: Vec<_> = chart.rows().iter().map(|row| row.day.as_str()).collect();
        assert_eq!(days, ["2026-11-04", "2026-11-03", "2026-11-02", "2026-11-01"]);
    }

    #[test]
    fn nothing_is_said_to_be_nothing() {
        for chart in [chart(&[]), chart(&[0, 0])] {
            assert!(chart.bars().next().is_none() && chart.description() == "Nothing so far.");
        }
        assert_eq!([0, 1, 2, 3, 5, 11, 100, 101].map(nice), [2, 2, 2, 4, 6, 20, 100, 200]);
        assert!(nice(i64::MAX) == i64::MAX);
    }
}
