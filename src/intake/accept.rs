//! Step 2: the sign-up is kept, with its letters and its confirmation, or not at all.

use std::sync::Arc;
use std::time::Duration;

use rand::Rng;

use super::catalog::CampaignEntry;
use super::preview::{Preview, preview, render};
use super::{Intake, IntakeError};
use crate::domain::{Field, FieldError, FieldErrors, MessageKind, SignupForm, Timestamp, Token};
use crate::render::{AlreadyConfirmed, CampaignContext, Confirmation, ConfirmationLetter, NoticeContext, RenderedNotice};
use crate::store::StoreError;
use crate::store::messages::{MessageText, NewLetter, NewNotice};
use crate::store::offices::{Office, Official};
use crate::store::signups::{self, NewSignup};

/// How long a sign-up waits for its confirmation.
const TIME_TO_CONFIRM: Duration = Duration::from_hours(7 * 24);
/// The most notices that one address gets in [`NOTICE_WINDOW`], whoever typed it.
const MOST_NOTICES: i64 = 3;
const NOTICE_WINDOW: Duration = Duration::from_hours(24);

/// The answer to step 2.
#[derive(Debug)]
pub enum SignUpAnswer<'a> {
    /// Kept. The answer is the same whether the address is new here or not: nobody can find out who signed.
    Accepted,
    /// The campaign takes no sign-ups now.
    Closed,
    /// The address fields have mistakes.
    Address(FieldErrors),
    /// The address is fine; a choice, the own words or the consent are not.
    Choices(Box<Preview<'a>>, FieldErrors),
}

