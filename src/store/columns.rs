//! The one place where a type of `domain` meets its column: what it is kept as, and how it is read again.
//!
//! A value that this version does not know is an error that diesel gives with the name of its column; see
//! [`StoreError`](crate::store::StoreError).

use std::fmt;

use diesel::deserialize::{self, FromSql, Queryable};
use diesel::expression::AsExpression;
use diesel::prelude::*;
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{BigInt, Binary, Nullable, Text};
use diesel::sqlite::{Sqlite, SqliteValue};

use crate::domain::{
    Act, ApiScope, Ask, AuditAction, BillNumbers, Chamber, Day, Dimension, DistrictKey, DistrictName, EmailAddress, EventKind,
    FoundBy, HeldBecause, Layer, MessageKind, MessageState, Metric, Parity, PauseKind, Reason, ReturnKind, Role, Side, Slug,
    TimeZone, Timestamp, TokenHash, UsState,
};
use crate::store::schema::offices;

/// What a `parse` of `domain` answers.
trait Parsed<T> {
    fn or_say(self, word: &str) -> deserialize::Result<T>;
}

impl<T> Parsed<T> for Option<T> {
    fn or_say(self, word: &str) -> deserialize::Result<T> {
        self.ok_or_else(|| format!("the word \"{word}\"").into())
    }
}

impl<T, E: fmt::Display> Parsed<T> for Result<T, E> {
    fn or_say(self, _: &str) -> deserialize::Result<T> {
        self.map_err(|error| error.to_string().into())
    }
}

/// A type that is read from a column.
macro_rules! read_as {
    ($type:ty, $sql:ty, $kept:ty, $read:expr) => {
        impl FromSql<$sql, Sqlite> for $type {
            fn from_sql(value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
                let read: fn($kept) -> deserialize::Result<Self> = $read;
                read(<$kept as FromSql<$sql, Sqlite>>::from_sql(value)?)
            }
        }

        impl Queryable<$sql, Sqlite> for $type {
            type Row = Self;

            fn build(row: Self) -> deserialize::Result<Self> {
                Ok(row)
            }
        }
    };
}

/// A type that is kept as what `$to` gives, also where the column may be empty.
macro_rules! kept_as {
    ($type:ty, $sql:ty, $to:ident, $borrowed:ty, $owned:ty) => {
        kept_as!(@as_expression $type, $sql, $to, $borrowed, $owned);
        kept_as!(@as_expression $type, Nullable<$sql>, $to, $borrowed, $owned);

        impl ToSql<Nullable<$sql>, Sqlite> for $type {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
                ToSql::<$sql, Sqlite>::to_sql(self, out)
            }
        }
    };
    (@as_expression $type:ty, $sql:ty, $to:ident, $borrowed:ty, $owned:ty) => {
        impl<'a> AsExpression<$sql> for &'a $type {
            type Expression = <$borrowed as AsExpression<$sql>>::Expression;

            fn as_expression(self) -> Self::Expression {
                AsExpression::<$sql>::as_expression(self.$to())
            }
        }

        impl AsExpression<$sql> for $type {
            type Expression = <$owned as AsExpression<$sql>>::Expression;

            fn as_expression(self) -> Self::Expression {
                AsExpression::<$sql>::as_expression(<$owned>::from(self.$to()))
            }
        }
    };
}

/// A word, or a text that is checked: `$owned` is what a value of its own gives.
macro_rules! text_column {
    ($type:ty, $owned:ty, $parse:path, $to:ident) => {
        read_as!($type, Text, String, |word| $parse(&word).or_say(&word));
        text_column!(written $type, $owned, $to);
    };
    // What is written and looked for, and read as nothing but its words.
    (written $type:ty, $owned:ty, $to:ident) => {
        kept_as!($type, Text, $to, &'a str, $owned);

        impl ToSql<Text, Sqlite> for $type {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
                <str as ToSql<Text, Sqlite>>::to_sql(self.$to(), out)
            }
        }
    };
}

type Word = &'static str;

