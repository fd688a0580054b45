//! The form for one piece of evidence: whom it is about is found by name, the rest is read as files are.

use serde::Deserialize;

use super::super::Web;
use super::super::views::positions::{ActOption, EvidenceForm};
use super::super::views::{Field, FormError};
use crate::domain::{Act, Day, Person, Position, UsState};
use crate::staff_actions::{EvidencePart, WrittenEvidence, act_in_words};

/// The longest source.
const SOURCE_MAX_CHARS: usize = 500;

/// As it was sent.
#[derive(Deserialize, Clone, Default)]
pub(super) struct Sent {
    #[serde(default)]
    pub(super) csrf: String,
    #[serde(default)]
    pub(super) state: String,
    #[serde(default)]
    pub(super) who: String,
    #[serde(default)]
    number: String,
    #[serde(default)]
    act: String,
    #[serde(default)]
    on: String,
    #[serde(default)]
    source: String,
    #[serde(default)]
    as_of: String,
    /// How the piece that is corrected or taken away read when it was shown.
    #[serde(default)]
    pub(super) was: String,
}

impl Sent {
    /// An empty form; the source is looked at today.
    pub(super) fn empty(today: &Day) -> Self {
        Self { as_of: today.as_str().to_owned(), ..Self::default() }
    }

    /// A form that holds a piece on record.
    pub(super) fn of(told: &Position, people: &[Person]) -> Self {
        let holder = people.iter().find(|person| person.source_id == told.person);
        Self {
            who: holder.map_or_else(|| told.person.clone(), label),
            number: told.bills.to_string().to_uppercase(),
            act: told.act.as_str().to_owned(),
            on: told.on.as_ref().map_or_else(String::new, |day| day.as_str().to_owned()),
            source: told.source.clone(),
            as_of: told.as_of.as_str().to_owned(),
            ..Self::default()
        }
    }

    /// The piece, or every field that is wrong. `before` is whom the piece on record is about: they may have left office.
    pub(super) fn read(&self, people: &[Person], before: Option<&str>, today: &Day) -> Result<Position, Vec<FormError>> {
        let person = find(people, &self.who).or(before.filter(|id| *id == self.who.trim()));
        let source = self.source.split_whitespace().collect::<Vec<_>>().join(" ");
        let written = WrittenEvidence {
            person: person.unwrap_or_default(),
            bill: &self.number,
            on: self.on.trim(),
            as_of: self.as_of.trim(),
            source: &source,
        };
        let read = written.read(Act::parse(&self.act).map_err(|_| "Choose what the official did.".to_owned()), today);
        let mut errors = Vec::new();
        let mut wrong = |field: &str, text: String| errors.push(FormError { field: field.into(), text });
        if person.is_none() {
            wrong("who", "Choose one official from the list; what is typed fits nobody, or several people.".into());
        }
        if source.chars().count() > SOURCE_MAX_CHARS || source.chars().any(char::is_control) {
            wrong("source", format!("Write the source in one line of at most {SOURCE_MAX_CHARS} characters."));
        }
        let whys = match read {
            Ok(position) if errors.is_empty() => return Ok(position),
            Ok(_) => Vec::new(),
            Err(whys) => whys,
        };
        for (part, why) in whys {
            let (field, text) = match part {
                EvidencePart::Bill => ("number", format!("Bill: {why}.")),
                EvidencePart::Act => ("act", why),
                EvidencePart::On => ("on", format!("Day: {why}.")),
                EvidencePart::AsOf => ("as_of", format!("Day of the look: {why}.")),
                EvidencePart::Source => ("source", "Say who tells this: a web address, or who said it where.".to_owned()),
            };
            errors.push(FormError { field: field.into(), text });
        }
        Err(errors)
    }

    /// The form as it is shown, with what was typed.
    pub(super) fn view(&self, web: &Web, state: UsState, people: &[Person], errors: &[FormError]) -> EvidenceForm {
        let error = |name: &str| errors.iter().find(|error| error.field == name).map(|error| error.text.clone());
        let field = |name: &str, value: &str| Field { value: value.to_owned(), error: error(name) };
        let mut bills: Vec<String> = web
            .intake
            .catalog()
            .campaigns()
            .iter()
            .filter(|entry| entry.jurisdiction.state == state)
            .flat_map(|entry| entry.campaign.settings.measures.iter().flat_map(|measure| measure.numbers.clone()))
            .collect();
        bills.sort();
        bills.dedup();
        let act = |act: Act| ActOption {
            value: act.as_str().to_owned(),
            label: act_in_words(act).to_owned(),
            chosen: act.as_str() == self.act,
        };
        EvidenceForm {
            state: state.code().to_owned(),
            who: field("who", &self.who),
            officials: people.iter().map(label).collect(),
            number: field("number", &self.number),
            bills,
            acts: Act::ALL.into_iter().map(act).collect(),
            act_error: error("act"),
            on: field("on", &self.on),
            source: field("source", &self.source),
            as_of: field("as_of", &self.as_of),
        }
    }
}

/// As the list of officials names them.
pub(super) fn label(person: &Person) -> String {
    format!("{} ({})", person.name, person.district.in_words())
}

/// The roster's id of the one person whom the text means: by the list's words, by their name, or by the id itself.
pub(super) fn find<'a>(people: &'a [Person], typed: &str) -> Option<&'a str> {
    let typed = typed.trim();
    let fits = |person: &&Person| label(person) == typed || person.source_id == typed || person.name.eq_ignore_ascii_case(typed);
    let mut fitting = people.iter().filter(fits);
    let first = fitting.next()?;
    fitting.all(|other| other.source_id == first.source_id).then_some(first.source_id.as_str())
}
