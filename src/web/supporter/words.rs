//! What the program says to supporters, where a template can't: with numbers, times and names in it. Another language is
//! another file like this one, and templates beside it.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::domain::{Chamber, Consent, Doubt, FoundBy, HeldBecause, MessageState, STORY_MAX_CHARS, fold};
use crate::store::letters::LetterView;
use crate::store::signup_life::SignupView;
use crate::web::parts::figures::grouped;

pub(super) const TOO_FAST: &str = "That was quick. Please wait a moment and press the button again.";
pub(super) const STALE: &str = "This form was open for a long time. Please press the button again.";
pub(super) const TRAPPED: &str = "A hidden field was filled in, perhaps by your browser. It is empty again now. Please press the \
    button again.";
pub(super) const BUSY: &str = "More people are writing than we can take in at this moment. Please wait a few seconds and press the \
    button again. Everything you typed is still here.";
pub(super) const CHANGED: &str = "These letters were written anew after you opened this page. Please read them once more, then press \
    the button.";
pub(super) const NOT_KEPT: &str = "Something went wrong on our side, so we could not keep your letters. It is not your fault. Please \
    press the button again in a minute. Everything you typed is still here.";
pub(super) const SELF_SEND: &str = "You send this one yourself: this office takes letters only through a form on its website. After you \
    confirm, we give you the text and the link.";
pub(super) const NO_WAY: &str = "We know no way to write to this office yet. After you confirm, we hold this letter until we do.";
pub(super) const SURE: &str = "Tick this box if you want to erase everything. Nothing has been erased yet.";

/// Below this, a number of supporters says more about the day than about the campaign.
const FEWEST_TO_SAY: i64 = 50;

pub(super) fn too_many(wait: Duration) -> String {
    let wait = match wait.as_secs().div_ceil(60) {
        0 | 1 => "a minute".to_owned(),
        minutes => format!("{minutes} minutes"),
    };
    format!(
        "Many forms came from your network in a short time. Please wait {wait} and press the button again. Everything you typed is \
         still here."
    )
}

pub(super) fn supporters(confirmed: i64) -> Option<String> {
    (confirmed >= FEWEST_TO_SAY).then(|| format!("{} people have written so far.", grouped(confirmed)))
}

/// The town, with the name that the person gave their place where it is another: `Jamaica Plain (Boston)`.
pub(super) fn place(typed: &str, town: &str) -> String {
    let words = |text: &str| fold(text).split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect::<Vec<_>>();
    let (spelled, name) = (words(typed), words(town));
    let same = spelled.windows(name.len().max(1)).any(|part| part == name);
    if same { town.to_owned() } else { format!("{} ({town})", typed.trim()) }
}

/// The heading above an office, and what a letter is called while its office is not chosen.
pub(super) const fn whose(chamber: Chamber) -> &'static str {
    match chamber {
        Chamber::Upper => "Your state senator",
        Chamber::Lower => "Your state representative",
        Chamber::Governor => "The governor",
    }
}

/// The same within a sentence.
pub(super) fn whose_in_a_sentence(chamber: Chamber) -> String {
    let whose = whose(chamber);
    whose[..1].to_lowercase() + &whose[1..]
}

/// To whom a letter goes while its office is not chosen.
pub(super) fn to_be_chosen(chamber: Chamber) -> String {
    format!("{} (you choose above)", whose(chamber))
}

/// Said above the choice of an office: why there is one.
pub(super) fn choose_hint(chamber: Chamber, town: &str, districts: usize, doubt: Doubt) -> String {
    let house = if chamber == Chamber::Upper { "Senate" } else { "House" };
    let there = format!("{town} has {districts} {house} districts");
    match doubt {
        Doubt::TownOnly => format!("{there}. Choose yours."),
        Doubt::StreetUnknown => format!("{there}, and we don't know your street there. Check how you wrote it, or choose yours."),
        Doubt::NumberUnknown => format!("{there}, and we don't know your house number. Check it, or choose yours."),
        Doubt::NearBorder => format!("Your address is close to the border of {districts} {house} districts. Choose yours."),
        Doubt::Disagree => {
            format!("Your street, town and ZIP code fit {districts} {house} districts. Check them, or choose your district.")
        }
        Doubt::Outside => format!("We can't place your address on the map exactly. Choose your {house} district."),
    }
}

/// Whom addresses are sent to, by the name of its server.
pub(super) fn geocoder(host: &str) -> String {
    if host == "census.gov" || host.ends_with(".census.gov") {
        "the address service of the US Census Bureau".to_owned()
    } else {
        format!("the address service at {host}")
    }
}

/// Said below an office that was found without asking; everybody in a state has the same governor.
pub(super) const fn found_by(chamber: Chamber, by: FoundBy) -> Option<&'static str> {
    match (chamber, by) {
        (Chamber::Governor, _) | (_, FoundBy::Choice) => None,
        (_, FoundBy::Town) => Some("Found by your city or town."),
        (_, FoundBy::Street | FoundBy::Geocoder) => Some("Found by your street address."),
    }
}

