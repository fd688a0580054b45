//! The pages that a supporter sees, from the list of campaigns to the page about their letters.

use serde::Serialize;

use super::{Field, FormError, Moment, Page};

/// `home`: the open campaigns.
#[derive(Serialize, Clone, Default)]
pub struct HomePage {
    /// The frame.
    pub page: Page,
    /// Open campaigns. Empty: the page says so.
    pub campaigns: Vec<CampaignLink>,
}

/// One campaign in the list.
#[derive(Serialize, Clone, Default)]
pub struct CampaignLink {
    /// The campaign's title.
    pub title: String,
    /// One or two sentences, plain text.
    pub summary: String,
    /// Path of its page.
    pub href: String,
}

/// `campaign`: the campaign's text and step 1 of the form.
#[derive(Serialize, Clone, Default)]
pub struct CampaignPage {
    /// The frame.
    pub page: Page,
    /// The campaign's name in URLs.
    pub slug: String,
    /// Heading of the page.
    pub title: String,
    /// The campaign's text as safe HTML. Its headings start at `<h2>`.
    pub page_html: String,
    /// False: the text and "this campaign is closed", no form.
    pub open: bool,
    /// When it closed, for the closed page.
    pub closed_on: Option<Moment>,
    /// When it opens, for the page of a campaign that has not opened yet.
    pub opens_on: Option<Moment>,
    /// "1,204 people have written so far." `None` while there are too few to say.
    pub supporters: Option<String>,
    /// True when the person is busy with the form (errors, a notice, "change my details"): the form comes first and
    /// the campaign's text is folded away below it.
    pub form_first: bool,
    /// Something to say above the form, such as "That was quick. Please wait a minute and press the button again."
    pub notice: Option<String>,
    /// All that is wrong, in the order of the fields.
    pub errors: Vec<FormError>,
    /// The fields.
    pub form: AddressForm,
}

/// The fields of step 1.
#[derive(Serialize, Clone, Default)]
pub struct AddressForm {
    /// Signed token that says when the form was made.
    pub form_token: String,
    /// The person's name.
    pub name: Field,
    /// Their e-mail address.
    pub email: Field,
    /// House number and street.
    pub street: Field,
    /// City, town or neighbourhood.
    pub city: Field,
    /// Five digits.
    pub zip: Field,
    /// What was typed in step 2 already, when the person came back from there; kept in hidden fields.
    pub kept: Vec<KeptField>,
}

/// A hidden field.
#[derive(Serialize, Clone, Default)]
pub struct KeptField {
    /// Its name: `story`.
    pub name: String,
    /// What was typed or chosen.
    pub value: String,
}

/// `officials`: who represents the person, their letters, their own words, their consent.
#[derive(Serialize, Clone, Default)]
pub struct OfficialsPage {
    /// The frame.
    pub page: Page,
    /// The campaign's name in URLs.
    pub slug: String,
    /// Something to say above the form.
    pub notice: Option<String>,
    /// All that is wrong, in the order of the page.
    pub errors: Vec<FormError>,
    /// What was typed in step 1, carried in hidden fields and shown.
    pub carried: Carried,
    /// The municipality that the address was found in: "Boston".
    pub place: String,
    /// The offices, in the order of the letters.
    pub offices: Vec<OfficeView>,
    /// True when at least one office has to be chosen.
    pub choosing: bool,
    /// The official page where a person can look up their districts.
    pub district_help_url: Option<String>,
    /// The letters, as they will be sent.
    pub letters: Vec<LetterCard>,
    /// The person's own words.
    pub story: Field,
    /// "2,000": the most characters that `story` may have.
    pub story_limit: String,
    /// The campaign's consent sentence.
    pub consent_text: String,
    /// It was ticked.
    pub consent_given: bool,
    /// What is wrong with the consent.
    pub consent_error: Option<String>,
}

/// Step 1's answers on their way through step 2.
#[derive(Serialize, Clone, Default)]
pub struct Carried {
    /// Signed token that says when the form was made.
    pub form_token: String,
    /// The person's name.
    pub name: String,
    /// Their e-mail address.
    pub email: String,
    /// House number and street.
    pub street: String,
    /// City, town or neighbourhood, as typed.
    pub city: String,
    /// Five digits.
    pub zip: String,
}

