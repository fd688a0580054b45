use std::time::Duration;

use diesel::connection::SimpleConnection;

use super::*;
use crate::domain::{Actor, Reason, SendingHours, StaffPauseOf};
use crate::store::queue::{Pick, claim_all, due};
use crate::store::{Store, Tx, steering};

/// 2026-11-18T11:06:40Z, a Wednesday morning in Boston before office hours.
const NOW: i64 = 1_795_000_000_000;
const LEASE: Duration = Duration::from_mins(1);

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(NOW + millis)
}

/// Two campaigns; letters to the destinations 2 and 3, due in turn: odd ids are of campaign 1, even ones of campaign 2.
fn store(letters: usize) -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("test.sqlite3")).unwrap();
    let rows = format!(
        "INSERT INTO campaigns VALUES (1, 'one', 'America/New_York', 1, 0), (2, 'two', 'America/New_York', 1, 0);
         INSERT INTO campaign_versions VALUES (1, 1, 1, 'test', 0);
         INSERT INTO offices (id, state, chamber, district, district_key) VALUES (7, 'ma', 'lower', 'A', 'a'), (8, 'ma', 'lower', 'B', 'b');
         INSERT INTO officials (id, office_id, source_id, name, family_name, title, salutation, party, email, phone, address, demo, since)
           VALUES (1, 7, 'o', 'Official', 'Official', 'Rep', 'Rep', '', 'office@example.org', '', '', 0, 0);
         INSERT INTO destinations VALUES (2, 7), (3, 8);
         INSERT INTO supporters VALUES (1, 'a@example.org', 'a@example.org', 0);
         INSERT INTO signups (id, campaign_id, version_id, supporter_id, name, street, city, zip, town, found_by, created_at, expires_at)
           VALUES (1, 1, 1, 1, 'Ana', '', '', '', '', 'town', 0, 0);
         WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {letters})
         INSERT INTO messages (id, kind, state, campaign_id, signup_id, town, office_id, official_id, destination_id, message_id,
           created_at, queued_at, due_at, failures, state_since, state_day)
           SELECT n, 'letter', 'queued', 2 - n % 2, 1, '', 7, 1, 2 + (n - 1) / 2 % 2, '<' || n || '@example.org>',
             0, 0, {NOW} - {letters} + n, 0, 0, '2026-11-18' FROM c;
         INSERT INTO message_texts SELECT id, 'Ana', 'subject', 'text', NULL FROM messages;
         INSERT INTO messages (id, kind, state, campaign_id, signup_id, town, destination_id, message_id,
           created_at, queued_at, due_at, failures, state_since, state_day)
           VALUES (1000001, 'receipt', 'queued', 2, 1, '', 1, '<notice@example.org>', 0, 0, 0, 0, 0, '2026-11-18');
         INSERT INTO message_texts VALUES (1000001, 'Campaign', 'subject', 'text', NULL);"
    );
    store.write_blocking(move |tx| Ok(tx.conn.batch_execute(&rows)?)).unwrap();
    (folder, store)
}

