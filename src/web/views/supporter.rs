//! The pages that a supporter sees, from the list of campaigns to the page about their letters.

use serde::Serialize;

use super::stands::StandLine;
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
    /// Whom addresses are sent to, where they are: said before anything is typed.
    pub asks_geocoder: Option<String>,
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
    /// What may be agreed to beyond the letters.
    pub optional: Vec<OptionalBox>,
}

/// A box that nobody has to tick.
#[derive(Serialize, Clone, Default)]
pub struct OptionalBox {
    /// Its name and id: `contact` or `quote`.
    pub name: String,
    /// "The campaign may write to me about this."
    pub text: String,
    /// It was ticked.
    pub given: bool,
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
    /// How the one office was found: "Found by your street address." Only without `choose`.
    pub found_by: Option<String>,
    /// The offices to choose from, the likely one first.
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
    /// Cities and towns of the district: "Boston, Brookline". Empty where they are not known.
    pub towns: String,
    /// Nobody holds the office now; no letter is written.
    pub vacant: bool,
    /// The office takes mail through its web form only: the person sends this letter.
    pub self_send: bool,
    /// "more likely" beside the one that the address speaks for, which is never chosen for the person.
    pub likely: Option<String>,
    /// Chosen before (the form came back). Never set by the program itself.
    pub checked: bool,
    /// Where the official stands on each measure; empty when vacant. The partial `stands` shows it.
    pub stands: Vec<StandLine>,
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