/// One chamber's office: settled, or to be chosen.
#[derive(Serialize, Clone, Default)]
pub struct OfficeView {
    /// Name of the form field: `office_upper`, `office_lower`. For the governor `office_governor`, which nobody reads.
    pub field: String,
    /// "Your state senator", "Your state representative", "The governor".
    pub heading: String,
    /// Several offices are possible: the person chooses. Then `candidates` has two or more, and `settled` is `None`.
    pub choose: bool,
    /// "Boston has 6 Senate districts. Choose yours." Only with `choose`.
    pub hint: String,
    /// What is wrong with the choice.
    pub error: Option<String>,
    /// The offices to choose from.
    pub candidates: Vec<Candidate>,
    /// The one office.
    pub settled: Option<Candidate>,
}

/// One office with who holds it.
#[derive(Serialize, Clone, Default)]
pub struct Candidate {
    /// Id of the office, the value of the radio button.
    pub value: String,
    /// "Senator Maria Example". Empty when vacant.
    pub official: String,
    /// The district's name: "Norfolk and Suffolk".
    pub district: String,
    /// Nobody holds the office now; no letter is written.
    pub vacant: bool,
    /// The office takes mail through its web form only: the person sends this letter.
    pub self_send: bool,
    /// Chosen before (the form came back). Never set by the program itself.
    pub checked: bool,
}

/// A letter, exactly as it is sent.
#[derive(Serialize, Clone, Default)]
pub struct LetterCard {
    /// Distinguishes the cards of a page in ids: `upper`, `lower`, `governor`, or the message's id.
    pub key: String,
    /// Names the card for screen readers: "Letter to Senator Maria Example".
    pub label: String,
    /// To whom, with or without the address: "Senator Maria Example (maria@example.org)".
    pub to: String,
    /// The subject line.
    pub subject: String,
    /// The text, or with `story_place` the part before the person's own words.
    pub body: String,
    /// True while the own words may still be added: their place is marked, and `after` follows.
    pub story_place: bool,
    /// The own words typed so far, shown in their place.
    pub story: Option<String>,
    /// The text after the own words. Empty without `story_place`.
    pub after: String,
    /// Said below the letter: "You send this one yourself: ..."
    pub note: Option<String>,
}

/// `check_email`: after step 2.
#[derive(Serialize, Clone, Default)]
pub struct CheckEmailPage {
    /// The frame.
    pub page: Page,
    /// The campaign's name in URLs.
    pub slug: String,
    /// Development: mail waits in `/dev/outbox`.
    pub dev_outbox: bool,
}

/// `confirm`: the last look before the letters go. One of `expired`, `already`, `closed` or none of them.
#[derive(Serialize, Clone, Default)]
pub struct ConfirmPage {
    /// The frame.
    pub page: Page,
    /// The campaign's title.
    pub title: String,
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
    /// The text.
    pub card: LetterCard,
    /// For `self_send` and `self_reported`: the office's web form.
    pub web_form: Option<String>,
}

/// `erased`: the data is gone.
#[derive(Serialize, Clone, Default)]
pub struct ErasedPage {
    /// The frame.
    pub page: Page,
    /// True when there was nothing under the link, perhaps because it was erased a moment ago.
    pub nothing: bool,
    /// True when letters had been sent before: those are with the offices.
    pub some_sent: bool,
}

/// `error`: what happened, what to do, the way back.
#[derive(Serialize, Clone, Default)]
pub struct ErrorPage {
    /// The frame, with `request_id`.
    pub page: Page,
    /// HTTP status code: 404.
    pub status: i64,
    /// "We can't find that page".
    pub title: String,
    /// What happened, in a sentence or two.
    pub what: String,
    /// What to do next.
    pub next: String,
    /// Path of the way back.
    pub back_href: String,
    /// Its words: "Go to the campaign".
    pub back_label: String,
}
