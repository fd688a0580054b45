//! What the console says on several pages: what was just done, numbers and times.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};

use super::super::response::see_other;
use crate::domain::{Day, Role, TimeZone, Timestamp};
use crate::intake::Catalog;
use crate::render::CampaignSettings;
use crate::web::parts::figures::grouped;

/// What was done just before, as the page says it that the browser is led to: `?done=role-changed`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Done {
    // One's own login, people, tokens, webhooks.
    Password,
    Role,
    LoginRemoved,
    Revoked,
    TokenRevoked,
    WebhookAdded,
    WebhookTested,
    WebhookOn,
    WebhookRemoved,
    // Roster and positions.
    RosterImported,
    Added,
    Corrected,
    Deleted,
    Imported,
    // One letter.
    Release,
    Resend,
    Cancel,
    // Several together.
    LettersActed,
    // A campaign's steering.
    Paused,
    Resumed,
    Hours,
    Dates,
    Asks,
    // One office, and everything.
    OfficePaused,
    OfficeResumed,
    Pace,
    AllPaused,
    AllResumed,
    BlockedAgain,
    AnswerPassedOn,
    AnswerDropped,
    NoReason,
    /// It was so already.
    Nothing,
}

impl Done {
    pub(super) const fn in_words(self) -> &'static str {
        match self {
            Self::Password => "Your password is changed. Your other sessions have ended.",
            Self::Role => "The role is changed. It counts from now on, also where they are logged in.",
            Self::LoginRemoved => "The login is removed. Whoever used it is logged out.",
            Self::Revoked => "The link no longer works.",
            Self::TokenRevoked => "Revoked. Programs that show that token are turned away from now on.",
            Self::WebhookAdded => "Added. It is told what happens from now on.",
            Self::WebhookTested => "A test is on its way. Reload this page in a few seconds to see what the server said.",
            Self::WebhookOn => "On again. It goes on with what it was not told.",
            Self::WebhookRemoved => "Removed.",
            Self::RosterImported => {
                "The roster is imported. Sign-ups use it from now on; letters that waited for somebody who left are held."
            }
            Self::Added => "The evidence is kept. The next letter takes it into account.",
            Self::Corrected => "The evidence is corrected. The next letter takes it into account.",
            Self::Deleted => "The evidence is taken away. The next letter takes it into account.",
            Self::Imported => "The positions are imported. Letters that were signed before stay as they are.",
            Self::Release => "It waits to be sent now.",
            Self::Resend => "It waits to be sent now, as a new try.",
            Self::Cancel => "It was taken back and will not be sent.",
            Self::LettersActed => {
                "Done, and noted in the log with each letter's number. What had moved on meanwhile stays as it is."
            }
            Self::Paused => "Paused. Letters that were in hand still went out; no other goes.",
            Self::Resumed => "Resumed. Letters go on within a second, at the pace of each office.",
            Self::Hours => "Saved. The sender keeps these hours from now on.",
            Self::Dates => "Saved. The public page keeps these dates from now on.",
            Self::Asks => "Saved. The next letter asks for what is chosen here.",
            Self::OfficePaused => "Paused. Letters that were in hand still went out; no other goes to this office.",
            Self::OfficeResumed => "Resumed. Letters go on within a second.",
            Self::Pace => "Saved. The sender keeps this pace from now on.",
            Self::AllPaused => "Paused. What was in hand still went out; nothing else goes.",
            Self::AllResumed => "Resumed. Mail goes on within a second.",
            Self::BlockedAgain => "The letters that a block had sent back wait to be sent again.",
            Self::AnswerPassedOn => "It is passed on within a minute.",
            Self::AnswerDropped => "Dropped. Nothing of it is kept.",
            Self::NoReason => "Say why, in one line of at most 300 characters. Nothing was changed.",
            Self::Nothing => "Someone already did that.",
        }
    }

    /// This, or that someone already did it.
    pub(super) const fn if_so(self, changed: bool) -> Self {
        if changed { self } else { Self::Nothing }
    }

    /// Leads the browser to `path`, which says it.
    pub(super) fn at(self, path: &str) -> HttpResponse {
        // A pair of words can always be written.
        let query = serde_urlencoded::to_string([("done", self)]).unwrap_or_default();
        see_other(&format!("{path}{}{query}", if path.contains('?') { '&' } else { '?' }))
    }
}

/// What the address says was done; an unknown word says nothing.
pub(super) struct JustDone(pub(super) Option<Done>);

impl JustDone {
    pub(super) fn in_words(&self) -> Option<&'static str> {
        self.0.map(Done::in_words)
    }
}

impl FromRequest for JustDone {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        #[derive(Deserialize)]
        struct Query {
            done: Done,
        }
        ready(Ok(Self(serde_urlencoded::from_str::<Query>(request.query_string()).ok().map(|query| query.done))))
    }
}

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
    if settings.shut {
        return "Closed: one of its texts can't be used. Open Texts, fix it and save it".into();
    }
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

/// "4:10 pm" of today, "Monday, November 30, 9:00 am" of another day.
pub(super) fn moment(zone: &TimeZone, at: Timestamp, now: Timestamp) -> String {
    if zone.day(at) == zone.day(now) { zone.time_in_words(at) } else { zone.day_and_time_in_words(at) }
}

/// The zone that pages about the whole service tell times in: that of the first campaign, else UTC.
pub(super) fn zone(catalog: &Catalog) -> TimeZone {
    catalog.campaigns().first().map_or_else(TimeZone::utc, |entry| entry.campaign.settings.time_zone.clone())
}

/// What an error says, as a sentence: it begins with a capital letter.
pub(super) fn sentence(error: &impl ToString) -> String {
    let mut said = error.to_string();
    if let Some(first) = said.get(..1).map(str::to_uppercase) {
        said.replace_range(..1, &first);
    }
    said
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
