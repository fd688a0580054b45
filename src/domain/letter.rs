//! The life of a message: its kinds, its states, and the moves between them.
//!
//! ```text
//! unconfirmed --> queued <--> sending --> sent --> bounced
//!      |           |  ^          '------> failed
//!      |           v  |
//!      |---------> held
//!      |           ^  |
//!      |           |  v
//!      |---------> self_send --> self_reported
//!      '---------> expired
//!
//! unconfirmed, queued, held, self_send --> withdrawn
//! failed, bounced --staff have it tried anew--> queued
//! ```

use std::fmt;

/// What a message is: a letter to an office, or a notice to a supporter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MessageKind {
    /// To an office, in the supporter's name.
    Letter,
    /// To a supporter: press the button to confirm.
    Confirmation,
    /// To a supporter who signed up again after confirming.
    AlreadyConfirmed,
    /// To a supporter: what became of their letters, and what they said.
    Receipt,
    /// To a supporter: this letter did not arrive; how else to reach the office.
    Unreachable,
    /// To a supporter: an office's automatic answer to their letter.
    OfficeReply,
}

/// Where a message stands. These names are the ones in the database, in exports and in the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MessageState {
    /// Waits for the supporter to confirm.
    Unconfirmed,
    /// May be sent as soon as it is due.
    Queued,
    /// In the hand of a sender that holds a lease on it.
    Sending,
    /// Accepted by the receiving mail server: a 2xx reply after the final dot.
    Sent,
    /// Accepted first, then returned by a delivery report (RFC 3464).
    Bounced,
    /// Given up: refused with 5xx, or five days of retries.
    Failed,
    /// Kept back until staff decide, or the office can be reached again.
    Held,
    /// Taken back by the supporter before it was sent.
    Withdrawn,
    /// Never confirmed within the time for it.
    Expired,
    /// The office takes web-form mail only: the supporter sends it.
    SelfSend,
    /// The supporter says that they sent it.
    SelfReported,
}

/// What a letter's state means to whoever looks at many: the parts of the bar, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StateGroup {
    Arrived,
    Moving,
    /// For its supporter.
    Waiting,
    Trouble,
    Over,
}

/// A word from outside that names no kind or state.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no {1} of a message")]
pub struct UnknownWord(String, &'static str);

/// A move that the life of a letter does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a message can't go from {} to {}", .from.as_str(), .to.as_str())]
pub struct ForbiddenMove {
    /// Where it stands.
    pub from: MessageState,
    /// Where it was to go.
    pub to: MessageState,
}

impl MessageKind {
    /// Every kind.
    pub const ALL: [Self; 6] =
        [Self::Letter, Self::Confirmation, Self::AlreadyConfirmed, Self::Receipt, Self::Unreachable, Self::OfficeReply];

    /// The stored name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Letter => "letter",
            Self::Confirmation => "confirmation",
            Self::AlreadyConfirmed => "already_confirmed",
            Self::Receipt => "receipt",
            Self::Unreachable => "unreachable",
            Self::OfficeReply => "office_reply",
        }
    }

    /// Reads a stored name.
    ///
    /// # Errors
    /// [`UnknownWord`] for any other text.
    pub fn parse(word: &str) -> Result<Self, UnknownWord> {
        Self::ALL.into_iter().find(|k| k.as_str() == word).ok_or_else(|| UnknownWord(word.to_owned(), "kind"))
    }
}

impl MessageState {
    /// Every state, in the order of a letter's life.
    pub const ALL: [Self; 11] = [
        Self::Unconfirmed,
        Self::Queued,
        Self::Sending,
        Self::Sent,
        Self::Bounced,
        Self::Failed,
        Self::Held,
        Self::Withdrawn,
        Self::Expired,
        Self::SelfSend,
        Self::SelfReported,
    ];

    /// Every state, group by group: the order of the bar and of the tables' columns.
    pub const BY_GROUP: [Self; 11] = [
        Self::Sent,
        Self::SelfReported,
        Self::Sending,
        Self::Queued,
        Self::SelfSend,
        Self::Unconfirmed,
        Self::Held,
        Self::Bounced,
        Self::Failed,
        Self::Withdrawn,
        Self::Expired,
    ];

    pub const fn group(self) -> StateGroup {
        match self {
            Self::Sent | Self::SelfReported => StateGroup::Arrived,
            Self::Queued | Self::Sending => StateGroup::Moving,
            Self::Unconfirmed | Self::SelfSend => StateGroup::Waiting,
            Self::Held | Self::Bounced | Self::Failed => StateGroup::Trouble,
            Self::Withdrawn | Self::Expired => StateGroup::Over,
        }
    }

