//! The sign-up form: as typed, and as parsed. Two types, so that no page ever works with unparsed text.

use super::address::{PostalAddress, Street, is_po_box};
use super::consents::{Consent, Consents};
use super::email::EmailAddress;
use super::line::{LineError, PersonName, Story, TownName};
use super::us_state::UsState;
use super::zip::Zip;

/// What the person typed, as it came: every answer shows it again, so that nothing typed is lost.
#[derive(Clone, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(default)]
pub struct SignupForm {
    /// Name.
    pub name: String,
    /// E-mail address.
    pub email: String,
    /// House number and street.
    pub street: String,
    /// Town or place.
    pub city: String,
    /// ZIP code.
    pub zip: String,
    /// Own words, optional.
    pub story: String,
    /// `yes` when the consent box is ticked.
    pub consent: String,
    /// `yes` when the campaign may write to them, optional.
    pub contact: String,
    /// `yes` when the campaign may quote their own words, optional.
    pub quote: String,
    /// The chosen Senate office's id, where the town has several.
    pub office_upper: String,
    /// The chosen House office's id, where the town has several.
    pub office_lower: String,
    /// Signed time at which the form was handed out.
    pub form_token: String,
    /// A field that people don't see and robots fill.
    pub website: String,
}

/// A field of the form, by the name it has in HTML.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// `name`
    Name,
    /// `email`
    Email,
    /// `street`
    Street,
    /// `city`
    City,
    /// `zip`
    Zip,
    /// `office_upper`
    OfficeUpper,
    /// `office_lower`
    OfficeLower,
    /// `story`
    Story,
    /// `consent`
    Consent,
}

impl Field {
    /// The name and id in the page.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Email => "email",
            Self::Street => "street",
            Self::City => "city",
            Self::Zip => "zip",
            Self::OfficeUpper => "office_upper",
            Self::OfficeLower => "office_lower",
            Self::Story => "story",
            Self::Consent => "consent",
        }
    }
}

/// What is wrong with one field, in words for the person who typed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The field.
    pub field: Field,
    /// What is wrong and what to do.
    pub message: String,
}

/// Everything that is wrong with a form, in the order of its fields; at least one error.
pub type FieldErrors = Vec<FieldError>;

/// A form that parsed: the person, their address and their words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applicant {
    /// Who writes.
    pub name: PersonName,
    /// Where the confirmation goes and what offices reply to.
    pub email: EmailAddress,
    /// Where they live.
    pub address: PostalAddress,
    /// Their own words; may be empty.
    pub story: Story,
    /// What they agreed to beyond their letters.
    pub consents: Consents,
}

impl SignupForm {
    /// Reads every field for a campaign in `state`. Consent and the choice of offices are asked for in the second step only.
    ///
    /// # Errors
    /// All mistakes at once, in the order of the fields.
    pub fn parse(&self, state: UsState) -> Result<Applicant, FieldErrors> {
        let mut errors = FieldErrors::new();
        let mut note = |field, message: String| errors.push(FieldError { field, message });

        let name = PersonName::parse(&self.name)
            .map_err(|e| note(Field::Name, line_message(e, "Enter your name. It stands under your letters.", "Your name")));
        let email = EmailAddress::parse(&self.email).map_err(|e| note(Field::Email, e.to_string()));
        let street = match Street::parse(&self.street) {
            Ok(street) if is_po_box(street.as_str()) => Err(PO_BOX.to_owned()),
            Ok(street) => Ok(street),
            Err(e) => Err(line_message(e, "Enter your house number and street.", "The street")),
        };
        let street = street.map_err(|message| note(Field::Street, message));
        let city = TownName::parse(&self.city)
            .map_err(|e| note(Field::City, line_message(e, "Enter the city or town where you live.", "The city or town")));
        let zip = Zip::parse(&self.zip, state).map_err(|e| note(Field::Zip, e.to_string()));
        let story = Story::parse(&self.story).map_err(|e| note(Field::Story, line_message(e, "", "Your own words")));

        if let (Ok(name), Ok(email), Ok(street), Ok(city), Ok(zip), Ok(story)) = (name, email, street, city, zip, story) {
            let consents = Consents { contact: self.agrees_to(Consent::Contact), quote: self.agrees_to(Consent::Quote) };
            return Ok(Applicant { name, email, address: PostalAddress { street, city, zip }, story, consents });
        }
        Err(errors)
    }

