//! Letters in the console: the search, and one letter's story.

use serde::Serialize;

use super::staff::Line;
use super::{Field, FormError, Moment, Page};

/// `staff_letters`: letters by office, state and day, or of a supporter.
#[derive(Serialize, Clone, Default)]
pub struct StaffLettersPage {
    /// The frame, with `staff`.
    pub page: Page,
    /// Path of this page.
    pub path: String,
    /// CSRF token.
    pub csrf: String,
    /// All that is wrong with what was asked for.
    pub errors: Vec<FormError>,
    /// This login may look for supporters.
    pub may_search: bool,
    /// What is wrong with the office.
    pub office_error: Option<String>,
    /// What is wrong with the state.
    pub state_error: Option<String>,
    /// The offices to choose from.
    pub offices: Vec<Choice>,
    /// The states to choose from.
    pub states: Vec<Choice>,
    /// Written from that day on.
    pub from: Field,
    /// Written until that day.
    pub until: Field,
    /// A supporter's address, or how their name begins. Never in an address of ours: it is posted.
    pub who: Field,
    /// The letters are those of supporters, who are named.
    pub named: bool,
    /// What is shown, in a sentence.
    pub summary: String,
    /// The letters.
    pub letters: Vec<LetterRow>,
    /// The next page.
    pub next_href: Option<String>,
    /// What the link to it says.
    pub next_label: String,
    /// For supporters: after which sign-up the next page begins.
    pub next_after: Option<String>,
}

/// A choice of a list.
#[derive(Serialize, Clone, Default)]
pub struct Choice {
    /// Its value.
    pub value: String,
    /// Its words.
    pub label: String,
    /// It is chosen.
    pub chosen: bool,
}

/// A letter in the list.
#[derive(Serialize, Clone, Default)]
pub struct LetterRow {
    /// Its number.
    pub id: String,
    /// Its page.
    pub href: String,
    /// Who wrote it, where that was looked for.
    pub name: Option<String>,
    /// The office.
    pub office: String,
    /// Who it is written to.
    pub official: String,
    /// Where it stands, in words.
    pub state: String,
    /// Why, where that is known.
    pub reason: Option<String>,
    /// When it was written.
    pub written: Moment,
    /// Since when it stands there.
    pub since: Moment,
}

/// `staff_letter`: one letter's whole story.
#[derive(Serialize, Clone, Default)]
pub struct StaffLetterPage {
    /// The frame, with `staff`.
    pub page: Page,
    /// Path of this page.
    pub path: String,
    /// Path of the list.
    pub list_href: String,
    /// CSRF token.
    pub csrf: String,
    /// Said after a change.
    pub notice: Option<String>,
    /// All that is wrong with what was typed.
    pub errors: Vec<FormError>,
    /// The letter's number.
    pub id: String,
    /// Where it stands, in words.
    pub state: Line,
    /// The stored name of that state, which the forms send along.
    pub word: String,
    /// The facts: label and value.
    pub facts: Vec<Fact>,
    /// What happened, oldest first.
    pub events: Vec<Event>,
    /// This login may open it.
    pub may_open: bool,
    /// Who wrote it and what it says, once opened.
    pub opened: Option<Opened>,
    /// The writer's data was erased, so there is nothing to open.
    pub erased: bool,
    /// What this login may do to it now.
    pub acts: Vec<ActOption>,
    /// Why, as typed.
    pub reason: Field,
    /// What staff did to it, newest first.
    pub audit: Vec<Event>,
}

/// A label and its value.
#[derive(Serialize, Clone, Default)]
pub struct Fact {
    /// "Written to".
    pub label: String,
    /// The value.
    pub value: String,
}

/// Something that happened.
#[derive(Serialize, Clone, Default)]
pub struct Event {
    /// When.
    pub when: Moment,
    /// What, in words.
    pub what: String,
    /// The server's own words, or the reason.
    pub said: Option<String>,
}

/// Who wrote a letter, and its text.
#[derive(Serialize, Clone, Default)]
pub struct Opened {
    /// Name, address: label and value.
    pub facts: Vec<Fact>,
    /// Subject.
    pub subject: String,
    /// The text.
    pub body: String,
}

/// Something to do to a letter.
#[derive(Serialize, Clone, Default)]
pub struct ActOption {
    /// The path that its button posts to.
    pub path: String,
    /// "Send it now".
    pub label: String,
    /// What it means.
    pub about: String,
}
