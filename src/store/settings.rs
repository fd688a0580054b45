//! Small facts of the whole service, by name.

use diesel::prelude::*;

use crate::store::schema::settings;
use crate::store::{Reader, StoreError, Tx};

/// Grows with every import; a running service looks again when it has changed.
pub fn revision(conn: &mut Reader) -> Result<i64, StoreError> {
    Ok(get(conn, "revision")?.and_then(|text| text.parse().ok()).unwrap_or(0))
}

/// Says that campaigns, offices or places have changed.
pub(super) fn bump_revision(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    let next = revision(tx.conn)? + 1;
    set(tx, "revision", &next.to_string())
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
