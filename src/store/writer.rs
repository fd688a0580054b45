//! The one writer: a thread that takes what is waiting and commits it as a group.
//!
//! A commit costs one `fsync`, whatever it holds; taking up to [`GROUP`] jobs into one makes durable writing fast
//! without any job waiting for company. Each job runs in a savepoint of its own: one that fails takes nothing with it.

use std::collections::HashMap;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sqlite::SqliteConnection;
use tokio::sync::oneshot;

use crate::domain::{Day, TimeZone, Timestamp};
use crate::store::counts::{CountKey, flush};
use crate::store::schema::campaigns;
use crate::store::{Commits, StoreError};

/// The most jobs in one commit. More would save little of the commit's cost, and everyone in the group waits for the
/// last one's work: with 64 sign-ups at a time, groups of 32 let the next half be rendered while this one is written.
const GROUP: usize = 32;
/// The most jobs that wait; more are refused, so that a flood can't eat the memory.
const WAITING: usize = 4096;

/// What a writing job works with: the connection inside the group's transaction, and the counts it changes.
pub struct Tx<'a> {
    pub(super) conn: &'a mut SqliteConnection,
    pub(super) counts: &'a mut Vec<(CountKey, i64)>,
    zones: &'a mut HashMap<i64, TimeZone>,
}

impl Tx<'_> {
    /// The same connection for reading: it sees what this transaction has changed.
    pub fn reader(&mut self) -> &mut super::Reader {
        self.conn
    }

    /// The day of `at` where the campaign is.
    pub(super) fn day(&mut self, campaign: i64, at: Timestamp) -> Result<Day, StoreError> {
        if let Some(zone) = self.zones.get(&campaign) {
            return Ok(zone.day(at));
        }
        let zone: TimeZone = campaigns::table.find(campaign).select(campaigns::time_zone).first(self.conn)?;
        let day = zone.day(at);
        self.zones.insert(campaign, zone);
        Ok(day)
    }
}

/// A job: runs inside the group, then hears whether the group was committed.
trait Job: Send {
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<(), ()>;
    fn answer(self: Box<Self>, committed: Result<(), StoreError>);
}

struct Work<T, F> {
    run: Option<F>,
    result: Option<Result<T, StoreError>>,
    answer: oneshot::Sender<Result<T, StoreError>>,
}

impl<T, F> Job for Work<T, F>
where
    T: Send,
    F: FnOnce(&mut Tx<'_>) -> Result<T, StoreError> + Send,
{
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<(), ()> {
        let result = self.run.take().map_or_else(|| Err(gone()), |work| work(tx));
        let ok = result.is_ok();
        self.result = Some(result);
        if ok { Ok(()) } else { Err(()) }
    }

    fn answer(self: Box<Self>, committed: Result<(), StoreError>) {
        let result = match (self.result, committed) {
            (Some(Err(own)), _) => Err(own),
            (_, Err(group)) => Err(group),
            (Some(Ok(value)), Ok(())) => Ok(value),
            (None, Ok(())) => Err(gone()),
        };
        // The asker may have gone away; the change stands all the same.
        let _ = self.answer.send(result);
    }
}

#[derive(Clone)]
pub(super) struct Writer {
    queue: SyncSender<Box<dyn Job>>,
}

impl Writer {
    /// Starts the thread; it ends, with all accepted jobs done, when the last [`Writer`] is dropped.
    pub(super) fn start(connection: SqliteConnection, commits: Commits) -> Self {
        let (queue, jobs) = sync_channel(WAITING);
        // A detached thread: whoever needs its last commit holds the answer to wait for.
        let _ = thread::Builder::new().name("store-writer".into()).spawn(move || serve(connection, &jobs, &commits));
        Self { queue }
    }

    pub(super) fn submit<T, F>(&self, work: F) -> Result<oneshot::Receiver<Result<T, StoreError>>, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        let (answer, receiver) = oneshot::channel();
        match self.queue.try_send(Box::new(Work { run: Some(work), result: None, answer })) {
            Ok(()) => Ok(receiver),
            Err(TrySendError::Full(_)) => Err(StoreError::Busy),
            Err(TrySendError::Disconnected(_)) => Err(gone()),
        }
    }
}

pub(super) fn gone() -> StoreError {
    StoreError::Failed { doing: "take a change", cause: "its writer has stopped; restart the service".into() }
}

fn serve(mut connection: SqliteConnection, jobs: &Receiver<Box<dyn Job>>, commits: &Commits) {
    let mut zones = HashMap::new();
    while let Ok(first) = jobs.recv() {
        let mut group = vec![first];
        group.extend(jobs.try_iter().take(GROUP - 1));
        let committed = commit(&mut connection, &mut group, &mut zones);
        if let Some(observer) = commits.get() {
            observer(group.len());
        }
        if let Err(cause) = &committed {
            tracing::error!(%cause, jobs = group.len(), "a group of changes was not kept");
            // The transaction may or may not be open still; either way the next group starts clean.
            let _ = connection.batch_execute("ROLLBACK");
            zones.clear();
        }
        for job in group {
            job.answer(
                committed
                    .as_ref()
                    .copied()
                    .map_err(|cause| StoreError::Failed { doing: "commit a change", cause: cause.to_string() }),
            );
        }
    }
}

fn commit(
    connection: &mut SqliteConnection,
    group: &mut [Box<dyn Job>],
    zones: &mut HashMap<i64, TimeZone>,
) -> Result<(), StoreError> {
    connection.batch_execute("BEGIN IMMEDIATE")?;
    let mut counts = Vec::new();
    if let [job] = group {
        // Alone, it needs no savepoint, for which SQLite would copy each page before its first change.
        if job.run(&mut Tx { conn: connection, counts: &mut counts, zones }).is_err() {
            return connection.batch_execute("ROLLBACK").map_err(Into::into);
        }
        flush(connection, counts)?;
        return connection.batch_execute("COMMIT").map_err(Into::into);
    }
    for job in group {
        let before = counts.len();
        connection.batch_execute("SAVEPOINT job")?;
        let outcome = job.run(&mut Tx { conn: connection, counts: &mut counts, zones });
        if outcome.is_err() {
            counts.truncate(before);
            connection.batch_execute("ROLLBACK TO job")?;
        }
        connection.batch_execute("RELEASE job")?;
    }
    flush(connection, counts)?;
    connection.batch_execute("COMMIT")?;
    Ok(())
}
