//! The statements that connections carried out, and how SQLite would carry them out on a database of a million sign-ups.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, Mutex};

use diesel::connection::{Instrumentation, InstrumentationEvent, SimpleConnection};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use standout::store::Store;

use super::declared::{DECLARED, LITTLE, SMALL};

/// The texts of statements, each once.
pub type Seen = Arc<Mutex<BTreeSet<String>>>;

/// Notes every statement of a connection.
pub struct Collector(pub Seen);

impl Instrumentation for Collector {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        let InstrumentationEvent::StartQuery { query, .. } = event else { return };
        let query = query.to_string();
        let text = query.split(" -- binds: ").next().unwrap_or_default().trim();
        // What is several statements in one are migrations, and what the test itself changes past the store.
        let one = ["SELECT", "INSERT", "UPDATE", "DELETE", "REPLACE", "WITH"].iter().any(|word| text.starts_with(word));
        if one && !text.contains(';') {
            self.0.lock().unwrap().insert(text.to_owned());
        }
    }
}

/// So many rows have the tables that grow with sign-ups.
const MANY: i64 = 1_000_000;
/// Columns that very many rows may share: a search by these alone reads a part of the table that grows with it.
const SHARED: [&str; 9] =
    ["campaign_id", "office_id", "official_id", "destination_id", "kind", "state", "dimension", "metric", "version_id"];

/// The tables of this version without a row, with statistics of a database of a million sign-ups, or with none, which is what
/// SQLite goes by in a service that nobody had analysed.
pub struct Planner {
    connection: SqliteConnection,
    tables: BTreeSet<String>,
    indexes: BTreeMap<String, (String, bool)>,
    unique: BTreeSet<String>,
    _folder: tempfile::TempDir,
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    detail: String,
}

#[derive(QueryableByName)]
struct Index {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = BigInt)]
    is_unique: i64,
    #[diesel(sql_type = Text)]
    origin: String,
    #[diesel(sql_type = BigInt)]
    partial: i64,
    #[diesel(sql_type = BigInt)]
    without_rowid: i64,
    #[diesel(sql_type = Nullable<Text>)]
    columns: Option<String>,
}

