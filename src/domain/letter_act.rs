//! What staff may do to a letter.

use super::MessageState;

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

#[cfg(test)]
mod tests {
    use super::*;

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