    /// Words for staff.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Sent => "Accepted by the office's mail server",
            Self::SelfReported => "Sent by the supporter, as they say",
            Self::Sending => "Being sent",
            Self::Queued => "Waiting to be sent",
            Self::SelfSend => "For the supporter to send",
            Self::Unconfirmed => "Not confirmed yet",
            Self::Held => "Held",
            Self::Bounced => "Returned by the office",
            Self::Failed => "Could not be delivered",
            Self::Withdrawn => "Taken back",
            Self::Expired => "Never confirmed",
        }
    }

    /// The few words for staff that fit over a column.
    pub const fn short(self) -> &'static str {
        match self {
            Self::Sent => "Accepted",
            Self::SelfReported => "Self-reported",
            Self::Sending => "Being sent",
            Self::Queued => "Waiting",
            Self::SelfSend => "To self-send",
            Self::Unconfirmed => "Not confirmed",
            Self::Held => "Held",
            Self::Bounced => "Returned",
            Self::Failed => "Failed",
            Self::Withdrawn => "Withdrawn",
            Self::Expired => "Expired",
        }
    }

    /// The stored name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unconfirmed => "unconfirmed",
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Bounced => "bounced",
            Self::Failed => "failed",
            Self::Held => "held",
            Self::Withdrawn => "withdrawn",
            Self::Expired => "expired",
            Self::SelfSend => "self_send",
            Self::SelfReported => "self_reported",
        }
    }

    /// Reads a stored name.
    ///
    /// # Errors
    /// [`UnknownWord`] for any other text.
    pub fn parse(word: &str) -> Result<Self, UnknownWord> {
        Self::ALL.into_iter().find(|s| s.as_str() == word).ok_or_else(|| UnknownWord(word.to_owned(), "state"))
    }

    /// The states that a message may go to from here.
    #[must_use]
    pub const fn next(self) -> &'static [Self] {
        match self {
            Self::Unconfirmed => &[Self::Queued, Self::SelfSend, Self::Held, Self::Withdrawn, Self::Expired],
            Self::Queued => &[Self::Sending, Self::Held, Self::Withdrawn],
            Self::Sending => &[Self::Sent, Self::Queued, Self::Failed],
            Self::Sent => &[Self::Bounced],
            Self::Held => &[Self::Queued, Self::SelfSend, Self::Withdrawn],
            Self::SelfSend => &[Self::SelfReported, Self::Held, Self::Withdrawn],
            // Only staff have it tried anew.
            Self::Bounced | Self::Failed => &[Self::Queued],
            Self::Withdrawn | Self::Expired | Self::SelfReported => &[],
        }
    }

    /// Checks the move from here to `to`.
    ///
    /// # Errors
    /// [`ForbiddenMove`] when a letter's life has no such move.
    pub fn go(self, to: Self) -> Result<Self, ForbiddenMove> {
        if self.next().contains(&to) { Ok(to) } else { Err(ForbiddenMove { from: self, to }) }
    }

    /// Whether the supporter can still take the letter back.
    #[must_use]
    pub fn can_withdraw(self) -> bool {
        self.next().contains(&Self::Withdrawn)
    }
}

impl fmt::Display for MessageState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why a letter is in the state `held`. The words are the ones in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum HeldBecause {
    /// Who it is written to no longer holds the office.
    OfficialLeft,
    /// The office had a mailbox when the letter was queued, and has none now.
    MailboxGone,
    /// The server of the office's mailbox says that there is no such mailbox.
    MailboxDead,
    /// The office has neither a mailbox nor a web form that we know of.
    NoWay,
    /// The letter names no official; only a row that was changed by hand does that.
    ToNobody,
    /// The term of who it is written to is over, and no newer roster says who holds the office.
    TermEnded,
    /// A copy of the database was put back, and the letter may have gone after the copy was made.
    MayHaveGone,
}

impl HeldBecause {
    /// Every reason.
    pub const ALL: [Self; 7] = [
        Self::OfficialLeft,
        Self::MailboxGone,
        Self::MailboxDead,
        Self::NoWay,
        Self::ToNobody,
        Self::TermEnded,
        Self::MayHaveGone,
    ];

    /// The stored words.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OfficialLeft => "the official is no longer in office",
            Self::MailboxGone => "the office no longer has a known mailbox",
            Self::MailboxDead => "the office's mailbox does not take mail",
            Self::NoWay => "no mailbox and no web form of the office is known",
            Self::ToNobody => "it is written to nobody",
            Self::TermEnded => "the official's term is over",
            Self::MayHaveGone => "it may have gone already: a copy of the database was put back",
        }
    }

    /// Reads stored words; `None` for any others, such as what staff noted.
    #[must_use]
    pub fn parse(words: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == words)
    }
}

/// An act on one letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LetterAct {
    /// A held letter goes into the queue.
    Release,
    /// A letter that failed or was returned is tried anew. One that was sent is not sent twice.
    Resend,
    /// A letter that waits or is held is taken back.
    Cancel,
}

impl LetterAct {
    /// Every act.
    pub const ALL: [Self; 3] = [Self::Release, Self::Resend, Self::Cancel];

