//! The status line: whether letters go, and if not, since when, why, and what to do. It stands on every page of the console, in
//! the same words and colours, with the button that stops them or lets them go on.

use std::collections::HashMap;
use std::time::Duration;

use super::outlook::{Empty, Outlook, pace};
use super::rests::{Rests, slowed_by_server, stopped_by_server};
use super::words::{ago, letters, moment, plural, wait};
use crate::config::Limits;
use crate::domain::{Pause, PauseScope, SendingHours, StaffPause, StaffPauseOf, TimeZone, Timestamp};
use crate::store::depth::{self, OfficeQueue};
use crate::store::{Reader, StoreError, pauses};
use crate::web::parts::{StatusAct, StatusLine, StatusWord};

/// How the sender is, read at one moment.
pub(super) struct Status {
    now: Timestamp,
    limits: Limits,
    /// How long the sender has stood still, where that is too long.
    still: Option<Duration>,
    rests: Rests,
    outlook: Outlook,
    offices: Vec<OfficeQueue>,
    domains: HashMap<i64, String>,
}

/// Where the buttons of a line lead.
pub(super) struct Paths {
    /// Pauses by staff.
    pub(super) stop: String,
    /// Ends that pause.
    pub(super) resume: String,
}

impl Status {
    /// Reads it. The cost does not grow with what waits.
    pub(super) fn read(conn: &mut Reader, limits: Limits, still: Option<Duration>, now: Timestamp) -> Result<Self, StoreError> {
        Ok(Self {
            now,
            limits,
            still,
            rests: Rests::read(conn)?,
            outlook: Outlook::read(conn, now)?,
            offices: depth::by_office(conn, now)?,
            domains: pauses::domains(conn)?,
        })
    }

    /// The line about `of`: all sending, a campaign's letters, or an office's. `zone` is that of its times; with `may_change` there is a
    /// button.
    pub(super) fn line(&self, of: StaffPauseOf, zone: &TimeZone, may_change: bool, paths: Paths) -> StatusLine {
        let (word, text) = self.say(of, zone);
        let act = match word {
            _ if !may_change => None,
            StatusWord::Paused if self.outlook.pause(of).is_some() => Some(StatusAct::Resume(paths.resume)),
            StatusWord::Stopped if self.rests.any(self.now) => Some(StatusAct::Retry),
            StatusWord::Paused | StatusWord::Stopped => None,
            StatusWord::Ready | StatusWord::Sending | StatusWord::Waiting | StatusWord::Slowed => {
                Some(StatusAct::Stop(paths.stop))
            }
        };
        StatusLine { word, text, act }
    }

    /// The worst that holds comes first.
    fn say(&self, of: StaffPauseOf, zone: &TimeZone) -> (StatusWord, String) {
        let waiting = self.waiting(of);
        let wait_words = waits(waiting);
        if let Some(pause) = self.pause(of) {
            let what = match pause.of {
                StaffPauseOf::Everything => "Nothing goes out, no mail to supporters either",
                StaffPauseOf::Campaign(_) => "This campaign's letters wait; mails to its supporters go",
                StaffPauseOf::Office(_) => "Letters to this office wait",
            };
            return (StatusWord::Paused, format!(" {} {what}. {wait_words}", paused_by(pause, self.now)));
        }
        if let Some(still) = self.still {
            return (
                StatusWord::Stopped,
                format!(
                    ": the sender has stood still for {}. Ask whoever runs the server to start the service again; no letter is lost. \
                     {wait_words}",
                    wait(still)
                ),
            );
        }
        if let Some(rest) = self.rest(of, true) {
            return (StatusWord::Stopped, format!(" {} {wait_words}", stopped_by_server(rest, self.now)));
        }
        if let Some(rest) = self.rest(of, false) {
            return (StatusWord::Slowed, format!(" {} {wait_words}", slowed_by_server(rest, self.now)));
        }
        let besides = self.besides(of);
        if waiting == 0 {
            return (StatusWord::Ready, format!(": nothing waits. {besides}").trim_end().to_owned());
        }
        let offices = self.concerned(of);
        let moving: i64 = offices.iter().map(|office| self.outlook.moving(office)).sum();
        if moving == 0 {
            return (StatusWord::Paused, format!(": all that waits is paused. {wait_words} {besides}").trim_end().to_owned());
        }
        if let Some(opening) = self.opening(&offices, zone) {
            return (
                StatusWord::Waiting,
                format!(" until {opening}: letters go only in their hours. {wait_words} {besides}").trim_end().to_owned(),
            );
        }
        let an_hour = match self.outlook.an_hour(&offices, pace(self.limits)) {
            Some(n) => format!(" at most {} an hour. ", letters(n)),
            None => ": ".to_owned(),
        };
        let end = match self.outlook.all_gone(&offices, pace(self.limits), self.now) {
            Empty::At(at) if at.since(self.now) >= Duration::from_mins(1) => {
                format!("{wait_words} The last goes at about {}.", moment(zone, at, self.now))
            }
            Empty::Now | Empty::Paused | Empty::At(_) => format!("{wait_words} The last goes within a minute."),
        };
        (StatusWord::Sending, format!("{an_hour}{end} {besides}").trim_end().to_owned())
    }

