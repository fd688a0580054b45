//! How much may go where: hard caps, counted from the attempts on record. So a restart does not reset them, and two processes share them.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::claim::Pick;
use super::gates::Gates;
use super::pauses;
use crate::domain::Timestamp;
use crate::store::batch::{Batch, Statement, Value};
use crate::store::letters::messages::SUPPORTERS;
use crate::store::schema::{attempts, destinations};
use crate::store::{Reader, StoreError};

const DAY: Duration = Duration::from_hours(24);
const HOUR: Duration = Duration::from_hours(1);
/// From this day on a warm-up is over: twice as much each day is more than any campaign sends by then.
const WARM_AFTER: u32 = 20;

/// The most attempts; 0: unlimited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Caps {
    /// At one office, in any 60 seconds.
    pub a_minute: u32,
    /// At one office, in any 60 minutes.
    pub an_hour: u32,
    /// At all offices whose mailboxes are in one mail domain, in any 60 minutes.
    pub domain_an_hour: u32,
    /// Of all mail in the first 24 hours of sending; twice as many in the next, and so on. Letters wait for it, notices only count.
    pub warm_up: u32,
}

/// So many more may go; where there is none, from then on.
type Room = (usize, Timestamp);

/// The room of one claim: what it takes is counted with what is on record.
pub(in crate::store) struct Allowance<'a> {
    caps: Caps,
    gates: &'a Gates,
    now: Timestamp,
    /// Where each office's mailbox is.
    domains: HashMap<i64, String>,
    domain_room: BTreeMap<String, Room>,
    day: Room,
}

impl<'a> Allowance<'a> {
    pub(in crate::store) fn read(
        conn: &mut Reader,
        caps: Caps,
        gates: &'a Gates,
        picks: &[Pick],
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        let mut allowance =
            Self { caps, gates, now, domains: HashMap::new(), domain_room: BTreeMap::new(), day: (usize::MAX, now) };
        if picks.iter().all(|(destination, _)| *destination == SUPPORTERS) {
            return Ok(allowance);
        }
        if caps.warm_up > 0 {
            allowance.day = warm_up_room(conn, caps.warm_up, now)?;
        }
        if caps.domain_an_hour > 0 {
            allowance.domains = pauses::domains(conn)?;
            let wanted: Vec<&String> = picks.iter().filter_map(|(destination, _)| allowance.domains.get(destination)).collect();
            for domain in wanted {
                if !allowance.domain_room.contains_key(domain) {
                    let of_domain: Vec<i64> =
                        allowance.domains.iter().filter(|(_, of)| *of == domain).map(|(id, _)| *id).collect();
                    let room = domain_room(conn, &of_domain, caps.domain_an_hour, now)?;
                    allowance.domain_room.insert(domain.clone(), room);
                }
            }
        }
        Ok(allowance)
    }

    /// How many of `wanted` messages the destination may have now, and from when on it may have more.
    pub(in crate::store) fn room(&self, conn: &mut Reader, destination: i64) -> Result<Room, StoreError> {
        if destination == SUPPORTERS {
            return Ok((usize::MAX, self.now));
        }
        let office = office_room(conn, destination, self.gates.caps(destination, self.caps), self.now)?;
        let domain = self.domains.get(&destination).and_then(|domain| self.domain_room.get(domain));
        let rooms = [Some(&office), domain, Some(&self.day)];
        let free = rooms.iter().flatten().map(|(free, _)| *free).min().unwrap_or(usize::MAX);
        let until = rooms.iter().flatten().map(|(_, until)| *until).max().unwrap_or(self.now);
        Ok((free, until))
    }

    /// So many of the destination were taken.
    pub(in crate::store) fn took(&mut self, destination: i64, count: usize) {
        if destination == SUPPORTERS {
            return;
        }
        self.day.0 = self.day.0.saturating_sub(count);
        let domain = self.domains.get(&destination).and_then(|domain| self.domain_room.get_mut(domain));
        if let Some((free, until)) = domain {
            *free = free.saturating_sub(count);
            // What was taken now leaves the hour last; until then the ones before it tell.
            *until = (*until).max(self.now);
        }
    }
}

/// What never reached the mail server never reached the office. What lies in the future was made before the clock was set back.
fn office_room(conn: &mut Reader, destination: i64, caps: Caps, now: Timestamp) -> Result<Room, StoreError> {
    let windows = [(caps.a_minute, Duration::from_mins(1)), (caps.an_hour, HOUR)];
    let most = caps.a_minute.max(caps.an_hour);
    if most == 0 {
        return Ok((usize::MAX, now));
    }
    let starts: Vec<Timestamp> = attempts::table
        .filter(attempts::destination_id.eq(destination))
        .filter(attempts::started_at.gt(now.minus(HOUR)).and(attempts::started_at.le(now)))
        .filter(attempts::step.ne_all(["connect", "tls", "login"]))
        .order(attempts::started_at.desc())
        .limit(i64::from(most))
        .select(attempts::started_at)
        .load(conn)?;
    let rooms = windows.into_iter().filter(|(cap, _)| *cap > 0).map(|(cap, window)| room_of(&starts, cap, window, now));
    Ok(rooms.fold((usize::MAX, now), |(free, until), (more, later)| (free.min(more), until.max(later))))
}

/// The room in a window, where `starts` are the newest attempts, newest first.
fn room_of(starts: &[Timestamp], cap: u32, window: Duration, now: Timestamp) -> Room {
    let cap = usize::try_from(cap).unwrap_or(usize::MAX);
    let within = starts.iter().take_while(|at| **at > now.minus(window)).count();
    // Room comes when the oldest of the last `cap` leaves the window.
    let until = starts.get(cap - 1).filter(|_| within >= cap).map_or(now, |at| at.plus(window));
    (cap.saturating_sub(within), until)
}

