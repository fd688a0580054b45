//! `GET /staff/sending`: how the sender is, what waits where, and when it will have gone.

use std::collections::HashMap;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::web;

use super::super::Web;
use super::super::answer::Answer;
use super::super::views::Moment;
use super::super::views::figures::grouped;
use super::super::views::staff::{SendingPage, SendingRow};
use super::nav::Place;
use super::sending::Sending;
use super::session::Staff;
use super::words;
use crate::config::Limits;
use crate::domain::{Pace, ReturnKind, Role, TimeZone, Timestamp};
use crate::store::depth::{self, OfficeQueue, Waiting};
use crate::store::{Reader, StoreError, pauses, returns};

/// More offices than this are only counted.
const SHOWN: usize = 100;

/// All that the page shows, read at one moment.
struct Read {
    sending: Sending,
    notices: Waiting,
    letters: Waiting,
    offices: Vec<OfficeQueue>,
    domains: HashMap<i64, String>,
    returns: Vec<(ReturnKind, i64, i64)>,
}

fn read(conn: &mut Reader, now: Timestamp) -> Result<Read, StoreError> {
    let (notices, letters) = depth::by_class(conn)?;
    Ok(Read {
        sending: Sending::read(conn)?,
        notices,
        letters,
        offices: depth::by_office(conn, now.minus(Duration::from_hours(1)))?,
        domains: pauses::domains(conn)?,
        returns: returns::counts(conn)?,
    })
}

/// The page; every role may see it: there is no person in it.
pub(super) async fn page(web: web::Data<Web>, staff: Staff) -> Answer {
    let now = web.clock.now();
    let read = web.store.read(move |conn| read(conn, now)).await?;
    let zone = web.intake.catalog().campaigns().first().map(|entry| entry.campaign.settings.time_zone.clone());
    let limits = web.config.limits;
    let pace = pace(limits);
    let count = |waiting: i64| u64::try_from(waiting).unwrap_or(0);
    let all = pace.all(read.offices.iter().map(|office| count(office.waiting.messages)));
    let row = |office: &OfficeQueue| {
        let rests =
            read.sending.of_destination(office.destination, read.domains.get(&office.destination).map(String::as_str), now);
        let left = pace.office(count(office.waiting.messages));
        SendingRow {
            office: office.district.in_words(),
            state: state(office, rests, now),
            waiting: grouped(office.waiting.messages),
            sending: grouped(office.sending),
            in_hour: of_cap(office.sent_in_hour, limits.mail_per_office_per_hour),
            empty_at: empty_at(office.waiting.messages, rests, left, zone.as_ref(), now),
        }
    };
    let more = read.offices.len().saturating_sub(SHOWN);
    let stopped = read.sending.of_destination(0, None, now);
    let view = SendingPage {
        page: staff.page(&web, Place::Sending, "Sending"),
        as_of: Moment { text: moment(zone.as_ref(), now), iso: now.rfc3339() },
        sender: read.sending.line(read.letters.messages, now),
        may_resume: read.sending.rests(now) && staff.may(Role::Editor),
        empty_at: format!(
            "{} {} on the way to supporters. All letters have gone: {}.",
            grouped(read.notices.messages),
            words::plural(read.notices.messages, "mail is", "mails are"),
            empty_at(read.letters.messages, stopped, all, zone.as_ref(), now),
        ),
        limits: limits_in_words(limits),
        returns: read.returns.iter().filter_map(|(kind, ours, other)| returned(*kind, *ours, *other)).collect(),
        offices: read.offices.iter().take(SHOWN).map(row).collect(),
        more: (more > 0).then(|| format!("and {more} more offices with shorter queues")),
    };
    web.page(StatusCode::OK, "staff_sending", &view)
}

/// The paces that letters go by.
pub(super) const fn pace(limits: Limits) -> Pace {
    Pace {
        a_second: limits.mail_per_second,
        office_a_minute: limits.mail_per_office_per_minute,
        office_an_hour: limits.mail_per_office_per_hour,
    }
}

fn moment(zone: Option<&TimeZone>, at: Timestamp) -> String {
    zone.map_or_else(|| at.rfc3339(), |zone| zone.moment_in_words(at))
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

/// When so many have gone at the pace of today, if each goes at its first try.
pub(super) fn empty_at(waiting: i64, rests: Option<&str>, left: Duration, zone: Option<&TimeZone>, now: Timestamp) -> String {
    match (waiting, rests) {
        (0, _) => "nothing waits".into(),
        (_, Some(_)) => "not known while it rests".into(),
        _ if left < Duration::from_mins(1) => "within a minute".into(),
        _ => format!("about {}", moment(zone, now.plus(left))),
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
        let said = |waiting, rests, minutes| empty_at(waiting, rests, Duration::from_mins(minutes), Some(&zone), now);
        assert_eq!(said(0, Some("Stopped"), 9), "nothing waits");
        assert_eq!(said(5, Some("Stopped"), 9), "not known while it rests");
        assert_eq!(said(5, None, 0), "within a minute");
        assert_eq!(said(5, None, 90), "about November 22, 2026, 11:30 am");
        assert_eq!((of_cap(3, 0), of_cap(1200, 3000)), ("3".into(), "1,200 of 3,000".into()));
    }
}
