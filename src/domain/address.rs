//! Where a supporter lives.

use super::line::{LineError, TownName, line_type, one_line};
use super::zip::Zip;
use std::fmt;

line_type!(
    /// House number and street, as it stands under the letter.
    Street,
    200
);

/// A postal address inside the campaign's state: offices check that the writer is a constituent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostalAddress {
    /// House number and street.
    pub street: Street,
    /// The town or place as typed; `districts` finds the municipality.
    pub city: TownName,
    /// The ZIP code.
    pub zip: Zip,
}
