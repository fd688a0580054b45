//! Settings as text, by name, and every mistake that is found in them.

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

/// The settings that can't be used, one line each.
#[derive(Debug)]
pub struct ConfigErrors(pub(super) Vec<String>);

impl ConfigErrors {
    pub(super) fn one(line: String) -> Self {
        Self(vec![line])
    }
}

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "the settings can't be used (they come from the environment and from the file .env; .env.example explains each):"
        )?;
        self.0.iter().try_for_each(|line| writeln!(f, "  {line}"))
    }
}

impl std::error::Error for ConfigErrors {}

pub(super) struct Settings<'a> {
    pub(super) lookup: &'a dyn Fn(&str) -> Option<String>,
    pub(super) errors: Vec<String>,
}

impl Settings<'_> {
    /// The value, unless it is not set or empty.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        (self.lookup)(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
    }

    pub(super) fn text_or(&self, name: &str, default: &str) -> String {
        self.text(name).unwrap_or_else(|| default.to_owned())
    }

    pub(super) fn wrong(&mut self, name: &str, what: impl fmt::Display) {
        self.errors.push(format!("{name}: {what}"));
    }

    pub(super) fn number<T: FromStr>(&mut self, name: &str, default: T) -> T {
        match self.text(name).map(|value| value.parse()) {
            None => default,
            Some(Ok(number)) => number,
            Some(Err(_)) => {
                self.wrong(name, "must be a whole number, 0 or more");
                default
            }
        }
    }

    pub(super) fn number_within<T>(&mut self, name: &str, default: T, range: RangeInclusive<T>) -> T
    where
        T: FromStr + PartialOrd + fmt::Display + Copy,
    {
        let number = self.number(name, default);
        if !range.contains(&number) {
            self.wrong(name, format!("must be a number from {} to {}", range.start(), range.end()));
        }
        number
    }
}
