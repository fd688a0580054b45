//! How templates print what the domain's types hold: `{{ count|grouped }}`, `{{ token.created_at|utc_day }}`.
//!
//! A page's file says `use crate::web::parts::filters;`. What a type says of itself (`in_words`, `as_str`) is called directly.
#![allow(clippy::inline_always, reason = "askama's macro writes it")]

use askama::{Result, Values};

use super::figures;
use crate::domain::{Day, Timestamp};

/// A number as templates hand it over: as it is, or by reference.
pub trait Whole {
    fn whole(&self) -> i64;
}

impl Whole for i64 {
    fn whole(&self) -> i64 {
        *self
    }
}

impl<T: Whole> Whole for &T {
    fn whole(&self) -> i64 {
        (**self).whole()
    }
}

/// `1204` is "1,204".
#[askama::filter_fn]
pub fn grouped<T: Whole>(number: T, _: &dyn Values) -> Result<String> {
    Ok(figures::grouped(number.whole()))
}

/// `{{ n|plural("letter", "letters") }}`: the word alone, without the number.
#[askama::filter_fn]
pub fn plural<'a, T: Whole>(number: T, _: &dyn Values, one: &'a str, many: &'a str) -> Result<&'a str> {
    Ok(if number.whole() == 1 { one } else { many })
}

/// "November 22, 2026", by the clock of UTC.
#[askama::filter_fn]
pub fn utc_day(at: &Timestamp, _: &dyn Values) -> Result<String> {
    Ok(Day::utc(*at).in_words())
}

/// "November 22, 2026" for `2026-11-22`; any other text stays as it is.
#[askama::filter_fn]
pub fn day(iso: &str, _: &dyn Values) -> Result<String> {
    Ok(Day::parse(iso).map_or_else(|_| iso.to_owned(), |day| day.in_words()))
}
