//! The spellings of a town's name that mean the same: `Mt. Washington`, `MOUNT WASHINGTON, MA`.

use crate::domain::{UsState, fold};

/// Words that are written short and long, and the form that both are compared by.
const VARIANTS: [(&str, &str); 11] = [
    ("saint", "st"),
    ("mount", "mt"),
    ("fort", "ft"),
    ("centre", "center"),
    ("ctr", "center"),
    ("north", "n"),
    ("south", "s"),
    ("east", "e"),
    ("west", "w"),
    ("isle", "island"),
    ("hts", "heights"),
];

/// What is the same in all spellings of `name`.
pub(super) fn spelling(name: &str) -> String {
    words(name).iter().map(|word| same_word(word)).collect::<Vec<_>>().join(" ")
}

fn words(name: &str) -> Vec<String> {
    fold(name).split(|c: char| c == ',' || c.is_whitespace()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn same_word(word: &str) -> String {
    if let Some((_, same)) = VARIANTS.iter().find(|(long, _)| *long == word) {
        return (*same).to_owned();
    }
    // Foxborough is Foxboro on its own signs.
    match word.strip_suffix("borough") {
        Some(stem) if !stem.is_empty() => format!("{stem}boro"),
        _ => word.to_owned(),
    }
}

/// The spellings to look up for what a person typed, the fullest first: all of it, then without the state
/// behind it, then without "Town of" before it. Another state's name is left in place: Springfield, IL is not ours.
pub(super) fn readings(typed: &str, state: Option<UsState>) -> Vec<String> {
    let whole = typed.trim();
    let mut readings = vec![spelling(whole)];
    for name in [Some(whole), without_state(whole, state).as_deref()].into_iter().flatten() {
        for reading in [Some(name), without_kind(name).as_deref()].into_iter().flatten().map(spelling) {
            if !reading.is_empty() && !readings.contains(&reading) {
                readings.push(reading);
            }
        }
    }
    readings
}

/// `Lynn, MA`, `Lynn MA` and `Lynn, Massachusetts` are Lynn. Without a comma only the code counts as a state:
/// Mount Washington is a town.
fn without_state(typed: &str, ours: Option<UsState>) -> Option<String> {
    let is_ours = |found: UsState| ours.is_none_or(|state| state == found);
    if let Some((town, behind)) = typed.rsplit_once(',') {
        let behind = fold(behind);
        let by_name = UsState::parse(&behind).is_ok_and(is_ours) || ours.is_some_and(|state| fold(state.name()) == behind);
        return by_name.then(|| town.to_owned());
    }
    let (town, code) = typed.rsplit_once(char::is_whitespace)?;
    UsState::parse(&fold(code)).is_ok_and(is_ours).then(|| town.to_owned())
}

fn without_kind(typed: &str) -> Option<String> {
    let folded = fold(typed);
    ["town of ", "city of "].iter().find_map(|kind| folded.strip_prefix(kind)).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_are_equal() {
        for (a, b) in [
            ("Saint Mary’s", "ST. MARYS"),
            ("Mount Washington", "Mt. Washington"),
            ("Newton Centre", "newton  center"),
            ("N. Adams", "North Adams"),
            ("West Boylston", "W Boylston"),
            ("Foxboro", "Foxborough"),
            ("Manchester-by-the-Sea", "Manchester by the Sea"),
        ] {
            assert_eq!(spelling(a), spelling(b), "{a}, {b}");
        }
        assert_ne!(spelling("North Adams"), spelling("Adams"));
        assert_ne!(spelling("North"), spelling("South"));
    }

    #[test]
    fn a_state_is_taken_off_when_it_is_ours() {
        let ma = UsState::parse("ma").ok();
        for typed in ["Lynn, MA", "Lynn ma", "Lynn, M.A.", "Town of Lynn", "CITY OF LYNN, MA", "Lynn, Massachusetts"] {
            assert!(readings(typed, ma).contains(&"lynn".to_owned()), "{typed}");
        }
        for typed in ["Lynn, IL", "Lynn AR", "Lynn Washington", "Lynn, somewhere"] {
            assert!(!readings(typed, ma).contains(&"lynn".to_owned()), "{typed}");
        }
        assert!(readings("Lynn, AR", None).contains(&"lynn".to_owned()));
        assert_eq!(readings("Mount Washington", ma), ["mt washington"]);
    }
}
