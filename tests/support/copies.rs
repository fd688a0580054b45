//! Many letters at once: copies of one that is there, each with a Message-ID of its own. A thousand sign-ups over HTTP
//! would be what such a test waits for.

use std::path::Path;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;

/// Queues so many copies of a letter that was written to `mailbox`; what is kept of the counts follows.
pub fn queue_copies(database: &Path, mailbox: &str, copies: usize) {
    let mut connection = SqliteConnection::establish(&database.to_string_lossy()).unwrap();
    let sql = format!(
        "PRAGMA busy_timeout = 5000;
         BEGIN IMMEDIATE;
         CREATE TEMP TABLE one AS SELECT m.* FROM messages m JOIN officials o ON o.id = m.official_id
           JOIN message_texts t ON t.message_id = m.id WHERE o.email = '{mailbox}' ORDER BY m.id LIMIT 1;
         CREATE TEMP TABLE new AS WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {copies})
           SELECT n + (SELECT max(id) FROM messages) AS id FROM c;
         INSERT INTO messages (id, kind, state, campaign_id, signup_id, town, office_id, official_id, destination_id, message_id,
             created_at, queued_at, due_at, failures, state_since, state_day)
           SELECT new.id, kind, 'queued', campaign_id, signup_id, town, office_id, official_id, destination_id,
             '<copy-' || new.id || '@campaign.example>', created_at, queued_at, created_at, 0, state_since, state_day FROM one, new;
         INSERT INTO message_texts SELECT new.id, t.from_name, t.subject, t.body_text, t.body_html
           FROM new, message_texts t JOIN one ON t.message_id = one.id;
         INSERT INTO counts SELECT campaign_id, 'all', '', 'queued', {copies} FROM one
             UNION ALL SELECT campaign_id, 'town', town, 'queued', {copies} FROM one
             UNION ALL SELECT campaign_id, 'day', state_day, 'queued', {copies} FROM one
             UNION ALL SELECT campaign_id, 'office', office_id, 'queued', {copies} FROM one WHERE true
           ON CONFLICT DO UPDATE SET n = n + excluded.n;
         DROP TABLE new; DROP TABLE one;
         COMMIT;"
    );
    connection.batch_execute(&sql).unwrap();
}

/// Holds the database as another process would, until it is dropped.
pub struct Lock(SqliteConnection);

impl Lock {
    pub fn take(database: &Path) -> Self {
        let mut connection = SqliteConnection::establish(&database.to_string_lossy()).unwrap();
        connection.batch_execute("PRAGMA busy_timeout = 5000; BEGIN IMMEDIATE;").unwrap();
        Self(connection)
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = self.0.batch_execute("ROLLBACK");
    }
}
