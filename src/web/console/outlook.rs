//! What staff paused, when letters may go, and when a queue will thus be empty.

use std::collections::HashMap;

use crate::config::Limits;
use crate::domain::{OfficePace, Pace, SendingHours, StaffPause, StaffPauseOf, TimeZone, Timestamp};
use crate::store::depth::OfficeQueue;
use crate::store::gates::Gates;
use crate::store::{Reader, StoreError, steering};

/// All that staff steer, read at one moment.
#[derive(Default)]
pub(super) struct Outlook {
    pauses: Vec<StaffPause>,
    hours: HashMap<i64, (TimeZone, SendingHours)>,
    paces: HashMap<i64, OfficePace>,
}

/// When an office's queue is empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Empty {
    /// It is.
    Now,
    /// All that waits is paused by staff.
    Paused,
    /// Then, as far as paces and hours tell.
    At(Timestamp),
}

impl Outlook {
    pub(super) fn read(conn: &mut Reader, now: Timestamp) -> Result<Self, StoreError> {
        let hours = steering::all_hours(conn)?.into_iter().map(|(campaign, zone, hours)| (campaign, (zone, hours)));
        Ok(Self { pauses: steering::pauses(conn)?, hours: hours.collect(), paces: Gates::read(conn, now)?.paces().clone() })
    }

    /// All pauses by staff.
    pub(super) fn pauses(&self) -> &[StaffPause] {
        &self.pauses
    }

    /// The pause of this by staff.
    pub(super) fn pause(&self, of: StaffPauseOf) -> Option<&StaffPause> {
        self.pauses.iter().find(|pause| pause.of == of)
    }

    /// The campaign's hours, and the zone that they are in.
    pub(super) fn hours(&self, campaign: i64) -> Option<&(TimeZone, SendingHours)> {
        self.hours.get(&campaign)
    }

    /// The pace of a destination: its own, or the common one.
    pub(super) fn pace(&self, destination: i64, common: Pace) -> Pace {
        let Some(own) = self.paces.get(&destination) else { return common };
        Pace { office_a_minute: own.a_minute, office_an_hour: own.an_hour, ..common }
    }

    /// How many letters an hour the paces let through to these offices, of what is not paused; `None`: any number.
    pub(super) fn an_hour(&self, offices: &[OfficeQueue], common: Pace) -> Option<i64> {
        let most = |pace: Pace| {
            let of_minutes = (pace.office_a_minute > 0).then(|| u64::from(pace.office_a_minute) * 60);
            let of_hour = (pace.office_an_hour > 0).then(|| u64::from(pace.office_an_hour));
            of_minutes.into_iter().chain(of_hour).min()
        };
        let moving = offices.iter().filter(|office| self.moving(office) > 0);
        let each: Option<Vec<u64>> = moving.map(|office| most(self.pace(office.destination, common))).collect();
        let together = (common.a_second > 0).then(|| u64::from(common.a_second) * 3600);
        let most = each.map(|each| each.into_iter().sum()).into_iter().chain(together).min();
        most.map(|most| i64::try_from(most).unwrap_or(i64::MAX))
    }

    /// Letters of the office that nothing of staff's keeps for longer than hours do.
    pub(super) fn moving(&self, office: &OfficeQueue) -> i64 {
        if self.pause(StaffPauseOf::Everything).is_some() || self.pause(StaffPauseOf::Office(office.office)).is_some() {
            return 0;
        }
        let open = office.by_campaign.iter().filter(|(id, _)| self.pause(StaffPauseOf::Campaign(*id)).is_none());
        open.map(|(_, waiting)| waiting).sum()
    }

    /// When the office's queue is empty, if each letter goes when it is next tried. What is paused is left out.
    pub(super) fn empty(&self, office: &OfficeQueue, common: Pace, now: Timestamp) -> Empty {
        let moving = self.moving(office);
        match (office.waiting.messages, moving) {
            (0, _) => return Empty::Now,
            (_, 0) => return Empty::Paused,
            _ => {}
        }
        let work = self.pace(office.destination, common).office(u64::try_from(moving).unwrap_or(0));
        // Where all that waits was put off, nothing goes before the first of it is due.
        let begins = office.waiting.first_due.map_or(now, |due| due.max(now));
        let of_campaigns = office.by_campaign.iter().filter(|(id, _)| self.pause(StaffPauseOf::Campaign(*id)).is_none());
        let done = of_campaigns.map(|(id, _)| match self.hours(*id) {
            Some((zone, hours)) => hours.done_at(zone, begins, work),
            None => begins.plus(work),
        });
        Empty::At(done.max().unwrap_or(begins))
    }

    /// When all letters have gone that are not paused: with the slowest office, and never faster than the pace of all.
    pub(super) fn all_gone(&self, offices: &[OfficeQueue], pace: Pace, now: Timestamp) -> Empty {
        let ends: Vec<Empty> = offices.iter().map(|office| self.empty(office, pace, now)).collect();
        let together = pace.together(offices.iter().map(|office| u64::try_from(self.moving(office)).unwrap_or(0)));
        let last = ends.iter().filter_map(|end| if let Empty::At(at) = end { Some(*at) } else { None }).max();
        match last {
            Some(last) => Empty::At(last.max(now.plus(together))),
            None if ends.contains(&Empty::Paused) => Empty::Paused,
            None => Empty::Now,
        }
    }

    /// Why letters of the office stay, as far as staff decided it: a word for a table.
    pub(super) fn state(&self, office: &OfficeQueue, now: Timestamp) -> Option<&'static str> {
        if self.pause(StaffPauseOf::Everything).is_some() || self.pause(StaffPauseOf::Office(office.office)).is_some() {
            return Some("Paused by staff");
        }
        if office.waiting.messages == 0 {
            return None;
        }
        if self.moving(office) == 0 {
            return Some("Campaign paused");
        }
        let moving = office.by_campaign.iter().filter(|(id, _)| self.pause(StaffPauseOf::Campaign(*id)).is_none());
        let closed = moving.into_iter().all(|(id, _)| self.hours(*id).is_some_and(|(zone, hours)| !hours.open_at(zone, now)));
        closed.then_some("Outside sending hours")
    }
}

/// The paces that letters go by.
pub(super) const fn pace(limits: Limits) -> Pace {
    Pace {
        a_second: limits.mail_per_second,
        office_a_minute: limits.mail_per_office_per_minute,
        office_an_hour: limits.mail_per_office_per_hour,
    }
}

#[cfg(test)]
impl Outlook {
    pub(super) fn of_pause(pause: StaffPause) -> Self {
        Self { pauses: vec![pause], ..Self::default() }
    }

    pub(super) fn of_hours(campaign: i64, zone: TimeZone, hours: SendingHours) -> Self {
        Self { hours: HashMap::from([(campaign, (zone, hours))]), ..Self::default() }
    }
}
