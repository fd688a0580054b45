//! Small facts of the whole service, by name.

use diesel::prelude::*;

use super::schema::settings;
use super::{Reader, StoreError, Tx};
use crate::domain::Timestamp;

const UNKNOWN_PROXY: &str = "unknown_proxy_seen_at";

/// Grows with every import; a running service looks again when it has changed.
pub fn revision(conn: &mut Reader) -> Result<i64, StoreError> {
    Ok(get(conn, "revision")?.and_then(|text| text.parse().ok()).unwrap_or(0))
}

/// Says that campaigns, offices or places have changed.
pub(super) fn bump_revision(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    let next = revision(tx.conn)? + 1;
    set(tx, "revision", &next.to_string())
}

/// When the running service last saw a forwarded request from a peer that it does not trust.
pub fn unknown_proxy(conn: &mut Reader) -> Result<Option<Timestamp>, StoreError> {
    Ok(get(conn, UNKNOWN_PROXY)?.and_then(|text| text.parse().ok()).map(Timestamp::from_millis))
}

/// Keeps when that was.
pub fn note_unknown_proxy(tx: &mut Tx<'_>, at: Timestamp) -> Result<(), StoreError> {
    set(tx, UNKNOWN_PROXY, &at.millis().to_string())
}

/// Forgets it: the service starts, perhaps with other settings. If it is still so, the first such request says it again.
pub fn forget_unknown_proxy(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    diesel::delete(settings::table.find(UNKNOWN_PROXY)).execute(tx.conn)?;
    Ok(())
}

/// The value kept under `key`.
pub fn get(conn: &mut Reader, key: &str) -> Result<Option<String>, StoreError> {
    Ok(settings::table.find(key).select(settings::value).first(conn).optional()?)
}

/// Keeps `value` under `key`.
pub fn set(tx: &mut Tx<'_>, key: &str, value: &str) -> Result<(), StoreError> {
    diesel::insert_into(settings::table)
        .values((settings::key.eq(key), settings::value.eq(value)))
        .on_conflict(settings::key)
        .do_update()
        .set(settings::value.eq(value))
        .execute(tx.conn)?;
    Ok(())
}

/// Adds one to a count that stands among the settings.
pub(super) fn count(tx: &mut Tx<'_>, key: &str) -> Result<(), StoreError> {
    let n = counted(tx.conn, key)? + 1;
    set(tx, key, &n.to_string())
}

/// Such a count; 0 where it was never counted.
pub(super) fn counted(conn: &mut Reader, key: &str) -> Result<i64, StoreError> {
    get(conn, key)?.map_or(Ok(0), |text| text.parse().map_err(|_| StoreError::unknown_value(format!("settings.{key} = {text}"))))
}
