//! Single letters: who opened them, and what was done to them.

use super::{AuditDetail, StaffActions};
use crate::domain::{Actor, AuditAction, LetterAct, MessageState, Reason, Slug};
use crate::store::letter_acts::{self, Acted};
use crate::store::letter_history::{self, Writer};
use crate::store::letter_search::Wanted;
use crate::store::supporter_search::{self, FoundOf, Who};
use crate::store::{StoreError, Tx};

impl StaffActions {
    /// Opens who wrote a letter and what it says, and notes that. `None` where it was erased; then nothing is noted.
    ///
    /// # Errors
    /// When the database can't note it: then nothing is shown.
    pub async fn open_letter(&self, who: &Actor, letter: i64) -> Result<Option<Writer>, StoreError> {
        let open = move |tx: &mut Tx<'_>| {
            let writer = letter_history::writer(tx.reader(), letter)?;
            let noted = writer.is_some().then(|| AuditDetail::of(format!("letter {letter}"), ""));
            Ok((writer, noted))
        };
        self.act(who, AuditAction::LetterOpened, open).await
    }

    /// Looks for letters by their writer, and notes that, without the name or address that was looked for.
    ///
    /// # Errors
    /// When the database can't note it: then nothing is shown.
    pub async fn search_supporter(
        &self,
        who: &Actor,
        (campaign, slug): (i64, &str),
        wanted: Wanted,
        whom: Who,
        after: Option<i64>,
    ) -> Result<(Vec<FoundOf>, Option<i64>), StoreError> {
        let by = if matches!(whom, Who::Email(_)) { "e-mail address" } else { "name" };
        let found = self.store.read(move |conn| supporter_search::of_supporter(conn, campaign, &whom, wanted, after)).await?;
        let noted = AuditDetail::of(format!("campaign {slug}"), format!("by {by}; letters shown: {}", found.0.len()));
        self.act(who, AuditAction::SupporterSearched, move |_| Ok(((), Some(noted)))).await?;
        Ok(found)
    }

    /// Does something to a letter that stood in `shown` when it was looked at.
    ///
    /// # Errors
    /// When the database can't keep it.
    pub async fn act_on_letter(
        &self,
        who: &Actor,
        (campaign, letter): (i64, i64),
        act: LetterAct,
        shown: MessageState,
        reason: Reason,
    ) -> Result<Acted, StoreError> {
        let (now, message_id) = (self.clock.now(), self.intake.message_id());
        let work = move |tx: &mut Tx<'_>| {
            let acted = letter_acts::act(tx, (campaign, letter), act, shown, &message_id, now)?;
            let noted = (acted == Acted::Done)
                .then(|| AuditDetail::of(format!("letter {letter}"), format!("was {shown}: {}", reason.as_str())));
            Ok((acted, noted))
        };
        let acted = self.act(who, noted_as(act), work).await?;
        self.wake.notify_one();
        Ok(acted)
    }

    /// Does the same to many letters, each of which stood in its state when it was looked at, and notes it once with all their numbers.
    /// What has moved on since, or can't have it done, stays as it is. Gives how many it was done to.
    ///
    /// # Errors
    /// When the database can't keep it.
    pub async fn act_on_letters(
        &self,
        who: &Actor,
        (campaign, slug): (i64, &str),
        act: LetterAct,
        letters: Vec<(i64, MessageState)>,
        reason: Reason,
    ) -> Result<usize, StoreError> {
        let now = self.clock.now();
        let letters: Vec<_> = letters.into_iter().map(|(id, shown)| (id, shown, self.intake.message_id())).collect();
        let subject = format!("campaign {slug}");
        let work = move |tx: &mut Tx<'_>| {
            let mut done = Vec::new();
            for (id, shown, message_id) in letters {
                if letter_acts::act(tx, (campaign, id), act, shown, &message_id, now)? == Acted::Done {
                    done.push(id.to_string());
                }
            }
            let noted =
                (!done.is_empty()).then(|| AuditDetail::of(subject, format!("letters {}: {}", done.join(", "), reason.as_str())));
            Ok((done.len(), noted))
        };
        let acted = self.act(who, noted_as(act), work).await?;
        self.wake.notify_one();
        Ok(acted)
    }
}

const fn noted_as(act: LetterAct) -> AuditAction {
    match act {
        LetterAct::Release => AuditAction::LetterReleased,
        LetterAct::Resend => AuditAction::LetterResent,
        LetterAct::Cancel => AuditAction::LetterCancelled,
    }
}

impl StaffActions {
    /// Notes that something personal is opened, before it is: `subject` names it by ids.
    ///
    /// # Errors
    /// When the database can't keep the note: then nothing may be opened.
    pub async fn note_opened(&self, who: &Actor, deed: AuditAction, subject: String) -> Result<(), StoreError> {
        self.act(who, deed, move |_: &mut Tx<'_>| Ok(((), Some(AuditDetail::of(subject, ""))))).await
    }
}

impl StaffActions {
    /// Notes that a list of people or letters is taken out, before its first line is read.
    ///
    /// # Errors
    /// When the database can't keep the note: then nothing may be taken out.
    pub async fn note_export(&self, who: &Actor, deed: AuditAction, campaign: &Slug) -> Result<(), StoreError> {
        let subject = format!("campaign {campaign}");
        self.act(who, deed, move |_: &mut Tx<'_>| Ok(((), Some(AuditDetail::of(subject, ""))))).await
    }
}
