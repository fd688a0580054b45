//! One district under the many spellings of its name.

use std::fmt;

use super::line::fold;

/// What is the same in all spellings of a district's name, within one state and chamber: an ordinal
/// and the words, in order. `15th Suffolk`, `Fifteenth Suffolk` and `15th Suffolk District` are one;
/// so are `Hampden, Hampshire & Worcester` and `Hampden-Hampshire-Worcester District`. The chamber is
/// not part of the key: `First Essex` and `1st Essex` are two districts of two chambers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DistrictKey(String);

impl DistrictKey {
    /// The key of `name`, written as the ordinal (0 for none) and the words: `15 suffolk`.
    #[must_use]
    pub fn of(name: &str) -> Self {
        // The ordinal is read before hyphens are split: "Twenty-Seventh Middlesex" is one ordinal, "Berkshire-Franklin" two counties.
        let lower = plain_district_name(name).to_lowercase().replace('&', " and ").replace([',', ';'], " ");
        let first = lower.split_whitespace().next().unwrap_or_default();
        let (ordinal, rest) = match ordinal(first) {
            Some(number) => (number, lower.trim_start()[first.len()..].to_owned()),
            None => (0, lower.clone()),
        };
        let folded = fold(&rest);
        let words: Vec<&str> = folded.split(' ').filter(|word| !word.is_empty() && *word != "and").collect();
        let words = match words.as_slice() {
            [head @ .., "district"] if !head.is_empty() || ordinal != 0 => head,
            all => all,
        };
        Self(format!("{ordinal} {}", words.join(" ")).trim_end().to_owned())
    }

    /// For sorting as people count: 2nd before 10th, then by the words.
    #[must_use]
    pub fn natural(&self) -> (u32, &str) {
        let (ordinal, words) = self.0.split_once(' ').unwrap_or((&self.0, ""));
        (ordinal.parse().unwrap_or_default(), words)
    }

    /// The text, as stored.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DistrictKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The words around the name of a district that only say what kind it is.
const KINDS: [&str; 9] =
    ["state", "senate", "senatorial", "house", "assembly", "general", "legislative", "representative", "delegate"];

/// The name of a district without the words that say what it is: the Census writes `State Senate District 5`,
/// `Addison-1 State House District` and `15th Suffolk District` for what a legislature calls `5`, `Addison-1` and
/// `15th Suffolk`. A name of such words only stays whole.
#[must_use]
pub fn plain_district_name(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    let is_kind = |word: &&str| KINDS.iter().any(|kind| word.eq_ignore_ascii_case(kind));
    let is_district = |word: &str| word.eq_ignore_ascii_case("district") || word.eq_ignore_ascii_case("subdistrict");
    let before = words.iter().take_while(|word| is_kind(word)).count();
    let rest = match words.get(before..) {
        Some([district, rest @ ..]) if is_district(district) && !rest.is_empty() => rest,
        Some([_, ..]) => match words.as_slice() {
            [head @ .., district] if is_district(district) => {
                let kinds = head.iter().rev().take_while(|word| is_kind(word)).count();
                if kinds == head.len() { &words } else { &head[..head.len() - kinds] }
            }
            all => all,
        },
        _ => &words,
    };
    if rest.is_empty() { words.join(" ") } else { rest.join(" ") }
}

const ONES: [&str; 19] = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
];
const TENS: [(&str, &str); 8] = [
    ("twenty", "twentieth"),
    ("thirty", "thirtieth"),
    ("forty", "fortieth"),
    ("fifty", "fiftieth"),
    ("sixty", "sixtieth"),
    ("seventy", "seventieth"),
    ("eighty", "eightieth"),
    ("ninety", "ninetieth"),
];

/// The number of `15th`, `fifteenth` or `twenty-seventh`; a bare number (`15`) counts too. The word is in lower case.
#[must_use]
pub fn ordinal(word: &str) -> Option<u32> {
    let suffix = word.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = &word[..word.len() - suffix.len()];
    if !digits.is_empty() {
        return matches!(suffix, "" | "st" | "nd" | "rd" | "th").then(|| digits.parse().ok()).flatten();
    }
    let one = |text: &str| ONES.iter().position(|o| *o == text).and_then(|i| u32::try_from(i + 1).ok());
    if let Some(number) = one(word) {
        return Some(number);
    }
    (2_u32..).zip(TENS).find_map(|(ten, (stem, round))| {
        if word == round {
            return Some(ten * 10);
        }
        one(word.strip_prefix(stem)?.strip_prefix('-')?).filter(|n| *n < 10).map(|n| ten * 10 + n)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn spellings_of_one_district_share_a_key() {
        for spellings in [
            &["15th Suffolk", "Fifteenth Suffolk", "15th Suffolk District", " 15TH  suffolk "][..],
            &["Twenty-Seventh Middlesex", "27th Middlesex"],
            &["Hampden, Hampshire and Worcester", "Hampden, Hampshire & Worcester", "Hampden-Hampshire-Worcester District"],
            &["First Plymouth and Norfolk", "First Plymouth & Norfolk", "1st Plymouth-Norfolk District"],
            &["Cape and Islands", "Cape & Islands District"],
            &["13", "13th", "District 13", "State Senate District 13", "Assembly District 13", "State Legislative District 013"],
            &["12A", "State House District 12A", "State Legislative Subdistrict 12A"],
            &["Addison-1", "Addison-1 State House District"],
        ] {
            let keys: Vec<_> = spellings.iter().map(|s| DistrictKey::of(s)).collect();
            assert!(keys.windows(2).all(|pair| pair[0] == pair[1]), "{spellings:?} gave {keys:?}");
        }
    }

    #[test]
    fn a_plain_name_says_no_kind() {
        for (name, plain) in [
            ("State Senate District 5", "5"),
            ("15th Suffolk District", "15th Suffolk"),
            ("Addison-1 State House District", "Addison-1"),
            ("Hampden, Hampshire and Worcester", "Hampden, Hampshire and Worcester"),
            ("Ward 3", "Ward 3"),
            ("State Senate District", "State Senate District"),
            ("District", "District"),
            ("House", "House"),
            ("", ""),
        ] {
            assert_eq!(plain_district_name(name), plain);
        }
    }

    #[test]
    fn the_order_of_counties_matters() {
        assert_ne!(DistrictKey::of("Norfolk and Middlesex"), DistrictKey::of("Middlesex and Norfolk"));
        assert_ne!(DistrictKey::of("Essex"), DistrictKey::of("First Essex"));
    }

    #[test]
    fn districts_sort_as_people_count() {
        let mut keys = ["10th Suffolk", "Essex", "2nd Suffolk", "2nd Essex", "13"].map(DistrictKey::of);
        keys.sort_by(|a, b| a.natural().cmp(&b.natural()));
        assert_eq!(keys.map(|key| key.to_string()), ["0 essex", "2 essex", "2 suffolk", "10 suffolk", "13"]);
    }

    proptest! {
        #[test]
        fn a_key_is_its_own_key(name in "([0-9]{1,3}(st|nd|rd|th) )?[A-Z][a-z]{2,8}((, | and | & |-)[A-Z][a-z]{2,8}){0,3}") {
            let key = DistrictKey::of(&name);
            let again = DistrictKey::of(key.as_str().trim_start_matches("0 "));
            prop_assert_eq!(again, key);
        }

        #[test]
        fn any_text_has_a_key(name in any::<String>()) {
            let _ = DistrictKey::of(&name);
        }
    }
}
