//! Where sending rests, kept so that a restart forgets nothing.

use std::collections::HashMap;
use std::time::Duration;

use diesel::deserialize;
use diesel::prelude::*;
use diesel::sqlite::Sqlite;

use super::blocks;
use crate::domain::{DistrictName, Pause, PauseKind, PauseScope, Timestamp};
use crate::store::literal::literal;
use crate::store::schema::{destinations, offices, officials, pauses};
use crate::store::{Reader, StoreError, Tx};

/// A server that asks to slow down again after this long is asked as if for the first time.
const FORGOTTEN_AFTER: Duration = Duration::from_hours(2);
/// A rule of one office is its own; the same from so many is our fault, and all sending stops.
const SAME_EVERYWHERE: usize = 3;

/// Every rest on record, those that are over too.
pub fn all(conn: &mut Reader) -> Result<Vec<Pause>, StoreError> {
    Ok(pauses::table.order((pauses::scope, pauses::key)).load(conn)?)
}

impl Queryable<pauses::SqlType, Sqlite> for Pause {
    type Row = (String, String, PauseKind, String, Timestamp, Timestamp, i32);

    fn build((scope, key, kind, reason, since, until, times): Self::Row) -> deserialize::Result<Self> {
        let scope = PauseScope::parse(&scope, &key).ok_or_else(|| format!("pauses.scope \"{scope}\""))?;
        Ok(Self { scope, kind, reason, since, until, times: u32::try_from(times).unwrap_or(1) })
    }
}

/// The mail domain of each destination whose office has a mailbox.
pub fn domains(conn: &mut Reader) -> Result<HashMap<i64, String>, StoreError> {
    let rows: Vec<(i64, Option<String>)> = destinations::table
        .inner_join(officials::table.on(officials::office_id.nullable().eq(destinations::office_id)))
        .filter(officials::ended_at.is_null())
        .select((destinations::id, officials::email))
        .load(conn)?;
    let domain = |email: String| email.rsplit_once('@').map(|(_, domain)| domain.to_ascii_lowercase());
    Ok(rows.into_iter().filter_map(|(id, email)| Some((id, domain(email?)?))).collect())
}

/// The office of each destination.
pub fn offices(conn: &mut Reader) -> Result<Vec<(i64, DistrictName)>, StoreError> {
    Ok(destinations::table
        .inner_join(offices::table.on(offices::id.nullable().eq(destinations::office_id)))
        .select((destinations::id, DistrictName::as_select()))
        .load(conn)?)
}

/// Has `scope` rest, at least as long as the server `asked`. What was in hand when it began to rest changes nothing
/// more; whoever is refused after a rest makes the next one longer. The same stop at several offices stops everything.
pub fn begin(
    tx: &mut Tx<'_>,
    scope: &PauseScope,
    kind: PauseKind,
    reason: &str,
    asked: Option<Duration>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let known = all(tx.conn)?;
    let before = known.iter().find(|pause| pause.scope == *scope);
    let (mut kind, mut since, mut times) = (kind, now, 1);
    if let Some(before) = before {
        let stronger = kind > before.kind;
        if before.kind == PauseKind::Blocked || (before.until > now && !stronger) {
            return Ok(());
        }
        if !stronger && (before.kind == PauseKind::Stop || now.since(before.until) < FORGOTTEN_AFTER) {
            (kind, since, times) = (before.kind, before.since, before.times.saturating_add(1));
        }
    }
    let until = now.plus(kind.rest(times, asked));
    let (word, key) = scope.words();
    let row = (
        pauses::scope.eq(word),
        pauses::key.eq(key),
        pauses::kind.eq(kind),
        pauses::reason.eq(reason),
        pauses::since.eq(since),
        pauses::until.eq(until),
        pauses::times.eq(i32::try_from(times).unwrap_or(i32::MAX)),
    );
    diesel::replace_into(pauses::table).values(row).execute(tx.conn)?;
    let stopped = |pause: &&Pause| {
        pause.kind == PauseKind::Stop && matches!(pause.scope, PauseScope::Destination(_)) && pause.scope != *scope
    };
    if kind == PauseKind::Stop
        && matches!(scope, PauseScope::Destination(_))
        && known.iter().filter(stopped).filter(|pause| now.since(pause.since) < FORGOTTEN_AFTER).count() + 1 >= SAME_EVERYWHERE
    {
        return begin(tx, &PauseScope::All, kind, reason, asked, now);
    }
    Ok(())
}

/// Ends the stops that a message begun at `began` has disproved by being taken.
pub fn lift(tx: &mut Tx<'_>, scopes: &[PauseScope], began: Timestamp) -> Result<usize, StoreError> {
    let mut lifted = 0;
    for scope in scopes {
        let (word, key) = scope.words();
        let stop = pauses::table
            .filter(pauses::scope.eq(word).and(pauses::key.eq(key)))
            .filter(pauses::kind.eq(literal(PauseKind::Stop.as_str())).and(pauses::since.le(began)));
        lifted += diesel::delete(stop).execute(tx.conn)?;
    }
    Ok(lifted)
}

/// Ends every rest: staff say that what was wrong is mended. Gives how many there were.
pub fn resume(tx: &mut Tx<'_>, now: Timestamp) -> Result<usize, StoreError> {
    blocks::mended(tx, now)?;
    Ok(diesel::delete(pauses::table).execute(tx.conn)?)
}

#[cfg(test)]
#[path = "pauses_tests.rs"]
mod tests;
