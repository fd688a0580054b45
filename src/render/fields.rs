//! What a letter may name, as staff read it beside the text that they edit.

use super::TemplateError;

/// A name that a letter may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LetterField {
    /// As it stands between the braces.
    pub name: &'static str,
    /// What it puts into the letter.
    pub about: &'static str,
}

const fn field(name: &'static str, about: &'static str) -> LetterField {
    LetterField { name, about }
}

/// What every letter may name.
pub const LETTER_FIELDS: &[LetterField] = &[
    field("town", "the supporter's town"),
    field("name", "the supporter's name"),
    field("street", "their house number and street"),
    field("state", "the state, as MA"),
    field("zip", "their ZIP code"),
    field("district", "the district's name; empty for the governor"),
    field("story", "their own words; empty where they wrote none. They stand above your text already"),
    field("official.name", "the official's name"),
    field("official.title", "Senator, Representative or Governor"),
    field("official.salutation", "the words after \"Dear\". They stand above your text already"),
    field("campaign.title", "this campaign's title"),
    field("campaign.slug", "its short name in the web address"),
];

/// What a letter may name between `{{#each measures}}` and `{{/each}}`, and the same for `thanks`, `asks` and `unknown`.
pub const MEASURE_FIELDS: &[LetterField] = &[
    field("name", "the bill's name"),
    field("numbers", "its numbers"),
    field("ask", "what you ask for, a whole sentence"),
    field("asks_to_sign", "for {{#if}}: the ask is to sign on"),
    field("signed", "for {{#if}}: the official leads or signed it"),
    field("sponsor", "for {{#if}}: the official leads it"),
    field("not_signed", "for {{#if}}: a source says that they have not signed"),
    field("in_favor", "for {{#if}}: they voted or spoke for it"),
    field("against", "for {{#if}}: they voted or spoke against it"),
    field("unknown", "for {{#if}}: nothing is known, or sources disagree"),
    field("stand", "where they stand, in a word"),
    field("as_of", "the day that the stand is dated by"),
    field("key", "the bill's short name in the settings"),
];

/// The lists of a letter.
pub(super) const LISTS: [&str; 4] = ["measures", "thanks", "asks", "unknown"];

/// An error in a letter: one about a name that does not exist says which was likely meant.
pub(super) fn explained(error: TemplateError) -> TemplateError {
    let name = error.cause.strip_prefix("there is no variable \"").and_then(|rest| rest.strip_suffix('"'));
    let Some(name) = name else { return error };
    let cause = match nearest(name) {
        Some(known) => format!("there is no field \"{name}\"; perhaps you mean \"{known}\""),
        None => format!("there is no field \"{name}\""),
    };
    TemplateError { cause, ..error }
}

fn nearest(name: &str) -> Option<&'static str> {
    let known = LETTER_FIELDS.iter().chain(MEASURE_FIELDS).map(|field| field.name).chain(LISTS);
    let distance = |known: &str| strsim::osa_distance(&name.to_lowercase(), known);
    let best = known.map(|known| (distance(known), known)).min()?;
    (best.0 * 3 <= name.len().max(3)).then_some(best.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_its_field_and_an_invention_none() {
        for (typed, meant) in [("twon", "town"), ("Name", "name"), ("offical.name", "official.name"), ("measure", "measures")] {
            assert_eq!(nearest(typed), Some(meant), "{typed}");
        }
        for none in ["favourite_colour", "x", "email"] {
            assert_eq!(nearest(none), None, "{none}");
        }
    }
}
