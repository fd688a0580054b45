//! Which letter an official gets: the plain one, or one for officials whose names are on the bills.

use super::measures::LetterMeasure;
use crate::domain::Chamber;

/// A letter file of its own for officials who stand alike. The plain one is there for everybody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variant {
    /// `lower.txt.hbs`: nobody's name is known to be on a bill, or the campaign has no other letter.
    Plain,
    /// `lower.signed.txt.hbs`: leads or signed every measure that can be signed.
    Signed,
    /// `lower.partly.txt.hbs`: leads or signed some of them.
    Partly,
}

impl Variant {
    /// Every one, the plain one first.
    pub const ALL: [Self; 3] = [Self::Plain, Self::Signed, Self::Partly];

    /// The letter for an official who stands so. Measures that nobody can sign any more don't count.
    pub(super) fn of(measures: &[LetterMeasure<'_>]) -> Self {
        let to_sign = measures.iter().filter(|known| known.measure.can_be_signed());
        let (signed, open): (Vec<_>, Vec<_>) = to_sign.partition(|known| known.stand.has_signed());
        match (signed.is_empty(), open.is_empty()) {
            (false, true) => Self::Signed,
            (false, false) => Self::Partly,
            _ => Self::Plain,
        }
    }

    /// The file for that kind of office: `letters/lower.signed.txt.hbs`.
    pub(super) fn path(self, chamber: Chamber) -> String {
        let variant = match self {
            Self::Plain => "",
            Self::Signed => ".signed",
            Self::Partly => ".partly",
        };
        format!("letters/{chamber}{variant}.txt.hbs")
    }
}

/// Which letter a file is; `None` when its name is none.
pub(super) fn letter_file(path: &str) -> Option<(Chamber, Variant)> {
    let mut all = Chamber::ALL.into_iter().flat_map(|chamber| Variant::ALL.map(|variant| (chamber, variant)));
    all.find(|(chamber, variant)| variant.path(*chamber) == path)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::domain::{Ask, BillNumbers, Stand};
    use crate::render::Measure;

    fn measure(ask: Ask) -> Measure {
        Measure {
            key: "some-act".into(),
            name: "Some Act".into(),
            numbers: vec!["H.1".into()],
            bills: BillNumbers::of_all(["H.1"]),
            ask,
            asks: BTreeMap::from([(ask, "Please.".into())]),
            about: String::new(),
        }
    }

    #[test]
    fn the_letter_follows_the_bills_that_can_be_signed() {
        let (bill, law) = (measure(Ask::SignOn), measure(Ask::Pass));
        let variant = |stands: &[Stand], last: Stand| {
            let mut all: Vec<_> =
                stands.iter().map(|stand| LetterMeasure { measure: &bill, ask: Ask::SignOn, stand: *stand, day: None }).collect();
            all.push(LetterMeasure { measure: &law, ask: Ask::Pass, stand: last, day: None });
            Variant::of(&all)
        };
        assert_eq!(variant(&[Stand::Signed, Stand::Sponsor], Stand::NotKnown), Variant::Signed);
        assert_eq!(variant(&[Stand::Signed, Stand::NotKnown], Stand::NotKnown), Variant::Partly);
        assert_eq!(variant(&[Stand::NotSigned, Stand::Signed], Stand::NotKnown), Variant::Partly);
        for plain in [Stand::NotSigned, Stand::For, Stand::Against, Stand::Conflicting, Stand::NotKnown] {
            assert_eq!(variant(&[plain, plain], Stand::Sponsor), Variant::Plain);
        }
        assert_eq!(variant(&[], Stand::Signed), Variant::Plain);
    }

    #[test]
    fn only_letters_have_letters_names() {
        assert_eq!(letter_file("letters/lower.partly.txt.hbs"), Some((Chamber::Lower, Variant::Partly)));
        for other in ["letters/lower.sigend.txt.hbs", "letters/mayor.txt.hbs", "letters/lower.plain.txt.hbs", "letters/README.md"]
        {
            assert_eq!(letter_file(other), None);
        }
    }
}
