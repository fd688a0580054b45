//! A campaign's measures: the bills under all their numbers, what letters ask about them, and what a letter knows of each.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::{Ask, BillNumbers, Day, Slug, Stand};

/// A measure as `campaign.toml` writes it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawMeasure {
    key: String,
    name: String,
    numbers: Vec<String>,
    ask: String,
    #[serde(default)]
    asks: BTreeMap<String, String>,
    about: String,
}

/// A bill under all its numbers, with what this campaign asks about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measure {
    /// A short name that stays the same.
    pub key: String,
    /// As people say it.
    pub name: String,
    /// Docket, bill, redrafts, companion.
    pub numbers: Vec<String>,
    /// The same, to compare with evidence.
    pub bills: BillNumbers,
    /// What letters ask unless staff choose otherwise; one of `asks`.
    pub ask: Ask,
    /// What letters can ask a legislator to do about it, each in the campaign's words.
    pub asks: BTreeMap<Ask, String>,
    /// What it would do, in one line.
    pub about: String,
}

impl Measure {
    /// Whether legislators can put their names to it: then the campaign has words for that.
    #[must_use]
    pub fn can_be_signed(&self) -> bool {
        self.asks.contains_key(&Ask::SignOn)
    }

    /// The ask in force: what staff chose, where the campaign has words for it, else its own.
    #[must_use]
    pub fn ask_in_force(&self, chosen: Option<Ask>) -> Ask {
        chosen.filter(|ask| self.asks.contains_key(ask)).unwrap_or(self.ask)
    }
}

/// Reads the measures of a campaign; the mistakes come with the key of the line that they are about.
pub(super) fn measures(raw: Vec<RawMeasure>) -> Result<Vec<Measure>, Vec<(&'static str, String)>> {
    let (mut measures, mut errors) = (Vec::<Measure>::new(), Vec::new());
    for raw in raw {
        let key = raw.key.clone();
        if Slug::parse(&key).is_err() {
            errors.push(("key", format!("\"{key}\" must be lower-case letters, digits and hyphens")));
        } else if measures.iter().any(|known| known.key == key) {
            errors.push(("key", format!("two measures are called \"{key}\"; give each a key of its own")));
        }
        match measure(raw) {
            Ok(measure) => measures.push(measure),
            Err((field, cause)) => errors.push((field, format!("measure \"{key}\": {cause}"))),
        }
    }
    if errors.is_empty() { Ok(measures) } else { Err(errors) }
}

fn measure(raw: RawMeasure) -> Result<Measure, (&'static str, String)> {
    for number in &raw.numbers {
        BillNumbers::parse(number).map_err(|error| ("numbers", error.to_string()))?;
    }
    let bills = BillNumbers::of_all(raw.numbers.iter().map(String::as_str));
    // Campaigns written before there were several asks have one sentence, which staff can't change.
    let (ask, asks) = if raw.asks.is_empty() {
        (Ask::Pass, BTreeMap::from([(Ask::Pass, raw.ask)]))
    } else {
        let asks = raw.asks.into_iter().map(|(word, text)| Ask::parse(&word).map(|ask| (ask, text)));
        let asks: BTreeMap<Ask, String> = asks.collect::<Result<_, _>>().map_err(|error| ("asks", error.to_string()))?;
        if let Some((ask, _)) = asks.iter().find(|(_, text)| text.trim().is_empty()) {
            return Err(("asks", format!("{ask} has no words; write a whole sentence")));
        }
        let ask = Ask::parse(&raw.ask).map_err(|error| ("ask", error.to_string()))?;
        if !asks.contains_key(&ask) {
            return Err(("ask", format!("asks has no words for {ask}; add them, or choose another")));
        }
        (ask, asks)
    };
    Ok(Measure { key: raw.key, name: raw.name, numbers: raw.numbers, bills, ask, asks, about: raw.about })
}

