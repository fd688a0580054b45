//! A column chart of numbers by day, and the same numbers as a table. Pure arithmetic: the template draws what stands here.

use serde::Serialize;

use super::figures::grouped;

/// Width and height of the drawing in its own units; it is stretched to its place.
const WIDTH: i64 = 1000;
const HEIGHT: i64 = 200;
/// Of each day's share of the width, this part of ten is its column.
const COLUMN: i64 = 8;

/// A chart.
#[derive(Serialize, Clone, Default)]
pub struct Chart {
    /// Id of the chart on its page.
    pub id: String,
    /// "Letters accepted a day".
    pub title: String,
    /// What it shows in a sentence, for those who don't see it.
    pub description: String,
    /// The columns, one for each day with something to show.
    pub bars: Vec<Bar>,
    /// What the top of the drawing stands for, half of it, and nothing.
    pub scale: Vec<String>,
    /// The first and the last day.
    pub ends: Vec<String>,
    /// Headings of the table's numbers.
    pub columns: Vec<String>,
    /// The table, newest first.
    pub rows: Vec<DayRow>,
}

/// One column of the drawing.
#[derive(Serialize, Clone, Debug, Default, PartialEq, Eq)]
pub struct Bar {
    /// Its left edge.
    pub x: i64,
    /// Its upper edge.
    pub y: i64,
    /// Its width.
    pub width: i64,
    /// Its height.
    pub height: i64,
    /// "November 22, 2026: 1,204".
    pub title: String,
}

/// One day in the table.
#[derive(Serialize, Clone, Default)]
pub struct DayRow {
    /// The day in words.
    pub day: String,
    /// Its numbers with thousands marks; the first is the one that the chart draws.
    pub cells: Vec<String>,
}

/// A day to show: in words, and its numbers, of which the first is drawn.
pub struct DayNumbers {
    /// The day in words.
    pub day: String,
    /// As many as the chart's columns.
    pub numbers: Vec<i64>,
}

impl Chart {
    /// A chart of `days`, which follow each other without gaps, oldest first. `columns` names the numbers.
    #[must_use]
    pub fn new(id: &str, title: &str, columns: &[&str], days: &[DayNumbers]) -> Self {
        let drawn = |day: &DayNumbers| day.numbers.first().copied().unwrap_or(0).max(0);
        let most = days.iter().max_by_key(|day| drawn(day));
        let top = nice(most.map_or(0, drawn));
        let count = i64::try_from(days.len()).unwrap_or(i64::MAX).max(1);
        let bars = (0..).zip(days).filter(|(_, day)| drawn(day) > 0).map(|(at, day)| {
            let (from, to) = (at * WIDTH / count, (at + 1) * WIDTH / count);
            // One letter among thousands can still be seen.
            let height = (drawn(day) * HEIGHT / top).max(2);
            let width = ((to - from) * COLUMN / 10).max(1);
            let title = format!("{}: {}", day.day, grouped(drawn(day)));
            Bar { x: from + (to - from - width) / 2, y: HEIGHT - height, width, height, title }
        });
        let sum: i64 = days.iter().map(drawn).sum();
        let ends = [days.first(), days.last()].into_iter().flatten().map(|day| day.day.clone()).collect::<Vec<_>>();
        let description = match (most.filter(|day| drawn(day) > 0), ends.as_slice()) {
            (Some(most), [first, last]) => {
                format!("From {first} to {last}: {} in all, most on {} ({}).", grouped(sum), most.day, grouped(drawn(most)))
            }
            _ => "Nothing so far.".into(),
        };
        let row = |day: &DayNumbers| DayRow { day: day.day.clone(), cells: day.numbers.iter().copied().map(grouped).collect() };
        Self {
            id: id.to_owned(),
            title: title.to_owned(),
            description,
            bars: bars.collect(),
            scale: [top, top / 2, 0].map(grouped).into(),
            ends,
            columns: columns.iter().map(|&column| column.to_owned()).collect(),
            rows: days.iter().rev().filter(|day| day.numbers.iter().any(|n| *n != 0)).map(row).collect(),
        }
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
        let days = numbers.iter().enumerate().map(|(at, n)| DayNumbers { day: format!("Day {at}"), numbers: vec![*n, 7] });
        Chart::new("c", "Letters", &["Accepted", "Other"], &days.collect::<Vec<_>>())
    }

    #[test]
    fn columns_stand_on_the_ground_and_stay_inside() {
        let chart = chart(&[0, 1, 1204, 602]);
        assert_eq!(chart.scale, ["2,000", "1,000", "0"]);
        assert_eq!(chart.bars.len(), 3, "a day without letters has no column");
        assert!(chart.bars.iter().all(|bar| bar.y + bar.height == HEIGHT && bar.y >= 0 && bar.x >= 0));
        assert!(chart.bars.iter().all(|bar| bar.x + bar.width <= WIDTH && bar.height >= 2));
        assert_eq!(chart.bars[1].title, "Day 2: 1,204");
        assert_eq!(chart.description, "From Day 0 to Day 3: 1,807 in all, most on Day 2 (1,204).");
        assert_eq!(chart.rows.iter().map(|row| row.day.as_str()).collect::<Vec<_>>(), ["Day 3", "Day 2", "Day 1", "Day 0"]);
    }

    #[test]
    fn nothing_is_said_to_be_nothing() {
        for chart in [chart(&[]), chart(&[0, 0])] {
            assert!(chart.bars.is_empty() && chart.description == "Nothing so far.");
        }
        assert_eq!([0, 1, 2, 3, 5, 11, 100, 101].map(nice), [2, 2, 2, 4, 6, 20, 100, 200]);
        assert!(nice(i64::MAX) == i64::MAX);
    }
}
