//! Whose turn it is: what each destination has in hand, and when it was served last.

use std::collections::{BTreeSet, HashMap};

use crate::store::queue::Due;

/// What each destination has in hand and had last, as long as this process lives.
pub(super) struct Fairness {
    most: usize,
    busy: usize,
    served: u64,
    of: HashMap<i64, Turn>,
    messages: BTreeSet<i64>,
    claiming: bool,
}

#[derive(Clone, Copy, Default)]
struct Turn {
    in_hand: usize,
    /// The number of the turn it had last; 0: none yet.
    last: u64,
}

impl Fairness {
    /// With so many hands in all. One is always left to the others: a destination whose server hangs, at any step
    /// and for minutes, must not hold them all.
    pub(super) fn new(hands: usize) -> Self {
        Self {
            most: hands.saturating_sub(1).max(1),
            busy: 0,
            served: 0,
            of: HashMap::new(),
            messages: BTreeSet::new(),
            claiming: false,
        }
    }

    /// Those with the least in hand first, then those not served for the longest. Hands come free one by one, so
    /// waiting the longest must not be enough: an office with many old letters would have every turn.
    pub(super) fn order(&self, due: &mut [Due]) {
        due.sort_by_cached_key(|destination| {
            let turn = self.turn(destination.destination_id);
            (turn.in_hand, turn.last, destination.since)
        });
    }

    /// Whether it may have one more in hand than it has, and than `taken`.
    pub(super) fn has_room(&self, destination: i64, taken: usize) -> bool {
        self.turn(destination).in_hand + taken < self.most
    }

    /// The messages whose leases are to be renewed, by their ids.
    pub(super) fn in_hand(&self) -> Vec<i64> {
        self.messages.iter().copied().collect()
    }

    /// A claim begins (or has ended, with each of its messages noted here as in hand).
    pub(super) fn set_claiming(&mut self, claiming: bool) {
        self.claiming = claiming;
    }

    /// Whether there may be messages in hand of which nothing is noted here yet.
    pub(super) const fn is_claiming(&self) -> bool {
        self.claiming
    }

    /// This message of it is in hand.
    pub(super) fn began(&mut self, destination: i64, message: i64) {
        self.messages.insert(message);
        self.busy += 1;
        self.served += 1;
        let turn = self.of.entry(destination).or_default();
        turn.in_hand += 1;
        turn.last = self.served;
    }

    /// A message of it has its answer, or nobody works on it any more: the hand is free.
    pub(super) fn answered(&mut self, destination: i64) {
        self.busy = self.busy.saturating_sub(1);
        if let Some(turn) = self.of.get_mut(&destination) {
            turn.in_hand = turn.in_hand.saturating_sub(1);
        }
    }

    /// The message's result is on record, or will never be: its lease is renewed no more.
    pub(super) fn let_go(&mut self, message: i64) {
        self.messages.remove(&message);
    }

    /// How many hands are busy.
    pub(super) const fn busy(&self) -> usize {
        self.busy
    }

    /// How many of its messages are in hand.
    pub(super) fn in_hand_at(&self, destination: i64) -> usize {
        self.turn(destination).in_hand
    }

    fn turn(&self, destination: i64) -> Turn {
        self.of.get(&destination).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Timestamp;

    fn due(destination_id: i64, since: i64) -> Due {
        Due { destination_id, since: Timestamp::from_millis(since), waiting: 9 }
    }

    #[test]
    fn who_was_served_last_is_served_next_after_the_others() {
        let mut fairness = Fairness::new(4);
        let (old, new) = (due(2, 1), due(3, 900));
        let mut order = [new, old];
        fairness.order(&mut order);
        assert_eq!(order[0].destination_id, 2, "at first who waits the longest");
        fairness.began(2, 2);
        fairness.answered(2);
        fairness.order(&mut order);
        assert_eq!(order[0].destination_id, 3);
        fairness.began(3, 3);
        fairness.order(&mut order);
        assert_eq!(order[0].destination_id, 2, "with less in hand");
    }

    #[test]
    fn one_hand_is_left_to_the_others() {
        let mut fairness = Fairness::new(3);
        assert!(fairness.has_room(2, 1) && !fairness.has_room(2, 2));
        fairness.began(2, 2);
        assert!(fairness.has_room(2, 0) && !fairness.has_room(2, 1) && fairness.has_room(3, 1));
        assert!(Fairness::new(1).has_room(2, 0), "a single hand is for everybody");
    }
}
