//! From an address to its districts: which districts touch a city or town, and which names people have for it.

mod addrfeat;
mod gazetteer;
mod place_names;
mod places_file;
mod projection;
mod shape_files;
mod spelling;
mod street_address;
mod street_name;
mod street_points;
mod street_words;
mod streets_error;
mod towns_csv;

pub use addrfeat::{PORTION, Portion, addrfeat_name, read_addrfeat};
pub use gazetteer::{Gazetteer, Lookup};
pub use place_names::{built_in, read_place_names};
pub use places_file::{PlacesError, PlacesFile};
pub use street_address::{StreetAddress, StreetProblem};
pub use street_name::street_name;
pub use street_points::{OFFSET_METRES, StreetAnswer, street_points};
pub use streets_error::StreetsError;
pub use towns_csv::read_towns;
