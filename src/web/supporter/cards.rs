//! Letters as they are shown: before the sign-up with a place for the own words, afterwards as they are kept.

use super::words;
use crate::domain::{Chamber, EmailAddress, MessageState};
use crate::intake::PreviewLetter;
use crate::store::letters::LetterView;
use crate::web::views::supporter::LetterCard;

/// The letter to check in step 2, with the own words typed so far in their place.
pub(super) fn of_preview(letter: &PreviewLetter<'_>, story: &str) -> LetterCard {
    let holder = letter.office.and_then(|office| office.holder.as_ref());
    let (label, to, note) = match holder {
        Some(official) => {
            let person = &official.person;
            let name = person.titled();
            let email = person.email.as_ref().map(EmailAddress::as_str);
            (format!("Letter to {name}"), with_address(&name, email), way_note(email, person.webform.as_deref()))
        }
        None => (
            format!("Letter to {}", lower_first(letter.chamber)),
            format!("{} (you choose above)", words::whose(letter.chamber)),
            None,
        ),
    };
    LetterCard {
        key: letter.chamber.as_str().to_owned(),
        label,
        to,
        subject: letter.subject.clone(),
        body: letter.before.clone(),
        story_place: true,
        story: (!story.is_empty()).then(|| story.to_owned()),
        after: letter.after.clone(),
        note,
    }
}

/// The letter as it is kept.
pub(super) fn of_letter(letter: &LetterView) -> LetterCard {
    let name = letter.addressee();
    let email = letter.email.as_deref();
    let unconfirmed = letter.state == MessageState::Unconfirmed;
    LetterCard {
        key: letter.id.to_string(),
        label: format!("Letter to {name}"),
        to: with_address(&name, email),
        subject: letter.text.subject.clone(),
        body: letter.text.text.clone(),
        note: if unconfirmed { way_note(email, letter.webform.as_deref()) } else { None },
        ..LetterCard::default()
    }
}

fn with_address(name: &str, email: Option<&str>) -> String {
    email.map_or_else(|| name.to_owned(), |email| format!("{name} ({email})"))
}

/// What is said below a letter that does not go out by mail.
fn way_note(email: Option<&str>, webform: Option<&str>) -> Option<String> {
    match (email, webform) {
        (Some(_), _) => None,
        (None, Some(_)) => Some(words::SELF_SEND.to_owned()),
        (None, None) => Some(words::NO_WAY.to_owned()),
    }
}

fn lower_first(chamber: Chamber) -> String {
    let whose = words::whose(chamber);
    whose[..1].to_lowercase() + &whose[1..]
}
