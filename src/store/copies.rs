//! A copy of the whole database, and what has to be said of one that is put back: letters that waited in it may have gone since.

use std::path::Path;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sqlite::SqliteConnection;

use super::letters::messages::{movable, move_to};
use super::schema::messages;
use super::sending::steering;
use super::{Reader, Store, StoreError, Tx, settings};
use crate::domain::{Actor, HeldBecause, MessageKind, MessageState, Reason, StaffPauseOf, Timestamp};

/// When the copy was made: a setting that only a copy has.
const COPIED_AT: &str = "copied_at";
/// Letters that are put on hold in one go.
const AT_ONCE: usize = 500;

/// What a copy that is put back holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Restored {
    pub copied_at: Timestamp,
    /// Letters that waited, or were being sent, when the copy was made.
    pub letters: usize,
    /// Notices to supporters of which the same is so.
    pub notices: usize,
}

impl Store {
    /// Writes a consistent copy of this moment to `file`, which must not be there, while others read and write. It holds its time.
    ///
    /// # Errors
    /// When there is no room, or no right to write.
    pub fn copy_to(&self, file: &Path, now: Timestamp) -> Result<(), StoreError> {
        let failed = |cause: String| StoreError::Failed { doing: "write a copy of itself", cause };
        let path = self.path().to_string_lossy().into_owned();
        let mut connection = SqliteConnection::establish(&path).map_err(|e| failed(e.to_string()))?;
        connection.batch_execute("PRAGMA busy_timeout = 5000;")?;
        diesel::sql_query("VACUUM INTO ?")
            .bind::<diesel::sql_types::Text, _>(file.to_string_lossy().into_owned())
            .execute(&mut connection)
            .map_err(|e| failed(e.to_string()))?;
        let mut copy = SqliteConnection::establish(&file.to_string_lossy()).map_err(|e| failed(e.to_string()))?;
        diesel::sql_query("INSERT OR REPLACE INTO settings (key, value) VALUES (?, ?)")
            .bind::<diesel::sql_types::Text, _>(COPIED_AT)
            .bind::<diesel::sql_types::Text, _>(now.millis().to_string())
            .execute(&mut copy)?;
        Ok(())
    }
}

/// Makes a copy ready to be put back: everything is paused until staff resume it, and with `hold` the letters that may have gone
/// since are held. `None` for a database that is no copy.
pub fn make_ready(tx: &mut Tx<'_>, hold: bool, now: Timestamp) -> Result<Option<Restored>, StoreError> {
    let Some(copied_at) = settings::get(tx.conn, COPIED_AT)?.and_then(|text| text.parse().ok()).map(Timestamp::from_millis)
    else {
        return Ok(None);
    };
    let letters = waiting(tx.conn, true)?;
    let notices = waiting(tx.conn, false)?.len();
    if hold {
        for some in letters.chunks(AT_ONCE) {
            for mut letter in movable(tx, some)? {
                if letter.state == MessageState::Sending {
                    move_to(tx, &mut letter, MessageState::Queued, None, now)?;
                }
                move_to(tx, &mut letter, MessageState::Held, Some(HeldBecause::MayHaveGone), now)?;
            }
        }
    }
    let restored = Restored { copied_at, letters: letters.len(), notices };
    let reason =
        Reason::parse(&restored.in_words(hold)).map_err(|error| StoreError::unknown_value(format!("a reason: {error}")))?;
    steering::resume(tx, StaffPauseOf::Everything)?;
    steering::pause(tx, StaffPauseOf::Everything, &Actor::CommandLine, &reason, now)?;
    diesel::delete(super::schema::settings::table.find(COPIED_AT)).execute(tx.conn)?;
    Ok(Some(restored))
}

impl Restored {
    /// What staff have to know before they resume.
    #[must_use]
    pub fn in_words(&self, held: bool) -> String {
        let next = if held { "the letters are held" } else { "it goes again, with the same Message-ID, when sending is resumed" };
        format!(
            "A copy of {} was put back. What waited then may have gone since (letters: {}, notices: {}): {next}.",
            self.copied_at.rfc3339(),
            self.letters,
            self.notices
        )
    }
}

fn waiting(conn: &mut Reader, letters: bool) -> Result<Vec<i64>, StoreError> {
    let rows: Vec<(i64, MessageKind)> = messages::table
        .filter(messages::state.eq_any([MessageState::Queued, MessageState::Sending]))
        .order(messages::id)
        .select((messages::id, messages::kind))
        .load(conn)?;
    Ok(rows.into_iter().filter(|(_, kind)| (*kind == MessageKind::Letter) == letters).map(|(id, _)| id).collect())
}
