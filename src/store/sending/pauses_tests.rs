use super::*;
use crate::store::Store;

const NOW: Timestamp = Timestamp::from_millis(1_795_000_000_000);
const STOP: PauseKind = PauseKind::Stop;
const SLOW: PauseKind = PauseKind::SlowDown;

fn later(minutes: u64) -> Timestamp {
    NOW.plus(Duration::from_mins(minutes))
}

fn write<T: Send + 'static>(store: &Store, work: impl FnOnce(&mut Tx<'_>) -> Result<T, StoreError> + Send + 'static) -> T {
    store.write_blocking(work).unwrap()
}

fn rest(store: &Store, scope: PauseScope, kind: PauseKind, at: Timestamp) {
    write(store, move |tx| begin(tx, &scope, kind, "said", None, at));
}

fn on_record(store: &Store) -> Vec<(PauseScope, PauseKind, u32, u64)> {
    let pauses = store.read_blocking(all).unwrap();
    pauses.into_iter().map(|pause| (pause.scope, pause.kind, pause.times, pause.until.since(NOW).as_secs() / 60)).collect()
}

fn store() -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(&dir.path().join("test.sqlite3")).unwrap();
    (dir, store)
}

#[test]
fn what_was_in_hand_makes_no_rest_longer_and_a_new_refusal_does() {
    let (_dir, store) = store();
    for _ in 0..16 {
        rest(&store, PauseScope::All, STOP, NOW);
    }
    assert_eq!(on_record(&store), [(PauseScope::All, STOP, 1, 1)]);
    rest(&store, PauseScope::All, STOP, later(1));
    assert_eq!(on_record(&store), [(PauseScope::All, STOP, 2, 3)]);
    rest(&store, PauseScope::All, SLOW, later(3));
    assert_eq!(on_record(&store), [(PauseScope::All, STOP, 3, 7)], "a stop stays one until a message goes through");
    write(&store, |tx| lift(tx, &[PauseScope::All], NOW.minus(Duration::from_secs(1))));
    assert_eq!(on_record(&store).len(), 1, "a message from before disproves nothing");
    write(&store, |tx| lift(tx, &[PauseScope::All], later(3)));
    assert_eq!(on_record(&store), []);
}

#[test]
fn a_slow_down_grows_is_forgotten_and_gives_way_to_a_stop() {
    let (_dir, store) = store();
    let domain = || PauseScope::Domain("senate.example".into());
    rest(&store, domain(), SLOW, NOW);
    rest(&store, domain(), SLOW, later(1));
    assert_eq!(on_record(&store), [(domain(), SLOW, 2, 3)]);
    rest(&store, domain(), SLOW, later(300));
    assert_eq!(on_record(&store), [(domain(), SLOW, 1, 301)]);
    write(&store, move |tx| lift(tx, &[PauseScope::Domain("senate.example".into())], later(301)));
    assert_eq!(on_record(&store).len(), 1, "only a stop is lifted");
    rest(&store, domain(), STOP, later(300));
    assert_eq!(on_record(&store), [(domain(), STOP, 1, 301)]);
    assert_eq!(write(&store, |tx| resume(tx, NOW)), 1);
}

#[test]
fn the_same_stop_at_three_offices_stops_everything() {
    let (_dir, store) = store();
    for destination in [2, 3, 3] {
        rest(&store, PauseScope::Destination(destination), STOP, NOW);
    }
    assert_eq!(on_record(&store).len(), 2);
    rest(&store, PauseScope::Destination(4), STOP, NOW);
    assert!(on_record(&store).contains(&(PauseScope::All, STOP, 1, 1)));
}

#[test]
fn a_block_stays_until_staff_end_it() {
    let (_dir, store) = store();
    rest(&store, PauseScope::All, STOP, NOW);
    rest(&store, PauseScope::All, PauseKind::Blocked, later(1));
    for kind in [SLOW, STOP, PauseKind::Blocked] {
        rest(&store, PauseScope::All, kind, later(90));
    }
    assert_eq!(write(&store, |tx| lift(tx, &[PauseScope::All], later(99))), 0, "a letter that the relay takes disproves nothing");
    assert_eq!(on_record(&store), [(PauseScope::All, PauseKind::Blocked, 1, 1)]);
    assert!(store.read_blocking(all).unwrap()[0].holds(later(9_999)));
    assert_eq!(write(&store, |tx| resume(tx, NOW)), 1);
}
