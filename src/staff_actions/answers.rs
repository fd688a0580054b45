//! Answers that came to a return path and can't be passed on: staff read them, have them passed on all the same, or throw them away.

use super::{AuditDetail, StaffActions};
use crate::domain::{Actor, AuditAction};
use crate::store::answers::{self, Answer};
use crate::store::{StoreError, Tx};

impl StaffActions {
    /// Opens an answer, and notes that. `None` where there is none; then nothing is noted.
    ///
    /// # Errors
    /// When the database can't note it: then nothing is shown.
    pub async fn open_answer(&self, who: &Actor, answer: i64) -> Result<Option<Answer>, StoreError> {
        let open = move |tx: &mut Tx<'_>| {
            let read = answers::read(tx.reader(), answer)?;
            let noted = read.is_some().then(|| detail(answer));
            Ok((read, noted))
        };
        self.act(who, AuditAction::AnswerOpened, open).await
    }

    /// Has an answer passed on to a supporter who wants no more mail of ours. False when there is none, or nobody.
    ///
    /// # Errors
    /// When the database can't keep it.
    pub async fn pass_answer_on(&self, who: &Actor, answer: i64) -> Result<bool, StoreError> {
        let now = self.clock.now();
        let release = move |tx: &mut Tx<'_>| {
            let released = answers::release(tx, answer, now)?;
            Ok((released, released.then(|| detail(answer))))
        };
        self.act(who, AuditAction::AnswerPassedOn, release).await
    }

    /// Throws an answer away. False when there is none.
    ///
    /// # Errors
    /// When the database can't keep it.
    pub async fn drop_answer(&self, who: &Actor, answer: i64) -> Result<bool, StoreError> {
        let forget = move |tx: &mut Tx<'_>| {
            let dropped = answers::forget(tx, answer)?;
            Ok((dropped, dropped.then(|| detail(answer))))
        };
        self.act(who, AuditAction::AnswerDropped, forget).await
    }
}

fn detail(answer: i64) -> AuditDetail {
    AuditDetail::of(format!("answer {answer}"), "")
}
