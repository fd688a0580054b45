//! What the reader of a mailbox remembers of the mails in it, over connections that break.

use std::collections::{BTreeSet, HashMap};

/// So many times a mail is asked for in vain.
const MOST_TRIES: u8 = 3;

/// Where a mail that is on record goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Away: it was a report on a message of ours.
    Gone,
    /// To the folder of all others.
    Aside,
}

/// The mails that are still in the mailbox, by their numbers (UID).
#[derive(Debug, Default)]
pub(super) struct Progress {
    validity: u32,
    recorded: HashMap<u32, Place>,
    tries: HashMap<u32, u8>,
}

impl Progress {
    /// A mailbox is open. With another validity its numbers mean other mails.
    pub(super) fn begin(&mut self, validity: u32) {
        if self.validity != validity {
            *self = Self { validity, ..Self::default() };
        }
    }

    /// Only these are still there.
    pub(super) fn forget_all_but(&mut self, waiting: &BTreeSet<u32>) {
        self.recorded.retain(|uid, _| waiting.contains(uid));
        self.tries.retain(|uid, _| waiting.contains(uid));
    }

    /// Where a mail goes; `None` until it is on record.
    pub(super) fn place(&self, uid: u32) -> Option<Place> {
        self.recorded.get(&uid).copied()
    }

    /// It is on record.
    pub(super) fn recorded(&mut self, uid: u32, place: Place) {
        self.recorded.insert(uid, place);
    }

    /// Counts a try to read it, before it is made. True once that was tried often enough.
    pub(super) fn failed(&mut self, uid: u32) -> bool {
        let tries = self.tries.entry(uid).or_default();
        *tries += 1;
        *tries > MOST_TRIES
    }

    /// It could be read.
    pub(super) fn worked(&mut self, uid: u32) {
        self.tries.remove(&uid);
    }

    /// Whether it is left alone.
    pub(super) fn is_given_up(&self, uid: u32) -> bool {
        self.tries.get(&uid).is_some_and(|tries| *tries > MOST_TRIES)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_that_is_never_handed_over_is_given_up() {
        let mut progress = Progress::default();
        progress.begin(7);
        assert_eq!([(); 4].map(|()| progress.failed(1)), [false, false, false, true]);
        assert!(progress.is_given_up(1) && !progress.is_given_up(2));
        assert!(!progress.failed(2));
        progress.worked(2);
        progress.begin(7);
        assert!(progress.is_given_up(1), "another connection to the same mailbox");
        progress.begin(8);
        assert!(!progress.is_given_up(1), "the numbers mean other mails");
    }

    #[test]
    fn what_left_the_mailbox_is_forgotten() {
        let mut progress = Progress::default();
        progress.recorded(1, Place::Gone);
        progress.recorded(2, Place::Aside);
        progress.forget_all_but(&BTreeSet::from([2]));
        assert_eq!((progress.place(1), progress.place(2)), (None, Some(Place::Aside)));
    }
}
