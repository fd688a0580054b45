//! A street's name in its one spelling, whether a person typed it or the Census wrote it.

use super::street_words::{direction, kind, same_word};
use crate::domain::{StreetName, fold};

/// Takes apart a name as the Census writes it, such as `N Main St` or `State Rte 28`; `None` when no letter or digit is in it.
#[must_use]
pub fn street_name(full: &str) -> Option<StreetName> {
    let plain = words(full);
    from_words(&plain.iter().map(String::as_str).collect::<Vec<_>>())
}

/// The folded words: letters and digits only.
pub(super) fn words(text: &str) -> Vec<String> {
    fold(text).split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// What the folded words of a name say; `None` when there are none.
pub(super) fn from_words(words: &[&str]) -> Option<StreetName> {
    let (mut words, mut ways) = (words, Vec::new());
    if let [name @ .., last] = words
        && let Some(short) = direction(last)
        // Avenue W is a street by itself, and so is West.
        && !name.is_empty()
        && !matches!(name, [only] if kind(only).is_some())
    {
        words = name;
        ways.push(short);
    }
    if let Some(road) = highway(words) {
        return Some(StreetName { stem: road, kind: "rte".to_owned(), direction: ways.concat() });
    }
    let mut what = "";
    if let [name @ .., last] = words
        && let Some(short) = kind(last)
        && !name.is_empty()
    {
        words = name;
        what = short;
    }
    if let [first, name @ ..] = words
        && let Some(short) = direction(first)
        && !name.is_empty()
    {
        if let Some(road) = highway(name) {
            return Some(StreetName { stem: road, kind: "rte".to_owned(), direction: short.to_owned() });
        }
        words = name;
        ways.insert(0, short);
    }
    let stem = words.iter().map(|word| same_word(word)).collect::<Vec<_>>().join(" ");
    (!stem.is_empty()).then(|| StreetName { stem, kind: what.to_owned(), direction: ways.join(" ") })
}

/// The number of `Route 28`, `State Hwy 28`, `US Rte 6A`, `I-95`, `MA-28`: people don't say who numbered a road.
fn highway(words: &[&str]) -> Option<String> {
    let [before @ .., number] = words else { return None };
    let digits = number.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_number = digits.len() < number.len() && digits.len() <= 1;
    let is_road = match before {
        ["interstate" | "i" | "us" | "sr" | "rt" | "rte" | "route" | "hwy" | "highway" | "ma"] => true,
        ["state" | "us" | "u" | "united" | "ma" | "massachusetts" | "interstate", .., road] => {
            matches!(*road, "rt" | "rte" | "route" | "hwy" | "highway")
                || (*road == "rd" || *road == "road") && before[0] == "state"
        }
        _ => false,
    };
    (is_number && is_road).then(|| (*number).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(full: &str) -> (String, String, String) {
        let name = street_name(full).unwrap();
        (name.direction, name.stem, name.kind)
    }

    #[test]
    fn names_are_taken_apart() {
        for (full, direction, stem, kind) in [
            ("Sedgwick St", "", "sedgwick", "st"),
            ("N Main St", "n", "main", "st"),
            ("North Main Street", "n", "main", "st"),
            ("Main St N", "n", "main", "st"),
            ("North St", "", "north", "st"),
            ("E St", "", "e", "st"),
            ("E 5th St", "e", "5th", "st"),
            ("East Fifth Street", "e", "5th", "st"),
            ("Avenue W", "", "ave w", ""),
            ("West", "", "west", ""),
            ("Broadway", "", "broadway", ""),
            ("W Broadway", "w", "broadway", ""),
            ("Avenue Louis Pasteur", "", "ave louis pasteur", ""),
            ("St Marks Rd", "", "st marks", "rd"),
            ("Saint Mark's Road", "", "st marks", "rd"),
            ("O’Brien Ct", "", "obrien", "ct"),
            ("Court St", "", "ct", "st"),
            ("Main St Ext", "", "main st", "ext"),
            ("Old Colony Ave", "", "old colony", "ave"),
            ("State Rd", "", "state", "rd"),
            ("The Fenway", "", "the fenway", ""),
            ("Winthrop Shore Dr", "", "winthrop shr", "dr"),
            ("Park", "", "park", ""),
        ] {
            assert_eq!(parts(full), (direction.into(), stem.into(), kind.into()), "{full}");
        }
    }

    #[test]
    fn numbered_roads_have_one_name() {
        for full in [
            "Route 28",
            "Rt 28",
            "Rte. 28",
            "State Rte 28",
            "State Hwy 28",
            "State Highway 28",
            "MA-28",
            "US Hwy 28",
            "U.S. Route 28",
            "I-28",
            "State Rd 28",
        ] {
            assert_eq!(parts(full), (String::new(), "28".into(), "rte".into()), "{full}");
        }
        assert_eq!(parts("Route 6A"), (String::new(), "6a".into(), "rte".into()));
        assert_eq!(parts("State Rte 28 S"), ("s".into(), "28".into(), "rte".into()));
        assert_eq!(parts("S Route 28"), ("s".into(), "28".into(), "rte".into()));
        assert_eq!(street_name("County Rd 5"), street_name("County Road 5"));
        assert_ne!(street_name("Old Route 28"), street_name("Route 28"));
        assert_eq!(street_name(" .-'"), None);
    }
}
