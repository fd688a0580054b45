//! Where addresses lie: outlines ([`boundaries`]), cities and towns with their districts (here), and streets ([`streets`],
//! [`street_towns`]).

pub mod boundaries;
mod municipalities;
pub mod street_towns;
pub mod streets;

pub use municipalities::{import_names, import_towns, municipalities, names};
