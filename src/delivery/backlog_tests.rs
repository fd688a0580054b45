use super::*;

const NOW: Timestamp = Timestamp::from_millis(1_795_000_000_000);

fn board(due: &[(i64, usize)], rests: Vec<Pause>) -> Backlog {
    let due = due.iter().map(|(id, waiting)| Due { destination_id: *id, since: NOW, waiting: *waiting }).collect();
    let domains = HashMap::from([(2, "a.example".to_owned()), (3, "b.example".to_owned())]);
    let mut board = Backlog::default();
    board.update(Look { due, rests, domains, paces: HashMap::new() });
    board
}

fn pause(scope: PauseScope, kind: PauseKind, until: Timestamp) -> Pause {
    Pause { scope, kind, reason: String::new(), since: NOW, until, times: 1 }
}

fn picks(board: &mut Backlog, fairness: &Fairness, hands: usize) -> (Vec<Pick>, Duration) {
    let mut wait = Duration::from_hours(9);
    let picks = board.choose(fairness, hands, NOW, &mut wait, |_| Ok(()));
    (picks, wait)
}

const LATER: Duration = Duration::from_mins(2);

#[test]
fn notices_go_first_and_offices_take_turns() {
    let fairness = Fairness::new(9);
    assert_eq!(
        picks(&mut board(&[(3, 100), (2, 1), (SUPPORTERS, 2)], vec![]), &fairness, 6).0,
        [(SUPPORTERS, 2), (3, 3), (2, 1)]
    );
    let mut few = board(&[(2, 1)], vec![]);
    assert_eq!(picks(&mut few, &fairness, 6).0, [(2, 1)]);
    assert!(few.ran_out && few.known().is_empty());
    assert_eq!(picks(&mut few, &fairness, 6).0, []);
}

#[test]
fn what_rests_is_not_taken_and_the_wait_is_said() {
    let fairness = Fairness::new(9);
    let slow = |scope| vec![pause(scope, PauseKind::SlowDown, NOW.plus(LATER))];
    let due = [(SUPPORTERS, 1), (2, 2), (3, 2)];
    assert_eq!(picks(&mut board(&due, slow(PauseScope::All)), &fairness, 6), (vec![], LATER));
    let (taken, wait) = picks(&mut board(&due, slow(PauseScope::Domain("a.example".into()))), &fairness, 6);
    assert_eq!((taken, wait), (vec![(SUPPORTERS, 1), (3, 2)], LATER));
    assert_eq!(picks(&mut board(&due, slow(PauseScope::Destination(3))), &fairness, 6).0, [(SUPPORTERS, 1), (2, 2)]);
    let over = vec![pause(PauseScope::All, PauseKind::SlowDown, NOW)];
    assert_eq!(picks(&mut board(&due, over), &fairness, 6).0.len(), 3);
}

#[test]
fn a_stop_is_tried_with_one_message() {
    let mut fairness = Fairness::new(9);
    let stop = |scope| vec![pause(scope, PauseKind::Stop, NOW)];
    let due = [(2, 5), (3, 5)];
    assert_eq!(picks(&mut board(&due, stop(PauseScope::All)), &fairness, 6).0, [(2, 1)]);
    assert_eq!(picks(&mut board(&due, stop(PauseScope::Destination(2))), &fairness, 6).0, [(2, 1), (3, 5)]);
    fairness.began(2, 1);
    assert_eq!(picks(&mut board(&due, stop(PauseScope::All)), &fairness, 6).0, []);
    assert_eq!(picks(&mut board(&due, stop(PauseScope::Destination(2))), &fairness, 6).0, [(3, 5)]);
}

#[test]
fn a_full_office_waits_until_it_has_room_also_when_the_clock_was_set_back() {
    let fairness = Fairness::new(9);
    let mut full = board(&[(2, 5)], vec![]);
    full.correct(&[], &[(2, NOW.plus(LATER))]);
    assert_eq!(picks(&mut full, &fairness, 6), (vec![], LATER));
    full.correct(&[], &[(2, NOW.plus(Duration::from_hours(3)))]);
    assert_eq!(picks(&mut full, &fairness, 6).0, [(2, 5)]);
}
