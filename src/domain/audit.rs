//! What staff did: the words of the audit log.

/// Who did it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A login, by its e-mail address.
    Staff(String),
    /// Whoever runs the server, with a command.
    CommandLine,
    /// Somebody who is not logged in.
    Nobody,
}

impl Actor {
    /// As it is kept and shown.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Staff(email) => email,
            Self::CommandLine => "command line",
            Self::Nobody => "not logged in",
        }
    }
}

macro_rules! deeds {
    ($($(#[$doc:meta])* $name:ident = $word:literal, $said:literal;)+) => {
        /// What was done.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum AuditAction {
            $($(#[$doc])* $name,)+
        }

        impl AuditAction {
            /// Every deed.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The stored word.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)+ }
            }

            /// As staff read it, after the name of who did it.
            #[must_use]
            pub const fn in_words(self) -> &'static str {
                match self { $(Self::$name => $said,)+ }
            }
        }
    };
}

deeds! {
    /// A text of a campaign was changed.
    TextSaved = "campaign.text", "changed a text";
    /// A letter for officials of one stand was added or taken away.
    LetterVariants = "campaign.letters", "changed which letters there are";
    /// Texts were put back as they were in an earlier version.
    RolledBack = "campaign.rollback", "went back to an earlier version";
    /// A campaign was made as a copy of another.
    CampaignMade = "campaign.made", "made a campaign";
    /// A campaign's folder was imported.
    CampaignImported = "campaign.imported", "imported a campaign's folder";
    /// A letter was sent to the login's own address, to see how it arrives.
    TestSent = "campaign.test", "sent a test letter to themselves";
    /// Every rest of the sender was ended.
    SendingResumed = "sending.resumed", "resumed all sending";
    /// Letters that a block sent back are sent again.
    BlockedSentAgain = "sending.blocked_again", "had the letters go again that a block sent back";
    /// A mailbox that was thought dead is written to again.
    MailboxReleased = "mailbox.released", "said that a mailbox is right";
    /// What letters ask for was chosen.
    AsksChosen = "campaign.asks", "chose what letters ask for";
    /// Somebody came in with their password.
    LoggedIn = "login.in", "logged in";
    /// Log-ins failed, counted by the hour.
    LogInsFailed = "login.failed", "failed to log in";
    /// Somebody gave themselves another password.
    PasswordChanged = "login.password", "changed their password";
    /// Somebody ended all their sessions.
    SignedOutEverywhere = "login.out_everywhere", "signed out everywhere";
    /// A login was made on the server, or given another password and role there.
    LoginSaved = "login.saved", "set a login's password and role";
    /// A login's role was changed.
    RoleChanged = "login.role", "changed a role";
    /// A login was taken away.
    LoginRemoved = "login.removed", "removed a login";
    /// A one-time link was made.
    InviteMade = "invite.made", "made an invitation";
    /// A one-time link was taken back.
    InviteRevoked = "invite.revoked", "took an invitation back";
    /// A one-time link made a login.
    InviteUsed = "invite.used", "made a login with an invitation";
    /// The roster was replaced.
    RosterImported = "roster.imported", "imported a roster";
    /// Evidence was imported.
    PositionsImported = "positions.imported", "imported positions";
    /// A piece of evidence was entered by hand.
    PositionAdded = "position.added", "entered a position";
    /// A piece of evidence was corrected.
    PositionCorrected = "position.corrected", "corrected a position";
    /// A piece of evidence was taken away.
    PositionDeleted = "position.deleted", "took a position away";
    /// Places were imported.
    PlacesImported = "places.imported", "imported places";
    /// Outlines of districts were imported.
    DistrictsImported = "districts.imported", "imported districts";
    /// Streets were imported.
    StreetsImported = "streets.imported", "imported streets";
    /// The list of letters, without their writers, was taken out.
    LettersExported = "export.letters", "downloaded the letters";
    /// The supporters who agreed to be written to were taken out.
    SupportersExported = "export.supporters", "downloaded the supporters who agreed to be written to";
    /// Somebody opened who wrote a letter, and its text.
    LetterOpened = "letter.opened", "opened who wrote a letter, and its text";
    /// Somebody opened an answer that could not be passed on.
    AnswerOpened = "answer.opened", "opened an answer that could not be passed on";
    /// An answer was passed on to somebody who wanted no more mail of ours.
    AnswerPassedOn = "answer.passed_on", "had an answer passed on";
    /// An answer was thrown away.
    AnswerDropped = "answer.dropped", "threw an answer away";
    /// Somebody looked for letters by a supporter's name or address.
    SupporterSearched = "letters.searched", "looked for letters of a supporter";
    /// A held letter was let go.
    LetterReleased = "letter.released", "let a held letter go";
    /// A letter that failed or was returned is tried anew.
    LetterResent = "letter.resent", "had a letter tried anew";
    /// A letter was taken back.
    LetterCancelled = "letter.cancelled", "took a letter back";
    /// All sending was paused.
    SendingPaused = "sending.paused", "paused all sending";
    /// The pause of all sending was ended.
    SendingUnpaused = "sending.unpaused", "ended the pause of all sending";
    /// The letters of a campaign were paused.
    CampaignPaused = "campaign.paused", "paused the campaign's letters";
    /// They go on.
    CampaignResumed = "campaign.resumed", "let the campaign's letters go on";
    /// When a campaign's letters may go was chosen.
    HoursSet = "campaign.hours", "chose when letters may go";
    /// From when and until when people can sign up was chosen.
    DatesSet = "campaign.dates", "chose when people can sign up";
    /// The letters to an office were paused.
    OfficePaused = "office.paused", "paused the letters to an office";
    /// They go on.
    OfficeResumed = "office.resumed", "let the letters to an office go on";
    /// An office was given a pace of its own.
    PaceSet = "office.pace", "chose an office's pace";
    /// An office has the common pace again.
    PaceForgotten = "office.pace_common", "gave an office the common pace again";
    /// A token for a program was made.
    TokenMade = "token.made", "made an API token";
    /// A token for a program was revoked.
    TokenRevoked = "token.revoked", "revoked an API token";
    /// A webhook was added.
    WebhookAdded = "webhook.added", "added a webhook";
    /// A webhook was removed.
    WebhookRemoved = "webhook.removed", "removed a webhook";
    /// A webhook that had failed for a day was turned on again.
    WebhookTurnedOn = "webhook.on", "turned a webhook on again";
    /// A test was sent to a webhook.
    WebhookTested = "webhook.tested", "sent a test to a webhook";
    /// Words of supporters who may be quoted were opened, for a report for a meeting.
    QuotationsOpened = "quotations.opened", "opened words that may be quoted";
}

impl AuditAction {
    /// Reads a stored word; `None` for one that this version does not know.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|deed| deed.as_str() == word)
    }
}

/// One line for the audit log.
#[derive(Clone, Debug)]
pub struct AuditEntry {
    /// Who did it.
    pub who: Actor,
    /// What.
    pub deed: AuditAction,
    /// To what, by ids: `letter 12`, `office 7`, `campaign ma-287g`; empty for the whole service.
    pub subject: String,
    /// Reasons, old and new values. No supporter's data.
    pub detail: String,
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_deed_has_a_word_of_its_own() {
        let words: BTreeSet<_> = AuditAction::ALL.iter().map(|deed| deed.as_str()).collect();
        assert_eq!(words.len(), AuditAction::ALL.len());
        for deed in AuditAction::ALL {
            assert_eq!(AuditAction::parse(deed.as_str()), Some(*deed));
        }
        assert_eq!(AuditAction::parse("letter.eaten"), None);
    }
}
