//! A dry run: what would be sent now, to whom, and by when it all would have gone. It reads and sends nothing.

use super::outlook::{Empty, Outlook, pace};
use super::rests::Rests;
use super::words::{letters, plural};
use crate::config::Limits;
use crate::domain::{StaffPauseOf, TimeZone, Timestamp};
use crate::store::caps::{self, Caps};
use crate::store::depth::{self, OfficeQueue};
use crate::store::gates::Gates;
use crate::store::{Reader, StoreError, pauses};
use crate::web::parts::figures::grouped;

/// More offices than this are only counted.
const SHOWN: usize = 100;
/// How many letters of an office are named.
const NAMED: usize = 3;

/// What an office's queue would do.
pub(super) struct Row {
    pub(super) office: OfficeQueue,
    pub(super) waiting: i64,
    /// How many of them would go now.
    pub(super) now: i64,
    /// The first to go, by their numbers.
    pub(super) first: Vec<i64>,
    /// Why not all: a pause, hours, a pace. Empty when all would go.
    pub(super) why: String,
    empty: Empty,
}

/// The dry run of a campaign, read.
pub(super) struct Outcome(Vec<Row>);

impl Outcome {
    /// Reads it.
    pub(super) fn read(
        conn: &mut Reader,
        campaign: i64,
        limits: Limits,
        outlook: &Outlook,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        let gates = Gates::read(conn, now)?;
        let (resting, domains) = (Rests::read(conn)?, pauses::domains(conn)?);
        let of_campaign =
            |office: &OfficeQueue| office.by_campaign.iter().find(|(id, _)| *id == campaign).map_or(0, |(_, waiting)| *waiting);
        let offices: Vec<_> = depth::by_office(conn, now)?.into_iter().filter(|office| of_campaign(office) > 0).collect();
        let destinations: Vec<i64> = offices.iter().map(|office| office.destination).collect();
        let caps = Caps {
            a_minute: limits.mail_per_office_per_minute,
            an_hour: limits.mail_per_office_per_hour,
            domain_an_hour: limits.mail_per_domain_per_hour,
            warm_up: limits.mail_warm_up,
        };
        let rooms = caps::rooms(conn, caps, &gates, &destinations, now)?;
        let mut rows = Vec::with_capacity(offices.len());
        for (office, room) in offices.into_iter().zip(rooms) {
            let waiting = of_campaign(&office);
            let rests = resting.of_destination(office.destination, domains.get(&office.destination).map(String::as_str), now);
            let open = gates.campaigns(office.destination).contains(&campaign) && rests.is_none();
            let first =
                if rows.len() < SHOWN { depth::first_to_go(conn, office.destination, campaign, NAMED)? } else { Vec::new() };
            let free = if open { i64::try_from(room).unwrap_or(i64::MAX) } else { 0 };
            let why = match (outlook.state(&office, now), rests) {
                _ if free >= waiting => String::new(),
                (Some(state), _) => state.to_owned(),
                (None, Some(rests)) => rests.to_owned(),
                (None, None) if open => "The pace of the office".to_owned(),
                (None, None) => not_open(outlook, campaign),
            };
            let empty = if outlook.pause(StaffPauseOf::Campaign(campaign)).is_some() {
                Empty::Paused
            } else {
                outlook.empty(&office, pace(limits), now)
            };
            rows.push(Row { waiting, now: free.min(waiting), first, why, empty, office });
        }
        Ok(Self(rows))
    }

    /// The longest queue first; the rest is only counted.
    pub(super) fn rows(&self) -> &[Row] {
        &self.0[..self.0.len().min(SHOWN)]
    }

    /// How many offices are not among the rows.
    pub(super) fn more(&self) -> usize {
        self.0.len() - self.rows().len()
    }

    /// "12 of 340 letters would go now, to 2 offices."
    pub(super) fn summary(&self) -> String {
        let (waiting, going) = self.0.iter().fold((0, 0), |(all, now), row| (all + row.waiting, now + row.now));
        let to = i64::try_from(self.0.iter().filter(|row| row.now > 0).count()).unwrap_or(0);
        match waiting {
            0 => "No letter of this campaign waits, so nothing would be sent.".to_owned(),
            _ => format!(
                "{} of {} would go now, to {} {}. Looking here sends nothing.",
                grouped(going),
                letters(waiting),
                grouped(to),
                plural(to, "office", "offices")
            ),
        }
    }

    /// When the last would have gone.
    pub(super) fn by(&self, zone: &TimeZone, now: Timestamp) -> String {
        let last = self.0.iter().filter_map(|row| if let Empty::At(at) = row.empty { Some(at) } else { None }).max();
        match last {
            Some(last) => {
                let last = in_words(Empty::At(last), zone, now);
                format!("All that is not paused will have gone {last}, if each letter goes at its first try.")
            }
            None if self.0.iter().any(|row| row.waiting > 0) => "Nothing goes before somebody resumes it.".to_owned(),
            None => String::new(),
        }
    }
}

impl Row {
    /// When its last would have gone.
    pub(super) fn by(&self, zone: &TimeZone, now: Timestamp) -> String {
        in_words(self.empty, zone, now)
    }
}

fn in_words(empty: Empty, zone: &TimeZone, now: Timestamp) -> String {
    match empty {
        Empty::Now => "nothing waits".to_owned(),
        Empty::Paused => "not before it is resumed".to_owned(),
        Empty::At(at) if at.since(now).as_secs() < 60 => "within a minute".to_owned(),
        Empty::At(at) => format!("about {}", zone.moment_in_words(at)),
    }
}

fn not_open(outlook: &Outlook, campaign: i64) -> String {
    let paused = outlook.pause(StaffPauseOf::Campaign(campaign)).is_some();
    if paused { "Campaign paused".into() } else { "Outside sending hours".into() }
}
