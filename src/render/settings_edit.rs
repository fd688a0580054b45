//! `campaign.toml` changed value by value: comments, order, and keys that nobody touched stay as they are.

use std::collections::BTreeMap;

use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, Value};

use super::TemplateError;
use crate::domain::Ask;

/// What staff may change of one measure; which one it is, its `key` says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MeasureWords {
    /// As people say it.
    pub name: String,
    /// All its numbers.
    pub numbers: Vec<String>,
    /// One line for the page.
    pub about: String,
    /// The sentence for each ask; an empty one takes the ask away.
    pub asks: BTreeMap<Ask, String>,
}

/// The text of `campaign.toml` with this key set, or taken away.
///
/// # Errors
/// When the text is no TOML.
pub fn set_setting(text: &str, key: &str, value: Option<&str>) -> Result<String, TemplateError> {
    let mut document = parse(text)?;
    match value {
        Some(value) => set(document.as_table_mut(), key, value),
        None => remove(document.as_table_mut(), key),
    }
    Ok(document.to_string())
}

/// The text of `campaign.toml` with the words of these measures, by their keys.
///
/// # Errors
/// When the text is no TOML.
pub fn set_measures(text: &str, words: &BTreeMap<String, MeasureWords>) -> Result<String, TemplateError> {
    let mut document = parse(text)?;
    let measures = document.get_mut("measures").and_then(Item::as_array_of_tables_mut);
    for table in measures.into_iter().flat_map(ArrayOfTables::iter_mut) {
        let Some(words) = table.get("key").and_then(Item::as_str).and_then(|key| words.get(key)) else { continue };
        set(table, "name", &words.name);
        set(table, "about", &words.about);
        set_list(table, "numbers", &words.numbers);
        // A measure of the old form has one sentence, which is its ask.
        let Some(asks) = table.get_mut("asks").and_then(Item::as_table_like_mut) else {
            if let Some(only) = words.asks.get(&Ask::Pass) {
                set(table, "ask", only);
            }
            continue;
        };
        for (ask, sentence) in &words.asks {
            let key = ask.as_str();
            match asks.get_mut(key).and_then(Item::as_value_mut) {
                Some(_) if sentence.is_empty() => drop(asks.remove(key)),
                Some(there) => replace(there, sentence),
                None if sentence.is_empty() => {}
                None => drop(asks.insert(key, toml_edit::value(sentence.as_str()))),
            }
        }
    }
    Ok(document.to_string())
}

fn parse(text: &str) -> Result<DocumentMut, TemplateError> {
    text.parse().map_err(|error: toml_edit::TomlError| {
        let line = error.span().map(|span| text[..span.start.min(text.len())].matches('\n').count() + 1);
        TemplateError::new("campaign.toml", line, error.message())
    })
}

fn set(table: &mut Table, key: &str, text: &str) {
    match table.get_mut(key).and_then(Item::as_value_mut) {
        Some(there) => replace(there, text),
        None => drop(table.insert(key, toml_edit::value(text))),
    }
}

/// Another text in the same place, with the comment behind it; the same text keeps its quotes too.
fn replace(there: &mut Value, text: &str) {
    if there.as_str() == Some(text) {
        return;
    }
    let decor = there.decor().clone();
    *there = Value::from(text);
    *there.decor_mut() = decor;
}

fn set_list(table: &mut Table, key: &str, list: &[String]) {
    let there = table.get(key).and_then(Item::as_array);
    let same = there.is_some_and(|there| there.iter().map(Value::as_str).eq(list.iter().map(|text| Some(text.as_str()))));
    if !same {
        table.insert(key, toml_edit::value(list.iter().map(String::as_str).collect::<Value>()));
    }
}

/// The comments above the key stay, above what comes after it.
fn remove(table: &mut Table, key: &str) {
    let above = table.key(key).and_then(|key| key.leaf_decor().prefix()).and_then(|prefix| prefix.as_str()).map(str::to_owned);
    let next = table.iter().map(|(key, _)| key.to_owned()).skip_while(|known| known != key).nth(1);
    if table.remove(key).is_none() {
        return;
    }
    let (Some(above), Some(next)) = (above.filter(|text| text.contains('#')), next) else { return };
    let decor = match table.get_mut(&next) {
        Some(Item::ArrayOfTables(tables)) => tables.get_mut(0).map(Table::decor_mut),
        Some(Item::Table(inner)) => Some(inner.decor_mut()),
        _ => None,
    };
    if let Some(decor) = decor {
        let there = decor.prefix().and_then(|prefix| prefix.as_str()).unwrap_or_default().to_owned();
        decor.set_prefix(format!("{above}{there}"));
    } else if let Some(mut key) = table.key_mut(&next) {
        let there = key.leaf_decor().prefix().and_then(|prefix| prefix.as_str()).unwrap_or_default().to_owned();
        key.leaf_decor_mut().set_prefix(format!("{above}{there}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# Above.\ntitle = 'Old' # behind\n\n# When.\nopens = \"2026-12-01T09:00:00-05:00\"\n# Bills.\n\n[[measures]]\n\
                        key = \"a\"\nname = \"A\" # the act\nnumbers = [\"H.1\"] # all\nask = \"pass\"\nabout = \"\"\n\
                        [measures.asks]\npass = \"Vote.\" # now\n";

    #[test]
    fn only_what_is_set_changes() {
        assert_eq!(set_setting(TEXT, "title", Some("Old")).unwrap(), TEXT);
        assert_eq!(set_setting(TEXT, "title", Some("A \"new\" one")).unwrap(), TEXT.replace("'Old'", "'A \"new\" one'"));
        let closed = set_setting(TEXT, "closes", Some("2027-01-01T00:00:00Z")).unwrap();
        assert!(closed.contains("-05:00\"\ncloses = \"2027-01-01T00:00:00Z\"\n# Bills."), "{closed}");
        let open = set_setting(TEXT, "opens", None).unwrap();
        assert_eq!(open, TEXT.replace("opens = \"2026-12-01T09:00:00-05:00\"\n", ""));
        assert!(set_setting("title = ", "title", Some("x")).unwrap_err().to_string().starts_with("campaign.toml, line 1: "));
    }

    #[test]
    fn a_measures_words_change_and_its_comments_stay() {
        let same = MeasureWords {
            name: "A".into(),
            numbers: vec!["H.1".into()],
            about: String::new(),
            asks: BTreeMap::from([(Ask::Pass, "Vote.".into()), (Ask::SignOn, String::new())]),
        };
        let set = |words: MeasureWords| set_measures(TEXT, &BTreeMap::from([("a".to_owned(), words)])).unwrap();
        assert_eq!(set(same.clone()), TEXT);
        let asks = BTreeMap::from([(Ask::Pass, "Vote yes.".into()), (Ask::SignOn, "Sign.".into())]);
        let new = set(MeasureWords { numbers: vec!["H.1".into(), "S.2".into()], asks, ..same });
        for part in
            ["[\"H.1\", \"S.2\"]", "pass = \"Vote yes.\" # now", "sign_on = \"Sign.\"", "name = \"A\" # the act", "# Bills."]
        {
            assert!(new.contains(part), "{part} in:\n{new}");
        }
    }
}
