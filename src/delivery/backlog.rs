//! What waits where, in memory: one head for each destination, what rests, and who had their share. It is a hint, made
//! again from the tables at every start and every half second; the claim looks at the tables themselves.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use super::fairness::Fairness;
use crate::domain::{OfficePace, Pause, PauseKind, PauseScope, Timestamp};
use crate::store::gates::Gates;
use crate::store::messages::SUPPORTERS;
use crate::store::pauses;
use crate::store::queue::{self, Due, Pick};
use crate::store::{Reader, StoreError};

/// How far the messages of a destination are counted at a time.
const COUNTED: usize = 128;
/// Longer than this no cap can close a destination; a later time is from before the clock was set back.
const LONGEST_CLOSED: Duration = Duration::from_hours(1);

/// What the tables say.
pub(super) struct Look {
    due: Vec<Due>,
    rests: Vec<Pause>,
    domains: HashMap<i64, String>,
    paces: HashMap<i64, OfficePace>,
}

impl Look {
    /// Letters a minute to destinations whose pace staff chose.
    pub(super) fn paces(&self) -> HashMap<i64, u32> {
        self.paces.iter().map(|(destination, pace)| (*destination, pace.a_minute)).collect()
    }
}

/// Reads it; `known` are the destinations whose waiting messages need no counting.
pub(super) fn look(conn: &mut Reader, known: &BTreeSet<i64>, now: Timestamp) -> Result<Look, StoreError> {
    let due = queue::due(conn, known, COUNTED, now)?;
    let rests = pauses::all(conn)?;
    let by_domain = rests.iter().any(|pause| matches!(pause.scope, PauseScope::Domain(_)));
    let domains = if by_domain { pauses::domains(conn)? } else { HashMap::new() };
    let paces = Gates::read(conn, now)?.paces().clone();
    Ok(Look { due, rests, domains, paces })
}

#[derive(Default)]
pub(super) struct Backlog {
    due: Vec<Due>,
    rests: Vec<Pause>,
    domains: HashMap<i64, String>,
    paces: HashMap<i64, OfficePace>,
    closed: HashMap<i64, Timestamp>,
    /// A destination ran out of counted messages and may have more.
    pub(super) ran_out: bool,
}

impl Backlog {
    /// The destinations of which messages are known to wait.
    pub(super) fn known(&self) -> BTreeSet<i64> {
        self.due.iter().filter(|due| due.waiting > 0).map(|due| due.destination_id).collect()
    }

    pub(super) fn update(&mut self, look: Look) {
        let before: HashMap<i64, usize> = self.due.iter().map(|due| (due.destination_id, due.waiting)).collect();
        self.due = look.due;
        for due in self.due.iter_mut().filter(|due| due.waiting == 0) {
            due.waiting = before.get(&due.destination_id).copied().unwrap_or(0);
        }
        self.rests = look.rests;
        self.domains = look.domains;
        if self.paces != look.paces {
            // Who had their share of the old pace may have room by the new one: the claim counts again.
            self.closed.clear();
            self.paces = look.paces;
        }
        self.ran_out = false;
    }

    pub(super) fn set_rests(&mut self, rests: Vec<Pause>) {
        // A domain is new to this board: the next look brings who is in it.
        self.ran_out |= rests.iter().any(|pause| matches!(pause.scope, PauseScope::Domain(_)));
        self.rests = rests;
    }

    /// The stops on record.
    pub(super) fn stops(&self) -> Vec<PauseScope> {
        self.rests.iter().filter(|pause| pause.kind == PauseKind::Stop).map(|pause| pause.scope.clone()).collect()
    }

    /// What the claim found: these had less than was thought, those had their share.
    pub(super) fn correct(&mut self, drained: &[i64], full: &[(i64, Timestamp)]) {
        for due in self.due.iter_mut().filter(|due| drained.contains(&due.destination_id)) {
            due.waiting = 0;
        }
        self.closed.extend(full.iter().copied());
    }

    /// An attempt there did not count after all.
    pub(super) fn reopen(&mut self, destination: i64) {
        self.closed.remove(&destination);
    }

    /// Forgets what waits: it must be looked at again.
    pub(super) fn forget(&mut self) {
        self.due.clear();
        self.ran_out = true;
    }