/// What a letter knows of a measure: the ask in force, and where its official stands.
#[derive(Clone, Debug)]
pub struct LetterMeasure<'a> {
    /// The measure.
    pub measure: &'a Measure,
    /// The ask in force.
    pub ask: Ask,
    /// Where the official stands; [`Stand::NotKnown`] while the official is still to be chosen.
    pub stand: Stand,
    /// The day that the stand is dated by.
    pub day: Option<&'a Day>,
}

/// A measure as letter templates name it.
#[derive(Clone, Debug, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "templates can only ask whether something is so")]
pub(super) struct MeasureContext<'a> {
    key: &'a str,
    name: &'a str,
    numbers: String,
    ask: &'a str,
    pub(super) asks_to_sign: bool,
    stand: &'static str,
    sponsor: bool,
    /// Leads it, or is one of its names.
    pub(super) signed: bool,
    pub(super) not_signed: bool,
    in_favor: bool,
    against: bool,
    /// Nothing is known for sure: neither thanked nor told that they have not signed.
    pub(super) unknown: bool,
    as_of: String,
}

impl<'a> MeasureContext<'a> {
    pub(super) fn of(known: &'a LetterMeasure<'_>) -> Self {
        let LetterMeasure { measure, ask, stand, day } = known;
        Self {
            key: &measure.key,
            name: &measure.name,
            numbers: measure.numbers.join(" / "),
            ask: measure.asks.get(ask).map_or("", String::as_str),
            asks_to_sign: *ask == Ask::SignOn,
            stand: stand.as_str(),
            sponsor: *stand == Stand::Sponsor,
            signed: stand.has_signed(),
            not_signed: *stand == Stand::NotSigned,
            in_favor: *stand == Stand::For,
            against: *stand == Stand::Against,
            unknown: matches!(stand, Stand::NotKnown | Stand::Conflicting),
            as_of: day.map(Day::in_words).unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(more: &str) -> Result<Vec<Measure>, String> {
        #[derive(Deserialize)]
        struct File {
            measures: Vec<RawMeasure>,
        }
        let text =
            format!("[[measures]]\nkey = \"some-act\"\nname = \"Some Act\"\nnumbers = [\"H.1\", \"S.2\"]\nabout = \"\"\n{more}");
        let file: File = toml::from_str(&text).map_err(|error| error.to_string())?;
        measures(file.measures).map_err(|errors| format!("{errors:?}"))
    }

    #[test]
    fn staff_can_choose_what_the_campaign_has_words_for() {
        let measure = &read("ask = \"sign_on\"\nasks = { sign_on = \"Sign.\", pass = \"Vote.\" }").unwrap()[0];
        assert!(measure.can_be_signed());
        assert_eq!(
            [None, Some(Ask::Pass), Some(Ask::Implement)].map(|chosen| measure.ask_in_force(chosen)),
            [Ask::SignOn, Ask::Pass, Ask::SignOn]
        );
    }

    #[test]
    fn a_campaign_of_one_sentence_keeps_it() {
        let measure = &read("ask = \"Back it.\"").unwrap()[0];
        assert_eq!((measure.asks.get(&measure.ask).map(String::as_str), measure.can_be_signed()), (Some("Back it."), false));
    }

    #[test]
    fn mistakes_are_named_with_their_measure() {
        let asks = "asks = { pass = \"Vote.\" }";
        for (more, said) in [
            (format!("ask = \"sign_on\"\n{asks}"), "asks has no words for sign_on"),
            (format!("ask = \"Vote.\"\n{asks}"), "is no ask; write sign_on, pass or implement"),
            ("ask = \"pass\"\nasks = { pass = \" \" }".to_owned(), "pass has no words"),
            (
                format!(
                    "ask = \"pass\"\n{asks}\n[[measures]]\nkey = \"some-act\"\nname = \"\"\nnumbers = [\"the act\"]\nask = \"\"\nabout = \"\""
                ),
                "two measures are called",
            ),
        ] {
            let error = read(&more).unwrap_err();
            assert!(error.contains(said) && error.contains("some-act"), "{error}");
        }
    }
}
