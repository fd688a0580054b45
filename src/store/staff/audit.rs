//! The audit log: who did what, to what, when. Lines are only ever added.

use diesel::prelude::*;

use crate::domain::{AuditAction, AuditEntry, Timestamp};
use crate::store::schema::audit_log;
use crate::store::{Reader, StoreError, Tx};

/// A line that is on record.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = audit_log)]
pub struct Line {
    /// Its number, growing with time.
    pub id: i64,
    /// When.
    pub at: Timestamp,
    /// Who: a login's address, or `command line`.
    pub who: String,
    /// What was done, in words.
    #[diesel(column_name = act)]
    pub deed: String,
    /// To what.
    pub subject: String,
    /// Reasons and values.
    pub detail: String,
}

/// Adds a line, in the transaction of what it tells of.
pub fn note(tx: &mut Tx<'_>, entry: &AuditEntry, now: Timestamp) -> Result<(), StoreError> {
    diesel::insert_into(audit_log::table)
        .values((
            audit_log::at.eq(now),
            audit_log::who.eq(entry.who.name()),
            audit_log::act.eq(entry.deed),
            audit_log::subject.eq(&entry.subject),
            audit_log::detail.eq(&entry.detail),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// The newest lines, `most` of them; those before line `before`, where it is given.
pub fn newest(conn: &mut Reader, before: Option<i64>, most: i64) -> Result<Vec<Line>, StoreError> {
    let before = before.unwrap_or(i64::MAX);
    Ok(in_words(
        audit_log::table
            .filter(audit_log::id.lt(before))
            .select(Line::as_select())
            .order(audit_log::id.desc())
            .limit(most)
            .load(conn)?,
    ))
}

/// Which lines to show.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only those of this one.
    pub who: Option<String>,
    /// Only of this deed.
    pub deed: Option<AuditAction>,
}

/// The newest lines that the filter lets through, `most` of them; those before line `before`, where it is given.
pub fn filtered(conn: &mut Reader, filter: &Filter, before: Option<i64>, most: i64) -> Result<Vec<Line>, StoreError> {
    let mut lines = audit_log::table.filter(audit_log::id.lt(before.unwrap_or(i64::MAX))).select(Line::as_select()).into_boxed();
    if let Some(who) = &filter.who {
        lines = lines.filter(audit_log::who.eq(who.clone()));
    }
    if let Some(deed) = filter.deed {
        lines = lines.filter(audit_log::act.eq(deed));
    }
    Ok(in_words(lines.order(audit_log::id.desc()).limit(most).load(conn)?))
}

/// Everybody whom the log names.
pub fn everybody(conn: &mut Reader) -> Result<Vec<String>, StoreError> {
    Ok(audit_log::table.select(audit_log::who).distinct().order(audit_log::who).load(conn)?)
}

/// What was done to one subject, newest first, `most` lines.
pub fn of_subject(conn: &mut Reader, subject: &str, most: i64) -> Result<Vec<Line>, StoreError> {
    Ok(in_words(
        audit_log::table
            .filter(audit_log::subject.eq(subject))
            .select(Line::as_select())
            .order(audit_log::id.desc())
            .limit(most)
            .load(conn)?,
    ))
}

/// A newer version's deed is shown by its word.
fn in_words(mut lines: Vec<Line>) -> Vec<Line> {
    for line in &mut lines {
        if let Some(deed) = AuditAction::parse(&line.deed) {
            deed.in_words().clone_into(&mut line.deed);
        }
    }
    lines
}
