//! Finding a person by a name that a source prints: accents and middle initials make no other person.

use crate::domain::{Person, fold};

/// The one person of this name; `None` where nobody or more than one fits. A nickname is another name: nothing is guessed.
/// Who is known by several names is in `people` once for each.
pub(super) fn person_named<'a>(people: &'a [Person], name: &str) -> Option<&'a Person> {
    let name = plain(name);
    let mut fitting = people.iter().filter(|person| plain(&person.name) == name);
    let first = fitting.next()?;
    fitting.all(|other| other.source_id == first.source_id).then_some(first)
}

/// The words of a name in lower case, without accents and without initials between the first word and the last.
fn plain(name: &str) -> String {
    let folded = fold(&name.replace(',', " "));
    let words: Vec<&str> = folded.split(' ').collect();
    let last = words.len().saturating_sub(1);
    let kept = words.iter().enumerate().filter(|(at, word)| *at == 0 || *at == last || word.chars().count() > 1);
    kept.map(|(_, word)| *word).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Chamber;
    use crate::roster::diff::tests::person;

    fn named(name: &str) -> Person {
        Person { name: name.to_owned(), ..person(name, Chamber::Lower, "1st Essex") }
    }

    #[test]
    fn a_name_fits_one_person_or_nobody() {
        let people = ["Inés Gómez", "Ana da Silva", "Bo Li", "Bo T. Li"].map(named);
        let found = |name| person_named(&people, name).map(|person| person.name.as_str());
        assert_eq!((found("Ines M. Gomez"), found("Ana da Silva")), (Some("Inés Gómez"), Some("Ana da Silva")));
        for nobody in ["Agnes Gómez", "Ana Silva", "Gómez", "", "Bo Li"] {
            assert_eq!(found(nobody), None, "{nobody}");
        }
    }

    #[test]
    fn a_person_may_have_several_names() {
        let also = |name: &str, of: &str| Person { name: name.to_owned(), ..named(of) };
        let people = [named("Jo Li"), also("Josephine Li", "Jo Li"), also("Josephine A. Li", "Jo Li"), named("Ana Roy")];
        assert_eq!(person_named(&people, "Josephine B. Li").map(|person| person.source_id.as_str()), Some("Jo Li"));
        let two = [named("Jo Li"), also("Ana Roy", "Jo Li"), named("Ana Roy")];
        assert_eq!(person_named(&two, "Ana Roy"), None, "never a guess");
    }
}
