//! Words that a statement knows when it is written: they stand in its text, `state = 'queued'`, and not in a value.
//!
//! SQLite uses a partial index only where it can prove the index's condition from the text, so a bound value makes it read the
//! whole table. What varies at run time stays a value.

use diesel::backend::Backend;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::Text;

/// A word in the text of a statement. It shows in the types of rows, so it can't be narrower.
#[derive(Clone, Copy, Debug)]
pub struct Literal(&'static str);

/// This word, as a statement of diesel's takes it: `messages::state.eq(literal(MessageState::Queued.as_str()))`.
pub(super) const fn literal(word: &'static str) -> Literal {
    Literal(word)
}

impl Expression for Literal {
    type SqlType = Text;
}

impl<QS: ?Sized> AppearsOnTable<QS> for Literal {}
impl<QS: ?Sized> SelectableExpression<QS> for Literal {}

impl<GB> ValidGrouping<GB> for Literal {
    type IsAggregate = is_aggregate::Never;
}

/// The type does not tell the word, so a prepared statement is found again by its text.
impl QueryId for Literal {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<DB: Backend> QueryFragment<DB> for Literal {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("'");
        out.push_sql(&self.0.replace('\'', "''"));
        out.push_sql("'");
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use diesel::sqlite::Sqlite;

    use super::*;
    use crate::store::schema::settings;
    use crate::store::{Store, StoreError};

    #[test]
    fn the_word_stands_in_the_text_and_statements_that_differ_in_it_are_not_taken_for_each_other() {
        let of = |word| settings::table.filter(settings::key.eq(literal(word))).select(settings::value);
        let text = diesel::debug_query::<Sqlite, _>(&of("it's")).to_string();
        assert!(text.contains("= 'it''s'") && text.ends_with("binds: []"), "{text}");

        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("standout.sqlite3")).unwrap();
        let rows = store.read_blocking(|conn| {
            conn.set_prepared_statement_cache_size(diesel::connection::CacheSize::Unbounded);
            let mut look = |word| of(word).load::<String>(conn).map(|rows| rows.len()).map_err(StoreError::from);
            Ok([look("revision")?, look("nothing")?, look("revision")?])
        });
        assert_eq!(rows.unwrap(), [1, 0, 1]);
    }
}
