//! Numbers and times as the console says them.

use std::time::Duration;

use super::super::views::Moment;
use super::super::views::figures::grouped;
use crate::domain::{Day, Role, TimeZone, Timestamp};
use crate::intake::Catalog;
use crate::render::CampaignSettings;

/// "a minute", "12 minutes", "2 hours": rounded up, since waiting less does not help.
pub(super) fn wait(span: Duration) -> String {
    match span.as_secs().div_ceil(60) {
        0 | 1 => "a minute".into(),
        minutes @ 2..=90 => format!("{minutes} minutes"),
        minutes => format!("{} hours", minutes.div_ceil(60)),
    }
}

/// "less than an hour ago", "5 hours ago", "3 days ago".
pub(super) fn ago(span: Duration) -> String {
    match span.as_secs() / 3600 {
        0 => "less than an hour ago".into(),
        1 => "an hour ago".into(),
        hours @ 2..=23 => format!("{hours} hours ago"),
        24..=47 => "a day ago".into(),
        hours => format!("{} days ago", hours / 24),
    }
}

/// "1 letter", "1,204 letters".
pub(super) fn letters(count: i64) -> String {
    if count == 1 { "1 letter".into() } else { format!("{} letters", grouped(count)) }
}

/// `one` for one of a thing, `many` for any other number.
pub(super) fn plural<'a>(count: i64, one: &'a str, many: &'a str) -> &'a str {
    if count == 1 { one } else { many }
}

/// "Open until January 31, 2027", "Closed", "Opens on December 1, 2026".
pub(super) fn status(settings: &CampaignSettings, now: Timestamp) -> String {
    let date = |at| settings.time_zone.date_in_words(at);
    match (settings.opens, settings.closes) {
        (Some(opens), _) if now < opens => format!("Opens on {}", date(opens)),
        (_, Some(closes)) if now >= closes => format!("Closed since {}", date(closes)),
        (_, Some(closes)) => format!("Open until {}", date(closes)),
        (_, None) => "Open".into(),
    }
}

/// "November 22, 2026" for `2026-11-22`; any other text stays as it is.
pub(super) fn day(iso: &str) -> String {
    Day::parse(iso).map_or_else(|_| iso.to_owned(), |day| day.in_words())
}

/// The zone that pages about the whole service tell times in: that of the first campaign, else UTC.
pub(super) fn zone(catalog: &Catalog) -> Option<TimeZone> {
    let first = catalog.campaigns().first().map(|entry| entry.campaign.settings.time_zone.clone());
    first.or_else(|| TimeZone::parse("UTC").ok())
}

/// A moment on such a page.
pub(super) fn moment(zone: Option<&TimeZone>, at: Timestamp) -> Moment {
    let iso = at.rfc3339();
    Moment { text: zone.map_or_else(|| iso.clone(), |zone| zone.moment_in_words(at)), iso }
}

/// What a role may do, in a sentence for whoever gives it.
pub(super) const fn role(role: Role) -> &'static str {
    match role {
        Role::Viewer => "Sees numbers, and no name or address of any supporter.",
        Role::Editor => "Changes campaigns and letters, and opens single letters.",
        Role::Admin => "Does all that, and decides who has a login.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_said_as_people_say_them() {
        let hours = Duration::from_hours;
        let said = [hours(0), hours(1), hours(5), hours(24), hours(80)].map(ago);
        assert_eq!(said, ["less than an hour ago", "an hour ago", "5 hours ago", "a day ago", "3 days ago"]);
        let said = [Duration::ZERO, Duration::from_secs(61), hours(3)].map(wait);
        assert_eq!(said, ["a minute", "2 minutes", "3 hours"]);
    }

    #[test]
    fn a_day_is_read_as_a_date() {
        assert_eq!(day("2026-11-02"), "November 2, 2026");
        assert_eq!(day("someday"), "someday");
    }
}