text_column!(Act, Word, Act::parse, as_str);
text_column!(ApiScope, Word, ApiScope::parse, as_str);
text_column!(Ask, Word, Ask::parse, as_str);
text_column!(Chamber, Word, Chamber::parse, as_str);
text_column!(Day, String, Day::parse, as_str);
text_column!(EventKind, Word, EventKind::parse, as_str);
text_column!(FoundBy, Word, FoundBy::parse, as_str);
text_column!(Layer, Word, Layer::parse, as_str);
text_column!(MessageKind, Word, MessageKind::parse, as_str);
text_column!(MessageState, Word, MessageState::parse, as_str);
text_column!(Metric, Word, Metric::parse, as_str);
text_column!(Parity, Word, Parity::parse, as_str);
text_column!(PauseKind, Word, PauseKind::parse, as_str);
text_column!(ReturnKind, Word, ReturnKind::parse, as_str);
text_column!(Role, Word, Role::parse, as_str);
text_column!(Side, Word, Side::parse, as_str);
text_column!(Slug, String, Slug::parse, as_str);
text_column!(UsState, Word, UsState::parse, code);

text_column!(written AuditAction, Word, as_str);
text_column!(written Dimension, Word, as_str);
text_column!(written DistrictKey, String, as_str);
text_column!(written HeldBecause, Word, as_str);
text_column!(written Reason, String, as_str);

// An error does not repeat what is about a person.
read_as!(EmailAddress, Text, String, |text| EmailAddress::parse(&text).map_err(|_| "what is no e-mail address".into()));
text_column!(written EmailAddress, String, as_str);

read_as!(TimeZone, Text, String, |name| TimeZone::parse(&name).or_say(&name));
read_as!(BillNumbers, Text, String, |numbers| BillNumbers::parse(&numbers).or_say(&numbers));

// Unix milliseconds.
read_as!(Timestamp, BigInt, i64, |millis| Ok(Timestamp::from_millis(millis)));
kept_as!(Timestamp, BigInt, millis, i64, i64);

impl ToSql<BigInt, Sqlite> for Timestamp {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.millis());
        Ok(IsNull::No)
    }
}

// A secret's hash is looked for and never read.
kept_as!(TokenHash, Binary, as_bytes, &'a [u8], Vec<u8>);

impl ToSql<Binary, Sqlite> for TokenHash {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        <[u8] as ToSql<Binary, Sqlite>>::to_sql(self.as_bytes(), out)
    }
}

/// An office's chamber and district.
impl Queryable<(Text, Text), Sqlite> for DistrictName {
    type Row = (Chamber, String);

    fn build((chamber, district): Self::Row) -> deserialize::Result<Self> {
        Ok(Self::new(chamber, &district))
    }
}

impl Selectable<Sqlite> for DistrictName {
    type SelectExpression = (offices::chamber, offices::district);

    fn construct_selection() -> Self::SelectExpression {
        (offices::chamber, offices::district)
    }
}

#[cfg(test)]
mod tests {
    use diesel::connection::SimpleConnection;

    use super::*;
    use crate::store::schema::{staff, supporters};
    use crate::store::{Store, StoreError};

    #[test]
    fn a_value_that_is_not_known_is_told_with_its_column_and_nothing_personal() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("standout.sqlite3")).unwrap();
        let told = store.write_blocking(|tx| {
            tx.conn.batch_execute("INSERT INTO staff VALUES (1, 'k', 'e', 'h', 'emperor', 0, NULL)")?;
            tx.conn.batch_execute("INSERT INTO supporters VALUES (1, 'k', 'wren at example', 0)")?;
            Ok([
                staff::table.select(staff::role).first::<Role>(tx.conn).map_err(StoreError::from).unwrap_err(),
                supporters::table
                    .select(supporters::email)
                    .first::<EmailAddress>(tx.conn)
                    .map_err(StoreError::from)
                    .map(drop)
                    .unwrap_err(),
            ])
        });
        let [role, email] = told.unwrap().map(|error| error.to_string());
        assert!(role.contains("emperor") && role.contains("'role'"), "{role}");
        assert!(email.contains("'email'") && !email.contains("wren"), "{email}");
    }
}
