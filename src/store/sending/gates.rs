//! What may be sent now, as far as staff decided it: pauses, sending hours, and the paces of offices.
//!
//! Letters that must wait stay `queued` and nothing rewrites them: picking passes them by. The rows that are read here are as
//! few as the campaigns and the offices that staff steer, whatever waits.

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Nullable, Text};

use super::caps::Caps;
use super::steering::hours;
use crate::domain::{OfficePace, TimeZone, Timestamp};
use crate::store::batch::{Batch, Statement};
use crate::store::letters::messages::SUPPORTERS;
use crate::store::{Reader, StoreError};

/// What may be sent at one moment.
#[derive(Clone, Debug, Default)]
pub struct Gates {
    /// Staff paused everything.
    stopped: bool,
    /// Every campaign: notices of all go.
    campaigns: Vec<i64>,
    /// Those whose letters may go now.
    open: Vec<i64>,
    /// Destinations of offices that staff paused.
    paused: BTreeSet<i64>,
    paces: HashMap<i64, OfficePace>,
}

struct Campaigns;

impl Statement for Campaigns {
    const SQL: &'static str = "SELECT c.id, c.time_zone, h.days, h.from_minute, h.until_minute, \
         (SELECT count(*) FROM staff_pauses AS p WHERE p.scope = 'campaign' AND p.key = c.id), \
         (SELECT count(*) FROM staff_pauses AS p WHERE p.scope = 'all') \
         FROM campaigns AS c LEFT JOIN campaign_hours AS h ON h.campaign_id = c.id";
    type Row = (BigInt, Text, Nullable<Integer>, Nullable<Integer>, Nullable<Integer>, BigInt, BigInt);
}

#[derive(Queryable)]
struct CampaignRow {
    id: i64,
    zone: TimeZone,
    days: Option<i32>,
    from: Option<i32>,
    until: Option<i32>,
    paused: i64,
    everything_paused: i64,
}

struct Offices;

impl Statement for Offices {
    const SQL: &'static str = "SELECT d.id, p.key, n.a_minute, n.an_hour \
         FROM (SELECT key AS office FROM staff_pauses WHERE scope = 'office' UNION SELECT office_id FROM office_paces) AS o \
         JOIN destinations AS d ON d.office_id = o.office \
         LEFT JOIN staff_pauses AS p ON p.scope = 'office' AND p.key = o.office \
         LEFT JOIN office_paces AS n ON n.office_id = o.office";
    type Row = (BigInt, Nullable<BigInt>, Nullable<Integer>, Nullable<Integer>);
}

#[derive(Queryable)]
struct OfficeRow {
    destination: i64,
    paused: Option<i64>,
    a_minute: Option<i32>,
    an_hour: Option<i32>,
}

impl Gates {
    /// Reads them.
    pub fn read(conn: &mut Reader, now: Timestamp) -> Result<Self, StoreError> {
        let mut gates = Self::default();
        for row in Batch::<Campaigns>::new([]).load::<CampaignRow>(conn)? {
            gates.stopped |= row.everything_paused > 0;
            gates.campaigns.push(row.id);
            let open = match (row.days, row.from, row.until) {
                _ if row.paused > 0 => false,
                (Some(days), Some(from), Some(until)) => hours(days, from, until)?.open_at(&row.zone, now),
                _ => true,
            };
            if open {
                gates.open.push(row.id);
            }
        }
        for row in Batch::<Offices>::new([]).load::<OfficeRow>(conn)? {
            if row.paused.is_some() {
                gates.paused.insert(row.destination);
            }
            if let (Some(a_minute), Some(an_hour)) = (row.a_minute, row.an_hour) {
                gates.paces.insert(row.destination, super::steering::pace(a_minute, an_hour));
            }
        }
        Ok(gates)
    }

    /// The campaigns of which messages may go there now; notices go on, but when everything is paused.
    #[must_use]
    pub fn campaigns(&self, destination: i64) -> &[i64] {
        match destination {
            _ if self.stopped => &[],
            SUPPORTERS => &self.campaigns,
            office if self.paused.contains(&office) => &[],
            _ => &self.open,
        }
    }

    /// The caps of a destination: its office's own where staff chose a pace.
    #[must_use]
    pub fn caps(&self, destination: i64, caps: Caps) -> Caps {
        let Some(pace) = self.paces.get(&destination) else { return caps };
        Caps { a_minute: pace.a_minute, an_hour: pace.an_hour, ..caps }
    }

    /// The paces that staff chose, by destination.
    #[must_use]
    pub fn paces(&self) -> &HashMap<i64, OfficePace> {
        &self.paces
    }
}

#[cfg(test)]
#[path = "gates_tests.rs"]
mod tests;
