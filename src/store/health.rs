//! Looks a database over without changing it: for `standout doctor`, also while the service runs.

use std::collections::BTreeSet;
use std::path::Path;

use diesel::connection::SimpleConnection;
use diesel::migration::{Migration, MigrationSource};
use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel::sqlite::{Sqlite, SqliteConnection};
use diesel_migrations::MigrationHarness;

use crate::store::StoreError;
use crate::store::connection::MIGRATIONS;

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Health {
    /// The first fault that SQLite's `quick_check` names.
    pub fault: Option<String>,
    /// Changes of shape that the next start makes.
    pub pending: usize,
    /// Changes of shape that this version does not know.
    pub unknown: usize,
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    quick_check: String,
}

/// Reads the database at `path`, which has to be there.
///
/// # Errors
/// When it can't be opened or is no database of this service.
pub fn examine(path: &Path) -> Result<Health, StoreError> {
    let failed = |cause: String| StoreError::Open { path: path.display().to_string(), cause };
    let mut connection = SqliteConnection::establish(&path.to_string_lossy()).map_err(|error| failed(error.to_string()))?;
    connection.batch_execute("PRAGMA busy_timeout = 5000; PRAGMA query_only = ON;").map_err(|error| failed(error.to_string()))?;
    let lines: Vec<Line> =
        diesel::sql_query("PRAGMA quick_check(1)").load(&mut connection).map_err(|error| failed(error.to_string()))?;
    let fault = lines.into_iter().map(|line| line.quick_check).find(|line| line != "ok");
    if fault.is_some() {
        return Ok(Health { fault, pending: 0, unknown: 0 });
    }
    // In a database that is not ours this would make a table, which `query_only` refuses.
    let applied = connection.applied_migrations().map_err(|error| failed(error.to_string()))?;
    let known: Vec<Box<dyn Migration<Sqlite>>> = MIGRATIONS.migrations().map_err(|error| failed(error.to_string()))?;
    let known: BTreeSet<String> = known.iter().map(|migration| migration.name().version().to_string()).collect();
    let applied: BTreeSet<String> = applied.iter().map(ToString::to_string).collect();
    Ok(Health { fault, pending: known.difference(&applied).count(), unknown: applied.difference(&known).count() })
}

/// How many bytes this user may still write in `folder`; `None` where the system does not tell.
#[must_use]
pub fn free_bytes(folder: &Path) -> Option<u64> {
    #[cfg(unix)]
    return rustix::fs::statvfs(folder).ok().map(|disk| disk.f_bavail.saturating_mul(disk.f_frsize));
    #[cfg(not(unix))]
    return None;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;

    #[test]
    fn a_database_is_looked_over_while_it_is_used_and_stays_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.sqlite3");
        let _store = Store::open(&path).unwrap();
        assert_eq!(examine(&path).unwrap(), Health { fault: None, pending: 0, unknown: 0 });

        let mut other = SqliteConnection::establish(&path.to_string_lossy()).unwrap();
        other
            .batch_execute(
                "DELETE FROM __diesel_schema_migrations WHERE version = (SELECT max(version) FROM __diesel_schema_migrations)",
            )
            .unwrap();
        other.batch_execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('99991231000000')").unwrap();
        assert_eq!(examine(&path).unwrap(), Health { fault: None, pending: 1, unknown: 1 });
    }

    #[test]
    fn what_is_no_database_of_ours_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.sqlite3");
        std::fs::write(&path, "no database at all, but long enough to be looked at as if it were one".repeat(40)).unwrap();
        assert!(examine(&path).is_err());
        let empty = folder.path().join("empty.sqlite3");
        std::fs::write(&empty, "").unwrap();
        assert!(examine(&empty).is_err());
        assert_eq!(std::fs::metadata(&empty).unwrap().len(), 0, "nothing was written");
        assert!(free_bytes(folder.path()).is_none_or(|free| free > 0));
    }
}
