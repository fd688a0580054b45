//! `GET /staff/sending`: how the sender is, what waits where, and when it will have gone.

use std::collections::HashMap;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template;

use super::nav::Place;
use super::outlook::{Empty, Outlook, pace};
use super::rests::Rests;
use super::session::Staff;
use super::words::{self, JustDone};
use crate::config::Limits;
use crate::domain::{ReturnKind, Role, StaffPause, StaffPauseOf, TimeZone, Timestamp};
use crate::store::depth::{self, OfficeQueue, Waiting};
use crate::store::{Reader, StoreError, blocks, inbound, pauses};
use crate::web::Web;
use crate::web::parts::figures::grouped;
use crate::web::parts::{Page, filters};
use crate::web::response::{Answer, html};

/// More offices than this are only counted.
const SHOWN: usize = 100;

#[derive(Template)]
#[template(path = "console/queues.html")]
struct SendingPage<'a> {
    page: Page,
    done: JustDone,
    now: Timestamp,
    zone: TimeZone,
    /// What rests at single offices, a sentence each.
    rests: Vec<String>,
    /// There is something that this login may resume.
    may_resume: bool,
    /// The pause of everything by staff.
    paused: Option<&'a StaffPause>,
    may_change: bool,
    /// Mails on the way to supporters.
    notices: i64,
    /// When all letters have gone, in words.
    all_gone: String,
    limits: Vec<String>,
    /// Letters that came back because our server was blocked, and have not gone again.
    blocked: usize,
    /// What came back in all, in sentences.
    returns: Vec<String>,
    /// The longest queue first.
    offices: Vec<Row<'a>>,
    /// How many offices are not shown.
    more: usize,
}

/// One office's queue, with what it comes to.
struct Row<'a> {
    queue: &'a OfficeQueue,
    /// "Sending", "Paused by staff", "Next try in 5 minutes".
    state: String,
    /// "12 of 300".
    in_hour: String,
    empty_at: String,
}

/// All that the page shows, read at one moment.
struct Read {
    rests: Rests,
    notices: Waiting,
    offices: Vec<OfficeQueue>,
    domains: HashMap<i64, String>,
    outlook: Outlook,
    returns: Vec<(ReturnKind, i64, i64)>,
    blocked: usize,
}

fn read(conn: &mut Reader, now: Timestamp) -> Result<Read, StoreError> {
    let (notices, _) = depth::by_class(conn)?;
    Ok(Read {
        rests: Rests::read(conn)?,
        notices,
        offices: depth::by_office(conn, now.minus(Duration::from_hours(1)))?,
        domains: pauses::domains(conn)?,
        outlook: Outlook::read(conn, now)?,
        returns: inbound::counts(conn)?,
        blocked: blocks::waiting(conn)?,
    })
}

/// The page; every role may see it: there is no person in it.
pub(super) async fn page(web: web::Data<Web>, staff: Staff, done: JustDone) -> Answer {
    let now = web.clock.now();
    let read = web.store.read(move |conn| read(conn, now)).await?;
    let zone = words::zone(&web.intake.catalog());
    let limits = web.config.limits;
    let pace = pace(limits);
    let all = read.outlook.all_gone(&read.offices, pace, now);
    let offices = read.offices.iter().take(SHOWN).map(|office| {
        let rests = read.rests.of_destination(office.destination, read.domains.get(&office.destination).map(String::as_str), now);
        Row {
            queue: office,
            state: read.outlook.state(office, now).map_or_else(|| state(office, rests, now), str::to_owned),
            in_hour: of_cap(office.sent_in_hour, read.outlook.pace(office.destination, pace).office_an_hour),
            empty_at: empty_at(read.outlook.empty(office, pace, now), rests, &zone, now),
        }
    });
    let offices = offices.collect();
    let stopped = read.rests.of_destination(0, None, now);
    let view = SendingPage {
        page: staff.page(&web, Place::Sending, "Sending"),
        done,
        now,
        rests: read.rests.of_offices(now),
        may_resume: read.rests.any(now) && staff.may(Role::Editor),
        paused: read.outlook.pause(StaffPauseOf::Everything),
        may_change: staff.may(Role::Editor),
        notices: read.notices.messages,
        all_gone: empty_at(all, stopped, &zone, now),
        limits: limits_in_words(limits),
        blocked: read.blocked,
        returns: read.returns.iter().filter_map(|(kind, ours, other)| returned(*kind, *ours, *other)).collect(),
        offices,
        more: read.offices.len().saturating_sub(SHOWN),
        zone: zone.clone(),
    };
    html(StatusCode::OK, &view)
}