    /// What staff paused that this is part of.
    fn pause(&self, of: StaffPauseOf) -> Option<&StaffPause> {
        self.outlook.pause(StaffPauseOf::Everything).or_else(|| self.outlook.pause(of))
    }

    /// What servers have rest that this is part of, if it `stops` or only slows.
    fn rest(&self, of: StaffPauseOf, stops: bool) -> Option<&Pause> {
        let destination = match of {
            StaffPauseOf::Office(id) => self.offices.iter().find(|office| office.office == id).map(|office| office.destination),
            StaffPauseOf::Everything | StaffPauseOf::Campaign(_) => None,
        };
        let domain = destination.and_then(|id| self.domains.get(&id));
        let concerned = |scope: &PauseScope| match scope {
            PauseScope::All => true,
            PauseScope::Domain(name) => domain == Some(name),
            PauseScope::Destination(id) => destination == Some(*id),
        };
        self.rests.held(self.now).find(|pause| pause.kind.stops() == stops && concerned(&pause.scope))
    }

    /// The queues that this is about, with only what is its own.
    fn concerned(&self, of: StaffPauseOf) -> Vec<OfficeQueue> {
        let own = |office: &OfficeQueue| {
            let mut office = office.clone();
            match of {
                StaffPauseOf::Everything => {}
                StaffPauseOf::Office(id) if office.office == id => {}
                StaffPauseOf::Office(_) => return None,
                StaffPauseOf::Campaign(campaign) => {
                    office.by_campaign.retain(|(id, _)| *id == campaign);
                    office.waiting.messages = office.by_campaign.iter().map(|(_, waiting)| waiting).sum();
                }
            }
            (office.waiting.messages > 0).then_some(office)
        };
        self.offices.iter().filter_map(own).collect()
    }

    fn waiting(&self, of: StaffPauseOf) -> i64 {
        self.concerned(of).iter().map(|office| office.waiting.messages).sum()
    }

    /// When the first may go, if hours keep all of them.
    fn opening(&self, offices: &[OfficeQueue], zone: &TimeZone) -> Option<String> {
        let campaigns = offices.iter().flat_map(|office| office.by_campaign.iter().map(|(id, _)| *id));
        let mut first: Option<Timestamp> = None;
        for id in campaigns.filter(|id| self.outlook.pause(StaffPauseOf::Campaign(*id)).is_none()) {
            let (zone, hours) = self.outlook.hours(id).map_or((zone, SendingHours::ALWAYS), |(zone, hours)| (zone, *hours));
            if hours.open_at(zone, self.now) {
                return None;
            }
            let opening = hours.next_opening(zone, self.now);
            first = first.into_iter().chain(opening).min();
        }
        first.map(|at| moment(zone, at, self.now))
    }