struct Starts;

impl Statement for Starts {
    // By time, since a domain's offices may be hundreds; the plus keeps SQLite from taking the index by destination.
    const SQL: &'static str = "SELECT started_at FROM attempts WHERE started_at > ? AND started_at <= ? \
         AND step NOT IN ('connect', 'tls', 'login') AND +destination_id IN (SELECT value FROM json_each(?)) \
         ORDER BY started_at DESC LIMIT ? + 0";
    type Row = BigInt;
}

fn domain_room(conn: &mut Reader, offices: &[i64], cap: u32, now: Timestamp) -> Result<Room, StoreError> {
    let values =
        [Value::Number(now.minus(HOUR).millis()), Value::Number(now.millis()), Value::rows(offices)?, Value::Number(cap.into())];
    let starts: Vec<Timestamp> = Batch::<Starts>::new(values).load(conn)?;
    Ok(room_of(&starts, cap, HOUR, now))
}

struct NewestStarts;

impl Statement for NewestStarts {
    const SQL: &'static str = "SELECT started_at FROM attempts WHERE started_at > ? AND started_at <= ? \
         AND step NOT IN ('connect', 'tls', 'login') ORDER BY started_at DESC LIMIT ? + 0";
    type Row = BigInt;
}

/// The room in the last 24 hours, by how many days ago the first message went out.
fn warm_up_room(conn: &mut Reader, first_day: u32, now: Timestamp) -> Result<Room, StoreError> {
    let first: Option<Timestamp> = attempts::table.select(diesel::dsl::min(attempts::started_at)).first(conn)?;
    let Some(cap) = warm_up_cap(first_day, first, now) else { return Ok((usize::MAX, now)) };
    let values = [Value::Number(now.minus(DAY).millis()), Value::Number(now.millis()), Value::Number(cap.into())];
    let starts: Vec<Timestamp> = Batch::<NewestStarts>::new(values).load(conn)?;
    let (free, until) = room_of(&starts, cap, DAY, now);
    // Looked at again each hour: tomorrow's cap is twice as high.
    Ok((free, until.min(now.plus(HOUR))))
}

/// The cap of today, where sending began at `first`; `None` once it is over.
fn warm_up_cap(first_day: u32, first: Option<Timestamp>, now: Timestamp) -> Option<u32> {
    let days = u32::try_from(now.since(first.unwrap_or(now)).as_secs() / DAY.as_secs()).unwrap_or(u32::MAX);
    if days < WARM_AFTER { first_day.checked_mul(1 << days) } else { None }
}

/// How many letters each of these destinations may have now.
pub fn rooms(
    conn: &mut Reader,
    caps: Caps,
    gates: &Gates,
    destinations: &[i64],
    now: Timestamp,
) -> Result<Vec<usize>, StoreError> {
    let picks: Vec<Pick> = destinations.iter().map(|destination| (*destination, 1)).collect();
    let allowance = Allowance::read(conn, caps, gates, &picks, now)?;
    destinations.iter().map(|destination| Ok(allowance.room(conn, *destination)?.0)).collect()
}

/// Every attempt at an office since then: its destination, and when it began. One look into the index each.
pub fn attempts_at_offices(conn: &mut Reader, since: Timestamp) -> Result<Vec<(i64, Timestamp)>, StoreError> {
    let offices: Vec<i64> = destinations::table.filter(destinations::id.ne(SUPPORTERS)).select(destinations::id).load(conn)?;
    let mut found = Vec::new();
    for destination in offices {
        let starts: Vec<Timestamp> = attempts::table
            .filter(attempts::destination_id.eq(destination).and(attempts::started_at.gt(since)))
            .order(attempts::started_at)
            .select(attempts::started_at)
            .load(conn)?;
        found.extend(starts.into_iter().map(|at| (destination, at)));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_795_359_600_000);

    #[test]
    fn a_warm_up_doubles_each_day_and_ends() {
        let on_day = |days: u64| warm_up_cap(50, Some(NOW.minus(DAY * u32::try_from(days).unwrap())), NOW);
        assert_eq!([0, 1, 2, 10].map(on_day), [Some(50), Some(100), Some(200), Some(51_200)]);
        assert_eq!([20, 400].map(on_day), [None, None]);
        assert_eq!(warm_up_cap(50, None, NOW), Some(50), "nothing was sent yet");
        assert_eq!(warm_up_cap(50, Some(NOW.plus(DAY)), NOW), Some(50), "the clock was set back");
        assert_eq!(warm_up_cap(u32::MAX, Some(NOW.minus(DAY)), NOW), None, "more than can be counted is no cap");
    }

    #[test]
    fn room_comes_when_the_oldest_leaves_the_window() {
        let at = |seconds: u64| NOW.minus(Duration::from_secs(seconds));
        let starts = [at(1), at(20), at(50), at(90)];
        let minute = Duration::from_mins(1);
        assert_eq!(room_of(&starts, 5, minute, NOW), (2, NOW));
        assert_eq!(room_of(&starts, 3, minute, NOW), (0, NOW.plus(Duration::from_secs(10))));
        assert_eq!(room_of(&starts, 1, minute, NOW), (0, NOW.plus(Duration::from_secs(59))));
        assert_eq!(room_of(&[], 1, minute, NOW), (1, NOW));
    }
}
