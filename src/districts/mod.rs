//! From an address to its districts: which districts touch a city or town, and which names people have for it.

mod census;
mod gazetteer;
mod place_names;
mod places_file;
mod spelling;
mod towns_csv;

pub use census::{Census, CensusAnswer, CensusDistrict, CensusMatch};
pub use gazetteer::{Gazetteer, Lookup};
pub use place_names::{built_in, read_place_names};
pub use places_file::{PlacesError, PlacesFile};
pub use towns_csv::read_towns;