fn write(store: &Store, work: impl FnOnce(&mut Tx<'_>) -> Result<(), StoreError> + Send + 'static) {
    store.write_blocking(work).unwrap();
}

fn pause(store: &Store, of: StaffPauseOf) {
    let reason = Reason::parse("a test").unwrap();
    write(store, move |tx| steering::pause(tx, of, &Actor::CommandLine, &reason, at(0)).map(|_| ()));
}

fn destinations(store: &Store, now: Timestamp) -> Vec<(i64, usize)> {
    let due = store.read_blocking(|conn| due(conn, &BTreeSet::new(), 100, now)).unwrap();
    due.into_iter().map(|due| (due.destination_id, due.waiting)).collect()
}

fn taken(store: &Store, picks: &'static [Pick], caps: Caps) -> Vec<i64> {
    let claim = move |tx: &mut Tx<'_>| Ok(claim_all(tx, "test", picks, caps, LEASE, at(0))?.claimed);
    let mut ids: Vec<i64> = store.write_blocking(claim).unwrap().iter().map(|work| work.id).collect();
    ids.sort_unstable();
    ids
}

#[test]
fn the_oldest_of_all_campaigns_goes_first() {
    let (_folder, store) = store(12);
    assert_eq!(destinations(&store, at(0)), [(1, 1), (2, 6), (3, 6)]);
    // Destination 2 has 1, 2, 5, 6, 9, 10.
    assert_eq!(taken(&store, &[(2, 3)], Caps::default()), [1, 2, 5]);
    assert_eq!(taken(&store, &[(2, 9)], Caps::default()), [6, 9, 10]);
}

#[test]
fn a_paused_campaign_is_passed_by_and_its_notices_go_on() {
    let (_folder, store) = store(12);
    pause(&store, StaffPauseOf::Campaign(2));
    assert_eq!(destinations(&store, at(0)), [(1, 1), (2, 3), (3, 3)]);
    assert_eq!(taken(&store, &[(2, 9), (3, 9), (1, 9)], Caps::default()), [1, 3, 5, 7, 9, 11, 1_000_001]);
    write(&store, |tx| steering::resume(tx, StaffPauseOf::Campaign(2)).map(|_| ()));
    assert_eq!(destinations(&store, at(0)), [(2, 3), (3, 3)]);
}

#[test]
fn a_paused_office_and_a_pause_of_everything_hold_also_when_a_look_was_older() {
    let (_folder, store) = store(12);
    pause(&store, StaffPauseOf::Office(7));
    assert_eq!(destinations(&store, at(0)), [(1, 1), (3, 6)]);
    assert_eq!(taken(&store, &[(2, 9), (3, 1)], Caps::default()), [3], "a claim looks for itself");
    pause(&store, StaffPauseOf::Everything);
    assert_eq!(destinations(&store, at(0)), []);
    assert_eq!(taken(&store, &[(1, 9), (2, 9), (3, 9)], Caps::default()), [0_i64; 0]);
}

#[test]
fn hours_open_and_close_by_the_clock_of_the_campaign() {
    let (_folder, store) = store(4);
    let hours = SendingHours::new(0b001_1111, 9 * 60, 17 * 60).unwrap();
    write(&store, move |tx| steering::set_hours(tx, 1, hours));
    assert_eq!(destinations(&store, at(0)), [(1, 1), (2, 1), (3, 1)]);
    let nine = at(2 * 3_600_000 + 54 * 60_000);
    assert_eq!(destinations(&store, nine), [(1, 1), (2, 2), (3, 2)]);
    write(&store, |tx| steering::set_hours(tx, 1, SendingHours::ALWAYS));
    assert_eq!(destinations(&store, at(0)), [(1, 1), (2, 2), (3, 2)]);
}

#[test]
fn an_office_has_its_own_caps_where_staff_chose_them() {
    let (_folder, store) = store(40);
    let pace = OfficePace::new(2, 3).unwrap();
    let reason = Reason::parse("a small mailbox").unwrap();
    write(&store, move |tx| steering::set_pace(tx, 7, pace, &Actor::CommandLine, &reason, at(0)));
    let caps = Caps { a_minute: 5, ..Caps::default() };
    assert_eq!(taken(&store, &[(2, 9), (3, 9)], caps).len(), 2 + 5);
    let gates = store.read_blocking(|conn| Gates::read(conn, at(0))).unwrap();
    assert_eq!(gates.caps(2, caps), Caps { a_minute: 2, an_hour: 3, ..caps });
    assert_eq!((gates.caps(3, caps), gates.paces().len()), (caps, 1));
}

/// However much of it waits, each look is a search in the index.
#[test]
fn picking_scans_nothing() {
    let head = diesel::sql_query(super::super::queue::HEADS);
    let plan = crate::store::plan::of(&head);
    assert!(plan.contains("USING COVERING INDEX messages_waiting"), "{plan}");
    assert!(!plan.contains("SCAN messages"), "{plan}");
}