/// "2,000": the most characters of the own words.
pub(super) fn story_limit() -> String {
    grouped(i64::try_from(STORY_MAX_CHARS).unwrap_or(i64::MAX))
}

/// Beside the box of a consent that nobody has to give.
pub(super) const fn consent_asked(consent: Consent) -> &'static str {
    match consent {
        Consent::Contact => "The campaign may write to me about this.",
        Consent::Quote => "The campaign may quote my own words, with my first name and town.",
    }
}

/// What the person agreed to.
pub(super) const fn consent_given(consent: Consent) -> &'static str {
    match consent {
        Consent::Contact => "The campaign may write to you about this.",
        Consent::Quote => "The campaign may quote your own words, with your first name and town.",
    }
}

/// On the button that takes it back.
pub(super) const fn take_back(consent: Consent) -> &'static str {
    match consent {
        Consent::Contact => "Don't write to me",
        Consent::Quote => "Don't quote my words",
    }
}

/// What was done just before on the private page, as its address says it: `?done=withdrawn`. Reloading does nothing twice.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Done {
    Withdrawn,
    /// There was nothing left to withdraw.
    Nothing,
    Reported,
    /// A consent was taken back.
    Contact,
    Quote,
}

impl Done {
    /// Anybody can write words into an address, so they are said only where they are true.
    pub(super) fn in_words(self, view: &SignupView) -> Option<&'static str> {
        let any = |state| view.letters.iter().any(|letter| letter.state == state);
        let (true_now, words) = match self {
            Self::Withdrawn => {
                (any(MessageState::Withdrawn), "We withdrew every letter that was not on its way yet. Those will not be sent.")
            }
            Self::Nothing => {
                (!view.letters.iter().any(|letter| letter.state.can_withdraw()), "There was no letter left to withdraw.")
            }
            Self::Reported => (any(MessageState::SelfReported), "Thank you. We noted that you sent the letter yourself."),
            Self::Contact => (!view.consents.contact, "The campaign won't write to you about this."),
            Self::Quote => (
                !view.consents.quote,
                "The campaign won't quote your words from now on. What it has printed already can't be called back.",
            ),
        };
        true_now.then_some(words)
    }
}

impl From<Consent> for Done {
    fn from(taken_back: Consent) -> Self {
        match taken_back {
            Consent::Contact => Self::Contact,
            Consent::Quote => Self::Quote,
        }
    }
}

/// Said beside the candidate that the address speaks for.
pub(super) const LIKELY: &str = "more likely";

/// How many cities and towns of a district are named before the rest is only counted.
const NAMED_TOWNS: usize = 4;

/// The cities and towns of a district, in a line.
pub(super) fn towns(names: &[String]) -> String {
    let first = names.iter().take(NAMED_TOWNS).map(String::as_str).collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(NAMED_TOWNS) {
        0 => first,
        more => format!("{first} and {more} more"),
    }
}

/// The colour at a letter's edge.
pub(super) const fn tone(state: MessageState) -> &'static str {
    match state {
        MessageState::Sent | MessageState::SelfReported => "done",
        MessageState::Queued | MessageState::Sending | MessageState::Unconfirmed | MessageState::Held => "wait",
        MessageState::Bounced | MessageState::Failed => "trouble",
        MessageState::SelfSend => "act",
        MessageState::Withdrawn | MessageState::Expired => "quiet",
    }
}

/// Why a letter is held, to the person who wrote it. What staff noted for themselves is not repeated here.
pub(super) fn held_because(letter: &LetterView) -> &'static str {
    held_for(letter.reason.as_deref())
}

fn held_for(reason: Option<&str>) -> &'static str {
    match reason.and_then(HeldBecause::parse) {
        Some(HeldBecause::OfficialLeft) => "The official you wrote to is no longer in this office.",
        Some(HeldBecause::TermEnded) => "The term of the official you wrote to is over.",
        Some(HeldBecause::MailboxGone | HeldBecause::MailboxDead | HeldBecause::NoWay) => {
            "We know no way to write to this office just now."
        }
        Some(HeldBecause::MayHaveGone) => "We are checking whether it has gone already.",
        Some(HeldBecause::ToNobody) | None => "We are checking something about this office first.",
    }
}

/// Who took a letter back.
pub(super) const fn withdrawn_by(letter: &LetterView) -> &'static str {
    if letter.reason.is_some() { "The campaign took this letter back." } else { "You took this letter back." }
}

/// How a person's letters stand, in a sentence or two.
pub(super) fn headline(letters: &[LetterView]) -> String {
    headline_of(&letters.iter().map(|letter| letter.state).collect::<Vec<_>>())
}

