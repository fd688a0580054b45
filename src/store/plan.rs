//! How SQLite would carry out a read, for tests of reads that grow with the tables.

use diesel::debug_query;
use diesel::prelude::*;
use diesel::query_builder::QueryFragment;
use diesel::sqlite::Sqlite;

use crate::store::Store;

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = diesel::sql_types::Text)]
    detail: String,
}

/// The steps of the plan over a new database, one a line: `SEARCH messages USING INDEX ...`.
pub(super) fn of(query: &impl QueryFragment<Sqlite>) -> String {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("standout.sqlite3")).unwrap();
    let explain = format!("EXPLAIN QUERY PLAN {}", debug_query::<Sqlite, _>(query));
    let steps: Vec<Step> = store.read_blocking(|conn| Ok(diesel::sql_query(explain).load(conn)?)).unwrap();
    steps.into_iter().map(|step| step.detail).collect::<Vec<_>>().join("\n")
}
