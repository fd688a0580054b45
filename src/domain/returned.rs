//! What came back to a return path.

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