fn headline_of(states: &[MessageState]) -> String {
    use MessageState as S;
    let count = |of: &[S]| states.iter().filter(|state| of.contains(state)).count();
    let all = states.len();
    let (sent, withdrawn) = (count(&[S::Sent]), count(&[S::Withdrawn]));
    let waiting = count(&[S::Queued, S::Sending, S::Unconfirmed, S::Held]);
    let (to_send, reported, trouble) = (count(&[S::SelfSend]), count(&[S::SelfReported]), count(&[S::Bounced, S::Failed]));

    if all == 0 {
        return "There are no letters here any more.".to_owned();
    }
    if withdrawn == all {
        return if all == 1 {
            "Your letter was taken back. It was not sent."
        } else {
            "Your letters were taken back. None was sent."
        }
        .to_owned();
    }
    if count(&[S::Unconfirmed]) == all {
        return format!("Your {} for you to confirm. Nothing is sent before that.", verb(all, "letter waits", "letters wait"));
    }
    let mut sentences = Vec::new();
    match (sent, all) {
        (1, 1) => sentences.push("Your letter was accepted by the office's mail server.".to_owned()),
        (0, 1) if waiting == 1 => sentences.push("Your letter waits to be sent.".to_owned()),
        (0, _) if waiting > 0 => {
            sentences.push(format!("{waiting} of {all} letters {} to be sent.", verb(waiting, "waits", "wait")));
        }
        (0, _) => {}
        (_, _) if sent == all => sentences.push(format!("All {all} letters were accepted by the offices' mail servers.")),
        (1, _) => sentences.push(format!("1 of {all} letters was accepted by the office's mail server.")),
        (_, _) => sentences.push(format!("{sent} of {all} letters were accepted by the offices' mail servers.")),
    }
    if trouble > 0 {
        sentences.push(format!("{} could not be delivered.", letters(trouble)));
    }
    if to_send > 0 {
        sentences.push(format!("{} {} for you to send yourself.", letters(to_send), verb(to_send, "is", "are")));
    }
    if reported > 0 {
        sentences.push(format!("You sent {} yourself.", letters(reported)));
    }
    if withdrawn > 0 {
        sentences.push(format!("{} {} taken back.", letters(withdrawn), verb(withdrawn, "was", "were")));
    }
    sentences.join(" ")
}

fn letters(count: usize) -> String {
    format!("{count} {}", verb(count, "letter", "letters"))
}

const fn verb<'a>(count: usize, one: &'a str, many: &'a str) -> &'a str {
    if count == 1 { one } else { many }
}

#[cfg(test)]
mod tests {
    use super::MessageState as S;
    use super::*;

    #[test]
    fn the_headline_says_how_it_stands_and_no_more() {
        for (states, said) in [
            (&[S::Queued][..], "Your letter waits to be sent."),
            (&[S::Unconfirmed, S::Unconfirmed], "Your letters wait for you to confirm. Nothing is sent before that."),
            (&[S::Queued, S::Sending, S::SelfSend], "2 of 3 letters wait to be sent. 1 letter is for you to send yourself."),
            (
                &[S::Sent, S::Queued, S::SelfSend],
                "1 of 3 letters was accepted by the office's mail server. 1 letter is for you to send yourself.",
            ),
            (&[S::Sent, S::Sent], "All 2 letters were accepted by the offices' mail servers."),
            (&[S::Sent], "Your letter was accepted by the office's mail server."),
            (
                &[S::Sent, S::Bounced, S::SelfReported],
                "1 of 3 letters was accepted by the office's mail server. 1 letter could not be delivered. You sent 1 letter yourself.",
            ),
            (&[S::Withdrawn, S::Withdrawn], "Your letters were taken back. None was sent."),
            (&[S::Withdrawn, S::Failed], "1 letter could not be delivered. 1 letter was taken back."),
        ] {
            assert_eq!(headline_of(states), said);
        }
        for state in S::ALL {
            assert!(state == S::Expired || !headline_of(&[state]).is_empty(), "{state}");
        }
    }

    #[test]
    fn every_reason_to_hold_a_letter_is_told_its_writer() {
        let said = HeldBecause::ALL.map(|reason| held_for(Some(reason.as_str())));
        assert!(said[0].contains("no longer in this office"), "{said:?}");
        assert!(said[1..4].iter().all(|words| words.contains("no way to write")), "{said:?}");
        assert!(said[5].contains("term of the official you wrote to is over"), "{said:?}");
        assert_eq!((said[4], held_for(Some("a note of staff"))), (held_for(None), held_for(None)));
    }

    #[test]
    fn a_place_is_named_as_the_person_does_and_as_the_state_does() {
        for (typed, town, said) in [
            ("Jamaica Plain", "Boston", "Jamaica Plain (Boston)"),
            (" boston, MA ", "Boston", "Boston"),
            ("City of Boston", "Boston", "Boston"),
            ("Fairview", "Fairview", "Fairview"),
        ] {
            assert_eq!(place(typed, town), said);
        }
    }

    #[test]
    fn a_wait_is_said_in_minutes() {
        assert!(too_many(Duration::from_secs(1)).contains("wait a minute"));
        assert!(too_many(Duration::from_secs(61)).contains("wait 2 minutes"));
        assert_eq!(supporters(49), None);
        assert_eq!(supporters(1204).unwrap(), "1,204 people have written so far.");
    }
}