    /// Whether the consent box is ticked.
    #[must_use]
    pub fn has_consent(&self) -> bool {
        is_ticked(&self.consent)
    }

    /// Whether the box of this optional consent is ticked.
    #[must_use]
    pub fn agrees_to(&self, consent: Consent) -> bool {
        is_ticked(match consent {
            Consent::Contact => &self.contact,
            Consent::Quote => &self.quote,
        })
    }
}

fn is_ticked(box_value: &str) -> bool {
    matches!(box_value, "yes" | "on" | "true" | "1")
}

/// Offices write to constituents by where they live, and a box may be in another district.
const PO_BOX: &str = "Enter the street address where you live, without a PO box. \
                      Offices check that you live in their district. Your address stands under your letters.";

fn line_message(error: LineError, empty: &str, subject: &str) -> String {
    match error {
        LineError::Empty => empty.to_owned(),
        LineError::TooLong(max) => format!("{subject} can have at most {max} characters. Please shorten it."),
        LineError::ControlCharacter => {
            format!("{subject} holds a hidden character that can't be sent, such as a tab or a line break. Please type it again.")
        }
        LineError::NoName => format!(
            "{subject} stands under your letter, so it can't hold a web address, an e-mail address, or the signs @, < and >. \
             Please leave that out."
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed() -> SignupForm {
        SignupForm {
            name: "Ana Example".into(),
            email: "ana@example.org".into(),
            street: "1 Main Street".into(),
            city: "Boston".into(),
            zip: "02130".into(),
            ..SignupForm::default()
        }
    }

    #[test]
    fn all_mistakes_come_at_once_in_the_order_of_the_fields() {
        let form = SignupForm { story: "x".repeat(2001), ..SignupForm::default() };
        let errors = form.parse(UsState::parse("ma").unwrap()).unwrap_err();
        let fields: Vec<_> = errors.iter().map(|e| e.field.as_str()).collect();
        assert_eq!(fields, ["name", "email", "street", "city", "zip", "story"]);
        assert!(errors.iter().all(|e| !e.message.is_empty()));
    }

    #[test]
    fn a_box_is_no_place_to_live() {
        let form = SignupForm { street: "P.O. Box 12".into(), zip: "x".into(), ..typed() };
        let errors = form.parse(UsState::parse("ma").unwrap()).unwrap_err();
        assert_eq!(errors[0], FieldError { field: Field::Street, message: PO_BOX.into() });
        assert_eq!(errors.len(), 2);
        let form = SignupForm { street: "12 Box Hill Rd".into(), ..typed() };
        assert!(form.parse(UsState::parse("ma").unwrap()).is_ok());
    }

    #[test]
    fn a_good_form_parses() {
        let applicant = typed().parse(UsState::parse("ma").unwrap()).unwrap();
        assert_eq!(applicant.address.zip.as_str(), "02130");
        assert_eq!(applicant.story.as_str(), "");
        assert_eq!(applicant.consents, Consents::default());
        let form = SignupForm { quote: "yes".into(), contact: "no".into(), ..typed() };
        let consents = form.parse(UsState::parse("ma").unwrap()).unwrap().consents;
        assert_eq!(consents, Consents { contact: false, quote: true });
    }

    #[test]
    fn debug_output_shows_nothing_personal() {
        let shown = format!("{:?}", typed().parse(UsState::parse("ma").unwrap()).unwrap());
        for secret in ["Ana", "ana@", "Main", "Boston", "02130"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
}
