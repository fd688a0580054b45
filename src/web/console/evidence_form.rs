//! The form for one piece of evidence: whom it is about is found by name, the rest is read as files are.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Deserialize;

use super::super::Web;
use super::super::parts::FormErrors;
use crate::domain::{Act, Day, Person, Position, UsState};
use crate::intake::Catalog;
use crate::staff_actions::{EvidencePart, WrittenEvidence, act_in_words};

/// The longest source.
const SOURCE_MAX_CHARS: usize = 500;

/// The form as it is shown: what was typed, and what there is to choose from.
pub(super) struct EvidenceForm<'a> {
    pub(super) state: UsState,
    pub(super) people: &'a [Person],
    pub(super) typed: &'a Sent,
    catalog: Arc<Catalog>,
}

impl<'a> EvidenceForm<'a> {
    pub(super) fn of(web: &Web, state: UsState, people: &'a [Person], typed: &'a Sent) -> Self {
        Self { state, people, typed, catalog: web.intake.catalog() }
    }

    pub(super) fn officials(&self) -> Vec<String> {
        self.people.iter().map(label).collect()
    }

    /// The stored word, as people say it, and whether it is chosen.
    pub(super) fn acts(&self) -> impl Iterator<Item = (&'static str, &'static str, bool)> {
        Act::ALL.into_iter().map(|act| (act.as_str(), act_in_words(act), act.as_str() == self.typed.act))
    }

    /// Those of the campaigns that write to the state.
    pub(super) fn bills(&self) -> BTreeSet<&str> {
        let campaigns = self.catalog.campaigns().iter().filter(|entry| entry.jurisdiction.state == self.state);
        let measures = campaigns.flat_map(|entry| &entry.campaign.settings.measures);
        measures.flat_map(|measure| &measure.numbers).map(String::as_str).collect()
    }
}

/// As it was sent.
#[derive(Deserialize, Clone, Default)]
#[serde(default)]
pub(super) struct Sent {
    pub(super) state: String,
    pub(super) who: String,
    pub(super) number: String,
    pub(super) act: String,
    pub(super) on: String,
    pub(super) source: String,
    pub(super) as_of: String,
    /// How the piece that is corrected or taken away read when it was shown.
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
    pub(super) fn read(&self, people: &[Person], before: Option<&str>, today: &Day) -> Result<Position, FormErrors> {
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
        let mut errors = FormErrors::default();
        if person.is_none() {
            errors.add("who", "Choose one official from the list; what is typed fits nobody, or several people.");
        }
        if source.chars().count() > SOURCE_MAX_CHARS || source.chars().any(char::is_control) {
            errors.add("source", format!("Write the source in one line of at most {SOURCE_MAX_CHARS} characters."));
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
            errors.add(field, text);
        }
        Err(errors)
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
