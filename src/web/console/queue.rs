//! A campaign's queue, and one office's, in sentences: how much waits, how long already, until when.

use std::time::Duration;

use super::super::views::figures::grouped;
use super::outlook::{Empty, Outlook, paused_by};
use super::queues::{empty_at, pace};
use super::sending::Sending;
use super::words;
use crate::config::Limits;
use crate::domain::{MessageState, StaffPauseOf, TimeZone, Timestamp};
use crate::report::{Group, ReportRow};
use crate::store::depth::{self, OfficeQueue};
use crate::store::{Reader, StoreError};

/// What waits for the offices that a campaign's letters wait for.
pub(super) struct Queue {
    /// Letters of the campaign that wait.
    waiting: i64,
    /// Letters of the campaign in hand.
    sending: i64,
    /// The campaign.
    campaign: i64,
    /// What staff paused, and when letters go.
    outlook: Outlook,
    /// The queues that they wait in, which other campaigns may share.
    offices: Vec<OfficeQueue>,
}

/// Reads it; `rows` are the campaign's counts by office.
pub(super) fn queue(conn: &mut Reader, campaign: i64, rows: &[ReportRow], now: Timestamp) -> Result<Queue, StoreError> {
    let of = |state| rows.iter().map(|row| row.ladder.letters.get(state)).sum();
    let waiting_at: Vec<i64> = rows
        .iter()
        .filter(|row| row.ladder.letters.get(MessageState::Queued) > 0)
        .filter_map(|row| if let Group::Office { id, .. } = row.group { Some(id) } else { None })
        .collect();
    let offices = if waiting_at.is_empty() { Vec::new() } else { depth::by_office(conn, now)? };
    let offices = offices.into_iter().filter(|queue| waiting_at.contains(&queue.office)).collect();
    let outlook = Outlook::read(conn, now)?;
    Ok(Queue { waiting: of(MessageState::Queued), sending: of(MessageState::Sending), campaign, outlook, offices })
}

impl Queue {
    /// "340 letters wait. The first has been due for 2 hours. ..."
    pub(super) fn sentences(&self, sending: &Sending, limits: Limits, zone: &TimeZone, now: Timestamp) -> Vec<String> {
        if self.waiting + self.sending == 0 {
            return vec!["Nothing waits to be sent.".into()];
        }
        let wait = format!("{} {} to be sent", words::letters(self.waiting), words::plural(self.waiting, "waits", "wait"));
        let mut said = vec![match self.sending {
            0 => format!("{wait}."),
            n => format!("{wait}, {} {} in hand.", grouped(n), words::plural(n, "is", "are")),
        }];
        let first = self.offices.iter().filter_map(|office| office.waiting.first_due).min();
        if let Some(first) = first {
            said.push(match now.since(first) {
                late if late < Duration::from_mins(2) => "None of them is late.".into(),
                late => format!("The first in line has been due for {}.", words::wait(late)),
            });
        }
        let paused = [StaffPauseOf::Everything, StaffPauseOf::Campaign(self.campaign)];
        if let Some(pause) = paused.into_iter().find_map(|of| self.outlook.pause(of)) {
            said.push(paused_by(pause, now));
        }
        let empty = match self.outlook.all_gone(&self.offices, pace(limits), now) {
            _ if self.outlook.pause(StaffPauseOf::Campaign(self.campaign)).is_some() => Empty::Paused,
            Empty::Now => Empty::At(now),
            empty => empty,
        };
        let rests = sending.of_destination(0, None, now);
        said.push(format!("At today's pace all have gone: {}.", empty_at(empty, rests, zone, now)));
        said
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_queue_is_told_in_sentences() {
        let now = Timestamp::from_millis(1_795_359_600_000);
        let zone = TimeZone::parse("America/New_York").unwrap();
        let limits = crate::config::Config::from_lookup(|_| None).unwrap().limits;
        let said = |waiting, sending| {
            let queue = Queue { waiting, sending, campaign: 1, outlook: Outlook::default(), offices: Vec::new() };
            queue.sentences(&Sending::default(), limits, &zone, now).join(" ")
        };
        assert_eq!(said(0, 0), "Nothing waits to be sent.");
        assert_eq!(said(1, 2), "1 letter waits to be sent, 2 are in hand. At today's pace all have gone: within a minute.");
        assert!(said(1204, 0).starts_with("1,204 letters wait to be sent. "));
    }
}
