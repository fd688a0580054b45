//! Step 2: the sign-up is kept, with its letters and its confirmation, or not at all.

use std::sync::Arc;
use std::time::Duration;

use rand::Rng;

use super::catalog::CampaignEntry;
use super::location::Location;
use super::preview::{Examined, Preview, examine, render};
use super::{Intake, IntakeError};
use crate::domain::{Field, FieldError, FieldErrors, MessageKind, SignupForm, Timestamp, Token};
use crate::render::{AlreadyConfirmed, CampaignContext, Confirmation, ConfirmationLetter, NoticeContext, RenderedNotice};
use crate::store::StoreError;
use crate::store::messages::{MessageText, NewLetter, NewNotice};
use crate::store::offices::{Office, Official};
use crate::store::signups::{self, NewSignup};

/// How long a sign-up waits for its confirmation.
const TIME_TO_CONFIRM: Duration = Duration::from_hours(7 * 24);
/// The most notices of all kinds and campaigns that one address gets in [`NOTICE_WINDOW`], whoever typed it.
pub(super) const MOST_NOTICES: i64 = 3;
pub(super) const NOTICE_WINDOW: Duration = Duration::from_hours(24);

/// Step 2's form, read and found complete: nothing but keeping it is left.
pub struct Complete<'a>(Examined<'a>);

/// Why step 2's form can't be accepted.
pub enum Refusal<'a> {
    /// The address fields have mistakes: back to step 1.
    Address(FieldErrors),
    /// The address is fine; a choice, the own words or the consent are not.
    Choices(Box<Preview<'a>>, FieldErrors),
}

