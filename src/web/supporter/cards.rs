//! Letters as they are shown: before the sign-up with a place for the own words, afterwards as they are kept.

use super::words;
use crate::domain::{EmailAddress, MessageState};
use crate::intake::PreviewLetter;
use crate::store::letters::LetterView;

/// What `letter_card.html` shows.
pub(super) struct LetterCard<'a> {
    /// Distinguishes the cards of a page in ids: `upper`, or the message's id.
    pub(super) key: String,
    /// "Senator Maria Example".
    pub(super) whom: String,
    /// The same with the address, where there is one: "Senator Maria Example (maria@example.org)".
    pub(super) to: String,
    pub(super) subject: &'a str,
    /// The text, or with `place` the part before the person's own words.
    pub(super) text: &'a str,
    /// While own words may still be added.
    pub(super) place: Option<StoryPlace<'a>>,
    /// Said below the letter.
    pub(super) note: Option<&'static str>,
}

/// Where the person's own words go.
pub(super) struct StoryPlace<'a> {
    /// Those typed so far.
    pub(super) story: &'a str,
    /// The letter's text after them.
    pub(super) after: &'a str,
}

/// The letter to check in step 2, with the own words typed so far in their place.
pub(super) fn of_preview<'a>(letter: &'a PreviewLetter<'a>, story: &'a str) -> LetterCard<'a> {
    let holder = letter.office.and_then(|office| office.holder.as_ref());
    let (whom, to, note) = match holder {
        Some(official) => {
            let person = &official.person;
            let name = person.titled();
            let email = person.email.as_ref().map(EmailAddress::as_str);
            let to = with_address(&name, email);
            (name, to, way_note(email, person.webform.as_deref()))
        }
        None => (words::whose_in_a_sentence(letter.chamber), words::to_be_chosen(letter.chamber), None),
    };
    LetterCard {
        key: letter.chamber.as_str().to_owned(),
        whom,
        to,
        subject: &letter.subject,
        text: &letter.before,
        place: Some(StoryPlace { story, after: &letter.after }),
        note,
    }
}

/// The letter as it is kept.
pub(super) fn of_letter(letter: &LetterView) -> LetterCard<'_> {
    let whom = letter.addressee();
    let email = letter.email.as_deref();
    let unconfirmed = letter.state == MessageState::Unconfirmed;
    LetterCard {
        key: letter.id.to_string(),
        to: with_address(&whom, email),
        whom,
        subject: &letter.text.subject,
        text: &letter.text.text,
        place: None,
        note: if unconfirmed { way_note(email, letter.webform.as_deref()) } else { None },
    }
}

fn with_address(name: &str, email: Option<&str>) -> String {
    email.map_or_else(|| name.to_owned(), |email| format!("{name} ({email})"))
}

/// What is said below a letter that does not go out by mail.
fn way_note(email: Option<&str>, webform: Option<&str>) -> Option<&'static str> {
    match (email, webform) {
        (Some(_), _) => None,
        (None, Some(_)) => Some(words::SELF_SEND),
        (None, None) => Some(words::NO_WAY),
    }
}
