//! The pages behind a link from a mail: confirming, and what became of each letter.

use serde::Serialize;

use super::supporter::LetterCard;
use super::{Moment, Page};

/// `confirm`: the last look before the letters go. One of `expired`, `already`, `closed` or none of them.
#[derive(Serialize, Clone, Default)]
pub struct ConfirmPage {
    /// The frame.
    pub page: Page,
    /// Path of the campaign's page.
    pub campaign_href: String,
    /// Where the button posts to: this same path.
    pub action: String,
    /// The link is older than its life. The letters are gone.
    pub expired: bool,
    /// Confirmed before: nothing to do.
    pub already: bool,
    /// The campaign closed before the letters were confirmed: no button.
    pub closed: bool,
    /// Path of the private page, when `already` and known.
    pub status_href: Option<String>,
    /// Something to say above the button.
    pub notice: Option<String>,
    /// The letters in full.
    pub letters: Vec<LetterCard>,
    /// Their ids, sent back with the button: only what was read is confirmed.
    pub shown: String,
    /// What was agreed to beyond the letters, and can be taken back.
    pub agreed: Vec<Agreed>,
    /// The form that erases what was typed, for whom this mail reached although they asked for nothing.
    pub erase: Option<EraseForm>,
}

/// `erase_form`: the box and the button that erase a person's data.
#[derive(Serialize, Clone, Default)]
pub struct EraseForm {
    /// Where it posts to: `/letters/{token}/erase`.
    pub action: String,
    /// Nothing is confirmed yet: the words are for somebody who may never have been here.
    pub unconfirmed: bool,
    /// The box `sure` was not ticked.
    pub error: Option<String>,
}

/// Something that the person agreed to.
#[derive(Serialize, Clone, Default)]
pub struct Agreed {
    /// Its name, for the button that takes it back: `contact` or `quote`.
    pub name: String,
    /// "The campaign may write to you about this."
    pub text: String,
    /// What the button that takes it back says.
    pub take_back: String,
}

/// `letters`: the private page about what became of each letter.
#[derive(Serialize, Clone, Default)]
pub struct LettersPage {
    /// The frame. Set `script` when a letter is `self_send`.
    pub page: Page,
    /// The campaign's title.
    pub title: String,
    /// Path of the campaign's page.
    pub campaign_href: String,
    /// Path of this page, the stem of its actions: `/letters/{token}`.
    pub base: String,
    /// Good news after an action: "Your letters were withdrawn."
    pub notice: Option<String>,
    /// How it stands, in a sentence: "1 of 3 letters was accepted by the office's mail server."
    pub headline: String,
    /// The letters.
    pub letters: Vec<LetterStatus>,
    /// At least one letter can still be withdrawn.
    pub can_withdraw: bool,
    /// What was agreed to beyond the letters.
    pub agreed: Vec<Agreed>,
    /// The form that erases it all.
    pub erase: EraseForm,
}

/// One letter and what became of it. The words for each state are in the partial `letter_state`.
#[derive(Serialize, Clone, Default)]
pub struct LetterStatus {
    /// Id of the message, for the hidden field `message`.
    pub message: String,
    /// "Senator Maria Example".
    pub official: String,
    /// "Senate, Norfolk and Suffolk".
    pub office: String,
    /// One of the stored state names, such as `queued`.
    pub state: String,
    /// Colour of the edge: `done` (sent, `self_reported`), `wait` (queued, sending, unconfirmed, held), `trouble`
    /// (bounced, failed), `act` (`self_send`), `quiet` (withdrawn, expired).
    pub tone: String,
    /// When it came into its state.
    pub when: Option<Moment>,
    /// Why it is held or could not be delivered, in plain words and with its full stop.
    pub reason: Option<String>,
    /// A try to send it got no answer: it may have arrived although its state does not say so.
    pub may_have_arrived: bool,
    /// The text.
    pub card: LetterCard,
    /// For `self_send` and `self_reported`: the office's web form.
    pub web_form: Option<String>,
}