/// How the office's queue is, in a few words.
pub(super) fn state(office: &OfficeQueue, rests: Option<&'static str>, now: Timestamp) -> String {
    match (rests, office.waiting.first_due) {
        (Some(rests), _) => rests.to_owned(),
        (None, Some(due)) if due > now && office.sending == 0 => format!("Next try in {}", words::wait(due.since(now))),
        (None, Some(_)) => "Sending".to_owned(),
        (None, None) if office.sending > 0 => "Sending".to_owned(),
        (None, None) => "Nothing waits".to_owned(),
    }
}

/// When it is empty at the pace of today, if each letter goes at its first try.
pub(super) fn empty_at(empty: Empty, rests: Option<&str>, zone: &TimeZone, now: Timestamp) -> String {
    match (empty, rests) {
        (Empty::Now, _) => "nothing waits".into(),
        (Empty::Paused, _) => "not before staff resume it".into(),
        (_, Some(_)) => "not known while it rests".into(),
        (Empty::At(at), None) if at.since(now) < Duration::from_mins(1) => "within a minute".into(),
        (Empty::At(at), None) => format!("about {}", zone.moment_in_words(at)),
    }
}

/// "12 of 300".
pub(super) fn of_cap(sent: i64, cap: u32) -> String {
    if cap == 0 { grouped(sent) } else { format!("{} of {}", grouped(sent), grouped(i64::from(cap))) }
}

/// The limits, each with its reason.
fn limits_in_words(limits: Limits) -> Vec<String> {
    let n = |limit: u32| words::letters(i64::from(limit));
    let mut said = Vec::new();
    if limits.mail_per_office_per_minute > 0 {
        said.push(format!(
            "{} to one office in a minute: well below what one mailbox takes.",
            n(limits.mail_per_office_per_minute)
        ));
    }
    if limits.mail_per_office_per_hour > 0 {
        said.push(format!(
            "{} to one office in an hour: offices stop taking mail from a sender that floods them.",
            n(limits.mail_per_office_per_hour)
        ));
    }
    if limits.mail_per_domain_per_hour > 0 {
        said.push(format!(
            "{} in an hour to all offices of one mail domain: a legislature's mail system sees one sender.",
            n(limits.mail_per_domain_per_hour)
        ));
    }
    if limits.mail_per_second > 0 {
        said.push(format!("{} in a second, all together: what our own mail server takes.", n(limits.mail_per_second)));
    }
    if limits.mail_warm_up > 0 {
        said.push(format!(
            "{} on the first day of sending and twice as many on each day after it: mail systems distrust a new sender.",
            n(limits.mail_warm_up)
        ));
    }
    if said.is_empty() { vec!["No limit is set.".into()] } else { said }
}

/// What came back, in a sentence; `None` for nothing.
fn returned(kind: ReturnKind, ours: i64, other: i64) -> Option<String> {
    let n = if matches!(kind, ReturnKind::Forged | ReturnKind::Other) { ours + other } else { ours };
    let (one, many) = match kind {
        ReturnKind::Failed => ("report says that a mail did not arrive", "reports say that a mail did not arrive"),
        ReturnKind::Delayed => ("warning says that a mail is late", "warnings say that a mail is late"),
        ReturnKind::Complaint => ("person called a mail spam", "people called a mail spam"),
        ReturnKind::AutomaticReply => ("automatic answer of an office came", "automatic answers of offices came"),
        ReturnKind::Forged => ("report was forged and not believed", "reports were forged and not believed"),
        ReturnKind::Answer => ("person answered to a return path", "people answered to a return path"),
        ReturnKind::Other => ("other mail came to a return path", "other mails came to a return path"),
    };
    (n > 0).then(|| format!("{} {}.", grouped(n), words::plural(n, one, many)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_queue_is_told_honestly() {
        let now = Timestamp::from_millis(1_795_359_600_000);
        let zone = TimeZone::parse("America/New_York").unwrap();
        let at = |minutes| Empty::At(now.plus(Duration::from_mins(minutes)));
        let said = |empty, rests| empty_at(empty, rests, &zone, now);
        assert_eq!(said(Empty::Now, Some("Stopped")), "nothing waits");
        assert_eq!(said(Empty::Paused, None), "not before staff resume it");
        assert_eq!(said(at(9), Some("Stopped")), "not known while it rests");
        assert_eq!(said(at(0), None), "within a minute");
        assert_eq!(said(at(90), None), "about November 22, 2026, 11:30 am");
        assert_eq!((of_cap(3, 0), of_cap(1200, 3000)), ("3".into(), "1,200 of 3,000".into()));
    }
}
