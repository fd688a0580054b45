//! A campaign's queue, and one office's, in sentences: how much waits, how long already, until when.

use std::time::Duration;

use super::queues::{empty_at, pace};
use super::sending::Sending;
use super::words;
use crate::config::Limits;
use crate::domain::{MessageState, TimeZone, Timestamp};
use crate::report::{Group, ReportRow};
use crate::store::depth::{self, OfficeQueue};
use crate::store::{Reader, StoreError};

/// What waits for the offices that a campaign's letters wait for.
pub(super) struct Queue {
    /// Letters of the campaign that wait.
    waiting: i64,
    /// Letters of the campaign in hand.
    sending: i64,
    /// The queues that they wait in, which other campaigns may share.
    offices: Vec<OfficeQueue>,
}

/// Reads it; `rows` are the campaign's counts by office.
pub(super) fn queue(conn: &mut Reader, rows: &[ReportRow], now: Timestamp) -> Result<Queue, StoreError> {
    let of = |state| rows.iter().map(|row| row.ladder.letters.get(state)).sum();
    let waiting_at: Vec<i64> = rows
        .iter()
        .filter(|row| row.ladder.letters.get(MessageState::Queued) > 0)
        .filter_map(|row| if let Group::Office { id, .. } = row.group { Some(id) } else { None })
        .collect();
    let offices = if waiting_at.is_empty() { Vec::new() } else { depth::by_office(conn, now)? };
    let offices = offices.into_iter().filter(|queue| waiting_at.contains(&queue.office)).collect();
    Ok(Queue { waiting: of(MessageState::Queued), sending: of(MessageState::Sending), offices })
}

impl Queue {
    /// "340 letters wait. The first has been due for 2 hours. ..."
    pub(super) fn sentences(&self, sending: &Sending, limits: Limits, zone: &TimeZone, now: Timestamp) -> Vec<String> {
        if self.waiting + self.sending == 0 {
            return vec!["Nothing waits to be sent.".into()];
        }
        let mut said = vec![format!(
            "{} {} to be sent, {} {} in hand.",
            words::letters(self.waiting),
            words::plural(self.waiting, "waits", "wait"),
            super::super::views::figures::grouped(self.sending),
            words::plural(self.sending, "is", "are"),
        )];
        let first = self.offices.iter().filter_map(|office| office.waiting.first_due).min();
        if let Some(first) = first {
            said.push(match now.since(first) {
                late if late < Duration::from_mins(2) => "None of them is late.".into(),
                late => format!("The first in line has been due for {}.", words::wait(late)),
            });
        }
        let waiting = self.offices.iter().map(|office| u64::try_from(office.waiting.messages).unwrap_or(0));
        let left = pace(limits).all(waiting);
        let rests = sending.of_destination(0, None, now);
        said.push(format!("At today's pace all have gone: {}.", empty_at(self.waiting, rests, left, Some(zone), now)));
        said
    }
}
