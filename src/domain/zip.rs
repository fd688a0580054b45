//! A ZIP code.

use std::fmt;

use super::us_state::UsState;

/// Five digits, or nine as `02130-1234` (USPS ZIP+4).
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Zip(String);

/// Why a text is no ZIP code for this campaign, in words for the person who typed it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ZipError {
    /// Nothing was typed.
    #[error("Enter your ZIP code.")]
    Empty,
    /// Not five digits (or nine).
    #[error("A ZIP code has five digits, such as 02130.")]
    NotAZip,
    /// A ZIP of another state.
    #[error("This ZIP code is not in {0}. This campaign is for people who live in {0}.")]
    OtherState(&'static str),
}

impl Zip {
    /// Reads a ZIP code of `state`.
    ///
    /// # Errors
    /// [`ZipError`] when it is empty, no ZIP code, or another state's.
    pub fn parse(input: &str, state: UsState) -> Result<Self, ZipError> {
        let typed = input.trim_matches(' ');
        if typed.is_empty() {
            return Err(ZipError::Empty);
        }
        let digits = |part: &str, count| part.len() == count && part.bytes().all(|b| b.is_ascii_digit());
        let well_formed = match typed.split_once('-') {
            Some((five, four)) => digits(five, 5) && digits(four, 4),
            None => digits(typed, 5) || digits(typed, 9),
        };
        if !well_formed {
            return Err(ZipError::NotAZip);
        }
        let prefix: u16 = typed[..3].parse().map_err(|_| ZipError::NotAZip)?;
        if !state.has_zip_prefix(prefix) {
            return Err(ZipError::OtherState(state.name()));
        }
        let plus_four = typed[5..].trim_start_matches('-');
        Ok(Self(if plus_four.is_empty() { typed.to_owned() } else { format!("{}-{plus_four}", &typed[..5]) }))
    }

    /// The text: `02130` or `02130-1234`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first five digits: `02130`.
    #[must_use]
    pub fn five_digits(&self) -> &str {
        self.0.get(..5).unwrap_or_default()
    }
}

impl fmt::Debug for Zip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Zip(personal)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_zip_belongs_to_its_state() {
        let ma = UsState::parse("MA").unwrap();
        assert_eq!(Zip::parse("02130", ma).unwrap().as_str(), "02130");
        assert_eq!(Zip::parse("021301234", ma).unwrap().as_str(), "02130-1234");
        assert_eq!(Zip::parse("02130-1234", ma).unwrap().as_str(), "02130-1234");
        assert_eq!(Zip::parse("05501", ma).unwrap().as_str(), "05501", "Andover's own");
        assert_eq!(Zip::parse("", ma), Err(ZipError::Empty));
        assert_eq!(Zip::parse("10001", ma), Err(ZipError::OtherState("Massachusetts")));
        for bad in ["0213", "021300", "02130-", "02130-12", "O2130", "０２１３０", "02130\n", "-02130"] {
            assert_eq!(Zip::parse(bad, ma), Err(ZipError::NotAZip), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn anything_gets_an_answer(typed in any::<String>()) {
            let ma = UsState::parse("ma").unwrap();
            if let Ok(zip) = Zip::parse(&typed, ma) {
                prop_assert!(zip.as_str().len() == 5 || zip.as_str().len() == 10);
            }
        }
    }
}
