//! One piece of evidence from its parts, as files and forms bring them.

use crate::domain::{Act, BillNumbers, Day, Position};

/// A part of a piece of evidence that can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EvidencePart {
    /// The bill's number.
    Bill,
    /// What the official did.
    Act,
    /// The day it happened.
    On,
    /// The day on which the source was looked at.
    AsOf,
    /// Who says so.
    Source,
}

/// The parts as they were written.
#[derive(Clone, Copy, Debug)]
pub struct WrittenEvidence<'a> {
    /// The roster's id of the official.
    pub person: &'a str,
    /// The bill's number, several separated by `/`.
    pub bill: &'a str,
    /// The day it happened; empty where the source does not tell.
    pub on: &'a str,
    /// The day on which the source was looked at.
    pub as_of: &'a str,
    /// Who says so.
    pub source: &'a str,
}

impl WrittenEvidence<'_> {
    /// Reads the parts; `act` is what was read of the act. No day may be after `today`: it would pass for newer than all
    /// that is told until then.
    ///
    /// # Errors
    /// Every part that is wrong, with what to do.
    pub fn read(&self, act: Result<Act, String>, today: &Day) -> Result<Position, Vec<(EvidencePart, String)>> {
        let mut whys = Vec::new();
        let mut wrong = |part, why| whys.push((part, why));
        let act = act.map_err(|error| wrong(EvidencePart::Act, error)).ok();
        let on = match self.on {
            "" => Some(None),
            day => past_day(day, today).map(Some).map_err(|error| wrong(EvidencePart::On, error)).ok(),
        };
        let bills = BillNumbers::parse(self.bill).map_err(|error| wrong(EvidencePart::Bill, error.to_string())).ok();
        let as_of = past_day(self.as_of, today).map_err(|error| wrong(EvidencePart::AsOf, error)).ok();
        if self.source.is_empty() {
            wrong(EvidencePart::Source, "no source; say who tells this".into());
        }
        if let (Some(Some(on)), Some(as_of)) = (&on, &as_of)
            && on > as_of
        {
            wrong(EvidencePart::On, "the day it happened is later than as_of, the day the source was looked at".into());
        }
        match (act, on, bills, as_of, whys.is_empty()) {
            (Some(act), Some(on), Some(bills), Some(as_of), true) => {
                Ok(Position { person: self.person.to_owned(), bills, act, on, source: self.source.to_owned(), as_of })
            }
            _ => Err(whys),
        }
    }
}

/// A day that is not in the future.
pub(super) fn past_day(cell: &str, today: &Day) -> Result<Day, String> {
    let day = Day::parse(cell).map_err(|error| error.to_string())?;
    if day > *today {
        return Err(format!("{} is in the future (today is {})", day.as_str(), today.as_str()));
    }
    Ok(day)
}