    /// The word in paths.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::Resend => "resend",
            Self::Cancel => "cancel",
        }
    }

    /// Reads the word; `None` for any other.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.as_str() == word)
    }

    /// Whether a letter in that state can have it done.
    #[must_use]
    pub const fn offered(self, state: MessageState) -> bool {
        match self {
            Self::Release => matches!(state, MessageState::Held),
            Self::Resend => matches!(state, MessageState::Failed | MessageState::Bounced),
            Self::Cancel => matches!(state, MessageState::Queued | MessageState::Held),
        }
    }
}

/// What a mail that came back means for its message. The names are those in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReturnKind {
    /// The message did not arrive (RFC 3464: failed).
    Failed,
    /// It has not arrived yet; its server goes on trying (RFC 3464: delayed).
    Delayed,
    /// Somebody called it spam (RFC 5965).
    Complaint,
    /// An office's machine answered (RFC 3834).
    AutomaticReply,
    /// It names a message of ours with a wrong signature.
    Forged,
    /// A person answered to the return path.
    Answer,
    /// A receipt, a report that all went well, or a mail that names no message.
    Other,
}

/// Why a mail came back. The names are those in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReturnCause {
    /// There is no such mailbox, or no such domain.
    NoMailbox,
    /// The server takes no mail of ours (5.7.x, a block list).
    Blocked,
    /// Another reason, or none that can be believed.
    Other,
}

impl ReturnCause {
    /// The stored name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoMailbox => "no_mailbox",
            Self::Blocked => "blocked",
            Self::Other => "other",
        }
    }
}

impl ReturnKind {
    /// Every kind.
    pub const ALL: [Self; 7] =
        [Self::Failed, Self::Delayed, Self::Complaint, Self::AutomaticReply, Self::Forged, Self::Answer, Self::Other];

    /// The stored name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::Delayed => "delayed",
            Self::Complaint => "complaint",
            Self::AutomaticReply => "automatic_reply",
            Self::Forged => "forged",
            Self::Answer => "answer",
            Self::Other => "other",
        }
    }

    /// Reads a stored name.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn each_state_stands_once_in_the_bar_with_its_group() {
        assert!(MessageState::BY_GROUP.is_sorted_by_key(|state| state.group()));
        assert!(MessageState::ALL.iter().all(|state| MessageState::BY_GROUP.contains(state)));
    }

    #[test]
    fn every_state_can_be_reached() {
        for state in MessageState::ALL {
            let reached = state == MessageState::Unconfirmed || MessageState::ALL.iter().any(|from| from.next().contains(&state));
            assert!(reached, "{state}");
            assert_eq!(MessageState::parse(state.as_str()).unwrap(), state);
        }
    }

    proptest! {
        /// Any walk of moves keeps the promises that the counts rest on.
        #[test]
        fn a_walk_through_life_keeps_its_promises(choices in proptest::collection::vec(0_usize..11, 1..30)) {
            let mut state = MessageState::Unconfirmed;
            let mut confirmed = false;
            for choice in choices {
                let to = MessageState::ALL[choice];
                let Ok(next) = state.go(to) else { continue };
                if next == MessageState::Sent {
                    prop_assert_eq!(state, MessageState::Sending, "only what is in hand can be sent");
                    prop_assert!(confirmed, "nothing is sent that was not confirmed");
                }
                if next == MessageState::Withdrawn {
                    prop_assert!(!matches!(state, MessageState::Sending | MessageState::Sent));
                }
                prop_assert!(!matches!(state, MessageState::SelfReported | MessageState::Withdrawn | MessageState::Expired), "an end is an end");
                if matches!(state, MessageState::Failed | MessageState::Bounced) {
                    prop_assert_eq!(next, MessageState::Queued);
                }
                confirmed |= matches!(next, MessageState::Queued | MessageState::SelfSend | MessageState::Held);
                state = next;
            }
        }
    }

    #[test]
    fn each_reason_is_read_as_it_is_stored() {
        for reason in HeldBecause::ALL {
            assert_eq!(HeldBecause::parse(reason.as_str()), Some(reason));
        }
        assert_eq!(HeldBecause::parse("to be asked"), None);
    }

    #[test]
    fn what_is_offered_is_a_move_of_a_letters_life() {
        for act in LetterAct::ALL {
            assert_eq!(LetterAct::parse(act.as_str()), Some(act));
            let to = if act == LetterAct::Cancel { MessageState::Withdrawn } else { MessageState::Queued };
            for state in MessageState::ALL.into_iter().filter(|state| act.offered(*state)) {
                assert_eq!(state.go(to), Ok(to), "{} {state}", act.as_str());
            }
        }
        assert!(!LetterAct::Resend.offered(MessageState::Sent), "nothing is sent twice");
        assert!(!LetterAct::Cancel.offered(MessageState::Sending), "what is in hand goes out");
    }
}
