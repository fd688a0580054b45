//! Files that staff uploaded, kept for an hour until somebody approves what they would change.

use std::time::Duration;

use diesel::prelude::*;

use crate::domain::{Timestamp, TokenHash, UsState};
use crate::store::schema::uploads;
use crate::store::{Reader, StoreError, Tx};

/// How long an upload is kept.
const KEPT: Duration = Duration::from_hours(1);

/// A file that waits to be approved.
#[derive(Clone, Queryable, Selectable)]
pub struct Upload {
    /// The state it is for.
    pub state: UsState,
    /// The file's name, as the browser told it.
    pub name: String,
    /// What is in it.
    pub body: Vec<u8>,
}

/// Keeps a file under a random id, and clears away those that are too old.
pub fn keep(tx: &mut Tx<'_>, id: &TokenHash, kind: &str, upload: &Upload, now: Timestamp) -> Result<(), StoreError> {
    diesel::delete(uploads::table.filter(uploads::created_at.le(now.minus(KEPT)))).execute(tx.conn)?;
    diesel::insert_into(uploads::table)
        .values((
            uploads::hash.eq(id),
            uploads::kind.eq(kind),
            uploads::state.eq(upload.state),
            uploads::name.eq(&upload.name),
            uploads::body.eq(&upload.body),
            uploads::created_at.eq(now),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// The file of that id; `None` when it was approved already or is too old.
pub fn find(conn: &mut Reader, id: &TokenHash, kind: &str, now: Timestamp) -> Result<Option<Upload>, StoreError> {
    Ok(uploads::table
        .find(id)
        .filter(uploads::kind.eq(kind).and(uploads::created_at.gt(now.minus(KEPT))))
        .select(Upload::as_select())
        .first(conn)
        .optional()?)
}

/// Forgets the file. False when it was not there any more: somebody else was faster.
pub fn take(tx: &mut Tx<'_>, id: &TokenHash) -> Result<bool, StoreError> {
    Ok(diesel::delete(uploads::table.find(id)).execute(tx.conn)? > 0)
}
