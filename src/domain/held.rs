//! Why a confirmed letter is kept back.

/// Why a letter is in the state `held`. The words are the ones in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
}

impl HeldBecause {
    /// Every reason.
    pub const ALL: [Self; 6] =
        [Self::OfficialLeft, Self::MailboxGone, Self::MailboxDead, Self::NoWay, Self::ToNobody, Self::TermEnded];

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
        }
    }

    /// Reads stored words; `None` for any others, such as what staff noted.
    #[must_use]
    pub fn parse(words: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reason_is_read_as_it_is_stored() {
        for reason in HeldBecause::ALL {
            assert_eq!(HeldBecause::parse(reason.as_str()), Some(reason));
        }
        assert_eq!(HeldBecause::parse("to be asked"), None);
    }
}