    /// What rests beside it: "1 campaign and 2 offices are paused. 1 office's server refuses us."
    fn besides(&self, of: StaffPauseOf) -> String {
        if of != StaffPauseOf::Everything {
            return String::new();
        }
        let (mut campaigns, mut offices) = (0, 0);
        for pause in self.outlook.pauses() {
            match pause.of {
                StaffPauseOf::Everything => {}
                StaffPauseOf::Campaign(_) => campaigns += 1,
                StaffPauseOf::Office(_) => offices += 1,
            }
        }
        let of_one = |pause: &&Pause| pause.scope != PauseScope::All;
        let (stopped, slowed): (Vec<_>, Vec<_>) = self.rests.held(self.now).filter(of_one).partition(|pause| pause.kind.stops());
        let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        let counted = |n: i64, one: &str, many: &str| (n > 0).then(|| format!("{n} {}", plural(n, one, many)));
        let paused = [counted(campaigns, "campaign", "campaigns"), counted(offices, "office", "offices")];
        let paused = paused.into_iter().flatten().collect::<Vec<_>>().join(" and ");
        let mut said = Vec::new();
        if !paused.is_empty() {
            said.push(format!("Paused by staff: {paused}."));
        }
        said.extend(counted(count(stopped.len()), "server refuses us.", "servers refuse us."));
        said.extend(counted(count(slowed.len()), "server asked us to slow down.", "servers asked us to slow down."));
        said.join(" ")
    }
}

fn waits(waiting: i64) -> String {
    match waiting {
        0 => "No letter waits.".to_owned(),
        n => format!("{} {}.", letters(n), plural(n, "waits", "wait")),
    }
}