    /// What to take with so many free hands: notices first, then one of each office in turn, so that an office with
    /// many waiting letters delays no other. `pace` takes one message's place in its destination's pace, or says how
    /// long until there is one. `wait` becomes shorter where something will be free sooner.
    pub(super) fn choose(
        &mut self,
        fairness: &Fairness,
        hands: usize,
        now: Timestamp,
        wait: &mut Duration,
        pace: impl Fn(i64) -> Result<(), Duration>,
    ) -> Vec<Pick> {
        self.closed.retain(|_, until| *until > now && until.since(now) <= LONGEST_CLOSED);
        let (hands, probing) = match self.resting(&PauseScope::All, now) {
            Rest::No => (hands, false),
            Rest::Until(at) => {
                *wait = (*wait).min(at);
                return Vec::new();
            }
            // A stop is tried with one message, and nothing else under way.
            Rest::Try => (if fairness.busy() == 0 { hands.min(1) } else { 0 }, true),
        };
        let mut picks: Vec<Pick> = Vec::new();
        let mut free = hands;
        let (notices, offices): (Vec<Due>, Vec<Due>) =
            self.due.iter().filter(|due| due.waiting > 0).partition(|due| due.destination_id == SUPPORTERS);
        for mut group in [notices, offices] {
            if free == 0 {
                break;
            }
            fairness.order(&mut group);
            let mut open: Vec<(Due, usize, usize)> = Vec::new();
            for due in group {
                let most = match self.open(&due, fairness, now) {
                    Ok(most) => most.min(due.waiting),
                    Err(until) => {
                        *wait = (*wait).min(until.max(Duration::from_millis(1)));
                        continue;
                    }
                };
                open.push((due, 0, most));
            }
            while free > 0 && !open.is_empty() {
                open.retain_mut(|(due, taken, most)| {
                    if free == 0 {
                        return true;
                    }
                    if *taken == *most || !(probing || fairness.has_room(due.destination_id, *taken)) {
                        return false;
                    }
                    if let Err(until) = pace(due.destination_id) {
                        *wait = (*wait).min(until.max(Duration::from_millis(1)));
                        return false;
                    }
                    *taken += 1;
                    free -= 1;
                    match picks.iter_mut().find(|(destination, _)| *destination == due.destination_id) {
                        Some((_, count)) => *count += 1,
                        None => picks.push((due.destination_id, 1)),
                    }
                    true
                });
            }
        }
        for (destination, count) in &picks {
            for due in self.due.iter_mut().filter(|due| due.destination_id == *destination) {
                due.waiting -= count;
                self.ran_out |= due.waiting == 0;
            }
        }
        picks
    }

    /// How many the destination may have as far as rests and caps go, or how long until that changes.
    fn open(&self, due: &Due, fairness: &Fairness, now: Timestamp) -> Result<usize, Duration> {
        let destination = due.destination_id;
        if let Some(until) = self.closed.get(&destination) {
            return Err(until.since(now));
        }
        if self.rests.is_empty() {
            return Ok(usize::MAX);
        }
        let domain = self.domains.get(&destination).filter(|_| destination != SUPPORTERS);
        let scopes = [Some(PauseScope::Destination(destination)), domain.map(|name| PauseScope::Domain(name.clone()))];
        let mut most = usize::MAX;
        for scope in scopes.into_iter().flatten() {
            match self.resting(&scope, now) {
                Rest::No => {}
                Rest::Until(at) => return Err(at),
                Rest::Try => most = usize::from(fairness.in_hand_at(destination) == 0),
            }
        }
        Ok(most)
    }

    fn resting(&self, scope: &PauseScope, now: Timestamp) -> Rest {
        match self.rests.iter().find(|pause| pause.scope == *scope) {
            // The sender is told when staff end it.
            Some(pause) if pause.kind == PauseKind::Blocked => Rest::Until(BLOCK_LOOK),
            Some(pause) if pause.until > now => Rest::Until(pause.until.since(now)),
            Some(pause) if pause.kind == PauseKind::Stop => Rest::Try,
            _ => Rest::No,
        }
    }
}

/// How long to wait before a block is looked at again that nothing ended.
const BLOCK_LOOK: Duration = Duration::from_hours(1);

enum Rest {
    No,
    Until(Duration),
    Try,
}

#[cfg(test)]
#[path = "backlog_tests.rs"]
mod tests;