impl Intake {
    /// Reads the form of step 2 and notes the mistakes of both steps. Whether the campaign is open is asked before.
    pub fn read<'a>(
        entry: &'a CampaignEntry,
        form: &SignupForm,
        location: &Location,
    ) -> Result<Result<Complete<'a>, Refusal<'a>>, IntakeError> {
        let examined = match examine(entry, form, location) {
            Ok(examined) => examined,
            Err(errors) => return Ok(Err(Refusal::Address(errors))),
        };
        let mut errors = examined.finding.missing_choices();
        errors.extend(examined.story_error.clone());
        if !form.has_consent() {
            let message = "Tick this box if you agree. Without it we can't send your letters.".into();
            errors.push(FieldError { field: Field::Consent, message });
        }
        if !errors.is_empty() {
            return Ok(Err(Refusal::Choices(Box::new(examined.preview(entry)?), errors)));
        }
        if examined.finding.offices().all(|office| office.holder.is_none()) {
            let message = "The seats that you chose are empty now, so there is nobody to write to. Please come back later.";
            return Ok(Err(Refusal::Address(vec![FieldError { field: Field::City, message: message.into() }])));
        }
        Ok(Ok(Complete(examined)))
    }

    /// Keeps the sign-up with its letters and its confirmation; answers after they are durable. The answer is the same
    /// whether the address is new here or not: nobody can find out who signed.
    pub async fn accept(&self, entry: &Arc<CampaignEntry>, Complete(examined): Complete<'_>) -> Result<(), IntakeError> {
        let now = self.clock.now();
        let token = Token::random();
        let (letters, listed) = self.letters(entry, &examined)?;
        let expires_at = now.plus(TIME_TO_CONFIRM);
        let confirmation = self.notices.render(&NoticeContext::Confirmation(Confirmation {
            campaign: campaign_context(entry),
            confirm_url: &self.link("confirm", &token),
            expires: &entry.campaign.settings.time_zone.date_in_words(expires_at),
            letters: &listed.mailed,
            self_sends: &listed.self_sends,
            waiting: &listed.waiting,
        }))?;
        let new = NewSignup {
            campaign_id: entry.id,
            version_id: entry.version_id,
            town: examined.finding.town.clone(),
            found_by: examined.finding.found_by(),
            applicant: examined.applicant,
            token: token.hash(),
            expires_at,
            letters,
            confirmation: NewNotice {
                kind: MessageKind::Confirmation,
                message_id: self.message_id(),
                text: notice_text(entry, confirmation),
            },
        };
        self.keep(Arc::clone(entry), new, token, now).await?;
        self.queued.notify_one();
        Ok(())
    }

    fn letters(&self, entry: &CampaignEntry, examined: &Examined<'_>) -> Result<(Vec<NewLetter>, Listed), IntakeError> {
        let mut letters = Vec::new();
        let mut listed = Listed::default();
        let from_name = format!("{} via {}", examined.applicant.name.as_str(), entry.campaign.settings.sender);
        for (office, official) in
            examined.finding.offices().filter_map(|office| office.holder.as_ref().map(|official| (office, official)))
        {
            let applicant = &examined.applicant;
            let letter = render(
                entry,
                office.district.chamber,
                applicant,
                Some(official),
                &office.district.name,
                applicant.story.as_str(),
            )?;
            letters.push(NewLetter {
                office_id: office.id,
                official_id: official.id,
                destination_id: office.destination_id,
                message_id: self.message_id(),
                text: MessageText { from_name: from_name.clone(), subject: letter.subject, text: letter.text, html: None },
            });
            let list = match (&official.person.email, &official.person.webform) {
                (Some(_), _) => &mut listed.mailed,
                (None, Some(_)) => &mut listed.self_sends,
                (None, None) => &mut listed.waiting,
            };
            list.push(listed_letter(office, official));
        }
        Ok((letters, listed))
    }

    async fn keep(&self, entry: Arc<CampaignEntry>, new: NewSignup, token: Token, now: Timestamp) -> Result<(), IntakeError> {
        let status_url = self.link("letters", &token);
        let notices = Arc::clone(&self.notices);
        let message_id = self.message_id();
        self.store
            .write(move |tx| {
                let known = signups::supporter(tx, new.campaign_id, &new.applicant.email, now.minus(NOTICE_WINDOW), now)?;
                // The page says the same in each case. A mailbox that had its mails for today is left in peace until
                // tomorrow; links in earlier mails show the letters as they are now, so corrections are kept all the same.
                let quiet = known.notices >= MOST_NOTICES;
                match (known.signup, known.confirmed_at) {
                    (None, _) => {
                        let mail_at = if quiet { now.plus(NOTICE_WINDOW) } else { now };
                        signups::insert(tx, known.id, &new, mail_at, now)
                    }
                    (Some(id), None) => signups::replace(tx, id, &new, !quiet, now),
                    (Some(_), Some(_)) if quiet => Ok(()),
                    (Some(id), Some(at)) => {
                        let context = AlreadyConfirmed {
                            campaign: campaign_context(&entry),
                            status_url: &status_url,
                            confirmed_on: &entry.campaign.settings.time_zone.date_in_words(at),
                        };
                        let text = notices
                            .render(&NoticeContext::AlreadyConfirmed(context))
                            .map_err(|error| StoreError::Failed { doing: "write a notice", cause: error.to_string() })?;
                        let notice =
                            NewNotice { kind: MessageKind::AlreadyConfirmed, message_id, text: notice_text(&entry, text) };
                        signups::notify(tx, id, &new.token, &notice, now)
                    }
                }
            })
            .await?;
        Ok(())
    }

    pub(super) fn link(&self, page: &str, token: &Token) -> String {
        format!("{}/{page}/{}", self.addressing.public_url, token.text())
    }

    /// A new Message-ID (RFC 5322 section 3.6.4); random, at the domain mail comes from.
    #[must_use]
    pub fn message_id(&self) -> String {
        format!("<{:032x}@{}>", rand::rng().random::<u128>(), self.addressing.mail_from.domain())
    }
}

/// The letters by how they go out.
#[derive(Default)]
struct Listed {
    mailed: Vec<ConfirmationLetter>,
    self_sends: Vec<ConfirmationLetter>,
    waiting: Vec<ConfirmationLetter>,
}

pub(super) fn campaign_context(entry: &CampaignEntry) -> CampaignContext<'_> {
    CampaignContext { title: &entry.campaign.settings.title, contact: entry.campaign.settings.contact.as_str() }
}

pub(super) fn notice_text(entry: &CampaignEntry, rendered: RenderedNotice) -> MessageText {
    let from_name = entry.campaign.settings.sender.clone();
    MessageText { from_name, subject: rendered.subject, text: rendered.text, html: Some(rendered.html) }
}

/// A letter as the confirmation lists it. The governor's office is named by the title already.
fn listed_letter(office: &Office, official: &Official) -> ConfirmationLetter {
    let in_words = if office.district.name.is_empty() { String::new() } else { office.district.in_words() };
    ConfirmationLetter { to: official.person.titled(), office: in_words }
}
