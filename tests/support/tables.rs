//! The tables as they are, read past the store: what a test says of them must not rest on the code it tests.

use std::path::Path;

use diesel::connection::{InstrumentationEvent, SimpleConnection};
use diesel::prelude::*;
use diesel::sql_types::Text;
use serde::de::DeserializeOwned;

/// A connection of the test's own.
pub struct Tables(SqliteConnection);

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// From now on no row can be added to `table`, as on a full disk.
pub fn refuse_rows(database: &Path, table: &str) {
    let mut connection = SqliteConnection::establish(&database.to_string_lossy()).unwrap();
    let trigger = format!("CREATE TRIGGER full BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'the test refuses'); END;");
    connection.batch_execute(&format!("PRAGMA busy_timeout = 5000; {trigger}")).unwrap();
}

impl Tables {
    /// Ends what [`refuse_rows`] began.
    pub fn allow_rows(database: &Path) {
        Self::change(database, "DROP TRIGGER full");
    }

    /// Changes the tables past the store, as nothing but a test may.
    pub fn change(database: &Path, sql: &str) {
        let mut connection = SqliteConnection::establish(&database.to_string_lossy()).unwrap();
        connection.batch_execute(&format!("PRAGMA busy_timeout = 5000; {sql};")).unwrap();
    }

    pub fn open(database: &Path) -> Self {
        let mut connection = SqliteConnection::establish(&database.to_string_lossy()).unwrap();
        connection.batch_execute("PRAGMA busy_timeout = 5000; PRAGMA query_only = ON;").unwrap();
        // A test that notes the service's statements has no use for its own.
        connection.set_instrumentation(|_: InstrumentationEvent<'_>| {});
        Self(connection)
    }

    /// `SELECT columns FROM rest`, each row as a tuple.
    pub fn rows<T: DeserializeOwned>(&mut self, columns: &str, rest: &str) -> Vec<T> {
        let lines: Vec<Line> =
            diesel::sql_query(format!("SELECT json_array({columns}) AS line FROM {rest}")).load(&mut self.0).unwrap();
        lines.iter().map(|line| serde_json::from_str(&line.line).unwrap()).collect()
    }

    /// `SELECT count(*) FROM rest`.
    pub fn count(&mut self, rest: &str) -> usize {
        self.rows::<(usize,)>("count(*)", rest)[0].0
    }
}
