//! The one writer: a thread that takes what is waiting and commits it as a group.
//!
//! A commit costs one `fsync`, whatever it holds; taking up to [`GROUP`] jobs into one makes durable writing fast
//! without any job waiting for company. Each job runs in a savepoint of its own: one that fails, or panics, takes nothing
//! with it.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sqlite::SqliteConnection;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

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
        // What a job leaves half done is rolled back with its savepoint, so nobody sees it.
        let work = self.run.take();
        let result = catch_unwind(AssertUnwindSafe(|| work.map_or_else(|| Err(gone()), |work| work(tx))))
            .unwrap_or_else(|_| Err(fault("carry out a change")));
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
    ended: CancellationToken,
}

impl Writer {
    /// Starts the thread; it ends, with all accepted jobs done, when the last [`Writer`] is dropped.
    pub(super) fn start(connection: SqliteConnection, commits: Commits) -> Self {
        let (queue, jobs) = sync_channel(WAITING);
        let ended = CancellationToken::new();
        // Dropped with the thread, whatever ends it.
        let guard = ended.clone().drop_guard();
        // A detached thread: whoever needs its last commit holds the answer to wait for.
        let _ = thread::Builder::new().name("store-writer".into()).spawn(move || {
            let _guard = guard;
            serve(connection, &jobs, &commits);
        });
        Self { queue, ended }
    }

    /// Comes back when the thread has died.
    pub(super) async fn ended(&self) {
        self.ended.cancelled().await;
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

/// Something panicked; where, the log says.
pub(super) fn fault(doing: &'static str) -> StoreError {
    StoreError::Failed { doing, cause: "a fault in this program stopped it; the log says where. Please report it".into() }
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
            zones.clear();
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
            // It may have read the zone of a campaign that it made itself.
            zones.clear();
            connection.batch_execute("ROLLBACK TO job")?;
        }
        connection.batch_execute("RELEASE job")?;
    }
    flush(connection, counts)?;
    connection.batch_execute("COMMIT")?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::{Store, settings};
    use super::*;

    fn store(folder: &tempfile::TempDir) -> Store {
        Store::open(&folder.path().join("a.sqlite3")).unwrap()
    }

    fn read(store: &Store, key: &'static str) -> Option<String> {
        store.read_blocking(|conn| settings::get(conn, key)).unwrap()
    }

    /// A job that changes something and then fails, with or without a panic.
    fn fault(tx: &mut Tx<'_>, panics: bool) -> Result<(), StoreError> {
        settings::set(tx, "lost", "1")?;
        let place = super::super::counts::Place { campaign: 7, offices: &[], town: "Saltwick", day: "2026-11-27" };
        super::super::counts::note(tx, &place, crate::domain::Metric::SignedUp, 1);
        tx.zones.insert(7, TimeZone::parse("America/New_York").unwrap());
        assert!(!panics, "planted");
        Err(StoreError::Busy)
    }

    #[test]
    fn a_job_that_panics_fails_alone_and_the_next_is_done() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(&folder);
        for _ in 0..3 {
            let error = store.write_blocking(|tx| fault(tx, true)).unwrap_err().to_string();
            assert!(error.contains("a fault in this program"), "{error}");
        }
        store.write_blocking(|tx| settings::set(tx, "kept", "1")).unwrap();
        assert_eq!((read(&store, "lost"), read(&store, "kept")), (None, Some("1".into())));
    }

    #[test]
    fn the_others_of_its_group_are_kept_and_what_it_counted_is_not() {
        for panics in [true, false] {
            let folder = tempfile::tempdir().unwrap();
            let store = store(&folder);
            // The writer is busy until all the jobs stand in line, so that they share a commit.
            let (go, wait) = sync_channel::<()>(0);
            let held = store.writer.submit(move |_| wait.recv().map_err(|_| StoreError::Busy)).unwrap();
            let before = store.writer.submit(|tx| settings::set(tx, "before", "1")).unwrap();
            let faulty = store.writer.submit(move |tx| fault(tx, panics)).unwrap();
            let after = store
                .writer
                .submit(|tx| {
                    assert!(tx.counts.is_empty(), "what it counted is forgotten");
                    assert!(tx.zones.is_empty(), "what it remembered is forgotten");
                    settings::set(tx, "after", "1")
                })
                .unwrap();
            go.send(()).unwrap();
            held.blocking_recv().unwrap().unwrap();
            before.blocking_recv().unwrap().unwrap();
            faulty.blocking_recv().unwrap().unwrap_err();
            after.blocking_recv().unwrap().unwrap();
            let kept = ["before", "lost", "after"].map(|key| read(&store, key).is_some());
            assert_eq!(kept, [true, false, true], "{panics}");
        }
    }

    #[tokio::test]
    async fn a_writer_that_dies_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let store = tokio::task::spawn_blocking(move || (store(&folder), folder)).await.unwrap();
        store.0.can_write().await.unwrap();
        // Not a job, but what the thread itself does after each commit.
        store.0.observe_commits(|_| panic!("planted"));
        store.0.can_write().await.unwrap_err();
        store.0.writer_died().await;
        assert!(store.0.can_write().await.is_err());
    }

    #[tokio::test]
    async fn readers_that_panic_fail_alone() {
        let folder = tempfile::tempdir().unwrap();
        let store = tokio::task::spawn_blocking(move || (store(&folder), folder)).await.unwrap();
        for _ in 0..10 {
            let read = store.0.read(|conn| settings::get(conn, "nothing").map(|known| assert!(known.is_some(), "planted")));
            let error = read.await.unwrap_err().to_string();
            assert!(error.contains("a fault in this program"), "{error}");
        }
        store.0.read(settings::revision).await.unwrap();
    }
}
