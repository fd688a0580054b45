//! What the console's pages show after a history, against the tables themselves.

use std::collections::BTreeMap;

use standout::domain::{Clock, Day, Role};

use super::{Numbers, SLUGS, World, counted};
use crate::support::app::{Page, TestApp, unescape};
use crate::support::smtp_server::{Script, SmtpServer};
use crate::support::tables::Tables;

/// In the order of the pages' columns.
const COLUMNS: [&str; 14] = [
    "signed_up",
    "confirmed",
    "total",
    "sent",
    "self_reported",
    "sending",
    "queued",
    "self_send",
    "unconfirmed",
    "held",
    "bounced",
    "failed",
    "withdrawn",
    "expired",
];

/// Starts the service on the walk's database; it goes on sending while the pages are read, so each page is read between two
/// counts of the tables that agree.
pub(super) fn say_what_the_tables_say(world: World) {
    let World { store, now, visits, dir, database, .. } = world;
    drop(store);
    let mut app = TestApp::over(SmtpServer::start(Script::default()), dir, Clock::manual(now), &[]);
    app.logged_in(Role::Viewer);
    for (campaign, slug) in (1..).zip(SLUGS) {
        let base = format!("/staff/campaigns/{slug}");
        let seen = |path: &str, check: &dyn Fn(&Page, &Numbers)| {
            for _ in 0..100 {
                let before = counted(&mut Tables::open(&database));
                let page = app.get(&format!("{base}{path}"));
                assert_eq!(page.status, 200, "{path}");
                if before == counted(&mut Tables::open(&database)) {
                    return check(&page, &before);
                }
            }
            panic!("the tables never stood still for {path}");
        };
        let number = |numbers: &Numbers, dimension: &str, key: &str, metric: &str| {
            numbers.get(&(campaign, dimension.to_owned(), key.to_owned(), metric.to_owned())).copied().unwrap_or(0)
        };
        // All states together are the letters.
        let of = |numbers: &Numbers, dimension: &str, key: &str, metric: &str| -> i64 {
            match metric {
                "total" => COLUMNS[3..].iter().map(|state| number(numbers, dimension, key, state)).sum(),
                metric => number(numbers, dimension, key, metric),
            }
        };
        seen("", &|page, numbers| {
            let shown = live(page);
            for metric in COLUMNS {
                assert_eq!(shown[metric], of(numbers, "all", "", metric), "{slug} {metric} on the overview");
            }
            let opened: i64 = visits.iter().filter(|((of, _), _)| *of == campaign).map(|(_, n)| n).sum();
            assert_eq!(shown["visited"], opened);
            let (own, set) = (number(numbers, "all", "", "own_words"), number(numbers, "all", "", "set_words"));
            assert!(page.text().contains(&format!("{}% with own words", own * 100 / (own + set))), "{own} {set}");
        });
        for (path, dimension) in [("/officials", "office"), ("/towns", "town"), ("/days", "day")] {
            seen(path, &|page, numbers| {
                let mut rows = rows(page);
                let (whole, cells) = rows.pop().unwrap();
                assert_eq!(text(&whole), "Whole campaign");
                for (metric, shown) in COLUMNS.iter().zip(cells) {
                    assert_eq!(shown, of(numbers, "all", "", metric), "{slug} {metric} in all");
                }
                let mut letters = 0;
                for (head, cells) in rows {
                    let key = match dimension {
                        "office" => head.split("/offices/").nth(1).unwrap().split('"').next().unwrap().to_owned(),
                        "day" => iso(numbers, &text(&head)),
                        _ => text(&head),
                    };
                    letters += cells[2];
                    for (metric, shown) in COLUMNS.iter().zip(cells) {
                        assert_eq!(shown, of(numbers, dimension, &key, metric), "{slug} {metric} of {key}");
                    }
                }
                assert_eq!(letters, of(numbers, "all", "", "total"), "no row of {path} is missing");
            });
        }
        seen("/stands", &|page, numbers| {
            let mut rows = rows(page);
            rows.pop();
            let total = of(numbers, "all", "", "total");
            let letters: i64 = rows.iter().map(|(_, cells)| cells[cells.len() - 12]).sum();
            assert!(total > 0 && letters > 0 && letters % total == 0, "each measure has all {total} letters: {letters}");
        });
        for office in 1..=9 {
            seen(&format!("/offices/{office}"), &|page, numbers| {
                let key = office.to_string();
                let text = page.text();
                let letters = of(numbers, "office", &key, "total");
                assert!(text.contains(&format!("All letters total{letters}")), "{slug} {office}: {text}");
                let by_day: i64 = rows(page).iter().filter(|(head, _)| !head.contains("word")).map(|(_, cells)| cells[0]).sum();
                assert_eq!(by_day, of(numbers, "office", &key, "sent"), "{slug} {office} by day: {text}");
            });
        }
    }
    // Mails that went on while the pages were read are not what this is about.
    app.stop();
    app.smtp.take_messages();
}

/// What stands in each element that is kept up to date.
fn live(page: &Page) -> BTreeMap<String, i64> {
    let parts = page.body.split("data-live=\"").skip(1);
    parts
        .filter_map(|part| {
            let (name, rest) = part.split_once('"')?;
            let text = rest.split_once('>')?.1.split('<').next()?;
            Some((name.to_owned(), text.replace(',', "").parse().ok()?))
        })
        .collect()
}

/// The rows of all tables: the head as it stands in the page, and the numbers.
fn rows(page: &Page) -> Vec<(String, Vec<i64>)> {
    let rows = page.body.split("<tr").skip(1).filter(|row| row.contains("<th scope=\"row\">"));
    rows.map(|row| {
        let row = row.split("</tr>").next().unwrap();
        let (head, cells) = row.split_once("</th>").unwrap();
        let head = head.split_once("<th scope=\"row\">").unwrap().1.to_owned();
        let numbers = cells.split("<td").skip(1).filter_map(|cell| text(&format!("<td{cell}")).replace(',', "").parse().ok());
        (head, numbers.collect())
    })
    .collect()
}

/// The words of a piece of a page, without what stands in quieter lines.
fn text(html: &str) -> String {
    let html = html.split("<small>").next().unwrap();
    let mut inside = false;
    let words = html.chars().filter(|c| {
        let tag = inside || *c == '<';
        inside = (inside || *c == '<') && *c != '>';
        !tag
    });
    unescape(&words.collect::<String>()).trim().to_owned()
}

/// The day that is written in words.
fn iso(numbers: &Numbers, words: &str) -> String {
    let days = numbers.keys().filter(|(_, dimension, ..)| dimension == "day").map(|(_, _, day, _)| day);
    let mut named = days.filter(|day| Day::parse(day).unwrap().in_words() == words);
    named.next().unwrap_or_else(|| panic!("no row of the tables is of {words}")).clone()
}
