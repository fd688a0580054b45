//! Statements whose text is always the same, so that they are prepared once; diesel prepares its own updates each time.
//! Where a statement is for many rows, their ids come as one JSON array that SQLite reads with `json_each`. Rows that
//! differ in several columns are faster one by one than taken out of JSON.

use std::marker::PhantomData;

use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Nullable, Text};
use diesel::sqlite::{Sqlite, SqliteConnection};
use serde::Serialize;

use crate::store::StoreError;

/// The text of a statement, each `?` a value, in the order in which they stand.
pub(super) trait Statement: 'static {
    const SQL: &'static str;
    /// What its rows are, for one that gives any.
    type Row: 'static;
}

/// A value of a statement.
#[derive(Clone)]
pub(super) enum Value {
    Number(i64),
    Text(String),
    Null,
}

impl Value {
    /// A text, where there is one.
    pub(super) fn maybe(text: Option<String>) -> Self {
        text.map_or(Self::Null, Self::Text)
    }

    /// Rows, each a number or an array of its columns.
    pub(super) fn rows<R: Serialize>(rows: &[R]) -> Result<Self, StoreError> {
        let failed = |error: serde_json::Error| StoreError::Failed { doing: "write a batch", cause: error.to_string() };
        serde_json::to_string(rows).map(Self::Text).map_err(failed)
    }
}

/// A statement with its values.
pub(super) struct Batch<S> {
    values: Vec<Value>,
    statement: PhantomData<S>,
}

impl<S: Statement> Batch<S> {
    pub(super) fn new(values: impl IntoIterator<Item = Value>) -> Self {
        Self { values: values.into_iter().collect(), statement: PhantomData }
    }
}

impl<S: Statement> QueryFragment<Sqlite> for Batch<S> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        let mut values = self.values.iter();
        for (at, part) in S::SQL.split('?').enumerate() {
            if at > 0 {
                match values.next() {
                    Some(Value::Number(number)) => out.push_bind_param::<BigInt, _>(number)?,
                    Some(Value::Text(text)) => out.push_bind_param::<Text, _>(text)?,
                    Some(Value::Null) => out.push_bind_param::<Nullable<Text>, _>(&None::<String>)?,
                    None => return Err(diesel::result::Error::QueryBuilderError("a value of a batch is missing".into())),
                }
            }
            out.push_sql(part);
        }
        Ok(())
    }
}

impl<S: Statement> QueryId for Batch<S> {
    type QueryId = Self;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<S: Statement> Query for Batch<S> {
    type SqlType = S::Row;
}

impl<S: Statement> RunQueryDsl<SqliteConnection> for Batch<S> {}
