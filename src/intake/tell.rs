//! Telling supporters what became of their letters: receipts, letters that did not arrive, offices' answers.

use std::sync::atomic::Ordering;
use std::time::Duration;

use super::accept::{MOST_NOTICES, NOTICE_WINDOW, campaign_context, notice_text};
use super::catalog::CampaignEntry;
use super::{Intake, IntakeError};
use crate::domain::{MessageKind, MessageState, Timestamp, Token};
use crate::render::{NoticeContext, OfficeReply, Receipt, ToldLetter, Unreachable};
use crate::store::answers::{self, Answer};
use crate::store::letters::LetterView;
use crate::store::messages::NewNotice;
use crate::store::notices_due::{self, Due, News, Patience};

/// A receipt waits this long after the last change of a letter.
const SETTLED: Duration = Duration::from_mins(10);
/// A receipt waits this long for letters that are held; then it says that they are.
const HELD: Duration = Duration::from_hours(3 * 24);
/// A letter that did not arrive waits this long for others of its sign-up.
const UNREACHABLE: Duration = Duration::from_mins(10);

impl Intake {
    /// Tells what there is to tell, to some of those who wait for it. Gives how many mails were written; with none, whether there
    /// may be more is known at the next call.
    pub async fn tell(&self) -> Result<usize, IntakeError> {
        let now = self.clock.now();
        let patience = Patience { settled: SETTLED, held: HELD, unreachable: UNREACHABLE };
        let cursor = self.told_up_to.load(Ordering::Relaxed);
        let (due, next) = self.store.read(move |conn| notices_due::due(conn, cursor, patience, now)).await?;
        self.told_up_to.store(next, Ordering::Relaxed);
        let mut written = 0;
        for due in due {
            written += usize::from(self.tell_one(due, now).await?);
        }
        if written > 0 {
            self.queued.notify_one();
        }
        Ok(written)
    }

    /// One mail. False when there was nothing to say, or its address had its mails for today.
    async fn tell_one(&self, due: Due, now: Timestamp) -> Result<bool, IntakeError> {
        let Some(entry) = self.catalog().by_id(due.campaign) else { return Ok(false) };
        let (letters, new, answer) = self
            .store
            .read(move |conn| {
                let (letters, new) = notices_due::letters(conn, &due)?;
                let answer = if let News::OfficeReply { answer, .. } = due.news { answers::read(conn, answer)? } else { None };
                Ok((letters, new, answer))
            })
            .await?;
        let token = Token::random();
        let status_url = self.link("letters", &token);
        let notice = self.news(&entry, due.news, &letters, &new, answer.as_ref(), &status_url)?;
        let hash = token.hash();
        let told = self.store.write(move |tx| {
            let notice = notice.as_ref().map(|notice| (&hash, notice));
            let told = notices_due::tell(tx, &due, &new, notice, (MOST_NOTICES, now.minus(NOTICE_WINDOW)), now)?;
            Ok(told && notice.is_some())
        });
        Ok(told.await?)
    }

    /// The notice; `None` where there is nothing that its reader does not know.
    fn news(
        &self,
        entry: &CampaignEntry,
        news: News,
        letters: &[LetterView],
        new: &[i64],
        answer: Option<&Answer>,
        status_url: &str,
    ) -> Result<Option<NewNotice>, IntakeError> {
        let campaign = campaign_context(entry);
        let told = |letter: &LetterView| told(entry, letter);
        let in_state = |states: &[MessageState]| -> Vec<ToldLetter> {
            letters.iter().filter(|letter| states.contains(&letter.state)).map(told).collect()
        };
        let of_news: Vec<ToldLetter> = letters.iter().filter(|letter| new.contains(&letter.id)).map(told).collect();
        let (kind, rendered) = match news {
            News::Receipt => {
                let sent = in_state(&[MessageState::Sent]);
                let trouble = in_state(&[MessageState::Failed, MessageState::Bounced]);
                let held = in_state(&[MessageState::Held]);
                // Who withdrew all, or sends all by web form, has it from the page already.
                if sent.is_empty() && trouble.is_empty() && held.is_empty() {
                    return Ok(None);
                }
                let (self_sends, withdrawn) = (in_state(&[MessageState::SelfSend]), in_state(&[MessageState::Withdrawn]));
                let receipt = Receipt {
                    campaign,
                    status_url,
                    sent: &sent,
                    trouble: &trouble,
                    held: &held,
                    self_sends: &self_sends,
                    withdrawn: &withdrawn,
                };
                (MessageKind::Receipt, self.notices.render(&NoticeContext::Receipt(receipt))?)
            }
            News::Unreachable => {
                if of_news.is_empty() {
                    return Ok(None);
                }
                let mail = Unreachable { campaign, status_url, letters: &of_news, one: of_news.len() == 1 };
                (MessageKind::Unreachable, self.notices.render(&NoticeContext::Unreachable(mail))?)
            }
            News::OfficeReply { .. } => {
                let (Some(letter), Some(Answer { automatic, subject, text })) = (of_news.first(), answer) else {
                    return Ok(None);
                };
                let (automatic, lines) = (*automatic, text.lines().collect());
                let reply = OfficeReply { campaign, status_url, letter, automatic, subject, lines };
                (MessageKind::OfficeReply, self.notices.render(&NoticeContext::OfficeReply(reply))?)
            }
        };
        Ok(Some(NewNotice { kind, message_id: self.message_id(), text: notice_text(entry, rendered) }))
    }
}

fn told(entry: &CampaignEntry, letter: &LetterView) -> ToldLetter {
    let words = |text: &str| text.trim_end().to_owned();
    ToldLetter {
        to: letter.addressee(),
        office: if letter.district.name.is_empty() { String::new() } else { letter.district.in_words() },
        when: entry.campaign.settings.time_zone.moment_in_words(letter.since),
        phone: letter.phone.clone(),
        address: letter.address.clone(),
        webform: letter.webform.clone(),
        may_have_arrived: letter.may_have_arrived,
        subject: letter.text.subject.clone(),
        text: words(&letter.text.text),
    }
}