impl Intake {
    /// Accepts a sign-up: answers after it is durably kept.
    pub async fn sign_up<'a>(&self, entry: &'a Arc<CampaignEntry>, form: &SignupForm) -> Result<SignUpAnswer<'a>, IntakeError> {
        let now = self.clock.now();
        if !entry.campaign.settings.is_open(now) {
            return Ok(SignUpAnswer::Closed);
        }
        let preview = match Self::second_step(entry, form)? {
            Ok(preview) => preview,
            Err(answer) => return Ok(answer),
        };
        let token = Token::random();
        let (letters, listed) = self.letters(entry, &preview)?;
        let expires_at = now.plus(TIME_TO_CONFIRM);
        let confirmation = self.notices.render(&NoticeContext::Confirmation(Confirmation {
            campaign: campaign_context(entry),
            confirm_url: &self.link("confirm", &token),
            expires: &entry.campaign.settings.time_zone.date_in_words(expires_at),
            letters: &listed.mailed,
            self_sends: &listed.self_sends,
        }))?;
        let new = NewSignup {
            campaign_id: entry.id,
            version_id: entry.version_id,
            town: preview.finding.town.clone(),
            found_by: preview.finding.found_by(),
            applicant: preview.applicant,
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
        Ok(SignUpAnswer::Accepted)
    }

    /// All mistakes of both steps; the ones of the first step lead back to it.
    fn second_step<'a>(
        entry: &'a CampaignEntry,
        form: &SignupForm,
    ) -> Result<Result<Preview<'a>, SignUpAnswer<'a>>, IntakeError> {
        let mut own_errors = FieldErrors::new();
        let (preview, story_error) = match preview(entry, form)? {
            Ok(preview) => (preview, None),
            Err(errors) if errors.iter().all(|e| e.field == Field::Story) => {
                // Only the own words are wrong: the person stays on step 2, with the letters around them.
                let without = SignupForm { story: String::new(), ..form.clone() };
                match preview(entry, &without)? {
                    Ok(preview) => (preview, errors.into_iter().next()),
                    Err(errors) => return Ok(Err(SignUpAnswer::Address(errors))),
                }
            }
            Err(errors) => {
                return Ok(Err(SignUpAnswer::Address(errors.into_iter().filter(|e| e.field != Field::Story).collect())));
            }
        };
        own_errors.extend(preview.finding.missing_choices());
        own_errors.extend(story_error);
        if !form.has_consent() {
            own_errors.push(FieldError {
                field: Field::Consent,
                message: "Tick this box if you agree. Without it we can't send your letters.".into(),
            });
        }
        if own_errors.is_empty() && preview.letters.is_empty() {
            let message = "The seats for this place are empty now, so there is nobody to write to. Please come back later.";
            return Ok(Err(SignUpAnswer::Address(vec![FieldError { field: Field::City, message: message.into() }])));
        }
        Ok(if own_errors.is_empty() { Ok(preview) } else { Err(SignUpAnswer::Choices(Box::new(preview), own_errors)) })
    }

    fn letters(&self, entry: &CampaignEntry, preview: &Preview<'_>) -> Result<(Vec<NewLetter>, Listed), IntakeError> {
        let mut letters = Vec::new();
        let mut listed = Listed { mailed: Vec::new(), self_sends: Vec::new() };
        let from_name = format!("{} via {}", preview.applicant.name.as_str(), entry.campaign.settings.sender);
        let offices = preview.finding.seats.iter().filter_map(|(_, seat)| seat.office());
        for (office, official) in offices.filter_map(|office| office.holder.as_ref().map(|official| (office, official))) {
            let applicant = &preview.applicant;
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
            let list = if official.person.email.is_some() { &mut listed.mailed } else { &mut listed.self_sends };
            list.push(ConfirmationLetter { to: addressee(official), office: office_in_words(office) });
        }
        Ok((letters, listed))
    }

    async fn keep(&self, entry: Arc<CampaignEntry>, new: NewSignup, token: Token, now: Timestamp) -> Result<(), IntakeError> {
        let status_url = self.link("letters", &token);
        let notices = Arc::clone(&self.notices);
        let message_id = self.message_id();
        self.store
            .write(move |tx| {
                let known = signups::existing(tx, new.campaign_id, &new.applicant.email, now.minus(NOTICE_WINDOW))?;
                // The page says the same in each case; a mailbox that had its mails for today is left in peace. Links in
                // earlier mails show the letters as they are now, so corrections are kept all the same.
                let quiet = known.notices >= MOST_NOTICES;
                match (known.signup, known.confirmed_at) {
                    (None, _) if !quiet => signups::insert(tx, &new, now),
                    (Some(id), None) => signups::replace(tx, id, &new, !quiet, now),
                    (None, _) => Ok(()),
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

    fn link(&self, page: &str, token: &Token) -> String {
        format!("{}/{page}/{}", self.addressing.public_url, token.text())
    }

    /// A new Message-ID (RFC 5322 section 3.6.4); random, at the domain mail comes from.
    fn message_id(&self) -> String {
        format!("<{:032x}@{}>", rand::rng().random::<u128>(), self.addressing.mail_from.domain())
    }
}

struct Listed {
    mailed: Vec<ConfirmationLetter>,
    self_sends: Vec<ConfirmationLetter>,
}

fn campaign_context(entry: &CampaignEntry) -> CampaignContext<'_> {
    CampaignContext { title: &entry.campaign.settings.title, contact: entry.campaign.settings.contact.as_str() }
}

fn notice_text(entry: &CampaignEntry, rendered: RenderedNotice) -> MessageText {
    let from_name = entry.campaign.settings.sender.clone();
    MessageText { from_name, subject: rendered.subject, text: rendered.text, html: Some(rendered.html) }
}

/// `Senator Wren Harborlight`.
fn addressee(official: &Official) -> String {
    format!("{} {}", official.person.title, official.person.name)
}

/// `State Senate, First Harbor`; the governor's has no district, and its name is the addressee's title already.
fn office_in_words(office: &Office) -> String {
    let chamber = office.district.chamber.label();
    if office.district.name.is_empty() { String::new() } else { format!("{chamber}, {}", office.district.name) }
}
