//! Rosters: who holds which office, read from files that others keep, and compared with what is known.

mod change;
mod diff;
mod evidence;
mod name;
mod objection;
mod people_csv;
mod positions_csv;
mod positions_diff;
mod seats;

pub use change::{Change, Field, Move};
pub use diff::RosterDiff;
pub use evidence::{EvidencePart, WrittenEvidence};
pub use objection::Objection;
pub use people_csv::{RosterError, RosterFile, read_people};
pub use positions_csv::{PositionsFile, read_positions};
pub use positions_diff::{Conflict, PositionsDiff};
pub use seats::{back_without_an_end, keep_known_terms, last_of_each_seat, sit_by_ids, terms_over, unknown_districts};

pub use crate::csv::SheetError;