/// A connection of the test's own, which nobody notes.
pub fn connect(path: &Path) -> SqliteConnection {
    let mut connection = SqliteConnection::establish(&path.to_string_lossy()).unwrap();
    connection.set_instrumentation(|_: InstrumentationEvent<'_>| {});
    // The store's writer may still be closing the file.
    connection.batch_execute("PRAGMA busy_timeout = 5000").unwrap();
    connection
}

impl Planner {
    pub fn new(with_statistics: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("standout.sqlite3");
        drop(Store::open(&path).unwrap());
        let mut connection = connect(&path);
        let tables: Vec<Line> =
            diesel::sql_query("SELECT name AS detail FROM sqlite_schema WHERE type = 'table'").load(&mut connection).unwrap();
        let indexes: Vec<Index> = diesel::sql_query(
            "SELECT t.name AS table_name, i.name AS name, i.\"unique\" AS is_unique, i.origin AS origin, \
             i.partial AS partial, t.wr AS without_rowid, \
             (SELECT group_concat(c.name) FROM pragma_index_info(i.name) AS c) AS columns \
             FROM pragma_table_list AS t JOIN pragma_index_list(t.name) AS i WHERE t.schema = 'main' AND t.name NOT LIKE 'sqlite_%'",
        )
        .load(&mut connection)
        .unwrap();
        if with_statistics {
            connection.batch_execute("ANALYZE; DELETE FROM sqlite_stat1;").unwrap();
            for index in &indexes {
                connection.batch_execute(&index.statistics()).unwrap();
            }
            // Read when a connection opens.
            connection = connect(&path);
        }
        Self {
            connection,
            tables: tables.into_iter().map(|line| line.detail).collect(),
            // A unique one is needed to keep rows apart, whether or not a statement goes by it.
            unique: indexes.iter().filter(|index| index.is_unique != 0).map(|index| index.name.clone()).collect(),
            indexes: indexes.into_iter().map(|index| (index.name, (index.table_name, index.partial != 0))).collect(),
            _folder: folder,
        }
    }

    /// The partial indexes, and those that a migration made by name.
    pub fn named_indexes(&self) -> BTreeSet<String> {
        self.indexes.keys().filter(|name| !name.starts_with("sqlite_") && !self.unique.contains(*name)).cloned().collect()
    }

    /// The steps of the plan. Values are not known to it, as they are not when the service has a statement prepared.
    pub fn steps(&mut self, statement: &str) -> Vec<String> {
        let lines: Vec<Line> = diesel::sql_query(format!("EXPLAIN QUERY PLAN {statement}"))
            .load(&mut self.connection)
            .unwrap_or_else(|error| panic!("{error}: {statement}"));
        lines.into_iter().map(|line| line.detail).collect()
    }

    /// The steps that read a table whole, an index whole, or a part of either that grows with the table. Small tables don't count.
    pub fn scans(&mut self, statement: &str) -> Vec<String> {
        let steps = self.steps(statement);
        steps.into_iter().filter(|step| self.reads_much(step, statement)).collect()
    }

    fn reads_much(&self, step: &str, statement: &str) -> bool {
        let mut words = step.split_whitespace();
        let kind = words.next().unwrap_or_default();
        let name = words.next().unwrap_or_default();
        // No value is in an empty list: nothing is read.
        if statement.contains("(1=0)")
            || !matches!(kind, "SCAN" | "SEARCH")
            || step.contains("VIRTUAL TABLE")
            || step == "SCAN CONSTANT ROW"
        {
            return false;
        }
        let Some(table) = self.table(name, step, statement) else { return false };
        // The check of foreign keys, which an insertion carries out only where one is broken: its own tables stand in its text.
        if statement.starts_with("INSERT") && !statement.contains(&table) {
            return false;
        }
        let little = |index: &str| step.split_once("INDEX ").is_some_and(|(_, rest)| rest.split(' ').next() == Some(index));
        if SMALL.iter().any(|(small, ..)| *small == table) || LITTLE.iter().any(|(index, _)| little(index)) {
            return false;
        }
        kind == "SCAN" || wide(step)
    }

    /// The table behind a name of the plan, which may be the statement's own for it; `None` for what the statement makes itself.
    fn table(&self, name: &str, step: &str, statement: &str) -> Option<String> {
        if let Some((_, rest)) = step.split_once("INDEX ") {
            let index = rest.split_whitespace().next().unwrap_or_default();
            if let Some((table, _)) = self.indexes.get(index) {
                return Some(table.clone());
            }
        }
        if self.tables.contains(name) {
            return Some(name.to_owned());
        }
        let words: Vec<&str> =
            statement.split(|c: char| c.is_whitespace() || "(),`\"".contains(c)).filter(|w| !w.is_empty()).collect();
        let aliased = words.windows(3).find(|w| w[1] == "AS" && w[2] == name && self.tables.contains(w[0]));
        aliased.map(|words| words[0].to_owned())
    }
}

/// A search by nothing but columns that very many rows share, or by no more than one end of a range.
fn wide(step: &str) -> bool {
    let Some((_, terms)) = step.split_once('(') else {
        // `SEARCH messages`: the first or the last row.
        return false;
    };
    let terms: Vec<&str> = terms.split(')').next().unwrap_or_default().split(" AND ").collect();
    let equal: Vec<&str> = terms.iter().filter_map(|term| term.strip_suffix("=?")).collect();
    equal.iter().all(|column| SHARED.contains(column))
}

impl Index {
    /// Its row of `sqlite_stat1`: how many rows it has, and how many of them share its first column, its first two, and so on.
    fn statistics(&self) -> String {
        let small = SMALL.iter().find(|(table, ..)| *table == self.table_name).map(|(_, most, _)| *most);
        let rows = small.unwrap_or(MANY) / if self.partial != 0 && small.is_none() { 20 } else { 1 };
        let rows = rows.max(1);
        let columns: Vec<&str> = self.columns.as_deref().unwrap_or_default().split(',').collect();
        let mut share = rows;
        let mut numbers = vec![rows.to_string()];
        for (at, column) in columns.iter().enumerate() {
            let last_of_key = self.is_unique != 0 && at + 1 == columns.len();
            let of_column = match *column {
                _ if last_of_key => 1,
                "campaign_id" | "kind" | "state" | "dimension" | "layer" => rows / 5,
                "office_id" | "destination_id" | "metric" => rows / 200,
                "id" => 1,
                _ => 4,
            };
            share = share.min(of_column).max(1);
            numbers.push(share.to_string());
        }
        let index = if self.without_rowid != 0 && self.origin == "pk" { &self.table_name } else { &self.name };
        format!("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('{}', '{index}', '{}');", self.table_name, numbers.join(" "))
    }
}

/// What reads much and is not declared, and which declarations were needed.
pub fn judge(planner: &mut Planner, statements: &BTreeSet<String>) -> (Vec<String>, BTreeSet<usize>) {
    let mut undeclared = Vec::new();
    let mut needed = BTreeSet::new();
    for statement in statements {
        for step in planner.scans(statement) {
            let found = DECLARED.iter().position(|d| step.starts_with(d.step) && statement.contains(d.of));
            match found {
                Some(at) => drop(needed.insert(at)),
                None => undeclared.push(format!("{step}\n    {statement}")),
            }
        }
    }
    (undeclared, needed)
}
