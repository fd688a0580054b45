//! What an outcome does: to the message, and to what is around it.

use std::time::Duration;

use super::outcome::{Outcome, Reach};
use crate::domain::{MessageKind, PauseKind, PauseScope, RetrySchedule, Timestamp};
use crate::store::attempts::{AttemptResult, Disposition, JudgedAttempt};
use crate::store::queue::Claimed;
use crate::store::{StoreError, Tx, mailboxes, pauses};

/// From this many failed tries on a server's "soon" is not believed any more: the schedule counts too.
const BELIEVED: u32 = 3;

/// What a result does beside its message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// Nothing.
    None,
    /// The message was taken: stops that would have kept it are over, if it began after them.
    Disproves(Timestamp),
    /// This has to rest.
    Rest(PauseScope, PauseKind, Option<Duration>),
    /// The official's mailbox does not exist.
    Dead(i64),
}

/// Decides. `jitter` is a random number from 0 to 1, see [`RetrySchedule::wait`]; `began` is when the try began.
///
/// A rest keeps the messages of its scope back by itself, so they are put back as due. A notice goes to one
/// supporter's mailbox, of which there is no destination of its own: what is about that mailbox is about the notice alone.
pub(super) fn consequence(
    outcome: Outcome,
    work: &Claimed,
    retries: &RetrySchedule,
    jitter: f64,
    began: Timestamp,
    now: Timestamp,
) -> (Disposition, Effect) {
    let letter = work.kind == MessageKind::Letter;
    let own = |reach| letter || reach == Reach::All;
    let scope = |reach| match reach {
        Reach::All => PauseScope::All,
        Reach::Domain => PauseScope::Domain(work.to_email.domain().to_ascii_lowercase()),
        Reach::Destination => PauseScope::Destination(work.destination_id),
    };
    match outcome {
        Outcome::Sent => (Disposition::Sent, Effect::Disproves(began)),
        Outcome::DeadMailbox => (Disposition::Failed, work.official_id.filter(|_| letter).map_or(Effect::None, Effect::Dead)),
        Outcome::Later { asked, counts: false } => {
            (Disposition::Postponed(now.plus(asked.unwrap_or_else(|| retries.first(jitter)))), Effect::None)
        }
        Outcome::Later { asked, counts: true } => {
            // Days in the queue, behind a pace or a rest, are no tries: the first failure never ends a message.
            let age = if work.failures == 0 { Duration::ZERO } else { now.since(work.queued_at) };
            let Some(planned) = retries.wait(work.failures + 1, age, jitter) else { return (Disposition::Failed, Effect::None) };
            let wait = match asked.map(|asked| asked.mul_f64(1.0 + 0.2 * jitter.clamp(0.0, 1.0))) {
                Some(asked) if work.failures < BELIEVED => asked,
                asked => planned.max(asked.unwrap_or_default()),
            };
            (Disposition::Retry(now.plus(wait)), Effect::None)
        }
        Outcome::SlowDown { reach, asked } if own(reach) => {
            (Disposition::Postponed(now), Effect::Rest(scope(reach), PauseKind::SlowDown, asked))
        }
        Outcome::SlowDown { asked, .. } => {
            (Disposition::Postponed(now.plus(retries.first(jitter).max(asked.unwrap_or_default()))), Effect::None)
        }
        Outcome::OurFault(Reach::All) => (Disposition::Postponed(now), Effect::Rest(PauseScope::All, PauseKind::Stop, None)),
        // Another letter goes first when the office is tried again: this one's words may be what its filter minds.
        Outcome::OurFault(reach) if own(reach) => {
            (Disposition::Postponed(now.plus(retries.first(jitter))), Effect::Rest(scope(reach), PauseKind::Stop, None))
        }
        Outcome::Refused | Outcome::OurFault(_) => (Disposition::Failed, Effect::None),
    }
}

impl Effect {
    /// Writes it. True when what rests may have changed.
    pub(super) fn write(
        &self,
        tx: &mut Tx<'_>,
        attempt: &JudgedAttempt,
        stops: &[PauseScope],
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let work = &attempt.work;
        match self {
            Self::None => Ok(false),
            Self::Disproves(_) if stops.is_empty() => Ok(false),
            Self::Disproves(began) => {
                let domain = PauseScope::Domain(work.to_email.domain().to_ascii_lowercase());
                let covered = [PauseScope::All, domain, PauseScope::Destination(work.destination_id)];
                let over: Vec<PauseScope> = covered.into_iter().filter(|scope| stops.contains(scope)).collect();
                Ok(pauses::lift(tx, &over, *began)? > 0)
            }
            Self::Rest(scope, kind, asked) => {
                pauses::begin(tx, scope, *kind, &said(&attempt.result), *asked, now)?;
                Ok(true)
            }
            Self::Dead(official) => {
                mailboxes::mark_dead(tx, *official, work.to_email.as_str(), &said(&attempt.result), now)?;
                Ok(false)
            }
        }
    }
}

/// The answer in one line: `535 5.7.8 authentication failed`.
fn said(result: &AttemptResult) -> String {
    let code = result.code.map(|code| code.to_string()).unwrap_or_default();
    let parts = [code.as_str(), result.enhanced.as_deref().unwrap_or_default(), result.reply.as_str()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
#[path = "effect_tests.rs"]
mod tests;