/// "by ana@example.org, 5 hours ago: the hearing is today."
fn paused_by(pause: &StaffPause, now: Timestamp) -> String {
    format!("by {}, {}: {}.", pause.who, ago(now.since(pause.since)), pause.reason.trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{DistrictName, PauseKind};
    use crate::store::depth::Waiting;

    const NOW: Timestamp = Timestamp::from_millis(1_795_359_600_000);

    fn zone() -> TimeZone {
        TimeZone::parse("America/New_York").unwrap()
    }

    fn status(by_campaign: &[(i64, i64)]) -> Status {
        let office = OfficeQueue {
            destination: 5,
            office: 3,
            district: DistrictName::new(crate::domain::Chamber::Upper, "First Harbor"),
            waiting: Waiting { messages: by_campaign.iter().map(|(_, n)| n).sum(), first_due: Some(NOW) },
            by_campaign: by_campaign.to_vec(),
            sending: 0,
            sent_in_hour: 0,
        };
        let limits = crate::config::Config::from_lookup(|_| None).unwrap().limits;
        Status {
            now: NOW,
            limits,
            still: None,
            rests: Rests::default(),
            outlook: Outlook::default(),
            offices: vec![office],
            domains: HashMap::new(),
        }
    }

    fn staff_pause(of: StaffPauseOf) -> StaffPause {
        let since = NOW.minus(Duration::from_hours(5));
        StaffPause { of, since, who: "ana@example.org".into(), reason: "the hearing is today".into() }
    }

    fn server(scope: PauseScope, kind: PauseKind) -> Pause {
        let (since, until) = (NOW.minus(Duration::from_hours(5)), NOW.plus(Duration::from_mins(3)));
        Pause { scope, kind, reason: "535 5.7.8 no".into(), since, until, times: 3 }
    }

    fn line(status: &Status, of: StaffPauseOf) -> StatusLine {
        status.line(of, &zone(), true, Paths { stop: "/stop".into(), resume: "/resume".into() })
    }

    #[test]
    fn letters_go_or_none_waits() {
        let idle = line(&status(&[]), StaffPauseOf::Everything);
        assert_eq!((idle.word, idle.text.as_str()), (StatusWord::Ready, ": nothing waits."));
        let one = line(&status(&[(1, 1)]), StaffPauseOf::Everything);
        assert_eq!(one.word, StatusWord::Sending);
        assert_eq!(one.text, " at most 300 letters an hour. 1 letter waits. The last goes within a minute.");
        let many = line(&status(&[(1, 400), (2, 1)]), StaffPauseOf::Campaign(1));
        assert!(many.text.contains("400 letters wait. The last goes at about 11:"), "{}", many.text);
        assert_eq!(many.act, Some(StatusAct::Stop("/stop".into())));
    }

    #[test]
    fn what_was_put_off_is_not_said_to_go_within_a_minute() {
        let mut later = status(&[(1, 1)]);
        later.offices[0].waiting.first_due = Some(NOW.plus(Duration::from_hours(2)));
        let said = line(&later, StaffPauseOf::Everything).text;
        assert!(said.contains("1 letter waits. The last goes at about "), "{said}");
    }

    #[test]
    fn a_pause_says_who_and_why_wherever_it_holds() {
        let mut all = status(&[(1, 12)]);
        all.outlook = Outlook::of_pause(staff_pause(StaffPauseOf::Everything));
        for of in [StaffPauseOf::Everything, StaffPauseOf::Campaign(1), StaffPauseOf::Office(3)] {
            let line = line(&all, of);
            assert_eq!(line.word, StatusWord::Paused);
            assert!(
                line.text.starts_with(" by ana@example.org, 5 hours ago: the hearing is today. Nothing goes out"),
                "{}",
                line.text
            );
            assert_eq!(line.act.is_some(), of == StaffPauseOf::Everything, "it is ended where it was begun");
        }
        let mut campaign = status(&[(1, 12)]);
        campaign.outlook = Outlook::of_pause(staff_pause(StaffPauseOf::Campaign(1)));
        assert_eq!(line(&campaign, StaffPauseOf::Campaign(1)).word, StatusWord::Paused);
        assert_eq!(line(&campaign, StaffPauseOf::Campaign(2)).word, StatusWord::Ready);
        let everything = line(&campaign, StaffPauseOf::Everything);
        assert_eq!(everything.word, StatusWord::Paused, "it is not well when nothing that waits may go");
        assert_eq!(everything.text, ": all that waits is paused. 12 letters wait. Paused by staff: 1 campaign.");
        assert_eq!(everything.act, None);
    }

    #[test]
    fn a_server_that_refuses_or_slows_us_is_told_with_what_to_do() {
        let mut stopped = status(&[(1, 12)]);
        stopped.rests = Rests::of(server(PauseScope::All, PauseKind::Stop));
        let said = line(&stopped, StaffPauseOf::Campaign(1));
        assert_eq!((said.word, said.act), (StatusWord::Stopped, Some(StatusAct::Retry)));
        assert!(said.text.contains("535 5.7.8 no") && said.text.contains("SMTP_URL") && said.text.ends_with("12 letters wait."));
        let mut slowed = status(&[(1, 12)]);
        slowed.rests = Rests::of(server(PauseScope::All, PauseKind::SlowDown));
        assert_eq!(line(&slowed, StaffPauseOf::Everything).word, StatusWord::Slowed);
        let mut one = status(&[(1, 12)]);
        one.rests = Rests::of(server(PauseScope::Destination(5), PauseKind::Stop));
        assert_eq!(line(&one, StaffPauseOf::Office(3)).word, StatusWord::Stopped);
        let all = line(&one, StaffPauseOf::Everything);
        assert!(all.word == StatusWord::Sending && all.text.ends_with("1 server refuses us."), "{}", all.text);
    }

    #[test]
    fn outside_hours_it_says_until_when_and_a_sender_that_stands_still_is_no_good_news() {
        let mut closed = status(&[(1, 12)]);
        let hours = SendingHours::new(0b1_1111, 12 * 60, 13 * 60).unwrap();
        closed.outlook = Outlook::of_hours(1, zone(), hours);
        let said = line(&closed, StaffPauseOf::Everything);
        assert_eq!(said.word, StatusWord::Waiting);
        assert!(said.text.starts_with(" until "), "{}", said.text);
        let still = Status { still: Some(Duration::from_mins(2)), ..status(&[(1, 12)]) };
        assert_eq!(line(&still, StaffPauseOf::Everything).word, StatusWord::Stopped);
    }
}
